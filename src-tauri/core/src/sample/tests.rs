//! What the sample promises, counted from its records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::people::{NO_BANK, NO_PHONE, NO_REGION};
use super::*;
use crate::records::activity::Activity;
use crate::records::application::Application;
use crate::records::dictionary_item::DictionaryItem;
use crate::records::household::Household;
use crate::records::issue::{Issue, IssueStatus};
use crate::records::plan::Plan;
use crate::records::programme::{Programme, Stage};
use crate::records::project::Project;
use crate::records::team_member::TeamMember;
use crate::records::visit::{Visit, VisitMode};
use crate::records::{Kind, Record, for_each_kind};
use crate::storage::Stored;
use crate::value::{Fen, IdNumber, Period, is_phone};

struct Made {
    ledger: Ledger,
    _folder: tempfile::TempDir,
}

fn made() -> Made {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = create_sample(&folder.path().join("示例.zcj")).expect("the sample");
    Made { ledger, _folder: folder }
}

impl Made {
    fn all<R: Record>(&self) -> Vec<Stored<R>> {
        self.ledger.store().all().expect("records")
    }

    fn applications(&self, programme: &str, year: i64) -> Vec<Application> {
        let found = self.all::<Programme>().into_iter().find(|p| p.draft.code == programme).expect("a programme");
        let all = self.all::<Application>().into_iter().map(|a| a.draft);
        all.filter(|a| a.programme_id == found.id && a.year == year && a.stage != Stage::Withdrawn).collect()
    }

    fn project(&self, source: &str) -> Project {
        let found = self.all::<Project>().into_iter().find(|p| p.draft.fund(source) > Fen::ZERO);
        found.expect("a project").draft
    }

    fn activities(&self, type_code: &str) -> Vec<Activity> {
        let all = self.all::<Activity>().into_iter().map(|a| a.draft);
        all.filter(|a| a.type_code == type_code && in_half(a.day)).collect()
    }
}

/// Everything in the ledger, as JSON.
fn dump(ledger: &Ledger) -> BTreeMap<Kind, serde_json::Value> {
    let kinds = Kind::ALL.iter().map(|kind| {
        let records =
            for_each_kind!(*kind, R => serde_json::to_value(ledger.store().all::<R>().expect("records")).expect("JSON"));
        (*kind, records)
    });
    kinds.collect()
}

fn in_half(day: NaiveDate) -> bool {
    Period::parse("2026H1").expect("a period").contains(day)
}

fn sum(fens: impl Iterator<Item = Option<Fen>>) -> Fen {
    fens.flatten().sum()
}

#[test]
fn two_samples_are_equal() {
    assert_eq!(dump(&made().ledger), dump(&made().ledger));
}

#[test]
fn the_sample_opens_with_nothing_to_undo_and_can_be_opened_again() {
    let Made { ledger, _folder } = made();
    assert_eq!(ledger.undo_state().undo, None);
    let path = ledger.path().to_owned();
    drop(ledger);
    let again = Ledger::open(&path, Box::new(FixedWorld::on(TODAY))).expect("the ledger");
    assert_eq!(again.store().all::<Household>().expect("records").len(), 60);
}

#[test]
fn an_existing_file_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("我的.zcj");
    std::fs::write(&path, "别人的文件").expect("a file");
    assert!(matches!(create_sample(&path), Err(Error::LedgerExists)));
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), "别人的文件");
}

#[test]
fn households_are_of_the_wanted_types() {
    let made = made();
    let mut by_type: BTreeMap<String, usize> = BTreeMap::new();
    let households = made.all::<Household>();
    for household in &households {
        for code in household.draft.types_on(TODAY) {
            *by_type.entry(code.to_owned()).or_default() += 1;
        }
    }
    let of = |code: &str| by_type.get(code).copied().unwrap_or_default();
    assert_eq!((households.len(), of("lifted")), (60, 38));
    assert_eq!((of("unstable_lifted"), of("marginal_at_risk"), of("sudden_hardship")), (2, 3, 1));
    assert_eq!((of("dibao"), of("tekun_scattered"), of("disabled"), of("relocated")), (10, 3, 6, 1));
    assert_eq!(households.iter().filter(|h| h.draft.risk_cleared_on.is_some_and(in_half)).count(), 1);
    assert_eq!(households.iter().map(|h| h.draft.persons_on(TODAY)).sum::<usize>(), 253);
    assert!(households.iter().all(|h| h.draft.incomes.iter().all(|income| income.net() > Fen::ZERO)));
}

