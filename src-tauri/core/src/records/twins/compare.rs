//! Two households side by side: field by field, person by person, with what would be taken unless the user says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::face::Person;
use super::merge::{Clash, clashes};
use crate::error::{Error, Result};
use crate::records::household::{Household, Member};
use crate::records::village::Village;
use crate::records::{Kind, Record};
use crate::storage::{Row, Store, value_of};
use crate::value::{Id, cover_field_change, fold_name};

/// Which of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "TwinChoice")]
pub enum Choice {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// Both: joined where it is a list or a text; two people where it is a person.
    Both,
    /// None of them.
    Neither,
}

impl Choice {
    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Choice::Left => Choice::Right,
            _ => Choice::Left,
        }
    }
}

/// What the user chose, by [`CompareRow::key`]; what is missing stays as proposed.
pub type Choices = BTreeMap<String, Choice>;

/// One of the two: a stored household, one that is being changed, or one that is only typed yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinSide")]
pub struct Side {
    /// Where it is stored.
    pub id: Option<Id>,
    /// The version that the user saw.
    #[ts(type = "number | null")]
    pub version: Option<i64>,
    /// What is typed and not saved.
    #[ts(type = "unknown")]
    pub draft: Option<Value>,
}

/// The comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinComparison")]
pub struct Comparison {
    /// The left one.
    pub left: Head,
    /// The right one.
    pub right: Head,
    /// Which is kept; the other goes to the recycle bin.
    pub keep: Choice,
    /// The household's own fields, its types, its risks, and its income by year.
    pub rows: Vec<CompareRow>,
    /// The people of both, those who are the same in one entry.
    pub people: Vec<PersonRow>,
    /// Applications that both have made, of which one must go.
    pub clashes: Vec<Clash>,
    /// Visits that list both, and will list one.
    pub both_visited: u32,
}

/// One of the two, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinHead")]
pub struct Head {
    /// Nothing for one that is only typed.
    pub id: Option<Id>,
    /// The version compared.
    #[ts(type = "number | null")]
    pub version: Option<i64>,
    /// 户主.
    pub title: String,
    /// 村 and 屯.
    pub note: String,
    /// Moment of the last change.
    pub updated_at: Option<String>,
    /// How many records refer to it, by kind.
    pub referring: Vec<Referring>,
}

/// Records of a kind that refer to a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinReferring")]
pub struct Referring {
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub count: u32,
}

/// A field of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinRow")]
pub struct CompareRow {
    /// The field's path, such as `address`, `incomes.2025` or `people.2.phone`.
    pub key: String,
    /// On the left; null where it is not there.
    #[ts(type = "unknown")]
    pub left: Value,
    /// On the right.
    #[ts(type = "unknown")]
    pub right: Value,
    /// Whether they differ.
    pub differs: bool,
    /// What is taken unless the user says otherwise.
    pub choice: Choice,
    /// Whether both can be taken.
    pub can_both: bool,
}

/// A person of one of them, or of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinPersonRow")]
pub struct PersonRow {
    /// `people.N`.
    pub key: String,
    /// Place among the members on the left.
    #[ts(type = "number | null")]
    pub left: Option<usize>,
    /// Place among the members on the right.
    #[ts(type = "number | null")]
    pub right: Option<usize>,
    /// How one knows that they are the same.
    pub paired_by: Option<PairedBy>,
    /// Their fields, where they are the same person.
    pub rows: Vec<CompareRow>,
}

/// How one knows that two entries are the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "TwinPairedBy")]
pub enum PairedBy {
    /// 身份证号 or 人编号.
    Number,
    /// 姓名.
    Name,
}

impl Comparison {
    /// As it is shown until somebody asks for the numbers.
    pub fn covered(mut self) -> Self {
        let rows = self.rows.iter_mut().chain(self.people.iter_mut().flat_map(|person| &mut person.rows));
        for CompareRow { key, left, right, .. } in rows {
            cover_field_change(key, left, right);
        }
        self
    }
}

