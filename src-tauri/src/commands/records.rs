//! Records of all kinds, undo, and drafts.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use tauri::State;
use zhucun_core::records::dictionary_item::DictionaryItem;
use zhucun_core::records::{Kind, RecordRef, SaveRequest, Saved};
use zhucun_core::search::{Found, Search};
use zhucun_core::storage::{
    BinEntry, Done, Draft, Erased, HistoryEntry, ListPage, ListQuery, Lookup, RecordTitle, Stored, UndoState,
};
use zhucun_core::value::Id;

use crate::error::Answer;
use crate::state::Shell;

/// Which kinds changed.
#[derive(Debug, Serialize)]
pub struct Changed {
    changed: BTreeSet<Kind>,
}

impl From<Done<()>> for Changed {
    fn from(done: Done<()>) -> Self {
        Changed { changed: done.changed }
    }
}

/// What was taken back or done again.
#[derive(Debug, Serialize)]
pub struct Undone {
    name: String,
    changed: BTreeSet<Kind>,
}

impl From<Done<String>> for Undone {
    fn from(done: Done<String>) -> Self {
        Undone { name: done.value, changed: done.changed }
    }
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_blank(shell: State<'_, Shell>, kind: Kind) -> Answer<Value> {
    shell.with(|ledger| Ok(ledger.blank_json(kind)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_get(shell: State<'_, Shell>, kind: Kind, id: Id) -> Answer<Value> {
    shell.with(|ledger| Ok(ledger.get_json(kind, id)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_save(shell: State<'_, Shell>, request: SaveRequest) -> Answer<Saved> {
    shell.with(|ledger| Ok(ledger.save_json(request)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_list(shell: State<'_, Shell>, kind: Kind, query: ListQuery) -> Answer<ListPage> {
    shell.with(|ledger| Ok(ledger.store().list(kind, &query)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_lookup(shell: State<'_, Shell>, kind: Kind, lookup: Lookup) -> Answer<Vec<RecordTitle>> {
    shell.with(|ledger| Ok(ledger.store().look_up(kind, &lookup)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn search(shell: State<'_, Shell>, query: String, kind: Option<Kind>, offset: u32) -> Answer<Found> {
    let search = kind.map_or_else(|| Search::all(&query), |kind| Search::of(&query, kind, offset));
    shell.with(|ledger| Ok(ledger.read(|store| store.search(&search))?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_titles(shell: State<'_, Shell>, records: Vec<RecordRef>) -> Answer<Vec<RecordTitle>> {
    shell.with(|ledger| Ok(ledger.store().titles(&records)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_delete(shell: State<'_, Shell>, records: Vec<RecordRef>) -> Answer<Changed> {
    shell.with(|ledger| Ok(Changed { changed: ledger.delete_records(&records)?.changed }))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_restore(shell: State<'_, Shell>, records: Vec<RecordRef>) -> Answer<Changed> {
    shell.with(|ledger| Ok(Changed { changed: ledger.restore_records(&records)?.changed }))
}

/// Deletes records of the recycle bin for good.
#[tauri::command(async, rename_all = "snake_case")]
pub fn record_purge(shell: State<'_, Shell>, records: Vec<RecordRef>) -> Answer<Changed> {
    shell.with(|ledger| Ok(Changed { changed: ledger.purge(&records)? }))
}

/// Deletes what is known of a member of a household.
#[tauri::command(async, rename_all = "snake_case")]
pub fn person_erase(shell: State<'_, Shell>, household: Id, member: Id) -> Answer<Erased> {
    shell.with(|ledger| Ok(ledger.erase_person(household, member)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_history(shell: State<'_, Shell>, kind: Kind, id: Id) -> Answer<Vec<HistoryEntry>> {
    shell.with(|ledger| Ok(ledger.store().history_shown(kind, id)?))
}

/// What a record held after an operation, whole: to go back to it.
#[tauri::command(async, rename_all = "snake_case")]
pub fn record_after(shell: State<'_, Shell>, kind: Kind, id: Id, seq: i64) -> Answer<Value> {
    shell.with(|ledger| Ok(ledger.store().content_after(kind, id, seq)?))
}

#[tauri::command(async)]
pub fn bin_list(shell: State<'_, Shell>) -> Answer<Vec<BinEntry>> {
    shell.with(|ledger| Ok(ledger.store().bin()?))
}

#[tauri::command(async)]
pub fn dictionaries(shell: State<'_, Shell>) -> Answer<Vec<Stored<DictionaryItem>>> {
    shell.with(|ledger| Ok(ledger.store().all::<DictionaryItem>()?))
}

#[tauri::command(async)]
pub fn undo(shell: State<'_, Shell>) -> Answer<Undone> {
    shell.with(|ledger| Ok(ledger.undo()?.into()))
}

#[tauri::command(async)]
pub fn redo(shell: State<'_, Shell>) -> Answer<Undone> {
    shell.with(|ledger| Ok(ledger.redo()?.into()))
}

#[tauri::command(async)]
pub fn undo_state(shell: State<'_, Shell>) -> Answer<UndoState> {
    shell.with(|ledger| Ok(ledger.undo_state()))
}

#[tauri::command(async)]
pub fn draft_all(shell: State<'_, Shell>) -> Answer<Vec<Draft>> {
    shell.with(|ledger| Ok(ledger.store().drafts()?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn draft_put(shell: State<'_, Shell>, key: String, content: String) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.put_draft(&key, &content)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn draft_drop(shell: State<'_, Shell>, key: String) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.drop_draft(&key)?))
}
