//! The report as a document: blocks, runs and tables, ready to be printed by any renderer.
//!
//! A renderer (DOCX, PDF, preview, XLSX) reads this and nothing else. All words, numbering and masking are already
//! done, so that every rendering has the same text in the same order. A run or cell that shows a figure knows its key.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::records::RecordRef;
use crate::value::Fen;

/// 报告正文与附件。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Document {
    /// What the file's properties say.
    pub properties: Properties,
    /// 标题, one entry a line, broken at word boundaries.
    pub title: Vec<String>,
    /// 正文, in reading order.
    pub blocks: Vec<Block>,
    /// 附件, in the order of their numbers.
    pub annexes: Vec<Annex>,
}

/// 文档属性.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Properties {
    /// Title in one line.
    pub title: String,
    /// The work team that signs.
    pub author: String,
    /// 成文日期; renderers use it as creation date, so that writing the document twice gives the same bytes.
    pub created: NaiveDate,
    /// SHA-256 of the finalised report, in hexadecimal digits; a draft has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fingerprint: Option<String>,
}

/// One part of the text under the title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// 主送机关, with its closing colon.
    Addressee {
        /// Stable name of the block.
        key: String,
        /// The text.
        text: String,
    },
    /// 标题层级, with its number (一、 （一） 1. （1）) already in the text.
    Heading {
        /// Stable name of the block.
        key: String,
        /// 1 to 4.
        level: u8,
        /// The text.
        runs: Vec<Run>,
    },
    /// 正文段落.
    Paragraph {
        /// Stable name of the block; a hand-written text is kept under it.
        key: String,
        /// The text.
        runs: Vec<Run>,
        /// Whether the user wrote this text.
        edited: bool,
    },
    /// A table inside the text.
    Table {
        /// Stable name of the block.
        key: String,
        /// What stands above it, of a table that the user put in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        title: Option<String>,
        /// The table.
        table: Table,
    },
    /// Photos inside the text, one to four.
    Photos {
        /// Stable name of the block.
        key: String,
        /// The pictures, in reading order.
        photos: Vec<Photo>,
    },
    /// 附件说明: the names of the annexes, without number and closing punctuation.
    AnnexList {
        /// Stable name of the block.
        key: String,
        /// One name an annex.
        items: Vec<String>,
    },
    /// 署名和成文日期.
    SignOff {
        /// Stable name of the block.
        key: String,
        /// 署名.
        name: String,
        /// 成文日期, as printed.
        date: String,
    },
}

/// Text of one kind; a run with a figure shows exactly that figure, unit included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Run {
    /// What is printed.
    pub text: String,
    /// Key of the figure behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub figure: Option<String>,
    /// 核对稿: the figure's number in 数字核对表, printed small and raised behind the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<u32>,
}

impl Run {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Run { text: text.into(), figure: None, note: None }
    }

    /// A figure's printed form.
    pub fn figure(text: impl Into<String>, key: impl Into<String>) -> Self {
        Run { text: text.into(), figure: Some(key.into()), note: None }
    }
}

/// 附件: a titled table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Annex {
    /// 1, 2, 3 … as printed in 附件1; 0 for an annex that stands alone and carries no number.
    pub number: u32,
    /// Title, also the sheet's name.
    pub title: String,
    /// Whether the printed page lies across.
    pub landscape: bool,
    /// Whether it is printed in DOCX and PDF; every annex is a sheet of the workbook.
    pub printed: bool,
    /// The table; empty where the annex is 照片册.
    pub table: Table,
    /// 照片册: pictures with their captions, printed in place of the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Photo>>", optional)]
    pub photos: Vec<Photo>,
}

/// 照片 of the 照片册, or in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Photo {
    /// The picture; renderers alone need it, so it never crosses to the window.
    #[serde(skip)]
    #[ts(skip)]
    pub picture: Picture,
    /// What stands under it: 时间, 地点, 人物, 事件; each with its text. Without a name the text stands alone.
    pub caption: Vec<(String, String)>,
    /// The record it was taken of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub record: Option<RecordRef>,
    /// How many quarters the ledger's picture is turned clockwise to be seen like this.
    #[serde(default, skip_serializing_if = "is_nought")]
    #[ts(as = "Option<u8>", optional)]
    pub turned: u8,
}

fn is_nought(quarters: &u8) -> bool {
    *quarters == 0
}

/// A picture's bytes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// The file.
    pub bytes: Arc<[u8]>,
    /// Width in pixels, as shown.
    pub width: u32,
    /// Height in pixels, as shown.
    pub height: u32,
}

impl Photo {
    /// The caption in one line: `时间：2026年3月6日　地点：上石屯`.
    pub fn caption_text(&self) -> String {
        let line = |(label, text): &(String, String)| if label.is_empty() { text.clone() } else { format!("{label}：{text}") };
        self.caption.iter().map(line).collect::<Vec<_>>().join("　")
    }
}

/// 表格.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Table {
    /// What stands above the right end, such as 单位：元.
    pub unit: Option<String>,
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// 合计行, as long as `columns`.
    pub total: Option<Vec<Cell>>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Column {
    /// Head of the column.
    pub title: String,
    /// Where its cells' text stands.
    pub align: Align,
    /// Width as a share: this over the sum of all.
    pub width: u32,
}

/// Where a cell's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Text.
    Left,
    /// Serial numbers, dates, short marks.
    Center,
    /// Figures.
    Right,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Cell {
    /// What it holds.
    pub value: CellValue,
    /// Key of the figure it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub figure: Option<String>,
    /// The record it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub record: Option<RecordRef>,
    /// 核对稿: the figure's number in 数字核对表, printed small and raised behind the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<u32>,
}

