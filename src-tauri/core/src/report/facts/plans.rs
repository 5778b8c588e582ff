//! Plans: those that were due in the period, with what came of them, and those for the next.

use serde::Serialize;

use crate::figures::{Gathered, indicator_sums, plan_is_carried, plans_of};
use crate::records::plan::{Plan, PlanStatus};
use crate::storage::Stored;
use crate::value::print_day;

#[derive(Serialize)]
pub(super) struct PlanFacts {
    pub key: String,
    pub title: String,
    pub text: String,
    pub target: String,
    pub due: String,
    pub duty: String,
    pub done: bool,
    /// Of a plan that was due: it goes on in the next half-year; of one for the next: it came from before.
    pub carried: bool,
    pub result: String,
    /// Key of the indicator that tells how far it has come, where there is one in the period.
    pub indicator: Option<String>,
}

pub(super) fn due(gathered: &Gathered) -> Vec<PlanFacts> {
    let period = gathered.scope.period.to_string();
    let facts =
        plans_of(gathered, &period).map(|plan| PlanFacts { carried: plan_is_carried(gathered, plan), ..of(gathered, plan) });
    facts.collect()
}

pub(super) fn next(gathered: &Gathered) -> Vec<PlanFacts> {
    let period = gathered.scope.period.next().to_string();
    plans_of(gathered, &period).map(|plan| of(gathered, plan)).collect()
}

fn of(gathered: &Gathered, stored: &Stored<Plan>) -> PlanFacts {
    let plan = &stored.draft;
    PlanFacts {
        key: format!("plan.{}", stored.id),
        title: plan.title.clone(),
        text: plan.text.clone(),
        target: plan.target.clone(),
        due: plan.due_on.map(print_day).unwrap_or_default(),
        duty: plan.duty.clone(),
        done: plan.status == PlanStatus::Done,
        carried: plan.carried_from.is_some(),
        result: plan.result.clone(),
        indicator: indicator_of(gathered, &plan.indicator),
    }
}

fn indicator_of(gathered: &Gathered, name: &str) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    let sums = indicator_sums(gathered);
    sums.into_iter().find(|sum| sum.draft().is_some_and(|draft| draft.name == name) && sum.actual.is_some()).map(|sum| sum.key)
}
