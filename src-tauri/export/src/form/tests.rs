//! Forms as people make them, filled: what changes and what does not.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zhucun_core::report::form::{FormContent, FormList, FormValue, FormValues, IdFormat};
use zhucun_core::value::Fen;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{FormError, FormKind, FormReport, fill_form};

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const S: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn value(label: &str, key: &str, content: FormContent, unit: &str) -> FormValue {
    FormValue {
        key: key.to_owned(),
        label: label.to_owned(),
        aliases: Vec::new(),
        content,
        unit: unit.to_owned(),
        definition: String::new(),
        records: 3,
        is_figure: true,
    }
}

fn count(count: i64) -> FormContent {
    FormContent::Count { count, approximate: false }
}

fn visits(rows: usize) -> FormList {
    let row = |at: usize| {
        let day = "2026-03-06".parse().unwrap();
        let number = i64::try_from(at + 1).unwrap();
        let note = if at == 1 { "=SUM(A1)\n第二行".to_owned() } else { format!("<石>&{number}") };
        vec![
            count(number),
            FormContent::Day(day),
            FormContent::text(note),
            FormContent::IdNumber("11010519491231002X".to_owned()),
        ]
    };
    FormList {
        key: "visits".to_owned(),
        title: "走访台账".to_owned(),
        aliases: Vec::new(),
        columns: ["序号", "走访日期", "户主", "证件号码"].map(str::to_owned).to_vec(),
        rows: (0..rows).map(row).collect(),
    }
}

fn values_with(rows: usize) -> FormValues {
    let values = vec![
        value("走访户次", "visits.household_times", count(128), "户次"),
        value("监测对象户数", "households.monitored.count", count(0), "户"),
        value("总投资", "projects.budget", FormContent::Money(Fen::yuan(125_000)), ""),
        value("走访覆盖率", "coverage.rate", FormContent::Percent(9850), ""),
        value("村名", "village.names", FormContent::text("石门村"), ""),
        value("今天", "today", FormContent::Day("2026-06-20".parse().unwrap()), ""),
    ];
    let empty = FormList {
        key: "plans".to_owned(),
        title: "下步计划".to_owned(),
        aliases: Vec::new(),
        columns: vec!["事项".to_owned()],
        rows: Vec::new(),
    };
    FormValues::with(values, vec![visits(rows), empty])
}

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

fn types(main: &str) -> String {
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/x\" ContentType=\"{main}\"/></Types>"
    )
}

fn word(body: &str) -> Vec<u8> {
    let document = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"{W}\"><w:body>{body}</w:body></w:document>");
    package(&[
        ("[Content_Types].xml", types("wordprocessingml.document.main+xml")),
        ("word/document.xml", document),
        ("word/media/image1.png", "not really a picture".to_owned()),
    ])
}

fn body(bytes: &[u8]) -> String {
    let document = parts(bytes).remove("word/document.xml").unwrap();
    super::tree::Tree::read(&document).unwrap();
    document.split_once("<w:body>").unwrap().1.split_once("</w:body>").unwrap().0.to_owned()
}

fn filled(form: &str) -> (String, FormReport) {
    let done = fill_form(&word(form), &values_with(3), IdFormat::Text).unwrap();
    (body(&done.bytes), done.report)
}

/// The text a reader sees, a line a paragraph or row.
fn shown(xml: &str) -> Vec<String> {
    let breaks = xml.replace("</w:p>", "¶").replace("<w:br/>", "⏎").replace("</w:tc>", "|").replace("</w:tr>", "¶");
    let mut text = String::new();
    let mut rest = breaks.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.replace("¶|", "|").split('¶').map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<w:tc><w:tcPr/>{}</w:tc>", p(cell))).collect();
    format!("<w:tr w14:paraId=\"00A1\" w:rsidR=\"00B2\">{cells}</w:tr>")
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", rows.concat())
}

#[test]
fn values_go_where_their_placeholders_stand() {
    let (xml, report) =
        filled(&p("走访{{走访户次}}户次（{{走访户次:带单位}}），投资{{总投资:万元}}万元、{{总投资}}元，{{today}}，{{村名}}"));
    assert_eq!(shown(&xml), ["走访128户次（128户次），投资12.5万元、125000元，2026年6月20日，石门村"]);
    assert!(report.findings.is_empty());
    assert_eq!(report.uses.first().map(|used| (used.key.as_str(), used.text.as_str())), Some(("visits.household_times", "128")));
}

