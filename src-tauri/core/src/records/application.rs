//! 申报: one application for a subsidy, with its way through the programme's steps and the amounts on it.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::household::Household;
use super::programme::{Programme, Stage};
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Loaded, Preset, PresetValue, Store, Stored, TextList, columns, envelope, value_of};
use crate::value::{Fen, Id, mask_bank_number};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE application (",
    envelope!(),
    "
    programme_id TEXT NOT NULL REFERENCES programme (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    term TEXT NOT NULL,
    batch TEXT NOT NULL,
    household_id TEXT NOT NULL REFERENCES household (id),
    member_id TEXT REFERENCES member (id) DEFERRABLE INITIALLY DEFERRED,
    quantity INTEGER CHECK (quantity >= 0),
    applied_on TEXT,
    approved_on TEXT,
    paid_on TEXT,
    amount_applied INTEGER CHECK (amount_applied >= 0),
    amount_approved INTEGER CHECK (amount_approved >= 0),
    amount_paid INTEGER CHECK (amount_paid >= 0),
    documents_ready TEXT NOT NULL CHECK (json_valid(documents_ready)),
    notice_from TEXT,
    notice_to TEXT,
    payee_name TEXT NOT NULL,
    payee_bank TEXT NOT NULL,
    payee_account TEXT NOT NULL,
    step TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('collecting', 'submitted', 'approved', 'paid', 'returned', 'ineligible', 'withdrawn')),
    reason TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX application_once ON application (programme_id, year, term, household_id, coalesce(member_id, ''))
    WHERE deleted_at IS NULL AND stage <> 'withdrawn';
CREATE INDEX application_household ON application (household_id);
CREATE INDEX application_member ON application (member_id);
CREATE TABLE application_step (
    application_id TEXT NOT NULL REFERENCES application (id),
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (application_id, position)
) STRICT, WITHOUT ROWID;
"
);

/// The list's own order, so that its first page needs no sorting.
pub(crate) const LIST_INDEX: &str =
    "CREATE INDEX application_listed ON application (coalesce(applied_on, updated_at) DESC, id) WHERE deleted_at IS NULL;";

/// 申报.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Application {
    /// 补贴项目.
    pub programme_id: Id,
    /// 年度.
    #[ts(type = "number")]
    pub year: i64,
    /// 学期/批次 of the programme; empty where it has none.
    pub term: String,
    /// 上报批次.
    pub batch: String,
    /// 户.
    pub household_id: Id,
    /// 申报人; nothing where the household applies.
    pub member_id: Option<Id>,
    /// 数量 in hundredths of the programme's unit.
    #[ts(type = "number | null")]
    pub quantity: Option<i64>,
    /// 申报日期.
    pub applied_on: Option<NaiveDate>,
    /// 审批日期.
    pub approved_on: Option<NaiveDate>,
    /// 发放日期.
    pub paid_on: Option<NaiveDate>,
    /// 申报金额.
    pub amount_applied: Option<Fen>,
    /// 批准金额.
    pub amount_approved: Option<Fen>,
    /// 发放金额.
    pub amount_paid: Option<Fen>,
    /// 已收材料.
    pub documents_ready: TextList,
    /// 公示开始.
    pub notice_from: Option<NaiveDate>,
    /// 公示结束.
    pub notice_to: Option<NaiveDate>,
    /// 收款人.
    pub payee_name: String,
    /// 开户银行.
    pub payee_bank: String,
    /// 银行账号.
    pub payee_account: String,
    /// 当前环节, a step's name of the programme or a side state's.
    pub step: String,
    /// What the step means for counting.
    pub stage: Stage,
    /// 退回或不符合的原因.
    pub reason: String,
    /// 备注.
    pub note: String,
    /// 办理经过.
    pub history: Vec<ApplicationStep>,
}

/// One step taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ApplicationStep {
    /// The day.
    pub day: NaiveDate,
    /// The step reached.
    pub step: String,
    /// 经办人.
    pub actor: String,
    /// 说明.
    pub note: String,
}

