//! Prints the text of a ledger's report, a line a block or table row: what every rendering must contain, in this order;
//! with `json` the whole document, for the pipeline that `scripts/bench` compares with.

use zhucun_core::records::report::Report;
use zhucun_core::report::compile;
use zhucun_core::sample::TODAY;
use zhucun_core::storage::Ledger;
use zhucun_core::value::Period;
use zhucun_core::world::FixedWorld;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(ledger), Some(period)) = (arguments.next(), arguments.next().and_then(|text| Period::parse(&text))) else {
        return Err("usage: report-text LEDGER PERIOD".into());
    };
    let ledger = Ledger::open(ledger.as_ref(), Box::new(FixedWorld::on(TODAY)))?;
    let report = Report::of(period, period.last_day(), "work-team");
    let compiled = ledger.read(|store| compile(store, &report))?;
    match arguments.next().as_deref() {
        Some("json") => println!("{}", serde_json::to_string(&compiled.document)?),
        _ => println!("{}", compiled.document.plain_text().join("\n")),
    }
    Ok(())
}
