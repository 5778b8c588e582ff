//! The user's own workbook given back: the rows that stayed out are marked, with the reason in a last column. An .xlsx keeps
//! everything that it had; of other formats the sheet's values are written anew.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use rust_xlsxwriter::{Color, ExcelDateTime, Format as CellFormat, Workbook as NewWorkbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::error::{ReadError, Result};
use crate::package::{self, attribute};
use crate::workbook::{Cell, Format, Sheet, Workbook};

/// A row that stayed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its number.
    pub row: u32,
    /// The columns at fault, A = 0.
    pub columns: Vec<u32>,
    /// Why, in one line.
    pub reason: String,
}

/// Heading of the last column.
pub const HEADING: &str = "未导入原因";
/// Light red, as the window marks an error.
const RED: &str = "FFFFC7CE";

/// The marked copy, an .xlsx. `head` is the last row of the table's head.
pub fn marked_copy(bytes: &[u8], workbook: &Workbook, sheet: &str, head: u32, marks: &[Mark]) -> Result<Vec<u8>> {
    let found = workbook.sheets.iter().find(|each| each.name == sheet).ok_or(ReadError::NoSuchSheet)?;
    match workbook.format {
        Format::Xlsx => edit_package(bytes, found, head, marks),
        _ => write_anew(found, head, marks),
    }
}

/// The column behind the last one, or the one that an earlier marked copy has already.
fn reason_column(sheet: &Sheet, head: u32) -> u32 {
    let is_ours = |cell: &Cell| matches!(cell, Cell::Text(text) if text.as_ref() == HEADING);
    let ours = sheet.row(head).and_then(|row| row.cells.iter().position(is_ours)).and_then(|at| u32::try_from(at).ok());
    ours.unwrap_or_else(|| sheet.width())
}

fn write_anew(sheet: &Sheet, head: u32, marks: &[Mark]) -> Result<Vec<u8>> {
    let by_row: BTreeMap<u32, &Mark> = marks.iter().map(|mark| (mark.row, mark)).collect();
    let column_of_reason = u16::try_from(reason_column(sheet, head)).map_err(|_| ReadError::Damaged)?;
    let (plain, red) = (CellFormat::new(), CellFormat::new().set_background_color(Color::RGB(0x00FF_C7CE)));
    let day = |format: &CellFormat| format.clone().set_num_format("yyyy-mm-dd");
    let mut workbook = NewWorkbook::new();
    let page = workbook.add_worksheet();
    let failed = |_| ReadError::Damaged;
    page.set_name(&sheet.name).map_err(failed)?;
    page.set_column_width(column_of_reason, 48).map_err(failed)?;
    for row in &sheet.rows {
        let (number, mark) = (row.number - 1, by_row.get(&row.number));
        for (column, cell) in (0u16..).zip(&row.cells) {
            let is_red = mark.is_some_and(|mark| mark.columns.contains(&u32::from(column)));
            let format = if is_red { &red } else { &plain };
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) | Cell::Error(text) => {
                    page.write_string_with_format(number, column, text.as_ref(), format).map(drop)
                }
                Cell::Number(value) => page.write_number_with_format(number, column, *value, format).map(drop),
                Cell::DateTime(moment) => {
                    let date = ExcelDateTime::parse_from_str(&moment.date().to_string()).map_err(failed)?;
                    page.write_datetime_with_format(number, column, &date, &day(format)).map(drop)
                }
                Cell::Bool(value) => page.write_boolean_with_format(number, column, *value, format).map(drop),
            }
            .map_err(failed)?;
        }
        if let Some(mark) = mark {
            page.write_string_with_format(number, column_of_reason, &mark.reason, &red).map_err(failed)?;
        }
        if row.number == head {
            page.write_string(number, column_of_reason, HEADING).map_err(failed)?;
        }
    }
    workbook.save_to_buffer().map_err(failed)
}

