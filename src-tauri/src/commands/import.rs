//! The import from workbooks: a file is opened once and stays here; the window asks for what it shows of it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use zhucun_core::records::report::ReportMasking;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::storage::{BackupReason, RecordTitle};
use zhucun_import::error::ReadError;
use zhucun_import::fields::{FieldChoice, fields};
use zhucun_import::input;
use zhucun_import::mapping::{Guess, data_rows};
use zhucun_import::outcome::{Outcome, RowOutcome, RowStatus};
use zhucun_import::run::{Request, commit, preview};
use zhucun_import::table::{SheetInfo, Table, remember};

use super::exports::noted;
use crate::dialogs;
use crate::error::{Answer, Refusal};
use crate::shell_error::ShellError;
use crate::state::Shell;

/// The opened file and what came of it last.
#[derive(Default)]
pub struct ImportDesk {
    opened: Mutex<Option<Opened>>,
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
}

#[derive(Clone)]
struct Opened {
    table: Arc<Table>,
    folder: Option<PathBuf>,
    sheet: String,
    request: Option<Arc<Request>>,
    outcome: Option<Arc<Outcome>>,
}

/// An opened file.
#[derive(Debug, Serialize)]
pub struct ImportInfo {
    /// Its name.
    name: String,
    /// Its sheets.
    sheets: Vec<SheetInfo>,
    /// The sheet that most is understood of.
    sheet: String,
}

/// A sheet and how it is read.
#[derive(Debug, Serialize)]
pub struct ImportSheet {
    /// The guess, with what was chosen before for the same headings; nothing where no heading is known.
    guess: Option<Guess>,
    /// What a column can mean.
    fields: Vec<FieldChoice>,
    /// The first values of each column of the guess.
    samples: Vec<Vec<String>>,
    /// Rows of data.
    rows: u32,
}

/// Counts of a preview or a commit.
#[derive(Debug, Serialize)]
pub struct ImportCounts {
    new: u32,
    changed: u32,
    unchanged: u32,
    error: u32,
    warning: u32,
    /// Why there is no copy from before the import; an import can be undone, so it is not refused for that.
    backup_failed: Option<String>,
    /// Kinds of which a record changed; empty for a preview.
    #[serde(rename = "kinds")]
    changed_kinds: BTreeSet<Kind>,
}

/// Which rows the window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFilter {
    /// All.
    All,
    /// 新增.
    New,
    /// 修改.
    Changed,
    /// 不变.
    Unchanged,
    /// 有误.
    Error,
    /// 需核对.
    Warning,
}

/// Rows of the preview.
#[derive(Debug, Serialize)]
pub struct ImportRows {
    total: u32,
    rows: Vec<ImportRow>,
}

/// A row of the preview with its cells as the sheet shows them.
#[derive(Debug, Serialize)]
pub struct ImportRow {
    outcome: RowOutcome,
    /// One text for each column of the mapping.
    cells: Vec<String>,
    /// Which of them are covered: such a cell is not mended, but typed anew.
    covered: Vec<bool>,
    /// Whom the row may mean.
    candidates: Vec<RecordTitle>,
}

/// How far the work is.
#[derive(Debug, Serialize)]
pub struct ImportProgress {
    done: u32,
    total: u32,
}

impl ImportDesk {
    fn begin(&self) {
        self.cancelled.store(false, Ordering::SeqCst);
        self.done.store(0, Ordering::SeqCst);
        self.total.store(0, Ordering::SeqCst);
    }

    fn step(&self, done: usize, total: usize) -> bool {
        self.done.store(done, Ordering::SeqCst);
        self.total.store(total, Ordering::SeqCst);
        !self.cancelled.load(Ordering::SeqCst)
    }

    fn opened(&self) -> Answer<Opened> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(opened.ok_or(ShellError::NoImport)?)
    }

    /// Lets the opened file go.
    pub(super) fn forget(&self) {
        self.keep(None);
    }

    fn keep(&self, opened: Option<Opened>) {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = opened;
    }

    fn take(&self, table: Table, folder: Option<PathBuf>) -> ImportInfo {
        let sheet = table.best_sheet(None).map(|sheet| sheet.name.clone()).unwrap_or_default();
        let info = ImportInfo { name: table.name.clone(), sheets: table.sheets(), sheet: sheet.clone() };
        self.keep(Some(Opened { table: Arc::new(table), folder, sheet, request: None, outcome: None }));
        info
    }
}

#[tauri::command]
pub async fn choose_workbook(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    dialogs::workbook(app, shell.places.ledgers()).await
}

