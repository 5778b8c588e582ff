//! Sheets into a ledger: whole runs over a real file.

use serde_json::json;
use zhucun_core::Severity;
use zhucun_core::records::Kind;
use zhucun_core::storage::ListQuery;
use zhucun_import::mapping::{Mapping, guess_as};
use zhucun_import::outcome::{Outcome, RowStatus};
use zhucun_import::run::{Request, commit, preview};
use zhucun_import::workbook::{Cell, Sheet, SheetRow};

use crate::desk::Desk;

/// A sheet from lines of cells between bars; an empty line is a blank row.
fn sheet(lines: &[&str]) -> Sheet {
    let cell = |text: &str| match text.trim() {
        "" => Cell::Empty,
        text => Cell::Text(text.into()),
    };
    let row = |(number, line): (u32, &&str)| SheetRow { number, cells: line.split('|').map(cell).collect() };
    let rows = (1..).zip(lines).filter(|(_, line)| !line.is_empty()).map(row).collect();
    Sheet { name: "表1".to_owned(), rows, ..Sheet::default() }
}

fn mapping(sheet: &Sheet, kind: Kind) -> Mapping {
    guess_as(sheet, kind).unwrap().mapping
}

fn request(sheet: &Sheet, kind: Kind) -> Request {
    Request {
        kind,
        mapping: mapping(sheet, kind),
        fixes: Default::default(),
        answers: Default::default(),
        source: "石门村.xlsx".to_owned(),
    }
}

