//! What must hold for every document written: schema order, text order, same bytes.

use std::io::{Cursor, Read};

use quick_xml::events::Event;
use zhucun_core::report::document::Document;

use super::docx;
use crate::fixture;
use crate::printable::is_printable;

/// Children in the order of ECMA-376 (transitional), as far as the writer uses them and a bit beyond.
const ORDERS: [(&str, &str); 17] = [
    (
        "w:pPr",
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs kinsoku wordWrap overflowPunct \
         topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing jc textDirection \
         textAlignment outlineLvl rPr sectPr",
    ),
    ("w:rPr", "rStyle rFonts b bCs i iCs snapToGrid vanish color spacing w kern position sz szCs highlight u vertAlign lang"),
    ("w:tblPr", "tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook"),
    ("w:tcPr", "tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign"),
    ("w:sectPr", "footerReference type pgSz pgMar pgNumType cols titlePg textDirection docGrid"),
    ("w:tcBorders", "top left bottom right insideH insideV"),
    ("w:tblCellMar", "top left bottom right"),
    ("w:tblBorders", "top left bottom right insideH insideV"),
    ("w:tbl", "tblPr tblGrid tr"),
    ("w:tr", "trPr tc"),
    ("w:tc", "tcPr p"),
    ("w:p", "pPr r"),
    ("w:r", "rPr br t fldChar instrText drawing"),
    ("w:font", "altName panose1 charset family notTrueType pitch sig"),
    ("w:styles", "docDefaults latentStyles style"),
    (
        "w:settings",
        "zoom defaultTabStop evenAndOddHeaders characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
    ),
    ("w:style", "name aliases basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr trPr tcPr"),
];

fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes).into_iter().find(|(part, _)| part == name).unwrap().1
}

fn name_of(name: quick_xml::name::QName) -> String {
    String::from_utf8(name.as_ref().to_vec()).unwrap()
}

fn check_order(parent: &str, last: &mut usize, child: &str, part: &str) {
    let Some((_, order)) = ORDERS.iter().find(|(name, _)| *name == parent) else { return };
    let place = order.split_whitespace().position(|name| child == format!("w:{name}"));
    let place = place.unwrap_or_else(|| panic!("{child} in {parent} of {part}"));
    assert!(place >= *last, "{child} too late in {parent} of {part}");
    *last = place;
}

#[test]
fn children_stand_in_schema_order() {
    for (part, text) in parts(&docx(&fixture::document()).unwrap()) {
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut open: Vec<(String, usize)> = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    let name = name_of(start.name());
                    if let Some((parent, last)) = open.last_mut() {
                        check_order(parent, last, &name, &part);
                    }
                    open.push((name, 0));
                }
                Event::Empty(empty) => {
                    if let Some((parent, last)) = open.last_mut() {
                        check_order(parent, last, &name_of(empty.name()), &part);
                    }
                }
                Event::End(_) => drop(open.pop()),
                Event::Eof => break,
                _ => (),
            }
        }
        assert!(open.is_empty());
    }
}

/// The text of `document.xml`: a line a paragraph or table row, cells joined by tabs, empty paragraphs left out.
fn text_lines(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut lines, mut cells, mut text, mut table, mut inside) = (Vec::new(), Vec::new(), String::new(), false, false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) if start.name().as_ref() == b"w:tbl" => table = true,
            Event::Start(start) => inside = start.name().as_ref() == b"w:t",
            Event::Empty(empty) if empty.name().as_ref() == b"w:br" => text.push('\n'),
            Event::Text(part) if inside => text.push_str(&part.decode().unwrap()),
            Event::GeneralRef(entity) if inside => text.push_str(match &entity[..] {
                b"amp" => "&",
                b"lt" => "<",
                b"gt" => ">",
                b"quot" => "\"",
                other => panic!("{other:?}"),
            }),
            Event::End(end) => match end.name().as_ref() as &[u8] {
                b"w:t" => inside = false,
                b"w:tc" => cells.push(std::mem::take(&mut text)),
                b"w:tr" => lines.push(std::mem::take(&mut cells).join("\t")),
                b"w:tbl" => table = false,
                b"w:p" if !table && !text.is_empty() => lines.push(std::mem::take(&mut text)),
                _ => (),
            },
            Event::Eof => return lines,
            _ => (),
        }
    }
}

fn legal(text: &str) -> String {
    text.chars().filter(|c| is_printable(*c) || *c == '\n' || *c == '\t').collect()
}

#[test]
fn text_stands_in_the_order_of_the_plain_text() {
    let document = fixture::document();
    let xml = part(&docx(&document).unwrap(), "word/document.xml");
    let wanted = legal(&document.plain_text().join("\n"));
    assert_eq!(text_lines(&xml).join("\n"), wanted);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = fixture::document();
    assert_eq!(docx(&document).unwrap(), docx(&document).unwrap());
}

#[test]
fn every_run_names_its_font_and_size() {
    for (name, xml) in parts(&docx(&fixture::document()).unwrap()) {
        assert_eq!(xml.matches("<w:r>").count(), xml.matches("<w:r><w:rPr><w:rFonts w:ascii=").count(), "{name}");
        assert!(!xml.contains("Theme=") && !xml.contains("<w:b/>"), "{name}");
    }
}

