//! The ledger of a village work team and the report compiled from it.

pub mod records;
pub mod report;
pub mod value;
