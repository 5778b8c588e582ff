//! Sections: paper, margins, grid, and the page number that stands in the same place on every sheet of paper.

use super::layout::{
    BOTTOM, FOOTER, Face, LEFT, LINE, NUMBER, PAPER_LONG, PAPER_SHORT, RIGHT, SIZE_4, TOP, TYPE_HEIGHT, TYPE_WIDTH,
};
use super::props::{Indent, Letters, Para, Spacing, paragraph_properties, run_properties};
use super::xml::Xml;

/// A section's orientation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Upright.
    Portrait,
    /// Lying across; turned back for reading its head is at the left edge of the upright sheet.
    Landscape,
}

/// Which pages a footer serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// 单页码: number at the right.
    Odd,
    /// 双页码: number at the left.
    Even,
}

/// A footer part of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Footer {
    section: Section,
    side: Side,
}

impl Footer {
    /// Every footer part.
    pub(super) const ALL: [Footer; 4] = [
        Footer { section: Section::Portrait, side: Side::Odd },
        Footer { section: Section::Portrait, side: Side::Even },
        Footer { section: Section::Landscape, side: Side::Odd },
        Footer { section: Section::Landscape, side: Side::Even },
    ];

    /// Name of the part.
    pub(super) fn file(self) -> &'static str {
        match (self.section, self.side) {
            (Section::Portrait, Side::Odd) => "footer1.xml",
            (Section::Portrait, Side::Even) => "footer2.xml",
            (Section::Landscape, Side::Odd) => "footer3.xml",
            (Section::Landscape, Side::Even) => "footer4.xml",
        }
    }

    /// Id of its relationship with the document.
    pub(super) fn relationship(self) -> &'static str {
        match (self.section, self.side) {
            (Section::Portrait, Side::Odd) => "rIdFooterOdd",
            (Section::Portrait, Side::Even) => "rIdFooterEven",
            (Section::Landscape, Side::Odd) => "rIdFooterOddAcross",
            (Section::Landscape, Side::Even) => "rIdFooterEvenAcross",
        }
    }

    /// The part itself.
    pub(super) fn emit(self, xml: &mut Xml) {
        xml.element("w:ftr", &[("xmlns:w", super::package::MAIN)], |xml| match self.section {
            Section::Portrait => number_paragraph(xml, self.side),
            Section::Landscape => {
                number_at_left_edge(xml, self.side);
                let para = Para { style: Some("Footer"), ..Para::default() };
                xml.element("w:p", &[], |xml| paragraph_properties(xml, &para));
            }
        });
    }
}

impl Section {
    /// The section a sheet belongs to.
    pub(super) fn of(landscape: bool) -> Section {
        if landscape { Section::Landscape } else { Section::Portrait }
    }

    /// Width of the type area in twips.
    pub(super) fn width(self) -> u32 {
        match self {
            Section::Portrait => TYPE_WIDTH,
            Section::Landscape => TYPE_HEIGHT,
        }
    }

    /// Writes `w:sectPr`.
    pub(super) fn emit(self, xml: &mut Xml) {
        let line = LINE.to_string();
        xml.element("w:sectPr", &[], |xml| {
            for footer in Footer::ALL.into_iter().filter(|footer| footer.section == self) {
                let kind = if footer.side == Side::Odd { "default" } else { "even" };
                xml.empty("w:footerReference", &[("w:type", kind), ("r:id", footer.relationship())]);
            }
            xml.value("w:type", "nextPage");
            self.paper(xml);
            xml.empty("w:cols", &[("w:space", "720")]);
            xml.empty("w:docGrid", &[("w:type", "linesAndChars"), ("w:linePitch", &line), ("w:charSpace", "0")]);
        });
    }

