//! 分村: the main figures of each village of the scope under `village.<id>.`, and what belongs to none under `village.other.`, so
//! that a table's rows add up to its total.

use std::collections::{BTreeSet, HashMap};

use super::gathered::refs;
use super::{FigureValue, Figures, Gathered, is_target, project_in_period};
use crate::records::programme::Stage;
use crate::records::visit::VisitMode;
use crate::records::{Kind, RecordRef};
use crate::value::{Fen, Id};

/// What is told of each village, under the key of the figure for all: key, name, unit.
pub(crate) const MEASURES: &[(&str, &str, &str)] = &[
    ("coverage.target", "应走访户数", "户"),
    ("visits.households", "走访户数", "户"),
    ("visits.household_times", "走访户次", "户次"),
    ("issues.raised", "收集问题件数", "件"),
    ("issues.done", "办结件数", "件"),
    ("applications.all.count", "补贴申报件数", "件"),
    ("applications.all.amount_paid", "补贴发放金额", ""),
    ("employment.count", "务工人数", "人"),
    ("projects.count", "项目个数", "个"),
];

/// A measure of one village: how much, and the records counted.
#[derive(Default)]
struct Part {
    value: i64,
    records: Vec<RecordRef>,
}

/// All parts, by village (nothing: of no village) and measure.
#[derive(Default)]
struct Parts(HashMap<(Option<Id>, &'static str), Part>);

impl Parts {
    fn add(&mut self, village: Option<Id>, measure: &'static str, value: i64, record: RecordRef) {
        let part = self.0.entry((village, measure)).or_default();
        part.value += value;
        if part.records.last() != Some(&record) {
            part.records.push(record);
        }
    }
}

/// Of a single village nothing is told twice.
pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    if gathered.villages.len() < 2 {
        return;
    }
    let mut parts = Parts::default();
    visits(gathered, &mut parts);
    records(gathered, &mut parts);
    for village in &gathered.villages {
        tell(figures, &format!("village.{}", village.id), &village.draft.name, Some(village.id), &mut parts);
        rate(gathered, figures, village.id, &village.draft.name);
    }
    tell(figures, "village.other", "不属于某个村的", None, &mut parts);
}

fn tell(figures: &mut Figures, prefix: &str, name: &str, village: Option<Id>, parts: &mut Parts) {
    for (measure, label, unit) in MEASURES {
        let part = parts.0.remove(&(village, *measure)).unwrap_or_default();
        let definition = figures.get(measure).map_or_else(String::new, |all| all.definition.clone());
        let value = if unit.is_empty() { FigureValue::Money(Fen(part.value)) } else { FigureValue::Count(part.value) };
        let definition = format!("其中{name}：{definition}");
        figures.add(format!("{prefix}.{measure}"), format!("{name}{label}"), value, unit, definition, part.records);
    }
}

fn visits(gathered: &Gathered, parts: &mut Parts) {
    let mut seen = BTreeSet::new();
    for visit in gathered.visits.iter().filter(|visit| visit.draft.reached()) {
        let record = RecordRef { kind: Kind::Visit, id: visit.id };
        for household in visit.draft.household_ids.iter().filter_map(|h| gathered.household(h.household_id)) {
            let village = Some(household.draft.village_id);
            parts.add(village, "visits.household_times", 1, record);
            parts.add(village, "visits.households", i64::from(seen.insert(household.id)), record);
        }
    }
}

fn records(gathered: &Gathered, parts: &mut Parts) {
    let scope = &gathered.scope;
    for household in &gathered.households {
        let (village, record) = (Some(household.draft.village_id), RecordRef { kind: Kind::Household, id: household.id });
        if is_target(gathered, &household.draft) {
            parts.add(village, "coverage.target", 1, record);
        }
        for _ in super::employment::of_household(gathered, household) {
            parts.add(village, "employment.count", 1, record);
        }
    }
    for issue in gathered.issues.iter().filter(|issue| scope.holds(issue.draft.raised_on)) {
        let (village, record) = (gathered.village_of(issue), RecordRef { kind: Kind::Issue, id: issue.id });
        parts.add(village, "issues.raised", 1, record);
        if issue.draft.solved_on.is_some_and(|day| day <= scope.until()) {
            parts.add(village, "issues.done", 1, record);
        }
    }
    for application in &gathered.applications {
        let draft = &application.draft;
        let village = gathered.household(draft.household_id).map(|household| household.draft.village_id);
        let record = RecordRef { kind: Kind::Application, id: application.id };
        if scope.holds_some(draft.applied_on) && draft.stage != Stage::Withdrawn {
            parts.add(village, "applications.all.count", 1, record);
        }
        if scope.holds_some(draft.paid_on) {
            parts.add(village, "applications.all.amount_paid", draft.amount_paid.unwrap_or_default().0, record);
        }
    }
    for project in gathered.projects.iter().filter(|project| project_in_period(scope, &project.draft)) {
        let record = RecordRef { kind: Kind::Project, id: project.id };
        parts.add(Some(project.draft.village_id), "projects.count", 1, record);
    }
}

/// 走访覆盖率 of one village.
fn rate(gathered: &Gathered, figures: &mut Figures, village: Id, name: &str) {
    let ours = gathered.households.iter().filter(|household| household.draft.village_id == village);
    let targets: Vec<_> = ours.filter(|household| is_target(gathered, &household.draft)).collect();
    let wanted: BTreeSet<Id> = targets.iter().map(|household| household.id).collect();
    let reached: BTreeSet<Id> = gathered
        .visits
        .iter()
        .filter(|visit| visit.draft.mode != VisitMode::NotReached)
        .flat_map(|visit| visit.draft.household_ids.iter().map(|h| h.household_id))
        .filter(|id| wanted.contains(id))
        .collect();
    let count = |set: &BTreeSet<Id>| i64::try_from(set.len()).unwrap_or(0);
    figures.percent(
        &format!("village.{village}.coverage.rate"),
        &format!("{name}走访覆盖率"),
        count(&reached),
        count(&wanted),
        &format!("其中{name}：应走访户中联系上的户数占应走访户数的比例。"),
        refs(targets),
    );
}
