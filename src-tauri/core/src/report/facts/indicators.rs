//! Indicators by category; one that is a part of another stands under it.

use serde::Serialize;

use crate::figures::{Gathered, IndicatorSum, indicator_sums};
use crate::outline::flat;
use crate::records::indicator::BaseKind;

#[derive(Serialize)]
pub(super) struct CategoryFacts {
    pub name: String,
    /// Names its block.
    pub key: String,
    pub indicators: Vec<IndicatorFacts>,
}

#[derive(Serialize)]
pub(super) struct IndicatorFacts {
    pub key: String,
    pub name: String,
    pub unit: String,
    /// Which figures there are.
    pub planned: bool,
    pub actual: bool,
    /// 上年同期, 上年末, 基数; empty where it is compared with nothing.
    pub compared: &'static str,
    /// 增加, 减少, or 持平.
    pub direction: &'static str,
    /// Whether the plan was reached.
    pub reached: bool,
    /// Whether it is a part of a whole that stands elsewhere.
    pub part: bool,
    /// Its parts.
    pub splits: Vec<IndicatorFacts>,
}

pub(super) fn all(gathered: &Gathered) -> Vec<CategoryFacts> {
    let sums = indicator_sums(gathered);
    let mut categories: Vec<CategoryFacts> = Vec::new();
    for (at, sum) in sums.iter().enumerate() {
        let Some(draft) = sum.draft() else { continue };
        if whole_of(&sums, at).is_some() {
            continue;
        }
        let mut facts = of(sum);
        let splits = (0..sums.len()).filter(|split| whole_of(&sums, *split) == Some(at));
        facts.splits = splits.filter_map(|split| sums.get(split)).map(of).collect();
        match categories.iter_mut().find(|category| category.name == draft.category) {
            Some(category) => category.indicators.push(facts),
            None => {
                let key = key_of(&draft.category, &categories);
                categories.push(CategoryFacts { name: draft.category.clone(), key, indicators: vec![facts] });
            }
        }
    }
    categories
}

/// Names its block in a report: as it is called, without the brackets between which names of blocks stand, and no other's.
fn key_of(category: &str, others: &[CategoryFacts]) -> String {
    let key = flat(category).replace(['[', ']'], "_");
    let taken = |key: &String| others.iter().any(|other| other.key == *key);
    let numbered = (2..).map(|nth| format!("{key}_{nth}"));
    std::iter::once(key.clone()).chain(numbered).find(|key| !taken(key)).unwrap_or(key)
}

/// The indicator of which another is a part: the same category and unit, and as much as the part's base.
fn whole_of(sums: &[IndicatorSum<'_>], part: usize) -> Option<usize> {
    let part = sums.get(part)?;
    let draft = part.draft().filter(|draft| draft.base_kind == BaseKind::Whole)?;
    let base = part.base?;
    let whole = |sum: &IndicatorSum<'_>| {
        let same = |other: &crate::records::indicator::Indicator| other.category == draft.category && other.unit == draft.unit;
        sum.actual == Some(base) && sum.draft().is_some_and(|other| same(other) && other.base_kind != BaseKind::Whole)
    };
    sums.iter().position(whole)
}

fn of(sum: &IndicatorSum<'_>) -> IndicatorFacts {
    let draft = sum.draft();
    let kind = draft.map(|draft| draft.base_kind).unwrap_or_default();
    let pair = sum.actual.zip(sum.base.filter(|base| *base > 0));
    IndicatorFacts {
        key: sum.key.clone(),
        name: draft.map_or_else(String::new, |draft| draft.name.clone()),
        unit: draft.map_or_else(String::new, |draft| draft.unit.clone()),
        planned: sum.planned.is_some_and(|planned| planned > 0),
        actual: sum.actual.is_some(),
        compared: match kind {
            _ if pair.is_none() => "",
            BaseKind::LastYear => "上年同期",
            BaseKind::YearEnd => "上年末",
            BaseKind::Other => "基数",
            BaseKind::Whole => "",
        },
        direction: match pair {
            Some((actual, base)) if actual > base => "增加",
            Some((actual, base)) if actual < base => "减少",
            _ => "持平",
        },
        reached: sum.actual.zip(sum.planned).is_some_and(|(actual, planned)| actual >= planned),
        part: kind == BaseKind::Whole && pair.is_some(),
        splits: Vec::new(),
    }
}
