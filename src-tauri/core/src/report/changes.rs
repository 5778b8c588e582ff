//! 核对: which figures would differ today, and why — records added, taken away, changed since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::told::{self, ToldPlace};
use super::{Compiled, desk, freeze, seen};
use crate::error::{Error, Result};
use crate::figures::{Figure, FigureValue, Figures};
use crate::records::RecordRef;
use crate::records::report::Report;
use crate::storage::{LoggedChange, RecordTitle, Store, Stored};
use crate::value::{Fen, print_percent};

/// A figure that differs between two moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureDifference {
    /// Key of the figure.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// As it was printed; nothing where there was no such figure.
    pub before: Option<String>,
    /// As it would be printed now.
    pub after: Option<String>,
    /// By how much, with its sign and unit; empty where one side is missing.
    pub change: String,
    /// Records that count now and did not.
    pub added: Vec<RecordRef>,
    /// Records that counted and do not.
    pub removed: Vec<RecordRef>,
    /// Records that count in both.
    pub kept: Vec<RecordRef>,
}

/// What happened to a record behind a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordChange {
    /// The record.
    pub title: RecordTitle,
    /// `added`, `removed` or `changed`.
    #[ts(type = "\"added\" | \"removed\" | \"changed\"")]
    pub how: String,
    /// Who did what when; latest first.
    pub log: Vec<LoggedChange>,
}

/// A differing figure with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ExplainedDifference {
    /// The figure.
    pub figure: FigureDifference,
    /// The records that made it differ; empty where settings or categories did.
    pub causes: Vec<RecordChange>,
    /// Where the report tells it; empty where it does not.
    pub places: Vec<ToldPlace>,
}

/// How a report's figures stand against today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Verification {
    /// 签发日期, of a finalised report.
    pub finalised_on: Option<NaiveDate>,
    /// The moment that is compared with, RFC 3339; empty for a finalised report, and where nobody has looked yet.
    pub since: String,
    /// How many figures are the same.
    #[ts(type = "number")]
    pub same: usize,
    /// Those that differ.
    pub differences: Vec<ExplainedDifference>,
}

/// Figures that differ, in the order of the new ones, then those that are gone. Nothing and nought are the same.
pub fn differences(old: &[Figure], new: &[Figure]) -> Vec<FigureDifference> {
    let before: BTreeMap<&str, &Figure> = old.iter().map(|figure| (figure.key.as_str(), figure)).collect();
    let after: BTreeSet<&str> = new.iter().map(|figure| figure.key.as_str()).collect();
    let now = new.iter().map(|figure| (before.get(figure.key.as_str()).copied(), Some(figure)));
    let gone = old.iter().filter(|figure| !after.contains(figure.key.as_str())).map(|figure| (Some(figure), None));
    now.chain(gone).filter_map(|(before, after)| difference(before, after)).collect()
}

fn difference(before: Option<&Figure>, after: Option<&Figure>) -> Option<FigureDifference> {
    let number = |figure: Option<&Figure>| figure.map_or(0, |figure| figure.value.number());
    let words = |figure: Option<&Figure>| figure.map(Figure::in_words);
    let same = match (before, after) {
        (Some(before), Some(after)) => before.in_words() == after.in_words(),
        _ => number(before) == 0 && number(after) == 0,
    };
    let named = after.or(before)?;
    if same {
        return None;
    }
    let records = |figure: Option<&Figure>| {
        figure.map(|figure| figure.records.iter().copied().collect::<BTreeSet<_>>()).unwrap_or_default()
    };
    let (old, new) = (records(before), records(after));
    Some(FigureDifference {
        key: named.key.clone(),
        label: named.label.clone(),
        before: words(before),
        after: words(after),
        change: before.zip(after).map_or_else(String::new, |(before, after)| change(before, after)),
        added: new.difference(&old).copied().collect(),
        removed: old.difference(&new).copied().collect(),
        kept: new.intersection(&old).copied().collect(),
    })
}

/// `+12户`, `-1.5万元`, `+3.2个百分点`; empty where nothing changed or the two are of different kinds.
pub(super) fn change(before: &Figure, after: &Figure) -> String {
    let by = after.value.number() - before.value.number();
    if by == 0 || std::mem::discriminant(&before.value) != std::mem::discriminant(&after.value) {
        return String::new();
    }
    let sign = if by > 0 { "+" } else { "-" };
    let size = by.saturating_abs();
    let text = match after.value {
        FigureValue::Count(_) => format!("{size}{}", after.unit),
        FigureValue::Money(_) => Fen(size).in_words(),
        FigureValue::Percent(_) => format!("{}个百分点", print_percent(size).trim_end_matches('%')),
        FigureValue::Hundredths(_) => {
            Figure { value: FigureValue::Hundredths(size), approximate: false, ..after.clone() }.in_words()
        }
    };
    format!("{sign}{text}")
}

/// 核对 of a finalised report: what would differ if it were compiled today.
pub fn verify(store: Store<'_>, report: &Stored<Report>) -> Result<Verification> {
    if !report.draft.is_finalised() {
        return Err(Error::NotNow("只有签发稿才能核对，草稿随时按记录更新"));
    }
    let (frozen, seq) = freeze::load(store, report)?;
    let today = super::compile(store, &report.draft)?;
    let records: Vec<RecordRef> = frozen.records.iter().map(freeze::FrozenRecord::record).collect();
    let versions = store.versions(&records)?;
    let mut changed = store.changed_since(seq)?;
    changed.extend(frozen.records.iter().filter(|r| versions.get(&r.record()) != Some(&r.version)).map(|r| r.record()));
    let found = differences(&frozen.figures, today.figures.all());
    Ok(Verification {
        finalised_on: report.draft.finalised_on,
        since: String::new(),
        same: today.figures.all().len().saturating_sub(found.len()),
        differences: explained(store, found, &changed, seq, &today)?,
    })
}