#[test]
fn coverage_adds_up_to_the_target_list() {
    let made = made();
    let targets: BTreeSet<Id> = made
        .all::<Household>()
        .into_iter()
        .filter(|h| h.draft.types_on(TODAY).any(|t| ["lifted", "marginal_at_risk", "sudden_hardship"].contains(&t)))
        .map(|h| h.id)
        .collect();
    let mut best: HashMap<Id, VisitMode> = HashMap::new();
    let visits: Vec<_> = made.all::<Visit>().into_iter().map(|v| v.draft).filter(|v| in_half(v.day)).collect();
    for visit in &visits {
        for household in visit.household_ids.iter().filter(|h| targets.contains(&h.household_id)) {
            let mode = best.entry(household.household_id).or_insert(visit.mode);
            *mode = (*mode).min(visit.mode);
        }
    }
    let class = |mode| best.values().filter(|best| **best == mode).count();
    assert_eq!(visits.len(), 140);
    assert_eq!((targets.len(), class(VisitMode::InPerson), class(VisitMode::Phone)), (42, 35, 4));
    assert_eq!((class(VisitMode::Video), class(VisitMode::NotReached), targets.len() - best.len()), (1, 1, 1));
}

#[test]
fn eleven_households_were_given_presents_before_the_spring_festival() {
    let made = made();
    let of_purpose = |v: &Visit| v.purposes.iter().any(|p| p.code == "condolence");
    let visits = made.all::<Visit>().into_iter().map(|v| v.draft).filter(|v| of_purpose(v) && in_half(v.day));
    let visits: Vec<_> = visits.collect();
    let festival = NaiveDate::from_ymd_opt(2026, 2, 17).expect("a day");
    assert!(visits.iter().all(|v| v.day < festival && v.mode == VisitMode::InPerson && v.gift.contains("大米")));
    let times: Vec<_> = visits.iter().flat_map(|v| &v.household_ids).map(|h| h.household_id).collect();
    assert_eq!((times.len(), times.iter().collect::<BTreeSet<_>>().len()), (11, 11));
    assert_eq!(sum(visits.iter().map(|v| v.gift_fen)), Fen::yuan(3300));
}

#[test]
fn applications_add_up() {
    let made = made();
    let counted = |programme: &str| {
        let list = made.applications(programme, 2026);
        assert!(list.iter().all(|a| a.applied_on.is_some_and(in_half)), "{programme}");
        let households = list.iter().map(|a| a.household_id).collect::<BTreeSet<_>>().len();
        let yuan = |fen: fn(&Application) -> Option<Fen>| sum(list.iter().map(fen)).0 / 100;
        (list.len(), households, yuan(|a| a.amount_applied), yuan(|a| a.amount_approved), yuan(|a| a.amount_paid))
    };
    assert_eq!(counted("yulu"), (9, 9, 13_500, 10_500, 7_500));
    assert_eq!(counted("migrant_work"), (46, 28, 19_400, 16_500, 12_200));
    assert_eq!(counted("industry_reward"), (18, 18, 22_860, 12_870, 0));
    assert_eq!(counted("housing"), (21, 21, 300_000, 300_000, 105_000));
    assert_eq!(counted("temporary_relief"), (3, 3, 14_000, 8_000, 8_000));
    assert!(made.applications("housing", 2026).iter().all(|a| a.stage.is_approved()));
    assert_eq!(made.applications("yulu", 2025).len(), 7);
}

#[test]
fn projects_stand_where_the_report_says() {
    let made = made();
    let own = made.project("first_secretary");
    assert_eq!((own.budget, own.paid, own.sub_works.len()), (Some(Fen::yuan(100_000)), Some(Fen::yuan(100_000)), 2));
    assert_eq!(sum(own.sub_works.iter().map(|work| work.amount)), Fen::yuan(100_000));
    assert!(own.sub_works.iter().all(|work| work.completed_on.is_some_and(in_half)) && own.completed_by(TODAY));
    let support = made.project("support_unit");
    assert_eq!((support.fund("support_unit"), support.contract_amount), (Fen::yuan(130_000), Some(Fen::yuan(130_000))));
    assert_eq!(support.reached_by("signed", TODAY), NaiveDate::from_ymd_opt(2026, 5, 20));
    assert!(support.support_unit_id.is_some());
    let tea = made.project("east_west");
    assert!(tea.reached_by("sited", TODAY).is_some() && tea.reached_by("designed", TODAY).is_none());
    assert_eq!((tea.budget, tea.paid, tea.paid_by(TODAY)), (Some(Fen::yuan(800_000)), None, Fen::ZERO));
    let water = made.project("central");
    assert_eq!((water.progress_by(TODAY), water.paid_by(TODAY)), (Some(6500), Fen::yuan(180_000)));
}

#[test]
fn issues_are_in_every_state() {
    let made = made();
    let issues: Vec<_> = made.all::<Issue>().into_iter().map(|i| i.draft).collect();
    let raised: Vec<_> = issues.iter().filter(|i| in_half(i.raised_on)).collect();
    let of = |status| raised.iter().filter(|i| i.status == status).count();
    assert_eq!((issues.len(), raised.len()), (14, 12));
    assert_eq!((of(IssueStatus::Closed), of(IssueStatus::Solved)), (6, 2));
    assert_eq!((of(IssueStatus::Handling), of(IssueStatus::Open)), (3, 1));
    let overdue = raised.iter().filter(|i| !i.status.is_done() && i.due_on.is_some_and(|due| due < TODAY));
    assert_eq!(overdue.count(), 1);
    assert_eq!(raised.iter().filter(|i| i.visit_id.is_some()).count(), 7);
}

