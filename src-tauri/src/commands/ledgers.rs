//! Opening, making and closing ledgers.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;
use tauri::{AppHandle, State};
use zhucun_core::records::team::Team;
use zhucun_core::records::team_member::TeamMember;
use zhucun_core::sample;
use zhucun_core::setup::{NewLedger, create_ledger_with};
use zhucun_core::storage::{Ledger, Protection};
use zhucun_core::value::{Id, Period};
use zhucun_core::{Error, Result};

use super::protection::{Typed, passphrase_of};
use crate::closing::{self, Told};
use crate::error::Answer;
use crate::places::make_folder_of;
use crate::recent::{self, RecentLedger};
use crate::second_place::{self, Missed};
use crate::state::Shell;
use crate::tries::Tries;
use crate::whereabouts::{self, Whereabouts};

/// The open ledger, for the window's frame.
#[derive(Debug, Serialize)]
pub struct LedgerInfo {
    path: PathBuf,
    name: String,
    team: String,
    township: String,
    is_sample: bool,
    encrypted: bool,
    /// Where it lies, if it should not lie there.
    whereabouts: Option<Whereabouts>,
    /// What did not reach the second place when it was closed last.
    missed: Option<Missed>,
    today: NaiveDate,
    due_period: Period,
    member: Option<Id>,
    /// When it was taken over from a team before, RFC 3339 in UTC.
    taken_over: Option<String>,
}

impl LedgerInfo {
    /// Of the ledger that is open.
    pub(super) fn of_open(shell: &Shell) -> Answer<Self> {
        shell.with(|ledger| Ok(LedgerInfo::of(ledger, &shell.places.config)?))
    }

    fn of(ledger: &Ledger, config: &Path) -> Result<Self> {
        let team = ledger.store().all::<Team>()?.into_iter().next().map(|team| team.draft);
        let (name, township) = team.map(|team| (team.name, team.township)).unwrap_or_default();
        Ok(LedgerInfo {
            path: ledger.path().to_owned(),
            name: recent::name_of(ledger.path()),
            team: name,
            township,
            is_sample: ledger.store().is_sample()?,
            encrypted: ledger.is_encrypted(),
            whereabouts: whereabouts::judge(ledger.path(), &whereabouts::mounts()),
            missed: second_place::missed(config, ledger.path()),
            today: ledger.today(),
            due_period: Period::due_on(ledger.today()),
            member: ledger.member(),
            taken_over: ledger.store().taken_over()?.into_iter().next(),
        })
    }
}

/// A ledger that was made.
#[derive(Debug, Serialize)]
pub struct Made {
    ledger: LedgerInfo,
    /// Of an encrypted one: told this once.
    recovery_key: Option<String>,
}

impl Made {
    /// An encrypted ledger, with the key that is told this once.
    pub(super) fn encrypted(ledger: LedgerInfo, recovery_key: String) -> Self {
        Made { ledger, recovery_key: Some(recovery_key) }
    }
}

/// What the start page shows.
#[derive(Debug, Serialize)]
pub struct StartInfo {
    documents: PathBuf,
    suggested: PathBuf,
    recent: Vec<RecentLedger>,
    open: Option<LedgerInfo>,
    /// The ledger that waits to be unlocked.
    locked: Option<RecentLedger>,
}

#[tauri::command(async)]
pub fn start_info(shell: State<'_, Shell>) -> Answer<StartInfo> {
    Ok(StartInfo {
        documents: shell.places.ledgers(),
        suggested: shell.places.suggested(),
        recent: recent::read(&shell.places.config),
        locked: shell.locked_path().map(recent::about),
        open: shell.open_path().map(|_| LedgerInfo::of_open(&shell)).transpose()?,
    })
}

#[tauri::command(async)]
pub fn ledger_create(shell: State<'_, Shell>, path: PathBuf, new: NewLedger, passphrase: Option<String>) -> Answer<Made> {
    let passphrase = passphrase.as_deref().map(passphrase_of).transpose()?;
    let protection = passphrase.map(Protection::new).transpose()?;
    make_folder_of(&path).map_err(Error::from)?;
    let ledger = create_ledger_with(&path, Box::new(shell.world()), &new, protection.as_ref())?;
    shell.take(ledger);
    let recovery_key = protection.map(|protection| protection.recovery.printed().to_string());
    Ok(Made { ledger: LedgerInfo::of_open(&shell)?, recovery_key })
}

#[tauri::command(async)]
pub fn ledger_open(shell: State<'_, Shell>, tries: State<'_, Tries>, path: PathBuf, secret: Option<Typed>) -> Answer<LedgerInfo> {
    match secret.map(Typed::secret).transpose()? {
        Some(secret) => tries.attempt(&path, || shell.open_with(&path, Some(&secret)))?,
        None => shell.open(&path)?,
    }
    LedgerInfo::of_open(&shell)
}

/// What is to be said of a place before a ledger is made there.
#[tauri::command(async)]
pub fn place_judge(path: PathBuf) -> Option<Whereabouts> {
    whereabouts::judge(&path, &whereabouts::mounts())
}

#[tauri::command(async)]
pub fn sample_open(shell: State<'_, Shell>) -> Answer<LedgerInfo> {
    let path = shell.places.sample();
    make_sample_if_missing(&path)?;
    shell.open(&path)?;
    LedgerInfo::of_open(&shell)
}

fn make_sample_if_missing(path: &Path) -> Result<()> {
    make_folder_of(path)?;
    match sample::create_sample(path) {
        Ok(_) | Err(Error::LedgerExists) => Ok(()),
        Err(error) => Err(error),
    }
}

#[tauri::command(async)]
pub fn member_choose(shell: State<'_, Shell>, id: Id) -> Answer<LedgerInfo> {
    shell.with(|ledger| {
        ledger.store().get::<TeamMember>(id)?;
        ledger.set_member(Some(id));
        recent::remember_member(&shell.places.config, ledger.path(), id);
        Ok(LedgerInfo::of(ledger, &shell.places.config)?)
    })
}

/// Closes the ledger once it is copied; `anyway` also where the copy fails.
#[tauri::command(async)]
pub fn ledger_close(app: AppHandle, shell: State<'_, Shell>, anyway: bool) -> Answer<()> {
    let copied = shell.copy_for_closing(&|| closing::tell(&app, Told::Carrying));
    if !anyway {
        copied.inspect_err(|_| closing::tell(&app, Told::Carried))?;
    }
    shell.close();
    closing::tell(&app, Told::Carried);
    Ok(())
}
