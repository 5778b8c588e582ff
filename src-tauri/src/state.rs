//! What the shell keeps while it runs: the open ledger, the machine's folders and fonts, and what it has exported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use zhucun_core::records::team_member::TeamMember;
use zhucun_core::sample;
use zhucun_core::storage::{Backup, BackupReason, Ledger};
use zhucun_core::value::Id;
use zhucun_export::Fonts;

use crate::clock::SystemWorld;
use crate::error::{Answer, Refusal};
use crate::places::Places;
use crate::recent;

/// The shell's state.
pub struct Shell {
    /// The machine's folders.
    pub places: Places,
    ledger: Mutex<Option<Ledger>>,
    fonts: OnceLock<Fonts>,
    exported: Mutex<BTreeSet<PathBuf>>,
}

impl Shell {
    /// A shell without a ledger.
    pub fn new(places: Places) -> Self {
        Shell { places, ledger: Mutex::default(), fonts: OnceLock::new(), exported: Mutex::default() }
    }

    /// The world of this laptop.
    pub fn world(&self) -> SystemWorld {
        SystemWorld::of(self.places.device())
    }

    /// Works with the open ledger.
    pub fn with<T>(&self, work: impl FnOnce(&mut Ledger) -> Answer<T>) -> Answer<T> {
        let mut open = hold(&self.ledger);
        let ledger = open.as_mut().ok_or_else(|| Refusal::of("no_ledger", "还没有打开台账"))?;
        work(ledger)
    }

    /// The open ledger's path.
    pub fn open_path(&self) -> Option<PathBuf> {
        hold(&self.ledger).as_ref().map(|ledger| ledger.path().to_owned())
    }

    /// Opens a ledger in place of the one that is open; a ledger that does not open leaves that one as it is.
    pub fn open(&self, path: &Path) -> Answer<()> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if self.open_path().as_deref() == Some(&path) {
            return Ok(());
        }
        let mut ledger = Ledger::open(&path, Box::new(self.world()))?;
        if ledger.store().is_sample()? {
            drop(ledger);
            ledger = Ledger::open(&path, Box::new(self.world().pinned_on(sample::TODAY)))?;
        }
        self.take(ledger);
        Ok(())
    }

    /// Puts a copy in the open ledger's place; answers with the copy of what it replaced.
    pub fn restore(&self, backup: &Path) -> Answer<Backup> {
        self.with(|ledger| {
            let before = ledger.restore(backup)?;
            // The copy may know other members.
            ledger.set_member(self.typing(ledger));
            Ok(before)
        })
    }

    /// Makes an open ledger the window's, with the member who typed in it last on this laptop.
    pub fn take(&self, mut ledger: Ledger) {
        recent::remember(&self.places.config, ledger.path());
        ledger.set_member(self.typing(&ledger));
        *hold(&self.ledger) = Some(ledger);
    }

    /// Who types: the one remembered, or the only one there is.
    fn typing(&self, ledger: &Ledger) -> Option<Id> {
        let members = ledger.store().all::<TeamMember>().unwrap_or_default();
        let known = recent::member_of(&self.places.config, ledger.path());
        let found = members.iter().find(|member| Some(member.id) == known).or(members.first().filter(|_| members.len() == 1));
        found.map(|member| member.id)
    }

    /// Copies the open ledger before it is closed, unless the latest copy holds the same. The sample is anybody's to spoil.
    pub fn copy_for_closing(&self) -> Answer<()> {
        let Some(ledger) = &*hold(&self.ledger) else { return Ok(()) };
        if ledger.store().is_sample()? {
            return Ok(());
        }
        let failed = |error| Refusal::of("backup_failed", format!("关闭前的备份没有成功：{error}"));
        ledger.backup_if_changed(BackupReason::Close).map(drop).map_err(failed)
    }

    /// Closes the ledger: its last words reach the disk and its lock is free.
    pub fn close(&self) {
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
