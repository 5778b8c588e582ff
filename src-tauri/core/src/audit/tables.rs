//! Tables by themselves: the 合计 row is the sum (R1), rows are numbered through, and as many as the figures say (R5).

use super::Subject;
use super::finding::{AuditPlace, AuditSeverity, Draft, Findings};
use crate::records::{Kind, RecordRef};
use crate::report::document::{Annex, Block, Cell, CellValue, Table};
use crate::value::Fen;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for annex in &subject.document.annexes {
        let place = |row, column| AuditPlace::Cell { annex: annex.number, row, column };
        totals(&annex.table, &place, findings);
        serials(&annex.table, &place, findings);
        rows(subject, annex, findings);
    }
    for block in &subject.document.blocks {
        if let Block::Table { key, table, .. } = block {
            let place = |row, column| AuditPlace::TextCell { block: key.clone(), row, column };
            totals(table, &place, findings);
        }
    }
}

/// R1: what the 合计 row says is the sum of its column.
fn totals(table: &Table, place: &dyn Fn(Option<usize>, usize) -> AuditPlace, findings: &mut Findings) {
    for (column, total) in table.total.iter().flatten().enumerate() {
        let cells = || table.rows.iter().filter_map(|row| row.get(column));
        let (stated, sum) = match &total.value {
            CellValue::Count(stated) => (*stated, cells().map(count_of).sum::<i64>()),
            CellValue::Money(stated) => (stated.0, cells().map(|cell| money_of(cell).0).sum()),
            _ => continue,
        };
        if stated != sum {
            let shown = Cell::of(match total.value {
                CellValue::Money(_) => CellValue::Money(Fen(sum)),
                _ => CellValue::Count(sum),
            });
            findings.add(
                Draft::new("R1", AuditSeverity::Error, place(None, column))
                    .quote(total.text())
                    .says(format!("合计写的是{}，各行相加为{}", total.text(), shown.text()), "合计行应等于各行之和"),
            );
        }
    }
}

fn count_of(cell: &Cell) -> i64 {
    if let CellValue::Count(count) = cell.value { count } else { 0 }
}

fn money_of(cell: &Cell) -> Fen {
    if let CellValue::Money(fen) = cell.value { fen } else { Fen::ZERO }
}

/// R1: 序号 runs from 1 without a gap.
fn serials(table: &Table, place: &dyn Fn(Option<usize>, usize) -> AuditPlace, findings: &mut Findings) {
    if table.columns.first().is_none_or(|column| column.title != "序号") {
        return;
    }
    let numbered = table.rows.iter().enumerate().filter_map(|(at, row)| row.first().map(|cell| (at, cell)));
    for (at, cell) in numbered {
        let wanted = i64::try_from(at + 1).unwrap_or(0);
        if count_of(cell) != wanted {
            let message = format!("序号应为{wanted}，这里是{}", cell.text());
            findings.add(
                Draft::new("R1", AuditSeverity::Error, place(Some(at), 0))
                    .quote(cell.text())
                    .says(message, "序号应从1起连续编排"),
            );
            return;
        }
    }
}

/// R5: an annex has as many rows as its figure says.
fn rows(subject: &Subject<'_>, annex: &Annex, findings: &mut Findings) {
    let table = &annex.table;
    let kind = table.rows.iter().flatten().find_map(|cell| cell.record).map(|record| record.kind);
    let column = |title: &str| table.columns.iter().position(|column| column.title == title);
    let record_of = |row: &Vec<Cell>| row.iter().find_map(|cell| cell.record);
    let of_kind = |kind: Kind| table.rows.iter().filter(move |row| record_of(row).is_some_and(|record| record.kind == kind));
    let (key, counted): (&str, usize) = match kind {
        Some(Kind::Project) if column("总投资").is_some() => ("projects.count", of_kind(Kind::Project).count()),
        Some(Kind::Visit) => {
            let Some(times) = column("户次") else { return };
            ("visits.count", of_kind(Kind::Visit).filter(|row| row.get(times).is_some_and(|cell| count_of(cell) > 0)).count())
        }
        Some(Kind::Household) => {
            let mut households: Vec<RecordRef> = of_kind(Kind::Household).filter_map(record_of).collect();
            households.sort_unstable();
            households.dedup();
            ("coverage.target", households.len())
        }
        Some(Kind::Issue) => {
            let Some(raised) = column("提出日期") else { return };
            let in_period = |row: &&Vec<Cell>| {
                row.get(raised).is_some_and(|cell| matches!(cell.value, CellValue::Day(day) if subject.gathered.scope.holds(day)))
            };
            ("issues.raised", of_kind(Kind::Issue).filter(in_period).count())
        }
        _ => return,
    };
    let Some(figure) = subject.figures.get(key) else { return };
    let counted = i64::try_from(counted).unwrap_or(i64::MAX);
    if figure.value.number() != counted {
        let message = format!("附件中列出{counted}{}，“{}”为{}", figure.unit, figure.label, figure.in_words());
        findings.add(
            Draft::new("R5", AuditSeverity::Error, AuditPlace::Annex { annex: annex.number })
                .quote(&annex.title)
                .says(message, "附件列出的条数应与正文的数字一致")
                .records(&figure.records),
        );
    }
}
