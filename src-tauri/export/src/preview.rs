//! The pages as they will print, for the window: one SVG a page, and where its figures and blocks stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use typst::layout::{Frame, FrameItem, Point, Size, Transform};
use typst::model::Destination;
use typst_svg::{SvgOptions, svg};
use zhucun_core::records::RecordRef;
use zhucun_core::report::document::Document;

use crate::error::ExportError;
use crate::fonts::Fonts;
use crate::letters::{self, TextPiece};
use crate::typeset::{Typeset, typeset};

/// The pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Preview {
    /// In order.
    pub pages: Vec<PreviewPage>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PreviewPage {
    /// Width in points.
    pub width_pt: f64,
    /// Height in points.
    pub height_pt: f64,
    /// The drawing.
    pub svg: String,
    /// What can be clicked; blocks first, so that figures lie above them.
    pub marks: Vec<Mark>,
}

/// A place on a page, in points from its top left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Mark {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// What stands there.
    pub target: MarkTarget,
}

/// What a place shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum MarkTarget {
    /// A figure, by key.
    Figure(String),
    /// A block of the text, by key.
    Block(String),
    /// A record.
    Record(RecordRef),
    /// A number of a block, by the block's key, that was typed by hand and is backed by no figure.
    Typed(String),
}

/// Sets the document and draws its pages.
pub fn preview(document: &Document, fonts: &Fonts) -> Result<Preview, ExportError> {
    preview_marking(document, fonts, &[])
}

/// The same with marks at numbers typed by hand.
pub fn preview_marking(document: &Document, fonts: &Fonts, typed: &[TextPiece]) -> Result<Preview, ExportError> {
    let typeset = typeset(document, fonts, true)?;
    let frames: Vec<&Frame> = typeset.pages.pages().iter().map(|page| &page.frame).collect();
    let fragments: Vec<Vec<Fragment>> = frames.iter().map(|frame| fragments(frame)).collect();
    let blocks: Vec<_> = fragments.iter().map(|fragments| lines_of_blocks(&typeset, fragments)).collect();
    let mut pages: Vec<PreviewPage> = typeset
        .pages
        .pages()
        .iter()
        .zip(&fragments)
        .map(|(page, fragments)| PreviewPage {
            width_pt: page.frame.width().to_pt(),
            height_pt: page.frame.height().to_pt(),
            svg: svg(page, &SvgOptions::default()),
            marks: marks(&typeset, fragments),
        })
        .collect();
    for piece in letters::find(document, &frames, &blocks, typed) {
        if let Some(page) = pages.get_mut(piece.page) {
            page.marks.push(piece.area.mark(MarkTarget::Typed(piece.block.to_owned())));
        }
    }
    Ok(Preview { pages })
}

/// A rectangle in points: left, top, right, bottom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area([f64; 4]);

impl Area {
    pub(crate) fn between(edges: [f64; 4]) -> Self {
        Area(edges)
    }

    pub(crate) fn centre(self) -> (f64, f64) {
        let Area([left, top, right, bottom]) = self;
        ((left + right) / 2.0, (top + bottom) / 2.0)
    }

    pub(crate) fn holds(self, (x, y): (f64, f64)) -> bool {
        let Area([left, top, right, bottom]) = self;
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    }

    /// Whether another area goes on in the same line.
    pub(crate) fn is_beside(self, other: Area) -> bool {
        let (Area([_, top, right, bottom]), Area([left, ..])) = (self, other);
        let (_, y) = other.centre();
        (top..=bottom).contains(&y) && left >= right - 1.0
    }

    fn of(size: Size, transform: Transform) -> Self {
        let corners = [Point::zero(), Point::with_x(size.x), Point::with_y(size.y), size.to_point()];
        let corners = corners.map(|corner| corner.transform(transform));
        let edge = |pick: fn(f64, f64) -> f64, of: fn(&Point) -> f64| corners.iter().map(of).reduce(pick).unwrap_or(0.0);
        Area([
            edge(f64::min, |p| p.x.to_pt()),
            edge(f64::min, |p| p.y.to_pt()),
            edge(f64::max, |p| p.x.to_pt()),
            edge(f64::max, |p| p.y.to_pt()),
        ])
    }

    pub(crate) fn joined(self, other: Area) -> Area {
        let (Area([l, t, r, b]), Area([ol, ot, or, ob])) = (self, other);
        Area([l.min(ol), t.min(ot), r.max(or), b.max(ob)])
    }

    fn mark(self, target: MarkTarget) -> Mark {
        let Area([left, top, right, bottom]) = self;
        Mark { x: left, y: top, width: right - left, height: bottom - top, target }
    }
}

/// A link fragment: the block it belongs to, and the figure or record it shows.
struct Fragment {
    block: Option<usize>,
    target: Option<usize>,
    area: Area,
}

fn fragments(frame: &Frame) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    collect(frame, Transform::identity(), &mut fragments);
    fragments
}

/// The places of each block's lines on a page, by its key.
fn lines_of_blocks(typeset: &Typeset, fragments: &[Fragment]) -> BTreeMap<String, Vec<Area>> {
    let mut lines: BTreeMap<String, Vec<Area>> = BTreeMap::new();
    for fragment in fragments {
        if let Some(MarkTarget::Block(key)) = fragment.block.and_then(|block| typeset.targets.get(block)) {
            lines.entry(key.clone()).or_default().push(fragment.area);
        }
    }
    lines
}

