//! Report templates as data, and the small language that words them.
//!
//! A template is a text file in the minijinja language. What it renders to is read line by line:
//!
//! | line | meaning |
//! | --- | --- |
//! | `= 甲\|乙\|丙` | title; may break into lines at the bars |
//! | `#[key] 文字` to `####[key] 文字` | heading of level 1 to 4, numbered by the program; dropped where nothing follows |
//! | `[key] 文字` | paragraph; dropped where its text is empty |
//! | empty | nothing |
//!
//! A key names the block for good: text written by hand is kept under it. Sentences take numbers from figures only:
//!
//! | function or filter | gives |
//! | --- | --- |
//! | `f(key)` | the figure as printed, unit included, linked to its records |
//! | `n(key)` | its bare number, 0 where there is none: for conditions |
//! | `say("走访{}", key, …)` | the pattern with its figures, or nothing where the first is zero |
//! | `sentence(parts)` | the parts that are not empty, joined by ，, with 。 at the end; nothing where all are empty |
//! | `items(parts)` / `clauses(parts)` | joined by 、 / by ； |
//! | `points(parts)` | 一是…；二是…。 |
//! | `text\|stop` / `text\|bare` | with exactly one 。 at the end / without closing punctuation |

mod language;
mod lines;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub(crate) use language::{FIGURE_END, FIGURE_START, KEY_END, chinese_number};
pub(crate) use lines::{Line, Title};

use crate::error::{Error, Result};
use crate::figures::Figures;

/// A report template to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateInfo {
    /// Name, such as `work-team`.
    pub name: String,
    /// Chinese title.
    pub title: String,
}

/// A report template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Name, such as `work-team`.
    pub name: String,
    /// Chinese title.
    pub title: String,
    source: String,
}

const SHIPPED: &[(&str, &str, &str)] = &[("work-team", "驻村工作队半年总结", include_str!("templates/work-team.outline"))];

/// The shipped templates.
pub fn shipped() -> Vec<TemplateInfo> {
    SHIPPED.iter().map(|(name, title, _)| TemplateInfo { name: (*name).to_owned(), title: (*title).to_owned() }).collect()
}

impl Outline {
    /// A shipped template.
    pub fn find(name: &str) -> Result<Self> {
        let found = SHIPPED.iter().find(|(known, _, _)| *known == name);
        let (name, title, source) =
            found.ok_or_else(|| Error::Template { template: name.to_owned(), message: "没有这个模板".to_owned() })?;
        Ok(Outline { name: (*name).to_owned(), title: (*title).to_owned(), source: (*source).to_owned() })
    }

    /// A template of the user's own.
    pub fn from_source(name: impl Into<String>, title: impl Into<String>, source: impl Into<String>) -> Self {
        Outline { name: name.into(), title: title.into(), source: source.into() }
    }

    /// Words the template: title and lines, with figures still marked in the text.
    pub(crate) fn word(&self, facts: Value, figures: &Figures) -> Result<(Title, Vec<Line>)> {
        let text = language::render(&self.source, facts, figures).map_err(|message| self.fault(message))?;
        lines::read(&text).map_err(|message| self.fault(message))
    }

    fn fault(&self, message: String) -> Error {
        Error::Template { template: self.title.clone(), message }
    }
}
