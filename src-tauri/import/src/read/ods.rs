//! .ods: the content is read as it stands. A repeated cell or row is one entry in the file and a million in memory, so
//! repetitions of blanks only count, and those of values are bounded by the budget.

use std::io::{BufReader, Read};

use chrono::{NaiveDate, NaiveDateTime};
use quick_xml::events::{BytesStart, Event};

use super::{OnRows, Rows, text_cell};
use crate::error::{ReadError, Result};
use crate::guard::{Budget, Limits};
use crate::package::{self, attribute};
use crate::workbook::{Cell, Format, Merge, Sheet, Workbook};

const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

pub(super) fn read(bytes: &[u8], only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    let mut archive = package::open(bytes)?;
    if package::part(&mut archive, "META-INF/manifest.xml").is_ok_and(|manifest| manifest.contains("encryption-data")) {
        return Err(ReadError::Password);
    }
    let content = archive.by_name("content.xml").map_err(|_| ReadError::Damaged)?;
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content.take(limits.unpacked)));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| ReadError::Damaged)? {
            Event::Start(table) if table.local_name().as_ref() == "table" => {
                let name = attribute(&table, "name").unwrap_or_default();
                let sheet = Sheet { name, ..Sheet::default() };
                let rows = Rows { sheet, budget: &mut budget, on_rows };
                let sheet = Table::new(rows).read(&mut reader)?;
                if only.is_none_or(|only| only == sheet.name) {
                    sheets.push(sheet);
                }
                if sheets.len() > limits.sheets {
                    return Err(ReadError::Bomb { what: "工作表太多" });
                }
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    Ok(Workbook { format: Format::Ods, sheets })
}

/// A table on its way.
struct Table<'b, 'p> {
    rows: Rows<'b, 'p>,
    /// Number of the row that is read.
    number: u32,
    row_repeat: u32,
    column: u32,
    cells: Vec<Cell>,
    cell: Option<Open>,
    next_column: u32,
}

/// The cell that is read.
struct Open {
    value: Cell,
    text: String,
    repeat: u32,
    in_note: u32,
}

impl<'b, 'p> Table<'b, 'p> {
    fn new(rows: Rows<'b, 'p>) -> Self {
        Table { rows, number: 1, row_repeat: 1, column: 0, cells: Vec::new(), cell: None, next_column: 0 }
    }

    fn read(mut self, reader: &mut quick_xml::Reader<impl std::io::BufRead>) -> Result<Sheet> {
        let mut buffer = Vec::new();
        // Sub-tables end before their table does.
        let mut depth = 1;
        loop {
            match reader.read_event_into(&mut buffer).map_err(|_| ReadError::Damaged)? {
                Event::Start(element) => {
                    if element.local_name().as_ref() == "table" {
                        depth += 1;
                    }
                    self.start(&element);
                }
                Event::Empty(element) => {
                    self.start(&element);
                    self.end(element.local_name().as_ref())?;
                }
                Event::Text(text) => self.text(&text),
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(character)) => character.to_string(),
                        _ => quick_xml::escape::resolve_predefined_entity(&reference).unwrap_or_default().to_owned(),
                    };
                    self.text(&resolved);
                }
                Event::CData(text) => self.text(&text),
                Event::End(element) => {
                    if element.local_name().as_ref() == "table" {
                        depth -= 1;
                        if depth == 0 {
                            return Ok(self.rows.sheet);
                        }
                    }
                    self.end(element.local_name().as_ref())?;
                }
                Event::Eof => return Err(ReadError::Damaged),
                _ => {}
            }
            buffer.clear();
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let number = |name: &str| attribute(element, name).and_then(|text| text.parse::<u32>().ok());
        match element.local_name().as_ref() {
            "table-column" => {
                let repeat = number("number-columns-repeated").unwrap_or(1).min(LAST_COLUMN);
                if attribute(element, "visibility").is_some_and(|text| text != "visible") {
                    let last = self.next_column.saturating_add(repeat).min(1000);
                    self.rows.sheet.hidden_columns.extend(self.next_column..last);
                }
                self.next_column = self.next_column.saturating_add(repeat);
            }
            "table-row" => {
                self.row_repeat = number("number-rows-repeated").unwrap_or(1);
                self.column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                let repeat = number("number-columns-repeated").unwrap_or(1);
                let (wide, high) = (number("number-columns-spanned").unwrap_or(1), number("number-rows-spanned").unwrap_or(1));
                if (wide > 1 || high > 1) && self.rows.sheet.merges.len() < 100_000 {
                    self.rows.sheet.merges.push(Merge {
                        first_row: self.number,
                        first_column: self.column,
                        last_row: self.number.saturating_add(high - 1),
                        last_column: self.column.saturating_add(wide.saturating_sub(1)),
                    });
                }
                self.cell = Some(Open { value: value(element), text: String::new(), repeat, in_note: 0 });
            }
            "annotation" => self.cell.iter_mut().for_each(|cell| cell.in_note += 1),
            "p" => self
                .cell
                .iter_mut()
                .filter(|cell| !cell.text.is_empty() && cell.in_note == 0)
                .for_each(|cell| cell.text.push('\n')),
            "s" => {
                let blanks = number("c").unwrap_or(1).min(100) as usize;
                self.text(&" ".repeat(blanks));
            }
            "tab" => self.text("\t"),
            "line-break" => self.text("\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.in_note == 0) {
            cell.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "annotation" => self.cell.iter_mut().for_each(|cell| cell.in_note = cell.in_note.saturating_sub(1)),
            "table-cell" | "covered-table-cell" => self.end_cell()?,
            "table-row" => self.end_row()?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<()> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let value = match cell.value {
            Cell::Text(_) | Cell::Empty => text_cell(&cell.text),
            other => other,
        };
        let last = self.column.saturating_add(cell.repeat).min(LAST_COLUMN);
        if value != Cell::Empty {
            self.cells.resize(self.column as usize, Cell::Empty);
            // A value that fills a row to its end is a pattern, not data; a thousand of it are more than any table has.
            if last - self.column.min(last) > 1000 {
                return Err(ReadError::Bomb { what: "单元格太多" });
            }
            self.cells.resize(last as usize, value);
        }
        self.column = last;
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        let cells = std::mem::take(&mut self.cells);
        let last = self.number.saturating_add(self.row_repeat).min(LAST_ROW + 1);
        if !cells.is_empty() {
            for number in self.number..last {
                self.rows.push(number, cells.clone())?;
            }
        }
        self.number = last;
        self.row_repeat = 1;
        Ok(())
    }
}

/// The value that a cell's attributes tell; its text is read from what it holds.
fn value(cell: &BytesStart<'_>) -> Cell {
    let number = || attribute(cell, "value").and_then(|text| text.parse::<f64>().ok()).map_or(Cell::Empty, Cell::Number);
    match attribute(cell, "value-type").as_deref() {
        Some("float" | "percentage" | "currency") => number(),
        Some("date") => attribute(cell, "date-value").and_then(|text| moment(&text)).map_or(Cell::Empty, Cell::DateTime),
        Some("boolean") => Cell::Bool(attribute(cell, "boolean-value").as_deref() == Some("true")),
        Some("string") => Cell::Text("".into()),
        _ => Cell::Empty,
    }
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    let day = text.get(..10)?.parse::<NaiveDate>().ok()?;
    let exact = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    exact.or_else(|| day.and_hms_opt(0, 0, 0))
}
