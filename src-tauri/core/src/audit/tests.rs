//! Each rule with what it finds and what it leaves alone; the sample's audit; every figure of the sample changed in turn.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::figures::{Figure, FigureValue, Scope};
use crate::outline::Outline;
use crate::records::report::{ReportEdit, ReportMasking, Runs};
use crate::report::document::{Block, Cell, CellValue, Table, text_of};
use crate::report::{Compiled, compile_gathered};
use crate::value::{Fen, Period};

/// The sample's half-year.
struct Case {
    gathered: Gathered,
    report: Report,
    _folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("示例.zcj");
        let ledger = crate::sample::create_sample(&path).unwrap();
        let period = Period::parse("2026H1").unwrap();
        let gathered = ledger.read(|store| Gathered::load(store, Scope::of(period))).unwrap();
        Case { gathered, report: Report::of(period, period.last_day(), "work-team"), _folder: folder }
    }

    fn compiled(&self) -> Compiled {
        compile_gathered(&self.gathered, Vec::new(), &self.report, &Default::default(), &Outline::find("work-team").unwrap())
            .unwrap()
    }

    fn subject<'s>(&'s self, compiled: &'s Compiled) -> Subject<'s> {
        Subject {
            document: &compiled.document,
            figures: &compiled.figures,
            gathered: &self.gathered,
            report: &self.report,
            replaced: &compiled.replaced,
        }
    }

    fn audit_of(&self, compiled: &Compiled) -> Vec<AuditFinding> {
        audit(&self.subject(compiled))
    }

    /// What is found in a paragraph written by hand; `{key}` in it is a figure.
    fn written(&mut self, block: &str, text: &str) -> Vec<AuditFinding> {
        self.report.edits.clear();
        let composed = self.compiled();
        let mut runs = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (key, after) = after.split_once('}').unwrap();
            runs.push(Run::text(before));
            runs.push(Run::figure(composed.figures.get(key).unwrap().in_words(), key));
            rest = after;
        }
        runs.push(Run::text(rest));
        runs.retain(|run| !run.text.is_empty());
        let found = composed.document.blocks.iter().find(|each| each.key() == block);
        let Some(Block::Paragraph { runs: own, .. }) = found else { panic!("{block} is no paragraph") };
        self.report.edits = vec![ReportEdit { block: block.to_owned(), runs: Runs(runs), base: text_of(own) }];
        let found = self.audit_of(&self.compiled());
        found.into_iter().filter(|f| matches!(&f.place, AuditPlace::Block { block: at, .. } if at == block)).collect()
    }

    fn rules(&mut self, text: &str) -> Vec<(String, AuditSeverity)> {
        self.written("visits.overview", text)
            .into_iter()
            .map(|f| (f.rule, f.severity))
            .filter(|(rule, _)| rule != "unlinked")
            .collect()
    }
}

#[test]
fn the_samples_report_has_no_error_and_only_sensible_warnings() {
    let case = Case::new();
    let found = case.audit_of(&case.compiled());
    let told: Vec<String> = found
        .iter()
        .map(|f| format!("{} {:?} {}：{}（{}）", f.rule, f.severity, f.place_text, f.message, f.records.len()))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(open_counts(&found).0, 0, "no errors");
}

use AuditSeverity::{Error, Hint, Warning};

