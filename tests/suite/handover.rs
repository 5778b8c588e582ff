//! 移交: the next team opens everything with the code, under its own passphrase; nothing of the old one opens it; and whatever
//! happens to the file on its way is told by its name.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::json;
use zhucun_core::Error;
use zhucun_core::handover::HandOverContents;
use zhucun_core::records::report::ReportMasking;
use zhucun_core::records::team_member::TeamMember;
use zhucun_core::records::{Kind, SaveRequest};
use zhucun_core::sample::create_sample_with;
use zhucun_core::storage::{
    Cost, HandOverCode, HandOverFile, HandOverSecret, HandedOver, Ledger, Passphrase, Protection, RecoveryKey, Secret, key_path,
    take_over,
};
use zhucun_core::world::FixedWorld;
use zhucun_tests::state::{content, state};

use crate::desk::{Desk, world};

const OLD: &str = "木桶里有三只蓝色的猫";
const NEW: &str = "新来的书记爱吃酸汤鱼";

fn protection(phrase: &str) -> Protection {
    Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new(phrase).unwrap()).unwrap() }
}

/// Hands a ledger over into a folder; the code is the answer's second part.
fn handed_over(ledger: &Ledger, folder: &Path) -> (HandedOver, String) {
    let code = HandOverCode::random().unwrap();
    let printed = code.printed().to_string();
    let made = try_hand_over(ledger, &folder.join("移交.zcjy"), &HandOverSecret::Code(code));
    (made.unwrap(), printed)
}

fn try_hand_over(ledger: &Ledger, to: &Path, secret: &HandOverSecret) -> zhucun_core::Result<HandedOver> {
    let contents = HandOverContents::load(ledger.store(), ledger.today())?;
    ledger.hand_over(to, &contents, secret, Cost::LEAST, &mut |_, _| true)
}

fn taken(file: &Path, code: &str, to: &Path) -> zhucun_core::Result<Ledger> {
    let later = Box::new(FixedWorld::on("2026-07-01".parse().unwrap()));
    take_over(&HandOverFile::look(file)?.open(code)?, to, &protection(NEW), later, &mut |_, _| true)
}

fn code_of<T>(answer: zhucun_core::Result<T>) -> &'static str {
    answer.err().map_or("opened", |error| error.code())
}