/// A side as it was read.
pub(super) struct Read {
    pub id: Option<Id>,
    pub version: Option<i64>,
    pub updated_at: Option<String>,
    /// Whether it holds what is typed and not saved.
    pub is_typed: bool,
    pub household: Household,
}

impl Side {
    pub(super) fn read(&self, store: Store<'_>) -> Result<Read> {
        let stored = self.id.map(|id| store.get::<Household>(id)).transpose()?;
        if stored.as_ref().is_some_and(|stored| stored.meta.deleted_at.is_some()) {
            return Err(Error::NotFound(Kind::Household));
        }
        let typed = self.draft.as_ref().map(|draft| serde_json::from_value::<Household>(draft.clone())).transpose()?;
        let version = self.version.or(stored.as_ref().map(|stored| stored.meta.version));
        let updated_at = stored.as_ref().map(|stored| stored.meta.updated_at.clone());
        let is_typed = typed.is_some();
        let household = typed.map(tidied).or(stored.map(|stored| stored.draft));
        let household = household.ok_or_else(|| Error::BadInput("没有要比较的农户".to_owned()))?;
        Ok(Read { id: self.id, version, updated_at, is_typed, household })
    }
}

/// What is typed as it would be kept; people who have no id yet stay without.
fn tidied(mut household: Household) -> Household {
    let had_id: Vec<bool> = household.members.iter().map(|member| member.id.is_some()).collect();
    household.tidy(&mut Id::default);
    for (member, had_id) in household.members.iter_mut().zip(had_id) {
        member.id = member.id.filter(|_| had_id);
    }
    household
}

/// Compares two households. `keep` says which stays; without it, the one to which more records refer.
pub fn compare(store: Store<'_>, left: &Side, right: &Side, keep: Option<Choice>) -> Result<Comparison> {
    let (left, right) = (left.read(store)?, right.read(store)?);
    compare_read(store, &left, &right, keep)
}

pub(super) fn compare_read(store: Store<'_>, left: &Read, right: &Read, keep: Option<Choice>) -> Result<Comparison> {
    let heads = (head(store, left)?, head(store, right)?);
    let keep = keep.filter(|keep| *keep == Choice::Left || *keep == Choice::Right).unwrap_or_else(|| kept_of(&heads.0, &heads.1));
    // Ids sort by the time they were made: of two that were stored in one moment, the later one.
    let age = |read: &Read| (read.is_typed, read.updated_at.clone(), read.id);
    let newer = if age(right) > age(left) { Choice::Right } else { Choice::Left };
    let taste = Taste { keep, newer };
    let people = people(&left.household, &right.household, taste)?;
    let same = same_people(&left.household, &right.household, &people);
    let (mut clashes, both_visited) = match (left.id, right.id) {
        (Some(one), Some(other)) => (clashes(store, one, other, &same)?, both_visited(store, one, other)?),
        _ => (Vec::new(), 0),
    };
    for clash in &mut clashes {
        let place = left.household.members.iter().position(|member| clash.member.is_some() && member.id == clash.member);
        clash.person = place.and_then(|place| people.iter().find(|row| row.left == Some(place))).map(|row| row.key.clone());
    }
    Ok(Comparison {
        left: heads.0,
        right: heads.1,
        keep,
        rows: rows(&left.household, &right.household, taste)?,
        people,
        clashes,
        both_visited,
    })
}

/// Right people by the left people that they are.
fn same_people(left: &Household, right: &Household, people: &[PersonRow]) -> BTreeMap<Id, Id> {
    let id = |household: &Household, at: Option<usize>| household.members.get(at?).and_then(|member| member.id);
    people.iter().filter_map(|row| Some((id(right, row.right)?, id(left, row.left)?))).collect()
}

