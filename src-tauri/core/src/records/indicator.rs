//! 指标: any named figure with its unit, what was planned, what was reached, and what it is compared with.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::village::Village;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Store, columns, envelope, text_enum, value_of};
use crate::value::{Id, Period};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE indicator (",
    envelope!(),
    "
    category TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    unit TEXT NOT NULL CHECK (length(unit) > 0),
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    village_id TEXT REFERENCES village (id),
    planned INTEGER,
    actual INTEGER,
    base INTEGER,
    base_kind TEXT NOT NULL CHECK (base_kind IN ('last_year', 'year_end', 'whole', 'other')),
    note TEXT NOT NULL
) STRICT;
CREATE INDEX indicator_period ON indicator (period, name);
"
);

/// 指标 of a half-year. Values are in hundredths of the unit and may be negative (a decrease).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Indicator {
    /// 类别, such as 产业发展; free, as every department has its own.
    pub category: String,
    /// 指标名称.
    pub name: String,
    /// 单位: 户, 人, 万元, 亩, % …
    pub unit: String,
    /// The half-year it belongs to.
    pub period: String,
    /// 村; nothing where it holds for all.
    pub village_id: Option<Id>,
    /// 计划数.
    #[ts(type = "number | null")]
    pub planned: Option<i64>,
    /// 实际数.
    #[ts(type = "number | null")]
    pub actual: Option<i64>,
    /// 基数: what it is compared with, such as the same period of last year.
    #[ts(type = "number | null")]
    pub base: Option<i64>,
    /// What the base is.
    #[serde(default)]
    pub base_kind: BaseKind,
    /// 备注.
    pub note: String,
}

text_enum! {
    /// 基数口径: what an indicator's base is.
    BaseKind {
        /// 上年同期.
        LastYear = "last_year",
        /// 上年末.
        YearEnd = "year_end",
        /// 总数, of which the indicator is a part.
        Whole = "whole",
        /// 其他基数.
        Other = "other",
    }
}

columns! { Indicator { category, name, unit, period, village_id, planned, actual, base, base_kind, note } }

const MOST: i64 = 100_000_000_000_000;

impl Record for Indicator {
    const KIND: Kind = Kind::Indicator;

    const LIST: ListSpec = ListSpec {
        from: "indicator r LEFT JOIN village v ON v.id = r.village_id",
        title: "r.name",
        note: "r.category",
        day: "NULL",
        columns: &[
            ListColumn::text("category", "r.category"),
            ListColumn::text("name", "r.name"),
            ListColumn::text("unit", "r.unit"),
            ListColumn::choice("period", "r.period"),
            ListColumn::number("planned", "r.planned"),
            ListColumn::number("actual", "r.actual"),
            ListColumn::number("base", "r.base"),
            ListColumn::choice("base_kind", "r.base_kind"),
            ListColumn::number("reached", "CASE WHEN r.planned > 0 THEN r.actual * 10000 / r.planned END"),
            ListColumn::text("village", "v.name"),
            ListColumn::text("note", "r.note"),
        ],
        search: &["r.name", "r.category", "r.note"],
        filters: &[("period", "r.period = {}"), ("category", "r.category = {}"), ("village", "r.village_id = {}")],
        presets: &[],
        order: "r.period DESC, r.category, r.created_at",
    };

    const BATCH: &'static [BatchField] = &[
        BatchField::set("category"),
        BatchField::set("unit"),
        BatchField::set("period"),
        BatchField::set("village_id"),
        BatchField::set("base_kind"),
        BatchField::set("note"),
    ];

    fn blank(_store: Store<'_>, today: NaiveDate) -> Result<Self> {
        Ok(Indicator {
            category: String::new(),
            name: String::new(),
            unit: String::new(),
            period: Period::due_on(today).to_string(),
            village_id: None,
            planned: None,
            actual: None,
            base: None,
            base_kind: BaseKind::LastYear,
            note: String::new(),
        })
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.name("name", "指标名称", &self.name);
        searched.text("category", "类别", &self.category);
        searched.text("note", "备注", &self.note);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "指标名称", &self.name, 100);
        check.required("unit", "单位", &self.unit, 10);
        check.longest("category", "类别", &self.category, 50);
        check.longest("note", "备注", &self.note, 500);
        if Period::parse(&self.period).is_none() {
            check.hard("required", "period", "请选择指标所属的半年");
        }
        check.reference_if::<Village>("village_id", self.village_id)?;
        for (field, label, value) in
            [("planned", "计划数", self.planned), ("actual", "实际数", self.actual), ("base", "基数", self.base)]
        {
            if value.is_some_and(|value| value.abs() > MOST) {
                check.hard("out_of_range", field, format!("{label}太大，请核对单位"));
            }
        }
        if self.planned.is_none() && self.actual.is_none() {
            check.hard("required", "actual", "计划数和实际数至少填一项");
        }
        self.check_once(check)
    }
}

impl Indicator {
    /// One indicator has one value in a half-year and village: two would be two truths in one report.
    fn check_once(&self, check: &mut Check<'_>) -> Result<()> {
        let same = "SELECT count(*) FROM indicator WHERE period = ?1 AND name = ?2 AND category = ?3
             AND coalesce(village_id, '') = coalesce(?4, '') AND id <> ?5 AND deleted_at IS NULL";
        let key = [
            value_of(&self.period),
            value_of(&self.name),
            value_of(&self.category),
            value_of(&self.village_id),
            value_of(&check.id),
        ];
        if check.store.count(same, &key)? > 0 {
            check.hard("duplicate_indicator", "name", "这个半年已有同名指标，请直接修改那一条");
        }
        Ok(())
    }
}
