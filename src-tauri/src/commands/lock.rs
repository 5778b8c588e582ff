//! 锁定: the ledger is closed and its key gone, until what opens it is given again.

use tauri::{AppHandle, Manager, State};

use super::import::ImportDesk;
use super::quick::QuickDesk;
use crate::error::Answer;
use crate::settings;
use crate::shell_error::ShellError;
use crate::state::Shell;
use crate::watch::Watch;

/// Closes the ledger and forgets what the shell holds of its records.
pub fn lock_now(app: &AppHandle) {
    app.state::<ImportDesk>().forget();
    app.state::<QuickDesk>().forget();
    app.state::<Shell>().lock();
}

#[tauri::command(async)]
pub fn ledger_lock(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    if !shell.can_lock() {
        return Err(ShellError::CannotLock.into());
    }
    lock_now(&app);
    Ok(())
}

/// Somebody is at the window.
#[tauri::command(async)]
pub fn user_active(watch: State<'_, Watch>) {
    watch.touched();
}

/// Minutes without a touch after which the window locks; 0: never.
#[tauri::command(async)]
pub fn idle_minutes(shell: State<'_, Shell>) -> u32 {
    settings::read(&shell.places.config).idle_minutes
}

#[tauri::command(async)]
pub fn idle_minutes_set(shell: State<'_, Shell>, minutes: u32) -> Answer<()> {
    Ok(settings::change(&shell.places.config, |settings| settings.idle_minutes = minutes).map_err(|_| ShellError::Settings)?)
}