fn edit_package(bytes: &[u8], sheet: &Sheet, head: u32, marks: &[Mark]) -> Result<Vec<u8>> {
    let parts = package::sheet_parts(bytes)?;
    let (_, part) = parts.into_iter().find(|(name, _)| *name == sheet.name).ok_or(ReadError::NoSuchSheet)?;
    let mut archive = package::open(bytes)?;
    let styles = package::part(&mut archive, "xl/styles.xml").ok();
    let mut red = RedStyles { first: styles.as_deref().map_or(0, count_formats), of: Vec::new() };
    let edit = Edit { marks: marks.iter().map(|mark| (mark.row, mark)).collect(), head, column: reason_column(sheet, head) };
    let edited = edit.sheet(&package::part(&mut archive, &part)?, &mut red, styles.is_some())?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let failed = |_: zip::result::ZipError| ReadError::Damaged;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(failed)?;
        let name = entry.name().map_err(failed)?.into_owned();
        let replaced = if name == part {
            Some(edited.clone())
        } else if name == "xl/styles.xml" {
            styles.as_deref().map(|styles| red.add_to(styles)).transpose()?
        } else {
            None
        };
        match replaced {
            Some(text) => {
                out.start_file(name, SimpleFileOptions::default()).map_err(failed)?;
                out.write_all(&text).map_err(|_| ReadError::Damaged)?;
            }
            None => out.raw_copy_file(entry).map_err(failed)?,
        }
    }
    Ok(out.finish().map_err(failed)?.into_inner())
}

/// Styles that are another style in red.
struct RedStyles {
    /// Number of the first new one: styles are numbered by their order, and new ones go behind.
    first: u32,
    /// The styles they are made from, in order of need. A cell without a style has style 0.
    of: Vec<u32>,
}

impl RedStyles {
    /// The number of a style in red.
    fn number(&mut self, style: u32) -> String {
        let at = self.of.iter().position(|each| *each == style).unwrap_or_else(|| {
            self.of.push(style);
            self.of.len() - 1
        });
        (self.first + u32::try_from(at).unwrap_or(0)).to_string()
    }

    /// The styles with one fill more, and each needed style once more with it.
    fn add_to(&self, styles: &str) -> Result<Vec<u8>> {
        let mut reader = Reader::from_str(styles);
        let mut writer = Writer::new(Vec::new());
        let (mut fills, mut place, mut formats) = (0u32, Place::Outside, Vec::<Vec<Event<'static>>>::new());
        let mut depth = 0;
        loop {
            let event = reader.read_event().map_err(|_| ReadError::Damaged)?.into_owned();
            match (&event, place) {
                (Event::Eof, _) => break,
                (Event::Start(e), Place::Outside) if e.local_name().as_ref() == "fills" => {
                    fills = attribute(e, "count").and_then(|text| text.parse().ok()).unwrap_or(0);
                    write(&mut writer, Event::Start(with(e, "count", &(fills + 1).to_string())))?;
                    place = Place::Fills;
                    continue;
                }
                (Event::End(e), Place::Fills) if e.local_name().as_ref() == "fills" => {
                    write_fill(&mut writer)?;
                    place = Place::Outside;
                }
                (Event::Start(e), Place::Outside) if e.local_name().as_ref() == "cellXfs" => {
                    let count: usize = attribute(e, "count").and_then(|text| text.parse().ok()).unwrap_or(0);
                    write(&mut writer, Event::Start(with(e, "count", &(count + self.of.len()).to_string())))?;
                    place = Place::Formats;
                    continue;
                }
                (Event::End(e), Place::Formats) if e.local_name().as_ref() == "cellXfs" => {
                    self.write_formats(&mut writer, &formats, fills)?;
                    place = Place::Outside;
                }
                (Event::Empty(e), Place::Formats) if depth == 0 && e.local_name().as_ref() == "xf" => {
                    formats.push(vec![event.clone()])
                }
                (Event::Start(_), Place::Formats) => {
                    if depth == 0 {
                        formats.push(Vec::new());
                    }
                    depth += 1;
                    formats.last_mut().into_iter().for_each(|format| format.push(event.clone()));
                }
                (Event::End(_), Place::Formats) => {
                    depth -= 1;
                    formats.last_mut().into_iter().for_each(|format| format.push(event.clone()));
                }
                (_, Place::Formats) if depth > 0 => formats.last_mut().into_iter().for_each(|format| format.push(event.clone())),
                _ => {}
            }
            write(&mut writer, event)?;
        }
        Ok(writer.into_inner())
    }

    fn write_formats(&self, writer: &mut Writer<Vec<u8>>, formats: &[Vec<Event<'static>>], fill: u32) -> Result<()> {
        for style in &self.of {
            let Some((first, rest)) = formats.get(*style as usize).and_then(|format| format.split_first()) else {
                return Err(ReadError::Damaged);
            };
            let red = |e: &BytesStart<'static>| with(&with(e, "fillId", &fill.to_string()), "applyFill", "1");
            match first {
                Event::Empty(e) => write(writer, Event::Empty(red(e)))?,
                Event::Start(e) => write(writer, Event::Start(red(e)))?,
                _ => {}
            }
            rest.iter().try_for_each(|event| write(writer, event.clone()))?;
        }
        Ok(())
    }
}

/// How many styles a workbook has.
fn count_formats(styles: &str) -> u32 {
    let mut reader = Reader::from_str(styles);
    let (mut is_inside, mut count) = (false, 0);
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Start(e) if e.local_name().as_ref() == "cellXfs" => is_inside = true,
            Event::Start(e) | Event::Empty(e) if is_inside && e.local_name().as_ref() == "xf" => count += 1,
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => break,
            Event::Eof => break,
            _ => {}
        }
    }
    count
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Outside,
    Fills,
    Formats,
}

