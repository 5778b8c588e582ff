//! The annexes as a workbook: a sheet each, printed or not, with typed cells that can be sorted, filtered and summed.

use std::mem::{Discriminant, discriminant};

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use zhucun_core::report::document::{Align, Annex, Cell, CellValue, Column, Document, Table};

use crate::ExportError;
use crate::printable::is_printable;

/// Longest sheet name Excel takes, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// Longest text a cell takes, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// Space left and right of a cell's text, in digits.
pub(crate) const MARGIN: f64 = 1.5;
/// Height of a line of 宋体 11 pt, in points, with room for fonts that stand in for it.
pub(crate) const LINE: f64 = 17.0;
/// Most lines that fit a row: Excel's rows are at most 409 points high.
const MOST_LINES: u32 = 24;
/// Narrowest and widest column, in digits of the workbook's font.
pub(crate) const WIDTHS: (f64, f64) = (6.0, 40.0);
/// Paper size A4 in Excel's list.
const A4: u8 = 9;

/// The annexes as the bytes of an `.xlsx` file; the same document gives the same bytes.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, ExportError> {
    write(document).map_err(|error| ExportError::Typeset(error.to_string()))
}

fn write(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A seventh more to send by mail, in half the time.
    workbook.set_zip_compression_level(3);
    workbook.set_properties(&properties(document)?);
    let mut names = Vec::new();
    for annex in document.annexes.iter().filter(|annex| annex.photos.is_empty()) {
        let name = sheet_name(&annex.title, &names);
        fill(workbook.add_worksheet().set_name(&name)?, annex)?;
        names.push(name);
    }
    if names.is_empty() {
        workbook.add_worksheet().set_name("无附件")?.write_string(0, 0, "无附件")?;
    }
    workbook.save_to_buffer()
}

fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    let properties = &document.properties;
    let created = ExcelDateTime::parse_from_str(&properties.created.to_string())?;
    let described = DocProperties::new()
        .set_title(legal(&properties.title))
        .set_author(legal(&properties.author))
        .set_creation_datetime(&created);
    Ok(match &properties.fingerprint {
        Some(fingerprint) => described
            .set_keywords(format!("签发指纹 SHA-256 {fingerprint}"))
            .set_status("已签发")
            .set_custom_property("SHA-256", fingerprint.as_str()),
        None => described,
    })
}

/// One sheet: title, unit, head, rows, total.
fn fill(sheet: &mut Worksheet, annex: &Annex) -> Result<(), XlsxError> {
    let table = &annex.table;
    let (widths, mut formats) = (widths(table), Formats::default());
    let last_column = index(table.columns.len().saturating_sub(1));
    title(sheet, annex, last_column)?;
    let mut row = 1;
    if let Some(unit) = &table.unit {
        sheet.write_string_with_format(row, last_column, legal(unit), &base().set_align(FormatAlign::Right))?;
        row += 1;
    }
    let head = row;
    for (column, title) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(head, column, legal(&title.title), &head_format())?;
    }
    for (cells, bold) in table.rows.iter().map(|cells| (cells, false)).chain(table.total.iter().map(|cells| (cells, true))) {
        row += 1;
        // Not every program fits a row to its wrapped text by itself.
        sheet.set_row_height(row, f64::from(lines(cells, &widths)) * LINE)?;
        for ((column, kind), cell) in (0..).zip(&table.columns).zip(cells) {
            write_cell(sheet, (row, column), cell, formats.of(&cell.value, kind.align, bold))?;
        }
    }
    let last_row = row - u32::from(table.total.is_some());
    if !table.columns.is_empty() {
        sheet.autofilter(head, 0, last_row, last_column)?;
    }
    page(sheet, annex, head)?;
    (0..).zip(&widths).try_for_each(|(column, width)| sheet.set_column_width(column, *width).map(drop))
}

fn title(sheet: &mut Worksheet, annex: &Annex, last_column: u16) -> Result<(), XlsxError> {
    let format = base().set_font_size(16).set_bold().set_align(FormatAlign::Center).set_text_wrap();
    if last_column == 0 {
        sheet.write_string_with_format(0, 0, legal(&annex.title), &format)?;
    } else {
        sheet.merge_range(0, 0, 0, last_column, &legal(&annex.title), &format)?;
    }
    sheet.set_row_height(0, 30)?;
    Ok(())
}

/// Frozen head, and how the sheet comes out of the printer.
fn page(sheet: &mut Worksheet, annex: &Annex, head: u32) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(head + 1, 0)?;
    sheet.set_repeat_rows(head, head)?;
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_footer("&C第&P页，共&N页");
    if annex.landscape {
        sheet.set_landscape();
    } else {
        sheet.set_portrait();
    }
    Ok(())
}