#[test]
fn a_share_has_its_sign_once() {
    let (xml, _) = filled(&p("{{走访覆盖率}}，{{走访覆盖率}}%"));
    assert_eq!(shown(&xml), ["98.5%，98.5%"]);
}

#[test]
fn a_placeholder_split_over_runs_tabs_and_formats_is_one() {
    let split = "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>共{</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
        <w:r><w:t>{走</w:t><w:tab/></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>访户次</w:t></w:r><w:r><w:t>}}次 </w:t></w:r></w:p>";
    let (xml, report) = filled(split);
    assert_eq!(shown(&xml), ["共128次 "]);
    assert!(report.findings.is_empty());
    assert!(xml.contains("<w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">共128</w:t>"), "the letters of its beginning: {xml}");
    assert!(xml.contains("<w:proofErr w:type=\"spellStart\"/>") && xml.contains("<w:jc w:val=\"center\"/>"));
}

#[test]
fn everything_else_stays_byte_for_byte() {
    let untouched = "<w:p w:rsidR=\"00\"  ><w:r><w:t>a &#x26; b</w:t></w:r></w:p><w:p/><!-- 注 -->";
    let form = word(&format!("{untouched}{}<w:sectPr/>", p("{{走访户次}}")));
    let done = fill_form(&form, &values_with(1), IdFormat::Text).unwrap();
    assert!(body(&done.bytes).starts_with(untouched) && body(&done.bytes).ends_with("<w:sectPr/>"));
    let (before, after) = (parts(&form), parts(&done.bytes));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, text) in before.iter().filter(|(name, _)| *name != "word/document.xml") {
        assert_eq!(after.get(name), Some(text), "{name}");
    }
    let again = fill_form(&form, &values_with(1), IdFormat::Text).unwrap();
    assert!(again.bytes == done.bytes, "the same form gives the same bytes");
    let plain = word("<w:p/>");
    assert_eq!(parts(&fill_form(&plain, &values_with(1), IdFormat::Text).unwrap().bytes), parts(&plain));
}

#[test]
fn a_row_that_names_a_lists_column_is_repeated() {
    let (xml, report) = filled(&table(&[
        row(&["序号", "户主"]),
        row(&["{{走访台账.序号}}", "{{走访台账.户主}}"]),
        row(&["合计", "{{走访台账.条数}}"]),
    ]));
    assert_eq!(shown(&xml), ["序号|户主|", "1|&lt;石&gt;&amp;1|", "2|=SUM(A1)⏎第二行|", "3|&lt;石&gt;&amp;3|", "合计|3|"]);
    assert!(report.findings.is_empty());
    assert_eq!(xml.matches("w14:paraId").count(), 3, "a copy has no id of its own");
    assert_eq!(xml.matches("w:rsidR=\"00B2\"").count(), 5);
}

#[test]
fn a_list_without_records_leaves_an_empty_row() {
    let (xml, _) = filled(&table(&[row(&["{{下步计划.事项}}"])]));
    assert!(xml.contains("<w:tr ") && shown(&xml) == ["|"], "{xml}");
}

#[test]
fn rows_between_marks_are_repeated_and_rows_of_marks_go() {
    let rows = [
        row(&["{{#走访台账}}", ""]),
        row(&["{{序号}}", "甲"]),
        row(&["{{走访日期}}", "{{走访日期:年月日}}"]),
        row(&["{{/走访台账}}", ""]),
    ];
    let (xml, report) = filled(&table(&rows));
    assert_eq!(shown(&xml).len(), 6, "{xml}");
    assert_eq!(shown(&xml)[..2], ["1|甲|", "2026-3-6|2026年3月6日|"]);
    assert!(report.findings.is_empty());
    let rows = [row(&["{%tr for 行 in 走访台账 %}"]), row(&["{{ 行.序号 }}"]), row(&["{%tr endfor %}"])];
    assert_eq!(shown(&filled(&table(&rows)).0), ["1|", "2|", "3|"], "as other programs write it");
}