#[test]
fn activities_carry_their_counters() {
    let made = made();
    let total = |type_code: &str, subject: &str, unit: &str| -> i64 {
        let list = made.activities(type_code);
        let counters = list.iter().flat_map(|a| &a.counters).filter(|c| c.subject == subject && c.unit == unit);
        counters.map(|c| c.count).sum()
    };
    assert_eq!((total("news", "", "篇"), made.activities("news").len()), (3, 3));
    assert!(made.activities("news").iter().all(|a| !a.outlet.is_empty()));
    assert_eq!(total("consumption_aid", "田螺", "斤"), 5000);
    assert!(made.activities("consumption_aid").iter().all(|a| a.approximate));
    assert_eq!((total("culture", "", "场"), total("care", "", "人"), total("care", "", "元")), (1, 9, 9000));
    assert_eq!((total("training", "", "期"), total("training", "", "人次"), total("handbook", "", "本")), (2, 100, 42));
    assert_eq!((total("sanitation", "", "次"), total("duty", "", "天"), total("publicity", "", "份")), (5, 12, 670));
}

#[test]
fn the_half_year_before_is_there_and_stays_apart() {
    let made = made();
    let before = |days: Vec<NaiveDate>| days.into_iter().filter(|day| !in_half(*day)).count();
    assert_eq!(before(made.all::<Visit>().into_iter().map(|v| v.draft.day).collect()), 8);
    assert_eq!(before(made.all::<Activity>().into_iter().map(|a| a.draft.day).collect()), 7);
    assert_eq!(made.all::<Plan>().iter().filter(|p| p.draft.period == "2026H2").count(), 6);
}

/// The rules check a category only where a record is stored; this checks what is stored.
#[test]
fn every_category_is_in_the_dictionary() {
    let made = made();
    let known: BTreeSet<_> = made.all::<DictionaryItem>().into_iter().map(|d| (d.draft.dictionary, d.draft.code)).collect();
    let check = |dictionary: &str, code: &str| {
        assert!(code.is_empty() || known.contains(&(dictionary.to_owned(), code.to_owned())), "{dictionary} {code}");
    };
    for household in made.all::<Household>() {
        household.draft.types.iter().for_each(|t| check("household_type", &t.code));
        household.draft.risks.iter().for_each(|r| check("risk_type", &r.code));
        for member in &household.draft.members {
            check("relation", &member.relation);
            check("student_status", &member.student_status);
            check("work_area", &member.work_area);
            check("labour", &member.labour);
            member.health.0.iter().for_each(|code| check("health", code));
        }
    }
    for visit in made.all::<Visit>() {
        visit.draft.purposes.iter().for_each(|p| check("visit_purpose", &p.code));
    }
    for issue in made.all::<Issue>() {
        check("issue_type", &issue.draft.type_code);
        check("issue_source", &issue.draft.source);
    }
    for project in made.all::<Project>() {
        project.draft.funds.iter().for_each(|f| check("fund_source", &f.source));
        project.draft.milestones.iter().for_each(|m| check("milestone", &m.code));
    }
    made.all::<Activity>().iter().for_each(|a| check("activity_type", &a.draft.type_code));
}

#[test]
fn nobody_in_it_can_be_a_real_person() {
    let made = made();
    let mut phones: Vec<String> = made.all::<TeamMember>().into_iter().map(|m| m.draft.phone).collect();
    let mut seen = BTreeSet::new();
    for household in made.all::<Household>() {
        phones.push(household.draft.phone);
        for member in household.draft.members {
            let number = IdNumber::parse(&member.id_number, TODAY).expect("an ID number");
            assert!(number.check_digit_fits() && number.as_str().starts_with(NO_REGION));
            assert!(seen.insert(member.id_number), "the same ID number twice");
            phones.push(member.phone);
        }
    }
    for phone in phones.iter().filter(|phone| !phone.is_empty()) {
        assert!(phone.starts_with(NO_PHONE) && is_phone(phone), "{phone}");
    }
    assert!(made.all::<Application>().iter().all(|a| a.draft.payee_account.starts_with(NO_BANK)));
}

#[test]
fn a_scaled_ledger_has_the_wanted_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let scale = Scale { villages: 1, households: 120, visits: 200, applications: 150, projects: 7 };
    let make = |name: &str| create_scaled(&folder.path().join(name), scale).expect("a ledger");
    let ledger = make("一.zcj");
    let store = ledger.store();
    assert_eq!(store.all::<Household>().expect("records").len(), 120);
    assert_eq!(store.all::<Visit>().expect("records").len(), 200);
    assert_eq!(store.all::<Application>().expect("records").len(), 150);
    assert_eq!(store.all::<Project>().expect("records").len(), 7);
    assert_eq!(dump(&ledger), dump(&make("二.zcj")));
}
