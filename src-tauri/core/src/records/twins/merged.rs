//! The household that comes of two, as the user chose; and where each of their people is in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::compare::{Choice, Choices, Comparison, PersonRow, fields};
use crate::error::Result;
use crate::records::household::{HEAD, Household};
use crate::value::Id;

/// What comes of two households.
pub(super) struct Merged {
    /// The household.
    pub draft: Household,
    /// Where each person of both is among its members; nothing for one that is left out.
    pub people: BTreeMap<Id, Option<usize>>,
}

/// At most so many risks can be kept.
const MOST_RISKS: usize = 5;

/// Lays two households together.
pub(super) fn merged(left: &Household, right: &Household, comparison: &Comparison, choices: &Choices) -> Result<Merged> {
    let (kept, other) = if comparison.keep == Choice::Left { (left, right) } else { (right, left) };
    let mut draft = fields(kept)?;
    let mut incomes = Vec::new();
    for row in &comparison.rows {
        let (mine, theirs) = if comparison.keep == Choice::Left { (&row.left, &row.right) } else { (&row.right, &row.left) };
        let value = match choices.get(&row.key).copied().unwrap_or(row.choice) {
            Choice::Left => row.left.clone(),
            Choice::Right => row.right.clone(),
            Choice::Both => joined(&row.key, mine, theirs),
            Choice::Neither => Value::Null,
        };
        if row.key.starts_with("incomes.") {
            incomes.extend(Some(value).filter(|value| !value.is_null()));
        } else {
            draft.insert(row.key.clone(), value);
        }
    }
    draft.insert("incomes".to_owned(), Value::Array(incomes));
    let mut members = Members { entries: Vec::new(), people: BTreeMap::new(), is_left_kept: comparison.keep == Choice::Left };
    for row in in_order(comparison) {
        members.add(row, kept, other, choices)?;
    }
    members.keep_one_head();
    let people = members.people;
    draft
        .insert("members".to_owned(), Value::Array(members.entries.into_iter().map(|(entry, _)| Value::Object(entry)).collect()));
    Ok(Merged { draft: serde_json::from_value(Value::Object(draft))?, people })
}

/// The people of the household that is kept come first, in their order.
fn in_order(comparison: &Comparison) -> Vec<&PersonRow> {
    let place = |row: &PersonRow| match comparison.keep {
        Choice::Left => (row.left.is_none(), row.left.or(row.right)),
        _ => (row.right.is_none(), row.right.or(row.left)),
    };
    let mut rows: Vec<&PersonRow> = comparison.people.iter().collect();
    rows.sort_by_key(|row| place(row));
    rows
}

struct Members {
    /// Each with whether it comes from the household that goes.
    entries: Vec<(Map<String, Value>, bool)>,
    people: BTreeMap<Id, Option<usize>>,
    is_left_kept: bool,
}

impl Members {
    fn add(&mut self, row: &PersonRow, kept: &Household, other: &Household, choices: &Choices) -> Result<()> {
        let (mine, theirs) = if self.is_left_kept { (row.left, row.right) } else { (row.right, row.left) };
        let mine = mine.and_then(|at| kept.members.get(at));
        let theirs = theirs.and_then(|at| other.members.get(at));
        let choice = choices.get(&row.key).copied();
        let ids = [mine, theirs].into_iter().flatten().filter_map(|member| member.id);
        if choice == Some(Choice::Neither) {
            self.people.extend(ids.map(|id| (id, None)));
            return Ok(());
        }
        match (mine, theirs) {
            (Some(mine), Some(theirs)) if choice == Some(Choice::Both) => {
                self.push(fields(mine)?, false, mine.id);
                self.push(fields(theirs)?, true, theirs.id);
            }
            (Some(mine), Some(theirs)) => {
                let mut entry = fields(mine)?;
                for each in &row.rows {
                    let field = each.key.rsplit('.').next().unwrap_or_default();
                    let value = match choices.get(&each.key).copied().unwrap_or(each.choice) {
                        Choice::Right => each.right.clone(),
                        Choice::Both => joined(field, &each.left, &each.right),
                        _ => each.left.clone(),
                    };
                    entry.insert(field.to_owned(), value);
                }
                self.push(entry, false, mine.id);
                self.people.extend(theirs.id.map(|id| (id, Some(self.entries.len() - 1))));
            }
            (Some(mine), None) => self.push(fields(mine)?, false, mine.id),
            (None, Some(theirs)) => self.push(fields(theirs)?, true, theirs.id),
            (None, None) => {}
        }
        Ok(())
    }

    /// Who comes over gets an id of their own: the household in the recycle bin keeps its people.
    fn push(&mut self, mut entry: Map<String, Value>, comes_over: bool, id: Option<Id>) {
        if comes_over {
            entry.insert("id".to_owned(), Value::Null);
        }
        self.people.extend(id.map(|id| (id, Some(self.entries.len()))));
        self.entries.push((entry, comes_over));
    }

    /// A head who comes over into a household that has one is related to it in a way that nobody has said yet.
    fn keep_one_head(&mut self) {
        let is_head = |entry: &Map<String, Value>| entry.get("relation").is_some_and(|relation| relation == HEAD);
        if self.entries.iter().any(|(entry, comes_over)| !comes_over && is_head(entry)) {
            let newcomers = self.entries.iter_mut().filter(|(entry, comes_over)| *comes_over && is_head(entry));
            newcomers.for_each(|(entry, _)| drop(entry.insert("relation".to_owned(), json!("other"))));
        }
    }
}

/// Both values of a list or a text; of anything else the first.
fn joined(key: &str, mine: &Value, theirs: &Value) -> Value {
    match (mine, theirs) {
        (Value::Array(mine), Value::Array(theirs)) => {
            let mut all = mine.clone();
            let known = |all: &[Value], entry: &Value| {
                all.iter().any(|each| each == entry || (key == "types" && is_same_type(each, entry)))
            };
            for entry in theirs {
                if !known(&all, entry) {
                    all.push(entry.clone());
                }
            }
            tidied(key, &mut all);
            Value::Array(all)
        }
        (Value::String(mine), Value::String(theirs))
            if key == "note" && !mine.is_empty() && !theirs.is_empty() && mine != theirs =>
        {
            json!(format!("{mine}\n{theirs}"))
        }
        (mine, theirs) => if mine.is_null() || mine == "" { theirs } else { mine }.clone(),
    }
}

fn is_same_type(one: &Value, other: &Value) -> bool {
    one["code"] == other["code"] && one["to_day"] == other["to_day"]
}

fn tidied(key: &str, entries: &mut Vec<Value>) {
    match key {
        "risks" => entries.truncate(MOST_RISKS),
        // 一般农户 beside 脱贫户 says nothing more; the import sees it alike.
        "types" if entries.iter().any(|entry| matches!(entry["code"].as_str(), Some("lifted" | "unstable_lifted"))) => {
            entries.retain(|entry| !(entry["code"] == "general" && entry["from_day"].is_null() && entry["to_day"].is_null()));
        }
        "health" if entries.len() > 1 => entries.retain(|entry| entry != "healthy"),
        _ => {}
    }
}
