//! Hostile text in files: reports, forms, lists and photos show it as text; none of it becomes a formula, a field or a link.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use chrono::Days;
use quick_xml::events::Event;
use zhucun_core::album::{AlbumRequest, album};
use zhucun_core::records::dictionary_item::DictionaryItem;
use zhucun_core::records::report::{Report, ReportMasking};
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::document::{Document, Picture};
use zhucun_core::report::form::{FormKind, FormValues, IdFormat};
use zhucun_core::report::hidden::Hidden;
use zhucun_core::report::{album_of, audit, compile, open};
use zhucun_core::sample;
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::value::{Masking, Period, normalise};
use zhucun_core::world::FixedWorld;
use zhucun_export::form::{fill_form, starter};
use zhucun_export::{
    Fonts, ListFormat, ListSheet, ListSheetColumn, Prover, album_index, clean_name, docx, list_xlsx, pdf, preview, text_of_file,
    xlsx,
};
use zhucun_import::outcome::RowStatus;
use zhucun_import::run::{Request, commit, preview as preview_import};
use zhucun_import::table::Table;

use crate::desk::Desk;
use crate::hostile::grown;

/// Parts of a package that are read as XML, by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip
        .file_names()
        .flatten()
        .filter(|name| name.ends_with(".xml") || name.ends_with(".rels"))
        .map(|name| name.into_owned())
        .collect();
    let read = |name: String| {
        let mut text = String::new();
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// Every part is well-formed, nothing leads out of the file, and of elements that do something there are only `allowed`.
fn is_inert(what: &str, bytes: &[u8], allowed: &[&str]) {
    let mut seen = 0;
    for (name, text) in parts(bytes) {
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let mut inside: Option<String> = None;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{what} {name}: {error}")) {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    seen += 1;
                    let element = tag.local_name().as_ref().to_string();
                    let outside = tag.attributes().flatten().any(|a| &*a.value == "External");
                    assert!(!outside && element != "hyperlink" && element != "externalReference", "{what} {name}: {element}");
                    inside = matches!(element.as_str(), "f" | "instrText" | "fldSimple").then_some(element);
                }
                Event::Text(text) => {
                    if let Some(element) = &inside {
                        let text = text.trim().to_owned();
                        let known = allowed.iter().any(|allowed| text.starts_with(allowed));
                        assert!(known || text.is_empty(), "{what} {name}: <{element}> {text}");
                    }
                }
                Event::End(_) => inside = None,
                Event::DocType(_) => panic!("{what} {name} has a document type"),
                _ => {}
            }
        }
        assert!(!name.contains("externalLink") && !name.contains("vbaProject"), "{what} {name}");
    }
    assert!(seen > 100, "{what} has elements");
}

/// A text without white space and without the breaks that long words get.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\0')).collect()
}

fn report_of(ledger: &Ledger, template: &str, masking: ReportMasking) -> (Document, Prover) {
    let period = Period::parse("2026H1").unwrap();
    let report = Report { masking, ..Report::of(period, period.last_day(), template) };
    let document = ledger.read(|store| compile(store, &report)).unwrap().document;
    let hidden = ledger.read(|store| Hidden::load(store, masking.into(), period.last_day())).unwrap();
    (document, Prover::of(hidden))
}

fn fonts() -> &'static Fonts {
    static FONTS: std::sync::OnceLock<Fonts> = std::sync::OnceLock::new();
    FONTS.get_or_init(|| Fonts::discover(&[]))
}

/// Which of the texts a document and its annexes hold, by number, and how they stand there.
fn told_in(told: &str) -> Vec<(usize, String)> {
    let grown = grown();
    let texts = grown.payloads.iter().map(|payload| dense(&normalise(&payload.text))).enumerate();
    texts.filter(|(_, text)| text.chars().count() > 3 && told.contains(text.as_str())).collect()
}

