//! What a template knows besides figures: names, dates and lists, as plain data. Numbers stand in figures; lists carry their keys.

mod days;
mod indicators;
mod people;
mod plans;

use chrono::NaiveDate;
use serde::Serialize;

use crate::figures::{
    Gathered, activity_counter_key, activity_event_unit, activity_times, distinct_items, issue_is_open, overdue_milestones,
    programme_key, project_in_period,
};
use crate::records::activity::Activity;
use crate::records::project::Project;
use crate::storage::Stored;
use crate::value::{Half, Period, print_day};

#[derive(Serialize)]
pub(super) struct Facts {
    period: PeriodFacts,
    cutoff: CutoffFacts,
    /// The village, or the township where there are several.
    place: String,
    topic: String,
    team: TeamFacts,
    member: Option<people::MemberFacts>,
    members: Vec<people::MemberFacts>,
    groups: Vec<people::GroupFacts>,
    units: Vec<String>,
    villages: Vec<VillageFacts>,
    roles: Vec<Named>,
    duties: Vec<Named>,
    activities: Vec<ActivityFacts>,
    purposes: Vec<PurposeFacts>,
    visit_days: String,
    programmes: Vec<ProgrammeFacts>,
    funds: Vec<Named>,
    projects: Vec<ProjectFacts>,
    solved_issues: Vec<String>,
    problems: Vec<String>,
    late_projects: Vec<String>,
    plans: Vec<plans::PlanFacts>,
    due_plans: Vec<plans::PlanFacts>,
    indicators: Vec<indicators::CategoryFacts>,
}

#[derive(Serialize)]
struct Named {
    code: String,
    label: String,
}

#[derive(Serialize)]
struct PeriodFacts {
    year: i32,
    words: String,
    half: &'static str,
    next: String,
    next_half: &'static str,
}

#[derive(Serialize)]
struct CutoffFacts {
    words: String,
    /// Whether the cut-off day lies before the period's end, so that it must be told.
    early: bool,
}

#[derive(Serialize)]
struct TeamFacts {
    name: String,
    township: String,
    county: String,
    /// 乡镇人民政府 or 街道办事处.
    office: String,
    /// 县委、县政府.
    county_seat: String,
}

/// A purpose of visits, with the days on which it was one.
#[derive(Serialize)]
struct PurposeFacts {
    code: String,
    label: String,
    days: String,
}

#[derive(Serialize)]
struct VillageFacts {
    key: String,
    name: String,
    summary: String,
    as_of: String,
    income_year: String,
}

#[derive(Serialize)]
struct ActivityFacts {
    code: String,
    label: String,
    duty: String,
    events: String,
    records: usize,
    titles: Vec<String>,
    organisers: Vec<String>,
    outlets: Vec<String>,
    documents: Vec<String>,
    items: Vec<String>,
    villages: Vec<String>,
    days: String,
    counters: Vec<CounterFacts>,
}

#[derive(Serialize)]
struct CounterFacts {
    subject: String,
    unit: String,
    key: String,
}

#[derive(Serialize)]
struct ProgrammeFacts {
    name: String,
    key: String,
    per_household: bool,
}

#[derive(Serialize)]
struct ProjectFacts {
    key: String,
    name: String,
    village: String,
    place: String,
    category: String,
    category_code: String,
    duty: String,
    summary: String,
    unit: String,
    funds: Vec<String>,
    own_fund: bool,
    reached: Vec<String>,
    next: Option<String>,
    next_planned: Option<String>,
    signed_on: Option<String>,
    completed: bool,
    accepted: bool,
    sub_works: Vec<SubWorkFacts>,
}

#[derive(Serialize)]
struct SubWorkFacts {
    name: String,
    key: String,
    done: bool,
}

impl Facts {
    pub(super) fn of(gathered: &Gathered, topic: &str) -> Self {
        let until = gathered.scope.until();
        Facts {
            period: period(gathered.scope.period),
            cutoff: CutoffFacts { words: print_day(until), early: until < gathered.scope.period.last_day() },
            place: place(gathered),
            topic: topic.to_owned(),
            team: team(gathered),
            member: gathered.member.as_ref().map(|member| people::member(gathered, &member.draft)),
            members: gathered.members.iter().map(|member| people::member(gathered, &member.draft)).collect(),
            groups: people::groups(gathered),
            units: gathered.units.iter().map(|unit| unit.draft.name.clone()).collect(),
            villages: gathered.villages.iter().map(|village| village_facts(gathered, village)).collect(),
            roles: named(gathered, "member_role"),
            duties: named(gathered, "duty"),
            activities: activities(gathered),
            purposes: purposes(gathered),
            visit_days: days::of_visits(gathered),
            programmes: programmes(gathered),
            funds: named(gathered, "fund_source"),
            projects: projects(gathered),
            solved_issues: solved_issues(gathered),
            problems: problems(gathered),
            late_projects: late_projects(gathered),
            plans: plans::next(gathered),
            due_plans: plans::due(gathered),
            indicators: indicators::all(gathered),
        }
    }
}

