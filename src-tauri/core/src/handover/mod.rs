//! 移交清单: what a team hands over, counted; what is unfinished and must be known to the next one. It names the team, its
//! villages and projects, and nobody of a household, so that it can be signed and filed as a paper.

mod document;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use document::{HandOverFacts, contents_document, hand_over_stem};

use crate::error::{Error, Result};
use crate::records::Kind;
use crate::records::application::Application;
use crate::records::attachment::Attachment;
use crate::records::dictionary_item::DictionaryItem;
use crate::records::plan::{Plan, PlanStatus};
use crate::records::programme::{Programme, Stage};
use crate::records::project::Project;
use crate::records::report::Report;
use crate::records::team::Team;
use crate::records::village::Village;
use crate::storage::{ListQuery, Store, Stored};
use crate::value::{Id, Period};

/// 移交清单.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverContents {
    /// 工作队.
    pub team: String,
    /// 乡镇.
    pub township: String,
    /// 村, by name.
    pub villages: Vec<String>,
    /// 移交日期.
    pub made_on: NaiveDate,
    /// Day of the first visit or activity.
    pub from: Option<NaiveDate>,
    /// Day of the last.
    pub until: Option<NaiveDate>,
    /// Records by kind, in the order of the kinds; those without any are left out.
    pub counts: Vec<HandOverCount>,
    /// Photos' size in bytes.
    #[ts(type = "number")]
    pub photo_bytes: u64,
    /// Records in the recycle bin.
    #[ts(type = "number")]
    pub in_bin: usize,
    /// Forms that were not saved, and stay behind.
    #[ts(type = "number")]
    pub drafts: usize,
    /// 签发的报告.
    pub reports: Vec<HandOverReport>,
    /// Reports not finalised.
    #[ts(type = "number")]
    pub open_reports: usize,
    /// What goes on.
    pub open: HandOverOpen,
}

/// How many records of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverCount {
    /// Chinese name of the kind.
    pub label: String,
    /// How many.
    #[ts(type = "number")]
    pub count: usize,
}

/// A finalised report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverReport {
    /// What it is called.
    pub title: String,
    /// 签发日期.
    pub finalised_on: NaiveDate,
    /// 指纹.
    pub fingerprint: String,
}

/// What is unfinished on the day of the hand-over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverOpen {
    /// 未办结的问题.
    #[ts(type = "number")]
    pub issues: usize,
    /// Of them beyond their due day.
    #[ts(type = "number")]
    pub issues_overdue: usize,
    /// 在办的申报, by programme.
    pub applications: Vec<HandOverApplications>,
    /// 未完工的项目.
    pub projects: Vec<HandOverProject>,
    /// 未完成的计划, by half-year.
    pub plans: Vec<HandOverCount>,
}

/// 在办的申报 of one programme: handed in or being prepared, neither paid nor given up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverApplications {
    /// 补贴项目.
    pub programme: String,
    /// 收集材料.
    #[ts(type = "number")]
    pub collecting: usize,
    /// 已申报待审批.
    #[ts(type = "number")]
    pub submitted: usize,
    /// 已审批未发放.
    #[ts(type = "number")]
    pub approved: usize,
    /// 退回补正.
    #[ts(type = "number")]
    pub returned: usize,
}

impl HandOverApplications {
    /// All of them.
    pub fn total(&self) -> usize {
        self.collecting + self.submitted + self.approved + self.returned
    }
}

/// A project that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverProject {
    /// 项目名称.
    pub name: String,
    /// 目前节点; empty where none is reached.
    pub milestone: String,
    /// 完成率 in basis points, where noted.
    #[ts(type = "number | null")]
    pub progress: Option<i64>,
    /// 有节点超期.
    pub is_late: bool,
    /// 未解决的问题.
    #[ts(type = "number")]
    pub blockers: usize,
}

impl HandOverContents {
    /// Counts what a ledger holds on a day.
    pub fn load(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let team = store.all::<Team>()?.into_iter().next().map(|team| team.draft);
        let (from, until) = period(store)?;
        let reports = store.all::<Report>()?;
        let photos = store.all::<Attachment>()?;
        Ok(HandOverContents {
            team: team.as_ref().map(|team| team.name.clone()).unwrap_or_default(),
            township: team.map(|team| team.township).unwrap_or_default(),
            villages: store.all::<Village>()?.into_iter().map(|village| village.draft.name).collect(),
            made_on: today,
            from,
            until,
            counts: counts(store)?,
            photo_bytes: photos.iter().map(|photo| u64::try_from(photo.draft.bytes).unwrap_or(0)).sum(),
            in_bin: store.bin()?.len(),
            drafts: store.drafts()?.len(),
            open_reports: reports.iter().filter(|report| report.draft.finalised_on.is_none()).count(),
            reports: finalised(store, &reports)?,
            open: HandOverOpen::load(store, today)?,
        })
    }
}

