//! 一句话记录: lines as cadres write them, against one invented ledger; what each must be read as stands in a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Asked, ChoiceReason, Reader, Reading, Vocabulary, read};
use crate::records::household::Household;
use crate::records::programme::Programme;
use crate::records::team_member::TeamMember;
use crate::records::village::Village;
use crate::records::{Kind, SaveRequest};
use crate::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use crate::storage::Ledger;
use crate::value::{Fen, Id};
use crate::world::FixedWorld;

/// The Wednesday on which the lines are typed.
const TODAY: &str = "2026-11-25";

const SENTENCES: &str = include_str!("sentences.txt");

type InventedHousehold = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Households: village, hamlet, head, others with their relation. 韦建国 is two people, so is 李秀英; 上屯 two hamlets;
/// 周五妹 begins like a weekday; 单, 曾, 仇, 解, 区 are read otherwise as surnames; 莫正华 is of the team as well.
const HOUSEHOLDS: &[InventedHousehold] = &[
    ("石门村", "木楼屯", "石老三", &[("韦秀英", "spouse"), ("石小军", "son")]),
    ("石门村", "木楼屯", "石大山", &[("石小妹", "daughter"), ("李秀英", "spouse")]),
    ("石门村", "下屯", "潘七", &[("潘小花", "daughter")]),
    ("石门村", "下屯", "单小妹", &[]),
    ("石门村", "下屯", "曾长明", &[("曾福", "son")]),
    ("石门村", "上屯", "韦大勇", &[("韦小妹", "daughter"), ("韦少华", "son")]),
    ("石门村", "上屯", "韦建国", &[]),
    ("枫树村", "上屯", "蒙文武", &[("李秀英", "spouse")]),
    ("枫树村", "岩口屯", "韦建国", &[("韦一鸣", "son")]),
    ("枫树村", "岩口屯", "覃老五", &[("覃小梅", "daughter")]),
    ("枫树村", "岩口屯", "仇小月", &[]),
    ("枫树村", "岩口屯", "解德胜", &[]),
    ("枫树村", "岩口屯", "区大妹", &[]),
    ("枫树村", "岩口屯", "周五妹", &[]),
    ("枫树村", "岩口屯", "阿依古丽·买买提", &[]),
    ("枫树村", "岩口屯", "欧阳国庆", &[]),
    ("枫树村", "岩口屯", "莫正华", &[]),
];

fn village(name: &str, hamlets: &[&str]) -> NewVillage {
    NewVillage { name: name.into(), hamlets: hamlets.iter().map(|hamlet| (*hamlet).into()).collect() }
}

