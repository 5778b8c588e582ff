//! 下步计划: what is to be done in the next half-year, with target and due date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::village::Village;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Preset, PresetValue, Store, columns, envelope, text_enum};
use crate::value::{Id, Period};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE plan (",
    envelope!(),
    "
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    title TEXT NOT NULL CHECK (length(title) > 0),
    text TEXT NOT NULL,
    target TEXT NOT NULL,
    due_on TEXT,
    duty TEXT NOT NULL,
    village_id TEXT REFERENCES village (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'done', 'dropped'))
) STRICT;
CREATE INDEX plan_period ON plan (period);
"
);

/// 一项计划.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Plan {
    /// The half-year in which it is to be done.
    pub period: String,
    /// 事项, a phrase that can head a paragraph: 抓好产业发展.
    pub title: String,
    /// 具体做法, one or more sentences.
    pub text: String,
    /// 目标.
    pub target: String,
    /// 完成时限.
    pub due_on: Option<NaiveDate>,
    /// 职责, dictionary `duty`.
    pub duty: String,
    /// 村.
    pub village_id: Option<Id>,
    /// 状态.
    pub status: PlanStatus,
}

text_enum! {
    /// 计划状态.
    PlanStatus {
        /// 进行中.
        Open = "open",
        /// 已完成.
        Done = "done",
        /// 已取消.
        Dropped = "dropped",
    }
}

columns! { Plan { period, title, text, target, due_on, duty, village_id, status } }

impl Record for Plan {
    const KIND: Kind = Kind::Plan;

    const LIST: ListSpec = ListSpec {
        from: "plan r LEFT JOIN village v ON v.id = r.village_id",
        title: "r.title",
        note: "r.target",
        day: "r.due_on",
        columns: &[
            ListColumn::choice("period", "r.period"),
            ListColumn::text("title", "r.title"),
            ListColumn::text("text", "r.text"),
            ListColumn::text("target", "r.target"),
            ListColumn::day("due_on", "r.due_on"),
            ListColumn::choice("duty", "r.duty"),
            ListColumn::choice("status", "r.status"),
            ListColumn::text("village", "v.name"),
        ],
        search: &["r.title", "r.text", "r.target"],
        filters: &[("period", "r.period = {}"), ("duty", "r.duty = {}"), ("status", "r.status = {}")],
        presets: &[Preset { key: "open", name: "未完成的计划", filters: &[("status", PresetValue::Text("open"))] }],
        order: "r.period DESC, r.created_at",
    };

    const BATCH: &'static [BatchField] = &[
        BatchField::set("period"),
        BatchField::set("status"),
        BatchField::set("due_on"),
        BatchField::set("duty"),
        BatchField::set("village_id"),
        BatchField::set("target"),
    ];

    fn blank(_store: Store<'_>, today: NaiveDate) -> Result<Self> {
        Ok(Plan {
            period: Period::due_on(today).next().to_string(),
            title: String::new(),
            text: String::new(),
            target: String::new(),
            due_on: None,
            duty: String::new(),
            village_id: None,
            status: PlanStatus::Open,
        })
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(self.due_on);
        searched.name("title", "事项", &self.title);
        searched.text("text", "具体做法", &self.text);
        searched.text("target", "目标", &self.target);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        if Period::parse(&self.period).is_none() {
            check.hard("required", "period", "请选择计划所属的半年");
        }
        check.required("title", "事项", &self.title, 100);
        check.longest("text", "具体做法", &self.text, 2000);
        check.longest("target", "目标", &self.target, 200);
        check.category("duty", "职责", "duty", &self.duty)?;
        check.reference_if::<Village>("village_id", self.village_id)?;
        check.day("due_on", "完成时限", self.due_on, false);
        Ok(())
    }
}
