//! Duplicates on a real ledger: found while typing and in the whole ledger, dismissed, merged, taken back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};
use zhucun_core::Error;
use zhucun_core::figures::{Figures, Gathered, Scope};
use zhucun_core::records::Kind;
use zhucun_core::records::twins::compare::{Choice, Comparison, Side, compare};
use zhucun_core::records::twins::merge::MergeRequest;
use zhucun_core::records::twins::{LookAlike, look_alikes};
use zhucun_core::storage::ListQuery;
use zhucun_core::value::{Id, IdNumber, Period};

use crate::desk::{Desk, found};

/// A member as the form types it.
fn member(name: &str, relation: &str, id_number: &str) -> Value {
    let mut member = serde_json::to_value(zhucun_core::records::household::Member::named(name, relation)).unwrap();
    member["id_number"] = json!(id_number);
    member
}

fn number(nth: u32) -> String {
    IdNumber::complete(&format!("99010119800101{nth:03}"))
}

fn household(desk: &mut Desk, members: Vec<Value>, change: impl FnOnce(&mut Value)) -> Id {
    desk.add(Kind::Household, |draft| {
        draft["members"] = json!(members);
        change(draft);
    })
}

fn alike(desk: &Desk, members: Vec<Value>) -> Vec<LookAlike> {
    let mut draft = desk.draft(Kind::Household);
    draft["members"] = json!(members);
    look_alikes(desk.ledger.store(), Kind::Household, None, draft).unwrap()
}

fn reasons(found: &[LookAlike]) -> Vec<Vec<String>> {
    let kind = |reason: &_| serde_json::to_value(reason).unwrap()["kind"].as_str().unwrap().to_owned();
    found.iter().map(|each| each.reasons.iter().map(kind).collect()).collect()
}

fn side(id: Id) -> Side {
    Side { id: Some(id), ..Side::default() }
}

fn request(left: Id, right: Id) -> MergeRequest {
    let (choices, discard, kept) = (BTreeMap::new(), Vec::new(), Vec::new());
    MergeRequest { left: side(left), right: side(right), keep: Choice::Left, choices, discard, kept }
}

fn compared(desk: &Desk, left: Id, right: Id) -> Comparison {
    compare(desk.ledger.store(), &side(left), &side(right), Some(Choice::Left)).unwrap()
}

fn draft(desk: &Desk, kind: Kind, id: Id) -> Value {
    desk.ledger.get_json(kind, id).unwrap()["draft"].clone()
}

fn figure(desk: &Desk, key: &str) -> i64 {
    let scope = Scope::of(Period::parse("2026H1").unwrap());
    Figures::count(&Gathered::load(desk.ledger.store(), scope).unwrap()).number(key)
}

/// Two entries of one household: with everything that can refer to them. Answers both, and what refers to the second.
fn twins(desk: &mut Desk) -> (Id, Id) {
    let first = household(desk, vec![member("潘七", "head", &number(1)), member("韦小妹", "spouse", "")], |draft| {
        draft["address"] = json!("下屯3号");
        draft["phone"] = json!("13900001111");
        draft["incomes"] = json!([income(2025, 100)]);
    });
    let second = household(
        desk,
        vec![member("潘 七", "head", ""), member("韦小妹", "spouse", &number(2)), member("潘小弟", "son", &number(3))],
        |draft| {
            draft["hamlet"] = json!("下屯");
            draft["phone"] = json!("13900002222");
            draft["note"] = json!("收入以茶叶为主");
            draft["types"] = json!([{ "code": "dibao", "from_day": "2024-01-01", "to_day": null }]);
            draft["incomes"] = json!([income(2024, 200), income(2025, 300)]);
        },
    );
    (first, second)
}

fn income(year: i64, wage: i64) -> Value {
    json!({ "year": year, "wage": wage, "business": 0, "property": 0, "dibao": 0, "tekun": 0, "pension": 0, "ecology": 0,
        "family_planning": 0, "other_transfer": 0, "expense": 0 })
}

