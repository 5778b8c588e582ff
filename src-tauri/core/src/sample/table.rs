//! Reads the sample's tables: a line of explanation, a line of column names, then one record a line, cells between bars.

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::value::{Fen, parse_decimal};

/// A table.
pub(super) struct Table {
    columns: Vec<&'static str>,
    lines: Vec<&'static str>,
}

/// One line of a table.
pub(super) struct Line<'t> {
    columns: &'t [&'static str],
    cells: Vec<&'static str>,
}

impl Table {
    /// Takes a table's text apart.
    pub(super) fn read(text: &'static str) -> Self {
        let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let columns = lines.next().unwrap_or_default().split('|').collect();
        Table { columns, lines: lines.collect() }
    }

    /// The records.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|line| Line { columns: &self.columns, cells: line.split('|').collect() })
    }
}

impl Line<'_> {
    /// A cell; empty where nothing is known.
    pub(super) fn text(&self, column: &str) -> Result<&'static str> {
        let at = self.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.cells.get(at).copied()).ok_or_else(|| self.wrong(column))
    }

    /// A cell as a record's text field.
    pub(super) fn string(&self, column: &str) -> Result<String> {
        self.text(column).map(str::to_owned)
    }

    /// A cell with several entries.
    pub(super) fn list(&self, column: &str) -> Result<Vec<&'static str>> {
        Ok(self.text(column)?.split('、').filter(|entry| !entry.is_empty()).collect())
    }

    /// A day.
    pub(super) fn day(&self, column: &str) -> Result<NaiveDate> {
        day(self.text(column)?)
    }

    /// A day that may be missing.
    pub(super) fn day_if(&self, column: &str) -> Result<Option<NaiveDate>> {
        let text = self.text(column)?;
        if text.is_empty() { Ok(None) } else { day(text).map(Some) }
    }

    /// A number that may be missing.
    pub(super) fn number_if(&self, column: &str) -> Result<Option<i64>> {
        let text = self.text(column)?;
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| self.wrong(column)) }
    }

    /// A number.
    pub(super) fn number(&self, column: &str) -> Result<i64> {
        self.number_if(column)?.ok_or_else(|| self.wrong(column))
    }

    /// An amount in 元 that may be missing.
    pub(super) fn yuan_if(&self, column: &str) -> Result<Option<Fen>> {
        Ok(self.number_if(column)?.map(Fen::yuan))
    }

    /// A number with at most two decimals, in hundredths, that may be missing.
    pub(super) fn hundredths_if(&self, column: &str) -> Result<Option<i64>> {
        let text = self.text(column)?;
        if text.is_empty() { Ok(None) } else { parse_decimal(text, 2).map(Some).map_err(|_| self.wrong(column)) }
    }

    /// 是, 否 or unknown.
    pub(super) fn yes_if(&self, column: &str) -> Result<Option<bool>> {
        match self.text(column)? {
            "" => Ok(None),
            "是" => Ok(Some(true)),
            "否" => Ok(Some(false)),
            _ => Err(self.wrong(column)),
        }
    }

    /// That a cell cannot be read.
    pub(super) fn wrong(&self, column: &str) -> Error {
        Error::BadInput(format!("示例数据“{column}”一栏有误：{}", self.cells.join("|")))
    }
}

/// A day written `2026-06-30`.
pub(super) fn day(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| Error::BadInput(format!("示例数据中“{text}”不是日期")))
}
