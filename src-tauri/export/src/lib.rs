//! The report as files: DOCX and XLSX, and writing them safely to disk.
//!
//! Everything here reads [`zhucun_core::report::document::Document`] and nothing else; the layout follows GB/T 9704-2012.

mod docx;
mod error;
mod file;
#[cfg(test)]
mod fixture;
mod xlsx;
// Modules for fonts, PDF and page preview are declared below this line.

pub use docx::docx;
pub use error::ExportError;
pub use file::{file_name, free_name, write_file};
pub use xlsx::xlsx;
