//! What is set on this laptop and belongs to no ledger: where the copies of each are carried to besides, when the window is
//! locked, and how it looks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::look::Look;
use crate::second_place::Carried;

/// Settings of this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The second place for copies, by ledger.
    pub places: BTreeMap<PathBuf, PathBuf>,
    /// What was carried there, by ledger.
    pub carried: BTreeMap<PathBuf, Carried>,
    /// Minutes without a touch after which an encrypted ledger is locked; 0: never.
    pub idle_minutes: u32,
    /// How the window looks.
    pub look: Look,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { places: BTreeMap::new(), carried: BTreeMap::new(), idle_minutes: 10, look: Look::default() }
    }
}

/// Reads the settings; what cannot be read is as at first.
pub fn read(config: &Path) -> Settings {
    std::fs::read(file(config)).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

/// Changes the settings. What cannot be written is told: a setting that seems made and is not would deceive.
pub fn change(config: &Path, change: impl FnOnce(&mut Settings)) -> std::io::Result<()> {
    let mut settings = read(config);
    change(&mut settings);
    std::fs::create_dir_all(config)?;
    let json = serde_json::to_vec(&settings)?;
    zhucun_export::write_file(&file(config), &json).map_err(|error| std::io::Error::other(error.to_string()))
}

fn file(config: &Path) -> PathBuf {
    config.join("settings.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::{Colours, Letters};

    #[test]
    fn a_setting_is_there_the_next_time_and_a_broken_file_is_as_at_first() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = PathBuf::from("石门村.zcj");
        change(folder.path(), |settings| drop(settings.places.insert(ledger.clone(), "优盘".into()))).unwrap();
        assert_eq!(read(folder.path()).places.get(&ledger), Some(&PathBuf::from("优盘")));
        let look = Look { colours: Colours::Dark, letters: Letters::Large };
        change(folder.path(), |settings| settings.look = look).unwrap();
        assert_eq!(read(folder.path()).look, look);
        assert_eq!(read(folder.path()).places.len(), 1, "the others stay");
        std::fs::write(file(folder.path()), r#"{"idle_minutes":5}"#).unwrap();
        assert_eq!(read(folder.path()).look, Look::default(), "settings of an earlier version");
        std::fs::write(file(folder.path()), "{").unwrap();
        assert_eq!(read(folder.path()), Settings::default());
    }
}
