//! The first page, and the report: its pages, its figures, its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tauri::State;
use zhucun_core::audit::AuditPlace;
use zhucun_core::figures::{FigureTrend, Gathered, PerVillage, VillageFigure, trend};
use zhucun_core::home::{self, Home, HomeProgress};
use zhucun_core::records::Kind;
use zhucun_core::records::attachment::PictureSize;
use zhucun_core::records::report::{Report, ReportMasking};
use zhucun_core::report::document::{Document, Run};
use zhucun_core::report::hidden::Hidden;
use zhucun_core::report::{
    self, Arrangement, BlockHandle, Compiled, FigureChange, FigureLine, FigureView, LeftOut, PhotoChoice, TemplateInfo, album_of,
    figure_lines, figure_view, for_review, with_pictures,
};
use zhucun_core::storage::{Ledger, Stored};
use zhucun_core::value::Id;
use zhucun_core::{Result, outline};
use zhucun_export::{Existing, ExportFormat, Preview, Prover, ReportParts, TextPiece, WrittenFile, WrittenReport};

use super::exports::noted;
use crate::error::Answer;
use crate::shell_error::ShellError;
use crate::state::Shell;

/// The report as the window shows it.
#[derive(Debug, Serialize)]
pub struct ReportView {
    report: Stored<Report>,
    document: Document,
    preview: Preview,
    notes: Vec<String>,
    replaced: BTreeMap<String, Vec<Run>>,
    handles: Vec<BlockHandle>,
    left_out: Vec<LeftOut>,
    /// Figures that changed since they were seen; nothing of a finalised report.
    changed: Vec<FigureChange>,
}

/// The block that was arranged, and which kinds changed.
#[derive(Debug, Serialize)]
pub struct Arranged {
    block: String,
    changed: BTreeSet<Kind>,
}

/// What was exported.
#[derive(Debug, Serialize)]
pub struct Exported {
    files: Vec<WrittenFile>,
    /// How many places are unmasked: 0, or nothing where 内部 masks nothing.
    unmasked: Option<u32>,
    /// What else to know: fonts that stand in.
    notes: Vec<String>,
}

/// How a report is exported.
#[derive(Debug, Deserialize)]
pub struct ExportRequest {
    folder: PathBuf,
    formats: Vec<ExportFormat>,
    existing: Existing,
    /// 核对稿.
    review: bool,
    /// 照片册 beside it.
    photos: bool,
    /// Whether an unmasked export was confirmed.
    confirmed: bool,
}

#[tauri::command(async)]
pub fn home(shell: State<'_, Shell>) -> Answer<Home> {
    shell.with(|ledger| {
        let today = ledger.today();
        Ok(ledger.read(|store| home::home(store, today))?)
    })
}

/// Counted beside the ledger: in a large one it takes a while, and meanwhile lists are opened and records saved.
#[tauri::command(async)]
pub fn home_progress(shell: State<'_, Shell>) -> Answer<Vec<HomeProgress>> {
    let (today, aside) = shell.with(|ledger| Ok((ledger.today(), ledger.aside())))?;
    let so_far = match aside {
        Ok(aside) => aside.read(|store| home::so_far(store, today))?,
        Err(_) => shell.with(|ledger| Ok(ledger.read(|store| home::so_far(store, today))?))?,
    };
    Ok(home::progress(&so_far))
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
    let (report, compiled, typed, changed) = shell.with(|ledger| {
        let (report, mut compiled, typed) = ledger.read(|store| {
            let report = store.get::<Report>(id)?;
            let (compiled, typed) = report::open_marking_typed(store, &report)?;
            Ok((report, compiled, typed))
        })?;
        // Small ones: the pages are drawn anew at each change, and their drawing crosses to the window.
        ledger.read(|store| with_pictures(store, &mut compiled.document, PictureSize::Thumbnail, &turn))?;
        let is_draft = !report.draft.is_finalised();
        let changed = if is_draft { ledger.changed_figures(id, &compiled)? } else { Vec::new() };
        Ok((report, compiled, typed, changed))
    })?;
    let piece = |place: AuditPlace| match place {
        AuditPlace::Block { block, from, to } => Some(TextPiece { block, from, to }),
        _ => None,
    };
    let typed: Vec<TextPiece> = typed.into_iter().filter_map(piece).collect();
    let preview = zhucun_export::preview_marking(&compiled.document, shell.fonts(), &typed)?;
    let Compiled { document, notes, replaced, handles, left_out, .. } = compiled;
    Ok(ReportView { report, document, preview, notes, replaced, handles, left_out, changed })
}

