//! 移交: everything of a ledger in one encrypted file for the next team, opened there with a hand-over code. [`file`] is the
//! file's form, [`take`] the other end.

mod file;
mod take;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use sha2::{Digest, Sha256};
use ts_rs::TS;

pub use file::{HandOverFile, OpenedHandOver};
pub use take::take_over;

use super::connect::{check_pages, connect};
use super::convert::write_under;
use super::disk::disk;
use super::key::{Cost, DataKey};
use super::ledger::Ledger;
use super::place::{clear, put_in_place, with_ending};
use super::second_place::forget_cached;
use super::secret::HandOverSecret;
use super::watched::watched;
use crate::error::{Error, Result};
use crate::handover::HandOverContents;
use file::{Payload, front, sha256};

/// Told how much of the work is done, in hundredths; answers whether to go on.
pub type HandOverProgress<'p> = &'p mut (dyn FnMut(usize, usize) -> bool + Send);

/// A hand-over file that was written and read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HandedOver {
    /// Where it lies.
    pub path: PathBuf,
    /// Size in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub sha256: String,
}

/// The ending of a hand-over file.
pub const HAND_OVER_ENDING: &str = "zcjy";

/// Bytes that are copied between two looks at whether to go on.
const PIECE: usize = 1024 * 1024;

/// How the hundredths are shared out: writing the ledger anew, copying it to its place, reading it back.
const WRITTEN: usize = 50;
const COPIED: usize = 80;
const WHOLE: usize = 100;

impl Ledger {
    /// Writes everything but unfinished drafts into a file for the next team, encrypted under a key that only `secret` opens,
    /// whether the ledger itself is encrypted or not. No byte of it is written in the clear. The file gets its name when it
    /// was read back from its place; what failed or was stopped leaves nothing.
    pub fn hand_over(
        &self,
        to: &Path,
        contents: &HandOverContents,
        secret: &HandOverSecret,
        cost: Cost,
        progress: HandOverProgress<'_>,
    ) -> Result<HandedOver> {
        if to.exists() {
            return Err(Error::LedgerExists);
        }
        let key = DataKey::random()?;
        let (staged, fresh) = (staged_name(self.path()), with_ending(to, ".new"));
        let exported = self.reader().and_then(|reader| write_staged(&reader, &staged, &key, progress));
        let written = exported.and_then(|()| {
            let (length, hash) = read_through(&staged, 0, &mut |_| Ok(()))?;
            let payload = Payload { key: &key, length, sha256: hash };
            let front = front(contents, &payload, secret, cost)?;
            let done = write_out(&front, &staged, &fresh, length, progress)?;
            put_in_place(&fresh, to)?;
            Ok(HandedOver { path: to.to_owned(), ..done })
        });
        clear(&staged);
        written.inspect_err(|_| clear(&fresh))
    }
}

/// The ledger under the hand-over's own key, before it is carried to its place.
fn staged_name(ledger: &Path) -> PathBuf {
    ledger.with_extension("zcj.handing-over")
}

/// What a hand-over or a take-over that was cut off may leave beside a ledger.
pub(super) fn of_hand_overs(ledger: &Path) -> [PathBuf; 3] {
    [staged_name(ledger), take::staged_name(ledger), take::fresh_name(ledger)]
}

/// The whole ledger under another key, read through, without the forms that somebody has not finished.
fn write_staged(connection: &Connection, staged: &Path, key: &DataKey, progress: HandOverProgress<'_>) -> Result<()> {
    watched(connection, staged, &mut |done, total| progress(share(done, total, 0, WRITTEN), WHOLE), || {
        write_under(connection, staged, Some(key))
    })?;
    let copy = connect(staged, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX, Some(key))?;
    // What is deleted is written over, so that nobody finds it in the file's free pages.
    copy.pragma_update(None, "secure_delete", true)?;
    if copy.execute("DELETE FROM draft", [])? + copy.execute("DELETE FROM waiting_photo", [])? > 0 {
        check_pages(&copy, true)?;
    }
    drop(copy);
    Ok(disk().sync(staged)?)
}

/// Front and ledger as one file, on the disk and read back from it.
fn write_out(front: &[u8], staged: &Path, fresh: &Path, length: u64, progress: HandOverProgress<'_>) -> Result<HandedOver> {
    let total = front.len() as u64 + length;
    let mut hash = Sha256::new_with_prefix(front);
    clear(fresh);
    disk().write(fresh, front)?;
    let mut done = front.len() as u64;
    read_through(staged, 0, &mut |piece| {
        disk().append(fresh, piece)?;
        hash.update(piece);
        done += piece.len() as u64;
        go_on(progress(share(done, total, WRITTEN, COPIED), WHOLE))
    })?;
    disk().sync(fresh)?;
    let (mut read, wanted) = (0, sha256(hash));
    let (size, found) = read_through(fresh, 0, &mut |piece| {
        read += piece.len() as u64;
        go_on(progress(share(read, total, COPIED, WHOLE), WHOLE))
    })?;
    if size != total || found != wanted {
        return Err(Error::CopyDiffers);
    }
    Ok(HandedOver { path: fresh.to_owned(), size, sha256: wanted })
}

/// Reads a file from a place on, piece by piece, from the disk itself; answers with how much there was and its SHA-256.
fn read_through(path: &Path, from: u64, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<(u64, String)> {
    let mut file = File::open(path)?;
    forget_cached(&file);
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(from))?;
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut piece = vec![0u8; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else {
            return Ok((length, sha256(hash)));
        };
        hash.update(piece);
        length += read as u64;
        each(piece)?;
    }
}

fn go_on(goes_on: bool) -> Result<()> {
    if goes_on { Ok(()) } else { Err(Error::Cancelled) }
}

/// How far between two hundredths a part of the work has come.
fn share(done: u64, total: u64, from: usize, to: usize) -> usize {
    let span = u64::try_from(to - from).unwrap_or(0);
    let part = done.min(total).saturating_mul(span).checked_div(total).unwrap_or(0);
    from + usize::try_from(part).unwrap_or(0)
}
