//! `zhucun backup` and `zhucun restore`.

use std::path::Path;

use serde_json::json;
use zhucun_core::Error;
use zhucun_core::storage::{BackupReason, restore_over};

use crate::commands::say;
use crate::fault::Fault;
use crate::secret::{open, secret};
use crate::world::SystemWorld;

/// Makes a copy, beside the ledger or in a folder of the user's choice.
pub fn backup(as_json: bool, ledger: &Path, out: Option<&Path>) -> Result<(), Fault> {
    let ledger = open(ledger)?;
    let made = match out {
        Some(folder) => ledger.backup_into(folder, BackupReason::Asked)?,
        None => ledger.backup(BackupReason::Asked)?,
    };
    let counts = ledger.counts_of_backup(&made.path)?;
    let text = format!(
        "已备份并核对：{}（{}户{}人、走访{}条、申报{}条、项目{}个）",
        made.path.display(),
        counts.households,
        counts.people,
        counts.visits,
        counts.applications,
        counts.projects
    );
    say(as_json, &json!({ "backup": made, "counts": counts }), &text);
    Ok(())
}

/// Puts a copy in the ledger's place; a missing or damaged ledger is made anew from it.
pub fn restore(as_json: bool, backup: &Path, path: &Path) -> Result<(), Fault> {
    let (before, counts) = match open(path) {
        Ok(mut ledger) => (Some(ledger.restore(backup)?), ledger.counts()?),
        Err(Fault::Core(Error::LedgerMissing | Error::LedgerDamaged | Error::NotALedger | Error::KeyFileMissing)) => {
            let ledger = restore_over(path, backup, Box::new(SystemWorld), secret()?.as_ref())?;
            (None, ledger.counts()?)
        }
        Err(fault) => return Err(fault),
    };
    let undo = before.as_ref().map_or_else(String::new, |before| format!("。恢复前的台账存为 {}", before.path.display()));
    let text = format!("已恢复：{}户{}人、走访{}条{undo}", counts.households, counts.people, counts.visits);
    say(as_json, &json!({ "ledger": path, "before": before, "counts": counts }), &text);
    Ok(())
}
