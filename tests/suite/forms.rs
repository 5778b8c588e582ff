//! The township's own forms on a real ledger: filled, masked, proved, and otherwise left as they came.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use zhucun_core::records::attachment::{Added, Attachment, NewPicture};
use zhucun_core::records::report::{Report, ReportMasking};
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::form::{FormKind, FormValues, IdFormat};
use zhucun_core::report::hidden::Hidden;
use zhucun_core::report::{album_of, compile, for_review, scope_of};
use zhucun_core::sample;
use zhucun_core::storage::{FormSettings, Ledger, Op};
use zhucun_core::value::{Masking, Period};
use zhucun_export::Prover;
use zhucun_export::form::{Filled, fill_form};

use crate::desk::world;

struct Village {
    ledger: Ledger,
    _folder: tempfile::TempDir,
}

fn village() -> Village {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("示例.zcj");
    drop(sample::create_sample(&path).unwrap());
    Village { ledger: Ledger::open(&path, world()).unwrap(), _folder: folder }
}

fn report(masking: ReportMasking) -> Report {
    let period = Period::parse("2026H1").unwrap();
    Report { masking, ..Report::of(period, period.last_day(), "work-team") }
}

fn form(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/forms").join(name)).unwrap()
}

impl Village {
    fn values(&self, masking: ReportMasking) -> FormValues {
        self.ledger.read(|store| FormValues::load(store, &report(masking), sample::TODAY)).unwrap()
    }

    fn prover(&self, masking: Masking) -> Prover {
        let until = scope_of(&report(ReportMasking::Township)).unwrap().until();
        Prover::of(self.ledger.read(|store| Hidden::load(store, masking, until)).unwrap())
    }

