//! Everything that a period's figures are counted from, read once.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::error::Result;
use crate::records::activity::Activity;
use crate::records::application::Application;
use crate::records::attendance::Attendance;
use crate::records::dictionary_item::DictionaryItem;
use crate::records::household::Household;
use crate::records::indicator::Indicator;
use crate::records::issue::Issue;
use crate::records::plan::Plan;
use crate::records::programme::Programme;
use crate::records::project::Project;
use crate::records::support_unit::SupportUnit;
use crate::records::team::Team;
use crate::records::team_member::TeamMember;
use crate::records::village::Village;
use crate::records::visit::Visit;
use crate::records::{Kind, Record, RecordRef};
use crate::storage::{Store, Stored};
use crate::value::{Half, Id, Period};

/// What is counted: a period up to a cut-off day, over some villages or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// 报告期.
    pub period: Period,
    /// 数据截止日期.
    pub cutoff: NaiveDate,
    /// The villages; empty means all of the ledger.
    pub village_ids: Vec<Id>,
    /// First day that counts, where it is not the period's: a month of it, or the whole year that ends with it.
    pub since: Option<NaiveDate>,
    /// Whose or which records alone count.
    pub only: Only,
}

/// A part of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Only {
    /// All.
    #[default]
    All,
    /// What one member of the team did.
    Member(Id),
    /// What holds one of some words.
    Topic(Vec<String>),
}

impl Scope {
    /// A whole period over the whole ledger.
    pub fn of(period: Period) -> Self {
        Scope { period, cutoff: period.last_day(), village_ids: Vec::new(), since: None, only: Only::All }
    }

    /// A whole year up to a day of it.
    pub fn of_year(year: i32, until: NaiveDate) -> Option<Self> {
        let (first, last) = (Period::new(year, Half::First)?, Period::new(year, Half::Second)?);
        Some(Scope { since: Some(first.first_day()), cutoff: until.min(last.last_day()), ..Scope::of(last) })
    }

    /// A part of the period, such as a month.
    pub fn narrowed(&self, first: NaiveDate, last: NaiveDate) -> Self {
        Scope { since: Some(first), cutoff: last, ..self.clone() }
    }

    /// First day that counts.
    pub fn from(&self) -> NaiveDate {
        self.since.unwrap_or(self.period.first_day())
    }

    /// Last day that counts: the cut-off day, at most the period's end.
    pub fn until(&self) -> NaiveDate {
        self.cutoff.min(self.period.last_day())
    }

    /// Whether a day counts.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from() <= day && day <= self.until()
    }

    /// Whether a day that may be missing is there and counts.
    pub fn holds_some(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| self.holds(day))
    }
}

/// The records of a scope.
#[derive(Debug)]
pub struct Gathered {
    /// What was asked for.
    pub scope: Scope,
    /// 工作队.
    pub team: Team,
    /// 村 of the scope.
    pub villages: Vec<Stored<Village>>,
    /// 队员 who served within the period.
    pub members: Vec<Stored<TeamMember>>,
    /// 后盾单位.
    pub units: Vec<Stored<SupportUnit>>,
    /// 考勤 of the period's months.
    pub attendance: Vec<Stored<Attendance>>,
    /// 户 of the scope's villages.
    pub households: Vec<Stored<Household>>,
    /// 走访 of the period to households of the scope.
    pub visits: Vec<Stored<Visit>>,
    /// 问题 raised by the last day that counts.
    pub issues: Vec<Stored<Issue>>,
    /// 补贴项目.
    pub programmes: Vec<Stored<Programme>>,
    /// 申报 of households of the scope.
    pub applications: Vec<Stored<Application>>,
    /// 项目 of the scope's villages.
    pub projects: Vec<Stored<Project>>,
    /// 工作纪实 of the period.
    pub activities: Vec<Stored<Activity>>,
    /// 计划 of the scope's villages, of all periods.
    pub plans: Vec<Stored<Plan>>,
    /// 指标 of the scope's villages, of all periods.
    pub indicators: Vec<Stored<Indicator>>,
    /// The member whose work alone is counted.
    pub member: Option<Stored<TeamMember>>,
    /// What definitions say of a narrowing to one member or topic.
    pub(super) narrowed: Option<String>,
    dictionary: HashMap<(String, String), DictionaryItem>,
    items: BTreeMap<String, Vec<DictionaryItem>>,
    household_index: HashMap<Id, usize>,
}

