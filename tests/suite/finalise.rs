//! 签发, 核对 and 对比 on real ledgers: frozen is frozen, whatever happens to the records, and everybody can see what changed.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;
use zhucun_core::Error;
use zhucun_core::audit::{AuditFix, AuditSeverity};
use zhucun_core::records::report::Report;
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::report::document::Document;
use zhucun_core::report::{audit, changes_since, compare, open, verify};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::{Ledger, Stored};
use zhucun_core::value::Id;
use zhucun_export::Fonts;

use crate::desk::{Desk, world};

/// A ledger with a visit, and its report.
fn reported() -> (Desk, Id, Id) {
    let mut desk = Desk::new();
    let visit = desk.add(Kind::Visit, |visit| visit["persons_met"] = json!(3));
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    (desk, visit, report)
}

fn stored(ledger: &Ledger, id: Id) -> Stored<Report> {
    ledger.store().get::<Report>(id).unwrap()
}

fn document(ledger: &Ledger, id: Id) -> Document {
    ledger.read(|store| open(store, &stored(ledger, id))).unwrap().document
}

fn bytes(document: &Document) -> [Vec<u8>; 3] {
    let fonts = Fonts::discover(&[]);
    let pdf = zhucun_export::pdf(document, &fonts).unwrap();
    [zhucun_export::docx(document).unwrap(), pdf, zhucun_export::xlsx(document).unwrap()]
}

#[test]
fn a_finalised_report_gives_the_same_bytes_whatever_becomes_of_the_records() {
    let (mut desk, visit, report) = reported();
    let fingerprint = desk.ledger.finalise_report(report).unwrap().value;
    assert_eq!(fingerprint.len(), 64);
    let first = bytes(&document(&desk.ledger, report));
    assert!(first == bytes(&document(&desk.ledger, report)), "twice");
    desk.change(Kind::Visit, visit, |visit| visit["persons_met"] = json!(9)).unwrap();
    desk.add(Kind::Visit, |_| {});
    assert!(first == bytes(&document(&desk.ledger, report)), "after the records changed");
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let ledger = Ledger::open(&path, world()).unwrap();
    assert!(first == bytes(&document(&ledger, report)), "after closing and opening again");
    let frozen = document(&ledger, report);
    assert_eq!(frozen.properties.fingerprint.as_deref(), Some(fingerprint.as_str()));
    assert!(frozen.plain_text().join("").contains("3人次"));
}

#[test]
fn a_finalised_report_is_not_edited_but_revised() {
    let (mut desk, _, report) = reported();
    desk.ledger.finalise_report(report).unwrap();
    let refused = desk.change(Kind::Report, report, |report| report["signer"] = json!("别人")).unwrap_err();
    assert!(matches!(&refused, Error::Refused(findings) if findings[0].code == "finalised"), "{refused:?}");
    let unfrozen = desk.change(Kind::Report, report, |report| {
        report["finalised_on"] = json!(null);
        report["fingerprint"] = json!("");
    });
    assert!(unfrozen.is_err());
    let fix = AuditFix::Replace { block: "visits.overview".to_owned(), from: 0, to: 2, text: "我们".to_owned() };
    assert_eq!(desk.ledger.fix_finding(report, &fix).unwrap_err().code(), "refused");
    assert_eq!(desk.ledger.finalise_report(report).unwrap_err().code(), "not_now");

    let revision = desk.ledger.revise_report(report).unwrap().value;
    desk.change(Kind::Report, revision, |report| report["signer"] = json!("别人")).unwrap();
    let draft = stored(&desk.ledger, revision).draft;
    assert_eq!((draft.revises, draft.is_finalised()), (Some(report), false));
    assert_eq!(desk.ledger.open_report("2026H1", "work-team").unwrap().id, revision, "work goes on with the revision");
    assert!(stored(&desk.ledger, report).draft.is_finalised());
    assert_eq!(desk.ledger.revise_report(revision).unwrap_err().code(), "not_now");
}