#[tauri::command(async)]
pub fn import_open(desk: State<'_, ImportDesk>, path: PathBuf) -> Answer<ImportInfo> {
    desk.begin();
    let table = Table::open(&path, &mut |rows| desk.step(rows, 0))?;
    Ok(desk.take(table, path.parent().map(PathBuf::from)))
}

/// A file that was dropped onto the window, or rows that were pasted: its name and its bytes as base64.
#[tauri::command(async)]
pub fn import_content(desk: State<'_, ImportDesk>, name: String, content: String) -> Answer<ImportInfo> {
    desk.begin();
    let bytes = base64::engine::general_purpose::STANDARD.decode(content);
    let bytes = bytes.map_err(|_| Refusal::from(ReadError::Damaged))?;
    let table = Table::of_bytes(name, bytes, &mut |rows| desk.step(rows, 0))?;
    Ok(desk.take(table, None))
}

#[tauri::command(async)]
pub fn import_sheet(
    desk: State<'_, ImportDesk>,
    shell: State<'_, Shell>,
    sheet: String,
    kind: Option<Kind>,
    head: Option<(u32, u32)>,
) -> Answer<ImportSheet> {
    let mut opened = desk.opened()?;
    let guess = shell.with(|ledger| Ok(opened.table.guess(ledger.store(), &sheet, kind, head)?))?;
    let rows = opened.table.sheet(&sheet)?;
    let (mut samples, mut total) = (Vec::new(), 0);
    if let Some(guess) = &guess {
        let data: Vec<_> = data_rows(rows, &guess.mapping).collect();
        total = u32::try_from(data.len()).unwrap_or(u32::MAX);
        let texts = |index: u32| {
            let filled = data.iter().filter_map(|row| input::text(row.cell(index)).ok()).filter(|text| !text.is_empty());
            filled.take(3).map(|text| text.into_owned()).collect::<Vec<_>>()
        };
        samples = guess.mapping.columns.iter().map(|column| texts(column.index)).collect();
        // What a column means can be told without anybody's number.
        if let Some(known) = fields(guess.kind) {
            for (column, texts) in guess.mapping.columns.iter().zip(&mut samples) {
                texts.iter_mut().for_each(|text| *text = known.covered(column.field.as_deref(), text));
            }
        }
    }
    let known = guess.as_ref().map(|guess| guess.kind).or(kind).and_then(fields);
    opened.sheet = sheet;
    (opened.request, opened.outcome) = (None, None);
    desk.keep(Some(opened));
    Ok(ImportSheet { guess, fields: known.map(|fields| fields.choices()).unwrap_or_default(), samples, rows: total })
}

#[tauri::command(async)]
pub fn import_preview(desk: State<'_, ImportDesk>, shell: State<'_, Shell>, request: Request) -> Answer<ImportCounts> {
    let mut opened = desk.opened()?;
    desk.begin();
    let sheet = opened.table.sheet(&opened.sheet)?;
    let outcome = shell.with(|ledger| Ok(preview(ledger, sheet, &request, &mut |done, total| desk.step(done, total))?))?;
    let answer = counts(&outcome, BTreeSet::new());
    opened.request = Some(Arc::new(request));
    opened.outcome = Some(Arc::new(outcome));
    desk.keep(Some(opened));
    Ok(answer)
}

#[tauri::command(async)]
pub fn import_commit(desk: State<'_, ImportDesk>, shell: State<'_, Shell>, request: Request) -> Answer<ImportCounts> {
    let mut opened = desk.opened()?;
    desk.begin();
    let sheet = opened.table.sheet(&opened.sheet)?;
    let (done, copied) = shell.with(|ledger| {
        let copied = ledger.backup_if_changed(BackupReason::Import);
        let done = commit(ledger, sheet, &request, &mut |done, total| desk.step(done, total))?;
        remember(ledger, &Guess { kind: request.kind, mapping: request.mapping.clone(), understood: 0 })?;
        Ok((done, copied))
    })?;
    let backup_failed = copied.err().map(|error| error.to_string());
    let answer = ImportCounts { backup_failed, ..counts(&done.value, done.changed) };
    opened.request = Some(Arc::new(request));
    opened.outcome = Some(Arc::new(done.value));
    desk.keep(Some(opened));
    Ok(answer)
}

fn counts(outcome: &Outcome, changed_kinds: BTreeSet<Kind>) -> ImportCounts {
    ImportCounts {
        new: outcome.new,
        changed: outcome.changed,
        unchanged: outcome.unchanged,
        error: outcome.error,
        warning: outcome.warning,
        backup_failed: None,
        changed_kinds,
    }
}

