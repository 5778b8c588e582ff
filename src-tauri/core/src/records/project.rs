//! 项目: money by source, its way from budget to payment, progress, milestones, sub-works, notices and blockers.

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::support_unit::SupportUnit;
use super::village::Village;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Loaded, Preset, PresetValue, Referrer, Store, WhenDay, columns, envelope};
use crate::value::{Fen, Id};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE project (",
    envelope!(),
    "
    name TEXT NOT NULL CHECK (length(name) > 0),
    category TEXT NOT NULL,
    village_id TEXT NOT NULL REFERENCES village (id),
    place TEXT NOT NULL,
    duty TEXT NOT NULL,
    pool_source TEXT NOT NULL,
    plan_year INTEGER CHECK (plan_year BETWEEN 1990 AND 2100),
    impl_year INTEGER CHECK (impl_year BETWEEN 1990 AND 2100),
    support_unit_id TEXT REFERENCES support_unit (id),
    budget INTEGER CHECK (budget >= 0),
    arrived INTEGER CHECK (arrived >= 0),
    appropriated INTEGER CHECK (appropriated >= 0),
    paid INTEGER CHECK (paid >= 0),
    settled INTEGER CHECK (settled >= 0),
    audited INTEGER CHECK (audited >= 0),
    owner_unit TEXT NOT NULL,
    builder TEXT NOT NULL,
    contract_no TEXT NOT NULL,
    contract_amount INTEGER CHECK (contract_amount >= 0),
    beneficiary_households INTEGER CHECK (beneficiary_households >= 0),
    beneficiary_persons INTEGER CHECK (beneficiary_persons >= 0),
    income_effect TEXT NOT NULL,
    asset_class TEXT NOT NULL,
    asset_owner TEXT NOT NULL,
    asset_keeper TEXT NOT NULL,
    asset_yearly_income INTEGER CHECK (asset_yearly_income >= 0),
    summary TEXT NOT NULL
) STRICT;
CREATE TABLE project_fund (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    note TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_payment (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    payee TEXT NOT NULL,
    voucher TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_progress (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 10000),
    note TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_milestone (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    planned TEXT,
    actual TEXT,
    document_no TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_sub_work (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    amount INTEGER CHECK (amount >= 0),
    completed_on TEXT,
    note TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_blocker (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    raised_on TEXT NOT NULL,
    text TEXT NOT NULL,
    solved_on TEXT,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_notice (
    project_id TEXT NOT NULL REFERENCES project (id),
    position INTEGER NOT NULL,
    stage TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    place TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) STRICT, WITHOUT ROWID;
"
);

/// 项目.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Project {
    /// 项目名称.
    pub name: String,
    /// 类别, dictionary `project_category`.
    pub category: String,
    /// 村.
    pub village_id: Id,
    /// 实施地点.
    pub place: String,
    /// 职责, dictionary `duty`: the section of the report that tells of it.
    pub duty: String,
    /// 项目库来源, dictionary `pool_source`.
    pub pool_source: String,
    /// 规划年度.
    #[ts(type = "number | null")]
    pub plan_year: Option<i64>,
    /// 实施年度.
    #[ts(type = "number | null")]
    pub impl_year: Option<i64>,
    /// 援建的后盾单位.
    pub support_unit_id: Option<Id>,
    /// 总投资.
    pub budget: Option<Fen>,
    /// 到位资金.
    pub arrived: Option<Fen>,
    /// 拨付资金.
    pub appropriated: Option<Fen>,
    /// 支付资金.
    pub paid: Option<Fen>,
    /// 结算金额.
    pub settled: Option<Fen>,
    /// 决算审计金额.
    pub audited: Option<Fen>,
    /// 实施单位.
    pub owner_unit: String,
    /// 施工方.
    pub builder: String,
    /// 合同编号.
    pub contract_no: String,
    /// 合同金额.
    pub contract_amount: Option<Fen>,
    /// 受益户.
    #[ts(type = "number | null")]
    pub beneficiary_households: Option<i64>,
    /// 受益人.
    #[ts(type = "number | null")]
    pub beneficiary_persons: Option<i64>,
    /// 联农带农效果.
    pub income_effect: String,
    /// 资产类别, dictionary `asset_class`.
    pub asset_class: String,
    /// 产权.
    pub asset_owner: String,
    /// 管护人.
    pub asset_keeper: String,
    /// 资产年收益.
    pub asset_yearly_income: Option<Fen>,
    /// 建设内容.
    pub summary: String,
    /// 资金来源.
    pub funds: Vec<ProjectFund>,
    /// 支付明细.
    pub payments: Vec<ProjectPayment>,
    /// 进度记录.
    pub progress: Vec<ProjectProgress>,
    /// 节点, in order.
    pub milestones: Vec<ProjectMilestone>,
    /// 子项.
    pub sub_works: Vec<ProjectSubWork>,
    /// 存在问题.
    pub blockers: Vec<ProjectBlocker>,
    /// 公示公告.
    pub notices: Vec<ProjectNotice>,
}

/// Money from one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectFund {
    /// Dictionary `fund_source`.
    pub source: String,
    /// 金额.
    pub amount: Fen,
    /// 备注.
    pub note: String,
}

/// 一笔支付.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectPayment {
    /// 日期.
    pub day: NaiveDate,
    /// 金额.
    pub amount: Fen,
    /// 收款方.
    pub payee: String,
    /// 凭证号.
    pub voucher: String,
}

/// 进度.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectProgress {
    /// 日期.
    pub day: NaiveDate,
    /// 完成率 in basis points, 0–10000.
    #[ts(type = "number")]
    pub progress: i64,
    /// 说明.
    pub note: String,
}