/// Adds, moves, leaves out, brings back; answers with the block that was concerned.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_arrange(shell: State<'_, Shell>, id: Id, arrangement: Arrangement) -> Answer<Arranged> {
    shell.with(|ledger| {
        let done = ledger.arrange_report(id, arrangement)?;
        Ok(Arranged { block: done.value, changed: done.changed })
    })
}

/// The pictures that the report's text may show.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_photos(shell: State<'_, Shell>, id: Id) -> Answer<Vec<PhotoChoice>> {
    shell.with(|ledger| Ok(ledger.read(|store| report::photos_to_insert(store, &store.get::<Report>(id)?.draft))?))
}

/// The tables that it may show.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_tables(shell: State<'_, Shell>, id: Id) -> Answer<Vec<String>> {
    shell.with(|ledger| Ok(ledger.read(|store| report::table_names(store, &store.get::<Report>(id)?.draft))?))
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_figure(shell: State<'_, Shell>, id: Id, key: String) -> Answer<FigureView> {
    shell.with(|ledger| {
        let (_, compiled) = compiled(ledger, id)?;
        let figure = compiled.figures.get(&key).ok_or(ShellError::FigureGone)?;
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

/// A draft's figure in each of its villages. A finalised one keeps the whole only, and today's parts would not be its parts.
#[tauri::command(async, rename_all = "snake_case")]
pub fn report_figure_villages(shell: State<'_, Shell>, id: Id, key: String) -> Answer<Vec<VillageFigure>> {
    shell.with(|ledger| {
        let (report, compiled) = compiled(ledger, id)?;
        let figure = compiled.figures.get(&key).filter(|_| !report.draft.is_finalised());
        let Some(figure) = figure else { return Ok(Vec::new()) };
        let gathered = ledger.read(|store| Gathered::load(store, compiled.scope.clone()))?;
        Ok(PerVillage::count(&gathered).view_of(figure))
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn report_export(shell: State<'_, Shell>, id: Id, request: ExportRequest) -> Answer<Exported> {
    let (document, report, prover, album) = shell.with(|ledger| {
        let (report, compiled) = compiled(ledger, id)?;
        confirm(report.draft.masking, request.confirmed)?;
        let prover = prover(ledger, &report.draft)?;
        let masking = report.draft.masking.into();
        let mut document = if request.review { for_review(ledger.store(), &compiled, masking)? } else { compiled.document };
        ledger.read(|store| with_pictures(store, &mut document, PictureSize::Full, &turn))?;
        let properties = &document.properties;
        let album = request.photos.then(|| ledger.read(|store| album_of(store, &report.draft, properties, &turn)));
        Ok((document, report, prover, album.transpose()?))
    })?;
    let unmasked = (!prover.is_idle()).then_some(0);
    let ExportRequest { folder, formats, existing, review, .. } = request;
    let names = formats.iter().map(|format| format.extension()).collect::<Vec<_>>().join(",");
    let what = if review { "review" } else { "report" };
    let parts = ReportParts { document: &document, album: album.as_ref().map(Option::as_ref), formats: &formats };
    let note = (what, document.properties.title.as_str(), report.draft.masking, names.as_str());
    let WrittenReport { files, notes } =
        noted(&shell, note, || zhucun_export::write_report(parts, shell.fonts(), &folder, existing, &prover.into()))?;
    shell.note_exported(files.iter().map(|file| file.path.clone()));
    if !report.draft.is_finalised() {
        shell.with(|ledger| Ok(ledger.mark_report(id, "exported")?))?;
    }
    Ok(Exported { files, unmasked, notes })
}

/// A kept picture as it is to be seen.
pub(super) fn turn(bytes: &[u8], quarters: u8) -> Option<Vec<u8>> {
    zhucun_media::turned(bytes, quarters).ok()
}

/// An unmasked export is a deliberate choice.
pub(super) fn confirm(masking: ReportMasking, confirmed: bool) -> Answer<()> {
    if masking == ReportMasking::Internal && !confirmed {
        return Err(ShellError::ExportNeedsConfirmation.into());
    }
    Ok(())
}

/// What the finished files are searched for.
pub(super) fn prover(ledger: &Ledger, report: &Report) -> Result<Prover> {
    let until = zhucun_core::report::scope_of(report)?.until();
    let hidden = ledger.read(|store| Hidden::load(store, report.masking.into(), until))?;
    Ok(Prover::of(hidden))
}

/// The ledger is free again once the report is compiled: typesetting needs the document only.
fn compiled(ledger: &Ledger, id: Id) -> Result<(Stored<Report>, Compiled)> {
    ledger.read(|store| {
        let report = store.get::<Report>(id)?;
        let compiled = report::open(store, &report)?;
        Ok((report, compiled))
    })
}
