//! Lists that replace a spreadsheet: any column filtered, shipped and own filters, many records changed, export.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};
use zhucun_core::records::batch::{BatchAction, BatchChange, BatchOutcome, BatchRequest, batch_fields};
use zhucun_core::records::household::Household;
use zhucun_core::records::visit::{Visit, VisitMode};
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::sample::{TODAY as SAMPLE_DAY, create_sample};
use zhucun_core::storage::{ColumnCondition, ColumnTest, ColumnType, Ledger, ListPage, ListQuery, ListView, Lookup, Sort};
use zhucun_core::value::Id;
use zhucun_export::{ListFormat, ListSheet, ListSheetColumn, list_xlsx, write_new};
use zhucun_import::guard::Limits;
use zhucun_import::workbook::Cell;

use crate::desk::{Desk, TODAY, world};

fn asked(column: &str, test: ColumnTest) -> ListQuery {
    ListQuery { conditions: vec![ColumnCondition { column: column.to_owned(), test }], limit: 1000, ..ListQuery::default() }
}

fn one_of(values: &[&str]) -> ColumnTest {
    ColumnTest::OneOf { values: values.iter().map(|value| (*value).to_owned()).collect() }
}

fn page(ledger: &Ledger, kind: Kind, query: &ListQuery) -> ListPage {
    ledger.store().list(kind, query).unwrap_or_else(|error| panic!("{kind:?} {query:?}: {error}"))
}

fn sample() -> (Ledger, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (create_sample(&folder.path().join("示例.zcj")).unwrap(), folder)
}

#[test]
fn every_column_of_every_list_is_filtered_by_its_own_values() {
    let (ledger, _folder) = sample();
    for kind in Kind::ALL {
        let everything = page(&ledger, *kind, &ListQuery::default());
        let Some(row) = everything.rows.first() else { continue };
        for column in row.cells.keys() {
            let total = |test: ColumnTest| page(&ledger, *kind, &asked(column, test)).total;
            assert_eq!(total(ColumnTest::Empty) + total(ColumnTest::Filled), everything.total, "{kind:?} {column}");
            let values = ledger.store().list_values(*kind, &ListQuery::default(), column).unwrap();
            if values.column_type == ColumnType::Moment {
                continue;
            }
            for value in values.values.iter().take(5) {
                assert_eq!(total(one_of(&[&value.value])), value.count, "{kind:?} {column} {value:?}");
            }
        }
    }
}

#[test]
fn a_columns_values_are_counted_under_the_other_conditions() {
    let (ledger, _folder) = sample();
    let mut query = asked("mode", one_of(&["phone"]));
    query.conditions.push(ColumnCondition { column: "content".into(), test: ColumnTest::Filled });
    let values = ledger.store().list_values(Kind::Visit, &query, "mode").unwrap();
    assert!(values.values.len() > 1, "what the column itself is asked does not hide its other values");
    let counted: u32 = values.values.iter().map(|value| value.count).sum();
    query.conditions.remove(0);
    assert_eq!(counted, page(&ledger, Kind::Visit, &query).total);
}

#[test]
fn what_no_column_can_be_asked_is_refused() {
    let desk = Desk::new();
    let refused = |query: ListQuery| desk.ledger.store().list(Kind::Household, &query).unwrap_err().code().to_owned();
    assert_eq!(refused(asked("1=1); DROP TABLE household; --", ColumnTest::Empty)), "bad_input");
    assert_eq!(refused(asked("persons", ColumnTest::Contains { text: "1".into() })), "bad_input");
    assert_eq!(page(&desk.ledger, Kind::Household, &asked("address", ColumnTest::Contains { text: "'; --%_".into() })).total, 0);
}

fn plan(desk: &mut Desk, title: &str, target: &str, due_on: Option<NaiveDate>, status: &str) {
    desk.add(Kind::Plan, |plan| {
        plan["title"] = json!(title);
        plan["target"] = json!(target);
        plan["due_on"] = json!(due_on);
        plan["status"] = json!(status);
    });
}

fn days() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of((1u32..28).prop_map(|day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap()))
}