/// A cell's content; spreadsheets keep its type, pages print [`Cell::text`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum CellValue {
    /// Nothing.
    Empty,
    /// Text, never a formula.
    Text(String),
    /// A whole number.
    Count(#[ts(type = "number")] i64),
    /// 金额, printed in 元 with two decimals.
    Money(Fen),
    /// 比率 in basis points: 1280 is 12.8%.
    Percent(#[ts(type = "number")] i64),
    /// A civil date, printed short as in the workbook: 2026-3-6.
    Day(NaiveDate),
}

impl Cell {
    /// A cell without figure or record.
    pub fn of(value: CellValue) -> Self {
        Cell { value, figure: None, record: None, note: None }
    }

    /// A text cell; empty text gives an empty cell.
    pub fn text_of(text: impl Into<String>) -> Self {
        let text = text.into();
        Cell::of(if text.is_empty() { CellValue::Empty } else { CellValue::Text(text) })
    }

    /// The same cell showing a figure.
    #[must_use]
    pub fn with_figure(mut self, key: impl Into<String>) -> Self {
        self.figure = Some(key.into());
        self
    }

    /// The same cell taken from a record.
    #[must_use]
    pub fn with_record(mut self, record: RecordRef) -> Self {
        self.record = Some(record);
        self
    }

    /// What a page prints.
    pub fn text(&self) -> String {
        match &self.value {
            CellValue::Empty => String::new(),
            CellValue::Text(text) => text.clone(),
            CellValue::Count(count) => count.to_string(),
            CellValue::Money(fen) => fen.two_decimals(),
            CellValue::Percent(basis_points) => crate::value::print_percent(*basis_points),
            CellValue::Day(day) => format!("{}-{}-{}", day.year(), day.month(), day.day()),
        }
    }
}

impl Run {
    /// The text with its note's number.
    pub fn noted_text(&self) -> String {
        noted(&self.text, self.note)
    }
}

impl Cell {
    /// What a page prints, with its note's number.
    pub fn noted_text(&self) -> String {
        noted(&self.text(), self.note)
    }
}

fn noted(text: &str, note: Option<u32>) -> String {
    note.map_or_else(|| text.to_owned(), |note| format!("{text}{note}"))
}

impl Document {
    /// The printed pictures, in reading order: those of the text, then those of the annexes.
    pub fn photos(&self) -> impl Iterator<Item = &Photo> {
        let in_text = self.blocks.iter().flat_map(|block| match block {
            Block::Photos { photos, .. } => photos.as_slice(),
            _ => &[],
        });
        in_text.chain(self.annexes.iter().filter(|annex| annex.printed).flat_map(|annex| &annex.photos))
    }

    /// The whole printed text, a line a block or table row: what every rendering must contain, in this order.
    pub fn plain_text(&self) -> Vec<String> {
        let mut lines = self.title.clone();
        for block in &self.blocks {
            block.push_text(&mut lines);
        }
        for annex in self.annexes.iter().filter(|annex| annex.printed) {
            if annex.number > 0 {
                lines.push(format!("附件{}", annex.number));
            }
            lines.push(annex.title.clone());
            if annex.photos.is_empty() {
                annex.table.push_text(&mut lines);
            }
            lines.extend(annex.photos.iter().map(Photo::caption_text));
        }
        lines
    }
}

impl Block {
    /// The block's stable name.
    pub fn key(&self) -> &str {
        match self {
            Block::Addressee { key, .. }
            | Block::Heading { key, .. }
            | Block::Paragraph { key, .. }
            | Block::Table { key, .. }
            | Block::Photos { key, .. }
            | Block::AnnexList { key, .. }
            | Block::SignOff { key, .. } => key,
        }
    }

    /// The block's text; of a table, a line a row.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        self.push_text(&mut lines);
        lines.join("\n")
    }

    fn push_text(&self, lines: &mut Vec<String>) {
        match self {
            Block::Addressee { text, .. } => lines.push(text.clone()),
            Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => {
                lines.push(runs.iter().map(Run::noted_text).collect());
            }
            Block::Table { title, table, .. } => {
                lines.extend(title.clone());
                table.push_text(lines);
            }
            Block::Photos { photos, .. } => lines.extend(photos.iter().map(Photo::caption_text)),
            Block::AnnexList { items, .. } => lines.extend(annex_list_lines(items)),
            Block::SignOff { name, date, .. } => lines.extend([name.clone(), date.clone()]),
        }
    }
}

impl Table {
    fn push_text(&self, lines: &mut Vec<String>) {
        lines.extend(self.unit.clone());
        lines.push(self.columns.iter().map(|column| column.title.as_str()).collect::<Vec<_>>().join("\t"));
        for row in self.rows.iter().chain(self.total.as_ref()) {
            lines.push(row.iter().map(Cell::noted_text).collect::<Vec<_>>().join("\t"));
        }
    }
}

/// The text of runs, joined.
pub fn text_of(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// A paragraph of a list without its number: `1.甲` is `甲`. Standing elsewhere in its list it says the same.
pub fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let words =
        rest.strip_prefix('.').filter(|words| rest.len() < text.len() && !words.starts_with(|c: char| c.is_ascii_digit()));
    words.unwrap_or(text)
}

/// 附件说明 as lines: `附件：1.甲`, `2.乙` …; a single annex carries no number.
pub fn annex_list_lines(items: &[String]) -> Vec<String> {
    match items {
        [] => Vec::new(),
        [only] => vec![format!("附件：{only}")],
        [first, rest @ ..] => std::iter::once(format!("附件：1.{first}"))
            .chain(rest.iter().enumerate().map(|(index, item)| format!("{}.{item}", index + 2)))
            .collect(),
    }
}
