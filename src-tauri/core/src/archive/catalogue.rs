//! 归档文件目录: one line a document, with its archive number and how long it is kept.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{Archive, ArchiveKind, Retention};
use crate::report::document::{Align, Annex, Cell, CellValue, Column, Document, Properties, Table};

/// A document that was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// What it is.
    pub kind: ArchiveKind,
    /// 题名.
    pub title: String,
    /// Its file, from the archive's folder on.
    pub file: String,
    /// 日期.
    pub day: NaiveDate,
    /// 页数, of what has pages.
    pub pages: Option<usize>,
    /// 备注 beside the file's name.
    pub note: String,
}

/// The catalogue as one document: its table is a sheet of the workbook and the pages of the PDF.
pub fn catalogue(archive: &Archive, entries: &[ArchiveEntry]) -> Document {
    let title = format!("{}年度归档文件目录", archive.request.year);
    let mut numbers = BTreeMap::new();
    let rows = (1..).zip(entries).map(|(at, entry)| row(archive, at, entry, &mut numbers)).collect();
    let table = Table { unit: None, columns: columns(), rows, total: None };
    Document {
        properties: Properties { title: title.clone(), author: archive.team.clone(), created: archive.until, fingerprint: None },
        title: Vec::new(),
        blocks: Vec::new(),
        annexes: vec![Annex { number: 0, title, landscape: true, printed: true, table, photos: Vec::new() }],
    }
}

fn columns() -> Vec<Column> {
    use Align::{Center, Left, Right};
    let columns = [
        ("序号", Center, 4),
        ("档号", Left, 18),
        ("文号", Left, 6),
        ("责任者", Left, 14),
        ("题名", Left, 28),
        ("日期", Center, 9),
        ("密级", Center, 5),
        ("页数", Right, 5),
        ("保管期限", Center, 11),
        ("备注", Left, 31),
    ];
    columns.into_iter().map(|(title, align, width)| Column { title: title.to_owned(), align, width }).collect()
}

/// Pieces are counted from 1 in each class of each sort of archive.
type Numbers = BTreeMap<(&'static str, &'static str), usize>;

fn row(archive: &Archive, at: i64, entry: &ArchiveEntry, numbers: &mut Numbers) -> Vec<Cell> {
    let retention = archive.request.retention_of(entry.kind);
    // The folders are told by what lies in them.
    let notes = [entry.file.rsplit('/').next().unwrap_or_default(), entry.note.as_str()];
    let day = entry.day;
    vec![
        Cell::of(CellValue::Count(at)),
        Cell::text_of(number(archive, entry.kind, retention, numbers)),
        Cell::of(CellValue::Empty),
        Cell::text_of(archive.team.clone()),
        Cell::text_of(entry.title.clone()),
        // Eight digits, as the rule has it.
        Cell::text_of(format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())),
        Cell::of(CellValue::Empty),
        Cell::of(entry.pages.and_then(|pages| i64::try_from(pages).ok()).map_or(CellValue::Empty, CellValue::Count)),
        Cell::text_of(retention.label()),
        Cell::text_of(notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("；")),
    ]
}

/// 档号: 全宗号-门类·年度-保管期限-件号; without a 全宗号 the archive puts its own before it.
fn number(archive: &Archive, kind: ArchiveKind, retention: Retention, numbers: &mut Numbers) -> String {
    let sort = if kind == ArchiveKind::Photos { "ZP" } else { "WS" };
    let nth = numbers.entry((sort, retention.code())).or_default();
    *nth += 1;
    let own = format!("{sort}·{}-{}-{nth:04}", archive.request.year, retention.code());
    let fonds = archive.request.fonds.trim();
    if fonds.is_empty() { own } else { format!("{fonds}-{own}") }
}
