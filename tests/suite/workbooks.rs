//! The workbooks of `tests/fixtures/import`, shaped as townships hand them out, into the sample ledger.

use std::path::{Path, PathBuf};

use zhucun_core::records::Kind;
use zhucun_core::sample::create_sample;
use zhucun_core::storage::Ledger;
use zhucun_import::guard::Limits;
use zhucun_import::mapping::{Guess, guess};
use zhucun_import::outcome::Outcome;
use zhucun_import::read::read_file;
use zhucun_import::run::{Request, commit, preview};
use zhucun_import::workbook::{Sheet, Workbook};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/import").join(name)
}

fn open(name: &str) -> Workbook {
    read_file(&fixture(name), None, &Limits::default(), &mut |_| true).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The sheet that holds most, and what is made of it.
fn best(workbook: &Workbook) -> (&Sheet, Guess) {
    let guesses =
        workbook.sheets.iter().filter(|sheet| !sheet.hidden).filter_map(|sheet| guess(sheet).map(|guess| (sheet, guess)));
    guesses.max_by_key(|(_, guess)| guess.understood).unwrap()
}

struct Desk {
    ledger: Ledger,
    _folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    Desk { ledger, _folder: folder }
}

fn import(desk: &mut Desk, name: &str) -> (Kind, Outcome) {
    let workbook = open(name);
    let (sheet, guess) = best(&workbook);
    let request = Request {
        kind: guess.kind,
        mapping: guess.mapping,
        fixes: Default::default(),
        answers: Default::default(),
        source: name.to_owned(),
    };
    let shown = preview(&mut desk.ledger, sheet, &request, &mut |_, _| true).unwrap();
    let done = commit(&mut desk.ledger, sheet, &request, &mut |_, _| true).unwrap().value;
    assert_eq!(counts(&shown), counts(&done), "{name}: the preview shows what the commit does");
    (request.kind, done)
}

fn counts(outcome: &Outcome) -> [u32; 4] {
    [outcome.new, outcome.changed, outcome.unchanged, outcome.error]
}

/// `row code` of each issue that keeps a row out.
fn errors(outcome: &Outcome) -> Vec<String> {
    let hard = |row: &&zhucun_import::outcome::RowOutcome| row.status == zhucun_import::outcome::RowStatus::Error;
    let rows = outcome.rows.iter().filter(hard);
    rows.map(|row| format!("{} {}", row.row, row.issues.iter().map(|issue| issue.code.as_str()).collect::<Vec<_>>().join(",")))
        .collect()
}

/// A workbook, its kind, rows new, changed, unchanged and in error, rows with something to look at, rows left out.
type Expected = (&'static str, Kind, [u32; 4], u32, &'static [&'static str]);

/// What comes of each workbook.
const EXPECTED: &[Expected] = &[
    ("national.xlsx", Kind::Household, [22, 0, 0, 0], 6, &[]),
    ("monitored.xlsx", Kind::Household, [8, 0, 0, 0], 1, &[]),
    ("households.xlsx", Kind::Household, [9, 0, 0, 0], 6, &[]),
    ("visits.xlsx", Kind::Visit, [13, 0, 0, 2], 2, &["19 household_unknown", "20 date_shape"]),
    ("visits.xls", Kind::Visit, [13, 0, 0, 2], 2, &["19 household_unknown", "20 date_shape"]),
    ("visits.ods", Kind::Visit, [13, 0, 0, 2], 2, &["19 household_unknown", "20 date_shape"]),
    ("visits-utf8.csv", Kind::Visit, [13, 0, 0, 2], 2, &["16 household_unknown", "17 date_shape"]),
    ("visits-bom.csv", Kind::Visit, [13, 0, 0, 2], 2, &["16 household_unknown", "17 date_shape"]),
    ("visits-gb18030.csv", Kind::Visit, [13, 0, 0, 2], 2, &["16 household_unknown", "17 date_shape"]),
    ("visits-utf16.txt", Kind::Visit, [13, 0, 0, 2], 2, &["16 household_unknown", "17 date_shape"]),
    (
        "applications.xlsx",
        Kind::Application,
        [0, 5, 0, 3],
        0,
        &["8 household_unknown", "9 programme_unknown", "10 negative_money"],
    ),
    ("projects.xlsx", Kind::Project, [3, 0, 0, 0], 3, &[]),
    ("projects.ods", Kind::Project, [3, 0, 0, 0], 3, &[]),
    ("activities.xlsx", Kind::Activity, [6, 0, 0, 1], 0, &["9 date_shape"]),
    ("indicators.xlsx", Kind::Indicator, [4, 0, 0, 1], 0, &["7 period_shape"]),
    ("damaged-ids.xlsx", Kind::Household, [3, 0, 0, 4], 0, &["3 id_damaged", "4 id_damaged", "5 id_damaged", "8 id_shape"]),
    ("hostile-texts.xlsx", Kind::Visit, [8, 0, 0, 0], 0, &[]),
];

#[test]
fn every_workbook_is_understood_and_again_changes_nothing() {
    for (name, kind, expected, warned, left_out) in EXPECTED {
        let mut desk = desk();
        let (found, outcome) = import(&mut desk, name);
        let came = (found, counts(&outcome), outcome.warning, errors(&outcome));
        assert_eq!(came, (*kind, *expected, *warned, left_out.iter().map(|row| (*row).to_owned()).collect()), "{name}");
        let (_, again) = import(&mut desk, name);
        let all_the_same = [0, 0, expected[0] + expected[1] + expected[2], expected[3]];
        assert_eq!(counts(&again), all_the_same, "{name} a second time: {:?}", again.rows);
        let undone = desk.ledger.undo().unwrap().value;
        assert_eq!(undone, format!("导入{}", kind.label()), "{name}: one step of undo");
    }
}

#[test]
fn lists_of_different_systems_speak_of_the_same_people() {
    let mut desk = desk();
    import(&mut desk, "national.xlsx");
    let total = |desk: &Desk| desk.ledger.store().list(Kind::Household, &Default::default()).unwrap().total;
    let households = total(&desk);
    for (name, expected) in
        [("households.xlsx", [0, 9, 0, 0]), ("monitored.xlsx", [0, 8, 0, 0]), ("migration.xlsx", [0, 9, 13, 0])]
    {
        let (_, outcome) = import(&mut desk, name);
        assert_eq!(counts(&outcome), expected, "{name}: {:?}", errors(&outcome));
        assert_eq!(total(&desk), households, "{name} brings nobody new");
    }
}

#[test]
fn what_the_sheet_shows_is_what_is_stored() {
    let mut desk = desk();
    let (_, outcome) = import(&mut desk, "projects.xlsx");
    let draft = |row: usize| desk.ledger.get_json(Kind::Project, outcome.rows[row].record.unwrap()).unwrap()["draft"].clone();
    assert_eq!(draft(0)["budget"], 38_500_000);
    assert_eq!(draft(2)["budget"], 8_800_000, "the cell's own unit goes before the heading's");
    let (_, outcome) = import(&mut desk, "visits.xlsx");
    let days: Vec<String> = outcome
        .rows
        .iter()
        .filter_map(|row| row.record)
        .map(|id| desk.ledger.get_json(Kind::Visit, id).unwrap()["draft"]["day"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "2026-01-08",
        "2026-01-15",
        "2026-01-22",
        "2026-02-01",
        "2026-02-10",
        "2026-02-24",
        "2026-03-05",
        "2026-03-12",
        "2026-03-19",
        "2026-03-26",
        "2026-04-02",
        "2026-04-16",
        "2026-05-01",
    ];
    assert_eq!(days, expected);
    let (_, outcome) = import(&mut desk, "hostile-texts.xlsx");
    let first = outcome.rows[0].record.unwrap();
    assert_eq!(desk.ledger.get_json(Kind::Visit, first).unwrap()["draft"]["content"], "=cmd|' /C calc'!A0");
}