/// Team, dictionaries and templates come with every ledger, and are no work to be counted.
const UNCOUNTED: [Kind; 3] = [Kind::Team, Kind::DictionaryItem, Kind::Programme];

fn counts(store: Store<'_>) -> Result<Vec<HandOverCount>> {
    let mut counts = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| !UNCOUNTED.contains(kind)) {
        let count = usize::try_from(store.list_total(*kind, &BTreeMap::new())?).unwrap_or(0);
        if count > 0 {
            counts.push(HandOverCount { label: kind.label().to_owned(), count });
        }
    }
    Ok(counts)
}

/// From the first visit or activity to the last.
fn period(store: Store<'_>) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    let mut days = Vec::new();
    for kind in [Kind::Visit, Kind::Activity] {
        let values = store.list_values(kind, &ListQuery::default(), "day")?;
        days.extend([values.least, values.most].into_iter().flatten().filter_map(|day| day.get(..10)?.parse::<NaiveDate>().ok()));
    }
    Ok((days.iter().min().copied(), days.iter().max().copied()))
}

/// A report is called as its pages are; one whose frozen text is damaged must not stop a hand-over.
fn finalised(store: Store<'_>, reports: &[Stored<Report>]) -> Result<Vec<HandOverReport>> {
    let mut listed = Vec::new();
    for report in reports {
        let Some(finalised_on) = report.draft.finalised_on else { continue };
        let title = match crate::report::open(store, report) {
            Ok(frozen) => frozen.document.properties.title,
            Err(Error::FrozenDamaged) => format!("{}报告（内容已损坏）", in_words(&report.draft.period)),
            Err(error) => return Err(error),
        };
        listed.push(HandOverReport { title, finalised_on, fingerprint: report.draft.fingerprint.clone() });
    }
    Ok(listed)
}

fn in_words(period: &str) -> String {
    Period::parse(period).map_or_else(|| period.to_owned(), Period::in_words)
}

impl HandOverOpen {
    fn load(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let issues = |filter: &str, value: String| -> Result<usize> {
            let filters = BTreeMap::from([(filter.to_owned(), value)]);
            Ok(usize::try_from(store.list_total(Kind::Issue, &filters)?).unwrap_or(0))
        };
        Ok(HandOverOpen {
            issues: issues("unfinished", "1".to_owned())?,
            issues_overdue: issues("overdue_on", today.to_string())?,
            applications: applications(store)?,
            projects: projects(store, today)?,
            plans: plans(store)?,
        })
    }
}

fn applications(store: Store<'_>) -> Result<Vec<HandOverApplications>> {
    let mut found: BTreeMap<Id, HandOverApplications> = BTreeMap::new();
    for application in store.all::<Application>()? {
        let of = |found: &mut HandOverApplications| match application.draft.stage {
            Stage::Collecting => found.collecting += 1,
            Stage::Submitted => found.submitted += 1,
            Stage::Approved => found.approved += 1,
            Stage::Returned => found.returned += 1,
            Stage::Paid | Stage::Ineligible | Stage::Withdrawn => {}
        };
        of(found.entry(application.draft.programme_id).or_default());
    }
    let programmes = store.all::<Programme>()?.into_iter().filter_map(|programme| {
        let found = found.remove(&programme.id).filter(|found| found.total() > 0)?;
        Some(HandOverApplications { programme: programme.draft.name, ..found })
    });
    Ok(programmes.collect())
}

fn projects(store: Store<'_>, today: NaiveDate) -> Result<Vec<HandOverProject>> {
    let items = store.all::<DictionaryItem>()?.into_iter().filter(|item| item.draft.dictionary == "milestone");
    let milestones: BTreeMap<String, String> = items.map(|item| (item.draft.code, item.draft.label)).collect();
    let open = store.all::<Project>()?.into_iter().filter(|project| !project.draft.completed_by(today)).map(|project| {
        let project = project.draft;
        let reached = project.milestones.iter().rfind(|milestone| milestone.actual.is_some_and(|day| day <= today));
        let code = reached.map(|milestone| milestone.code.clone()).unwrap_or_default();
        HandOverProject {
            milestone: milestones.get(&code).cloned().unwrap_or(code),
            progress: project.progress_by(today),
            is_late: !crate::figures::overdue_milestones(&project, today).is_empty(),
            blockers: project.blockers.iter().filter(|blocker| blocker.is_open_on(today)).count(),
            name: project.name,
        }
    });
    Ok(open.collect())
}

/// A plan that goes on in a later half-year is counted there.
fn plans(store: Store<'_>) -> Result<Vec<HandOverCount>> {
    let plans = store.all::<Plan>()?;
    let is_carried = |id: Id| plans.iter().any(|other| other.draft.carried_from == Some(id));
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for plan in plans.iter().filter(|plan| plan.draft.status == PlanStatus::Open && !is_carried(plan.id)) {
        *open.entry(plan.draft.period.clone()).or_default() += 1;
    }
    Ok(open.into_iter().map(|(period, count)| HandOverCount { label: in_words(&period), count }).collect())
}