fn marks(typeset: &Typeset, fragments: &[Fragment]) -> Vec<Mark> {
    let mut blocks: BTreeMap<usize, Area> = BTreeMap::new();
    for fragment in fragments {
        if let Some(block) = fragment.block {
            blocks.entry(block).and_modify(|area| *area = area.joined(fragment.area)).or_insert(fragment.area);
        }
    }
    let target = |at: usize| typeset.targets.get(at).cloned();
    let mut marks: Vec<Mark> = blocks.into_iter().filter_map(|(at, area)| Some(area.mark(target(at)?))).collect();
    marks.extend(fragments.iter().filter_map(|fragment| Some(fragment.area.mark(target(fragment.target?)?))));
    marks
}

fn collect(frame: &Frame, transform: Transform, fragments: &mut Vec<Fragment>) {
    for (position, item) in frame.items() {
        let here = transform.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => collect(&group.frame, here.pre_concat(group.transform), fragments),
            FrameItem::Link(Destination::Url(url), size) => {
                fragments.extend(fragment(url.as_str(), Area::of(*size, here)));
            }
            _ => {}
        }
    }
}

/// Reads `zc:BLOCK:TARGET`; either number may be missing.
fn fragment(url: &str, area: Area) -> Option<Fragment> {
    let (block, target) = url.strip_prefix("zc:")?.split_once(':')?;
    Some(Fragment { block: block.parse().ok(), target: target.parse().ok(), area })
}

#[cfg(test)]
mod tests {
    use zhucun_core::report::document::{Block, Cell};

    use super::*;
    use crate::fixture;

    /// The keys of all figures that are printed.
    fn figures(document: &Document) -> Vec<String> {
        let runs = document.blocks.iter().flat_map(|block| match block {
            Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => runs.clone(),
            _ => Vec::new(),
        });
        let annexes = document.annexes.iter().filter(|annex| annex.printed).map(|annex| &annex.table);
        let in_text = document.blocks.iter().filter_map(|block| match block {
            Block::Table { table, .. } => Some(table),
            _ => None,
        });
        let cells = annexes.chain(in_text).flat_map(|table| table.rows.iter().chain(&table.total)).flatten();
        runs.filter_map(|run| run.figure).chain(cells.filter_map(|cell| cell.figure.clone())).collect()
    }

    #[test]
    fn numbers_typed_by_hand_are_marked_where_they_stand_and_nothing_else_is_set_otherwise() {
        let document = fixture::document();
        let fonts = fixture::fonts();
        let paragraph = document.blocks.iter().find(|block| matches!(block, Block::Paragraph { .. })).unwrap();
        let length = paragraph.text().chars().count();
        assert!(length > 40, "the paragraph goes over a line's end");
        let piece = |from, to| TextPiece { block: paragraph.key().to_owned(), from, to };
        let plain = preview(&document, fonts).unwrap();
        let marked = preview_marking(&document, fonts, &[piece(2, 4), piece(10, length)]).unwrap();
        let typed = |preview: &Preview| {
            let marks = preview.pages.iter().flat_map(|page| &page.marks);
            marks.filter(|mark| matches!(mark.target, MarkTarget::Typed(_))).cloned().collect::<Vec<_>>()
        };
        let found = typed(&marked);
        assert!(found.len() >= 3, "one in the first line, one that is broken: {found:?}");
        let block =
            marked.pages.iter().flat_map(|page| &page.marks).find(|m| m.target == MarkTarget::Block(paragraph.key().to_owned()));
        let block = block.unwrap();
        for mark in &found {
            let inside = mark.x >= block.x - 1.0 && mark.x + mark.width <= block.x + block.width + 1.0;
            assert!(inside && mark.y >= block.y - 4.0 && mark.y < block.y + block.height, "{mark:?} in {block:?}");
        }
        assert!((found[0].width - 2.0 * 16.0).abs() < 3.0, "two characters wide: {:?}", found[0]);
        assert!(typed(&plain).is_empty());
        assert!(plain.pages.iter().zip(&marked.pages).all(|(a, b)| a.svg == b.svg), "the same drawing");
        let elsewhere = TextPiece { block: "gone".to_owned(), from: 0, to: 3 };
        assert!(typed(&preview_marking(&document, fonts, &[elsewhere]).unwrap()).is_empty());
    }

    #[test]
    fn every_figure_and_block_can_be_clicked_where_it_stands() {
        let mut document = fixture::document();
        let row = &mut document.annexes[1].table.rows[0];
        row[4] = row[4].clone().with_figure("project.budget");
        // A word that no cell holds must not lead out of the page.
        document.annexes[0].table.rows[0][5] = Cell::text_of("w".repeat(400)).with_figure("long");
        let preview = preview(&document, fixture::fonts()).unwrap();
        let marks: Vec<&Mark> = preview.pages.iter().flat_map(|page| &page.marks).collect();
        let keys = figures(&document);
        assert!(keys.len() >= 2);
        for key in keys {
            assert!(marks.iter().any(|mark| mark.target == MarkTarget::Figure(key.clone())), "{key}");
        }
        for block in &document.blocks {
            assert!(marks.iter().any(|mark| mark.target == MarkTarget::Block(block.key().to_owned())), "{}", block.key());
        }
        for page in &preview.pages {
            assert!(page.svg.starts_with("<svg"));
            for mark in &page.marks {
                let (right, bottom) = (mark.x + mark.width, mark.y + mark.height);
                let inside = mark.x >= 0.0 && mark.y >= 0.0 && right <= page.width_pt && bottom <= page.height_pt;
                assert!(inside && mark.width > 0.0 && mark.height > 0.0, "{mark:?}");
            }
        }
    }
}
