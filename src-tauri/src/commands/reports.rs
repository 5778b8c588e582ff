//! The first page, and the report: its pages, its figures, its files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use tauri::State;
use zhucun_core::figures::{FigureTrend, trend};
use zhucun_core::home::{self, Home};
use zhucun_core::records::report::Report;
use zhucun_core::report::document::{Document, Run};
use zhucun_core::report::{self, Compiled, FigureLine, FigureView, TemplateInfo, figure_lines, figure_view};
use zhucun_core::storage::{Ledger, Stored};
use zhucun_core::value::Id;
use zhucun_core::{Result, outline};
use zhucun_export::{Existing, ExportFormat, Preview, WrittenFile};

use crate::error::{Answer, Refusal};
use crate::state::Shell;

/// The report as the window shows it.
#[derive(Debug, Serialize)]
pub struct ReportView {
    report: Stored<Report>,
    document: Document,
    preview: Preview,
    notes: Vec<String>,
    replaced: BTreeMap<String, Vec<Run>>,
}

/// What was exported.
#[derive(Debug, Serialize)]
pub struct Exported {
    files: Vec<WrittenFile>,
}

#[tauri::command(async)]
pub fn home(shell: State<'_, Shell>) -> Answer<Home> {
    shell.with(|ledger| {
        let today = ledger.today();
        Ok(ledger.read(|store| home::home(store, today))?)
    })
}

#[tauri::command(async)]
pub fn templates(shell: State<'_, Shell>) -> Answer<Vec<TemplateInfo>> {
    shell.with(|ledger| Ok(outline::all(ledger.store())?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_open(shell: State<'_, Shell>, period: String, template: String) -> Answer<Stored<Report>> {
    shell.with(|ledger| Ok(ledger.open_report(&period, &template)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_view(shell: State<'_, Shell>, id: Id) -> Answer<ReportView> {
    let (report, compiled) = shell.with(|ledger| Ok(compiled(ledger, id)?))?;
    let preview = zhucun_export::preview(&compiled.document, shell.fonts())?;
    Ok(ReportView { report, document: compiled.document, preview, notes: compiled.notes, replaced: compiled.replaced })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_figure(shell: State<'_, Shell>, id: Id, key: String) -> Answer<FigureView> {
    let gone = || Refusal::of("figure_gone", "这个数字已不在报告中，请刷新报告");
    shell.with(|ledger| {
        let (_, compiled) = compiled(ledger, id)?;
        let figure = compiled.figures.get(&key).ok_or_else(gone)?;
        Ok(figure_view(ledger.store(), figure)?)
    })
}

/// All figures of the report's period, also those that its text does not tell.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_figures(shell: State<'_, Shell>, id: Id) -> Answer<Vec<FigureLine>> {
    shell.with(|ledger| Ok(figure_lines(&compiled(ledger, id)?.1.figures)))
}

/// How a figure stood in the same period of last year, and how it went month by month.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_figure_trend(shell: State<'_, Shell>, id: Id, key: String) -> Answer<Option<FigureTrend>> {
    shell.with(|ledger| {
        let (_, compiled) = compiled(ledger, id)?;
        let Some(figure) = compiled.figures.get(&key) else { return Ok(None) };
        Ok(Some(ledger.read(|store| trend(store, &compiled.scope, figure))?))
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_export(
    shell: State<'_, Shell>,
    id: Id,
    folder: PathBuf,
    formats: Vec<ExportFormat>,
    existing: Existing,
) -> Answer<Exported> {
    let (report, compiled) = shell.with(|ledger| Ok(compiled(ledger, id)?))?;
    let files = zhucun_export::write_report(&compiled.document, shell.fonts(), &folder, &formats, existing)?;
    shell.note_exported(files.iter().map(|file| file.path.clone()));
    if !report.draft.is_finalised() {
        shell.with(|ledger| Ok(ledger.mark_report(id, "exported")?))?;
    }
    Ok(Exported { files })
}

/// The ledger is free again once the report is compiled: typesetting needs the document only.
fn compiled(ledger: &Ledger, id: Id) -> Result<(Stored<Report>, Compiled)> {
    ledger.read(|store| {
        let report = store.get::<Report>(id)?;
        let compiled = report::open(store, &report)?;
        Ok((report, compiled))
    })
}
