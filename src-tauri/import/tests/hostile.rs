//! Files that mean harm, and files that were harmed: refused by name, in bounded memory, without a panic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unsafe_code,
    reason = "a test may fail, and counts what is allocated"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use zhucun_import::error::ReadError;
use zhucun_import::guard::Limits;
use zhucun_import::mapping::guess;
use zhucun_import::read::read;
use zhucun_import::workbook::Workbook;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged; only sizes are added up.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(live, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Memory is counted for the whole program, so one test measures at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

const MOST: usize = 100 << 20;

/// Reads, and answers with the most memory that was held beyond what was held before.
fn measured(bytes: &[u8]) -> (Result<Workbook, ReadError>, usize) {
    let before = LIVE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = read(bytes, None, &Limits::default(), &mut |_| true);
    (result, PEAK.load(Ordering::Relaxed).saturating_sub(before))
}

fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/import").join(name);
    std::fs::read(path).unwrap()
}

/// A package with parts changed, added or taken away.
fn with_parts(name: &str, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>, added: &[(&str, &[u8])]) -> Vec<u8> {
    let bytes = fixture(name);
    let mut package = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let mut entry = package.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut part = Vec::new();
        entry.read_to_end(&mut part).unwrap();
        if let Some(part) = change(&name, part) {
            out.start_file(name, SimpleFileOptions::default()).unwrap();
            out.write_all(&part).unwrap();
        }
    }
    for (name, part) in added {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(part).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn replaced(name: &str, part: &str, text: &str) -> Vec<u8> {
    with_parts(name, |each, bytes| Some(if each == part { text.as_bytes().to_vec() } else { bytes }), &[])
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn sheet_of(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    )
}

#[test]
fn bombs_are_refused_in_little_memory() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let zeros = vec![b' '; 300 << 20];
    let huge_sheet = with_parts("households.xlsx", |_, part| Some(part), &[("xl/worksheets/sheet9.xml", &zeros)]);
    drop(zeros);
    assert!(huge_sheet.len() < 1 << 20, "the bomb is small: {}", huge_sheet.len());
    let strings = format!("<sst>{}</sst>", "<si><t>甲乙丙丁</t></si>".repeat(1_400_000));
    let many_strings = with_parts("visits.xlsx", |_, part| Some(part), &[("xl/sharedStrings.xml", strings.as_bytes())]);
    drop(strings);
    let far: String = (1..=400).map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>")).collect();
    let far_cells = replaced("households.xlsx", SHEET, &sheet_of(&far));
    let repeated = "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><table:table table:name=\"表\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"900\"/></table:table-row></table:table></office:document-content>";
    let ods_repeats = replaced("visits.ods", "content.xml", repeated);
    let many_entries = with_parts(
        "households.xlsx",
        |_, part| Some(part),
        &(0..2500)
            .map(|_| ("", &b""[..]))
            .enumerate()
            .map(|(at, _)| (Box::leak(format!("x/{at}").into_boxed_str()) as &str, &b""[..]))
            .collect::<Vec<_>>(),
    );
    for (what, bytes) in [
        ("a sheet of blanks", huge_sheet),
        ("many strings", many_strings),
        ("cells far to the right", far_cells),
        ("repeated rows", ods_repeats),
        ("many parts", many_entries),
    ] {
        let (result, peak) = measured(&bytes);
        assert!(matches!(result, Err(ReadError::Bomb { .. })), "{what}: {:?}", result.map(|workbook| workbook.sheets.len()));
        assert!(peak < MOST, "{what} took {} MB", peak >> 20);
    }
}

#[test]
fn declared_sizes_that_lie_do_not_help() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let blanks = vec![b' '; 200 << 20];
    let mut bytes = with_parts("households.xlsx", |_, part| Some(part), &[("xl/worksheets/sheet9.xml", &blanks)]);
    drop(blanks);
    // The size as declared, in the local and the central header, becomes one kilobyte.
    let (real, lie) = ((200u32 << 20).to_le_bytes(), 1024u32.to_le_bytes());
    let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, four)| *four == real).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&lie);
    }
    let (result, peak) = measured(&bytes);
    assert!(result.is_err() && peak < MOST, "{} MB", peak >> 20);
}

