//! Templates of the user's own: stored only if they read, used by name, replaced by what they were copied from should they fail.

use serde_json::json;
use zhucun_core::outline::{self, Outline};
use zhucun_core::records::outline::UserOutline;
use zhucun_core::records::report::{Report, ReportMasking};
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::{Trial, compile, figures_to_insert, try_outline};
use zhucun_core::value::Period;
use zhucun_core::{Error, Finding};

use crate::desk::Desk;

const SHORT: &str =
    "= {{ team.name }}|短报\n@annexes 无\n\n#[a] 走访\n[a.line] {{ sentence([say(\"走访{}\", \"visits.households\")]) }}\n";

fn report(desk: &Desk, template: &str) -> Report {
    Report::of(Period::parse("2026H1").unwrap(), desk.ledger.today(), template)
}

fn refused(error: Error) -> Vec<Finding> {
    let Error::Refused(findings) = error else { panic!("{error:?}") };
    findings
}

#[test]
fn a_template_is_copied_changed_chosen_by_name_and_undone() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let id = desk.add(Kind::Outline, |draft| {
        draft["title"] = json!("短报");
        draft["masking"] = json!("public");
        draft["source"] = json!(SHORT);
    });
    let infos = outline::all(desk.ledger.store()).unwrap();
    let own = infos.iter().find(|info| info.own).unwrap();
    assert_eq!((own.name.as_str(), own.title.as_str(), infos.len()), (id.to_string().as_str(), "短报", 7));
    for name in [id.to_string(), "短报".to_owned()] {
        let compiled = desk.ledger.read(|store| compile(store, &report(&desk, &name))).unwrap();
        assert!(compiled.document.plain_text().contains(&"走访1户。".to_owned()));
        assert!(compiled.document.annexes.is_empty() && compiled.notes.is_empty());
    }
    let opened = desk.ledger.open_report("2026H1", "短报").unwrap().draft;
    assert_eq!((opened.template, opened.masking), (id.to_string(), ReportMasking::Public), "its masking is fixed");
    desk.ledger.undo().unwrap();
    desk.ledger.undo().unwrap();
    assert_eq!(outline::all(desk.ledger.store()).unwrap().len(), 6);
}

#[test]
fn a_template_that_does_not_read_is_refused_with_its_line() {
    let mut desk = Desk::new();
    for (source, line) in [
        ("= 甲\n[p] {{ say(\"走访{}\"", "第2行"),
        ("= 甲\n\n[p] {{ f(\"no.such\") }}", "第3行"),
        ("= 甲\n没有名称的一行", "第2行"),
        ("[p] 没有标题", "缺少以“= ”开头的标题行"),
        ("= 甲\n{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}", "循环太多"),
        ("= 甲\n{% include 'other' %}\n[p] 乙", "不能引用其他文件"),
    ] {
        let done = desk.try_add(Kind::Outline, |draft| draft["source"] = json!(source));
        let findings = refused(done.expect_err(source));
        assert!(findings[0].field == "source" && findings[0].message.contains(line), "{source}: {findings:?}");
    }
    let long = refused(desk.try_add(Kind::Outline, |draft| draft["source"] = json!("甲".repeat(100_000))).unwrap_err());
    assert_eq!(long[0].code, "too_long");
    for title in ["个人半年小结", "personal"] {
        let taken = refused(desk.try_add(Kind::Outline, |draft| draft["title"] = json!(title)).unwrap_err());
        assert_eq!(taken[0].code, "duplicate_outline");
    }
}

#[test]
fn a_template_that_fails_later_leaves_its_user_with_the_one_it_came_from() {
    let mut desk = Desk::new();
    let indicator = desk.add(Kind::Indicator, |_| {});
    let source = "= 甲\n[p] {{ f(\"indicator.茶园面积.actual\") }}";
    let id = desk.add(Kind::Outline, |draft| draft["source"] = json!(source));
    let own = report(&desk, &id.to_string());
    let text = |desk: &Desk| {
        let compiled = desk.ledger.read(|store| compile(store, &own)).unwrap();
        (compiled.document.plain_text().join("\n"), compiled.notes)
    };
    assert!(text(&desk).0.contains("1180亩"));
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Indicator, id: indicator }]).unwrap();
    let (fallen_back, notes) = text(&desk);
    assert!(fallen_back.contains("工作总结") && notes[0].contains("有误") && notes[0].contains("第2行"), "{notes:?}");
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Outline, id }]).unwrap();
    assert!(!text(&desk).0.is_empty(), "a template in the bin still serves its reports");
    assert!(matches!(Outline::of(desk.ledger.store(), "没有这个"), Err(Error::Template { .. })));
}

#[test]
fn a_trial_tells_parts_faults_and_likely_slips() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let mut own = UserOutline { source: SHORT.to_owned(), ..outline::copy_of("work-team").unwrap() };
    let trial = Trial::of(desk.ledger.today());
    let tried = try_outline(desk.ledger.store(), &own, &trial).unwrap();
    assert_eq!((tried.sections.len(), tried.faults.len(), tried.warnings.len()), (2, 0, 0));
    assert!(tried.document.unwrap().plain_text().iter().any(|line| line == "走访1户。"));
    own.source = own.source.replace("visits.households", "visits.house");
    let tried = try_outline(desk.ledger.store(), &own, &trial).unwrap();
    assert_eq!(tried.warnings[0].line, Some(5), "{:?}", tried.warnings);
    own.source.push_str("[a.line] 再来\n");
    let tried = try_outline(desk.ledger.store(), &own, &trial).unwrap();
    assert!(tried.document.is_none() && tried.faults[0].line == Some(6), "{:?}", tried.faults);
    let choices = figures_to_insert(desk.ledger.store(), &trial).unwrap();
    assert!(choices.iter().any(|choice| choice.label == "走访户数" && choice.text == "1户"));
}

#[test]
fn every_shipped_template_can_be_copied_and_stored_as_it_is() {
    let mut desk = Desk::new();
    for info in outline::shipped() {
        let copy = serde_json::to_value(outline::copy_of(&info.name).unwrap()).unwrap();
        desk.save(Kind::Outline, None, copy, vec![]).unwrap_or_else(|error| panic!("{}: {error:?}", info.name));
    }
}
