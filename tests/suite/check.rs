//! 检查台账: every kind of damage made on purpose is found, what can be mended is mended, and a sound ledger has nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rusqlite::Connection;
use serde_json::{Value, json};
use zhucun_core::Error;
use zhucun_core::records::attachment::NewPicture;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::{CheckCode, CheckFinding, CheckRemedy, CheckRepair, CheckReport, Ledger, backup_folder};

use crate::desk::{Desk, world};

fn check(ledger: &Ledger) -> CheckReport {
    ledger.check(&mut |_, _| true).unwrap()
}

fn repair(ledger: &mut Ledger) -> CheckRepair {
    let thumbnail = |picture: &[u8]| zhucun_media::prepare(picture).ok().map(|photo| photo.thumbnail);
    ledger.repair(&thumbnail, &mut |_, _| true).unwrap()
}

fn codes(findings: &[CheckFinding]) -> Vec<CheckCode> {
    let mut codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

/// A closed ledger with one of everything, a photo and a finalised report.
struct Shelf {
    _folder: tempfile::TempDir,
    path: PathBuf,
    content: Value,
}

/// Made once: its bytes and its content.
static MADE: OnceLock<(Vec<u8>, Value)> = OnceLock::new();

impl Shelf {
    fn new() -> Self {
        let (bytes, content) = MADE.get_or_init(Shelf::make);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("石门村.zcj");
        fs::write(&path, bytes).unwrap();
        Shelf { _folder: folder, path, content: content.clone() }
    }

    fn make() -> (Vec<u8>, Value) {
        let mut desk = Desk::new();
        for kind in Kind::ALL.iter().filter(|kind| !matches!(kind, Kind::Team | Kind::Report | Kind::Attachment)) {
            desk.add(*kind, |_| {});
        }
        let visit = desk.add(Kind::Visit, |visit| visit["problem"] = json!("屋顶漏雨"));
        let plan = desk.add(Kind::Plan, |_| {});
        desk.ledger.delete_records(&[RecordRef { kind: Kind::Plan, id: plan }]).unwrap();
        photo(&mut desk, RecordRef { kind: Kind::Visit, id: visit });
        let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
        desk.ledger.finalise_report(report).unwrap();
        let (path, content) = (desk.path(), desk.content());
        let Desk { ledger, folder: _folder, .. } = desk;
        drop(ledger);
        (fs::read(path).unwrap(), content)
    }

    fn open(&self) -> Ledger {
        Ledger::open(&self.path, world()).unwrap()
    }

    /// What another program or a fault would do to the file.
    fn harm(&self, sql: &str) {
        let connection = Connection::open(&self.path).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn photo(desk: &mut Desk, owner: RecordRef) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/photos/progressive.jpg");
    let photo = zhucun_media::prepare(&fs::read(file).unwrap()).unwrap();
    let new = NewPicture {
        file_name: "屋顶.jpg",
        source_sha256: "",
        picture: &photo.picture,
        thumbnail: &photo.thumbnail,
        media_type: photo.media_type,
        width: photo.width,
        height: photo.height,
        taken_on: None,
        taken_at: String::new(),
    };
    desk.ledger.add_picture(owner.id, owner, &new).unwrap();
}

#[test]
fn a_sound_ledger_has_no_finding_whatever_the_clock_says() {
    let shelf = Shelf::new();
    let report = check(&shelf.open());
    assert_eq!(report.findings, [], "one of everything");
    assert!(report.records > 100 && report.pictures == 1, "{} records, {} photos", report.records, report.pictures);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("示例.zcj");
    drop(create_sample(&path).unwrap());
    for day in ["2020-01-01", "2026-06-30", "2031-05-01"] {
        let world = zhucun_core::world::FixedWorld::on(day.parse().unwrap());
        let ledger = Ledger::open(&path, Box::new(world)).unwrap();
        assert_eq!(check(&ledger).findings, [], "the sample on {day}");
    }
}

#[test]
fn a_migrated_ledger_is_sound() {
    let dump = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema-1.sql")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("旧台账.zcj");
    Connection::open(&path).unwrap().execute_batch(&dump).unwrap();
    let ledger = Ledger::open(&path, world()).unwrap();
    assert_eq!(check(&ledger).findings, []);
}

/// What is done to the file, and what a check then finds.
type Harm = (&'static str, &'static str, &'static [CheckCode]);

const MENDED: &[Harm] = &[
    ("an index is gone", "DROP INDEX visit_day", &[CheckCode::IndexDamaged]),
    ("an index of another column", "DROP INDEX visit_day; CREATE INDEX visit_day ON visit (mode)", &[CheckCode::IndexDamaged]),
    ("a text in the search", "UPDATE search_text SET texts = '别的' WHERE place = (SELECT max(place) FROM search_text)", SEARCH),
    ("a row missing in the search", "DELETE FROM search_text WHERE place = (SELECT min(place) FROM search_text)", SEARCH),
    (
        "a row too many in the search",
        "INSERT INTO search_text (place, record_id, names, texts, numbers)
         SELECT place + 900, '0190b5a0-0000-7000-8000-000000000000', '', '', '' FROM search_text ORDER BY place LIMIT 1",
        SEARCH,
    ),
    ("words missing in the search", "INSERT INTO search_gram (search_gram) VALUES ('delete-all')", SEARCH),
    ("words of nobody", "INSERT INTO search_gram (rowid, words) VALUES (7, '石 石老')", SEARCH),
    ("no names to compare", "UPDATE member SET name_key = NULL", &[CheckCode::NameKeys]),
    ("another name to compare", "UPDATE member SET name_key = '别人'", &[CheckCode::NameKeys]),
    ("no small picture", "UPDATE attachment_content SET thumbnail = x''", &[CheckCode::ThumbnailMissing]),
    ("a broken small picture", "UPDATE attachment_content SET thumbnail = x'00010203'", &[CheckCode::ThumbnailMissing]),
];
const SEARCH: &[CheckCode] = &[CheckCode::SearchIndex];

#[test]
fn what_can_be_made_anew_is_found_and_mended_without_loss_after_a_copy() {
    for (what, sql, wanted) in MENDED {
        let shelf = Shelf::new();
        shelf.harm(sql);
        let mut ledger = shelf.open();
        let before = check(&ledger);
        assert_eq!(codes(&before.findings), *wanted, "{what}");
        assert!(before.findings.iter().all(|finding| finding.remedy == CheckRemedy::Repair), "{what}: {:?}", before.findings);
        let repaired = repair(&mut ledger);
        assert_eq!((codes(&repaired.mended), repaired.left), (wanted.to_vec(), vec![]), "{what}");
        assert!(repaired.copy.is_some_and(|copy| copy.is_file()), "{what}: there is a copy of how it was");
        drop(ledger);
        let mut ledger = shelf.open();
        assert!(check(&ledger).is_sound(), "{what}: after the repair");
        let found =
            ledger.store().list(Kind::Plan, &zhucun_core::storage::ListQuery { text: "水渠".into(), ..Default::default() });
        assert_eq!(found.unwrap().total, 1, "{what}: lists answer");
        assert_eq!(repair(&mut ledger), CheckRepair::default(), "{what}: mended once, nothing is left to do and no copy is made");
        drop(ledger);
        let desk = Desk::over(shelf.open());
        assert!(desk.content() == shelf.content, "{what}: not a record was changed");
    }
}

#[test]
fn an_index_that_does_not_fit_its_table_is_found_and_mended() {
    let shelf = Shelf::new();
    // The row is changed while its index is out of sight, and the index is then put back as it was.
    shelf.harm("UPDATE visit SET day = '2026-01-01'");
    let connection = Connection::open(&shelf.path).unwrap();
    let hidden: (i64, String) = connection
        .query_row("SELECT rootpage, sql FROM sqlite_schema WHERE name = 'visit_day'", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    connection.execute_batch("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'visit_day'").unwrap();
    drop(connection);
    shelf.harm("UPDATE visit SET day = '2026-06-20'");
    let connection = Connection::open(&shelf.path).unwrap();
    connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
    let sql = "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('index', 'visit_day', 'visit', ?1, ?2)";
    connection.execute(sql, rusqlite::params![hidden.0, hidden.1]).unwrap();
    drop(connection);

    let mut ledger = shelf.open();
    assert_eq!(codes(&check(&ledger).findings), [CheckCode::IndexDamaged]);
    let repaired = repair(&mut ledger);
    assert_eq!((codes(&repaired.mended), repaired.left), (vec![CheckCode::IndexDamaged], vec![]));
    let copy = repaired.copy.unwrap();
    assert!(
        copy.to_string_lossy().contains("修复前的原样"),
        "what is not whole is kept, but not as a backup: {}",
        copy.display()
    );
    assert!(check(&ledger).is_sound());
}

const LEFT: &[Harm] = &[
    ("another text in a record", "UPDATE attendance SET on_duty = 3", &[CheckCode::LogDiffers]),
    ("another version", "UPDATE project SET version = 9", &[CheckCode::LogDiffers]),
    ("out of the bin", "UPDATE plan SET deleted_at = NULL", &[CheckCode::LogDiffers, CheckCode::SearchIndex]),
    ("no log of a record", "DELETE FROM change WHERE kind = 'project'", &[CheckCode::LogMissing]),
    ("a record without its row", "DELETE FROM attendance", &[CheckCode::RecordMissing]),
    ("a broken picture", "UPDATE attachment_content SET picture = zeroblob(99)", &[CheckCode::PictureDamaged]),
    ("no picture", "DELETE FROM attachment_content", &[CheckCode::PictureMissing, CheckCode::RuleBroken]),
    (
        "a picture of nothing",
        "INSERT INTO attachment_content SELECT '0190b5a0-0000-7000-8000-000000000000', picture, thumbnail FROM attachment_content",
        &[CheckCode::ReferenceBroken],
    ),
    ("another frozen text", "UPDATE frozen_report SET content = '{}'", &[CheckCode::FrozenDamaged]),
    ("nothing frozen", "DELETE FROM frozen_report", &[CheckCode::FrozenDamaged]),
    (
        "a part that belongs to nothing",
        "INSERT INTO household_risk VALUES ('0190b5a0-0000-7000-8000-000000000000', 0, 'illness')",
        &[CheckCode::ReferenceBroken],
    ),
    ("a value that cannot be", "UPDATE support_unit SET version = 0", &[CheckCode::LogDiffers, CheckCode::ValueRefused]),
    ("a word that is none", "UPDATE issue SET status = 'nonsense'", &[CheckCode::RecordUnreadable, CheckCode::ValueRefused]),
    ("a trigger", "CREATE TRIGGER silent AFTER INSERT ON plan BEGIN DELETE FROM draft; END", &[CheckCode::ForeignTable]),
    ("a table of another program", "CREATE TABLE notes (text TEXT)", &[CheckCode::ForeignTable]),
    ("a table is gone", "DROP TABLE not_twins", &[CheckCode::TableChanged]),
    ("a clock set back", "UPDATE operation SET at = '2031-01-01T00:00:00.000Z' WHERE seq = 5", &[CheckCode::ClockBehind]),
    (
        "a draft of nothing",
        "INSERT INTO draft VALUES ('visit:0190b5a0-0000-7000-8000-000000000000', '{}', '2026-06-20')",
        &[CheckCode::DraftLeftOver],
    ),
];

#[test]
fn what_only_a_backup_or_the_user_can_mend_is_found_told_and_left_alone() {
    for (what, sql, wanted) in LEFT {
        let shelf = Shelf::new();
        shelf.harm(sql);
        let mut ledger = shelf.open();
        let found = check(&ledger).findings;
        assert_eq!(codes(&found), *wanted, "{what}: {found:#?}");
        for finding in &found {
            assert!(finding.message.chars().count() > 10 && !finding.message.contains("%"), "{what}: {}", finding.message);
            assert!(finding.count > 0, "{what}: it is told how often");
        }
        let repaired = repair(&mut ledger);
        let left: Vec<_> = found.iter().filter(|finding| finding.remedy != CheckRemedy::Repair).cloned().collect();
        assert_eq!(repaired.left, left, "{what}: the rest is as it was");
    }
}

#[test]
fn a_record_that_breaks_a_rule_is_named() {
    let shelf = Shelf::new();
    // Through the log as well: somebody who knows the file well, or a rule that came later.
    shelf.harm(
        "UPDATE visit SET day = '2030-01-01';
         UPDATE change SET after = json_set(after, '$.draft.day', '2030-01-01') WHERE kind = 'visit'",
    );
    let found = check(&shelf.open()).findings;
    let broken = found.iter().find(|finding| finding.code == CheckCode::RuleBroken).expect("the rule is held again");
    assert_eq!((broken.kind, broken.count, broken.ids.len()), (Some(Kind::Visit), 2, 2));
    assert_eq!(broken.message, "2条走访不合规则：走访日期不能晚于今天");
}

#[test]
fn a_ledger_from_which_records_were_purged_and_a_person_erased_is_sound() {
    let shelf = Shelf::new();
    let mut ledger = shelf.open();
    let gone: Vec<RecordRef> =
        ledger.store().bin().unwrap().iter().map(|entry| RecordRef { kind: entry.kind, id: entry.id }).collect();
    assert!(!gone.is_empty());
    ledger.purge(&gone).unwrap();
    let household = ledger.store().all::<zhucun_core::records::household::Household>().unwrap().remove(0);
    ledger.erase_person(household.id, household.draft.members[0].id.unwrap()).unwrap();
    assert_eq!(check(&ledger).findings, [], "what went for good is missing nowhere");
}

#[test]
fn files_that_a_cut_off_restore_or_backup_left_are_found_and_cleared_away() {
    let shelf = Shelf::new();
    let folder = backup_folder(&shelf.path);
    fs::create_dir_all(&folder).unwrap();
    let left = [
        shelf.path.with_extension("zcj.restored"),
        shelf.path.with_extension("zcj.restored-wal"),
        shelf.path.with_extension("zcj.converted"),
        folder.join("20260620-120000 手动备份.zcj.new"),
    ];
    let own = folder.join("我的笔记.txt");
    left.iter().chain([&own]).for_each(|path| fs::write(path, "半截").unwrap());
    let mut ledger = shelf.open();
    let found = check(&ledger).findings;
    assert_eq!((codes(&found), found[0].count), (vec![CheckCode::FileLeftOver], 4));
    assert_eq!(repair(&mut ledger).left, []);
    assert!(left.iter().all(|path| !path.exists()) && own.exists(), "what is the user's own stays");
}

#[test]
fn a_damaged_page_is_found_and_the_rest_is_looked_at_all_the_same() {
    let shelf = Shelf::new();
    let whole = fs::read(&shelf.path).unwrap();
    let page = root_page(&shelf.path, "activity");
    let mut bytes = whole.clone();
    bytes[(page - 1) * 4096..page * 4096].fill(0x5a);
    fs::write(&shelf.path, bytes).unwrap();
    let ledger = shelf.open();
    let found = check(&ledger).findings;
    assert!(codes(&found).contains(&CheckCode::PageDamaged), "{found:#?}");
    assert!(
        found.iter().all(|finding| finding.remedy == CheckRemedy::Restore || finding.kind != Some(Kind::Visit)),
        "{found:#?}"
    );
    let mut seen = 0;
    ledger
        .check(&mut |at, _| {
            seen = at;
            true
        })
        .unwrap();
    assert!(seen > 100, "the other records were looked at: {seen}");
}

fn root_page(path: &Path, table: &str) -> usize {
    let connection = Connection::open(path).unwrap();
    connection.query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get::<_, i64>(0)).unwrap()
        as usize
}

#[test]
fn a_check_can_be_stopped_and_changes_nothing() {
    let shelf = Shelf::new();
    let before = fs::read(&shelf.path).unwrap();
    let ledger = shelf.open();
    assert!(matches!(ledger.check(&mut |_, _| false), Err(Error::Cancelled)));
    check(&ledger);
    drop(ledger);
    assert!(fs::read(&shelf.path).unwrap() == before, "looking changes nothing");
}