/// 节点, planned and actual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectMilestone {
    /// Dictionary `milestone`.
    pub code: String,
    /// 计划日期.
    pub planned: Option<NaiveDate>,
    /// 实际日期.
    pub actual: Option<NaiveDate>,
    /// 文号.
    pub document_no: String,
    /// 备注.
    pub note: String,
}

/// 子项.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectSubWork {
    /// 名称.
    pub name: String,
    /// 金额.
    pub amount: Option<Fen>,
    /// 完工日期.
    pub completed_on: Option<NaiveDate>,
    /// 备注.
    pub note: String,
}

/// What holds the project up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectBlocker {
    /// 提出日期.
    pub raised_on: NaiveDate,
    /// 问题.
    pub text: String,
    /// 解决日期.
    pub solved_on: Option<NaiveDate>,
}

/// 公示、公告.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectNotice {
    /// 公示环节.
    pub stage: String,
    /// 开始.
    pub from_day: NaiveDate,
    /// 结束.
    pub to_day: Option<NaiveDate>,
    /// 地点.
    pub place: String,
}

columns! { ProjectFund in "project_fund" of "project_id" { source, amount, note } }
columns! { ProjectPayment in "project_payment" of "project_id" { day, amount, payee, voucher } }
columns! { ProjectProgress in "project_progress" of "project_id" { day, progress, note } }
columns! { ProjectMilestone in "project_milestone" of "project_id" { code, planned, actual, document_no, note } }
columns! { ProjectSubWork in "project_sub_work" of "project_id" { name, amount, completed_on, note } }
columns! { ProjectBlocker in "project_blocker" of "project_id" { raised_on, text, solved_on } }
columns! { ProjectNotice in "project_notice" of "project_id" { stage, from_day, to_day, place } }
columns! { Project {
    name, category, village_id, place, duty, pool_source, plan_year, impl_year, support_unit_id, budget, arrived, appropriated,
    paid, settled, audited, owner_unit, builder, contract_no, contract_amount, beneficiary_households, beneficiary_persons,
    income_effect, asset_class, asset_owner, asset_keeper, asset_yearly_income, summary
} parts { funds, payments, progress, milestones, sub_works, blockers, notices } }

/// Milestone at which work is done.
pub const COMPLETED: &str = "completed";
/// Milestone of 签约.
pub const SIGNED: &str = "signed";

impl ProjectBlocker {
    /// Whether it still stood in the way on a day.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.raised_on <= day && self.solved_on.is_none_or(|solved| solved > day)
    }
}

impl Project {
    /// When a milestone was reached, if by a day.
    pub fn reached_by(&self, code: &str, day: NaiveDate) -> Option<NaiveDate> {
        self.milestones.iter().filter(|m| m.code == code).filter_map(|m| m.actual).filter(|actual| *actual <= day).min()
    }

