//! 诉求与问题: raised by a visit, a meeting, an inspection or by itself, and followed until it is closed out (销号).

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::household::Household;
use super::project::Project;
use super::team_member::TeamMember;
use super::village::Village;
use super::visit::Visit;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Loaded, Preset, PresetValue, Store, WhenDay, columns, envelope, text_enum};
use crate::value::Id;

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE issue (",
    envelope!(),
    "
    title TEXT NOT NULL CHECK (length(title) > 0),
    source TEXT NOT NULL,
    type_code TEXT NOT NULL,
    raised_on TEXT NOT NULL,
    village_id TEXT REFERENCES village (id),
    household_id TEXT REFERENCES household (id),
    project_id TEXT REFERENCES project (id),
    visit_id TEXT REFERENCES visit (id),
    owner_id TEXT REFERENCES team_member (id),
    owner TEXT NOT NULL,
    due_on TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'handling', 'solved', 'closed', 'unsolvable')),
    solved_on TEXT,
    closed_on TEXT,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    CHECK (status <> 'closed' OR closed_on IS NOT NULL),
    CHECK (status NOT IN ('solved', 'closed') OR solved_on IS NOT NULL)
) STRICT;
CREATE INDEX issue_status ON issue (status, due_on);
CREATE INDEX issue_visit ON issue (visit_id);
CREATE TABLE issue_measure (
    issue_id TEXT NOT NULL REFERENCES issue (id),
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (issue_id, position)
) STRICT, WITHOUT ROWID;
"
);

/// 诉求或问题.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Issue {
    /// 问题描述.
    pub title: String,
    /// 来源, dictionary `issue_source`.
    pub source: String,
    /// 类型, dictionary `issue_type`.
    pub type_code: String,
    /// 提出日期.
    pub raised_on: NaiveDate,
    /// 村.
    pub village_id: Option<Id>,
    /// 户.
    pub household_id: Option<Id>,
    /// 项目.
    pub project_id: Option<Id>,
    /// The visit that raised it.
    pub visit_id: Option<Id>,
    /// 责任人, if of the team.
    pub owner_id: Option<Id>,
    /// 责任人, if somebody else.
    pub owner: String,
    /// 办理期限.
    pub due_on: Option<NaiveDate>,
    /// 状态.
    pub status: IssueStatus,
    /// 解决日期.
    pub solved_on: Option<NaiveDate>,
    /// 销号日期.
    pub closed_on: Option<NaiveDate>,
    /// 无法解决的原因.
    pub reason: String,
    /// 佐证.
    pub evidence: String,
    /// 整改措施 and progress.
    pub measures: Vec<IssueMeasure>,
}

text_enum! {
    /// 问题状态.
    IssueStatus {
        /// 待处理.
        Open = "open",
        /// 处理中.
        Handling = "handling",
        /// 已解决.
        Solved = "solved",
        /// 已销号.
        Closed = "closed",
        /// 无法解决.
        Unsolvable = "unsolvable",
    }
}

impl IssueStatus {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            IssueStatus::Open => "待处理",
            IssueStatus::Handling => "处理中",
            IssueStatus::Solved => "已解决",
            IssueStatus::Closed => "已销号",
            IssueStatus::Unsolvable => "无法解决",
        }
    }

    /// 已办结: solved or closed out.
    pub fn is_done(self) -> bool {
        matches!(self, IssueStatus::Solved | IssueStatus::Closed)
    }
}

/// 措施.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct IssueMeasure {
    /// The day.
    pub day: NaiveDate,
    /// What was done.
    pub text: String,
}

columns! { IssueMeasure in "issue_measure" of "issue_id" { day, text } }
columns! { Issue {
    title, source, type_code, raised_on, village_id, household_id, project_id, visit_id, owner_id, owner, due_on, status,
    solved_on, closed_on, reason, evidence
} parts { measures } }

impl Record for Issue {
    const KIND: Kind = Kind::Issue;

    const LIST: ListSpec = ListSpec {
        from: "issue r LEFT JOIN team_member t ON t.id = r.owner_id LEFT JOIN village v ON v.id = r.village_id
               LEFT JOIN member h ON h.household_id = r.household_id AND h.relation = 'head'",
        title: "r.title",
        note: "coalesce(h.name, v.name, '')",
        day: "r.raised_on",
        columns: &[
            ListColumn::text("title", "r.title"),
            ListColumn::text("household", "h.name"),
            ListColumn::text("village", "v.name"),
            ListColumn::choice("source", "r.source"),
            ListColumn::choice("type_code", "r.type_code"),
            ListColumn::day("raised_on", "r.raised_on"),
            ListColumn::day("due_on", "r.due_on"),
            ListColumn::text("owner", "coalesce(t.name, r.owner)"),
            ListColumn::choice("status", "r.status"),
            ListColumn::day("solved_on", "r.solved_on"),
            ListColumn::day("closed_on", "r.closed_on"),
        ],
        search: &["r.title", "h.name", "r.owner", "t.name", "r.reason"],
        filters: &[
            ("status", "r.status = {}"),
            ("unfinished", "r.status IN ('open', 'handling') AND {} <> ''"),
            ("not_closed", "r.status <> 'closed' AND {} <> ''"),
            ("overdue_on", "r.status IN ('open', 'handling') AND r.due_on < {}"),
            ("type_code", "r.type_code = {}"),
            ("source", "r.source = {}"),
            ("village", "r.village_id = {}"),
            ("from", "r.raised_on >= {}"),
            ("to", "r.raised_on <= {}"),
        ],
        presets: &[
            Preset { key: "overdue", name: "逾期问题", filters: &[("overdue_on", PresetValue::Day(WhenDay::Today))] },
            Preset { key: "not_closed", name: "未销号问题", filters: &[("not_closed", PresetValue::Text("1"))] },
            Preset {
                key: "this_month",
                name: "本月提出的问题",
                filters: &[("from", PresetValue::Day(WhenDay::MonthStart)), ("to", PresetValue::Day(WhenDay::Today))],
            },
        ],
        order: "r.raised_on DESC",
    };

