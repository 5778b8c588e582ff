//! 批量修改: the same change of many records, as one operation that is undone as one. Every record passes its own rules;
//! one that they refuse stays as it is and is named with the reason.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use super::{Kind, Record, RecordRef, for_each_kind};
use crate::error::{Error, Finding, Result};
use crate::storage::{Kept, Ledger, Op, Tx};
use crate::value::Id;

/// A field that makes sense for many records at once; a record file names its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct BatchField {
    /// The field's name in the draft.
    pub path: &'static str,
    /// How it is changed.
    pub how: BatchHow,
}

/// How a field is changed in many records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchHow {
    /// It gets the value.
    Set,
    /// Entries are added to its list or taken out.
    List,
    /// Entries with a first and a last day: one begins on a day, or ends on it.
    Dated,
}

impl BatchField {
    /// A field that gets a value.
    pub const fn set(path: &'static str) -> Self {
        BatchField { path, how: BatchHow::Set }
    }

    /// A list of which entries are added or taken out.
    pub const fn list(path: &'static str) -> Self {
        BatchField { path, how: BatchHow::List }
    }

    /// A list of dated facts.
    pub const fn dated(path: &'static str) -> Self {
        BatchField { path, how: BatchHow::Dated }
    }
}

/// What is done to one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BatchChange {
    /// [`BatchField::path`].
    pub path: String,
    /// Set, or added to or taken from a list.
    pub action: BatchAction,
    /// The new value; for a list the entries.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// What happens to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchAction {
    /// The value takes the place of the old one.
    Set,
    /// The entries are added where they are missing.
    Add,
    /// The entries are taken out; dated ones end.
    Remove,
}

/// A change of many records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BatchRequest {
    /// Which record type.
    pub kind: Kind,
    /// Which records.
    pub ids: Vec<Id>,
    /// The changes, all of them to each record.
    pub changes: Vec<BatchChange>,
    /// The day on which it holds: of dated facts and of steps reached.
    pub day: NaiveDate,
    /// Why soft findings are right all the same; one reason for all.
    #[serde(default)]
    pub reason: String,
    /// Whether the rest is changed where rules refuse some records; else nothing is.
    #[serde(default)]
    pub skip_refused: bool,
}

/// What a change of many records comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct BatchOutcome {
    /// Records that change.
    pub changed: u32,
    /// Records that are so already.
    pub unchanged: u32,
    /// Records that the rules refuse.
    pub refused: u32,
    /// Records with soft findings: they change once a reason is given.
    pub questioned: u32,
    /// The first of the refused, with why.
    pub refusals: Vec<BatchRefusal>,
    /// The soft findings in words, and how many records have them.
    pub questions: Vec<BatchQuestion>,
    /// Whether it was done.
    pub done: bool,
    /// Kinds of which a record changed.
    #[serde(rename = "kinds")]
    pub changed_kinds: BTreeSet<Kind>,
}

/// A record that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BatchRefusal {
    /// The record.
    pub id: Id,
    /// How it is called.
    pub title: String,
    /// Why, in Chinese.
    pub messages: Vec<String>,
}

/// A soft finding over many records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BatchQuestion {
    /// What to look at.
    pub message: String,
    /// In how many records.
    pub count: u32,
}

/// Called with records done and in all; false stops the work and takes it back.
pub type BatchProgress<'p> = &'p mut dyn FnMut(usize, usize) -> bool;

/// Most refused records that are named.
const MOST_NAMED: usize = 200;
/// Records between two calls of the progress.
const STRIDE: usize = 50;

/// The fields of a kind that may be changed in many records.
pub fn batch_fields(kind: Kind) -> &'static [BatchField] {
    for_each_kind!(kind, R => R::BATCH)
}

impl Ledger {
    /// What a change of many records would come to; nothing is changed.
    pub fn rehearse_batch(&mut self, request: &BatchRequest, progress: BatchProgress<'_>) -> Result<BatchOutcome> {
        check_request(request)?;
        // Asked for a reason, the rules would hide what comes after: any reason will do to see what would happen.
        let request = BatchRequest { reason: "核对".to_owned(), ..request.clone() };
        self.rehearse(|tx| for_each_kind!(request.kind, R => run::<R>(tx, &request, progress)))
    }

