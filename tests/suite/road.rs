//! The whole road without a window: typed → stored → counted → worded → document, and the way back by undo.

use proptest::prelude::*;
use serde_json::json;
use zhucun_core::records::report::Report;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::document::{Block, text_of};
use zhucun_core::report::{Compiled, compile, figure_view};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::Ledger;
use zhucun_core::value::Period;

use crate::desk::Desk;

fn compiled(ledger: &Ledger) -> Compiled {
    let period = Period::parse("2026H1").unwrap();
    let report = Report::of(period, ledger.today().min(period.last_day()), "work-team");
    ledger.read(|store| compile(store, &report)).unwrap()
}

#[test]
fn a_visit_typed_in_is_a_figure_in_a_sentence_and_the_figure_knows_the_visit() {
    let mut desk = Desk::new();
    let visit = desk.add(Kind::Visit, |visit| visit["persons_met"] = json!(3));
    let before = compiled(&desk.ledger);
    let text = before.document.plain_text().join("\n");
    assert!(text.contains("走访农户1户、1户次、3人次"), "{text}");
    let figure = before.figures.get("visits.household_times").unwrap();
    assert_eq!(figure.records, [RecordRef { kind: Kind::Visit, id: visit }]);
    let view = figure_view(desk.ledger.store(), figure).unwrap();
    assert_eq!((view.text.as_str(), view.records.len()), ("1户次", 1));

    desk.change(Kind::Visit, visit, |visit| visit["persons_met"] = json!(5)).unwrap();
    let text = compiled(&desk.ledger).document.plain_text().join("\n");
    assert!(text.contains("1户次、5人次"), "a changed record changes the sentence: {text}");
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Visit, id: visit }]).unwrap();
    let text = compiled(&desk.ledger).document.plain_text().join("\n");
    assert!(!text.contains("走访"), "what lies in the bin is not told: {text}");
}

#[test]
fn a_hand_written_paragraph_stays_its_figures_follow_and_its_author_is_told() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap();
    let told = |desk: &Desk| {
        let report = desk.ledger.store().get::<Report>(report.id).unwrap().draft;
        desk.ledger.read(|store| compile(store, &report)).unwrap()
    };
    let overview = |compiled: &Compiled| {
        let block = compiled.document.blocks.iter().find(|block| block.key() == "visits.overview").unwrap();
        let Block::Paragraph { runs, .. } = block else { panic!("a paragraph") };
        text_of(runs)
    };
    let base = overview(&told(&desk));
    let runs = json!([{ "text": "我们走进了" }, { "text": "1户", "figure": "visits.households" }, { "text": "人家。" }]);
    let edit = json!([{ "block": "visits.overview", "runs": runs, "base": base }]);
    desk.change(Kind::Report, report.id, |report| report["edits"] = edit).unwrap();
    let before = told(&desk);
    assert_eq!((overview(&before).as_str(), before.notes.len()), ("我们走进了1户人家。", 0));

    let second = desk.add(Kind::Household, |_| {});
    desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([second]));
    let after = told(&desk);
    assert_eq!(overview(&after), "我们走进了2户人家。", "the figure follows the records");
    assert_eq!(after.notes.len(), 1, "the author is told that the rest may not hold any more");
    assert!(text_of(&after.replaced["visits.overview"]).contains("走访农户2户"));
}

/// Whether a sentence counts nothing, such as 走访0户.
fn tells_nothing(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters
        .windows(3)
        .any(|three| !three[0].is_ascii_digit() && three[0] != '.' && three[1] == '0' && "次户人件个名场篇期".contains(three[2]))
}

#[test]
fn an_empty_ledger_makes_a_report_without_empty_headings_and_noughts() {
    let desk = Desk::new();
    let text = compiled(&desk.ledger).document.plain_text().join("\n");
    assert!(!tells_nothing(&text) && !text.contains("项目和资金"), "{text}");
}