    /// Whether work is done by a day: by its milestone or its acceptance, or because every sub-work is.
    pub fn completed_by(&self, day: NaiveDate) -> bool {
        self.reached_by(COMPLETED, day).is_some()
            || self.reached_by("accepted", day).is_some()
            || (!self.sub_works.is_empty() && self.sub_works.iter().all(|work| work.completed_on.is_some_and(|done| done <= day)))
    }

    /// 完成率 in basis points by a day; 100% once completed.
    pub fn progress_by(&self, day: NaiveDate) -> Option<i64> {
        if self.completed_by(day) {
            return Some(10_000);
        }
        self.progress.iter().filter(|p| p.day <= day).max_by_key(|p| p.day).map(|p| p.progress)
    }

    /// Money of one source.
    pub fn fund(&self, source: &str) -> Fen {
        self.funds.iter().filter(|fund| fund.source == source).map(|fund| fund.amount).sum()
    }

    /// 支付 by a day: the payments listed, or the amount stated where none is listed.
    pub fn paid_by(&self, day: NaiveDate) -> Fen {
        if self.payments.is_empty() {
            return self.paid.unwrap_or_default();
        }
        self.payments.iter().filter(|payment| payment.day <= day).map(|payment| payment.amount).sum()
    }
}

impl Record for Project {
    const KIND: Kind = Kind::Project;

    const LIST: ListSpec = ListSpec {
        from: "project r JOIN village v ON v.id = r.village_id",
        title: "r.name",
        note: "v.name || r.place",
        day: "NULL",
        columns: &[
            ListColumn::text("name", "r.name"),
            ListColumn::choice("category", "r.category"),
            ListColumn::text("village", "v.name"),
            ListColumn::number("impl_year", "r.impl_year"),
            ListColumn::number("budget", "r.budget"),
            ListColumn::number("arrived", "r.arrived"),
            ListColumn::number("appropriated", "r.appropriated"),
            ListColumn::number("paid", "r.paid"),
            ListColumn::number("progress", "(SELECT p.progress FROM project_progress p WHERE p.project_id = r.id ORDER BY p.day DESC, p.position DESC LIMIT 1)"),
            ListColumn::text("last_milestone", "(SELECT d.label FROM project_milestone m JOIN dictionary_item d ON d.dictionary = 'milestone' AND d.code = m.code
                                WHERE m.project_id = r.id AND m.actual IS NOT NULL ORDER BY m.actual DESC, m.position DESC LIMIT 1)"),
            ListColumn::day("next_due", "(SELECT min(m.planned) FROM project_milestone m WHERE m.project_id = r.id AND m.actual IS NULL)"),
            ListColumn::number("open_blockers", "(SELECT count(*) FROM project_blocker b WHERE b.project_id = r.id AND b.solved_on IS NULL)"),
        ],
        search: &["r.name", "r.place", "r.summary", "r.builder", "r.owner_unit"],
        filters: &[
            ("village", "r.village_id = {}"),
            ("category", "r.category = {}"),
            ("impl_year", "r.impl_year = CAST({} AS INTEGER)"),
            ("fund_source", "EXISTS (SELECT 1 FROM project_fund f WHERE f.project_id = r.id AND f.source = {})"),
            ("overdue_on", "EXISTS (SELECT 1 FROM project_milestone m WHERE m.project_id = r.id AND m.actual IS NULL AND m.planned < {})"),
            ("blocked", "EXISTS (SELECT 1 FROM project_blocker b WHERE b.project_id = r.id AND b.solved_on IS NULL) AND {} <> ''"),
        ],
        presets: &[
            Preset { key: "overdue", name: "逾期节点", filters: &[("overdue_on", PresetValue::Day(WhenDay::Today))] },
            Preset { key: "blocked", name: "有未解决问题的项目", filters: &[("blocked", PresetValue::Text("1"))] },
        ],
        order: "r.impl_year DESC, r.created_at",
    };

    const REFERRERS: &'static [Referrer] =
        &[Referrer { kind: Kind::Issue, count: "SELECT count(*) FROM issue WHERE project_id = ?1 AND deleted_at IS NULL" }];