#[test]
fn marks_in_one_row_and_nested_tables_are_understood() {
    let one = table(&[row(&["{{#走访台账}}{{序号}}", "{{户主}}{{/走访台账}}"])]);
    assert_eq!(shown(&filled(&one).0).len(), 3);
    let inner = table(&[row(&["{{走访台账.序号}}"])]);
    let outer = format!("<w:tbl><w:tr><w:tc>{}{inner}<w:p/></w:tc></w:tr></w:tbl>", p("{{走访户次}}"));
    let (xml, _) = filled(&outer);
    assert_eq!(xml.matches("<w:tbl>").count(), 2);
    assert_eq!(xml.matches("<w:tr").count(), 4, "the inner row is repeated, not the outer: {xml}");
}

#[test]
fn paragraphs_repeat_and_vanish_by_condition() {
    let form = [p("{{走访台账.序号}}号"), p("{{如果 监测对象户数}}"), p("有"), p("{{否则}}"), p("没有"), p("{{结束}}"), p("尾")]
        .concat();
    assert_eq!(shown(&filled(&form).0), ["1号", "2号", "3号", "没有", "尾"]);
    let inline = p("甲{{如果 走访户次 > 100}}多{{否则}}少{{结束}}乙{{如果 没有 监测对象户数}}无{{结束}}");
    assert_eq!(shown(&filled(&inline).0), ["甲多乙无"]);
    assert!(shown(&filled(&p("{{如果 监测对象户数}}共{{监测对象户数}}户{{结束}}")).0).is_empty(), "no empty line is left");
    let across = "<w:p><w:r><w:t>{{如果 监测对象户数}}有</w:t></w:r><w:r><w:tab/><w:t>的</w:t></w:r><w:r><w:t>{{结束}}后</w:t></w:r></w:p>";
    assert_eq!(shown(&filled(across).0), ["后"]);
    assert_eq!(shown(&filled(&p("{{#走访台账}}{{序号}}、{{/走访台账}}完")).0), ["1、2、3、完"]);
}

#[test]
fn a_cell_keeps_a_paragraph_and_a_table_a_row() {
    let cell =
        format!("<w:tbl><w:tr><w:tc><w:tcPr/>{}{}{}</w:tc></w:tr></w:tbl>", p("{{如果 监测对象户数}}"), p("有"), p("{{结束}}"));
    assert!(filled(&cell).0.contains("<w:tcPr/><w:p/></w:tc>"));
    let rows = table(&[row(&["{{如果 监测对象户数}}有", "{{结束}}"])]);
    assert!(filled(&rows).0.contains("<w:tr>"));
}

#[test]
fn what_is_not_known_stays_marked_and_is_told_with_its_place() {
    let form = [
        p("甲"),
        p("{{走访户此}}和{{走访户次}}"),
        table(&[row(&["", "{{随便}}"])]),
        p("{{走访台账}}"),
        p("{{总投资:亿}}"),
        p("{{没写完"),
    ]
    .concat();
    let (xml, report) = filled(&form);
    let told: Vec<_> =
        report.findings.iter().map(|f| (f.code.as_str(), f.place.as_str(), f.nearest.first().map(String::as_str))).collect();
    assert_eq!(
        told,
        [
            ("unknown", "第2段", Some("走访户次")),
            ("unknown", "表格1第1行第2列", None),
            ("wrong", "第3段", None),
            ("wrong", "第4段", None),
            ("unclosed", "第5段", None),
        ]
    );
    assert!(report.has_open());
    assert!(xml.contains("<w:highlight w:val=\"yellow\"/></w:rPr><w:t xml:space=\"preserve\">{{走访户此}}</w:t>"));
    assert!(xml.contains("和128") && xml.contains("{{没写完"));
}

#[test]
fn beginnings_and_ends_that_do_not_fit_are_told() {
    for form in [
        p("{{如果 走访户次}}甲"),
        p("甲{{结束}}"),
        p("{{否则}}"),
        [p("{{#走访台账}}"), table(&[row(&["{{/走访台账}}"])])].concat(),
        p("{{#没有的清单}}{{序号}}{{/没有的清单}}"),
    ] {
        let (xml, report) = filled(&form);
        assert!(report.has_open() && xml.contains("w:highlight"), "{form}");
    }
}

