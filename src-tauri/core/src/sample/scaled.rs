//! Ledgers of any size for measuring: the sample's names and texts over and over, the same each time.

use std::path::Path;

use chrono::{Days, NaiveDate};

use super::people::{NO_PHONE, account, identify};
use super::team::{self, HAMLETS};
use super::{SOURCE, Sample, TODAY};
use crate::error::Result;
use crate::records::Record;
use crate::records::application::{Application, ApplicationStep};
use crate::records::household::{HEAD, Household, HouseholdIncome, HouseholdType, Member};
use crate::records::programme::{Programme, Stage};
use crate::records::project::{Project, ProjectFund, ProjectMilestone, ProjectPayment, ProjectProgress};
use crate::records::village::{Hamlet, Village};
use crate::records::visit::{Visit, VisitHousehold, VisitMode, VisitPurpose, VisitVisitor};
use crate::setup::create_filled;
use crate::storage::{Ledger, Op, Stored};
use crate::value::{Fen, Id, Sex};
use crate::world::FixedWorld;

/// How large a ledger is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// 村, at least the sample's own.
    pub villages: usize,
    /// 户, of four members each, spread over the villages.
    pub households: usize,
    /// 走访, over the year before the sample's day.
    pub visits: usize,
    /// 申报.
    pub applications: usize,
    /// 项目.
    pub projects: usize,
}

const SURNAMES: [&str; 11] = ["韦", "石", "潘", "蒙", "覃", "罗", "莫", "陆", "黄", "梁", "卢"];
const GIVEN: [&str; 13] =
    ["建山", "有田", "秀英", "桂花", "志强", "晓燕", "国栋", "树林", "春梅", "子轩", "雨桐", "海燕", "德胜"];
const CONTENTS: [&str; 5] = [
    "入户走访，吃穿不愁，茶叶长势正常，没有困难要反映。",
    "核对帮扶手册，收入页和成员页更新到本月，签名齐全。",
    "讲医保参保和异地就医备案，帮在手机上办好。",
    "查看屋后排水沟和用电线路，提醒雨天注意安全。",
    "电话了解在外务工情况，上班稳定，工资按月发。",
];
const PURPOSES: [&str; 5] = ["routine", "handbook", "policy", "hazard", "routine"];

/// Makes a ledger of the wanted size, in one operation.
pub fn create_scaled(path: &Path, scale: Scale) -> Result<Ledger> {
    create_filled(path, Box::new(FixedWorld::on(TODAY)), None, Op::Sample, |tx| {
        tx.set_source(SOURCE);
        let mut sample = Sample::new(tx);
        team::add(&mut sample)?;
        let villages = add_villages(&mut sample, scale.villages)?;
        let homes = (0..scale.households).map(|nth| add_household(&mut sample, &villages, nth)).collect::<Result<Vec<_>>>()?;
        // Without households there is nobody to visit or to apply.
        if !homes.is_empty() {
            (0..scale.visits).try_for_each(|nth| add_visit(&mut sample, &homes, nth))?;
            add_applications(&mut sample, &homes, scale.applications)?;
        }
        (0..scale.projects).try_for_each(|nth| add_project(&mut sample, &villages, nth))
    })
}

/// A household, and its head to apply for things.
type Home = (Id, Option<Id>);

fn pick<'a>(words: &[&'a str], nth: usize) -> &'a str {
    words.get(nth % words.len().max(1)).copied().unwrap_or_default()
}

fn days_ago(days: usize) -> NaiveDate {
    u64::try_from(days).ok().and_then(|days| TODAY.checked_sub_days(Days::new(days))).unwrap_or(TODAY)
}

/// The sample's village and more beside it.
fn add_villages(sample: &mut Sample<'_, '_>, wanted: usize) -> Result<Vec<Id>> {
    let mut villages: Vec<Id> = sample.tx.all::<Village>()?.into_iter().map(|village| village.id).collect();
    for nth in villages.len()..wanted {
        let name = format!("{}{}村", pick(&SURNAMES, nth), pick(&["坪", "冲", "坳", "塘"], nth / SURNAMES.len()));
        let hamlets = HAMLETS.iter().map(|name| Hamlet { name: (*name).to_owned() }).collect();
        let village = Village { name, hamlets, ..Village::blank(**sample.tx, TODAY)? };
        villages.push(sample.tx.add(village, &[])?);
    }
    Ok(villages)
}

/// The village whose turn it is.
fn village(villages: &[Id], nth: usize) -> Id {
    villages.get(nth % villages.len().max(1)).copied().unwrap_or_default()
}

fn add_household(sample: &mut Sample<'_, '_>, villages: &[Id], nth: usize) -> Result<Home> {
    let people = [(HEAD, 46, Sex::Male), ("spouse", 43, Sex::Female), ("son", 21, Sex::Male), ("mother", 70, Sex::Female)];
    let members = people.into_iter().enumerate().map(|(at, (relation, age, sex))| person(nth, at, relation, age, sex));
    let lifted = nth.is_multiple_of(8);
    let household = Household {
        village_id: village(villages, nth),
        hamlet: pick(&HAMLETS, nth).to_owned(),
        ext_no: format!("990101{nth:06}"),
        address: format!("石门村{}{}号", pick(&HAMLETS, nth), nth + 1),
        phone: format!("{NO_PHONE}{:04}", nth % 10_000),
        poverty_exit_year: lifted.then_some(2018),
        types: vec![HouseholdType { code: if lifted { "lifted" } else { "general" }.to_owned(), from_day: None, to_day: None }],
        incomes: vec![income(nth)],
        members: members.collect(),
        ..Household::blank(**sample.tx, TODAY)?
    };
    let id = sample.tx.add(household, &[])?;
    Ok((id, sample.tx.get::<Household>(id)?.draft.head().and_then(|head| head.id)))
}

