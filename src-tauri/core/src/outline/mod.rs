//! Report templates as data, and the small language that words them.
//!
//! A template is a text file in the minijinja language. What it renders to is read line by line:
//!
//! | line | meaning |
//! | --- | --- |
//! | `= 甲\|乙\|丙` | title; may break into lines at the bars |
//! | `@to 文字` / `@from 文字` | 主送机关 / 署名 where the report's own settings name none; empty: none / the team |
//! | `@annexes 甲、乙` | which annexes go with it; `无`: none; without the line: all |
//! | `#[key] 文字` to `####[key] 文字` | heading of level 1 to 4, numbered by the program; dropped where nothing follows |
//! | `[key] 文字` | paragraph; dropped where its text is empty |
//! | `+[key] 文字` | paragraph of a list, numbered 1. 2. 3. by the program after each heading |
//! | `-[key] 文字` | closing words: they belong to no heading |
//! | `\|[key] 甲 \| 乙` | head of a table; its rows follow as `\| 甲 \| 乙`, the last may be `\|= 合计 \| 乙`; dropped without rows |
//! | empty | nothing |
//!
//! A key names the block for good: text written by hand is kept under it. Sentences take numbers from figures only:
//!
//! | function or filter | gives |
//! | --- | --- |
//! | `f(key)` | the figure as printed, unit included, linked to its records |
//! | `n(key)` | its bare number, 0 where there is none: for conditions |
//! | `say("走访{}", key, …)` | the pattern with its figures, or nothing where the first is zero |
//! | `cell(key)` | the figure for a table's cell, printed without its unit; empty where there is none |
//! | `sentence(parts)` | the parts that are not empty, joined by ，, with 。 at the end; nothing where all are empty |
//! | `items(parts)` / `clauses(parts)` | joined by 、 / by ； |
//! | `points(parts)` | 一是…；二是…。 |
//! | `text\|stop` / `text\|bare` | with exactly one 。 at the end / without closing punctuation |
//! | `activity(a)`, `project(p)` … | whole sentences, from `templates/words.outline` |

mod file;
mod language;
mod lines;
mod sections;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use file::{read_file, write_file};
pub(crate) use language::{FIGURE_END, FIGURE_START, KEY_END, chinese_number, flat};
pub(crate) use lines::{Line, RawTable, Worded};
pub use sections::{Section, SectionChange, change_sections, sections};

use crate::error::{Error, Result};
use crate::figures::Figures;
use crate::records::outline::UserOutline;
use crate::records::report::ReportMasking;
use crate::storage::{Store, text_enum};
use crate::value::Id;

/// Longest source of a template, in bytes.
pub const LONGEST_SOURCE: usize = 256 << 10;

text_enum! {
    /// 写谁: whose work a template tells.
    Subject {
        /// 全队.
        Team = "team",
        /// 一名队员.
        Member = "member",
        /// 一个专题.
        Topic = "topic",
    }
}

/// A report template to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateInfo {
    /// Name of a shipped one, such as `work-team`; the id of the user's own.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// Whether the user made it.
    pub own: bool,
    /// Whose work it tells.
    pub subject: Subject,
    /// 脱敏方式 of its reports.
    pub masking: ReportMasking,
    /// What it is for, in one sentence.
    pub purpose: String,
}

/// A report template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Name of a shipped one, such as `work-team`; the id of the user's own.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// Whose work it tells.
    pub subject: Subject,
    /// 脱敏方式 of its reports.
    pub masking: ReportMasking,
    /// The shipped template that stands in for it should it fail.
    pub base: Option<String>,
    source: String,
}

/// What is wrong with a template, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fault {
    /// Line of the source, counted from 1; nothing where no line is to blame.
    pub line: Option<u32>,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl Fault {
    pub(crate) fn at(line: Option<usize>, message: impl Into<String>) -> Self {
        Fault { line: line.and_then(|line| u32::try_from(line).ok()), message: message.into() }
    }

    /// With its line, as one sentence.
    pub fn in_words(&self) -> String {
        self.line.map_or_else(|| self.message.clone(), |line| format!("第{line}行：{}", self.message))
    }
}

struct Shipped {
    name: &'static str,
    title: &'static str,
    subject: Subject,
    purpose: &'static str,
    source: &'static str,
}

const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "work-team",
        title: "驻村工作队半年总结",
        subject: Subject::Team,
        purpose: "按四项职责写全队半年工作，报乡镇",
        source: include_str!("templates/work-team.outline"),
    },
    Shipped {
        name: "personal",
        title: "个人半年小结",
        subject: Subject::Member,
        purpose: "按类别逐条写一名队员半年做的事，注明日期",
        source: include_str!("templates/personal.outline"),
    },
    Shipped {
        name: "kickoff",
        title: "工作队开局情况汇报",
        subject: Subject::Team,
        purpose: "工作队进驻初期的学习、分工和调研",
        source: include_str!("templates/kickoff.outline"),
    },
    Shipped {
        name: "township",
        title: "乡镇工作开展情况汇报",
        subject: Subject::Team,
        purpose: "各村合计并列分村表，写情况、问题和打算",
        source: include_str!("templates/township.outline"),
    },
    Shipped {
        name: "revitalization",
        title: "五大振兴工作汇报",
        subject: Subject::Team,
        purpose: "按产业、人才、文化、生态、组织振兴写，有指标的列计划和实际",
        source: include_str!("templates/revitalization.outline"),
    },
    Shipped {
        name: "thematic",
        title: "专题工作汇报",
        subject: Subject::Topic,
        purpose: "就一个专题写基本数据、措施、问题和打算，专题在报告设置里填",
        source: include_str!("templates/thematic.outline"),
    },
];