#[test]
fn headers_text_boxes_and_attributes_in_any_quotes_are_read() {
    let boxed = |text: &str| {
        format!(
            "<w:p><w:r><w:t>外</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice></mc:AlternateContent></w:r></w:p>",
            p(text)
        )
    };
    let (xml, report) = filled(&boxed("{{走访户次}}、{{无此名}}"));
    assert!(xml.contains(">128、<"), "{xml}");
    assert_eq!(report.findings[0].place, "文本框第1段");
    let header = format!("<w:hdr xmlns:w='{W}'>{}</w:hdr>", p("{{村名}}"));
    let form = package(&[
        ("[Content_Types].xml", types("document.main+xml")),
        ("word/document.xml", format!("<w:document xmlns:w=\"{W}\"><w:body/></w:document>")),
        ("word/header1.xml", header),
    ]);
    let done = fill_form(&form, &values_with(1), IdFormat::Text).unwrap();
    assert!(parts(&done.bytes)["word/header1.xml"].contains(">石门村<"));
}

#[test]
fn id_numbers_take_the_forms_format() {
    let form = word(&p("{{走访台账.证件号码}} {{走访台账.证件号码:脱敏}}"));
    let done = fill_form(&form, &values_with(1), IdFormat::Spaced).unwrap();
    assert_eq!(shown(&body(&done.bytes)), ["110105 19491231 002X 110105********002X"]);
}

#[test]
fn hostile_files_are_refused() {
    let unsafe_form = package(&[
        ("[Content_Types].xml", types("document.main+xml")),
        (
            "word/document.xml",
            format!(
                "<!DOCTYPE a [<!ENTITY x \"y\">]><w:document xmlns:w=\"{W}\"><w:body>{}</w:body></w:document>",
                p("{{村名}}&x;")
            ),
        ),
    ]);
    assert_eq!(fill_form(&unsafe_form, &values_with(1), IdFormat::Text).err(), Some(FormError::Unsafe));
    let macros = package(&[
        ("[Content_Types].xml", types("application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("word/document.xml", String::new()),
    ]);
    assert_eq!(fill_form(&macros, &values_with(1), IdFormat::Text).err(), Some(FormError::Macros));
    let deep = word(&("<w:p>".repeat(500) + "{{村名}}" + &"</w:p>".repeat(500)));
    assert!(fill_form(&deep, &values_with(1), IdFormat::Text).is_err());
}

// ── workbooks ──

struct Book {
    sheet: String,
    strings: String,
    more: Vec<(&'static str, String)>,
}

fn workbook(book: &Book) -> Vec<u8> {
    let rels = |list: &str| {
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>")
    };
    let styles = format!(
        "<styleSheet xmlns=\"{S}\"><numFmts count=\"1\"><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts>\
         <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"176\"/><xf numFmtId=\"10\"/><xf numFmtId=\"49\"/></cellXfs></styleSheet>"
    );
    let mut all = vec![
        ("[Content_Types].xml", types("sheet.main+xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{S}\" xmlns:r=\"{R}\"><sheets><sheet name=\"表 一\" sheetId=\"1\" r:id=\"rId1\"/></sheets><definedNames><definedName name=\"_xlnm.Print_Area\">'表 一'!$A$1:$D$4</definedName></definedNames></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            rels(&format!(
                "<Relationship Id=\"rId1\" Type=\"{R}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId9\" Type=\"{R}/calcChain\" Target=\"calcChain.xml\"/>"
            )),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{S}\">{}</worksheet>", book.sheet)),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{S}\">{}</sst>", book.strings)),
        ("xl/styles.xml", styles),
        ("xl/calcChain.xml", "<calcChain/>".to_owned()),
    ];
    all.extend(book.more.iter().cloned());
    package(&all)
}

fn strings(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("<si><t>{text}</t></si>")).collect()
}

fn cell(place: &str, style: u32, string: usize) -> String {
    format!("<c r=\"{place}\" s=\"{style}\" t=\"s\"><v>{string}</v></c>")
}

fn sheet_of(book: &Book) -> (BTreeMap<String, String>, FormReport) {
    let done = fill_form(&workbook(book), &values_with(3), IdFormat::Text).unwrap();
    assert_eq!(done.report.kind, FormKind::Xlsx);
    (parts(&done.bytes), done.report)
}

