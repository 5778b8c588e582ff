//! The report's audit, its finalising, what has changed since, and comparisons.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::exports::noted;
use super::reports::prover;
use crate::error::Answer;
use crate::state::Shell;
use serde::Serialize;
use tauri::State;
use zhucun_core::Result;
use zhucun_core::audit::{AuditFinding, AuditFix};
use zhucun_core::records::Kind;
use zhucun_core::records::report::Report;
use zhucun_core::report::document::Run;
use zhucun_core::report::{self, Comparison, Verification};
use zhucun_core::storage::{Ledger, Stored};
use zhucun_core::value::Id;

/// Which kinds changed.
#[derive(Debug, Serialize)]
pub struct Changed {
    changed: BTreeSet<Kind>,
}

/// A new draft, and which kinds changed.
#[derive(Debug, Serialize)]
pub struct Revised {
    id: Id,
    changed: BTreeSet<Kind>,
}

/// A workbook that was written.
#[derive(Debug, Serialize)]
pub struct ExportedComparison {
    path: PathBuf,
    /// What was found unmasked in the finished file: never more than none; nothing where it was not to be masked.
    unmasked: Option<u32>,
}

/// Reads a report and something of it at one moment.
fn of<T>(ledger: &Ledger, id: Id, work: impl FnOnce(zhucun_core::storage::Store<'_>, &Stored<Report>) -> Result<T>) -> Result<T> {
    ledger.read(|store| work(store, &store.get::<Report>(id)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_audit(shell: State<'_, Shell>, id: Id) -> Answer<Vec<AuditFinding>> {
    shell.with(|ledger| Ok(of(ledger, id, report::audit)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_unlinked(shell: State<'_, Shell>, id: Id, block: String, runs: Vec<Run>) -> Answer<Vec<AuditFinding>> {
    shell.with(|ledger| Ok(of(ledger, id, |store, stored| report::unlinked(store, stored, &block, &runs))?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_acknowledge(shell: State<'_, Shell>, id: Id, finding: String, reason: String) -> Answer<Changed> {
    shell.with(|ledger| Ok(Changed { changed: ledger.acknowledge_finding(id, &finding, &reason)?.changed }))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_fix(shell: State<'_, Shell>, id: Id, fix: AuditFix) -> Answer<Changed> {
    shell.with(|ledger| Ok(Changed { changed: ledger.fix_finding(id, &fix)?.changed }))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_finalise(shell: State<'_, Shell>, id: Id) -> Answer<Changed> {
    shell.with(|ledger| Ok(Changed { changed: ledger.finalise_report(id)?.changed }))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_revise(shell: State<'_, Shell>, id: Id) -> Answer<Revised> {
    shell.with(|ledger| {
        let done = ledger.revise_report(id)?;
        Ok(Revised { id: done.value, changed: done.changed })
    })
}

/// A finalised report against today; a draft against the moment of its mark, which is made where there is none.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_changes(shell: State<'_, Shell>, id: Id, mark: String) -> Answer<Option<Verification>> {
    shell.with(|ledger| {
        let finalised = ledger.store().get::<Report>(id)?.draft.is_finalised();
        if finalised {
            return Ok(Some(of(ledger, id, report::verify)?));
        }
        let found = of(ledger, id, |store, stored| report::changes_since(store, stored, &mark))?;
        if found.is_none() && mark == "seen" {
            ledger.mark_report(id, "seen")?;
        }
        Ok(found)
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_seen(shell: State<'_, Shell>, id: Id) -> Answer<Changed> {
    shell.with(|ledger| {
        ledger.mark_report(id, "seen")?;
        Ok(Changed { changed: BTreeSet::from([Kind::Report]) })
    })
}

/// 接受: some figures are seen as they stand.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_accept(shell: State<'_, Shell>, id: Id, figures: Vec<String>) -> Answer<Changed> {
    shell.with(|ledger| {
        ledger.accept_figures(id, &figures)?;
        Ok(Changed { changed: BTreeSet::from([Kind::Report]) })
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_compare(shell: State<'_, Shell>, id: Id, other: Option<Id>) -> Answer<Comparison> {
    shell.with(|ledger| Ok(ledger.read(|store| report::compare(store, id, other))?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_compare_export(shell: State<'_, Shell>, id: Id, other: Option<Id>, folder: PathBuf) -> Answer<ExportedComparison> {
    let (document, masking, prover) = shell.with(|ledger| {
        let comparison = ledger.read(|store| report::compare(store, id, other))?;
        let report = ledger.store().get::<Report>(id)?.draft;
        Ok((comparison.document(), report.masking, prover(ledger, &report)?))
    })?;
    let title = &document.properties.title;
    let bytes = zhucun_export::xlsx(&document)?;
    prover.prove("xlsx", &bytes)?;
    let note = ("comparison", title.as_str(), masking, "xlsx");
    let path = noted(&shell, note, || zhucun_export::write_new(&folder, title, "xlsx", &bytes))?;
    shell.note_exported([path.clone()]);
    Ok(ExportedComparison { path, unmasked: (!prover.is_idle()).then_some(0) })
}
