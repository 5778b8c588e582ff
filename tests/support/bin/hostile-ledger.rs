//! Makes the sample ledger with hostile text in every field of every kind: `hostile-ledger PATH PORT`; the texts name the port, on
//! which nobody must ever knock.

use std::path::Path;

use zhucun_core::sample::{TODAY, create_sample};
use zhucun_core::storage::Ledger;
use zhucun_core::world::FixedWorld;
use zhucun_tests::hostile::{Garden, payloads};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, path, port] = &arguments[..] else { return Err("usage: hostile-ledger PATH PORT".into()) };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir()?;
    let open = |path: &Path| -> Result<Ledger, Box<dyn std::error::Error>> {
        drop(create_sample(path)?);
        let ledger = Ledger::open(path, Box::new(FixedWorld::on(TODAY.succ_opt().ok_or("no day")?)))?;
        ledger.sync_less()?;
        Ok(ledger)
    };
    let (mut ledger, mut scratch) = (open(path.as_ref())?, open(&folder.path().join("试.zcj"))?);
    let picture = std::fs::read(here.join("fixtures/photos/progressive.jpg"))?;
    let mut garden = Garden::lay(&mut ledger, &mut scratch, &here.join("../ui/src/bindings"), picture)?;
    for (nth, payload) in payloads(port.parse()?).iter().enumerate() {
        garden.plant(nth, &payload.text)?;
    }
    Ok(())
}