#[test]
fn a_cell_with_one_placeholder_becomes_a_number_or_day_in_its_own_style() {
    let strings = strings(&[
        "{{走访户次}}",
        "{{今天}}",
        "{{走访覆盖率}}",
        "共{{走访户次}}户次",
        "{{总投资:万元}}",
        "{{村名}}",
        "{{无此名}}",
    ]);
    let cells = [
        cell("A1", 0, 0),
        cell("B1", 1, 1),
        cell("C1", 2, 2),
        cell("D1", 0, 3),
        cell("E1", 0, 4),
        cell("F1", 3, 0),
        cell("G1", 0, 1),
        cell("H1", 0, 5),
        cell("I1", 0, 6),
        cell("J1", 0, 2),
    ];
    let (parts, report) = sheet_of(&Book {
        sheet: format!("<sheetData><row r=\"1\">{}</row></sheetData>", cells.concat()),
        strings,
        more: Vec::new(),
    });
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    for wanted in [
        "<c r=\"A1\" s=\"0\"><v>128</v></c>",
        "<c r=\"B1\" s=\"1\"><v>46193</v></c>",
        "<c r=\"C1\" s=\"2\"><v>0.985</v></c>",
        "<c r=\"D1\" s=\"0\" t=\"inlineStr\"><is><t xml:space=\"preserve\">共128户次</t></is></c>",
        "<c r=\"E1\" s=\"0\"><v>12.5</v></c>",
        "<c r=\"F1\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">128</t></is></c>",
        "<c r=\"G1\" s=\"0\" t=\"inlineStr\"><is><t xml:space=\"preserve\">2026年6月20日</t></is></c>",
        ">石门村<",
        "<color rgb=\"FFFF0000\"/></rPr><t xml:space=\"preserve\">{{无此名}}</t>",
        ">98.5%<",
    ] {
        assert!(sheet.contains(wanted), "{wanted} in {sheet}");
    }
    assert_eq!(report.findings[0].place, "表 一!I1");
}

#[test]
fn a_row_of_a_list_repeats_and_everything_below_moves_down() {
    let texts = strings(&["{{走访台账.序号}}", "{{走访台账.户主}}", "合计"]);
    let sheet = format!(
        "<dimension ref=\"A1:D4\"/><sheetData><row r=\"1\"/><row r=\"2\" ht=\"30\" customHeight=\"1\">{}{}<c r=\"C2\"><f>A2*2</f><v>0</v></c></row>\
         <row r=\"3\">{}<c r=\"B3\"><f>SUM(A2)</f><v>0</v></c><c r=\"C3\"><f>SUM(C2:C2)+$A$1</f></c></row></sheetData>\
         <mergeCells count=\"2\"><mergeCell ref=\"C2:D2\"/><mergeCell ref=\"A3:A4\"/></mergeCells>\
         <conditionalFormatting sqref=\"A2:B2\"><cfRule type=\"expression\"><formula>A2&gt;1</formula></cfRule></conditionalFormatting>",
        cell("A2", 0, 0),
        cell("B2", 0, 1),
        cell("A3", 0, 2)
    );
    let drawing =
        "<xdr:wsDr xmlns:xdr=\"d\"><xdr:from><xdr:row>0</xdr:row></xdr:from><xdr:to><xdr:row>3</xdr:row></xdr:to></xdr:wsDr>"
            .to_owned();
    let more = vec![
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            format!(
                "<Relationships xmlns=\"p\"><Relationship Id=\"a\" Type=\"{R}/drawing\" Target=\"../drawings/drawing1.xml\"/></Relationships>"
            ),
        ),
        ("xl/drawings/drawing1.xml", drawing),
    ];
    let (parts, report) = sheet_of(&Book { sheet, strings: texts, more });
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    for wanted in [
        "<dimension ref=\"A1:D6\"/>",
        "<row r=\"4\" ht=\"30\" customHeight=\"1\"><c r=\"A4\" s=\"0\"><v>3</v></c>",
        "<f>A3*2</f>",
        "<f>SUM(A2:A4)</f>",
        "<f>SUM(C2:C4)+$A$1</f>",
        "<mergeCells count=\"4\"><mergeCell ref=\"C2:D2\"/><mergeCell ref=\"C3:D3\"/><mergeCell ref=\"C4:D4\"/><mergeCell ref=\"A5:A6\"/></mergeCells>",
        "sqref=\"A2:B4\"",
        "<t xml:space=\"preserve\">=SUM(A1)\n第二行</t>",
        "<row r=\"5\">",
    ] {
        assert!(sheet.contains(wanted), "{wanted} in {sheet}");
    }
    assert!(!sheet.contains("<v>0</v>"), "what a formula came to before is gone");
    assert!(parts["xl/workbook.xml"].contains("'表 一'!$A$1:$D$6") && parts["xl/workbook.xml"].contains("fullCalcOnLoad=\"1\""));
    assert!(!parts.contains_key("xl/calcChain.xml") && !parts["xl/_rels/workbook.xml.rels"].contains("calcChain"));
    assert!(parts["xl/drawings/drawing1.xml"].contains("<xdr:to><xdr:row>5</xdr:row>"));
    assert!(report.findings.is_empty());
}

