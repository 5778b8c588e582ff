//! Where a document tells its figures: for the jump from a list to the page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::{Block, Document, Run, Table};
use crate::audit::AuditPlace;

/// A place that tells a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ToldPlace {
    /// Where it is.
    pub place: AuditPlace,
    /// The same in words.
    pub text: String,
}

/// The places of each figure that a document tells, in reading order; a table or annex counts once.
pub(super) fn places(document: &Document) -> BTreeMap<&str, Vec<ToldPlace>> {
    let mut told: BTreeMap<&str, Vec<ToldPlace>> = BTreeMap::new();
    let (mut heading, mut number) = ("开头".to_owned(), 0);
    for block in &document.blocks {
        match block {
            Block::Heading { key, runs, .. } => {
                heading = format!("“{}”", block.text());
                number = 0;
                in_runs(key, runs, &heading, &mut told);
            }
            Block::Paragraph { key, runs, .. } => {
                number += 1;
                in_runs(key, runs, &format!("{heading}第{number}段"), &mut told);
            }
            Block::Table { key, table, .. } => {
                let place = |row, column| AuditPlace::TextCell { block: key.clone(), row, column };
                in_table(table, &place, &format!("{heading}的表格"), &mut told);
            }
            _ => {}
        }
    }
    for annex in document.annexes.iter().filter(|annex| annex.printed) {
        let place = |row, column| AuditPlace::Cell { annex: annex.number, row, column };
        in_table(&annex.table, &place, &format!("附件{}《{}》", annex.number, annex.title), &mut told);
    }
    told
}

fn in_runs<'d>(block: &str, runs: &'d [Run], text: &str, told: &mut BTreeMap<&'d str, Vec<ToldPlace>>) {
    let mut from = 0;
    for run in runs {
        let to = from + run.text.chars().count();
        if let Some(key) = &run.figure {
            let place = AuditPlace::Block { block: block.to_owned(), from, to };
            told.entry(key).or_default().push(ToldPlace { place, text: text.to_owned() });
        }
        from = to;
    }
}

fn in_table<'d>(
    table: &'d Table,
    place: &dyn Fn(Option<usize>, usize) -> AuditPlace,
    text: &str,
    told: &mut BTreeMap<&'d str, Vec<ToldPlace>>,
) {
    let rows = table.rows.iter().enumerate().map(|(at, row)| (Some(at), row));
    for (at, row) in rows.chain(table.total.iter().map(|total| (None, total))) {
        for (column, cell) in row.iter().enumerate() {
            let Some(key) = &cell.figure else { continue };
            let places = told.entry(key).or_default();
            if places.iter().all(|known| known.text != text) {
                places.push(ToldPlace { place: place(at, column), text: text.to_owned() });
            }
        }
    }
}