fn import(desk: &mut Desk, kind: Kind, lines: &[&str]) -> Outcome {
    let sheet = sheet(lines);
    let request = request(&sheet, kind);
    let shown = preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    let done = commit(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap().value;
    let counts = |outcome: &Outcome| (outcome.new, outcome.changed, outcome.unchanged, outcome.error, outcome.warning);
    assert_eq!(counts(&shown), counts(&done), "the preview shows what the commit does");
    done
}

fn counts(outcome: &Outcome) -> [u32; 4] {
    [outcome.new, outcome.changed, outcome.unchanged, outcome.error]
}

fn codes(outcome: &Outcome) -> Vec<(u32, String)> {
    let issues = outcome.rows.iter().flat_map(|row| row.issues.iter().map(|issue| (row.row, issue.code.clone())));
    issues.collect()
}

const PERSONS: &[&str] = &[
    "青坪乡石门村脱贫人口名单",
    "户编号|人编号|姓名|证件号码|与户主关系|民族|文化程度|健康状况|劳动技能|户类型|自然村|户联系电话",
    "1001|100101|石大山|990101196503120017|户主|侗族|小学|健康|普通劳动力|脱贫户|上屯|13900001111",
    "1001|100102|韦 小妹|990101196804250021|配偶|壮族|小学|长期慢性病|弱劳动力|脱贫户|上屯|13900001111",
    "1002|100201|潘七|990101197101010016|户主|苗族|初中|健康|技能劳动力|一般农户|下屯|",
    "合计|3人||||||||||",
];

/// The lines with ID numbers whose check digits fit.
fn with_ids(lines: &[&str]) -> Vec<String> {
    lines
        .iter()
        .map(|line| {
            let cells = line.split('|').map(|cell| match cell.len() {
                18 if cell.starts_with("990101") => zhucun_core::value::IdNumber::complete(&cell[..17]),
                _ => cell.to_owned(),
            });
            cells.collect::<Vec<_>>().join("|")
        })
        .collect()
}

fn persons(desk: &mut Desk, lines: &[&str]) -> Outcome {
    let lines = with_ids(lines);
    import(desk, Kind::Household, &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_list_of_persons_becomes_households_and_again_changes_nothing() {
    let mut desk = Desk::new();
    let before = desk.total(Kind::Household);
    let first = persons(&mut desk, PERSONS);
    assert_eq!(counts(&first), [3, 0, 0, 0], "{:?}", codes(&first));
    assert_eq!(desk.total(Kind::Household), before + 2);
    let again = persons(&mut desk, PERSONS);
    assert_eq!(counts(&again), [0, 0, 3, 0], "{:?}", again.rows);
    assert_eq!(desk.total(Kind::Household), before + 2);
    let query = ListQuery { text: "石大山".to_owned(), ..ListQuery::default() };
    let id = desk.ledger.store().list(Kind::Household, &query).unwrap().rows[0].id;
    let household = desk.ledger.get_json(Kind::Household, id).unwrap();
    assert_eq!(household["draft"]["members"][1]["name"], "韦小妹");
    assert_eq!(household["draft"]["members"][1]["health"], json!(["chronic"]));
    assert_eq!(household["meta"]["origin"], "import:石门村.xlsx");
}

#[test]
fn a_changed_cell_is_shown_as_before_and_after_and_undone_as_one() {
    let mut desk = Desk::new();
    persons(&mut desk, PERSONS);
    let content = desk.content();
    let changed: Vec<String> =
        PERSONS.iter().map(|line| line.replace("弱劳动力", "无劳动力").replace("13900001111", "13900002222")).collect();
    let outcome = persons(&mut desk, &changed.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(counts(&outcome), [0, 2, 1, 0]);
    let shown: Vec<_> = outcome
        .rows
        .iter()
        .flat_map(|row| &row.changes)
        .map(|c| (c.label.as_str(), c.before.as_str(), c.after.as_str()))
        .collect();
    assert_eq!(shown, [("户联系电话", "139****1111", "139****2222"), ("劳动技能", "弱劳动力或半劳动力", "无劳动力")]);
    assert_eq!(desk.ledger.undo().unwrap().value, "导入农户");
    assert_eq!(desk.content(), content);
}

#[test]
fn one_bad_person_stays_out_and_the_rest_of_the_household_comes_in() {
    let mut desk = Desk::new();
    let lines: Vec<String> = with_ids(PERSONS)
        .into_iter()
        .map(|line| {
            if line.contains("韦 小妹") {
                line.replace(&line.split('|').nth(3).unwrap().to_owned(), "9.90101E+17")
            } else {
                line
            }
        })
        .collect();
    let outcome = import(&mut desk, Kind::Household, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(counts(&outcome), [2, 0, 0, 1]);
    assert_eq!(codes(&outcome), [(3, "exit_year_missing".to_owned()), (4, "id_damaged".to_owned())]);
    let issue = &outcome.rows.iter().find(|row| row.row == 4).unwrap().issues[0];
    assert_eq!((issue.heading.as_str(), issue.column, issue.severity), ("证件号码", Some(3), Severity::Hard));
}

#[test]
fn a_bad_head_keeps_its_household_out_and_no_other() {
    let mut desk = Desk::new();
    let before = desk.total(Kind::Household);
    let lines: Vec<String> = PERSONS.iter().map(|line| line.replace("|990101196503120017|", "|99010119650312|")).collect();
    let outcome = persons(&mut desk, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(counts(&outcome), [1, 0, 0, 2], "{:?}", codes(&outcome));
    assert_eq!(desk.total(Kind::Household), before + 1);
    assert!(codes(&outcome).contains(&(3, "id_shape".to_owned())), "{:?}", codes(&outcome));
}

#[test]
fn a_row_a_household_with_monitored_type_and_risks() {
    let mut desk = Desk::new();
    let lines = [
        "序号|户主|身份证号|家庭人口|户类型|监测对象类别|致贫/返贫风险1|致贫/返贫风险2|识别监测时间|组|电话",
        "1|罗大勇|990101197001010018|4|脱贫户|脱贫不稳定户|因病|因残|202503|上屯|",
        "2|莫小军|990101197001020015|2|一般农户|边缘易致贫户|缺劳力||2025.4.1|下屯|",
        "3|覃有福|990101197001030012|2|一般农户|||||下屯|",
    ];
    let outcome = persons(&mut desk, &lines);
    assert_eq!(counts(&outcome), [3, 0, 0, 0], "{:?}", codes(&outcome));
    let query = ListQuery { text: "罗大勇".to_owned(), ..ListQuery::default() };
    let id = desk.ledger.store().list(Kind::Household, &query).unwrap().rows[0].id;
    let draft = desk.ledger.get_json(Kind::Household, id).unwrap()["draft"].clone();
    let types: Vec<_> = draft["types"].as_array().unwrap().iter().map(|t| t["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(types, ["lifted", "unstable_lifted"]);
    assert_eq!(draft["risks"], json!(["illness", "disability"]));
    assert_eq!(draft["identified_on"], "2025-03-01");
    assert_eq!(outcome.warning, 1, "脱贫年度 is missing: warned, and kept");
    assert_eq!(counts(&persons(&mut desk, &lines)), [0, 0, 3, 0]);
}

#[test]
fn visits_find_their_households_and_are_the_same_when_they_come_again() {
    let mut desk = Desk::new();
    persons(&mut desk, PERSONS);
    let lines = [
        "石门村2026年走访登记",
        "日期|户主姓名|方式|事由|走访内容|走访人|存在问题",
        "2026.3.5|石大山|入户|防火宣传|宣传防火，看望老人|罗启明、村支书韦某|",
        "3月6日|石大山、潘 七|电话|常规走访、收入|核对收入|罗启明|屋顶漏雨",
        "2026-03-05|石大山|入户|慰问|下午又去一次|罗启明|",
        "20260307|张不存|入户|走访|没有这一户|罗启明|",
        "2026-03-08|潘七|不在家||外出赶集|罗启明|",
    ];
    let first = import(&mut desk, Kind::Visit, &lines);
    assert_eq!(counts(&first), [4, 0, 0, 1], "{:?}", codes(&first));
    assert_eq!(codes(&first), [(6, "household_unknown".to_owned())]);
    assert_eq!(desk.total(Kind::Issue), 1, "the problem is in the list of issues");
    let again = import(&mut desk, Kind::Visit, &lines);
    assert_eq!(counts(&again), [0, 0, 4, 1], "{:?}", again.rows);
    let mended: Vec<String> = lines.iter().map(|line| line.replace("下午又去一次", "下午又去了一次")).collect();
    let changed = import(&mut desk, Kind::Visit, &mended.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(counts(&changed), [0, 1, 3, 1], "the mended row is its own visit, not the other of that day");
}

#[test]
fn several_of_a_name_are_asked_and_the_answer_is_taken() {
    let mut desk = Desk::new();
    let lines: Vec<String> = with_ids(PERSONS).into_iter().map(|line| line.replace("潘七", "石大山")).collect();
    import(&mut desk, Kind::Household, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    let sheet = sheet(&["走访日期|户主|走访内容", "2026-03-05|石大山|看望"]);
    let mut request = request(&sheet, Kind::Visit);
    let asked = preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!(asked.rows[0].candidates.len(), 2);
    assert_eq!(asked.rows[0].issues[0].code, "ambiguous_household");
    request.answers.insert(2, asked.rows[0].candidates[1]);
    let done = commit(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap().value;
    assert_eq!(counts(&done), [1, 0, 0, 0]);
}

#[test]
fn applications_projects_activities_and_indicators_come_in_and_again_change_nothing() {
    let mut desk = Desk::new();
    persons(&mut desk, PERSONS);
    let sheets: [(Kind, &[&str]); 4] = [
        (
            Kind::Application,
            &[
                "序号|姓名|补贴项目|学期|年度|申报金额（元）|申报日期|状态",
                "1|韦小妹|雨露计划|春季|2026|1500|2026.3.5|乡镇审核",
                "2|潘七|产业奖补||2026年|3000|2026-03-06|",
            ],
        ),
        (
            Kind::Project,
            &[
                "单位：万元",
                "项目名称|项目类别|总投资|到位|资金来源|开工时间|完工时间|进度",
                "上屯护栏|基础设施|4.2|4.2|第一书记经费|2026.3.1|2026.4.20|100%",
            ],
        ),
        (
            Kind::Activity,
            &[
                "时间|地点|活动名称|类型|参加人次|发放资料|内容",
                "2026.4.2|村委会|茶叶加工技术|培训|35|60余份|请县里老师讲课",
                "2026.4.9|上屯|全村大扫除||50||",
            ],
        ),
        (Kind::Indicator, &["类别|指标|单位|计划|实际|期间|基数", "产业|茶园面积|亩|1200|1180.5|2026年上半年|1096"]),
    ];
    for (kind, lines) in sheets {
        let rows = u32::try_from(lines.iter().filter(|line| line.contains('|')).count()).unwrap() - 1;
        let first = import(&mut desk, kind, lines);
        assert_eq!(counts(&first), [rows, 0, 0, 0], "{kind:?}: {:?}", first.rows);
        let again = import(&mut desk, kind, lines);
        assert_eq!(counts(&again), [0, 0, rows, 0], "{kind:?}: {:?}", again.rows);
    }
}

#[test]
fn a_cancelled_import_leaves_nothing_behind() {
    let mut desk = Desk::new();
    let before = desk.content();
    let sheet = sheet(&with_ids(PERSONS).iter().map(String::as_str).collect::<Vec<_>>());
    let request = request(&sheet, Kind::Household);
    let mut calls = 0;
    let stopped = commit(&mut desk.ledger, &sheet, &request, &mut |_, _| {
        calls += 1;
        false
    });
    assert!(matches!(stopped, Err(zhucun_core::Error::Cancelled)));
    assert_eq!((calls, desk.content()), (1, before));
}

#[test]
fn hostile_texts_are_stored_as_texts() {
    let mut desk = Desk::new();
    persons(&mut desk, PERSONS);
    let hostile =
        ["=cmd|' /C calc'!A0".replace('|', "¦"), "<img src=x onerror=alert(1)>".to_owned(), "'; DROP TABLE visit; --".to_owned()];
    let mut lines = vec!["日期|户主|走访内容".to_owned()];
    lines.extend(hostile.iter().zip(1..).map(|(text, day)| format!("2026-03-0{day}|石大山|{text}")));
    let outcome = import(&mut desk, Kind::Visit, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(counts(&outcome), [3, 0, 0, 0]);
    for (row, text) in outcome.rows.iter().zip(&hostile) {
        assert_eq!(desk.ledger.get_json(Kind::Visit, row.record.unwrap()).unwrap()["draft"]["content"], json!(text));
    }
    assert!(outcome.rows.iter().all(|row| row.status == RowStatus::New));
}

#[test]
fn a_row_that_looks_like_a_household_of_the_ledger_is_shown_beside_it_and_the_answer_is_taken() {
    let mut desk = Desk::new();
    persons(&mut desk, PERSONS);
    let lines = with_ids(&[
        "户主姓名|身份证号|家庭人口|户类型|组|电话",
        "潘七||2|一般农户|上屯|13900003333",
        "石大山|990101197101019010|2|一般农户|上屯|",
    ]);
    let sheet = sheet(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let mut request = request(&sheet, Kind::Household);
    let shown = preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!(counts(&shown), [2, 0, 0, 0], "{:?}", codes(&shown));
    assert_eq!(codes(&shown), [(2, "looks_alike".to_owned())], "another number is another man");
    let alike = &shown.rows[0].alikes[0];
    assert!(shown.rows[0].can_be_new);
    assert!(matches!(alike.reasons[0], zhucun_core::records::twins::Reason::SameHeadSameVillage { .. }));
    let beside: Vec<_> = alike.differences.iter().map(|d| (d.label.as_str(), d.before.as_str(), d.after.as_str())).collect();
    assert_eq!(beside, [("屯（组）", "下屯", "上屯"), ("户联系电话", "", "139****3333")]);

    let household = alike.household;
    request.answers.insert(2, household);
    let answered = preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!(counts(&answered), [1, 1, 0, 0], "{:?}", codes(&answered));
    assert_eq!((answered.rows[0].record, answered.rows[0].alikes[0].household), (Some(household), household));
    request.answers.insert(2, zhucun_core::value::Id::default());
    let own = preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!((counts(&own), codes(&own)), ([2, 0, 0, 0], vec![]), "the user has said that it is another");
}

#[test]
fn a_person_registered_elsewhere_is_told_where_and_can_be_sent_there_alone() {
    let mut desk = Desk::new();
    persons(&mut desk, PERSONS);
    let lines = with_ids(&[
        "户编号|人编号|姓名|证件号码|与户主关系|民族|文化程度|健康状况|劳动技能|户类型|自然村|户联系电话",
        "1009||莫小军|990101199001010017|户主|壮族|初中|健康|普通劳动力|一般农户|木楼屯|",
        "1009||韦小妹|990101196804250021|母亲|壮族|初中|健康|普通劳动力|一般农户|木楼屯|",
    ]);
    let sheet = sheet(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let mut request = request(&sheet, Kind::Household);
    let shown = preview(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap();
    assert_eq!(counts(&shown), [1, 0, 0, 1], "{:?}", codes(&shown));
    let refused = &shown.rows[1];
    assert!(refused.issues[0].message.contains("石**（石门村上屯）"), "{}", refused.issues[0].message);
    assert!(!refused.can_be_new && refused.alikes.len() == 1);
    request.answers.insert(3, refused.alikes[0].household);
    let done = commit(&mut desk.ledger, &sheet, &request, &mut |_, _| true).unwrap().value;
    assert_eq!(counts(&done), [1, 1, 0, 0], "{:?}", codes(&done));
    let there = desk.ledger.get_json(Kind::Household, done.rows[1].record.unwrap()).unwrap()["draft"].clone();
    assert_eq!(
        (&there["ext_no"], &there["hamlet"]),
        (&json!("1001"), &json!("上屯")),
        "the rows beside say nothing of that household"
    );
    let wife = &there["members"][1];
    assert_eq!((&wife["relation"], &wife["education"]), (&json!("spouse"), &json!("junior")));
}
