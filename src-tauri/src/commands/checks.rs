//! 检查台账: looks the open ledger through, and mends what can be mended.

use tauri::State;
use zhucun_core::storage::{CheckRepair, CheckReport};

use super::lists::ListDesk;
use crate::error::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn ledger_check(desk: State<'_, ListDesk>, shell: State<'_, Shell>) -> Answer<CheckReport> {
    desk.begin();
    shell.with(|ledger| Ok(ledger.check(&mut |done, total| desk.step(done, total))?))
}

/// What was mended, after a copy of how it was, and what was not.
#[tauri::command(async)]
pub fn ledger_repair(desk: State<'_, ListDesk>, shell: State<'_, Shell>) -> Answer<CheckRepair> {
    desk.begin();
    let thumbnail = |picture: &[u8]| zhucun_media::prepare(picture).ok().map(|photo| photo.thumbnail);
    shell.with(|ledger| Ok(ledger.repair(&thumbnail, &mut |done, total| desk.step(done, total))?))
}
