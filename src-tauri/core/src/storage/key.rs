//! The key file (密钥文件) beside an encrypted ledger: the ledger's data key, wrapped once by the passphrase and once by the
//! recovery key. Without one of the two it is worth nothing to whoever copies it; without it the ledger cannot be opened.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::disk::disk;
use super::place::{put_in_place, with_ending};
use super::secret::{Passphrase, RecoveryKey, Secret, fill_random};
use crate::error::{Error, Result};
use crate::report::hex;

const FORMAT: u32 = 1;
/// A key file is a few hundred bytes; something else of that name is not read into memory.
const LONGEST: u64 = 16 * 1024;

/// What a guess at the passphrase costs: Argon2id's parameters, stored with each wrapped key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What ledgers are made with: well under a second on an old laptop, 64 MiB for each guess.
    pub const USUAL: Cost = Cost { memory: 64 * 1024, passes: 3, lanes: 1 };
    /// For tests.
    #[doc(hidden)]
    pub const LEAST: Cost = Cost { memory: 64, passes: 1, lanes: 1 };

    /// A file from outside must not make the program take all memory or run for hours.
    fn is_bearable(self) -> bool {
        self.memory <= 1024 * 1024 && (1..=20).contains(&self.passes) && (1..=8).contains(&self.lanes)
    }
}

/// What a new ledger is encrypted with.
#[derive(Debug)]
pub struct Protection {
    /// 口令.
    pub passphrase: Passphrase,
    /// 恢复密钥, to be printed and put away.
    pub recovery: RecoveryKey,
    /// What a guess costs.
    pub cost: Cost,
}

impl Protection {
    /// A passphrase with a fresh recovery key.
    pub fn new(passphrase: Passphrase) -> Result<Self> {
        Ok(Protection { passphrase, recovery: RecoveryKey::random()?, cost: Cost::USUAL })
    }
}

/// The key of a ledger's pages. Gone from memory when dropped; never printed.
#[derive(Clone, PartialEq)]
pub(super) struct DataKey(Box<Zeroizing<[u8; 32]>>);

impl DataKey {
    /// To be filled in place: a key that is handed on by value would leave a copy behind on the stack with each move.
    fn unset() -> Self {
        DataKey(Box::new(Zeroizing::new([0u8; 32])))
    }

    pub(super) fn random() -> Result<Self> {
        let mut key = DataKey::unset();
        fill_random(&mut key.0[..])?;
        Ok(key)
    }

    /// Seals a short text that belongs to what the key encrypts, under a key of its own; `bound` is what it must stand beside.
    pub(super) fn seal_text(&self, text: &[u8], bound: &[u8]) -> Result<(Vec<u8>, [u8; 24])> {
        let mut nonce = [0u8; 24];
        fill_random(&mut nonce)?;
        let sealed = self.text_cipher().encrypt(&XNonce::from(nonce), Payload { msg: text, aad: bound });
        sealed.map(|sealed| (sealed, nonce)).map_err(|_| Error::BadInput("移交清单太长".to_owned()))
    }

    /// Opens what [`DataKey::seal_text`] sealed; nothing where a byte of it, or of what it is bound to, is another.
    pub(super) fn open_text(&self, sealed: &[u8], nonce: [u8; 24], bound: &[u8]) -> Option<Vec<u8>> {
        self.text_cipher().decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: bound }).ok()
    }

    fn text_cipher(&self) -> XChaCha20Poly1305 {
        let mut hash = Sha256::new_with_prefix(b"zhucunji 1 text beside the pages");
        hash.update(&self.0[..]);
        let own = Zeroizing::new(<[u8; 32]>::from(hash.finalize()));
        XChaCha20Poly1305::new((&*own).into())
    }

    /// The statement that hands it to SQLCipher as a raw key.
    pub(super) fn statement(&self) -> Zeroizing<String> {
        // Of full length from the start, so that no shorter copy is left behind in memory.
        let mut statement = Zeroizing::new(String::with_capacity(128));
        statement.push_str("PRAGMA key = \"");
        statement.push_str(&self.raw());
        statement.push('"');
        statement
    }

    /// As SQLCipher writes a raw key: `x'…'`.
    pub(super) fn raw(&self) -> Zeroizing<String> {
        let mut raw = Zeroizing::new(String::with_capacity(128));
        raw.push_str("x'");
        for byte in self.0.iter() {
            for half in [byte >> 4, byte & 15] {
                raw.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
            }
        }
        raw.push('\'');
        raw
    }
}