/// The records of a scope without the people of its households: what was done, and not for whom. Of a large ledger it is read
/// in a third of the time, but only [`Figures::of_work`](super::Figures::of_work) can be counted from it.
#[derive(Debug)]
pub struct GatheredWork(pub(super) Gathered);

impl GatheredWork {
    /// Reads everything at one moment.
    pub fn load(store: Store<'_>, scope: Scope) -> Result<Self> {
        let households = store.all_in_part::<Household>(|loaded| loaded.attach(|household| &mut household.types))?;
        Ok(GatheredWork(Gathered::around(store, scope, households)?))
    }
}

impl Gathered {
    /// Reads everything at one moment.
    pub fn load(store: Store<'_>, scope: Scope) -> Result<Self> {
        Self::around(store, scope, store.all_bare()?)
    }

    /// Reads everything but the households, which are of the whole ledger.
    fn around(store: Store<'_>, scope: Scope, mut households: Vec<Stored<Household>>) -> Result<Self> {
        let wanted: HashSet<Id> = scope.village_ids.iter().copied().collect();
        let in_scope = |village: Id| wanted.is_empty() || wanted.contains(&village);
        let in_scope_or_none = |village: Option<Id>| village.is_none_or(in_scope);
        let (from, until) = (scope.from(), scope.until());

        households.retain(|household| in_scope(household.draft.village_id));
        households.sort_by(|a, b| a.draft.hamlet.cmp(&b.draft.hamlet).then(a.id.cmp(&b.id)));
        let household_index: HashMap<Id, usize> = households.iter().enumerate().map(|(at, h)| (h.id, at)).collect();
        let ours = |id: &Id| household_index.contains_key(id);

        let mut visits = Visit::between(store, from, until)?;
        visits.retain(|visit| visit.draft.household_ids.iter().any(|h| ours(&h.household_id)));
        visits.sort_by_key(|visit| (visit.draft.day, visit.id));
        let mut activities = Activity::between(store, from, until)?;
        activities.retain(|activity| in_scope_or_none(activity.draft.village_id));
        activities.sort_by_key(|activity| (activity.draft.day, activity.id));
        let mut items: BTreeMap<String, Vec<DictionaryItem>> = BTreeMap::new();
        for item in store.all_bare::<DictionaryItem>()? {
            items.entry(item.draft.dictionary.clone()).or_default().push(item.draft);
        }
        items.values_mut().for_each(|list| list.sort_by_key(|item| item.sort));
        let dictionary =
            items.values().flatten().map(|item| ((item.dictionary.clone(), item.code.clone()), item.clone())).collect();

        let only = scope.only.clone();
        let gathered = Gathered {
            team: store.all_bare::<Team>()?.into_iter().next().map(|team| team.draft).unwrap_or_default(),
            villages: store.all_bare::<Village>()?.into_iter().filter(|village| in_scope(village.id)).collect(),
            members: all_where::<TeamMember>(store, |member| member.serves_within(from, until))?,
            units: store.all_bare()?,
            attendance: all_where::<Attendance>(store, |month| month.first_day().is_some_and(|day| scope.holds(day)))?,
            issues: all_where::<Issue>(store, |issue| issue.raised_on <= until && in_scope_or_none(issue.village_id))?,
            programmes: store.all_bare()?,
            applications: all_where::<Application>(store, |application| ours(&application.household_id))?,
            projects: all_where::<Project>(store, |project| in_scope(project.village_id))?,
            plans: all_where::<Plan>(store, |plan| in_scope_or_none(plan.village_id))?,
            indicators: all_where::<Indicator>(store, |indicator| in_scope_or_none(indicator.village_id))?,
            member: None,
            narrowed: None,
            scope,
            households,
            visits,
            activities,
            dictionary,
            items,
            household_index,
        };
        Ok(match only {
            Only::All => gathered,
            Only::Member(member) => gathered.of_member(member),
            Only::Topic(words) => gathered.of_topic(&words),
        })
    }

