//! 下步计划: what is to be done in a half-year, with target and due date, what came of it, and what is carried over into the next.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::village::Village;
use super::{BatchField, Check, Kind, Record};
use crate::error::{Error, Result};
use crate::search::Searched;
use crate::storage::{
    Done, Ledger, ListColumn, ListSpec, Op, Preset, PresetValue, Referrer, Store, Stored, Tx, columns, envelope, text_enum,
};
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

/// What a plan knows since schema 2.
pub(crate) const ADDED: &str = "
ALTER TABLE plan ADD COLUMN indicator TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN result TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN carried_from TEXT REFERENCES plan (id);
CREATE INDEX plan_carried_from ON plan (carried_from);
";

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
    /// 对应指标: name of the indicator that tells how far it has come.
    #[serde(default)]
    pub indicator: String,
    /// 完成情况: what came of it.
    #[serde(default)]
    pub result: String,
    /// The plan of the half-year before that this one goes on with.
    #[serde(default)]
    pub carried_from: Option<Id>,
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

columns! { Plan { period, title, text, target, due_on, duty, village_id, status, indicator, result, carried_from } }

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
            ListColumn::choice(
                "status",
                "CASE WHEN r.status = 'open' AND EXISTS (SELECT 1 FROM plan n WHERE n.carried_from = r.id AND n.deleted_at IS NULL)
                 THEN 'carried' ELSE r.status END",
            ),
            ListColumn::text("carried", "CASE WHEN r.carried_from IS NULL THEN '' ELSE '上期结转' END"),
            ListColumn::text("result", "r.result"),
            ListColumn::text("village", "v.name"),
        ],
        search: &["r.title", "r.text", "r.target", "r.result"],
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
        BatchField::set("indicator"),
    ];

    const REFERRERS: &'static [Referrer] =
        &[Referrer { kind: Kind::Plan, count: "SELECT count(*) FROM plan WHERE carried_from = ?1 AND deleted_at IS NULL" }];

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
            indicator: String::new(),
            result: String::new(),
            carried_from: None,
        })
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(self.due_on);
        searched.name("title", "事项", &self.title);
        searched.text("text", "具体做法", &self.text);
        searched.text("target", "目标", &self.target);
        searched.text("result", "完成情况", &self.result);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        if Period::parse(&self.period).is_none() {
            check.hard("required", "period", "请选择计划所属的半年");
        }
        check.required("title", "事项", &self.title, 100);
        check.longest("text", "具体做法", &self.text, 2000);
        check.longest("target", "目标", &self.target, 200);
        check.longest("indicator", "对应指标", &self.indicator, 100);
        check.longest("result", "完成情况", &self.result, 1000);
        if let Some(before) = self.carried_from {
            // The plan it goes on with may lie in the bin: its own story does not end this one.
            let earlier = check.store.find::<Plan>(before)?.is_some_and(|before| before.draft.period < self.period);
            if !earlier || before == check.id {
                check.hard("carried_from_later", "carried_from", "结转的计划应属于更早的半年");
            }
        }
        check.category("duty", "职责", "duty", &self.duty)?;
        check.reference_if::<Village>("village_id", self.village_id)?;
        check.day("due_on", "完成时限", self.due_on, false);
        Ok(())
    }
}

/// What carrying over came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CarriedOver {
    /// Plans that now stand in the next half-year.
    pub added: u32,
    /// Plans of the next half-year, written already, that were joined with the one they go on with.
    pub joined: u32,
}

impl Ledger {
    /// 结转: what a half-year left unfinished becomes plans of the next, each linked to the one it goes on with; one step to undo.
    pub fn carry_over_plans(&mut self, period: &str) -> Result<Done<CarriedOver>> {
        let period = Period::parse(period).ok_or_else(|| Error::BadInput(format!("“{period}”不是半年")))?;
        self.transact(Op::CarryOver, |tx| carry_over(tx, period))
    }
}

fn carry_over(tx: &mut Tx<'_>, period: Period) -> Result<CarriedOver> {
    let all = tx.all::<Plan>()?;
    let (from, next) = (period.to_string(), period.next());
    let mut carried = CarriedOver::default();
    for plan in all.iter().filter(|plan| plan.draft.period == from && plan.draft.status == PlanStatus::Open) {
        if all.iter().any(|other| other.draft.carried_from == Some(plan.id)) {
            continue;
        }
        match all.iter().find(|other| goes_on_with(&other.draft, plan, next)) {
            Some(same) => {
                tx.change(same.id, same.meta.version, Plan { carried_from: Some(plan.id), ..same.draft.clone() }, &[])?;
                carried.joined += 1;
            }
            None => {
                tx.add(continued(plan, next), &[])?;
                carried.added += 1;
            }
        }
    }
    Ok(carried)
}

/// The same thing, written by hand into the next half-year before anything was carried over.
fn goes_on_with(other: &Plan, plan: &Stored<Plan>, next: Period) -> bool {
    other.period == next.to_string()
        && other.carried_from.is_none()
        && (&other.title, other.village_id) == (&plan.draft.title, plan.draft.village_id)
}

/// The plan as it stands in the next half-year: a due day that has passed is for the user to set anew.
fn continued(plan: &Stored<Plan>, next: Period) -> Plan {
    Plan {
        period: next.to_string(),
        due_on: plan.draft.due_on.filter(|day| *day >= next.first_day()),
        status: PlanStatus::Open,
        result: String::new(),
        carried_from: Some(plan.id),
        ..plan.draft.clone()
    }
}
