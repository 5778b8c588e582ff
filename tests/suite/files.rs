//! The ledger as a file: what is opened, what is refused unharmed, who may have it open, what a crash leaves.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::json;
use zhucun_core::Error;
use zhucun_core::records::Kind;
use zhucun_core::setup::create_ledger;
use zhucun_core::storage::{CheckCode, Ledger, SCHEMA_VERSION};
use zhucun_core::world::FixedWorld;

use crate::desk::{Desk, first_page, world};

fn open(path: &Path) -> Result<Ledger, Error> {
    Ledger::open(path, world())
}

fn code(path: &Path) -> &'static str {
    open(path).err().map_or("opened", |error| error.code())
}

/// A closed ledger with a household in it.
fn closed() -> (tempfile::TempDir, std::path::PathBuf) {
    let desk = Desk::new();
    let path = desk.path();
    let Desk { ledger, folder, .. } = desk;
    drop(ledger);
    (folder, path)
}

#[test]
fn what_is_not_a_ledger_is_named_so_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("不是台账.zcj");
    for bytes in [&b""[..], b"hello", b"SQLite format 3\0and then nothing"] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(code(&path), "not_a_ledger");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "not a byte is changed");
    }
    std::fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE note (text TEXT)").unwrap();
    assert_eq!(code(&path), "not_a_ledger", "another program's database");
    assert_eq!(code(folder.path()), "not_a_ledger", "a folder");
    assert_eq!(code(&folder.path().join("没有.zcj")), "ledger_missing");
}

#[test]
fn a_newer_ledger_is_refused_unharmed() {
    let (_folder, path) = closed();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(code(&path), "ledger_newer");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn an_existing_file_is_never_overwritten_by_a_new_ledger() {
    let (_folder, path) = closed();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(create_ledger(&path, world(), &first_page()).err().unwrap().code(), "ledger_exists");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_first_page_that_is_refused_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("新.zcj");
    let nameless = zhucun_core::setup::NewLedger { team: String::new(), ..first_page() };
    assert_eq!(create_ledger(&path, world(), &nameless).err().unwrap().code(), "refused");
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn a_read_only_ledger_or_folder_is_named_so() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = closed();
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(&path, 0o444);
    mode(folder.path(), 0o555);
    // Nothing is read-only for root, who may write everywhere.
    let root = std::fs::write(folder.path().join("probe"), "").is_ok();
    let found = code(&path);
    mode(folder.path(), 0o755);
    assert!(found == "ledger_read_only" || (root && found == "opened"), "{found}");
}

#[test]
fn a_full_disk_refuses_the_record_and_keeps_the_ledger() {
    let (_folder, path) = closed();
    let pages: i64 = {
        let connection = Connection::open(&path).unwrap();
        connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap()
    };
    let mut ledger = open(&path).unwrap();
    ledger.limit_pages(pages).unwrap();
    let mut refused = None;
    for _ in 0..200 {
        let mut draft = ledger.blank_json(Kind::Plan).unwrap();
        draft["title"] = json!("修好水渠");
        draft["text"] = json!("一步一步来。".repeat(300));
        let request = zhucun_core::records::SaveRequest { kind: Kind::Plan, id: None, version: None, draft, keep: vec![] };
        if let Err(error) = ledger.save_json(request) {
            refused = Some(error);
            break;
        }
    }
    assert_eq!(refused.expect("the disk is full at some point").code(), "disk_full");
    let kept = ledger.store().list(Kind::Plan, &Default::default()).unwrap().total;
    drop(ledger);
    let ledger = open(&path).unwrap();
    assert_eq!(ledger.store().list(Kind::Plan, &Default::default()).unwrap().total, kept, "what was acknowledged is there");
    assert_eq!(ledger.store().list(Kind::Household, &Default::default()).unwrap().total, 1);
}

#[test]
fn a_second_process_is_told_and_a_killed_one_leaves_the_ledger_free() {
    let (_folder, path) = closed();
    let mut holder = Command::new(env!("CARGO_BIN_EXE_hold-ledger")).arg(&path).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "open");
    assert_eq!(code(&path), "ledger_locked");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let ledger = open(&path).unwrap();
    assert_eq!(ledger.store().list(Kind::Plan, &Default::default()).unwrap().total, 1, "what it had acknowledged is there");
}

#[test]
fn drafts_survive_closing_and_stay_out_of_the_change_log() {
    let (_folder, path) = closed();
    let mut ledger = open(&path).unwrap();
    ledger.put_draft("visit:new", "{\"content\":\"一\"}").unwrap();
    ledger.put_draft("visit:new", "{\"content\":\"二\"}").unwrap();
    ledger.put_draft("plan:new", "{}").unwrap();
    ledger.drop_draft("plan:new").unwrap();
    assert_eq!(ledger.undo_state(), Default::default(), "a draft is nothing to undo");
    drop(ledger);
    let drafts = open(&path).unwrap().store().drafts().unwrap();
    assert_eq!(drafts.len(), 1);
    assert_eq!((drafts[0].key.as_str(), drafts[0].content.as_str()), ("visit:new", "{\"content\":\"二\"}"));
}