/// The sample with a photo, a frozen report, something in the bin and a form left unsaved.
fn at_work(folder: &Path, protection: Option<&Protection>) -> Ledger {
    let mut ledger = create_sample_with(&folder.join("石门村.zcj"), protection).unwrap();
    let household = ledger.store().list_ids(Kind::Household, &Default::default()).unwrap()[0];
    let owner = zhucun_core::records::RecordRef { kind: Kind::Household, id: household };
    let picture: Vec<u8> = b"\xff\xd8\xff".iter().copied().chain((0..40_000u32).map(|at| (at % 249) as u8)).collect();
    let photo = zhucun_core::records::attachment::NewPicture {
        file_name: "屋顶.jpg",
        source_sha256: "",
        picture: &picture,
        thumbnail: &picture[..500],
        media_type: "image/jpeg",
        width: 40,
        height: 30,
        taken_on: None,
        taken_at: String::new(),
    };
    ledger.add_picture(household, owner, &photo).unwrap();
    let mut draft = ledger.blank_json(Kind::Plan).unwrap();
    draft["title"] = json!("给欧阳木兰家修屋顶");
    let plan = ledger.save_json(SaveRequest { kind: Kind::Plan, id: None, version: None, draft, keep: vec![] }).unwrap().id;
    ledger.delete_records(&[zhucun_core::records::RecordRef { kind: Kind::Plan, id: plan }]).unwrap();
    ledger.put_draft("visit:new", r#"{"text":"写到一半的草稿，提到欧阳木兰"}"#).unwrap();
    ledger
}

/// Everything that is kept, but for what a hand-over leaves behind and what a take-over adds.
fn carried(ledger: &Ledger) -> String {
    let all = state(ledger).unwrap();
    let mut lines: Vec<&str> = all.lines().filter(|line| !line.contains("\"visit:new\"")).collect();
    lines.pop();
    lines.join("\n")
}

#[test]
fn the_next_team_gets_everything_under_its_own_passphrase_and_nothing_old_opens_it() {
    for old in [None, Some(protection(OLD))] {
        let (here, stick, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ledger = at_work(here.path(), old.as_ref());
        let (made, code) = handed_over(&ledger, stick.path());
        assert_eq!(made.size, fs::metadata(&made.path).unwrap().len());
        let to = there.path().join("我的台账.zcj");
        let mut new = taken(&made.path, &code, &to).unwrap();
        assert!(new.is_encrypted());
        assert_eq!(carried(&new), carried(&ledger), "records, history, photos, frozen reports, the bin");
        assert!(new.store().drafts().unwrap().is_empty() && !ledger.store().drafts().unwrap().is_empty());
        assert!(new.check(&mut |_, _| true).unwrap().is_sound());
        // Its own log says since when it is theirs, and nobody of the old team is taken for the one who types.
        assert_eq!(new.store().last_operation().unwrap(), ledger.store().last_operation().unwrap() + 1);
        assert!(new.store().taken_over().unwrap()[0].starts_with("2026-07-01"));
        assert!(ledger.store().taken_over().unwrap().is_empty());
        assert_eq!((new.member(), new.undo_state().undo), (None, None));
        new.transact(zhucun_core::storage::Op::Add(Kind::TeamMember), |tx| {
            let member =
                TeamMember { name: "覃新".into(), ..zhucun_core::records::Record::blank(**tx, "2026-07-01".parse().unwrap())? };
            tx.add(member, &[])
        })
        .unwrap();
        drop(new);
        let opens = |secret: Option<Secret>| code_of(Ledger::open_with(&to, world(), secret.as_ref()).map(drop));
        assert_eq!(opens(Secret::passphrase(NEW)), "opened");
        assert_eq!(opens(Secret::passphrase(OLD)), "passphrase_wrong");
        assert_eq!(opens(Secret::passphrase(&code)), "passphrase_wrong");
        if let Some(old) = old {
            let old_key = RecoveryKey::parse(&old.recovery.printed()).unwrap();
            assert_eq!(opens(Some(Secret::Recovery(old_key))), "recovery_key_wrong");
            // Not even the old ledger's key file beside the new one: its pages have another key.
            fs::copy(key_path(ledger.path()), key_path(&to)).unwrap();
            assert_eq!(opens(Secret::passphrase(OLD)), "ledger_damaged");
        }
    }
}

#[test]
fn no_name_reaches_the_disk_while_a_ledger_is_handed_over_and_taken_over() {
    let (here, stick, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = at_work(here.path(), Some(&protection(OLD)));
    let contents = HandOverContents::load(ledger.store(), ledger.today()).unwrap();
    let names = ["欧阳木兰", "云岭乡", "走访", "CREATE TABLE"];
    let folders = [here.path(), stick.path(), there.path()].map(Path::to_owned);
    let mut looks = 0;
    let mut look = |_: usize, _: usize| {
        looks += 1;
        for file in folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()) {
            let Ok(bytes) = fs::read(&file) else { continue };
            for name in names {
                let found = bytes.windows(name.len()).any(|window| window == name.as_bytes());
                assert!(!found, "{name} in {}", file.display());
            }
        }
        true
    };
    let secret = HandOverSecret::Passphrase(Passphrase::new("约好的话").unwrap());
    let made = ledger.hand_over(&stick.path().join("移交.zcjy"), &contents, &secret, Cost::LEAST, &mut look).unwrap();
    let file = HandOverFile::look(&made.path).unwrap();
    assert!(!file.is_opened_by_code());
    assert_eq!(file.made_on(), ledger.today());
    let opened = file.open("约好的话").unwrap();
    assert_eq!(*opened.contents(), contents);
    let new = take_over(&opened, &there.path().join("新.zcj"), &protection(NEW), world(), &mut look).unwrap();
    assert_eq!(content(&new).unwrap(), content(&ledger).unwrap());
    assert!(looks > 6, "{looks}");
    let left = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(left(stick.path()), ["移交.zcjy"], "nothing else is left there");
    assert!(left(here.path()).iter().all(|name| !name.to_string_lossy().contains("handing-over")));
    assert!(left(there.path()).iter().all(|name| !name.to_string_lossy().contains("taken-over")));
}

/// A small ledger's hand-over file as bytes, and its code.
fn small() -> (tempfile::TempDir, PathBuf, String) {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let folder = tempfile::tempdir().unwrap();
    let (made, code) = handed_over(&desk.ledger, folder.path());
    (folder, made.path, code)
}

/// Takes changed bytes over; what came of it, and that nothing is left.
fn taking(folder: &Path, bytes: &[u8], code: &str) -> &'static str {
    let (file, there) = (folder.join("改过.zcjy"), folder.join("接收"));
    fs::write(&file, bytes).unwrap();
    let _ = fs::remove_dir_all(&there);
    fs::create_dir(&there).unwrap();
    let told = code_of(taken(&file, code, &there.join("新.zcj")).map(drop));
    if told != "opened" {
        let left: Vec<_> = fs::read_dir(&there).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| *name == *".新.zcj.lock"), "{told}: {left:?}");
    }
    told
}

