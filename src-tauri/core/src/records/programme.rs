//! 补贴项目: a subsidy programme as data: whom it is for, rates, terms, documents and steps. Provinces and years differ,
//! so nothing of it stands in code, and the shipped ones are samples to be edited.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Loaded, Referrer, Store, TextList, columns, envelope, text_enum, value_of};
use crate::value::{Fen, Id};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE programme (",
    envelope!(),
    "
    code TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    year INTEGER CHECK (year BETWEEN 1990 AND 2100),
    policy_basis TEXT NOT NULL,
    eligibility TEXT NOT NULL,
    unit TEXT NOT NULL,
    per_household INTEGER NOT NULL CHECK (per_household IN (0, 1)),
    terms TEXT NOT NULL CHECK (json_valid(terms)),
    cap INTEGER CHECK (cap >= 0),
    documents TEXT NOT NULL CHECK (json_valid(documents)),
    publicity_days INTEGER CHECK (publicity_days BETWEEN 0 AND 365),
    conflicts TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    note TEXT NOT NULL,
    CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)
) STRICT;
CREATE TABLE programme_rate (
    programme_id TEXT NOT NULL REFERENCES programme (id),
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (programme_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE programme_step (
    programme_id TEXT NOT NULL REFERENCES programme (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    stage TEXT NOT NULL CHECK (stage IN ('collecting', 'submitted', 'approved', 'paid')),
    PRIMARY KEY (programme_id, position),
    UNIQUE (programme_id, name)
) STRICT, WITHOUT ROWID;
"
);

/// 补贴项目.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Programme {
    /// 代码.
    pub code: String,
    /// 名称.
    pub name: String,
    /// 年度, where the programme is one year's.
    #[ts(type = "number | null")]
    pub year: Option<i64>,
    /// 政策依据（文号）.
    pub policy_basis: String,
    /// 补助对象, in words.
    pub eligibility: String,
    /// 计量单位 of `quantity` in applications: 人, 户, 亩, 头.
    pub unit: String,
    /// Whether a household applies, not a person.
    pub per_household: bool,
    /// 申报批次/学期 within a year, such as 春季, 秋季; empty: once a year.
    pub terms: TextList,
    /// 封顶金额 per application.
    pub cap: Option<Fen>,
    /// 所需材料.
    pub documents: TextList,
    /// 公示天数.
    #[ts(type = "number | null")]
    pub publicity_days: Option<i64>,
    /// 不可同时享受的项目, in words.
    pub conflicts: String,
    /// 有效期起.
    pub valid_from: Option<NaiveDate>,
    /// 有效期止.
    pub valid_to: Option<NaiveDate>,
    /// 备注.
    pub note: String,
    /// 补助标准.
    pub rates: Vec<ProgrammeRate>,
    /// 办理环节, in order.
    pub steps: Vec<ProgrammeStep>,
}

/// One rate, such as 省外务工 600元.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProgrammeRate {
    /// What it is for.
    pub label: String,
    /// How much.
    pub amount: Fen,
}

/// One step of the way from papers to payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProgrammeStep {
    /// Name, such as 村级评议.
    pub name: String,
    /// What reaching it means for counting.
    pub stage: Stage,
}

text_enum! {
    /// What a step means for counting. The side states are the same in every programme.
    Stage {
        /// 收集材料: not applied for yet.
        Collecting = "collecting",
        /// 已申报.
        Submitted = "submitted",
        /// 已审批.
        Approved = "approved",
        /// 已发放.
        Paid = "paid",
        /// 退回补正.
        Returned = "returned",
        /// 不符合.
        Ineligible = "ineligible",
        /// 撤回.
        Withdrawn = "withdrawn",
    }
}

impl Stage {
    /// The side state of a name.
    pub fn of_side_state(name: &str) -> Option<Stage> {
        [Stage::Returned, Stage::Ineligible, Stage::Withdrawn].into_iter().find(|stage| stage.side_state() == Some(name))
    }

    /// Name of a side state; `None` for stages that a programme names itself.
    pub fn side_state(self) -> Option<&'static str> {
        match self {
            Stage::Returned => Some("退回补正"),
            Stage::Ineligible => Some("不符合"),
            Stage::Withdrawn => Some("撤回"),
            _ => None,
        }
    }

    /// Whether an application in this stage has been handed in and not given up.
    pub fn is_applied(self) -> bool {
        matches!(self, Stage::Submitted | Stage::Approved | Stage::Paid | Stage::Returned)
    }

    /// Whether it has been approved.
    pub fn is_approved(self) -> bool {
        matches!(self, Stage::Approved | Stage::Paid)
    }
}

