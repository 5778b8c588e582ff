//! 加密和取消加密: a ledger changes its protection whole or not at all, and its copies of either kind still bring it back.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use zhucun_core::records::Kind;
use zhucun_core::search::Search;
use zhucun_core::storage::{
    Backup, BackupReason, Cost, Ledger, Passphrase, Protection, Secret, backup_folder, backups, drop_plain_backups, is_encrypted,
    key_path, recover_key_file,
};

use crate::desk::{Desk, world};

const PASSPHRASE: &str = "木桶里有三只蓝色的猫";

fn protection() -> Protection {
    Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new(PASSPHRASE).unwrap()).unwrap() }
}

fn known() -> Secret {
    Secret::passphrase(PASSPHRASE).unwrap()
}

/// A plain ledger with something in every part that a conversion must carry: records, the bin, a draft, the search.
fn at_work() -> Desk {
    let mut desk = Desk::new();
    let visit = desk.add(Kind::Visit, |visit| visit["content"] = json!("查看水管漏水"));
    desk.add(Kind::Household, |household| household["members"][0]["name"] = json!("欧阳木兰"));
    desk.change(Kind::Visit, visit, |visit| visit["content"] = json!("水管已修好")).unwrap();
    desk.ledger.put_draft("visit:new", "{}").unwrap();
    desk
}

/// What is in a ledger, read through its own doors.
fn content(ledger: &Ledger) -> Vec<String> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        for row in ledger.store().list(*kind, &Default::default()).unwrap().rows {
            all.push(ledger.get_json(*kind, row.id).unwrap().to_string());
            all.push(format!("{:?}", ledger.store().history(*kind, row.id).unwrap()));
        }
    }
    all.push(format!("{:?}", ledger.store().drafts().unwrap()));
    for query in ["水管", "oymlan", "欧阳"] {
        all.push(format!("{:?}", ledger.store().search(&Search::all(query)).unwrap()));
    }
    all
}

fn reopened(path: &Path) -> Ledger {
    Ledger::open_with(path, world(), Some(&known())).unwrap()
}

#[test]
fn a_plain_ledger_is_encrypted_with_all_that_is_in_it_and_made_plain_again() {
    let mut desk = at_work();
    let (path, then) = (desk.path(), content(&desk.ledger));
    let before = desk.ledger.encrypt(&protection()).unwrap().before;
    assert_eq!(content(&desk.ledger), then, "encrypted, while it is open");
    assert!(is_encrypted(&path).unwrap());
    assert!(!is_encrypted(&before.path).unwrap(), "the copy from before is plain, and said to be");
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let bytes = fs::read(&path).unwrap();
    let name = "欧阳木兰".as_bytes();
    assert!(!bytes.windows(name.len()).any(|window| window == name), "no name can be read from the file");
    assert_eq!(Ledger::open(&path, world()).err().unwrap().code(), "passphrase_needed");

    let mut ledger = reopened(&path);
    assert_eq!(content(&ledger), then, "opened again");
    ledger.check_pages().unwrap();
    let wrong = Secret::passphrase("木桶里有四只蓝色的猫").unwrap();
    assert_eq!(ledger.decrypt(&wrong).unwrap_err().code(), "passphrase_wrong");
    assert!(ledger.is_encrypted());
    let before = ledger.decrypt(&known()).unwrap().before;
    assert!(is_encrypted(&before.path).unwrap());
    assert_eq!(content(&ledger), then, "plain again");
    drop(ledger);
    assert!(!key_path(&path).exists());
    assert_eq!(content(&Ledger::open(&path, world()).unwrap()), then);
}

#[test]
fn work_goes_on_after_a_conversion_and_nothing_half_made_is_left() {
    let mut desk = at_work();
    desk.ledger.encrypt(&protection()).unwrap();
    desk.add(Kind::Plan, |_| {});
    desk.ledger.undo().unwrap();
    assert!(desk.ledger.encrypt(&protection()).is_err(), "encrypted already");
    let left = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains("convert");
    assert!(!fs::read_dir(desk.folder.path()).unwrap().any(|entry| left(&entry.unwrap())));
}

