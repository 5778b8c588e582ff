//! 外观: how the window looks on this laptop.

use tauri::{AppHandle, Manager, State};

use crate::error::Answer;
use crate::look::{self, Look};
use crate::settings;
use crate::shell_error::ShellError;
use crate::state::Shell;

#[tauri::command(async)]
pub fn look(shell: State<'_, Shell>) -> Look {
    settings::read(&shell.places.config).look
}

/// Looks like that from now on, and the next time.
#[tauri::command(async)]
pub fn look_set(app: AppHandle, shell: State<'_, Shell>, look: Look) -> Answer<()> {
    if let Some(window) = app.get_webview_window("main") {
        look::give(&window, look);
    }
    Ok(settings::change(&shell.places.config, |settings| settings.look = look).map_err(|_| ShellError::Settings)?)
}
