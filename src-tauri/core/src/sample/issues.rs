//! 诉求与问题 of the sample: those that visits raised are found and filled in, the others are added.

use super::Sample;
use super::table::{Line, Table, day};
use crate::error::{Error, Result};
use crate::records::Record;
use crate::records::issue::{Issue, IssueMeasure, IssueStatus};
use crate::storage::Stored;
use crate::value::Id;

const ISSUES: &str = include_str!("data/issues.txt");

/// Puts in the issues.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    for line in Table::read(ISSUES).lines() {
        if line.text("source")? == "visit" {
            let raised = raised_by_visit(sample, &line)?;
            let issue = filled(sample, &line, raised.draft)?;
            sample.tx.change(raised.id, raised.meta.version, issue, &[])?;
        } else {
            let blank = Issue::blank(**sample.tx, line.day("raised")?)?;
            let title = line.string("title")?;
            let issue = filled(sample, &line, Issue { title, source: line.string("source")?, ..blank })?;
            sample.tx.add(issue, &[])?;
        }
    }
    Ok(())
}

fn raised_by_visit(sample: &Sample<'_, '_>, line: &Line<'_>) -> Result<Stored<Issue>> {
    let (raised_on, household) = (line.day("raised")?, household(sample, line)?);
    let found = sample.tx.all::<Issue>()?.into_iter().find(|issue| {
        issue.draft.visit_id.is_some() && issue.draft.raised_on == raised_on && issue.draft.household_id == household
    });
    found.ok_or(Error::NotFound(Issue::KIND))
}

fn household(sample: &Sample<'_, '_>, line: &Line<'_>) -> Result<Option<Id>> {
    let head = line.text("household")?;
    if head.is_empty() { Ok(None) } else { Ok(Some(sample.family(head)?.id)) }
}

fn filled(sample: &Sample<'_, '_>, line: &Line<'_>, issue: Issue) -> Result<Issue> {
    let owner = line.text("owner")?;
    Ok(Issue {
        type_code: line.string("type")?,
        household_id: household(sample, line)?,
        project_id: sample.projects.get(line.text("project")?).copied(),
        owner_id: if owner.is_empty() { None } else { Some(sample.colleague(owner)?) },
        owner: line.string("owner_other")?,
        due_on: line.day_if("due")?,
        status: status(line)?,
        solved_on: line.day_if("solved")?,
        closed_on: line.day_if("closed")?,
        reason: line.string("reason")?,
        evidence: line.string("evidence")?,
        measures: line.list("measures")?.into_iter().map(|text| measure(line, text)).collect::<Result<_>>()?,
        ..issue
    })
}

fn status(line: &Line<'_>) -> Result<IssueStatus> {
    match line.text("status")? {
        "open" => Ok(IssueStatus::Open),
        "handling" => Ok(IssueStatus::Handling),
        "solved" => Ok(IssueStatus::Solved),
        "closed" => Ok(IssueStatus::Closed),
        "unsolvable" => Ok(IssueStatus::Unsolvable),
        _ => Err(line.wrong("status")),
    }
}

/// A measure with its day: `text@2026-03-05`.
fn measure(line: &Line<'_>, text: &str) -> Result<IssueMeasure> {
    let (text, on) = text.split_once('@').ok_or_else(|| line.wrong("measures"))?;
    Ok(IssueMeasure { day: day(on)?, text: text.to_owned() })
}
