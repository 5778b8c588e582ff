//! 工作队、后盾单位、村、考勤 and 计划 of the sample.

use std::collections::HashMap;

use super::Sample;
use super::people::NO_PHONE;
use super::table::{Table, day};
use crate::error::Result;
use crate::records::attendance::Attendance;
use crate::records::indicator::{BaseKind, Indicator};
use crate::records::plan::{Plan, PlanStatus};
use crate::records::support_unit::SupportUnit;
use crate::records::team::Team;
use crate::records::team_member::TeamMember;
use crate::records::village::{Hamlet, Village, VillageYear};
use crate::value::{Fen, Id};

const ATTENDANCE: &str = include_str!("data/attendance.txt");
const INDICATORS: &str = include_str!("data/indicators.txt");
const PLANS: &str = include_str!("data/plans.txt");

pub(super) const COUNTY: &str = "云岭县";
pub(super) const TOWNSHIP: &str = "青坪乡";
pub(super) const HAMLETS: [&str; 6] = ["上屯", "下屯", "木楼屯", "岩口屯", "枫树屯", "大冲屯"];

/// 后盾单位: name and contact.
const UNITS: [(&str, &str); 2] = [("云岭县茶产业服务中心", "陆思源"), ("东湾市海角边检站", "方海平")];

/// 队员: name, role, unit that sent them, group, duty, politics.
const MEMBERS: [(&str, &str, usize, &str, &str, &str); 4] = [
    ("罗启明", "first_secretary", 0, "综合组", "主持全面工作，负责党建和项目", "member"),
    ("覃晓岚", "member", 0, "综合组", "负责监测帮扶、补贴申报和信息宣传", "member"),
    ("潘志成", "member", 1, "产业组", "负责产业发展、培训和消费帮扶", "member"),
    ("莫正华", "member", 0, "治理组", "负责基层治理、环境整治和安全", "masses"),
];

/// Puts in the team with its units and attendance, and the village.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    let team = Team {
        name: "青坪乡石门村驻村工作队".to_owned(),
        county: COUNTY.to_owned(),
        township: TOWNSHIP.to_owned(),
        addressee: "青坪乡党委、政府".to_owned(),
        note: "示例台账，人名、地名、数字均为虚构".to_owned(),
        ..Team::default()
    };
    sample.tx.add(team, &[])?;
    for (nth, (name, contact)) in UNITS.into_iter().enumerate() {
        let unit = SupportUnit {
            name: name.to_owned(),
            contact: contact.to_owned(),
            phone: format!("{NO_PHONE}{:04}", 9001 + nth),
            note: String::new(),
        };
        let id = sample.tx.add(unit, &[])?;
        sample.units.insert(name.to_owned(), id);
    }
    sample.village = sample.tx.add(village()?, &[])?;
    add_members(sample)?;
    add_attendance(sample)
}

fn village() -> Result<Village> {
    Ok(Village {
        county: COUNTY.to_owned(),
        township: TOWNSHIP.to_owned(),
        name: "石门村".to_owned(),
        code: "990101101201".to_owned(),
        summary: "石门村距乡政府18公里，属石山区，村民多为壮族、侗族、苗族，主要种植茶叶、油茶、八角，青壮年多外出务工。"
            .to_owned(),
        hamlets: HAMLETS.iter().map(|name| Hamlet { name: (*name).to_owned() }).collect(),
        years: vec![
            VillageYear {
                year: 2025,
                as_of: day("2025-12-31")?,
                households: Some(320),
                population: Some(1281),
                resident_population: Some(735),
                party_members: Some(40),
                farmland: Some(112_650),
                forest: Some(865_000),
                collective_income: Some(Fen::yuan(126_000)),
                per_capita_income: Some(Fen::yuan(11_860)),
            },
            VillageYear {
                year: 2026,
                as_of: day("2026-06-20")?,
                households: Some(321),
                population: Some(1284),
                resident_population: Some(742),
                party_members: Some(41),
                farmland: Some(112_650),
                forest: Some(865_000),
                collective_income: None,
                per_capita_income: None,
            },
        ],
        ..Village::default()
    })
}

fn add_members(sample: &mut Sample<'_, '_>) -> Result<()> {
    for (nth, (name, role, unit, group, duty, politics)) in MEMBERS.into_iter().enumerate() {
        let member = TeamMember {
            name: name.to_owned(),
            role: role.to_owned(),
            village_id: Some(sample.village),
            support_unit_id: UNITS.get(unit).and_then(|(name, _)| sample.units.get(*name)).copied(),
            group_name: group.to_owned(),
            duty: duty.to_owned(),
            phone: format!("{NO_PHONE}{:04}", 9101 + nth),
            politics: politics.to_owned(),
            from_day: Some(day("2025-05-12")?),
            to_day: Some(day("2027-05-11")?),
        };
        let id = sample.tx.add(member, &[])?;
        sample.team.insert(name.to_owned(), id);
    }
    Ok(())
}

fn add_attendance(sample: &mut Sample<'_, '_>) -> Result<()> {
    for line in Table::read(ATTENDANCE).lines() {
        let attendance = Attendance {
            team_member_id: sample.colleague(line.text("member")?)?,
            month: line.string("month")?,
            on_duty: line.number("on_duty")?,
            leave: line.number("leave")?,
            trip: line.number("trip")?,
            note: line.string("note")?,
        };
        sample.tx.add(attendance, &[])?;
    }
    Ok(())
}

/// Puts in the plans.
pub(super) fn add_plans(sample: &mut Sample<'_, '_>) -> Result<()> {
    let mut added: HashMap<String, Id> = HashMap::new();
    for line in Table::read(PLANS).lines() {
        let plan = Plan {
            period: line.string("period")?,
            title: line.string("title")?,
            text: line.string("text")?,
            target: line.string("target")?,
            due_on: line.day_if("due")?,
            duty: line.string("duty")?,
            village_id: Some(sample.village),
            status: if line.text("status")? == "done" { PlanStatus::Done } else { PlanStatus::Open },
            indicator: line.string("indicator")?,
            result: line.string("result")?,
            carried_from: added.get(line.text("from")?).copied(),
        };
        let title = plan.title.clone();
        added.insert(title, sample.tx.add(plan, &[])?);
    }
    Ok(())
}

/// Puts in the indicators.
pub(super) fn add_indicators(sample: &mut Sample<'_, '_>) -> Result<()> {
    for line in Table::read(INDICATORS).lines() {
        let indicator = Indicator {
            category: line.string("category")?,
            name: line.string("name")?,
            unit: line.string("unit")?,
            period: line.string("period")?,
            village_id: Some(sample.village),
            planned: line.hundredths_if("planned")?,
            actual: line.hundredths_if("actual")?,
            base: line.hundredths_if("base")?,
            base_kind: match line.text("kind")? {
                "whole" => BaseKind::Whole,
                "year_end" => BaseKind::YearEnd,
                _ => BaseKind::LastYear,
            },
            note: String::new(),
        };
        sample.tx.add(indicator, &[])?;
    }
    Ok(())
}
