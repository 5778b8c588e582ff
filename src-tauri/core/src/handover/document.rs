//! 移交清单 as a page to be signed by both sides and filed.

use chrono::Datelike;

use super::{HandOverContents, HandOverCount, HandOverOpen};
use crate::report::document::{Align, Block, Cell, CellValue, Column, Document, Properties, Run, Table};
use crate::value::{print_day, print_percent};

/// What the paper says of the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOverFacts {
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub sha256: String,
    /// Whether a code made by the program opens it; else a passphrase that both sides agreed on.
    pub by_code: bool,
}

/// The paper that goes with a hand-over file. What opens the file is never on it.
pub fn contents_document(contents: &HandOverContents, facts: &HandOverFacts) -> Document {
    let mut paper = Paper::default();
    paper.opening(contents);
    paper.heading("一、移交文件");
    paper.file(facts);
    paper.heading("二、移交内容");
    paper.records(contents);
    paper.heading("三、已签发的报告");
    paper.reports(contents);
    paper.heading("四、需要接着办的事");
    paper.open(&contents.open);
    paper.heading("五、交接签字");
    paper.signatures();
    Document {
        properties: Properties {
            title: format!("{}工作移交清单", contents.team),
            author: contents.team.clone(),
            created: contents.made_on,
            fingerprint: None,
        },
        title: vec![contents.team.clone(), "工作移交清单".to_owned()].into_iter().filter(|line| !line.is_empty()).collect(),
        blocks: paper.blocks,
        annexes: Vec::new(),
    }
}

/// The blocks written so far.
#[derive(Default)]
struct Paper {
    blocks: Vec<Block>,
}

impl Paper {
    fn key(&self) -> String {
        format!("hand-over.{}", self.blocks.len())
    }

    fn heading(&mut self, text: &str) {
        self.blocks.push(Block::Heading { key: self.key(), level: 1, runs: vec![Run::text(text)] });
    }

    fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph { key: self.key(), runs: vec![Run::text(text)], edited: false });
    }

    fn table(&mut self, title: Option<&str>, columns: &[(&str, Align, u32)], rows: Vec<Vec<Cell>>) {
        let columns =
            columns.iter().map(|(title, align, width)| Column { title: (*title).to_owned(), align: *align, width: *width });
        let table = Table { unit: None, columns: columns.collect(), rows, total: None };
        self.blocks.push(Block::Table { key: self.key(), title: title.map(str::to_owned), table });
    }

    fn opening(&mut self, contents: &HandOverContents) {
        let place = [contents.township.as_str(), &contents.villages.join("、")].map(str::to_owned);
        let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
        let span = match (contents.from, contents.until) {
            (Some(from), Some(until)) => format!("，记录期间为{}至{}", print_day(from), print_day(until)),
            _ => String::new(),
        };
        self.say(format!(
            "{}（{}）于{}移交驻村工作台账{span}。本清单随移交文件一并交接，双方核对无误后签字，各存一份。",
            contents.team,
            place.join("，"),
            print_day(contents.made_on)
        ));
    }

    fn file(&mut self, facts: &HandOverFacts) {
        let opened_by = if facts.by_code {
            "交接码（由移交人另行当面告知，不写在本清单上）"
        } else {
            "双方约定的口令（不写在本清单上）"
        };
        let typed = if facts.by_code { "交接码" } else { "约定的口令" };
        // Broken into groups, so that it can be compared by eye and breaks where it should.
        let hash = groups(&facts.sha256);
        let rows = [
            ("文件名", facts.name.clone()),
            ("大小", size_in_words(facts.size)),
            ("校验值（SHA-256）", hash),
            ("打开方式", opened_by.to_owned()),
            ("接收方法", format!("在驻村记首页点“接收移交的台账”，选这个文件，输入{typed}，再设自己的口令")),
        ];
        let rows = rows.into_iter().map(|(name, text)| vec![Cell::text_of(name), Cell::text_of(text)]).collect();
        self.table(None, &[("项目", Align::Left, 24), ("内容", Align::Left, 76)], rows);
    }

    fn records(&mut self, contents: &HandOverContents) {
        let rows = contents.counts.chunks(2).map(|pair| {
            let mut cells: Vec<Cell> = pair.iter().flat_map(counted).collect();
            cells.resize(4, Cell::of(CellValue::Empty));
            cells
        });
        let rows = rows.collect();
        let (name, number) = (("类别", Align::Left, 30), ("数量（条）", Align::Right, 20));
        let columns = [name, number, name, number];
        self.table(None, &columns, rows);
        let mut told = vec!["记录连同修改历史、照片、报告、自定义模板和分类一并移交".to_owned()];
        if contents.photo_bytes > 0 {
            told.push(format!("照片共{}", size_in_words(contents.photo_bytes)));
        }
        if contents.in_bin > 0 {
            told.push(format!("回收站里另有{}条", contents.in_bin));
        }
        if contents.drafts > 0 {
            told.push(format!("没有保存的草稿{}份不在其内", contents.drafts));
        }
        self.say(format!("{}。", told.join("；")));
    }

    fn reports(&mut self, contents: &HandOverContents) {
        if contents.reports.is_empty() {
            self.say("没有已签发的报告。");
        } else {
            let rows = (1..).zip(&contents.reports).map(|(at, report)| {
                vec![
                    Cell::of(CellValue::Count(at)),
                    Cell::text_of(report.title.clone()),
                    Cell::of(CellValue::Day(report.finalised_on)),
                    Cell::text_of(groups(&report.fingerprint)),
                ]
            });
            let columns = [
                ("序号", Align::Center, 8),
                ("报告", Align::Left, 34),
                ("签发日期", Align::Center, 16),
                ("指纹（SHA-256）", Align::Left, 42),
            ];
            self.table(None, &columns, rows.collect());
        }
        if contents.open_reports > 0 {
            self.say(format!("另有未签发的报告{}份。", contents.open_reports));
        }
    }

    fn open(&mut self, open: &HandOverOpen) {
        let plans: usize = open.plans.iter().map(|plan| plan.count).sum();
        let applications: usize = open.applications.iter().map(super::HandOverApplications::total).sum();
        let overdue =
            if open.issues_overdue > 0 { format!("其中{}件已超过期限", open.issues_overdue) } else { String::new() };
        let by_half: Vec<String> = open.plans.iter().map(|plan| format!("{}{}项", plan.label, plan.count)).collect();
        let rows = [
            ("未办结的问题", open.issues, "件", overdue),
            ("在办的补贴申报", applications, "件", String::new()),
            ("未完工的项目", open.projects.len(), "个", String::new()),
            ("未完成的计划", plans, "项", by_half.join("、")),
        ];
        let rows = rows.into_iter().map(|(name, count, unit, note)| {
            vec![Cell::text_of(name), Cell::text_of(format!("{count}{unit}")), Cell::text_of(note)]
        });
        let columns = [("事项", Align::Left, 30), ("数量", Align::Right, 16), ("说明", Align::Left, 54)];
        self.table(None, &columns, rows.collect());
        self.applications(open);
        self.projects(open);
        self.say("具体是哪一户、哪一件，接收后在台账的“问题”“申报”“项目”“计划”里逐条查看。");
    }

    fn applications(&mut self, open: &HandOverOpen) {
        if open.applications.is_empty() {
            return;
        }
        let rows = open.applications.iter().map(|each| {
            let numbers = [each.collecting, each.submitted, each.approved, each.returned].map(count_or_nothing);
            std::iter::once(Cell::text_of(each.programme.clone())).chain(numbers).collect()
        });
        let columns = [
            ("补贴项目", Align::Left, 36),
            ("收集材料", Align::Right, 16),
            ("待审批", Align::Right, 16),
            ("待发放", Align::Right, 16),
            ("退回补正", Align::Right, 16),
        ];
        self.table(Some("在办的补贴申报（件）"), &columns, rows.collect());
    }

    fn projects(&mut self, open: &HandOverOpen) {
        if open.projects.is_empty() {
            return;
        }
        let rows = open.projects.iter().map(|project| {
            let late = project.is_late.then(|| "节点超期".to_owned());
            let blocked = (project.blockers > 0).then(|| format!("{}个问题未解决", project.blockers));
            let notes: Vec<String> = late.into_iter().chain(blocked).collect();
            vec![
                Cell::text_of(project.name.clone()),
                Cell::text_of(project.milestone.clone()),
                Cell::text_of(project.progress.map(print_percent).unwrap_or_default()),
                Cell::text_of(notes.join("，")),
            ]
        });
        let columns = [
            ("项目名称", Align::Left, 40),
            ("目前节点", Align::Left, 18),
            ("完成率", Align::Right, 14),
            ("说明", Align::Left, 28),
        ];
        self.table(Some("未完工的项目"), &columns, rows.collect());
    }

    fn signatures(&mut self) {
        self.say("以上内容经双方核对无误，移交文件已在接收人电脑上打开并检查。");
        for who in ["移交人", "接收人", "监交人"] {
            // Full-width, so that the lines stand under each other whatever the font.
            self.say(format!("{who}（签字）：＿＿＿＿＿＿＿　＿＿＿年＿＿月＿＿日"));
        }
    }
}

