//! The second place for a ledger's copies, such as a stick: carrying the latest copy there on a click, and by itself when the
//! ledger is closed. A place that is missing or fails never keeps a ledger from closing; it is told the next time.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zhucun_core::Error;
use zhucun_core::storage::{Backup, BackupReason, Ledger, backup_folder, backups, carry};

use crate::error::{Answer, Refusal};
use crate::settings;
use crate::shell_error::ShellError;

/// What is remembered of a ledger's copies in its second place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carried {
    /// Name of the copy that was carried last.
    latest: String,
    /// Why the last closing carried none.
    pub missed: Option<Missed>,
}

/// A copy that did not reach the second place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// The place.
    pub folder: PathBuf,
    /// Why, in words.
    pub why: String,
}

/// The second place of a ledger.
pub fn place_of(config: &Path, ledger: &Path) -> Option<PathBuf> {
    settings::read(config).places.remove(ledger)
}

/// The copies of one ledger lie in a folder of their own, also on a stick that serves several.
pub fn copies_in(second: &Path, ledger: &Path) -> PathBuf {
    second.join(backup_folder(ledger).file_name().unwrap_or_default())
}

/// What did not reach the second place when the ledger was closed last.
pub fn missed(config: &Path, ledger: &Path) -> Option<Missed> {
    settings::read(config).carried.remove(ledger).and_then(|carried| carried.missed)
}

/// Carries what the ledger holds now to the second place; what is there already is not copied again on this side.
pub fn carry_latest(config: &Path, ledger: &Ledger) -> Answer<Backup> {
    let second = place_of(config, ledger.path()).ok_or(ShellError::NoPlace)?;
    let latest = latest_of(ledger)?;
    let carried = carry_to(&latest, &second, ledger.path())?;
    remember(config, ledger.path(), &latest, None);
    Ok(carried)
}

/// The same when the ledger is closed, its copy made already. `begins` is told before anything is written: it may take a while.
pub fn carry_on_closing(config: &Path, ledger: &Ledger, begins: &dyn Fn()) {
    let Some(second) = place_of(config, ledger.path()) else { return };
    let Ok(Some(latest)) = backups(&backup_folder(ledger.path())).map(|known| known.into_iter().next()) else { return };
    let known = settings::read(config).carried.remove(ledger.path()).unwrap_or_default();
    // Nothing has changed since: it need not be there, and the stick may stay in the pocket.
    if known.latest == name_of(&latest) {
        return remember(config, ledger.path(), &latest, None);
    }
    let missed = |why: String| Some(Missed { folder: second.clone(), why });
    if second.is_dir() {
        begins();
        // Should the program be ended meanwhile, that is what is told.
        keep(config, ledger.path(), Carried { missed: missed(CUT_OFF.to_owned()), ..known.clone() });
    }
    match carry_to(&latest, &second, ledger.path()) {
        Ok(_) => remember(config, ledger.path(), &latest, None),
        Err(refusal) => keep(config, ledger.path(), Carried { missed: missed(refusal.into_message()), ..known }),
    }
}

const CUT_OFF: &str = "没有写完程序就结束了";

fn carry_to(latest: &Backup, second: &Path, ledger: &Path) -> Answer<Backup> {
    if !second.is_dir() {
        return Err(ShellError::PlaceMissing(second.to_owned()).into());
    }
    carry(latest, &copies_in(second, ledger)).map_err(|error| not_carried(error, second))
}

/// The copy of the ledger as it is now.
fn latest_of(ledger: &Ledger) -> Answer<Backup> {
    if let Some(made) = ledger.backup_if_changed(BackupReason::Asked)? {
        return Ok(made);
    }
    match backups(&backup_folder(ledger.path()))?.into_iter().next() {
        Some(latest) => Ok(latest),
        None => Ok(ledger.backup(BackupReason::Asked)?),
    }
}

fn not_carried(error: Error, place: &Path) -> Refusal {
    let place = place.to_owned();
    match error {
        Error::Io(error) if error.kind() != std::io::ErrorKind::StorageFull => ShellError::PlaceUnwritable(place).into(),
        Error::Io(_) | Error::DiskFull => ShellError::PlaceFull(place).into(),
        error => error.into(),
    }
}

