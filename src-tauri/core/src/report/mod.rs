//! The report: from figures to a document.
pub mod document;
