//! Tables: thin black rules, a head repeated on every page, rows that stay whole, the total row last.

use zhucun_core::report::document::{Align, Cell, Table};

use super::body::{note_run, runs_of};
use super::layout::{Face, SIZE_5, SIZE_SMALL_4};
use super::props::{Letters, Para, Spacing, paragraph_properties};
use super::xml::Xml;
use crate::columns::{FEW_COLUMNS, PADDING, widths};

/// Thickness of rules in eighths of a point: half a point.
const RULE: &str = "4";

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

    /// Exact line pitch in twips: 1.35 times the letters' height, as in the PDF.
    fn spacing(&self) -> Spacing {
        Spacing { line: self.size * 27 / 2, ..Spacing::default() }
    }

    /// Space above and below a cell's text in twips; with it a row of one line is 1.8 times the letters' height.
    fn above_and_below(&self) -> u32 {
        self.size * 9 / 4
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
            let face = if index < table.rows.len() { Face::FangSong } else { Face::Hei };
            row(xml, table, cells, &setting, (face, kept));
        }
    });
}

/// Writes `w:tblCellMar` with the same space at left and right, and above and below.
pub(super) fn cell_margins(xml: &mut Xml, side: u32, above_and_below: u32) {
    let [side, height] = [side, above_and_below].map(|twips| twips.to_string());
    xml.element("w:tblCellMar", &[], |xml| {
        xml.empty("w:top", &[("w:w", &height), ("w:type", "dxa")]);
        xml.empty("w:left", &[("w:w", &side), ("w:type", "dxa")]);
        xml.empty("w:bottom", &[("w:w", &height), ("w:type", "dxa")]);
        xml.empty("w:right", &[("w:w", &side), ("w:type", "dxa")]);
    });
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
        cell_margins(xml, PADDING, setting.above_and_below());
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

fn row(xml: &mut Xml, table: &Table, cells: &[Cell], setting: &Setting, (face, keep_next): (Face, bool)) {
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
                runs_of(xml, setting.letters(face), &text);
                note_run(xml, setting.letters(face), cells.get(index).and_then(|cell| cell.note));
            });
        }
    });
}

/// A row never breaks across pages; the head is repeated.
fn row_properties(xml: &mut Xml, setting: &Setting, is_head: bool) {
    let height = (setting.size * 18).to_string();
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
