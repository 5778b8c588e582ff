//! 编排: what the user adds to a report, moves and leaves out, on real ledgers; whatever the records do, and in every file.

use proptest::prelude::*;
use serde_json::json;
use zhucun_core::audit::{AuditFix, AuditPlace, AuditSeverity};
use zhucun_core::records::attachment::{Added, NewPicture, PictureSize, fingerprint};
use zhucun_core::records::report::{OWN, Report};
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::document::{Block, Document, Run};
use zhucun_core::report::hidden::Hidden;
use zhucun_core::report::{
    Arrangement, Compiled, OwnContent, audit, for_review, open, photos_to_insert, table_names, with_pictures,
};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::{Ledger, Stored};
use zhucun_core::value::{Id, Masking};
use zhucun_export::{Fonts, Prover};

use crate::desk::Desk;

fn stored(ledger: &Ledger, id: Id) -> Stored<Report> {
    ledger.store().get::<Report>(id).unwrap()
}

fn told(ledger: &Ledger, id: Id) -> Compiled {
    ledger.read(|store| open(store, &stored(ledger, id))).unwrap()
}

fn sample() -> (tempfile::TempDir, Ledger, Id) {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let report = ledger.open_report("2026H1", "work-team").unwrap().id;
    ledger.forget_undo();
    (folder, ledger, report)
}

fn paragraph(text: &str) -> OwnContent {
    OwnContent::Paragraph { runs: vec![Run::text(text)] }
}

fn heading(level: u8, text: &str) -> OwnContent {
    OwnContent::Heading { level, runs: vec![Run::text(text)] }
}

fn insert(ledger: &mut Ledger, report: Id, beside: &str, content: OwnContent) -> String {
    let insert = Arrangement::Insert { beside: Some(beside.to_owned()), before: false, content };
    ledger.arrange_report(report, insert).unwrap().value
}

fn leave_out(ledger: &mut Ledger, report: Id, block: &str, section: bool) {
    ledger.arrange_report(report, Arrangement::LeaveOut { block: block.to_owned(), section }).unwrap();
}

fn shift(ledger: &mut Ledger, report: Id, block: &str, up: bool) -> bool {
    ledger.arrange_report(report, Arrangement::Move { block: block.to_owned(), up }).is_ok()
}

fn keys(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(Block::key).collect()
}

fn text(document: &Document, key: &str) -> String {
    document.blocks.iter().find(|block| block.key() == key).map(Block::text).unwrap_or_default()
}

/// Key of the block behind another one.
fn behind(document: &Document, key: &str) -> String {
    let keys = keys(document);
    let at = keys.iter().position(|each| *each == key).unwrap();
    keys.get(at + 1).copied().unwrap_or_default().to_owned()
}

#[test]
fn what_is_added_stands_where_it_was_put_and_its_figures_follow_the_records() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    let runs = vec![Run::text("我们走进了"), Run::figure("1户", "visits.households"), Run::text("人家。")];
    let own = insert(&mut desk.ledger, report, "visits.overview", OwnContent::Paragraph { runs });
    assert!(own.starts_with(OWN), "{own}");
    assert_eq!(behind(&told(&desk.ledger, report).document, "visits.overview"), own);
    let second = desk.add(Kind::Household, |_| {});
    desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([second]));
    let compiled = told(&desk.ledger, report);
    assert_eq!(behind(&compiled.document, "visits.overview"), own, "it survives a refresh");
    assert_eq!(text(&compiled.document, &own), "我们走进了2户人家。");
    assert!(compiled.notes.is_empty(), "{:?}", compiled.notes);

    let visits = desk.ledger.store().list(Kind::Visit, &Default::default()).unwrap();
    let visits: Vec<_> = visits.rows.iter().map(|row| RecordRef { kind: Kind::Visit, id: row.id }).collect();
    desk.ledger.delete_records(&visits).unwrap();
    let compiled = told(&desk.ledger, report);
    assert_eq!(text(&compiled.document, &own), "我们走进了0户人家。", "without its neighbours it is still there");
}

