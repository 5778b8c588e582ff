//! 加密和取消加密: a plain ledger becomes an encrypted one and back, whole or not at all, with a copy made first.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

use super::backup::{Backup, BackupReason};
use super::connect::{check_pages, connect};
use super::disk::disk;
use super::key::{DataKey, Envelope, Protection, key_path};
use super::ledger::{Ledger, is_encrypted};
use super::place::{clear, put_in_place, sync_name, with_ending};
use super::secret::Secret;
use crate::error::{Error, Result};

/// A ledger that was encrypted or made plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The copy made before, under the protection that the ledger had.
    pub before: Backup,
    /// Whether the disk has confirmed the new file's name. Where it did not, a power cut may bring back the ledger as it was
    /// protected before, with every record.
    pub is_confirmed: bool,
}

impl Ledger {
    /// Encrypts a plain ledger. The copy made before is plain, as all earlier ones are.
    pub fn encrypt(&mut self, protection: &Protection) -> Result<Converted> {
        if self.is_encrypted() {
            return Err(Error::NotNow("这本台账已经加密"));
        }
        let before = self.backup(BackupReason::Protection)?;
        let key = DataKey::random()?;
        // The key file first: beside a plain ledger it does no harm, and an encrypted one never stands without it.
        Envelope::seal(&key, protection)?.write(self.path())?;
        let done = self.become_keyed(Some(key));
        if self.is_encrypted() {
            // Also where only the folder could not be synced: what bears the ledger's name is the encrypted file, and its recovery
            // key must be told.
            return Ok(Converted { before, is_confirmed: self.is_confirmed(&done) });
        }
        let _ = disk().remove(&key_path(self.path()));
        done.map(|()| Converted { before, is_confirmed: true })
    }

    /// Whether a conversion is on the disk; what failed at its end is tried once more.
    fn is_confirmed(&self, done: &Result<()>) -> bool {
        done.is_ok() || sync_name(self.path()).is_ok()
    }

    /// Makes an encrypted ledger plain; what opens it is asked again. The copy made before is encrypted.
    pub fn decrypt(&mut self, known: &Secret) -> Result<Converted> {
        let open = self.key.as_ref().ok_or(Error::NotEncrypted)?;
        if Envelope::read(self.path())?.open(known)? != *open {
            return Err(Error::KeyFileDamaged);
        }
        let before = self.backup(BackupReason::Protection)?;
        let done = self.become_keyed(None);
        if self.is_encrypted() {
            return done.map(|()| Converted { before, is_confirmed: true });
        }
        let is_confirmed = self.is_confirmed(&done);
        if is_confirmed {
            // Left over, it would only make a damaged ledger look like an encrypted one; until then it is still wanted.
            let _ = disk().remove(&key_path(self.path()));
        }
        Ok(Converted { before, is_confirmed })
    }

    /// Writes the ledger anew under a key, or none, and puts it in place.
    pub(super) fn become_keyed(&mut self, key: Option<DataKey>) -> Result<()> {
        let fresh = self.path().with_extension("zcj.converted");
        let written = self.reader().and_then(|reader| write_under(&reader, &fresh, key.as_ref()));
        let done = written.and_then(|()| self.exchange(key, |path| Ok(put_in_place(&fresh, path)?)));
        done.inspect_err(|_| clear(&fresh))
    }
}

/// Brings a file that is about to take a ledger's place under the ledger's own key.
pub(super) fn under_key(fresh: &Path, has: Option<&DataKey>, wanted: Option<&DataKey>) -> Result<()> {
    let other = with_ending(fresh, ".key-change");
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let written = connect(fresh, flags, has).and_then(|connection| write_under(&connection, &other, wanted));
    written.and_then(|()| Ok(put_in_place(&other, fresh)?)).inspect_err(|_| clear(&other))
}

