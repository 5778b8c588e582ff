//! Tells the key of an encrypted ledger's pages in hexadecimal digits: `page-key LEDGER`, the passphrase through the standard input. For
//! the test that looks for it in the memory of the program.

use std::io::Read;

use zhucun_core::storage::{Secret, page_key};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: page-key LEDGER")?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed)?;
    let secret = Secret::passphrase(typed.trim_end()).ok_or("no passphrase")?;
    let key = page_key(path.as_ref(), &secret)?;
    println!("{}", key.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    Ok(())
}