fn person(desk: &Desk, household: Id, at: usize) -> Value {
    draft(desk, Kind::Household, household)["members"][at]["id"].clone()
}

#[test]
fn a_household_that_is_typed_again_is_found_by_number_and_by_name_in_the_village() {
    let mut desk = Desk::new();
    let there = household(&mut desk, vec![member("潘七", "head", &number(1)), member("韦小妹", "spouse", "")], |_| {});
    let by_number = alike(&desk, vec![member("别人", "head", &number(1))]);
    assert_eq!((by_number[0].record.id, reasons(&by_number)), (there, vec![vec!["same_id_number".to_owned()]]));
    assert_eq!(reasons(&alike(&desk, vec![member("潘　七", "head", "")])), [["same_head_same_village"]]);
    assert_eq!(reasons(&alike(&desk, vec![member("潘七", "head", &number(9))])), [["namesake"]], "another number, another man");
    assert_eq!(
        reasons(&alike(&desk, vec![member("陆八", "head", ""), member("韦小妹", "spouse", "")])),
        [["same_person_same_village"]]
    );
    assert!(alike(&desk, vec![member("陆八", "head", "")]).is_empty());
    let village = desk.add(Kind::Village, |_| {});
    let mut elsewhere = desk.draft(Kind::Household);
    elsewhere["village_id"] = json!(village);
    assert!(look_alikes(desk.ledger.store(), Kind::Household, None, elsewhere).unwrap().is_empty());
    let own = draft(&desk, Kind::Household, there);
    assert!(
        look_alikes(desk.ledger.store(), Kind::Household, Some(there), own).unwrap().is_empty(),
        "nobody is a twin of theirs"
    );
}

#[test]
fn a_number_of_another_household_is_refused_and_the_household_named() {
    let mut desk = Desk::new();
    let there = household(&mut desk, vec![member("潘七", "head", &number(1))], |draft| draft["ext_no"] = json!("4501"));
    let again = desk.try_add(Kind::Household, |draft| {
        draft["members"] = json!([member("潘七", "head", &number(1))]);
        draft["ext_no"] = json!("4501");
    });
    let Err(Error::Refused(findings)) = again else { panic!("{again:?}") };
    assert_eq!(found(&findings), ["duplicate_household at ext_no", "duplicate_person at members.0.id_number"]);
    assert!(findings.iter().all(|finding| finding.about.is_some_and(|about| about.id == there)));
}

#[test]
fn the_page_lists_pairs_until_somebody_says_that_they_are_two() {
    let mut desk = Desk::new();
    let (first, second) = twins(&mut desk);
    household(&mut desk, vec![member("陆八", "head", &number(7)), member("韦小妹", "daughter", &number(8))], |_| {});
    let pairs = desk.ledger.store().twins().unwrap();
    assert_eq!(pairs.open.len(), 1, "{:?}", pairs.open);
    assert_eq!((pairs.open[0].left.id, pairs.open[0].right.id), (first, second));
    assert_eq!(desk.ledger.store().twin_count().unwrap(), 1);
    desk.ledger.set_not_twins(second, first, true).unwrap();
    desk.ledger.set_not_twins(first, second, true).unwrap();
    let pairs = desk.ledger.store().twins().unwrap();
    assert_eq!((pairs.open.len(), pairs.dismissed.len()), (0, 1));
    let own = draft(&desk, Kind::Household, second);
    assert!(
        look_alikes(desk.ledger.store(), Kind::Household, Some(second), own).unwrap().is_empty(),
        "nor is it said while typing"
    );
    desk.ledger.set_not_twins(first, second, false).unwrap();
    assert_eq!(desk.ledger.store().twin_count().unwrap(), 1);
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let reopened = zhucun_core::storage::Ledger::open(&path, crate::desk::world()).unwrap();
    assert_eq!(reopened.store().twin_count().unwrap(), 1);
}

