//! 移交 on a disk that fails at each act in turn, fills up, or loses its power: no file or a whole one, no ledger or a whole
//! one, and the old ledger as it was.

use std::path::{Path, PathBuf};

use zhucun_core::handover::HandOverContents;
use zhucun_core::storage::{Cost, HandOverFile, HandOverSecret, Ledger, Passphrase, Protection, Secret, key_path, take_over};
use zhucun_core::{Error, Result};
use zhucun_tests::faults::{Act, Dice, Fault, Rig, real};
use zhucun_tests::script::{Session, path_in};
use zhucun_tests::state::{content, state};

use crate::bench::{Bench, assert_sound, assert_worded, rounds, told, world};
use crate::failing::{FAULTS, turns};

/// With a photo, a draft and a frozen report in it.
const STEP: usize = 10;
const AGREED: &str = "约好的话";
const NEW: &str = "新来的书记爱吃酸汤鱼";

fn hand_over(ledger: &Ledger, to: &Path) -> Result<()> {
    let contents = HandOverContents::load(ledger.store(), ledger.today())?;
    let secret = HandOverSecret::Passphrase(Passphrase::new(AGREED).unwrap());
    ledger.hand_over(to, &contents, &secret, Cost::LEAST, &mut |_, _| true).map(drop)
}

fn take(file: &Path, to: &Path) -> Result<Ledger> {
    let protection = Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new(NEW).unwrap()).unwrap() };
    take_over(&HandOverFile::look(file)?.open(AGREED)?, to, &protection, world(), &mut |_, _| true)
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("移交.zcjy")
}

fn open_new(path: &Path) -> Result<Ledger> {
    Ledger::open_with(path, world(), Secret::passphrase(NEW).as_ref())
}

/// Files that only work under way has.
fn left_over(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| [".new", "handing-over", "taken-over"].iter().any(|part| name.contains(part))).collect()
}

#[test]
fn every_failure_of_a_hand_over_leaves_no_file_or_a_whole_one_and_the_ledger_as_it_was() {
    for encrypted in [false, true] {
        let bench = Bench::new(encrypted);
        let acts = {
            let folder = bench.before(STEP);
            let rig = Rig::over(folder.path());
            let session = Session::open(folder.path(), STEP, encrypted).unwrap();
            rig.arm(None);
            hand_over(&session.ledger, &file_in(folder.path())).unwrap();
            rig.acts().len()
        };
        let (mut refused, mut done) = (0, 0);
        for fault in FAULTS {
            for turn in turns(acts, fault).step_by(if rounds(0, 1) > 0 { 5 } else { 1 }) {
                let fault = fault(turn);
                let what = format!("handing over with {fault:?} of {acts} acts");
                let folder = bench.before(STEP);
                let rig = Rig::over(folder.path());
                let session = Session::open(folder.path(), STEP, encrypted).unwrap();
                rig.arm(Some(fault));
                let made = hand_over(&session.ledger, &file_in(folder.path()));
                let Some(act) = rig.fired() else { continue };
                rig.arm(None);
                if let Err(error) = &made {
                    assert_worded(error, &what);
                    assert!(!matches!(fault, Fault::FullFrom(_)) || matches!(error, Error::DiskFull), "{what}: {error:?}");
                    refused += 1;
                } else {
                    done += 1;
                }
                // What cannot be removed from a dead disk stays; a check finds it later.
                if !matches!(fault, Fault::From(_)) && act != Act::Remove {
                    assert_eq!(left_over(folder.path()), [""; 0], "{what}");
                }
                assert_eq!(bench.whole(&session.ledger, STEP, &what), STEP, "{what}");
                let file = file_in(folder.path());
                assert!(made.is_err() || file.exists(), "{what}: what was acknowledged is there");
                if file.exists() {
                    let there = tempfile::tempdir().unwrap();
                    let new = take(&file, &there.path().join("新.zcj")).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                    assert_eq!(content(&new).unwrap(), content(&session.ledger).unwrap(), "{what}");
                } else {
                    // And now it works.
                    hand_over(&session.ledger, &file).unwrap_or_else(|error| panic!("{what}, again: {error:?}"));
                }
            }
        }
        assert!(refused > 2, "{refused} refused, {done} done");
        told(&format!("handing over: {refused} faults refused, {done} done all the same"));
    }
}

/// The step's ledger handed over into a folder of its own, and what is in it.
fn handed_over() -> (tempfile::TempDir, String) {
    let bench = Bench::new(true);
    let folder = bench.before(STEP);
    let session = Session::open(folder.path(), STEP, true).unwrap();
    let stick = tempfile::tempdir().unwrap();
    hand_over(&session.ledger, &file_in(stick.path())).unwrap();
    (stick, content(&session.ledger).unwrap())
}

