//! 查重: all pairs of households of the ledger that may be one, and those of which somebody said that they are not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use super::face::{Face, Person, Reason, is_worth_asking, name_key};
use super::weight;
use crate::error::Result;
use crate::records::household::HEAD;
use crate::records::{Kind, RecordRef};
use crate::storage::{Ledger, RecordTitle, Store};
use crate::value::Id;

/// Two households that may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinPair")]
pub struct Pair {
    /// The one that was entered first.
    pub left: RecordTitle,
    /// The other.
    pub right: RecordTitle,
    /// Why, gravest first; people are counted on the left.
    pub reasons: Vec<Reason>,
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinPairs")]
pub struct Pairs {
    /// Pairs to look at, likeliest first.
    pub open: Vec<Pair>,
    /// Pairs of which somebody said 不是重复.
    pub dismissed: Vec<Pair>,
    /// Pairs to look at beyond those shown.
    pub left_out: u32,
}

/// Most pairs of a page; who has more should not begin by reading them one by one.
const MOST: usize = 300;
/// Most candidates that names alone make: a ledger without ID numbers has namesakes without end.
const MOST_BY_NAME: u32 = 20_000;

type Couple = (Id, Id);

impl Store<'_> {
    /// All pairs of households that may be one.
    pub fn twins(self) -> Result<Pairs> {
        let (open, dismissed) = self.sorted_twins()?;
        let left_out = u32::try_from(open.len().saturating_sub(MOST)).unwrap_or(u32::MAX);
        let shown = |couples: Vec<(Couple, Vec<Reason>)>| self.titled(couples.into_iter().take(MOST).collect());
        Ok(Pairs { open: shown(open)?, dismissed: shown(dismissed)?, left_out })
    }

    /// How many pairs are to be looked at.
    pub fn twin_count(self) -> Result<u32> {
        Ok(u32::try_from(self.sorted_twins()?.0.len()).unwrap_or(u32::MAX))
    }

    /// Pairs to look at and pairs that were dismissed, likeliest first.
    #[allow(clippy::type_complexity)]
    fn sorted_twins(self) -> Result<(Vec<(Couple, Vec<Reason>)>, Vec<(Couple, Vec<Reason>)>)> {
        let couples = couples(self)?;
        let ids: BTreeSet<Id> = couples.iter().flat_map(|(one, other)| [*one, *other]).collect();
        let faces: HashMap<Id, Face> = faces(self, &ids.into_iter().collect::<Vec<_>>())?.into_iter().collect();
        let mut found: Vec<(Couple, Vec<Reason>)> = couples
            .into_iter()
            .filter_map(|(one, other)| Some(((one, other), faces.get(&one)?.reasons(faces.get(&other)?))))
            .filter(|(_, reasons)| is_worth_asking(reasons))
            .collect();
        found.sort_by_key(|(couple, reasons)| (reasons.first().map(weight), *couple));
        let dismissed = dismissed(self)?;
        Ok(found.into_iter().partition(|(couple, _)| !dismissed.contains(couple)))
    }

    fn titled(self, couples: Vec<(Couple, Vec<Reason>)>) -> Result<Vec<Pair>> {
        let refs = couples.iter().flat_map(|((one, other), _)| [*one, *other]).map(|id| RecordRef { kind: Kind::Household, id });
        let titles: HashMap<Id, RecordTitle> =
            self.titles(&refs.collect::<Vec<_>>())?.into_iter().map(|title| (title.id, title)).collect();
        let pair = |((one, other), reasons): (Couple, Vec<Reason>)| {
            Some(Pair { left: titles.get(&one)?.clone(), right: titles.get(&other)?.clone(), reasons })
        };
        Ok(couples.into_iter().filter_map(pair).collect())
    }
}

impl Ledger {
    /// Says of two households that they are not one (不是重复), or takes that back. It is no record: nothing of the
    /// households changes.
    pub fn set_not_twins(&mut self, one: Id, other: Id, are_two: bool) -> Result<()> {
        let sql = if are_two {
            "INSERT OR IGNORE INTO not_twins (one, other) VALUES (?1, ?2)"
        } else {
            "DELETE FROM not_twins WHERE one = ?1 AND other = ?2"
        };
        if one != other {
            self.writable()?.prepare_cached(sql)?.execute(params![one.min(other), one.max(other)])?;
        }
        Ok(())
    }
}

