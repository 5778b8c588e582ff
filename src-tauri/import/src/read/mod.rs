//! Bytes into a workbook: the format is found by the content, the limits checked, and a reader that fails never takes the
//! program with it.

mod lower_half;
mod ods;
mod text;
mod xls;
mod xlsx;

use std::panic::{AssertUnwindSafe, catch_unwind};

use memchr::memmem;

use crate::error::{ReadError, Result};
use crate::guard::{Budget, Limits, check_package};
use crate::workbook::{Cell, Sheet, SheetRow, Workbook};

/// Told how many rows were read so far; answers whether to go on.
pub type OnRows<'p> = &'p mut dyn FnMut(usize) -> bool;

/// Reads a workbook; of several sheets all, or only the one that is named.
pub fn read(bytes: &[u8], only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.file {
        return Err(ReadError::TooLarge { limit: limits.file >> 20 });
    }
    // The readers of others' formats are others' code: a panic in them is a damaged file, not the end of the program.
    let workbook =
        catch_unwind(AssertUnwindSafe(|| read_any(bytes, only, limits, on_rows))).unwrap_or(Err(ReadError::Damaged))?;
    if only.is_some() && workbook.sheets.is_empty() {
        return Err(ReadError::NoSuchSheet);
    }
    if workbook.sheets.iter().all(|sheet| sheet.rows.is_empty()) { Err(ReadError::Empty) } else { Ok(workbook) }
}

/// Reads a workbook from the disk.
pub fn read_file(path: &std::path::Path, only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    read(&load(path, limits)?, only, limits, on_rows)
}

/// A file's bytes, refused before they are read where they are too many.
pub fn load(path: &std::path::Path, limits: &Limits) -> Result<Vec<u8>> {
    let io = |error: std::io::Error| {
        ReadError::Io(match error.kind() {
            std::io::ErrorKind::NotFound => "文件不存在".to_owned(),
            std::io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
            _ => "磁盘或U盘出错".to_owned(),
        })
    };
    let size = std::fs::metadata(path).map_err(io)?.len();
    if size > limits.file {
        return Err(ReadError::TooLarge { limit: limits.file >> 20 });
    }
    std::fs::read(path).map_err(io)
}

fn read_any(bytes: &[u8], only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    if bytes.starts_with(b"PK\x03\x04") {
        check_package(bytes, limits)?;
        return match package_kind(bytes)? {
            Package::Xlsx => xlsx::read(bytes, only, limits, on_rows),
            Package::Ods => ods::read(bytes, only, limits, on_rows),
        };
    }
    if bytes.starts_with(OLE) {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if memmem::find(bytes, &encrypted).is_some() {
            return Err(ReadError::Password);
        }
        return xls::read(bytes, only, limits, on_rows);
    }
    text::read(bytes, only, limits, on_rows)
}

enum Package {
    Xlsx,
    Ods,
}

fn package_kind(bytes: &[u8]) -> Result<Package> {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    let names: Vec<String> = package.file_names().filter_map(|name| name.ok().map(|name| name.to_ascii_lowercase())).collect();
    let has = |name: &str| names.iter().any(|each| each == name);
    if has("xl/workbook.xml") {
        return Ok(Package::Xlsx);
    }
    if has("xl/workbook.bin") {
        return Err(ReadError::Binary);
    }
    let is_sheet = has("content.xml") && {
        let mut mimetype = String::new();
        let named = package
            .by_name("mimetype")
            .ok()
            .map(|entry| std::io::Read::read_to_string(&mut std::io::Read::take(entry, 100), &mut mimetype));
        named.is_some() && mimetype.contains("spreadsheet")
    };
    if is_sheet { Ok(Package::Ods) } else { Err(ReadError::NotATable) }
}

/// Gathers cells into rows.
struct Rows<'b, 'p> {
    sheet: Sheet,
    budget: &'b mut Budget,
    on_rows: &'b mut (dyn FnMut(usize) -> bool + 'p),
}

impl Rows<'_, '_> {
    /// Adds a row; blank cells at its end are cut, a blank row is left out.
    fn push(&mut self, number: u32, mut cells: Vec<Cell>) -> Result<()> {
        while cells.last().is_some_and(is_blank) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        cells.shrink_to_fit();
        self.add(SheetRow { number, cells })
    }

    fn add(&mut self, row: SheetRow) -> Result<()> {
        self.budget.take(&row)?;
        self.sheet.rows.push(row);
        if self.sheet.rows.len().is_multiple_of(1024) && !(self.on_rows)(self.sheet.rows.len()) {
            return Err(ReadError::Cancelled);
        }
        Ok(())
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// A text cell; nothing for blanks.
fn text_cell(text: &str) -> Cell {
    if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
}
