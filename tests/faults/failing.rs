//! A disk on which every write, sync, opening, renaming and removal fails in turn: once, for good, or for want of room.

use std::collections::BTreeMap;
use std::fs;

use zhucun_core::Error;
use zhucun_core::setup::create_ledger;
use zhucun_core::storage::{Cost, Ledger, Passphrase, Protection, SCHEMA_VERSION, Secret, is_encrypted};
use zhucun_tests::faults::{Act, Dice, Fault, Rig, real};
use zhucun_tests::script::{STEPS, Session, path_in};

use crate::bench::{Bench, assert_sound, assert_worded, old_ledger, rounds, told, world};

/// Which of so many acts to let fail, the last one first. In the long run each of them fails by itself, and every seventh for
/// good or for want of room; in the short run some from all over.
pub fn turns(acts: usize, fault: fn(u64) -> Fault) -> impl Iterator<Item = u64> {
    let step = match (rounds(0, 1), fault(1)) {
        (0, _) => acts.div_ceil(3).max(1),
        (1, Fault::Once(_)) => 1,
        (1, _) => 7,
        _ => 1,
    };
    (1..=acts as u64).rev().step_by(step)
}

pub const FAULTS: [fn(u64) -> Fault; 3] = [Fault::Once, Fault::From, Fault::FullFrom];

/// How often which act failed, and what came of it.
#[derive(Default)]
struct Tally {
    failed: BTreeMap<Act, u64>,
    refused: u64,
    done: u64,
}

impl Tally {
    fn told(&self, what: &str) {
        let Tally { failed, refused, done } = self;
        told(&format!("{what}: {} faults {failed:?}; {refused} refused, {done} done all the same", failed.values().sum::<u64>()));
    }
}

/// Lets every act of a step fail in turn. The session goes on with the disk it has, and is then opened again.
fn fail_in(bench: &Bench, step: usize, tally: &mut Tally) {
    let name = STEPS[step].name;
    let acts = {
        let folder = bench.before(step);
        let rig = Rig::over(folder.path());
        let mut session = Session::open(folder.path(), step, bench.encrypted).unwrap();
        rig.arm(None);
        session.run(step).unwrap();
        rig.acts()
    };
    assert!(!acts.is_empty() || name == "backup when closing", "{name} writes something");
    for fault in FAULTS {
        for turn in turns(acts.len(), fault) {
            let fault = fault(turn);
            let what = format!("{name} with {fault:?} of {} acts", acts.len());
            let folder = bench.before(step);
            let rig = Rig::over(folder.path());
            let mut session = Session::open(folder.path(), step, bench.encrypted).unwrap();
            rig.arm(Some(fault));
            let done = session.run(step);
            let Some(act) = rig.fired() else { continue };
            rig.arm(None);
            *tally.failed.entry(act).or_default() += 1;
            match &done {
                Ok(()) => tally.done += 1,
                Err(error) => {
                    tally.refused += 1;
                    assert_worded(error, &what);
                }
            }
            // A restore lets go of the file; where the disk fails when it is to be taken up again, the next change does it.
            if matches!(session.ledger.check(&mut |_, _| true), Err(Error::DiskFailed)) {
                assert!(name == "restore" && done.is_err(), "{what}: the file is lost");
            } else {
                let reached = bench.whole(&session.ledger, step, &format!("{what}, in the session"));
                let new = &bench.states[step + 1];
                assert!(done.is_err() || bench.states[reached] == *new, "{what}: what was acknowledged is there");
            }
            // What the session shows is what lies on the disk, and the disk takes more.
            session.go_on().unwrap_or_else(|error| panic!("{what}: the session does not go on: {error:?}"));
            let shown = zhucun_tests::state::state(&session.ledger).unwrap();
            drop(session);
            let session = Session::open(folder.path(), step, bench.encrypted).unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_sound(&session.ledger, &what);
            assert_eq!(zhucun_tests::state::state(&session.ledger).unwrap(), shown, "{what}: opened again");
        }
    }
}

fn fail_in_steps(encrypted: bool, wanted: fn(&str) -> bool) {
    let bench = Bench::new(encrypted);
    for (step, Step { name, .. }) in STEPS.iter().enumerate().filter(|(_, step)| wanted(step.name)) {
        let mut tally = Tally::default();
        fail_in(&bench, step, &mut tally);
        tally.told(&format!("{name}, {}", if encrypted { "encrypted" } else { "plain" }));
    }
}

#[test]
fn every_failure_of_the_disk_leaves_a_step_undone_or_done_and_the_session_goes_on() {
    fail_in_steps(false, |_| true);
}

/// Encrypted or not, the way to the disk is the same but for the key file, which a backup copies.
#[test]
fn every_failure_while_an_encrypted_ledger_is_copied_or_restored_leaves_it_undone_or_done() {
    fail_in_steps(true, |name| name.contains("backup") || name == "restore");
}

use zhucun_tests::script::Step;