fn tests() -> impl Strategy<Value = (String, ColumnTest)> {
    let text = "[甲乙aB]{0,2}";
    prop_oneof![
        text.prop_map(|text| ("title".to_owned(), ColumnTest::Contains { text })),
        text.prop_map(|text| ("target".to_owned(), ColumnTest::Is { text })),
        Just(("target".to_owned(), ColumnTest::Empty)),
        Just(("due_on".to_owned(), ColumnTest::Filled)),
        prop::collection::vec("open|done|dropped", 0..3).prop_map(|values| ("status".to_owned(), ColumnTest::OneOf { values })),
        (days(), days()).prop_map(|(from, to)| ("due_on".to_owned(), ColumnTest::Days { from, to })),
    ]
}

/// The same, as one would look through the rows by eye.
fn fulfils(cells: &BTreeMap<String, Value>, (column, test): &(String, ColumnTest)) -> bool {
    let text = cells[column].as_str().unwrap_or_default();
    let folded = text.to_lowercase();
    match test {
        ColumnTest::Contains { text } => folded.contains(&text.to_lowercase()),
        ColumnTest::Is { text } => folded == text.to_lowercase(),
        ColumnTest::Empty => text.is_empty(),
        ColumnTest::Filled => !text.is_empty(),
        ColumnTest::OneOf { values } => values.iter().any(|value| value == text),
        ColumnTest::Days { from, to } => {
            !text.is_empty()
                && from.is_none_or(|from| from.to_string().as_str() <= text)
                && to.is_none_or(|to| text <= to.to_string().as_str())
        }
        ColumnTest::Numbers { .. } => unreachable!("plans hold no numbers"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn conditions_find_what_one_finds_by_eye(
        plans in prop::collection::vec(("[甲乙aB]{1,3}", "[甲乙aB]{0,2}", days(), "open|done|dropped"), 1..12),
        conditions in prop::collection::vec(tests(), 0..3),
        sort in prop::option::of(("title|target|due_on|status", any::<bool>())),
    ) {
        let mut desk = Desk::new();
        for (title, target, due_on, status) in &plans {
            plan(&mut desk, title, target, *due_on, status);
        }
        let everything = page(&desk.ledger, Kind::Plan, &ListQuery::default());
        let mut wanted: Vec<_> = everything.rows.into_iter().filter(|row| conditions.iter().all(|each| fulfils(&row.cells, each))).collect();
        if let Some((column, descending)) = &sort {
            let text = |cells: &BTreeMap<String, Value>| cells[column].as_str().unwrap_or_default().to_owned();
            wanted.sort_by(|a, b| {
                let (a, b) = (text(&a.cells), text(&b.cells));
                let order = if *descending { b.cmp(&a) } else { a.cmp(&b) };
                a.is_empty().cmp(&b.is_empty()).then(order)
            });
        }
        let query = ListQuery {
            conditions: conditions.iter().map(|(column, test)| ColumnCondition { column: column.clone(), test: test.clone() }).collect(),
            sort: sort.map(|(column, descending)| Sort { column, descending }),
            ..ListQuery::default()
        };
        let found = page(&desk.ledger, Kind::Plan, &query);
        prop_assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), wanted.iter().map(|row| row.id).collect::<Vec<_>>());
        prop_assert_eq!(desk.ledger.store().list_ids(Kind::Plan, &query).unwrap(), wanted.iter().map(|row| row.id).collect::<Vec<_>>());
    }

    /// Inside a transaction nothing is remembered: what is answered there is read anew.
    #[test]
    fn what_lists_remember_is_what_they_would_read_anew(steps in prop::collection::vec((0u8..11, 0usize..4), 1..20)) {
        let mut desk = Desk::new();
        let mut visits: Vec<Id> = Vec::new();
        let mut households = vec![desk.household];
        let queries = [
            (Kind::Household, ListQuery { sort: Some(Sort { column: "last_visit".into(), descending: true }), ..ListQuery::default() }),
            (Kind::Household, asked("hamlet", ColumnTest::Contains { text: "屯".into() })),
            (Kind::Visit, ListQuery { sort: Some(Sort { column: "households".into(), descending: false }), ..ListQuery::default() }),
            (Kind::Visit, ListQuery { filters: BTreeMap::from([("mode".to_owned(), "phone".to_owned())]), ..ListQuery::default() }),
            (Kind::Visit, ListQuery { text: "石".into(), ..ListQuery::default() }),
            (Kind::Household, ListQuery { text: "s".into(), ..ListQuery::default() }),
            (Kind::Household, ListQuery::default()),
            (Kind::Household, ListQuery { filters: BTreeMap::from([("phone_missing".to_owned(), "1".to_owned())]), ..ListQuery::default() }),
            (Kind::Visit, ListQuery::default()),
        ];
        for (step, at) in steps {
            match step {
                0 => {
                    let household = households[at % households.len()];
                    // One that was undone cannot be visited.
                    visits.extend(desk.try_add(Kind::Visit, |visit| {
                        visit["household_ids"] = json!([household]);
                        visit["day"] = json!(format!("2026-06-{:02}", at + 1));
                        visit["mode"] = json!(if at % 2 == 0 { "phone" } else { "in_person" });
                    }));
                }
                1 => households.push(desk.add(Kind::Household, |h| {
                    h["members"][0]["name"] = json!(["石一", "韦二", "潘三", "石四"][at]);
                    h["hamlet"] = json!(["上屯", "", "下屯", "街上"][at]);
                })),
                2 => {
                    let id = households[at % households.len()];
                    let _ = desk.change(Kind::Household, id, |h| h["members"][0]["name"] = json!(["甲", "乙", "丙", "丁"][at]));
                }
                3 => {
                    if let Some(id) = visits.get(at) {
                        desk.ledger.delete_records(&[RecordRef { kind: Kind::Visit, id: *id }]).unwrap();
                    }
                }
                4 => { let _ = desk.ledger.undo(); }
                5 => { let _ = desk.ledger.redo(); }
                6 => desk.ledger.prepare_list([Kind::Household, Kind::Visit][at % 2]),
                7 => { desk.ledger.finish_list([Kind::Household, Kind::Visit][at % 2]); }
                8 => desk.ledger.leave_list([Kind::Household, Kind::Visit][at % 2]),
                9 => desk.ledger.prepare_likely_lists(),
                _ => {
                    if let Some(id) = visits.get(at).copied() {
                        let gone = [RecordRef { kind: Kind::Visit, id }];
                        desk.ledger.delete_records(&gone).unwrap();
                        if desk.ledger.purge(&gone).is_ok() {
                            visits.retain(|visit| *visit != id);
                        }
                    }
                }
            }
            // Some steps follow each other without a question between them.
            let asked = if at == 3 { &queries[..0] } else { &queries[..] };
            for (kind, query) in asked {
                let remembered = page(&desk.ledger, *kind, query);
                let anew = desk.ledger.rehearse(|tx| tx.list(*kind, query)).unwrap();
                prop_assert_eq!(remembered, anew, "{:?} {:?}", kind, query);
            }
        }
    }
}

