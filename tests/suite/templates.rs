//! The shipped templates over several ledgers, read aloud before they are accepted; and the rules that no text may break.

use serde_json::json;
use zhucun_core::outline;
use zhucun_core::records::report::Report;
use zhucun_core::records::team_member::TeamMember;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::document::{Block, Document};
use zhucun_core::report::{Compiled, compile};
use zhucun_core::sample::create_sample;
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use zhucun_core::storage::Ledger;
use zhucun_core::value::{Id, Period};

use crate::desk::{Desk, world};

/// A ledger with what a report about it is told.
struct Told {
    name: &'static str,
    ledger: Ledger,
    member: Option<Id>,
    topic: &'static str,
    _folder: tempfile::TempDir,
}

/// Rich: everything that the sample holds.
fn sample() -> Told {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let members = ledger.store().all::<TeamMember>().unwrap();
    let member = members.iter().find(|member| member.draft.name == "覃晓岚").map(|member| member.id);
    Told { name: "sample", ledger, member, topic: "教育、小学、奖学金", _folder: folder }
}

/// One household and one visit to it.
fn sparse() -> Told {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |visit| visit["persons_met"] = json!(2));
    of_desk("sparse", desk)
}

/// A village and a member, nothing else.
fn empty() -> Told {
    let folder = tempfile::tempdir().unwrap();
    let new = NewLedger { villages: villages(1), ..first_page() };
    let ledger = create_ledger(&folder.path().join("空.zcj"), world(), &new).unwrap();
    Told { name: "empty", ledger, member: None, topic: "", _folder: folder }
}

/// Not even a village or a member.
fn bare() -> Told {
    let folder = tempfile::tempdir().unwrap();
    let new = NewLedger { team: "某某工作队".into(), ..NewLedger::default() };
    let ledger = create_ledger(&folder.path().join("无.zcj"), world(), &NewLedger { township: "青坪乡".into(), ..new }).unwrap();
    Told { name: "bare", ledger, member: None, topic: "", _folder: folder }
}

fn first_page() -> NewLedger {
    NewLedger {
        team: "青坪乡驻村工作队".into(),
        county: "云岭县".into(),
        township: "青坪乡".into(),
        members: vec![NewMember { name: "罗启明".into(), role: "leader".into() }],
        ..NewLedger::default()
    }
}

fn villages(count: usize) -> Vec<NewVillage> {
    let names = ["石门村", "木楼村", "岩口村", "枫树村", "大冲村", "上岭村", "下岭村", "清水村", "茶山村", "桥头村"];
    names.iter().take(count).map(|name| NewVillage { name: (*name).into(), hamlets: vec!["一组".into()] }).collect()
}

fn of_desk(name: &'static str, desk: Desk) -> Told {
    let Desk { ledger, folder, member, .. } = desk;
    Told { name, ledger, member: Some(member), topic: "", _folder: folder }
}

