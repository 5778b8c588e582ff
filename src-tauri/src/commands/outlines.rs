//! Report templates: copying, trying, changing their parts, and as files.

use std::io::Read;
use std::path::PathBuf;

use tauri::{AppHandle, State};
use zhucun_core::outline::{self, LONGEST_SOURCE, SectionChange};
use zhucun_core::records::outline::UserOutline;
use zhucun_core::report::{self, FigureLine, OutlineTrial, Trial};

use crate::dialogs;
use crate::error::Answer;
use crate::shell_error::ShellError;
use crate::state::Shell;

#[tauri::command(async, rename_all = "snake_case")]
pub fn outline_copy(name: String) -> Answer<UserOutline> {
    Ok(outline::copy_of(&name)?)
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn outline_try(shell: State<'_, Shell>, draft: UserOutline) -> Answer<OutlineTrial> {
    shell.with(|ledger| {
        let trial = Trial::of(ledger.today());
        Ok(ledger.read(|store| report::try_outline(store, &draft, &trial))?)
    })
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn outline_change(source: String, change: SectionChange) -> Answer<String> {
    Ok(outline::change_sections(&source, &change)?)
}

#[tauri::command(async)]
pub fn outline_figures(shell: State<'_, Shell>) -> Answer<Vec<FigureLine>> {
    shell.with(|ledger| {
        let trial = Trial::of(ledger.today());
        Ok(ledger.read(|store| report::figures_to_insert(store, &trial))?)
    })
}

#[tauri::command]
pub async fn choose_outline(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    dialogs::outline_to_read(app, shell.places.ledgers()).await
}

#[tauri::command]
pub async fn choose_outline_place(app: AppHandle, shell: State<'_, Shell>, title: String) -> Answer<Option<PathBuf>> {
    dialogs::outline_to_write(app, shell.places.ledgers(), title).await
}

/// Reads no more of a file than a template can have: what is chosen by mistake may be large.
#[tauri::command(async, rename_all = "snake_case")]
pub fn outline_read(path: PathBuf) -> Answer<UserOutline> {
    let file = std::fs::File::open(&path).map_err(|_| ShellError::OutlineUnreadable)?;
    let mut bytes = Vec::new();
    file.take(2 * LONGEST_SOURCE as u64).read_to_end(&mut bytes).map_err(|_| ShellError::OutlineUnreadable)?;
    Ok(outline::read_file(&bytes)?)
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn outline_write(shell: State<'_, Shell>, path: PathBuf, draft: UserOutline) -> Answer<()> {
    if path.extension().is_none_or(|extension| extension != dialogs::OUTLINE_EXTENSION) {
        return Err(ShellError::OutlineName.into());
    }
    zhucun_export::write_file(&path, outline::write_file(&draft).as_bytes())?;
    shell.note_exported([path]);
    Ok(())
}