fn person(household: usize, at: usize, relation: &str, age: usize, sex: Sex) -> Member {
    let nth = household * 4 + at;
    let name = format!("{}{}", pick(&SURNAMES, household + at / 3), pick(&GIVEN, nth + household));
    let mut member = Member::named(name, relation);
    // Five hundred numbers a day, then the day before.
    identify(&mut member, days_ago(age * 366 + nth / 500), sex, nth);
    member.ethnicity = "壮族".to_owned();
    member.politics = "masses".to_owned();
    member.mandarin = Some(age < 65);
    member
}

fn income(nth: usize) -> HouseholdIncome {
    let yuan = |base: usize| Fen::yuan(i64::try_from(base + nth % 97 * 100).unwrap_or_default());
    HouseholdIncome {
        year: 2025,
        wage: yuan(32_000),
        business: yuan(9_000),
        property: Fen::ZERO,
        dibao: Fen::ZERO,
        tekun: Fen::ZERO,
        pension: Fen::yuan(2160),
        ecology: Fen::yuan(480),
        family_planning: Fen::ZERO,
        other_transfer: Fen::ZERO,
        expense: Fen::yuan(2_400),
    }
}

fn add_visit(sample: &mut Sample<'_, '_>, homes: &[Home], nth: usize) -> Result<()> {
    let household_ids = homes.get(nth * 7 % homes.len().max(1)).map(|(id, _)| VisitHousehold { household_id: *id });
    let phone = nth % 5 == 4;
    let visitor = pick(&["罗启明", "覃晓岚", "潘志成", "莫正华"], nth);
    let visit = Visit {
        day: days_ago(nth % 365),
        mode: if phone { VisitMode::Phone } else { VisitMode::InPerson },
        content: pick(&CONTENTS, nth).to_owned(),
        problem: if nth % 50 == 49 { "雨天屋面渗水，需要查看".to_owned() } else { String::new() },
        household_ids: household_ids.into_iter().collect(),
        visitor_ids: vec![VisitVisitor { team_member_id: sample.colleague(visitor)? }],
        purposes: vec![VisitPurpose { code: pick(&PURPOSES, nth).to_owned() }],
        ..Visit::blank(**sample.tx, TODAY)?
    };
    sample.tx.add(visit, &[])?;
    Ok(())
}

/// One application a household and year, each programme in its turn.
fn add_applications(sample: &mut Sample<'_, '_>, homes: &[Home], wanted: usize) -> Result<()> {
    let mut programmes = sample.tx.all::<Programme>()?;
    programmes.retain(|programme| programme.draft.terms.0.is_empty());
    let everybody = (0..).flat_map(|years_ago| homes.iter().map(move |home| (years_ago, home)));
    for (nth, ((years_ago, home), programme)) in everybody.zip(programmes.iter().cycle()).enumerate().take(wanted) {
        sample.tx.add(application(nth, years_ago, home, programme), &[])?;
    }
    Ok(())
}

fn application(nth: usize, years_ago: i64, home: &Home, programme: &Stored<Programme>) -> Application {
    let paid_on = days_ago(nth % 60);
    let applied_on = days_ago(nth % 60 + 90);
    let amount = Some(Fen::yuan(600));
    Application {
        programme_id: programme.id,
        year: 2026 - years_ago,
        term: String::new(),
        batch: format!("第{}批", nth % 3 + 1),
        household_id: home.0,
        member_id: home.1.filter(|_| !programme.draft.per_household),
        quantity: Some(100),
        applied_on: Some(applied_on),
        approved_on: Some(paid_on),
        paid_on: Some(paid_on),
        amount_applied: amount,
        amount_approved: amount,
        amount_paid: amount,
        documents_ready: programme.draft.documents.clone(),
        notice_from: None,
        notice_to: None,
        payee_name: String::new(),
        payee_bank: "青坪信用社".to_owned(),
        payee_account: account(nth),
        step: "已发放".to_owned(),
        stage: Stage::Paid,
        reason: String::new(),
        note: String::new(),
        history: [("收集材料", applied_on), ("已发放", paid_on)]
            .map(|(step, day)| ApplicationStep { day, step: step.to_owned(), actor: String::new(), note: String::new() })
            .to_vec(),
    }
}

fn add_project(sample: &mut Sample<'_, '_>, villages: &[Id], nth: usize) -> Result<()> {
    let milestone = |code: &str, ago: usize| ProjectMilestone {
        code: code.to_owned(),
        planned: Some(days_ago(ago)),
        actual: Some(days_ago(ago)),
        document_no: String::new(),
        note: String::new(),
    };
    let payment =
        ProjectPayment { day: days_ago(30), amount: Fen::yuan(50_000), payee: "施工队".to_owned(), voucher: String::new() };
    let project = Project {
        village_id: village(villages, nth),
        name: format!("{}第{}期道路硬化项目", pick(&HAMLETS, nth), nth / HAMLETS.len() + 1),
        category: "infrastructure".to_owned(),
        place: pick(&HAMLETS, nth).to_owned(),
        budget: Some(Fen::yuan(100_000)),
        paid: Some(Fen::yuan(50_000)),
        funds: vec![ProjectFund { source: "county".to_owned(), amount: Fen::yuan(100_000), note: String::new() }],
        payments: vec![payment],
        progress: vec![ProjectProgress { day: days_ago(20), progress: 5000, note: String::new() }],
        milestones: vec![milestone("approved", 120), milestone("started", 60)],
        ..Project::blank(**sample.tx, TODAY)?
    };
    sample.tx.add(project, &[])?;
    Ok(())
}