#[test]
fn added_headings_are_numbered_with_the_others_and_carry_what_stands_under_them() {
    let (_folder, mut ledger, report) = sample();
    let before = told(&ledger, report);
    let chapters = |compiled: &Compiled| {
        let of_level = |block: &Block| match block {
            Block::Heading { level: 1, .. } => Some(block.text()),
            _ => None,
        };
        compiled.document.blocks.iter().filter_map(of_level).collect::<Vec<_>>()
    };
    let first = before.handles.iter().find(|handle| handle.level == 1).unwrap().clone();
    let own = ledger
        .arrange_report(
            report,
            Arrangement::Insert { beside: Some(first.block.clone()), before: true, content: heading(1, "组织保障") },
        )
        .unwrap()
        .value;
    insert(&mut ledger, report, &own, paragraph("县里派出第一书记。"));
    let after = told(&ledger, report);
    assert_eq!(chapters(&after)[0], "一、组织保障");
    assert_eq!(chapters(&after)[1], chapters(&before)[0].replacen('一', "二", 1), "the others count on");
    let handle = |compiled: &Compiled, key: &str| compiled.handles.iter().find(|handle| handle.block == key).unwrap().clone();
    assert_eq!((handle(&after, &own).section, handle(&after, &own).number.as_str()), (1, "一、"));
    assert!(!handle(&after, &own).up && handle(&after, &own).down);
    assert!(shift(&mut ledger, report, &own, false));
    let moved = told(&ledger, report);
    assert_eq!(chapters(&moved)[1], "二、组织保障", "it went past a whole chapter");
    assert_eq!(text(&moved.document, &behind(&moved.document, &own)), "县里派出第一书记。", "with its paragraph");
    assert_eq!(chapters(&moved)[0], chapters(&before)[0]);
}

#[test]
fn what_is_left_out_is_listed_and_comes_back_word_for_word() {
    let (_folder, mut ledger, report) = sample();
    let before = told(&ledger, report);
    let chapter = before.handles.iter().find(|handle| handle.level == 1 && handle.section > 3).unwrap();
    leave_out(&mut ledger, report, &chapter.block, true);
    let table_or_text = before.handles.iter().find(|handle| handle.level == 0 && handle.block != chapter.block).unwrap();
    leave_out(&mut ledger, report, &table_or_text.block, false);
    let without = told(&ledger, report);
    assert_eq!(without.document.blocks.len() + chapter.section + 2, before.document.blocks.len());
    assert_eq!(without.left_out.len(), 2);
    assert_eq!((without.left_out[0].section, without.left_out[0].told), (chapter.section, true));
    let title = text(&before.document, &chapter.block);
    assert!(title.ends_with(&without.left_out[0].text), "listed by its text without number");
    assert!(!without.document.plain_text().join("").contains(&without.left_out[1].text));
    for left in &without.left_out {
        ledger.arrange_report(report, Arrangement::BringBack { block: left.block.clone() }).unwrap();
    }
    assert_eq!(told(&ledger, report).document, before.document);
    let again = Arrangement::BringBack { block: chapter.block.clone() };
    assert_eq!(ledger.arrange_report(report, again).unwrap_err().code(), "not_now");
}

#[test]
fn a_removed_block_is_gone_for_good_and_what_stood_beside_it_stays() {
    let (_folder, mut ledger, report) = sample();
    let first = insert(&mut ledger, report, "visits.overview", paragraph("其一。"));
    let second = insert(&mut ledger, report, &first, paragraph("其二。"));
    ledger.arrange_report(report, Arrangement::Remove { block: first.clone() }).unwrap();
    let compiled = told(&ledger, report);
    assert!(!keys(&compiled.document).contains(&first.as_str()));
    assert_eq!(behind(&compiled.document, "visits.overview"), second);
    let composed = Arrangement::Remove { block: "visits.overview".to_owned() };
    assert_eq!(ledger.arrange_report(report, composed).unwrap_err().code(), "not_now", "composed blocks are only left out");
}

#[test]
fn empty_and_wrong_blocks_are_refused_in_plain_words() {
    let (_folder, mut ledger, report) = sample();
    let mut refused = |content: OwnContent| {
        let error = ledger.arrange_report(report, Arrangement::Insert { beside: None, before: false, content }).unwrap_err();
        assert_eq!(error.code(), "refused", "{error:?}");
    };
    refused(paragraph("　"));
    refused(heading(5, "五级"));
    refused(paragraph(&"长".repeat(20_001)));
    let beside = Some("gone".to_owned());
    let gone = Arrangement::Insert { beside, before: false, content: paragraph("有") };
    assert_eq!(ledger.arrange_report(report, gone).unwrap_err().code(), "not_now");
}