#[test]
fn the_comparison_takes_what_is_filled_and_pairs_the_people() {
    let mut desk = Desk::new();
    let (first, second) = twins(&mut desk);
    let comparison = compared(&desk, first, second);
    let row = |key: &str| comparison.rows.iter().find(|row| row.key == key).unwrap_or_else(|| panic!("{key}"));
    assert_eq!((row("address").choice, row("hamlet").choice), (Choice::Left, Choice::Right), "the one that is filled");
    assert_eq!((row("note").choice, row("types").choice), (Choice::Right, Choice::Right), "一般农户 says nothing");
    assert_eq!(row("incomes.2024").choice, Choice::Right);
    assert!(row("incomes.2025").differs && !row("village_id").differs);
    let pairs: Vec<_> = comparison.people.iter().map(|person| (person.left, person.right)).collect();
    assert_eq!(pairs, [(Some(0), Some(0)), (Some(1), Some(1)), (None, Some(2))]);
}

#[test]
fn a_merge_makes_one_household_and_everything_follows_and_one_undo_takes_it_back() {
    let mut desk = Desk::new();
    let (first, second) = twins(&mut desk);
    let other = desk.household;
    let (wife, son) = (person(&desk, second, 1), person(&desk, second, 2));
    let visit = desk.add(Kind::Visit, |visit| {
        visit["household_ids"] = json!([other, second]);
        visit["contact_id"] = wife.clone();
        visit["problem"] = json!("屋顶漏雨");
    });
    let both = desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([first, second]));
    let thrown_away = desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([second]));
    desk.ledger.delete_records(&[zhucun_core::records::RecordRef { kind: Kind::Visit, id: thrown_away }]).unwrap();
    let application = desk.add(Kind::Application, |application| {
        application["household_id"] = json!(second);
        application["member_id"] = son.clone();
    });
    let issue = desk.add(Kind::Issue, |issue| issue["household_id"] = json!(second));
    let before = (desk.content(), desk.ledger.store().bin().unwrap());
    let counted = (figure(&desk, "households.count"), figure(&desk, "visits.count"));

    let done = desk.ledger.merge_households(&request(first, second)).unwrap();
    assert_eq!(
        (done.id, done.moved),
        (first, 4),
        "two visits, an application, an issue; that of the visit is about its first household"
    );
    let merged = draft(&desk, Kind::Household, first);
    assert_eq!(
        (&merged["address"], &merged["hamlet"], &merged["phone"]),
        (&json!("下屯3号"), &json!("下屯"), &json!("13900002222"))
    );
    let names: Vec<_> = merged["members"].as_array().unwrap().iter().map(|member| member["name"].clone()).collect();
    assert_eq!(json!(names), json!(["潘七", "韦小妹", "潘小弟"]));
    assert_eq!(merged["members"][1]["id_number"], json!(number(2)));
    assert_eq!(merged["incomes"], json!([income(2024, 200), income(2025, 300)]));
    let moved = draft(&desk, Kind::Visit, visit);
    assert_eq!((&moved["household_ids"], &moved["contact_id"]), (&json!([other, first]), &merged["members"][1]["id"]));
    assert_eq!(draft(&desk, Kind::Visit, both)["household_ids"], json!([first]), "a visit to both was a visit to one");
    assert_eq!(draft(&desk, Kind::Visit, thrown_away)["household_ids"], json!([first]), "also what lies in the bin");
    let moved = draft(&desk, Kind::Application, application);
    assert_eq!((&moved["household_id"], &moved["member_id"]), (&json!(first), &merged["members"][2]["id"]));
    assert_ne!(moved["member_id"], son, "the household in the bin keeps its people");
    assert_eq!(draft(&desk, Kind::Issue, issue)["household_id"], json!(first));
    assert!(desk.ledger.store().bin().unwrap().iter().any(|entry| entry.id == second));
    for (kind, id) in
        [(Kind::Household, first), (Kind::Household, second), (Kind::Visit, visit), (Kind::Application, application)]
    {
        assert_eq!(desk.ledger.store().history(kind, id).unwrap()[0].name, "合并农户", "{kind:?} tells of it");
    }
    assert_eq!(desk.ledger.store().twin_count().unwrap(), 0);
    assert_eq!((figure(&desk, "households.count"), figure(&desk, "visits.count")), (counted.0 - 1, counted.1));

    assert_eq!(desk.ledger.undo().unwrap().value, "合并农户");
    assert!(desk.content() == before.0, "one step takes all of it back");
    assert_eq!(desk.ledger.store().bin().unwrap().len(), before.1.len());
    desk.ledger.redo().unwrap();
    assert_eq!(draft(&desk, Kind::Visit, visit)["household_ids"], json!([other, first]));
    no_dangling(desk);
}

