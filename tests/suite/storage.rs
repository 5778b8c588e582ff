//! The ledger file: what it keeps, refuses and takes back.

use serde_json::json;
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::world::FixedWorld;

fn world() -> Box<FixedWorld> {
    Box::new(FixedWorld::on("2026-06-20".parse().unwrap()))
}

fn new_ledger(folder: &tempfile::TempDir) -> Ledger {
    let new = NewLedger {
        team: "云岭乡石门村驻村工作队".into(),
        township: "云岭乡".into(),
        villages: vec![NewVillage { name: "石门村".into(), hamlets: vec!["上屯".into()] }],
        members: vec![NewMember { name: "韦明".into(), role: "first_secretary".into() }],
        ..NewLedger::default()
    };
    create_ledger(&folder.path().join("石门村.zcj"), world(), &new).unwrap()
}

#[test]
fn a_household_is_stored_listed_undone_and_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = new_ledger(&folder);
    let mut draft = ledger.blank_json(Kind::Household).unwrap();
    draft["members"][0]["name"] = json!("石老三");
    let saved = ledger.save_json(SaveRequest { kind: Kind::Household, id: None, version: None, draft, keep: vec![] }).unwrap();
    let page = ledger.store().list(Kind::Household, &ListQuery::default()).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(page.rows[0].cells["head"], json!("石老三"));
    assert_eq!(page.rows[0].cells["types"], json!("一般农户"));

    ledger.undo().unwrap();
    assert_eq!(ledger.store().list(Kind::Household, &ListQuery::default()).unwrap().total, 0);
    assert_eq!(ledger.store().bin().unwrap().len(), 1, "what is undone is not lost");
    ledger.redo().unwrap();
    assert_eq!(ledger.store().list(Kind::Household, &ListQuery::default()).unwrap().total, 1);
    ledger.delete_records(&[RecordRef { kind: Kind::Household, id: saved.id }]).unwrap();
    assert_eq!(ledger.store().history(Kind::Household, saved.id).unwrap().len(), 4);
}

#[test]
fn every_kind_has_a_list_that_reads_and_a_blank_form() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = new_ledger(&folder);
    for kind in Kind::ALL {
        ledger.store().list(*kind, &ListQuery { text: "石".into(), ..ListQuery::default() }).unwrap();
        ledger.blank_json(*kind).unwrap();
    }
}