/// The data key, wrapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wrapped {
    cost: Cost,
    salt: [u8; 16],
    nonce: [u8; 24],
    sealed: Vec<u8>,
}

/// Bound to what it is wrapped for, so that the two cannot be swapped.
#[derive(Clone, Copy)]
pub(super) enum For {
    Passphrase,
    Recovery,
    HandOver,
}

impl For {
    fn associated(self) -> &'static [u8] {
        match self {
            For::Passphrase => b"zhucunji 1 passphrase",
            For::Recovery => b"zhucunji 1 recovery",
            For::HandOver => b"zhucunji 1 hand-over",
        }
    }
}

impl Wrapped {
    pub(super) fn seal(key: &DataKey, with: &[u8], what_for: For, cost: Cost) -> Result<Self> {
        let (mut salt, mut nonce) = ([0u8; 16], [0u8; 24]);
        fill_random(&mut salt)?;
        fill_random(&mut nonce)?;
        let cipher = cipher(with, &salt, cost)?;
        let payload = Payload { msg: &key.0[..], aad: what_for.associated() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::KeyFileDamaged)?;
        Ok(Wrapped { cost, salt, nonce, sealed })
    }

    /// The data key; none where the secret is another one.
    pub(super) fn open(&self, with: &[u8], what_for: For) -> Result<Option<DataKey>> {
        let cipher = cipher(with, &self.salt, self.cost)?;
        let payload = Payload { msg: &self.sealed, aad: what_for.associated() };
        let Ok(opened) = cipher.decrypt(&XNonce::from(self.nonce), payload) else {
            return Ok(None);
        };
        let opened = Zeroizing::new(opened);
        let mut key = DataKey::unset();
        if opened.len() != key.0.len() {
            return Err(Error::KeyFileDamaged);
        }
        key.0.copy_from_slice(&opened);
        Ok(Some(key))
    }
}

fn cipher(secret: &[u8], salt: &[u8], cost: Cost) -> Result<XChaCha20Poly1305> {
    if !cost.is_bearable() {
        return Err(Error::KeyFileDamaged);
    }
    let mut key = Zeroizing::new([0u8; 32]);
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(key.len())).map_err(|_| Error::KeyFileDamaged)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(secret, salt, &mut key[..]).map_err(|_| Error::KeyFileDamaged)?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}

/// The key of a ledger's pages, for the test that looks for it in the memory of a locked process.
#[doc(hidden)]
pub fn page_key(ledger: &Path, secret: &Secret) -> Result<Box<Zeroizing<[u8; 32]>>> {
    Ok(Envelope::read(ledger)?.open(secret)?.0)
}

/// What the key file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Envelope {
    format: u32,
    passphrase: Wrapped,
    recovery: Wrapped,
}

/// With a checksum: damage is told from a wrong passphrase.
#[derive(Serialize, Deserialize)]
struct Stored {
    envelope: Envelope,
    check: String,
}

impl Envelope {
    pub(super) fn seal(key: &DataKey, protection: &Protection) -> Result<Self> {
        let Protection { passphrase, recovery, cost } = protection;
        Ok(Envelope {
            format: FORMAT,
            passphrase: Wrapped::seal(key, passphrase.bytes(), For::Passphrase, *cost)?,
            recovery: Wrapped::seal(key, recovery.bytes(), For::Recovery, *cost)?,
        })
    }

    pub(super) fn open(&self, secret: &Secret) -> Result<DataKey> {
        let (wrapped, what_for, wrong) = match secret {
            Secret::Passphrase(_) => (&self.passphrase, For::Passphrase, Error::PassphraseWrong),
            Secret::Recovery(_) => (&self.recovery, For::Recovery, Error::RecoveryKeyWrong),
        };
        wrapped.open(secret.bytes(), what_for)?.ok_or(wrong)
    }

    pub(super) fn with_passphrase(self, key: &DataKey, new: &Passphrase) -> Result<Self> {
        let passphrase = Wrapped::seal(key, new.bytes(), For::Passphrase, self.passphrase.cost)?;
        Ok(Envelope { passphrase, ..self })
    }

