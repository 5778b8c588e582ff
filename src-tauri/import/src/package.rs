//! The parts of an .xlsx package that concern its sheets: which part is which sheet.

use std::io::{Cursor, Read, Write};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::error::{ReadError, Result};

/// A package over bytes.
pub type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Opens a package.
pub fn open(bytes: &[u8]) -> Result<Archive<'_>> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)
}

/// A part as text; parts of this kind are held as a whole and were measured before.
pub fn part(archive: &mut Archive<'_>, name: &str) -> Result<String> {
    let entry = archive.by_name(name).map_err(|_| ReadError::Damaged)?;
    let mut text = String::new();
    entry.take(64 << 20).read_to_string(&mut text).map_err(|_| ReadError::Damaged)?;
    Ok(text)
}

/// A part's bytes where they are at most so many; nothing for a longer one, or one that cannot be found.
pub fn short_part(bytes: &[u8], name: &str, longest: usize) -> Result<Option<Vec<u8>>> {
    let mut archive = open(bytes)?;
    let Ok(mut entry) = archive.by_name(name) else { return Ok(None) };
    let Some(size) = usize::try_from(entry.size()).ok().filter(|size| *size <= longest) else { return Ok(None) };
    let mut part = vec![0; size];
    entry.read_exact(&mut part).map_err(|_| ReadError::Damaged)?;
    Ok(Some(part))
}

/// The same package with other bytes in one part, nothing packed that was not.
pub fn with_part(bytes: &[u8], name: &str, pieces: &[&[u8]]) -> Result<Vec<u8>> {
    let mut archive = open(bytes)?;
    let mut copy = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| ReadError::Damaged)?;
        if entry.name().is_ok_and(|each| each == name) {
            let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            copy.start_file(name, stored).map_err(|_| ReadError::Damaged)?;
            for piece in pieces {
                copy.write_all(piece).map_err(|_| ReadError::Damaged)?;
            }
        } else {
            copy.raw_copy_file(entry).map_err(|_| ReadError::Damaged)?;
        }
    }
    Ok(copy.finish().map_err(|_| ReadError::Damaged)?.into_inner())
}

/// Whether a part holds some bytes anywhere; read piece by piece. A part that cannot be found may.
pub fn mentions(bytes: &[u8], part: &str, wanted: &[u8]) -> Result<bool> {
    let mut archive = open(bytes)?;
    let Ok(mut entry) = archive.by_name(part) else { return Ok(true) };
    let mut piece = vec![0; 64 << 10];
    let mut kept = 0;
    loop {
        let room = piece.get_mut(kept..).unwrap_or_default();
        let read = entry.read(room).map_err(|_| ReadError::Damaged)?;
        let held = piece.get(..kept + read).unwrap_or_default();
        if memchr::memmem::find(held, wanted).is_some() {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
        // What is wanted may lie across two pieces.
        let tail = held.len().min(wanted.len().saturating_sub(1));
        let from = held.len() - tail;
        piece.copy_within(from..from + tail, 0);
        kept = tail;
    }
}

/// An attribute by its local name.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let text: &str = &found.value;
    quick_xml::escape::unescape(text).ok().map(|text| text.into_owned())
}

/// The sheets by name with the parts that hold them.
pub fn sheet_parts(bytes: &[u8]) -> Result<Vec<(String, String)>> {
    let mut archive = open(bytes)?;
    let relations = part(&mut archive, "xl/_rels/workbook.xml.rels")?;
    let targets =
        elements(&relations, "Relationship", |element| Some((attribute(element, "Id")?, attribute(element, "Target")?)))?;
    let workbook = part(&mut archive, "xl/workbook.xml")?;
    // The relation's id is `r:id`; `sheetId` has another local name.
    let sheets = elements(&workbook, "sheet", |element| Some((attribute(element, "name")?, attribute(element, "id")?)))?;
    let place = |target: &str| match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    };
    let found = sheets
        .into_iter()
        .filter_map(|(name, id)| targets.iter().find(|(each, _)| *each == id).map(|(_, target)| (name, place(target))));
    Ok(found.collect())
}

fn elements<T>(xml: &str, name: &str, read: impl Fn(&BytesStart<'_>) -> Option<T>) -> Result<Vec<T>> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|_| ReadError::Damaged)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == name => {
                found.extend(read(&element));
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_also_across_two_pieces() {
        for before in [0, 10, (64 << 10) - 4, 64 << 10, 200_000] {
            let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
            package.start_file("sheet.xml", zip::write::SimpleFileOptions::default()).unwrap();
            package.write_all("x".repeat(before).as_bytes()).unwrap();
            package.write_all(b"<mergeCells/>").unwrap();
            let bytes = package.finish().unwrap().into_inner();
            assert!(mentions(&bytes, "sheet.xml", b"mergeCell").unwrap(), "{before}");
            assert!(!mentions(&bytes, "sheet.xml", b"mergeCellx").unwrap(), "{before}");
            assert!(mentions(&bytes, "other.xml", b"mergeCell").unwrap());
        }
    }
}