/// Elsewhere than on Unix an open file can be neither moved nor replaced.
#[cfg(unix)]
#[test]
fn a_ledger_that_was_moved_or_replaced_while_open_takes_nothing_more_and_can_be_copied_elsewhere() {
    let (other_folder, other) = closed();
    use zhucun_core::storage::BackupReason;
    type Blow = fn(&Path, &Path);
    let blows: [(&str, Blow); 3] = [
        ("moved", |path, _| std::fs::rename(path, path.with_extension("moved")).unwrap()),
        ("removed", |path, _| std::fs::remove_file(path).unwrap()),
        ("replaced", |path, other| {
            std::fs::copy(other, path.with_extension("new")).unwrap();
            std::fs::rename(path.with_extension("new"), path).unwrap();
        }),
    ];
    for (what, blow) in blows {
        let mut desk = Desk::new();
        let plan = desk.add(Kind::Plan, |_| {});
        let before = desk.content();
        blow(&desk.path(), &other);
        let refused = desk.try_add(Kind::Plan, |_| {}).unwrap_err();
        assert_eq!(refused.code(), "ledger_moved", "{what}: what would be stored would be gone when it is closed");
        assert_eq!(
            desk.change(Kind::Plan, plan, |plan| plan["title"] = json!("别的")).unwrap_err().code(),
            "ledger_moved",
            "{what}"
        );
        assert_eq!(desk.ledger.put_draft("plan:new", "{}").unwrap_err().code(), "ledger_moved", "{what}: a draft neither");
        assert!(desk.content() == before, "{what}: what is there can be read");
        let copy = desk.ledger.backup_into(&desk.folder.path().join("别处"), BackupReason::Asked).unwrap();
        let Desk { ledger, folder: _folder, .. } = desk;
        drop(ledger);
        let copied = Desk::over(open(&copy.path).unwrap());
        assert!(copied.content() == before, "{what}: and saved elsewhere");
    }
    drop(other_folder);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_was_put_back_takes_records_again() {
    let mut desk = Desk::new();
    let aside = desk.path().with_extension("aside");
    std::fs::rename(desk.path(), &aside).unwrap();
    assert_eq!(desk.try_add(Kind::Plan, |_| {}).unwrap_err().code(), "ledger_moved");
    std::fs::rename(&aside, desk.path()).unwrap();
    desk.add(Kind::Plan, |_| {});
    assert!(desk.ledger.check(&mut |_, _| true).unwrap().is_sound());
}

#[cfg(windows)]
#[test]
fn a_ledger_that_is_open_can_be_neither_moved_nor_removed_nor_replaced() {
    let (_other_folder, other) = closed();
    let mut desk = Desk::new();
    let path = desk.path();
    assert!(std::fs::rename(&path, path.with_extension("moved")).is_err());
    assert!(std::fs::remove_file(&path).is_err());
    assert!(std::fs::rename(&other, &path).is_err());
    desk.add(Kind::Plan, |_| {});
    assert!(desk.ledger.check(&mut |_, _| true).unwrap().is_sound());
}

#[test]
fn a_clock_set_back_loses_nothing_and_mixes_up_nothing() {
    let (_folder, path) = closed();
    let on = |day: &str| Box::new(FixedWorld::on(day.parse().unwrap()));
    let mut titles = Vec::new();
    for (day, title) in [("2026-06-21", "修好水渠"), ("2020-01-01", "修好水渠和桥"), ("2026-06-22", "修好水渠、桥和路")]
    {
        let mut ledger = Ledger::open(&path, on(day)).unwrap();
        let page = ledger.store().list(Kind::Plan, &Default::default()).unwrap();
        let id = page.rows.first().map(|row| row.id);
        let mut draft = match id {
            Some(id) => ledger.get_json(Kind::Plan, id).unwrap()["draft"].clone(),
            None => ledger.blank_json(Kind::Plan).unwrap(),
        };
        draft["title"] = json!(title);
        titles.insert(0, title);
        let request = zhucun_core::records::SaveRequest { kind: Kind::Plan, id, version: None, draft, keep: vec![] };
        let id = ledger.save_json(request).unwrap().id;
        let history = ledger.store().history(Kind::Plan, id).unwrap();
        let told: Vec<_> = history.iter().map(|entry| entry.after["title"].as_str().unwrap()).collect();
        assert_eq!(told, titles, "on {day}: what was done last stands first, whatever the clock said");
        assert_eq!(history.len(), titles.len());
        let codes: Vec<_> = ledger.check(&mut |_, _| true).unwrap().findings.iter().map(|finding| finding.code).collect();
        let wanted = if day == "2020-01-01" { vec![CheckCode::ClockBehind] } else { vec![] };
        assert_eq!(codes, wanted, "on {day}: the clock is told, the records of later days are not wrong");
    }
}
