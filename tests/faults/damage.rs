//! A damaged ledger: bytes flipped and files cut short at random. It is recognised, when opening or by a check, or what it
//! says is right; a copy to go back to is named; as much as possible can still be read.

use std::collections::BTreeMap;
use std::fs;

use zhucun_core::storage::{BackupReason, Ledger, Secret, latest_good_backup};
use zhucun_tests::faults::Dice;
use zhucun_tests::script::{Session, path_in};
use zhucun_tests::state::{content, state};

use crate::bench::{Bench, assert_worded, rounds, told, world};

fn harmed(whole: &[u8], dice: &mut Dice) -> (Vec<u8>, String) {
    let mut bytes = whole.to_vec();
    let size = bytes.len() as u64;
    match dice.below(8) {
        0 => {
            let length = dice.below(size);
            bytes.truncate(length as usize);
            (bytes, format!("cut short to {length}"))
        }
        1 => {
            let page = dice.below(size / 4096);
            let fill = dice.below(256) as u8;
            bytes[(page * 4096) as usize..][..4096].fill(fill);
            (bytes, format!("page {page} filled with {fill}"))
        }
        count => {
            let places: Vec<u64> =
                (0..count / 3 + 1).map(|_| if dice.below(10) == 0 { dice.below(100) } else { dice.below(size) }).collect();
            places.iter().for_each(|at| bytes[*at as usize] ^= 1 << dice.below(8));
            (bytes, format!("bits flipped at {places:?}"))
        }
    }
}

#[test]
fn a_damaged_ledger_is_recognised_or_right_and_a_good_backup_is_named() {
    for (encrypted, trials) in [(false, rounds(40, 700)), (true, rounds(20, 300))] {
        let bench = Bench::new(encrypted);
        let folder = bench.before(10);
        let path = path_in(folder.path());
        let secret = || if encrypted { Secret::passphrase("木桶里有三只蓝色的猫") } else { None };
        let (records, everything, copy) = {
            let session = Session::open(folder.path(), 10, encrypted).unwrap();
            let copy = session.ledger.backup(BackupReason::Close).unwrap();
            (content(&session.ledger).unwrap(), state(&session.ledger).unwrap(), copy)
        };
        let whole = fs::read(&path).unwrap();
        let mut dice = Dice::new(99);
        let mut tally: BTreeMap<String, u64> = BTreeMap::new();
        for trial in 0..trials {
            let (bytes, how) = harmed(&whole, &mut dice);
            let what = format!("trial {trial}: {how}");
            ["-wal", "-shm"].iter().for_each(|ending| drop(fs::remove_file(folder.path().join(format!("石门村.zcj{ending}")))));
            fs::write(&path, &bytes).unwrap();
            let outcome = match Ledger::open_with(&path, world(), secret().as_ref()) {
                Err(error) => {
                    assert_worded(&error, &what);
                    let known = ["ledger_damaged", "not_a_ledger", "ledger_newer", "key_file_missing"];
                    assert!(known.contains(&error.code()), "{what}: {error:?}");
                    format!("refused, {}", readable(&path, secret().as_ref()))
                }
                Ok(ledger) => {
                    let report = ledger.check(&mut |_, _| true).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                    let same = |read: zhucun_core::Result<String>, wanted: &str| read.is_ok_and(|read| read == wanted);
                    if !report.is_sound() {
                        "found by the check".to_owned()
                    } else if same(state(&ledger), &everything) {
                        "right in everything".to_owned()
                    } else {
                        assert!(same(content(&ledger), &records), "{what}: passes for good, but its records are not");
                        // A time, a name of an operation, a draft: what is kept once and has no seal.
                        assert!(!encrypted, "{what}: a changed page of an encrypted ledger passes for good");
                        "right in every record, not in what stands beside them".to_owned()
                    }
                }
            };
            *tally.entry(outcome).or_default() += 1;
            // The key file lies beside it, undamaged; the backup has its own.
            let (named, counts) = latest_good_backup(&path, secret().as_ref()).unwrap().expect("there is a good copy");
            assert_eq!((named.path, counts.households), (copy.path.clone(), 21), "{what}");
        }
        told(&format!("damage, {}: {trials} trials {tally:?}", if encrypted { "encrypted" } else { "plain" }));
    }
}

/// Whether a ledger that does not open can at least be read.
fn readable(path: &std::path::Path, secret: Option<&Secret>) -> &'static str {
    let before = fs::read(path).unwrap();
    let opened = Ledger::open_to_read(path, world(), secret);
    let outcome = match opened.map(|ledger| content(&ledger).is_ok()) {
        Ok(true) => "read all the same",
        Ok(false) => "read in part",
        Err(_) => "not readable",
    };
    assert!(fs::read(path).unwrap() == before, "reading changes nothing");
    outcome
}

#[test]
fn a_damaged_copy_is_passed_over_and_an_older_good_one_named() {
    let bench = Bench::new(false);
    let folder = bench.before(3);
    let path = path_in(folder.path());
    let session = Session::open(folder.path(), 3, false).unwrap();
    let good = session.ledger.backup(BackupReason::Asked).unwrap();
    drop(session);
    let mut session = Session::open(folder.path(), 5, false).unwrap();
    session.go_on().unwrap();
    let latest = session.ledger.backup(BackupReason::Close).unwrap();
    drop(session);
    assert_eq!(latest_good_backup(&path, None).unwrap().unwrap().0.path, latest.path);
    let mut bytes = fs::read(&latest.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0);
    fs::write(&latest.path, bytes).unwrap();
    fs::remove_file(&path).unwrap();
    let (named, counts) = latest_good_backup(&path, None).unwrap().unwrap();
    assert_eq!((named.path, counts.households), (good.path, 21), "the ledger itself need not be there");
}

#[test]
fn a_ledger_opened_to_be_read_gives_its_records_and_takes_none() {
    for encrypted in [false, true] {
        let bench = Bench::new(encrypted);
        let folder = bench.before(4);
        let path = path_in(folder.path());
        let before = fs::read(&path).unwrap();
        let secret = if encrypted { Secret::passphrase("木桶里有三只蓝色的猫") } else { None };
        let mut ledger = Ledger::open_to_read(&path, world(), secret.as_ref()).unwrap();
        assert_eq!(state(&ledger).unwrap(), bench.states[4]);
        let refused = ledger.put_draft("visit:new", "{}").unwrap_err();
        assert_eq!(refused.code(), "ledger_read_only");
        drop(ledger);
        assert!(fs::read(&path).unwrap() == before, "not a byte is changed");
    }
}
