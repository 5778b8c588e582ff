//! The index in the ledger's file: a row a record with its folded texts, and the full-text table of its words. Written in the
//! transaction that changes the record, so the two are never apart; made anew where it is missing or of another version.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Statement, TransactionBehavior, params};

use super::grams::Words;
use super::searched::{BETWEEN, Entry, Searched};
use super::{ORDER, VERSION};
use crate::beside::beside;
use crate::error::Result;
use crate::records::{Kind, Record, for_each_kind};
use crate::storage::{Store, value_of};
use crate::value::{Id, Spelled};

/// `search_gram` keeps no text, no positions and no sizes, only which rows have which words.
pub(crate) const TABLES: &str = "
CREATE TABLE search_state (
    version TEXT NOT NULL
) STRICT;
CREATE TABLE search_text (
    place INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL UNIQUE CHECK (length(record_id) = 36),
    names TEXT NOT NULL,
    texts TEXT NOT NULL,
    numbers TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search_gram USING fts5(words, content='', columnsize=0, detail=none, tokenize=\"ascii tokenchars '-_#'\");
INSERT INTO search_gram (search_gram, rank) VALUES ('hashsize', 8388608);
";

/// A record's place is its row's number. Read downwards, places give the order in which records are shown: kind by kind,
/// what is foremost, then the latest day.
const KIND_STEP: i64 = 1 << 32;
const FOREMOST_STEP: i64 = 1 << 31;
/// As many records of a day have their places before they run over into the next.
const DAY_STEP: i64 = 1 << 10;
/// Records that are indexed anew at a time.
const BATCH: usize = 2000;
/// So many records at once are worth a thread.
const MANY: usize = 200;

/// What became of a record in a transaction: nothing where it lies in the bin.
pub(crate) struct Indexed {
    id: Id,
    kind: Kind,
    entry: Option<Entry>,
}

/// What the index is to keep of a record; nothing for kinds that are not searched.
pub(crate) fn record<R: Record>(id: Id, draft: &R, deleted: bool) -> Option<Indexed> {
    rank(R::KIND)?;
    Some(Indexed { id, kind: R::KIND, entry: (!deleted).then(|| entry_of(draft)) })
}

/// Merges the index, so that words of what was taken out are really gone and not just marked so.
pub(crate) fn optimise(connection: &Connection) -> Result<()> {
    connection.execute("INSERT INTO search_gram (search_gram) VALUES ('optimize')", [])?;
    Ok(())
}

pub(super) fn entry_of<R: Record>(draft: &R) -> Entry {
    let mut searched = Searched::default();
    draft.search(&mut searched);
    Entry::of(&searched)
}

pub(super) fn rank(kind: Kind) -> Option<i64> {
    let at = ORDER.iter().position(|each| *each == kind)?;
    i64::try_from(ORDER.len() - at).ok()
}

/// First and last place of a kind.
pub(super) fn places(kind: Kind) -> (i64, i64) {
    let rank = rank(kind).unwrap_or_default();
    (rank * KIND_STEP, (rank + 1) * KIND_STEP - 1)
}

/// The kind of the record at a place.
pub(super) fn kind_at(place: i64) -> Option<Kind> {
    let rank = usize::try_from(place / KIND_STEP).ok()?;
    ORDER.get(ORDER.len().checked_sub(rank)?).copied()
}

/// The place from which a record looks for its own, and how many belong to its day.
fn room(kind: Kind, entry: &Entry) -> (i64, i64) {
    let first = places(kind).0 + if entry.foremost { FOREMOST_STEP } else { 0 };
    match entry.day {
        None => (first, FOREMOST_STEP),
        Some(day) => (first + day_number(day) * DAY_STEP, DAY_STEP),
    }
}

fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()).clamp(1, FOREMOST_STEP / DAY_STEP - 1)
}

/// Lets SQL ask whether letters spell one of the names.
pub(crate) fn prepare(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("spells", 2, flags, |context| {
        let (names, letters) = (context.get_raw(0).as_str()?, context.get_raw(1).as_str()?);
        Ok(names.split(BETWEEN).any(|name| Spelled::of(name).holds(letters)))
    })?;
    Ok(())
}

