//! Plans over two half-years: what was left unfinished goes on in the next, once, and one step takes it back.

use serde_json::json;
use zhucun_core::records::plan::CarriedOver;
use zhucun_core::records::report::Report;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::compile;
use zhucun_core::storage::ListQuery;
use zhucun_core::value::Period;

use crate::desk::Desk;

fn plan(desk: &mut Desk, period: &str, title: &str, status: &str) -> zhucun_core::value::Id {
    desk.add(Kind::Plan, |plan| {
        plan["period"] = json!(period);
        plan["title"] = json!(title);
        plan["status"] = json!(status);
        plan["due_on"] = json!("2026-05-31");
    })
}

fn of_period(desk: &Desk, period: &str) -> Vec<serde_json::Value> {
    let filters = [("period".to_owned(), period.to_owned())].into();
    let page = desk.ledger.store().list(Kind::Plan, &ListQuery { filters, ..ListQuery::default() }).unwrap();
    page.rows.iter().map(|row| desk.ledger.get_json(Kind::Plan, row.id).unwrap()["draft"].clone()).collect()
}

#[test]
fn what_is_unfinished_goes_on_in_the_next_half_year_and_one_undo_takes_it_back() {
    let mut desk = Desk::new();
    let open = plan(&mut desk, "2026H1", "修好水渠", "open");
    let written = plan(&mut desk, "2026H1", "建好水池", "open");
    plan(&mut desk, "2026H1", "装好护栏", "done");
    plan(&mut desk, "2026H1", "种果树", "dropped");
    plan(&mut desk, "2026H2", "建好水池", "open");
    let before = desk.content();

    let carried = desk.ledger.carry_over_plans("2026H1").unwrap().value;
    assert_eq!(carried, CarriedOver { added: 1, joined: 1 });
    let next = of_period(&desk, "2026H2");
    let from = |id| next.iter().find(|plan| plan["carried_from"] == json!(id)).unwrap();
    assert_eq!((from(open)["title"].as_str(), from(open)["due_on"].is_null()), (Some("修好水渠"), true), "the day has passed");
    assert_eq!(from(written)["title"], "建好水池", "what was written by hand is joined, not doubled");
    assert_eq!(next.len(), 2);
    let statuses = desk.ledger.store().list(Kind::Plan, &ListQuery::default()).unwrap().rows;
    assert_eq!(statuses.iter().filter(|row| row.cells["status"] == "carried").count(), 2, "the list says that they go on");

    let again = desk.ledger.carry_over_plans("2026H1").unwrap();
    assert_eq!((again.value, again.changed.is_empty()), (CarriedOver::default(), true), "nothing is carried twice");
    desk.ledger.undo().unwrap();
    assert_eq!(desk.content(), before);
    assert!(desk.ledger.carry_over_plans("2026").is_err());
}

#[test]
fn a_plan_that_others_go_on_with_is_kept_and_none_goes_on_with_a_later_one() {
    let mut desk = Desk::new();
    let open = plan(&mut desk, "2026H1", "修好水渠", "open");
    desk.ledger.carry_over_plans("2026H1").unwrap();
    let record = [RecordRef { kind: Kind::Plan, id: open }];
    assert_eq!(desk.ledger.delete_records(&record).err().unwrap().code(), "in_use");
    let later = plan(&mut desk, "2026H2", "铺路", "open");
    let refused = desk.change(Kind::Plan, open, |plan| plan["carried_from"] = json!(later));
    assert_eq!(refused.err().unwrap().code(), "refused");
}

#[test]
fn the_report_tells_what_became_of_the_plans() {
    let mut desk = Desk::new();
    plan(&mut desk, "2026H1", "修好水渠", "open");
    let done = plan(&mut desk, "2026H1", "装好护栏", "done");
    desk.change(Kind::Plan, done, |plan| plan["result"] = json!("护栏已验收。")).unwrap();
    desk.ledger.carry_over_plans("2026H1").unwrap();
    let report = Report::of(Period::parse("2026H1").unwrap(), desk.ledger.today(), "work-team");
    let compiled = desk.ledger.read(|store| compile(store, &report)).unwrap();
    let text = compiled.document.plain_text().join("\n");
    for phrase in [
        "共2项，已完成1项，完成率50%，尚未完成1项，其中1项结转下期",
        "已完成的有：装好护栏，护栏已验收。",
        "尚未完成的有：修好水渠。",
        "1.修好水渠（上期结转）。",
    ] {
        assert!(text.contains(phrase), "{phrase}: {text}");
    }
    assert_eq!(compiled.figures.get("plans.due.done").unwrap().records, [RecordRef { kind: Kind::Plan, id: done }]);
}
