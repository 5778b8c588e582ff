//! The report as a Word document (WordprocessingML, ECMA-376 transitional), laid out after GB/T 9704-2012.

mod body;
mod layout;
mod package;
mod photos;
mod props;
mod section;
mod styles;
mod table;
#[cfg(test)]
mod tests;
mod xml;

use zhucun_core::report::document::Document;

use crate::ExportError;
pub(crate) use layout::{LEFT, RIGHT, SIZE_4, SIZE_5, SIZE_SMALL_4, TYPE_HEIGHT, TYPE_WIDTH};

/// The report as the bytes of a `.docx` file; the same document gives the same bytes.
pub fn docx(document: &Document) -> Result<Vec<u8>, ExportError> {
    package::pack(document).map_err(|error| ExportError::Typeset(error.to_string()))
}
