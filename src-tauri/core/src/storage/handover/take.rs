//! 接收移交: the hand-over file becomes a ledger of its own: fresh page key, fresh recovery key, the new team's passphrase. What
//! opened the old ledger, or the file, opens nothing of it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::super::connect::{check_pages, connect};
use super::super::convert::write_under;
use super::super::disk::disk;
use super::super::key::{DataKey, Envelope, Protection, key_path};
use super::super::ledger::{Ledger, is_ours, made_ready, remove_made};
use super::super::lock::Lock;
use super::super::op::Op;
use super::super::place::{clear, put_in_place, with_ending};
use super::super::store::Store;
use super::super::tx::Tx;
use super::super::watched::watched;
use super::file::OpenedHandOver;
use super::{HandOverProgress, WHOLE, go_on, read_through, share};
use crate::error::{Error, Result};
use crate::world::World;

/// Hundredths of the work: the file is read through, and written anew under the new key.
const READ: usize = 45;
const WRITTEN: usize = 95;

/// Makes a ledger out of a hand-over file, encrypted under the new team's own passphrase, and opens it. The change log notes
/// that it was taken over, when and on which device; nobody is chosen as typing. A failure leaves nothing behind.
pub fn take_over(
    opened: &OpenedHandOver,
    to: &Path,
    protection: &Protection,
    mut world: Box<dyn World>,
    progress: HandOverProgress<'_>,
) -> Result<Ledger> {
    // A key file without its ledger may be all that is left to open a backup with.
    if to.exists() || key_path(to).exists() {
        return Err(Error::LedgerExists);
    }
    let lock = Lock::take(to)?;
    let (staged, fresh) = (staged_name(to), fresh_name(to));
    let made = copy_out(opened, &staged, progress)
        .and_then(|()| rewritten(opened, &staged, &fresh, world.as_mut(), progress))
        .and_then(|key| {
            // The key file first: a ledger never stands without what opens it.
            Envelope::seal(&key, protection)?.write(to)?;
            put_in_place(&fresh, to)?;
            Ledger::opened(to, world, lock, key)
        });
    clear(&staged);
    made.inspect_err(|_| {
        clear(&fresh);
        // The files did not exist before this call.
        clear(to);
        remove_made(to, true);
    })
}

/// The ledger as it came, still under the file's key.
pub(super) fn staged_name(ledger: &Path) -> PathBuf {
    ledger.with_extension("zcj.taken-over")
}

/// The ledger under its new key, before it gets its name.
pub(super) fn fresh_name(ledger: &Path) -> PathBuf {
    with_ending(&staged_name(ledger), ".key-change")
}

/// Takes the encrypted ledger out of the file, as it is.
fn copy_out(opened: &OpenedHandOver, staged: &Path, progress: HandOverProgress<'_>) -> Result<()> {
    let (head, total) = (&opened.file.head, opened.file.head.ledger_length);
    clear(staged);
    disk().write(staged, &[])?;
    let mut done = 0;
    let (length, hash) = read_through(&opened.file.path, opened.file.ledger_at, &mut |piece| {
        done += piece.len() as u64;
        // It may have grown since it was looked at.
        if done > total {
            return Err(Error::HandOverDamaged);
        }
        disk().append(staged, piece)?;
        go_on(progress(share(done, total, 0, READ), WHOLE))
    })?;
    if length < total {
        return Err(Error::HandOverCutOff);
    }
    if hash != head.ledger_sha256 {
        return Err(Error::HandOverDamaged);
    }
    Ok(disk().sync(staged)?)
}

/// Looks through the ledger, brings it to today's schema, notes the take-over in its log, and writes it anew under a fresh key.
fn rewritten(
    opened: &OpenedHandOver,
    staged: &Path,
    fresh: &Path,
    world: &mut dyn World,
    progress: HandOverProgress<'_>,
) -> Result<DataKey> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connect(staged, flags, Some(&opened.key)).and_then(|connection| {
        is_ours(&connection)?;
        check_pages(&connection, true)?;
        Ok(connection)
    });
    let mut connection = made_ready(connection.map_err(of_the_file)?)?;
    note(&mut connection, world)?;
    let key = DataKey::random()?;
    watched(&connection, fresh, &mut |done, total| progress(share(done, total, READ, WRITTEN), WHOLE), || {
        write_under(&connection, fresh, Some(&key))
    })?;
    go_on(progress(WRITTEN, WHOLE))?;
    Ok(key)
}

/// What is wrong with the ledger inside is wrong with the file.
fn of_the_file(error: Error) -> Error {
    match error {
        Error::LedgerDamaged | Error::NotALedger => Error::HandOverDamaged,
        other => other,
    }
}

fn note(connection: &mut Connection, world: &mut dyn World) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut tx = Tx::new(Store::inside(&transaction), world, None);
    tx.note();
    tx.finish(&Op::TakeOver.name(), None)?;
    Ok(transaction.commit()?)
}

impl Store<'_> {
    /// When the ledger was taken over from a team before, the latest time first, RFC 3339 in UTC.
    pub fn taken_over(self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached("SELECT at FROM operation WHERE name = ?1 ORDER BY seq DESC")?;
        let found = statement.query_map([Op::TakeOver.name()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(found)
    }
}
