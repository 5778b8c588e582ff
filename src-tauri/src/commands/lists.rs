//! What lists do beyond showing a page: values of a column, saved filters, changes of many records, export.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde::Serialize;
use tauri::State;
use zhucun_core::records::Kind;
use zhucun_core::records::batch::{BatchField, BatchOutcome, BatchRequest, batch_fields};
use zhucun_core::records::report::ReportMasking;
use zhucun_core::storage::{ColumnValues, ListQuery, ListRow, ListView, NamedList, NumbersOf};
use zhucun_core::value::Id;
use zhucun_export::{ListSheet, list_xlsx, write_new};

use super::exports::noted;
use crate::error::Answer;
use crate::state::Shell;

/// How far the work over many rows is; there is one at a time.
#[derive(Default)]
pub struct ListDesk {
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
}

/// How far the work is.
#[derive(Debug, Serialize)]
pub struct ListProgress {
    done: u32,
    total: u32,
}

impl ListDesk {
    pub(super) fn begin(&self) {
        self.cancelled.store(false, Ordering::SeqCst);
        self.done.store(0, Ordering::SeqCst);
        self.total.store(0, Ordering::SeqCst);
    }

    pub(super) fn step(&self, done: usize, total: usize) -> bool {
        self.done.store(done, Ordering::SeqCst);
        self.total.store(total, Ordering::SeqCst);
        !self.cancelled.load(Ordering::SeqCst)
    }
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_ids(shell: State<'_, Shell>, kind: Kind, query: ListQuery) -> Answer<Vec<Id>> {
    shell.with(|ledger| Ok(ledger.store().list_ids(kind, &query)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn list_prepare(shell: State<'_, Shell>, kind: Option<Kind>) -> Answer<()> {
    shell.with(|ledger| {
        match kind {
            Some(kind) => ledger.prepare_list(kind),
            None => ledger.prepare_likely_lists(),
        }
        Ok(())
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn list_leave(shell: State<'_, Shell>, kind: Kind) -> Answer<()> {
    shell.with(|ledger| {
        ledger.leave_list(kind);
        Ok(())
    })
}

/// Somebody asks to see covered numbers; it is noted, and a list shows them from now on.
#[tauri::command(async)]
pub fn numbers_show(shell: State<'_, Shell>, of: NumbersOf) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.show_numbers(&of)?))
}

/// A list's numbers are covered again.
#[tauri::command(async)]
pub fn numbers_cover(shell: State<'_, Shell>, kind: Kind) -> Answer<()> {
    shell.with(|ledger| {
        ledger.cover_numbers(kind);
        Ok(())
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn record_rows(shell: State<'_, Shell>, kind: Kind, ids: Vec<Id>) -> Answer<Vec<ListRow>> {
    shell.with(|ledger| Ok(ledger.store().list_rows_of(kind, &ids)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn column_values(shell: State<'_, Shell>, kind: Kind, query: ListQuery, column: String) -> Answer<ColumnValues> {
    shell.with(|ledger| Ok(ledger.store().list_values(kind, &query, &column)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn saved_lists(shell: State<'_, Shell>, kind: Kind) -> Answer<Vec<NamedList>> {
    shell.with(|ledger| Ok(ledger.store().saved_lists(kind, ledger.today())?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn saved_list_save(shell: State<'_, Shell>, kind: Kind, id: Option<Id>, name: String, view: ListView) -> Answer<NamedList> {
    shell.with(|ledger| Ok(ledger.save_list(kind, id, &name, &view)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn saved_list_drop(shell: State<'_, Shell>, id: Id) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.drop_list(id)?))
}

#[tauri::command(async)]
pub fn batch_choices(kind: Kind) -> &'static [BatchField] {
    batch_fields(kind)
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn batch_preview(desk: State<'_, ListDesk>, shell: State<'_, Shell>, request: BatchRequest) -> Answer<BatchOutcome> {
    desk.begin();
    shell.with(|ledger| Ok(ledger.rehearse_batch(&request, &mut |done, total| desk.step(done, total))?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn batch_commit(desk: State<'_, ListDesk>, shell: State<'_, Shell>, request: BatchRequest) -> Answer<BatchOutcome> {
    desk.begin();
    shell.with(|ledger| Ok(ledger.batch(&request, &mut |done, total| desk.step(done, total))?))
}

/// The ledger is free again once the rows are gathered: writing the workbook needs them only.
#[tauri::command(async, rename_all = "snake_case")]
pub fn list_export(
    desk: State<'_, ListDesk>,
    shell: State<'_, Shell>,
    kind: Kind,
    query: ListQuery,
    sheet: ListSheet,
    folder: PathBuf,
) -> Answer<PathBuf> {
    desk.begin();
    let keys: Vec<String> = sheet.columns.iter().map(|column| column.key.clone()).collect();
    let (table, day, masking) = shell.with(|ledger| {
        // The sheet shows what the list shows.
        let masking = if ledger.shows_numbers(kind) { ReportMasking::Internal } else { ReportMasking::Township };
        Ok((ledger.store().list_table(kind, &query, &keys)?, ledger.today(), masking))
    })?;
    let bytes = list_xlsx(&sheet, &table, day, &mut |done, total| desk.step(done, total))?;
    // The title is the list's own, never what was searched for.
    let note = ("list", sheet.title.as_str(), masking, "xlsx");
    let path = noted(&shell, note, || write_new(&folder, &format!("{}{day}", sheet.title), "xlsx", &bytes))?;
    shell.note_exported([path.clone()]);
    Ok(path)
}

#[tauri::command(async)]
pub fn list_progress(desk: State<'_, ListDesk>) -> ListProgress {
    let number = |count: &AtomicUsize| u32::try_from(count.load(Ordering::SeqCst)).unwrap_or(u32::MAX);
    ListProgress { done: number(&desk.done), total: number(&desk.total) }
}

#[tauri::command(async)]
pub fn list_cancel(desk: State<'_, ListDesk>) {
    desk.cancelled.store(true, Ordering::SeqCst);
}
