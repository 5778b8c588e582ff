//! Styles and settings: the parts of GB/T 9704-2012 as real Word styles, so that a clerk can edit on.

use super::layout::{CHAR, Face, LINE, SIZE_2, SIZE_3, SIZE_4, SIZE_5};
use super::package::MAIN;
use super::props::{Indent, Letters, Para, Spacing, paragraph_properties, run_properties, run_properties_off_grid};
use super::xml::Xml;

/// A paragraph style.
struct Style {
    id: &'static str,
    name: &'static str,
    next: &'static str,
    para: Para,
    letters: Letters,
}

const BODY: Letters = Letters { face: Face::FangSong, size: SIZE_3 };

/// Letters of a heading: 黑体, 楷体, then 仿宋; never bold.
pub(super) fn heading_letters(level: u8) -> Letters {
    let face = match level {
        0 | 1 => Face::Hei,
        2 => Face::Kai,
        _ => Face::FangSong,
    };
    Letters { face, size: SIZE_3 }
}

/// Id of a heading's style.
pub(super) fn heading_style(level: u8) -> &'static str {
    match level {
        0 | 1 => "Heading1",
        2 => "Heading2",
        3 => "Heading3",
        _ => "Heading4",
    }
}

/// Writes `styles.xml`.
pub(super) fn styles(xml: &mut Xml) {
    xml.element("w:styles", &[("xmlns:w", MAIN)], |xml| {
        defaults(xml);
        base_styles(xml);
        for style in text_styles().into_iter().chain(headings()).chain(annex_styles()) {
            paragraph_style(xml, &style);
        }
    });
}

/// Writes `settings.xml`.
pub(super) fn settings(xml: &mut Xml) {
    let word = "http://schemas.microsoft.com/office/word";
    let modern = ["overrideTableStyleFontSizeAndJustification", "enableOpenTypeFeatures", "doNotFlipMirrorIndents"];
    xml.element("w:settings", &[("xmlns:w", MAIN)], |xml| {
        xml.empty("w:zoom", &[("w:percent", "100")]);
        xml.value("w:defaultTabStop", 632);
        xml.empty("w:evenAndOddHeaders", &[]);
        xml.value("w:characterSpacingControl", "doNotCompress");
        xml.element("w:compat", &[], |xml| {
            xml.empty("w:doNotExpandShiftReturn", &[]);
            xml.empty("w:useFELayout", &[]);
            let mut setting = |name: &str, value: &str| {
                xml.empty("w:compatSetting", &[("w:name", name), ("w:uri", word), ("w:val", value)]);
            };
            setting("compatibilityMode", "15");
            modern.into_iter().for_each(|name| setting(name, "1"));
        });
        xml.empty("w:themeFontLang", &[("w:val", "en-US"), ("w:eastAsia", "zh-CN")]);
        xml.value("w:decimalSymbol", ".");
        xml.value("w:listSeparator", ",");
    });
}

/// Writes `fontTable.xml`, which names a stand-in for every font that may be missing.
pub(super) fn font_table(xml: &mut Xml) {
    xml.element("w:fonts", &[("xmlns:w", MAIN)], |xml| {
        for face in Face::ALL {
            xml.element("w:font", &[("w:name", face.name())], |xml| {
                xml.value("w:altName", face.stand_in());
                xml.value("w:charset", "86");
                xml.value("w:family", face.family());
                xml.value("w:pitch", "default");
            });
        }
    });
}

fn defaults(xml: &mut Xml) {
    let name = BODY.face.name();
    let fonts = [("w:ascii", name), ("w:hAnsi", name), ("w:eastAsia", name), ("w:cs", name)];
    xml.element("w:docDefaults", &[], |xml| {
        xml.element("w:rPrDefault", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                xml.empty("w:rFonts", &fonts);
                xml.value("w:sz", BODY.size);
                xml.value("w:szCs", BODY.size);
                // Figures count as Latin text, which by the rules of Chinese could break between any two digits.
                xml.empty("w:lang", &[("w:val", "en-US"), ("w:eastAsia", "zh-CN"), ("w:bidi", "ar-SA")]);
            });
        });
        xml.element("w:pPrDefault", &[], |_| ());
    });
}