/// The file itself holds no reference to nothing.
fn no_dangling(desk: Desk) {
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let connection = Connection::open(path).unwrap();
    let faults: i64 = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!(faults, 0);
}

#[test]
fn two_applications_for_one_thing_are_settled_before_anything_is_written() {
    let mut desk = Desk::new();
    let (first, second) = twins(&mut desk);
    let wives = (person(&desk, first, 1), person(&desk, second, 1));
    let mine = desk.add(Kind::Application, |application| {
        application["household_id"] = json!(first);
        application["member_id"] = wives.0.clone();
    });
    let theirs = desk.add(Kind::Application, |application| {
        application["household_id"] = json!(second);
        application["member_id"] = wives.1.clone();
    });
    let content = desk.content();
    let clash = compared(&desk, first, second).clashes.remove(0);
    assert_eq!((clash.left.id, clash.right.id, clash.person.as_deref()), (mine, theirs, Some("people.1")));
    let mut request = request(first, second);
    let refused = desk.ledger.merge_households(&request).unwrap_err();
    assert_eq!(found(refused.findings()), ["duplicate_application at clashes.0"]);
    assert!(desk.content() == content, "nothing is written");
    assert_eq!(desk.ledger.preview_merge(&request).unwrap().findings.len(), 1);

    request.choices.insert("people.1".to_owned(), Choice::Both);
    assert!(desk.ledger.preview_merge(&request).unwrap().findings.is_empty(), "two people may apply for one thing");
    request.choices.clear();
    request.discard = vec![mine];
    desk.ledger.merge_households(&request).unwrap();
    assert_eq!(desk.total(Kind::Application), 1);
    assert_eq!(draft(&desk, Kind::Application, theirs)["household_id"], json!(first));
    desk.ledger.undo().unwrap();
    assert!(desk.content() == content);
}

#[test]
fn who_has_an_application_is_not_left_out_and_who_was_changed_meanwhile_is_not_merged() {
    let mut desk = Desk::new();
    let (first, second) = twins(&mut desk);
    let son = person(&desk, second, 2);
    desk.add(Kind::Application, |application| {
        application["household_id"] = json!(second);
        application["member_id"] = son;
    });
    let mut without = request(first, second);
    without.choices.insert("people.2".to_owned(), Choice::Neither);
    let refused = desk.ledger.merge_households(&without).unwrap_err();
    assert_eq!(found(refused.findings()), ["member_in_use at people.2"]);
    for seen in [(Some(1), Some(9)), (Some(9), Some(1))] {
        let mut stale = request(first, second);
        (stale.left.version, stale.right.version) = seen;
        assert!(matches!(desk.ledger.merge_households(&stale), Err(Error::Stale(Kind::Household))));
    }
    let mut itself = request(first, first);
    itself.right = side(first);
    assert_eq!(desk.ledger.merge_households(&itself).unwrap_err().code(), "bad_input");
}

