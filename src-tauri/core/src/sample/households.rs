//! 户 and 家庭成员 of the sample: the table of households joined with those of their people and incomes.

use std::collections::HashMap;

use super::people::identify;
use super::table::{Line, Table, day};
use super::{Family, Sample};
use crate::error::Result;
use crate::records::Record;
use crate::records::household::{Household, HouseholdIncome, HouseholdRisk, HouseholdType, HousingLevel, Member};
use crate::storage::{Kept, TextList};
use crate::value::{Fen, Sex};

const HOUSEHOLDS: &str = include_str!("data/households.txt");
const MEMBERS: &str = include_str!("data/members.txt");
const INCOMES: &str = include_str!("data/incomes.txt");

/// Year of the incomes.
const INCOME_YEAR: i64 = 2025;

/// Puts in the households.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    let mut members: HashMap<&str, Vec<Member>> = HashMap::new();
    for (nth, line) in Table::read(MEMBERS).lines().enumerate() {
        members.entry(line.text("household")?).or_default().push(member(&line, nth)?);
    }
    let mut incomes = HashMap::new();
    for line in Table::read(INCOMES).lines() {
        incomes.insert(line.text("head")?, income(&line)?);
    }
    for line in Table::read(HOUSEHOLDS).lines() {
        let head = line.text("head")?;
        let blank = Household::blank(**sample.tx, super::TODAY)?;
        let household = Household {
            members: members.remove(head).unwrap_or_default(),
            incomes: incomes.remove(head).into_iter().collect(),
            helper_id: Some(sample.colleague(line.text("helper")?)?),
            ..household(&line, blank)?
        };
        let id = sample.tx.add(household, &kept(&line)?)?;
        let stored = sample.tx.get::<Household>(id)?.draft;
        let members = stored.members.into_iter().filter_map(|member| Some((member.name, member.id?))).collect();
        sample.families.insert(head.to_owned(), Family { id, members });
    }
    Ok(())
}

fn household(line: &Line<'_>, blank: Household) -> Result<Household> {
    let cleared = line.day_if("cleared")?;
    let hamlet = line.string("hamlet")?;
    Ok(Household {
        ext_no: line.string("no")?,
        address: format!("石门村{hamlet}"),
        hamlet,
        phone: line.string("phone")?,
        poverty_exit_year: line.number_if("exit")?,
        identified_on: line.day_if("identified")?,
        risk_cleared_on: cleared,
        clear_mode: if cleared.is_some() { "aid".to_owned() } else { String::new() },
        helper_unit: "云岭县茶产业服务中心".to_owned(),
        housing_level: match line.text("housing")? {
            "a" => HousingLevel::A,
            "b" => HousingLevel::B,
            "c" => HousingLevel::C,
            "d" => HousingLevel::D,
            _ => HousingLevel::Unknown,
        },
        water_safe: Some(true),
        toilet: Some(true),
        road: Some(true),
        power: Some(true),
        broadcast: Some(true),
        sensitive: line.yes_if("sensitive")?.unwrap_or(false),
        note: line.string("note")?,
        types: line.list("types")?.into_iter().map(household_type).collect::<Result<_>>()?,
        risks: line.list("risks")?.into_iter().map(|code| HouseholdRisk { code: code.to_owned() }).collect(),
        ..blank
    })
}

/// A type with its days: `dibao@2021-01-01@2026-03-31`.
fn household_type(text: &str) -> Result<HouseholdType> {
    let mut parts = text.split('@');
    let code = parts.next().unwrap_or_default().to_owned();
    Ok(HouseholdType { code, from_day: parts.next().map(day).transpose()?, to_day: parts.next().map(day).transpose()? })
}

/// A warning that is kept, with its reason: `code@field@reason`.
fn kept(line: &Line<'_>) -> Result<Vec<Kept>> {
    let mut parts = line.text("keep")?.split('@').map(str::to_owned);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(code), Some(field), Some(reason)) => Ok(vec![Kept { code, field, reason }]),
        _ => Ok(Vec::new()),
    }
}

fn income(line: &Line<'_>) -> Result<HouseholdIncome> {
    let yuan = |column: &str| line.number(column).map(Fen::yuan);
    Ok(HouseholdIncome {
        year: INCOME_YEAR,
        wage: yuan("wage")?,
        business: yuan("business")?,
        property: yuan("property")?,
        dibao: yuan("dibao")?,
        tekun: yuan("tekun")?,
        pension: yuan("pension")?,
        ecology: yuan("ecology")?,
        family_planning: Fen::ZERO,
        other_transfer: yuan("other")?,
        expense: yuan("expense")?,
    })
}

fn member(line: &Line<'_>, nth: usize) -> Result<Member> {
    let mut member = Member::named(line.text("name")?, line.text("relation")?);
    let sex = if line.text("sex")? == "m" { Sex::Male } else { Sex::Female };
    identify(&mut member, line.day("birth")?, sex, nth);
    member.ext_no = format!("99010100{nth:04}");
    member.ethnicity = line.string("ethnicity")?;
    member.politics = line.string("politics")?;
    member.education = line.string("education")?;
    member.student_status = line.string("student")?;
    member.school = line.string("school")?;
    member.grade = line.string("grade")?;
    member.health = TextList(vec![line.string("health")?]);
    member.labour = line.string("labour")?;
    member.insured_medical = Some(true);
    member.insured_major_illness = Some(true);
    member.phone = line.string("phone")?;
    member.mandarin = line.yes_if("mandarin")?;
    member.status = line.string("status")?;
    member.status_on = line.day_if("since")?;
    work(&mut member, line)?;
    Ok(member)
}

fn work(member: &mut Member, line: &Line<'_>) -> Result<()> {
    member.work_area = line.string("area")?;
    member.work_from = line.day_if("from")?;
    member.work_to = line.day_if("to")?;
    member.work_months = line.number_if("months")?;
    member.employer = line.string("employer")?;
    member.industry = line.string("industry")?;
    member.work_income = line.yuan_if("income")?;
    Ok(())
}
