//! Tables: thin black rules, a head repeated on every page, rows that stay whole, the total row last.

use zhucun_core::report::document::{Align, Cell, CellValue, Table};

use super::body::runs_of;
use super::layout::{Face, SIZE_5, SIZE_SMALL_4, halves};
use super::props::{Letters, Para, Spacing, paragraph_properties};
use super::xml::Xml;

/// Space left and right of a cell's text in twips, 1 mm.
pub(super) const PADDING: u32 = 57;
/// Thickness of rules in eighths of a point: half a point.
const RULE: &str = "4";
/// Up to this many columns a table is set in 小四 instead of 五号.
const FEW_COLUMNS: usize = 6;
/// Least width of a column's text in half characters.
const LEAST: u32 = 4;
/// Words up to this length are not cut, in half characters: 监测对象, 第三组.
const SHORT: u32 = 10;
/// Most that a column is granted beyond its share, in half characters: an identity number is 18.
const MOST: u32 = 20;

/// What all cells of a table share.
struct Setting {
    widths: Vec<u32>,
    size: u32,
}

impl Setting {
    fn of(table: &Table, width: u32) -> Setting {
        let size = if table.columns.len() <= FEW_COLUMNS { SIZE_SMALL_4 } else { SIZE_5 };
        Setting { widths: widths(table, width, size), size }
    }

    /// Letters of a face in the table's size.
    fn letters(&self, face: Face) -> Letters {
        Letters { face, size: self.size }
    }

    /// Exact line pitch in twips: one and a half times the letters' height.
    fn spacing(&self) -> Spacing {
        Spacing { line: self.size * 15, ..Spacing::default() }
    }
}

/// Writes a table `width` twips wide with its unit above; `keep` keeps its last row with what follows.
pub(super) fn table(xml: &mut Xml, table: &Table, width: u32, keep: bool) {
    let setting = Setting::of(table, width);
    if let Some(unit) = &table.unit {
        unit_line(xml, unit, &setting);
    }
    if table.columns.is_empty() {
        return;
    }
    xml.element("w:tbl", &[], |xml| {
        table_properties(xml, &setting);
        head(xml, table, &setting);
        let rows: Vec<_> = table.rows.iter().chain(&table.total).collect();
        for (index, cells) in rows.iter().enumerate() {
            let last = index + 1 == rows.len();
            // The total stays with the row above it, the last row with what follows where that is asked for.
            let kept = if last { keep } else { index + 2 == rows.len() && (keep || table.total.is_some()) };
            row(xml, table, cells, &setting, kept);
        }
    });
}

/// Writes `w:tblCellMar` with the same space at left and right.
pub(super) fn cell_margins(xml: &mut Xml, side: u32) {
    let side = side.to_string();
    xml.element("w:tblCellMar", &[], |xml| {
        xml.empty("w:top", &[("w:w", "0"), ("w:type", "dxa")]);
        xml.empty("w:left", &[("w:w", &side), ("w:type", "dxa")]);
        xml.empty("w:bottom", &[("w:w", "0"), ("w:type", "dxa")]);
        xml.empty("w:right", &[("w:w", &side), ("w:type", "dxa")]);
    });
}

/// Column widths in twips that add up to `width`: shares as the table wants them, but no figure, date or number is cut
/// apart as long as there is room for all.
fn widths(table: &Table, width: u32, size: u32) -> Vec<u32> {
    let mut least: Vec<u32> = (0..table.columns.len()).map(|column| least_width(table, column, size)).collect();
    let needed = least.iter().sum::<u32>().max(1);
    if needed > width {
        least = least.iter().map(|least| part(width, *least, needed)).collect();
    }
    let shares: Vec<u32> = table.columns.iter().map(|column| column.width.clamp(1, 10_000)).collect();
    let mut fixed = vec![false; shares.len()];
    // Columns whose share is too small get what they need; the others divide what is left, until all are content.
    loop {
        let (room, all) = remaining(width, &least, &shares, &fixed);
        let short = (0..shares.len()).find(|column| !fixed[*column] && part(room, shares[*column], all) < least[*column]);
        match short {
            Some(column) => fixed[column] = true,
            None => return divided(width, &least, &shares, &fixed),
        }
    }
}

/// What the columns that are not fixed have to divide, and the sum of their shares.
fn remaining(width: u32, least: &[u32], shares: &[u32], fixed: &[bool]) -> (u32, u32) {
    let taken: u32 = least.iter().zip(fixed).filter(|(_, fixed)| **fixed).map(|(least, _)| least).sum();
    let all: u32 = shares.iter().zip(fixed).filter(|(_, fixed)| !**fixed).map(|(share, _)| share).sum();
    (width.saturating_sub(taken), all.max(1))
}