#[test]
fn every_failure_of_a_take_over_leaves_no_ledger_or_a_whole_one_and_the_file_as_it_was() {
    let (stick, wanted) = handed_over();
    let bytes = std::fs::read(file_in(stick.path())).unwrap();
    let acts = {
        let folder = tempfile::tempdir().unwrap();
        let rig = Rig::over(folder.path());
        rig.arm(None);
        drop(take(&file_in(stick.path()), &path_in(folder.path())).unwrap());
        rig.acts().len()
    };
    let (mut refused, mut done) = (0, 0);
    for fault in FAULTS {
        for turn in turns(acts, fault).step_by(if rounds(0, 1) > 0 { 5 } else { 1 }) {
            let fault = fault(turn);
            let what = format!("taking over with {fault:?} of {acts} acts");
            let folder = tempfile::tempdir().unwrap();
            let path = path_in(folder.path());
            let rig = Rig::over(folder.path());
            rig.arm(Some(fault));
            let made = take(&file_in(stick.path()), &path);
            let Some(act) = rig.fired() else { continue };
            rig.arm(None);
            let acknowledged = made.is_ok();
            if let Err(error) = &made {
                assert_worded(error, &what);
                refused += 1;
            } else {
                done += 1;
            }
            drop(made);
            if !acknowledged && !matches!(fault, Fault::From(_)) && act != Act::Remove {
                assert!(left_over(folder.path()).is_empty(), "{what}: {:?}", left_over(folder.path()));
                assert!(!path.exists() && !key_path(&path).exists(), "{what}: nothing half made");
                take(&file_in(stick.path()), &path).unwrap_or_else(|error| panic!("{what}, again: {error:?}"));
            }
            if path.exists() && key_path(&path).exists() {
                let new = open_new(&path).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_sound(&new, &what);
                assert_eq!(content(&new).unwrap(), wanted, "{what}");
            } else {
                assert!(!acknowledged, "{what}: what was acknowledged is there");
            }
        }
    }
    assert_eq!(std::fs::read(file_in(stick.path())).unwrap(), bytes, "the file is only read");
    assert!(refused > 2, "{refused} refused, {done} done");
    told(&format!("taking over: {refused} faults refused, {done} done all the same"));
}

#[test]
fn a_power_cut_leaves_no_file_or_ledger_of_the_name_or_a_whole_one() {
    let (stick, wanted) = handed_over();
    let bench = Bench::new(true);
    let mut dice = Dice::new(23);
    for at in (1u64..).step_by(if rounds(0, 1) > 0 { 3 } else { 90 }) {
        let what = format!("power cut at act {at}");
        let left = tempfile::tempdir().unwrap();
        let left = real(left.path()).unwrap();
        let folder = bench.before(STEP);
        let rig = Rig::over(folder.path());
        let session = Session::open(folder.path(), STEP, true).unwrap();
        rig.watch();
        rig.arm(Some(Fault::From(at)));
        let made = hand_over(&session.ledger, &file_in(folder.path()));
        let handing = rig.fired().is_some();
        rig.after_power_cut(&left, &mut dice).unwrap();
        let file = file_in(&left);
        assert!(made.is_err() || file.exists(), "{what}: what was acknowledged is there");
        if file.exists() {
            let there = tempfile::tempdir().unwrap();
            drop(take(&file, &there.path().join("新.zcj")).unwrap_or_else(|error| panic!("{what}: {error:?}")));
        }
        drop(session);

        let (folder, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let left = real(left.path()).unwrap();
        let rig = Rig::over(folder.path());
        rig.watch();
        rig.arm(Some(Fault::From(at)));
        let made = take(&file_in(stick.path()), &path_in(folder.path()));
        let taking = rig.fired().is_some();
        rig.after_power_cut(&left, &mut dice).unwrap();
        let path = path_in(&left);
        assert!(made.is_err() || path.exists(), "{what}: what was acknowledged is there");
        if path.exists() {
            assert!(key_path(&path).exists(), "{what}: a ledger never stands without what opens it");
            let new = open_new(&path).unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_sound(&new, &what);
            assert_eq!(content(&new).unwrap(), wanted, "{what}");
        }
        if !handing && !taking {
            break;
        }
    }
}

/// A power cut of an unfinished hand-over is found by the next check and can be mended.
#[test]
fn what_a_cut_off_hand_over_left_is_found_and_cleared() {
    let bench = Bench::new(true);
    let folder = bench.before(STEP);
    let session = Session::open(folder.path(), STEP, true).unwrap();
    let rig = Rig::over(folder.path());
    rig.arm(Some(Fault::From(30)));
    hand_over(&session.ledger, &file_in(folder.path())).unwrap_err();
    rig.arm(None);
    let left = left_over(folder.path());
    assert!(left.iter().any(|name| name.contains("handing-over")), "{left:?}");
    let mut ledger = session.ledger;
    let before = state(&ledger).unwrap();
    ledger.repair(&|_| None, &mut |_, _| true).unwrap();
    assert!(left_over(folder.path()).iter().all(|name| !name.contains("handing-over")));
    assert_eq!(state(&ledger).unwrap(), before);
}
