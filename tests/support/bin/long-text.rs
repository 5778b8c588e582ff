//! Writes a document of nothing but full lines as DOCX and PDF into a folder: what `tests/layout/run` measures.

use zhucun_core::report::document::{Block, Document, Properties, Run};
use zhucun_export::{Existing, ExportFormat, Fonts, write_report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: long-text FOLDER")?;
    let document = long_text();
    write_report(&document, &Fonts::discover(&[]), folder.as_ref(), &[ExportFormat::Docx, ExportFormat::Pdf], Existing::Replace)?;
    println!("{}", document.plain_text().join("\n"));
    Ok(())
}

/// Three pages of text without punctuation, so that nothing but the grid decides where a line ends.
fn long_text() -> Document {
    let words = "春耕时节工作队进村入户查看水渠农田道路饮水住房和茶园记下群众的难处与盼望".repeat(60);
    Document {
        properties: Properties {
            title: "版面".to_owned(),
            author: "工作队".to_owned(),
            created: chrono::NaiveDate::from_ymd_opt(2026, 6, 30).unwrap_or_default(),
        },
        title: vec!["版面".to_owned()],
        blocks: vec![Block::Paragraph { key: "text".to_owned(), runs: vec![Run::text(words)], edited: false }],
        annexes: Vec::new(),
    }
}