#[test]
fn a_wrong_code_a_cut_a_changed_byte_a_newer_program_and_another_kind_of_file_are_told_apart() {
    let (folder, path, code) = small();
    let (folder, whole) = (folder.path(), fs::read(path).unwrap());
    assert_eq!(taking(folder, &whole, &code), "opened");
    assert_eq!(taking(folder, &whole, &code.to_lowercase().replace('-', "")), "opened", "as somebody types it");
    assert_eq!(taking(folder, &whole, &HandOverCode::random().unwrap().printed()), "hand_over_code_wrong");
    assert_eq!(taking(folder, &whole, &code[1..]), "hand_over_code_mistyped");
    assert_eq!(taking(folder, &whole, ""), "hand_over_code_mistyped");
    for length in [1, 11, 12, 17, 40, 51, 52, 60, 500, 1500, whole.len() / 2, whole.len() - 1] {
        assert_eq!(taking(folder, &whole[..length], &code), "hand_over_cut_off", "{length} bytes of it");
    }
    assert_eq!(taking(folder, &[whole.as_slice(), b"0"].concat(), &code), "hand_over_damaged", "a byte too many");
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        bytes
    };
    assert_eq!(taking(folder, &with(12, 2), &code), "hand_over_newer");
    for other in ["", "%PDF-1.7", "PK\u{3}\u{4}", "SQLite format 3\0", "ZCJYX"] {
        assert_eq!(taking(folder, other.as_bytes(), &code), "not_a_hand_over", "{other:?}");
    }
    assert_eq!(code_of(HandOverFile::look(folder)), "not_a_hand_over", "a folder");
    assert_eq!(code_of(HandOverFile::look(&folder.join("没有.zcjy"))), "io");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
    #[test]
    fn every_changed_byte_is_found(places in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 20)) {
        let (folder, path, code) = small();
        let whole = fs::read(path).unwrap();
        for (place, change) in places {
            let mut bytes = whole.clone();
            bytes[place.index(whole.len())] ^= change;
            let told = taking(folder.path(), &bytes, &code);
            prop_assert!(told.starts_with("hand_over_") || told == "not_a_hand_over", "{told}");
            prop_assert!(told != "hand_over_code_wrong", "damage is no wrong code");
        }
    }
}

#[test]
fn a_ledger_in_the_way_stays_and_a_name_in_the_way_is_told() {
    let (folder, path, code) = small();
    let there = folder.path().join("石门村.zcj");
    fs::write(&there, "somebody's").unwrap();
    assert_eq!(code_of(taken(&path, &code, &there).map(drop)), "ledger_exists");
    assert_eq!(fs::read(&there).unwrap(), b"somebody's");
    fs::remove_file(&there).unwrap();
    fs::write(key_path(&there), "a key").unwrap();
    assert_eq!(code_of(taken(&path, &code, &there).map(drop)), "ledger_exists");
    assert_eq!(fs::read(key_path(&there)).unwrap(), b"a key", "it may be all that opens a copy");
    let desk = Desk::new();
    let secret = HandOverSecret::Code(HandOverCode::random().unwrap());
    let before = fs::read(&path).unwrap();
    assert_eq!(code_of(try_hand_over(&desk.ledger, &path, &secret)), "ledger_exists");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(code_of(try_hand_over(&desk.ledger, &folder.path().join("没有/移交.zcjy"), &secret)), "io");
}