/// What changed in a draft since it was marked as `seen` or `exported`; nothing where it never was.
pub fn changes_since(store: Store<'_>, report: &Stored<Report>, mark: &str) -> Result<Option<Verification>> {
    let known = match mark {
        "seen" => seen::seen_in_full(store, report.id)?,
        _ => match store.report_mark(report.id, mark)? {
            Some(mark) => {
                let figures = serde_json::from_str(&mark.figures)?;
                Some((mark, figures))
            }
            None => None,
        },
    };
    let Some((mark, mut figures)) = known else { return Ok(None) };
    let today = desk::open(store, report)?;
    assume_same_records(&mut figures, &today.figures);
    let found = differences(&figures, today.figures.all());
    let changed = store.changed_since(mark.seq)?;
    Ok(Some(Verification {
        finalised_on: None,
        since: mark.at,
        same: today.figures.all().len().saturating_sub(found.len()),
        differences: explained(store, found, &changed, mark.seq, &today)?,
    }))
}

/// Where the records behind a figure were too many to be remembered, those of today stand for them: what changed among them is
/// told all the same.
fn assume_same_records(figures: &mut [Figure], today: &Figures) {
    for figure in figures.iter_mut().filter(|figure| figure.records.is_empty() && figure.value.number() != 0) {
        if let Some(now) = today.get(&figure.key).filter(|now| now.records.len() > seen::MOST_RECORDS) {
            figure.records.clone_from(&now.records);
        }
    }
}

/// Most records that explain one figure: beyond them nobody reads on.
const MOST: usize = 60;

fn explained(
    store: Store<'_>,
    found: Vec<FigureDifference>,
    changed: &BTreeSet<RecordRef>,
    seq: i64,
    today: &Compiled,
) -> Result<Vec<ExplainedDifference>> {
    let places = told::places(&today.document);
    let explain = |figure: FigureDifference| {
        let kept = figure.kept.iter().filter(|record| changed.contains(record));
        let all = figure.added.iter().map(|record| (*record, "added"));
        let all = all.chain(figure.removed.iter().map(|record| (*record, "removed")));
        let all: Vec<_> = all.chain(kept.map(|record| (*record, "changed"))).take(MOST).collect();
        let titles = store.titles(&all.iter().map(|(record, _)| *record).collect::<Vec<_>>())?;
        let titles: BTreeMap<RecordRef, RecordTitle> =
            titles.into_iter().map(|title| (RecordRef { kind: title.kind, id: title.id }, title)).collect();
        let mut causes = Vec::new();
        for (record, how) in all {
            if let Some(title) = titles.get(&record) {
                let log = store.logged_since(record, seq)?;
                causes.push(RecordChange { title: title.clone(), how: how.to_owned(), log });
            }
        }
        let places = places.get(figure.key.as_str()).cloned().unwrap_or_default();
        Ok(ExplainedDifference { figure, causes, places })
    };
    found.into_iter().map(explain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Kind;

    fn figure(key: &str, value: FigureValue, records: &[RecordRef]) -> Figure {
        let (label, definition) = (key.to_owned(), String::new());
        Figure {
            key: key.to_owned(),
            label,
            value,
            unit: "户".to_owned(),
            definition,
            approximate: false,
            records: records.to_vec(),
        }
    }

    #[test]
    fn differences_say_from_what_to_what_and_by_which_records() {
        let record = |n: u8| RecordRef { kind: Kind::Visit, id: crate::value::Id::new(uuid::Uuid::from_bytes([n; 16])) };
        let old = [
            figure("a", FigureValue::Count(2), &[record(1), record(2)]),
            figure("b", FigureValue::Count(5), &[]),
            figure("gone", FigureValue::Count(1), &[]),
            figure("nought", FigureValue::Count(0), &[]),
        ];
        let new = [
            figure("a", FigureValue::Count(3), &[record(2), record(3), record(4)]),
            figure("b", FigureValue::Count(5), &[record(9)]),
            figure("new", FigureValue::Count(4), &[]),
        ];
        let found = differences(&old, &new);
        assert_eq!(found.iter().map(|d| d.key.as_str()).collect::<Vec<_>>(), ["a", "new", "gone"]);
        assert_eq!(
            (found[0].before.as_deref(), found[0].after.as_deref(), found[0].change.as_str()),
            (Some("2户"), Some("3户"), "+1户")
        );
        assert_eq!((found[0].added.as_slice(), found[0].removed.as_slice()), (&[record(3), record(4)][..], &[record(1)][..]));
        assert_eq!(found[0].kept, [record(2)]);
        assert_eq!((found[2].before.as_deref(), found[2].after.as_deref()), (Some("1户"), None));
    }

    #[test]
    fn changes_keep_their_unit() {
        let by = |before, after| change(&figure("x", before, &[]), &figure("x", after, &[]));
        use FigureValue::{Count, Hundredths, Money, Percent};
        assert_eq!(by(Count(5), Count(3)), "-2户");
        assert_eq!(by(Money(Fen::yuan(20_000)), Money(Fen::yuan(35_000))), "+1.5万元");
        assert_eq!(by(Percent(6667), Percent(7000)), "+3.33个百分点");
        assert_eq!(by(Hundredths(1050), Hundredths(1000)), "-0.5户");
        assert_eq!(by(Count(5), Count(5)), "");
        assert_eq!(by(Count(5), Percent(6)), "");
    }
}
