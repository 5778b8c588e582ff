//! A power cut: what was not synced is forgotten, by chance, in whole or in part. What was acknowledged stays.

use std::path::Path;

use zhucun_tests::faults::{Dice, Fault, Rig, real};
use zhucun_tests::script::{STEPS, Session};
use zhucun_tests::state::state;

use crate::bench::{Bench, copy_all, rounds, told};

/// Goes on with the script from a step until the power goes at an act; what is left, and how many steps were acknowledged.
fn cut(bench: &Bench, step: usize, at: u64, dice: &mut Dice, relaxed: bool) -> (tempfile::TempDir, usize) {
    let folder = bench.before(step);
    let rig = Rig::over(folder.path());
    rig.watch();
    rig.arm(Some(Fault::From(at)));
    let mut done = step;
    if let Ok(mut session) = Session::open(folder.path(), step, bench.encrypted) {
        if relaxed {
            session.ledger.sync_less().unwrap();
        }
        while done < STEPS.len() && session.run(done).is_ok() && rig.fired().is_none() {
            done += 1;
        }
    }
    let left = tempfile::tempdir().unwrap();
    rig.after_power_cut(&real(left.path()).unwrap(), dice).unwrap();
    (left, done)
}

#[test]
fn a_power_cut_leaves_the_old_state_or_the_new_and_all_that_was_acknowledged() {
    for (encrypted, cuts) in [(false, rounds(24, 1500)), (true, rounds(6, 200))] {
        let bench = Bench::new(encrypted);
        let mut dice = Dice::new(42);
        let mut old_and_new = [0u64; 2];
        for nth in 0..cuts {
            let (step, at) = bench.moment(&mut dice);
            let (left, done) = cut(&bench, step, at, &mut dice, false);
            let what = format!("cut {nth}: from step {step}, at act {at}, after {done}");
            let found = bench.recovered(left.path(), done, &what);
            old_and_new[usize::from(found > done)] += 1;
        }
        let [old, new] = old_and_new;
        let kind = if encrypted { "encrypted" } else { "plain" };
        told(&format!("power cuts, {kind}: {cuts}; {old} left the old state, {new} the new one"));
    }
}

/// The same with a ledger that does not sync each save (`synchronous=NORMAL`): the harness must see it lose some.
#[test]
fn a_ledger_that_synced_less_would_lose_acknowledged_records_so_this_test_has_teeth() {
    let bench = Bench::new(false);
    let mut dice = Dice::new(42);
    let cuts = rounds(12, 100);
    let mut lost = 0;
    for _ in 0..cuts {
        let (left, done) = cut(&bench, 0, dice.below(40) + 8, &mut dice, true);
        let found = reopened(left.path());
        lost += u64::from(found != bench.states[done] && bench.states[..done].contains(&found));
    }
    told(&format!("control with synchronous=NORMAL: {lost} of {cuts} power cuts lost acknowledged steps"));
    assert!(lost > 0, "none of {cuts} power cuts lost anything: the disk of this test forgets nothing");
}

fn reopened(folder: &Path) -> String {
    // A copy, so that looking changes nothing.
    let copy = tempfile::tempdir().unwrap();
    copy_all(folder, copy.path());
    let session = Session::open(copy.path(), 0, false).unwrap();
    state(&session.ledger).unwrap()
}
