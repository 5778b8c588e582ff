//! Figures: named values over a period, each with its definition and the records it was counted from.
//!
//! [`Gathered::load`] reads everything once; one small file per family counts it. A figure's key is stable: templates,
//! edited paragraphs and scripts refer to it.

mod activities;
mod applications;
mod by_village;
mod employment;
mod gathered;
mod households;
mod indicators;
mod issues;
mod per_village;
mod plans;
mod projects;
mod team;
mod trend;
mod villages;
mod visits;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use activities::{
    counter_key as activity_counter_key, distinct_items, event_unit as activity_event_unit, times as activity_times,
};
pub(crate) use applications::key_of as programme_key;
pub(crate) use by_village::MEASURES as VILLAGE_MEASURES;
pub use gathered::{Gathered, GatheredWork, Only, Scope};
pub(crate) use indicators::{IndicatorSum, sums as indicator_sums};
pub(crate) use issues::is_open as issue_is_open;
pub use per_village::{PerVillage, VillageFigure};
pub(crate) use plans::{is_carried as plan_is_carried, of_period as plans_of};
pub(crate) use projects::{in_period as project_in_period, overdue as overdue_milestones};
pub(crate) use team::groups as team_groups;
pub use trend::{FigureTrend, MonthFigure, PreviousFigure, previous_figures, trend};
pub(crate) use visits::is_target;

use crate::outline::flat;
use crate::records::RecordRef;
use crate::value::{Fen, print_percent};

/// 一个数字.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Figure {
    /// Stable name, such as `visits.households.in_person`.
    pub key: String,
    /// Chinese name, such as 面对面走访户数.
    pub label: String,
    /// The value.
    pub value: FigureValue,
    /// Measure word or unit, printed right after the number; empty for money and per cent, which bring their own.
    pub unit: String,
    /// What is counted and how, in one Chinese sentence.
    pub definition: String,
    /// 约数: printed with 余.
    pub approximate: bool,
    /// The records behind it.
    pub records: Vec<RecordRef>,
}

/// A figure's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum FigureValue {
    /// A count.
    Count(i64),
    /// 金额.
    Money(Fen),
    /// Per cent in basis points.
    Percent(i64),
    /// Hundredths of the unit, such as 亩.
    Hundredths(i64),
}

impl FigureValue {
    /// The bare number; zero means that there is nothing to tell.
    pub fn number(self) -> i64 {
        match self {
            FigureValue::Count(n) | FigureValue::Percent(n) | FigureValue::Hundredths(n) | FigureValue::Money(Fen(n)) => n,
        }
    }
}

impl Figure {
    /// What it is about, by the first word of its key.
    pub fn family(&self) -> &'static str {
        match self.key.split('.').next().unwrap_or_default() {
            "village" => "村情",
            "team" | "attendance" => "工作队",
            "households" => "农户",
            "visits" | "coverage" => "走访",
            "issues" => "问题",
            "applications" => "补贴申报",
            "projects" | "project" | "funds" => "项目和资金",
            "activities" => "工作纪实",
            "indicator" | "indicators" => "指标",
            "employment" => "就业",
            "member" => "工作队",
            "plans" => "计划",
            _ => "其他",
        }
    }

    /// As running text prints it, unit included: `120户`, `12.5万元`, `5000余斤`.
    pub fn in_words(&self) -> String {
        let about = if self.approximate { "余" } else { "" };
        match self.value {
            FigureValue::Count(count) => format!("{count}{about}{}", self.unit),
            FigureValue::Money(fen) => {
                let (number, unit) = fen.number_and_unit();
                format!("{number}{about}{unit}")
            }
            FigureValue::Percent(basis_points) => print_percent(basis_points),
            FigureValue::Hundredths(_) => format!("{}{about}{}", self.bare(), self.unit),
        }
    }

    /// The number alone, as a table prints it under a head that says the unit.
    pub fn bare(&self) -> String {
        match self.value {
            FigureValue::Count(count) => count.to_string(),
            FigureValue::Money(fen) => fen.two_decimals(),
            FigureValue::Percent(basis_points) => print_percent(basis_points),
            FigureValue::Hundredths(hundredths) => {
                Fen(hundredths).two_decimals().trim_end_matches('0').trim_end_matches('.').to_owned()
            }
        }
    }
}

