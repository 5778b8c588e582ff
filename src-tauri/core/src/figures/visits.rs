//! 走访: households (户, distinct), household-times (户次), person-times (人次), purposes, and the coverage of the target list.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::dictionary::role;
use crate::records::household::Household;
use crate::records::visit::{Visit, VisitMode};
use crate::records::{Kind, RecordRef};
use crate::storage::Stored;
use crate::value::{Fen, Half, Id};

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    totals(gathered, figures);
    by_mode(gathered, figures);
    coverage(gathered, figures);
    purposes(gathered, figures);
    condolence(gathered, figures);
}

/// The visited households of the scope.
fn households<'a>(gathered: &'a Gathered, visit: &'a Visit) -> impl Iterator<Item = Id> + 'a {
    visit.household_ids.iter().map(|h| h.household_id).filter(|id| gathered.household(*id).is_some())
}

/// Households first, then the visits that count them.
fn behind(households: &BTreeSet<Id>, visits: &[&Stored<Visit>]) -> Vec<RecordRef> {
    let mut records: Vec<_> = households.iter().map(|id| RecordRef { kind: Kind::Household, id: *id }).collect();
    records.extend(refs(visits.iter().copied()));
    records
}

fn totals(gathered: &Gathered, figures: &mut Figures) {
    let reached: Vec<_> = gathered.visits.iter().filter(|visit| visit.draft.reached()).collect();
    figures.records(
        "visits.count",
        "走访次数",
        "次",
        "报告期内联系上的走访次数，一次走访多户算一次。",
        refs(reached.iter().copied()),
    );
    let distinct: BTreeSet<Id> = reached.iter().flat_map(|visit| households(gathered, &visit.draft)).collect();
    let count = i64::try_from(distinct.len()).unwrap_or(0);
    let definition = "报告期内联系上的农户数，同一户走访多次只算一户。";
    figures.number_of("visits.households", "走访户数", count, "户", definition, behind(&distinct, &reached));
    let times: usize = reached.iter().map(|visit| households(gathered, &visit.draft).count()).sum();
    let definition = "报告期内联系上的走访户次，每走访一户算一户次。";
    figures.number_of(
        "visits.household_times",
        "走访户次",
        i64::try_from(times).unwrap_or(0),
        "户次",
        definition,
        refs(reached.iter().copied()),
    );
    let persons: i64 = reached.iter().map(|visit| visit.draft.persons_met).sum();
    let definition = "报告期内各次走访见到或通话的人次合计。";
    figures.number_of("visits.person_times", "走访人次", persons, "人次", definition, refs(reached));
}

const MODES: [(VisitMode, &str, &str); 4] = [
    (VisitMode::InPerson, "in_person", "面对面"),
    (VisitMode::Phone, "phone", "电话"),
    (VisitMode::Video, "video", "视频"),
    (VisitMode::NotReached, "not_reached", "未联系上"),
];

/// In 户次, so that the modes that reached somebody add up to `visits.household_times`.
fn by_mode(gathered: &Gathered, figures: &mut Figures) {
    for (mode, key, label) in MODES {
        let visits: Vec<_> = gathered.visits.iter().filter(|visit| visit.draft.mode == mode).collect();
        let times: usize = visits.iter().map(|visit| households(gathered, &visit.draft).count()).sum();
        let definition = format!("报告期内方式为“{label}”的走访户次，每走访一户算一户次。");
        let times = i64::try_from(times).unwrap_or(0);
        figures.number_of(format!("visits.mode.{key}"), format!("{label}走访户次"), times, "户次", definition, refs(visits));
    }
}

/// Whether a household is to be visited: 脱贫户 and 监测对象.
pub(crate) fn is_target(gathered: &Gathered, household: &Household) -> bool {
    gathered.has_role(household, &[role::LIFTED]) || gathered.has_role(household, &role::MONITORED)
}

/// Every household of the target list is put in one class, by its best mode: the parts always add up to the list.
fn coverage(gathered: &Gathered, figures: &mut Figures) {
    let targets: BTreeSet<Id> = gathered.households.iter().filter(|h| is_target(gathered, &h.draft)).map(|h| h.id).collect();
    let mut best: HashMap<Id, VisitMode> = HashMap::new();
    for visit in &gathered.visits {
        for id in households(gathered, &visit.draft).filter(|id| targets.contains(id)) {
            let mode = best.entry(id).or_insert(visit.draft.mode);
            *mode = (*mode).min(visit.draft.mode);
        }
    }
    let records: Vec<_> = targets.iter().map(|id| RecordRef { kind: Kind::Household, id: *id }).collect();
    let definition = "截止日的脱贫户和监测对象，按户计，一户只算一次。";
    figures.records("coverage.target", "应走访户数", "户", definition, records.clone());
    for (mode, key, label) in MODES {
        let class: BTreeSet<Id> = best.iter().filter(|(_, best)| **best == mode).map(|(id, _)| *id).collect();
        let behind_class: Vec<_> = gathered
            .visits
            .iter()
            .filter(|visit| visit.draft.mode == mode && households(gathered, &visit.draft).any(|id| class.contains(&id)))
            .collect();
        let definition = format!("应走访户中，报告期内最好的走访方式为“{label}”的户数；顺序为面对面、电话、视频、未联系上。");
        let count = i64::try_from(class.len()).unwrap_or(0);
        figures.number_of(
            format!("coverage.{key}"),
            format!("{label}户数"),
            count,
            "户",
            definition,
            behind(&class, &behind_class),
        );
    }
    let unvisited = records.into_iter().filter(|record| !best.contains_key(&record.id)).collect();
    figures.records("coverage.none", "未走访户数", "户", "应走访户中，报告期内没有任何走访记录的户数。", unvisited);
    let reached = best.values().filter(|mode| **mode != VisitMode::NotReached).count();
    figures.percent(
        "coverage.rate",
        "走访覆盖率",
        i64::try_from(reached).unwrap_or(0),
        i64::try_from(targets.len()).unwrap_or(0),
        "应走访户中联系上的户数占应走访户数的比例。",
        targets.iter().map(|id| RecordRef { kind: Kind::Household, id: *id }).collect(),
    );
}