    const BATCH: &'static [BatchField] = &[
        BatchField::set("category"),
        BatchField::set("impl_year"),
        BatchField::set("plan_year"),
        BatchField::set("village_id"),
        BatchField::set("duty"),
        BatchField::set("pool_source"),
        BatchField::set("support_unit_id"),
        BatchField::set("owner_unit"),
        BatchField::set("builder"),
        BatchField::set("asset_class"),
        BatchField::set("asset_owner"),
        BatchField::set("asset_keeper"),
    ];

    fn blank(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let village_id = store.all::<Village>()?.first().map(|village| village.id).unwrap_or_default();
        Ok(Project { village_id, duty: "prosperity".to_owned(), impl_year: Some(i64::from(today.year())), ..Project::default() })
    }

    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> Id) {
        self.progress.sort_by_key(|progress| progress.day);
        self.payments.sort_by_key(|payment| payment.day);
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.name("name", "项目名称", &self.name);
        searched.name("place", "实施地点", &self.place);
        searched.name("builder", "施工方", &self.builder);
        searched.name("owner_unit", "实施单位", &self.owner_unit);
        searched.text("summary", "建设内容", &self.summary);
        searched.text("contract_no", "合同编号", &self.contract_no);
        searched.text("income_effect", "联农带农效果", &self.income_effect);
        searched.name("asset_owner", "产权", &self.asset_owner);
        searched.name("asset_keeper", "管护人", &self.asset_keeper);
        self.sub_works.iter().for_each(|work| searched.text("sub_works", "子项", &work.name));
        self.blockers.iter().for_each(|blocker| searched.text("blockers", "存在问题", &blocker.text));
        self.progress.iter().for_each(|progress| searched.text("progress", "进度说明", &progress.note));
        for milestone in &self.milestones {
            searched.text("milestones", "节点文号", &milestone.document_no);
            searched.text("milestones", "节点备注", &milestone.note);
        }
        self.payments.iter().for_each(|payment| searched.text("payments", "收款方", &payment.payee));
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "项目名称", &self.name, 100);
        check.reference::<Village>("village_id", self.village_id)?;
        check.reference_if::<SupportUnit>("support_unit_id", self.support_unit_id)?;
        for (field, label, code) in [
            ("category", "类别", &self.category),
            ("duty", "职责", &self.duty),
            ("pool_source", "项目库来源", &self.pool_source),
            ("asset_class", "资产类别", &self.asset_class),
        ] {
            if matches!(field, "category" | "duty") && code.is_empty() {
                check.hard("required", field, format!("请选择{label}"));
            }
            let dictionary = if field == "category" { "project_category" } else { field };
            check.category(field, label, dictionary, code)?;
        }
        if self.budget.is_none() {
            check.hard("required", "budget", "请填写总投资");
        }
        check.count("beneficiary_households", "受益户", self.beneficiary_households, 1_000_000);
        check.count("beneficiary_persons", "受益人", self.beneficiary_persons, 10_000_000);
        if let (Some(households), Some(persons)) = (self.beneficiary_households, self.beneficiary_persons)
            && households > persons
        {
            check.hard("households_exceed_persons", "beneficiary_persons", "受益户数不能多于受益人数，请核对");
        }
        self.check_money(check);
        self.check_parts(check)?;
        self.check_milestones(check)
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}

impl Project {
    fn check_money(&self, check: &mut Check<'_>) {
        let chain = [
            ("paid", "支付资金", self.paid),
            ("appropriated", "拨付资金", self.appropriated),
            ("arrived", "到位资金", self.arrived),
            ("budget", "总投资", self.budget),
        ];
        for (field, label, fen) in chain {
            check.money(field, label, fen);
        }
        for (field, label, fen) in [
            ("settled", "结算金额", self.settled),
            ("audited", "审计金额", self.audited),
            ("contract_amount", "合同金额", self.contract_amount),
            ("asset_yearly_income", "资产年收益", self.asset_yearly_income),
        ] {
            check.money(field, label, fen);
        }
        let stated: Vec<_> = chain.into_iter().filter_map(|(field, label, fen)| fen.map(|fen| (field, label, fen))).collect();
        for pair in stated.windows(2) {
            if let [(field, label, less), (_, more_label, more)] = pair
                && less > more
            {
                check.soft("money_order", *field, format!("{label}大于{more_label}，请核对"));
            }
        }
        if let (Some(contract), Some(budget)) = (self.contract_amount, self.budget)
            && contract > budget
        {
            check.soft("contract_over_budget", "contract_amount", "合同金额大于总投资，请核对");
        }
        self.check_sums(check);
    }