fn told_by(document: &Document) -> String {
    let cells = document.annexes.iter().flat_map(|annex| annex.table.rows.iter().flatten().map(|cell| cell.text()));
    dense(&document.plain_text().into_iter().chain(cells).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_report_shows_them_as_text_in_every_format() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    for masking in [ReportMasking::Internal, ReportMasking::Public] {
        let (document, prover) = report_of(&ledger, "work-team", masking);
        let told = told_in(&told_by(&document));
        assert!(told.len() > 35 || masking != ReportMasking::Internal, "the report tells of them: {told:?}");
        let files = [("docx", docx(&document).unwrap()), ("xlsx", xlsx(&document).unwrap())];
        for (extension, bytes) in &files {
            is_inert(extension, bytes, &["PAGE"]);
            assert!(prover.leaks(extension, bytes).unwrap().is_empty(), "{extension}");
        }
        let shown = [dense(&text_of_file("docx", &files[0].1).unwrap()), dense(&text_of_file("xlsx", &files[1].1).unwrap())];
        for (nth, text) in &told {
            let name = grown.payloads[*nth].name;
            assert!(shown.iter().any(|shown| shown.contains(text)), "{name} is shown by DOCX or XLSX: {text:?}");
        }
    }
}

#[test]
fn a_page_shows_them_as_text() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    let (document, prover) = report_of(&ledger, "work-team", ReportMasking::Internal);
    let bytes = pdf(&document, fonts()).unwrap();
    assert!(prover.leaks("pdf", &bytes).unwrap().is_empty());
    for action in ["/JavaScript", "/Launch", "/URI", "/OpenAction", "/EmbeddedFile"] {
        assert!(!bytes.windows(action.len()).any(|window| window == action.as_bytes()), "{action}");
    }
    let shown = dense(&text_of_file("pdf", &bytes).unwrap());
    // What no font of the machine can show stands as an empty box.
    let is_mark = |c: &char| matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}');
    let boxed: Vec<char> = shown.chars().filter(|c| !is_mark(c)).collect();
    let reads = |text: &str| {
        let letters: Vec<char> = text.chars().filter(|c| !is_mark(c)).collect();
        let same = |(seen, typed): (&char, &char)| seen == typed || *seen == '□' && !typed.is_ascii();
        boxed.windows(letters.len()).any(|window| window.iter().zip(&letters).all(same))
    };
    let missing: Vec<_> = told_in(&told_by(&document)).into_iter().filter(|(_, text)| !reads(text)).collect();
    let pages = preview(&document, fonts()).unwrap().pages;
    for page in &pages {
        // Letters are outlines; where the typesetter links to, if anywhere, it is to a mark of ours.
        let mut elements = page
            .svg
            .split('<')
            .filter(|element| element.starts_with("script") || element.starts_with("image") || element.starts_with("a "));
        let outside =
            elements.find(|element| element.starts_with("script") || element.contains("127.0.0.1") || element.contains("http"));
        assert_eq!(outside.map(|element| element.chars().take(200).collect::<String>()), None);
    }
    // A text of several pages has their numbers between its lines.
    let missing = missing.iter().filter(|(_, text)| text.chars().count() < 1000);
    let names: Vec<_> = missing.map(|(nth, text)| (grown.payloads[*nth].name, text)).collect();
    assert!(names.is_empty(), "not shown as typed: {names:?}");
}

#[test]
fn every_template_and_every_report_takes_them() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    for info in zhucun_core::outline::shipped() {
        let (document, _) = report_of(&ledger, &info.name, ReportMasking::Township);
        is_inert(&info.name, &docx(&document).unwrap(), &["PAGE"]);
    }
    // The whole ledger is in each of them; a few of each kind show what their own texts do.
    for planted in grown.planted.iter().filter(|planted| planted.payload % 20 == 0) {
        match planted.record.kind {
            Kind::Outline => {
                let (document, _) = report_of(&ledger, &planted.record.id.to_string(), ReportMasking::Township);
                is_inert("outline", &docx(&document).unwrap(), &["PAGE"]);
            }
            Kind::Report => {
                let report = ledger.store().get::<Report>(planted.record.id).unwrap();
                match ledger.read(|store| open(store, &report)) {
                    Ok(compiled) => is_inert("report", &docx(&compiled.document).unwrap(), &["PAGE"]),
                    Err(error) => assert!(matches!(error.code(), "not_found" | "bad_input" | "template"), "{error:?}"),
                }
                ledger.read(|store| audit(store, &report)).ok();
            }
            _ => {}
        }
    }
}

