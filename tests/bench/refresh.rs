//! How long the page view of a 20-page report takes after an edit: the edit stored, the records counted, the text composed,
//! numbers typed by hand looked for, the pages set and drawn. Leaves the document for others to measure. Run by
//! `scripts/bench-report`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a measurement may fail")]

use std::time::Instant;

use zhucun_core::audit::AuditPlace;
use zhucun_core::records::report::Report;
use zhucun_core::report::document::{Document, Run};
use zhucun_core::report::{self, Arrangement, OwnContent};
use zhucun_core::storage::Ledger;
use zhucun_core::value::Id;
use zhucun_core::world::FixedWorld;
use zhucun_export::{Fonts, Preview, TextPiece, preview_marking};

const PAGES: usize = 20;
const ROUNDS: usize = 15;
const PARAGRAPH: &str =
    "工作队逐户核对帮扶手册，查看住房、饮水和用电，听取群众对产业发展的想法，当场答复能办的事，记下要商量的事。";

fn main() {
    let path = std::env::args().nth(1).expect("usage: bench-refresh LEDGER [DOCUMENT.json]");
    let world = FixedWorld::on(zhucun_core::sample::TODAY);
    let mut ledger = Ledger::open(path.as_ref(), Box::new(world)).unwrap();
    let fonts = Fonts::discover(&[]);
    let id = ledger.open_report("2026H1", "work-team").unwrap().id;
    let mut last = insert(&mut ledger, id, PARAGRAPH.repeat(3));
    while view(&mut ledger, id, &fonts).0.pages.len() < PAGES {
        last = insert(&mut ledger, id, PARAGRAPH.repeat(4));
    }
    let mut took = Vec::new();
    for round in 0..ROUNDS {
        let start = Instant::now();
        let runs = vec![Run::text(format!("{}第{}次修改。", PARAGRAPH.repeat(4), round + 1))];
        let content = OwnContent::Paragraph { runs };
        ledger.arrange_report(id, Arrangement::Rewrite { block: last.clone(), content }).unwrap();
        let stored = start.elapsed();
        let (preview, document) = view(&mut ledger, id, &fonts);
        let bytes: usize = preview.pages.iter().map(|page| page.svg.len()).sum();
        took.push((start.elapsed(), stored, preview.pages.len(), bytes, document.plain_text().len()));
    }
    if let Some(path) = std::env::args().nth(2) {
        std::fs::write(path, serde_json::to_vec(&view(&mut ledger, id, &fonts).1).unwrap()).unwrap();
    }
    took.sort();
    let (median, stored, pages, bytes, _) = took[ROUNDS / 2];
    let slowest = took[ROUNDS - 1].0;
    println!(
        "refresh after an edit: {pages} pages, median {:.0} ms (of which {:.0} ms to store the edit), slowest {:.0} ms; {} KiB of drawing",
        median.as_secs_f64() * 1e3,
        stored.as_secs_f64() * 1e3,
        slowest.as_secs_f64() * 1e3,
        bytes >> 10
    );
}

/// Adds a paragraph at the end of the text; answers with its key.
fn insert(ledger: &mut Ledger, id: Id, text: String) -> String {
    let content = OwnContent::Paragraph { runs: vec![Run::text(text)] };
    ledger.arrange_report(id, Arrangement::Insert { beside: None, before: false, content }).unwrap().value
}

/// What the window's command does.
fn view(ledger: &mut Ledger, id: Id, fonts: &Fonts) -> (Preview, Document) {
    let (compiled, typed) = ledger
        .read(|store| {
            let report = store.get::<Report>(id)?;
            report::open_marking_typed(store, &report)
        })
        .unwrap();
    ledger.changed_figures(id, &compiled).unwrap();
    let piece = |place: AuditPlace| match place {
        AuditPlace::Block { block, from, to } => Some(TextPiece { block, from, to }),
        _ => None,
    };
    let typed: Vec<TextPiece> = typed.into_iter().filter_map(piece).collect();
    (preview_marking(&compiled.document, fonts, &typed).unwrap(), compiled.document)
}