#[test]
fn what_cannot_be_read_is_named() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let xlsx = fixture("visits.xlsx");
    let dtd = replaced("households.xlsx", SHEET, "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><worksheet/>");
    let mut encrypted = fixture("visits.xls");
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let docx =
        with_parts("visits.xlsx", |name, part| (!name.starts_with("xl/")).then_some(part), &[("word/document.xml", b"<x/>")]);
    let xlsb = with_parts("visits.xlsx", |name, part| (name != "xl/workbook.xml").then_some(part), &[("xl/workbook.bin", b"x")]);
    for (what, bytes, code) in [
        ("cut off", xlsx[..xlsx.len() / 2].to_vec(), "file_damaged"),
        ("a document type", dtd, "file_unsafe"),
        ("a password", encrypted, "file_password"),
        ("a password on .ods", replaced("visits.ods", "META-INF/manifest.xml", manifest), "file_password"),
        ("a Word document", docx, "file_not_a_table"),
        ("a binary workbook", xlsb, "file_xlsb"),
        ("a web page", "<html><body><table><tr><td>户主</td></tr></table></body></html>".as_bytes().to_vec(), "file_web_page"),
        ("a picture", [&[0xFF, 0xD8, 0xFF, 0xE0][..], &[0; 64]].concat(), "file_not_a_table"),
        ("a PDF", b"%PDF-1.7 1 0 obj".to_vec(), "file_not_a_table"),
        ("nothing", Vec::new(), "file_empty"),
        ("blank lines", b"\n , \n\n".to_vec(), "file_empty"),
        ("an .xls cut off", fixture("visits.xls")[..3000].to_vec(), "file_damaged"),
        (
            "sheet XML cut off",
            replaced("households.xlsx", SHEET, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\""),
            "file_damaged",
        ),
    ] {
        let (result, _) = measured(&bytes);
        assert_eq!(result.map_err(|error| error.code()).map(|workbook| workbook.sheets.len()), Err(code), "{what}");
    }
    let limits = Limits { file: 1000, ..Limits::default() };
    assert_eq!(read(&xlsx, None, &limits, &mut |_| true).map_err(|error| error.code()).err(), Some("file_too_large"));
    assert_eq!(read(&xlsx, Some("没有"), &Limits::default(), &mut |_| true).err(), Some(ReadError::NoSuchSheet));
}

/// xorshift64: the same run on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap()
    }

    fn harm(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.roll(4) {
            let at = self.roll(bytes.len());
            match self.roll(5) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = self.roll(256).try_into().unwrap(),
                2 => bytes[at] ^= 1 << self.roll(8),
                3 => {
                    let to = (at + self.roll(64)).min(bytes.len());
                    let piece = bytes[at..to].to_vec();
                    let place = self.roll(bytes.len());
                    bytes.splice(place..place, piece);
                }
                _ => {
                    let to = (at + self.roll(32)).min(bytes.len());
                    bytes.drain(at..to);
                }
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
    }
}

const ROUNDS: usize = 300;

fn survives(what: &str, bytes: &[u8]) {
    let (result, peak) = measured(bytes);
    // Said aloud, as the hook for panics is quiet here.
    if peak >= MOST {
        eprintln!("{what} took {} MB: {:?}", peak >> 20, result.as_ref().map(|workbook| workbook.format));
    }
    assert!(peak < MOST);
    if let Ok(workbook) = result {
        for sheet in &workbook.sheets {
            let _ = guess(sheet);
        }
    }
}

#[test]
fn harmed_files_of_every_format_are_read_or_refused() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    // Panics inside the readers of others are caught and count as damaged; their traces would fill the log.
    std::panic::set_hook(Box::new(|_| {}));
    let mut dice = Dice(0x5EED_2026);
    for name in ["visits.xls", "visits-utf8.csv", "visits-gb18030.csv", "visits-utf16.txt", "visits.xlsx", "visits.ods"] {
        let whole = fixture(name);
        for _ in 0..ROUNDS {
            let mut bytes = whole.clone();
            dice.harm(&mut bytes);
            survives(name, &bytes);
        }
    }
    let _ = std::panic::take_hook();
}

#[test]
fn harmed_parts_inside_sound_packages_are_read_or_refused() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    std::panic::set_hook(Box::new(|_| {}));
    let mut dice = Dice(0xFEED_2026);
    for (name, parts) in [
        (
            "projects.xlsx",
            &[
                "xl/worksheets/sheet2.xml",
                "xl/sharedStrings.xml",
                "xl/styles.xml",
                "xl/workbook.xml",
                "xl/_rels/workbook.xml.rels",
            ][..],
        ),
        ("projects.ods", &["content.xml", "META-INF/manifest.xml"][..]),
    ] {
        for part in parts {
            for _ in 0..ROUNDS / 4 {
                let seed = dice.roll(usize::MAX);
                let harmed = with_parts(
                    name,
                    |each, mut bytes| {
                        if each == *part {
                            Dice(seed as u64 | 1).harm(&mut bytes);
                        }
                        Some(bytes)
                    },
                    &[],
                );
                survives(part, &harmed);
            }
        }
    }
    let _ = std::panic::take_hook();
}

#[test]
fn reading_can_be_stopped() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let lines = "日期,户主\n".to_owned() + &"2026-01-01,石老三\n".repeat(5000);
    let mut seen = 0;
    let stopped = read(lines.as_bytes(), None, &Limits::default(), &mut |rows| {
        seen = rows;
        rows < 2000
    });
    assert_eq!((stopped.err(), seen), (Some(ReadError::Cancelled), 2048));
}
