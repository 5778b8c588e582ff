//! What the shell keeps while it runs: the open ledger, the machine's folders and fonts, and what it has exported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use zhucun_core::Result;
use zhucun_core::records::team_member::TeamMember;
use zhucun_core::sample;
use zhucun_core::storage::{Backup, BackupReason, Ledger, Secret, Stored};
use zhucun_core::value::Id;
use zhucun_export::Fonts;

use crate::clock::SystemWorld;
use crate::error::Answer;
use crate::places::Places;
use crate::recent;
use crate::second_place;
use crate::shell_error::ShellError;

/// The shell's state.
pub struct Shell {
    /// The machine's folders.
    pub places: Places,
    ledger: Mutex<Option<Ledger>>,
    /// The ledger that was closed by locking the window.
    locked: Mutex<Option<PathBuf>>,
    fonts: OnceLock<Fonts>,
    exported: Mutex<BTreeSet<PathBuf>>,
}

impl Shell {
    /// A shell without a ledger.
    pub fn new(places: Places) -> Self {
        Shell { places, ledger: Mutex::default(), locked: Mutex::default(), fonts: OnceLock::new(), exported: Mutex::default() }
    }

    /// The world of this laptop.
    pub fn world(&self) -> SystemWorld {
        SystemWorld::of(self.places.device())
    }

    /// Works with the open ledger.
    pub fn with<T>(&self, work: impl FnOnce(&mut Ledger) -> Answer<T>) -> Answer<T> {
        let mut open = hold(&self.ledger);
        let ledger = open.as_mut().ok_or(ShellError::NoLedger)?;
        work(ledger)
    }

    /// The open ledger's path.
    pub fn open_path(&self) -> Option<PathBuf> {
        hold(&self.ledger).as_ref().map(|ledger| ledger.path().to_owned())
    }

    /// Opens a plain ledger in place of the one that is open.
    pub fn open(&self, path: &Path) -> Result<()> {
        self.open_with(path, None)
    }

    /// Opens a ledger in place of the one that is open; a ledger that does not open leaves that one as it is.
    pub fn open_with(&self, path: &Path, secret: Option<&Secret>) -> Result<()> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if self.open_path().as_deref() == Some(&path) {
            return Ok(());
        }
        let mut ledger = Ledger::open_with(&path, Box::new(self.world()), secret)?;
        if ledger.store().is_sample()? {
            drop(ledger);
            ledger = Ledger::open_with(&path, Box::new(self.world().pinned_on(sample::TODAY)), secret)?;
        }
        self.take(ledger);
        Ok(())
    }

    /// Puts a copy in the open ledger's place; answers with the copy of what it replaced.
    pub fn restore(&self, backup: &Path, secret: Option<&Secret>) -> Answer<Backup> {
        self.with(|ledger| {
            let before = ledger.restore_with(backup, secret)?;
            // The copy may know other members.
            ledger.set_member(self.typing(ledger));
            Ok(before)
        })
    }

    /// Makes an open ledger the window's, with the member who typed in it last on this laptop.
    pub fn take(&self, mut ledger: Ledger) {
        recent::remember(&self.places.config, ledger.path());
        ledger.set_member(self.typing(&ledger));
        *hold(&self.locked) = None;
        *hold(&self.ledger) = Some(ledger);
    }

    /// Who types: the one remembered, or the only one there is.
    fn typing(&self, ledger: &Ledger) -> Option<Id> {
        let members = ledger.store().all::<TeamMember>().unwrap_or_default();
        let known = recent::member_of(&self.places.config, ledger.path());
        // In a ledger that was taken over, whoever was there before is of the old team.
        let taken_over = ledger.store().taken_over().unwrap_or_default().into_iter().next();
        let is_ours = |only: &&Stored<TeamMember>| taken_over.as_ref().is_none_or(|at| only.meta.created_at > *at);
        let only = members.first().filter(|_| members.len() == 1).filter(is_ours);
        let found = members.iter().find(|member| Some(member.id) == known).or(only);
        found.map(|member| member.id)
    }

    /// Copies the open ledger before it is closed, unless the latest copy holds the same, and carries the copy to the second
    /// place if that is there; `carries` is told before. The sample is anybody's to spoil.
    pub fn copy_for_closing(&self, carries: &dyn Fn()) -> Answer<()> {
        let Some(ledger) = &*hold(&self.ledger) else { return Ok(()) };
        if ledger.store().is_sample()? {
            return Ok(());
        }
        let failed = |error: zhucun_core::Error| ShellError::BackupFailed(error.to_string());
        ledger.backup_if_changed(BackupReason::Close).map_err(failed)?;
        second_place::carry_on_closing(&self.places.config, ledger, carries);
        Ok(())
    }

    /// Whether there is something to lock: a plain ledger anybody could open again.
    pub fn can_lock(&self) -> bool {
        hold(&self.ledger).as_ref().is_some_and(Ledger::is_encrypted)
    }

    /// Closes an encrypted ledger, and with it goes its key; which one it was is remembered.
    pub fn lock(&self) {
        let mut open = hold(&self.ledger);
        let Some(ledger) = open.take_if(|ledger| ledger.is_encrypted()) else { return };
        // Copied as when it is closed. A copy that fails must not keep the window open to anybody.
        let _ = ledger.backup_if_changed(BackupReason::Close);
        *hold(&self.locked) = Some(ledger.path().to_owned());
    }

    /// The ledger that is locked.
    pub fn locked_path(&self) -> Option<PathBuf> {
        hold(&self.locked).clone()
    }

    /// Closes the ledger: its last words reach the disk and its lock is free.
    pub fn close(&self) {
        *hold(&self.locked) = None;
        *hold(&self.ledger) = None;
    }

    /// The machine's fonts, scanned at first use.
    pub fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| Fonts::discover(&[]))
    }

    /// Notes files that this program wrote: only these may the window open.
    pub fn note_exported(&self, paths: impl IntoIterator<Item = PathBuf>) {
        hold(&self.exported).extend(paths);
    }

    /// Whether this program wrote the file.
    pub fn has_exported(&self, path: &Path) -> bool {
        hold(&self.exported).contains(path)
    }
}

/// A command that panicked must not take the ledger from the next one: the ledger's own transactions keep it whole.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
