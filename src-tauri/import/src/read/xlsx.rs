//! .xlsx: cells are read one after the other, so that a sheet is never held twice; those of a long one in two threads.

use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use quick_xml::events::Event;

use super::lower_half::{self, LowerHalf};
use super::{OnRows, Rows, text_cell};
use crate::error::{ReadError, Result};
use crate::guard::{Budget, Limits};
use crate::package::{self, sheet_parts};
use crate::workbook::{Cell, Format, Merge, Sheet, Workbook};

/// A sheet up to this size is held as a whole while it is read.
const HELD: usize = 32 << 20;
const MERGED: &[u8] = b"mergeCell";

pub(super) fn read(bytes: &[u8], only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    if listed.len() > limits.sheets {
        return Err(ReadError::Bomb { what: "工作表太多" });
    }
    let parts = sheet_parts(bytes)?;
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    for (name, hidden) in listed.into_iter().filter(|(name, _)| only.is_none_or(|only| only == name)) {
        let part = parts.iter().find(|(each, _)| *each == name).map(|(_, part)| part.as_str());
        let xml = part.map_or(Ok(None), |part| package::short_part(bytes, part, HELD))?;
        // To find no merged cells, the whole sheet would be taken apart.
        let may_merge = match (&xml, part) {
            (Some(xml), _) => memchr::memmem::find(xml, MERGED).is_some(),
            (None, Some(part)) => package::mentions(bytes, part, MERGED)?,
            (None, None) => true,
        };
        let merges =
            if may_merge { workbook.merge_cells_by_sheet_name(&name).map_err(|error| fault(&error))? } else { Vec::new() };
        let merges = merges.iter().take(100_000).map(|area| Merge {
            first_row: area.start.0.saturating_add(1),
            first_column: area.start.1,
            last_row: area.end.0.saturating_add(1),
            last_column: area.end.1,
        });
        let hidden_columns = part.map_or(Ok(Vec::new()), |part| hidden_columns(bytes, part))?;
        let sheet = Sheet { name: name.clone(), hidden, merges: merges.collect(), hidden_columns, rows: Vec::new() };
        let lower = part.zip(xml).map_or(Ok(None), |(part, xml)| lower_half::of(bytes, part, &xml))?;
        let mut rows = Rows { sheet, budget: &mut budget, on_rows };
        match lower {
            Some(lower) => read_in_halves(&mut workbook, &lower, limits, &mut rows)?,
            None => read_cells(&mut workbook, &mut rows, u32::MAX)?,
        }
        sheets.push(rows.sheet);
    }
    Ok(Workbook { format: Format::Xlsx, sheets })
}

/// Reads a sheet's upper half here, its lower one in a thread of its own.
fn read_in_halves(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    LowerHalf { first, package }: &LowerHalf,
    limits: &Limits,
    rows: &mut Rows<'_, '_>,
) -> Result<()> {
    let is_over = AtomicBool::new(false);
    let sheet = Sheet { name: rows.sheet.name.clone(), ..Sheet::default() };
    let lower = || {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(package.as_slice())).map_err(|error| fault(&error))?;
        let (mut budget, mut on_rows) = (Budget::new(limits), |_| !is_over.load(Ordering::Relaxed));
        let mut rows = Rows { sheet, budget: &mut budget, on_rows: &mut on_rows };
        read_cells(&mut workbook, &mut rows, u32::MAX)?;
        Ok(rows.sheet.rows)
    };
    std::thread::scope(|scope| {
        let lower = scope.spawn(lower);
        let upper = read_cells(workbook, rows, *first);
        is_over.store(upper.is_err(), Ordering::Relaxed);
        let lower = lower.join().unwrap_or(Err(ReadError::Damaged));
        upper?;
        let lower = lower?;
        if lower.first().is_some_and(|row| row.number < *first) {
            return Err(ReadError::Damaged);
        }
        lower.into_iter().try_for_each(|row| rows.add(row))
    })
}

/// Reads the rows of a sheet before one.
fn read_cells(workbook: &mut Xlsx<Cursor<&[u8]>>, rows: &mut Rows<'_, '_>, end: u32) -> Result<()> {
    let mut reader = workbook.worksheet_cells_reader(&rows.sheet.name).map_err(|error| fault(&error))?;
    let (mut number, mut cells): (u32, Vec<Cell>) = (0, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|error| fault(&error))? {
        let (row, column) = cell.get_position();
        let row = row.saturating_add(1);
        if row >= end {
            break;
        }
        if row != number {
            // Rows that come in the wrong order or twice are no sheet that a program wrote.
            if row < number {
                return Err(ReadError::Damaged);
            }
            // Most rows are as wide as the one before.
            let next = Vec::with_capacity(cells.len());
            rows.push(number, std::mem::replace(&mut cells, next))?;
            number = row;
        }
        let value = value(cell.get_value());
        let column = column as usize;
        if column >= 16_384 {
            return Err(ReadError::Damaged);
        }
        if value != Cell::Empty {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(slot) = cells.get_mut(column) {
                *slot = value;
            }
        }
    }
    rows.push(number, cells)
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        // A whole number beyond 2⁵³ is as damaged as its float.
        #[allow(clippy::cast_precision_loss)]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(moment) => moment.as_datetime().map_or_else(|| Cell::Number(moment.as_f64()), Cell::DateTime),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(error) => Cell::Error(error.to_string().into()),
    }
}

fn fault(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Password,
        _ => ReadError::Damaged,
    }
}

/// The columns that a sheet hides; they stand before its rows.
fn hidden_columns(bytes: &[u8], part: &str) -> Result<Vec<u32>> {
    let mut archive = package::open(bytes)?;
    let entry = archive.by_name(part).map_err(|_| ReadError::Damaged)?;
    let mut reader = quick_xml::Reader::from_reader(std::io::BufReader::new(entry.take(8 << 20)));
    let (mut buffer, mut hidden) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Empty(column) | Event::Start(column)) if column.local_name().as_ref() == "col" => {
                let number = |key: &str| package::attribute(&column, key).and_then(|text| text.parse::<u32>().ok());
                let is_hidden = package::attribute(&column, "hidden").is_some_and(|text| matches!(text.as_str(), "1" | "true"));
                if let (true, Some(first), Some(last)) = (is_hidden, number("min"), number("max")) {
                    hidden.extend((first.max(1)..=last.min(1000)).map(|column| column - 1));
                }
            }
            Ok(Event::Start(data)) if data.local_name().as_ref() == "sheetData" => return Ok(hidden),
            Ok(Event::Eof) | Err(_) => return Ok(hidden),
            _ => {}
        }
        buffer.clear();
    }
}