/// Ten villages: households, visits, issues and indicators in most of them, nothing in the last.
fn ten() -> Told {
    let folder = tempfile::tempdir().unwrap();
    let new = NewLedger { villages: villages(10), ..first_page() };
    let ledger = create_ledger(&folder.path().join("十村.zcj"), world(), &new).unwrap();
    let member = ledger.store().list(Kind::TeamMember, &Default::default()).unwrap().rows[0].id;
    let ids: Vec<Id> = ledger.store().list(Kind::Village, &Default::default()).unwrap().rows.iter().map(|row| row.id).collect();
    let mut desk = Desk { ledger, household: Id::default(), member, folder };
    for (at, village) in ids.iter().enumerate().take(9) {
        for nth in 0..=at {
            desk.household = desk.add(Kind::Household, |household| {
                household["village_id"] = json!(village);
                household["members"][0]["name"] = json!(format!("韦{}", "甲乙丙丁戊己庚辛壬".chars().nth(nth).unwrap()));
                let types = json!([{ "code": "sudden_hardship", "from_day": null, "to_day": null }]);
                if nth == 0 {
                    household["types"] = types;
                    household["risks"] = json!(["accident"]);
                    household["identified_on"] = json!("2026-03-02");
                }
            });
            if nth % 2 == 0 {
                desk.add(Kind::Visit, |visit| {
                    visit["day"] = json!(format!("2026-0{}-1{}", nth % 5 + 1, at));
                    visit["persons_met"] = json!(2);
                });
            }
        }
        desk.add(Kind::Issue, |issue| {
            issue["title"] = json!(format!("第{}村水渠渗漏", outline_number(at + 1)));
            issue["village_id"] = json!(village);
            issue["household_id"] = json!(null);
            issue["raised_on"] = json!("2026-04-01");
        });
        desk.add(Kind::Indicator, |indicator| {
            indicator["category"] = json!("产业发展");
            indicator["village_id"] = json!(village);
            indicator["planned"] = json!(10_000 * (at + 1));
            indicator["actual"] = json!(9_500 * (at + 1));
        });
    }
    desk.add(Kind::Issue, |issue| {
        issue["title"] = json!("乡集镇停车难");
        issue["village_id"] = json!(null);
        issue["household_id"] = json!(null);
        issue["raised_on"] = json!("2026-05-01");
    });
    desk.add(Kind::Activity, |activity| {
        activity["type_code"] = json!("survey");
        activity["title"] = json!("进村调研");
        activity["village_id"] = json!(ids[0]);
        activity["items"] = json!(["人口情况", "产业经济"]);
    });
    desk.add(Kind::Activity, |activity| {
        activity["type_code"] = json!("survey");
        activity["title"] = json!("进村调研");
        activity["village_id"] = json!(ids[1]);
        activity["items"] = json!(["产业经济", "党组织建设"]);
    });
    desk.add(Kind::Plan, |_| {});
    of_desk("ten", desk)
}

fn outline_number(n: usize) -> char {
    "一二三四五六七八九十".chars().nth(n - 1).unwrap()
}

fn told(ledger: &Told, template: &str) -> Compiled {
    let period = Period::parse("2026H1").unwrap();
    let cutoff = ledger.ledger.today().min(period.last_day());
    let report = Report { member_id: ledger.member, topic: ledger.topic.to_owned(), ..Report::of(period, cutoff, template) };
    ledger.ledger.read(|store| compile(store, &report)).unwrap_or_else(|error| panic!("{} {template}: {error}", ledger.name))
}

fn ledgers() -> Vec<Told> {
    vec![sample(), sparse(), empty(), bare(), ten()]
}

fn text(document: &Document) -> String {
    Document { annexes: Vec::new(), ..document.clone() }.plain_text().join("\n")
}

#[test]
fn every_template_reads_like_a_clerks_over_every_ledger() {
    for ledger in ledgers() {
        for info in outline::shipped() {
            let compiled = told(&ledger, &info.name);
            insta::with_settings!({ description => info.title.clone(), omit_expression => true }, {
                insta::assert_snapshot!(format!("{}_{}", info.name, ledger.name), text(&compiled.document));
            });
        }
    }
}