    const BATCH: &'static [BatchField] = &[
        BatchField::set("status"),
        BatchField::set("owner_id"),
        BatchField::set("owner"),
        BatchField::set("due_on"),
        BatchField::set("solved_on"),
        BatchField::set("closed_on"),
        BatchField::set("source"),
        BatchField::set("type_code"),
        BatchField::set("village_id"),
        BatchField::set("project_id"),
        BatchField::set("reason"),
        BatchField::set("evidence"),
    ];

    /// The owner is of the team or somebody else, not both; a status reached brings its day where that is not
    /// known yet, and one gone back to takes it away.
    fn follow_batch(&mut self, _store: Store<'_>, changed: &[&str], day: NaiveDate) -> Result<()> {
        if changed.contains(&"status") {
            let (solved, closed) = (self.status.is_done(), self.status == IssueStatus::Closed);
            self.solved_on = self.solved_on.or(Some(day)).filter(|_| solved);
            self.closed_on = self.closed_on.or(Some(day)).filter(|_| closed);
        }
        match (changed.contains(&"owner_id"), changed.contains(&"owner")) {
            (true, false) => self.owner.clear(),
            (false, true) => self.owner_id = None,
            _ => {}
        }
        Ok(())
    }

    fn blank(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        Ok(Issue {
            title: String::new(),
            source: "self".to_owned(),
            type_code: String::new(),
            raised_on: today,
            village_id: store.all::<Village>()?.first().map(|village| village.id),
            household_id: None,
            project_id: None,
            visit_id: None,
            owner_id: None,
            owner: String::new(),
            due_on: None,
            status: IssueStatus::Open,
            solved_on: None,
            closed_on: None,
            reason: String::new(),
            evidence: String::new(),
            measures: Vec::new(),
        })
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(Some(self.raised_on));
        searched.foremost(matches!(self.status, IssueStatus::Open | IssueStatus::Handling));
        searched.text("title", "问题描述", &self.title);
        searched.name("owner", "责任人", &self.owner);
        for measure in &self.measures {
            searched.text("measures", "措施", &measure.text);
        }
        searched.text("reason", "无法解决的原因", &self.reason);
        searched.text("evidence", "佐证", &self.evidence);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("title", "问题描述", &self.title, 500);
        check.category("source", "来源", "issue_source", &self.source)?;
        check.category("type_code", "类型", "issue_type", &self.type_code)?;
        check.day("raised_on", "提出日期", Some(self.raised_on), true);
        check.reference_if::<Village>("village_id", self.village_id)?;
        check.reference_if::<Household>("household_id", self.household_id)?;
        check.reference_if::<Project>("project_id", self.project_id)?;
        check.reference_if::<Visit>("visit_id", self.visit_id)?;
        check.reference_if::<TeamMember>("owner_id", self.owner_id)?;
        check.day("solved_on", "解决日期", self.solved_on, true);
        check.day("closed_on", "销号日期", self.closed_on, true);
        check.in_order("due_on", ("提出日期", Some(self.raised_on)), ("办理期限", self.due_on));
        check.in_order("solved_on", ("提出日期", Some(self.raised_on)), ("解决日期", self.solved_on));
        check.in_order("closed_on", ("解决日期", self.solved_on), ("销号日期", self.closed_on));
        self.check_status(check);
        for (at, measure) in self.measures.iter().enumerate() {
            check.required(format!("measures.{at}.text"), "措施", &measure.text, 500);
            check.day(format!("measures.{at}.day"), "措施日期", Some(measure.day), true);
        }
        Ok(())
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}

impl Issue {
    /// 待处理 → 处理中 → 已解决 → 已销号: each later status needs what it says has happened.
    fn check_status(&self, check: &mut Check<'_>) {
        if self.status.is_done() && self.solved_on.is_none() {
            check.hard("required", "solved_on", "请填写解决日期");
        }
        if self.status == IssueStatus::Closed && self.closed_on.is_none() {
            check.hard("required", "closed_on", "销号要填销号日期");
        }
        if self.status == IssueStatus::Unsolvable && self.reason.is_empty() {
            check.hard("required", "reason", "无法解决的，请写明原因");
        }
        if !self.status.is_done() && (self.solved_on.is_some() || self.closed_on.is_some()) {
            check.hard("status_conflict", "status", "已填解决或销号日期，状态应为“已解决”或“已销号”");
        }
        if self.status == IssueStatus::Solved && self.closed_on.is_some() {
            check.hard("status_conflict", "status", "已填销号日期，状态应为“已销号”");
        }
    }
}