fn head(store: Store<'_>, read: &Read) -> Result<Head> {
    let village = store.find::<Village>(read.household.village_id)?.map(|village| village.draft.name).unwrap_or_default();
    let name = read.household.head().map(|head| head.name.clone()).filter(|name| !name.is_empty());
    let mut referring = Vec::new();
    for referrer in Household::REFERRERS {
        let count = read.id.map_or(Ok(0), |id| store.count(referrer.count, &[value_of(&id)]))?;
        if count > 0 {
            referring.push(Referring { kind: referrer.kind, count: u32::try_from(count).unwrap_or(u32::MAX) });
        }
    }
    Ok(Head {
        id: read.id,
        version: read.version,
        title: name.unwrap_or_else(|| "（未填户主）".to_owned()),
        note: format!("{village}{}", read.household.hamlet),
        updated_at: read.updated_at.clone(),
        referring,
    })
}

/// The one that more of the ledger knows; of two alike, the one that was there first.
fn kept_of(left: &Head, right: &Head) -> Choice {
    let known = |head: &Head| (head.id.is_some(), head.referring.iter().map(|each| each.count).sum::<u32>());
    match known(left).cmp(&known(right)) {
        std::cmp::Ordering::Less => Choice::Right,
        std::cmp::Ordering::Greater => Choice::Left,
        std::cmp::Ordering::Equal if right.id < left.id => Choice::Right,
        std::cmp::Ordering::Equal => Choice::Left,
    }
}

fn both_visited(store: Store<'_>, one: Id, other: Id) -> Result<u32> {
    let sql = "SELECT count(*) FROM visit_household a JOIN visit_household b ON b.visit_id = a.visit_id JOIN visit s ON s.id = a.visit_id
         WHERE a.household_id = ?1 AND b.household_id = ?2 AND s.deleted_at IS NULL";
    Ok(u32::try_from(store.count(sql, &[value_of(&one), value_of(&other)])?).unwrap_or(u32::MAX))
}

/// What decides where both have something to say.
#[derive(Clone, Copy)]
struct Taste {
    keep: Choice,
    newer: Choice,
}

fn rows(left: &Household, right: &Household, taste: Taste) -> Result<Vec<CompareRow>> {
    let (one, other) = (fields(left)?, fields(right)?);
    let own = Household::COLUMNS.iter().copied().chain(["types", "risks"]);
    let mut rows: Vec<CompareRow> = own.map(|key| row(key.to_owned(), key, &one, &other, taste)).collect();
    let years: BTreeSet<i64> = left.incomes.iter().chain(&right.incomes).map(|income| income.year).collect();
    for year in years.into_iter().rev() {
        let of = |household: &Household| {
            household.incomes.iter().find(|income| income.year == year).map_or(Ok(Value::Null), serde_json::to_value)
        };
        rows.push(laid(format!("incomes.{year}"), "incomes", of(left)?, of(right)?, taste));
    }
    Ok(rows)
}

fn row(key: String, field: &str, left: &Map<String, Value>, right: &Map<String, Value>, taste: Taste) -> CompareRow {
    let value = |fields: &Map<String, Value>| fields.get(field).cloned().unwrap_or(Value::Null);
    laid(key, field, value(left), value(right), taste)
}

fn laid(key: String, field: &str, left: Value, right: Value, taste: Taste) -> CompareRow {
    let can_both = matches!(field, "types" | "risks" | "note" | "health");
    let choice = proposed(field, &left, &right, taste);
    CompareRow { differs: left != right, key, left, right, choice, can_both }
}

/// What is filled goes before what is empty, then what joins without loss, then what was written last.
fn proposed(field: &str, left: &Value, right: &Value, taste: Taste) -> Choice {
    match (is_blank(field, left), is_blank(field, right)) {
        _ if left == right => taste.keep,
        (true, false) => Choice::Right,
        (false, true) => Choice::Left,
        // Who is what to the head can only be said within one household.
        _ if field == "relation" => taste.keep,
        _ if matches!(field, "types" | "risks" | "note") => Choice::Both,
        // The same name, one of them spaced out to fill a cell.
        _ if field == "name" && is_one_name(left, right) => {
            let length = |value: &Value| value.as_str().map_or(0, str::len);
            if length(right) < length(left) { Choice::Right } else { Choice::Left }
        }
        _ => taste.newer,
    }
}