/// The ledger with its reader.
struct Room {
    ledger: Ledger,
    reader: Reader,
    _folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let member = |name: &str, role: &str| NewMember { name: name.into(), role: role.into() };
        let new = NewLedger {
            team: "云岭乡驻村工作队".into(),
            township: "云岭乡".into(),
            villages: vec![village("石门村", &["上屯", "下屯", "木楼屯"]), village("枫树村", &["上屯", "岩口屯"])],
            members: vec![member("罗启明", "first_secretary"), member("潘志成", ""), member("覃晓岚", ""), member("莫正华", "")],
            ..NewLedger::default()
        };
        let world = Box::new(FixedWorld::on(TODAY.parse().unwrap()));
        let mut room = Room {
            ledger: create_ledger(&folder.path().join("台账.zcj"), world, &new).unwrap(),
            reader: Reader::default(),
            _folder: folder,
        };
        let villages = room.ledger.store().all::<Village>().unwrap();
        for (village, hamlet, head, others) in HOUSEHOLDS {
            let village = villages.iter().find(|each| each.draft.name == *village).unwrap().id;
            room.add_household(village, hamlet, head, others);
        }
        room
    }

    fn add_household(&mut self, village: Id, hamlet: &str, head: &str, others: &[(&str, &str)]) {
        let mut draft = self.ledger.blank_json(Kind::Household).unwrap();
        draft["village_id"] = json!(village);
        draft["hamlet"] = json!(hamlet);
        draft["members"][0]["name"] = json!(head);
        for (name, relation) in others {
            let mut member = draft["members"][0].clone();
            member["name"] = json!(name);
            member["relation"] = json!(relation);
            draft["members"].as_array_mut().unwrap().push(member);
        }
        self.save(Kind::Household, draft);
    }

    fn save(&mut self, kind: Kind, draft: Value) -> Id {
        self.ledger.save_json(SaveRequest { kind, id: None, version: None, draft, keep: vec![] }).unwrap().id
    }

    fn read(&mut self, line: &str) -> Reading {
        self.ask(&Asked::line(line))
    }

    fn ask(&mut self, asked: &Asked) -> Reading {
        self.reader.read(&self.ledger, asked).unwrap()
    }

    fn names(&self) -> Names {
        let store = self.ledger.store();
        let mut of = BTreeMap::new();
        for household in store.all::<Household>().unwrap() {
            let place = &household.draft.hamlet;
            let head = &household.draft.members[0].name;
            let twice = HOUSEHOLDS.iter().filter(|(_, _, name, _)| name == head).count() > 1;
            of.insert(household.id, if twice { format!("{head}（{place}）") } else { head.clone() });
            of.extend(household.draft.members.iter().map(|member| (member.id.unwrap(), member.name.clone())));
        }
        of.extend(store.all::<TeamMember>().unwrap().into_iter().map(|member| (member.id, member.draft.name)));
        of.extend(store.all::<Village>().unwrap().into_iter().map(|village| (village.id, village.draft.name)));
        of.extend(store.all::<Programme>().unwrap().into_iter().map(|programme| (programme.id, programme.draft.name)));
        let items = store.all::<crate::records::dictionary_item::DictionaryItem>().unwrap();
        let labels = items.into_iter().map(|item| ((item.draft.dictionary, item.draft.code), item.draft.label)).collect();
        Names { of, labels }
    }
}

struct Names {
    of: BTreeMap<Id, String>,
    labels: BTreeMap<(String, String), String>,
}

impl Names {
    fn of(&self, id: &Value) -> String {
        let id = id.as_str().and_then(Id::parse).unwrap_or_default();
        self.of.get(&id).cloned().unwrap_or_else(|| "？".to_owned())
    }

    fn all(&self, ids: &Value) -> String {
        ids.as_array().unwrap().iter().map(|id| self.of(id)).collect::<Vec<_>>().join("、")
    }

    fn label(&self, dictionary: &str, code: &Value) -> String {
        let key = (dictionary.to_owned(), code.as_str().unwrap_or("").to_owned());
        self.labels.get(&key).cloned().unwrap_or_else(|| "？".to_owned())
    }
}

/// A reading in the table's notation: the kind, then every field that the line filled, then who must be chosen.
fn notation(reading: &Reading, names: &Names) -> String {
    let Some(kind) = reading.kind else {
        return format!("？{}", asked(reading));
    };
    let mut text = kind.label().to_owned();
    let draft = reading.draft.as_ref().unwrap();
    let mut fields: Vec<&str> = reading.fields.iter().map(String::as_str).collect();
    let order = |field: &str| ORDER.iter().position(|(_, each, _)| *each == field).unwrap_or(ORDER.len());
    fields.sort_by_key(|field| order(field));
    for field in fields {
        let Some((label, _, shape)) = ORDER.iter().find(|(_, each, _)| *each == field) else { panic!("{field} has no sign") };
        let value = &draft[field];
        let shown = match *shape {
            "ids" => names.all(value),
            "id" => names.of(value),
            "fen" => Fen(value.as_i64().unwrap_or(0)).in_words(),
            "hundredths" => Fen(value.as_i64().unwrap_or(0)).two_decimals(),
            "texts" => value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join("、"),
            "counters" => counters(value),
            "purposes" => {
                let labels = value.as_array().unwrap().iter().map(|code| names.label("visit_purpose", code));
                labels.collect::<Vec<_>>().join("、")
            }
            "" => match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            "activity_type" if kind == Kind::Issue => names.label("issue_type", value),
            dictionary => names.label(dictionary, value),
        };
        write!(text, " | {label} {shown}").unwrap();
    }
    text + &asked(reading)
}

