//! 工作纪实: its type and counters; the same day and title is the same activity.

use serde_json::{Value, json};
use zhucun_core::Result;
use zhucun_core::records::activity::Activity;
use zhucun_core::storage::Tx;
use zhucun_core::value::{Id, fold_name};

use super::{Context, Prepared};
use crate::fields::Shape;
use crate::input::{self, Fault};
use crate::row::{Draft, Row};

pub(super) fn prepare(tx: &Tx<'_>, row: &mut Row<'_>, context: &Context<'_>) -> Result<Option<Prepared>> {
    let village = row.village(context.mapping, context.vocabulary);
    let day = match row.cell("day").map(|cell| input::day(cell, context.mapping.year)) {
        Some(Ok(Some(day))) => day,
        Some(Err(fault)) => {
            row.fault("day", &fault);
            return Ok(None);
        }
        _ => {
            row.fault("day", &Fault::new("required", "请填写日期"));
            return Ok(None);
        }
    };
    let title = fold_name(&row.text("title"));
    let that_day = Activity::between(**tx, day, day)?;
    let known = that_day.into_iter().find(|activity| {
        !title.is_empty() && fold_name(&activity.draft.title) == title && !context.claimed.contains(&activity.id)
    });
    let mut prepared = Prepared::of(context, known.as_ref())?;
    if prepared.known.is_none() || row.cell("village").is_some() {
        prepared.draft.insert("village_id".to_owned(), json!(village));
    }
    let unit = row.text("unit");
    row.fill(&mut prepared.draft, "", context.vocabulary, context.mapping.year);
    let count = prepared.draft.remove("count");
    prepared.draft.remove("unit");
    activity_type(row, context, &mut prepared);
    counters(row, count.zip((!unit.is_empty()).then_some(unit)), &mut prepared.draft);
    participants(row, context, &mut prepared.draft);
    Ok(Some(prepared))
}

/// The type by its name, or by a word of the title.
fn activity_type(row: &mut Row<'_>, context: &Context<'_>, prepared: &mut Prepared) {
    let (typed, title) = (row.text("type_code"), row.text("title"));
    let vocabulary = context.vocabulary;
    let named = vocabulary.code("activity_type", &typed).or_else(|| vocabulary.code_within("activity_type", &typed));
    let by_title = || vocabulary.code_within("activity_type", &title).filter(|_| prepared.known.is_none());
    let code = match named.or_else(by_title) {
        Some(code) => code.to_owned(),
        None if prepared.known.is_some() => return,
        None => {
            row.warn("type_code", "category_unknown", "看不出是哪一类工作，先归入“其他工作”，请导入后核对");
            "other".to_owned()
        }
    };
    prepared.draft.insert("type_code".to_owned(), json!(code));
}

fn counters(row: &mut Row<'_>, named: Option<(Value, String)>, draft: &mut Draft) {
    let mut counted: Vec<(String, Value)> = named.map(|(count, unit)| (unit, count)).into_iter().collect();
    let mut faults = Vec::new();
    let mut approximate = false;
    for (field, _, cell) in row.cells() {
        let Shape::Counter(unit) = field.shape else { continue };
        let text = input::text(cell).unwrap_or_default();
        let about = text.trim_end_matches(unit).ends_with(['余', '多', '来']);
        match input::count(cell) {
            Ok(Some(count)) => {
                approximate |= about;
                counted.push((unit.to_owned(), json!(count)));
            }
            Ok(None) => {}
            Err(fault) => faults.push((field.key, fault)),
        }
    }
    for (key, fault) in faults {
        row.fault(key, &fault);
    }
    if approximate {
        draft.insert("approximate".to_owned(), json!(true));
    }
    let Some(Value::Array(counters)) = draft.get_mut("counters") else { return };
    for (unit, count) in counted {
        match counters.iter_mut().find(|counter| counter["unit"] == json!(unit) && counter["subject"] == "") {
            Some(counter) => counter["count"] = count,
            None => counters.push(json!({ "subject": "", "unit": unit, "count": count })),
        }
    }
}

fn participants(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let names = input::entries(&row.text("participants"));
    if names.is_empty() {
        return;
    }
    let ids: Vec<Id> = names.iter().filter_map(|name| context.vocabulary.colleague(name)).collect();
    let others: Vec<&String> = names.iter().filter(|name| context.vocabulary.colleague(name).is_none()).collect();
    draft.insert("participant_ids".to_owned(), json!(ids));
    draft.insert("other_participants".to_owned(), json!(others));
}
