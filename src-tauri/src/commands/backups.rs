//! 备份: the copies of the open ledger, here and in a second place; bringing one back, also where the ledger does not open.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tauri::{AppHandle, Manager, State};
use zhucun_core::Error;
use zhucun_core::storage::{
    Backup, BackupCounts, BackupReason, Judged, backup_folder, backups, is_encrypted, judge, restore_over,
};

use super::ledgers::LedgerInfo;
use super::protection::Typed;
use crate::closing::{self, Closing, Told};
use crate::dialogs;
use crate::error::Answer;
use crate::second_place::{self, copies_in};
use crate::settings::{self, Settings};
use crate::state::Shell;
use crate::tries::Tries;

/// A copy in the list.
#[derive(Debug, Serialize)]
pub struct ListedBackup {
    #[serde(flatten)]
    backup: Backup,
    /// Whether it lies in the second place.
    second: bool,
    encrypted: bool,
}

/// The second place.
#[derive(Debug, Serialize)]
pub struct SecondPlace {
    folder: PathBuf,
    /// Whether it is there now: a stick may be in a pocket.
    present: bool,
}

/// The page of copies.
#[derive(Debug, Serialize)]
pub struct BackupPage {
    folder: PathBuf,
    second: Option<SecondPlace>,
    backups: Vec<ListedBackup>,
}

/// What a copy holds, and what the ledger holds now.
#[derive(Debug, Serialize)]
pub struct BackupLook {
    counts: BackupCounts,
    now: BackupCounts,
}

/// A copy was brought back.
#[derive(Debug, Serialize)]
pub struct Restored {
    /// The copy of what it replaced: brought back, it undoes the restore.
    before: Backup,
    ledger: LedgerInfo,
}

/// A copy from which a ledger that does not open can be made anew.
#[derive(Debug, Serialize)]
pub struct Offer {
    #[serde(flatten)]
    backup: Backup,
    /// Nothing where it takes the passphrase to know.
    counts: Option<BackupCounts>,
}

/// Copies for a ledger that does not open.
#[derive(Debug, Serialize)]
pub struct Offers {
    good: Vec<Offer>,
    /// How many copies are damaged themselves.
    damaged: usize,
}

/// As many of the latest copies are read through for a ledger that does not open.
const OFFERED: usize = 10;

#[tauri::command(async)]
pub fn backup_list(shell: State<'_, Shell>) -> Answer<BackupPage> {
    shell.with(|ledger| {
        let folder = backup_folder(ledger.path());
        let second = second_of(&shell, ledger.path());
        let mut listed = list(&folder, false)?;
        if let Some(second) = &second {
            listed.extend(list(&copies_in(second, ledger.path()), true)?);
        }
        listed.sort_by(|a, b| b.backup.at.cmp(&a.backup.at).then(a.second.cmp(&b.second)));
        let second = second.map(|folder| SecondPlace { present: folder.is_dir(), folder });
        Ok(BackupPage { folder, second, backups: listed })
    })
}

fn list(folder: &Path, second: bool) -> Answer<Vec<ListedBackup>> {
    let listed = backups(folder)?.into_iter().map(|backup| {
        // One that is no ledger any more is told when it is looked into.
        let encrypted = is_encrypted(&backup.path).unwrap_or(false);
        ListedBackup { backup, second, encrypted }
    });
    Ok(listed.collect())
}

fn second_of(shell: &Shell, ledger: &Path) -> Option<PathBuf> {
    second_place::place_of(&shell.places.config, ledger)
}

/// A ledger's copies here and in the second place, latest first.
pub(super) fn copies_of(shell: &Shell, ledger: &Path) -> Answer<Vec<Backup>> {
    let second = second_of(shell, ledger).map(|second| copies_in(&second, ledger));
    Ok(zhucun_core::storage::copies_of(ledger, second.as_slice())?)
}

#[tauri::command(async)]
pub fn backup_look(shell: State<'_, Shell>, path: PathBuf) -> Answer<BackupLook> {
    shell.with(|ledger| Ok(BackupLook { counts: ledger.counts_of_backup(&path)?, now: ledger.counts()? }))
}

