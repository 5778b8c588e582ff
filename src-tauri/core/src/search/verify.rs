//! Holding the index against what it was made from: a record at a time, and its words as a whole.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::OptionalExtension;

use super::grams::Words;
use super::index::{entry_of, kept, kind_at, places, rank, version};
use super::searched::Entry;
use crate::error::Result;
use crate::records::{Kind, Record};
use crate::storage::Store;
use crate::value::Id;

/// Whether the index has of a record what it should: its texts where it is live, nothing where it lies in the bin.
pub(crate) fn knows<R: Record>(store: Store<'_>, id: Id, draft: &R, is_deleted: bool) -> Result<bool> {
    if rank(R::KIND).is_none() {
        return Ok(true);
    }
    let found = kept(store.connection, id)?;
    if is_deleted {
        return Ok(found.is_none());
    }
    let wanted = entry_of(draft);
    let fits = |found: &Entry| (&found.names, &found.texts, &found.numbers) == (&wanted.names, &wanted.texts, &wanted.numbers);
    Ok(found.is_some_and(|(place, found)| kind_at(place) == Some(R::KIND) && fits(&found)))
}

/// What the index has of a kind of which there is no record; nothing where the id cannot be read.
pub(crate) fn strays(store: Store<'_>, kind: Kind) -> Result<Vec<Option<Id>>> {
    if rank(kind).is_none() {
        return Ok(Vec::new());
    }
    let (first, last) = places(kind);
    let sql = format!(
        "SELECT s.record_id FROM search_text s WHERE s.place BETWEEN ?1 AND ?2
         AND NOT EXISTS (SELECT 1 FROM \"{}\" r WHERE r.id = s.record_id)",
        kind.table()
    );
    let mut statement = store.connection.prepare(&sql)?;
    let found = statement.query_map([first, last], |row| row.get::<_, String>(0))?;
    Ok(found.map(|id| id.map(|id| Id::parse(&id))).collect::<rusqlite::Result<_>>()?)
}

/// Whether the full-text table holds the words of the index's rows, no more and no fewer. It cannot be asked what it holds
/// of a row, so that both sides are added up: as many pairs of word and row, and the same sum of what stands for them.
pub(crate) fn words_agree(store: Store<'_>) -> Result<bool> {
    let connection = store.connection;
    let found: Option<String> = connection.query_row("SELECT version FROM search_state", [], |row| row.get(0)).optional()?;
    if found.as_deref() != Some(version().as_str()) {
        return Ok(false);
    }
    let (mut wanted, mut words_of) = (Sum::default(), Words::default());
    let mut statement = connection.prepare("SELECT place, names, texts, numbers FROM search_text")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = Entry { names: row.get(1)?, texts: row.get(2)?, numbers: row.get(3)?, ..Entry::default() };
        let words = words_of.of(&entry);
        let words: BTreeSet<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let place = row.get(0)?;
        words.into_iter().for_each(|word| wanted.add(word, place));
    }
    let mut found = Sum::default();
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_word USING fts5vocab('main', 'search_gram', 'instance')",
    )?;
    let mut statement = connection.prepare("SELECT term, doc FROM temp.search_word")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.add(row.get_ref(0)?.as_str().unwrap_or_default(), row.get(1)?);
    }
    Ok(wanted == found)
}

/// What stands for a set of pairs, in whatever order they come.
#[derive(Default, PartialEq, Eq)]
struct Sum {
    pairs: u64,
    sum: u64,
}

impl Sum {
    fn add(&mut self, word: &str, place: i64) {
        let mut hasher = DefaultHasher::new();
        (word, place).hash(&mut hasher);
        self.pairs += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}
