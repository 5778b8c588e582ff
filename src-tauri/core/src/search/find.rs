//! Asking the index: which records a typed text finds.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::fold::{digits, fold};
use super::hit::Hit;
use super::{ORDER, grams, index, letters};
use crate::error::Result;
use crate::records::Kind;
use crate::storage::Store;
use crate::value::{Id, Spelled, typed_letters};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// Only one kind; nothing for all, the first of each.
    pub kind: Option<Kind>,
    /// Records of that kind to skip.
    pub offset: u32,
    /// Most records of each kind to answer.
    pub limit: u32,
    /// Where counting the records of a kind stops.
    pub count_to: u32,
    /// Whether numbers of persons (身份证号, telephone, account) are searched. Not while they are locked.
    pub numbers: bool,
}

impl Search {
    /// The first records of each kind, for the window.
    pub fn all(text: &str) -> Self {
        Search { text: text.to_owned(), kind: None, offset: 0, limit: 5, count_to: 200, numbers: true }
    }

    /// More records of one kind.
    pub fn of(text: &str, kind: Kind, offset: u32) -> Self {
        Search { kind: Some(kind), offset, limit: 50, ..Search::all(text) }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Found {
    /// By kind, in the order in which they are shown; kinds without a record are left out.
    pub groups: Vec<FoundGroup>,
}

/// Records of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundGroup {
    /// The kind.
    pub kind: Kind,
    /// The records asked for.
    pub hits: Vec<Hit>,
    /// How many there are, as far as they were counted.
    pub total: u32,
    /// Whether there are more than counted.
    pub more: bool,
}

/// Of the first records of a kind that has no days, those whose name fits best come first.
const RANKED: usize = 50;

/// A typed text, ready for the index.
pub(super) struct Asked {
    /// Folded.
    pub text: String,
    /// Its letters if it can spell a name.
    pub letters: Option<String>,
    /// Its digits if it can be a part of a number.
    pub digits: Option<String>,
    condition: String,
    /// Whether the words of the index say all.
    exact: bool,
}

impl Asked {
    fn of(typed: &str, numbers: bool) -> Option<Self> {
        let text = fold(typed);
        if text.is_empty() {
            return None;
        }
        let (words, mut exact) = grams::asked(&text);
        let mut condition = words.join(" AND ");
        let letters = typed_letters(typed);
        if let Some(letters) = &letters {
            condition = format!("({condition}) OR {}", letters::condition(letters));
            exact = false;
        }
        let digits = digits(&text).filter(|_| numbers);
        if let Some(digits) = &digits {
            let (words, enough) = grams::asked_number(digits);
            condition = format!("({condition}) OR ({})", words.join(" AND "));
            exact &= enough;
        }
        Some(Asked { text, letters, digits, condition, exact })
    }

    /// The query for places between ?2 and ?3, last first, and its parameters from ?4 on.
    fn sql(&self) -> (String, Vec<Value>) {
        let mut from = "";
        let mut params = Vec::new();
        let mut looks = Vec::new();
        if !self.exact {
            from = " CROSS JOIN search_text s ON s.place = g.rowid";
            let mut look = |value: &String, sql: &str| {
                params.push(Value::Text(value.clone()));
                looks.push(sql.replace('?', &format!("?{}", params.len() + 3)));
            };
            look(&self.text, "instr(s.texts, ?) OR instr(s.names, ?)");
            self.letters.iter().for_each(|letters| look(letters, "spells(s.names, ?)"));
            self.digits.iter().for_each(|digits| look(digits, "instr(s.numbers, ?)"));
        }
        let look = if looks.is_empty() { String::new() } else { format!(" AND ({})", looks.join(" OR ")) };
        let sql = format!(
            "SELECT g.rowid FROM search_gram g{from} WHERE g.search_gram MATCH ?1 AND g.rowid BETWEEN ?2 AND ?3{look}
             ORDER BY g.rowid DESC"
        );
        (sql, params)
    }
}

/// Places of one kind, as far as they are wanted.
struct Places {
    kind: Kind,
    wanted: Vec<i64>,
    total: u32,
    more: bool,
}

impl Store<'_> {
    /// Finds records. See [`crate::search`] for what is found.
    pub fn search(self, search: &Search) -> Result<Found> {
        let Some(asked) = Asked::of(&search.text, search.numbers) else { return Ok(Found::default()) };
        let mut found = Found::default();
        for Places { kind, mut wanted, total, more } in places(self.connection, &asked, search)? {
            if search.offset == 0 {
                self.best_first(&asked, kind, &mut wanted)?;
            }
            wanted.truncate(size(search.limit));
            let hits = self.hits(&asked, kind, &wanted)?;
            found.groups.push(FoundGroup { kind, hits, total, more });
        }
        Ok(found)
    }