#[tauri::command(async)]
pub fn backup_now(shell: State<'_, Shell>) -> Answer<Backup> {
    shell.with(|ledger| Ok(ledger.backup(BackupReason::Asked)?))
}

/// Carries what the ledger holds now to the second place.
#[tauri::command(async)]
pub fn backup_carry(shell: State<'_, Shell>) -> Answer<Backup> {
    shell.with(|ledger| second_place::carry_latest(&shell.places.config, ledger))
}

#[tauri::command]
pub async fn choose_backup_place(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    let Some(ledger) = shell.open_path() else { return Ok(None) };
    let start = second_of(&shell, &ledger).unwrap_or_else(|| shell.places.documents.clone());
    let chosen = dialogs::backup_place(app, start).await?;
    chosen.map(|folder| set_place(&shell, ledger, folder)).transpose()
}

#[tauri::command(async)]
pub fn backup_place(shell: State<'_, Shell>, folder: Option<PathBuf>) -> Answer<()> {
    let Some(ledger) = shell.open_path() else { return Ok(()) };
    match folder {
        Some(folder) => set_place(&shell, ledger, folder).map(drop),
        None => Ok(settings::change(&shell.places.config, |settings| forget_place(settings, &ledger)).map_err(Error::from)?),
    }
}

fn set_place(shell: &Shell, ledger: PathBuf, folder: PathBuf) -> Answer<PathBuf> {
    let place = folder.clone();
    let put = |settings: &mut Settings| {
        forget_place(settings, &ledger);
        settings.places.insert(ledger, place);
    };
    settings::change(&shell.places.config, put).map_err(Error::from)?;
    Ok(folder)
}

/// Another place has none of the copies yet.
fn forget_place(settings: &mut Settings, ledger: &Path) {
    settings.places.remove(ledger);
    settings.carried.remove(ledger);
}

/// A copy that lies somewhere else.
#[tauri::command]
pub async fn choose_backup(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    dialogs::backup_to_read(app, shell.places.documents.clone()).await
}

#[tauri::command(async)]
pub fn backup_restore(shell: State<'_, Shell>, path: PathBuf, secret: Option<Typed>) -> Answer<Restored> {
    let secret = secret.map(Typed::secret).transpose()?;
    let before = shell.restore(&path, secret.as_ref())?;
    Ok(Restored { before, ledger: LedgerInfo::of_open(&shell)? })
}

/// What there is to make a ledger anew from that is missing or does not open.
#[tauri::command(async)]
pub fn backup_offers(shell: State<'_, Shell>, ledger: PathBuf) -> Answer<Offers> {
    let known = copies_of(&shell, &ledger)?;
    let mut offers = Offers { good: Vec::new(), damaged: 0 };
    for backup in known.into_iter().take(OFFERED) {
        match judge(&ledger, &backup, None) {
            Judged::Whole(counts) => offers.good.push(Offer { backup, counts: Some(counts) }),
            Judged::Locked => offers.good.push(Offer { backup, counts: None }),
            Judged::Damaged => offers.damaged += 1,
        }
    }
    Ok(offers)
}

#[tauri::command(async)]
pub fn ledger_recover(
    shell: State<'_, Shell>,
    tries: State<'_, Tries>,
    ledger: PathBuf,
    backup: PathBuf,
    secret: Option<Typed>,
) -> Answer<LedgerInfo> {
    let secret = secret.map(Typed::secret).transpose()?;
    tries.attempt(&ledger, || {
        drop(restore_over(&ledger, &backup, Box::new(shell.world()), secret.as_ref())?);
        shell.open_with(&ledger, secret.as_ref())
    })?;
    LedgerInfo::of_open(&shell)
}

/// Closes the window once the ledger is copied; `anyway` also where the copy fails.
#[tauri::command(async)]
pub fn window_close(app: AppHandle, shell: State<'_, Shell>, asked: State<'_, Closing>, anyway: bool) -> Answer<()> {
    if let Err(refusal) = shell.copy_for_closing(&|| closing::tell(&app, Told::Carrying))
        && !anyway
    {
        asked.forget();
        return Err(refusal);
    }
    shell.close();
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.destroy();
    }
    Ok(())
}
