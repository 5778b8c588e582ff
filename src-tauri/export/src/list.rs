//! A list as it is seen, as a workbook: its name, what narrows it, the columns shown in their order, typed cells. Rows go
//! to the file as they come, so that a hundred thousand of them need little memory.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::storage::{ListCell, ListTable};
use zhucun_core::value::Period;

use crate::ExportError;
use crate::xlsx::{LINE, MARGIN, WIDTHS, base, digits, head_format, legal, sheet_name, width, wrapped_lines};

/// What the sheet says beside the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListSheet {
    /// The list's name.
    pub title: String,
    /// What narrows it, in words; a line each.
    pub notes: Vec<String>,
    /// The columns shown, in their order.
    pub columns: Vec<ListSheetColumn>,
}

/// A column of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListSheetColumn {
    /// The list's key.
    pub key: String,
    /// 表头.
    pub heading: String,
    /// How its values are written.
    pub format: ListFormat,
    /// What codes are called, where the column holds codes.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
}

/// How a column's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListFormat {
    /// Text, or the name of a code.
    Text,
    /// A day.
    Day,
    /// A day and time.
    Moment,
    /// A whole number.
    Int,
    /// 分 as 元.
    Yuan,
    /// 分 as 万元.
    Wan,
    /// Hundredths of a per cent.
    Percent,
    /// Hundredths.
    Hundredths,
    /// A half-year.
    Period,
}

/// Called with rows done and in all; false stops the work.
pub type Progress<'p> = &'p mut dyn FnMut(usize, usize) -> bool;

/// Rows between two calls of the progress.
const STRIDE: usize = 500;
/// Rows that decide how wide the columns are.
const MEASURED: usize = 2000;
/// Most lines of a row: a list is for looking over, the record tells the rest.
const MOST_LINES: f64 = 4.0;
/// Rows that a sheet of Excel holds.
const MOST_ROWS: usize = 1_048_576;

/// A list as the bytes of an `.xlsx` file.
pub fn list_xlsx(sheet: &ListSheet, table: &ListTable, day: NaiveDate, progress: Progress<'_>) -> Result<Vec<u8>, ExportError> {
    if table.row_count() + sheet.notes.len() + 3 > MOST_ROWS {
        return Err(ExportError::TooLong);
    }
    write(sheet, table, day, progress).map_err(|error| ExportError::Typeset(error.to_string()))?.ok_or(ExportError::Cancelled)
}

fn write(sheet: &ListSheet, table: &ListTable, day: NaiveDate, progress: Progress<'_>) -> Result<Option<Vec<u8>>, XlsxError> {
    let mut workbook = Workbook::new();
    let worksheet = workbook.add_worksheet_with_constant_memory()?;
    worksheet.set_name(sheet_name(&sheet.title, &[]))?;
    let columns: Vec<Writer<'_>> = sheet.columns.iter().map(Writer::of).collect();
    let widths = widths(&columns, table);
    for (at, width) in (0..).zip(&widths) {
        worksheet.set_column_width(at, *width)?;
    }
    let head = beginning(worksheet, sheet, table.row_count(), day)?;
    for row in 0..table.row_count() {
        if row.is_multiple_of(STRIDE) && !progress(row, table.row_count()) {
            return Ok(None);
        }
        let line = head + 1 + u32::try_from(row).unwrap_or(u32::MAX);
        let mut lines = 1f64;
        for (at, column) in columns.iter().enumerate() {
            let place = (line, u16::try_from(at).unwrap_or(u16::MAX));
            lines = lines.max(column.write(worksheet, place, table.cell(row, at), widths[at])?);
        }
        worksheet.set_row_height(line, lines.min(MOST_LINES) * LINE)?;
    }
    progress(table.row_count(), table.row_count());
    workbook.save_to_buffer().map(Some)
}

/// Title, what narrows the list, the day, and the head; answers with the head's row.
fn beginning(worksheet: &mut Worksheet, sheet: &ListSheet, rows: usize, day: NaiveDate) -> Result<u32, XlsxError> {
    let last = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let title = base().set_font_size(16).set_bold().set_align(FormatAlign::Center);
    let note = base().set_align(FormatAlign::Left);
    let said = format!("共{rows}条　导出日期：{}", zhucun_core::value::print_day(day));
    let lines = [(&sheet.title, &title)].into_iter().chain(sheet.notes.iter().chain([&said]).map(|line| (line, &note)));
    let mut row = 0;
    for (text, format) in lines {
        if last == 0 {
            worksheet.write_string_with_format(row, 0, legal(text), format)?;
        } else {
            worksheet.merge_range(row, 0, row, last, &legal(text), format)?;
        }
        worksheet.set_row_height(row, if row == 0 { 30.0 } else { LINE + 3.0 })?;
        row += 1;
    }
    for (at, column) in (0..).zip(&sheet.columns) {
        worksheet.write_string_with_format(row, at, legal(&column.heading), &head_format())?;
    }
    worksheet.set_freeze_panes(row + 1, 0)?;
    worksheet.set_repeat_rows(row, row)?;
    let last_row = row + u32::try_from(rows).unwrap_or(u32::MAX);
    worksheet.autofilter(row, 0, last_row, last)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C第&P页，共&N页");
    Ok(row)
}