/// The styles every document has.
fn base_styles(xml: &mut Xml) {
    xml.element("w:style", &[("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")], |xml| {
        xml.value("w:name", "Normal");
        xml.empty("w:qFormat", &[]);
        let spacing = Some(Spacing { line: LINE, ..Spacing::default() });
        let para = Para { base: true, grid: Some(true), spacing, justify: Some("both"), ..Para::default() };
        paragraph_properties(xml, &para);
        run_properties(xml, BODY);
    });
    xml.element("w:style", &[("w:type", "character"), ("w:default", "1"), ("w:styleId", "DefaultFont")], |xml| {
        xml.value("w:name", "Default Paragraph Font");
        xml.value("w:uiPriority", 1);
        xml.empty("w:semiHidden", &[]);
    });
    xml.element("w:style", &[("w:type", "table"), ("w:default", "1"), ("w:styleId", "TableNormal")], |xml| {
        xml.value("w:name", "Normal Table");
        xml.value("w:uiPriority", 99);
        xml.empty("w:semiHidden", &[]);
        xml.element("w:tblPr", &[], |xml| super::table::cell_margins(xml, crate::columns::PADDING, 0));
    });
    xml.element("w:style", &[("w:type", "numbering"), ("w:default", "1"), ("w:styleId", "NoList")], |xml| {
        xml.value("w:name", "No List");
        xml.value("w:uiPriority", 99);
        xml.empty("w:semiHidden", &[]);
    });
}

fn paragraph_style(xml: &mut Xml, style: &Style) {
    xml.element("w:style", &[("w:type", "paragraph"), ("w:styleId", style.id)], |xml| {
        xml.value("w:name", style.name);
        xml.value("w:basedOn", "Normal");
        xml.value("w:next", style.next);
        xml.empty("w:qFormat", &[]);
        paragraph_properties(xml, &style.para);
        if style.para.grid == Some(false) {
            run_properties_off_grid(xml, style.letters);
        } else {
            run_properties(xml, style.letters);
        }
    });
}

fn style(id: &'static str, name: &'static str, para: Para) -> Style {
    Style { id, name, next: id, para, letters: BODY }
}

/// Spacing with a blank line above or below.
fn blank_line(before: u32, after: u32) -> Option<Spacing> {
    Some(Spacing { before: before * LINE, after: after * LINE, line: LINE })
}

fn text_styles() -> Vec<Style> {
    let two_in = Some(Indent { two_characters: true, ..Indent::default() });
    let kept = Para { keep_next: true, keep_lines: true, ..Para::default() };
    // Off the grid: letters of 22 pt would take two of its lines each.
    let title = Para { grid: Some(false), spacing: blank_line(0, 1), justify: Some("center"), ..kept };
    let list_indent = Some(Indent { left: CHAR * 6, hanging: CHAR * 4, ..Indent::default() });
    vec![
        Style {
            next: "Addressee",
            letters: Letters { face: Face::XiaoBiaoSong, size: SIZE_2 },
            ..style("Title", "Title", title)
        },
        Style { next: "BodyText", ..style("Addressee", "主送机关", Para { keep_next: true, ..Para::default() }) },
        style("BodyText", "Body Text", Para { indent: two_in, ..Para::default() }),
        style("AnnexList", "附件说明", Para { indent: list_indent, justify: Some("left"), ..Para::default() }),
        style("SignName", "署名", Para { justify: Some("right"), spacing: blank_line(1, 0), ..kept }),
        style("SignDate", "成文日期", Para { justify: Some("right"), keep_lines: true, ..Para::default() }),
        Style {
            letters: Letters { face: Face::Song, size: SIZE_4 },
            ..style("Footer", "footer", Para { grid: Some(false), justify: Some("left"), ..Para::default() })
        },
    ]
}

fn headings() -> Vec<Style> {
    const NAMES: [&str; 4] = ["heading 1", "heading 2", "heading 3", "heading 4"];
    (1u8..)
        .zip(NAMES)
        .map(|(level, name)| {
            let para = Para {
                keep_next: true,
                keep_lines: true,
                indent: Some(Indent { two_characters: true, ..Indent::default() }),
                outline: Some(u32::from(level) - 1),
                ..Para::default()
            };
            Style { next: "BodyText", letters: heading_letters(level), ..style(heading_style(level), name, para) }
        })
        .collect()
}

fn annex_styles() -> Vec<Style> {
    let kept = Para { keep_next: true, keep_lines: true, ..Para::default() };
    // Letters of 22 pt fill their line; the table below keeps off.
    let spacing = Some(Spacing { before: LINE, after: LINE / 3, line: LINE });
    let title = Para { grid: Some(false), spacing, justify: Some("center"), ..kept };
    let small = Para { grid: Some(false), justify: Some("left"), ..Para::default() };
    let table = Letters { face: Face::FangSong, size: SIZE_5 };
    vec![
        Style {
            next: "AnnexTitle",
            letters: Letters { face: Face::Hei, size: SIZE_3 },
            ..style("AnnexNumber", "附件序号", Para { justify: Some("left"), ..kept })
        },
        Style { letters: Letters { face: Face::XiaoBiaoSong, size: SIZE_2 }, ..style("AnnexTitle", "附件标题", title) },
        Style { letters: table, ..style("TableUnit", "表格单位", Para { keep_next: true, justify: Some("right"), ..small }) },
        Style { letters: table, ..style("TableText", "表格文字", small) },
        Style {
            letters: Letters { face: Face::Hei, size: SIZE_5 },
            ..style("TableHead", "表格表头", Para { justify: Some("center"), ..small })
        },
    ]
}
