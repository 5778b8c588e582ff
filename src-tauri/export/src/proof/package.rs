//! The text of a DOCX or XLSX: of every XML part, and of the attributes that carry words.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::Piece;

/// Whether an element stands within a line of text; every other one ends it.
fn is_inline(name: &[u8]) -> bool {
    matches!(
        name,
        b"r" | b"t"
            | b"rPr"
            | b"proofErr"
            | b"bookmarkStart"
            | b"bookmarkEnd"
            | b"hyperlink"
            | b"lastRenderedPageBreak"
            | b"smartTag"
            | b"ins"
            | b"highlight"
            | b"color"
    )
}

/// Whether an element of a sheet only says where a cell stands and how it looks: by far the most do, so they are passed over.
fn is_place(name: &[u8]) -> bool {
    matches!(name, b"c" | b"row" | b"v" | b"si" | b"t")
}

/// Attributes that carry words.
const TOLD: [&[u8]; 6] = [b"descr", b"title", b"name", b"tooltip", b"alt", b"Target"];

/// Why a package cannot be read; its finding is told by the caller.
pub(super) struct Unreadable;

pub(super) fn pieces(bytes: &[u8]) -> Result<Vec<Piece>, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable)?;
    let mut pieces = Vec::new();
    let sheets = sheet_names(&mut archive);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| Unreadable)?;
        let name = part.name().map_err(|_| Unreadable)?.into_owned();
        if ![".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end)) || is_fixed(&name) {
            continue;
        }
        let mut text = Vec::new();
        part.read_to_end(&mut text).map_err(|_| Unreadable)?;
        pieces.push(Piece { place: place(&name, &sheets), text: text_of(&text)?, is_wrapped: false });
    }
    Ok(pieces)
}

/// Parts that hold formats alone.
fn is_fixed(name: &str) -> bool {
    ["styles.xml", "theme1.xml", "fontTable.xml", "[Content_Types].xml", "settings.xml"].iter().any(|fixed| name.ends_with(fixed))
}

fn place(part: &str, sheets: &[String]) -> String {
    let numbered = |stem: &str| {
        let number = part.strip_prefix(stem)?.strip_suffix(".xml")?.parse::<usize>().ok()?;
        sheets.get(number.checked_sub(1)?).cloned()
    };
    if part.starts_with("docProps/") {
        return "文件属性".to_owned();
    }
    if let Some(sheet) = numbered("xl/worksheets/sheet") {
        return format!("工作表“{sheet}”");
    }
    match part {
        "xl/sharedStrings.xml" => "工作簿的文字".to_owned(),
        "xl/workbook.xml" => "工作表名称".to_owned(),
        part if part.contains("header") => "页眉".to_owned(),
        part if part.contains("footer") => "页脚".to_owned(),
        _ => "正文".to_owned(),
    }
}

fn sheet_names(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Vec<String> {
    let mut text = Vec::new();
    if archive.by_name("xl/workbook.xml").ok().and_then(|mut part| part.read_to_end(&mut text).ok()).is_none() {
        return Vec::new();
    }
    let mut reader = Reader::from_reader(text.as_slice());
    let mut names = Vec::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Empty(e) | Event::Start(e) if e.local_name().as_ref() == b"sheet" => {
                let name = e.attributes().flatten().find(|attribute| attribute.key.as_ref() == b"name");
                names.extend(name.and_then(|name| name.unescape_value().ok().map(|name| name.into_owned())));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    names
}

fn text_of(xml: &[u8]) -> Result<String, Unreadable> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut out = String::new();
    let end = |name: &[u8], out: &mut String| {
        if !is_inline(name) && !out.ends_with('\n') {
            out.push('\n');
        }
    };
    loop {
        match reader.read_event().map_err(|_| Unreadable)? {
            Event::Start(e) | Event::Empty(e) => {
                told(&e, &mut out);
                end(e.local_name().as_ref(), &mut out);
            }
            Event::End(e) => end(e.local_name().as_ref(), &mut out),
            Event::Text(text) => out.push_str(&text.decode().map_err(|_| Unreadable)?),
            Event::CData(text) => out.push_str(&text.decode().map_err(|_| Unreadable)?),
            Event::GeneralRef(entity) => out.push_str(&reference(&entity)),
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// A character that is written as a reference.
fn reference(entity: &[u8]) -> String {
    let written = format!("&{};", String::from_utf8_lossy(entity));
    quick_xml::escape::unescape(&written).map_or_else(|_| " ".to_owned(), |text| text.into_owned())
}

fn told(element: &BytesStart<'_>, out: &mut String) {
    if is_place(element.name().as_ref()) {
        return;
    }
    for attribute in element.attributes().flatten().filter(|attribute| TOLD.contains(&attribute.key.local_name().as_ref())) {
        if let Ok(text) = attribute.unescape_value() {
            out.push('\n');
            out.push_str(&text);
            out.push('\n');
        }
    }
}