impl Shipped {
    fn info(&self) -> TemplateInfo {
        TemplateInfo {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            own: false,
            subject: self.subject,
            masking: ReportMasking::Township,
            purpose: self.purpose.to_owned(),
        }
    }

    fn find(name: &str) -> Option<&'static Shipped> {
        SHIPPED.iter().find(|shipped| shipped.name == name)
    }
}

/// The shipped templates.
pub fn shipped() -> Vec<TemplateInfo> {
    SHIPPED.iter().map(Shipped::info).collect()
}

/// The shipped templates and the user's own.
pub fn all(store: Store<'_>) -> Result<Vec<TemplateInfo>> {
    let own = store.all::<UserOutline>()?.into_iter().map(|stored| TemplateInfo {
        name: stored.id.to_string(),
        title: stored.draft.title,
        own: true,
        subject: stored.draft.subject,
        masking: stored.draft.masking,
        purpose: String::new(),
    });
    Ok(SHIPPED.iter().map(Shipped::info).chain(own).collect())
}

/// A shipped template as the draft of one's own.
pub fn copy_of(name: &str) -> Result<UserOutline> {
    let shipped = Shipped::find(name).ok_or_else(|| unknown(name))?;
    Ok(UserOutline {
        title: format!("{}（自定义）", shipped.title),
        masking: ReportMasking::Township,
        subject: shipped.subject,
        base: shipped.name.to_owned(),
        source: shipped.source.to_owned(),
    })
}

fn unknown(name: &str) -> Error {
    Error::Template { template: name.to_owned(), message: "没有这个模板".to_owned() }
}

impl Outline {
    /// A shipped template.
    pub fn find(name: &str) -> Result<Self> {
        let shipped = Shipped::find(name).ok_or_else(|| unknown(name))?;
        Ok(Outline {
            name: shipped.name.to_owned(),
            title: shipped.title.to_owned(),
            subject: shipped.subject,
            masking: ReportMasking::Township,
            base: None,
            source: shipped.source.to_owned(),
        })
    }

    /// A shipped template, or one of the user's own by id or title. One in the recycle bin still serves its reports.
    pub fn of(store: Store<'_>, name: &str) -> Result<Self> {
        if Shipped::find(name).is_some() {
            return Self::find(name);
        }
        let by_id = Id::parse(name).map(|id| store.find::<UserOutline>(id)).transpose()?.flatten();
        let by_title = || Ok::<_, Error>(store.all::<UserOutline>()?.into_iter().find(|stored| stored.draft.title == name));
        let found = match by_id {
            Some(stored) => Some(stored),
            None => by_title()?,
        };
        let stored = found.ok_or_else(|| unknown(name))?;
        Ok(Outline { name: stored.id.to_string(), ..Self::of_user(&stored.draft) })
    }

    /// A template of the user's own, stored or not.
    pub fn of_user(own: &UserOutline) -> Self {
        Outline {
            name: own.title.clone(),
            title: own.title.clone(),
            subject: own.subject,
            masking: own.masking,
            base: Some(own.base.clone()).filter(|base| Shipped::find(base).is_some()),
            source: own.source.clone(),
        }
    }

    /// A template from its source alone.
    pub fn from_source(name: impl Into<String>, title: impl Into<String>, source: impl Into<String>) -> Self {
        Outline {
            name: name.into(),
            title: title.into(),
            subject: Subject::Team,
            masking: ReportMasking::Township,
            base: None,
            source: source.into(),
        }
    }

    /// Words the template: title and lines, with figures still marked in the text.
    pub(crate) fn word(&self, facts: Value, figures: &Figures) -> Result<Worded> {
        self.try_word(facts, figures).map_err(|fault| Error::Template { template: self.title.clone(), message: fault.in_words() })
    }

    /// The same, with the fault in parts.
    pub(crate) fn try_word(&self, facts: Value, figures: &Figures) -> std::result::Result<Worded, Fault> {
        let text = language::render(&self.source, facts, figures)?;
        lines::read(&text).map_err(|fault| fault.placed(&self.source))
    }

    /// Keys that the source names in so many words and that are no figure now: a slip, or something that did not happen.
    pub(crate) fn unknown_keys(&self, figures: &Figures) -> Vec<Fault> {
        language::quoted_keys(&self.source)
            .into_iter()
            .filter(|(_, key)| figures.get(key).is_none())
            .map(|(line, key)| Fault::at(Some(line), format!("现在没有“{key}”这个数字，用到它的话不会写出来")))
            .collect()
    }
}
