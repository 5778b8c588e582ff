//! The one place where a connection to a ledger's file is opened, and given its key where the file is encrypted.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use super::key::DataKey;
use crate::error::{Error, Result};

/// Opens a file, with the key for an encrypted one. Nothing but the key is set: what a connection is for, its user says.
pub(super) fn connect(path: &Path, flags: OpenFlags, key: Option<&DataKey>) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    let Some(key) = key else {
        return Ok(connection);
    };
    // SQLCipher would write to the terminal what the errors say anyway.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    // An error of this statement would carry its text, and with it the key.
    connection.execute_batch(&key.statement()).map_err(|_| Error::LedgerDamaged)?;
    // Sorting and statement journals must not reach the disk unencrypted.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // The key opened its envelope: a file that it does not fit is damaged, or another one's.
    let read = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
    read.map_err(|error| damaged(error.into()))?;
    Ok(connection)
}

/// A page whose seal is broken reaches us as an error without a name of its own.
pub(super) fn damaged(error: Error) -> Error {
    match error {
        Error::NotALedger | Error::Storage(_) => Error::LedgerDamaged,
        other => other,
    }
}

/// A header or a table that SQLite cannot make sense of, in a plain file. Other causes keep their names.
pub(super) fn malformed(error: Error) -> Error {
    match error {
        Error::Storage(cause) if cause.sqlite_error_code().is_none_or(|code| code == ErrorCode::Unknown) => Error::LedgerDamaged,
        other => other,
    }
}

/// Reads every page of the file and every row's place: what a flipped byte, a bad disk or another program did is found.
pub(super) fn check_pages(connection: &Connection, encrypted: bool) -> Result<()> {
    let first = |pragma: &str| -> Result<Option<String>> {
        let found = connection.query_row(pragma, [], |row| row.get(0)).optional();
        found.map_err(|error| damaged(error.into()))
    };
    // Each page of an encrypted file carries its own seal; this pragma lists those that do not fit.
    if encrypted && first("PRAGMA cipher_integrity_check")?.is_some() {
        return Err(Error::LedgerDamaged);
    }
    match first("PRAGMA integrity_check(1)")?.as_deref() {
        Some("ok") => Ok(()),
        _ => Err(Error::LedgerDamaged),
    }
}