/// The widths, once it is clear which columns are fixed; the last takes what rounding leaves.
fn divided(width: u32, least: &[u32], shares: &[u32], fixed: &[bool]) -> Vec<u32> {
    let (room, all) = remaining(width, least, shares, fixed);
    let one = |column: usize| if fixed[column] { least[column] } else { part(room, shares[column], all) };
    let mut widths: Vec<u32> = (0..shares.len()).map(one).collect();
    let rest = width.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

/// `share` of `all` of a width, rounded down.
fn part(width: u32, share: u32, all: u32) -> u32 {
    u32::try_from(u64::from(width) * u64::from(share) / u64::from(all)).unwrap_or(width)
}

/// What a column needs in twips: its longest figure, date or run of Latin letters, and half its head.
fn least_width(table: &Table, column: usize, size: u32) -> u32 {
    let cells = table.rows.iter().chain(&table.total).filter_map(|cells| cells.get(column)).map(unbreakable);
    let head = table.columns.get(column).map_or(0, |column| halves(&column.title).div_ceil(4) * 2);
    let most = cells.chain([head, LEAST]).max().unwrap_or(LEAST).min(MOST);
    // A half character is 5 twips per half point; Latin letters of some fonts are a tenth wider.
    most * size * 11 / 2 + 2 * PADDING
}

/// Width of the longest part of a cell that must not be cut, in half characters: figures, dates and short words whole,
/// with room for fonts whose per cent sign is wide and programs that part digits from 年.
fn unbreakable(cell: &Cell) -> u32 {
    match &cell.value {
        CellValue::Empty => 0,
        CellValue::Text(text) if halves(text) <= SHORT => halves(text),
        CellValue::Text(text) => text.split(|c: char| !c.is_ascii_graphic()).map(halves).max().unwrap_or(0),
        CellValue::Count(_) | CellValue::Money(_) => halves(&cell.text()),
        CellValue::Percent(_) => halves(&cell.text()) + 1,
        CellValue::Day(_) => halves(&cell.text()) + 2,
    }
}

fn unit_line(xml: &mut Xml, unit: &str, setting: &Setting) {
    let para = Para { style: Some("TableUnit"), spacing: Some(setting.spacing()), ..Para::default() };
    xml.element("w:p", &[], |xml| {
        paragraph_properties(xml, &para);
        runs_of(xml, setting.letters(Face::FangSong), unit);
    });
}

fn table_properties(xml: &mut Xml, setting: &Setting) {
    let width = setting.widths.iter().sum::<u32>().to_string();
    xml.element("w:tblPr", &[], |xml| {
        xml.empty("w:tblW", &[("w:w", &width), ("w:type", "dxa")]);
        xml.value("w:jc", "center");
        xml.element("w:tblBorders", &[], |xml| {
            for edge in ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"] {
                xml.empty(edge, &[("w:val", "single"), ("w:sz", RULE), ("w:space", "0"), ("w:color", "000000")]);
            }
        });
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        cell_margins(xml, PADDING);
        xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1"), ("w:noVBand", "1")]);
    });
    xml.element("w:tblGrid", &[], |xml| {
        for width in &setting.widths {
            xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
        }
    });
}

fn head(xml: &mut Xml, table: &Table, setting: &Setting) {
    let para = Para {
        style: Some("TableHead"),
        keep_next: true,
        spacing: Some(setting.spacing()),
        justify: Some("center"),
        ..Para::default()
    };
    xml.element("w:tr", &[], |xml| {
        row_properties(xml, setting, true);
        for (column, width) in table.columns.iter().zip(&setting.widths) {
            cell(xml, *width, |xml| {
                paragraph_properties(xml, &para);
                runs_of(xml, setting.letters(Face::Hei), &column.title);
            });
        }
    });
}

fn row(xml: &mut Xml, table: &Table, cells: &[Cell], setting: &Setting, keep_next: bool) {
    xml.element("w:tr", &[], |xml| {
        row_properties(xml, setting, false);
        for (index, (column, width)) in table.columns.iter().zip(&setting.widths).enumerate() {
            let para = Para {
                style: Some("TableText"),
                keep_next,
                spacing: Some(setting.spacing()),
                justify: Some(justify(column.align)),
                ..Para::default()
            };
            cell(xml, *width, |xml| {
                paragraph_properties(xml, &para);
                let text = cells.get(index).map(Cell::text).unwrap_or_default();
                runs_of(xml, setting.letters(Face::FangSong), &text);
            });
        }
    });
}

/// A row never breaks across pages; the head is repeated.
fn row_properties(xml: &mut Xml, setting: &Setting, is_head: bool) {
    let height = (setting.size * 20).to_string();
    xml.element("w:trPr", &[], |xml| {
        xml.empty("w:cantSplit", &[]);
        xml.empty("w:trHeight", &[("w:val", &height), ("w:hRule", "atLeast")]);
        if is_head {
            xml.empty("w:tblHeader", &[]);
        }
    });
}

fn cell(xml: &mut Xml, width: u32, content: impl FnOnce(&mut Xml)) {
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
            xml.value("w:vAlign", "center");
        });
        xml.element("w:p", &[], content);
    });
}

fn justify(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn widths_fill_the_type_area_and_figures_fit() {
        for annex in fixture::document().annexes {
            for width in [8845, 12756] {
                let widths = widths(&annex.table, width, SIZE_5);
                assert_eq!(widths.iter().sum::<u32>(), width);
            }
            let widths = widths(&annex.table, 12756, SIZE_5);
            let wide_enough = |column: usize| widths[column] >= least_width(&annex.table, column, SIZE_5);
            assert!((0..widths.len()).all(wide_enough), "{widths:?}");
        }
    }

    #[test]
    fn shares_are_kept_where_there_is_room() {
        let mut table = fixture::document().annexes.remove(2).table;
        table.columns[1].width = 4;
        assert_eq!(widths(&table, 10_000, SIZE_5), [2000, 8000]);
        table.columns.clear();
        assert!(widths(&table, 10_000, SIZE_5).is_empty());
    }
}
