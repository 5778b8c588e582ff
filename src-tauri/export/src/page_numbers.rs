//! 页码: written onto pages that are set already. A page that asks for its number while it is set has the typesetter set the
//! whole document twice; here every page brings a stencil of all digits, from which its number is put together.

use std::ops::Range;

use typst::layout::{Abs, Frame, FrameItem, GroupItem, Point, Size};
use typst::model::Document as _;
use typst::text::{Glyph, TextItem};
use typst_layout::{Page, PagedDocument};

use crate::docx::{LEFT, RIGHT, SIZE_4, TYPE_WIDTH};

/// What stands in the place of a number, as `report.typ` has it.
const STENCIL: &str = "— 0123456789 —";
/// Size of the numbers in points, in which nothing else is set.
const SIZE: f64 = SIZE_4 as f64 / 2.0;

fn twips(twips: u32) -> Abs {
    Abs::pt(f64::from(twips) / 20.0)
}

/// The same pages with their numbers. Where a font lacks letters of the stencil, so that it stands in pieces, the page goes without:
/// nobody is to be left without the report.
pub(crate) fn numbered(document: &PagedDocument) -> PagedDocument {
    let number = |(page, number): (&Page, usize)| {
        let frame = with_number(&page.frame, number).unwrap_or_else(|| without_pieces(page.frame.clone()));
        Page { frame, ..page.clone() }
    };
    let pages = document.pages().iter().zip(1..).map(number).collect();
    PagedDocument::new(pages, document.info().clone())
}

fn without_pieces(mut frame: Frame) -> Frame {
    frame.retain(|item| match item {
        FrameItem::Text(text) => !is_of_numbers(text),
        FrameItem::Group(group) => {
            group.frame = without_pieces(std::mem::replace(&mut group.frame, Frame::soft(Size::zero())));
            true
        }
        _ => true,
    });
    frame
}

/// Nothing else is set in their size.
fn is_of_numbers(text: &TextItem) -> bool {
    (text.size.to_pt() - SIZE).abs() < 0.01
}

/// The page's frame with the number in the stencil's place; nothing where there is no stencil.
fn with_number(page: &Frame, number: usize) -> Option<Frame> {
    let mut is_numbered = false;
    let place = |(at, item): &(Point, FrameItem)| match replaced(item, number) {
        Some((item, width)) => {
            is_numbered = true;
            (*at + shift(page, number, width), item)
        }
        None => (*at, item.clone()),
    };
    let items: Vec<_> = page.items().map(place).collect();
    let mut frame = Frame::new(page.size(), page.kind());
    frame.push_multiple(items);
    is_numbered.then_some(frame)
}

/// How far the number stands from where the stencil begins: upright at the left edge of the 版心, across at the page's upper
/// edge. One character in from the outer edge: at the right of odd pages and at the left of even ones, also of a page that lies
/// across once it is bound.
fn shift(page: &Frame, number: usize, width: Abs) -> Point {
    let (is_odd, is_across, inset) = (number % 2 == 1, page.width() > page.height(), Abs::pt(SIZE));
    match (is_across, is_odd) {
        (false, true) => Point::with_x(twips(TYPE_WIDTH) - inset - width),
        (false, false) => Point::with_x(inset),
        (true, true) => Point::with_y(page.height() - twips(RIGHT) - inset - width),
        (true, false) => Point::with_y(twips(LEFT) + inset),
    }
}

/// An item that holds the stencil, with the number in its place and the number's width.
fn replaced(item: &FrameItem, number: usize) -> Option<(FrameItem, Abs)> {
    match item {
        FrameItem::Text(text) if text.text == STENCIL && is_of_numbers(text) => {
            let text = cut(text, number)?;
            let width = text.width();
            Some((FrameItem::Text(text), width))
        }
        FrameItem::Group(group) => {
            let (at, (within, width)) =
                group.frame.items().enumerate().find_map(|(at, (_, item))| Some((at, replaced(item, number)?)))?;
            let mut frame = Frame::new(group.frame.size(), group.frame.kind());
            let item = |(place, (point, item)): (usize, &(Point, FrameItem))| {
                (*point, if place == at { within.clone() } else { item.clone() })
            };
            frame.push_multiple(group.frame.items().enumerate().map(item).collect::<Vec<_>>());
            Some((FrameItem::Group(GroupItem { frame, ..group.clone() }), width))
        }
        _ => None,
    }
}

/// `— 12 —`, of the stencil's own letters.
fn cut(stencil: &TextItem, number: usize) -> Option<TextItem> {
    let text = format!("— {number} —");
    let letter = |(at, letter): (usize, char)| {
        // The dash and the space before the digits; those behind them are the same.
        let from = STENCIL.find(letter)?;
        let glyph = stencil.glyphs.iter().find(|glyph| glyph.range().start == from)?;
        let range: Range<usize> = at..at + letter.len_utf8();
        Some(Glyph { range: u16::try_from(range.start).ok()?..u16::try_from(range.end).ok()?, ..glyph.clone() })
    };
    let glyphs = text.char_indices().map(letter).collect::<Option<Vec<_>>>()?;
    Some(TextItem { text: text.into(), glyphs, ..stencil.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::typeset::typeset;

    /// The texts of a page in the numbers' size, and where they begin.
    fn numbers(frame: &Frame, at: Point, found: &mut Vec<(String, Point)>) {
        for (place, item) in frame.items() {
            match item {
                FrameItem::Text(text) if (text.size.to_pt() - SIZE).abs() < 0.01 => {
                    found.push((text.text.to_string(), at + *place))
                }
                FrameItem::Group(group) => numbers(&group.frame, at + *place, found),
                _ => {}
            }
        }
    }

    #[test]
    fn every_page_has_its_number_at_its_outer_edge() {
        let mut document = fixture::document();
        let rows = &mut document.annexes[1].table.rows;
        *rows = rows.iter().cycle().take(300).cloned().collect();
        let set = typeset(&document, fixture::fonts(), false).unwrap();
        let pages = set.pages.pages();
        assert!(pages.len() > 12 && pages.iter().any(|page| page.frame.width() > page.frame.height()));
        for (page, number) in pages.iter().zip(1..) {
            let mut found = Vec::new();
            numbers(&page.frame, Point::zero(), &mut found);
            let [(text, at)] = found.as_slice() else { panic!("page {number}: {found:?}") };
            assert_eq!(*text, format!("— {number} —"));
            let (width, height) = (page.frame.width(), page.frame.height());
            if width <= height {
                assert_eq!(at.x < width / 2.0, number % 2 == 0, "page {number} at {at:?}");
                assert!((at.y - (height - Abs::mm(28.0))).abs() < Abs::mm(4.0), "7 mm below the type area: {at:?}");
            } else {
                assert_eq!(at.y < height / 2.0, number % 2 == 0, "page {number} at {at:?}");
                assert!(at.x < Abs::mm(35.0), "beside the type area: {at:?}");
            }
        }
    }

    #[test]
    fn a_page_without_a_stencil_goes_without_a_number() {
        let set = typeset(&fixture::document(), fixture::fonts(), false).unwrap();
        // They have their numbers by now, which are as little of a stencil as pieces of one.
        let again = super::numbered(&set.pages);
        assert_eq!(again.pages().len(), set.pages.pages().len());
        for page in again.pages() {
            let mut found = Vec::new();
            numbers(&page.frame, Point::zero(), &mut found);
            assert!(found.is_empty(), "{found:?}");
            assert!(page.frame.items().count() > 2);
        }
    }
}