/// Read aloud before it is accepted: this is what a township gets.
#[test]
fn the_samples_report_reads_like_a_clerks() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let compiled = compiled(&ledger);
    assert!(compiled.notes.is_empty(), "{:?}", compiled.notes);
    let text = compiled.document.plain_text().join("\n");
    for phrase in [
        "春节前慰问11户",
        "危房改造21户",
        "第一书记经费投入10万元",
        "援建13万元",
        "田螺5000余斤",
        "通讯稿3篇",
        "已完成选址，正在等待设计",
    ] {
        assert!(text.contains(phrase), "{phrase} is missing");
    }
    assert!(!tells_nothing(&text), "a nought is told");
    for slip in ["，，", "。。", "、、", "，。", "；。", "  ", "None", "undefined"] {
        assert!(!text.contains(slip), "{slip:?} stands in the text");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_figure_of_the_sample_has_records_that_exist() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let compiled = compiled(&ledger);
    for figure in compiled.figures.all() {
        let titles = ledger.store().titles(&figure.records).unwrap();
        assert_eq!(titles.len(), figure.records.len(), "{}", figure.key);
        assert!(!figure.definition.is_empty() && figure.definition.ends_with('。'), "{} is not defined", figure.key);
    }
    let shown = |key: &str| compiled.figures.get(key).is_some();
    for block in &compiled.document.blocks {
        if let Block::Paragraph { runs, .. } = block {
            assert!(runs.iter().filter_map(|run| run.figure.as_deref()).all(shown), "every run's figure is there");
        }
    }
}

#[test]
fn the_parts_of_a_whole_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let figures = compiled(&ledger).figures;
    let sum = |keys: &[&str]| keys.iter().map(|key| figures.number(key)).sum::<i64>();
    assert_eq!(
        sum(&["coverage.in_person", "coverage.phone", "coverage.video", "coverage.not_reached", "coverage.none"]),
        figures.number("coverage.target")
    );
    assert_eq!(
        sum(&["visits.mode.in_person", "visits.mode.phone", "visits.mode.video"]),
        figures.number("visits.household_times")
    );
}

/// What a hand at the keyboard does.
#[derive(Debug, Clone)]
enum Act {
    AddPlan(u8),
    Rename(u8, u8),
    Delete(u8),
    Visit(bool),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        any::<u8>().prop_map(Act::AddPlan),
        (any::<u8>(), any::<u8>()).prop_map(|(at, name)| Act::Rename(at, name)),
        any::<u8>().prop_map(Act::Delete),
        any::<bool>().prop_map(Act::Visit),
        Just(Act::Undo),
        Just(Act::Redo),
    ]
}

fn perform(desk: &mut Desk, act: &Act) {
    let plans = desk.ledger.store().list(Kind::Plan, &Default::default()).unwrap().rows;
    let pick = |at: u8| plans.get(usize::from(at) % plans.len().max(1)).map(|row| row.id);
    match act {
        Act::AddPlan(name) => drop(desk.add(Kind::Plan, |plan| plan["title"] = json!(format!("计划{name}")))),
        Act::Rename(at, name) => {
            if let Some(id) = pick(*at) {
                desk.change(Kind::Plan, id, |plan| plan["title"] = json!(format!("改{name}"))).unwrap();
            }
        }
        Act::Delete(at) => {
            if let Some(id) = pick(*at) {
                desk.ledger.delete_records(&[RecordRef { kind: Kind::Plan, id }]).unwrap();
            }
        }
        Act::Visit(problem) => {
            let text = if *problem { "屋顶漏雨" } else { "" };
            desk.add(Kind::Visit, |visit| visit["problem"] = json!(text));
        }
        Act::Undo => drop(desk.ledger.undo()),
        Act::Redo => drop(desk.ledger.redo()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_gives_the_first_state(acts in prop::collection::vec(act(), 1..25)) {
        let mut desk = Desk::new();
        desk.ledger.forget_undo();
        let first = desk.content();
        for act in &acts {
            perform(&mut desk, act);
        }
        let last = desk.content();
        let mut undone = 0;
        while desk.ledger.undo().is_ok() {
            undone += 1;
        }
        prop_assert!(desk.content() == first, "undone {undone} of {acts:?}");
        for _ in 0..undone {
            desk.ledger.redo().unwrap();
        }
        prop_assert!(desk.content() == last, "done again: {acts:?}");
    }
}

#[test]
fn the_sample_is_the_same_however_often_it_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let text = |name: &str| compiled(&create_sample(&folder.path().join(name)).unwrap()).document.plain_text();
    assert_eq!(text("一.zcj"), text("二.zcj"));
}
