//! 计划: of those for this period, how many were done; of those for the next, how many there are and how many were carried over.

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::records::plan::{Plan, PlanStatus};
use crate::storage::Stored;

/// The plans for a half-year, without those given up.
pub(crate) fn of_period<'a>(gathered: &'a Gathered, period: &'a str) -> impl Iterator<Item = &'a Stored<Plan>> {
    gathered.plans.iter().filter(move |plan| plan.draft.period == period && plan.draft.status != PlanStatus::Dropped)
}

/// Whether a plan goes on in a later half-year.
pub(crate) fn is_carried(gathered: &Gathered, plan: &Stored<Plan>) -> bool {
    gathered.plans.iter().any(|other| other.draft.carried_from == Some(plan.id))
}

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    let (this, next) = (gathered.scope.period.to_string(), gathered.scope.period.next().to_string());
    let due: Vec<_> = of_period(gathered, &this).collect();
    let (done, open): (Vec<_>, Vec<_>) = due.iter().copied().partition(|plan| plan.draft.status == PlanStatus::Done);
    let carried = open.iter().copied().filter(|plan| is_carried(gathered, plan));
    let rule = "计划所属半年为本报告期的计划";
    let all = refs(due.iter().copied());
    figures.records("plans.due.count", "本期计划项数", "项", format!("{rule}项数，不再进行的不计。"), all.clone());
    figures.records("plans.due.done", "本期计划完成项数", "项", format!("{rule}中已完成的项数。"), refs(done.iter().copied()));
    figures.records(
        "plans.due.open",
        "本期计划未完成项数",
        "项",
        format!("{rule}中尚未完成的项数。"),
        refs(open.iter().copied()),
    );
    figures.records("plans.due.carried", "结转下期项数", "项", format!("{rule}中尚未完成、已结转到下期的项数。"), refs(carried));
    let number = |list: &[&Stored<Plan>]| i64::try_from(list.len()).unwrap_or(0);
    figures.percent("plans.due.rate", "本期计划完成率", number(&done), number(&due), "已完成的计划占本期计划的比例。", all);
    let next: Vec<_> = of_period(gathered, &next).collect();
    let carried_in = next.iter().copied().filter(|plan| plan.draft.carried_from.is_some());
    figures.records("plans.next.count", "下期计划项数", "项", "计划所属半年为下一个半年的计划项数。", refs(next.iter().copied()));
    figures.records("plans.next.carried", "上期结转项数", "项", "下期计划中由本期结转的项数。", refs(carried_in));
}