columns! { ApplicationStep in "application_step" of "application_id" { day, step, actor, note } }
columns! { Application {
    programme_id, year, term, batch, household_id, member_id, quantity, applied_on, approved_on, paid_on, amount_applied,
    amount_approved, amount_paid, documents_ready, notice_from, notice_to, payee_name, payee_bank, payee_account, step, stage,
    reason, note
} parts { history } }

impl Record for Application {
    const KIND: Kind = Kind::Application;

    const LIST: ListSpec = ListSpec {
        from: "application r JOIN programme p ON p.id = r.programme_id JOIN household g ON g.id = r.household_id JOIN village v ON v.id = g.village_id
               LEFT JOIN member m ON m.id = r.member_id LEFT JOIN member h ON h.household_id = r.household_id AND h.relation = 'head'",
        title: "p.name || ' ' || coalesce(m.name, h.name, '')",
        note: "r.year || '年' || r.term || ' ' || r.step",
        day: "coalesce(r.applied_on, r.notice_from)",
        columns: &[
            ListColumn::text("programme", "p.name"),
            ListColumn::number("year", "r.year"),
            ListColumn::text("term", "r.term"),
            ListColumn::text("applicant", "coalesce(m.name, h.name)"),
            ListColumn::text("head", "h.name"),
            ListColumn::text("village", "v.name"),
            ListColumn::text("batch", "r.batch"),
            ListColumn::text("step", "r.step"),
            ListColumn::choice("stage", "r.stage"),
            ListColumn::day("applied_on", "r.applied_on"),
            ListColumn::number("amount_applied", "r.amount_applied"),
            ListColumn::number("amount_approved", "r.amount_approved"),
            ListColumn::number("amount_paid", "r.amount_paid"),
            ListColumn::day("paid_on", "r.paid_on"),
        ],
        search: &["p.name", "m.name", "h.name", "r.batch", "r.note"],
        filters: &[
            ("programme", "r.programme_id = {}"),
            ("stage", "r.stage = {}"),
            ("year", "r.year = CAST({} AS INTEGER)"),
            ("household", "r.household_id = {}"),
            ("village", "g.village_id = {}"),
            ("from", "r.applied_on >= {}"),
            ("to", "r.applied_on <= {}"),
            ("needs_papers", "(r.stage = 'returned' OR r.stage = 'collecting' AND (p.documents = '[]' OR EXISTS (
                              SELECT 1 FROM json_each(p.documents) d WHERE d.value NOT IN (SELECT e.value FROM json_each(r.documents_ready) e)))) AND {} <> ''"),
        ],
        presets: &[
            Preset { key: "needs_papers", name: "待补材料", filters: &[("needs_papers", PresetValue::Text("1"))] },
            Preset { key: "returned", name: "退回补正", filters: &[("stage", PresetValue::Text("returned"))] },
            Preset { key: "approved_unpaid", name: "已审批未发放", filters: &[("stage", PresetValue::Text("approved"))] },
        ],
        order: "coalesce(r.applied_on, r.updated_at) DESC",
    };

    const BATCH: &'static [BatchField] = &[
        BatchField::set("step"),
        BatchField::set("batch"),
        BatchField::set("year"),
        BatchField::set("term"),
        BatchField::set("amount_applied"),
        BatchField::set("amount_approved"),
        BatchField::set("amount_paid"),
        BatchField::set("applied_on"),
        BatchField::set("approved_on"),
        BatchField::set("paid_on"),
        BatchField::set("notice_from"),
        BatchField::set("notice_to"),
        BatchField::set("payee_bank"),
        BatchField::set("reason"),
        BatchField::set("note"),
    ];

    /// A step reached brings its stage, a line of history, and the days that are not known yet.
    fn follow_batch(&mut self, store: Store<'_>, changed: &[&str], day: NaiveDate) -> Result<()> {
        if !changed.contains(&"step") {
            return Ok(());
        }
        let programme = store.find::<Programme>(self.programme_id)?;
        let own = programme.and_then(|programme| programme.draft.steps.into_iter().find(|step| step.name == self.step));
        // A step that the programme does not have keeps the old stage, and the rules refuse it.
        self.stage = own.map(|step| step.stage).or_else(|| Stage::of_side_state(&self.step)).unwrap_or(self.stage);
        if self.history.last().is_none_or(|last| last.step != self.step) {
            self.history.push(ApplicationStep { day, step: self.step.clone(), actor: String::new(), note: String::new() });
        }
        if self.stage.is_applied() {
            self.applied_on = self.applied_on.or(Some(day));
        }
        if matches!(self.stage, Stage::Approved | Stage::Paid) {
            self.approved_on = self.approved_on.or(Some(day));
        }
        if self.stage == Stage::Paid {
            self.paid_on = self.paid_on.or(Some(day));
        }
        Ok(())
    }

    fn blank(_store: Store<'_>, today: NaiveDate) -> Result<Self> {
        use chrono::Datelike;
        Ok(Application {
            programme_id: Id::default(),
            year: i64::from(today.year()),
            term: String::new(),
            batch: String::new(),
            household_id: Id::default(),
            member_id: None,
            quantity: None,
            applied_on: None,
            approved_on: None,
            paid_on: None,
            amount_applied: None,
            amount_approved: None,
            amount_paid: None,
            documents_ready: TextList::default(),
            notice_from: None,
            notice_to: None,
            payee_name: String::new(),
            payee_bank: String::new(),
            payee_account: String::new(),
            step: String::new(),
            stage: Stage::Collecting,
            reason: String::new(),
            note: String::new(),
            history: Vec::new(),
        })
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(self.applied_on.or(self.notice_from));
        searched.text("batch", "上报批次", &self.batch);
        searched.text("reason", "退回或不符合的原因", &self.reason);
        searched.text("note", "备注", &self.note);
        searched.name("payee_name", "收款人", &self.payee_name);
        for step in &self.history {
            searched.text("history", "办理经过", &step.note);
            searched.name("history", "经办人", &step.actor);
        }
        searched.number("payee_account", "银行账号", &self.payee_account, mask_bank_number);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.reference::<Programme>("programme_id", self.programme_id)?;
        check.reference::<Household>("household_id", self.household_id)?;
        if !(1990..=2100).contains(&self.year) {
            check.hard("impossible_date", "year", "年度不对，请核对");
        }
        for (field, label, fen) in [
            ("amount_applied", "申报金额", self.amount_applied),
            ("amount_approved", "批准金额", self.amount_approved),
            ("amount_paid", "发放金额", self.amount_paid),
        ] {
            check.money(field, label, fen);
        }
        check.day("applied_on", "申报日期", self.applied_on, true);
        check.day("approved_on", "审批日期", self.approved_on, true);
        check.day("paid_on", "发放日期", self.paid_on, true);
        check.in_order("approved_on", ("申报日期", self.applied_on), ("审批日期", self.approved_on));
        check.in_order("paid_on", ("审批日期", self.approved_on), ("发放日期", self.paid_on));
        check.in_order("notice_to", ("公示开始", self.notice_from), ("公示结束", self.notice_to));
        for (at, step) in self.history.iter().enumerate() {
            check.required(format!("history.{at}.step"), "环节", &step.step, 30);
            check.day(format!("history.{at}.day"), "办理日期", Some(step.day), true);
        }
        self.check_amounts(check);
        self.check_stage(check);
        self.check_once(check)?;
        match check.store.find::<Programme>(self.programme_id)? {
            Some(programme) => self.check_programme(check, &programme.draft),
            None => Ok(()),
        }
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}