/// Column widths in digits after the longest content; what is longer than the widest column wraps.
fn widths(table: &Table) -> Vec<f64> {
    let widest = |(position, column): (usize, &Column)| {
        let cells = table.rows.iter().chain(&table.total).filter_map(|cells| cells.get(position)).map(shown_width);
        let widest = cells.chain([width(&column.title) + 2]).max().unwrap_or_default();
        (digits(widest) + MARGIN).clamp(WIDTHS.0, WIDTHS.1)
    };
    table.columns.iter().enumerate().map(widest).collect()
}

/// How many lines the fullest cell of a row wraps to, at most as many as a row can be high.
fn lines(cells: &[Cell], widths: &[f64]) -> u32 {
    let wrapped = |(cell, column): (&Cell, &f64)| match &cell.value {
        CellValue::Text(text) => text.lines().map(|line| wrapped_lines(digits(width(line)), column - MARGIN)).sum(),
        _ => 1.0,
    };
    let most = cells.iter().zip(widths).map(wrapped).fold(1.0, f64::max);
    (1..MOST_LINES).find(|lines| f64::from(*lines) >= most).unwrap_or(MOST_LINES)
}

/// Lines that a text takes in a column, both in digits.
pub(crate) fn wrapped_lines(text: f64, column: f64) -> f64 {
    // A Chinese character that does not fit moves down whole: one digit of each line may stay empty.
    if text <= column { 1.0 } else { (text / (column - 1.0)).ceil() }
}

pub(crate) fn digits(width: usize) -> f64 {
    f64::from(u32::try_from(width).unwrap_or(u32::MAX))
}

fn write_cell(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    let (row, column) = at;
    match &cell.value {
        CellValue::Empty => sheet.write_blank(row, column, format)?,
        CellValue::Text(text) => sheet.write_string_with_format(row, column, legal(text), format)?,
        CellValue::Count(count) => sheet.write_number_with_format(row, column, *count as f64, format)?,
        CellValue::Money(fen) => sheet.write_number_with_format(row, column, fen.0 as f64 / 100.0, format)?,
        CellValue::Percent(points) => sheet.write_number_with_format(row, column, *points as f64 / 10_000.0, format)?,
        CellValue::Day(day) => match ExcelDateTime::parse_from_str(&day.to_string()) {
            Ok(day) => sheet.write_datetime_with_format(row, column, &day, format)?,
            // Before 1900 Excel knows no dates.
            Err(_) => sheet.write_string_with_format(row, column, cell.text(), format)?,
        },
    };
    Ok(())
}

/// Text of the workbook: 宋体 11 pt, in the middle of its row.
pub(crate) fn base() -> Format {
    Format::new().set_font_name("宋体").set_font_size(11).set_align(FormatAlign::VerticalCenter)
}

pub(crate) fn head_format() -> Format {
    base()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xD9_D9_D9))
}

/// The formats of a sheet's cells; a sheet has thousands of cells and a handful of formats.
#[derive(Default)]
struct Formats(Vec<(Discriminant<CellValue>, Align, bool, Format)>);

impl Formats {
    fn of(&mut self, value: &CellValue, align: Align, bold: bool) -> &Format {
        let kind = discriminant(value);
        let known = self.0.iter().position(|(each, at, is_bold, _)| (*each, *at, *is_bold) == (kind, align, bold));
        let place = known.unwrap_or_else(|| {
            self.0.push((kind, align, bold, cell_format(value, align, bold)));
            self.0.len() - 1
        });
        &self.0[place].3
    }
}

fn cell_format(value: &CellValue, align: Align, bold: bool) -> Format {
    let align = match align {
        Align::Left => FormatAlign::Left,
        Align::Center => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
    };
    let format = base().set_align(align).set_border(FormatBorder::Thin).set_num_format(match value {
        CellValue::Empty => "General",
        CellValue::Text(_) => "@",
        CellValue::Count(_) => "0",
        CellValue::Money(_) => "#,##0.00",
        CellValue::Percent(_) => "0.00%",
        CellValue::Day(_) => "yyyy-m-d",
    });
    let format = if matches!(value, CellValue::Text(_)) { format.set_text_wrap() } else { format };
    if bold { format.set_bold() } else { format }
}

/// A sheet's name: no character Excel forbids, at most 31 long, not yet used.
pub(crate) fn sheet_name(title: &str, used: &[String]) -> String {
    let forbidden = |c: char| !is_printable(c) || matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    let clean: String = title.chars().filter(|c| !forbidden(*c)).collect();
    let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") { "附件" } else { clean };
    let is_free = |name: &String| !used.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let numbered = (2u32..).map(|number| {
        let suffix = format!("（{number}）");
        cut(clean, LONGEST_NAME - suffix.chars().count()) + &suffix
    });
    std::iter::once(cut(clean, LONGEST_NAME)).chain(numbered).find(is_free).unwrap_or_default()
}