    /// Every record that is found, without looking at it: for measuring and tests.
    #[doc(hidden)]
    pub fn search_ids(self, search: &Search) -> Result<Vec<Id>> {
        let Some(asked) = Asked::of(&search.text, search.numbers) else { return Ok(Vec::new()) };
        let search = Search { limit: u32::MAX, ..search.clone() };
        let found = places(self.connection, &asked, &search)?;
        let mut statement = self.connection.prepare_cached("SELECT record_id FROM search_text WHERE place = ?1")?;
        let ids = found.iter().flat_map(|of_kind| &of_kind.wanted).map(|place| statement.query_row([place], |row| row.get(0)));
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Records found by name come before those found by a word in a text; days already give the other kinds an order.
    fn best_first(self, asked: &Asked, kind: Kind, wanted: &mut [i64]) -> Result<()> {
        if !matches!(
            kind,
            Kind::Household | Kind::Village | Kind::TeamMember | Kind::SupportUnit | Kind::Project | Kind::Programme
        ) {
            return Ok(());
        }
        let mut statement = self.connection.prepare_cached("SELECT names FROM search_text WHERE place = ?1")?;
        let mut fits = Vec::new();
        for place in wanted.iter().take(RANKED) {
            let names: String = statement.query_row([place], |row| row.get(0))?;
            fits.push((fit(asked, &names), *place));
        }
        fits.sort_by_key(|(fit, _)| *fit);
        for (to, (_, place)) in wanted.iter_mut().zip(fits) {
            *to = place;
        }
        Ok(())
    }
}

/// 0: a name is what was typed; 1: a name begins so; 2: a name holds it; 3: found otherwise.
fn fit(asked: &Asked, names: &str) -> u8 {
    let of_name = |name: &str| {
        let spelled = asked.letters.as_deref().map(|letters| (Spelled::of(name), letters));
        if name == asked.text || spelled.as_ref().is_some_and(|(name, letters)| name.is(letters)) {
            0
        } else if name.starts_with(&asked.text) {
            1
        } else if name.contains(&asked.text) || spelled.is_some_and(|(name, letters)| name.holds(letters)) {
            2
        } else {
            3
        }
    };
    names.split(super::searched::BETWEEN).map(of_name).min().unwrap_or(3)
}

/// Walks down the places. Where a kind has given enough, the walk goes on at the next kind.
fn places(connection: &Connection, asked: &Asked, search: &Search) -> Result<Vec<Places>> {
    let (sql, more_params) = asked.sql();
    let (lowest, mut highest) = search.kind.map_or((0, i64::MAX), index::places);
    let keep = size(search.limit).max(RANKED);
    let mut found: Vec<Places> = Vec::new();
    let mut statement = connection.prepare_cached(&sql)?;
    'walk: loop {
        let mut params = vec![Value::Text(asked.condition.clone()), lowest.into(), highest.into()];
        params.extend(more_params.iter().cloned());
        let mut rows = statement.query(params_from_iter(params))?;
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(0)?;
            let Some(kind) = index::kind_at(place) else { continue };
            if found.last().is_none_or(|last| last.kind != kind) {
                found.push(Places { kind, wanted: Vec::new(), total: 0, more: false });
            }
            let Some(here) = found.last_mut() else { continue };
            if here.total >= search.count_to.max(search.offset.saturating_add(search.limit)) {
                here.more = true;
                highest = index::places(kind).0 - 1;
                continue 'walk;
            }
            here.total += 1;
            if here.total > search.offset && here.wanted.len() < keep {
                here.wanted.push(place);
            }
        }
        return Ok(found);
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The condition that a record of a kind (whose table is called `r`) has a name that the typed letters spell, with its
/// parameters numbered from `next`; nothing where no letters were typed.
pub(crate) fn names_by_letters(kind: Kind, typed: &str, next: usize) -> Option<(String, [Value; 2])> {
    let letters = typed_letters(typed).filter(|_| ORDER.contains(&kind))?;
    let (first, last) = index::places(kind);
    let sql = format!(
        "r.id IN (SELECT s.record_id FROM search_gram g CROSS JOIN search_text s ON s.place = g.rowid
         WHERE g.search_gram MATCH ?{next} AND g.rowid BETWEEN {first} AND {last} AND spells(s.names, ?{}))",
        next + 1
    );
    Some((sql, [Value::Text(letters::condition(&letters)), Value::Text(letters)]))
}
