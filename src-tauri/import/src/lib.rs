//! Workbooks into records: **bytes → sheet → headings → rows → drafts → the core**.

pub mod fields;
pub mod heading;
pub mod input;
pub mod workbook;