#[test]
fn own_text_is_audited_linked_frozen_and_revised_like_any_other() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |_| {});
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    let own = insert(&mut desk.ledger, report, "visits.overview", paragraph("上半年走访农户8户。"));
    let title = insert(&mut desk.ledger, report, &own, heading(3, "修路××公里"));
    insert(&mut desk.ledger, report, &title, paragraph("正在进行。"));
    let found = |desk: &Desk| desk.ledger.read(|store| audit(store, &stored(&desk.ledger, report))).unwrap();
    let is_at = |place: &AuditPlace, key: &str| matches!(place, AuditPlace::Block { block, .. } if block == key);
    let wrong =
        found(&desk).into_iter().find(|f| f.rule == "R5" && is_at(&f.place, &own)).expect("8户 is not what the records say");
    assert!(found(&desk).iter().any(|f| f.rule == "R7" && is_at(&f.place, &title)), "headings are read as well");
    assert_eq!(desk.ledger.finalise_report(report).unwrap_err().code(), "audit_errors");
    desk.ledger.fix_finding(report, &wrong.fix.unwrap()).unwrap();
    let draft = stored(&desk.ledger, report).draft;
    assert!(draft.edits.is_empty() && draft.own[0].runs.0.iter().any(|run| run.figure.is_some()), "own text is mended in place");
    // Places count the heading's number.
    let number = told(&desk.ledger, report).handles.iter().find(|handle| handle.block == title).unwrap().number.chars().count();
    let (from, to) = (number + 2, number + 4);
    let fix = AuditFix::Replace { block: title.clone(), from, to, text: "3".to_owned() };
    desk.ledger.fix_finding(report, &fix).unwrap();
    assert!(text(&told(&desk.ledger, report).document, &title).ends_with("修路3公里"));
    let typed = found(&desk).into_iter().find(|f| f.rule == "unlinked" && is_at(&f.place, &title));
    assert!(typed.is_some(), "a number typed into a heading is backed by nothing");

    desk.ledger.finalise_report(report).unwrap();
    desk.add(Kind::Visit, |_| {});
    assert!(text(&told(&desk.ledger, report).document, &own).contains("上半年走访农户1户"), "frozen is frozen");
    let again = Arrangement::Move { block: own.clone(), up: true };
    assert_eq!(desk.ledger.arrange_report(report, again).unwrap_err().code(), "not_now");
    let revision = desk.ledger.revise_report(report).unwrap().value;
    assert_eq!(behind(&told(&desk.ledger, revision).document, "visits.overview"), own, "a revision begins with the arrangement");
}

#[test]
fn a_name_in_own_text_stops_the_export() {
    let mut desk = Desk::new();
    desk.change(Kind::Household, desk.household, |h| h["members"][0]["phone"] = json!("13812345678")).unwrap();
    desk.add(Kind::Visit, |_| {});
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    insert(&mut desk.ledger, report, "visits.overview", paragraph("有事请打13812345678。"));
    let compiled = told(&desk.ledger, report);
    let hidden = desk.ledger.read(|store| Hidden::load(store, Masking::Township, compiled.scope.until())).unwrap();
    let docx = zhucun_export::docx(&compiled.document).unwrap();
    assert!(!Prover::of(hidden).leaks("docx", &docx).unwrap().is_empty());
}

