//! Tests of the core on a real ledger file; one module for each part of the core.

mod desk;
mod files;
mod house;
mod records;
mod road;
mod rules;
mod storage;
