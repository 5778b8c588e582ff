//! Hostile text through every field: refused on its field or stored, and then shown as text by lists, search, history and home.
//! What becomes of it in files: `hostile_files`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use zhucun_core::home::home;
use zhucun_core::quick::{self, Asked};
use zhucun_core::records::{Kind, twins};
use zhucun_core::sample;
use zhucun_core::search::Search;
use zhucun_core::storage::{ColumnCondition, ColumnTest, ColumnType, Ledger, ListQuery, Lookup, NumbersOf, Sort};
use zhucun_core::value::normalise;
use zhucun_core::world::FixedWorld;
use zhucun_tests::hostile::{Garden, Payload, Planted, payloads};

/// The day after the sample's: its records lie in the past, and new ids are not those that it was made with.
fn world() -> Box<FixedWorld> {
    Box::new(FixedWorld::on(sample::TODAY.succ_opt().unwrap()))
}

/// A port that is named in the texts and never asked.
const PORT: u16 = 9;

/// A sample ledger with every text in every field of every kind.
pub struct Grown {
    folder: tempfile::TempDir,
    pub payloads: Vec<Payload>,
    pub planted: Vec<Planted>,
    texts: Vec<String>,
    unfilled: Vec<String>,
}

impl Grown {
    /// A copy of the ledger for one test.
    pub fn open(&self, folder: &Path) -> Ledger {
        let path = folder.join("敌意.zcj");
        fs::copy(self.folder.path().join("敌意.zcj"), &path).unwrap();
        Ledger::open(&path, world()).unwrap()
    }

    /// The text of a planted record as it is kept.
    pub fn kept(&self, planted: &Planted) -> String {
        normalise(&self.payloads[planted.payload].text)
    }
}

pub fn picture() -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/photos/progressive.jpg")).unwrap()
}

pub fn grown() -> &'static Grown {
    static GROWN: OnceLock<Grown> = OnceLock::new();
    GROWN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let copy = |name: &str| {
            let path = folder.path().join(name);
            drop(sample::create_sample(&path).unwrap());
            Ledger::open(&path, world()).unwrap()
        };
        let (mut ledger, mut scratch) = (copy("敌意.zcj"), copy("试.zcj"));
        ledger.sync_less().unwrap();
        scratch.sync_less().unwrap();
        let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/bindings");
        let mut garden = Garden::lay(&mut ledger, &mut scratch, &bindings, picture()).unwrap();
        let (payloads, mut planted) = (payloads(PORT), Vec::new());
        for (nth, payload) in payloads.iter().enumerate() {
            let grown = garden.plant(nth, &payload.text).unwrap_or_else(|error| panic!("{}: {error}", payload.name));
            planted.extend(grown);
        }
        let (texts, unfilled) = (garden.texts(), garden.unfilled());
        drop((ledger, scratch));
        Grown { folder, payloads, planted, texts, unfilled }
    })
}

#[test]
fn every_text_field_of_every_kind_is_reached() {
    let grown = grown();
    // Ids alone go into a photo block; it is no text.
    assert_eq!(grown.unfilled, ["report own.0.photos"], "lists of which no part could be made up");
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Attendance) {
        assert!(grown.texts.iter().any(|text| text.starts_with(kind.word())), "{kind:?} has a text");
    }
    for text in ["household members.0.bank_name", "project milestones.0.note", "report own.0.runs.0.text", "activity items.0"] {
        assert!(grown.texts.iter().any(|found| found == text), "{text} in {:#?}", grown.texts);
    }
}

#[test]
fn what_is_typed_is_stored_or_refused_on_its_field_in_words() {
    let grown = grown();
    let mut stored = 0;
    for planted in &grown.planted {
        let name = grown.payloads[planted.payload].name;
        stored += planted.stored.len();
        for (path, finding) in &planted.refused {
            assert!(path.starts_with(&finding.field), "{name} in {path}: {finding:?}");
            assert!(finding.message.chars().any(|c| c > '\u{4e00}'), "{finding:?}");
            let named = ["SQL", "serde", "constraint"].iter().find(|word| finding.message.contains(*word));
            assert_eq!(named, None, "{finding:?}");
        }
        let length = grown.kept(planted).chars().count();
        let most = if planted.record.kind == Kind::Outline { 256 * 1024 } else { 5000 };
        assert!(length <= most || planted.stored.is_empty(), "{name} in {:?}: {:?}", planted.record.kind, planted.stored);
    }
    assert!(stored > 3000, "most texts are ordinary ones to most fields: {stored}");
}