/// Letters and digits only: a page breaks lines and sets numbers of pages in between.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_file_tells_the_blocks_in_the_documents_order() {
    let (_folder, mut ledger, report) = sample();
    let chapter = told(&ledger, report).handles.iter().filter(|handle| handle.level == 1).nth(1).unwrap().block.clone();
    let own = insert(&mut ledger, report, "visits.overview", paragraph("这是自己加的一段，写在走访后面。"));
    insert(&mut ledger, report, &own, heading(3, "自己加的小标题"));
    assert!(shift(&mut ledger, report, &own, true) && shift(&mut ledger, report, &chapter, true));
    let compiled = told(&ledger, report);
    let reviewed = for_review(ledger.store(), &compiled, Masking::Township).unwrap();
    let fonts = Fonts::discover(&[]);
    for document in [&compiled.document, &reviewed] {
        let docx = zhucun_export::text_of_file("docx", &zhucun_export::docx(document).unwrap()).unwrap();
        let pdf = zhucun_export::text_of_file("pdf", &zhucun_export::pdf(document, &fonts).unwrap()).unwrap();
        for (name, text) in [("docx", bare(&docx)), ("pdf", bare(&pdf))] {
            let mut from = 0;
            for block in document.blocks.iter().filter(|block| matches!(block, Block::Paragraph { .. } | Block::Heading { .. })) {
                // The first words: on a page the rest may go on overleaf, behind the page's number.
                let words: String = bare(&block.text()).chars().take(12).collect();
                let found = text.get(from..).and_then(|rest| rest.find(&words));
                from += found.unwrap_or_else(|| panic!("{name}: “{words}” does not follow")) + words.len();
            }
        }
    }
    let words = document_words(&compiled.document);
    assert!(words.contains("自己加的小标题") && words.matches("这是自己加的一段").count() == 1);
}

/// Three photos of a visit, the third a scan of a paper.
fn photographed() -> (Desk, Id, Vec<Id>) {
    let mut desk = Desk::new();
    let visit = RecordRef { kind: Kind::Visit, id: desk.add(Kind::Visit, |visit| visit["day"] = json!("2026-03-06")) };
    let jpeg = zhucun_media::prepare(&std::fs::read(photo_fixture()).unwrap()).unwrap();
    let mut ids = Vec::new();
    for name in ["屋顶.jpg", "水渠.jpg", "身份证.jpg"] {
        // Each file is a picture of its own to the ledger.
        let new = NewPicture {
            file_name: name,
            source_sha256: &fingerprint(name.as_bytes()),
            picture: &[jpeg.picture.as_slice(), name.as_bytes()].concat(),
            thumbnail: &jpeg.thumbnail,
            media_type: jpeg.media_type,
            width: jpeg.width,
            height: jpeg.height,
            taken_on: "2026-03-06".parse().ok(),
            taken_at: String::new(),
        };
        let Added::New(id) = desk.ledger.add_picture(visit.id, visit, &new).unwrap().value else { panic!("{name} is new") };
        desk.change(Kind::Attachment, id, |photo| {
            photo["title"] = json!(format!("石老三家{}", name.trim_end_matches(".jpg")));
            photo["place"] = json!("上屯");
        })
        .unwrap();
        ids.push(id);
    }
    desk.change(Kind::Attachment, ids[2], |photo| photo["category"] = json!("paper")).unwrap();
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    (desk, report, ids)
}

fn photo_fixture() -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/photos");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    files.sort();
    files.remove(0)
}

