//! One window or process at a time: an advisory lock on a file beside the ledger.
//! The operating system drops it with the process, so a crash never leaves a ledger locked.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Holds the lock until dropped.
#[derive(Debug)]
pub(super) struct Lock(#[allow(dead_code)] File);

impl Lock {
    /// Takes the lock of a ledger, or says who is in the way.
    pub(super) fn take(ledger: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(lock_path(ledger)).map_err(|error| {
            match error.kind() {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Error::LedgerReadOnly,
                std::io::ErrorKind::StorageFull => Error::DiskFull,
                _ => Error::Io(error),
            }
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Error::LedgerLocked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// The lock file stays: removing it would let two processes hold "the" lock on two different files.
fn lock_path(ledger: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(ledger.file_name().unwrap_or_default());
    name.push(".lock");
    ledger.with_file_name(name)
}
