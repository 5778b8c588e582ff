//! Which of a ledger's copies can be brought back: asked where the ledger is damaged or missing, so that nothing is asked of the
//! ledger itself. One way for the window, which shows them all, and for the command line, which names the latest.

use std::path::{Path, PathBuf};

use super::backup::{Backup, BackupCounts, backup_folder, backups, inspect};
use super::key::DataKey;
use super::ledger::{is_encrypted, unlock};
use super::secret::Secret;
use crate::error::{Error, Result};

/// What is known of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It was read through and is whole.
    Whole(BackupCounts),
    /// It takes a secret to read it: none was given, or another one opens it.
    Locked,
    /// Damaged, cut short, of a later program, or without its key file.
    Damaged,
}

/// A ledger's copies, latest first: those beside it and those in other folders.
pub fn copies_of(ledger: &Path, elsewhere: &[PathBuf]) -> Result<Vec<Backup>> {
    let mut found = backups(&backup_folder(ledger))?;
    for folder in elsewhere {
        found.extend(backups(folder)?);
    }
    // A stable order: of two at the same moment the one beside the ledger goes before.
    found.sort_by_key(|backup| std::cmp::Reverse(backup.at));
    Ok(found)
}

/// Reads a copy through, as far as the secret opens it.
pub fn judge(ledger: &Path, backup: &Backup, secret: Option<&Secret>) -> Judged {
    let inspected = |key: Option<&DataKey>| inspect(&backup.path, key).map_or(Judged::Damaged, Judged::Whole);
    match is_encrypted(&backup.path) {
        Ok(false) => inspected(None),
        // A copy has the key file of its day; the ledger's own may have got a new passphrase since.
        Ok(true) => match unlock(&backup.path, secret).or_else(|error| unlock(ledger, secret).map_err(|_| error)) {
            Ok(key) => inspected(Some(&key)),
            Err(Error::PassphraseNeeded | Error::PassphraseWrong | Error::RecoveryKeyWrong) => Judged::Locked,
            Err(_) => Judged::Damaged,
        },
        Err(_) => Judged::Damaged,
    }
}

/// The latest of a ledger's copies that is whole, with what it holds. Copies that are damaged, or that another secret opens, are
/// passed over; where the latest that may be good asks for a secret and none was given, that is said.
pub fn latest_good_backup(ledger: &Path, secret: Option<&Secret>) -> Result<Option<(Backup, BackupCounts)>> {
    for backup in copies_of(ledger, &[])? {
        match judge(ledger, &backup, secret) {
            Judged::Whole(counts) => return Ok(Some((backup, counts))),
            Judged::Locked if secret.is_none() => return Err(Error::PassphraseNeeded),
            Judged::Locked | Judged::Damaged => {}
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::backup::BackupReason;
    use super::super::key::{Cost, Protection, key_path};
    use super::super::secret::Passphrase;
    use super::*;
    use crate::storage::Ledger;
    use crate::world::FixedWorld;

    fn world() -> Box<FixedWorld> {
        Box::new(FixedWorld::on(chrono::NaiveDate::from_ymd_opt(2026, 6, 20).unwrap()))
    }

    #[test]
    fn a_copy_is_whole_locked_or_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("石门村.zcj");
        let passphrase = || Passphrase::new("木桶里有三只蓝色的猫").unwrap();
        let protection = Protection { cost: Cost::LEAST, ..Protection::new(passphrase()).unwrap() };
        let ledger = Ledger::create_with(&path, world(), Some(&protection)).unwrap();
        let copy = ledger.backup(BackupReason::Asked).unwrap();
        drop(ledger);
        let known = Secret::Passphrase(passphrase());
        let other = Secret::passphrase("木桶里有四只蓝色的猫").unwrap();
        assert!(matches!(judge(&path, &copy, Some(&known)), Judged::Whole(_)));
        assert_eq!([None, Some(&other)].map(|secret| judge(&path, &copy, secret)), [Judged::Locked; 2]);
        assert!(matches!(latest_good_backup(&path, None), Err(Error::PassphraseNeeded)));
        assert!(latest_good_backup(&path, Some(&other)).unwrap().is_none());
        assert_eq!(latest_good_backup(&path, Some(&known)).unwrap().unwrap().0, copy);

        let key = fs::read(key_path(&copy.path)).unwrap();
        fs::remove_file(key_path(&copy.path)).unwrap();
        assert_eq!(judge(&path, &copy, Some(&known)), Judged::Damaged, "it cannot be told from a plain one that was cut");
        fs::write(key_path(&copy.path), key).unwrap();
        let bytes = fs::read(&copy.path).unwrap();
        fs::write(&copy.path, &bytes[..bytes.len() / 2]).unwrap();
        assert_eq!(judge(&path, &copy, Some(&known)), Judged::Damaged);
        assert!(latest_good_backup(&path, Some(&known)).unwrap().is_none());
    }
}
