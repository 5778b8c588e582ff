//! Prints how long the parts of an import take: opening the workbook, guessing, storing. For profiling, beside `scripts/bench`.

use std::path::Path;
use std::time::Instant;

use chrono::NaiveDate;
use zhucun_core::records::Kind;
use zhucun_core::records::village::Village;
use zhucun_core::storage::{Ledger, Op};
use zhucun_core::world::FixedWorld;
use zhucun_import::run::{Request, commit};
use zhucun_import::table::Table;

/// Records and documents are many small pieces; this allocator hands them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failable<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Failable<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(ledger), Some(workbook)) = (arguments.next(), arguments.next()) else {
        return Err("usage: import-times NEW-LEDGER WORKBOOK".into());
    };
    let day = NaiveDate::from_ymd_opt(2026, 6, 20).ok_or("a day")?;
    let mut ledger = Ledger::create(Path::new(&ledger), Box::new(FixedWorld::on(day)))?;
    let village = Village { name: "石门村".to_owned(), township: "青坪乡".to_owned(), ..Village::default() };
    ledger.transact(Op::Add(Kind::Village), |tx| tx.add(village, &[]))?;
    let started = Instant::now();
    let table = Table::open(Path::new(&workbook), &mut |_| true)?;
    println!("open {:?}", started.elapsed());
    let started = Instant::now();
    let sheet = table.best_sheet(Some(Kind::Household)).ok_or("no sheet of households")?.name.clone();
    let guess = table.guess(ledger.store(), &sheet, Some(Kind::Household), None)?.ok_or("no heading")?;
    println!("guess {:?}", started.elapsed());
    let request = Request {
        kind: Kind::Household,
        mapping: guess.mapping,
        fixes: Default::default(),
        answers: Default::default(),
        source: table.name.clone(),
    };
    let started = Instant::now();
    let outcome = commit(&mut ledger, table.sheet(&sheet)?, &request, &mut |_, _| true)?.value;
    println!("commit {:?}: {} new, {} in error", started.elapsed(), outcome.new, outcome.error);
    Ok(())
}