#[test]
fn forms_are_filled_with_them_as_text() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    let period = Period::parse("2026H1").unwrap();
    let report = Report { masking: ReportMasking::Internal, ..Report::of(period, period.last_day(), "work-team") };
    let values = ledger.read(|store| FormValues::load(store, &report, ledger.today())).unwrap();
    for (kind, extension) in [(FormKind::Docx, "docx"), (FormKind::Xlsx, "xlsx")] {
        let form = starter(kind, ledger.today()).unwrap();
        let filled = fill_form(&form, &values, IdFormat::Text).unwrap();
        assert!(!filled.report.has_open(), "{:?}", filled.report.findings);
        is_inert(extension, &filled.bytes, &["PAGE"]);
        let shown = dense(&text_of_file(extension, &filled.bytes).unwrap());
        let told = told_in(&shown);
        assert!(told.len() > 35, "{extension} shows {told:?}");
        assert!(shown.contains("{{走访户次}}"), "a placeholder in a record is no placeholder of the form");
        if kind == FormKind::Xlsx {
            let sheet = parts(&filled.bytes)["xl/worksheets/sheet1.xml"].clone();
            assert!(sheet.contains("_x005F_x0041__x005F_x000D_"), "what looks like an escape is escaped");
        }
    }
    assert!(grown.payloads.len() > 40);
}

