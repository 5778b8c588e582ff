//! Reading beside the ledger: nobody waits for it, and no file is let go of while it is read.

use std::sync::mpsc::channel;
use std::thread;

use zhucun_core::Error;
use zhucun_core::figures::{Figures, Gathered, GatheredWork, Scope};
use zhucun_core::home::{progress, so_far};
use zhucun_core::records::Kind;
use zhucun_core::sample::{TODAY, create_sample};
use zhucun_core::storage::{Aside, BackupReason, Ledger, ListQuery};
use zhucun_core::value::{Half, Period};

use crate::desk::{Desk, world};

fn in_all(so_far: &GatheredWork, key: &str) -> String {
    progress(so_far).into_iter().find(|line| line.key == key).unwrap().text
}

#[test]
fn it_counts_what_a_report_counts_and_records_are_saved_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::over(create_sample(&folder.path().join("示例.zcj")).unwrap());
    desk.household = desk.ledger.store().list(Kind::Household, &ListQuery::default()).unwrap().rows[0].id;
    let aside = desk.ledger.aside().unwrap();
    let counted = aside.read(|store| so_far(store, TODAY)).unwrap();
    let scope = Scope { cutoff: TODAY, ..Scope::of(Period::new(2026, Half::First).unwrap()) };
    let of_a_report = Figures::count(&desk.ledger.read(|store| Gathered::load(store, scope)).unwrap());
    for figure in Figures::of_work(&counted).all() {
        assert_eq!(Some(figure), of_a_report.get(&figure.key), "without the people of households");
    }
    assert_eq!(progress(&counted).len(), 8);

    let before = in_all(&counted, "visits.household_times");
    let of_its_moment = aside.read(|store| {
        let first = so_far(store, TODAY)?;
        desk.add(Kind::Visit, |visit| visit["day"] = "2026-06-18".into());
        Ok((first, so_far(store, TODAY)?))
    });
    let (first, second) = of_its_moment.unwrap();
    assert_eq!(
        [in_all(&first, "visits.household_times"), in_all(&second, "visits.household_times")],
        [before.clone(), before.clone()]
    );
    let later = aside.read(|store| so_far(store, TODAY)).unwrap();
    assert_ne!(in_all(&later, "visits.household_times"), before);
}

/// Reads until it is told to stop; answers with what it was told.
fn reads_on(aside: Aside) -> (thread::JoinHandle<Error>, impl FnOnce()) {
    let (tell, told) = channel();
    let reader = thread::spawn(move || {
        loop {
            match aside.read(|store| so_far(store, TODAY)) {
                Ok(_) => drop(tell.send(())),
                Err(error) => return error,
            }
        }
    });
    (reader, move || told.recv().unwrap())
}

#[test]
fn closing_ends_it_and_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("示例.zcj");
    let ledger = create_sample(&path).unwrap();
    let (reader, begun) = reads_on(ledger.aside().unwrap());
    begun();
    drop(ledger);
    // Closed by the last one who had it open, a ledger leaves no journal.
    assert!(!folder.path().join("示例.zcj-wal").exists());
    assert!(matches!(reader.join().unwrap(), Error::Cancelled));
    Ledger::open(&path, world()).unwrap();
}

#[test]
fn a_restore_does_not_take_the_file_away_under_it() {
    let mut desk = Desk::new();
    let copy = desk.ledger.backup(BackupReason::Asked).unwrap();
    desk.add(Kind::Household, |household| household["members"][0]["name"] = "潘七".into());
    let (reader, begun) = reads_on(desk.ledger.aside().unwrap());
    begun();
    desk.ledger.restore(&copy.path).unwrap();
    assert!(matches!(reader.join().unwrap(), Error::Cancelled));
    let now = desk.ledger.aside().unwrap().read(|store| store.list(Kind::Household, &ListQuery::default())).unwrap();
    assert_eq!(now.total, 1, "who reads now reads what was restored");
}
