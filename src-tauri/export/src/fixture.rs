//! A made-up report with every kind of block, long tables and hostile text; no name in it is a person's.

use zhucun_core::report::document::{
    Align, Annex, Block, Cell, CellValue, Column, Document, Photo, Picture, Properties, Run, Table,
};
use zhucun_core::value::Fen;

/// The machine's fonts, read once for all tests.
pub(crate) fn fonts() -> &'static crate::Fonts {
    static FONTS: std::sync::OnceLock<crate::Fonts> = std::sync::OnceLock::new();
    FONTS.get_or_init(|| crate::Fonts::discover(&[]))
}

/// The report.
pub(crate) fn document() -> Document {
    let title = ["青石镇云溪村驻村工作队", "2026年上半年工作总结"];
    Document {
        properties: Properties {
            title: title.concat(),
            author: "青石镇云溪村驻村工作队".to_owned(),
            created: "2026-06-30".parse().unwrap(),
            fingerprint: None,
        },
        title: title.map(str::to_owned).to_vec(),
        blocks: blocks(),
        annexes: vec![
            annex(1, "云溪村脱贫户和监测对象帮扶情况明细表", true, households()),
            annex(2, "云溪村帮扶项目资金使用情况表", false, projects()),
            annex(3, "云溪村走访记录台账", true, visits()),
            Annex { printed: false, ..annex(4, "云溪村走访记录[台账]：不打印/只入工作簿", false, projects()) },
        ],
    }
}

/// Text meant to break out of XML or to run in a spreadsheet.
pub(crate) const HOSTILE: [&str; 5] =
    ["=cmd|'/C calc'!A0", "<b>粗体</b> & \"引号\"", "空\0字符\u{FFFE}", "表情😀与𠮷野", "第一行\n第二行"];

fn blocks() -> Vec<Block> {
    let heading = |level, text: &str| Block::Heading { key: text.to_owned(), level, runs: vec![Run::text(text)] };
    let mut blocks = vec![
        Block::Addressee { key: "addressee".to_owned(), text: "青石镇人民政府：".to_owned() },
        paragraph(&OPENING.repeat(2)),
        heading(1, "一、组织开展防返贫监测"),
        heading(2, "（一）落实监测帮扶机制"),
    ];
    blocks.extend((0..9).map(|_| paragraph(&OPENING.repeat(3))));
    blocks.extend([
        heading(3, "1.分类落实帮扶措施"),
        heading(4, "（1）产业帮扶"),
        Block::Paragraph {
            key: "figures".to_owned(),
            runs: vec![Run::text("上半年共走访"), Run::figure("128户", "visits"), Run::text("，投入资金12.5万元，完成率98.6%。")],
            edited: false,
        },
        Block::Table { key: "table".to_owned(), title: None, table: small() },
        heading(1, "二、存在的问题和下一步打算"),
    ]);
    blocks.extend(HOSTILE.map(paragraph));
    blocks.extend((0..5).map(|_| paragraph(OPENING)));
    blocks.extend([
        Block::AnnexList {
            key: "annexes".to_owned(),
            items: vec![
                "云溪村脱贫户和监测对象帮扶情况明细表".to_owned(),
                "云溪村帮扶项目资金使用情况及绩效目标完成情况汇总表（含衔接资金）".to_owned(),
                "云溪村走访记录台账".to_owned(),
            ],
        },
        Block::SignOff {
            key: "sign".to_owned(), name: "青石镇云溪村驻村工作队".to_owned(), date: "2026年6月30日".to_owned()
        },
    ]);
    blocks
}

const OPENING: &str = "今年以来驻村工作队坚持以习近平新时代中国特色社会主义思想为指导认真落实镇党委政府部署要求\
    扎实开展防返贫动态监测和乡村建设各项工作取得了阶段性成效现将有关情况总结如下。";

fn paragraph(text: &str) -> Block {
    Block::Paragraph { key: text.chars().take(8).collect(), runs: vec![Run::text(text)], edited: true }
}

fn annex(number: u32, title: &str, landscape: bool, table: Table) -> Annex {
    Annex { number, title: title.to_owned(), landscape, printed: true, table, photos: Vec::new() }
}

fn column(title: &str, align: Align, width: u32) -> Column {
    Column { title: title.to_owned(), align, width }
}

fn text(text: &str) -> Cell {
    Cell::text_of(text)
}

fn count(count: i64) -> Cell {
    Cell::of(CellValue::Count(count))
}

fn money(fen: i64) -> Cell {
    Cell::of(CellValue::Money(Fen(fen)))
}

fn day(day: &str) -> Cell {
    Cell::of(CellValue::Day(day.parse().unwrap()))
}

/// Four columns inside the text.
fn small() -> Table {
    Table {
        unit: Some("单位：户、人".to_owned()),
        columns: vec![
            column("类别", Align::Left, 4),
            column("户数", Align::Right, 2),
            column("人数", Align::Right, 2),
            column("占比", Align::Right, 2),
        ],
        rows: (1..=4)
            .map(|row| vec![text("脱贫不稳定户"), count(row), count(row * 3), Cell::of(CellValue::Percent(row * 312))])
            .collect(),
        total: Some(vec![text("合计"), count(10), count(30), Cell::of(CellValue::Percent(10000))]),
    }
}

