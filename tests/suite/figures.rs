//! Figures looked at closely: month by month, and against the same period of last year.

use serde_json::json;
use zhucun_core::figures::{Figures, Gathered, PerVillage, Scope, trend};
use zhucun_core::records::Kind;
use zhucun_core::sample::create_sample;
use zhucun_core::value::Period;

use crate::desk::Desk;

fn scope() -> Scope {
    Scope { cutoff: "2026-06-20".parse().unwrap(), ..Scope::of(Period::parse("2026H1").unwrap()) }
}

#[test]
fn the_months_of_what_happens_add_up_to_the_half_year() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let scope = Scope::of(Period::parse("2026H1").unwrap());
    let figures = Figures::count(&ledger.read(|store| Gathered::load(store, scope.clone())).unwrap());
    for key in [
        "visits.count",
        "visits.household_times",
        "visits.person_times",
        "issues.raised",
        "applications.all.amount_applied",
        "attendance.on_duty",
    ] {
        let figure = figures.get(key).unwrap();
        let months = ledger.read(|store| trend(store, &scope, figure)).unwrap().months;
        assert_eq!(months.len(), 6, "{key}");
        assert_eq!(months.iter().map(|month| month.number).sum::<i64>(), figure.value.number(), "{key}: {months:?}");
    }
    // Distinct households do not add up: one that is visited every month is one household in each.
    let households = figures.get("visits.households").unwrap();
    let months = ledger.read(|store| trend(store, &scope, households)).unwrap().months;
    assert!(months.iter().map(|month| month.number).sum::<i64>() > households.value.number());
}

#[test]
fn months_that_have_not_begun_are_not_told() {
    let mut desk = Desk::new();
    desk.add(Kind::Visit, |visit| visit["day"] = json!("2026-03-05"));
    let scope = Scope { cutoff: "2026-04-10".parse().unwrap(), ..scope() };
    let figures = Figures::count(&desk.ledger.read(|store| Gathered::load(store, scope.clone())).unwrap());
    let trend = desk.ledger.read(|store| trend(store, &scope, figures.get("visits.count").unwrap())).unwrap();
    let months: Vec<_> = trend.months.iter().map(|month| (month.month.as_str(), month.text.as_str())).collect();
    assert_eq!(months, [("2026-01", "0次"), ("2026-02", "0次"), ("2026-03", "1次"), ("2026-04", "0次")]);
}

#[test]
fn last_year_is_compared_up_to_the_same_day_and_only_where_it_was_recorded() {
    let mut desk = Desk::new();
    for day in ["2026-03-05", "2026-06-01", "2026-06-02"] {
        desk.add(Kind::Visit, |visit| visit["day"] = json!(day));
    }
    let trend_of = |desk: &Desk, key: &str| {
        let figures = Figures::count(&desk.ledger.read(|store| Gathered::load(store, scope())).unwrap());
        desk.ledger.read(|store| trend(store, &scope(), figures.get(key).unwrap())).unwrap()
    };
    assert_eq!(trend_of(&desk, "visits.count").previous, None, "a ledger that began this year has no last year");
    // Soft rules ask for a reason where a day lies outside the running period.
    for day in ["2025-05-01", "2025-06-20", "2025-06-25"] {
        let mut draft = desk.draft(Kind::Visit);
        draft["day"] = json!(day);
        let keep = match desk.save(Kind::Visit, None, draft.clone(), vec![]) {
            Ok(_) => continue,
            Err(error) => error
                .findings()
                .iter()
                .map(|found| zhucun_core::storage::Kept {
                    code: found.code.clone(),
                    field: found.field.clone(),
                    reason: "补记".into(),
                })
                .collect(),
        };
        desk.save(Kind::Visit, None, draft, keep).unwrap();
    }
    let previous = trend_of(&desk, "visits.count").previous.unwrap();
    assert_eq!((previous.text.as_str(), previous.number), ("2次", 2), "25 June lies after the day up to which this year counts");
    assert_eq!(previous.change, Some(5_000), "three against two: half as many again");
}

#[test]
fn a_figure_is_told_of_each_village_with_its_own_records() {
    let mut desk = Desk::new();
    let one = |desk: &Desk| Figures::count(&desk.ledger.read(|store| Gathered::load(store, scope())).unwrap());
    let parts = |desk: &Desk, key: &str| {
        let gathered = desk.ledger.read(|store| Gathered::load(store, scope())).unwrap();
        let figures = Figures::count(&gathered);
        PerVillage::count(&gathered).view_of(figures.get(key).unwrap())
    };
    desk.add(Kind::Visit, |_| {});
    assert!(parts(&desk, "visits.households").is_empty(), "of a single village nothing is told twice");
    let second = desk.add(Kind::Village, |_| {});
    let ours = desk.add(Kind::Household, |household| household["village_id"] = json!(second));
    for _ in 0..2 {
        desk.add(Kind::Visit, |visit| visit["household_ids"] = json!([ours]));
    }
    desk.add(Kind::Activity, |_| {});
    let told =
        |key: &str| parts(&desk, key).into_iter().map(|part| (part.name, part.text, part.records.len())).collect::<Vec<_>>();
    let part = |name: &str, text: &str, records| (name.to_owned(), text.to_owned(), records);
    assert_eq!(told("visits.households"), [part("石门村", "1户", 2), part("木楼村", "1户", 3)], "households and their visits");
    assert_eq!(told("visits.household_times"), [part("石门村", "1户次", 1), part("木楼村", "2户次", 2)]);
    let sum = parts(&desk, "visits.household_times").iter().map(|part| part.number).sum::<i64>();
    assert_eq!(sum, one(&desk).number("visits.household_times"), "the villages' parts make the whole");
    assert!(told("team.members").is_empty(), "the team is no village's");
    let whole = one(&desk);
    let named = whole.all().iter().find(|figure| figure.key == format!("village.{second}.visits.households")).unwrap();
    assert!(parts(&desk, &named.key).is_empty(), "what is told of one village is not parted again");
}
