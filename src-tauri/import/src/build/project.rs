//! 项目: the same name and year in the same village is the same project.

use serde_json::{Value, json};
use zhucun_core::Result;
use zhucun_core::records::project::Project;
use zhucun_core::storage::{Stored, Tx};
use zhucun_core::value::fold_name;

use super::{Context, Prepared};
use crate::input;
use crate::row::{Draft, Row};

pub(super) fn prepare(tx: &Tx<'_>, row: &mut Row<'_>, context: &Context<'_>) -> Result<Option<Prepared>> {
    let Some(village) = row.village(context.mapping, context.vocabulary) else {
        if !row.is_refused() {
            row.fault("village", &input::Fault::new("village_missing", "表格里没有村名，请在导入设置里选择村"));
        }
        return Ok(None);
    };
    let name = fold_name(&row.text("name"));
    let year = row.cell("impl_year").and_then(|cell| input::year(cell).ok().flatten());
    let same = |project: &Stored<Project>| {
        let draft = &project.draft;
        fold_name(&draft.name) == name
            && draft.village_id == village
            && (year.is_none() || draft.impl_year.is_none() || draft.impl_year == year)
            && !context.claimed.contains(&project.id)
    };
    let known = tx.all::<Project>()?.into_iter().find(|project| !name.is_empty() && same(project));
    let mut prepared = Prepared::of(context, known.as_ref())?;
    prepared.draft.insert("village_id".to_owned(), json!(village));
    row.fill(&mut prepared.draft, "", context.vocabulary, context.mapping.year);
    funds(row, context, &mut prepared.draft);
    progress(row, context, &mut prepared.draft);
    milestones(row, context, &mut prepared.draft);
    support_unit(row, context, &mut prepared.draft);
    Ok(Some(prepared))
}

/// One source for the whole budget; a project that has several keeps them.
fn funds(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let count = draft.get("funds").and_then(Value::as_array).map_or(0, Vec::len);
    let typed = row.text("fund_source");
    let entries = input::entries(&typed);
    let Some(budget) = draft.get("budget").filter(|budget| budget.is_number()).cloned() else { return };
    let source = entries.first().and_then(|entry| {
        context.vocabulary.code("fund_source", entry).or_else(|| context.vocabulary.code_within("fund_source", entry))
    });
    match (count, entries.len(), source) {
        (0 | 1, 1, Some(source)) => {
            draft.insert("funds".to_owned(), json!([{ "source": source, "amount": budget, "note": "" }]));
        }
        (0, _, _) => {
            draft.insert("funds".to_owned(), json!([{ "source": "other", "amount": budget, "note": typed }]));
            row.warn("fund_source", "fund_source_unknown", "资金来源没有写明或不止一个，先记为“其他”，请导入后核对");
        }
        (1, 0, _) => {
            if let Some(fund) = draft.get_mut("funds").and_then(|funds| funds.get_mut(0)) {
                fund["amount"] = budget;
            }
        }
        _ => {}
    }
}

/// A new line in the progress log, where the sheet tells another progress than the log's last.
fn progress(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let points = match row.cell("progress").map(input::progress) {
        Some(Ok(Some(points))) => points,
        Some(Err(fault)) => return row.fault("progress", &fault),
        _ => return,
    };
    let Some(Value::Array(log)) = draft.get_mut("progress") else { return };
    let last =
        log.iter().max_by_key(|entry| entry["day"].as_str().unwrap_or("").to_owned()).map(|entry| entry["progress"].clone());
    if last != Some(json!(points)) {
        let today = context.vocabulary.today.to_string();
        log.retain(|entry| entry["day"] != json!(today));
        log.push(json!({ "day": today, "progress": points, "note": "" }));
    }
}

fn milestones(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let mut days = Vec::new();
    for (field, _, cell) in row.cells() {
        let Some((slot @ ("planned" | "actual"), code)) = field.key.split_once('.') else { continue };
        days.push((field.key, slot, code, input::day(cell, context.mapping.year)));
    }
    for (key, slot, code, day) in days {
        let day = match day {
            Ok(Some(day)) => json!(day),
            Ok(None) => continue,
            Err(fault) => {
                row.fault(key, &fault);
                continue;
            }
        };
        let Some(Value::Array(milestones)) = draft.get_mut("milestones") else { return };
        match milestones.iter_mut().find(|milestone| milestone["code"] == code) {
            Some(milestone) => milestone[slot] = day,
            None => {
                let mut milestone = json!({ "code": code, "planned": null, "actual": null, "document_no": "", "note": "" });
                milestone[slot] = day;
                milestones.push(milestone);
            }
        }
    }
}

fn support_unit(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let name = row.text("support_unit");
    match context.vocabulary.support_unit(&name) {
        _ if name.is_empty() => {}
        Some(unit) => drop(draft.insert("support_unit_id".to_owned(), json!(unit))),
        None => row.warn("support_unit", "support_unit_unknown", "设置里没有这个后盾单位，这一格先不导入"),
    }
}