#[tauri::command(async)]
pub fn import_rows(
    desk: State<'_, ImportDesk>,
    shell: State<'_, Shell>,
    filter: RowFilter,
    offset: usize,
    limit: usize,
    whole: bool,
) -> Answer<ImportRows> {
    let opened = desk.opened()?;
    let (Some(outcome), Some(request)) = (&opened.outcome, &opened.request) else {
        return Ok(ImportRows { total: 0, rows: Vec::new() });
    };
    let sheet = opened.table.sheet(&opened.sheet)?;
    let wanted: Vec<&RowOutcome> = outcome.rows.iter().filter(|row| is_wanted(row, filter)).collect();
    let shown = wanted.iter().skip(offset).take(limit.min(500)).map(|row| {
        let known = fields(request.kind).filter(|_| !whole);
        let cells = request.mapping.columns.iter().map(|column| {
            let fixed = request.fixes.get(&row.row).and_then(|fixes| fixes.get(&column.index)).cloned();
            let text = fixed.unwrap_or_else(|| {
                let cell = sheet.row(row.row).map(|found| found.cell(column.index));
                cell.map(|cell| input::text(cell).map_or_else(|_| "#错误".to_owned(), |text| text.into_owned()))
                    .unwrap_or_default()
            });
            let shown = known.map(|known| known.covered(column.field.as_deref(), &text));
            let is_covered = shown.as_ref().is_some_and(|shown| *shown != text);
            (shown.unwrap_or(text), is_covered)
        });
        let (cells, covered) = cells.unzip();
        let shown = row.candidates.iter().chain(row.alikes.iter().map(|alike| &alike.household));
        let households: Vec<RecordRef> = shown.map(|id| RecordRef { kind: Kind::Household, id: *id }).collect();
        let candidates = shell.with(|ledger| Ok(ledger.store().titles(&households)?))?;
        Ok(ImportRow { outcome: (*row).clone(), cells, covered, candidates })
    });
    Ok(ImportRows { total: u32::try_from(wanted.len()).unwrap_or(u32::MAX), rows: shown.collect::<Answer<_>>()? })
}

fn is_wanted(row: &RowOutcome, filter: RowFilter) -> bool {
    match filter {
        RowFilter::All => true,
        RowFilter::New => row.status == RowStatus::New,
        RowFilter::Changed => row.status == RowStatus::Changed,
        RowFilter::Unchanged => row.status == RowStatus::Unchanged,
        RowFilter::Error => row.status == RowStatus::Error,
        RowFilter::Warning => row.is_warned(),
    }
}

/// Writes the user's workbook with the bad rows marked, beside the original or into a folder.
#[tauri::command(async)]
pub fn import_marked_copy(desk: State<'_, ImportDesk>, shell: State<'_, Shell>, folder: Option<PathBuf>) -> Answer<PathBuf> {
    let opened = desk.opened()?;
    let (Some(outcome), Some(request)) = (&opened.outcome, &opened.request) else {
        return Err(ShellError::NothingImported.into());
    };
    let copy = opened.table.marked_copy(&opened.sheet, request.mapping.last_row, outcome)?;
    let folder = folder.or(opened.folder).unwrap_or_else(|| shell.places.ledgers());
    let stem = opened.table.name.rsplit_once('.').map_or(opened.table.name.as_str(), |(stem, _)| stem).to_owned();
    let title = format!("{stem}（未导入的行）");
    // It holds people's rows, as the file did that they came from.
    let note = ("marked_copy", title.as_str(), ReportMasking::Internal, "xlsx");
    let path = noted(&shell, note, || zhucun_export::write_new(&folder, &title, "xlsx", &copy))?;
    shell.note_exported([path.clone()]);
    Ok(path)
}

#[tauri::command(async)]
pub fn import_progress(desk: State<'_, ImportDesk>) -> ImportProgress {
    let number = |count: &AtomicUsize| u32::try_from(count.load(Ordering::SeqCst)).unwrap_or(u32::MAX);
    ImportProgress { done: number(&desk.done), total: number(&desk.total) }
}

#[tauri::command(async)]
pub fn import_cancel(desk: State<'_, ImportDesk>) {
    desk.cancelled.store(true, Ordering::SeqCst);
}

#[tauri::command(async)]
pub fn import_close(desk: State<'_, ImportDesk>) {
    desk.keep(None);
}