impl Application {
    /// The application that this one would repeat: of the same programme, year, term and applicant, not withdrawn.
    pub fn the_same(store: Store<'_>, draft: &Application) -> Result<Option<Stored<Application>>> {
        let condition = "r.programme_id = ?1 AND r.year = ?2 AND r.term = ?3 AND r.household_id = ?4
             AND coalesce(r.member_id, '') = coalesce(?5, '') AND r.deleted_at IS NULL AND r.stage <> 'withdrawn'";
        let key = [
            value_of(&draft.programme_id),
            value_of(&draft.year),
            value_of(&draft.term),
            value_of(&draft.household_id),
            value_of(&draft.member_id),
        ];
        Ok(store.load(condition, &key)?.pop())
    }

    fn check_amounts(&self, check: &mut Check<'_>) {
        if let (Some(paid), Some(approved)) = (self.amount_paid, self.amount_approved)
            && paid > approved
        {
            check.soft("paid_over_approved", "amount_paid", "发放金额大于批准金额，请核对");
        }
        if self.amount_paid.is_some_and(|paid| paid > Fen::ZERO) && self.paid_on.is_none() {
            check.hard("required", "paid_on", "填了发放金额，请同时填发放日期");
        }
    }

    fn check_stage(&self, check: &mut Check<'_>) {
        if self.stage == Stage::Paid && self.amount_paid.is_none() {
            check.hard("required", "amount_paid", "已发放的，请填写发放金额");
        }
        if self.stage.is_applied() && self.applied_on.is_none() {
            check.hard("required", "applied_on", "已申报的，请填写申报日期");
        }
        if matches!(self.stage, Stage::Returned | Stage::Ineligible) && self.reason.is_empty() {
            check.hard("required", "reason", "退回或不符合的，请写明原因");
        }
    }