#[test]
fn finalising_cannot_be_typed_in_and_can_be_undone_and_done_again() {
    let (mut desk, _, report) = reported();
    let typed = desk.change(Kind::Report, report, |report| {
        report["finalised_on"] = json!("2026-06-20");
        report["fingerprint"] = json!("0a".repeat(32));
    });
    assert!(matches!(typed.unwrap_err(), Error::Refused(findings) if findings[0].code == "not_frozen"));
    let fingerprint = desk.ledger.finalise_report(report).unwrap().value;
    assert_eq!(desk.ledger.undo().unwrap().value, "签发报告");
    assert!(!stored(&desk.ledger, report).draft.is_finalised());
    desk.ledger.redo().unwrap();
    assert_eq!(document(&desk.ledger, report).properties.fingerprint, Some(fingerprint));
}

#[test]
fn what_was_tampered_with_is_named_so() {
    let (mut desk, _, report) = reported();
    desk.ledger.finalise_report(report).unwrap();
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let connection = Connection::open(&path).unwrap();
    connection.execute("UPDATE frozen_report SET content = replace(content, '3人次', '30人次')", []).unwrap();
    drop(connection);
    let ledger = Ledger::open(&path, world()).unwrap();
    let error = ledger.read(|store| open(store, &stored(&ledger, report))).unwrap_err();
    assert_eq!(error.code(), "frozen_damaged");
}

#[test]
fn errors_refuse_finalising_and_warnings_are_answered() {
    let (mut desk, _, report) = reported();
    let write = |desk: &mut Desk, text: &str| {
        let base = zhucun_core::report::document::text_of(&[]);
        let edit = json!([{ "block": "visits.overview", "runs": [{ "text": text }], "base": base }]);
        desk.change(Kind::Report, report, |report| report["edits"] = edit).unwrap();
    };
    write(&mut desk, "在××村走访。");
    assert_eq!(desk.ledger.finalise_report(report).unwrap_err().code(), "audit_errors");
    write(&mut desk, "上半年走访农户8户。");
    let found = |desk: &Desk| desk.ledger.read(|store| audit(store, &stored(&desk.ledger, report))).unwrap();
    let wrong = found(&desk).into_iter().find(|f| f.rule == "R5").expect("8户 is not what the records say");
    assert_eq!(wrong.severity, AuditSeverity::Warning);
    assert_eq!(desk.ledger.acknowledge_finding(report, &wrong.id, " ").unwrap_err().code(), "not_now");
    desk.ledger.acknowledge_finding(report, &wrong.id, "含邻村").unwrap();
    let answered = found(&desk).into_iter().find(|f| f.id == wrong.id).unwrap();
    assert_eq!(answered.acknowledged.as_deref(), Some("含邻村"));
    desk.ledger.undo().unwrap();
    desk.ledger.fix_finding(report, &wrong.fix.unwrap()).unwrap();
    assert!(document(&desk.ledger, report).plain_text().join("").contains("上半年走访农户1户。"));
    desk.ledger.undo().unwrap();
    assert!(
        document(&desk.ledger, report).plain_text().join("").contains("上半年走访农户8户。"),
        "a fix is undone like any edit"
    );
}

#[test]
fn verifying_tells_old_and_new_and_which_records_by_whose_hand() {
    let (mut desk, visit, report) = reported();
    desk.ledger.set_member(Some(desk.member));
    desk.ledger.finalise_report(report).unwrap();
    assert!(desk.ledger.read(|store| verify(store, &stored(&desk.ledger, report))).unwrap().differences.is_empty());
    desk.change(Kind::Visit, visit, |visit| visit["persons_met"] = json!(5)).unwrap();
    let second = desk.add(Kind::Visit, |visit| visit["persons_met"] = json!(2));
    let told = |desk: &Desk| desk.ledger.read(|store| verify(store, &stored(&desk.ledger, report))).unwrap();
    let verification = told(&desk);
    let persons = verification.differences.iter().find(|d| d.figure.key == "visits.person_times").unwrap();
    assert_eq!((persons.figure.before.as_deref(), persons.figure.after.as_deref()), (Some("3人次"), Some("7人次")));
    assert_eq!(persons.figure.change, "+4人次");
    let cause = |id: Id| persons.causes.iter().find(|cause| cause.title.id == id).unwrap();
    assert_eq!((cause(visit).how.as_str(), cause(second).how.as_str()), ("changed", "added"));
    let log = &cause(visit).log[0];
    assert_eq!((log.name.as_str(), log.member_id), ("修改走访", Some(desk.member)));
    let field = &log.fields[0];
    assert_eq!((field.field.as_str(), &field.before, &field.after), ("persons_met", &json!(3), &json!(5)));
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Visit, id: visit }]).unwrap();
    let verification = told(&desk);
    let times = verification.differences.iter().find(|d| d.figure.key == "visits.person_times").unwrap();
    assert_eq!(times.causes.iter().find(|cause| cause.title.id == visit).unwrap().how, "removed");
    assert_eq!(stored(&desk.ledger, report).draft.finalised_by, "韦明");
}