#[test]
fn the_ledger_is_sound_and_keeps_the_texts_when_it_is_opened_again() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    let report = ledger.check(&mut |_, _| true).unwrap();
    // 签发 and merging are not tried here; whatever is found is about what was typed.
    assert!(report.is_sound(), "{:?}", report.findings.iter().take(5).collect::<Vec<_>>());
    for planted in grown.planted.iter().filter(|planted| planted.record.kind != Kind::Team) {
        let stored = ledger.get_json(planted.record.kind, planted.record.id).unwrap();
        let kept = grown.kept(planted);
        for path in &planted.stored {
            let found = stored["draft"].pointer(&format!("/{}", path.replace('.', "/"))).and_then(Value::as_str);
            assert!(found == Some(&kept) || kept.is_empty(), "{:?} {path}: {found:?}", planted.record.kind);
        }
        let history = ledger.store().history(planted.record.kind, planted.record.id).unwrap();
        assert_eq!(history[0].after, stored["draft"], "the history shows the same");
    }
}

#[test]
fn lists_show_filter_and_sort_them_as_they_are() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let mut ledger = grown.open(folder.path());
    for kind in Kind::ALL {
        let query = ListQuery { limit: 1000, ..ListQuery::default() };
        // What covers a number in a list is nothing to filter by.
        ledger.show_numbers(&NumbersOf::List { kind: *kind, query: query.clone() }).unwrap();
        let page = ledger.store().list(*kind, &query).unwrap();
        assert!(page.total < 1000 && page.total > 0);
        for planted in grown.planted.iter().filter(|planted| planted.record.kind == *kind) {
            assert!(page.rows.iter().any(|row| row.id == planted.record.id), "{kind:?} {planted:?}");
        }
        for column in page.rows[0].cells.keys() {
            for descending in [false, true] {
                let sort = Some(Sort { column: column.clone(), descending });
                let sorted = ledger.store().list(*kind, &ListQuery { sort, ..query.clone() }).unwrap();
                assert_eq!(sorted.total, page.total, "{kind:?} by {column}");
            }
            let values = ledger.store().list_values(*kind, &query, column).unwrap();
            if values.column_type != ColumnType::Text {
                continue;
            }
            for row in &page.rows {
                let Some(text) = row.cells[column].as_str().filter(|text| !text.is_empty()) else { continue };
                let text = text.to_owned();
                let test = if text.len() % 2 == 0 {
                    ColumnTest::Is { text: text.clone() }
                } else {
                    ColumnTest::Contains { text: text.clone() }
                };
                let conditions = vec![ColumnCondition { column: column.clone(), test }];
                let found = ledger.store().list(*kind, &ListQuery { conditions, ..query.clone() }).unwrap();
                assert!(found.rows.iter().any(|other| other.id == row.id), "{kind:?} {column}: {text:?}");
            }
        }
    }
}

#[test]
fn the_search_finds_them_by_their_own_words() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let ledger = grown.open(folder.path());
    let searched = [(Kind::Visit, "content"), (Kind::Household, "note"), (Kind::Issue, "title"), (Kind::Plan, "text")];
    let mut found = 0;
    for planted in &grown.planted {
        let kept = grown.kept(planted);
        let asked: String = kept.chars().take(200).collect();
        let is_searched =
            searched.iter().any(|(kind, field)| planted.record.kind == *kind && planted.stored.iter().any(|p| p == field));
        if !is_searched || kept.is_empty() {
            continue;
        }
        found += 1;
        let of_kind = Search { count_to: 1000, limit: 1000, ..Search::of(&asked, planted.record.kind, 0) };
        let groups = ledger.store().search(&of_kind).unwrap().groups;
        let hit = groups.iter().flat_map(|group| &group.hits).find(|hit| hit.id == planted.record.id);
        assert!(hit.is_some(), "{:?} is not found by {asked:?}", planted.record);
    }
    assert!(found > 120, "{found}");
}

#[test]
fn pickers_the_typed_line_and_the_first_page_take_them() {
    let (grown, folder) = (grown(), tempfile::tempdir().unwrap());
    let mut ledger = grown.open(folder.path());
    let today = ledger.today();
    for payload in &grown.payloads {
        for kind in Kind::ALL {
            let lookup = Lookup { text: payload.text.clone(), ..Lookup::default() };
            ledger.store().look_up(*kind, &lookup).unwrap();
            let text = payload.text.clone();
            ledger.store().list(*kind, &ListQuery { text, ..ListQuery::default() }).unwrap();
        }
        if payload.text.chars().count() <= 2000 {
            let vocabulary = quick::Vocabulary::load(ledger.store(), today).unwrap();
            quick::read(&Asked::line(&payload.text), &vocabulary, today, None).unwrap();
        }
        ledger.put_draft("visit:new", &json!({ "content": payload.text }).to_string()).unwrap();
    }
    assert!(!home(ledger.store(), today).unwrap().tasks.is_empty());
    for planted in grown.planted.iter().filter(|planted| matches!(planted.record.kind, Kind::Household | Kind::Visit)) {
        let draft = ledger.get_json(planted.record.kind, planted.record.id).unwrap()["draft"].clone();
        twins::look_alikes(ledger.store(), planted.record.kind, Some(planted.record.id), draft).unwrap();
    }
}