    /// Whether anything was done in the scope: without it, figures of that time say nothing.
    pub fn holds_work(&self) -> bool {
        !self.visits.is_empty()
            || !self.activities.is_empty()
            || self.issues.iter().any(|issue| self.scope.holds(issue.draft.raised_on))
            || self.applications.iter().any(|application| self.scope.holds_some(application.draft.applied_on))
    }

    /// Whether a record is one of those that are told of: all are, where nothing narrows the scope.
    pub fn tells_of(&self, record: RecordRef) -> bool {
        let is_narrowed = !self.scope.village_ids.is_empty() || self.scope.only != Only::All;
        !is_narrowed
            || match record.kind {
                Kind::Village => has(&self.villages, record.id),
                Kind::Household => self.household(record.id).is_some(),
                Kind::Visit => has(&self.visits, record.id),
                Kind::Issue => has(&self.issues, record.id),
                Kind::Application => has(&self.applications, record.id),
                Kind::Project => has(&self.projects, record.id),
                Kind::Activity => has(&self.activities, record.id),
                Kind::Plan => has(&self.plans, record.id),
                Kind::Indicator => has(&self.indicators, record.id),
                _ => true,
            }
    }

    /// 指标 of the period.
    pub fn indicators_of_period(&self) -> impl Iterator<Item = &Stored<Indicator>> {
        let period = self.scope.period.to_string();
        self.indicators.iter().filter(move |indicator| indicator.draft.period == period)
    }

    /// Only what belongs to one village; what belongs to the team as a whole stays out.
    pub(super) fn of_village(&self, village: Id) -> Gathered {
        let households: Vec<_> = kept(&self.households, |household| household.village_id == village);
        let household_index: HashMap<Id, usize> = households.iter().enumerate().map(|(at, h)| (h.id, at)).collect();
        let ours = |id: &Id| household_index.contains_key(id);
        Gathered {
            scope: Scope { village_ids: vec![village], ..self.scope.clone() },
            team: self.team.clone(),
            villages: self.villages.iter().filter(|known| known.id == village).cloned().collect(),
            members: Vec::new(),
            units: Vec::new(),
            attendance: Vec::new(),
            visits: kept(&self.visits, |visit| visit.household_ids.iter().any(|h| ours(&h.household_id))),
            issues: self.issues.iter().filter(|issue| self.village_of(issue) == Some(village)).cloned().collect(),
            programmes: self.programmes.clone(),
            applications: kept(&self.applications, |application| ours(&application.household_id)),
            projects: kept(&self.projects, |project| project.village_id == village),
            activities: kept(&self.activities, |activity| activity.village_id == Some(village)),
            plans: kept(&self.plans, |plan| plan.village_id == Some(village)),
            indicators: kept(&self.indicators, |indicator| indicator.village_id == Some(village)),
            member: None,
            narrowed: None,
            dictionary: self.dictionary.clone(),
            items: self.items.clone(),
            households,
            household_index,
        }
    }

    /// The village of an issue: its own, else that of its household or project, if the scope has it.
    pub(super) fn village_of(&self, issue: &Stored<Issue>) -> Option<Id> {
        let draft = &issue.draft;
        let of_household = || Some(self.household(draft.household_id?)?.draft.village_id);
        let of_project = || Some(self.projects.iter().find(|project| Some(project.id) == draft.project_id)?.draft.village_id);
        let village = draft.village_id.or_else(of_household).or_else(of_project)?;
        self.villages.iter().any(|known| known.id == village).then_some(village)
    }

    /// Only what one member of the team did: visits and activities with them, issues they look after, applications of the
    /// households they help, their own attendance.
    fn of_member(mut self, member: Id) -> Self {
        let helped: HashSet<Id> = self
            .households
            .iter()
            .filter(|household| household.draft.helper_id == Some(member))
            .map(|household| household.id)
            .collect();
        self.visits.retain(|visit| visit.draft.visitor_ids.iter().any(|visitor| visitor.team_member_id == member));
        self.activities.retain(|activity| activity.draft.participant_ids.iter().any(|part| part.team_member_id == member));
        self.issues.retain(|issue| issue.draft.owner_id == Some(member));
        self.applications.retain(|application| helped.contains(&application.draft.household_id));
        self.attendance.retain(|month| month.draft.team_member_id == member);
        self.member = self.members.iter().find(|known| known.id == member).cloned();
        let name = self.member.as_ref().map_or("", |member| member.draft.name.as_str());
        self.narrowed = Some(format!("只计{name}参加的走访和工作纪实、负责的问题、联系户的申报和本人考勤。"));
        self
    }