#[test]
fn a_draft_tells_what_changed_since_somebody_looked() {
    let (mut desk, visit, report) = reported();
    let since = |desk: &Desk| desk.ledger.read(|store| changes_since(store, &stored(&desk.ledger, report), "seen")).unwrap();
    assert!(since(&desk).is_none(), "nobody has looked yet");
    desk.ledger.mark_report(report, "seen").unwrap();
    assert!(since(&desk).unwrap().differences.is_empty());
    desk.change(Kind::Visit, visit, |visit| visit["persons_met"] = json!(5)).unwrap();
    let found = since(&desk).unwrap();
    assert_eq!(found.differences.len(), 1);
    assert_eq!(found.differences[0].causes[0].title.id, visit);
    desk.ledger.mark_report(report, "seen").unwrap();
    assert!(since(&desk).unwrap().differences.is_empty());
    desk.ledger.mark_report(report, "seen").unwrap();
    assert_eq!(desk.ledger.undo().unwrap().value, "接受报告数字");
    assert_eq!(desk.ledger.undo().unwrap().value, "修改走访", "looking at what was seen is nothing to undo");
}

#[test]
fn changed_figures_wait_on_the_page_until_each_is_accepted() {
    let (mut desk, visit, report) = reported();
    let changed = |desk: &mut Desk| {
        let compiled = desk.ledger.read(|store| open(store, &stored(&desk.ledger, report))).unwrap();
        desk.ledger.changed_figures(report, &compiled).unwrap()
    };
    let waiting = |desk: &mut Desk| changed(desk).into_iter().map(|change| change.key).collect::<Vec<_>>();
    assert!(changed(&mut desk).is_empty(), "the first look sees all");
    desk.change(Kind::Visit, visit, |visit| visit["persons_met"] = json!(5)).unwrap();
    let second = desk.add(Kind::Household, |_| {});
    desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([second]));
    let found = changed(&mut desk);
    let persons = found.iter().find(|change| change.key == "visits.person_times").unwrap();
    assert_eq!((persons.before.as_deref(), persons.after.as_deref()), (Some("3人次"), Some("6人次")));
    assert!(persons.places[0].text.contains("为民办事服务"), "{:?}", persons.places);
    let shown = document(&desk.ledger, report).plain_text().join("\n");
    assert!(found.iter().all(|change| !change.places.is_empty() && shown.contains(change.after.as_deref().unwrap())));

    desk.ledger.accept_figures(report, &["visits.person_times".to_owned()]).unwrap();
    let left = waiting(&mut desk);
    assert_eq!(left.len() + 1, found.len(), "the others wait on");
    assert!(!left.contains(&"visits.person_times".to_owned()));
    let since = desk.ledger.read(|store| changes_since(store, &stored(&desk.ledger, report), "seen")).unwrap().unwrap();
    let households = since.differences.iter().find(|difference| difference.figure.key == "visits.households").unwrap();
    assert!(households.causes.iter().any(|cause| cause.title.id == second), "the reasons are told as of the first look");
    assert!(!households.places.is_empty());
    assert_eq!(desk.ledger.undo().unwrap().value, "接受报告数字");
    assert_eq!(waiting(&mut desk).len(), found.len(), "an acceptance can be taken back");
    desk.ledger.redo().unwrap();
    assert_eq!(waiting(&mut desk), left, "and be done again");
    for _ in 0..2 {
        desk.ledger.undo().unwrap();
    }
    desk.ledger.accept_figures(report, &["visits.person_times".to_owned()]).unwrap();
    desk.ledger.undo().unwrap();
    desk.ledger.mark_report(report, "seen").unwrap();
    assert!(changed(&mut desk).is_empty());
    desk.ledger.undo().unwrap();
    assert!(!changed(&mut desk).is_empty(), "also that of all of them");
}

