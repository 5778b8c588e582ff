//! Properties of paragraphs and runs, emitted in the order the schema (ECMA-376, CT_PPr and CT_RPr) demands.

use super::layout::{Face, SIZE_3, TIGHTER};
use super::section::Section;
use super::xml::Xml;

/// What a paragraph or a paragraph style sets; what is left out is inherited.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Para {
    /// Name of the style.
    pub(super) style: Option<&'static str>,
    /// Stays on one page with the next paragraph.
    pub(super) keep_next: bool,
    /// Does not break across pages.
    pub(super) keep_lines: bool,
    /// Starts a new page.
    pub(super) new_page: bool,
    /// The settings of Chinese typesetting that only the base style carries.
    pub(super) base: bool,
    /// Whether lines and characters follow the page's grid.
    pub(super) grid: Option<bool>,
    /// Distances and line pitch.
    pub(super) spacing: Option<Spacing>,
    /// Lines as high as what stands in them, such as pictures.
    pub(super) automatic_line: bool,
    /// Indents.
    pub(super) indent: Option<Indent>,
    /// `both`, `left`, `center` or `right`.
    pub(super) justify: Option<&'static str>,
    /// Outline level, 0 being the highest.
    pub(super) outline: Option<u32>,
    /// The section that ends with the paragraph.
    pub(super) section: Option<Section>,
}

/// Vertical distances in twips.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spacing {
    /// Above the paragraph.
    pub(super) before: u32,
    /// Below the paragraph.
    pub(super) after: u32,
    /// Exact line pitch.
    pub(super) line: u32,
}

/// Horizontal distances in twips.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Indent {
    /// From the left edge.
    pub(super) left: u32,
    /// From the right edge.
    pub(super) right: u32,
    /// How far the first line stands out to the left.
    pub(super) hanging: u32,
    /// Whether the first line stands in by two characters of whatever size.
    pub(super) two_characters: bool,
}

/// Font and size of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letters {
    /// The font, for every script.
    pub(super) face: Face,
    /// Size in half points.
    pub(super) size: u32,
}

/// Writes `w:pPr`.
pub(super) fn paragraph_properties(xml: &mut Xml, para: &Para) {
    xml.element("w:pPr", &[], |xml| {
        if let Some(style) = para.style {
            xml.value("w:pStyle", style);
        }
        flag(xml, "w:keepNext", para.keep_next);
        flag(xml, "w:keepLines", para.keep_lines);
        flag(xml, "w:pageBreakBefore", para.new_page);
        if para.base {
            base_properties(xml);
        }
        if let Some(grid) = para.grid {
            xml.value("w:snapToGrid", u8::from(grid));
        }
        if let Some(spacing) = para.spacing {
            spacing_properties(xml, spacing);
        }
        if para.automatic_line {
            xml.empty("w:spacing", &[("w:before", "0"), ("w:after", "0"), ("w:line", "240"), ("w:lineRule", "auto")]);
        }
        if let Some(indent) = para.indent {
            indent_properties(xml, indent);
        }
        if let Some(justify) = para.justify {
            xml.value("w:jc", justify);
        }
        if let Some(level) = para.outline {
            xml.value("w:outlineLvl", level);
        }
        if let Some(section) = para.section {
            section.emit(xml);
        }
    });
}

/// Writes `w:rPr`; the same font for every script, so that no program falls back on its own.
pub(super) fn run_properties(xml: &mut Xml, letters: Letters) {
    properties_of_letters(xml, letters, None, false);
}

/// Writes `w:rPr` of a small raised number behind a text.
pub(super) fn run_properties_raised(xml: &mut Xml, letters: Letters) {
    properties_of_letters(xml, letters, None, true);
}

/// Writes `w:rPr` of a style that leaves the page's grid of characters.
pub(super) fn run_properties_off_grid(xml: &mut Xml, letters: Letters) {
    properties_of_letters(xml, letters, Some(false), false);
}

fn properties_of_letters(xml: &mut Xml, letters: Letters, grid: Option<bool>, raised: bool) {
    let name = letters.face.name();
    let fonts = [("w:ascii", name), ("w:hAnsi", name), ("w:eastAsia", name), ("w:cs", name), ("w:hint", "eastAsia")];
    xml.element("w:rPr", &[], |xml| {
        xml.empty("w:rFonts", &fonts);
        if let Some(grid) = grid {
            xml.value("w:snapToGrid", u8::from(grid));
        }
        xml.value("w:spacing", if letters.size == SIZE_3 { TIGHTER } else { 0 });
        xml.value("w:sz", letters.size);
        xml.value("w:szCs", letters.size);
        if raised {
            xml.value("w:vertAlign", "superscript");
        }
    });
}

/// Line breaking and spacing as Chinese documents have them; no automatic gaps between scripts.
fn base_properties(xml: &mut Xml) {
    xml.value("w:widowControl", 0);
    xml.value("w:kinsoku", 1);
    xml.value("w:wordWrap", 1);
    xml.value("w:overflowPunct", 1);
    xml.value("w:autoSpaceDE", 0);
    xml.value("w:autoSpaceDN", 0);
    // The grid counts 27 characters of 16 pt a line; lines are not cut down to its whole cells.
    xml.value("w:adjustRightInd", 0);
}

fn spacing_properties(xml: &mut Xml, spacing: Spacing) {
    let [before, after, line] = [spacing.before, spacing.after, spacing.line].map(|twips| twips.to_string());
    xml.empty("w:spacing", &[("w:before", &before), ("w:after", &after), ("w:line", &line), ("w:lineRule", "exact")]);
}

fn indent_properties(xml: &mut Xml, indent: Indent) {
    let [left, right, hanging] = [indent.left, indent.right, indent.hanging].map(|twips| twips.to_string());
    let mut attributes = vec![("w:left", left.as_str()), ("w:right", right.as_str())];
    if indent.two_characters {
        attributes.extend([("w:firstLineChars", "200"), ("w:firstLine", "632")]);
    } else if indent.hanging > 0 {
        attributes.push(("w:hanging", hanging.as_str()));
    } else {
        attributes.extend([("w:firstLineChars", "0"), ("w:firstLine", "0")]);
    }
    xml.empty("w:ind", &attributes);
}

fn flag(xml: &mut Xml, name: &str, on: bool) {
    if on {
        xml.empty(name, &[]);
    }
}
