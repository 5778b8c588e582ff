//! What a file may be before it is opened, and what a sheet may hold. Files come from others, and a file of a kilobyte can
//! claim to be a gigabyte; so limits are checked on what is declared and again on what is really unpacked.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use crate::error::{ReadError, Result};
use crate::workbook::{Cell, SheetRow};

/// What is allowed. The defaults are ten times what the largest township list holds.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub file: u64,
    /// Bytes of all parts of a package, unpacked.
    pub unpacked: u64,
    /// Bytes of one part that is held as a whole (shared strings, styles).
    pub held: u64,
    /// Unpacked to packed bytes of a part beyond [`Limits::ratio_from`].
    pub ratio: u64,
    /// From which unpacked size on the ratio counts; a small part of blanks is no bomb.
    pub ratio_from: u64,
    /// Parts of a package.
    pub entries: usize,
    /// Cells of all sheets, blank ones before filled ones included.
    pub cells: usize,
    /// Bytes of all texts.
    pub text: usize,
    /// Characters of one cell; Excel's own limit.
    pub string: usize,
    /// Sheets.
    pub sheets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file: 50 << 20,
            unpacked: 400 << 20,
            held: 24 << 20,
            ratio: 150,
            ratio_from: 4 << 20,
            entries: 2000,
            cells: 2_500_000,
            text: 32 << 20,
            string: 32_767,
            sheets: 200,
        }
    }
}

/// Checks a package before any of it is kept: entries, sizes as declared and as unpacked, ratio, DTD.
pub fn check_package(bytes: &[u8], limits: &Limits) -> Result<()> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    if package.len() > limits.entries {
        return Err(ReadError::Bomb { what: "部件太多" });
    }
    let mut total = 0u64;
    for index in 0..package.len() {
        let entry = package.by_index_raw(index).map_err(|_| ReadError::Damaged)?;
        if entry.encrypted() {
            return Err(ReadError::Password);
        }
        total = total.saturating_add(entry.size());
        let name = entry.name().map_err(|_| ReadError::Damaged)?;
        check_size(&name, entry.size(), entry.compressed_size(), limits)?;
    }
    if total > limits.unpacked {
        return Err(ReadError::Bomb { what: "内容太多" });
    }
    let mut really = 0u64;
    for index in 0..package.len() {
        let mut entry = package.by_index(index).map_err(|_| ReadError::Damaged)?;
        let name = entry.name().map_err(|_| ReadError::Damaged)?.into_owned();
        let packed = entry.compressed_size();
        if !is_xml(&name) {
            continue;
        }
        let mut seen = 0u64;
        scan(&mut entry, &mut |length| {
            seen += length;
            really += length;
            check_size(&name, seen, packed, limits)?;
            if really > limits.unpacked { Err(ReadError::Bomb { what: "内容太多" }) } else { Ok(()) }
        })?;
    }
    Ok(())
}

fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end))
}

fn check_size(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<()> {
    let is_held = !(name.contains("worksheets/") || name.ends_with("content.xml") || name.contains("media/"));
    if is_held && is_xml(name) && size > limits.held {
        return Err(ReadError::Bomb { what: "文字太多" });
    }
    if size > limits.ratio_from && size / packed.max(1) > limits.ratio {
        return Err(ReadError::Bomb { what: "压缩比异常" });
    }
    Ok(())
}

/// Reads a part to its end without keeping it, and refuses a document type definition.
fn scan(part: &mut impl Read, count: &mut dyn FnMut(u64) -> Result<()>) -> Result<()> {
    const NEEDLE: &[u8] = b"<!DOCTYPE";
    let finder = memmem::Finder::new(NEEDLE);
    let mut buffer = vec![0u8; 64 << 10];
    let mut kept = 0;
    loop {
        let space = buffer.get_mut(kept..).unwrap_or_default();
        let read = part.read(space).map_err(|_| ReadError::Damaged)?;
        if read == 0 {
            return Ok(());
        }
        count(u64::try_from(read).unwrap_or(u64::MAX))?;
        let filled = buffer.get(..kept + read).unwrap_or_default();
        if finder.find(filled).is_some() {
            return Err(ReadError::Unsafe);
        }
        let tail = filled.len().saturating_sub(NEEDLE.len() - 1);
        let rest = filled.len() - tail;
        buffer.copy_within(tail..tail + rest, 0);
        kept = rest;
    }
}

/// Counts what a workbook's sheets hold while they are read.
pub struct Budget {
    limits: Limits,
    cells: usize,
    text: usize,
}

impl Budget {
    /// Nothing used yet.
    pub fn new(limits: &Limits) -> Self {
        Budget { limits: *limits, cells: 0, text: 0 }
    }

    /// Takes a row in; an error where there is too much.
    pub fn take(&mut self, row: &SheetRow) -> Result<()> {
        self.cells = self.cells.saturating_add(row.cells.len());
        if self.cells > self.limits.cells {
            return Err(ReadError::Bomb { what: "单元格太多" });
        }
        for cell in &row.cells {
            if let Cell::Text(text) | Cell::Error(text) = cell {
                self.take_text(text)?;
            }
        }
        Ok(())
    }

    fn take_text(&mut self, text: &str) -> Result<()> {
        self.text = self.text.saturating_add(text.len());
        if self.text > self.limits.text {
            return Err(ReadError::Bomb { what: "文字太多" });
        }
        if text.len() > self.limits.string && text.chars().count() > self.limits.string {
            return Err(ReadError::Bomb { what: "一格里的文字太长" });
        }
        Ok(())
    }
}
