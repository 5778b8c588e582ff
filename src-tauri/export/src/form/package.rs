//! The form's package: what may be opened, reading a part, and writing the package again with some parts changed. Every other
//! part goes over as it lies in the file, packed bytes and all.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use super::FormKind;
use super::error::FormError;

/// Bytes of the file.
const LARGEST_FILE: usize = 50 << 20;
/// Bytes of all parts, as declared.
const LARGEST_UNPACKED: u64 = 400 << 20;
/// Bytes of one part that is read.
const LARGEST_PART: u64 = 64 << 20;
/// Parts.
const MOST_PARTS: usize = 2000;
/// Unpacked to packed bytes, from a size on that matters.
const RATIO: (u64, u64) = (150, 4 << 20);

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// An opened form.
pub(super) struct Package<'b> {
    bytes: &'b [u8],
    /// Names of the parts, in the file's order.
    pub names: Vec<String>,
    pub kind: FormKind,
}

impl<'b> Package<'b> {
    /// Looks at a file before any of it is unpacked.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, FormError> {
        if bytes.len() > LARGEST_FILE {
            return Err(FormError::TooLarge("超过50MB"));
        }
        if !bytes.starts_with(b"PK") {
            return Err(what_else(bytes));
        }
        let mut archive = open(bytes)?;
        if archive.len() > MOST_PARTS {
            return Err(FormError::TooLarge("部件太多"));
        }
        let (mut names, mut total) = (Vec::new(), 0u64);
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|_| FormError::Damaged)?;
            if entry.encrypted() {
                return Err(FormError::Password);
            }
            total = total.saturating_add(entry.size());
            if entry.size() > RATIO.1 && entry.size() / entry.compressed_size().max(1) > RATIO.0 {
                return Err(FormError::TooLarge("压缩比异常"));
            }
            names.push(entry.name().map_err(|_| FormError::Damaged)?.into_owned());
        }
        if total > LARGEST_UNPACKED {
            return Err(FormError::TooLarge("内容太多"));
        }
        let has = |name: &str| names.iter().any(|each| each == name);
        let kind = match (has("word/document.xml"), has("xl/workbook.xml")) {
            (true, _) => FormKind::Docx,
            (false, true) => FormKind::Xlsx,
            _ if has("content.xml") => return Err(FormError::Other("OpenDocument文件")),
            _ if has("xl/workbook.bin") => return Err(FormError::Legacy { program: "Excel", extension: "xlsb", wanted: "xlsx" }),
            _ => return Err(FormError::Other("压缩包")),
        };
        let package = Package { bytes, names, kind };
        let types = package.part("[Content_Types].xml")?.ok_or(FormError::Damaged)?;
        if types.contains("macroEnabled") {
            return Err(FormError::Macros);
        }
        if types.contains("template.main+xml") {
            return Err(FormError::Template);
        }
        Ok(package)
    }

    /// A part as text; nothing where there is no such part. Its size is counted while it is unpacked, whatever it claims.
    pub(super) fn part(&self, name: &str) -> Result<Option<String>, FormError> {
        if !self.names.iter().any(|each| each == name) {
            return Ok(None);
        }
        let mut archive = open(self.bytes)?;
        let entry = archive.by_name(name).map_err(|_| FormError::Damaged)?;
        let packed = entry.compressed_size().max(1);
        let mut bytes = Vec::new();
        entry.take(LARGEST_PART + 1).read_to_end(&mut bytes).map_err(|_| FormError::Damaged)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > LARGEST_PART || (size > RATIO.1 && size / packed > RATIO.0) {
            return Err(FormError::TooLarge("文字太多"));
        }
        text_of(bytes).map(Some)
    }

    /// The package with parts replaced, and parts left out where the replacement is nothing.
    pub(super) fn with(&self, changed: &BTreeMap<String, Option<String>>) -> Result<Vec<u8>, FormError> {
        let mut archive = open(self.bytes)?;
        let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(self.bytes.len() * 2)));
        let failed = |_: zip::result::ZipError| FormError::Damaged;
        // The same form and ledger give the same bytes.
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        for (index, name) in self.names.iter().enumerate() {
            match changed.get(name) {
                None => out.raw_copy_file(archive.by_index_raw(index).map_err(failed)?).map_err(failed)?,
                Some(None) => {}
                Some(Some(text)) => {
                    out.start_file(name.as_str(), options).map_err(failed)?;
                    out.write_all(text.as_bytes()).map_err(|_| FormError::Damaged)?;
                }
            }
        }
        Ok(out.finish().map_err(failed)?.into_inner())
    }
}

fn open(bytes: &[u8]) -> Result<Archive<'_>, FormError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| FormError::Damaged)
}

/// UTF-8, or UTF-16 as its mark says; nothing else is allowed in a package.
fn text_of(bytes: Vec<u8>) -> Result<String, FormError> {
    let wide = |pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).skip(1).map(|two| pair([two[0], two[1]])).collect();
        String::from_utf16(&units).map(|text| text.replacen("UTF-16", "UTF-8", 1)).map_err(|_| FormError::Damaged)
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).map_err(|_| FormError::Damaged),
        _ => String::from_utf8(bytes).map_err(|_| FormError::Damaged),
    }
}

/// What a file is that is no package.
fn what_else(bytes: &[u8]) -> FormError {
    let holds = |text: &str| {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    match bytes {
        [0xD0, 0xCF, 0x11, 0xE0, ..] if holds("EncryptedPackage") => FormError::Password,
        [0xD0, 0xCF, 0x11, 0xE0, ..] if holds("WordDocument") => {
            FormError::Legacy { program: "Word", extension: "doc", wanted: "docx" }
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => FormError::Legacy { program: "Excel", extension: "xls", wanted: "xlsx" },
        [b'%', b'P', b'D', b'F', ..] => FormError::Other("PDF"),
        [0xFF, 0xD8, ..] | [0x89, b'P', b'N', b'G', ..] => FormError::Other("图片"),
        [b'{', b'\\', b'r', b't', b'f', ..] => FormError::Other("RTF文件"),
        [] => FormError::Other("空文件"),
        _ => FormError::Other("其他文件"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        Package::open(bytes).err().map_or("opened", |error| error.code())
    }

    #[test]
    fn what_is_no_form_is_named() {
        let mut doc = vec![0xD0, 0xCF, 0x11, 0xE0];
        doc.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(code(&doc), "form_legacy");
        let mut locked = vec![0xD0, 0xCF, 0x11, 0xE0];
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(code(&locked), "form_password");
        assert_eq!(code(b"%PDF-1.7"), "form_other");
        assert_eq!(code(b""), "form_other");
        assert_eq!(code(b"PK\x03\x04half"), "form_damaged");
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
        let blank = vec![b' '; 1 << 20];
        (0..40).for_each(|_| zip.write_all(&blank).unwrap());
        assert_eq!(code(&zip.finish().unwrap().into_inner()), "form_too_large");
    }
}
