//! Numbers of people are covered wherever they come to the screen without having been asked for; to ask for them is noted.

use serde_json::{Value, json};
use zhucun_core::records::household::Household;
use zhucun_core::records::twins::compare::{Choice, Side, compare};
use zhucun_core::records::twins::merge::MergeRequest;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::search::Search;
use zhucun_core::storage::{ColumnCondition, ColumnTest, ListCell, ListNumbers, ListPage, ListQuery, Lookup, NumbersOf, Sort};
use zhucun_core::value::Id;

use crate::desk::Desk;

const PHONE: &str = "13800005678";
const LANDLINE: &str = "0776-2830011";
const ID_NUMBER: &str = "990101196503121014";
const ACCOUNT: &str = "6200000012345678901";
/// As they may stand on a screen, whole.
const WHOLE: [&str; 4] = [PHONE, LANDLINE, ID_NUMBER, ACCOUNT];

/// A ledger in which every text of every kind holds a number, and so does every field of numbers.
fn desk() -> Desk {
    let mut desk = Desk::new();
    for kind in Kind::ALL {
        if matches!(kind, Kind::Team | Kind::Report | Kind::Attachment) {
            continue;
        }
        let mut draft = desk.draft(*kind);
        let words = match kind {
            Kind::Household => "address",
            Kind::Visit => "content",
            Kind::Activity => "place",
            Kind::Programme => "policy_basis",
            Kind::Plan => "target",
            Kind::TeamMember => "duty",
            Kind::Application | Kind::Issue | Kind::Project | Kind::Outline | Kind::Village => "note",
            _ => "note",
        };
        if draft.get(words).is_some_and(Value::is_string) {
            draft[words] = json!(format!("电话{PHONE}，座机{LANDLINE}，证号{ID_NUMBER}，卡{ACCOUNT}"));
        }
        for (field, number) in [("phone", PHONE), ("payee_account", ACCOUNT)] {
            if draft.get(field).is_some() {
                draft[field] = json!(number);
            }
        }
        if *kind == Kind::Household {
            let member = &mut draft["members"][0];
            (member["id_number"], member["phone"], member["bank_number"]) = (json!(ID_NUMBER), json!(PHONE), json!(ACCOUNT));
        }
        if let Err(error) = desk.save(*kind, None, draft, vec![]) {
            panic!("{kind:?}: {error:?}");
        }
    }
    desk
}

fn all_of(desk: &Desk, kind: Kind) -> ListPage {
    desk.ledger.store().list(kind, &ListQuery { limit: 1000, ..ListQuery::default() }).unwrap()
}

fn holds_none(place: &str, shown: &str) {
    for number in WHOLE {
        assert!(!shown.contains(number), "{place} shows {number} whole: {shown}");
    }
}

fn household(desk: &Desk) -> Id {
    let stored = desk.ledger.store().all::<Household>().unwrap();
    stored.iter().find(|household| household.draft.phone == PHONE).unwrap().id
}

#[test]
fn no_list_title_or_sheet_gives_a_whole_number_before_it_is_asked_for() {
    let desk = desk();
    let store = desk.ledger.store();
    let mut covered = 0;
    for kind in Kind::ALL {
        let page = all_of(&desk, *kind);
        let Some(first) = page.rows.first() else { continue };
        holds_none(&format!("{kind:?} list"), &serde_json::to_string(&page).unwrap());
        assert_ne!(page.numbers, ListNumbers::Whole);
        covered += u32::from(page.numbers == ListNumbers::Covered);

        let keys: Vec<String> = first.cells.keys().cloned().collect();
        for key in &keys {
            let values = store.list_values(*kind, &ListQuery::default(), key).unwrap();
            holds_none(&format!("{kind:?} values of {key}"), &format!("{values:?}"));
        }
        let table = store.list_table(*kind, &ListQuery::default(), &keys).unwrap();
        for row in 0..table.row_count() {
            for column in 0..keys.len() {
                if let ListCell::Text(text) = table.cell(row, column) {
                    holds_none(&format!("{kind:?} sheet"), text);
                }
            }
        }
        let ids: Vec<Id> = page.rows.iter().map(|row| row.id).collect();
        holds_none("copied rows", &format!("{:?}", store.list_rows_of(*kind, &ids).unwrap()));
        holds_none("picker", &format!("{:?}", store.look_up(*kind, &Lookup::default()).unwrap()));
        // Once more from what the list has read meanwhile.
        holds_none("list from memory", &serde_json::to_string(&all_of(&desk, *kind)).unwrap());
    }
    assert!(covered >= 6, "numbers stand in {covered} lists only: this looks at nothing");
    for typed in ["电话", "座机", PHONE, ACCOUNT, ID_NUMBER] {
        holds_none("search", &format!("{:?}", store.search(&Search::all(typed)).unwrap()));
    }
}

