//! Tables in the text: the report's ledgers with the columns that an upright page holds, and the villages side by side.

use super::annexes;
use super::document::{Align, Cell, CellValue, Column, Table};
use super::hidden::Cleaner;
use crate::figures::{FigureValue, Figures, Gathered, VILLAGE_MEASURES};
use crate::value::Masking;

/// Of the annexes: title, and the columns that are told in the text. Lists of single visits and families are too long for it.
const OF_ANNEXES: &[(&str, &[&str])] = &[
    ("补贴申报汇总表", &["补贴项目", "申报件数", "申报金额", "批准件数", "发放件数", "发放金额"]),
    ("项目台账", &["项目名称", "资金来源", "总投资", "到位资金", "支付资金", "目前节点"]),
    ("问题台账", &["问题", "来源", "提出日期", "责任人", "状态"]),
    ("活动统计表", &["类型", "次数", "单位", "其他计数"]),
];

/// Title of the table that puts the villages side by side.
const VILLAGES: &str = "分村情况表";

/// The tables that have something to tell, by title.
pub(super) fn all(gathered: &Gathered, figures: &Figures, masking: Masking, cleaner: &Cleaner) -> Vec<(&'static str, Table)> {
    let annexes = annexes::tables(gathered, figures, masking, cleaner).into_iter();
    let narrowed = annexes.filter_map(|annex| {
        let (title, columns) = OF_ANNEXES.iter().find(|(title, _)| *title == annex.title)?;
        Some((*title, narrowed(annex.table, columns)))
    });
    narrowed.chain([(VILLAGES, villages(gathered, figures))]).filter(|(_, table)| !table.rows.is_empty()).collect()
}

/// A table with some of its columns.
fn narrowed(table: Table, wanted: &[&str]) -> Table {
    let at: Vec<usize> =
        wanted.iter().filter_map(|title| table.columns.iter().position(|column| column.title == *title)).collect();
    let cells = |row: &Vec<Cell>| at.iter().filter_map(|at| row.get(*at).cloned()).collect::<Vec<_>>();
    let total = table.total.as_ref().map(|total| {
        let mut kept = cells(total);
        // 合计 stood under 序号, which is gone.
        if let (Some(first), Some(label)) = (kept.first_mut(), total.first()) {
            *first = label.clone();
        }
        kept
    });
    Table {
        columns: at.iter().filter_map(|at| table.columns.get(*at).cloned()).collect(),
        rows: table.rows.iter().map(cells).collect(),
        unit: table.unit,
        total,
    }
}

fn villages(gathered: &Gathered, figures: &Figures) -> Table {
    let measures: Vec<_> = VILLAGE_MEASURES.iter().filter(|(key, ..)| figures.number(key) != 0).collect();
    let cell = |key: String| match figures.get(&key) {
        Some(figure) => match figure.value {
            FigureValue::Money(fen) => Cell::of(CellValue::Money(fen)).with_figure(key),
            value => Cell::of(CellValue::Count(value.number())).with_figure(key),
        },
        None => Cell::of(CellValue::Empty),
    };
    let row = |prefix: String, name: &str| {
        std::iter::once(Cell::text_of(name)).chain(measures.iter().map(|(key, ..)| cell(format!("{prefix}{key}")))).collect()
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    if gathered.villages.len() > 1 && !measures.is_empty() {
        rows.extend(gathered.villages.iter().map(|village| row(format!("village.{}.", village.id), &village.draft.name)));
        let is_told = measures.iter().any(|(key, ..)| figures.number(&format!("village.other.{key}")) != 0);
        rows.extend(is_told.then(|| row("village.other.".to_owned(), "其他")));
    }
    let head = |(_, label, unit): &&(&str, &str, &str)| Column {
        title: if unit.is_empty() { format!("{label}（元）") } else { (*label).to_owned() },
        align: Align::Right,
        width: 8,
    };
    let columns = std::iter::once(Column { title: "村".to_owned(), align: Align::Left, width: 10 });
    let total = row(String::new(), "合计");
    Table { unit: None, columns: columns.chain(measures.iter().map(head)).collect(), rows, total: Some(total) }
}