    pub(super) fn with_recovery(self, key: &DataKey, new: &RecoveryKey) -> Result<Self> {
        let recovery = Wrapped::seal(key, new.bytes(), For::Recovery, self.recovery.cost)?;
        Ok(Envelope { recovery, ..self })
    }

    /// Reads the key file beside a ledger.
    pub(super) fn read(ledger: &Path) -> Result<Self> {
        let path = key_path(ledger);
        let bytes = match std::fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() <= LONGEST => std::fs::read(&path)?,
            Ok(_) => return Err(Error::KeyFileDamaged),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::KeyFileMissing),
            Err(error) => return Err(error.into()),
        };
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| Error::KeyFileDamaged)?;
        if stored.envelope.format != FORMAT || stored.check != check_of(&stored.envelope)? {
            return Err(Error::KeyFileDamaged);
        }
        Ok(stored.envelope)
    }

    /// Whether two ledgers' key files cannot belong to one: the recovery keys were made apart, and a new one is rare.
    pub(super) fn differs(one: &Path, other: &Path) -> bool {
        match (Envelope::read(one), Envelope::read(other)) {
            (Ok(one), Ok(other)) => one.recovery != other.recovery && one.passphrase != other.passphrase,
            _ => false,
        }
    }

    /// Writes it whole or not at all: to a file beside it that then takes its place.
    pub(super) fn write(&self, ledger: &Path) -> Result<()> {
        let path = key_path(ledger);
        let fresh = with_ending(&path, ".new");
        let stored = Stored { envelope: self.clone(), check: check_of(self)? };
        let written = write_through(&fresh, &serde_json::to_vec(&stored)?).and_then(|()| put_in_place(&fresh, &path));
        if let Err(error) = written {
            let _ = disk().remove(&fresh);
            return Err(match error.kind() {
                std::io::ErrorKind::StorageFull => Error::DiskFull,
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Error::LedgerReadOnly,
                _ => Error::Io(error),
            });
        }
        Ok(())
    }
}

fn check_of(envelope: &Envelope) -> Result<String> {
    Ok(hex(&Sha256::digest(serde_json::to_vec(envelope)?)))
}

fn write_through(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    disk().write(path, bytes)?;
    disk().sync(path)
}

/// The key file of a ledger: `石门村.zcj` has `石门村.zcj.key`. A copy of the ledger needs a copy of it.
pub fn key_path(ledger: &Path) -> PathBuf {
    with_ending(ledger, ".key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protection() -> Protection {
        let passphrase = Passphrase::new("木桶里有三只猫").unwrap();
        Protection { cost: Cost::LEAST, ..Protection::new(passphrase).unwrap() }
    }

    #[test]
    fn either_secret_opens_the_envelope_and_no_other_does() {
        let (key, protection) = (DataKey::random().unwrap(), protection());
        let envelope = Envelope::seal(&key, &protection).unwrap();
        let opened = |secret| envelope.open(&secret).map(|key| key.0);
        assert_eq!(opened(Secret::passphrase("木桶里有三只猫").unwrap()).unwrap(), key.0);
        assert_eq!(opened(Secret::Recovery(protection.recovery)).unwrap(), key.0);
        assert!(matches!(opened(Secret::passphrase("木桶里有四只猫").unwrap()), Err(Error::PassphraseWrong)));
        assert!(matches!(opened(Secret::Recovery(RecoveryKey::random().unwrap())), Err(Error::RecoveryKeyWrong)));
    }

    #[test]
    fn every_changed_byte_of_the_key_file_is_damage_not_a_wrong_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("甲.zcj");
        Envelope::seal(&DataKey::random().unwrap(), &protection()).unwrap().write(&ledger).unwrap();
        let whole = std::fs::read(key_path(&ledger)).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(key_path(&ledger), &bytes).unwrap();
            assert!(matches!(Envelope::read(&ledger), Err(Error::KeyFileDamaged)), "byte {at}");
        }
        assert!(!folder.path().join("甲.zcj.key.new").exists());
    }

    #[test]
    fn a_key_file_cannot_ask_for_all_the_memory_there_is() {
        let greedy = Cost { memory: u32::MAX, ..Cost::LEAST };
        assert!(matches!(cipher(b"a", &[0; 16], greedy), Err(Error::KeyFileDamaged)));
    }
}
