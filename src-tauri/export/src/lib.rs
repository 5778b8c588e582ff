//! From the report's document to bytes: DOCX, PDF, page preview and XLSX, and writing them safely to disk. Depends on
//! the document only, and for lists on their rows; reads no record, no clock, and no disk but for fonts, so that the same document always gives the
//! same bytes. The layout follows GB/T 9704-2012.

mod album;
mod archive;
mod columns;
mod docx;
mod error;
mod file;
#[cfg(test)]
mod fixture;
mod fonts;
pub mod form;
mod handover;
mod letters;
mod list;
mod page_numbers;
mod pdf;
mod photos;
mod preview;
mod printable;
mod proof;
mod report_files;
mod row_lines;
mod typeset;
mod xlsx;

pub use album::{album_folder, album_index};
pub use archive::{ArchiveProgress, PictureOf, WrittenArchive, write_archive};
pub use docx::docx;
pub use error::ExportError;
pub use file::{clean_name, file_name, free_name, write_file, write_new};
pub use fonts::Fonts;
pub use handover::{hand_over_list, hand_over_place};
pub use letters::TextPiece;
pub use list::{ListFormat, ListSheet, ListSheetColumn, list_xlsx};
pub use pdf::pdf;
pub use preview::{Mark, MarkTarget, Preview, PreviewPage, preview, preview_marking};
pub use proof::{LateProver, Leak, Prover, leaks_of_file, text_of_file};
pub use report_files::{Existing, ExportFormat, ReportParts, WrittenFile, WrittenReport, write_report};
pub use xlsx::xlsx;
