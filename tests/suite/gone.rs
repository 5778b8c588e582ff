//! 彻底删除 and 删除个人信息: what is gone cannot be read from the ledger, its history, its search or its bytes.

use std::fs;
use std::path::Path;

use serde_json::json;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::document::Run;
use zhucun_core::report::{Arrangement, OwnContent};
use zhucun_core::search::Search;
use zhucun_core::storage::{ERASED, ListQuery};
use zhucun_core::value::Id;

use crate::desk::Desk;

fn holds(folder: &Path, text: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().filter_map(|entry| fs::read(entry.unwrap().path()).ok());
    files.into_iter().any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

fn household(id: Id) -> RecordRef {
    RecordRef { kind: Kind::Household, id }
}

fn found(desk: &Desk, query: &str) -> u32 {
    desk.ledger.store().search(&Search::all(query)).unwrap().groups.iter().map(|group| group.total).sum()
}

#[test]
fn a_purged_record_leaves_nothing_but_a_line_that_it_was() {
    let mut desk = Desk::new();
    let id = desk.add(Kind::Household, |draft| {
        draft["members"][0]["name"] = json!("欧阳木兰");
        draft["note"] = json!("养蜂二十箱");
    });
    desk.change(Kind::Household, id, |draft| draft["note"] = json!("养蜂三十箱")).unwrap();
    desk.ledger.put_draft(&format!("household:{id}"), "养蜂四十箱").unwrap();
    desk.ledger.put_draft(&format!("household:{id} note"), "养蜂五十箱").unwrap();
    assert_eq!(desk.ledger.purge(&[household(id)]).unwrap_err().code(), "not_now", "only what lies in the bin can be purged");
    desk.ledger.delete_records(&[household(id)]).unwrap();
    assert!(holds(desk.folder.path(), "养蜂三十箱"), "it is there before");

    desk.ledger.purge(&[household(id)]).unwrap();
    assert_eq!(desk.ledger.store().bin().unwrap(), []);
    assert_eq!(desk.ledger.get_json(Kind::Household, id).unwrap_err().code(), "not_found");
    assert_eq!(desk.ledger.store().history(Kind::Household, id).unwrap(), []);
    assert_eq!(found(&desk, "欧阳"), 0);
    for text in ["欧阳木兰", "养蜂二十箱", "养蜂三十箱", "养蜂四十箱", "养蜂五十箱"] {
        assert!(!holds(desk.folder.path(), text), "the file still holds “{text}”");
    }
    assert_eq!(desk.ledger.undo_state().undo, None, "nothing reaches back over it");
    desk.ledger.check_pages().unwrap();
    desk.add(Kind::Visit, |_| {});
}

#[test]
fn a_record_that_others_refer_to_is_not_purged_and_all_of_them_together_are() {
    let mut desk = Desk::new();
    let id = desk.household;
    let visit = desk.add(Kind::Visit, |_| {});
    let visit = RecordRef { kind: Kind::Visit, id: visit };
    desk.ledger.delete_records(&[visit]).unwrap();
    desk.ledger.delete_records(&[household(id)]).unwrap();
    assert_eq!(desk.ledger.purge(&[household(id)]).unwrap_err().code(), "not_now", "the visit in the bin names it");
    assert_eq!(desk.ledger.store().bin().unwrap().len(), 2, "nothing was taken");
    let changed = desk.ledger.purge(&[household(id), visit]).unwrap();
    assert_eq!(changed.into_iter().collect::<Vec<_>>(), [Kind::Household, Kind::Visit]);
    assert_eq!(desk.ledger.store().bin().unwrap(), []);
}

#[test]
fn a_person_is_erased_from_household_history_search_and_drafts_and_the_household_stays() {
    let mut desk = Desk::new();
    let id = desk.add(Kind::Household, |draft| {
        draft["phone"] = json!("13900002222");
        let person = &mut draft["members"][0];
        person["name"] = json!("欧阳木兰");
        person["phone"] = json!("13900002222");
        person["school"] = json!("云岭中学");
    });
    let draft = desk.ledger.get_json(Kind::Household, id).unwrap();
    let member: Id = serde_json::from_value(draft["draft"]["members"][0]["id"].clone()).unwrap();
    desk.change(Kind::Household, id, |draft| draft["members"][0]["employer"] = json!("河口茶厂")).unwrap();
    let (programme, step) = desk.programme("危房改造");
    desk.add(Kind::Application, |draft| {
        draft["programme_id"] = json!(programme);
        draft["household_id"] = json!(id);
        draft["member_id"] = json!(member);
        draft["step"] = step;
        draft["payee_name"] = json!("欧阳木兰");
        draft["payee_account"] = json!("6228480012345678");
    });
    desk.ledger.put_draft("visit:new", "今天走访欧阳木兰").unwrap();
    let told = desk.add(Kind::Visit, |draft| draft["content"] = json!("欧阳木兰家屋顶漏雨"));

    let erased = desk.ledger.erase_person(id, member).unwrap();
    assert_eq!(erased.drafts, 1);
    assert_eq!(erased.mentions.iter().map(|hit| hit.id).collect::<Vec<_>>(), [told], "what is left to the user is told");
    let now = desk.ledger.get_json(Kind::Household, id).unwrap()["draft"].clone();
    assert_eq!(now["members"][0]["name"], ERASED);
    assert_eq!(now["members"][0]["relation"], "head", "how the household was made up stays");
    assert_eq!(now["phone"], "", "the household's telephone was its head's");
    let history = format!("{:?}", desk.ledger.store().history(Kind::Household, id).unwrap());
    assert!(history.contains("删除个人信息"), "that it happened is on record");
    for text in ["欧阳木兰", "13900002222", "云岭中学", "河口茶厂"] {
        assert!(!history.contains(text), "the history still holds “{text}”");
    }
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Visit, id: told }]).unwrap();
    desk.ledger.purge(&[RecordRef { kind: Kind::Visit, id: told }]).unwrap();
    assert_eq!(found(&desk, "欧阳"), 0);
    for text in ["欧阳木兰", "13900002222", "云岭中学", "河口茶厂", "6228480012345678"] {
        assert!(!holds(desk.folder.path(), text), "the file still holds “{text}”");
    }
    let page = desk.ledger.store().list(Kind::Household, &ListQuery::default()).unwrap();
    assert_eq!(page.total, 2, "as many households as before");
    desk.ledger.check_pages().unwrap();
    desk.change(Kind::Household, id, |draft| draft["note"] = json!("仍可修改")).unwrap();
}

#[test]
fn a_report_in_work_that_still_names_an_erased_person_is_told() {
    let mut desk = Desk::new();
    let id = desk.add(Kind::Household, |draft| draft["members"][0]["name"] = json!("欧阳木兰"));
    let draft = desk.ledger.get_json(Kind::Household, id).unwrap();
    let member: Id = serde_json::from_value(draft["draft"]["members"][0]["id"].clone()).unwrap();
    let named = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    let content = OwnContent::Paragraph { runs: vec![Run::text("帮助欧阳木兰修缮住房。")] };
    desk.ledger.arrange_report(named, Arrangement::Insert { beside: None, before: false, content }).unwrap();
    desk.ledger.open_report("2025H2", "work-team").unwrap();
    let mentions = desk.ledger.erase_person(id, member).unwrap().mentions;
    assert_eq!(mentions.iter().map(|hit| (hit.kind, hit.id)).collect::<Vec<_>>(), [(Kind::Report, named)]);
    assert!(!mentions[0].title.is_empty(), "it can be shown and opened");
}
