//! A finished document to PDF and nothing else: what LibreOffice does with the DOCX of the same document. A process of its own,
//! so that looking for fonts counts, as it does there. Run by `scripts/bench-report`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a measurement may fail")]

use zhucun_core::report::document::Document;
use zhucun_export::Fonts;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (from, to) = arguments.next().zip(arguments.next()).expect("usage: bench-pdf DOCUMENT.json OUT.pdf");
    let document: Document = serde_json::from_slice(&std::fs::read(from).unwrap()).unwrap();
    std::fs::write(to, zhucun_export::pdf(&document, &Fonts::discover(&[])).unwrap()).unwrap();
}