#[test]
fn a_conversion_that_cannot_be_written_leaves_the_ledger_as_it_was() {
    let mut desk = at_work();
    let then = content(&desk.ledger);
    // Something that cannot be replaced stands where the fresh file would be written.
    fs::create_dir(desk.folder.path().join("石门村.zcj.converted")).unwrap();
    assert!(desk.ledger.encrypt(&protection()).is_err());
    assert!(!desk.ledger.is_encrypted());
    assert!(!key_path(&desk.path()).exists(), "no key file of a ledger that is plain");
    assert_eq!(content(&desk.ledger), then);
    desk.add(Kind::Plan, |_| {});
}

#[test]
fn copies_from_before_and_after_bring_the_ledger_back_and_it_stays_as_it_is_protected() {
    let mut desk = at_work();
    let plain = desk.ledger.backup(BackupReason::Asked).unwrap();
    let then = content(&desk.ledger);
    desk.ledger.encrypt(&protection()).unwrap();
    desk.add(Kind::Issue, |_| {});
    desk.ledger.counts_of_backup(&plain.path).unwrap();
    desk.ledger.restore(&plain.path).unwrap();
    assert_eq!(content(&desk.ledger), then);
    assert!(is_encrypted(&desk.path()).unwrap(), "a plain copy does not make the ledger plain");

    let encrypted = desk.ledger.backup(BackupReason::Asked).unwrap();
    desk.ledger.decrypt(&known()).unwrap();
    desk.add(Kind::Issue, |_| {});
    assert_eq!(desk.ledger.counts_of_backup(&encrypted.path).unwrap_err().code(), "passphrase_needed");
    assert_eq!(desk.ledger.restore(&encrypted.path).unwrap_err().code(), "passphrase_needed");
    desk.ledger.restore_with(&encrypted.path, Some(&known())).unwrap();
    assert_eq!(content(&desk.ledger), then);
    assert!(!is_encrypted(&desk.path()).unwrap());
}

#[test]
fn plain_copies_of_an_encrypted_ledger_are_thrown_away_and_encrypted_ones_stay() {
    let mut desk = at_work();
    desk.ledger.backup(BackupReason::Asked).unwrap();
    desk.ledger.encrypt(&protection()).unwrap();
    let encrypted = desk.ledger.backup(BackupReason::Asked).unwrap();
    let all = || -> Vec<Backup> { backups(&backup_folder(&desk.path())).unwrap() };
    assert_eq!(drop_plain_backups(&all()).unwrap(), 2);
    assert_eq!(all().into_iter().map(|backup| backup.path).collect::<Vec<PathBuf>>(), [encrypted.path]);
}

#[test]
fn a_copy_with_the_old_passphrase_is_not_the_latest_state() {
    let mut desk = at_work();
    desk.ledger.encrypt(&protection()).unwrap();
    // The clock of the tests stands still: of two copies of a moment either may be taken for the latest.
    drop_plain_backups(&backups(&backup_folder(&desk.path())).unwrap()).unwrap();
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_some());
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_none());
    desk.ledger.change_passphrase(&known(), &Passphrase::new("雨停了再去上屯").unwrap()).unwrap();
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_some(), "its key file is another one");
}

#[test]
fn a_lost_key_file_comes_back_from_a_copy_and_nothing_entered_since_is_lost() {
    let mut desk = at_work();
    desk.ledger.encrypt(&protection()).unwrap();
    let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
    desk.add(Kind::Issue, |_| {});
    let (path, later) = (desk.path(), content(&desk.ledger));
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    fs::remove_file(key_path(&path)).unwrap();
    assert_eq!(Ledger::open_with(&path, world(), Some(&known())).err().unwrap().code(), "key_file_missing");
    recover_key_file(&path, &copy.path).unwrap();
    let ledger = reopened(&path);
    assert_eq!(content(&ledger), later);
    drop(ledger);
    fs::write(key_path(&path), "坏了").unwrap();
    assert_eq!(Ledger::open_with(&path, world(), Some(&known())).err().unwrap().code(), "key_file_damaged");
    recover_key_file(&path, &copy.path).unwrap();
    assert_eq!(content(&reopened(&path)), later);
}
