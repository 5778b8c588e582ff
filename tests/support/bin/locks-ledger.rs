//! Opens an encrypted ledger, reads its people, says so; closes it when told to, says so, and waits: the other process of the test
//! that looks for what is left in its memory. The passphrase comes through the standard input, read into wiped memory only.

use std::fs::File;
use std::io::Read;

use zhucun_core::records::household::Household;
use zhucun_core::search::Search;
use zhucun_core::storage::{Ledger, Secret};
use zhucun_core::world::FixedWorld;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Reads from the standard input itself: the buffer that the library keeps for it would hold what was read.
fn input() -> Result<File> {
    Ok(File::open("/dev/stdin")?)
}

fn main() -> Result<()> {
    let path = std::env::args().nth(1).ok_or("usage: locks-ledger LEDGER")?;
    let mut input = input()?;
    let mut typed = [0u8; 256];
    let length = input.read(&mut typed)?;
    let secret = Secret::passphrase(std::str::from_utf8(typed.get(..length).unwrap_or_default())?.trim_end());
    std::hint::black_box(&mut typed).fill(0);
    let ledger = Ledger::open_with(path.as_ref(), Box::new(FixedWorld::on("2026-06-20".parse()?)), secret.as_ref())?;
    // As in the window, what opened it is let go at once.
    drop(secret);
    let people: usize = ledger.store().all::<Household>()?.iter().map(|household| household.draft.members.len()).sum();
    ledger.store().search(&Search::all("木兰"))?;
    println!("open {people}");
    input.read_exact(&mut [0u8; 1])?;
    drop(ledger);
    println!("locked");
    input.read_exact(&mut [0u8; 1])?;
    Ok(())
}