fn name_of(backup: &Backup) -> String {
    backup.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn remember(config: &Path, ledger: &Path, latest: &Backup, missed: Option<Missed>) {
    keep(config, ledger, Carried { latest: name_of(latest), missed });
}

/// What cannot be remembered is told wrongly the next time at worst; the copies are what counts.
fn keep(config: &Path, ledger: &Path, carried: Carried) {
    let _ = settings::change(config, |settings| drop(settings.carried.insert(ledger.to_owned(), carried)));
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;

    use chrono::NaiveDate;
    use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
    use zhucun_core::world::FixedWorld;

    use super::*;

    struct Place {
        folder: tempfile::TempDir,
        ledger: Ledger,
        begun: Cell<u32>,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let first = NewLedger {
                team: "石门村驻村工作队".into(),
                township: "云岭乡".into(),
                villages: vec![NewVillage { name: "石门村".into(), hamlets: vec![] }],
                members: vec![NewMember { name: "韦明".into(), role: "first_secretary".into() }],
                ..NewLedger::default()
            };
            let world = FixedWorld::on(NaiveDate::from_ymd_opt(2026, 6, 20).unwrap());
            let ledger = create_ledger(&folder.path().join("石门村.zcj"), Box::new(world), &first).unwrap();
            fs::create_dir(folder.path().join("优盘")).unwrap();
            let place = Place { folder, ledger, begun: Cell::new(0) };
            let (path, stick) = (place.ledger.path().to_owned(), place.stick());
            settings::change(&place.config(), |settings| drop(settings.places.insert(path, stick))).unwrap();
            place
        }

        fn config(&self) -> PathBuf {
            self.folder.path().join("config")
        }

        fn stick(&self) -> PathBuf {
            self.folder.path().join("优盘")
        }

        fn close(&self) -> Option<Missed> {
            self.ledger.backup_if_changed(BackupReason::Close).unwrap();
            carry_on_closing(&self.config(), &self.ledger, &|| self.begun.set(self.begun.get() + 1));
            missed(&self.config(), self.ledger.path())
        }

        fn carried(&self) -> usize {
            backups(&copies_in(&self.stick(), self.ledger.path())).unwrap().len()
        }

        fn change(&mut self, title: &str) {
            use zhucun_core::records::{Kind, SaveRequest};
            let mut draft = self.ledger.blank_json(Kind::Plan).unwrap();
            draft["title"] = title.into();
            self.ledger.save_json(SaveRequest { kind: Kind::Plan, id: None, version: None, draft, keep: vec![] }).unwrap();
        }
    }

    #[test]
    fn what_changed_is_carried_when_the_ledger_is_closed_and_what_did_not_is_not() {
        let mut place = Place::new();
        assert_eq!((place.close(), place.carried(), place.begun.get()), (None, 1, 1));
        assert_eq!((place.close(), place.carried(), place.begun.get()), (None, 1, 1), "nothing new");
        place.change("修好水渠");
        assert_eq!((place.close(), place.carried(), place.begun.get()), (None, 2, 2));
    }

    #[test]
    fn a_missing_or_failing_place_is_told_the_next_time_until_a_copy_got_there() {
        let mut place = Place::new();
        let away = place.folder.path().join("口袋里");
        fs::rename(place.stick(), &away).unwrap();
        let told = place.close().expect("is told");
        assert!(told.why.contains("没有找到") && told.folder == place.stick(), "{told:?}");
        assert_eq!(place.begun.get(), 0, "nothing was begun");
        // Something else has the name of the folder of copies: nothing can be written.
        fs::rename(&away, place.stick()).unwrap();
        fs::write(place.stick().join("石门村.备份"), "").unwrap();
        assert!(place.close().is_some_and(|told| told.why.contains("没有能写到")));
        fs::remove_file(place.stick().join("石门村.备份")).unwrap();
        place.change("修好水渠");
        assert_eq!((place.close(), place.carried()), (None, 1));
        fs::rename(place.stick(), &away).unwrap();
        assert_eq!(place.close(), None, "it has what there is");
    }

    #[test]
    fn a_click_clears_what_was_missed() {
        let place = Place::new();
        let away = place.folder.path().join("口袋里");
        fs::rename(place.stick(), &away).unwrap();
        assert!(place.close().is_some());
        fs::rename(&away, place.stick()).unwrap();
        carry_latest(&place.config(), &place.ledger).unwrap();
        assert_eq!((missed(&place.config(), place.ledger.path()), place.carried()), (None, 1));
    }
}