/// While the home page stands, the lists that are likely opened first are read; the one that is opened comes first.
#[test]
fn the_likely_lists_are_read_before_one_is_opened() {
    let (ledger, _folder) = sample();
    ledger.prepare_likely_lists();
    ledger.prepare_list(Kind::Visit);
    for kind in [Kind::Visit, Kind::Household, Kind::Application] {
        assert!(ledger.finish_list(kind) > 0, "{kind:?} is read although another list was opened");
    }
    assert_eq!(ledger.finish_list(Kind::Project), 0, "nobody is likely to open it first");
    let by_purpose = ListQuery { filters: BTreeMap::from([("purpose".to_owned(), "policy".to_owned())]), ..ListQuery::default() };
    let found = page(&ledger, Kind::Visit, &by_purpose);
    assert!(found.total > 0);
    let (fresh, _folder) = sample();
    assert_eq!(found.total, page(&fresh, Kind::Visit, &by_purpose).total, "what was read ahead is what is there");
}

/// Pickers ask SQLite, lists their memory.
#[test]
fn the_search_box_finds_what_like_finds() {
    let (ledger, _folder) = sample();
    let texts = ["石", "医保", "石门村", "A", "slS", "2026", "%", "_", "、", "老三 ", "没有这个", "13", "'", "\\"];
    for (kind, ahead) in Kind::ALL.iter().flat_map(|kind| [(kind, false), (kind, true)]) {
        if ahead {
            ledger.prepare_list(*kind);
            ledger.finish_list(*kind);
        }
        for text in texts {
            let lookup = Lookup { text: text.to_owned(), limit: 10_000, ..Lookup::default() };
            let by_like: Vec<Id> = ledger.store().look_up(*kind, &lookup).unwrap().into_iter().map(|title| title.id).collect();
            let query = ListQuery { text: text.to_owned(), ..ListQuery::default() };
            assert_eq!(ledger.store().list_ids(*kind, &query).unwrap(), by_like, "{kind:?} {text} {ahead}");
        }
    }
}

