//! kill -9: a program is stopped at a moment, even halfway through a write, and killed. What it said was done is there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use zhucun_core::storage::Ledger;
use zhucun_tests::faults::{Dice, Rig};
use zhucun_tests::script::STEPS;

use crate::bench::{Bench, assert_sound, old_ledger, rounds, told};

/// One at a time, for the reason told in `kills.rs`.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Worker {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(folder: &Path, step: usize, encrypted: bool, stop: Option<u64>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_at-work"));
        command.arg(folder).arg(step.to_string()).arg(if encrypted { "encrypted" } else { "plain" });
        command.args(stop.map(|stop| stop.to_string())).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Worker { child, lines }
    }

    /// Steps that it said were done until it stood still or was through; whether it was through.
    fn follow(&mut self, mut done: usize) -> (usize, bool) {
        for line in self.lines.by_ref().map_while(Result::ok) {
            match line.split_once(' ') {
                Some(("done", step)) => done = step.parse::<usize>().unwrap() + 1,
                _ if line == "stopped" => return (done, false),
                _ if line == "end" => return (done, true),
                _ => {}
            }
        }
        (done, false)
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// How many kills left which state, and how many fell into which step.
#[derive(Default)]
struct Tally {
    old: u64,
    new: u64,
    steps: BTreeMap<&'static str, u64>,
}

/// Kills at random acts of all steps; every other time goes on with what was left.
fn kills(encrypted: bool, wanted: u64, seed: u64) -> Tally {
    let bench = Bench::new(encrypted);
    let mut dice = Dice::new(seed);
    let (mut tally, mut left) = (Tally::default(), None);
    while tally.old + tally.new < wanted {
        let (step, act) = bench.moment(&mut dice);
        let (folder, step) = left.take().unwrap_or_else(|| (bench.before(step), step));
        let what = format!("seed {seed}, kill {}, from step {step}, at act {act}", tally.old + tally.new);
        let mut worker = Worker::start(folder.path(), step, encrypted, Some(act));
        let (said, is_through) = worker.follow(step);
        worker.kill();
        let found = bench.recovered(folder.path(), said, &what);
        if !is_through {
            *tally.steps.entry(STEPS.get(said).map_or("closing", |step| step.name)).or_default() += 1;
            tally.old += u64::from(found == said);
            tally.new += u64::from(found > said);
        }
        left = (found < STEPS.len() && dice.below(2) == 0).then_some((folder, found));
    }
    tally
}

#[test]
fn a_killed_program_leaves_the_old_state_or_the_new_and_all_it_said_was_done() {
    let _alone = alone();
    let (plain, encrypted) = (rounds(24, 800), rounds(6, 100));
    for (encrypted, wanted, seed) in [(false, plain, 2026), (true, encrypted, 7)] {
        let Tally { old, new, steps } = kills(encrypted, wanted, seed);
        let kind = if encrypted { "encrypted" } else { "plain" };
        told(&format!("kill -9, {kind}: {wanted} kills {steps:?}; {old} left the old state, {new} the new one"));
        assert!(old > 0 && (new > 0 || wanted < 100), "kills fall before and behind what makes a change last");
    }
}

/// Kills by the clock, wherever the program is.
#[test]
fn a_program_killed_at_any_time_leaves_the_old_state_or_the_new() {
    let _alone = alone();
    let wanted = rounds(4, 100);
    let bench = Bench::new(false);
    // How long the script takes here, to spread the kills over it.
    let started = Instant::now();
    let folder = bench.before(0);
    let mut worker = Worker::start(folder.path(), 0, false, None);
    assert_eq!(worker.follow(0), (STEPS.len(), true), "unhindered, the script comes to its end");
    worker.kill();
    let span = started.elapsed().as_micros() as u64;
    let mut dice = Dice::new(11);
    for nth in 0..wanted {
        let folder = bench.before(0);
        let mut worker = Worker::start(folder.path(), 0, false, None);
        let until = Instant::now() + Duration::from_micros(dice.below(span));
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        worker.child.kill().unwrap();
        let (said, _) = worker.follow(0);
        worker.kill();
        bench.recovered(folder.path(), said, &format!("kill {nth} by the clock"));
    }
    told(&format!("kill -9 by the clock: {wanted} kills over {} ms of work", span / 1000));
}

#[test]
fn a_program_killed_while_it_brings_an_old_ledger_up_to_date_leaves_it_old_or_new() {
    let _alone = alone();
    let mut dice = Dice::new(3);
    let wanted = rounds(6, 100);
    let (mut killed, mut old) = (0, 0);
    let acts = {
        let folder = tempfile::tempdir().unwrap();
        let path = old_ledger(folder.path());
        let rig = Rig::over(folder.path());
        rig.arm(None);
        drop(Ledger::open(&path, crate::bench::world()).unwrap());
        rig.acts().len() as u64
    };
    while killed < wanted {
        let folder = tempfile::tempdir().unwrap();
        let path = old_ledger(folder.path());
        let stop = dice.below(acts) + 1;
        let mut worker = Worker::start(folder.path(), STEPS.len(), false, Some(stop));
        let (_, is_through) = worker.follow(0);
        worker.kill();
        if is_through {
            continue;
        }
        killed += 1;
        let what = format!("migration killed at act {stop}");
        let version: i64 =
            rusqlite::Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert!([1, zhucun_core::storage::SCHEMA_VERSION].contains(&version), "{what}: version {version}");
        old += u64::from(version == 1);
        let ledger = Ledger::open(&path, crate::bench::world()).unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert_sound(&ledger, &what);
    }
    told(&format!("kill -9 during a migration: {wanted} kills; {old} left the old schema, {} the new one", wanted - old));
}
