//! The ledger of a village work team, and the report compiled from it.
//!
//! One road, one direction: **typed → checked → stored → counted → worded → document**; `zhucun-export` makes bytes of it.
//!
//! - [`records`]: one file per record type: its table, its fields, its rules, its list. To add a type: write the file by
//!   the example of `household.rs` and `visit.rs`, add its line to the table in `records/mod.rs` and its `TABLES` to
//!   `storage/migration.rs`.
//! - [`storage`]: the [`storage::Ledger`] file; every change goes through [`storage::Ledger::transact`], which writes the change log.
//! - [`dictionary`]: the categories that users edit.
//! - [`figures`]: counts the records of a period; each figure keeps the ids it was counted from.
//! - [`outline`]: report templates as data, and the small language that words them.
//! - [`handover`]: 移交清单, what the next team is given.
//! - [`home`]: what the first page shows.
//! - [`quick`]: reads a typed line into the draft of a record.
//! - [`album`]: what pictures are called when they are handed over.
//! - [`archive`]: 年度归档, what of a year is filed, under which numbers and for how long.
//! - [`prose`]: reads the numbers of Chinese sentences, for what is written by hand.
//! - [`audit`]: holds a report's numbers against each other and against the records.
//! - [`report`]: composes figures and outline into a [`report::document::Document`].
//! - [`search`]: finds records by any part of their texts, by the letters of names, by digits.
//! - [`sample`]: the invented sample ledger.
//! - [`beside`]: makes in a second thread what the first one uses.

pub mod album;
pub mod archive;
pub mod audit;
pub mod beside;
pub mod dictionary;
pub mod error;
pub mod figures;
pub mod handover;
pub mod home;
pub mod outline;
pub mod prose;
pub mod quick;
pub mod records;
pub mod report;
pub mod sample;
pub mod search;
pub mod setup;
pub mod storage;
pub mod value;
pub mod world;

pub use error::{Error, Failure, Finding, Result, Severity};
