//! Files beside the ledger: their names, and how a finished one takes its place.

use std::path::{Path, PathBuf};

use super::disk::disk;

/// What SQLite keeps beside a file of its own.
pub(super) const JOURNALS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file's name with something behind it: `石门村.zcj` and `-wal` is `石门村.zcj-wal`.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The file that will take a ledger's place in a restore.
pub(super) fn restored_name(ledger: &Path) -> PathBuf {
    ledger.with_extension("zcj.restored")
}

/// Gives a file that is on disk another's name; what bore it is gone only when the new one is there.
pub(super) fn put_in_place(fresh: &Path, path: &Path) -> std::io::Result<()> {
    disk().rename(fresh, path)?;
    sync_name(path)
}

/// A file's name reaches the disk with its folder.
pub(super) fn sync_name(path: &Path) -> std::io::Result<()> {
    disk().sync_folder(folder_of(path))
}

/// The folder in which a file lies, also of a name alone.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Which file bears a name, so that another one under the same name is told from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileMark(u64, u64);

impl FileMark {
    /// Of the file that bears a name now; nothing where there is none. Elsewhere than on Unix an open file cannot be moved.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let about = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Some(FileMark(about.dev(), about.ino()))
        }
        #[cfg(not(unix))]
        {
            about.is_file().then_some(FileMark(0, 0))
        }
    }
}

/// Takes away what an attempt that was cut off has left: its journal would be played into the next file of the name.
pub(super) fn clear(fresh: &Path) {
    // Most of them are not there.
    for path in [""].into_iter().chain(JOURNALS).map(|ending| with_ending(fresh, ending)).filter(|path| path.exists()) {
        let _ = disk().remove(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_comes_behind_the_whole_name() {
        assert_eq!(with_ending(Path::new("台账/石门村.zcj"), "-wal"), Path::new("台账/石门村.zcj-wal"));
    }

    #[test]
    fn a_ledger_named_without_its_folder_lies_in_the_current_one() {
        assert_eq!(folder_of(Path::new("石门村.zcj")), Path::new("."));
        assert_eq!(folder_of(Path::new("台账/石门村.zcj")), Path::new("台账"));
    }
}
