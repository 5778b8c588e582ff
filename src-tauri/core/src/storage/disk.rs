//! The one way to the disk for files that SQLite does not write itself: copies, key files, names. Tests put a disk in its
//! place that fails, fills up or forgets.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

/// What the storage asks of a disk, for whole files.
#[doc(hidden)]
pub trait Disk: Send + Sync {
    /// Makes a folder and those above it.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    /// Writes a file anew.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::write(path, bytes)
    }

    /// Writes more bytes behind a file's end.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        File::options().append(true).open(path)?.write_all(bytes)
    }

    /// Copies a file over another, or as a new one.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::copy(from, to).map(drop)
    }

    /// Brings a file's content to the disk.
    fn sync(&self, path: &Path) -> io::Result<()> {
        // Windows syncs only what is open for writing.
        File::options().read(true).write(cfg!(windows)).open(path)?.sync_all()
    }

    /// Brings the names in a folder to the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Elsewhere than on Unix a rename is all there is.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    /// Gives a file another's name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// The system's own.
struct SystemDisk;

impl Disk for SystemDisk {}

static DISK: OnceLock<&'static dyn Disk> = OnceLock::new();

/// The disk.
pub(super) fn disk() -> &'static dyn Disk {
    DISK.get().copied().unwrap_or(&SystemDisk)
}

/// Puts another disk in the system's place for the whole program, once; for tests.
#[doc(hidden)]
pub fn use_disk(other: &'static dyn Disk) {
    let _ = DISK.set(other);
}
