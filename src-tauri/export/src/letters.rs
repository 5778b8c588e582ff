//! Where the letters of a block stand on the pages, as they were drawn: pieces of a text are found without setting it otherwise than
//! it prints.

use std::collections::BTreeMap;

use typst::layout::{Frame, FrameItem, Point, Transform};
use zhucun_core::report::document::Document;

use crate::preview::Area;
use crate::printable::printable;

/// A piece of a block's text, in characters; a heading's number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPiece {
    /// Key of the block.
    pub block: String,
    /// First character.
    pub from: usize,
    /// Behind the last one.
    pub to: usize,
}

/// A letter as drawn: what it stands for, on which page and where.
struct Letter {
    text: String,
    page: usize,
    area: Area,
}

/// A piece on a page; one that is broken between lines has two.
pub(crate) struct PlacedPiece<'p> {
    pub block: &'p str,
    pub page: usize,
    pub area: Area,
}

/// Of letters, how far they reach above and below their line, in shares of their size.
const ABOVE: f64 = 0.88;
const BELOW: f64 = 0.12;

/// Finds the pieces. `blocks` gives, page by page, the places of each block's lines.
pub(crate) fn find<'p>(
    document: &Document,
    frames: &[&Frame],
    blocks: &[BTreeMap<String, Vec<Area>>],
    pieces: &'p [TextPiece],
) -> Vec<PlacedPiece<'p>> {
    let mut letters: BTreeMap<&str, Vec<Letter>> = BTreeMap::new();
    if !pieces.is_empty() {
        for (page, (frame, blocks)) in frames.iter().zip(blocks).enumerate() {
            let mut drawn = Vec::new();
            collect(frame, Transform::identity(), page, &mut drawn);
            for letter in drawn {
                let centre = letter.area.centre();
                let at = pieces
                    .iter()
                    .find(|piece| blocks.get(&piece.block).is_some_and(|areas| areas.iter().any(|area| area.holds(centre))));
                if let Some(piece) = at {
                    letters.entry(&piece.block).or_default().push(letter);
                }
            }
        }
    }
    pieces.iter().flat_map(|piece| placed(document, letters.get(piece.block.as_str()), piece)).collect()
}

fn collect(frame: &Frame, transform: Transform, page: usize, letters: &mut Vec<Letter>) {
    for (position, item) in frame.items() {
        let here = transform.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => collect(&group.frame, here.pre_concat(group.transform), page, letters),
            FrameItem::Text(text) => {
                let mut left = 0.0;
                let size = text.size.to_pt();
                for glyph in &text.glyphs {
                    let right = left + glyph.x_advance.at(text.size).to_pt();
                    let origin = Point::zero().transform(here);
                    let (x, y) = (origin.x.to_pt(), origin.y.to_pt());
                    let area = Area::between([x + left, y - ABOVE * size, x + right, y + BELOW * size]);
                    let told = text.text.get(glyph.range()).unwrap_or_default().to_owned();
                    letters.push(Letter { text: told, page, area });
                    left = right;
                }
            }
            _ => {}
        }
    }
}

/// The letters of a piece, joined line by line. Nothing where what was drawn does not read like the block.
fn placed<'p>(document: &Document, letters: Option<&Vec<Letter>>, piece: &'p TextPiece) -> Vec<PlacedPiece<'p>> {
    let text = document.blocks.iter().find(|block| block.key() == piece.block).map(|block| block.text()).unwrap_or_default();
    let Some(letters) = letters.filter(|_| printable(&text) == text) else { return Vec::new() };
    let drawn =
        letters.iter().flat_map(|letter| letter.text.chars().map(move |c| (c, letter))).filter(|(c, _)| !c.is_whitespace());
    let written = text.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
    let mut found: Vec<PlacedPiece<'p>> = Vec::new();
    for ((at, wanted), (c, letter)) in written.zip(drawn) {
        if wanted != c {
            return Vec::new();
        }
        if at < piece.from || at >= piece.to {
            continue;
        }
        match found.last_mut().filter(|last| last.page == letter.page && last.area.is_beside(letter.area)) {
            Some(last) => last.area = last.area.joined(letter.area),
            None => found.push(PlacedPiece { block: &piece.block, page: letter.page, area: letter.area }),
        }
    }
    found
}