#[test]
fn two_heads_become_one_and_the_other_is_asked_about_later() {
    let mut desk = Desk::new();
    let first = household(&mut desk, vec![member("潘七", "head", &number(1))], |_| {});
    let second = household(&mut desk, vec![member("韦小妹", "head", &number(2))], |_| {});
    let preview = desk.ledger.preview_merge(&request(first, second)).unwrap();
    let relations: Vec<_> = preview.draft["members"].as_array().unwrap().iter().map(|member| &member["relation"]).collect();
    assert_eq!(relations, ["head", "other"]);
    assert!(preview.findings.is_empty(), "{:?}", preview.findings);
    let mut right = request(first, second);
    right.keep = Choice::Right;
    assert_eq!(desk.ledger.merge_households(&right).unwrap().id, second);
}

#[test]
fn what_is_only_typed_is_laid_over_the_household_that_is_there() {
    let mut desk = Desk::new();
    let there = household(&mut desk, vec![member("潘七", "head", &number(1))], |draft| draft["address"] = json!("下屯3号"));
    let mut typed = desk.draft(Kind::Household);
    typed["members"] = json!([member("潘七", "head", &number(1)), member("潘小弟", "son", "")]);
    typed["phone"] = json!("13900002222");
    let content = desk.content();
    let right = Side { draft: Some(typed), ..Side::default() };
    let comparison = compare(desk.ledger.store(), &side(there), &right, None).unwrap();
    assert_eq!((comparison.keep, comparison.right.id), (Choice::Left, None));
    let mut merge = request(there, there);
    merge.right = right;
    let done = desk.ledger.merge_households(&merge).unwrap();
    assert_eq!((done.id, done.moved), (there, 0));
    let now = draft(&desk, Kind::Household, there);
    assert_eq!((&now["phone"], &now["address"]), (&json!("13900002222"), &json!("下屯3号")));
    assert_eq!(now["members"][1]["name"], "潘小弟");
    assert_eq!(desk.ledger.undo().unwrap().value, "修改农户");
    assert!(desk.content() == content);
}

#[test]
fn a_visit_or_project_that_a_colleague_entered_is_noticed_and_not_refused() {
    let mut desk = Desk::new();
    let visit = desk.add(Kind::Visit, |_| {});
    let again = desk.draft(Kind::Visit);
    let noticed = look_alikes(desk.ledger.store(), Kind::Visit, None, again.clone()).unwrap();
    assert_eq!((noticed[0].record.id, reasons(&noticed)), (visit, vec![vec!["same_visit".to_owned()]]));
    let mut by_phone = again.clone();
    by_phone["mode"] = json!("phone");
    assert!(look_alikes(desk.ledger.store(), Kind::Visit, None, by_phone).unwrap().is_empty());
    assert!(look_alikes(desk.ledger.store(), Kind::Visit, Some(visit), again).unwrap().is_empty());
    desk.add(Kind::Visit, |_| {});
    let project = desk.add(Kind::Project, |_| {});
    let mut named = desk.draft(Kind::Project);
    named["name"] = json!("上屯 护栏");
    assert_eq!(look_alikes(desk.ledger.store(), Kind::Project, None, named.clone()).unwrap()[0].record.id, project);
    named["impl_year"] = json!(2019);
    assert!(look_alikes(desk.ledger.store(), Kind::Project, None, named).unwrap().is_empty(), "of another year");
}

