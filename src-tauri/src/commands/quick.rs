//! 一句话记录: a typed line, read in the words of the open ledger.

use std::sync::{Mutex, PoisonError};

use tauri::State;
use zhucun_core::quick::{Asked, Reader, Reading};

use crate::error::Answer;
use crate::state::Shell;

/// What is kept between two keystrokes: the words of the open ledger.
#[derive(Default)]
pub struct QuickDesk(Mutex<Reader>);

impl QuickDesk {
    /// Lets the words of the ledger go: they hold names.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Reader::default();
    }
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn quick_read(shell: State<'_, Shell>, desk: State<'_, QuickDesk>, asked: Asked) -> Answer<Reading> {
    shell.with(|ledger| Ok(desk.0.lock().unwrap_or_else(PoisonError::into_inner).read(ledger, &asked)?))
}