/// Columns of a list with the headings by which the import knows them, and the record's field where it is a text.
type Columns = (Kind, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const LISTS: [Columns; 6] = [
    (
        Kind::Household,
        "农户台账",
        &[
            ("village", "村", ""),
            ("head", "姓名", "members.0.name"),
            ("hamlet", "屯（组）", "hamlet"),
            ("types", "户类型", ""),
            ("phone", "户联系电话", "phone"),
            ("address", "住址", "address"),
            ("ext_no", "户编号", "ext_no"),
        ],
    ),
    (
        Kind::Visit,
        "走访台账",
        &[
            ("day", "走访日期", ""),
            ("households", "走访户", ""),
            ("mode", "走访方式", ""),
            ("purposes", "走访分类", ""),
            ("visitors", "走访人", ""),
            ("content", "走访内容", "content"),
            ("problem", "发现的问题", "problem"),
        ],
    ),
    (
        Kind::Application,
        "申报",
        &[
            ("programme", "补贴项目", ""),
            ("year", "年度", ""),
            ("term", "批次（学期）", ""),
            ("applicant", "申报人", ""),
            ("head", "户主", ""),
            ("batch", "上报批次", "batch"),
            ("step", "当前环节", ""),
            ("applied_on", "申报日期", ""),
            ("amount_applied", "申报金额（元）", ""),
            ("amount_paid", "发放金额（元）", ""),
            ("paid_on", "发放日期", ""),
        ],
    ),
    (
        Kind::Project,
        "项目",
        &[
            ("name", "项目名称", "name"),
            ("category", "项目类别", ""),
            ("village", "村", ""),
            ("impl_year", "实施年度", ""),
            ("budget", "总投资（万元）", ""),
        ],
    ),
    (
        Kind::Activity,
        "工作纪实",
        &[
            ("day", "日期", ""),
            ("type_code", "类型", ""),
            ("title", "事项", "title"),
            ("village", "村", ""),
            ("place", "地点", "place"),
            ("organiser", "组织单位", "organiser"),
        ],
    ),
    (
        Kind::Indicator,
        "指标",
        &[
            ("category", "类别", "category"),
            ("name", "指标名称", "name"),
            ("unit", "计量单位", "unit"),
            ("period", "所属半年", ""),
            ("actual", "实际数", ""),
            ("note", "备注", "note"),
        ],
    ),
];

/// Names of codes, which the window takes from the ledger's own dictionary.
fn names_of(ledger: &Ledger) -> BTreeMap<String, String> {
    let items = ledger.store().all::<DictionaryItem>().unwrap().into_iter().map(|item| (item.draft.code, item.draft.label));
    items.chain([("in_person".to_owned(), "面对面".to_owned())]).collect()
}

/// The ledger itself without its records of a kind: where its own export is imported again, every name in it is known.
fn without(kind: Kind, folder: &std::path::Path) -> Ledger {
    let path = grown().open(folder).path().to_owned();
    // A day later: the ids of a day are made in a row.
    let day = sample::TODAY.checked_add_days(Days::new(2)).unwrap();
    let mut ledger = Ledger::open(&path, Box::new(FixedWorld::on(day))).unwrap();
    // Problems hold on to projects.
    for kind in [Kind::Issue, kind] {
        let rows = ledger.store().list(kind, &ListQuery { limit: 1000, ..ListQuery::default() }).unwrap().rows;
        let records: Vec<_> = rows.iter().map(|row| RecordRef { kind, id: row.id }).collect();
        ledger.delete_records(&records).unwrap();
    }
    ledger
}

/// The list of a kind as the window exports it.
fn exported(ledger: &Ledger, (kind, title, columns): &Columns) -> Vec<u8> {
    let sheet = ListSheet {
        title: (*title).to_owned(),
        notes: grown().payloads.iter().take(8).map(|payload| format!("筛选：{}", payload.text)).collect(),
        columns: columns
            .iter()
            .map(|(key, heading, _)| ListSheetColumn {
                key: (*key).to_owned(),
                heading: (*heading).to_owned(),
                format: match *key {
                    "day" | "applied_on" | "paid_on" => ListFormat::Day,
                    "budget" => ListFormat::Wan,
                    "amount_applied" | "amount_paid" => ListFormat::Yuan,
                    "actual" => ListFormat::Hundredths,
                    "year" | "impl_year" => ListFormat::Int,
                    "period" => ListFormat::Period,
                    _ => ListFormat::Text,
                },
                names: names_of(ledger),
            })
            .collect(),
    };
    let keys: Vec<String> = columns.iter().map(|(key, ..)| (*key).to_owned()).collect();
    let table = ledger.store().list_table(*kind, &ListQuery::default(), &keys).unwrap();
    list_xlsx(&sheet, &table, ledger.today(), &mut |_, _| true).unwrap()
}

#[test]
fn lists_are_exported_and_imported_again_with_the_same_texts() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    let mut desk = Desk::new();
    for list in &LISTS {
        let (kind, title, columns) = list;
        let bytes = exported(&ledger, list);
        is_inert(title, &bytes, &[]);
        let table = Table::of_bytes(format!("{title}.xlsx"), bytes, &mut |_| true).unwrap();
        let sheet = table.sheet(title).unwrap();
        let again = tempfile::tempdir().unwrap();
        let mut own = matches!(kind, Kind::Application | Kind::Project).then(|| without(*kind, again.path()));
        let into = own.as_mut().unwrap_or(&mut desk.ledger);
        let guess = table.guess(into.store(), title, Some(*kind), None).unwrap().unwrap();
        let request = Request {
            kind: *kind,
            mapping: guess.mapping,
            fixes: Default::default(),
            answers: Default::default(),
            source: format!("{title}.xlsx"),
        };
        let shown = preview_import(into, sheet, &request, &mut |_, _| true).unwrap();
        let done = commit(into, sheet, &request, &mut |_, _| true).unwrap().value;
        assert_eq!(shown.new, done.new, "{title}");
        let rows = grown.planted.iter().filter(|planted| planted.record.kind == *kind).count();
        assert!(done.rows.len() >= rows, "{title}: every row was read, {} of {rows}", done.rows.len());
        // What came over reads as it was shown: each text of the new record stands in the first ledger's list.
        let mut same = 0;
        for row in done.rows.iter().filter(|row| row.status == RowStatus::New) {
            let Some(id) = row.record else { continue };
            let draft = into.get_json(*kind, id).unwrap()["draft"].clone();
            let texts = columns.iter().filter(|(_, _, path)| !path.is_empty());
            for (_, _, path) in texts {
                let text =
                    draft.pointer(&format!("/{}", path.replace('.', "/"))).and_then(|text| text.as_str()).unwrap_or_default();
                let known = grown.payloads.iter().any(|payload| dense(&normalise(&payload.text)) == dense(text));
                same += usize::from(known);
            }
        }
        let mut why = BTreeMap::new();
        done.rows.iter().flat_map(|row| &row.issues).for_each(|issue| *why.entry(issue.code.as_str()).or_insert(0) += 1);
        println!("{title}: {} new, {} wrong, {same} texts the same; {why:?}", done.new, done.error);
        for row in &done.rows {
            for issue in &row.issues {
                assert!(issue.message.chars().any(|c| c > '\u{4e00}'), "{title}: {issue:?}");
            }
        }
        assert!(same >= 20, "{title}: {same} texts came over as they were");
        if own.is_some() {
            // Why an application was sent back stands in no column of the list, and is asked for. Households whose name refused the
            // text all bear the same one, and which of them is meant is asked too.
            let refused: Vec<_> =
                done.rows.iter().filter(|row| row.status == RowStatus::Error).flat_map(|row| &row.issues).collect();
            let other = refused.iter().find(|issue| !["required", "ambiguous_household"].contains(&issue.code.as_str()));
            assert!(other.is_none(), "{title}: {other:?}");
            assert!(done.new > 3 * done.error, "{title}: {} new, {} wrong", done.new, done.error);
        }
    }
    let back = Desk::over(desk.ledger);
    assert!(back.ledger.check(&mut |_, _| true).unwrap().is_sound());
}