fn dismissed(store: Store<'_>) -> Result<BTreeSet<Couple>> {
    let mut statement = store.connection.prepare_cached("SELECT one, other FROM not_twins")?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The households that are known not to be this one.
pub(super) fn known_others(store: Store<'_>, own: Id) -> Result<BTreeSet<Id>> {
    let found = dismissed(store)?.into_iter().filter_map(|(one, other)| match own {
        own if own == one => Some(other),
        own if own == other => Some(one),
        _ => None,
    });
    Ok(found.collect())
}

/// Whom the indices name as pairs. Of two people with a number each, only the number can make them one; so names need
/// looking at only where a number is missing.
fn couples(store: Store<'_>) -> Result<BTreeSet<Couple>> {
    const BY_ID_NUMBER: &str = "SELECT a.household_id, b.household_id FROM member a JOIN member b ON b.id_number = a.id_number
        WHERE b.id_number <> '' AND a.id_number IN (SELECT id_number FROM member WHERE id_number <> '' GROUP BY id_number HAVING count(*) > 1)
        AND a.id_number <> '' AND a.household_id < b.household_id";
    const BY_PERSON_NUMBER: &str = "SELECT a.household_id, b.household_id FROM member a JOIN member b ON b.ext_no = a.ext_no
        WHERE b.ext_no <> '' AND a.ext_no IN (SELECT ext_no FROM member WHERE ext_no <> '' GROUP BY ext_no HAVING count(*) > 1)
        AND a.ext_no <> '' AND a.household_id < b.household_id";
    let by_name = format!(
        "SELECT a.household_id, b.household_id FROM member a CROSS JOIN household g ON g.id = a.household_id
         CROSS JOIN member b ON b.name_key = a.name_key AND b.household_id <> a.household_id
         CROSS JOIN household h ON h.id = b.household_id
         WHERE a.id_number = '' AND a.name_key <> '' AND g.village_id = h.village_id AND g.deleted_at IS NULL AND h.deleted_at IS NULL
         LIMIT {MOST_BY_NAME}"
    );
    let mut found = BTreeSet::new();
    for sql in [BY_ID_NUMBER, BY_PERSON_NUMBER, &by_name] {
        let mut statement = store.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Id>(0)?, row.get::<_, Id>(1)?)))?;
        for row in rows {
            let (one, other) = row?;
            found.insert((one.min(other), one.max(other)));
        }
    }
    Ok(found)
}

/// Households outside the recycle bin by what tells them apart, in the order of their ids.
pub(super) fn faces(store: Store<'_>, ids: &[Id]) -> Result<Vec<(Id, Face)>> {
    let wanted = json!(ids).to_string();
    let mut statement = store.connection.prepare_cached(
        "SELECT id, village_id, ext_no FROM household WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(?1))",
    )?;
    let face = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(Id, Face)> {
        Ok((row.get(0)?, Face { village: row.get(1)?, ext_no: row.get(2)?, people: Vec::new() }))
    };
    let mut faces: BTreeMap<Id, Face> = statement.query_map([&wanted], face)?.collect::<rusqlite::Result<_>>()?;
    let mut statement = store.connection.prepare_cached(
        "SELECT household_id, name, id_number, ext_no, relation, birth, sex FROM member
         WHERE household_id IN (SELECT value FROM json_each(?1)) ORDER BY household_id, position",
    )?;
    let mut rows = statement.query([&wanted])?;
    while let Some(row) = rows.next()? {
        let Some(face) = faces.get_mut(&row.get(0)?) else { continue };
        let name: String = row.get(1)?;
        let relation: String = row.get(4)?;
        face.people.push(Person {
            key: name_key(&name),
            name,
            id_number: row.get(2)?,
            ext_no: row.get(3)?,
            is_head: relation == HEAD,
            birth: row.get(5)?,
            sex: row.get(6)?,
        });
    }
    Ok(faces.into_iter().collect())
}
