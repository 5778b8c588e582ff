//! Each rule of the records: the field is named, nothing is stored; what can be kept is kept with its reason.

use serde_json::{Value, json};
use zhucun_core::Error;
use zhucun_core::records::Kind;
use zhucun_core::storage::Kept;

use crate::desk::{Desk, found};

/// What is typed, and what is found wrong with it.
type Case = (Kind, &'static str, fn(&mut Value), &'static str);

const HARD: &[Case] = &[
    (Kind::Team, "no name", |d| d["name"] = json!(" "), "required at name"),
    (Kind::TeamMember, "no name", |d| d["name"] = json!(""), "required at name"),
    (Kind::Village, "a code of 6 digits", |d| d["code"] = json!("450123"), "code_shape at code"),
    (Kind::Village, "a hamlet twice", |d| d["hamlets"] = json!(["上屯", "上 屯"]), "duplicate_hamlet at hamlets"),
    (Kind::Household, "no name", |d| d["members"][0]["name"] = json!(""), "required at members.0.name"),
    (Kind::Household, "nobody is the head", |d| d["members"][0]["relation"] = json!("02"), "one_head at members"),
    (Kind::Household, "no type", |d| d["types"] = json!([]), "required at types"),
    (
        Kind::Household,
        "an ID number of 17 digits",
        |d| d["members"][0]["id_number"] = json!("45010219800101001"),
        "id_shape at members.0.id_number",
    ),
    (
        Kind::Household,
        "monitored without a risk",
        |d| {
            d["types"] = json!([{ "code": "marginal_at_risk", "from_day": null, "to_day": null }]);
            d["identified_on"] = json!("2026-03-01");
        },
        "required at risks",
    ),
    (Kind::Visit, "no household", |d| d["household_ids"] = json!([]), "required at household_ids"),
    (Kind::Visit, "a day to come", |d| d["day"] = json!("2026-06-21"), "future_date at day"),
    (Kind::Visit, "no visitor", |d| d["visitor_ids"] = json!([]), "required at visitor_ids"),
    (Kind::Visit, "no purpose", |d| d["purposes"] = json!([]), "required at purposes"),
    (Kind::Visit, "an unknown purpose", |d| d["purposes"] = json!(["nonsense"]), "unknown_category at purposes"),
    (Kind::Visit, "a problem without words", |d| d["housing"] = json!("problem"), "required at problem"),
    (Kind::Visit, "not reached without a reason", |d| d["mode"] = json!("not_reached"), "required at unreached_reason"),
    (Kind::Issue, "no title", |d| d["title"] = json!(""), "required at title"),
    (Kind::Issue, "due before it was raised", |d| d["due_on"] = json!("2026-01-01"), "dates_reversed at due_on"),
    (Kind::Application, "paid without an amount", |d| d["stage"] = json!("paid"), "required at amount_paid"),
    (Kind::Application, "a negative amount", |d| d["amount_applied"] = json!(-1), "negative_money at amount_applied"),
    (Kind::Project, "no name", |d| d["name"] = json!(""), "required at name"),
    (Kind::Project, "no money", |d| d["budget"] = json!(null), "required at budget"),
    (Kind::Project, "no source", |d| d["funds"] = json!([]), "required at funds"),
    (
        Kind::Project,
        "more households than persons",
        |d| {
            d["beneficiary_households"] = json!(5);
            d["beneficiary_persons"] = json!(4);
        },
        "households_exceed_persons at beneficiary_persons",
    ),
    (Kind::Activity, "no type", |d| d["type_code"] = json!(""), "required at type_code"),
    (Kind::Activity, "ends before it begins", |d| d["to_day"] = json!("2026-01-01"), "dates_reversed at to_day"),
    (Kind::Programme, "no step", |d| d["steps"] = json!([]), "required at steps"),
    (Kind::Plan, "no title", |d| d["title"] = json!(""), "required at title"),
    (Kind::Indicator, "neither planned nor reached", |d| d["actual"] = json!(null), "required at actual"),
    (Kind::Indicator, "no unit", |d| d["unit"] = json!(""), "required at unit"),
    (Kind::Attendance, "32 days", |d| d["on_duty"] = json!(32), "out_of_range at on_duty"),
    (Kind::DictionaryItem, "a name that is taken", |d| d["label"] = json!("政策宣传"), "duplicate_category at label"),
    (Kind::Report, "a cut-off day of another half-year", |d| d["cutoff"] = json!("2025-12-31"), "out_of_range at cutoff"),
];

