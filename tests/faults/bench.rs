//! What the fault tests share: the script's states, and what must hold of whatever a fault has left.

use std::fs;
use std::path::{Path, PathBuf};

use zhucun_core::Error;
use zhucun_core::storage::{CheckCode, Ledger, backup_folder, backups};
use zhucun_tests::faults::model::files;
use zhucun_tests::faults::{Dice, Rig};
use zhucun_tests::script::{STEPS, Session, path_in, stick_in};
use zhucun_tests::state::state;

/// How much of the harness to run: the short run stands in the tests, the long one in `scripts/reliability`.
pub fn rounds(short: u64, long: u64) -> u64 {
    match std::env::var("ZHUCUN_LONG") {
        Ok(times) => long * times.parse::<u64>().unwrap_or(1),
        Err(_) => short,
    }
}

/// Says a figure of a long run, for docs/reliability.md.
pub fn told(text: &str) {
    if std::env::var_os("ZHUCUN_LONG").is_some() {
        println!("── {text}");
    }
}

/// The script gone through once, with the folder and the state before each step.
pub struct Bench {
    folder: tempfile::TempDir,
    pub encrypted: bool,
    /// Before step 0, 1, … and after the last.
    pub states: Vec<String>,
    /// How many acts on the disk opening the ledger and each step take.
    acts: Vec<u64>,
}

impl Bench {
    pub fn new(encrypted: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let work = folder.path().join("work");
        fs::create_dir(&work).unwrap();
        let (mut states, mut acts) = (Vec::new(), Vec::new());
        drop(Session::begin(&work, encrypted).unwrap());
        let rig = Rig::over(&work);
        for step in 0..=STEPS.len() {
            copy_all(&work, &folder.path().join(step.to_string()));
            rig.arm(None);
            let mut session = Session::open(&work, step, encrypted).unwrap();
            states.push(state(&session.ledger).unwrap());
            if let Some(Step { name, .. }) = STEPS.get(step) {
                session.run(step).unwrap_or_else(|error| panic!("{name}: {error:?}"));
                acts.push(rig.acts().len() as u64);
            }
        }
        Bench { folder, encrypted, states, acts }
    }

    /// A step and one of the acts that opening the ledger, the step and a little more take.
    pub fn moment(&self, dice: &mut Dice) -> (usize, u64) {
        let step = usize::try_from(dice.below(STEPS.len() as u64)).unwrap();
        (step, dice.below(self.acts[step] + 4) + 1)
    }

    /// A folder of its own in which the ledger stands before a step.
    pub fn before(&self, step: usize) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        copy_all(&self.folder.path().join(step.to_string()), folder.path());
        folder
    }

    /// The ledger's own way back: it opens, is sound, and is in the state before or after a step.
    /// Answers with how many steps are done.
    pub fn recovered(&self, folder: &Path, done: usize, what: &str) -> usize {
        let session = Session::open(folder, done, self.encrypted);
        let session = session.unwrap_or_else(|error| panic!("{what}: does not open: {error:?}"));
        self.whole(&session.ledger, done, what)
    }

    /// The same of a ledger that is open.
    pub fn whole(&self, ledger: &Ledger, done: usize, what: &str) -> usize {
        assert_sound(ledger, what);
        let found = state(ledger).unwrap_or_else(|error| panic!("{what}: cannot be read: {error:?}"));
        let stick = stick_in(ledger.path().parent().unwrap());
        let copies = [backup_folder(ledger.path()), stick].into_iter().flat_map(|folder| backups(&folder).unwrap());
        for backup in copies {
            let counts = ledger.counts_of_backup(&backup.path);
            assert!(counts.is_ok(), "{what}: what bears a backup's name is one: {} {counts:?}", backup.path.display());
        }
        if found == self.states[done] {
            return done;
        }
        let next = self.states.get(done + 1);
        assert!(next == Some(&found), "{what}: neither the state after {done} steps nor after one more");
        done + 1
    }
}

pub use zhucun_tests::script::Step;

/// Nothing wrong with it but what a cut-off copy may leave beside it.
pub fn assert_sound(ledger: &Ledger, what: &str) {
    let report = ledger.check(&mut |_, _| true).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let grave: Vec<_> = report.findings.iter().filter(|finding| finding.code != CheckCode::FileLeftOver).collect();
    assert!(grave.is_empty(), "{what}: {grave:#?}");
}

/// What a user reads of an error: Chinese, with nothing of a library's own words.
pub fn assert_worded(error: &Error, what: &str) {
    let text = error.to_string();
    let foreign = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| word.len() > 3);
    assert!(foreign.is_none() && text.chars().count() >= 8, "{what}: {text}");
}

pub fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
}

/// The dump of the oldest schema as a ledger in a folder.
pub fn old_ledger(folder: &Path) -> PathBuf {
    let dump = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema-1.sql")).unwrap();
    let path = path_in(folder);
    rusqlite::Connection::open(&path).unwrap().execute_batch(&dump).unwrap();
    path
}

/// A day on which the script has been through.
pub fn world() -> Box<zhucun_core::world::FixedWorld> {
    Box::new(zhucun_core::world::FixedWorld::on("2026-06-21".parse().unwrap()))
}
