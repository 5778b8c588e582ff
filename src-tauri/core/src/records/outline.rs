//! 报告模板: a template of the user's own, copied from a shipped one or brought as a file. It is stored only if it reads.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::report::ReportMasking;
use super::{Check, Kind, Record};
use crate::error::Result;
use crate::outline::{self, LONGEST_SOURCE};
use crate::report;
use crate::storage::{ListColumn, ListSpec, Store, columns, envelope, value_of};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE outline (",
    envelope!(),
    "
    title TEXT NOT NULL CHECK (length(title) > 0),
    masking TEXT NOT NULL CHECK (masking IN ('internal', 'township', 'public')),
    subject TEXT NOT NULL CHECK (subject IN ('team', 'member', 'topic')),
    base TEXT NOT NULL,
    source TEXT NOT NULL CHECK (length(source) > 0)
) STRICT;
"
);

/// 自定义报告模板.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserOutline {
    /// 名称, as reports choose it.
    pub title: String,
    /// 脱敏方式 of the reports made from it.
    pub masking: ReportMasking,
    /// 写谁.
    pub subject: outline::Subject,
    /// Name of the shipped template it was copied from: what stands in for it should it fail.
    pub base: String,
    /// 原文, in the template language.
    pub source: String,
}

columns! { UserOutline { title, masking, subject, base, source } }

impl Record for UserOutline {
    const KIND: Kind = Kind::Outline;

    const LONGEST: usize = LONGEST_SOURCE;

    const LIST: ListSpec = ListSpec {
        from: "outline r",
        title: "r.title",
        note: "''",
        day: "NULL",
        columns: &[
            ListColumn::text("title", "r.title"),
            ListColumn::choice("masking", "r.masking"),
            ListColumn::choice("base", "r.base"),
            ListColumn::moment("updated_at", "r.updated_at"),
        ],
        search: &["r.title"],
        filters: &[("base", "r.base = {}")],
        presets: &[],
        order: "r.title",
    };

    fn blank(_store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        outline::copy_of("work-team")
    }

    /// A source keeps its layout: only what stands after its last line goes.
    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("title", "模板名称", &self.title, 40);
        if outline::shipped().iter().any(|info| info.title == self.title || info.name == self.title) {
            check.hard("duplicate_outline", "title", "自带模板已用这个名称，请换一个");
        }
        let same = "SELECT count(*) FROM outline WHERE title = ?1 AND id <> ?2 AND deleted_at IS NULL";
        if check.store.count(same, &[value_of(&self.title), value_of(&check.id)])? > 0 {
            check.hard("duplicate_outline", "title", "已有同名模板，请换一个名称");
        }
        if self.source.len() > LONGEST_SOURCE {
            check.hard("too_long", "source", "模板太长，最多256KB");
            return Ok(());
        }
        let trial = report::try_outline(check.store, self, &report::Trial::of(check.today))?;
        for fault in trial.faults {
            check.hard("template", "source", fault.in_words());
        }
        Ok(())
    }
}