#[test]
fn lists_are_searched_filtered_and_sorted_by_the_whole_number() {
    let mut desk = desk();
    let other = desk.add(Kind::Household, |draft| {
        draft["members"][0]["name"] = json!("潘七妹");
        draft["phone"] = json!("13899995678");
    });
    let store = desk.ledger.store();
    let by_text = store.list(Kind::Household, &ListQuery { text: "1389999".into(), ..ListQuery::default() }).unwrap();
    let test = ColumnTest::Contains { text: "1389999".into() };
    let conditions = vec![ColumnCondition { column: "phone".into(), test }];
    let by_column = store.list(Kind::Household, &ListQuery { conditions, ..ListQuery::default() }).unwrap();
    for page in [by_text, by_column] {
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [other]);
        assert_eq!(page.rows[0].cells["phone"], json!("138****5678"));
    }
    let sort = Some(Sort { column: "phone".into(), descending: true });
    let sorted = store.list(Kind::Household, &ListQuery { sort, ..ListQuery::default() }).unwrap();
    assert_eq!(sorted.rows[0].id, other, "13899995678 comes before 13800005678, though both look the same");
}

#[test]
fn to_ask_for_a_lists_numbers_is_noted_and_holds_until_the_list_is_left() {
    let mut desk = desk();
    desk.ledger.set_member(Some(desk.member));
    let query = ListQuery { text: "电话".into(), limit: 1, ..ListQuery::default() };
    desk.ledger.show_numbers(&NumbersOf::List { kind: Kind::Household, query: query.clone() }).unwrap();
    let page = all_of(&desk, Kind::Household);
    assert_eq!(page.numbers, ListNumbers::Whole);
    assert!(page.rows.iter().any(|row| row.cells["phone"] == json!(PHONE)));
    let keys = ["phone".to_owned()];
    let table = desk.ledger.store().list_table(Kind::Household, &query, &keys).unwrap();
    assert_eq!(table.cell(0, 0), ListCell::Text(PHONE), "the sheet shows what the list shows");
    holds_none("another list", &serde_json::to_string(&all_of(&desk, Kind::SupportUnit)).unwrap());

    let noted = desk.ledger.store().exports().unwrap().remove(0);
    assert_eq!(
        (noted.what.as_str(), noted.title.as_str()),
        ("numbers", "农户列表，1条"),
        "as many as the list had, not the page"
    );
    assert_eq!((noted.member_id, noted.record, noted.formats.as_str()), (Some(desk.member), None, ""));

    let is_covered = |desk: &Desk| all_of(desk, Kind::Household).numbers == ListNumbers::Covered;
    desk.ledger.cover_numbers(Kind::Household);
    assert!(is_covered(&desk));
    for leave in [|desk: &Desk| desk.ledger.leave_list(Kind::Household), |desk: &Desk| desk.ledger.prepare_list(Kind::Visit)] {
        desk.ledger.show_numbers(&NumbersOf::List { kind: Kind::Household, query: query.clone() }).unwrap();
        desk.ledger.prepare_list(Kind::Household);
        assert!(!is_covered(&desk), "it is still on screen");
        leave(&desk);
        assert!(is_covered(&desk));
    }
}