fn is_one_name(left: &Value, right: &Value) -> bool {
    matches!((left.as_str(), right.as_str()), (Some(left), Some(right)) if fold_name(left) == fold_name(right))
}

fn is_blank(field: &str, value: &Value) -> bool {
    let is_plain = |value: &Value| value["code"] == "general" && value["from_day"].is_null() && value["to_day"].is_null();
    match value {
        Value::Null | Value::Bool(false) if field != "sensitive" => value.is_null(),
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || (field.ends_with("_id") && Id::parse(text) == Some(Id::default())),
        // 一般农户 is what a form starts with, and says no more than that nothing else is known.
        Value::Array(entries) if field == "types" => entries.iter().all(is_plain),
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

/// The people of both, in the order of the left; each is at most one of the other's.
fn people(left: &Household, right: &Household, taste: Taste) -> Result<Vec<PersonRow>> {
    let pairs = paired(left, right);
    let mut people = Vec::new();
    for (at, member) in left.members.iter().enumerate() {
        let pair = pairs.get(&at);
        let key = format!("people.{}", people.len());
        let rows = match pair.and_then(|(place, _)| right.members.get(*place)) {
            Some(other) => person_rows(&key, member, other, taste)?,
            None => Vec::new(),
        };
        people.push(PersonRow {
            key,
            left: Some(at),
            right: pair.map(|(place, _)| *place),
            paired_by: pair.map(|(_, by)| *by),
            rows,
        });
    }
    let taken: BTreeSet<usize> = pairs.values().map(|(place, _)| *place).collect();
    for at in (0..right.members.len()).filter(|at| !taken.contains(at)) {
        let key = format!("people.{}", people.len());
        people.push(PersonRow { key, left: None, right: Some(at), paired_by: None, rows: Vec::new() });
    }
    Ok(people)
}

fn person_rows(key: &str, left: &Member, right: &Member, taste: Taste) -> Result<Vec<CompareRow>> {
    let (one, other) = (fields(left)?, fields(right)?);
    let columns = Member::COLUMNS.iter().copied().filter(|column| *column != "id");
    Ok(columns.map(|column| row(format!("{key}.{column}"), column, &one, &other, taste)).collect())
}

/// By number first, then by name and relation, then by name alone; never against a number or a day of birth.
fn paired(left: &Household, right: &Household) -> BTreeMap<usize, (usize, PairedBy)> {
    type Test = fn(&Member, &Member) -> bool;
    let by_number: Test = |one, other| {
        let same = |one: &str, other: &str| !one.is_empty() && one == other;
        let (mine, theirs) = (Person::of(one), Person::of(other));
        same(&mine.id_number, &theirs.id_number) || same(&mine.ext_no, &theirs.ext_no)
    };
    let by_name: Test = |one, other| Person::of(one).may_be(&Person::of(other));
    let by_name_and_relation: Test = |one, other| one.relation == other.relation && Person::of(one).may_be(&Person::of(other));
    let mut pairs: BTreeMap<usize, (usize, PairedBy)> = BTreeMap::new();
    for (test, by) in [(by_number, PairedBy::Number), (by_name_and_relation, PairedBy::Name), (by_name, PairedBy::Name)] {
        for (at, member) in left.members.iter().enumerate() {
            if pairs.contains_key(&at) {
                continue;
            }
            let free = |place: &usize| !pairs.values().any(|(taken, _)| taken == place);
            let fits = |place: &usize| right.members.get(*place).is_some_and(|other| test(member, other));
            if let Some(place) = (0..right.members.len()).filter(free).find(fits) {
                pairs.insert(at, (place, by));
            }
        }
    }
    pairs
}

/// A value's fields as JSON.
pub(super) fn fields<T: Serialize>(value: &T) -> Result<Map<String, Value>> {
    match serde_json::to_value(value)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}
