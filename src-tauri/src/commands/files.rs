//! The system's dialogs, and opening what was exported.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::Answer;
use crate::shell_error::ShellError;
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

/// Only the ledger and what this program has written may be shown: text in a record must never start a program.
fn show(shell: &Shell, exported: &Path, shown: &Path) -> Answer<()> {
    if !shell.has_exported(exported) && shell.open_path().as_deref() != Some(exported) {
        return Err(ShellError::NotExported.into());
    }
    Ok(open::that_detached(shown).map_err(|_| ShellError::OpenFailed(shown.to_owned()))?)
}
