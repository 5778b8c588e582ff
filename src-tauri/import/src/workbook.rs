//! A workbook as it was read: sheets of rows of cells, with the numbers by which the user knows the rows.

use chrono::NaiveDateTime;

/// A workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// What kind of file it was.
    pub format: Format,
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
}

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// Excel 97–2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Separated text, with the name of its encoding.
    Text(&'static str),
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Rows that hold anything, by rising number.
    pub rows: Vec<SheetRow>,
    /// Merged areas.
    pub merges: Vec<Merge>,
    /// Hidden columns, A = 0.
    pub hidden_columns: Vec<u32>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetRow {
    /// Its number as the user sees it, from 1.
    pub number: u32,
    /// Its cells from column A; empty ones at the end are cut.
    pub cells: Vec<Cell>,
}

/// A cell's value. Formulas give their last value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(Box<str>),
    /// A number.
    Number(f64),
    /// A number that the sheet shows as a date.
    DateTime(NaiveDateTime),
    /// 真 or 假.
    Bool(bool),
    /// An error such as `#REF!`.
    Error(Box<str>),
}

/// A merged area; rows from 1, columns from A = 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub first_row: u32,
    /// First column.
    pub first_column: u32,
    /// Last row.
    pub last_row: u32,
    /// Last column.
    pub last_column: u32,
}

impl SheetRow {
    /// A cell; empty beyond the last.
    pub fn cell(&self, column: u32) -> &Cell {
        self.cells.get(column as usize).unwrap_or(&Cell::Empty)
    }
}

impl Sheet {
    /// The row of a number, if it holds anything.
    pub fn row(&self, number: u32) -> Option<&SheetRow> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get(at))
    }

    /// How many columns the widest row has.
    pub fn width(&self) -> u32 {
        self.rows.iter().map(|row| row.cells.len()).max().and_then(|width| u32::try_from(width).ok()).unwrap_or(0)
    }
}