/// The figures of a period, in the order in which they were counted.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    list: Vec<Figure>,
    index: HashMap<String, usize>,
}

impl Figures {
    /// Counts everything that was gathered.
    pub fn count(gathered: &Gathered) -> Self {
        let mut figures = Figures::default();
        villages::count(gathered, &mut figures);
        team::count(gathered, &mut figures);
        households::count(gathered, &mut figures);
        figures.count_work(gathered);
        employment::count(gathered, &mut figures);
        indicators::count(gathered, &mut figures);
        plans::count(gathered, &mut figures);
        by_village::count(gathered, &mut figures);
        figures.note_narrowing(gathered);
        figures
    }

    /// Counts what was done, as [`Figures::count`] does: visits, issues, applications, projects and activities.
    pub fn of_work(GatheredWork(gathered): &GatheredWork) -> Self {
        let mut figures = Figures::default();
        figures.count_work(gathered);
        figures.note_narrowing(gathered);
        figures
    }

    /// Of households these look at village and types alone; see [`GatheredWork`].
    fn count_work(&mut self, gathered: &Gathered) {
        visits::count(gathered, self);
        issues::count(gathered, self);
        applications::count(gathered, self);
        projects::count(gathered, self);
        activities::count(gathered, self);
    }

    /// Figures that were counted earlier, such as those of a finalised report.
    pub fn of(list: Vec<Figure>) -> Self {
        let index = list.iter().enumerate().map(|(at, figure)| (flat(&figure.key).into_owned(), at)).collect();
        Figures { list, index }
    }

    /// A figure by key.
    pub fn get(&self, key: &str) -> Option<&Figure> {
        self.index.get(&*flat(key)).and_then(|at| self.list.get(*at))
    }

    /// The number behind a key; zero where there is no such figure.
    pub fn number(&self, key: &str) -> i64 {
        self.get(key).map_or(0, |figure| figure.value.number())
    }

    /// All figures.
    pub fn all(&self) -> &[Figure] {
        &self.list
    }

    /// Says in every definition that only part of the records was counted.
    fn note_narrowing(&mut self, gathered: &Gathered) {
        if let Some(narrowed) = &gathered.narrowed {
            self.list.iter_mut().for_each(|figure| figure.definition.push_str(narrowed));
        }
    }

    fn add(
        &mut self,
        key: impl Into<String>,
        label: impl Into<String>,
        value: FigureValue,
        unit: &str,
        definition: impl Into<String>,
        records: Vec<RecordRef>,
    ) {
        // Units, names of indicators and the like are typed by users and stand in keys.
        let key = flat(&key.into()).into_owned();
        self.index.insert(key.clone(), self.list.len());
        self.list.push(Figure {
            key,
            label: label.into(),
            value,
            unit: unit.to_owned(),
            definition: definition.into(),
            approximate: false,
            records,
        });
    }

    /// A number of things.
    fn number_of(
        &mut self,
        key: impl Into<String>,
        label: impl Into<String>,
        count: i64,
        unit: &str,
        definition: impl Into<String>,
        records: Vec<RecordRef>,
    ) {
        self.add(key, label, FigureValue::Count(count), unit, definition, records);
    }

    /// As many as there are records.
    fn records(
        &mut self,
        key: impl Into<String>,
        label: impl Into<String>,
        unit: &str,
        definition: impl Into<String>,
        records: Vec<RecordRef>,
    ) {
        let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
        self.add(key, label, FigureValue::Count(count), unit, definition, records);
    }

    /// An amount of money.
    fn money(
        &mut self,
        key: impl Into<String>,
        label: impl Into<String>,
        fen: Fen,
        definition: impl Into<String>,
        records: Vec<RecordRef>,
    ) {
        self.add(key, label, FigureValue::Money(fen), "", definition, records);
    }

    /// A share of a base; nothing where the base is nothing.
    fn percent(&mut self, key: &str, label: &str, part: i64, base: i64, definition: &str, records: Vec<RecordRef>) {
        if base > 0 {
            self.add(key, label, FigureValue::Percent((part * 10_000 + base / 2) / base), "", definition, records);
        }
    }

    /// Marks the last figure as approximate.
    fn mark_approximate(&mut self, approximate: bool) {
        if let Some(figure) = self.list.last_mut() {
            figure.approximate = approximate;
        }
    }
}