    fn paper(self, xml: &mut Xml) {
        let (size, margins): (_, [u32; 4]) = match self {
            Section::Portrait => ((PAPER_SHORT, PAPER_LONG), [TOP, RIGHT, BOTTOM, LEFT]),
            Section::Landscape => ((PAPER_LONG, PAPER_SHORT), [LEFT, TOP, RIGHT, BOTTOM]),
        };
        let (width, height) = (size.0.to_string(), size.1.to_string());
        let mut attributes = vec![("w:w", width.as_str()), ("w:h", height.as_str())];
        if self == Section::Landscape {
            attributes.push(("w:orient", "landscape"));
        }
        xml.empty("w:pgSz", &attributes);
        let [top, right, bottom, left] = margins.map(|margin| margin.to_string());
        let footer = FOOTER.min(margins[2] - NUMBER).to_string();
        let edges = [("w:top", top), ("w:right", right), ("w:bottom", bottom), ("w:left", left)];
        let mut attributes: Vec<_> = edges.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.extend([("w:header", "851"), ("w:footer", footer.as_str()), ("w:gutter", "0")]);
        xml.empty("w:pgMar", &attributes);
    }
}

/// The number one character in from the outer edge, on its own line.
fn number_paragraph(xml: &mut Xml, side: Side) {
    let (justify, indent) = match side {
        Side::Odd => ("right", Indent { right: NUMBER, ..Indent::default() }),
        Side::Even => ("left", Indent { left: NUMBER, ..Indent::default() }),
    };
    let spacing = Spacing { line: NUMBER, ..Spacing::default() };
    let para =
        Para { style: Some("Footer"), spacing: Some(spacing), indent: Some(indent), justify: Some(justify), ..Para::default() };
    xml.element("w:p", &[], |xml| {
        paragraph_properties(xml, &para);
        number_runs(xml);
    });
}

/// `— 1 —` as a field that counts through all sections.
fn number_runs(xml: &mut Xml) {
    let run = |xml: &mut Xml, content: &dyn Fn(&mut Xml)| {
        xml.element("w:r", &[], |xml| {
            run_properties(xml, Letters { face: Face::Song, size: SIZE_4 });
            content(xml);
        });
    };
    run(xml, &|xml| xml.text("w:t", "— "));
    run(xml, &|xml| xml.empty("w:fldChar", &[("w:fldCharType", "begin")]));
    run(xml, &|xml| xml.text("w:instrText", " PAGE "));
    run(xml, &|xml| xml.empty("w:fldChar", &[("w:fldCharType", "separate")]));
    run(xml, &|xml| xml.text("w:t", "1"));
    run(xml, &|xml| xml.empty("w:fldChar", &[("w:fldCharType", "end")]));
    run(xml, &|xml| xml.text("w:t", " —"));
}

/// On a sheet lying across, the upright sheet's foot is at the left: a one-celled floating table there, its text turned.
fn number_at_left_edge(xml: &mut Xml, side: Side) {
    let (x, y, height) = (FOOTER.to_string(), LEFT.to_string(), TYPE_WIDTH.to_string());
    let width = NUMBER.to_string();
    let place = [
        ("w:leftFromText", "0"),
        ("w:rightFromText", "0"),
        ("w:vertAnchor", "page"),
        ("w:horzAnchor", "page"),
        ("w:tblpX", x.as_str()),
        ("w:tblpY", y.as_str()),
    ];
    xml.element("w:tbl", &[], |xml| {
        xml.element("w:tblPr", &[], |xml| {
            xml.empty("w:tblpPr", &place);
            xml.value("w:tblOverlap", "never");
            xml.empty("w:tblW", &[("w:w", &width), ("w:type", "dxa")]);
            xml.empty("w:tblLayout", &[("w:type", "fixed")]);
            super::table::cell_margins(xml, 0, 0);
        });
        xml.element("w:tblGrid", &[], |xml| xml.empty("w:gridCol", &[("w:w", &width)]));
        xml.element("w:tr", &[], |xml| {
            xml.element("w:trPr", &[], |xml| xml.empty("w:trHeight", &[("w:val", &height), ("w:hRule", "exact")]));
            xml.element("w:tc", &[], |xml| {
                xml.element("w:tcPr", &[], |xml| {
                    xml.empty("w:tcW", &[("w:w", &width), ("w:type", "dxa")]);
                    xml.value("w:textDirection", "tbRl");
                    xml.value("w:vAlign", "center");
                });
                number_paragraph(xml, side);
            });
        });
    });
}
