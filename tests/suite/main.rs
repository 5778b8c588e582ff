//! Tests of the core on a real ledger file; one module for each part of the core.

mod storage;
