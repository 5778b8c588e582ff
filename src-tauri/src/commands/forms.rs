//! 乡镇自己的表: kept forms, what is in them, and filling them.

use std::path::{Path, PathBuf};

use base64::Engine;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use zhucun_core::Error;
use zhucun_core::records::report::{Report, ReportMasking};
use zhucun_core::report::form::{FormKind, FormValues, Placeholder};
use zhucun_core::storage::{FormSettings, KeptForm, Ledger};
use zhucun_core::value::Id;
use zhucun_export::form::{Filled, FormReport, fill_form, form_kind, starter};
use zhucun_export::{Existing, ExportError, Prover, free_name, write_file, write_new};

use super::reports::{confirm, prover};
use crate::dialogs;
use crate::error::Answer;
use crate::shell_error::ShellError;
use crate::state::Shell;

/// A form to fill.
#[derive(Debug, Deserialize)]
pub struct FillRequest {
    /// The report whose period and villages it is filled for.
    report: Id,
    form: Id,
    folder: PathBuf,
    existing: Existing,
    /// Whether placeholders that are not understood may stay, marked.
    leave_open: bool,
    /// Whether an unmasked form was confirmed.
    confirmed: bool,
}

/// A filled form.
#[derive(Debug, Serialize)]
pub struct FilledForm {
    path: PathBuf,
    report: FormReport,
    unmasked: Option<u32>,
}

#[tauri::command]
pub async fn choose_form(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    dialogs::form(app, shell.places.ledgers()).await
}

#[tauri::command(async)]
pub fn form_list(shell: State<'_, Shell>) -> Answer<Vec<KeptForm>> {
    shell.with(|ledger| Ok(ledger.store().forms()?))
}

#[tauri::command(async)]
pub fn form_add(shell: State<'_, Shell>, path: PathBuf) -> Answer<KeptForm> {
    let content = std::fs::read(&path).map_err(Error::from)?;
    add(&shell, &path, &content)
}

#[tauri::command(async)]
pub fn form_add_content(shell: State<'_, Shell>, name: PathBuf, content: String) -> Answer<KeptForm> {
    let content = base64::engine::general_purpose::STANDARD.decode(content).map_err(|_| ShellError::ContentCut)?;
    add(&shell, &name, &content)
}

/// Only what can be filled is kept.
fn add(shell: &Shell, path: &Path, content: &[u8]) -> Answer<KeptForm> {
    let kind = form_kind(content)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    shell.with(|ledger| Ok(ledger.add_form(&name, kind, content)?))
}

#[tauri::command(async)]
pub fn form_change(shell: State<'_, Shell>, id: Id, settings: FormSettings) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.change_form(id, &settings)?))
}

#[tauri::command(async)]
pub fn form_drop(shell: State<'_, Shell>, id: Id) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.drop_form(id)?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn form_inspect(shell: State<'_, Shell>, report: Id, form: Id) -> Answer<FormReport> {
    shell.with(|ledger| Ok(filled(ledger, report, form)?.filled.report))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn form_fill(shell: State<'_, Shell>, request: FillRequest) -> Answer<FilledForm> {
    let Filling { kept, filled, period, prover, form } = shell.with(|ledger| filled(ledger, request.report, request.form))?;
    confirm(kept.settings.masking, request.confirmed)?;
    if filled.report.has_open() && !request.leave_open {
        return Err(ShellError::FormOpen.into());
    }
    let extension = filled.report.kind.extension();
    let prover = prover.allowing(&form, extension)?;
    prover.prove(extension, &filled.bytes)?;
    if !request.folder.is_dir() {
        return Err(ExportError::FolderMissing.into());
    }
    let name = zhucun_export::clean_name(&format!("{}（{period}）", kept.settings.name));
    let path = request.folder.join(format!("{name}.{extension}"));
    let path = match request.existing {
        Existing::Ask if path.exists() => return Err(ExportError::Exists { proposed: free_name(&path) }.into()),
        Existing::Ask | Existing::Replace => path,
        Existing::Rename => free_name(&path),
    };
    write_file(&path, &filled.bytes)?;
    shell.note_exported([path.clone()]);
    shell.with(|ledger| {
        ledger.form_was_used(kept.id)?;
        ledger.note_export("form", &kept.settings.name, kept.settings.masking, extension)?;
        Ok(())
    })?;
    Ok(FilledForm { path, report: filled.report, unmasked: (!prover.is_idle()).then_some(0) })
}

#[tauri::command(async)]
pub fn form_starter(shell: State<'_, Shell>, kind: FormKind, folder: PathBuf) -> Answer<PathBuf> {
    let today = shell.with(|ledger| Ok(ledger.today()))?;
    let path = write_new(&folder, "驻村工作情况表（起步表）", kind.extension(), &starter(kind, today)?)?;
    shell.note_exported([path.clone()]);
    Ok(path)
}

#[tauri::command(async)]
pub fn form_placeholders(shell: State<'_, Shell>, report: Id, masking: ReportMasking) -> Answer<Vec<Placeholder>> {
    shell.with(|ledger| Ok(values(ledger, report, masking)?.1.placeholders()))
}

/// A form filled in memory, with what its finished file is searched for.
struct Filling {
    kept: KeptForm,
    filled: Filled,
    period: String,
    prover: Prover,
    form: Vec<u8>,
}

fn filled(ledger: &Ledger, report: Id, form: Id) -> Answer<Filling> {
    let (kept, content) = ledger.store().form(form)?;
    let (report, values) = values(ledger, report, kept.settings.masking)?;
    let filled = fill_form(&content, &values, kept.settings.id_format)?;
    let period = zhucun_core::report::scope_of(&report)?.period.in_words();
    let prover = prover(ledger, &report)?;
    Ok(Filling { kept, filled, period, prover, form: content })
}

/// The report as the form counts it, and its values.
fn values(ledger: &Ledger, report: Id, masking: ReportMasking) -> Answer<(Report, FormValues)> {
    let today = ledger.today();
    let read = ledger.read(|store| {
        let report = Report { masking, ..store.get::<Report>(report)?.draft };
        let values = FormValues::load(store, &report, today)?;
        Ok((report, values))
    });
    Ok(read?)
}