#[test]
fn a_page_far_down_is_of_the_same_order_as_the_first() {
    let (ledger, _folder) = sample();
    let first = page(&ledger, Kind::Visit, &ListQuery { limit: 50, ..ListQuery::default() });
    let all = ledger.store().list_ids(Kind::Visit, &ListQuery::default()).unwrap();
    let from_tables: Vec<Id> = first.rows.iter().map(|row| row.id).collect();
    assert_eq!(from_tables, all[..50], "the first page is read from the tables, the others from memory");
    assert_eq!(u32::try_from(all.len()).unwrap(), first.total);
    let (reopened, _folder) = sample();
    for kind in Kind::ALL {
        let fresh = ledger.store().list_ids(*kind, &ListQuery::default()).unwrap();
        let page = page(&reopened, *kind, &ListQuery { limit: 1000, ..ListQuery::default() });
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), fresh, "{kind:?}");
    }
}

fn shipped(ledger: &Ledger, kind: Kind, key: &str) -> Vec<Id> {
    let lists = ledger.store().saved_lists(kind, SAMPLE_DAY).unwrap();
    let view = lists.into_iter().find(|list| list.id == key && list.shipped).unwrap().view;
    let mut found = ledger.store().list_ids(kind, &ListQuery { filters: view.filters, ..ListQuery::default() }).unwrap();
    found.sort();
    found
}

#[test]
fn the_shipped_filters_of_households_mean_what_they_say() {
    let (ledger, _folder) = sample();
    let households = ledger.store().all::<Household>().unwrap();
    let visits = ledger.store().all::<Visit>().unwrap();
    let visited_since = |id: Id, from: &str| {
        let from: NaiveDate = from.parse().unwrap();
        let reaches = |visit: &Visit| visit.mode != VisitMode::NotReached && visit.day >= from;
        visits.iter().any(|visit| reaches(&visit.draft) && visit.draft.household_ids.iter().any(|each| each.household_id == id))
    };
    let is = |household: &Household, codes: &[&str]| {
        household.types.iter().any(|t| t.to_day.is_none() && codes.contains(&t.code.as_str()))
    };
    let ids = |fits: &dyn Fn(Id, &Household) -> bool| -> Vec<Id> {
        households.iter().filter(|household| fits(household.id, &household.draft)).map(|household| household.id).collect()
    };
    let monitored = ["unstable_lifted", "marginal_at_risk", "sudden_hardship"];
    assert_eq!(
        shipped(&ledger, Kind::Household, "monitored_not_visited"),
        ids(&|id, household| is(household, &monitored) && !visited_since(id, "2026-06-01"))
    );
    assert_eq!(
        shipped(&ledger, Kind::Household, "lifted_not_visited"),
        ids(&|id, household| is(household, &["lifted"]) && !visited_since(id, "2026-01-01"))
    );
    let counts = |status: &str| matches!(status, "" | "normal");
    assert_eq!(
        shipped(&ledger, Kind::Household, "id_missing"),
        ids(&|_, household| household.members.iter().any(|member| counts(&member.status) && member.id_number.is_empty()))
    );
    assert_eq!(
        shipped(&ledger, Kind::Household, "phone_missing"),
        ids(&|_, household| household.phone.is_empty()
            && household.members.iter().all(|member| !counts(&member.status) || member.phone.is_empty()))
    );
}

#[test]
fn whom_nobody_reached_was_not_visited() {
    let mut desk = Desk::new();
    desk.change(Kind::Household, desk.household, |household| {
        household["types"] = json!([{ "code": "marginal_at_risk", "from_day": null, "to_day": null }]);
        household["risks"] = json!([desk_risk()]);
        household["identified_on"] = json!("2025-03-01");
    })
    .unwrap();
    let waiting = |desk: &Desk| shipped_today(&desk.ledger, Kind::Household, "monitored_not_visited").len();
    assert_eq!(waiting(&desk), 1);
    desk.add(Kind::Visit, |visit| {
        visit["mode"] = json!("not_reached");
        visit["unreached_reason"] = json!("外出");
    });
    assert_eq!(waiting(&desk), 1, "an attempt is no visit");
    desk.add(Kind::Visit, |visit| visit["mode"] = json!("phone"));
    assert_eq!(waiting(&desk), 0);
}