/// Twelve columns and 120 rows.
fn households() -> Table {
    let columns = [
        column("序号", Align::Center, 2),
        column("户主", Align::Left, 3),
        column("身份证号", Align::Left, 8),
        column("组别", Align::Left, 3),
        column("家庭人口数", Align::Right, 3),
        column("类别", Align::Left, 5),
        column("帮扶措施", Align::Left, 12),
        column("帮扶资金", Align::Right, 5),
        column("走访次数", Align::Right, 3),
        column("完成率", Align::Right, 3),
        column("最近走访", Align::Center, 6),
        column("备注", Align::Left, 4),
    ];
    let row = |row: i64| {
        vec![
            count(row),
            text("李**"),
            text("522121********1234"),
            text("第三组"),
            count(row % 6 + 1),
            text(["脱贫户", "监测对象", ""][usize::try_from(row % 3).unwrap()]),
            text(if row % 5 == 0 {
                "公益性岗位、产业到户奖补、雨露计划、危房改造和小额信贷"
            } else {
                "产业帮扶"
            }),
            money(row * 123_456),
            count(row % 7),
            Cell::of(CellValue::Percent(row * 83)),
            day("2026-05-09"),
            text(HOSTILE.get(usize::try_from(row - 1).unwrap()).copied().unwrap_or_default()),
        ]
    };
    let mut total: Vec<Cell> = columns.iter().map(|_| Cell::of(CellValue::Empty)).collect();
    total[0] = text("合计");
    total[7] = money(896_290_560);
    Table {
        unit: Some("单位：元".to_owned()), columns: columns.to_vec(), rows: (1..=120).map(row).collect(), total: Some(total)
    }
}

/// Six columns, upright.
fn projects() -> Table {
    Table {
        unit: Some("单位：元".to_owned()),
        columns: vec![
            column("序号", Align::Center, 2),
            column("项目名称", Align::Left, 8),
            column("实施时间", Align::Center, 5),
            column("资金来源", Align::Left, 4),
            column("金额", Align::Right, 4),
            column("进度", Align::Right, 3),
        ],
        rows: (1..=8)
            .map(|row| {
                let name = text("云溪村第三组通组公路硬化及排水沟配套工程");
                let progress = Cell::of(CellValue::Percent(7550));
                vec![count(row), name, day("2026-03-12"), text("衔接资金"), money(row * 1_000_050), progress]
            })
            .collect(),
        total: Some(vec![text("合计"), text(""), text(""), text(""), money(36_001_800), text("")]),
    }
}

/// No rows and no total.
fn visits() -> Table {
    let columns = vec![column("日期", Align::Center, 1), column("内容", Align::Left, 3)];
    Table { unit: None, columns, rows: Vec::new(), total: None }
}

/// 照片册 with so many pictures, tall and wide in turn.
pub(crate) fn album(photos: usize) -> Annex {
    let photo = |number: usize| {
        let (width, height) = if number.is_multiple_of(2) { (16, 9) } else { (9, 16) };
        let lines =
            [("时间", "2026年3月6日"), ("地点", "上石屯"), ("人物", "罗启明、覃晓岚"), ("事件", "走访农户，查看房屋和饮水")];
        Photo {
            picture: Picture { media_type: "image/png".to_owned(), bytes: png(width, height, number).into(), width, height },
            caption: lines.map(|(label, text)| (label.to_owned(), text.to_owned())).to_vec(),
            record: None,
            turned: 0,
        }
    };
    Annex { photos: (0..photos).map(photo).collect(), ..annex(5, "照片册", false, visits()) }
}

/// A picture of one colour, as a PNG without compression.
fn png(width: u32, height: u32, number: usize) -> Vec<u8> {
    let shade = u8::try_from(80 + number * 20 % 160).unwrap();
    let mut rows = Vec::new();
    for _ in 0..height {
        rows.push(0);
        rows.extend((0..width).flat_map(|_| [shade, 120, 90]));
    }
    let length = u16::try_from(rows.len()).unwrap();
    let mut stored = vec![0x78, 0x01, 1];
    stored.extend(length.to_le_bytes());
    stored.extend((!length).to_le_bytes());
    stored.extend(&rows);
    let sums =
        rows.iter().fold((1u32, 0u32), |(a, b), byte| ((a + u32::from(*byte)) % 65521, (b + a + u32::from(*byte)) % 65521));
    stored.extend(((sums.1 << 16) | sums.0).to_be_bytes());
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", stored), (b"IEND", Vec::new())] {
        out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let part = [&kind[..], &data].concat();
        out.extend(&part);
        out.extend(crc(&part).to_be_bytes());
    }
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)));
    !bytes.iter().fold(u32::MAX, step)
}