    /// Changes many records in one operation.
    pub fn batch(&mut self, request: &BatchRequest, progress: BatchProgress<'_>) -> Result<BatchOutcome> {
        check_request(request)?;
        let mut held = None;
        let done = self.transact(Op::Batch(request.kind), |tx| {
            let outcome = for_each_kind!(request.kind, R => run::<R>(tx, request, progress))?;
            if outcome.refused > 0 && !request.skip_refused {
                held = Some(outcome);
                return Err(Error::Cancelled);
            }
            Ok(outcome)
        });
        match (done, held) {
            (Ok(done), _) => Ok(BatchOutcome { done: true, changed_kinds: done.changed, ..done.value }),
            (Err(_), Some(outcome)) => Ok(outcome),
            (Err(error), None) => Err(error),
        }
    }
}

/// Only named fields, each in its own way, and none twice.
fn check_request(request: &BatchRequest) -> Result<()> {
    let fields = batch_fields(request.kind);
    let mut seen = BTreeSet::new();
    for change in &request.changes {
        let field = fields.iter().find(|field| field.path == change.path);
        let fits = match (field.map(|field| field.how), change.action) {
            (Some(BatchHow::Set), BatchAction::Set) => true,
            (Some(BatchHow::List | BatchHow::Dated), BatchAction::Add | BatchAction::Remove) => change.value.is_array(),
            _ => false,
        };
        // A list may be added to and taken from at once.
        if !fits || !seen.insert((&change.path, change.action == BatchAction::Remove)) {
            return Err(Error::BadInput(format!("“{}”不能这样批量修改", change.path)));
        }
    }
    if request.changes.is_empty() || request.ids.is_empty() {
        return Err(Error::BadInput("没有选择要修改的记录或项目".to_owned()));
    }
    Ok(())
}

/// Changes record by record; what one refuses does not touch the others.
fn run<R: Record>(tx: &mut Tx<'_>, request: &BatchRequest, progress: BatchProgress<'_>) -> Result<BatchOutcome> {
    let mut outcome = BatchOutcome::default();
    let mut refused = Vec::new();
    let mut questions: BTreeMap<String, u32> = BTreeMap::new();
    for (done, id) in request.ids.iter().enumerate() {
        if done.is_multiple_of(STRIDE) && !progress(done, request.ids.len()) {
            return Err(Error::Cancelled);
        }
        let before = tx.change_count();
        match tx.attempt(|tx| change_one::<R>(tx, *id, request)) {
            Ok(soft) => {
                let counter = if tx.change_count() > before { &mut outcome.changed } else { &mut outcome.unchanged };
                *counter += 1;
                outcome.questioned += u32::from(!soft.is_empty());
                let messages: BTreeSet<String> = soft.into_iter().map(|finding| finding.message).collect();
                messages.into_iter().for_each(|message| *questions.entry(message).or_default() += 1);
            }
            Err(error) => {
                let messages = reasons(error)?;
                outcome.refused += 1;
                if refused.len() < MOST_NAMED {
                    refused.push((*id, messages));
                }
            }
        }
    }
    progress(request.ids.len(), request.ids.len());
    outcome.refusals = named(tx, R::KIND, refused)?;
    outcome.questions = questions.into_iter().map(|(message, count)| BatchQuestion { message, count }).collect();
    outcome.questions.sort_by_key(|question| std::cmp::Reverse(question.count));
    Ok(outcome)
}

