//! Opens a ledger, stores a record, says so, and holds it until it is killed: the other process of the lock's test.

use zhucun_core::records::{Kind, SaveRequest};
use zhucun_core::storage::Ledger;
use zhucun_core::world::FixedWorld;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: hold-ledger LEDGER")?;
    let mut ledger = Ledger::open(path.as_ref(), Box::new(FixedWorld::on("2026-06-20".parse()?)))?;
    let mut draft = ledger.blank_json(Kind::Plan)?;
    draft["title"] = "修好水渠".into();
    ledger.save_json(SaveRequest { kind: Kind::Plan, id: None, version: None, draft, keep: vec![] })?;
    println!("open");
    loop {
        std::thread::park();
    }
}