#[test]
fn to_ask_for_a_forms_number_is_noted_with_its_record_and_without_the_number() {
    let mut desk = desk();
    let id = household(&desk);
    let field = |field: &str| NumbersOf::Field { kind: Kind::Household, id: Some(id), field: field.into() };
    desk.ledger.show_numbers(&field("members.0.id_number")).unwrap();
    desk.ledger.show_numbers(&NumbersOf::Pair { kind: Kind::Household, ids: vec![id, desk.household] }).unwrap();
    desk.ledger.show_numbers(&NumbersOf::Sheet { rows: 120 }).unwrap();
    assert_eq!(desk.ledger.show_numbers(&field("address")).unwrap_err().code(), "bad_input");

    let noted = desk.ledger.store().exports().unwrap();
    let record = Some(RecordRef { kind: Kind::Household, id });
    assert_eq!(
        noted.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(),
        ["要导入的表格，120行", "农户查重对比", "农户查重对比", "农户：身份证号"]
    );
    assert_eq!((noted[3].record, noted[2].record, noted[0].record), (record, record, None));
    holds_none("the log", &format!("{noted:?}"));
    let names = serde_json::to_string(&noted).unwrap();
    assert!(!names.contains("潘七"), "a name would outlive its record there");
}

#[test]
fn a_records_history_covers_numbers_and_gives_them_back_whole_to_go_back_to() {
    let mut desk = desk();
    let id = household(&desk);
    desk.change(Kind::Household, id, |draft| {
        draft["phone"] = json!("13899995678");
        draft["note"] = json!(format!("打{PHONE}没人接"));
    })
    .unwrap();
    let store = desk.ledger.store();
    let shown = store.history_shown(Kind::Household, id).unwrap();
    holds_none("the history", &serde_json::to_string(&shown).unwrap());
    assert_eq!(shown[0].before.as_ref().unwrap()["phone"], json!("138****5678"));
    assert_eq!(shown[0].after["phone"], json!("138****5678（号码不同）"));
    assert_eq!(shown[0].after["members"], shown[0].before.as_ref().unwrap()["members"]);
    assert_eq!((shown[0].is_latest, shown[1].is_latest), (true, false));
    let earlier = store.content_after(Kind::Household, id, shown[1].seq).unwrap();
    assert_eq!((&earlier["phone"], &earlier["members"][0]["id_number"]), (&json!(PHONE), &json!(ID_NUMBER)));
}

#[test]
fn two_households_side_by_side_cover_their_numbers() {
    let mut desk = desk();
    let (one, other) = (household(&desk), desk.household);
    desk.change(Kind::Household, other, |draft| {
        let member = &mut draft["members"][0];
        (member["name"], member["phone"]) = (json!("潘七"), json!("13899995678"));
        draft["phone"] = json!("13899995678");
    })
    .unwrap();
    let side = |id: Id| Side { id: Some(id), ..Side::default() };
    let whole = compare(desk.ledger.store(), &side(one), &side(other), None).unwrap();
    let covered = whole.clone().covered();
    holds_none("the comparison", &serde_json::to_string(&covered).unwrap());
    let phone = covered.rows.iter().find(|row| row.key == "phone").unwrap();
    assert!(phone.differs && phone.left == json!("138****5678") && phone.right == json!("138****5678（号码不同）"));
    let head = |row: &zhucun_core::records::twins::compare::CompareRow| (row.key.clone(), row.differs, row.choice);
    assert_eq!(covered.rows.iter().map(head).collect::<Vec<_>>(), whole.rows.iter().map(head).collect::<Vec<_>>());

    let request = MergeRequest {
        left: side(one),
        right: side(other),
        keep: Choice::Left,
        choices: Default::default(),
        discard: vec![],
        kept: vec![],
    };
    let preview = desk.ledger.preview_merge(&request).unwrap();
    assert!(WHOLE.iter().any(|number| preview.draft.to_string().contains(number)));
    holds_none("the preview", &preview.covered().draft.to_string());
}