#[test]
fn two_reports_stand_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let this = ledger.open_report("2026H1", "work-team").unwrap().id;
    let comparison = ledger.read(|store| compare(store, this, None)).unwrap();
    assert_eq!((comparison.this.period.as_str(), comparison.other.period.as_str()), ("2026年上半年", "2025年下半年"));
    let visits = comparison.figures.iter().find(|figure| figure.key == "visits.households").unwrap();
    assert_eq!((visits.this.as_deref(), visits.other.as_deref()), (Some("58户"), Some("12户")));
    assert_eq!((visits.change.as_str(), visits.percent.as_str(), visits.changed), ("+46户", "+383.3%", true));
    assert!(comparison.figures.iter().any(|figure| !figure.changed), "what is the same is told as well");
    let section = comparison.sections.iter().find(|section| section.title.contains("为民办事服务")).unwrap();
    assert!(section.changed && section.this.len() > section.other.len());
    let book = zhucun_export::xlsx(&comparison.document()).unwrap();
    assert!(book.starts_with(b"PK"));

    let second = ledger.open_report("2025H2", "work-team").unwrap().id;
    let same = ledger.read(|store| compare(store, this, Some(this))).unwrap();
    assert!(same.figures.iter().all(|figure| !figure.changed) && same.sections.iter().all(|section| !section.changed));
    assert_eq!(ledger.read(|store| compare(store, this, Some(second))).unwrap().other.period, "2025年下半年");
}

/// Content that this version froze, word for word, still opens and proves itself; written once, never edited.
#[test]
fn frozen_content_of_a_released_version_opens() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/frozen-1.json");
    let content = std::fs::read_to_string(fixture).unwrap();
    let content = content.trim_end();
    let fingerprint = "effcce25a7c2bcd57aeca02e3dad9d05512bde20fcf0d503d24de572f43bdf9d";
    let (desk, _, report) = reported();
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let connection = Connection::open(&path).unwrap();
    connection
        .execute(
            "INSERT INTO frozen_report (fingerprint, report_id, seq, content) VALUES (?1, ?2, 1, ?3)",
            (fingerprint, report.to_string(), content),
        )
        .unwrap();
    connection.execute("UPDATE report SET finalised_on = '2026-06-20', fingerprint = ?1", [fingerprint]).unwrap();
    drop(connection);
    let ledger = Ledger::open(&path, world()).unwrap();
    assert!(document(&ledger, report).plain_text().join("").contains("3人次"));
}

#[test]
#[ignore = "run by hand when the frozen format gets a new version"]
fn leaves_frozen_content_for_the_next_fixture() {
    let (mut desk, _, report) = reported();
    let fingerprint = desk.ledger.finalise_report(report).unwrap().value;
    let content = desk.ledger.store().frozen(&fingerprint, report).unwrap().unwrap().content;
    std::fs::write(std::env::temp_dir().join("frozen-1.json"), content + "\n").unwrap();
    println!("{fingerprint}");
}

#[test]
fn a_save_of_an_unchanged_finalised_report_is_no_edit() {
    let (mut desk, _, report) = reported();
    desk.ledger.finalise_report(report).unwrap();
    let kept = desk.ledger.get_json(Kind::Report, report).unwrap();
    let request =
        SaveRequest { kind: Kind::Report, id: Some(report), version: None, draft: kept["draft"].clone(), keep: Vec::new() };
    desk.ledger.save_json(request).unwrap();
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Report, id: report }]).unwrap();
    desk.ledger.restore_records(&[RecordRef { kind: Kind::Report, id: report }]).unwrap();
    assert!(stored(&desk.ledger, report).draft.is_finalised());
}
