//! What its reader has seen of a draft's figures: one that differs is lit up on the page until it is accepted.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::changes::{FigureDifference, differences};
use super::told::{self, ToldPlace};
use super::{Compiled, desk};
use crate::error::Result;
use crate::figures::Figure;
use crate::records::RecordRef;
use crate::records::report::Report;
use crate::storage::{FigureMark, Ledger, Store};
use crate::value::Id;

/// A figure of the text that changed since it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureChange {
    /// Key of the figure.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// As it was printed; nothing where there was no such figure.
    pub before: Option<String>,
    /// As it is printed now.
    pub after: Option<String>,
    /// Where the text and the printed annexes tell it.
    pub places: Vec<ToldPlace>,
}

/// Of a figure with more records than these only the number is remembered: nobody reads on through them.
pub(super) const MOST_RECORDS: usize = 2_000;

/// The figures that a document tells and that differ from what was seen; nothing where nobody has looked yet.
pub fn changed_figures(store: Store<'_>, report: Id, compiled: &Compiled) -> Result<Option<Vec<FigureChange>>> {
    let Some(mark) = store.seen_figures(report)? else { return Ok(None) };
    let seen: Vec<Figure> = serde_json::from_str(&mark.figures)?;
    let places = told::places(&compiled.document);
    let change = |found: FigureDifference| {
        let places = places.get(found.key.as_str())?.clone();
        let FigureDifference { key, label, before, after, .. } = found;
        Some(FigureChange { key, label, before, after, places })
    };
    Ok(Some(differences(&seen, compiled.figures.all()).into_iter().filter_map(change).collect()))
}

/// The figures as they were seen, with the records behind them.
pub(super) fn seen_in_full(store: Store<'_>, report: Id) -> Result<Option<(FigureMark, Vec<Figure>)>> {
    let Some(mark) = store.seen_figures(report)? else { return Ok(None) };
    let mut figures: Vec<Figure> = serde_json::from_str(&mark.figures)?;
    let mut records = records_of(store, report)?;
    for figure in &mut figures {
        figure.records.extend(records.remove(&figure.key).unwrap_or_default());
    }
    Ok(Some((mark, figures)))
}

fn records_of(store: Store<'_>, report: Id) -> Result<BTreeMap<String, Vec<RecordRef>>> {
    Ok(serde_json::from_str(&store.seen_records(report)?)?)
}

/// A figure without what makes it long.
fn bare(figure: &Figure) -> Figure {
    Figure { definition: String::new(), records: Vec::new(), ..figure.clone() }
}

fn few_records(figure: &Figure) -> Option<(String, Vec<RecordRef>)> {
    let few = !figure.records.is_empty() && figure.records.len() <= MOST_RECORDS;
    few.then(|| (figure.key.clone(), figure.records.clone()))
}

impl Ledger {
    /// All figures are seen as they stand.
    pub(super) fn see_figures(&mut self, report: Id, compiled: &Compiled) -> Result<()> {
        let all = compiled.figures.all();
        let figures: Vec<Figure> = all.iter().map(bare).collect();
        let records: BTreeMap<String, Vec<RecordRef>> = all.iter().filter_map(few_records).collect();
        self.put_seen(report, serde_json::to_string(&figures)?, serde_json::to_string(&records)?, None)
    }

    /// The figures that a report tells and that changed since they were seen. The first look sees them all.
    pub fn changed_figures(&mut self, report: Id, compiled: &Compiled) -> Result<Vec<FigureChange>> {
        match self.read(|store| changed_figures(store, report, compiled))? {
            Some(changed) => Ok(changed),
            None => self.see_figures(report, compiled).map(|()| Vec::new()),
        }
    }

    /// 接受 of some figures: they are seen as they stand; the others wait on. Can be undone.
    pub fn accept_figures(&mut self, id: Id, keys: &[String]) -> Result<()> {
        let report = self.store().get::<Report>(id)?;
        let compiled = self.read(|store| desk::open(store, &report))?;
        let Some(mark) = self.store().seen_figures(id)? else { return self.see_figures(id, &compiled) };
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let is_accepted = |figure: &Figure| keys.contains(figure.key.as_str());
        let mut figures: Vec<Figure> = serde_json::from_str(&mark.figures)?;
        let mut records = records_of(self.store(), id)?;
        figures.retain(|figure| !is_accepted(figure));
        records.retain(|key, _| !keys.contains(key.as_str()));
        let accepted = || compiled.figures.all().iter().filter(|figure| is_accepted(figure));
        figures.extend(accepted().map(bare));
        records.extend(accepted().filter_map(few_records));
        let (figures, records) = (serde_json::to_string(&figures)?, serde_json::to_string(&records)?);
        self.put_seen(id, figures, records, Some(mark))
    }
}
