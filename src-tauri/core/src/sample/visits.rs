//! 走访 of the sample.

use super::Sample;
use super::table::{Line, Table};
use crate::error::Result;
use crate::records::visit::{NeedCheck, Visit, VisitHousehold, VisitMode, VisitPurpose, VisitVisitor};
use crate::storage::TextList;

const VISITS: &str = include_str!("data/visits.txt");

/// Puts in the visits, and with them the issues that they raise.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    for line in Table::read(VISITS).lines() {
        let visit = visit(sample, &line)?;
        sample.tx.add(visit, &[])?;
    }
    Ok(())
}

fn visit(sample: &Sample<'_, '_>, line: &Line<'_>) -> Result<Visit> {
    let heads = line.list("households")?;
    let contact = line.text("contact")?;
    let [food, clothing, education, medical, housing, water] = needs(line)?;
    Ok(Visit {
        day: line.day("day")?,
        mode: mode(line)?,
        persons_met: line.number("met")?,
        other_visitors: TextList(line.list("others")?.into_iter().map(str::to_owned).collect()),
        contact_id: match heads.first() {
            Some(head) if !contact.is_empty() => Some(sample.person(head, contact)?),
            _ => None,
        },
        content: line.string("content")?,
        food,
        clothing,
        education,
        medical,
        housing,
        water,
        problem: line.string("problem")?,
        gift: line.string("gift")?,
        gift_fen: line.yuan_if("yuan")?,
        unreached_reason: line.string("why")?,
        next_action: line.string("next")?,
        household_ids: heads
            .iter()
            .map(|head| Ok(VisitHousehold { household_id: sample.family(head)?.id }))
            .collect::<Result<_>>()?,
        visitor_ids: line
            .list("visitors")?
            .into_iter()
            .map(|name| Ok(VisitVisitor { team_member_id: sample.colleague(name)? }))
            .collect::<Result<_>>()?,
        purposes: line.list("purposes")?.into_iter().map(|code| VisitPurpose { code: code.to_owned() }).collect(),
    })
}

fn mode(line: &Line<'_>) -> Result<VisitMode> {
    match line.text("mode")? {
        "in_person" => Ok(VisitMode::InPerson),
        "phone" => Ok(VisitMode::Phone),
        "video" => Ok(VisitMode::Video),
        "not_reached" => Ok(VisitMode::NotReached),
        _ => Err(line.wrong("mode")),
    }
}

/// 吃、穿、学、医、住、水 as six letters; an empty cell: not looked at.
fn needs(line: &Line<'_>) -> Result<[NeedCheck; 6]> {
    let mut needs = [NeedCheck::Unchecked; 6];
    for (need, letter) in needs.iter_mut().zip(line.text("needs")?.chars()) {
        *need = match letter {
            'o' => NeedCheck::Fine,
            'p' => NeedCheck::Problem,
            'n' => NeedCheck::NotApplicable,
            _ => return Err(line.wrong("needs")),
        };
    }
    Ok(needs)
}
