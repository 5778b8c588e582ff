//! 备份和恢复: copies are whole, come by themselves, and one of them brings the ledger back.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::json;
use zhucun_core::records::Kind;
use zhucun_core::setup::create_ledger_with;
use zhucun_core::storage::{
    BackupReason, Cost, Ledger, Passphrase, Protection, Secret, backup_folder, backups, key_path, restore_over,
};
use zhucun_core::value::Id;
use zhucun_core::world::{FixedWorld, World};

use crate::desk::{Desk, first_page, world};

/// Everything that is in the ledger, by kind, with what lies in the bin.
fn content(ledger: &Ledger) -> BTreeMap<Kind, Vec<String>> {
    let all = |kind: &Kind| {
        let page = ledger.store().list(*kind, &Default::default()).unwrap();
        let records: Vec<String> = page.rows.iter().map(|row| ledger.get_json(*kind, row.id).unwrap().to_string()).collect();
        (*kind, records)
    };
    Kind::ALL.iter().map(all).collect()
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn work(desk: &mut Desk, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        match dice.below(4) {
            0 => drop(desk.add(Kind::Visit, |visit| visit["content"] = json!("查看水管"))),
            1 => drop(desk.add(Kind::Household, |household| household["members"][0]["name"] = json!("潘七"))),
            2 => drop(desk.add(Kind::Activity, |_| {})),
            _ => drop(desk.ledger.undo()),
        }
    }
}

#[test]
fn a_restore_brings_back_what_the_copy_had_and_can_itself_be_taken_back() {
    let mut desk = Desk::new();
    let mut dice = Dice(2026);
    // The long run, `scripts/reliability`, goes through a hundred states.
    let rounds = if std::env::var_os("ZHUCUN_LONG").is_some() { 100 } else { 25 };
    for round in 0..rounds {
        work(&mut desk, &mut dice);
        let then = content(&desk.ledger);
        let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
        work(&mut desk, &mut dice);
        desk.add(Kind::Issue, |_| {});
        let later = content(&desk.ledger);
        assert_ne!(then, later);
        let before = desk.ledger.restore(&copy.path).unwrap();
        assert_eq!(content(&desk.ledger), then, "round {round}");
        desk.ledger.restore(&before.path).unwrap();
        assert_eq!(content(&desk.ledger), later, "round {round}: taken back");
        desk.add(Kind::Plan, |_| {});
    }
    let kept = backups(&backup_folder(&desk.path())).unwrap().len();
    assert!((10..=27).contains(&kept), "{kept} copies are kept");
}

#[test]
fn a_copy_of_the_same_state_is_made_once() {
    let mut desk = Desk::new();
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_some());
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_none());
    desk.add(Kind::Visit, |_| {});
    let made = desk.ledger.backup_if_changed(BackupReason::Import).unwrap().unwrap();
    assert_eq!(desk.ledger.counts_of_backup(&made.path).unwrap(), desk.ledger.counts().unwrap());
    assert_eq!(made.reason.label(), "导入前");
}

#[test]
fn a_damaged_copy_or_one_of_something_else_is_refused_and_the_ledger_stays() {
    let mut desk = Desk::new();
    let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
    desk.add(Kind::Visit, |_| {});
    let before = content(&desk.ledger);
    let bytes = fs::read(&copy.path).unwrap();
    let half = bytes.len() / 2;
    for (what, damaged) in [("half", bytes[..half].to_vec()), ("empty", Vec::new()), ("text", "不是台账".into())] {
        let path = desk.folder.path().join(format!("{what}.zcj"));
        fs::write(&path, damaged).unwrap();
        assert_eq!(desk.ledger.restore(&path).unwrap_err().code(), "backup_damaged", "{what}");
        assert_eq!(content(&desk.ledger), before, "{what}");
    }
    assert!(desk.ledger.restore(&desk.folder.path().join("没有.zcj")).is_err());
    desk.add(Kind::Visit, |_| {});
}

#[test]
fn a_copy_that_cannot_be_written_leaves_nothing_and_work_goes_on() {
    let mut desk = Desk::new();
    let blocked = desk.folder.path().join("不是文件夹");
    fs::write(&blocked, "").unwrap();
    assert!(desk.ledger.backup_into(&blocked, BackupReason::Asked).is_err());
    desk.add(Kind::Visit, |_| {});
}

#[test]
fn a_missing_or_damaged_ledger_is_made_anew_from_a_copy_and_the_damaged_file_is_kept() {
    let desk = Desk::new();
    let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
    let then = content(&desk.ledger);
    let path = desk.path();
    let Desk { ledger, folder, .. } = desk;
    drop(ledger);
    fs::write(&path, "坏了").unwrap();
    let restored = restore_over(&path, &copy.path, world(), None).unwrap();
    assert_eq!(content(&restored), then);
    drop(restored);
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().any(|name| name.contains("已损坏")), "{names:?}");
    fs::remove_file(&path).unwrap();
    assert_eq!(content(&restore_over(&path, &copy.path, world(), None).unwrap()), then);
}

