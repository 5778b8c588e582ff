//! The user's workbook given back: what it had is there, the bad rows are marked, and it can be imported again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::io::{Cursor, Read};
use std::path::PathBuf;

use zhucun_import::guard::Limits;
use zhucun_import::marked::{HEADING, Mark, marked_copy};
use zhucun_import::read::read;
use zhucun_import::workbook::{Cell, Workbook};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/import").join(name)).unwrap()
}

fn open(bytes: &[u8]) -> Workbook {
    read(bytes, None, &Limits::default(), &mut |_| true).unwrap()
}

fn text(workbook: &Workbook, sheet: usize, row: u32, column: u32) -> String {
    match workbook.sheets[sheet].row(row).map(|row| row.cell(column)) {
        Some(Cell::Text(text)) => text.to_string(),
        Some(Cell::Empty) | None => String::new(),
        other => panic!("no text: {other:?}"),
    }
}

fn marks() -> Vec<Mark> {
    let mark = |row, columns: &[u32], reason: &str| Mark { row, columns: columns.to_vec(), reason: reason.to_owned() };
    vec![mark(5, &[2], "户主姓名：没有 <这一户> & 请核对"), mark(7, &[1, 7], "走访日期：看不懂"), mark(20, &[], "=1+1")]
}

#[test]
fn an_xlsx_keeps_all_it_had_and_gains_the_reasons() {
    let bytes = fixture("visits.xlsx");
    let before = open(&bytes);
    let copy = marked_copy(&bytes, &before, "走访登记", 3, &marks()).unwrap();
    let after = open(&copy);
    assert_eq!(text(&after, 0, 3, 8), HEADING);
    for mark in marks() {
        assert_eq!(text(&after, 0, mark.row, 8), mark.reason);
    }
    for (old, new) in before.sheets.iter().zip(&after.sheets) {
        assert_eq!((&old.name, &old.merges, old.hidden), (&new.name, &new.merges, new.hidden));
        for row in &old.rows {
            let kept: Vec<Cell> = (0..8).map(|column| new.row(row.number).unwrap().cell(column).clone()).collect();
            let had: Vec<Cell> = (0..8).map(|column| row.cell(column).clone()).collect();
            assert_eq!(had, kept, "row {}", row.number);
        }
    }
    let again = marked_copy(&copy, &after, "走访登记", 3, &marks()[..1]).unwrap();
    let again = open(&again);
    assert_eq!(again.sheets[0].width(), 9, "a second copy writes into the same column");
}

#[test]
fn marked_cells_are_red_and_others_keep_their_style() {
    let bytes = fixture("visits.xlsx");
    let copy = marked_copy(&bytes, &open(&bytes), "走访登记", 3, &marks()).unwrap();
    let part = |bytes: &[u8], name: &str| {
        let mut text = String::new();
        zip::ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let style_of = |xml: &str, place: &str| -> usize {
        let cell = xml.split("<c ").find(|cell| cell.contains(&format!("r=\"{place}\""))).unwrap();
        let style = cell.split('>').next().unwrap().split("s=\"").nth(1).and_then(|rest| rest.split('"').next());
        style.map_or(0, |style| style.parse().unwrap())
    };
    let (old, new) = (part(&bytes, "xl/worksheets/sheet1.xml"), part(&copy, "xl/worksheets/sheet1.xml"));
    let styles = part(&copy, "xl/styles.xml");
    let formats: Vec<&str> =
        styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap().split("<xf ").skip(1).collect();
    let fills: Vec<&str> =
        styles.split("<fills").nth(1).unwrap().split("</fills>").next().unwrap().split("<fill>").skip(1).collect();
    let is_red = |style: usize| {
        let fill: usize = formats[style].split("fillId=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        fills[fill].contains("FFFFC7CE")
    };
    for place in ["C5", "I5", "B7", "H7", "I7", "I20"] {
        assert!(is_red(style_of(&new, place)), "{place}");
    }
    for place in ["C4", "A5", "C8", "A3"] {
        assert_eq!(style_of(&old, place), style_of(&new, place), "{place}");
    }
}

#[test]
fn other_formats_come_back_as_an_xlsx_of_their_values() {
    for name in ["visits.xls", "visits.ods", "visits-gb18030.csv"] {
        let bytes = fixture(name);
        let before = open(&bytes);
        let sheet = before.sheets[0].name.clone();
        let copy = marked_copy(&bytes, &before, &sheet, 2, &marks()).unwrap();
        let after = open(&copy);
        let column = before.sheets[0].width();
        assert_eq!(text(&after, 0, 5, column), marks()[0].reason, "{name}");
        for row in &before.sheets[0].rows {
            for (at, cell) in (0u32..).zip(&row.cells) {
                let kept = after.sheets[0].row(row.number).unwrap().cell(at);
                let same = match (cell, kept) {
                    (Cell::DateTime(had), Cell::DateTime(kept)) => had.date() == kept.date(),
                    (had, kept) => had == kept,
                };
                assert!(same, "{name} row {} column {at}: {cell:?} {kept:?}", row.number);
            }
        }
    }
}
