//! 照片册, and photos in the text: pictures in a grid of two by two, or one under the other where there are only two, each with its caption under it.

use zhucun_core::report::document::{Document, Photo};

use super::body::runs_of;
use super::layout::{Face, SIZE_5, TYPE_WIDTH};
use super::props::{Letters, Para, Spacing, paragraph_properties};
use super::xml::Xml;
use crate::columns::PADDING;
use crate::photos::{Grid, sized};

/// Units of drawings (EMU) in a twip.
const EMU: u32 = 635;
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006";

/// The pictures of the document in the order of their parts, with the numbers that name them. One that cannot be read has none.
pub(super) fn pictures(document: &Document) -> impl Iterator<Item = (usize, &Photo)> {
    document.photos().enumerate().filter(|(_, photo)| !photo.picture.bytes.is_empty())
}

/// Name of a picture's part below `word/`.
pub(super) fn file(number: usize, photo: &Photo) -> String {
    let extension = if photo.picture.media_type == "image/png" { "png" } else { "jpeg" };
    format!("media/photo{}.{extension}", number + 1)
}

/// Id of its relationship.
pub(super) fn relationship(number: usize) -> String {
    format!("rIdPhoto{}", number + 1)
}

/// Writes pictures in a grid; `first` is the number of the first one.
pub(super) fn photos(xml: &mut Xml, photos: &[Photo], grid: Grid, first: usize) {
    let width = TYPE_WIDTH / grid.columns;
    let columns = usize::try_from(grid.columns).unwrap_or(1);
    xml.element("w:tbl", &[], |xml| {
        xml.element("w:tblPr", &[], |xml| {
            xml.empty("w:tblW", &[("w:w", &TYPE_WIDTH.to_string()), ("w:type", "dxa")]);
            xml.value("w:jc", "center");
            xml.empty("w:tblLayout", &[("w:type", "fixed")]);
            super::table::cell_margins(xml, PADDING, PADDING);
        });
        xml.element("w:tblGrid", &[], |xml| {
            (0..columns).for_each(|_| xml.empty("w:gridCol", &[("w:w", &width.to_string())]));
        });
        for (row, photos) in photos.chunks(columns).enumerate() {
            xml.element("w:tr", &[], |xml| {
                xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
                for column in 0..columns {
                    let photo = photos.get(column).map(|photo| (first + row * columns + column, photo));
                    cell(xml, width, grid, photo);
                }
            });
        }
    });
}

fn cell(xml: &mut Xml, width: u32, grid: Grid, photo: Option<(usize, &Photo)>) {
    let para = |keep_next| Para {
        style: Some("TableText"),
        keep_next,
        spacing: Some(Spacing { line: SIZE_5 * 27 / 2, ..Spacing::default() }),
        justify: Some("center"),
        ..Para::default()
    };
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
        });
        let Some((number, photo)) = photo else {
            return xml.element("w:p", &[], |xml| paragraph_properties(xml, &para(false)));
        };
        // The picture's line is as high as the picture, so it has no exact pitch.
        let picture = Para { spacing: None, automatic_line: true, ..para(true) };
        xml.element("w:p", &[], |xml| {
            paragraph_properties(xml, &picture);
            if !photo.picture.bytes.is_empty() {
                xml.element("w:r", &[], |xml| drawing(xml, number, photo, grid));
            }
        });
        xml.element("w:p", &[], |xml| {
            paragraph_properties(xml, &para(false));
            runs_of(xml, Letters { face: Face::FangSong, size: SIZE_5 }, &photo.caption_text());
        });
    });
}

fn drawing(xml: &mut Xml, number: usize, photo: &Photo, grid: Grid) {
    let (width, height) = sized(&photo.picture, grid);
    let (cx, cy) = ((width * EMU).to_string(), (height * EMU).to_string());
    let (id, name, caption) = ((number + 1).to_string(), format!("照片{}", number + 1), photo.caption_text());
    let described = [("id", id.as_str()), ("name", name.as_str()), ("descr", caption.as_str())];
    let spaces = [
        ("xmlns:wp", format!("{DRAWING}/wordprocessingDrawing")),
        ("xmlns:a", format!("{DRAWING}/main")),
        ("xmlns:pic", format!("{DRAWING}/picture")),
    ];
    let [wp, a, pic] = spaces.each_ref().map(|(name, space)| (*name, space.as_str()));
    let picture = format!("{DRAWING}/picture");
    xml.element("w:drawing", &[], |xml| {
        xml.element("wp:inline", &[wp, ("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")], |xml| {
            xml.empty("wp:extent", &[("cx", &cx), ("cy", &cy)]);
            xml.empty("wp:docPr", &described);
            xml.element("a:graphic", &[a], |xml| {
                xml.element("a:graphicData", &[("uri", &picture)], |xml| {
                    xml.element("pic:pic", &[pic], |xml| {
                        xml.element("pic:nvPicPr", &[], |xml| {
                            xml.empty("pic:cNvPr", &described);
                            xml.empty("pic:cNvPicPr", &[]);
                        });
                        xml.element("pic:blipFill", &[], |xml| {
                            xml.empty("a:blip", &[("r:embed", &relationship(number))]);
                            xml.element("a:stretch", &[], |xml| xml.empty("a:fillRect", &[]));
                        });
                        xml.element("pic:spPr", &[], |xml| {
                            xml.element("a:xfrm", &[], |xml| {
                                xml.empty("a:off", &[("x", "0"), ("y", "0")]);
                                xml.empty("a:ext", &[("cx", &cx), ("cy", &cy)]);
                            });
                            xml.element("a:prstGeom", &[("prst", "rect")], |xml| xml.empty("a:avLst", &[]));
                        });
                    });
                });
            });
        });
    });
}
