//! The ledger in a program that is killed. By itself, as a process that is being started holds for a moment what its parent
//! has open: beside other tests it would hold their ledgers' locks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[allow(dead_code, reason = "shared with the other fault tests")]
mod bench;
mod killed;
