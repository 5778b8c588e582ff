//! The ledger on a disk that fails, fills up and forgets: after each, the old state or the new one, never a mix; and what
//! reads bytes from outside. A part of it runs with the other tests; `scripts/reliability` runs all of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[allow(dead_code, reason = "shared with the tests of a killed program")]
mod bench;
mod damage;
mod failing;
mod handover;
mod power;
mod random;
mod readers;
