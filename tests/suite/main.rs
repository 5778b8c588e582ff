//! Tests of the core on a real ledger file; one module for each part of the core.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod archive;
mod arranging;
mod aside;
mod backup;
mod check;
mod convert;
mod desk;
mod errors;
mod figures;
mod files;
mod finalise;
mod forms;
mod gone;
mod handover;
mod hostile;
mod hostile_files;
mod house;
mod import;
mod lists;
mod memory;
mod numbers;
mod own_templates;
mod photos;
mod plans;
mod records;
mod road;
mod rules;
mod safe;
mod search;
mod storage;
mod templates;
mod twins;
mod workbooks;
