//! The ledger on a disk that fails, fills up and forgets, and in a program that is killed: after each, the old state or the
//! new one, never a mix. A part of it runs with the other tests; `scripts/reliability` runs all of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod bench;
mod damage;
mod failing;
mod killed;
mod power;
mod random;
