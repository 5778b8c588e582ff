//! A template as a file (`.zcjm`): a few lines that say what it is, an empty line, and the source as it stands.

use crate::error::{Error, Result};
use crate::records::outline::UserOutline;
use crate::records::report::ReportMasking;

use super::{LONGEST_SOURCE, Subject};

/// First line of every such file.
const MARK: &str = "驻村记报告模板 1";
const NAMES: [(&str, ReportMasking); 3] =
    [("报乡镇", ReportMasking::Township), ("内部使用", ReportMasking::Internal), ("对外公开", ReportMasking::Public)];
const SUBJECTS: [(&str, Subject); 3] = [("全队", Subject::Team), ("一名队员", Subject::Member), ("一个专题", Subject::Topic)];

/// The file's content.
pub fn write_file(outline: &UserOutline) -> String {
    let masking = NAMES.iter().find(|(_, each)| *each == outline.masking).map_or("", |(name, _)| *name);
    let subject = SUBJECTS.iter().find(|(_, each)| *each == outline.subject).map_or("", |(name, _)| *name);
    format!(
        "{MARK}\n名称：{}\n脱敏：{masking}\n写谁：{subject}\n依据：{}\n\n{}\n",
        outline.title,
        outline.base,
        outline.source.trim_end()
    )
}

/// Reads a file's bytes. What the template says is not judged here; that is done where it is tried and stored.
pub fn read_file(bytes: &[u8]) -> Result<UserOutline> {
    if bytes.len() > LONGEST_SOURCE + 1024 {
        return Err(refused("文件太大，模板最多256KB"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refused("文件不是UTF-8文字，可能不是驻村记导出的模板"))?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let (head, source) = text.split_once("\n\n").ok_or_else(not_ours)?;
    let mut lines = head.lines();
    if lines.next().map(str::trim) != Some(MARK) {
        return Err(not_ours());
    }
    let mut outline = UserOutline {
        title: String::new(),
        masking: ReportMasking::Township,
        subject: Subject::Team,
        base: String::new(),
        source: source.trim_end().to_owned(),
    };
    for line in lines {
        let (name, value) = line.split_once('：').ok_or_else(not_ours)?;
        read_setting(&mut outline, name.trim(), value.trim())?;
    }
    if outline.title.is_empty() || outline.source.trim().is_empty() {
        return Err(refused("文件里没有模板名称或内容"));
    }
    Ok(outline)
}

fn read_setting(outline: &mut UserOutline, name: &str, value: &str) -> Result<()> {
    let unknown = || refused(&format!("看不懂“{name}：{}”", value.chars().take(20).collect::<String>()));
    match name {
        "名称" => outline.title = value.to_owned(),
        "脱敏" => outline.masking = NAMES.iter().find(|(name, _)| *name == value).ok_or_else(unknown)?.1,
        "写谁" => outline.subject = SUBJECTS.iter().find(|(name, _)| *name == value).ok_or_else(unknown)?.1,
        "依据" => outline.base = value.to_owned(),
        _ => return Err(unknown()),
    }
    Ok(())
}

fn not_ours() -> Error {
    refused("这不是驻村记导出的模板文件")
}

fn refused(message: &str) -> Error {
    Error::BadInput(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_template_comes_back_as_it_went() {
        for info in super::super::shipped() {
            let outline = super::super::copy_of(&info.name).unwrap();
            let back = read_file(write_file(&outline).as_bytes()).unwrap();
            assert_eq!((back.title.as_str(), back.subject), (outline.title.as_str(), outline.subject));
            assert_eq!(back.source, outline.source.trim_end());
            let windows = write_file(&outline).replace('\n', "\r\n");
            assert_eq!(read_file(format!("\u{feff}{windows}").as_bytes()).unwrap(), back, "also as Windows writes it");
        }
    }

    #[test]
    fn what_is_no_template_is_refused_in_words() {
        let big = vec![b'a'; LONGEST_SOURCE * 2];
        for bytes in [&b""[..], b"hello\n\nworld", &[0xff, 0xfe, 0x00], "驻村记报告模板 1\n名称：甲\n".as_bytes(), &big]
        {
            assert!(matches!(read_file(bytes), Err(Error::BadInput(_))));
        }
        let wrong = "驻村记报告模板 1\n名称：甲\n脱敏：不遮\n\n= 甲\n";
        assert!(read_file(wrong.as_bytes()).is_err_and(|error| error.to_string().contains("不遮")));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), ours in any::<bool>()) {
            let bytes = if ours { [MARK.as_bytes(), b"\n", &bytes].concat() } else { bytes };
            let _ = read_file(&bytes);
        }
    }
}