#[test]
fn photos_stand_in_the_text_with_their_captions_in_every_file() {
    let (mut desk, report, ids) = photographed();
    let choices = desk.ledger.read(|store| photos_to_insert(store, &stored(&desk.ledger, report).draft)).unwrap();
    assert_eq!(choices.len(), 2, "scans of papers show ID cards and are not offered");
    let photos = vec![ids[1], ids[0]];
    let own = insert(&mut desk.ledger, report, "visits.overview", OwnContent::Photos { photos });
    let mut compiled = told(&desk.ledger, report);
    assert_eq!(behind(&compiled.document, "visits.overview"), own);
    assert_eq!(
        text(&compiled.document, &own),
        "石老三家水渠（2026年3月6日，上屯）\n石老三家屋顶（2026年3月6日，上屯）",
        "in the order in which they were chosen"
    );
    let turn = |bytes: &[u8], _: u8| Some(bytes.to_vec());
    desk.ledger.read(|store| with_pictures(store, &mut compiled.document, PictureSize::Full, &turn)).unwrap();
    let docx = zhucun_export::docx(&compiled.document).unwrap();
    let pdf = zhucun_export::pdf(&compiled.document, &Fonts::discover(&[])).unwrap();
    for (kind, bytes) in [("docx", docx), ("pdf", pdf)] {
        let found = bare(&zhucun_export::text_of_file(kind, &bytes).unwrap());
        let at = |words: &str| found.find(&bare(words)).unwrap_or_else(|| panic!("{kind}: {words}"));
        assert!(at("石老三家水渠（2026年3月6日，上屯）") < at("石老三家屋顶（2026年3月6日，上屯）"));
    }

    let five = vec![ids[0]; 5];
    let many = Arrangement::Rewrite { block: own.clone(), content: OwnContent::Photos { photos: five } };
    assert_eq!(desk.ledger.arrange_report(report, many).unwrap_err().code(), "refused");
    desk.ledger.finalise_report(report).unwrap();
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Attachment, id: ids[1] }]).unwrap();
    let mut frozen = told(&desk.ledger, report).document;
    desk.ledger.read(|store| with_pictures(store, &mut frozen, PictureSize::Full, &turn)).unwrap();
    let Some(Block::Photos { photos, .. }) = frozen.blocks.iter().find(|block| block.key() == own) else { panic!("photos") };
    assert!(photos.len() == 2 && photos.iter().all(|photo| !photo.picture.bytes.is_empty()), "frozen pictures outlive the bin");
    let photo = RecordRef { kind: Kind::Attachment, id: ids[1] };
    let refused = desk.ledger.purge(&[photo]).unwrap_err();
    assert!(refused.to_string().contains("已签发的报告"), "{refused}");
    let revision = desk.ledger.revise_report(report).unwrap().value;
    let compiled = told(&desk.ledger, revision);
    assert_eq!(text(&compiled.document, &own), "石老三家屋顶（2026年3月6日，上屯）");
    let reports = [revision, report].map(|id| RecordRef { kind: Kind::Report, id });
    desk.ledger.delete_records(&reports).unwrap();
    assert!(compiled.notes.iter().any(|note| note.contains("1张已从台账删除")), "{:?}", compiled.notes);
    desk.ledger.purge(&[photo, reports[0], reports[1]]).unwrap();
}

#[test]
fn a_table_of_the_report_stands_in_the_text_and_follows_the_records() {
    let (_folder, mut ledger, report) = sample();
    let names = ledger.read(|store| table_names(store, &stored(&ledger, report).draft)).unwrap();
    assert!(names.contains(&"项目台账".to_owned()) && !names.contains(&"走访台账".to_owned()), "{names:?}");
    let mut own = Vec::new();
    for name in &names {
        own.push(insert(&mut ledger, report, "visits.overview", OwnContent::Table { source: name.clone() }));
    }
    let compiled = told(&ledger, report);
    assert!(compiled.notes.is_empty(), "{:?}", compiled.notes);
    for (key, name) in own.iter().zip(&names) {
        let found = compiled.document.blocks.iter().find(|block| block.key() == key);
        let Some(Block::Table { title, table, .. }) = found else { panic!("{name} is a table") };
        assert_eq!(title.as_ref(), Some(name));
        assert!(
            table.columns.len() <= 6 && table.rows.iter().all(|row| row.len() == table.columns.len()),
            "{name} fits the page"
        );
        let totalled = table.total.as_ref().is_none_or(|total| total[0].text() == "合计");
        assert!(totalled, "{name}: 合计 stands under the first column");
    }
    let found = ledger.read(|store| audit(store, &stored(&ledger, report))).unwrap();
    assert!(found.iter().all(|finding| finding.severity != AuditSeverity::Error), "{found:?}");
    let gone = insert(&mut ledger, report, "visits.overview", OwnContent::Table { source: "不存在的表".to_owned() });
    let compiled = told(&ledger, report);
    assert!(!keys(&compiled.document).contains(&gone.as_str()));
    assert!(compiled.notes.iter().any(|note| note.contains("不存在的表")));
}

#[test]
fn villages_stand_side_by_side_and_add_up() {
    let mut desk = Desk::new();
    let second = desk.add(Kind::Village, |_| {});
    let other = desk.add(Kind::Household, |household| household["village_id"] = json!(second));
    desk.add(Kind::Visit, |_| {});
    desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([other]));
    let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
    let own = insert(&mut desk.ledger, report, "visits.overview", OwnContent::Table { source: "分村情况表".to_owned() });
    let table = text(&told(&desk.ledger, report).document, &own);
    assert!(table.contains("木楼村") && table.contains("合计"), "{table}");
    let found = desk.ledger.read(|store| audit(store, &stored(&desk.ledger, report))).unwrap();
    let at_table = |place: &AuditPlace| matches!(place, AuditPlace::TextCell { block, .. } if *block == own);
    assert!(found.iter().all(|finding| !at_table(&finding.place)), "{found:?}");
}

