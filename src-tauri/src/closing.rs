//! Closing the window: what was typed is kept and a copy of the ledger is made first. Asked a second time, the window goes
//! at once, whatever the page does.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, CloseRequestApi, Manager, Window};

/// Whether the page was told that the window is about to close.
#[derive(Default)]
pub struct Closing(AtomicBool);

/// What the page is told while a ledger is closed.
#[derive(Debug, Clone, Copy)]
pub enum Told {
    /// A copy is written to the second place: the stick must stay.
    Carrying,
    /// That is over, well or not.
    Carried,
}

/// Tells the page; one that does not answer closes all the same.
pub fn tell(app: &AppHandle, what: Told) {
    let event = match what {
        Told::Carrying => "zhucun-carrying",
        Told::Carried => "zhucun-carried",
    };
    if let Some(page) = app.get_webview_window("main") {
        let _ = page.eval(format!("window.dispatchEvent(new Event('{event}'))"));
    }
}

impl Closing {
    /// The window stays open after all.
    pub fn forget(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    /// The user wants to close the window. The page answers with `window_close`.
    pub fn asked(window: &Window, api: &CloseRequestApi) {
        if window.state::<Closing>().0.swap(true, Ordering::SeqCst) {
            return;
        }
        let told =
            window.get_webview_window(window.label()).map(|page| page.eval("window.dispatchEvent(new Event('zhucun-closing'))"));
        if matches!(told, Some(Ok(()))) {
            api.prevent_close();
        }
    }
}