fn purposes(gathered: &Gathered, figures: &mut Figures) {
    let mut by_purpose: BTreeMap<&str, Vec<&Stored<Visit>>> = BTreeMap::new();
    for visit in gathered.visits.iter().filter(|visit| visit.draft.reached()) {
        for purpose in &visit.draft.purposes {
            by_purpose.entry(purpose.code.as_str()).or_default().push(visit);
        }
    }
    for (code, visits) in by_purpose {
        let label = gathered.label("visit_purpose", code);
        let distinct: BTreeSet<Id> = visits.iter().flat_map(|visit| households(gathered, &visit.draft)).collect();
        let count = i64::try_from(distinct.len()).unwrap_or(0);
        let definition = format!("报告期内走访内容含“{label}”的农户数，同一户只算一户。");
        figures.number_of(
            format!("visits.purpose.{code}.households"),
            format!("{label}户数"),
            count,
            "户",
            definition,
            behind(&distinct, &visits),
        );
        let times: usize = visits.iter().map(|visit| households(gathered, &visit.draft).count()).sum();
        let definition = format!("报告期内走访内容含“{label}”的户次，每走访一户算一户次。");
        figures.number_of(
            format!("visits.purpose.{code}.household_times"),
            format!("{label}户次"),
            i64::try_from(times).unwrap_or(0),
            "户次",
            definition,
            refs(visits),
        );
    }
}

/// 慰问 visits: households and the worth of what was given; those before 春节 also by themselves.
fn condolence(gathered: &Gathered, figures: &mut Figures) {
    let is_condolence = |visit: &&Stored<Visit>| {
        let role = |code: &str| gathered.item("visit_purpose", code).is_some_and(|item| item.role == "condolence");
        visit.draft.reached() && visit.draft.purposes.iter().any(|purpose| role(&purpose.code))
    };
    let visits: Vec<_> = gathered.visits.iter().filter(is_condolence).collect();
    condolence_of(gathered, figures, "visits.condolence", "走访慰问", "报告期内", &visits);
    let new_year = spring_festival(gathered.scope.period.year()).filter(|_| gathered.scope.period.half() == Half::First);
    if let Some(new_year) = new_year {
        let before: Vec<_> = visits.iter().copied().filter(|visit| visit.draft.day < new_year).collect();
        condolence_of(gathered, figures, "visits.condolence.before_spring_festival", "春节前慰问", "当年1月1日至除夕", &before);
        let after: Vec<_> = visits.into_iter().filter(|visit| visit.draft.day >= new_year).collect();
        condolence_of(gathered, figures, "visits.condolence.after_spring_festival", "春节后慰问", "春节当日至截止日", &after);
    }
}

fn condolence_of(gathered: &Gathered, figures: &mut Figures, key: &str, label: &str, when: &str, visits: &[&Stored<Visit>]) {
    let distinct: BTreeSet<Id> = visits.iter().flat_map(|visit| households(gathered, &visit.draft)).collect();
    let count = i64::try_from(distinct.len()).unwrap_or(0);
    let definition = format!("{when}走访内容为慰问的农户数，同一户只算一户。");
    figures.number_of(format!("{key}.households"), format!("{label}户数"), count, "户", definition, behind(&distinct, visits));
    let worth: Fen = visits.iter().filter_map(|visit| visit.draft.gift_fen).sum();
    let given = visits.iter().copied().filter(|visit| visit.draft.gift_fen.is_some());
    figures.money(
        format!("{key}.worth"),
        format!("{label}金额"),
        worth,
        format!("{when}慰问走访登记的慰问金额合计。"),
        refs(given),
    );
}

/// 春节 (正月初一) by year, from the official calendar (GB/T 33661-2017). Beyond the table there is no such figure.
fn spring_festival(year: i32) -> Option<NaiveDate> {
    const DAYS: [(u32, u32); 21] = [
        (1, 25),
        (2, 12),
        (2, 1),
        (1, 22),
        (2, 10),
        (1, 29),
        (2, 17),
        (2, 6),
        (1, 26),
        (2, 13),
        (2, 3),
        (1, 23),
        (2, 11),
        (1, 31),
        (2, 19),
        (2, 8),
        (1, 28),
        (2, 15),
        (2, 4),
        (1, 24),
        (2, 12),
    ];
    let (month, day) = usize::try_from(year - 2020).ok().and_then(|at| DAYS.get(at).copied())?;
    NaiveDate::from_ymd_opt(year, month, day)
}