fn place(gathered: &Gathered) -> String {
    match gathered.villages.as_slice() {
        [village] => village.draft.name.clone(),
        _ if gathered.team.township.is_empty() => gathered.team.name.clone(),
        _ => gathered.team.township.clone(),
    }
}

fn team(gathered: &Gathered) -> TeamFacts {
    let team = &gathered.team;
    let office = match team.township.as_str() {
        "" => String::new(),
        street if street.ends_with("街道") => format!("{street}办事处"),
        township => format!("{township}人民政府"),
    };
    let county_seat = team.county.chars().last().map_or_else(String::new, |kind| format!("{}委、{kind}政府", team.county));
    TeamFacts { name: team.name.clone(), township: team.township.clone(), county: team.county.clone(), office, county_seat }
}

fn purposes(gathered: &Gathered) -> Vec<PurposeFacts> {
    let facts = gathered.items("visit_purpose").iter().map(|item| {
        let told = |visit: &&Stored<crate::records::visit::Visit>| {
            visit.draft.reached() && visit.draft.purposes.iter().any(|purpose| purpose.code == item.code)
        };
        let days: Vec<_> = gathered.visits.iter().filter(told).map(|visit| (visit.draft.day, visit.draft.day)).collect();
        PurposeFacts { code: item.code.clone(), label: item.label.clone(), days: days::in_words(&days) }
    });
    facts.collect()
}

fn named(gathered: &Gathered, dictionary: &str) -> Vec<Named> {
    gathered.items(dictionary).iter().map(|item| Named { code: item.code.clone(), label: item.label.clone() }).collect()
}

fn period(period: Period) -> PeriodFacts {
    PeriodFacts {
        year: period.year(),
        words: period.in_words(),
        half: period.half_in_words(),
        next: period.next().in_words(),
        next_half: if period.half() == Half::First { "下半年" } else { "明年上半年" },
    }
}

fn village_facts(gathered: &Gathered, village: &Stored<crate::records::village::Village>) -> VillageFacts {
    let until = gathered.scope.until();
    let income = village.draft.years.iter().filter(|year| year.as_of <= until && year.collective_income.is_some());
    VillageFacts {
        key: format!("village.{}", village.id),
        name: village.draft.name.clone(),
        summary: village.draft.summary.clone(),
        as_of: village.draft.base_on(until).map_or_else(String::new, |year| print_day(year.as_of)),
        income_year: income.max_by_key(|year| year.as_of).map_or_else(String::new, |year| year.year.to_string()),
    }
}

fn activities(gathered: &Gathered) -> Vec<ActivityFacts> {
    let mut facts = Vec::new();
    for item in gathered.items("activity_type") {
        let mut ours: Vec<_> = gathered.activities.iter().filter(|a| a.draft.type_code == item.code).collect();
        let unit = activity_event_unit(item);
        // What happened most often is told first.
        ours.sort_by_key(|activity| -activity_times(&activity.draft, unit));
        let Some(first) = ours.first() else { continue };
        facts.push(ActivityFacts {
            code: item.code.clone(),
            label: item.label.clone(),
            duty: gathered.duty_of(&first.draft).to_owned(),
            events: format!("activities.{}.events", item.code),
            records: ours.len(),
            titles: distinct(ours.iter().map(|a| a.draft.title.clone())),
            organisers: distinct(ours.iter().map(|a| a.draft.organiser.clone())),
            outlets: distinct(ours.iter().map(|a| a.draft.outlet.clone())),
            documents: distinct(ours.iter().flat_map(|a| &a.draft.documents).map(|d| d.title.clone())),
            items: distinct_items(&ours).into_iter().map(str::to_owned).collect(),
            villages: villages_of(gathered, &ours),
            days: days::of_activities(&ours),
            counters: counters(&item.code, unit, &ours),
        });
    }
    facts
}

fn counters(code: &str, event_unit: &str, ours: &[&Stored<Activity>]) -> Vec<CounterFacts> {
    let all = ours.iter().flat_map(|activity| &activity.draft.counters);
    let mut facts: Vec<CounterFacts> = Vec::new();
    for counter in all.filter(|counter| !(counter.subject.is_empty() && counter.unit == event_unit)) {
        let key = activity_counter_key(code, &counter.subject, &counter.unit);
        if facts.iter().all(|known| known.key != key) {
            facts.push(CounterFacts { subject: counter.subject.clone(), unit: counter.unit.clone(), key });
        }
    }
    facts
}

fn villages_of(gathered: &Gathered, ours: &[&Stored<Activity>]) -> Vec<String> {
    let name = |id| gathered.villages.iter().find(|village| Some(village.id) == id).map(|village| village.draft.name.clone());
    distinct(ours.iter().filter_map(|activity| name(activity.draft.village_id)))
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !list.contains(&text) {
            list.push(text);
        }
    }
    list
}