columns! { ProgrammeRate in "programme_rate" of "programme_id" { label, amount } }
columns! { ProgrammeStep in "programme_step" of "programme_id" { name, stage } }
columns! { Programme {
    code, name, year, policy_basis, eligibility, unit, per_household, terms, cap, documents, publicity_days, conflicts,
    valid_from, valid_to, note
} parts { rates, steps } }

impl Record for Programme {
    const KIND: Kind = Kind::Programme;

    const LIST: ListSpec = ListSpec {
        from: "programme r",
        title: "r.name",
        note: "coalesce(r.year || '年', '')",
        day: "NULL",
        columns: &[
            ListColumn::text("name", "r.name"),
            ListColumn::number("year", "r.year"),
            ListColumn::text("unit", "r.unit"),
            ListColumn::number("cap", "r.cap"),
            ListColumn::text("policy_basis", "r.policy_basis"),
            ListColumn::number(
                "applications",
                "(SELECT count(*) FROM application a WHERE a.programme_id = r.id AND a.deleted_at IS NULL)",
            ),
        ],
        search: &["r.name", "r.policy_basis", "r.eligibility"],
        filters: &[("year", "(r.year IS NULL OR r.year = CAST({} AS INTEGER))")],
        presets: &[],
        order: "r.created_at",
    };

    const REFERRERS: &'static [Referrer] = &[Referrer {
        kind: Kind::Application,
        count: "SELECT count(*) FROM application WHERE programme_id = ?1 AND deleted_at IS NULL",
    }];

    fn blank(_store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        let step = |name: &str, stage| ProgrammeStep { name: name.to_owned(), stage };
        Ok(Programme {
            code: String::new(),
            name: String::new(),
            year: None,
            policy_basis: String::new(),
            eligibility: String::new(),
            unit: "人".to_owned(),
            per_household: false,
            terms: TextList::default(),
            cap: None,
            documents: TextList::default(),
            publicity_days: None,
            conflicts: String::new(),
            valid_from: None,
            valid_to: None,
            note: String::new(),
            rates: Vec::new(),
            steps: vec![
                step("收集材料", Stage::Collecting),
                step("村级评议", Stage::Submitted),
                step("村级公示", Stage::Submitted),
                step("乡镇审核", Stage::Submitted),
                step("县级审批", Stage::Approved),
                step("已发放", Stage::Paid),
            ],
        })
    }

    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> Id) {
        self.terms.0.retain(|term| !term.is_empty());
        self.documents.0.retain(|document| !document.is_empty());
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.name("name", "名称", &self.name);
        searched.text("policy_basis", "政策依据", &self.policy_basis);
        searched.text("eligibility", "补助对象", &self.eligibility);
        searched.text("conflicts", "不可同时享受", &self.conflicts);
        searched.text("note", "备注", &self.note);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "补贴项目名称", &self.name, 60);
        check.required("unit", "计量单位", &self.unit, 10);
        check.at_least_one("steps", "办理环节", &self.steps);
        check.money("cap", "封顶金额", self.cap);
        check.count("publicity_days", "公示天数", self.publicity_days, 365);
        check.in_order("valid_to", ("有效期起", self.valid_from), ("有效期止", self.valid_to));
        for (at, rate) in self.rates.iter().enumerate() {
            check.required(format!("rates.{at}.label"), "标准名称", &rate.label, 60);
            check.money(format!("rates.{at}.amount"), "补助标准", Some(rate.amount));
        }
        self.check_steps(check)
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}

impl Programme {
    fn check_steps(&self, check: &mut Check<'_>) -> Result<()> {
        for (at, step) in self.steps.iter().enumerate() {
            check.required(format!("steps.{at}.name"), "环节名称", &step.name, 30);
            if step.stage.side_state().is_some() {
                check.hard("unknown_category", format!("steps.{at}.stage"), "退回、不符合、撤回由程序自带，不用列为环节");
            }
            if self.steps.iter().take(at).any(|other| other.name == step.name) {
                check.hard("duplicate_step", format!("steps.{at}.name"), format!("环节“{}”重复，请改名", step.name));
            }
        }
        let names = serde_json::to_string(&self.steps.iter().map(|step| &step.name).collect::<Vec<_>>())?;
        let stranded = "SELECT count(*) FROM application WHERE programme_id = ?1 AND deleted_at IS NULL
             AND stage IN ('collecting', 'submitted', 'approved', 'paid') AND step NOT IN (SELECT value FROM json_each(?2))";
        if check.store.count(stranded, &[value_of(&check.id), value_of(&names)])? > 0 {
            check.hard("step_in_use", "steps", "还有申报停在被去掉的环节上，请先改这些申报的环节");
        }
        Ok(())
    }
}