/// Leaves `arranged.docx` and `arranged.pdf` in the folder for temporary files, to be looked at.
#[test]
#[ignore = "run by hand to look at the pages"]
fn leaves_an_arranged_report_to_look_at() {
    let (_folder, mut ledger, report) = sample();
    let visits = ledger.store().list(Kind::Visit, &Default::default()).unwrap();
    let jpeg = zhucun_media::prepare(&std::fs::read(photo_fixture()).unwrap()).unwrap();
    let mut photos = Vec::new();
    for row in visits.rows.iter().take(4) {
        let new = NewPicture {
            file_name: "走访.jpg",
            source_sha256: "",
            picture: &jpeg.picture,
            thumbnail: &jpeg.thumbnail,
            media_type: jpeg.media_type,
            width: jpeg.width,
            height: jpeg.height,
            taken_on: "2026-03-06".parse().ok(),
            taken_at: String::new(),
        };
        let owner = RecordRef { kind: Kind::Visit, id: row.id };
        let Added::New(id) = ledger.add_picture(row.id, owner, &new).unwrap().value else { continue };
        photos.push(id);
    }
    for name in ledger.read(|store| table_names(store, &stored(&ledger, report).draft)).unwrap() {
        insert(&mut ledger, report, "visits.overview", OwnContent::Table { source: name });
    }
    for count in [1, 2, 4] {
        insert(&mut ledger, report, "visits.overview", OwnContent::Photos { photos: photos[..count].to_vec() });
    }
    let own = insert(&mut ledger, report, "visits.overview", paragraph("工作队还为行动不便的老人代办代买17次，见下图。"));
    insert(&mut ledger, report, &own, heading(3, "代办代买"));
    let mut document = told(&ledger, report).document;
    let turn = |bytes: &[u8], _: u8| Some(bytes.to_vec());
    ledger.read(|store| with_pictures(store, &mut document, PictureSize::Full, &turn)).unwrap();
    let folder = std::env::temp_dir();
    std::fs::write(folder.join("arranged.docx"), zhucun_export::docx(&document).unwrap()).unwrap();
    std::fs::write(folder.join("arranged.pdf"), zhucun_export::pdf(&document, &Fonts::discover(&[])).unwrap()).unwrap();
}

#[test]
fn a_heading_that_is_removed_brings_nothing_under_a_section_that_is_left_out() {
    let (_folder, mut ledger, report) = sample();
    let own = insert(&mut ledger, report, "visits.overview", heading(1, "走访以外"));
    let compiled = told(&ledger, report);
    let place = |key: &str| compiled.handles.iter().position(|handle| handle.block == key).unwrap();
    let section = compiled.handles[..place("visits.overview")].iter().rfind(|handle| handle.level > 0).unwrap().block.clone();
    ledger.arrange_report(report, Arrangement::LeaveOut { block: section, section: true }).unwrap();
    let shown =
        |ledger: &Ledger| -> Vec<String> { keys(&told(ledger, report).document).into_iter().map(str::to_owned).collect() };
    let before: Vec<_> = shown(&ledger).into_iter().filter(|key| *key != own).collect();
    assert!(!before.contains(&"visits.overview".to_owned()) && before.len() > 10);
    ledger.arrange_report(report, Arrangement::Remove { block: own }).unwrap();
    assert_eq!(shown(&ledger), before);
}

fn document_words(document: &Document) -> String {
    document.plain_text().join("\n")
}

/// What a hand at the page does.
#[derive(Debug, Clone)]
enum Act {
    Insert(usize, bool, u8),
    Move(usize, bool),
    LeaveOut(usize, bool),
    BringBack(usize),
    Remove(usize),
    Visit,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (any::<usize>(), any::<bool>(), 0u8..4).prop_map(|(at, before, level)| Act::Insert(at, before, level)),
        5 => (any::<usize>(), any::<bool>()).prop_map(|(at, up)| Act::Move(at, up)),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(at, section)| Act::LeaveOut(at, section)),
        1 => any::<usize>().prop_map(Act::BringBack),
        1 => any::<usize>().prop_map(Act::Remove),
        1 => Just(Act::Visit),
    ]
}

