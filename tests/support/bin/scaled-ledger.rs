//! Makes the sample ledger scaled up to the size that `scripts/bench` measures: 500 households, 2 000 visits, 300
//! applications, 20 projects.

use zhucun_core::sample::{Scale, create_scaled};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: scaled-ledger LEDGER")?;
    create_scaled(path.as_ref(), Scale { households: 500, visits: 2000, applications: 300, projects: 20 })?;
    Ok(())
}
