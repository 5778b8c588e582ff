//! .xls: the cells' places are looked through before the reader makes a full rectangle of them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::{OnRows, Rows, text_cell};
use crate::error::{ReadError, Result};
use crate::guard::{Budget, Limits};
use crate::workbook::{Cell, Format, Merge, Sheet, Workbook};

/// Cells of the rectangle that holds all of a sheet, at most: beyond it the reader would fill the memory with blanks.
const LARGEST_AREA: u64 = 1_500_000;

pub(super) fn read(bytes: &[u8], only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    check_areas(bytes)?;
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => ReadError::Password,
        _ => ReadError::Damaged,
    })?;
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    for (name, hidden) in listed.into_iter().filter(|(name, _)| only.is_none_or(|only| only == name)) {
        let merges = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let merges = merges.iter().take(100_000).map(|area| Merge {
            first_row: area.start.0.saturating_add(1),
            first_column: area.start.1,
            last_row: area.end.0.saturating_add(1),
            last_column: area.end.1,
        });
        let sheet = Sheet { name: name.clone(), hidden, merges: merges.collect(), ..Sheet::default() };
        let range = workbook.worksheet_range(&name).map_err(|_| ReadError::Damaged)?;
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        let mut rows = Rows { sheet, budget: &mut budget, on_rows };
        for (number, row) in (first_row.saturating_add(1)..).zip(range.rows()) {
            let mut cells = vec![Cell::Empty; first_column as usize];
            cells.extend(row.iter().map(value));
            rows.push(number, cells)?;
        }
        sheets.push(rows.sheet);
    }
    Ok(Workbook { format: Format::Xls, sheets })
}

fn value(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        #[allow(clippy::cast_precision_loss)]
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text_cell(text),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(moment) => moment.as_datetime().map_or_else(|| Cell::Number(moment.as_f64()), Cell::DateTime),
        Data::Error(error) => Cell::Error(error.to_string().into()),
    }
}

/// Walks the records of the workbook stream ([MS-XLS] 2.1.4): a password, and the rectangle that each sheet's cells span.
fn check_areas(bytes: &[u8]) -> Result<()> {
    const BOF: u16 = 0x0809;
    const FILE_PASS: u16 = 0x002F;
    /// What a sheet claims to span; the reader takes memory for all of it at once.
    const DIMENSIONS: u16 = 0x0200;
    // BLANK, NUMBER, LABEL, BOOLERR, FORMULA, RK, LABELSST, MULRK, MULBLANK, RSTRING: each begins with row and column.
    const CELLS: [u16; 10] = [0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00FD, 0x00BD, 0x00BE, 0x00D6];
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| compound.is_stream(name)).ok_or(ReadError::NotATable)?;
    let mut stream = Vec::new();
    compound
        .open_stream(name)
        .and_then(|stream_of| stream_of.take(64 << 20).read_to_end(&mut stream))
        .map_err(|_| ReadError::Damaged)?;
    let word = |at: usize| stream.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let (mut at, mut part) = (0usize, 0u32);
    let mut areas: BTreeMap<u32, (u16, u16, u16, u16)> = BTreeMap::new();
    while let (Some(id), Some(length)) = (word(at), word(at + 2)) {
        match id {
            FILE_PASS => return Err(ReadError::Password),
            BOF => part += 1,
            DIMENSIONS if claimed_area(stream.get(at + 4..at + 4 + usize::from(length))) > LARGEST_AREA => {
                return Err(ReadError::Bomb { what: "单元格太多" });
            }
            _ if CELLS.contains(&id) => {
                if let (Some(row), Some(column)) = (word(at + 4), word(at + 6)) {
                    let area = areas.entry(part).or_insert((row, column, row, column));
                    *area = (area.0.min(row), area.1.min(column), area.2.max(row), area.3.max(column));
                }
            }
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    let size = |(top, left, bottom, right): &(u16, u16, u16, u16)| (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1);
    if areas.values().map(size).sum::<u64>() > LARGEST_AREA { Err(ReadError::Bomb { what: "单元格太多" }) } else { Ok(()) }
}

/// Rows times columns of a DIMENSIONS record; BIFF5 has two bytes for a row, BIFF8 four.
fn claimed_area(record: Option<&[u8]>) -> u64 {
    let Some(record) = record else { return 0 };
    let number = |at: usize, length: usize| {
        record
            .get(at..at + length)
            .map_or(0, |bytes| bytes.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    let (rows, columns) = match record.len() {
        10 => (number(2, 2).saturating_sub(number(0, 2)), number(6, 2)),
        _ => (number(4, 4).saturating_sub(number(0, 4)), number(10, 2)),
    };
    rows.saturating_mul(columns)
}