#[test]
fn a_copy_of_an_encrypted_ledger_is_encrypted_and_comes_back_with_the_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("石门村.zcj");
    let phrase = || Passphrase::new("木桶里有三只蓝色的猫").unwrap();
    let protection = Protection { cost: Cost::LEAST, ..Protection::new(phrase()).unwrap() };
    let mut ledger = create_ledger_with(&path, world(), &first_page(), Some(&protection)).unwrap();
    let then = content(&ledger);
    let copy = ledger.backup(BackupReason::Asked).unwrap();
    let bytes = fs::read(&copy.path).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"), "the copy is encrypted");
    assert!(key_path(&copy.path).exists());
    ledger.restore(&copy.path).unwrap();
    assert_eq!(content(&ledger), then);
    drop(ledger);
    fs::remove_file(&path).unwrap();
    fs::remove_file(key_path(&path)).unwrap();
    let secret = Secret::passphrase("木桶里有三只蓝色的猫").unwrap();
    let ledger = restore_over(&path, &copy.path, world(), Some(&secret)).unwrap();
    assert_eq!(content(&ledger), then);
}

#[test]
fn an_older_ledger_is_copied_before_it_is_brought_up_to_date() {
    let dump = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema-1.sql")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("旧台账.zcj");
    rusqlite::Connection::open(&path).unwrap().execute_batch(&dump).unwrap();
    drop(Ledger::open(&path, world()).unwrap());
    let found = backups(&backup_folder(&path)).unwrap();
    assert_eq!(found.iter().map(|backup| backup.reason).collect::<Vec<_>>(), [BackupReason::Migration]);
}

#[test]
fn a_copy_of_a_later_program_is_refused_before_the_ledger_is_touched() {
    let mut desk = Desk::new();
    let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
    let later = desk.folder.path().join("新版.zcj");
    fs::copy(&copy.path, &later).unwrap();
    rusqlite::Connection::open(&later).unwrap().pragma_update(None, "user_version", 99).unwrap();
    desk.add(Kind::Visit, |_| {});
    let before = content(&desk.ledger);
    assert_eq!(desk.ledger.restore(&later).unwrap_err().code(), "ledger_newer");
    assert_eq!(content(&desk.ledger), before);
    desk.add(Kind::Visit, |_| {});
}

/// A world whose clock moves on by a second whenever somebody looks at it.
struct Ticking(FixedWorld, AtomicI64);

impl World for Ticking {
    fn now(&self) -> DateTime<FixedOffset> {
        self.0.now() + TimeDelta::seconds(self.1.fetch_add(1, Ordering::Relaxed))
    }

    fn new_id(&mut self) -> Id {
        self.0.new_id()
    }

    fn device(&self) -> &str {
        self.0.device()
    }
}

#[test]
fn as_many_other_changes_after_a_restore_are_copied_all_the_same() {
    let mut desk = Desk::new();
    let visit = desk.add(Kind::Visit, |_| {});
    let path = desk.path();
    let Desk { ledger, household, member, folder } = desk;
    drop(ledger);
    let ledger = Ledger::open(&path, Box::new(Ticking(*world(), AtomicI64::new(0)))).unwrap();
    let mut desk = Desk { ledger, household, member, folder };
    let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
    desk.change(Kind::Visit, visit, |visit| visit["content"] = json!("查看水管")).unwrap();
    desk.ledger.restore(&copy.path).unwrap();
    desk.change(Kind::Visit, visit, |visit| visit["content"] = json!("查看屋顶")).unwrap();
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_some(), "another change is not in a copy yet");
    assert!(desk.ledger.backup_if_changed(BackupReason::Close).unwrap().is_none());
}

#[test]
fn a_copy_of_an_older_schema_is_brought_up_to_date_and_what_a_cut_off_restore_left_does_no_harm() {
    let dump = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema-1.sql")).unwrap();
    let mut desk = Desk::new();
    let old = desk.folder.path().join("旧备份.zcj");
    rusqlite::Connection::open(&old).unwrap().execute_batch(&dump).unwrap();
    let before = content(&desk.ledger);
    for ending in ["", "-wal", "-shm", "-journal"] {
        fs::write(desk.folder.path().join(format!("石门村.zcj.restored{ending}")), "半截").unwrap();
    }
    let undo = desk.ledger.restore(&old).unwrap();
    assert_ne!(content(&desk.ledger), before);
    desk.ledger.check_pages().unwrap();
    desk.ledger.restore(&undo.path).unwrap();
    assert_eq!(content(&desk.ledger), before);
    let left = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains("restored");
    assert!(!fs::read_dir(desk.folder.path()).unwrap().any(|entry| left(&entry.unwrap())));
}

#[test]
fn copies_made_after_a_clock_was_set_back_are_kept_like_any_others() {
    let desk = Desk::new();
    let path = desk.path();
    let Desk { ledger, household, member, folder } = desk;
    drop(ledger);
    let at = |day: &str, folder, household, member| {
        let world = FixedWorld::on(day.parse().unwrap());
        let ledger = Ledger::open(&path, Box::new(Ticking(world, AtomicI64::new(0)))).unwrap();
        Desk { ledger, household, member, folder }
    };
    let later = at("2026-06-20", folder, household, member);
    (0..30).for_each(|_| drop(later.ledger.backup(BackupReason::Asked).unwrap()));
    let kept_then = backups(&backup_folder(&path)).unwrap();
    let Desk { ledger, folder, .. } = later;
    drop(ledger);
    let back = at("2025-01-01", folder, household, member);
    let made: Vec<_> = (0..8).map(|_| back.ledger.backup(BackupReason::Asked).unwrap().path).collect();
    let kept = backups(&backup_folder(&path)).unwrap();
    assert!(made.iter().all(|path| path.exists()), "the copies of today are not pushed out by those dated later");
    assert_eq!(kept.len(), kept_then.len() + made.len());
}
