//! 补贴申报: per programme, how many applications, households and persons, and the amounts applied for, approved and paid.

use std::collections::BTreeSet;

use chrono::Days;

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::records::application::Application;
use crate::records::programme::{Programme, Stage};
use crate::storage::Stored;
use crate::value::{Fen, Id};

/// Days after which an application waits long.
const LONG_WAIT: u64 = 60;

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    for programme in &gathered.programmes {
        let name = &programme.draft.name;
        count_of(gathered, figures, &format!("applications.{}", key_of(programme)), name, |a| a.programme_id == programme.id);
    }
    count_of(gathered, figures, "applications.all", "各项补贴", |_| true);
}

/// The programme's code, or its id where the user gave none.
pub(crate) fn key_of(programme: &Stored<Programme>) -> String {
    if programme.draft.code.is_empty() { programme.id.to_string() } else { programme.draft.code.clone() }
}

fn count_of(gathered: &Gathered, figures: &mut Figures, key: &str, name: &str, of: impl Fn(&Application) -> bool) {
    let scope = &gathered.scope;
    let ours: Vec<_> = gathered.applications.iter().filter(|a| of(&a.draft)).collect();
    let applied: Vec<_> =
        ours.iter().copied().filter(|a| scope.holds_some(a.draft.applied_on) && a.draft.stage != Stage::Withdrawn).collect();
    let records = refs(applied.iter().copied());
    figures.records(
        format!("{key}.count"),
        format!("{name}申报件数"),
        "件",
        format!("申报日期在报告期内的{name}申报件数，撤回的不计，审核不符合的仍计。"),
        records.clone(),
    );
    let households: BTreeSet<Id> = applied.iter().map(|a| a.draft.household_id).collect();
    figures.number_of(
        format!("{key}.households"),
        format!("{name}申报户数"),
        i64::try_from(households.len()).unwrap_or(0),
        "户",
        format!("报告期内申报{name}的农户数，同一户只算一户。"),
        records.clone(),
    );
    let persons: BTreeSet<Id> = applied.iter().filter_map(|a| a.draft.member_id).collect();
    figures.number_of(
        format!("{key}.persons"),
        format!("{name}申报人数"),
        i64::try_from(persons.len()).unwrap_or(0),
        "人",
        format!("报告期内按人申报{name}的人数，同一人只算一人。"),
        records,
    );
    amounts(figures, key, name, &applied, gathered, &ours);
}

fn amounts(
    figures: &mut Figures,
    key: &str,
    name: &str,
    applied: &[&Stored<Application>],
    gathered: &Gathered,
    ours: &[&Stored<Application>],
) {
    let scope = &gathered.scope;
    let approved: Vec<_> = ours.iter().copied().filter(|a| scope.holds_some(a.draft.approved_on)).collect();
    let paid: Vec<_> = ours.iter().copied().filter(|a| scope.holds_some(a.draft.paid_on)).collect();
    let sum =
        |of: &[&Stored<Application>], fen: fn(&Application) -> Option<Fen>| of.iter().filter_map(|a| fen(&a.draft)).sum::<Fen>();
    for (part, label, list, fen) in [
        ("applied", "申报", applied, sum(applied, |a| a.amount_applied)),
        ("approved", "批准", &approved, sum(&approved, |a| a.amount_approved)),
        ("paid", "发放", &paid, sum(&paid, |a| a.amount_paid)),
    ] {
        let definition = format!("{label}日期在报告期内的{name}，其{label}金额合计。");
        let records = refs(list.iter().copied());
        figures.money(format!("{key}.amount_{part}"), format!("{name}{label}金额"), fen, definition, records.clone());
        if part != "applied" {
            let definition = format!("{label}日期在报告期内的{name}件数。");
            figures.records(format!("{key}.{part}"), format!("{name}{label}件数"), "件", definition, records);
        }
    }
    let waiting = applied
        .iter()
        .copied()
        .filter(|a| a.draft.approved_on.is_none_or(|day| day > scope.until()) && a.draft.stage != Stage::Ineligible);
    let definition = format!("报告期内申报、截止日尚未批准的{name}件数，不符合条件的不计。");
    figures.records(format!("{key}.waiting"), format!("{name}待批件数"), "件", definition, refs(waiting.clone()));
    let long_ago = scope.until().checked_sub_days(Days::new(LONG_WAIT));
    let waiting_long = waiting.filter(|a| a.draft.applied_on.zip(long_ago).is_some_and(|(day, long_ago)| day <= long_ago));
    let definition = format!("报告期内申报、申报满{LONG_WAIT}天截止日仍未批准的{name}件数，不符合条件的不计。");
    figures.records(format!("{key}.waiting_long"), format!("{name}久未批准件数"), "件", definition, refs(waiting_long));
}
