//! 就业: members of the ledger's households who work away from home, by area, and those in 公益性岗位.

use super::{Figures, Gathered};
use crate::records::household::{Household, Member};
use crate::records::{Kind, RecordRef};
use crate::storage::Stored;

/// Somebody who works.
type Worker<'a> = (&'a Stored<Household>, &'a Member);

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    let workers: Vec<_> = gathered.households.iter().flat_map(|household| of_household(gathered, household)).collect();
    let rule = "截止日在户、务工时间与报告期有重合的家庭成员";
    add(figures, "employment.count", "务工人数", format!("{rule}人数，填有务工区域的才计。"), &workers);
    for area in gathered.items("work_area") {
        let here: Vec<_> = workers.iter().copied().filter(|(_, member)| member.work_area == area.code).collect();
        let definition = format!("{rule}中，务工区域为“{}”的人数。", area.label);
        add(figures, &format!("employment.area.{}", area.code), &format!("{}务工人数", area.label), definition, &here);
    }
    let posts: Vec<_> = gathered
        .households
        .iter()
        .flat_map(|household| counted(gathered, household))
        .filter(|(_, member)| member.employer.contains("公益") || member.industry.contains("公益"))
        .collect();
    let definition = "截止日在户、务工单位或行业中写有“公益”的家庭成员人数。";
    add(figures, "employment.posts", "公益性岗位人数", definition.to_owned(), &posts);
}

fn counted<'a>(gathered: &'a Gathered, household: &'a Stored<Household>) -> impl Iterator<Item = Worker<'a>> {
    let until = gathered.scope.until();
    household.draft.members.iter().filter(move |member| member.counts_on(until)).map(move |member| (household, member))
}

/// Those of a household who worked away from home in the period.
pub(super) fn of_household<'a>(gathered: &'a Gathered, household: &'a Stored<Household>) -> impl Iterator<Item = Worker<'a>> {
    let (from, until) = (gathered.scope.from(), gathered.scope.until());
    counted(gathered, household).filter(move |(_, member)| {
        !member.work_area.is_empty()
            && member.work_from.is_none_or(|day| day <= until)
            && member.work_to.is_none_or(|day| day >= from)
    })
}

fn add(figures: &mut Figures, key: &str, label: &str, definition: String, workers: &[Worker<'_>]) {
    let mut records: Vec<_> =
        workers.iter().map(|(household, _)| RecordRef { kind: Kind::Household, id: household.id }).collect();
    records.dedup();
    figures.number_of(key, label, i64::try_from(workers.len()).unwrap_or(0), "人", definition, records);
}