#[test]
fn photos_are_called_by_names_that_every_system_takes() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    let photos = album(ledger.store(), &AlbumRequest::default()).unwrap();
    assert!(photos.len() >= grown.payloads.len());
    let place = tempfile::tempdir().unwrap();
    let names =
        photos.iter().map(|photo| photo.name.clone()).chain(grown.payloads.iter().map(|payload| clean_name(&payload.text)));
    for name in names {
        let forbidden =
            |c: char| c.is_control() || matches!(c, '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{202e}');
        assert!(!name.is_empty() && !name.chars().any(forbidden) && !name.starts_with('.'), "{name:?}");
        assert!(!["con", "aux", "nul"].iter().any(|device| name.eq_ignore_ascii_case(device)), "{name:?}");
        std::fs::write(place.path().join(format!("{name}.jpg")), b"x").unwrap_or_else(|error| panic!("{name:?}: {error}"));
    }
    let named: Vec<_> = photos.iter().map(|photo| (photo, format!("{}.jpg", photo.name))).collect();
    is_inert("album index", &album_index(&named).unwrap(), &[]);
    let period = Period::parse("2026H1").unwrap();
    let report = Report { masking: ReportMasking::Internal, ..Report::of(period, period.last_day(), "work-team") };
    let properties = report_of(&ledger, "work-team", ReportMasking::Internal).0.properties;
    let turn = |bytes: &[u8], _: u8| Some(bytes.to_vec());
    let book = ledger.read(|store| album_of(store, &report, &properties, &turn)).unwrap();
    if let Some(book) = book {
        let pictures: Vec<&Picture> = book.photos().map(|photo| &photo.picture).collect();
        assert!(!pictures.is_empty());
        is_inert("album", &docx(&book).unwrap(), &["PAGE"]);
    }
    assert_eq!(Masking::from(ReportMasking::Internal), Masking::Internal);
}
