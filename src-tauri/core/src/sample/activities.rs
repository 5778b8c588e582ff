//! 工作纪实 of the sample.

use super::Sample;
use super::table::{Line, Table};
use crate::error::Result;
use crate::records::Record;
use crate::records::activity::{Activity, ActivityCounter, ActivityDocument, ActivityParticipant};
use crate::storage::TextList;

const ACTIVITIES: &str = include_str!("data/activities.txt");

/// Puts in the activities.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    for line in Table::read(ACTIVITIES).lines() {
        let activity = activity(sample, &line)?;
        sample.tx.add(activity, &[])?;
    }
    Ok(())
}

fn activity(sample: &Sample<'_, '_>, line: &Line<'_>) -> Result<Activity> {
    Ok(Activity {
        type_code: line.string("type")?,
        title: line.string("title")?,
        day: line.day("day")?,
        to_day: line.day_if("to")?,
        place: line.string("place")?,
        organiser: line.string("organiser")?,
        outlet: line.string("outlet")?,
        duty: line.string("duty")?,
        approximate: line.yes_if("approx")?.unwrap_or(false),
        summary: line.string("summary")?,
        other_participants: TextList(line.list("others")?.into_iter().map(str::to_owned).collect()),
        items: TextList(line.list("items")?.into_iter().map(str::to_owned).collect()),
        counters: line.list("counters")?.into_iter().map(|text| counter(line, text)).collect::<Result<_>>()?,
        participant_ids: line
            .list("members")?
            .into_iter()
            .map(|name| Ok(ActivityParticipant { team_member_id: sample.colleague(name)? }))
            .collect::<Result<_>>()?,
        documents: line.list("documents")?.into_iter().map(document).collect(),
        ..Activity::blank(**sample.tx, super::TODAY)?
    })
}

/// A counter: `62人次`, or with what is counted `田螺:5000斤`.
fn counter(line: &Line<'_>, text: &str) -> Result<ActivityCounter> {
    let (subject, quantity) = text.split_once(':').unwrap_or(("", text));
    let unit = quantity.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = quantity.strip_suffix(unit).and_then(|digits| digits.parse().ok()).ok_or_else(|| line.wrong("counters"))?;
    Ok(ActivityCounter { subject: subject.to_owned(), unit: unit.to_owned(), count })
}

fn document(title: &str) -> ActivityDocument {
    ActivityDocument { title: title.to_owned(), number: String::new() }
}