#[test]
fn sections_follow_the_annexes() {
    let xml = part(&docx(&fixture::document()).unwrap(), "word/document.xml");
    // Text upright, annex 1 across, annex 2 upright, annex 3 across.
    let orientations: Vec<bool> = xml.split("<w:pgSz").skip(1).map(|rest| rest.contains("w:orient=")).collect();
    assert_eq!(orientations.len(), 4);
    assert_eq!(xml.matches("w:orient=\"landscape\"").count(), 2);
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 4);
    assert!(xml.contains("w:linePitch=\"579\""));
}

#[test]
fn a_finalised_report_carries_its_fingerprint() {
    let mut document = fixture::document();
    document.properties.fingerprint = Some("0a".repeat(32));
    let core = part(&docx(&document).unwrap(), "docProps/core.xml");
    assert!(core.contains(&format!("SHA-256 {}</cp:keywords>", "0a".repeat(32))) && core.contains("已签发"));
}

#[test]
fn properties_are_the_documents() {
    let core = part(&docx(&fixture::document()).unwrap(), "docProps/core.xml");
    assert!(core.contains("2026-06-30T00:00:00Z") && core.contains("<dc:creator>青石镇云溪村驻村工作队</dc:creator>"));
}

#[test]
fn an_empty_document_is_a_document() {
    let mut document: Document = fixture::document();
    document.title.clear();
    document.blocks.clear();
    document.annexes.clear();
    assert!(text_lines(&part(&docx(&document).unwrap(), "word/document.xml")).is_empty());
}

#[test]
fn pictures_lie_in_the_package_and_are_drawn_with_their_captions() {
    let mut document = fixture::document();
    document.annexes.push(fixture::album(5));
    let bytes = docx(&document).unwrap();
    let xml = part(&bytes, "word/document.xml");
    let relations = part(&bytes, "word/_rels/document.xml.rels");
    assert_eq!(xml.matches("<w:drawing>").count(), 5);
    for number in 1..=5 {
        assert!(
            xml.contains(&format!("r:embed=\"rIdPhoto{number}\"")) && relations.contains(&format!("media/photo{number}.png"))
        );
    }
    assert!(part(&bytes, "[Content_Types].xml").contains("Extension=\"png\" ContentType=\"image/png\""));
    assert_eq!(xml.matches("descr=\"时间：2026年3月6日　地点：上石屯").count(), 10, "read aloud, a picture says its caption");
    let text = text_lines(&xml).join("\n").replace('\t', "\n");
    assert_eq!(text.matches("人物：罗启明、覃晓岚").count(), document.plain_text().join("\n").matches("人物：").count());
}

#[test]
fn photos_and_titled_tables_stand_in_the_text_in_their_place() {
    let mut document = fixture::document();
    document.annexes.push(fixture::album(2));
    let photos = fixture::album(3).photos;
    let lost = zhucun_core::report::document::Photo { picture: Default::default(), ..photos[0].clone() };
    let block = zhucun_core::report::document::Block::Photos { key: "own.1".to_owned(), photos: [photos, vec![lost]].concat() };
    document.blocks.insert(2, block);
    for block in &mut document.blocks {
        if let zhucun_core::report::document::Block::Table { title, .. } = block {
            *title = Some("走访情况表".to_owned());
        }
    }
    let bytes = docx(&document).unwrap();
    let (xml, relations) = (part(&bytes, "word/document.xml"), part(&bytes, "word/_rels/document.xml.rels"));
    assert_eq!(xml.matches("<w:drawing>").count(), 5, "one that cannot be read has its caption only");
    for number in [1, 2, 3, 5, 6] {
        let is_there = relations.contains(&format!("media/photo{number}.png"));
        assert!(is_there && xml.contains(&format!("r:embed=\"rIdPhoto{number}\"")), "{number}");
    }
    assert!(!relations.contains("media/photo4"));
    let text = text_lines(&xml).join("\n").replace('\t', "\n");
    assert_eq!(text, legal(&document.plain_text().join("\n")).replace('\t', "\n"), "the same text as every rendering");
}

#[test]
fn a_reviewed_figure_carries_its_number_raised() {
    let mut document = fixture::document();
    for block in &mut document.blocks {
        if let zhucun_core::report::document::Block::Paragraph { runs, .. } = block {
            runs.iter_mut().filter(|run| run.figure.is_some()).for_each(|run| run.note = Some(7));
        }
    }
    document.annexes[1].table.rows[0][4].note = Some(8);
    let xml = part(&docx(&document).unwrap(), "word/document.xml");
    for note in ["7", "8"] {
        assert!(xml.contains(&format!("<w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>{note}</w:t>")));
    }
    assert_eq!(text_lines(&xml).join("\n"), legal(&document.plain_text().join("\n")), "the same text as every rendering");
}

/// Leaves `album.docx` and `album.pdf` in the folder for temporary files, to be looked at.
#[test]
#[ignore = "run by hand to look at the pages"]
fn leaves_an_album_to_look_at() {
    let mut document = fixture::document();
    document.annexes = vec![fixture::album(6), fixture::album(2)];
    std::fs::write(std::env::temp_dir().join("album.docx"), docx(&document).unwrap()).unwrap();
    std::fs::write(std::env::temp_dir().join("album.pdf"), crate::pdf(&document, fixture::fonts()).unwrap()).unwrap();
}