/// A column with its cell format made once.
struct Writer<'s> {
    column: &'s ListSheetColumn,
    format: Format,
    text: Format,
}

impl<'s> Writer<'s> {
    fn of(column: &'s ListSheetColumn) -> Self {
        let base = || base().set_border(FormatBorder::Thin);
        let (align, number) = match column.format {
            ListFormat::Text | ListFormat::Period => (FormatAlign::Left, "0"),
            ListFormat::Day => (FormatAlign::Right, "yyyy-m-d"),
            ListFormat::Moment => (FormatAlign::Right, "yyyy-m-d hh:mm"),
            ListFormat::Int => (FormatAlign::Right, "0"),
            ListFormat::Yuan => (FormatAlign::Right, "#,##0.00"),
            ListFormat::Wan => (FormatAlign::Right, "#,##0.00####"),
            ListFormat::Percent => (FormatAlign::Right, "0.00%"),
            ListFormat::Hundredths => (FormatAlign::Right, "General"),
        };
        Writer {
            column,
            format: base().set_align(align).set_num_format(number),
            text: base().set_align(FormatAlign::Left).set_num_format("@").set_text_wrap(),
        }
    }

    /// Writes a cell; answers with the lines that it takes.
    fn write(&self, sheet: &mut Worksheet, at: (u32, u16), cell: ListCell<'_>, wide: f64) -> Result<f64, XlsxError> {
        let (row, column) = at;
        match (cell, self.column.format) {
            (ListCell::Empty | ListCell::Text(""), _) => sheet.write_blank(row, column, &self.format)?,
            (ListCell::Number(number), format) => {
                // Amounts below a hundred million 元 are exact in a cell's double.
                let value = number as f64 / divisor(format);
                sheet.write_number_with_format(row, column, value, &self.format)?
            }
            (ListCell::Text(text), format) => match moment(text, format) {
                Some(moment) => sheet.write_datetime_with_format(row, column, &moment, &self.format)?,
                None => {
                    let shown = self.shown(text);
                    sheet.write_string_with_format(row, column, legal(&shown), &self.text)?;
                    let lines = shown.lines().map(|line| wrapped_lines(digits(width(line)), wide - MARGIN));
                    return Ok(lines.sum::<f64>().max(1.0));
                }
            },
        };
        Ok(1.0)
    }

    fn shown(&self, text: &str) -> String {
        match self.column.format {
            ListFormat::Period => Period::parse(text).map_or_else(|| text.to_owned(), Period::in_words),
            _ => self.column.names.get(text).cloned().unwrap_or_else(|| text.to_owned()),
        }
    }

    /// Width of a cell's content in digits.
    fn wide(&self, cell: ListCell<'_>) -> usize {
        match (cell, self.column.format) {
            (ListCell::Empty, _) => 0,
            (ListCell::Text(_), ListFormat::Day) => "2026-12-31".len(),
            (ListCell::Text(_), ListFormat::Moment) => "2026-12-31 23:59".len(),
            (ListCell::Text(text), _) => width(&self.shown(text)),
            (ListCell::Number(number), format) => {
                let digits = number.to_string().len();
                digits + digits / 3 + if divisor(format) > 1.0 { 2 } else { 0 }
            }
        }
    }
}

fn divisor(format: ListFormat) -> f64 {
    match format {
        ListFormat::Yuan | ListFormat::Hundredths => 100.0,
        ListFormat::Wan => 1_000_000.0,
        ListFormat::Percent => 10_000.0,
        _ => 1.0,
    }
}

/// A day or moment as Excel counts it; nothing where the text is none, or lies before Excel's days.
fn moment(text: &str, format: ListFormat) -> Option<ExcelDateTime> {
    match format {
        ListFormat::Day => ExcelDateTime::parse_from_str(text).ok().filter(|_| text.len() == 10),
        ListFormat::Moment => {
            let zone = FixedOffset::east_opt(8 * 3600)?;
            let local = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&zone);
            ExcelDateTime::parse_from_str(&local.format("%Y-%m-%dT%H:%M:%S").to_string()).ok()
        }
        _ => None,
    }
}

/// Column widths in digits, after the first rows and the head.
fn widths(columns: &[Writer<'_>], table: &ListTable) -> Vec<f64> {
    let rows = table.row_count().min(MEASURED);
    let widest = |(at, column): (usize, &Writer<'_>)| {
        let cells = (0..rows).map(|row| column.wide(table.cell(row, at)));
        let widest = cells.chain([width(&column.column.heading) + 3]).max().unwrap_or_default();
        (digits(widest) + MARGIN).clamp(WIDTHS.0, WIDTHS.1)
    };
    columns.iter().enumerate().map(widest).collect()
}