/// What refers to households and people, as the schema says, is what a merge moves.
#[test]
fn every_reference_to_a_household_or_person_is_known_to_the_merge() {
    let desk = Desk::new();
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT t.name || '.' || f.\"from\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
        WHERE t.type = 'table' AND f.\"table\" IN ('household', 'member') ORDER BY 1";
    let mut statement = connection.prepare(sql).unwrap();
    let found: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let parts = ["household_income", "household_risk", "household_type", "member"];
    let followers: Vec<&str> = found
        .iter()
        .map(String::as_str)
        .filter(|column| !parts.iter().any(|part| column.split('.').next() == Some(*part)))
        .collect();
    // A new one needs its Follower in records/twins/follow.rs.
    assert_eq!(
        followers,
        [
            "application.household_id",
            "application.member_id",
            "issue.household_id",
            "visit.contact_id",
            "visit_household.household_id"
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever two households are like and whatever refers to them: after the merge there is one household less, every visit
    /// is still there, no reference hangs, and undo gives back the ledger as it was.
    #[test]
    fn a_merge_loses_nothing_and_undo_gives_everything_back(
        left in proptest::collection::vec((0u32..4, 0u32..4), 0..3),
        right in proptest::collection::vec((0u32..4, 0u32..4), 0..3),
        visits in proptest::collection::vec((0usize..3, proptest::bool::ANY), 0..5),
        applications in proptest::collection::vec((proptest::bool::ANY, 0usize..3), 0..3),
        keep_left in proptest::bool::ANY,
        choices in proptest::collection::vec(0usize..4, 8),
    ) {
        let mut desk = Desk::new();
        let people = |own: &[(u32, u32)], from: u32, name: &str| {
            let mut members = vec![member(name, "head", "")];
            members.extend(own.iter().zip(from..).map(|((name, number_of), nth)| {
                let id_number = if *number_of == 0 { String::new() } else { number(nth) };
                member(["韦小妹", "石小军", "潘小弟", "陆小花"][*name as usize], "other", &id_number)
            }));
            members
        };
        let one = household(&mut desk, people(&left, 10, "潘七"), |draft| draft["address"] = json!("下屯3号"));
        let two = household(&mut desk, people(&right, 20, "潘七"), |draft| draft["hamlet"] = json!("下屯"));
        for (whom, has_contact) in &visits {
            let (households, of) = [(json!([one]), one), (json!([two]), two), (json!([one, two]), two)][*whom].clone();
            let contact = if *has_contact { person(&desk, of, 0) } else { Value::Null };
            desk.add(Kind::Visit, |visit| {
                visit["household_ids"] = households;
                visit["contact_id"] = contact;
                visit["problem"] = json!(if *has_contact { "屋顶漏雨" } else { "" });
            });
        }
        for (of_left, at) in &applications {
            let of = if *of_left { one } else { two };
            let members = draft(&desk, Kind::Household, of)["members"].as_array().unwrap().len();
            let member = person(&desk, of, at % members);
            let _ = desk.try_add(Kind::Application, |application| {
                application["household_id"] = json!(of);
                application["member_id"] = member;
            });
        }
        let before = desk.content();
        let comparison = compared(&desk, one, two);
        let mut merge = request(one, two);
        merge.keep = if keep_left { Choice::Left } else { Choice::Right };
        merge.discard = comparison.clashes.iter().map(|clash| clash.discard).collect();
        for (row, choice) in comparison.rows.iter().filter(|row| row.differs).zip(&choices) {
            merge.choices.insert(row.key.clone(), [Choice::Left, Choice::Right, Choice::Both, row.choice][*choice]);
        }
        let (households, visited) = (desk.total(Kind::Household), desk.total(Kind::Visit));
        let applied = desk.total(Kind::Application);
        desk.ledger.merge_households(&merge).map_err(|error| TestCaseError::fail(format!("{error}: {:?}", error.findings())))?;
        prop_assert_eq!(desk.total(Kind::Household), households - 1);
        prop_assert_eq!(desk.total(Kind::Visit), visited);
        prop_assert_eq!(desk.total(Kind::Application) as usize, applied as usize - comparison.clashes.len());
        let gone = if keep_left { two } else { one };
        for kind in [Kind::Visit, Kind::Application, Kind::Issue] {
            for row in desk.ledger.store().list(kind, &ListQuery::default()).unwrap().rows {
                prop_assert!(!draft(&desk, kind, row.id).to_string().contains(&gone.to_string()), "{:?} still refers to it", kind);
            }
        }
        desk.ledger.undo().unwrap();
        prop_assert!(desk.content() == before, "undo gives back the first state");
        desk.ledger.redo().unwrap();
        no_dangling(desk);
    }
}
