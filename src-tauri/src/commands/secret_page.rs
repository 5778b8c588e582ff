//! A secret as a page to print or a text to keep: the recovery key, the hand-over code.

use std::path::Path;

use zhucun_core::report::document::{Block, Document, Properties, Run};
use zhucun_core::world::World;

use crate::error::Answer;
use crate::state::Shell;

/// Writes the lines under a title where the user said: as PDF, or as text where the name ends so.
pub(super) fn write_secret_page(shell: &Shell, path: &Path, title: &str, lines: &[String]) -> Answer<()> {
    let page = page_of(title, lines, &shell.world());
    let is_text = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
    let bytes = if is_text { page.plain_text().join("\r\n").into_bytes() } else { zhucun_export::pdf(&page, shell.fonts())? };
    zhucun_export::write_file(path, &bytes)?;
    shell.note_exported([path.to_owned()]);
    Ok(())
}

fn page_of(title: &str, lines: &[String], world: &dyn World) -> Document {
    let paragraph = |(at, text): (usize, &String)| Block::Paragraph {
        key: format!("p{at}"),
        runs: vec![Run::text(text.clone())],
        edited: false,
    };
    Document {
        properties: Properties { title: title.to_owned(), author: String::new(), created: world.today(), fingerprint: None },
        title: vec![title.to_owned()],
        blocks: lines.iter().enumerate().map(paragraph).collect(),
        annexes: Vec::new(),
    }
}
