//! The hand-over file (移交文件, `.zcjy`): a head that anybody may read, the sealed list of contents (移交清单), and the ledger
//! under a key of its own. It comes from outside, so every length is looked at before it is believed.
//!
//! ```text
//! mark 12 · version u32 · length of the head u32 · SHA-256 of the head 32 · head (JSON) · sealed list · encrypted ledger
//! ```
//! Numbers are little-endian. The head tells the lengths of what follows and the ledger's SHA-256, so that a file cut off or
//! changed on its way is told from a wrong code; the list is bound to the head, so that neither can be exchanged.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::key::{Cost, DataKey, For, Wrapped};
use super::super::migration::SCHEMA_VERSION;
use super::super::secret::{HandOverCode, HandOverSecret, Passphrase};
use crate::error::{Error, Result};
use crate::handover::HandOverContents;
use crate::report::hex;

/// Line ends and an end-of-file sign are in it, so that a copy made as text is told at once.
const MARK: [u8; 12] = *b"ZCJYJ\x00\r\n\x1a\n\x00\x00";
const VERSION: u32 = 1;
/// The mark, two numbers and a hash.
const FIXED: usize = MARK.len() + 4 + 4 + 32;
const LONGEST_HEAD: u32 = 16 * 1024;
/// A list of contents with a thousand projects and reports is a tenth of this.
const LONGEST_LIST: u64 = 4 * 1024 * 1024;

/// What opens a hand-over file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OpenedBy {
    Code,
    Passphrase,
}

/// What anybody may know of a hand-over file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    opened_by: OpenedBy,
    made_on: NaiveDate,
    schema: i64,
    key: Wrapped,
    nonce: [u8; 24],
    list_length: u64,
    pub(super) ledger_length: u64,
    pub(super) ledger_sha256: String,
}

/// A ledger that was written for its successor, before it gets its head.
pub(super) struct Payload<'p> {
    pub(super) key: &'p DataKey,
    pub(super) length: u64,
    pub(super) sha256: String,
}

/// Everything of a hand-over file that stands before the ledger.
pub(super) fn front(contents: &HandOverContents, payload: &Payload<'_>, secret: &HandOverSecret, cost: Cost) -> Result<Vec<u8>> {
    let list = serde_json::to_vec(contents)?;
    let (sealed, nonce) = payload.key.seal_text(&list, &bound_to(payload.length, &payload.sha256))?;
    let head = Head {
        opened_by: match secret {
            HandOverSecret::Code(_) => OpenedBy::Code,
            HandOverSecret::Passphrase(_) => OpenedBy::Passphrase,
        },
        made_on: contents.made_on,
        schema: SCHEMA_VERSION,
        key: Wrapped::seal(payload.key, secret.bytes(), For::HandOver, cost)?,
        nonce,
        list_length: u64::try_from(sealed.len()).unwrap_or(u64::MAX),
        ledger_length: payload.length,
        ledger_sha256: payload.sha256.clone(),
    };
    let head = serde_json::to_vec(&head)?;
    let length = u32::try_from(head.len()).ok().filter(|length| *length <= LONGEST_HEAD);
    let length = length.filter(|_| sealed.len() as u64 <= LONGEST_LIST);
    let length = length.ok_or_else(|| Error::BadInput("移交清单太长".to_owned()))?;
    let mut bytes = Vec::with_capacity(FIXED + head.len() + sealed.len());
    bytes.extend(MARK);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(Sha256::digest(&head));
    bytes.extend(head);
    bytes.extend(sealed);
    Ok(bytes)
}

/// The list stands beside this ledger and no other.
fn bound_to(length: u64, sha256: &str) -> Vec<u8> {
    format!("{length} {sha256}").into_bytes()
}

/// A hand-over file that was recognised; its ledger is not read yet.
#[derive(Debug, Clone)]
pub struct HandOverFile {
    pub(super) path: PathBuf,
    pub(super) head: Head,
    sealed: Vec<u8>,
    /// Where the ledger begins.
    pub(super) ledger_at: u64,
}

/// A hand-over file with what opens it.
#[derive(Clone)]
pub struct OpenedHandOver {
    pub(super) file: HandOverFile,
    pub(super) key: DataKey,
    contents: HandOverContents,
}

