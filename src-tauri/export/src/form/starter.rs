//! A form to begin with: common placeholders in sentences, a table of figures, a row that repeats, and how to go on from there.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use zhucun_core::report::document::{Align, Block, Cell, Column, Document, Properties, Run, Table};

use super::FormKind;
use crate::ExportError;

const TITLE: &str = "驻村工作情况表";

/// What is counted, and the placeholder that says it.
const FIGURES: [(&str, &str, &str); 10] = [
    ("走访农户", "{{走访户数}}", "户"),
    ("走访户次", "{{走访户次}}", "户次"),
    ("监测对象", "{{监测对象户数}}", "户"),
    ("新识别监测对象", "{{新识别监测对象户数}}", "户"),
    ("收集诉求和问题", "{{issues.raised}}", "件"),
    ("已办结", "{{issues.done}}", "件"),
    ("申报各类补贴", "{{applications.all.count}}", "件"),
    ("申报金额", "{{applications.all.amount_applied}}", "元"),
    ("实施项目", "{{项目个数}}", "个"),
    ("项目总投资", "{{projects.budget:万元}}", "万元"),
];

/// A table row that is repeated for each record.
const ROW: [(&str, &str, u32); 6] = [
    ("序号", "{{走访台账.序号}}", 5),
    ("走访日期", "{{走访台账.走访日期}}", 10),
    ("户主", "{{走访台账.户主}}", 10),
    ("方式", "{{走访台账.方式}}", 8),
    ("走访人", "{{走访台账.走访人}}", 12),
    ("走访内容", "{{走访台账.走访内容}}", 18),
];

const HELP: [&str; 5] = [
    "双花括号里写名称，填表时换成数字；名称在“占位符一览”里查，也可以用英文名。",
    "数字后面要带单位，写成：名称:带单位；金额可以写 :元 或 :万元；身份证号可以写 :空格 或 :脱敏。",
    "表格里的一行写了“清单.列名”，这一行会按清单逐条重复。",
    "有内容才写的一段，前面写“如果 名称”，后面写“结束”，都放在双花括号里。",
    "这几行说明看完可以删掉，格式随意改，保存后在“乡镇自己的表”里选这个文件。",
];

/// A starter form.
pub fn starter(kind: FormKind, today: chrono::NaiveDate) -> Result<Vec<u8>, ExportError> {
    match kind {
        FormKind::Docx => crate::docx(&document(today)),
        FormKind::Xlsx => workbook().map_err(|error| ExportError::Typeset(error.to_string())),
    }
}

fn document(today: chrono::NaiveDate) -> Document {
    let mut key = 0;
    let mut next = || {
        key += 1;
        key.to_string()
    };
    let heading = |key: String, text: &str| Block::Heading { key, level: 1, runs: vec![Run::text(text)] };
    let paragraph = |key: String, text: &str| Block::Paragraph { key, runs: vec![Run::text(text)], edited: false };
    let mut blocks = vec![
        paragraph(next(), "填报单位：{{工作队名称}}"),
        paragraph(next(), "填报期间：{{期间}}（数据截至{{截至日期}}）"),
        heading(next(), "一、主要数字"),
        Block::Table { key: next(), title: None, table: figures() },
        heading(next(), "二、走访情况"),
        paragraph(next(), "{{期间}}共走访农户{{走访户数}}户、{{走访户次}}户次，走访覆盖率{{走访覆盖率}}。"),
        paragraph(next(), "{{如果 新识别监测对象户数}}新识别监测对象{{新识别监测对象户数}}户，已落实帮扶措施。{{结束}}"),
        Block::Table { key: next(), title: None, table: visits() },
        heading(next(), "填写说明"),
    ];
    blocks.extend(HELP.iter().map(|line| paragraph(next(), line)));
    let name = "{{工作队名称}}".to_owned();
    blocks.push(Block::SignOff { key: next(), name, date: "{{今天}}".to_owned() });
    Document {
        properties: Properties { title: TITLE.to_owned(), author: "驻村记".to_owned(), created: today, fingerprint: None },
        title: vec![TITLE.to_owned()],
        blocks,
        annexes: Vec::new(),
    }
}

fn figures() -> Table {
    let column = |title: &str, align, width| Column { title: title.to_owned(), align, width };
    let rows = FIGURES.map(|cells| [cells.0, cells.1, cells.2].map(Cell::text_of).to_vec());
    Table {
        unit: None,
        columns: vec![column("项目", Align::Left, 4), column("数量", Align::Right, 4), column("单位", Align::Center, 1)],
        rows: rows.to_vec(),
        total: None,
    }
}

fn visits() -> Table {
    let columns = ROW.map(|(title, _, width)| Column { title: title.to_owned(), align: Align::Center, width });
    let row = ROW.map(|(_, placeholder, _)| Cell::text_of(placeholder));
    Table { unit: None, columns: columns.to_vec(), rows: vec![row.to_vec()], total: None }
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let base = || Format::new().set_font_name("宋体").set_font_size(11).set_align(FormatAlign::VerticalCenter);
    let cell = base().set_border(FormatBorder::Thin).set_text_wrap();
    let head = cell.clone().set_bold().set_align(FormatAlign::Center);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("情况表")?;
    let title = base().set_font_size(16).set_bold().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 5, TITLE, &title)?.set_row_height(0, 32)?;
    sheet.write_with_format(1, 0, "填报单位：{{工作队名称}}　期间：{{期间}}　填表日期：{{今天}}", &base())?;
    for (column, text) in (0..).zip(["项目", "数量", "单位"]) {
        sheet.write_with_format(2, column, text, &head)?;
    }
    let mut row = 3;
    for (name, placeholder, unit) in FIGURES {
        for (column, text) in (0..).zip([name, placeholder, unit]) {
            sheet.write_with_format(row, column, text, &cell)?;
        }
        row += 1;
    }
    row += 1;
    for (column, (title, ..)) in (0..).zip(ROW) {
        sheet.write_with_format(row, column, title, &head)?;
        sheet.write_with_format(row + 1, column, ROW.get(usize::from(column)).map_or("", |cell| cell.1), &cell)?;
    }
    row += 2;
    sheet.write_with_format(row, 0, "合计", &head)?;
    sheet.write_with_format(row, 1, "{{走访台账.条数}}", &cell)?;
    row += 2;
    for line in HELP {
        sheet.write_with_format(row, 0, line, &base())?;
        row += 1;
    }
    for (column, width) in (0..).zip([16.0, 14.0, 14.0, 12.0, 16.0, 30.0]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    workbook.save_to_buffer()
}