    /// Only what holds one of some words: indicators by category and name, activities, projects, issues and plans by their texts.
    fn of_topic(mut self, words: &[String]) -> Self {
        let holds = |texts: &[&str]| texts.iter().any(|text| words.iter().any(|word| text.contains(word.as_str())));
        let (mut activities, mut projects, mut issues) =
            (std::mem::take(&mut self.activities), std::mem::take(&mut self.projects), std::mem::take(&mut self.issues));
        let label =
            |dictionary: &str, code: &str| self.item(dictionary, code).map_or_else(String::new, |item| item.label.clone());
        activities
            .retain(|Stored { draft, .. }| holds(&[&draft.title, &draft.summary, &label("activity_type", &draft.type_code)]));
        projects
            .retain(|Stored { draft, .. }| holds(&[&draft.name, &draft.summary, &label("project_category", &draft.category)]));
        issues.retain(|Stored { draft, .. }| holds(&[&draft.title, &label("issue_type", &draft.type_code)]));
        (self.activities, self.projects, self.issues) = (activities, projects, issues);
        self.indicators.retain(|Stored { draft, .. }| holds(&[&draft.category, &draft.name]));
        self.plans.retain(|Stored { draft, .. }| holds(&[&draft.title, &draft.text, &draft.target, &draft.indicator]));
        self.narrowed = Some(format!("只计与“{}”有关的记录。", words.join("、")));
        self
    }

    /// A household of the scope.
    pub fn household(&self, id: Id) -> Option<&Stored<Household>> {
        self.household_index.get(&id).and_then(|at| self.households.get(*at))
    }

    /// An entry of a dictionary.
    pub fn item(&self, dictionary: &str, code: &str) -> Option<&DictionaryItem> {
        self.dictionary.get(&(dictionary.to_owned(), code.to_owned()))
    }

    /// The printed name of a category; its code where it is gone.
    pub fn label<'a>(&'a self, dictionary: &str, code: &'a str) -> &'a str {
        self.item(dictionary, code).map_or(code, |item| item.label.as_str())
    }

    /// The entries of a dictionary, in their order.
    pub fn items(&self, dictionary: &str) -> &[DictionaryItem] {
        self.items.get(dictionary).map_or(&[], Vec::as_slice)
    }

    /// Whether a household has, on the last day that counts, a type of one of these roles.
    pub fn has_role(&self, household: &Household, roles: &[&str]) -> bool {
        household
            .types_on(self.scope.until())
            .filter_map(|code| self.item("household_type", code))
            .any(|item| roles.contains(&item.role.as_str()))
    }

    /// The duty that an activity counts for: its own, or the one of its type.
    pub fn duty_of<'a>(&'a self, activity: &'a Activity) -> &'a str {
        if activity.duty.is_empty() {
            self.item("activity_type", &activity.type_code).map_or("", |item| item.duty.as_str())
        } else {
            &activity.duty
        }
    }
}

fn has<R>(records: &[Stored<R>], id: Id) -> bool {
    records.iter().any(|record| record.id == id)
}

fn all_where<R: Record>(store: Store<'_>, keep: impl Fn(&R) -> bool) -> Result<Vec<Stored<R>>> {
    Ok(store.all_bare::<R>()?.into_iter().filter(|record| keep(&record.draft)).collect())
}

fn kept<R: Record>(records: &[Stored<R>], keep: impl Fn(&R) -> bool) -> Vec<Stored<R>> {
    records.iter().filter(|record| keep(&record.draft)).cloned().collect()
}

/// References to records of one kind.
pub(super) fn refs<'a, R: Record + 'a>(records: impl IntoIterator<Item = &'a Stored<R>>) -> Vec<RecordRef> {
    records.into_iter().map(|record| RecordRef { kind: R::KIND, id: record.id }).collect()
}

/// A reference to one record.
pub(super) fn one(kind: Kind, id: Id) -> Vec<RecordRef> {
    vec![RecordRef { kind, id }]
}