/// What every text must keep to, whatever the ledger holds.
#[test]
fn no_template_tells_noughts_slips_or_numbers_without_a_source() {
    let mut wrong = Vec::new();
    for ledger in ledgers() {
        let typed = ledger_text(&ledger.ledger);
        for info in outline::shipped() {
            let compiled = told(&ledger, &info.name);
            let name = format!("{} over {}", info.name, ledger.name);
            for (line, at) in text(&compiled.document).lines().zip(1..) {
                wrong.extend(slips(line).into_iter().map(|slip| format!("{name}, line {at}: {slip}: {line}")));
            }
            let mut heading_before = 0;
            for block in &compiled.document.blocks {
                let level = if let Block::Heading { level, .. } = block { *level } else { 0 };
                if heading_before > 0 && level > 0 && level <= heading_before {
                    wrong.push(format!("{name}: an empty heading before {}", block.key()));
                }
                heading_before = level;
                wrong.extend(unsourced(block, &typed).into_iter().map(|slip| format!("{name}, {}: {slip}", block.key())));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn slips(line: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for slip in [
        "，，",
        "。。",
        "、、",
        "；；",
        "，。",
        "；。",
        "、。",
        "：。",
        "。；",
        "。，",
        "，、",
        "  ",
        "None",
        "undefined",
        "xx",
        "××",
        "{}",
        "（）",
        "开展开展",
        "参加参加",
        "的的",
        "：，",
    ] {
        if line.contains(slip) {
            found.push(slip);
        }
    }
    let letters: Vec<char> = line.chars().collect();
    let nought = letters.windows(3).any(|three| {
        !three[0].is_ascii_digit() && three[0] != '.' && three[1] == '0' && "次户人件个名场篇期项元亩天份万".contains(three[2])
    });
    if nought && !line.contains('\t') {
        found.push("a nought");
    }
    let starts = letters.first().is_some_and(|first| "，。、；：".contains(*first));
    if starts {
        found.push("begins with punctuation");
    }
    found
}

/// Everything that was typed into the ledger, as one text.
fn ledger_text(ledger: &Ledger) -> String {
    let page =
        |kind: &Kind| ledger.store().list(*kind, &zhucun_core::storage::ListQuery { limit: 1000, ..Default::default() }).unwrap();
    let drafts = Kind::ALL.iter().filter(|kind| **kind != Kind::Visit).flat_map(|kind| {
        page(kind).rows.into_iter().map(move |row| ledger.get_json(*kind, row.id).unwrap()["draft"].to_string())
    });
    drafts.collect::<Vec<_>>().join("\n")
}

/// Digits of a block that neither show a figure nor were typed into a record; days, half-years and list numbers are none.
fn unsourced(block: &Block, typed: &str) -> Vec<String> {
    let Block::Paragraph { runs, .. } = block else { return Vec::new() };
    let mut found = Vec::new();
    for (run, at) in runs.iter().zip(0..).filter(|(run, _)| run.figure.is_none()) {
        let text = if at == 0 { without_number(&run.text) } else { &run.text };
        found.extend(numbers(text).into_iter().filter(|number| !is_day(number) && !typed.contains(number.trim())));
    }
    found
}

fn without_number(text: &str) -> &str {
    text.split_once('.').filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit())).map_or(text, |(_, rest)| rest)
}

/// The numbers of a text, each with the character after it.
fn numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_part = |at: usize| letters.get(at).is_some_and(|c| c.is_ascii_digit() || *c == '.');
    let starts = (0..letters.len()).filter(|at| is_part(*at) && (*at == 0 || !is_part(at - 1)));
    let number = |start: usize| {
        let end = (start..letters.len()).find(|at| !is_part(*at)).unwrap_or(letters.len());
        letters[start..(end + 1).min(letters.len())].iter().collect()
    };
    starts.map(number).collect()
}

fn is_day(number: &str) -> bool {
    number.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['年', '月', '日'])
}

#[test]
fn the_villages_rows_add_up_to_the_total_of_the_table() {
    let compiled = told(&ten(), "township");
    let table = compiled.document.blocks.iter().find_map(|block| match block {
        Block::Table { table, .. } => Some(table),
        _ => None,
    });
    let table = table.unwrap();
    let total = table.total.as_ref().unwrap();
    for (at, column) in table.columns.iter().enumerate().skip(1).filter(|(_, column)| !column.title.contains('率')) {
        let number =
            |cell: &zhucun_core::report::document::Cell| cell.figure.as_deref().map_or(0, |key| compiled.figures.number(key));
        assert_eq!(table.rows.iter().map(|row| number(&row[at])).sum::<i64>(), number(&total[at]), "{}", column.title);
    }
    assert!(table.columns.iter().all(|column| !column.title.contains("申报")), "a column of noughts is left out");
    let cells = table.rows.iter().flatten().filter_map(|cell| cell.figure.as_deref());
    for key in cells {
        assert!(compiled.figures.get(key).is_some(), "{key}");
    }
}

#[test]
fn a_report_of_every_template_is_called_in_words() {
    let mut desk = Desk::new();
    for info in outline::shipped() {
        let id = desk.add(Kind::Report, |draft| draft["template"] = json!(info.name));
        let title = desk.ledger.store().titles(&[RecordRef { kind: Kind::Report, id }]).unwrap().remove(0).title;
        assert_eq!(title, format!("2026年上半年 {}", info.title));
    }
}
