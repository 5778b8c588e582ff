//! Closing the window: what was typed is kept and a copy of the ledger is made first. Asked a second time, the window goes
//! at once, whatever the page does.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{CloseRequestApi, Manager, Window};

/// Whether the page was told that the window is about to close.
#[derive(Default)]
pub struct Closing(AtomicBool);

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
