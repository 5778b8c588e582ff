//! .csv and other separated text: UTF-8 with or without its mark, UTF-16 with it, GB 18030.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{OnRows, Rows, text_cell};
use crate::error::{ReadError, Result};
use crate::guard::{Budget, Limits};
use crate::workbook::{Format, Sheet, Workbook};

/// The one sheet of a text file.
pub const SHEET: &str = "表格";

/// Longest text file; held decoded as a whole.
const LONGEST: usize = 24 << 20;

pub(super) fn read(bytes: &[u8], only: Option<&str>, limits: &Limits, on_rows: OnRows<'_>) -> Result<Workbook> {
    if bytes.len() > LONGEST {
        return Err(ReadError::TooLarge { limit: 24 });
    }
    let (text, encoding) = decode(bytes)?;
    check_is_table(&text)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(&text)).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut budget = Budget::new(limits);
    let sheet = Sheet { name: SHEET.to_owned(), ..Sheet::default() };
    let mut rows = Rows { sheet, budget: &mut budget, on_rows };
    let mut record = csv::StringRecord::new();
    // Rows are numbered as a spreadsheet numbers them: a line break inside quotes begins no new row, a blank line is one.
    let (mut number, mut line) = (0u32, 1u64);
    while reader.read_record(&mut record).map_err(|_| ReadError::Damaged)? {
        let started = record.position().map_or(line, csv::Position::line);
        number += 1 + u32::try_from(started.saturating_sub(line)).unwrap_or(0);
        line = reader.position().line();
        rows.push(number, record.iter().map(text_cell).collect())?;
    }
    let sheets = if only.is_none_or(|name| name == SHEET) { vec![rows.sheet] } else { Vec::new() };
    Ok(Workbook { format: Format::Text(encoding), sheets })
}

fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str)> {
    let (encoding, rest): (&'static Encoding, &[u8]) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (GB18030, bytes),
    };
    if ![UTF_16LE, UTF_16BE].contains(&encoding) && rest.contains(&0) {
        return Err(ReadError::NotATable);
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(rest);
    if had_errors { Err(ReadError::NotATable) } else { Ok((text, encoding.name())) }
}

/// A web page or a picture of text is no table.
fn check_is_table(text: &str) -> Result<()> {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<html") || start.starts_with("<!doctype") || start.starts_with("<table") || start.starts_with("<?xml") {
        return Err(ReadError::WebPage);
    }
    let controls = text.chars().take(4096).filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if start.starts_with("%pdf") || controls > 4 { Err(ReadError::NotATable) } else { Ok(()) }
}

/// The separator that most of the first lines hold.
fn delimiter(text: &str) -> u8 {
    let count = |separator: char| text.lines().take(30).map(|line| line.matches(separator).count()).sum::<usize>();
    let all = [(',', b','), ('\t', b'\t'), (';', b';')];
    all.into_iter().rev().max_by_key(|(separator, _)| count(*separator)).map_or(b',', |(_, byte)| byte)
}