fn desk_risk() -> String {
    Desk::new().category("risk_type")
}

fn shipped_today(ledger: &Ledger, kind: Kind, key: &str) -> Vec<Id> {
    let lists = ledger.store().saved_lists(kind, TODAY.parse().unwrap()).unwrap();
    let view = lists.into_iter().find(|list| list.id == key).unwrap().view;
    ledger.store().list_ids(kind, &ListQuery { filters: view.filters, ..ListQuery::default() }).unwrap()
}

#[test]
fn papers_milestones_and_issues_that_wait_are_found() {
    let mut desk = Desk::new();
    let application = desk.add(Kind::Application, |_| {});
    assert_eq!(shipped_today(&desk.ledger, Kind::Application, "needs_papers"), [application]);
    let programme = desk.ledger.get_json(Kind::Application, application).unwrap()["draft"]["programme_id"].clone();
    let programme = Id::parse(programme.as_str().unwrap()).unwrap();
    let documents = desk.ledger.get_json(Kind::Programme, programme).unwrap()["draft"]["documents"].clone();
    assert!(documents.as_array().unwrap().len() > 1, "the shipped programme lists its papers");
    desk.change(Kind::Application, application, |draft| draft["documents_ready"] = documents.clone()).unwrap();
    assert_eq!(shipped_today(&desk.ledger, Kind::Application, "needs_papers"), [], "all papers are there");
    desk.change(Kind::Application, application, |draft| {
        draft["stage"] = json!("returned");
        draft["step"] = json!("退回补正");
        draft["reason"] = json!("照片不清");
        draft["applied_on"] = json!("2026-06-01");
    })
    .unwrap();
    assert_eq!(shipped_today(&desk.ledger, Kind::Application, "needs_papers"), [application], "sent back");

    let late = desk.add(Kind::Project, |project| {
        project["milestones"] =
            json!([{ "code": "approved", "planned": "2026-06-01", "actual": null, "document_no": "", "note": "" }]);
    });
    desk.add(Kind::Project, |project| project["name"] = json!("下屯水渠"));
    assert_eq!(shipped_today(&desk.ledger, Kind::Project, "overdue"), [late]);

    let overdue = desk.add(Kind::Issue, |issue| {
        issue["raised_on"] = json!("2026-05-01");
        issue["due_on"] = json!("2026-06-01");
    });
    let solved = desk.add(Kind::Issue, |issue| {
        issue["raised_on"] = json!("2026-05-01");
        issue["status"] = json!("solved");
        issue["solved_on"] = json!("2026-05-02");
    });
    assert_eq!(shipped_today(&desk.ledger, Kind::Issue, "overdue"), [overdue]);
    let mut open = shipped_today(&desk.ledger, Kind::Issue, "not_closed");
    open.sort();
    assert_eq!(open, [overdue, solved], "solved is not closed out yet");
}

#[test]
fn own_filters_move_with_the_ledger_and_keep_their_names_apart() {
    let mut desk = Desk::new();
    let view = ListView {
        conditions: asked("hamlet", one_of(&["上屯"])).conditions,
        columns: Some(vec!["head".into(), "phone".into()]),
        ..ListView::default()
    };
    let kept = desk.ledger.save_list(Kind::Household, None, " 上屯的户 ", &view).unwrap();
    assert_eq!(kept.name, "上屯的户");
    assert_eq!(desk.ledger.save_list(Kind::Household, None, "上屯的户", &view).unwrap_err().code(), "bad_input");
    assert_eq!(desk.ledger.save_list(Kind::Household, None, "未走访监测户", &view).unwrap_err().code(), "bad_input");
    let unknown = ListView { filters: BTreeMap::from([("no_such".into(), "1".into())]), ..ListView::default() };
    assert_eq!(desk.ledger.save_list(Kind::Household, None, "不认识的", &unknown).unwrap_err().code(), "bad_input");
    let id = Id::parse(&kept.id).unwrap();
    desk.ledger.save_list(Kind::Household, Some(id), "上屯", &view).unwrap();
    assert!(desk.ledger.undo_state().undo.is_some_and(|name| name.contains("农户")), "a filter is no statement to be undone");

    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let mut ledger = Ledger::open(&path, world()).unwrap();
    let own = |ledger: &Ledger| -> Vec<_> {
        ledger
            .store()
            .saved_lists(Kind::Household, TODAY.parse().unwrap())
            .unwrap()
            .into_iter()
            .filter(|list| !list.shipped)
            .collect()
    };
    assert_eq!(own(&ledger).iter().map(|list| (&*list.name, &list.view)).collect::<Vec<_>>(), [("上屯", &view)]);
    ledger.drop_list(id).unwrap();
    assert!(own(&ledger).is_empty());
}