/// Opening and closing write too: what the last session left in the log is brought into the file.
#[test]
fn every_failure_while_opening_or_closing_leaves_the_ledger_as_it_was() {
    let bench = Bench::new(false);
    // A log that was not brought in: the program was killed.
    let left = tempfile::tempdir().unwrap();
    let session = {
        let folder = bench.before(1);
        let session =
            Session::open(folder.path(), 1, false).map(|mut session| session.run(1).map(|()| session)).unwrap().unwrap();
        crate::bench::copy_all(folder.path(), left.path());
        session
    };
    drop(session);
    let copied = || {
        let folder = tempfile::tempdir().unwrap();
        crate::bench::copy_all(left.path(), folder.path());
        folder
    };
    let open_and_close = |folder: &std::path::Path| Session::open(folder, 2, false).map(drop);
    let folder = copied();
    let rig = Rig::over(folder.path());
    rig.arm(None);
    open_and_close(folder.path()).unwrap();
    let acts = rig.acts();
    assert!(acts.len() > 5, "{acts:?}");
    let mut tally = Tally::default();
    for fault in FAULTS {
        for turn in turns(acts.len(), fault) {
            let folder = copied();
            let rig = Rig::over(folder.path());
            rig.arm(Some(fault(turn)));
            let what = format!("opening with {:?}", fault(turn));
            let opened = open_and_close(folder.path());
            let Some(act) = rig.fired() else { continue };
            *tally.failed.entry(act).or_default() += 1;
            match opened {
                Ok(()) => tally.done += 1,
                Err(error) => {
                    tally.refused += 1;
                    assert_worded(&error, &what);
                }
            }
            rig.arm(None);
            assert_eq!(bench.recovered(folder.path(), 2, &what), 2, "{what}");
        }
    }
    tally.told("opening and closing");
}

#[test]
fn every_failure_of_a_migration_leaves_the_old_schema_or_the_new() {
    let made = tempfile::tempdir().unwrap();
    drop(fs::read(old_ledger(made.path())).unwrap());
    let copied = || {
        let folder = tempfile::tempdir().unwrap();
        crate::bench::copy_all(made.path(), folder.path());
        folder
    };
    let folder = copied();
    let rig = Rig::over(folder.path());
    rig.arm(None);
    drop(Ledger::open(&path_in(folder.path()), world()).unwrap());
    let acts = rig.acts();
    let mut tally = Tally::default();
    for fault in FAULTS {
        for turn in turns(acts.len(), fault) {
            let folder = copied();
            let path = path_in(folder.path());
            let rig = Rig::over(folder.path());
            rig.arm(Some(fault(turn)));
            let what = format!("migration with {:?} of {} acts", fault(turn), acts.len());
            let opened = Ledger::open(&path, world()).map(drop);
            let Some(act) = rig.fired() else { continue };
            *tally.failed.entry(act).or_default() += 1;
            rig.arm(None);
            match opened {
                Ok(()) => tally.done += 1,
                Err(error) => {
                    tally.refused += 1;
                    assert_worded(&error, &what);
                }
            }
            let version: i64 =
                rusqlite::Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert!(version == 1 || version == SCHEMA_VERSION, "{what}: version {version}");
            let ledger = Ledger::open(&path, world()).unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_sound(&ledger, &what);
        }
    }
    tally.told("migration");
}