/// Answers whether anything was done.
fn perform(desk: &mut Desk, report: Id, act: &Act) -> bool {
    let compiled = told(&desk.ledger, report);
    let block = |at: usize| compiled.handles.get(at % compiled.handles.len().max(1)).map(|handle| handle.block.clone());
    let own = |at: usize| {
        let own: Vec<_> = compiled.handles.iter().filter(|handle| handle.own).collect();
        own.get(at % own.len().max(1)).map(|handle| handle.block.clone())
    };
    let left_out = |at: usize| compiled.left_out.get(at % compiled.left_out.len().max(1)).map(|left| left.block.clone());
    let arrangement = match act {
        Act::Insert(at, before, level) => {
            let content = if *level == 0 { paragraph("自己加的一段。") } else { heading(*level, "自己加的标题") };
            Some(Arrangement::Insert { beside: block(*at), before: *before, content })
        }
        Act::Move(at, up) => block(*at).map(|block| Arrangement::Move { block, up: *up }),
        Act::LeaveOut(at, section) => block(*at).map(|block| Arrangement::LeaveOut { block, section: *section }),
        Act::BringBack(at) => left_out(*at).map(|block| Arrangement::BringBack { block }),
        Act::Remove(at) => own(*at).map(|block| Arrangement::Remove { block }),
        Act::Visit => {
            desk.add(Kind::Visit, |_| {});
            return true;
        }
    };
    let Some(arrangement) = arrangement else { return false };
    let handle = |key: &str| compiled.handles.iter().find(|handle| handle.block == key);
    let can = match &arrangement {
        Arrangement::Move { block, up } => handle(block).is_some_and(|handle| if *up { handle.up } else { handle.down }),
        _ => true,
    };
    let done = desk.ledger.arrange_report(report, arrangement.clone());
    assert_eq!(done.is_ok(), can, "what the page offers is what can be done: {arrangement:?} {done:?}");
    if let Arrangement::Remove { block } = &arrangement {
        let paragraphs = |compiled: &Compiled| {
            let of_text = compiled.handles.iter().filter(|handle| handle.level == 0 && handle.block != *block);
            of_text.map(|handle| handle.block.clone()).collect::<Vec<_>>()
        };
        assert_eq!(paragraphs(&told(&desk.ledger, report)), paragraphs(&compiled), "the others stay where they are");
    }
    can
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arranging_undone_gives_the_first_document_and_loses_nothing(acts in prop::collection::vec(act(), 1..24)) {
        let mut desk = Desk::new();
        for kind in [Kind::Visit, Kind::Issue, Kind::Project, Kind::Activity, Kind::Plan] {
            desk.add(kind, |_| {});
        }
        let report = desk.ledger.open_report("2026H1", "work-team").unwrap().id;
        desk.ledger.forget_undo();
        let first = told(&desk.ledger, report).document;
        for act in &acts {
            perform(&mut desk, report, act);
            let compiled = told(&desk.ledger, report);
            let mut keys = keys(&compiled.document);
            let all = keys.len();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), all, "no block stands twice: {:?}", acts);
            prop_assert!(compiled.notes.is_empty(), "nothing strays while the records tell the same: {:?}", compiled.notes);
        }
        let last = told(&desk.ledger, report).document;
        let mut undone = 0;
        while desk.ledger.undo_state().undo.is_some() {
            let back = desk.ledger.undo();
            prop_assert!(back.is_ok(), "taken back {undone} of {acts:?}: {:?}", back.err());
            undone += 1;
        }
        prop_assert!(told(&desk.ledger, report).document == first, "undone {undone} of {acts:?}");
        for _ in 0..undone {
            let again = desk.ledger.redo();
            prop_assert!(again.is_ok(), "done again of {acts:?}: {:?}", again.err());
        }
        prop_assert!(told(&desk.ledger, report).document == last, "done again: {acts:?}");
    }
}
