//! The system's dialogs, and opening what was exported.

use std::path::PathBuf;

use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::{Answer, Refusal};
use crate::state::Shell;

#[tauri::command]
pub async fn choose_ledger_to_open(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    dialogs::ledger_to_open(app, shell.places.ledgers()).await
}

#[tauri::command]
pub async fn choose_ledger_to_create(app: AppHandle, suggested: PathBuf) -> Answer<Option<PathBuf>> {
    dialogs::ledger_to_create(app, suggested).await
}

#[tauri::command]
pub async fn choose_folder(app: AppHandle, shell: State<'_, Shell>, start: Option<PathBuf>) -> Answer<Option<PathBuf>> {
    dialogs::folder(app, start.unwrap_or_else(|| shell.places.ledgers())).await
}

#[tauri::command(async)]
pub fn open_path(shell: State<'_, Shell>, path: PathBuf) -> Answer<()> {
    show(&shell, &path, &path)
}

#[tauri::command(async)]
pub fn reveal_path(shell: State<'_, Shell>, path: PathBuf) -> Answer<()> {
    let folder = path.parent().unwrap_or(&path).to_owned();
    show(&shell, &path, &folder)
}

/// The window may have shown only what this program has written: text in a record must never start a program.
fn show(shell: &Shell, exported: &std::path::Path, shown: &std::path::Path) -> Answer<()> {
    if !shell.has_exported(exported) {
        return Err(Refusal::of("not_exported", "只能打开本次导出的文件"));
    }
    let failed = |_| Refusal::of("open_failed", format!("没有能打开。请在文件管理器中打开{}", shown.display()));
    open::that_detached(shown).map_err(failed)
}