#[test]
fn the_samples_report_after_every_shipped_outline_has_no_error() {
    let mut case = Case::new();
    for name in ["work-team", "personal", "kickoff", "township", "revitalization", "thematic"] {
        case.report.template = name.to_owned();
        let compiled =
            compile_gathered(&case.gathered, Vec::new(), &case.report, &Default::default(), &Outline::find(name).unwrap())
                .unwrap();
        let errors: Vec<_> = case.audit_of(&compiled).into_iter().filter(|each| each.severity == AuditSeverity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn a_number_of_a_table_of_the_text_is_wrong_without_its_unit_or_with_another_value() {
    let mut case = Case::new();
    case.report.template = "revitalization".to_owned();
    let outline = Outline::find("revitalization").unwrap();
    for (column, text, is_right) in [(2, None, true), (2, Some("1201"), false), (1, Some(""), false), (3, Some("1180"), true)] {
        let mut compiled = compile_gathered(&case.gathered, Vec::new(), &case.report, &Default::default(), &outline).unwrap();
        let table = compiled.document.blocks.iter_mut().find_map(|block| match block {
            Block::Table { table, .. } => Some(table),
            _ => None,
        });
        let cell = cell_of(table.unwrap(), 0, column).unwrap();
        if let Some(text) = text {
            cell.value = CellValue::Text(text.to_owned());
        }
        let found = case.audit_of(&compiled);
        assert_eq!(found.iter().all(|each| each.severity != AuditSeverity::Error), is_right, "{column} {text:?}: {found:?}");
    }
}

#[test]
fn contradictions_of_a_sentence_are_found() {
    let mut case = Case::new();
    let cases: &[(&str, &str, AuditSeverity)] = &[
        ("共排查安全隐患95处，其中初中21处、小学70处。", "R1", Warning),
        ("共排查安全隐患95处（初中21、小学73）。", "R1", Error),
        ("初中21处、小学74处，共94处。", "R1", Error),
        ("发放物资40份，其中上屯45份。", "R2", Error),
        ("走访慰问老党员26户20人。", "R3", Warning),
        ("收到群众来信12件，答复8件，答复率70%。", "R4", Error),
        ("在册脱贫户38户，占总户数的20%。", "R4", Warning),
        ("上半年走访农户60户。", "R5", Warning),
        ("围绕3个方面开展：一是宣讲政策；二是排查隐患。", "R6", Error),
        ("围绕8个方面调研：人口、产业、党建、工程、文化、前期帮扶、进度、难题、建议。", "R6", Warning),
        ("围绕人口、产业、党建、工程、文化、帮扶、进度、难题、建议等8个方面调研。", "R6", Warning),
        ("一是宣讲政策；二是排查隐患；四是上门服务。", "R6", Warning),
        ("在xx村开展走访。", "R7", Error),
        ("在××村开展走访。", "R7", Error),
        ("共走访？户。", "R7", Error),
        ("联系电话____。", "R7", Error),
        ("走访情况待补充。", "R7", Warning),
        ("走访农户（待填）户。", "R7", Error),
        ("2026年8月3日走访了全部农户。", "R8", Warning),
        ("2025年3月2日走访了全部农户。", "R8", Warning),
        ("8月3日走访了全部农户。", "R8", Warning),
        ("二〇二六年八月三日走访了全部农户。", "R8", Warning),
        ("2026.8.3走访了全部农户。", "R8", Warning),
        ("2025年3月2日、4月5日走访了全部农户。", "R8", Warning),
        ("每周开展矛盾调解。", "R10", Warning),
        ("驻村以来，每周组织主题党日、培训。", "R10", Warning),
        ("每月召开工作队例会2次，及时研究。", "R10", Warning),
        ("每季度举办烤烟种植技术观摩。", "R10", Warning),
        ("上半年走访农户近60户。", "R12", Warning),
        ("走访农户{visits.households}左右。", "R12", Warning),
        ("电话13800001234可联系。", "R13", Error),
        ("证件号110105194912310021X已核。", "", Hint),
        ("证件号11010519491231002X已核。", "R13", Error),
    ];
    for (text, rule, severity) in cases {
        let found = case.rules(text);
        if rule.is_empty() {
            assert!(found.is_empty(), "{text}: {found:?}");
        } else {
            assert!(found.contains(&((*rule).to_owned(), *severity)), "{text}: {found:?}");
        }
    }
}

#[test]
fn what_agrees_is_left_alone() {
    let mut case = Case::new();
    let cases = [
        "共排查安全隐患95处，其中初中21处、小学74处。",
        "共排查安全隐患95处（初中21、小学74）。",
        "初中21处、小学74处，共95处。",
        "走访农户{visits.households}，其中脱贫户20户、监测对象3户。",
        "发放物资45份，其中上屯40份。",
        "组织申报补贴97件，涉及45户。其中：务工补贴46人，产业奖补18户，危房改造21户，临时救助3户。",
        "申报金额369760元，已发放13.27万元。其中：危房改造申报30万元，批准30万元，发放10.5万元。",
        "走访慰问老党员20户26人，发放务工补贴46人（28户）。",
        "收到群众来信12件，答复8件，答复率66.67%。",
        "收到群众来信12件，答复8件，答复率66.7%，满意率95%。",
        "在册脱贫户38户，占总户数的11.84%。",
        "去年上半年走访农户50户，今年有所增加。",
        "下半年计划走访农户300户。",
        "每月走访监测对象不少于1次，每户2人。",
        "围绕3个方面开展：一是宣讲政策；二是排查隐患；三是上门服务。",
        "围绕8个方面调研：人口、产业、党建、工程、文化、前期帮扶、进度、难题和建议。",
        "落实三会一课，做到两不愁三保障，推行一户一策，用好一卡通。",
        "围绕产业、就业、教育等8个方面开展走访。",
        "第三季度继续走访，第1名的小组介绍经验，“十一有一低于”材料已补齐。",
        "根据乡发〔2026〕3号文件，2026年3月5日召开动员会。",
        "问题整改于2026年9月30日前完成。",
        "2025年12月底以来，持续走访。",
        "5月3日走访了全部农户，六月十日再访。",
        "去年12月起持续走访。",
        "计划8月3日走访全部农户。",
        "每月走访农户。",
        "每季度召开会议，及时研究。",
        "每季度组织学习，及时研究。",
        "下半年每周开展矛盾调解。",
        "张××、李××等群众反映用水困难。",
        "群众普遍反映：好不好，看行动。",
        "配比3×4米，规格2.5x3。",
        "拨打12345热线反映问题。",
        "银行卡已注销，待补办新卡。",
    ];
    for text in cases {
        let found = case.rules(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn a_number_typed_by_hand_is_marked_and_offered_its_figure() {
    let mut case = Case::new();
    let found = case.written("visits.overview", "上半年走访农户58户、183户次，参加座谈321人。");
    assert!(found.iter().all(|f| f.rule == "unlinked"), "{found:?}");
    let Some(AuditFix::Link { figure, text, from, to, .. }) = &found[0].fix else { panic!("{found:?}") };
    assert_eq!((figure.as_str(), text.as_str(), *from, *to), ("visits.households", "58户", 7, 10));
    let of = |quote: &str| found.iter().find(|f| f.quote.ends_with(quote)).unwrap();
    assert_eq!(of("58户").severity, Warning);
    assert_eq!(of("321人").severity, Hint, "no figure has this number");
    assert!(of("321人").offers.is_empty() && of("321人").fix.is_none());
    let rounded = case.written("applications.overview", "上半年已发放13.3万元。");
    assert!(rounded.iter().any(|f| f.offers.iter().any(|o| matches!(o, AuditFix::Link { text, .. } if text == "13.27万元"))));
    let linked = case.written("visits.overview", "上半年走访农户{visits.households}。");
    assert!(linked.is_empty(), "{linked:?}");
    let recorded = case.written("base.summary", "石门村距乡政府18公里，群众勤劳。");
    assert!(recorded.is_empty(), "what the record says itself is backed by it: {recorded:?}");
}

#[test]
fn numbers_typed_twice_must_agree() {
    let mut case = Case::new();
    let found = case.rules("工作队入户排查安全隐患95处。经整改，入户排查安全隐患92处。");
    assert!(found.contains(&("R5".to_owned(), Warning)), "{found:?}");
    let found = case.rules("入户排查安全隐患95处。去年入户排查安全隐患92处。");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_hand_written_paragraph_is_stale_when_its_base_is() {
    let mut case = Case::new();
    case.written("visits.overview", "走访农户{visits.households}。");
    case.report.edits[0].base = case.report.edits[0].base.replace("58户", "55户");
    let found = case.audit_of(&case.compiled());
    let stale = found.iter().find(|f| f.rule == "stale").unwrap();
    assert!(stale.severity == Warning && stale.message.contains("55户→58户"), "{}", stale.message);
}

#[test]
fn an_answered_warning_stays_answered_while_it_is_the_same() {
    let mut case = Case::new();
    let text = "我们走访农户60户。";
    let first = case.written("visits.overview", text).into_iter().find(|f| f.rule == "R5").unwrap();
    let answer = |finding: &AuditFinding| crate::records::report::ReportAcknowledgement {
        finding: finding.id.clone(),
        rule: finding.rule.clone(),
        quote: finding.quote.clone(),
        reason: "含外村".to_owned(),
    };
    case.report.acknowledgements = vec![answer(&first)];
    let again = |case: &mut Case, text: &str| case.written("visits.overview", text).into_iter().find(|f| f.rule == "R5").unwrap();
    assert_eq!(again(&mut case, text).acknowledged.as_deref(), Some("含外村"));
    assert_eq!(
        again(&mut case, "今年以来不断深入。我们走访农户60户。").acknowledged.as_deref(),
        Some("含外村"),
        "text before it does not matter"
    );
    assert_eq!(again(&mut case, "我们走访农户61户。").acknowledged, None, "another number is another matter");
}

#[test]
fn names_and_numbers_of_persons_depend_on_the_reader() {
    let mut case = Case::new();
    let name = case.gathered.households[0].draft.head().unwrap().name.clone();
    let text = format!("走访了{name}。");
    assert_eq!(case.rules(&text), [("R13".to_owned(), Hint)]);
    case.report.masking = ReportMasking::Public;
    assert_eq!(case.rules(&text), [("R13".to_owned(), Warning)]);
    case.report.masking = ReportMasking::Internal;
    assert_eq!(case.rules(&text), []);
    let member = case.gathered.members[0].draft.name.clone();
    case.report.masking = ReportMasking::Public;
    assert_eq!(case.rules(&format!("{member}带队走访。")), [], "the team signs with its names");
}

#[test]
fn projects_and_monthly_meetings_are_held_to_their_records() {
    let mut case = Case::new();
    let of = |case: &Case, rule: &str| case.audit_of(&case.compiled()).into_iter().filter(|f| f.rule == rule).count();
    assert_eq!(of(&case, "R9"), 0);
    case.gathered.projects[0].draft.appropriated = Some(Fen::yuan(1));
    assert_eq!(of(&case, "R9"), 1, "paid more than was appropriated");
    let project = &mut case.gathered.projects[1].draft;
    project.progress = vec![crate::records::project::ProjectProgress {
        day: case.gathered.scope.until(),
        progress: 10_000,
        note: String::new(),
    }];
    assert_eq!(of(&case, "R9"), 2, "done without a day");
    let before = of(&case, "R10");
    case.gathered.activities.retain(|activity| activity.draft.type_code != "party_day");
    assert_eq!((before, of(&case, "R10")), (1, 0), "what is never held is no monthly meeting");
    let day = case.gathered.scope.until().succ_opt().unwrap();
    case.gathered.activities[0].draft.to_day = Some(day);
    assert_eq!(of(&case, "R8"), 1, "a record reaches out of the period");
}

#[test]
fn figures_that_cannot_be_are_found_and_the_rest_left_alone() {
    let figure = |key: &str, value: FigureValue| Figure {
        key: key.to_owned(),
        label: key.to_owned(),
        value,
        unit: "户".to_owned(),
        definition: "。".to_owned(),
        approximate: false,
        records: Vec::new(),
    };
    let count = |key: &str, n: i64| figure(key, FigureValue::Count(n));
    let rules = |list: Vec<Figure>| {
        let mut findings = Findings::default();
        identities::check(&Figures::of(list), &mut findings);
        findings.rules()
    };
    assert_eq!(rules(vec![count("coverage.target", 5), count("coverage.in_person", 3), count("coverage.none", 1)]), ["R11"]);
    assert!(rules(vec![count("coverage.target", 4), count("coverage.in_person", 3), count("coverage.none", 1)]).is_empty());
    assert_eq!(rules(vec![count("issues.raised", 3), count("issues.done", 4)]), ["R2"]);
    assert_eq!(rules(vec![count("households.lifted.count", 9), count("households.lifted.persons", 8)]), ["R3"]);
    let rate =
        |points| vec![count("issues.raised", 12), count("issues.done", 8), figure("issues.rate", FigureValue::Percent(points))];
    assert!(rules(rate(6667)).is_empty());
    assert_eq!(rules(rate(6700)), ["R4"]);
    assert_eq!(rules(vec![count("applications.all.count", 5), count("applications.a.count", 4)]), ["R1"]);
}

/// A number that reads differently from another.
fn other(text: &str) -> String {
    let at = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
    let digit = if &text[at..=at] == "9" { "8" } else { "9" };
    format!("{}{digit}{}", &text[..at], &text[at + 1..])
}

#[test]
fn every_figure_of_the_text_changed_in_turn_is_found() {
    let case = Case::new();
    let compiled = case.compiled();
    let clean = open_counts(&case.audit_of(&compiled)).0;
    assert_eq!(clean, 0);
    let mut changed = 0;
    for at in 0..compiled.document.blocks.len() {
        let runs = |block: &Block| match block {
            Block::Paragraph { runs, .. } | Block::Heading { runs, .. } => runs.clone(),
            _ => Vec::new(),
        };
        for run in 0..runs(&compiled.document.blocks[at]).len() {
            let mut mutant = compiled.clone();
            let (Block::Paragraph { runs, .. } | Block::Heading { runs, .. }) = &mut mutant.document.blocks[at] else { continue };
            if runs[run].figure.is_none() {
                continue;
            }
            runs[run].text = other(&runs[run].text);
            let text = runs[run].text.clone();
            assert!(open_counts(&case.audit_of(&mutant)).0 > 0, "{text} was not found");
            changed += 1;
        }
    }
    assert!(changed > 100, "{changed} figures");
}

/// The cell of a row, or of the 合计 row behind the last.
fn cell_of(table: &mut Table, row: usize, column: usize) -> Option<&mut Cell> {
    if row < table.rows.len() { table.rows[row].get_mut(column) } else { table.total.as_mut()?.get_mut(column) }
}

#[test]
fn every_number_of_the_annexes_changed_in_turn_is_found() {
    let case = Case::new();
    let mut compiled = case.compiled();
    let mut changed = 0;
    for at in 0..compiled.document.annexes.len() {
        let (rows, columns) = (compiled.document.annexes[at].table.rows.len(), compiled.document.annexes[at].table.columns.len());
        for (row, column) in (0..=rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let Some(cell) = cell_of(&mut compiled.document.annexes[at].table, row, column) else { continue };
            let before = cell.clone();
            // Words of the records are nobody's figure; those of the annex of activities are counters.
            let is_counter = cell.figure.is_some() || at == 3;
            match &mut cell.value {
                CellValue::Count(count) => *count += 1,
                CellValue::Money(fen) => fen.0 += 100,
                CellValue::Percent(points) => *points -= 1,
                CellValue::Text(text) if is_counter && text.contains(|c: char| c.is_ascii_digit()) => *text = other(text),
                _ => continue,
            }
            let shown = cell.text();
            let subject = case.subject(&compiled);
            let mut findings = Findings::default();
            same_value::check(&subject, &Texts::empty(), &mut findings);
            tables::check(&subject, &mut findings);
            assert!(!findings.rules().is_empty(), "{shown} at {at} {row} {column} was not found");
            *cell_of(&mut compiled.document.annexes[at].table, row, column).unwrap() = before;
            changed += 1;
        }
    }
    assert!(changed > 500, "{changed} numbers");
    assert_eq!(open_counts(&case.audit_of(&compiled)).0, 0, "all is as it was");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn consistent_sentences_raise_no_error_and_inconsistent_ones_do(parts in prop::collection::vec(1u32..400, 2..5), off in 1u32..50) {
        let names = ["上屯", "下屯", "岩口屯", "木楼屯", "大冲屯"];
        let total: u32 = parts.iter().sum();
        let list: Vec<String> = parts.iter().zip(names).map(|(n, name)| format!("{name}{n}处")).collect();
        let list = list.join("、");
        let block = |text: String| {
            let mut findings = Findings::default();
            let texts = Texts::of_text("p", &text);
            sums::check(&texts, &mut findings);
            counts::check(&texts, &mut findings);
            findings.rules()
        };
        prop_assert_eq!(block(format!("共排查隐患{total}处，其中{list}。")), Vec::<&str>::new());
        prop_assert_eq!(block(format!("排查隐患{total}处（{list}）。")), Vec::<&str>::new());
        prop_assert_eq!(block(format!("{list}，共{total}处。")), Vec::<&str>::new());
        prop_assert_eq!(block(format!("{list}，共{}处。", total + off)), vec!["R1"]);
        let bare = list.replace('处', "");
        prop_assert_eq!(block(format!("排查隐患{}处（{bare}）。", total + off)), vec!["R1"]);
    }
}
