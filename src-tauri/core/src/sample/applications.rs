//! 补贴申报 of the sample. Days, step and stage follow from the way that an application went.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::Sample;
use super::people::account;
use super::table::{Line, Table, day};
use super::team::{COUNTY, TOWNSHIP};
use crate::error::Result;
use crate::records::application::{Application, ApplicationStep};
use crate::records::programme::{Programme, Stage};
use crate::storage::{Stored, TextList};

const APPLICATIONS: &str = include_str!("data/applications.txt");

/// Puts in the applications.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    let programmes: HashMap<String, Stored<Programme>> =
        sample.tx.all::<Programme>()?.into_iter().map(|programme| (programme.draft.code.clone(), programme)).collect();
    for (nth, line) in Table::read(APPLICATIONS).lines().enumerate() {
        let programme = super::known(&programmes, line.text("programme")?)?;
        let application = application(sample, &line, programme, nth)?;
        sample.tx.add(application, &[])?;
    }
    Ok(())
}

fn application(sample: &Sample<'_, '_>, line: &Line<'_>, programme: &Stored<Programme>, nth: usize) -> Result<Application> {
    let (head, member) = (line.text("household")?, line.text("member")?);
    let way = Way::read(line, &programme.draft)?;
    let notice_from = way.steps.iter().find(|(_, name, _)| name.contains("公示")).map(|(on, _, _)| *on);
    let notice_days = programme.draft.publicity_days.and_then(|days| u64::try_from(days).ok()).unwrap_or_default();
    let (step, stage) = way.last();
    let missing = if stage == Stage::Returned { "学籍证明" } else { "" };
    Ok(Application {
        programme_id: programme.id,
        year: line.number("year")?,
        term: line.string("term")?,
        batch: line.string("batch")?,
        household_id: sample.family(head)?.id,
        member_id: if member.is_empty() { None } else { Some(sample.person(head, member)?) },
        quantity: line.number_if("hundredths")?,
        applied_on: way.first(|stage| stage != Stage::Collecting),
        approved_on: way.first(Stage::is_approved),
        paid_on: way.first(|stage| stage == Stage::Paid),
        amount_applied: line.yuan_if("applied")?,
        amount_approved: line.yuan_if("approved")?,
        amount_paid: line.yuan_if("paid")?,
        documents_ready: TextList(programme.draft.documents.0.iter().filter(|name| *name != missing).cloned().collect()),
        notice_from,
        notice_to: notice_from.and_then(|from| from.checked_add_days(Days::new(notice_days))),
        payee_name: if member.is_empty() { head.to_owned() } else { member.to_owned() },
        payee_bank: "青坪信用社".to_owned(),
        payee_account: account(nth),
        step,
        stage,
        reason: line.string("reason")?,
        note: line.string("note")?,
        history: way.steps.into_iter().map(|(on, name, _)| taken(on, name)).collect(),
    })
}

/// The steps that an application took: day, name, what it means.
struct Way {
    steps: Vec<(NaiveDate, &'static str, Stage)>,
}

impl Way {
    fn read(line: &Line<'_>, programme: &Programme) -> Result<Self> {
        let mut steps = Vec::new();
        for entry in line.list("way")? {
            let (name, on) = entry.split_once('@').ok_or_else(|| line.wrong("way"))?;
            steps.push((day(on)?, name, stage(programme, name).ok_or_else(|| line.wrong("way"))?));
        }
        Ok(Way { steps })
    }

    fn last(&self) -> (String, Stage) {
        self.steps.last().map_or((String::new(), Stage::Collecting), |(_, name, stage)| ((*name).to_owned(), *stage))
    }

    fn first(&self, is: impl Fn(Stage) -> bool) -> Option<NaiveDate> {
        self.steps.iter().find(|(_, _, stage)| is(*stage)).map(|(on, _, _)| *on)
    }
}

fn stage(programme: &Programme, name: &str) -> Option<Stage> {
    let side = [Stage::Returned, Stage::Ineligible, Stage::Withdrawn].into_iter().find(|stage| stage.side_state() == Some(name));
    side.or_else(|| programme.steps.iter().find(|step| step.name == name).map(|step| step.stage))
}

fn taken(on: NaiveDate, name: &str) -> ApplicationStep {
    let actor = match name {
        name if name.starts_with("村级") => "石门村村委会".to_owned(),
        name if name.starts_with("乡镇") => format!("{TOWNSHIP}人民政府"),
        name if name.starts_with("县级") => format!("{COUNTY}农业农村局"),
        "已发放" => format!("{TOWNSHIP}财政所"),
        _ => "驻村工作队".to_owned(),
    };
    ApplicationStep { day: on, step: name.to_owned(), actor, note: String::new() }
}
