//! A copy carried to a second place, such as a stick: written, synced, read back from there and compared before it counts.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::backup::{Backup, thin_out};
use super::disk::disk;
use super::key::key_path;
use super::place::{put_in_place, with_ending};
use crate::error::{Error, Result};

/// Carries a copy, with its key file where it is encrypted, into a folder; thins out the old ones there.
pub fn carry(backup: &Backup, folder: &Path) -> Result<Backup> {
    disk().make_folder(folder)?;
    // The key file first: a copy never stands without what opens it.
    let key = key_path(&backup.path);
    if key.exists() {
        carry_file(&key, folder)?;
    }
    carry_file(&backup.path, folder)?;
    let carried = Backup { path: folder.join(backup.path.file_name().unwrap_or_default()), ..backup.clone() };
    thin_out(folder, &carried)?;
    Ok(carried)
}

fn carry_file(from: &Path, folder: &Path) -> Result<()> {
    let to = folder.join(from.file_name().unwrap_or_default());
    let fresh = with_ending(&to, ".new");
    let carried = carry_bytes(from, &fresh).and_then(|()| Ok(put_in_place(&fresh, &to)?));
    carried.inspect_err(|_| {
        let _ = disk().remove(&fresh);
    })
}

fn carry_bytes(from: &Path, fresh: &Path) -> Result<()> {
    disk().copy(from, fresh)?;
    disk().sync(fresh)?;
    let mut carried = File::open(fresh)?;
    forget_cached(&carried);
    if hash(&mut File::open(from)?)? == hash(&mut carried)? { Ok(()) } else { Err(Error::CopyDiffers) }
}

/// A file's SHA-256, read piece by piece.
fn hash(file: &mut File) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut piece = vec![0u8; 256 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&piece[..read]);
    }
}

/// What the system still has in memory of a file is dropped, so that reading it again asks the stick. Elsewhere than on
/// Linux the answer may come from memory.
#[cfg(target_os = "linux")]
pub(super) fn forget_cached(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn forget_cached(_: &File) {}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::backup::{BackupReason, backups};
    use super::*;

    fn copy_in(folder: &Path) -> Backup {
        let path = folder.join("20260620-183005 手动备份.zcj");
        fs::write(&path, vec![7u8; 600_000]).unwrap();
        let at = chrono::NaiveDate::from_ymd_opt(2026, 6, 20).unwrap().and_hms_opt(18, 30, 5).unwrap();
        Backup { path, at, reason: BackupReason::Asked, size: 600_000 }
    }

    #[test]
    fn a_carried_copy_is_the_same_byte_for_byte_and_brings_its_key_file() {
        let (here, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let backup = copy_in(here.path());
        fs::write(key_path(&backup.path), "key").unwrap();
        let carried = carry(&backup, &stick.path().join("石门村.备份")).unwrap();
        assert_eq!(fs::read(&carried.path).unwrap(), fs::read(&backup.path).unwrap());
        assert_eq!(fs::read(key_path(&carried.path)).unwrap(), b"key");
        assert_eq!(backups(&stick.path().join("石门村.备份")).unwrap(), [carried], "nothing half-written is left beside it");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told_and_the_copy_stays() {
        let here = tempfile::tempdir().unwrap();
        let backup = copy_in(here.path());
        let blocked = here.path().join("不是文件夹");
        fs::write(&blocked, "").unwrap();
        assert!(carry(&backup, &blocked).is_err());
        assert!(backup.path.exists());
    }
}
