//! 走访: which households, by whom; a visit of the same day to the same households is the same visit.

use serde_json::{Value, json};
use zhucun_core::Result;
use zhucun_core::records::visit::Visit;
use zhucun_core::storage::{Stored, Tx};
use zhucun_core::value::{Id, normalise};

use super::{Context, Prepared, find, text_hash};
use crate::directory::Clues;
use crate::input::{self, Fault};
use crate::row::{Draft, Row};

pub(super) fn prepare(tx: &Tx<'_>, row: &mut Row<'_>, context: &Context<'_>) -> Result<Option<Prepared>> {
    let households = households(row, context);
    let day = row.cell("day").map_or(Ok(None), |cell| input::day(cell, context.mapping.year));
    let day = match day {
        Ok(Some(day)) => day,
        Ok(None) => {
            row.fault("day", &Fault::new("required", "请填写走访日期"));
            return Ok(None);
        }
        Err(fault) => {
            row.fault("day", &fault);
            return Ok(None);
        }
    };
    let Some(first) = households.first() else { return Ok(None) };
    let content = normalise(&row.text("content"));
    let known = known(Visit::of_day(**tx, day, *first)?, &households, &content, context);
    let mut prepared = Prepared::of(context, known.as_ref())?;
    prepared.draft.insert("household_ids".to_owned(), json!(households));
    if prepared.known.is_none() {
        prepared.draft.insert("persons_met".to_owned(), json!(households.len()));
    }
    row.fill(&mut prepared.draft, "", context.vocabulary, context.mapping.year);
    visitors(row, context, &mut prepared.draft);
    purposes(row, context, &mut prepared.draft);
    outcome(row, context, &mut prepared.draft);
    Ok(Some(prepared))
}

/// The visit that the row is about: of the same day and households; of several, the one with the same text, else one
/// that no other row speaks of.
fn known(visits: Vec<Stored<Visit>>, households: &[Id], content: &str, context: &Context<'_>) -> Option<Stored<Visit>> {
    let mut wanted = households.to_vec();
    wanted.sort_unstable();
    let mut alike: Vec<Stored<Visit>> = visits
        .into_iter()
        .filter(|visit| !context.claimed.contains(&visit.id))
        .filter(|visit| {
            let mut ids: Vec<Id> = visit.draft.household_ids.iter().map(|each| each.household_id).collect();
            ids.sort_unstable();
            ids == wanted
        })
        .collect();
    let at = alike
        .iter()
        .position(|visit| visit.draft.content == content)
        .or_else(|| alike.iter().position(|visit| !context.texts.contains(&text_hash(&visit.draft.content))))?;
    Some(alike.swap_remove(at))
}

fn households(row: &mut Row<'_>, context: &Context<'_>) -> Vec<Id> {
    let village = row.cell("village").is_some().then(|| row.village(context.mapping, context.vocabulary)).flatten();
    let (hamlet, ext_no, id_number) = (row.text("hamlet"), row.digits("ext_no"), row.id_number("id_number"));
    let typed = row.text("households");
    let names = input::entries(&typed);
    if names.len() <= 1 {
        let name = row.name("households");
        let clues = Clues { ext_no: &ext_no, id_number: &id_number, name: &name, village, hamlet: &hamlet, ..Clues::default() };
        return find(row, context.directory, &clues, "households").map(|(household, _)| household).into_iter().collect();
    }
    let mut found = Vec::new();
    for name in &names {
        let clues = Clues { name, village, hamlet: &hamlet, ..Clues::default() };
        let household = find(row, context.directory, &clues, "households").map(|(household, _)| household);
        found.extend(household.filter(|household| !found.contains(household)));
    }
    if row.is_refused() { Vec::new() } else { found }
}

fn visitors(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let names = input::entries(&row.text("visitors"));
    if names.is_empty() {
        return;
    }
    let (team, others): (Vec<_>, Vec<_>) =
        names.iter().map(|name| (name, context.vocabulary.colleague(name))).partition(|(_, id)| id.is_some());
    let ids: Vec<Id> = team.into_iter().filter_map(|(_, id)| id).collect();
    let others: Vec<&String> = others.into_iter().map(|(name, _)| name).collect();
    draft.insert("visitor_ids".to_owned(), json!(ids));
    draft.insert("other_visitors".to_owned(), json!(others));
}

/// Words that no category has are kept in the text of the visit, under 其他.
fn purposes(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let mut codes: Vec<String> = Vec::new();
    let mut unknown = Vec::new();
    for entry in input::entries(&row.text("purposes")) {
        let code =
            context.vocabulary.code("visit_purpose", &entry).or_else(|| context.vocabulary.code_within("visit_purpose", &entry));
        match code {
            Some(code) if !codes.iter().any(|each| each == code) => codes.push(code.to_owned()),
            Some(_) => {}
            None => unknown.push(entry),
        }
    }
    if !unknown.is_empty() {
        row.warn("purposes", "category_unknown", "走访分类不在字典中，归入“其他”，原文写进走访内容");
        if !codes.iter().any(|code| code == "other") {
            codes.push("other".to_owned());
        }
        let said = format!("（{}）", unknown.join("、"));
        let content = draft.get("content").and_then(Value::as_str).unwrap_or("");
        if !content.contains(&said) {
            draft.insert("content".to_owned(), json!(format!("{content}{said}")));
        }
    }
    if !codes.is_empty() {
        draft.insert("purposes".to_owned(), json!(codes));
    }
}

/// Who was met, and why nobody was.
fn outcome(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    let text = |draft: &Draft, key: &str| draft.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    if text(draft, "mode") == "not_reached" && text(draft, "unreached_reason").is_empty() {
        draft.insert("unreached_reason".to_owned(), json!(text(draft, "content")));
    }
    let contact = row.name("contact");
    if contact.is_empty() {
        return;
    }
    let households: Vec<Id> =
        draft.get("household_ids").and_then(|ids| serde_json::from_value(ids.clone()).ok()).unwrap_or_default();
    let people = households.iter().filter_map(|id| context.directory.get(*id)).flat_map(|household| &household.members);
    match people.into_iter().find(|member| crate::row::same_name(&member.name, &contact)) {
        Some(member) => drop(draft.insert("contact_id".to_owned(), json!(member.id))),
        None => row.warn("contact", "contact_unknown", "受访人不在这一户中，这一格先不导入"),
    }
}