fn counters(value: &Value) -> String {
    let told = |counter: &Value| {
        format!("{}{}{}", counter["subject"].as_str().unwrap(), counter["count"], counter["unit"].as_str().unwrap())
    };
    value.as_array().unwrap().iter().map(told).collect::<Vec<_>>().join("、")
}

fn asked(reading: &Reading) -> String {
    let mut text = String::new();
    for choice in &reading.choices {
        let mark = match choice.why {
            ChoiceReason::SameName => "",
            ChoiceReason::Letters => "字母",
            ChoiceReason::SoundsAlike => "同音",
        };
        let names: Vec<String> = choice.candidates.iter().map(|each| format!("{}（{}）", each.name, each.note)).collect();
        write!(text, " | 选{mark} {}：{}", choice.text, names.join("、")).unwrap();
    }
    text
}

/// Signs of the fields, in the order of the notation, with how they are shown.
const ORDER: &[(&str, &str, &str)] = &[
    ("日期", "day", ""),
    ("至", "to_day", ""),
    ("户", "household_ids", "ids"),
    ("受访", "contact_id", "id"),
    ("方式", "mode", ""),
    ("走访人", "visitor_ids", "ids"),
    ("其他走访人", "other_visitors", "texts"),
    ("分类", "purposes", "purposes"),
    ("人次", "persons_met", ""),
    ("文", "content", ""),
    ("原因", "unreached_reason", ""),
    ("吃", "food", ""),
    ("穿", "clothing", ""),
    ("学", "education", ""),
    ("医", "medical", ""),
    ("住", "housing", ""),
    ("水", "water", ""),
    ("问题", "problem", ""),
    ("慰问", "gift", ""),
    ("慰问金", "gift_fen", "fen"),
    ("下一步", "next_action", ""),
    ("项目", "programme_id", "id"),
    ("年度", "year", ""),
    ("学期", "term", ""),
    ("户", "household_id", "id"),
    ("人", "member_id", "id"),
    ("数量", "quantity", "hundredths"),
    ("金额", "amount_applied", "fen"),
    ("申报日", "applied_on", ""),
    ("环节", "step", ""),
    ("备注", "note", ""),
    ("类型", "type_code", "activity_type"),
    ("事项", "title", ""),
    ("村", "village_id", "id"),
    ("地点", "place", ""),
    ("数", "counters", "counters"),
    ("约", "approximate", ""),
    ("队员", "participant_ids", "ids"),
    ("其他人", "other_participants", "texts"),
    ("内容", "summary", ""),
    ("提出", "raised_on", ""),
    ("期限", "due_on", ""),
    ("来源", "source", "issue_source"),
    ("责任人", "owner_id", "id"),
    ("工程", "project_id", "id"),
];

/// The table: a sentence, and on the next line, after an arrow, its reading.
fn table() -> Vec<(&'static str, &'static str)> {
    let lines: Vec<&str> = SENTENCES.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    lines.chunks(2).map(|pair| (pair[0], pair[1].trim().trim_start_matches('→').trim())).collect()
}