    /// (补贴项目, 年度, 学期, 人) is applied for once; a withdrawn application does not count.
    fn check_once(&self, check: &mut Check<'_>) -> Result<()> {
        let same = "SELECT count(*) FROM application WHERE programme_id = ?1 AND year = ?2 AND term = ?3 AND household_id = ?4
             AND coalesce(member_id, '') = coalesce(?5, '') AND id <> ?6 AND deleted_at IS NULL AND stage <> 'withdrawn'";
        let key = [
            value_of(&self.programme_id),
            value_of(&self.year),
            value_of(&self.term),
            value_of(&self.household_id),
            value_of(&self.member_id),
            value_of(&check.id),
        ];
        if self.stage != Stage::Withdrawn && check.store.count(same, &key)? > 0 {
            check.hard("duplicate_application", "programme_id", "同一人（户）本年度本批次已申报过这个项目，请直接修改那一条");
        }
        Ok(())
    }

    fn check_programme(&self, check: &mut Check<'_>, programme: &Programme) -> Result<()> {
        if let (Some(approved), Some(cap)) = (self.amount_approved, programme.cap)
            && approved > cap
        {
            check.soft("approved_over_cap", "amount_approved", format!("批准金额超过该项目封顶的{}，请核对", cap.in_words()));
        }
        if !programme.terms.0.is_empty() && !programme.terms.0.contains(&self.term) {
            check.hard("required", "term", format!("请选择{}", programme.terms.0.join("或")));
        }
        match self.member_id {
            None if !programme.per_household => check.hard("required", "member_id", "这个项目按人申报，请选择申报人"),
            Some(member) => {
                let lives_there = "SELECT count(*) FROM member WHERE id = ?1 AND household_id = ?2";
                if check.store.count(lives_there, &[value_of(&member), value_of(&self.household_id)])? == 0 {
                    check.hard("dead_reference", "member_id", "申报人不在所选的户中，请重新选择");
                }
            }
            None => {}
        }
        let known = match self.stage.side_state() {
            Some(name) => name == self.step,
            None => programme.steps.iter().any(|step| step.name == self.step && step.stage == self.stage),
        };
        if !known {
            check.hard("required", "step", "请选择当前环节");
        }
        if let Some(year) = programme.year
            && year != self.year
        {
            check.soft("other_year", "year", format!("这个补贴项目是{year}年度的，请核对年度"));
        }
        Ok(())
    }
}
