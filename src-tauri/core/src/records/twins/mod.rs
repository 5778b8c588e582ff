//! 重复: records that may be one thing entered twice. Found while typing ([`look_alikes`]) and in the whole ledger
//! ([`Store::twins`]), laid side by side ([`compare`]), and made one ([`merge`]).

pub mod compare;
mod face;
mod follow;
pub mod merge;
mod merged;
mod pairs;

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use super::project::Project;
use super::visit::Visit;
use super::{Kind, RecordRef};
use crate::error::Result;
use crate::storage::{RecordTitle, Store, value_of};
use crate::value::{Id, fold_name};

pub use face::{Alike, Face, Person, Reason, is_worth_asking, name_key};
pub use pairs::{Pair, Pairs};

/// `member_key` held names as they are compared until step 6. Indices: whom a merge must find.
pub(crate) const TABLES: &str = "
CREATE TABLE member_key (
    key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    household_id TEXT NOT NULL REFERENCES household (id),
    is_numbered INTEGER NOT NULL CHECK (is_numbered IN (0, 1)),
    PRIMARY KEY (key, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_key_household ON member_key (household_id);
CREATE INDEX member_key_unnumbered ON member_key (key) WHERE is_numbered = 0;
CREATE TABLE not_twins (
    one TEXT NOT NULL CHECK (length(one) = 36),
    other TEXT NOT NULL CHECK (length(other) = 36),
    PRIMARY KEY (one, other),
    CHECK (one < other)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_ext_no ON member (ext_no) WHERE ext_no <> '';
CREATE INDEX visit_contact ON visit (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX issue_household ON issue (household_id) WHERE household_id IS NOT NULL;
";

/// Most entries of an answer while typing.
const MOST: usize = 20;

/// A record that may be the one that is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookAlike {
    /// Which, and how it is called.
    pub record: RecordTitle,
    /// Why, gravest first.
    pub reasons: Vec<Reason>,
}

/// The records that may be the one that is being typed, likeliest first; `own` is its id where it has one.
pub fn look_alikes(store: Store<'_>, kind: Kind, own: Option<Id>, draft: serde_json::Value) -> Result<Vec<LookAlike>> {
    match kind {
        Kind::Household => households_like(store, &Face::of(&serde_json::from_value(draft)?), own.unwrap_or_default()),
        Kind::Visit => visits_like(store, &serde_json::from_value(draft)?, own.unwrap_or_default()),
        Kind::Project => projects_like(store, &serde_json::from_value(draft)?, own.unwrap_or_default()),
        _ => Ok(Vec::new()),
    }
}

/// Households that have something in common with one, but those that are known to be others.
pub fn households_like(store: Store<'_>, face: &Face, own: Id) -> Result<Vec<LookAlike>> {
    compared(store, face, candidates(store, face, own, Wanted::Everybody)?)
}

/// Those of which it is worth asking whether they are the same as one that is stored already: namesakes are not looked for.
pub fn likely_twins(store: Store<'_>, face: &Face, own: Id) -> Result<Vec<LookAlike>> {
    let mut found = compared(store, face, candidates(store, face, own, Wanted::TwinsOfStored)?)?;
    found.retain(|alike| is_worth_asking(&alike.reasons));
    Ok(found)
}

fn compared(store: Store<'_>, face: &Face, candidates: Vec<Id>) -> Result<Vec<LookAlike>> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(Id, Vec<Reason>)> = pairs::faces(store, &candidates)?
        .into_iter()
        .map(|(id, other)| (id, face.reasons(&other)))
        .filter(|(_, reasons)| !reasons.is_empty())
        .collect();
    found.sort_by_key(|(id, reasons)| (reasons.first().map(weight), *id));
    found.truncate(MOST);
    named(store, Kind::Household, found)
}

/// Where a reason stands among the others.
fn weight(reason: &Reason) -> u8 {
    match reason {
        Reason::SameIdNumber { .. } => 0,
        Reason::SameNumber => 1,
        Reason::SamePersonNumber { .. } => 2,
        Reason::SameHeadSameVillage { .. } => 3,
        Reason::SamePersonSameVillage { .. } => 4,
        Reason::SameVisit | Reason::SameProject => 5,
        Reason::Namesake { .. } => 6,
    }
}

fn named(store: Store<'_>, kind: Kind, found: Vec<(Id, Vec<Reason>)>) -> Result<Vec<LookAlike>> {
    let records: Vec<RecordRef> = found.iter().map(|(id, _)| RecordRef { kind, id: *id }).collect();
    let titles = store.titles(&records)?;
    let reasons = |id: Id| found.iter().find(|(each, _)| *each == id).map(|(_, reasons)| reasons.clone()).unwrap_or_default();
    Ok(titles.into_iter().map(|record| LookAlike { reasons: reasons(record.id), record }).collect())
}

/// Who is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Everybody, also heads who share but their name: they are told apart in the answer.
    Everybody,
    /// Who may be the same, of a household that is stored: its 户编号 and 身份证号 are nobody else's, or it would not be.
    TwinsOfStored,
}

/// Whom the indices name: by number wherever they live, by name in the village. Two with a number each are one by that only.
fn candidates(store: Store<'_>, face: &Face, own: Id, wanted: Wanted) -> Result<Vec<Id>> {
    const BY_NUMBER: &str = "SELECT id FROM household WHERE ext_no = ?1 AND ext_no <> '' AND deleted_at IS NULL";
    const BY_ID_NUMBER: &str = "SELECT household_id FROM member WHERE id_number = ?1 AND id_number <> ''";
    const BY_PERSON_NUMBER: &str = "SELECT household_id FROM member WHERE ext_no = ?1 AND ext_no <> ''";
    const BY_NAME: &str = "SELECT m.household_id FROM member m CROSS JOIN household h ON h.id = m.household_id
        WHERE m.name_key = ?1 AND h.village_id = ?2 AND h.deleted_at IS NULL LIMIT 50";
    const BY_NAME_UNNUMBERED: &str = "SELECT m.household_id FROM member m CROSS JOIN household h ON h.id = m.household_id
        WHERE m.name_key = ?1 AND m.id_number = '' AND h.village_id = ?2 AND h.deleted_at IS NULL LIMIT 50";
    const ANYBODY_UNNUMBERED: &str = "SELECT 1 FROM member WHERE id_number = '' LIMIT 1";
    const BY_HEAD: &str = "SELECT m.household_id FROM member m CROSS JOIN household h ON h.id = m.household_id
        WHERE m.name_key = ?1 AND h.village_id = ?2 AND h.deleted_at IS NULL AND m.relation = 'head' LIMIT 5";
    let by_number = |sql: &str, number: &str| match number {
        "" => Ok(Vec::new()),
        number => ids(store, sql, &[value_of(&number)]),
    };
    let by_unique = |sql: &str, number: &str| match wanted {
        Wanted::Everybody => by_number(sql, number),
        Wanted::TwinsOfStored => Ok(Vec::new()),
    };
    // Mostly everybody has a number, and that is asked once.
    let is_unnumbered = store.connection.prepare_cached(ANYBODY_UNNUMBERED)?.exists([])?;
    let mut found = by_unique(BY_NUMBER, &face.ext_no)?;
    for person in &face.people {
        found.extend(by_unique(BY_ID_NUMBER, &person.id_number)?);
        found.extend(by_number(BY_PERSON_NUMBER, &person.ext_no)?);
        if person.key.is_empty() {
            continue;
        }
        let place = [value_of(&person.key), value_of(&face.village)];
        if person.id_number.is_empty() {
            found.extend(ids(store, BY_NAME, &place)?);
        } else if is_unnumbered {
            found.extend(ids(store, BY_NAME_UNNUMBERED, &place)?);
        }
        if person.is_head && wanted == Wanted::Everybody {
            found.extend(ids(store, BY_HEAD, &place)?);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|id| *id != own);
    if !found.is_empty() {
        let others = pairs::known_others(store, own)?;
        found.retain(|id| !others.contains(id));
    }
    Ok(found)
}

fn ids(store: Store<'_>, sql: &str, params: &[Value]) -> Result<Vec<Id>> {
    let mut statement = store.connection.prepare_cached(sql)?;
    let found = statement.query_map(params_from_iter(params), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The other household in which a person of this number is registered.
pub(super) fn registered_elsewhere(store: Store<'_>, id_number: &str, own: Id) -> Result<Option<RecordRef>> {
    let sql = "SELECT m.household_id FROM member m JOIN household h ON h.id = m.household_id
        WHERE m.id_number = ?1 AND m.id_number <> '' AND m.household_id <> ?2 AND h.deleted_at IS NULL";
    household(store, sql, id_number, own)
}

/// The household that a question about a number finds, other than one.
fn household(store: Store<'_>, sql: &str, number: &str, other_than: Id) -> Result<Option<RecordRef>> {
    let found = store.connection.prepare_cached(sql)?.query_row(params![number, other_than], |row| row.get(0)).optional()?;
    Ok(found.map(|id| RecordRef { kind: Kind::Household, id }))
}

/// The other household of this 户编号.
pub(super) fn numbered_alike(store: Store<'_>, ext_no: &str, own: Id) -> Result<Option<RecordRef>> {
    let sql = "SELECT id FROM household WHERE ext_no = ?1 AND ext_no <> '' AND id <> ?2 AND deleted_at IS NULL";
    household(store, sql, ext_no, own)
}

/// A visit that a colleague may have entered too: the same day, way and household. To be noticed, never refused: a team may
/// knock twice.
fn visits_like(store: Store<'_>, draft: &Visit, own: Id) -> Result<Vec<LookAlike>> {
    let households: Vec<Id> = draft.household_ids.iter().map(|household| household.household_id).collect();
    let sql = "SELECT DISTINCT r.id FROM visit r JOIN visit_household x ON x.visit_id = r.id
        WHERE r.day = ?1 AND r.mode = ?2 AND r.id <> ?3 AND r.deleted_at IS NULL
        AND x.household_id IN (SELECT value FROM json_each(?4)) ORDER BY r.id LIMIT 20";
    let params = [value_of(&draft.day), value_of(&draft.mode), value_of(&own), value_of(&json!(households).to_string())];
    let found = ids(store, sql, &params)?;
    named(store, Kind::Visit, found.into_iter().map(|id| (id, vec![Reason::SameVisit])).collect())
}

/// A project of the same name and year.
fn projects_like(store: Store<'_>, draft: &Project, own: Id) -> Result<Vec<LookAlike>> {
    let key = fold_name(&draft.name);
    let year = |project: &Project| project.impl_year.or(project.plan_year);
    let is_same = |other: &Project| {
        !key.is_empty() && fold_name(&other.name) == key && (year(other) == year(draft) || year(other).or(year(draft)).is_none())
    };
    let all = store.all::<Project>()?;
    let found = all.into_iter().filter(|other| other.id != own && is_same(&other.draft));
    named(store, Kind::Project, found.map(|other| (other.id, vec![Reason::SameProject])).collect())
}

/// The name of a household's head, as its members have it.
const HEAD_OF: &str =
    "(SELECT m.name FROM member m WHERE m.household_id = household.id AND m.relation = 'head' ORDER BY m.position LIMIT 1)";

/// Fills the names anew: of a ledger that was written before they were kept, or whose names do not fit its people.
pub(crate) fn fill_keys(connection: &Connection) -> Result<()> {
    connection.execute(&format!("UPDATE household SET head = {HEAD_OF} WHERE head IS NOT {HEAD_OF}"), [])?;
    let mut statement = connection.prepare("SELECT rowid, name, name_key FROM member")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let people = rows.collect::<rusqlite::Result<Vec<(i64, String, Option<String>)>>>()?;
    let mut update = connection.prepare("UPDATE member SET name_key = ?2 WHERE rowid = ?1")?;
    for (rowid, name, kept) in people {
        let key = name_key(&name);
        if kept.as_ref() != Some(&key) {
            update.execute(params![rowid, key])?;
        }
    }
    Ok(())
}

/// Households whose kept names are not those of their people.
pub(crate) fn households_with_stale_keys(connection: &Connection) -> Result<BTreeSet<Id>> {
    let mut stale = BTreeSet::new();
    let mut statement = connection.prepare("SELECT household_id, name, name_key FROM member")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if row.get::<_, Option<String>>(2)? != Some(name_key(&row.get::<_, String>(1)?)) {
            stale.insert(row.get(0)?);
        }
    }
    let mut statement = connection.prepare(&format!("SELECT id FROM household WHERE head IS NOT {HEAD_OF}"))?;
    for id in statement.query_map([], |row| row.get::<_, Id>(0))? {
        stale.insert(id?);
    }
    Ok(stale)
}