    fn check_sums(&self, check: &mut Check<'_>) {
        let funds: Fen = self.funds.iter().map(|fund| fund.amount).sum();
        if let Some(budget) = self.budget
            && !self.funds.is_empty()
            && funds != budget
        {
            check.soft("fund_sum", "funds", format!("资金来源合计{}，与总投资{}不符", funds.in_words(), budget.in_words()));
        }
        let payments: Fen = self.payments.iter().map(|payment| payment.amount).sum();
        if let Some(paid) = self.paid
            && !self.payments.is_empty()
            && payments != paid
        {
            check.soft(
                "payment_sum",
                "payments",
                format!("支付明细合计{}，与支付资金{}不符", payments.in_words(), paid.in_words()),
            );
        }
        let works: Fen = self.sub_works.iter().filter_map(|work| work.amount).sum();
        if let Some(budget) = self.budget
            && self.sub_works.iter().any(|work| work.amount.is_some())
            && works != budget
        {
            check.soft("sub_work_sum", "sub_works", format!("子项合计{}，与总投资{}不符", works.in_words(), budget.in_words()));
        }
    }

    fn check_parts(&self, check: &mut Check<'_>) -> Result<()> {
        check.at_least_one("funds", "资金来源", &self.funds);
        for (at, fund) in self.funds.iter().enumerate() {
            if fund.source.is_empty() {
                check.hard("required", format!("funds.{at}.source"), "请选择资金来源");
            }
            check.category(format!("funds.{at}.source"), "资金来源", "fund_source", &fund.source)?;
            check.money(format!("funds.{at}.amount"), "资金来源金额", Some(fund.amount));
        }
        for (at, payment) in self.payments.iter().enumerate() {
            check.day(format!("payments.{at}.day"), "支付日期", Some(payment.day), true);
            check.money(format!("payments.{at}.amount"), "支付金额", Some(payment.amount));
        }
        for (at, work) in self.sub_works.iter().enumerate() {
            check.required(format!("sub_works.{at}.name"), "子项名称", &work.name, 100);
            check.money(format!("sub_works.{at}.amount"), "子项金额", work.amount);
            check.day(format!("sub_works.{at}.completed_on"), "子项完工日期", work.completed_on, true);
        }
        for (at, blocker) in self.blockers.iter().enumerate() {
            check.required(format!("blockers.{at}.text"), "存在问题", &blocker.text, 500);
            check.in_order(
                format!("blockers.{at}.solved_on"),
                ("提出日期", Some(blocker.raised_on)),
                ("解决日期", blocker.solved_on),
            );
        }
        for (at, notice) in self.notices.iter().enumerate() {
            check.required(format!("notices.{at}.stage"), "公示环节", &notice.stage, 60);
            check.in_order(format!("notices.{at}.to_day"), ("公示开始", Some(notice.from_day)), ("公示结束", notice.to_day));
        }
        Ok(())
    }

    fn check_milestones(&self, check: &mut Check<'_>) -> Result<()> {
        for (at, progress) in self.progress.iter().enumerate() {
            check.day(format!("progress.{at}.day"), "进度日期", Some(progress.day), true);
            check.count(format!("progress.{at}.progress"), "完成率", Some(progress.progress), 10_000);
        }
        if self.progress.windows(2).any(|pair| matches!(pair, [before, after] if after.progress < before.progress)) {
            check.soft("progress_falls", "progress", "完成率比前一次低，请核对");
        }
        let mut latest: Option<NaiveDate> = None;
        for (at, milestone) in self.milestones.iter().enumerate() {
            if milestone.code.is_empty() {
                check.hard("required", format!("milestones.{at}.code"), "请选择节点");
            }
            check.category(format!("milestones.{at}.code"), "节点", "milestone", &milestone.code)?;
            check.day(format!("milestones.{at}.actual"), "实际日期", milestone.actual, true);
            if let (Some(before), Some(actual)) = (latest, milestone.actual)
                && actual < before
            {
                check.soft("milestone_order", format!("milestones.{at}.actual"), "实际日期早于前一个节点，请核对");
            }
            latest = milestone.actual.or(latest);
        }
        let full = self.progress.last().is_some_and(|progress| progress.progress == 10_000);
        if full && !self.completed_by(check.today) {
            check.soft("completion_missing", "milestones", "完成率已到100%，请填写完工节点的实际日期");
        }
        Ok(())
    }
}