/// Makes the index anew where the ledger has none of this version.
pub(crate) fn bring_up_to_date(connection: &mut Connection) -> Result<()> {
    let found: Option<String> = connection.query_row("SELECT version FROM search_state", [], |row| row.get(0)).optional()?;
    if found.as_deref() == Some(version().as_str()) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    rebuild(Store::inside(&transaction))?;
    transaction.commit()?;
    Ok(())
}

/// Another order of kinds is another index.
pub(super) fn version() -> String {
    let kinds: Vec<&str> = ORDER.iter().map(|kind| kind.word()).collect();
    format!("{VERSION} {}", kinds.join(" "))
}

pub(crate) fn rebuild(store: Store<'_>) -> Result<()> {
    let connection = store.connection;
    connection.execute("INSERT INTO search_gram (search_gram) VALUES ('delete-all')", [])?;
    connection.execute("DELETE FROM search_text", [])?;
    // The lowest places first: the full-text table likes its rows in order.
    for kind in ORDER.iter().rev() {
        for_each_kind!(*kind, R => rebuild_kind::<R>(store)?);
    }
    connection.execute("DELETE FROM search_state", [])?;
    connection.execute("INSERT INTO search_state (version) VALUES (?1)", [version()])?;
    Ok(())
}

fn rebuild_kind<R: Record>(store: Store<'_>) -> Result<()> {
    let spec = R::LIST;
    let sql = format!("SELECT r.id FROM {} WHERE r.deleted_at IS NULL ORDER BY {}, r.id", spec.from, spec.day);
    let mut statement = store.connection.prepare(&sql)?;
    let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Id>>>()?;
    for batch in ids.chunks(BATCH) {
        let batch = value_of(&serde_json::to_string(batch)?);
        let records = store.load::<R>("r.id IN (SELECT value FROM json_each(?1))", &[batch])?;
        write(store.connection, records.into_iter().filter_map(|stored| record(stored.id, &stored.draft, false)), &|_| Ok(()))?;
    }
    Ok(())
}

impl Store<'_> {
    /// Takes the changes of a transaction into the index. While their words are found there is time for something else: after
    /// each record `meanwhile` is told how many were written before; answers with how often that was. A damaged index is made
    /// anew rather than keep a record from being saved.
    pub(crate) fn index(self, changed: Vec<Indexed>, meanwhile: &dyn Fn(usize) -> rusqlite::Result<()>) -> Result<usize> {
        if changed.is_empty() {
            return Ok(0);
        }
        let connection = self.connection;
        connection.prepare_cached("SAVEPOINT search")?.execute([])?;
        let times = match write(connection, changed.into_iter(), meanwhile) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                // What was done meanwhile is taken back as well.
                connection.prepare_cached("ROLLBACK TO search")?.execute([])?;
                rebuild(self)?;
                0
            }
            done => done?,
        };
        connection.prepare_cached("RELEASE search")?.execute([])?;
        Ok(times)
    }
}

/// What is to be done to the full-text table. It is done in the order of places: out of order, every row would become a
/// part of the table by itself.
enum Work {
    Remove(Entry),
    Add(Entry),
}

impl Work {
    fn entry(&self) -> &Entry {
        let (Work::Remove(entry) | Work::Add(entry)) = self;
        entry
    }

    fn is_added(&self) -> bool {
        matches!(self, Work::Add(_))
    }
}

fn write(
    connection: &Connection,
    changed: impl Iterator<Item = Indexed>,
    meanwhile: &dyn Fn(usize) -> rusqlite::Result<()>,
) -> rusqlite::Result<usize> {
    let work = work_of(connection, changed)?;
    if work.len() < MANY {
        let mut words = Words::default();
        for (place, work) in &work {
            let mut statement = connection.prepare_cached(if work.is_added() { ADD } else { REMOVE })?;
            put(&mut statement, *place, &words.of(work.entry()))?;
        }
        return Ok(0);
    }
    let words = || {
        let mut words = Words::default();
        work.iter().map(move |(_, work)| words.of(work.entry()))
    };
    beside(words, |ready| {
        let (mut add, mut remove) = (connection.prepare_cached(ADD)?, connection.prepare_cached(REMOVE)?);
        for (nth, ((place, work), words)) in work.iter().zip(ready).enumerate() {
            put(if work.is_added() { &mut add } else { &mut remove }, *place, &words)?;
            meanwhile(nth)?;
        }
        Ok(work.len())
    })
}

