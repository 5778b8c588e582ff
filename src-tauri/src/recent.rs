//! The ledgers opened lately, for the start page, and who types in each on this laptop.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zhucun_core::value::Id;

const LONGEST: usize = 8;

/// A ledger opened lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecentLedger {
    /// Where it lay.
    pub path: PathBuf,
    /// Its file's name.
    pub name: String,
    /// Whether it is no longer there.
    pub missing: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Remembered {
    paths: Vec<PathBuf>,
    #[serde(default)]
    members: BTreeMap<PathBuf, Id>,
}

/// Reads the list; a list that cannot be read is an empty one.
pub fn read(config: &Path) -> Vec<RecentLedger> {
    load(config).paths.into_iter().map(about).collect()
}

/// What the window says of a ledger that is not open.
pub fn about(path: PathBuf) -> RecentLedger {
    RecentLedger { name: name_of(&path), missing: !path.is_file(), path }
}

/// Who types in a ledger on this laptop.
pub fn member_of(config: &Path, path: &Path) -> Option<Id> {
    load(config).members.get(path).copied()
}

/// Notes who types in a ledger on this laptop.
pub fn remember_member(config: &Path, path: &Path, member: Id) {
    let mut remembered = load(config);
    remembered.members.insert(path.to_owned(), member);
    store(config, &remembered);
}

/// Puts a ledger first.
pub fn remember(config: &Path, path: &Path) {
    let mut remembered = load(config);
    remembered.paths.retain(|known| known != path);
    remembered.paths.insert(0, path.to_owned());
    remembered.paths.truncate(LONGEST);
    let Remembered { paths, members } = &mut remembered;
    members.retain(|path, _| paths.contains(path));
    store(config, &remembered);
}

/// A list that cannot be written is forgotten: it only saves a few clicks.
fn store(config: &Path, remembered: &Remembered) {
    if let Ok(json) = serde_json::to_vec(remembered) {
        let _ = std::fs::create_dir_all(config);
        let _ = zhucun_export::write_file(&file(config), &json);
    }
}

/// A ledger's name: its file without folder and extension.
pub fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn load(config: &Path) -> Remembered {
    std::fs::read(file(config)).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

fn file(config: &Path) -> PathBuf {
    config.join("recent.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_ledger_stands_first_and_once() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.zcj", "b.zcj", "a.zcj"] {
            remember(folder.path(), Path::new(name));
        }
        let names: Vec<_> = read(folder.path()).into_iter().map(|ledger| (ledger.name, ledger.missing)).collect();
        assert_eq!(names, [("a".to_owned(), true), ("b".to_owned(), true)]);
    }
}
