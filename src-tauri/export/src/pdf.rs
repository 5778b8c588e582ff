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
    pdf_telling(document, fonts, || ())
}

/// The same, telling when the pages are set: until then several threads work on them, from then on one.
pub(crate) fn pdf_telling(document: &Document, fonts: &Fonts, are_set: impl FnOnce()) -> Result<Vec<u8>, ExportError> {
    let typeset = typeset(document, fonts, false)?;
    are_set();
    let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|error| ExportError::Typeset(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(match &document.properties.fingerprint {
            Some(fingerprint) => fingerprint.clone(),
            None => format!("{} {}", document.properties.title, document.properties.created),
        }),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn has(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn the_same_document_gives_the_same_archive_file() {
        let document = fixture::document();
        let bytes = pdf(&document, fixture::fonts()).unwrap();
        assert!(bytes == pdf(&document, fixture::fonts()).unwrap(), "two runs differ");
        assert!(has(&bytes, "<pdfaid:part>2</pdfaid:part>") && has(&bytes, "<pdfaid:conformance>B</pdfaid:conformance>"));
        assert!(has(&bytes, &document.properties.title) && has(&bytes, &document.properties.author));
        assert!(has(&bytes, "2026-06-30T00:00:00"), "the report's own day");
    }

    #[test]
    fn a_finalised_report_carries_its_fingerprint() {
        let mut document = fixture::document();
        document.properties.fingerprint = Some("0a".repeat(32));
        let bytes = pdf(&document, fixture::fonts()).unwrap();
        assert!(has(&bytes, &format!("SHA-256 {}", "0a".repeat(32))));
    }

    #[test]
    fn words_that_no_line_holds_and_text_that_turns_around_are_written() {
        let mut document = fixture::document();
        let text = ["http://".to_owned() + &"a".repeat(500), "甲\u{202E}乙\u{0007}😀".to_owned()].concat();
        document.properties.title.clone_from(&text);
        document.title = vec![text.clone()];
        document.annexes[0].table.rows[0].fill(zhucun_core::report::document::Cell::text_of(text));
        assert!(pdf(&document, fixture::fonts()).is_ok());
    }

    #[test]
    fn the_archive_file_is_tagged_speaks_chinese_and_has_its_headings_as_bookmarks() {
        let mut document = fixture::document();
        document.annexes.push(fixture::album(3));
        let bytes = pdf(&document, fixture::fonts()).unwrap();
        let pdf = hayro_interpret::hayro_syntax::Pdf::new(std::sync::Arc::new(bytes)).unwrap();
        let mut seen = Vec::new();
        for object in pdf.objects() {
            if let hayro_interpret::hayro_syntax::object::Object::Dict(dict) = object {
                let has = |name: &[u8]| dict.contains_key(name);
                seen.extend(has(b"MarkInfo").then_some("marked"));
                seen.extend(has(b"StructTreeRoot").then_some("structure"));
                seen.extend(has(b"Outlines").then_some("bookmarks"));
                seen.extend(has(b"OutputIntents").then_some("colours"));
                seen.extend(has(b"Lang").then_some("language"));
                seen.extend(has(b"Alt").then_some("alternative"));
            }
        }
        for wanted in ["marked", "structure", "bookmarks", "colours", "language", "alternative"] {
            assert!(seen.contains(&wanted), "{wanted}: {seen:?}");
        }
    }

    #[test]
    fn a_machine_without_fonts_is_told() {
        let none = Fonts::of(fontdb::Database::new());
        assert_eq!(pdf(&fixture::document(), &none).unwrap_err().code(), "font_missing");
        assert!(matches!(crate::preview(&fixture::document(), &none), Err(ExportError::FontMissing)));
    }
}
