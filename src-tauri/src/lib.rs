//! The shell around the core: opens the window, keeps the open ledger, and hands each command to the core.
//! The only code that knows Tauri.

mod clock;
mod closing;
mod commands;
mod dialogs;
#[cfg(target_os = "linux")]
mod drawing;
mod error;
#[cfg(target_os = "linux")]
mod logind;
mod look;
mod places;
mod recent;
mod second_place;
mod settings;
mod shell_error;
mod state;
mod tries;
mod watch;
mod whereabouts;
mod wiping;
#[cfg(windows)]
mod wts;

use std::process::ExitCode;

use tauri::{Manager, RunEvent, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_window_state::StateFlags;

#[global_allocator]
static MEMORY: wiping::Wiping = wiping::Wiping;

/// Starts the program; answers when the window is closed.
pub fn run() -> ExitCode {
    #[cfg(target_os = "linux")]
    drawing::choose();
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(flags).build())
        .invoke_handler(commands::table())
        .setup(|app| {
            let places = places::Places::find(app.handle());
            app.manage(state::Shell::new(places));
            app.manage(commands::import::ImportDesk::default());
            app.manage(commands::quick::QuickDesk::default());
            app.manage(commands::lists::ListDesk::default());
            app.manage(commands::photos::PhotoDesk::default());
            app.manage(commands::twins::MergeDesk::default());
            app.manage(closing::Closing::default());
            app.manage(tries::Tries::default());
            app.manage(watch::Watch::default());
            watch::start(app.handle().clone());
            #[cfg(target_os = "linux")]
            logind::start(app.handle().clone());
            #[cfg(windows)]
            wts::start(app.handle().clone());
            let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("驻村记")
                .inner_size(1280.0, 760.0)
                .min_inner_size(960.0, 600.0)
                .center()
                // Files are dropped onto the page itself, which reads them; the native handler would swallow them.
                .disable_drag_drop_handler()
                .build()?;
            let shell = app.state::<state::Shell>();
            look::give(&window, settings::read(&shell.places.config).look);
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                closing::Closing::asked(window, api);
            }
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    let shell = app.state::<state::Shell>();
                    // A page that answers no more was closed without its copy; nobody is left to be told of a failure.
                    let _ = shell.copy_for_closing(&|| {});
                    shell.close();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("驻村记没有能打开窗口：{error}");
            ExitCode::FAILURE
        }
    }
}