#[test]
fn sentences_are_read_as_the_table_says() {
    let mut room = Room::new();
    let names = room.names();
    let table = table();
    assert!(table.len() >= 150, "the table has {} sentences", table.len());
    let mut wrong = String::new();
    for (sentence, expected) in &table {
        let found = notation(&room.read(sentence), &names);
        if found != *expected {
            write!(wrong, "\n{sentence}\n  → {found}\n  ✗ {expected}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "read otherwise than the table says:{wrong}");
}

#[test]
fn every_reading_of_the_table_that_is_complete_can_be_saved_as_it_is() {
    let mut room = Room::new();
    let mut saved = 0;
    for (sentence, _) in table() {
        let reading = room.read(sentence);
        let (Some(kind), Some(draft)) = (reading.kind, reading.draft) else { continue };
        let tried = room.ledger.save_json(SaveRequest { kind, id: None, version: None, draft, keep: vec![] });
        match tried {
            Ok(_) => {
                saved += 1;
                room.ledger.undo().unwrap();
            }
            Err(crate::Error::Refused(findings)) => {
                // What a line does not say is missing; what it does say must not be wrong.
                for finding in findings {
                    let code = finding.code.as_str();
                    let missing = matches!(code, "required" | "dead_reference") && !reading.fields.contains(&finding.field);
                    assert!(missing, "{sentence}: {code} at {}: {}", finding.field, finding.message);
                }
            }
            Err(error) => panic!("{sentence}: {error:?}"),
        }
    }
    assert!(saved > 100, "only {saved} readings were complete");
}

#[test]
fn pieces_show_what_was_understood_where() {
    let mut room = Room::new();
    let line = "昨天 电话走访 石老三 务工补贴材料还缺银行卡";
    let reading = room.read(line);
    let chars: Vec<char> = line.chars().collect();
    let shown: Vec<String> = reading
        .pieces
        .iter()
        .map(|piece| format!("{} {} {}", chars[piece.from..piece.to].iter().collect::<String>(), piece.field, piece.label))
        .collect();
    assert_eq!(
        shown,
        [
            "昨天 day 日期：2026-11-24",
            "电话走访 mode 方式：电话",
            "石老三 household_ids 走访户：石老三（石门村木楼屯）",
            "务工补贴 purposes 内容分类：补贴申报",
            "还缺 problem 可能的问题：务工补贴材料还缺银行卡",
        ]
    );
}

#[test]
fn who_is_chosen_is_who_is_meant_and_nobody_is_guessed() {
    let mut room = Room::new();
    let names = room.names();
    let line = "今天走访韦建国，核对收入";
    let open = room.read(line);
    assert_eq!(open.choices.len(), 1);
    assert_eq!(open.draft.as_ref().unwrap()["household_ids"], json!([]), "an unclear name fills nothing");
    assert_eq!(
        open.draft.as_ref().unwrap()["content"],
        json!("今天走访韦建国，核对收入").as_str().map(|text| json!(text.trim_start_matches("今天"))).unwrap(),
        "and stays in the text"
    );
    let second = open.choices[0].candidates[1].id;
    let mut asked = Asked::line(line);
    asked.chosen.insert("韦建国".into(), second);
    let decided = room.ask(&asked);
    assert!(decided.choices.is_empty());
    assert_eq!(names.all(&decided.draft.unwrap()["household_ids"]), "韦建国（岩口屯）");
    asked.chosen.insert("韦建国".into(), Id::default());
    let nobody = room.ask(&asked);
    assert!(nobody.choices.is_empty() && nobody.draft.unwrap()["household_ids"] == json!([]));
}

#[test]
fn the_users_kind_goes_before_the_words() {
    let mut room = Room::new();
    let unclear = room.read("茶叶加工厂设备到了");
    assert_eq!((unclear.kind, unclear.draft), (None, None));
    for kind in [Kind::Visit, Kind::Activity, Kind::Application, Kind::Issue] {
        let asked = Asked { kind: Some(kind), ..Asked::line("茶叶加工厂设备到了") };
        let reading = room.ask(&asked);
        assert_eq!(reading.kind, Some(kind));
        assert_eq!(reading.rest.unwrap().text, "茶叶加工厂设备到了", "{kind:?}: the text is carried over");
    }
    let refused = Asked { kind: Some(Kind::Report), ..Asked::line("石老三") };
    assert_eq!(room.ask(&refused).kind, Some(Kind::Visit), "a line becomes no report");
}

#[test]
fn what_is_new_in_the_ledger_is_known_to_the_next_line() {
    let mut room = Room::new();
    assert_eq!(room.read("走访 莫小莲").draft.unwrap()["household_ids"], json!([]));
    let village = room.ledger.store().all::<Village>().unwrap()[0].id;
    room.add_household(village, "上屯", "莫小莲", &[]);
    assert_eq!(room.read("走访 莫小莲").draft.unwrap()["household_ids"].as_array().unwrap().len(), 1);
    let mut item = room.ledger.blank_json(Kind::DictionaryItem).unwrap();
    item["dictionary"] = json!("visit_purpose");
    item["label"] = json!("养老金认证");
    item["code"] = json!("pension");
    room.save(Kind::DictionaryItem, item);
    assert_eq!(room.read("走访 莫小莲 养老金认证").draft.unwrap()["purposes"], json!(["pension"]));
    room.ledger.undo().unwrap();
    room.ledger.undo().unwrap();
    assert_eq!(room.read("走访 莫小莲").draft.unwrap()["household_ids"], json!([]), "undo is a change too");
}

#[test]
fn who_types_is_the_visitor() {
    let mut room = Room::new();
    let names = room.names();
    let me =
        room.ledger.store().all::<TeamMember>().unwrap().into_iter().find(|member| member.draft.name == "覃晓岚").unwrap().id;
    room.ledger.set_member(Some(me));
    let visitors = |room: &mut Room, line: &str| names.all(&room.read(line).draft.unwrap()["visitor_ids"]);
    assert_eq!(visitors(&mut room, "今天走访石老三"), "覃晓岚");
    assert_eq!(visitors(&mut room, "今天和潘志成走访石老三"), "覃晓岚、潘志成");
    assert_eq!(visitors(&mut room, "今天罗启明、潘志成走访石老三"), "罗启明、潘志成");
}

#[test]
fn a_ledger_without_households_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let world = Box::new(FixedWorld::on(TODAY.parse().unwrap()));
    let ledger = create_ledger(
        &folder.path().join("空.zcj"),
        world,
        &NewLedger {
            team: "云岭乡石门村驻村工作队".into(),
            township: "云岭乡".into(),
            villages: vec![village("石门村", &["上屯"])],
            ..NewLedger::default()
        },
    )
    .unwrap();
    let reading = Reader::default().read(&ledger, &Asked::line("今天走访石老三")).unwrap();
    assert!(!reading.knows_people);
    assert_eq!(reading.kind, Some(Kind::Visit));
}

fn any_line() -> impl Strategy<Value = String> {
    let words = "今天|昨天|走访|石老三|韦建国|sls|wxm|雨露计划|春季|1500|元|3月5日|2月30日|三十五人次|漏雨|培训|和|村支书|、|，| |周五妹|上屯|全部|５|万|一千五|前|底|3.5|-|号|没人在家|慰问|各|块|下一步|没有|已修好|🙂|\u{301}|\u{2028}";
    let word = proptest::sample::select(words.split('|').collect::<Vec<_>>());
    prop_oneof![proptest::collection::vec(word, 0..14).prop_map(|words| words.concat()), "\\PC{0,60}"]
}

#[test]
fn any_line_is_read_and_its_pieces_lie_inside_it() {
    let room = Room::new();
    let today = TODAY.parse().unwrap();
    let vocabulary = Vocabulary::load(room.ledger.store(), today).unwrap();
    let mut runner = proptest::test_runner::TestRunner::default();
    let kinds = [None, Some(Kind::Visit), Some(Kind::Activity), Some(Kind::Application), Some(Kind::Issue)];
    let strategy = (any_line(), proptest::sample::select(kinds.to_vec()));
    runner
        .run(&strategy, |(line, kind)| {
            let asked = Asked { kind, ..Asked::line(&line) };
            let reading = read(&asked, &vocabulary, today, None).unwrap();
            let length = line.chars().count();
            let spans = reading.pieces.iter().map(|piece| (piece.from, piece.to));
            let mut end = 0;
            for (from, to) in spans {
                prop_assert!(from < to && to <= length, "{}: {}..{}", line, from, to);
                prop_assert!(from >= end, "{}: pieces overlap", line);
                end = to;
            }
            prop_assert!(reading.choices.iter().all(|choice| choice.from < choice.to && choice.to <= length));
            prop_assert!(
                reading.fields.iter().all(|field| reading.draft.as_ref().is_none_or(|draft| draft.get(field).is_some()))
            );
            prop_assert_eq!(read(&asked, &vocabulary, today, None).unwrap(), reading, "the same line is read the same");
            Ok(())
        })
        .unwrap();
}
