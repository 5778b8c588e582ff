//! Reading beside the ledger: nobody waits for it, and no file is let go of while it is read.

use std::sync::mpsc::channel;
use std::thread;

use zhucun_core::Error;
use zhucun_core::home::{progress, so_far};
use zhucun_core::records::Kind;
use zhucun_core::sample::{TODAY, create_sample};
use zhucun_core::storage::{Aside, BackupReason, Ledger};

use crate::desk::{Desk, world};

#[test]
fn it_counts_what_the_ledger_counts_and_records_are_saved_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::over(create_sample(&folder.path().join("示例.zcj")).unwrap());
    desk.household = desk.ledger.store().list(Kind::Household, &zhucun_core::storage::ListQuery::default()).unwrap().rows[0].id;
    let aside = desk.ledger.aside().unwrap();
    let counted = aside.read(|store| so_far(store, TODAY)).unwrap();
    let by_ledger = desk.ledger.read(|store| so_far(store, TODAY)).unwrap();
    assert_eq!(progress(&counted), progress(&by_ledger));
    assert!(progress(&counted).iter().any(|line| line.key == "visits.households" && line.text != "0户"));

    let visits = counted.visits.len();
    let found = aside.read(|store| {
        desk.add(Kind::Visit, |visit| visit["day"] = "2026-06-18".into());
        so_far(store, TODAY)
    });
    assert!(found.unwrap().visits.len() >= visits);
    let later = aside.read(|store| so_far(store, TODAY)).unwrap();
    assert_eq!(later.visits.len(), visits + 1, "each reading is of its moment");
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
    let now = desk.ledger.aside().unwrap().read(|store| so_far(store, TODAY)).unwrap();
    assert_eq!(now.households.len(), 1, "who reads now reads what was restored");
}
