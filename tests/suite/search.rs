//! The search beside the rest of the ledger: older files, imports.

use rusqlite::Connection;
use serde_json::json;
use zhucun_core::records::Kind;
use zhucun_core::search::Search;
use zhucun_core::storage::Ledger;
use zhucun_import::mapping::guess_as;
use zhucun_import::run::{Request, commit, preview};
use zhucun_import::workbook::{Cell, Sheet, SheetRow};

use crate::desk::{Desk, world};

fn titles(ledger: &Ledger, text: &str) -> Vec<(Kind, String)> {
    let found = ledger.store().search(&Search::all(text)).unwrap();
    found.groups.into_iter().flat_map(|group| group.hits).map(|hit| (hit.kind, hit.title)).collect()
}

#[test]
fn a_ledger_from_before_the_search_is_found_in_after_opening() {
    let dump = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema-1.sql")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("旧台账.zcj");
    Connection::open(&path).unwrap().execute_batch(&dump).unwrap();
    let ledger = Ledger::open(&path, world()).unwrap();
    assert!(titles(&ledger, "sls").contains(&(Kind::Household, "石老三".to_owned())));
    assert!(titles(&ledger, "漏").iter().any(|(kind, _)| *kind == Kind::Issue));
}

#[test]
fn an_imported_row_is_found_and_one_that_was_only_previewed_is_not() {
    let mut desk = Desk::new();
    let cells = |line: &str| line.split('|').map(|text| Cell::Text(text.into())).collect();
    let lines = ["走访日期|户主姓名|走访方式|走访内容", "2026-03-05|石老三|入户|龘龘屋面渗水"];
    let rows = (1..).zip(lines).map(|(number, line)| SheetRow { number, cells: cells(line) }).collect();
    let sheet = Sheet { name: "表1".to_owned(), rows, ..Sheet::default() };
    let request = Request {
        kind: Kind::Visit,
        mapping: guess_as(&sheet, Kind::Visit).unwrap().mapping,
        fixes: Default::default(),
        answers: Default::default(),
        source: "走访.xlsx".to_owned(),
    };
    preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!(titles(&desk.ledger, "龘龘").len(), 0);
    commit(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!(titles(&desk.ledger, "龘龘屋"), [(Kind::Visit, "2026-03-05 走访石老三".to_owned())]);
    desk.ledger.undo().unwrap();
    assert_eq!(titles(&desk.ledger, "龘龘").len(), 0, "taken back with its batch");
}

#[test]
fn every_searched_kind_is_found_by_its_own_words() {
    let mut desk = Desk::new();
    let words: &[(Kind, &str)] = &[
        (Kind::Household, "address"),
        (Kind::Village, "name"),
        (Kind::TeamMember, "duty"),
        (Kind::SupportUnit, "contact"),
        (Kind::Issue, "title"),
        (Kind::Project, "summary"),
        (Kind::Programme, "policy_basis"),
        (Kind::Application, "note"),
        (Kind::Activity, "summary"),
        (Kind::Visit, "content"),
        (Kind::Plan, "text"),
        (Kind::Indicator, "note"),
    ];
    // A photo is not typed into a form; its captions are looked for where photos are added.
    let typed: Vec<_> = zhucun_core::search::ORDER.iter().copied().filter(|kind| *kind != Kind::Attachment).collect();
    assert_eq!(words.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), typed);
    for (kind, field) in words {
        desk.add(*kind, |draft| draft[*field] = json!("龘龘"));
    }
    let found = desk.ledger.store().search(&Search::all("龘")).unwrap();
    let found: Vec<_> = found.groups.iter().map(|group| (group.kind, group.hits[0].field.as_str())).collect();
    assert_eq!(found, words);
}
