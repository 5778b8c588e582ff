//! Workbooks into records: **bytes → sheet → headings → rows → drafts → the core**.
//!
//! - [`read`]: bytes into a [`workbook`], within the limits of [`guard`]; [`error`]: why not.
//! - [`fields`]: what a column can mean, as data; [`heading`]: how headings are compared.
//! - [`mapping`]: which column means what; guessed, shown, changed, remembered.
//! - [`input`]: cells as people fill them in.
//! - [`vocabulary`], [`directory`]: what words and whom names mean in one ledger.
//! - [`build`]: from rows to drafts, one file a kind.
//! - [`run`]: preview and commit; [`outcome`]: what came of each row; [`marked`]: the user's workbook given back with the reasons.

mod alike;
pub mod build;
mod compare;
pub mod directory;
pub mod error;
pub mod fields;
pub mod guard;
pub mod heading;
pub mod input;
pub mod mapping;
pub mod marked;
pub mod outcome;
mod package;
pub mod read;
mod row;
pub mod run;
pub mod table;
pub mod vocabulary;
pub mod workbook;