fn counted(count: &HandOverCount) -> [Cell; 2] {
    [Cell::text_of(count.label.clone()), Cell::of(CellValue::Count(i64::try_from(count.count).unwrap_or(0)))]
}

fn count_or_nothing(count: usize) -> Cell {
    Cell::of(if count == 0 { CellValue::Empty } else { CellValue::Count(i64::try_from(count).unwrap_or(0)) })
}

/// Hexadecimal digits in groups of eight.
fn groups(digits: &str) -> String {
    let characters: Vec<char> = digits.chars().collect();
    characters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// 文件大小: bytes as well, which is what a file manager tells exactly.
fn size_in_words(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1024 => format!("{bytes}字节"),
        1024..1_048_576 => format!("{}KB（{bytes}字节）", tenths(1024)),
        1_048_576..1_073_741_824 => format!("{}MB（{bytes}字节）", tenths(1_048_576)),
        _ => format!("{}GB（{bytes}字节）", tenths(1_073_741_824)),
    }
}

/// Stem of the hand-over file's name, and of its paper's: `移交-石门村驻村工作队-20260630`.
pub fn hand_over_stem(contents: &HandOverContents) -> String {
    let day = contents.made_on;
    let team = if contents.team.is_empty() { "驻村工作队" } else { &contents.team };
    format!("移交-{team}-{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handover::HandOverApplications;

    #[test]
    fn a_size_is_told_in_a_unit_that_fits_and_in_bytes() {
        assert_eq!(size_in_words(512), "512字节");
        assert_eq!(size_in_words(1536), "1.5KB（1536字节）");
        assert_eq!(size_in_words(48 * 1_048_576 + 500_000), "48.4MB（50831648字节）");
        assert_eq!(size_in_words(3 * 1_073_741_824), "3.0GB（3221225472字节）");
    }

    #[test]
    fn the_paper_tells_what_goes_on_and_never_what_opens_the_file() {
        let contents = HandOverContents {
            team: "云岭乡石门村驻村工作队".into(),
            township: "云岭乡".into(),
            villages: vec!["石门村".into()],
            counts: vec![HandOverCount { label: "走访".into(), count: 148 }],
            open: HandOverOpen {
                issues: 3,
                issues_overdue: 1,
                applications: vec![HandOverApplications { programme: "雨露计划".into(), returned: 2, ..Default::default() }],
                ..HandOverOpen::default()
            },
            ..HandOverContents::default()
        };
        let facts = HandOverFacts { name: "移交.zcjy".into(), size: 2048, sha256: "0a1b2c3d".repeat(8), by_code: true };
        let text = contents_document(&contents, &facts).plain_text().join("\n");
        for wanted in ["其中1件已超过期限", "雨露计划\t\t\t\t2", "走访\t148", "0a1b2c3d 0a1b2c3d", "监交人（签字）"]
        {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
        assert!(text.contains("没有已签发的报告") && !text.contains("未完工的项目\n"), "{text}");
        assert_eq!(hand_over_stem(&contents), "移交-云岭乡石门村驻村工作队-19700101");
    }
}
