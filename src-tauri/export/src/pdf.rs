//! The report as PDF/A-2b (ISO 19005-2): fonts embedded, tagged, with bookmarks, made for the archive.

use chrono::{Datelike, NaiveDate};
use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use zhucun_core::report::document::Document;

use crate::error::ExportError;
use crate::fonts::Fonts;
use crate::typeset::typeset;

/// Writes the document as PDF; the same document gives the same bytes.
pub fn pdf(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, ExportError> {
    let typeset = typeset(document, fonts, false)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|error| ExportError::Typeset(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", document.properties.title, document.properties.created)),
        creator: Smart::Custom(Some("驻村记".to_owned())),
        timestamp: timestamp(document.properties.created),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&typeset.pages, &options)
        .map_err(|errors| ExportError::Typeset(errors.first().map_or_else(String::new, |error| error.message.to_string())))
}

/// PDF/A wants to know when the file was made: the report's own day, so that the same report gives the same bytes.
fn timestamp(day: NaiveDate) -> Option<Timestamp> {
    let (month, date) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    Datetime::from_ymd_hms(day.year(), month, date, 0, 0, 0).map(Timestamp::new_utc)
}
