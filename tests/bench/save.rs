//! Measures how long saving one record takes until it is on the disk, beside a bare commit of SQLite with `synchronous=FULL` into a
//! file in the same folder, in turn. Run by `scripts/bench-save`: bench-save LEDGER ROUNDS
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a measurement may fail")]

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use zhucun_core::records::{Kind, SaveRequest};
use zhucun_core::sample::TODAY;
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::world::FixedWorld;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: bench-save LEDGER ROUNDS";
    let path = arguments.next().expect(usage);
    let rounds: usize = arguments.next().and_then(|text| text.parse().ok()).expect(usage);
    let path = Path::new(&path);
    let bare = bare(&path.with_extension("bare"));
    let mut ledger = Ledger::open(path, Box::new(FixedWorld::on(TODAY))).unwrap();

    println!("| saved | median ms | 95 % ms | bare commit, median ms | ratio |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (kind, field) in [(Kind::Visit, "content"), (Kind::Household, "note"), (Kind::Issue, "title")] {
        let mut times = [Vec::new(), Vec::new()];
        for round in (0u32..).take(rounds) {
            let text = format!("量一量{}，第{round}次：屋顶漏雨，已联系村里维修", kind.label());
            let request = request(&ledger, kind, field, &text);
            times[0].push(time(|| {
                let _ = ledger.save_json(request).unwrap();
            }));
            times[1].push(time(|| {
                let _ = bare.execute("UPDATE record SET text = ?1 WHERE id = ?2", (&text, round % 1000)).unwrap();
            }));
        }
        let [ours, bare] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            (times[rounds / 2], times[rounds * 95 / 100])
        });
        println!("| {} | {:.2} | {:.2} | {:.2} | {:.2} × |", kind.label(), ours.0, ours.1, bare.0, ours.0 / bare.0);
    }
}

/// A file with nothing but a thousand texts.
fn bare(path: &Path) -> Connection {
    let bare = Connection::open(path).unwrap();
    bare.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY, text TEXT) STRICT;
         INSERT OR IGNORE INTO record SELECT value, '' FROM (WITH RECURSIVE n(value) AS (VALUES(0) UNION ALL SELECT value + 1 FROM n WHERE value < 999) SELECT value FROM n);",
    )
    .unwrap();
    bare
}

fn time(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1000.0
}

/// What a form sends that changed a text of the first record of its list.
fn request(ledger: &Ledger, kind: Kind, field: &str, text: &str) -> SaveRequest {
    let id = ledger.store().list(kind, &ListQuery { limit: 1, ..ListQuery::default() }).unwrap().rows[0].id;
    let stored = ledger.get_json(kind, id).unwrap();
    let mut draft = stored["draft"].clone();
    draft[field] = text.into();
    SaveRequest { kind, id: Some(id), version: stored["meta"]["version"].as_i64(), draft, keep: vec![] }
}