impl HandOverFile {
    /// Looks at a file: whether it is one, made by a program as old as this one, and as long as it says.
    pub fn look(path: &Path) -> Result<Self> {
        // Windows denies to open a folder: asked first.
        if path.is_dir() {
            return Err(Error::NotAHandOver);
        }
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut fixed = Vec::with_capacity(FIXED);
        Read::by_ref(&mut file).take(FIXED as u64).read_to_end(&mut fixed)?;
        let (head_length, check) = read_fixed(&fixed)?;
        let head = exactly(&mut file, u64::from(head_length))?;
        if Sha256::digest(&head)[..] != *check {
            return Err(Error::HandOverDamaged);
        }
        let head: Head = serde_json::from_slice(&head).map_err(|_| Error::HandOverDamaged)?;
        if head.schema > SCHEMA_VERSION {
            return Err(Error::HandOverNewer);
        }
        if head.list_length > LONGEST_LIST {
            return Err(Error::HandOverDamaged);
        }
        let ledger_at = FIXED as u64 + u64::from(head_length) + head.list_length;
        let whole = ledger_at.checked_add(head.ledger_length).ok_or(Error::HandOverDamaged)?;
        match length.cmp(&whole) {
            std::cmp::Ordering::Less => return Err(Error::HandOverCutOff),
            std::cmp::Ordering::Greater => return Err(Error::HandOverDamaged),
            std::cmp::Ordering::Equal => {}
        }
        let sealed = exactly(&mut file, head.list_length)?;
        Ok(HandOverFile { path: path.to_owned(), head, sealed, ledger_at })
    }

    /// Whether a hand-over code opens it; else a passphrase that both sides agreed on.
    pub fn is_opened_by_code(&self) -> bool {
        self.head.opened_by == OpenedBy::Code
    }

    /// 移交日期.
    pub fn made_on(&self) -> NaiveDate {
        self.head.made_on
    }

    /// Opens it with what was typed.
    pub fn open(&self, typed: &str) -> Result<OpenedHandOver> {
        let secret = match self.head.opened_by {
            OpenedBy::Code => HandOverSecret::Code(HandOverCode::parse(typed)?),
            OpenedBy::Passphrase => HandOverSecret::Passphrase(Passphrase::new(typed).ok_or(Error::HandOverCodeWrong)?),
        };
        // A cost that would take all memory means a file that somebody made for it, whatever the envelope calls it.
        let opened = self.head.key.open(secret.bytes(), For::HandOver).map_err(|_| Error::HandOverDamaged)?;
        let key = opened.ok_or(Error::HandOverCodeWrong)?;
        let bound = bound_to(self.head.ledger_length, &self.head.ledger_sha256);
        let list = key.open_text(&self.sealed, self.head.nonce, &bound).ok_or(Error::HandOverDamaged)?;
        let contents: HandOverContents = serde_json::from_slice(&list).map_err(|_| Error::HandOverDamaged)?;
        // The one thing in the head that is shown before the list can be read.
        if contents.made_on != self.head.made_on {
            return Err(Error::HandOverDamaged);
        }
        Ok(OpenedHandOver { file: self.clone(), key, contents })
    }
}

impl OpenedHandOver {
    /// 移交清单.
    pub fn contents(&self) -> &HandOverContents {
        &self.contents
    }
}

/// Length and hash of the head.
fn read_fixed(bytes: &[u8]) -> Result<(u32, &[u8])> {
    let common = bytes.iter().zip(MARK).take_while(|(found, wanted)| **found == *wanted).count();
    if common < MARK.len() {
        // The beginning of one, and no more of it.
        return Err(if common == bytes.len() && common > 0 { Error::HandOverCutOff } else { Error::NotAHandOver });
    }
    let number = |at: usize| bytes.get(at..at + 4).and_then(|four| Some(u32::from_le_bytes(four.try_into().ok()?)));
    let version = number(MARK.len()).ok_or(Error::HandOverCutOff)?;
    if version > VERSION {
        return Err(Error::HandOverNewer);
    }
    let length = number(MARK.len() + 4).ok_or(Error::HandOverCutOff)?;
    let check = bytes.get(MARK.len() + 8..FIXED).ok_or(Error::HandOverCutOff)?;
    if version != VERSION || length > LONGEST_HEAD {
        return Err(Error::HandOverDamaged);
    }
    Ok((length, check))
}

/// So many bytes; a file that has fewer was cut off. The caller has seen that there are not too many.
fn exactly(file: &mut File, length: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| Error::HandOverDamaged)?];
    file.read_exact(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => Error::HandOverCutOff,
        _ => error.into(),
    })?;
    Ok(bytes)
}

/// A hash as it is kept and printed.
pub(super) fn sha256(hash: Sha256) -> String {
    hex(&hash.finalize())
}
