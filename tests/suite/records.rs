//! Every kind of record: typed in, changed, listed, thrown away, taken back.

use serde_json::json;
use zhucun_core::Error;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::storage::{ListQuery, Sort};

use crate::desk::Desk;

/// The kinds that a user adds; there is one team, and the report is opened by its period.
const ADDED: [Kind; 15] = [
    Kind::SupportUnit,
    Kind::TeamMember,
    Kind::Attendance,
    Kind::Village,
    Kind::Household,
    Kind::Visit,
    Kind::Issue,
    Kind::Programme,
    Kind::Application,
    Kind::Project,
    Kind::Activity,
    Kind::Plan,
    Kind::Indicator,
    Kind::Outline,
    Kind::DictionaryItem,
];

#[test]
fn a_record_of_every_kind_goes_to_the_bin_and_comes_back() {
    let mut desk = Desk::new();
    for kind in ADDED {
        let before = desk.total(kind);
        let id = desk.add(kind, |_| {});
        let stored = desk.ledger.get_json(kind, id).unwrap();
        assert_eq!(desk.total(kind), before + 1, "{kind:?} is listed");
        let record = [RecordRef { kind, id }];
        desk.ledger.delete_records(&record).unwrap();
        assert_eq!(desk.total(kind), before, "{kind:?} in the bin is not listed");
        assert!(desk.ledger.store().bin().unwrap().iter().any(|entry| entry.id == id), "{kind:?} lies in the bin");
        desk.ledger.restore_records(&record).unwrap();
        let restored = desk.ledger.get_json(kind, id).unwrap();
        assert_eq!(restored["draft"], stored["draft"], "{kind:?} comes back as it was");
        assert_eq!(desk.ledger.store().history(kind, id).unwrap().len(), 3, "{kind:?}: added, deleted, restored");
    }
}

#[test]
fn every_list_sorts_by_every_column_and_finds_nothing_for_nonsense() {
    let mut desk = Desk::new();
    for kind in ADDED {
        desk.add(kind, |_| {});
        let page = desk.ledger.store().list(kind, &ListQuery::default()).unwrap();
        for column in page.rows[0].cells.keys() {
            for descending in [false, true] {
                let sort = Some(Sort { column: column.clone(), descending });
                let sorted = desk.ledger.store().list(kind, &ListQuery { sort, ..ListQuery::default() }).unwrap();
                assert_eq!(sorted.total, page.total, "{kind:?} by {column}");
            }
        }
        let nothing = ListQuery { text: "没有这样的东西%_\\".into(), ..ListQuery::default() };
        assert_eq!(desk.ledger.store().list(kind, &nothing).unwrap().total, 0, "{kind:?}");
    }
}

#[test]
fn a_stale_form_does_not_overwrite_what_was_saved_since() {
    let mut desk = Desk::new();
    let id = desk.add(Kind::Plan, |_| {});
    let draft = desk.ledger.get_json(Kind::Plan, id).unwrap()["draft"].clone();
    desk.change(Kind::Plan, id, |plan| plan["title"] = json!("修好水渠和桥")).unwrap();
    let request = zhucun_core::records::SaveRequest { kind: Kind::Plan, id: Some(id), version: Some(1), draft, keep: vec![] };
    assert!(matches!(desk.ledger.save_json(request), Err(Error::Stale(Kind::Plan))));
    assert_eq!(desk.ledger.get_json(Kind::Plan, id).unwrap()["draft"]["title"], "修好水渠和桥");
}

#[test]
fn what_others_refer_to_is_not_deleted() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let household = [RecordRef { kind: Kind::Household, id: desk.household }];
    let refused = desk.ledger.delete_records(&household).unwrap_err();
    assert_eq!(refused.code(), "in_use");
    assert!(refused.to_string().contains("1条走访"), "it says who refers to it: {refused}");
    assert_eq!(desk.total(Kind::Household), 1);
}

#[test]
fn a_problem_found_on_a_visit_becomes_an_issue_and_goes_with_it() {
    let mut desk = Desk::new();
    let visit = desk.add(Kind::Visit, |visit| visit["problem"] = json!("屋顶漏雨"));
    let page = desk.ledger.store().list(Kind::Issue, &ListQuery::default()).unwrap();
    assert_eq!(page.total, 1);
    let issue = desk.ledger.get_json(Kind::Issue, page.rows[0].id).unwrap();
    assert_eq!(issue["draft"]["visit_id"], json!(visit));
    assert_eq!(issue["draft"]["household_id"], json!(desk.household));
    assert_eq!(issue["draft"]["status"], "open");
    desk.ledger.undo().unwrap();
    assert_eq!((desk.total(Kind::Visit), desk.total(Kind::Issue)), (0, 0), "one operation, taken back as one");
}

#[test]
fn an_issue_is_closed_step_by_step() {
    let mut desk = Desk::new();
    let id = desk.add(Kind::Issue, |issue| issue["raised_on"] = json!("2026-06-01"));
    desk.change(Kind::Issue, id, |issue| issue["status"] = json!("handling")).unwrap();
    let early = desk.change(Kind::Issue, id, |issue| issue["status"] = json!("closed")).unwrap_err();
    assert_eq!(early.code(), "refused", "销号 needs its days");
    let solved = |issue: &mut serde_json::Value| {
        issue["status"] = json!("solved");
        issue["solved_on"] = json!("2026-06-10");
    };
    desk.change(Kind::Issue, id, solved).unwrap();
    let closed = |issue: &mut serde_json::Value| {
        issue["status"] = json!("closed");
        issue["closed_on"] = json!("2026-06-12");
    };
    desk.change(Kind::Issue, id, closed).unwrap();
    let last = desk.ledger.store().history(Kind::Issue, id).unwrap().remove(0);
    assert_eq!((&last.before.unwrap()["status"], &last.after["status"]), (&json!("solved"), &json!("closed")));
    let names: Vec<_> = desk.ledger.store().history(Kind::Issue, id).unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["修改问题", "修改问题", "修改问题", "新增问题"], "latest first");
}

#[test]
fn text_is_kept_in_one_form() {
    let mut desk = Desk::new();
    // e with a combining accent, and white space around.
    let id = desk.add(Kind::Plan, |plan| plan["title"] = json!("  cafe\u{301} 计划 "));
    assert_eq!(desk.ledger.get_json(Kind::Plan, id).unwrap()["draft"]["title"], "caf\u{e9} 计划");
}