fn batch(kind: Kind, ids: &[Id], changes: &[(&str, BatchAction, Value)]) -> BatchRequest {
    let changes = changes.iter().map(|(path, action, value)| BatchChange {
        path: (*path).to_owned(),
        action: *action,
        value: value.clone(),
    });
    BatchRequest {
        kind,
        ids: ids.to_vec(),
        changes: changes.collect(),
        day: TODAY.parse().unwrap(),
        reason: String::new(),
        skip_refused: false,
    }
}

fn counts(outcome: &BatchOutcome) -> [u32; 4] {
    [outcome.changed, outcome.unchanged, outcome.refused, outcome.questioned]
}

#[test]
fn many_records_change_as_one_and_are_undone_as_one() {
    let mut desk = Desk::new();
    let ids: Vec<Id> =
        (1..=9).map(|day| desk.add(Kind::Issue, |issue| issue["raised_on"] = json!(format!("2026-06-0{day}")))).collect();
    let before = desk.content();
    let member = json!(desk.member);
    let request = batch(
        Kind::Issue,
        &ids,
        &[("owner_id", BatchAction::Set, member.clone()), ("due_on", BatchAction::Set, json!("2026-07-01"))],
    );
    let seen = desk.ledger.rehearse_batch(&request, &mut |_, _| true).unwrap();
    assert_eq!((counts(&seen), seen.done), ([9, 0, 0, 0], false));
    assert_eq!(desk.content(), before, "looking changes nothing");
    let done = desk.ledger.batch(&request, &mut |_, _| true).unwrap();
    assert_eq!((counts(&done), done.done), ([9, 0, 0, 0], true));
    let issue = desk.ledger.get_json(Kind::Issue, ids[4]).unwrap()["draft"].clone();
    assert_eq!((&issue["owner_id"], &issue["due_on"]), (&member, &json!("2026-07-01")));
    assert_eq!(desk.ledger.rehearse_batch(&request, &mut |_, _| true).map(|outcome| counts(&outcome)).unwrap(), [0, 9, 0, 0]);
    assert_eq!(desk.ledger.undo_state().undo.as_deref(), Some("批量修改问题"));
    desk.ledger.undo().unwrap();
    assert_eq!(desk.content(), before);
    desk.ledger.redo().unwrap();
    assert_eq!(desk.ledger.get_json(Kind::Issue, ids[0]).unwrap()["draft"]["owner_id"], member);
}

#[test]
fn what_the_rules_refuse_is_named_and_stays_and_the_rest_is_asked_for() {
    let mut desk = Desk::new();
    let early = desk.add(Kind::Issue, |issue| issue["raised_on"] = json!("2026-05-01"));
    let late = desk.add(Kind::Issue, |issue| issue["raised_on"] = json!("2026-06-15"));
    let before = desk.content();
    let mut request = batch(Kind::Issue, &[early, late], &[("due_on", BatchAction::Set, json!("2026-06-01"))]);
    let held = desk.ledger.batch(&request, &mut |_, _| true).unwrap();
    assert_eq!((counts(&held), held.done), ([1, 0, 1, 0], false));
    assert_eq!((held.refusals[0].id, &*held.refusals[0].title), (late, "屋顶漏雨"));
    assert!(held.refusals[0].messages[0].contains("不能早于"), "{:?}", held.refusals);
    assert_eq!(desk.content(), before, "nothing, unless the rest is asked for");
    request.skip_refused = true;
    assert!(desk.ledger.batch(&request, &mut |_, _| true).unwrap().done);
    let due = |id: Id, desk: &Desk| desk.ledger.get_json(Kind::Issue, id).unwrap()["draft"]["due_on"].clone();
    assert_eq!((due(early, &desk), due(late, &desk)), (json!("2026-06-01"), Value::Null));
}