    fn fill(&self, name: &str, masking: ReportMasking) -> Filled {
        fill_form(&form(name), &self.values(masking), IdFormat::Text).unwrap()
    }
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

#[test]
fn a_word_form_is_filled_and_everything_else_stays() {
    let village = village();
    let filled = village.fill("半年情况表.docx", ReportMasking::Township);
    assert!(filled.report.findings.is_empty(), "{:?}", filled.report.findings);
    let (before, after) = (parts(&form("半年情况表.docx")), parts(&filled.bytes));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for name in ["word/media/image1.png", "word/_rels/document.xml.rels", "[Content_Types].xml", "_rels/.rels"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    let document = text(&after, "word/document.xml");
    let values = village.values(ReportMasking::Township);
    let rows = values.lists.iter().find(|list| list.key == "visits").unwrap().rows.len();
    assert_eq!(document.matches("<w:tr ").count(), rows + 2);
    assert!(document.contains("新识别监测对象1户，覆盖率95.24%。") && !document.contains("本期没有"));
    assert!(document.contains("走访农户58") && document.contains("投资139万元"), "placeholders split over runs");
    assert!(!document.contains("{{") && text(&after, "word/header1.xml").contains("2026年上半年"));
}

#[test]
fn an_excel_form_keeps_its_styles_and_sums_what_was_filled_in() {
    let village = village();
    let filled = village.fill("走访登记表.xlsx", ReportMasking::Township);
    assert!(filled.report.findings.is_empty(), "{:?}", filled.report.findings);
    let after = parts(&filled.bytes);
    let rows = village.values(ReportMasking::Township).lists.iter().find(|list| list.key == "visits").unwrap().rows.len();
    let (last, total) = (rows + 2, rows + 3);
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(&format!("<f>SUM(D3:D{last})</f>")) && sheet.contains(&format!("<f>SUM(E3:E{last})</f>")));
    assert!(sheet.contains(&format!("<mergeCell ref=\"A{total}:C{total}\"/>")));
    assert!(sheet.contains("<c r=\"B3\" s=\"3\"><v>46028</v></c>"), "a day in the form's own style");
    let workbook = text(&after, "xl/workbook.xml");
    assert!(workbook.contains(&format!("$A$1:$E${}", rows + 5)), "the print area grows: {workbook}");
    assert!(!after.contains_key("xl/calcChain.xml"));
    let table = zhucun_import::table::Table::of_bytes("走访登记表.xlsx".to_owned(), filled.bytes.clone(), &mut |_| true);
    let table = table.unwrap_or_else(|error| panic!("another reader does not open it: {error}"));
    assert!(table.sheet("登记 表").unwrap().rows.len() >= rows);
}

#[test]
fn what_is_not_known_is_told_with_its_place_and_neighbours() {
    let filled = village().fill("有误的表.docx", ReportMasking::Township);
    let told: Vec<_> = filled.report.findings.iter().map(|f| (f.place.as_str(), f.nearest[0].as_str())).collect();
    assert_eq!(told, [("第1段", "走访户次"), ("表格1第1行第2列", "走访台账.户主")]);
    assert!(text(&parts(&filled.bytes), "word/document.xml").contains("{{走访户此}}"));
}

#[test]
fn masking_is_proved_on_the_filled_form_and_its_own_telephone_may_stay() {
    let village = village();
    for (stored, masking) in [(ReportMasking::Township, Masking::Township), (ReportMasking::Public, Masking::Public)] {
        for (name, extension) in [("半年情况表.docx", "docx"), ("走访登记表.xlsx", "xlsx")] {
            let filled = village.fill(name, stored);
            let prover = village.prover(masking).allowing(&form(name), extension).unwrap();
            assert_eq!(prover.leaks(extension, &filled.bytes).unwrap(), [], "{name} {masking:?}");
        }
    }
    // Filled in full and searched as for a notice: every family's head is found.
    let filled = village.fill("半年情况表.docx", ReportMasking::Internal);
    let leaks = village.prover(Masking::Public).leaks("docx", &filled.bytes).unwrap();
    assert!(leaks.iter().any(|leak| leak.what == "姓名") && leaks.iter().any(|leak| leak.what == "电话号码"));
}

#[test]
fn every_figure_can_be_asked_for_by_its_name_and_by_its_key() {
    let village = village();
    let values = village.values(ReportMasking::Township);
    for value in &values.values {
        assert_eq!(values.find(&value.label, &[]), values.find(&value.key, &[]), "{}", value.label);
        assert!(!value.label.contains(['{', '}', ':', '|']), "{}", value.label);
    }
    let placeholders = values.placeholders();
    assert!(placeholders.iter().any(|placeholder| placeholder.name == "走访户次" && placeholder.with_unit == "183户次"));
    assert!(placeholders.iter().any(|placeholder| placeholder.columns.contains(&"花名册.证件号码".to_owned())));
    for kind in [FormKind::Docx, FormKind::Xlsx] {
        let starter = zhucun_export::form::starter(kind, sample::TODAY).unwrap();
        let filled = fill_form(&starter, &values, IdFormat::Text).unwrap();
        assert!(filled.report.findings.is_empty() && filled.report.uses.len() > 10, "{kind:?}: {:?}", filled.report.findings);
    }
}

#[test]
fn numbers_of_people_are_masked_in_every_list_but_for_inside() {
    let village = village();
    let ids = |masking| {
        let values = village.values(masking);
        let members = values.lists.iter().find(|list| list.key == "members").unwrap();
        let column = members.columns.iter().position(|column| column == "证件号码").unwrap();
        let print = |row: &Vec<zhucun_core::report::form::FormContent>| row[column].print("", Default::default());
        members.rows.iter().map(print).filter(|id| !id.is_empty()).collect::<Vec<_>>()
    };
    assert!(ids(ReportMasking::Internal).iter().any(|id| id.len() == 18 && !id.contains('*')));
    assert!(ids(ReportMasking::Township).iter().all(|id| id.contains("****")));
    assert!(ids(ReportMasking::Public).is_empty());
}

#[test]
fn kept_forms_and_exports_are_remembered() {
    let mut village = village();
    let ledger = &mut village.ledger;
    let kept = ledger.add_form(" 半年情况表 ", FormKind::Docx, &form("半年情况表.docx")).unwrap();
    assert_eq!(kept.settings.name, "半年情况表");
    let settings = FormSettings { name: "情况表".to_owned(), id_format: IdFormat::Spaced, masking: ReportMasking::Internal };
    ledger.change_form(kept.id, &settings).unwrap();
    ledger.form_was_used(kept.id).unwrap();
    let (found, content) = ledger.store().form(kept.id).unwrap();
    assert!(found.settings == settings && content == form("半年情况表.docx"));
    ledger.drop_form(kept.id).unwrap();
    assert!(ledger.store().forms().unwrap().is_empty() && ledger.store().form(kept.id).is_err());
    ledger.note_export("form", "情况表", ReportMasking::Internal, "docx").unwrap();
    let exports = ledger.store().exports().unwrap();
    assert_eq!((exports[0].what.as_str(), exports[0].masking), ("form", ReportMasking::Internal));
}

#[test]
fn the_review_copy_numbers_every_figure_once_and_proves_it() {
    let village = village();
    let report = report(ReportMasking::Township);
    let review = |masking| {
        let compiled = village.ledger.read(|store| compile(store, &report)).unwrap();
        (for_review(village.ledger.store(), &compiled, masking).unwrap(), compiled)
    };
    let (document, compiled) = review(Masking::Township);
    assert!(document.properties.title.ends_with("（核对稿）"));
    let table = &document.annexes.last().unwrap().table;
    assert_eq!(document.annexes.last().unwrap().title, "数字核对表");
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let runs = document.blocks.iter().flat_map(|block| match block {
        zhucun_core::report::document::Block::Paragraph { runs, .. } => runs.clone(),
        _ => Vec::new(),
    });
    for run in runs.filter(|run| run.figure.is_some()) {
        let (key, note) = (run.figure.unwrap(), run.note.unwrap());
        assert_eq!(*seen.entry(key).or_insert(note), note, "the same figure has the same number");
        let row = &table.rows[usize::try_from(note).unwrap() - 1];
        assert!(row[2].text().contains(run.text.as_str()) && row[3].text().ends_with('。') && !row[4].text().is_empty());
    }
    assert!(seen.len() > 60 && table.rows.len() >= seen.len());
    let long = table.rows.iter().any(|row| row[4].text().contains("等") && row[4].text().ends_with('条'));
    assert!(long, "long lists of records are cut");
    assert!(compiled.document.annexes.len() + 1 == document.annexes.len());
    let (public, _) = review(Masking::Public);
    let rows = &public.annexes.last().unwrap().table.rows;
    assert!(rows.iter().all(|row| row[4].text().ends_with("记录")), "a notice names no family");
}

#[test]
fn the_album_holds_the_periods_pictures_with_their_captions_but_no_scans() {
    let mut village = village();
    let visit = village.ledger.store().all::<zhucun_core::records::visit::Visit>().unwrap().remove(0);
    let owner = RecordRef { kind: Kind::Visit, id: visit.id };
    let picture = parts(&form("半年情况表.docx"))["word/media/image1.png"].clone();
    for (at, (category, day)) in
        [("visit", "2026-03-06"), ("paper", "2026-03-06"), ("visit", "2025-03-06")].into_iter().enumerate()
    {
        // Told apart by their bytes: what follows a picture's end is nobody's.
        let bytes = [picture.clone(), vec![u8::try_from(at).unwrap()]].concat();
        let new = NewPicture {
            file_name: "a.png",
            source_sha256: "",
            picture: &bytes,
            thumbnail: &bytes,
            media_type: "image/png",
            width: 8,
            height: 4,
            taken_on: Some(day.parse().unwrap()),
            taken_at: String::new(),
        };
        let Added::New(id) = village.ledger.add_picture(visit.id, owner, &new).unwrap().value else { panic!("it is new") };
        let stored = village.ledger.store().get::<Attachment>(id).unwrap();
        let told = Attachment {
            category: category.to_owned(),
            place: "上石屯".to_owned(),
            people: "罗启明".to_owned(),
            turned: 1,
            ..stored.draft
        };
        village.ledger.transact(Op::Change(Kind::Attachment), |tx| tx.change(id, stored.meta.version, told, &[])).unwrap();
    }
    let compiled = village.ledger.read(|store| compile(store, &report(ReportMasking::Township))).unwrap();
    let album = |masking| {
        let turn = |bytes: &[u8], _: u8| Some(bytes.to_vec());
        let made = village.ledger.read(|store| album_of(store, &report(masking), &compiled.document.properties, &turn));
        made.unwrap().unwrap()
    };
    let township = album(ReportMasking::Township);
    let photos = &township.annexes[0].photos;
    assert_eq!(photos.len(), 1);
    assert!(photos[0].caption_text().starts_with("时间：2026年3月6日　地点：上石屯　人物：罗启明　事件："));
    assert_eq!((photos[0].picture.width, photos[0].picture.height), (4, 8), "turned, it stands upright");
    assert!(!album(ReportMasking::Public).annexes[0].photos[0].caption_text().contains("人物"));
    let docx = zhucun_export::docx(&township).unwrap();
    let document = text(&parts(&docx), "word/document.xml");
    assert!(document.contains("照片册") && !document.contains("附件") && document.contains("rIdPhoto1"));
    assert!(zhucun_export::pdf(&township, &zhucun_export::Fonts::discover(&[])).is_ok());
}
