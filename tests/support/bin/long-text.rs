//! Writes a document of nothing but full lines and a table over many pages as DOCX and PDF into a folder: what `tests/layout/run` measures.

use zhucun_core::report::document::{Align, Annex, Block, Cell, CellValue, Column, Document, Properties, Run, Table};
use zhucun_core::report::hidden::Hidden;
use zhucun_export::{Existing, ExportFormat, Fonts, Prover, ReportParts, write_report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: long-text FOLDER [ROWS]")?;
    let rows = std::env::args().nth(2).map_or(Ok(300), |rows| rows.parse())?;
    let document = long_text(rows);
    let parts = ReportParts { document: &document, album: None, formats: &[ExportFormat::Docx, ExportFormat::Pdf] };
    write_report(parts, &Fonts::discover(&[]), folder.as_ref(), Existing::Replace, &Prover::of(Hidden::default()).into())?;
    println!("{}", document.plain_text().join("\n"));
    Ok(())
}

/// Three pages of text without punctuation, so that nothing but the grid decides where a line ends.
fn long_text(rows: i64) -> Document {
    let words = "春耕时节工作队进村入户查看水渠农田道路饮水住房和茶园记下群众的难处与盼望".repeat(60);
    Document {
        properties: Properties {
            title: "版面".to_owned(),
            author: "工作队".to_owned(),
            created: chrono::NaiveDate::from_ymd_opt(2026, 6, 30).unwrap_or_default(),
            fingerprint: None,
        },
        title: vec!["版面".to_owned()],
        blocks: vec![Block::Paragraph { key: "text".to_owned(), runs: vec![Run::text(words)], edited: false }],
        annexes: vec![Annex {
            number: 1,
            title: "长表".to_owned(),
            landscape: true,
            printed: true,
            table: long_table(rows),
            photos: Vec::new(),
        }],
    }
}

/// So many rows, and one that no page holds.
fn long_table(rows: i64) -> Table {
    let column = |title: &str, width| Column { title: title.to_owned(), align: Align::Left, width };
    let row = |at| vec![Cell::of(CellValue::Count(at)), Cell::text_of(format!("第{at}行"))];
    let mut rows: Vec<_> = (1..=rows).map(row).collect();
    rows.push(vec![Cell::text_of("群众的难处与盼望".repeat(80)), Cell::text_of("")]);
    Table { unit: None, columns: vec![column("序号", 1), column("内容", 4)], rows, total: None }
}
