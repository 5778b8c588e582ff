//! Files beside the ledger: their names, and how a finished one takes its place.

use std::fs;
use std::path::{Path, PathBuf};

/// What SQLite keeps beside a file of its own.
pub(super) const JOURNALS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file's name with something behind it: `石门村.zcj` and `-wal` is `石门村.zcj-wal`.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Gives a file that is on disk another's name; what bore it is gone only when the new one is there.
pub(super) fn put_in_place(fresh: &Path, path: &Path) -> std::io::Result<()> {
    fs::rename(fresh, path)?;
    // The name reaches the disk with the folder; elsewhere than on Unix the rename is all there is.
    #[cfg(unix)]
    fs::File::open(folder_of(path))?.sync_all()?;
    Ok(())
}

/// The folder in which a file lies, also of a name alone.
#[cfg(unix)]
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Takes away what an attempt that was cut off has left: its journal would be played into the next file of the name.
pub(super) fn clear(fresh: &Path) {
    let _ = fs::remove_file(fresh);
    for ending in JOURNALS {
        let _ = fs::remove_file(with_ending(fresh, ending));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_comes_behind_the_whole_name() {
        assert_eq!(with_ending(Path::new("台账/石门村.zcj"), "-wal"), Path::new("台账/石门村.zcj-wal"));
    }

    #[cfg(unix)]
    #[test]
    fn a_ledger_named_without_its_folder_lies_in_the_current_one() {
        assert_eq!(folder_of(Path::new("石门村.zcj")), Path::new("."));
        assert_eq!(folder_of(Path::new("台账/石门村.zcj")), Path::new("台账"));
    }
}
