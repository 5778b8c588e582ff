//! 工作台: what is overdue, and how far the half-year has come.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::figures::{Figures, GatheredWork, Scope};
use crate::records::Kind;
use crate::storage::{Lookup, RecordTitle, Store};
use crate::value::{Half, Period};

/// The first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Home {
    /// Today.
    pub today: NaiveDate,
    /// The half-year that today lies in.
    pub period: Period,
    /// What waits; empty tasks are left out.
    pub tasks: Vec<HomeTask>,
}

/// One list of things that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HomeTask {
    /// Stable name.
    pub key: String,
    /// 标题.
    pub title: String,
    /// What to do about it.
    pub hint: String,
    /// How many.
    pub total: u32,
    /// The first of them.
    pub records: Vec<RecordTitle>,
    /// Kind of the records.
    pub kind: Kind,
    /// Filters under which the kind's list shows all of them.
    pub filters: BTreeMap<String, String>,
}

/// One figure of the half-year so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HomeProgress {
    /// Key of the figure.
    pub key: String,
    /// Its name.
    pub label: String,
    /// As printed.
    pub text: String,
}

const SHOWN: u32 = 5;

/// Reads the first page, but for [`progress`], which takes longer in a large ledger.
pub fn home(store: Store<'_>, today: NaiveDate) -> Result<Home> {
    let period = period_of(today);
    let day = today.to_string();
    let month_start = today.with_day(1).unwrap_or(today).to_string();
    type Wanted<'a> = (&'a str, &'a str, &'a str, Kind, &'a [(&'a str, &'a str)]);
    let wanted: [Wanted<'_>; 5] = [
        (
            "not_visited",
            "本月未走访的监测对象",
            "每月至少走访一次，走访后记一条就会从这里消失",
            Kind::Household,
            &[("monitored", "1"), ("not_visited_since", &month_start)],
        ),
        ("issues_overdue", "超过期限的问题", "办结后在问题里填解决日期", Kind::Issue, &[("overdue_on", &day)]),
        ("issues_open", "未办结的问题", "有进展就记一条措施", Kind::Issue, &[("unfinished", "1")]),
        ("papers", "材料未齐的申报", "收齐材料后把环节改到下一步", Kind::Application, &[("needs_papers", "1")]),
        ("milestones", "逾期的项目节点", "完成的填实际日期，推迟的改计划日期", Kind::Project, &[("overdue_on", &day)]),
    ];
    let mut tasks = Vec::new();
    for (key, title, hint, kind, filters) in wanted {
        let filters: BTreeMap<String, String> = filters.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        tasks.extend(task(store, key, title, hint, kind, filters)?);
    }
    Ok(Home { today, period, tasks })
}

/// What is counted for [`progress`]: the half-year up to today.
pub fn so_far(store: Store<'_>, today: NaiveDate) -> Result<GatheredWork> {
    GatheredWork::load(store, Scope { cutoff: today, ..Scope::of(period_of(today)) })
}

/// What was done in the half-year so far.
pub fn progress(so_far: &GatheredWork) -> Vec<HomeProgress> {
    let figures = Figures::of_work(so_far);
    let keys = [
        "visits.households",
        "visits.household_times",
        "coverage.rate",
        "issues.raised",
        "issues.rate",
        "applications.all.count",
        "projects.count",
        "activities.count",
    ];
    let shown = keys.iter().filter_map(|key| figures.get(key)).map(|figure| HomeProgress {
        key: figure.key.clone(),
        label: figure.label.clone(),
        text: figure.in_words(),
    });
    shown.collect()
}

fn task(
    store: Store<'_>,
    key: &str,
    title: &str,
    hint: &str,
    kind: Kind,
    filters: BTreeMap<String, String>,
) -> Result<Option<HomeTask>> {
    let total = store.list_total(kind, &filters)?;
    if total == 0 {
        return Ok(None);
    }
    let records = store.look_up(kind, &Lookup { filters: filters.clone(), limit: SHOWN, ..Lookup::default() })?;
    Ok(Some(HomeTask { key: key.to_owned(), title: title.to_owned(), hint: hint.to_owned(), total, records, kind, filters }))
}

fn period_of(today: NaiveDate) -> Period {
    let half = if today.month() <= 6 { Half::First } else { Half::Second };
    Period::new(today.year(), half).unwrap_or_else(|| Period::due_on(today))
}
