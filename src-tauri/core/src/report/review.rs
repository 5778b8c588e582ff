//! 核对稿: the report with a number behind every figure, and a table that says of each number what it counts and from which
//! records. The same figure has the same number wherever it stands.

use std::collections::HashMap;

use super::Compiled;
use super::document::{Align, Annex, Block, Cell, CellValue, Column, Document, Run, Table};
use crate::error::Result;
use crate::figures::{Figure, FigureValue};
use crate::storage::Store;
use crate::value::Masking;

/// How many records are named before 等…条.
const NAMED: usize = 6;
/// Title of the table at the end.
pub const TITLE: &str = "数字核对表";
/// What is put behind the report's title.
const SUFFIX: &str = "（核对稿）";

/// The variant for whoever checks the figures.
pub fn for_review(store: Store<'_>, compiled: &Compiled, masking: Masking) -> Result<Document> {
    let mut document = compiled.document.clone();
    document.properties.title.push_str(SUFFIX);
    document.title.push(SUFFIX.to_owned());
    let mut notes = Notes::default();
    for block in &mut document.blocks {
        match block {
            Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => notes.in_runs(runs),
            Block::Table { table, .. } => notes.in_table(table),
            _ => {}
        }
    }
    for annex in document.annexes.iter_mut().filter(|annex| annex.printed) {
        notes.in_table(&mut annex.table);
    }
    let number = document.annexes.iter().map(|annex| annex.number).max().unwrap_or(0) + 1;
    let table = notes.table(store, compiled, masking)?;
    if !table.rows.is_empty() {
        list_annex(&mut document);
        document.annexes.push(Annex {
            number,
            title: TITLE.to_owned(),
            landscape: true,
            printed: true,
            table,
            photos: Vec::new(),
        });
    }
    Ok(document)
}

/// 附件说明 names the table too.
fn list_annex(document: &mut Document) {
    let list = document.blocks.iter_mut().find_map(|block| match block {
        Block::AnnexList { items, .. } => Some(items),
        _ => None,
    });
    if let Some(items) = list {
        items.push(TITLE.to_owned());
    }
}

/// The numbers given so far, with the figure's text as it was first printed.
#[derive(Default)]
struct Notes {
    numbers: HashMap<String, u32>,
    order: Vec<(String, String)>,
}

impl Notes {
    fn number(&mut self, key: &str, printed: &str) -> u32 {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        self.order.push((key.to_owned(), printed.to_owned()));
        let number = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        self.numbers.insert(key.to_owned(), number);
        number
    }

    fn in_runs(&mut self, runs: &mut [Run]) {
        for run in runs {
            run.note = run.figure.clone().map(|key| self.number(&key, &run.text));
        }
    }

    fn in_table(&mut self, table: &mut Table) {
        for cell in table.rows.iter_mut().chain(&mut table.total).flatten() {
            let shown = cell.value != CellValue::Empty;
            cell.note = cell.figure.clone().filter(|_| shown).map(|key| self.number(&key, &cell.text()));
        }
    }

    fn table(&self, store: Store<'_>, compiled: &Compiled, masking: Masking) -> Result<Table> {
        let mut rows = Vec::new();
        for (at, (key, printed)) in self.order.iter().enumerate() {
            let Some(figure) = compiled.figures.get(key) else { continue };
            rows.push(vec![
                Cell::of(CellValue::Count(i64::try_from(at + 1).unwrap_or(0))),
                Cell::text_of(figure.label.clone()),
                Cell::text_of(with_unit(figure, printed)),
                Cell::text_of(figure.definition.clone()),
                Cell::text_of(records_of(store, figure, masking)?),
            ]);
        }
        let column = |title: &str, align, width| Column { title: title.to_owned(), align, width };
        let columns = vec![
            column("编号", Align::Center, 5),
            column("数字", Align::Left, 16),
            column("报告中", Align::Right, 11),
            column("口径", Align::Left, 32),
            column("依据的记录", Align::Left, 40),
        ];
        Ok(Table { unit: None, columns, rows, total: None })
    }
}

/// A cell of a table shows the bare number; here it is told with its unit.
fn with_unit(figure: &Figure, printed: &str) -> String {
    let is_bare = printed.chars().all(|c| c.is_ascii_digit() || c == '.');
    match figure.value {
        FigureValue::Money(_) if is_bare => format!("{printed}元"),
        _ if is_bare && figure.in_words().starts_with(printed) => figure.in_words(),
        _ => printed.to_owned(),
    }
}

/// The first records by name and how many there are. Their names name families, so a public notice gets the number alone.
fn records_of(store: Store<'_>, figure: &Figure, masking: Masking) -> Result<String> {
    let count = figure.records.len();
    if count == 0 {
        return Ok("没有记录".to_owned());
    }
    if masking == Masking::Public {
        return Ok(format!("{count}条记录"));
    }
    let first = figure.records.get(..NAMED.min(count)).unwrap_or_default();
    let titles: Vec<String> = store.titles(first)?.into_iter().map(|title| title.title).collect();
    let named = titles.join("；");
    Ok(if count > NAMED { format!("{named}等{count}条") } else { named })
}