fn write_fill(writer: &mut Writer<Vec<u8>>) -> Result<()> {
    let solid = BytesStart::new("patternFill").with_attributes([("patternType", "solid")]);
    let color = BytesStart::new("fgColor").with_attributes([("rgb", RED)]);
    write(writer, Event::Start(BytesStart::new("fill")))?;
    write(writer, Event::Start(solid))?;
    write(writer, Event::Empty(color))?;
    write(writer, Event::End(BytesEnd::new("patternFill")))?;
    write(writer, Event::End(BytesEnd::new("fill")))
}

/// The element with an attribute set.
fn with(element: &BytesStart<'_>, name: &str, value: &str) -> BytesStart<'static> {
    let mut changed = BytesStart::new(element.name().as_ref().to_owned());
    for each in element.attributes().flatten().filter(|each| each.key.local_name().as_ref() != name) {
        changed.push_attribute(each);
    }
    changed.push_attribute((name, value));
    changed.into_owned()
}

fn write(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<()> {
    writer.write_event(event).map_err(|_| ReadError::Damaged)
}

/// What is changed of a sheet.
struct Edit<'m> {
    marks: BTreeMap<u32, &'m Mark>,
    head: u32,
    /// Of the reasons.
    column: u32,
}

impl Edit<'_> {
    fn sheet(&self, xml: &str, red: &mut RedStyles, can_style: bool) -> Result<Vec<u8>> {
        let mut reader = Reader::from_str(xml);
        let mut writer = Writer::new(Vec::with_capacity(xml.len() + 4096));
        let (mut row, mut missing): (u32, Vec<u32>) = (0, Vec::new());
        let mut skipping = false;
        loop {
            let event = reader.read_event().map_err(|_| ReadError::Damaged)?;
            match &event {
                Event::Eof => return Ok(writer.into_inner()),
                Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "dimension" => continue,
                Event::End(e) if e.local_name().as_ref() == "dimension" => continue,
                Event::Start(e) if e.local_name().as_ref() == "row" => {
                    row = attribute(e, "r").and_then(|text| text.parse().ok()).unwrap_or(row + 1);
                    missing = self.marks.get(&row).map(|mark| mark.columns.clone()).unwrap_or_default();
                    missing.sort_unstable();
                    write(&mut writer, Event::Start(without(e, "spans")))?;
                    continue;
                }
                Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "c" => {
                    let column = attribute(e, "r").and_then(|place| column_of(&place));
                    let is_start = matches!(event, Event::Start(_));
                    if let Some(column) = column {
                        self.write_missing(&mut writer, row, &mut missing, column, red, can_style)?;
                        if column == self.column && (self.marks.contains_key(&row) || row == self.head) {
                            skipping = is_start;
                            continue;
                        }
                        let is_marked = self.marks.get(&row).is_some_and(|mark| mark.columns.contains(&column));
                        if is_marked && can_style {
                            let style = attribute(e, "s").and_then(|text| text.parse().ok()).unwrap_or(0);
                            let marked = with(e, "s", &red.number(style));
                            write(&mut writer, if is_start { Event::Start(marked) } else { Event::Empty(marked) })?;
                            continue;
                        }
                    }
                }
                Event::End(e) if skipping && e.local_name().as_ref() == "c" => {
                    skipping = false;
                    continue;
                }
                Event::End(e) if e.local_name().as_ref() == "row" => {
                    self.write_missing(&mut writer, row, &mut missing, u32::MAX, red, can_style)?;
                    self.write_reason(&mut writer, row, red, can_style)?;
                }
                _ if skipping => continue,
                _ => {}
            }
            if !skipping {
                write(&mut writer, event)?;
            }
        }
    }

    /// Cells at fault that the sheet does not have: a required one left blank.
    fn write_missing(
        &self,
        writer: &mut Writer<Vec<u8>>,
        row: u32,
        missing: &mut Vec<u32>,
        before: u32,
        red: &mut RedStyles,
        can_style: bool,
    ) -> Result<()> {
        while let Some(column) = missing.first().copied().filter(|column| *column <= before) {
            missing.remove(0);
            if column == before || column == self.column {
                continue;
            }
            if can_style {
                let mut cell = BytesStart::new("c");
                cell.push_attribute(("r", place(column, row).as_str()));
                cell.push_attribute(("s", red.number(0).as_str()));
                write(writer, Event::Empty(cell))?;
            }
        }
        Ok(())
    }

    fn write_reason(&self, writer: &mut Writer<Vec<u8>>, row: u32, red: &mut RedStyles, can_style: bool) -> Result<()> {
        let mark = self.marks.get(&row);
        let text = match mark {
            Some(mark) => mark.reason.as_str(),
            None if row == self.head => HEADING,
            None => return Ok(()),
        };
        let mut cell = BytesStart::new("c");
        cell.push_attribute(("r", place(self.column, row).as_str()));
        if can_style && mark.is_some() {
            cell.push_attribute(("s", red.number(0).as_str()));
        }
        cell.push_attribute(("t", "inlineStr"));
        write(writer, Event::Start(cell))?;
        write(writer, Event::Start(BytesStart::new("is")))?;
        write(writer, Event::Start(BytesStart::new("t")))?;
        write(writer, Event::Text(BytesText::new(text)))?;
        for end in ["t", "is", "c"] {
            write(writer, Event::End(BytesEnd::new(end)))?;
        }
        Ok(())
    }
}

fn without(element: &BytesStart<'_>, name: &str) -> BytesStart<'static> {
    let mut changed = BytesStart::new(element.name().as_ref().to_owned());
    for each in element.attributes().flatten().filter(|each| each.key.local_name().as_ref() != name) {
        changed.push_attribute(each);
    }
    changed.into_owned()
}

/// `C5` → 2.
fn column_of(place: &str) -> Option<u32> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters
        .fold(0u32, |number, letter| number.saturating_mul(26).saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1));
    number.checked_sub(1)
}

/// (2, 5) → `C5`.
fn place(column: u32, row: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), column + 1);
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{row}")
}