/// Changes one record; answers with the soft findings that were kept for the reason given.
fn change_one<R: Record>(tx: &mut Tx<'_>, id: Id, request: &BatchRequest) -> Result<Vec<Finding>> {
    let stored = tx.get::<R>(id)?;
    let mut draft = serde_json::to_value(&stored.draft)?;
    for change in &request.changes {
        apply(&mut draft, change, R::BATCH, request.day)?;
    }
    let mut draft: R = serde_json::from_value(draft)?;
    let paths: Vec<&str> = request.changes.iter().map(|change| change.path.as_str()).collect();
    draft.follow_batch(**tx, &paths, request.day)?;
    match tx.change(id, stored.meta.version, draft.clone(), &[]) {
        Err(Error::NeedsReason(soft)) if !request.reason.trim().is_empty() => {
            let kept = |finding: &Finding| Kept {
                code: finding.code.clone(),
                field: finding.field.clone(),
                reason: request.reason.clone(),
            };
            tx.change(id, stored.meta.version, draft, &soft.iter().map(kept).collect::<Vec<_>>())?;
            Ok(soft)
        }
        other => other.map(|()| Vec::new()),
    }
}

fn apply(draft: &mut Value, change: &BatchChange, fields: &[BatchField], day: NaiveDate) -> Result<()> {
    let unknown = || Error::BadInput(format!("没有“{}”这一项", change.path));
    let field = fields.iter().find(|field| field.path == change.path).ok_or_else(unknown)?;
    let place = draft.get_mut(field.path).ok_or_else(unknown)?;
    let Some(entries) = place.as_array_mut().filter(|_| field.how != BatchHow::Set) else {
        *place = change.value.clone();
        return Ok(());
    };
    for value in change.value.as_array().into_iter().flatten() {
        match (field.how, change.action) {
            (BatchHow::Dated, BatchAction::Remove) => end(entries, value, day),
            (BatchHow::Dated, _) => begin(entries, value, day),
            (_, BatchAction::Remove) => entries.retain(|entry| entry != value),
            _ if !entries.contains(value) => entries.push(value.clone()),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a dated entry of a code has not ended.
fn holds(entry: &Value, code: &Value) -> bool {
    entry["code"] == *code && entry["to_day"].is_null()
}

fn begin(entries: &mut Vec<Value>, code: &Value, day: NaiveDate) {
    if !entries.iter().any(|entry| holds(entry, code)) {
        entries.push(json!({ "code": code, "from_day": day, "to_day": null }));
    }
}

fn end(entries: &mut [Value], code: &Value, day: NaiveDate) {
    for entry in entries.iter_mut().filter(|entry| holds(entry, code)) {
        entry["to_day"] = json!(day);
    }
}

/// Why a record was refused, in words; an error that is about more than the record stops the whole.
fn reasons(error: Error) -> Result<Vec<String>> {
    match error {
        Error::Refused(findings) => Ok(findings.into_iter().map(|finding| finding.message).collect()),
        Error::NeedsReason(findings) => {
            Ok(findings.into_iter().map(|finding| format!("{}（确认无误要写明理由）", finding.message)).collect())
        }
        Error::NotFound(_) | Error::Stale(_) => Ok(vec![error.to_string()]),
        other => Err(other),
    }
}

fn named(tx: &Tx<'_>, kind: Kind, refused: Vec<(Id, Vec<String>)>) -> Result<Vec<BatchRefusal>> {
    let records: Vec<RecordRef> = refused.iter().map(|(id, _)| RecordRef { kind, id: *id }).collect();
    let titles: BTreeMap<Id, String> = tx.titles(&records)?.into_iter().map(|title| (title.id, title.title)).collect();
    let with_title = |(id, messages): (Id, Vec<String>)| {
        let title = titles.get(&id).cloned().unwrap_or_default();
        BatchRefusal { id, title, messages }
    };
    Ok(refused.into_iter().map(with_title).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_field_is_one_of_the_record() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = crate::sample::create_sample(&folder.path().join("示例.zcj")).unwrap();
        for kind in Kind::ALL {
            let blank = ledger.blank_json(*kind).unwrap();
            for field in batch_fields(*kind) {
                let value = blank.get(field.path).unwrap_or_else(|| panic!("{kind:?} has no {}", field.path));
                assert_eq!(value.is_array(), field.how != BatchHow::Set, "{kind:?}: {}", field.path);
            }
        }
    }
}