/// Text as a cell may hold it: no control characters but the line break, not longer than Excel takes.
pub(crate) fn legal(text: &str) -> String {
    let is_legal = |c: char| c == '\n' || is_printable(c);
    if text.len() <= LONGEST_TEXT && text.chars().all(is_legal) {
        return text.to_owned();
    }
    let spaced = text.chars().map(|c| if c == '\t' { ' ' } else { c });
    let kept: String = spaced.filter(|c| is_legal(*c)).collect();
    cut(&kept, LONGEST_TEXT)
}

/// The beginning of a text, at most `units` UTF-16 units.
fn cut(text: &str, units: usize) -> String {
    let mut left = units;
    text.chars().take_while(|c| left.checked_sub(c.len_utf16()).map(|rest| left = rest).is_some()).collect()
}

/// Width in digits: a Chinese character is two.
pub(crate) fn width(text: &str) -> usize {
    text.lines().map(|line| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()).max().unwrap_or(0)
}

/// Width of a cell as the sheet shows it: money with separators, days as digits.
fn shown_width(cell: &Cell) -> usize {
    match &cell.value {
        CellValue::Day(_) => "2026-12-31".len(),
        CellValue::Money(_) => {
            let digits = cell.text().len();
            digits + digits.saturating_sub(4) / 3
        }
        CellValue::Percent(_) => cell.text().len() + 3,
        _ => width(&cell.text()),
    }
}

fn index(position: usize) -> u16 {
    u16::try_from(position).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;
    use crate::fixture;

    fn parts(bytes: &[u8]) -> Vec<(String, String)> {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        (0..zip.len())
            .map(|index| {
                let mut part = zip.by_index(index).unwrap();
                let mut text = String::new();
                part.read_to_string(&mut text).unwrap();
                (part.name().unwrap().into_owned(), text)
            })
            .collect()
    }

    #[test]
    fn every_annex_is_a_sheet_without_formulas() {
        let parts = parts(&xlsx(&fixture::document()).unwrap());
        let sheets: Vec<_> = parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")).collect();
        assert_eq!(sheets.len(), 4);
        for (name, sheet) in sheets {
            assert!(!sheet.contains("<f>") && sheet.contains("<pane ySplit=") && sheet.contains("<autoFilter"), "{name}");
        }
        let strings = &parts.iter().find(|(name, _)| name.ends_with("sharedStrings.xml")).unwrap().1;
        assert!(strings.contains("<t>=cmd|'/C calc'!A0</t>") && strings.contains("&lt;b&gt;粗体"));
        assert!(!strings.contains('\0') && strings.contains("😀"));
    }

    #[test]
    fn cells_keep_their_types() {
        let parts = parts(&xlsx(&fixture::document()).unwrap());
        let sheet = &parts.iter().find(|(name, _)| name.ends_with("sheet2.xml")).unwrap().1;
        // Row 4 is the first under title, unit and head: 12 March 2026 is day 46093.
        assert!(sheet.contains("<v>46093</v>") && sheet.contains("<v>10000.5</v>") && sheet.contains("<v>0.755</v>"));
        let styles = &parts.iter().find(|(name, _)| name.ends_with("styles.xml")).unwrap().1;
        assert!(styles.contains("yyyy-m-d"));
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let document = fixture::document();
        assert_eq!(xlsx(&document).unwrap(), xlsx(&document).unwrap());
    }

    #[test]
    fn rows_are_as_high_as_their_text() {
        let row = |text: &str| lines(&[Cell::text_of(text)], &[21.5]);
        assert_eq!(row(&"字".repeat(10)), 1, "fills its column");
        assert_eq!(row(&"字".repeat(11)), 2);
        assert_eq!(row("一\n二\n三"), 3);
        assert_eq!(row(&"字".repeat(10_000)), MOST_LINES);
        assert_eq!(lines(&[Cell::of(CellValue::Empty)], &[6.0]), 1);
    }

    #[test]
    fn a_finalised_report_carries_its_fingerprint() {
        let mut document = fixture::document();
        document.properties.fingerprint = Some("0a".repeat(32));
        let found = parts(&xlsx(&document).unwrap());
        let says = |name: &str| found.iter().any(|(part, text)| part == name && text.contains(&"0a".repeat(32)));
        assert!(says("docProps/core.xml") && says("docProps/custom.xml"));
    }

    #[test]
    fn no_annexes_are_said_so() {
        let mut document = fixture::document();
        document.annexes.clear();
        let parts = parts(&xlsx(&document).unwrap());
        assert!(parts.iter().any(|(name, text)| name.ends_with("sharedStrings.xml") && text.contains("无附件")));
    }

    #[test]
    fn sheet_names_are_short_clean_and_unique() {
        let long = "长".repeat(40);
        let first = sheet_name(&long, &[]);
        assert_eq!(first.chars().count(), 31);
        let second = sheet_name(&long, std::slice::from_ref(&first));
        assert_eq!(second.chars().count(), 31);
        assert!(second.ends_with("（2）"));
        assert_eq!(sheet_name("a[b]:c*?/\\", &[]), "abc");
        assert_eq!(sheet_name("''", &[]), "附件");
    }
}