/// Throws away copies that are plain, and leaves encrypted ones alone; answers with how many went.
pub fn drop_plain_backups(known: &[Backup]) -> Result<usize> {
    let mut gone = 0;
    for backup in known {
        if !is_encrypted(&backup.path)? {
            disk().remove(&backup.path)?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Writes all of a ledger into a file under another key, or none, and reads it through. The connection is of no other use
/// afterwards: where the disk fails, it may not let go of the file.
pub(super) fn write_under(connection: &Connection, fresh: &Path, key: Option<&DataKey>) -> Result<()> {
    clear(fresh);
    let exported = attach(connection, fresh, key).and_then(|()| export(connection));
    let detached = connection.execute_batch("DETACH DATABASE fresh");
    exported?;
    detached?;
    disk().sync(fresh)?;
    let copy = connect(fresh, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX, key)?;
    check_pages(&copy, key.is_some())?;
    if rows_of(&copy)? == rows_of(connection)? { Ok(()) } else { Err(Error::CopyDiffers) }
}

fn attach(connection: &Connection, fresh: &Path, key: Option<&DataKey>) -> Result<()> {
    let path = fresh.to_str().ok_or_else(|| Error::BadInput("台账所在的文件夹名无法识别".to_owned()))?;
    let raw = key.map(DataKey::raw);
    let raw = raw.as_ref().map_or("", |raw| raw.as_str());
    // Attached is only what exists: the open connection may not make files.
    disk().write(fresh, &[])?;
    let attached = connection.execute("ATTACH DATABASE ?1 AS fresh KEY ?2", params![path, raw]);
    // The error's text must not carry the key; its code says enough.
    attached.map_err(|error| match error.sqlite_error() {
        Some(code) => Error::from(rusqlite::Error::SqliteFailure(*code, None)),
        None => Error::LedgerDamaged,
    })?;
    // What fails is thrown away whole, and never taken back step by step.
    connection.pragma_update(Some("fresh"), "journal_mode", "OFF")?;
    Ok(())
}

fn export(connection: &Connection) -> Result<()> {
    let numbers = ["user_version", "application_id"];
    connection.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(())).map_err(why_not_exported)?;
    for pragma in numbers {
        let number: i64 = connection.pragma_query_value(None, pragma, |row| row.get(0))?;
        connection.pragma_update(Some("fresh"), pragma, number)?;
    }
    Ok(())
}

/// The export is a function, and what failed within it comes as a text of SQLite's, under no code.
fn why_not_exported(error: rusqlite::Error) -> Error {
    let is_disk = |text: &str| ["disk I/O error", "unable to open database file"].iter().any(|cause| text.contains(cause));
    match &error {
        rusqlite::Error::SqliteFailure(_, Some(text)) if text.contains("disk is full") => Error::DiskFull,
        rusqlite::Error::SqliteFailure(_, Some(text)) if is_disk(text) => Error::DiskFailed,
        _ => error.into(),
    }
}

/// Every table with its number of rows; what a whole copy has in common with its original.
fn rows_of(connection: &Connection) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let count = |name: String| {
        let rows = connection.query_row(&format!("SELECT count(*) FROM main.\"{name}\""), [], |row| row.get(0))?;
        Ok((name, rows))
    };
    names.into_iter().map(count).collect()
}

/// Puts the key file of a copy beside a ledger whose own is missing or damaged: the key of the pages is the same as long as
/// the ledger is encrypted, so nothing that was entered since is lost. A damaged one is kept under another name.
pub fn recover_key_file(ledger: &Path, backup: &Path) -> Result<()> {
    // Only one that can be read takes the place.
    Envelope::read(backup)?;
    let place = key_path(ledger);
    if place.exists() {
        disk().rename(&place, &with_ending(&place, ".damaged"))?;
    }
    let fresh = with_ending(&place, ".new");
    disk().copy(&key_path(backup), &fresh)?;
    disk().sync(&fresh)?;
    Ok(put_in_place(&fresh, &place)?)
}
