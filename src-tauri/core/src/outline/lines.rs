//! Reading a rendered template: title, headings and paragraphs, line by line.

/// The title as pieces between which it may break.
pub(crate) type Title = Vec<String>;

/// A heading or paragraph; figures are still marked in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// 0 for a paragraph, 1–4 for a heading.
    pub level: u8,
    /// The block's stable name.
    pub key: String,
    /// The text, without number.
    pub text: String,
}

/// Reads rendered text. Empty paragraphs and headings without content are dropped.
pub(super) fn read(text: &str) -> Result<(Title, Vec<Line>), String> {
    let mut title = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for row in text.lines().map(str::trim).filter(|row| !row.is_empty()) {
        if let Some(pieces) = row.strip_prefix("= ") {
            title = pieces.split('|').map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect();
            continue;
        }
        let line = read_line(row).ok_or_else(|| format!("这一行缺少方括号中的名称：{}", start_of(row)))?;
        if lines.iter().any(|other| other.key == line.key) {
            return Err(format!("名称“{}”用了两次", line.key));
        }
        if line.level > 0 || !line.text.is_empty() {
            lines.push(line);
        }
    }
    if title.is_empty() {
        return Err("缺少以“= ”开头的标题行".to_owned());
    }
    Ok((title, without_empty_headings(lines)))
}

fn read_line(row: &str) -> Option<Line> {
    let hashes = row.bytes().take_while(|b| *b == b'#').count();
    let (key, text) = row.get(hashes..)?.strip_prefix('[')?.split_once(']')?;
    let level = u8::try_from(hashes).ok().filter(|level| *level <= 4)?;
    Some(Line { level, key: key.to_owned(), text: text.trim().to_owned() })
}

fn without_empty_headings(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::new();
    for line in lines.into_iter().rev() {
        // Read backwards, a heading has content if what was kept last is a paragraph or a deeper heading.
        let has_content = kept.last().is_some_and(|next| next.level == 0 || next.level > line.level);
        if line.level == 0 || has_content {
            kept.push(line);
        }
    }
    kept.reverse();
    kept
}

fn start_of(row: &str) -> String {
    row.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_without_content_vanish_with_their_children() {
        let text = "= 总结\n#[a] 甲\n##[a1] 子\n[p] \n#[b] 乙\n[q] 有\n##[b1] 空\n";
        let keys: Vec<_> = read(text).unwrap().1.into_iter().map(|line| line.key).collect();
        assert_eq!(keys, ["b", "q"], "a heading is kept only for text under it");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert!(read("[p] 有").is_err_and(|m| m.contains("标题")));
        assert!(read("= 总结\n没有名称").is_err_and(|m| m.contains("没有名称")));
        assert!(read("= 总结\n[p] 一\n[p] 二").is_err_and(|m| m.contains("两次")));
    }
}
