//! 备份: the copies of the open ledger, here and in a second place; bringing one back, also where the ledger does not open.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tauri::{AppHandle, Manager, State};
use zhucun_core::Error;
use zhucun_core::storage::{
    Backup, BackupCounts, BackupReason, Ledger, backup_folder, backups, carry, is_encrypted, look_into, restore_over,
};

use super::ledgers::LedgerInfo;
use super::protection::Typed;
use crate::closing::Closing;
use crate::dialogs;
use crate::error::{Answer, Refusal};
use crate::settings;
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
    settings::read(&shell.places.config).places.remove(ledger)
}

/// The copies of one ledger lie in a folder of their own, also on a stick that serves several.
fn copies_in(second: &Path, ledger: &Path) -> PathBuf {
    second.join(backup_folder(ledger).file_name().unwrap_or_default())
}

/// A ledger's copies here and in the second place, latest first.
pub(super) fn copies_of(shell: &Shell, ledger: &Path) -> Answer<Vec<Backup>> {
    let mut known = backups(&backup_folder(ledger))?;
    if let Some(second) = second_of(shell, ledger) {
        known.extend(backups(&copies_in(&second, ledger))?);
    }
    known.sort_by_key(|backup| std::cmp::Reverse(backup.at));
    Ok(known)
}

#[tauri::command(async)]
pub fn backup_look(shell: State<'_, Shell>, path: PathBuf) -> Answer<BackupLook> {
    shell.with(|ledger| Ok(BackupLook { counts: ledger.counts_of_backup(&path)?, now: ledger.counts()? }))
}

#[tauri::command(async)]
pub fn backup_now(shell: State<'_, Shell>) -> Answer<Backup> {
    shell.with(|ledger| Ok(ledger.backup(BackupReason::Asked)?))
}

/// Carries what the ledger holds now to the second place; what is there already is not copied again on this side.
#[tauri::command(async)]
pub fn backup_carry(shell: State<'_, Shell>) -> Answer<Backup> {
    shell.with(|ledger| {
        let second = second_of(&shell, ledger.path()).ok_or_else(|| Refusal::of("no_place", "请先选择另存的位置"))?;
        if !second.is_dir() {
            let message = format!("没有找到“{}”。请插好优盘再试，或换一个位置", second.display());
            return Err(Refusal::of("place_missing", message));
        }
        let latest = match ledger.backup_if_changed(BackupReason::Asked)? {
            Some(made) => made,
            None => latest_of(ledger)?,
        };
        carry(&latest, &copies_in(&second, ledger.path())).map_err(|error| not_carried(error, &second))
    })
}

fn latest_of(ledger: &Ledger) -> Answer<Backup> {
    match backups(&backup_folder(ledger.path()))?.into_iter().next() {
        Some(latest) => Ok(latest),
        None => Ok(ledger.backup(BackupReason::Asked)?),
    }
}

fn not_carried(error: Error, place: &Path) -> Refusal {
    let place = place.display();
    match error {
        Error::Io(error) if error.kind() != std::io::ErrorKind::StorageFull => {
            Refusal::of("place_unwritable", format!("没有能写到“{place}”。请看优盘是否还插着、能不能写"))
        }
        Error::Io(_) | Error::DiskFull => {
            Refusal::of("place_full", format!("“{place}”空间不够，没有存过去。请清理后再试，或换一个优盘"))
        }
        error => error.into(),
    }
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
        None => {
            Ok(settings::change(&shell.places.config, |settings| drop(settings.places.remove(&ledger))).map_err(Error::from)?)
        }
    }
}

fn set_place(shell: &Shell, ledger: PathBuf, folder: PathBuf) -> Answer<PathBuf> {
    let place = folder.clone();
    settings::change(&shell.places.config, |settings| drop(settings.places.insert(ledger, place))).map_err(Error::from)?;
    Ok(folder)
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
        match look_into(&backup.path, None) {
            Ok(counts) => offers.good.push(Offer { backup, counts: Some(counts) }),
            Err(Error::PassphraseNeeded) => offers.good.push(Offer { backup, counts: None }),
            Err(_) => offers.damaged += 1,
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
pub fn window_close(app: AppHandle, shell: State<'_, Shell>, closing: State<'_, Closing>, anyway: bool) -> Answer<()> {
    if let Err(refusal) = shell.copy_for_closing()
        && !anyway
    {
        closing.forget();
        return Err(refusal);
    }
    shell.close();
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.destroy();
    }
    Ok(())
}
