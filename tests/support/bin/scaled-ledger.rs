//! Makes the sample ledger scaled up: by default to the size that `scripts/bench` measures, 500 households, 2 000 visits, 300
//! applications, 20 projects in one village; `township` to a township's, 20 000 households in 30 villages with 200 000 visits; `long` to lists of
//! 50 000 households and 50 000 visits.

use zhucun_core::sample::{Scale, create_scaled};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = "usage: scaled-ledger LEDGER [township|long]";
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or(usage)?;
    let scale = match arguments.next().as_deref() {
        None => Scale { villages: 1, households: 500, visits: 2000, applications: 300, projects: 20 },
        Some("township") => Scale { villages: 30, households: 20_000, visits: 200_000, applications: 6000, projects: 120 },
        Some("long") => Scale { villages: 1, households: 50_000, visits: 50_000, applications: 300, projects: 20 },
        Some(_) => return Err(usage.into()),
    };
    create_scaled(path.as_ref(), scale)?;
    Ok(())
}