#[test]
fn one_reason_holds_for_all_soft_findings() {
    let mut desk = Desk::new();
    let other = desk.add(Kind::Household, |_| {});
    let mut request = batch(Kind::Household, &[desk.household, other], &[("types", BatchAction::Add, json!(["lifted"]))]);
    let seen = desk.ledger.rehearse_batch(&request, &mut |_, _| true).unwrap();
    assert_eq!(counts(&seen), [2, 0, 0, 2], "both lack the year of leaving poverty");
    assert_eq!(seen.questions[0].count, 2);
    let held = desk.ledger.batch(&request, &mut |_, _| true).unwrap();
    assert_eq!((counts(&held), held.done), ([0, 0, 2, 0], false), "not without a reason");
    request.reason = "年度待核实".into();
    assert!(desk.ledger.batch(&request, &mut |_, _| true).unwrap().done);
    let types = desk.ledger.get_json(Kind::Household, other).unwrap()["draft"]["types"].clone();
    assert_eq!(types[1], json!({ "code": "lifted", "from_day": TODAY, "to_day": null }));
    let end = BatchRequest {
        reason: String::new(),
        ..batch(Kind::Household, &[other], &[("types", BatchAction::Remove, json!(["general"]))])
    };
    assert!(desk.ledger.batch(&end, &mut |_, _| true).unwrap().done, "the reason given once still holds");
    let types = desk.ledger.get_json(Kind::Household, other).unwrap()["draft"]["types"].clone();
    assert_eq!(types[0]["to_day"], json!(TODAY), "a type ends, it is not wiped out");
}

#[test]
fn lists_are_added_to_and_taken_from() {
    let mut desk = Desk::new();
    let ids: Vec<Id> = (0..2).map(|_| desk.add(Kind::Visit, |_| {})).collect();
    let change = [("purposes", BatchAction::Add, json!(["handbook"])), ("purposes", BatchAction::Remove, json!(["routine"]))];
    assert!(desk.ledger.batch(&batch(Kind::Visit, &ids, &change), &mut |_, _| true).unwrap().done);
    assert_eq!(desk.ledger.get_json(Kind::Visit, ids[0]).unwrap()["draft"]["purposes"], json!(["handbook"]));
    let emptied = batch(Kind::Visit, &ids, &[("purposes", BatchAction::Remove, json!(["handbook"]))]);
    assert_eq!(counts(&desk.ledger.batch(&emptied, &mut |_, _| true).unwrap()), [0, 0, 2, 0], "a visit is for something");
}

#[test]
fn a_step_brings_its_stage_its_day_and_a_line_of_history() {
    let mut desk = Desk::new();
    let id = desk.add(Kind::Application, |_| {});
    let (programme, _) = desk.programme("危房改造");
    let steps = desk.ledger.get_json(Kind::Programme, programme).unwrap()["draft"]["steps"].clone();
    let submitted = steps.as_array().unwrap().iter().find(|step| step["stage"] == "submitted").unwrap().clone();
    let request = batch(Kind::Application, &[id], &[("step", BatchAction::Set, submitted["name"].clone())]);
    assert!(desk.ledger.batch(&request, &mut |_, _| true).unwrap().done);
    let draft = desk.ledger.get_json(Kind::Application, id).unwrap()["draft"].clone();
    assert_eq!((&draft["stage"], &draft["applied_on"]), (&json!("submitted"), &json!(TODAY)));
    assert_eq!(draft["history"].as_array().unwrap().last().unwrap()["step"], submitted["name"]);
    let strange = batch(Kind::Application, &[id], &[("step", BatchAction::Set, json!("别的项目的环节"))]);
    assert_eq!(counts(&desk.ledger.rehearse_batch(&strange, &mut |_, _| true).unwrap()), [0, 0, 1, 0]);
}

