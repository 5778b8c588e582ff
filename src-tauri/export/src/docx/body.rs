//! The text: title, blocks in reading order, then the printed annexes in their sections.

use zhucun_core::report::document::{Annex, Block, Document, Run, annex_list_lines};

use super::layout::{CHAR, Face, SIZE_2, SIZE_3, SIZE_SMALL_4};
use super::package::{MAIN, RELATIONSHIPS};
use super::photos::photos;
use super::props::{Indent, Letters, Para, Spacing, paragraph_properties, run_properties, run_properties_raised};
use super::section::Section;
use super::styles::{heading_letters, heading_style};
use super::table::table;
use super::xml::Xml;
use crate::columns::halves;
use crate::photos::Grid;

const BODY: Letters = Letters { face: Face::FangSong, size: SIZE_3 };
const TITLE: Letters = Letters { face: Face::XiaoBiaoSong, size: SIZE_2 };

/// Writes `document.xml`.
pub(super) fn document(xml: &mut Xml, document: &Document) {
    xml.element("w:document", &[("xmlns:w", MAIN), ("xmlns:r", RELATIONSHIPS)], |xml| {
        xml.element("w:body", &[], |xml| {
            if !stands_alone(document) {
                paragraph(xml, style("Title"), TITLE, &document.title.join("\n"));
            }
            let mut photos_before = 0;
            for (index, block) in document.blocks.iter().enumerate() {
                let keep = document.blocks.get(index + 1).is_some_and(holds_the_one_before);
                emit_block(xml, block, keep, photos_before);
                photos_before += if let Block::Photos { photos, .. } = block { photos.len() } else { 0 };
            }
            let last = annexes(xml, document, photos_before);
            last.emit(xml);
        });
    });
}

/// Whether the document is an annex and nothing else: 照片册 as a file of its own.
fn stands_alone(document: &Document) -> bool {
    document.title.is_empty() && document.blocks.is_empty() && !document.annexes.is_empty()
}

/// Runs of one text; line breaks in it stay line breaks.
pub(super) fn runs_of(xml: &mut Xml, letters: Letters, text: &str) {
    for (index, line) in text.lines().enumerate() {
        if index == 0 && line.is_empty() {
            continue;
        }
        xml.element("w:r", &[], |xml| {
            run_properties(xml, letters);
            if index > 0 {
                xml.empty("w:br", &[]);
            }
            if !line.is_empty() {
                xml.text("w:t", line);
            }
        });
    }
}

/// Runs of a text whose figures may carry the numbers of 核对稿.
fn noted_runs(xml: &mut Xml, letters: Letters, runs: &[Run]) {
    let mut plain = String::new();
    for run in runs {
        plain.push_str(&run.text);
        if run.note.is_some() {
            runs_of(xml, letters, &std::mem::take(&mut plain));
            note_run(xml, letters, run.note);
        }
    }
    runs_of(xml, letters, &plain);
}

/// A number of 核对稿 behind its figure.
pub(super) fn note_run(xml: &mut Xml, letters: Letters, note: Option<u32>) {
    if let Some(note) = note {
        xml.element("w:r", &[], |xml| {
            run_properties_raised(xml, letters);
            xml.text("w:t", &note.to_string());
        });
    }
}

/// Whether a block drags the paragraph before it along, so that a signature never stands alone on a page.
fn holds_the_one_before(block: &Block) -> bool {
    matches!(block, Block::SignOff { .. } | Block::AnnexList { .. })
}

fn emit_block(xml: &mut Xml, block: &Block, keep_next: bool, first_photo: usize) {
    match block {
        Block::Addressee { text, .. } => paragraph(xml, style("Addressee"), BODY, text),
        Block::Heading { level, runs, .. } => {
            runs_paragraph(xml, style(heading_style(*level)), heading_letters(*level), runs);
        }
        Block::Paragraph { runs, .. } => runs_paragraph(xml, Para { keep_next, ..style("BodyText") }, BODY, runs),
        Block::Table { title, table: content, .. } => {
            if let Some(title) = title {
                table_title(xml, title);
            }
            table(xml, content, Section::Portrait.width(), keep_next);
            after_table(xml, AFTER_TABLE, Para { keep_next, ..Para::default() });
        }
        Block::Photos { photos: pictures, .. } => {
            photos(xml, pictures, Grid::in_text(pictures.len()), first_photo);
            after_table(xml, AFTER_TABLE, Para { keep_next, ..Para::default() });
        }
        Block::AnnexList { items, .. } => annex_list(xml, items, keep_next),
        Block::SignOff { name, date, .. } => sign_off(xml, name, date),
    }
}

fn style(style: &'static str) -> Para {
    Para { style: Some(style), ..Para::default() }
}

fn paragraph(xml: &mut Xml, para: Para, letters: Letters, text: &str) {
    xml.element("w:p", &[], |xml| {
        paragraph_properties(xml, &para);
        runs_of(xml, letters, text);
    });
}

fn runs_paragraph(xml: &mut Xml, para: Para, letters: Letters, runs: &[Run]) {
    xml.element("w:p", &[], |xml| {
        paragraph_properties(xml, &para);
        noted_runs(xml, letters, runs);
    });
}