/// Making a ledger, and changing its passphrase: what came to nothing leaves nothing.
#[test]
fn every_failure_of_a_creation_leaves_nothing_and_of_a_new_passphrase_one_that_opens() {
    let first_page = zhucun_core::setup::NewLedger {
        team: "石门村驻村工作队".into(),
        township: "云岭乡".into(),
        villages: vec![zhucun_core::setup::NewVillage { name: "石门村".into(), hamlets: vec![] }],
        members: vec![zhucun_core::setup::NewMember { name: "韦明".into(), role: "first_secretary".into() }],
        ..Default::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::over(folder.path());
    rig.arm(None);
    drop(create_ledger(&path_in(folder.path()), world(), &first_page).unwrap());
    let acts = rig.acts().len();
    let mut tally = Tally::default();
    for turn in turns(acts, Fault::Once) {
        let folder = tempfile::tempdir().unwrap();
        let rig = Rig::over(folder.path());
        rig.arm(Some(Fault::Once(turn)));
        let path = path_in(folder.path());
        let made = create_ledger(&path, world(), &first_page).map(drop);
        let Some(act) = rig.fired() else { continue };
        *tally.failed.entry(act).or_default() += 1;
        rig.arm(None);
        if let Err(error) = made {
            tally.refused += 1;
            assert_worded(&error, "creating");
            assert!(!path.exists(), "creating with the {turn}th act failing leaves no half ledger");
            drop(create_ledger(&path, world(), &first_page).unwrap());
        } else {
            tally.done += 1;
        }
        assert_sound(&Ledger::open(&path, world()).unwrap(), "made");
    }
    tally.told("creating");

    let bench = Bench::new(true);
    let (known, new) = ("木桶里有三只蓝色的猫", "雨停了再去上屯");
    for turn in 1.. {
        let folder = bench.before(0);
        let rig = Rig::over(folder.path());
        let session = Session::open(folder.path(), 0, true).unwrap();
        rig.arm(Some(Fault::Once(turn)));
        let changed = session.ledger.change_passphrase(&Secret::passphrase(known).unwrap(), &Passphrase::new(new).unwrap());
        let fired = rig.fired();
        rig.arm(None);
        drop(session);
        let opens = |phrase| Ledger::open_with(&path_in(folder.path()), world(), Secret::passphrase(phrase).as_ref()).is_ok();
        assert!(opens(known) != opens(new), "fault {turn}: one of the two opens it");
        match (fired, changed) {
            (None, changed) => {
                assert!(changed.is_ok() && opens(new) && turn > 3, "a key file is written, synced and renamed");
                break;
            }
            (Some(_), Err(error)) => assert_worded(&error, "a new passphrase"),
            (Some(_), Ok(())) => assert!(opens(new), "what was acknowledged holds"),
        }
    }
}

/// Room is made while the ledger stays open.
#[test]
fn a_full_disk_is_told_as_such_and_work_goes_on_when_there_is_room_again() {
    let bench = Bench::new(false);
    for step in [0, 2, 4, 7] {
        let folder = bench.before(step);
        let rig = Rig::over(folder.path());
        let mut session = Session::open(folder.path(), step, false).unwrap();
        rig.arm(Some(Fault::FullFrom(1)));
        for _ in 0..3 {
            let refused = session.run(step).expect_err("there is no room");
            assert!(matches!(refused, Error::DiskFull), "{}: {refused:?}", STEPS[step].name);
            assert_eq!(bench.whole(&session.ledger, step, STEPS[step].name), step);
        }
        rig.arm(None);
        session.run(step).unwrap();
        assert_eq!(zhucun_tests::state::state(&session.ledger).unwrap(), bench.states[step + 1], "{}", STEPS[step].name);
    }
}

/// From plain to encrypted or back, on a disk that fails at an act, or that forgets at it what was not synced.
fn converted(bench: &Bench, at: u64, dice: Option<&mut Dice>) -> Option<Act> {
    let what = format!("from {} at act {at}", if bench.encrypted { "encrypted to plain" } else { "plain to encrypted" });
    let folder = bench.before(5);
    let rig = Rig::over(folder.path());
    let mut session = Session::open(folder.path(), 5, bench.encrypted).unwrap();
    if dice.is_some() {
        rig.watch();
    }
    rig.arm(Some(if dice.is_some() { Fault::From(at) } else { Fault::Once(at) }));
    let phrase = || Passphrase::new("木桶里有三只蓝色的猫").unwrap();
    let done = if bench.encrypted {
        session.ledger.decrypt(&Secret::Passphrase(phrase()))
    } else {
        let protection = Protection { cost: Cost::LEAST, ..Protection::new(phrase()).unwrap() };
        session.ledger.encrypt(&protection)
    };
    let fired = rig.fired();
    let left = tempfile::tempdir().unwrap();
    let looked_at = match dice {
        Some(dice) => {
            rig.after_power_cut(&real(left.path()).unwrap(), dice).unwrap();
            left.path()
        }
        None => folder.path(),
    };
    rig.arm(None);
    drop(session);
    if let Err(error) = &done {
        assert_worded(error, &what);
    }
    let path = path_in(looked_at);
    let is_new = is_encrypted(&path).unwrap_or_else(|error| panic!("{what}: {error:?}")) != bench.encrypted;
    let is_promised = done.as_ref().is_ok_and(|done| done.is_confirmed);
    assert!(is_new || !is_promised, "{what}: what was acknowledged is there");
    let ledger = Ledger::open_with(&path, world(), Some(&Secret::Passphrase(phrase())))
        .unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_sound(&ledger, &what);
    assert_eq!(zhucun_tests::state::state(&ledger).unwrap(), bench.states[5], "{what}");
    fired
}

fn convert_with_faults(encrypted: bool) {
    let bench = Bench::new(encrypted);
    let mut dice = Dice::new(17);
    let stride = if rounds(0, 1) > 0 { 1 } else { 170 };
    let (mut failed, mut cut) = (0, 0);
    for at in (1..).step_by(stride) {
        if converted(&bench, at, None).is_none() {
            break;
        }
        failed += 1;
        cut += u64::from(converted(&bench, at, Some(&mut dice)).is_some());
    }
    assert!(failed > 1, "{failed} acts failed");
    let way = if encrypted { "encrypted to plain" } else { "plain to encrypted" };
    told(&format!("{way}: {failed} faults, {cut} power cuts"));
}

#[test]
fn every_failure_and_power_cut_of_an_encryption_leaves_a_whole_ledger_that_its_passphrase_opens() {
    convert_with_faults(false);
}

#[test]
fn every_failure_and_power_cut_of_making_plain_leaves_a_whole_ledger() {
    convert_with_faults(true);
}