#[test]
fn what_is_stopped_at_any_moment_leaves_nothing() {
    let stick = tempfile::tempdir().unwrap();
    let Desk { ledger, folder: here, .. } = Desk::new();
    let contents = HandOverContents::load(ledger.store(), ledger.today()).unwrap();
    let then = state(&ledger).unwrap();
    let secret = HandOverSecret::Passphrase(Passphrase::new("约好的话").unwrap());
    let file = stick.path().join("移交.zcjy");
    let hand_over = |until: usize| {
        let mut step = 0;
        ledger.hand_over(&file, &contents, &secret, Cost::LEAST, &mut |_, _| {
            step += 1;
            step <= until
        })
    };
    let names = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    let before = names(here.path());
    let mut stopped = 0;
    for until in 0.. {
        match hand_over(until) {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, Error::Cancelled), "{error:?}"),
        }
        stopped += 1;
        assert!(names(stick.path()).is_empty() && names(here.path()) == before, "stopped after {until}");
    }
    assert!(stopped >= 3, "{stopped}");
    assert_eq!(state(&ledger).unwrap(), then);
    let (opened, there) = (HandOverFile::look(&file).unwrap().open("约好的话").unwrap(), tempfile::tempdir().unwrap());
    let take = |until: usize| {
        let mut step = 0;
        take_over(&opened, &there.path().join("新.zcj"), &protection(NEW), world(), &mut |_, _| {
            step += 1;
            step <= until
        })
    };
    for until in 0.. {
        match take(until) {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, Error::Cancelled), "{error:?}"),
        }
        assert!(names(there.path()).iter().all(|name| *name == *".新.zcj.lock"), "stopped after {until}");
    }
}

#[test]
fn the_list_counts_what_goes_on_and_names_nobody_of_a_household() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = at_work(folder.path(), None);
    let report = ledger.open_report("2026H1", "work-team").unwrap().id;
    ledger.finalise_report(report).unwrap();
    let mut contents = HandOverContents::load(ledger.store(), ledger.today()).unwrap();
    let count = |label: &str| contents.counts.iter().find(|count| count.label == label).map(|count| count.count);
    assert_eq!(count("走访"), Some(ledger.counts().unwrap().visits as usize));
    assert_eq!((count("照片"), contents.in_bin, contents.drafts), (Some(1), 1, 1));
    assert_eq!((contents.reports.len(), contents.reports[0].fingerprint.len()), (1, 64));
    contents.reports[0].fingerprint = "0123abcd".repeat(8);
    let facts =
        zhucun_core::handover::HandOverFacts { name: "移交.zcjy".into(), size: 1, sha256: "ab".repeat(32), by_code: true };
    let text = zhucun_core::handover::contents_document(&contents, &facts).plain_text().join("\n");
    let people = ledger.store().all::<zhucun_core::records::household::Household>().unwrap();
    for member in people.iter().flat_map(|household| &household.draft.members) {
        assert!(!text.contains(&member.name), "{} is named", member.name);
        assert!(member.id_number.is_empty() || !text.contains(&member.id_number));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_next_team_finds_the_hand_over_in_the_log_of_exports() {
    let (here, stick, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut ledger = at_work(here.path(), None);
    ledger.note_export("handover", "整本台账移交", ReportMasking::Internal, "zcjy,pdf").unwrap();
    let (made, code) = handed_over(&ledger, stick.path());
    let new = taken(&made.path, &code, &there.path().join("新.zcj")).unwrap();
    assert_eq!(new.store().exports().unwrap()[0].what, "handover");
}