fn programmes(gathered: &Gathered) -> Vec<ProgrammeFacts> {
    let facts = gathered.programmes.iter().map(|programme| ProgrammeFacts {
        name: programme.draft.name.clone(),
        key: format!("applications.{}", programme_key(programme)),
        per_household: programme.draft.per_household,
    });
    facts.collect()
}

fn projects(gathered: &Gathered) -> Vec<ProjectFacts> {
    let ours = gathered.projects.iter().filter(|project| project_in_period(&gathered.scope, &project.draft));
    ours.map(|project| project_facts(gathered, project)).collect()
}

fn project_facts(gathered: &Gathered, stored: &Stored<Project>) -> ProjectFacts {
    let project = &stored.draft;
    let until = gathered.scope.until();
    let label = |code: &str| gathered.label("milestone", code).to_owned();
    let reached = |actual: Option<NaiveDate>| actual.is_some_and(|day| day <= until);
    let next = project.milestones.iter().find(|milestone| !reached(milestone.actual));
    let village = gathered.villages.iter().find(|village| village.id == project.village_id);
    let unit = gathered.units.iter().find(|unit| Some(unit.id) == project.support_unit_id);
    let role = |source: &str| gathered.item("fund_source", source).is_some_and(|item| !item.role.is_empty());
    ProjectFacts {
        key: format!("project.{}", stored.id),
        name: project.name.clone(),
        village: village.map_or_else(String::new, |village| village.draft.name.clone()),
        place: project.place.clone(),
        category: gathered.label("project_category", &project.category).to_owned(),
        category_code: project.category.clone(),
        duty: project.duty.clone(),
        summary: project.summary.clone(),
        unit: unit.map_or_else(String::new, |unit| unit.draft.name.clone()),
        funds: project.funds.iter().map(|fund| gathered.label("fund_source", &fund.source).to_owned()).collect(),
        own_fund: project.funds.iter().any(|fund| role(&fund.source)),
        reached: project.milestones.iter().filter(|m| reached(m.actual)).map(|m| label(&m.code)).collect(),
        next: next.map(|milestone| label(&milestone.code)),
        next_planned: next.and_then(|milestone| milestone.planned).map(print_day),
        signed_on: project.reached_by(crate::records::project::SIGNED, until).map(print_day),
        completed: project.completed_by(until),
        accepted: project.reached_by("accepted", until).is_some(),
        sub_works: sub_works(stored, until),
    }
}

fn sub_works(stored: &Stored<Project>, until: NaiveDate) -> Vec<SubWorkFacts> {
    let works = stored.draft.sub_works.iter().enumerate().map(|(at, work)| SubWorkFacts {
        name: work.name.clone(),
        key: format!("project.{}.sub_work.{at}", stored.id),
        done: work.completed_on.is_some_and(|day| day <= until),
    });
    works.collect()
}

fn open_blockers(project: &Project, until: NaiveDate) -> Vec<String> {
    project.blockers.iter().filter(|blocker| blocker.is_open_on(until)).map(|blocker| blocker.text.clone()).collect()
}

/// Issues of the whole village that were solved in the period: the ones a report can tell without naming a family.
fn solved_issues(gathered: &Gathered) -> Vec<String> {
    let solved = gathered
        .issues
        .iter()
        .filter(|issue| issue.draft.household_id.is_none() && gathered.scope.holds_some(issue.draft.solved_on));
    solved.map(|issue| issue.draft.title.clone()).collect()
}

/// What stands in the way: open issues of the whole village, then projects that are held up. Families are not named here.
fn problems(gathered: &Gathered) -> Vec<String> {
    let mut open: Vec<_> = gathered.issues.iter().filter(|issue| issue_is_open(gathered, issue)).collect();
    open.sort_by_key(|issue| (issue.draft.raised_on, issue.id));
    let issues = open.into_iter().filter(|issue| issue.draft.household_id.is_none()).map(|issue| issue.draft.title.clone());
    let until = gathered.scope.until();
    let ours = gathered.projects.iter().filter(|project| project_in_period(&gathered.scope, &project.draft));
    let blocked = ours.flat_map(|project| {
        open_blockers(&project.draft, until).into_iter().map(|blocker| format!("{}{blocker}", project.draft.name))
    });
    issues.chain(blocked).collect()
}

/// Projects with a milestone whose planned day has passed, with what is late.
fn late_projects(gathered: &Gathered) -> Vec<String> {
    let until = gathered.scope.until();
    let ours = gathered.projects.iter().filter(|project| project_in_period(&gathered.scope, &project.draft));
    let late = ours.filter_map(|project| {
        let code = *overdue_milestones(&project.draft, until).first()?;
        Some(format!("{}{}", project.draft.name, gathered.label("milestone", code)))
    });
    late.collect()
}