/// Places the records, and tells what that means for the full-text table, in its order.
fn work_of(connection: &Connection, changed: impl Iterator<Item = Indexed>) -> rusqlite::Result<Vec<(i64, Work)>> {
    let mut wanted: Vec<Indexed> = changed.map(|each| (each.id, each)).collect::<BTreeMap<_, _>>().into_values().collect();
    wanted.sort_by_key(|each| each.entry.as_ref().map(|entry| room(each.kind, entry).0));
    let mut taken = HashMap::new();
    let mut work: Vec<(i64, Work)> = Vec::new();
    let mut insert = connection
        .prepare_cached("INSERT INTO search_text (place, record_id, names, texts, numbers) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for Indexed { id, kind, entry } in wanted {
        let before = kept(connection, id)?;
        let first = entry.as_ref().map(|entry| room(kind, entry));
        let stays = before.as_ref().zip(first).filter(|((place, _), (first, room))| (*first..*first + *room).contains(place));
        let stays = stays.map(|((place, _), _)| *place);
        if let (Some(_), Some((_, before)), Some(entry)) = (stays, &before, &entry)
            && (&before.names, &before.texts, &before.numbers) == (&entry.names, &entry.texts, &entry.numbers)
        {
            continue;
        }
        if let Some((place, before)) = before {
            connection.prepare_cached("DELETE FROM search_text WHERE place = ?1")?.execute([place])?;
            work.push((place, Work::Remove(before)));
        }
        if let Some((entry, (first, room))) = entry.zip(first) {
            let place = match stays {
                Some(place) => place,
                None => free_place(connection, &mut taken, first, room)?,
            };
            insert.execute(params![place, id, entry.names, entry.texts, entry.numbers])?;
            work.push((place, Work::Add(entry)));
        }
    }
    work.sort_by_key(|(place, work)| (*place, work.is_added()));
    Ok(work)
}

const ADD: &str = "INSERT INTO search_gram (rowid, words) VALUES (?1, ?2)";
const REMOVE: &str = "INSERT INTO search_gram (search_gram, rowid, words) VALUES ('delete', ?1, ?2)";

fn put(statement: &mut Statement<'_>, place: i64, words: &str) -> rusqlite::Result<()> {
    statement.execute(params![place, words]).map(drop)
}

/// What the index holds of a record.
pub(super) fn kept(connection: &Connection, id: Id) -> rusqlite::Result<Option<(i64, Entry)>> {
    let sql = "SELECT place, names, texts, numbers FROM search_text WHERE record_id = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let entry = Entry { names: row.get(1)?, texts: row.get(2)?, numbers: row.get(3)?, ..Entry::default() };
        Ok((row.get(0)?, entry))
    };
    connection.prepare_cached(sql)?.query_row([id], read).optional()
}

/// The place after the last one of the day, or, where the day is full, the next that is free.
fn free_place(connection: &Connection, taken: &mut HashMap<i64, i64>, first: i64, room: i64) -> rusqlite::Result<i64> {
    let last = match taken.get(&first) {
        Some(last) => Some(*last),
        None => connection
            .prepare_cached("SELECT max(place) FROM search_text WHERE place >= ?1 AND place < ?2")?
            .query_row([first, first + room], |row| row.get(0))?,
    };
    let free = match last {
        None => first,
        Some(last) if last + 1 < first + room => last + 1,
        Some(last) => connection
            .prepare_cached(
                "SELECT t.place + 1 FROM search_text t WHERE t.place >= ?1
                 AND NOT EXISTS (SELECT 1 FROM search_text n WHERE n.place = t.place + 1) ORDER BY t.place LIMIT 1",
            )?
            .query_row([last], |row| row.get(0))?,
    };
    taken.insert(first, free);
    Ok(free)
}