/// 附件说明: two characters in, further numbers under the first, second lines of a name under its beginning.
fn annex_list(xml: &mut Xml, items: &[String], keep_next: bool) {
    const WORD: u32 = 5; // two characters in, then 附件：
    let lines = annex_list_lines(items);
    for (index, line) in lines.iter().enumerate() {
        let number = if lines.len() == 1 { 0 } else { CHAR * (halves(&(index + 1).to_string()) + 1) / 2 };
        let start = if index == 0 { CHAR * 2 } else { CHAR * WORD };
        let left = CHAR * WORD + number;
        let para = Para {
            keep_next: keep_next || index + 1 < lines.len(),
            spacing: Some(Spacing {
                before: if index == 0 { super::layout::LINE } else { 0 },
                line: super::layout::LINE,
                ..Spacing::default()
            }),
            indent: Some(Indent { left, hanging: left - start, ..Indent::default() }),
            ..style("AnnexList")
        };
        paragraph(xml, para, BODY, line);
    }
}

/// 署名 and 成文日期 (GB/T 9704-2012, 7.3.5): the name ends two characters in, the date begins two to the right of the
/// name's beginning; a date longer than the name ends two characters in and the name moves left.
fn sign_off(xml: &mut Xml, name: &str, date: &str) {
    let (name_in, date_in) = sign_off_indents(halves(name), halves(date));
    let right = |right: u32| Some(Indent { right: right * CHAR / 2, ..Indent::default() });
    paragraph(xml, Para { indent: right(name_in), ..style("SignName") }, BODY, name);
    paragraph(xml, Para { indent: right(date_in), ..style("SignDate") }, BODY, date);
}

/// How far name and date end from the right edge, all in half characters.
fn sign_off_indents(name: u32, date: u32) -> (u32, u32) {
    const TWO: u32 = 4;
    let line: u32 = 28 * 2;
    if date > name {
        return ((TWO + date + TWO - name).min(line.saturating_sub(name).max(TWO)), TWO);
    }
    // From the right edge: two characters, the name; its beginning, two characters back, the date.
    (TWO, name.min(line - TWO) - date.min(line - TWO))
}

/// The printed annexes; returns the section the document ends with.
fn annexes(xml: &mut Xml, document: &Document, mut photos_before: usize) -> Section {
    let mut current = Section::Portrait;
    for annex in document.annexes.iter().filter(|annex| annex.printed) {
        let section = Section::of(annex.landscape);
        if section != current {
            after_table(xml, 20, Para { section: Some(current), ..Para::default() });
        }
        let new_page = section == current && !(stands_alone(document) && photos_before == 0);
        emit_annex(xml, annex, new_page, photos_before);
        photos_before += annex.photos.len();
        current = section;
    }
    current
}

/// 附件N at the head of a page, its title on the third line, then the table.
fn emit_annex(xml: &mut Xml, annex: &Annex, new_page: bool, first_photo: usize) {
    let number = Letters { face: Face::Hei, size: SIZE_3 };
    if annex.number > 0 {
        paragraph(xml, Para { new_page, ..style("AnnexNumber") }, number, &format!("附件{}", annex.number));
    }
    paragraph(xml, Para { new_page: new_page && annex.number == 0, ..style("AnnexTitle") }, TITLE, &annex.title);
    if annex.photos.is_empty() {
        table(xml, &annex.table, Section::of(annex.landscape).width(), false);
    } else {
        photos(xml, &annex.photos, Grid::of(annex.photos.len()), first_photo);
    }
    after_table(xml, 20, Para::default());
}

/// 表题, over a table that stands in the text.
fn table_title(xml: &mut Xml, title: &str) {
    let spacing = Some(Spacing { line: SIZE_SMALL_4 * 27 / 2, ..Spacing::default() });
    let para = Para { style: Some("TableText"), keep_next: true, spacing, justify: Some("center"), ..Para::default() };
    paragraph(xml, para, Letters { face: Face::Hei, size: SIZE_SMALL_4 }, title);
}

/// Space after a table in the text, in twips; half a line.
const AFTER_TABLE: u32 = 290;

/// The paragraph that must follow a table, `line` twips high.
fn after_table(xml: &mut Xml, line: u32, para: Para) {
    let spacing = Some(Spacing { line, ..Spacing::default() });
    let para = Para { style: Some("TableText"), spacing, ..para };
    xml.element("w:p", &[], |xml| paragraph_properties(xml, &para));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_begins_two_characters_after_the_name() {
        // Ten characters of name, six and a half of date: name begins 12 from the right, date 10 from the right.
        let (name_in, date_in) = sign_off_indents(20, 13);
        assert_eq!((name_in + 20) - (date_in + 13), 4);
        assert_eq!(name_in, 4);
        // A date longer than the name ends two characters in.
        let (name_in, date_in) = sign_off_indents(10, 15);
        assert_eq!((name_in + 10) - (date_in + 15), 4);
        assert_eq!(date_in, 4);
    }
}