#[test]
fn only_named_fields_are_changed_and_a_stop_changes_nothing() {
    let mut desk = Desk::new();
    let ids = [desk.household];
    let before = desk.content();
    for (path, action) in
        [("members", BatchAction::Set), ("types", BatchAction::Set), ("hamlet", BatchAction::Add), ("无", BatchAction::Set)]
    {
        let request = batch(Kind::Household, &ids, &[(path, action, json!([]))]);
        assert_eq!(desk.ledger.batch(&request, &mut |_, _| true).unwrap_err().code(), "bad_input", "{path}");
    }
    let wrong = batch(Kind::Household, &ids, &[("village_id", BatchAction::Set, Value::Null)]);
    assert_eq!(desk.ledger.batch(&wrong, &mut |_, _| true).unwrap_err().code(), "bad_input");
    let request = batch(Kind::Household, &ids, &[("hamlet", BatchAction::Set, json!("上屯"))]);
    assert_eq!(desk.ledger.batch(&request, &mut |_, _| false).unwrap_err().code(), "cancelled");
    assert_eq!(desk.content(), before);
    assert!(!batch_fields(Kind::Household).is_empty() && batch_fields(Kind::Report).is_empty());
}

#[test]
fn a_list_is_exported_as_it_is_seen_with_typed_cells_and_no_formula() {
    let mut desk = Desk::new();
    desk.change(Kind::Household, desk.household, |household| {
        household["address"] = json!("=cmd|'/C calc'!A0");
        household["ext_no"] = json!("990101000001");
        household["hamlet"] = json!("上屯");
    })
    .unwrap();
    desk.add(Kind::Visit, |visit| visit["day"] = json!("2026-06-03"));
    desk.add(Kind::Household, |household| household["hamlet"] = json!("下屯"));
    let column = |key: &str, heading: &str, format: ListFormat| ListSheetColumn {
        key: key.to_owned(),
        heading: heading.to_owned(),
        format,
        names: BTreeMap::new(),
    };
    let sheet = ListSheet {
        title: "农户台账".into(),
        notes: vec!["筛选：屯（组） 是 上屯".into()],
        columns: vec![
            column("address", "住址", ListFormat::Text),
            column("ext_no", "户编号", ListFormat::Text),
            column("persons", "人口", ListFormat::Int),
            column("last_visit", "最近走访", ListFormat::Day),
        ],
    };
    let keys: Vec<String> = sheet.columns.iter().map(|column| column.key.clone()).collect();
    let query = asked("head", one_of(&["石老三"]));
    let table = desk.ledger.store().list_table(Kind::Household, &query, &keys).unwrap();
    let mut steps = Vec::new();
    let bytes = list_xlsx(&sheet, &table, TODAY.parse().unwrap(), &mut |done, total| {
        steps.push((done, total));
        true
    })
    .unwrap();
    assert_eq!(steps, [(0, 1), (1, 1)]);
    let path = write_new(desk.folder.path(), "农户台账2026-06-20", "xlsx", &bytes).unwrap();
    let second = write_new(desk.folder.path(), "农户台账2026-06-20", "xlsx", &bytes).unwrap();
    assert!(second.ends_with("农户台账2026-06-20（2）.xlsx"), "a file in the way keeps its name");

    let workbook = zhucun_import::read::read_file(&path, None, &Limits::default(), &mut |_| true).unwrap();
    let rows = &workbook.sheets[0].rows;
    let text = |row: usize, column: usize| match rows[row].cells.get(column) {
        Some(Cell::Text(text)) => text.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!((workbook.sheets[0].name.as_str(), text(0, 0).as_str()), ("农户台账", "农户台账"));
    assert_eq!(text(1, 0), "筛选：屯（组） 是 上屯");
    assert!(text(2, 0).starts_with("共1条") && text(2, 0).contains("2026年6月20日"), "{}", text(2, 0));
    assert_eq!([text(3, 0), text(3, 1), text(3, 2), text(3, 3)], ["住址", "户编号", "人口", "最近走访"]);
    assert_eq!((text(4, 0), text(4, 1)), ("=cmd|'/C calc'!A0".to_owned(), "990101000001".to_owned()));
    assert_eq!(rows[4].cells[2], Cell::Number(1.0));
    assert!(matches!(rows[4].cells[3], Cell::DateTime(_)), "{:?}", rows[4].cells[3]);
    assert_eq!(rows.len(), 5);

    let stopped = list_xlsx(&sheet, &table, TODAY.parse().unwrap(), &mut |_, _| false);
    assert_eq!(stopped.unwrap_err().code(), "cancelled");
}
