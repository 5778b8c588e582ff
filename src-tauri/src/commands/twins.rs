//! Duplicates: looked for while typing, listed, compared, merged.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tauri::State;
use zhucun_core::records::Kind;
use zhucun_core::records::twins::compare::{Choice, Comparison, Side, compare};
use zhucun_core::records::twins::merge::{MergeDone, MergePreview, MergeRequest};
use zhucun_core::records::twins::{LookAlike, Pairs, look_alikes};
use zhucun_core::storage::{BackupReason, Mark};
use zhucun_core::value::Id;

use crate::error::Answer;
use crate::state::Shell;

#[tauri::command(async, rename_all = "snake_case")]
pub fn twins_like(shell: State<'_, Shell>, kind: Kind, id: Option<Id>, draft: serde_json::Value) -> Answer<Vec<LookAlike>> {
    shell.with(|ledger| Ok(look_alikes(ledger.store(), kind, id, draft)?))
}

#[tauri::command(async)]
pub fn twins_pairs(shell: State<'_, Shell>) -> Answer<Pairs> {
    shell.with(|ledger| Ok(ledger.read(|store| store.twins())?))
}

#[tauri::command(async)]
pub fn twins_count(shell: State<'_, Shell>) -> Answer<u32> {
    shell.with(|ledger| Ok(ledger.read(|store| store.twin_count())?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn twins_dismiss(shell: State<'_, Shell>, one: Id, other: Id, are_two: bool) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.set_not_twins(one, other, are_two)?))
}

#[tauri::command(async)]
pub fn twins_compare(shell: State<'_, Shell>, left: Side, right: Side, keep: Option<Choice>, whole: bool) -> Answer<Comparison> {
    let found = shell.with(|ledger| Ok(ledger.read(|store| compare(store, &left, &right, keep))?))?;
    Ok(if whole { found } else { found.covered() })
}

#[tauri::command(async)]
pub fn twins_preview(shell: State<'_, Shell>, request: MergeRequest, whole: bool) -> Answer<MergePreview> {
    let found = shell.with(|ledger| Ok(ledger.preview_merge(&request)?))?;
    Ok(if whole { found } else { found.covered() })
}

/// The state in which the last merge left the ledger: the next one shares its copy if nothing else came between.
#[derive(Default)]
pub struct MergeDesk(Mutex<Option<Mark>>);

/// What a merge came to.
#[derive(Debug, Serialize)]
pub struct Merged {
    #[serde(flatten)]
    done: MergeDone,
    /// Why there is no copy from before it; a merge can be undone, so it is not refused for that.
    backup_failed: Option<String>,
}

#[tauri::command(async)]
pub fn twins_merge(shell: State<'_, Shell>, desk: State<'_, MergeDesk>, request: MergeRequest) -> Answer<Merged> {
    shell.with(|ledger| {
        let mut last = desk.0.lock().unwrap_or_else(PoisonError::into_inner);
        let copied = if *last == Some(ledger.mark(Kind::ALL)) { Ok(None) } else { ledger.backup_if_changed(BackupReason::Merge) };
        let done = ledger.merge_households(&request)?;
        *last = Some(ledger.mark(Kind::ALL));
        Ok(Merged { done, backup_failed: copied.err().map(|error| error.to_string()) })
    })
}
