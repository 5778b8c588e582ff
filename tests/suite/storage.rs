//! The ledger file: what it keeps, refuses and takes back.

use rusqlite::Connection;
use serde_json::json;
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::world::FixedWorld;

use crate::desk::Desk;

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

#[test]
fn people_of_whom_nothing_changed_are_not_written_again() {
    let mut desk = Desk::new();
    let id = desk.household;
    let rows = |desk: &Desk| -> Vec<(i64, String, Option<String>)> {
        let connection = Connection::open(desk.path()).unwrap();
        let sql = "SELECT rowid, school, name_key FROM member WHERE household_id = ?1 ORDER BY position";
        let mut statement = connection.prepare(sql).unwrap();
        let found = statement.query_map([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        found.map(Result::unwrap).collect()
    };
    let schools = |desk: &Desk| rows(desk).into_iter().map(|(_, school, _)| school).collect::<Vec<_>>();
    // Others come later, so that whoever is written again gets another row.
    desk.add(Kind::Household, |_| {});
    let before = rows(&desk);
    assert!(!before.is_empty());
    desk.change(Kind::Household, id, |household| household["address"] = json!("上屯12号")).unwrap();
    assert_eq!(rows(&desk), before);
    desk.change(Kind::Household, id, |household| household["members"][0]["school"] = json!("云岭小学")).unwrap();
    assert_ne!(rows(&desk), before);
    assert_eq!(schools(&desk)[0], "云岭小学");
    desk.ledger.undo().unwrap();
    assert_eq!(schools(&desk)[0], "");
    let person = desk.ledger.get_json(Kind::Household, id).unwrap()["draft"]["members"][0].clone();
    desk.change(Kind::Household, id, |household| household["members"].as_array_mut().unwrap().push(another(&person))).unwrap();
    assert_eq!(rows(&desk).len(), before.len() + 1);
    desk.change(Kind::Household, id, |household| household["members"].as_array_mut().unwrap().truncate(before.len())).unwrap();
    assert_eq!(rows(&desk).len(), before.len());
}

fn another(person: &serde_json::Value) -> serde_json::Value {
    let mut another = person.clone();
    another["id"] = serde_json::Value::Null;
    another["id_number"] = json!("");
    another["name"] = json!("石小妹");
    another["relation"] = json!("daughter");
    another
}