#[test]
fn a_hard_rule_refuses_names_the_field_and_stores_nothing() {
    let mut wrong = Vec::new();
    for (kind, what, typed, expected) in HARD {
        let mut desk = Desk::new();
        let before = desk.content();
        match desk.try_add(*kind, typed) {
            Err(Error::Refused(findings)) if found(&findings).iter().any(|found| found == expected) => {
                assert!(findings.iter().all(|finding| !finding.message.is_empty()), "{kind:?}, {what}: has words");
            }
            Err(Error::Refused(findings)) => {
                wrong.push(format!("{kind:?}, {what}: {:?} instead of {expected}", found(&findings)))
            }
            other => wrong.push(format!("{kind:?}, {what}: {other:?} instead of {expected}")),
        }
        assert!(desk.content() == before, "{kind:?}, {what}: nothing is stored");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const SOFT: &[Case] = &[
    (Kind::TeamMember, "a telephone of letters", |d| d["phone"] = json!("abc"), "phone_shape at phone"),
    (
        Kind::Household,
        "a wrong check digit",
        |d| d["members"][0]["id_number"] = json!("990101198001010011"),
        "id_check_digit at members.0.id_number",
    ),
    (
        Kind::Household,
        "lifted without the year",
        |d| d["types"] = json!([{ "code": "lifted", "from_day": null, "to_day": null }]),
        "exit_year_missing at poverty_exit_year",
    ),
    (Kind::Visit, "reached but nobody met", |d| d["persons_met"] = json!(0), "nobody_met at persons_met"),
    (Kind::Project, "sources that do not add up", |d| d["budget"] = json!(9_000_000), "fund_sum at funds"),
    (Kind::Project, "more arrived than there is", |d| d["arrived"] = json!(5_000_000), "money_order at arrived"),
    (Kind::Application, "more paid than approved", paid_too_much, "paid_over_approved at amount_paid"),
];

fn paid_too_much(draft: &mut Value) {
    for (field, value) in [
        ("stage", json!("paid")),
        ("step", json!("已发放")),
        ("applied_on", json!("2026-03-01")),
        ("approved_on", json!("2026-04-01")),
        ("paid_on", json!("2026-05-01")),
        ("amount_applied", json!(1_000_000)),
        ("amount_approved", json!(1_000_000)),
        ("amount_paid", json!(1_000_001)),
    ] {
        draft[field] = value;
    }
}

#[test]
fn a_soft_rule_warns_and_is_kept_with_its_reason() {
    for (kind, what, typed, expected) in SOFT {
        let mut desk = Desk::new();
        let mut draft = desk.draft(*kind);
        typed(&mut draft);
        let before = desk.total(*kind);
        let findings = match desk.save(*kind, None, draft.clone(), vec![]) {
            Err(Error::NeedsReason(findings)) => findings,
            other => panic!("{kind:?}, {what}: {other:?}"),
        };
        assert!(found(&findings).iter().any(|found| found == expected), "{kind:?}, {what}: {:?}", found(&findings));
        assert_eq!(desk.total(*kind), before, "{kind:?}, {what}: not stored without a reason");
        let keep = |reason: &str| -> Vec<Kept> {
            let kept = |finding: &zhucun_core::Finding| Kept {
                code: finding.code.clone(),
                field: finding.field.clone(),
                reason: reason.into(),
            };
            findings.iter().map(kept).collect()
        };
        assert!(desk.save(*kind, None, draft.clone(), keep(" ")).is_err(), "{kind:?}, {what}: blank is no reason");
        let id = desk.save(*kind, None, draft, keep("已与本人核对")).unwrap();
        assert_eq!(desk.total(*kind), before + 1);
        desk.change(*kind, id, |_| {}).unwrap_or_else(|error| panic!("{kind:?}, {what}: asked again for the same: {error}"));
    }
}