#[test]
fn rows_of_marks_and_rows_of_a_condition_that_fails_go() {
    let texts = strings(&["{{#走访台账}}", "{{序号}}", "{{/走访台账}}", "{{如果 监测对象户数}}有", "{{结束}}", "尾"]);
    let row = |number: u32, cells: &str| format!("<row r=\"{number}\">{cells}</row>");
    let sheet = format!(
        "<sheetData>{}{}{}{}{}</sheetData>",
        row(1, &cell("A1", 0, 0)),
        row(2, &cell("A2", 0, 1)),
        row(3, &cell("A3", 0, 2)),
        row(5, &(cell("A5", 0, 3) + &cell("B5", 0, 4))),
        row(6, &cell("A6", 0, 5))
    );
    let (parts, report) = sheet_of(&Book { sheet, strings: texts, more: Vec::new() });
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(sheet.contains("<row r=\"1\"><c r=\"A1\" s=\"0\"><v>1</v></c></row><row r=\"2\">"), "{sheet}");
    assert!(sheet.contains("<row r=\"5\"><c r=\"A5\" s=\"0\" t=\"s\"><v>5</v></c></row></sheetData>"), "{sheet}");
}

#[test]
fn rich_text_keeps_its_letters() {
    let rich = "<si><r><rPr><b/></rPr><t>共{{走访</t></r><r><t>户次}}户次</t></r><rPh><t>{{</t></rPh></si>".to_owned();
    let sheet = format!("<sheetData><row r=\"1\">{}</row></sheetData>", cell("A1", 0, 0));
    let (parts, _) = sheet_of(&Book { sheet, strings: rich, more: Vec::new() });
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert!(
        sheet.contains("<is><r><rPr><b/></rPr><t xml:space=\"preserve\">共128</t></r><r><t xml:space=\"preserve\">户次</t></r>"),
        "{sheet}"
    );
}

#[test]
fn starter_forms_are_forms() {
    for kind in [FormKind::Docx, FormKind::Xlsx] {
        let bytes = super::starter(kind, "2026-06-20".parse().unwrap()).unwrap();
        assert_eq!(super::form_kind(&bytes).unwrap(), kind);
    }
}

#[test]
fn lists_within_lists_are_written_up_to_a_bound_and_then_the_form_is_refused() {
    let nested = |depth: usize| format!("{}{{{{户主}}}}{}", "{{#走访台账}}".repeat(depth), "{{/走访台账}}".repeat(depth));
    let refused = Err(FormError::TooLarge("清单套清单，要写出的内容太多"));
    let values = values_with(300);
    let within =
        |depth: usize| fill_form(&word(&p(&nested(depth))), &values, IdFormat::Text).map(|filled| filled.bytes.len() > 100);
    assert_eq!(within(2), Ok(true), "ninety thousand are written");
    // Of twenty-seven million none but the first are, however deep it goes.
    assert_eq!(within(3), refused);
    assert_eq!(within(30), refused);
    let rows: Vec<String> = [p("{{#走访台账}}"), p("{{#走访台账}}"), p("{{#走访台账}}"), p("{{户主}}")]
        .into_iter()
        .chain([p("{{/走访台账}}"), p("{{/走访台账}}"), p("{{/走访台账}}")])
        .collect();
    assert_eq!(fill_form(&word(&rows.concat()), &values, IdFormat::Text).map(drop), refused.clone().map(drop));
    let scope = super::scope::Scope::of(&values, IdFormat::Text);
    assert_eq!((0..1_000_000).filter(|_| scope.may_copy(0)).count(), 300_000, "it is counted, not timed");
}
