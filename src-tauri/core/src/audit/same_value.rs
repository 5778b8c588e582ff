//! R5 One figure has one value, in text, tables and annexes.

use super::Subject;
use super::finding::{AuditFix, AuditPlace, AuditSeverity, Draft, Findings};
use super::text::{TextBlock, Texts, exact};
use crate::figures::{Figure, FigureValue, Figures};
use crate::prose;
use crate::report::document::{Block, Cell, CellValue, Table, text_of, without_number};

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    for block in &texts.blocks {
        text(subject.figures, block, findings);
    }
    for annex in &subject.document.annexes {
        let place = |row, column| AuditPlace::Cell { annex: annex.number, row, column };
        table(subject.figures, &annex.table, &place, findings);
    }
    for block in &subject.document.blocks {
        if let Block::Table { key, table: inner, .. } = block {
            let place = |row, column| AuditPlace::TextCell { block: key.clone(), row, column };
            table(subject.figures, inner, &place, findings);
        }
    }
    for edit in &subject.report.edits {
        stale(subject, texts, &edit.block, &edit.base, findings);
    }
}

/// R5: what a run prints is what its figure says.
fn text(figures: &Figures, block: &TextBlock, findings: &mut Findings) {
    for (from, to, key) in &block.figures {
        let printed = block.piece(*from, *to);
        let Some(figure) = figures.get(key) else {
            findings.add(
                Draft::new("R5", AuditSeverity::Error, block.place(*from, *to))
                    .quote(&printed)
                    .says(format!("“{printed}”已没有对应的记录"), "这个数字挂接的统计项已不存在，不能再核对"),
            );
            continue;
        };
        if figure.in_words() != printed {
            let fix = AuditFix::Link {
                block: block.key.clone(),
                from: *from,
                to: *to,
                figure: key.clone(),
                label: figure.label.clone(),
                text: figure.in_words(),
            };
            findings.add(
                Draft::new("R5", AuditSeverity::Error, block.place(*from, *to))
                    .quote(&printed)
                    .says(differs(&printed, figure), figure.definition.clone())
                    .records(&figure.records)
                    .fix(Some(fix)),
            );
        }
    }
}

fn differs(printed: &str, figure: &Figure) -> String {
    format!("这里写的是{printed}，“{}”按台账应为{}", figure.label, figure.in_words())
}

/// R5: what a cell shows is what its figure says.
fn table(figures: &Figures, table: &Table, place: &dyn Fn(Option<usize>, usize) -> AuditPlace, findings: &mut Findings) {
    let rows = table.rows.iter().enumerate().map(|(at, row)| (Some(at), row));
    for (at, row) in rows.chain(table.total.iter().map(|total| (None, total))) {
        for (column, cell) in row.iter().enumerate() {
            let figure = cell.figure.as_deref().map(|key| figures.get(key));
            match figure {
                Some(Some(figure)) if !shows(cell, figure) && !shows_without_unit(cell, figure, table, row, column) => findings
                    .add(
                        Draft::new("R5", AuditSeverity::Error, place(at, column))
                            .quote(cell.text())
                            .says(differs(&cell.text(), figure), figure.definition.clone())
                            .records(&figure.records),
                    ),
                Some(None) => findings.add(
                    Draft::new("R5", AuditSeverity::Error, place(at, column))
                        .quote(cell.text())
                        .says(format!("“{}”已没有对应的记录", cell.text()), "这个数字挂接的统计项已不存在，不能再核对"),
                ),
                _ => {}
            }
        }
        told_beside(figures, row, &|column| place(at, column), findings);
    }
}

fn shows(cell: &Cell, figure: &Figure) -> bool {
    match (&cell.value, figure.value) {
        (CellValue::Count(shown), FigureValue::Count(value) | FigureValue::Hundredths(value)) => *shown == value,
        (CellValue::Money(shown), FigureValue::Money(value)) => *shown == value,
        (CellValue::Percent(shown), FigureValue::Percent(value)) => *shown == value,
        (CellValue::Text(shown), _) => shown.contains(&figure.in_words()) && counts_of(shown).len() <= 1,
        _ => false,
    }
}

/// A number whose unit is said beside it, in its row or at the head of its column.
fn shows_without_unit(cell: &Cell, figure: &Figure, table: &Table, row: &[Cell], column: usize) -> bool {
    let CellValue::Text(shown) = &cell.value else { return false };
    let in_row = || row.iter().any(|other| matches!(&other.value, CellValue::Text(text) if *text == figure.unit));
    let in_head = || table.columns.get(column).is_some_and(|head| head.title.contains(&figure.unit));
    *shown == figure.bare() && (in_row() || in_head())
}

fn counts_of(text: &str) -> Vec<prose::Mention> {
    prose::read(text)
}

/// R5: the other counters of an activity's row, in words, are figures of the same type.
fn told_beside(figures: &Figures, row: &[Cell], place: &dyn Fn(usize) -> AuditPlace, findings: &mut Findings) {
    let events = row.iter().filter_map(|cell| cell.figure.as_deref()).find(|key| key.ends_with(".events"));
    let Some(family) = events.and_then(|key| key.strip_suffix("events")) else { return };
    let ours: Vec<&Figure> = figures.all().iter().filter(|figure| figure.key.starts_with(family)).collect();
    for (column, cell) in row.iter().enumerate() {
        let CellValue::Text(text) = &cell.value else { continue };
        if cell.figure.is_some() {
            continue;
        }
        for mention in prose::read(text) {
            let known = ours.iter().any(|figure| exact(figure) == (mention.quantity.value, mention.quantity.unit.clone()));
            if !known {
                let written: String = text.chars().take(mention.to).skip(mention.from).collect();
                let records = ours.first().map(|figure| figure.records.clone()).unwrap_or_default();
                findings.add(
                    Draft::new("R5", AuditSeverity::Error, place(column))
                        .quote(&written)
                        .says(format!("“{written}”与台账中这类工作的计数不符"), "同一行的计数都应由工作纪实合计得出")
                        .records(&records),
                );
            }
        }
    }
}

/// `stale`: the records behind a hand-written paragraph have changed since it was written.
fn stale(subject: &Subject<'_>, texts: &Texts, key: &str, base: &str, findings: &mut Findings) {
    let (Some(block), Some(runs)) = (texts.block(key), subject.replaced.get(key)) else { return };
    let now = text_of(runs);
    if without_number(&now) == without_number(base) {
        return;
    }
    let reason = format!("改写以后，这一段依据的记录有变化。程序现在会写：{now}");
    findings.add(
        Draft::new("stale", AuditSeverity::Warning, block.place(0, block.chars.len()))
            .quote(super::finding::start_of(&block.text))
            .says(format!("手写的一段可能已过时{}", changed_numbers(base, &now)), reason),
    );
}

/// `：58户→60户`, as far as the two texts tell the same things.
fn changed_numbers(before: &str, now: &str) -> String {
    let words = |text: &str| -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        prose::read(text).iter().map(|m| chars.iter().take(m.to).skip(m.from).collect()).collect()
    };
    let (before, now) = (words(before), words(now));
    if before.len() != now.len() {
        return String::new();
    }
    let changed: Vec<_> = before.iter().zip(&now).filter(|(a, b)| a != b).map(|(a, b)| format!("{a}→{b}")).collect();
    if changed.is_empty() { String::new() } else { format!("：{}", changed.join("、")) }
}
