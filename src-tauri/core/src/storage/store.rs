//! Reading the ledger.

use std::cell::RefCell;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::list::shown;
use super::list_memory::ListMemory;
use super::rows::{Cells, LIVE, Loaded, Row, quoted, value_of};
use crate::error::{Error, Result};
use crate::records::{Kind, Record, for_each_kind};
use crate::value::Id;

/// What every record's row carries beside its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Meta {
    /// 1 at first, one more at each change; what a merge of two laptops compares.
    #[ts(type = "number")]
    pub version: i64,
    /// Moment of creation, RFC 3339 in UTC.
    pub created_at: String,
    /// Moment of the last change.
    pub updated_at: String,
    /// 队员 who made it, where known.
    pub created_by: Option<Id>,
    /// Device on which it was made.
    pub created_device: String,
    /// 队员 of the last change, where known.
    pub updated_by: Option<Id>,
    /// Device of the last change.
    pub updated_device: String,
    /// `typed`, or the import batch.
    pub origin: String,
    /// Since when the record lies in the recycle bin.
    pub deleted_at: Option<String>,
}

/// A stored record: id, envelope, content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Stored<R> {
    /// The record's id.
    pub id: Id,
    /// Its envelope.
    pub meta: Meta,
    /// Its content, as the form edits it.
    pub draft: R,
}

impl<R> Stored<R> {
    /// Content that no ledger holds: a report compiled once for a script.
    pub fn unsaved(draft: R) -> Self {
        Stored::bare(Id::default(), draft)
    }

    /// A record whose envelope was not read.
    fn bare(id: Id, draft: R) -> Self {
        let meta = Meta {
            version: 0,
            created_at: String::new(),
            updated_at: String::new(),
            created_by: None,
            created_device: String::new(),
            updated_by: None,
            updated_device: String::new(),
            origin: String::new(),
            deleted_at: None,
        };
        Stored { id, meta, draft }
    }
}

/// One entry of the recycle bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BinEntry {
    /// The kind.
    pub kind: Kind,
    /// The record.
    pub id: Id,
    /// How the record is called.
    pub title: String,
    /// Since when it lies in the bin.
    pub deleted_at: String,
}

pub(super) const ENVELOPE: &[&str] = &[
    "id",
    "version",
    "created_at",
    "updated_at",
    "created_by",
    "created_device",
    "updated_by",
    "updated_device",
    "origin",
    "deleted_at",
];

/// Columns that every record's table begins with.
macro_rules! envelope {
    () => {
        "id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
         version INTEGER NOT NULL CHECK (version >= 1),
         created_at TEXT NOT NULL,
         updated_at TEXT NOT NULL,
         created_by TEXT,
         created_device TEXT NOT NULL,
         updated_by TEXT,
         updated_device TEXT NOT NULL,
         origin TEXT NOT NULL,
         deleted_at TEXT,"
    };
}
pub(crate) use envelope;

/// Read access, inside or outside a transaction.
#[derive(Clone, Copy)]
pub struct Store<'c> {
    pub(crate) connection: &'c Connection,
    /// What the lists remember of the committed state; nothing inside a transaction.
    pub(super) lists: Option<&'c RefCell<ListMemory>>,
}

impl<'c> Store<'c> {
    /// Read access inside a transaction, where lists remember nothing.
    pub(crate) fn inside(connection: &'c Connection) -> Self {
        Store { connection, lists: None }
    }

    /// Reads several things of one moment.
    pub(super) fn at_one_moment<T>(
        connection: &Connection,
        lists: Option<&RefCell<ListMemory>>,
        work: impl FnOnce(Store<'_>) -> Result<T>,
    ) -> Result<T> {
        let transaction = connection.unchecked_transaction()?;
        let value = work(Store { connection: &transaction, lists })?;
        transaction.finish()?;
        Ok(value)
    }

    /// One record, also from the recycle bin.
    pub fn get<R: Record>(self, id: Id) -> Result<Stored<R>> {
        self.find::<R>(id)?.ok_or(Error::NotFound(R::KIND))
    }

    /// One record if it exists.
    pub fn find<R: Record>(self, id: Id) -> Result<Option<Stored<R>>> {
        Ok(self.load("r.id = ?1", &[value_of(&id)])?.pop())
    }

    /// All records outside the recycle bin, oldest first.
    pub fn all<R: Record>(self) -> Result<Vec<Stored<R>>> {
        self.load(LIVE, &[])
    }

    /// All records outside the recycle bin, oldest first, without their envelopes: what figures are counted from.
    pub(crate) fn all_bare<R: Record>(self) -> Result<Vec<Stored<R>>> {
        self.load_bare(LIVE, &[])
    }

    /// The records that fulfil a condition on their table, which is called `r`. For the record files only.
    pub(crate) fn load<R: Record>(self, condition: &str, params: &[Value]) -> Result<Vec<Stored<R>>> {
        self.load_as::<R>(ENVELOPE, condition, params, read_stored::<R>, R::load_parts)
    }

    /// The same without their envelopes.
    pub(crate) fn load_bare<R: Record>(self, condition: &str, params: &[Value]) -> Result<Vec<Stored<R>>> {
        self.load_as::<R>(&["id"], condition, params, read_bare::<R>, R::load_parts)
    }

    /// As [`Store::all_bare`], with some of the records' parts and no others.
    pub(crate) fn all_in_part<R: Record>(self, parts: impl Fn(&mut Loaded<'_, R>) -> Result<()>) -> Result<Vec<Stored<R>>> {
        self.load_as::<R>(&["id"], LIVE, &[], read_bare::<R>, parts)
    }

    fn load_as<R: Record>(
        self,
        envelope: &[&str],
        condition: &str,
        params: &[Value],
        read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<Stored<R>>,
        parts: impl Fn(&mut Loaded<'_, R>) -> Result<()>,
    ) -> Result<Vec<Stored<R>>> {
        let sql = format!(
            "SELECT {}, {} FROM \"{}\" r WHERE {condition} ORDER BY id",
            quoted(envelope),
            quoted(R::COLUMNS),
            R::KIND.table()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(params))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(read(row)?);
        }
        let mut loaded = Loaded { connection: self.connection, table: R::KIND.table(), condition, params, records };
        if !loaded.records.is_empty() {
            parts(&mut loaded)?;
        }
        Ok(loaded.records)
    }

    /// Everything in the recycle bin, latest first.
    pub fn bin(self) -> Result<Vec<BinEntry>> {
        let mut entries = Vec::new();
        for kind in Kind::ALL {
            let (list, in_bin) = for_each_kind!(*kind, R => (R::LIST, R::IN_BIN));
            let sql = format!("SELECT r.id, {}, r.deleted_at FROM {} WHERE {in_bin}", list.title, list.from);
            let mut statement = self.connection.prepare(&sql)?;
            let found = statement.query_map([], |row| {
                Ok(BinEntry { kind: *kind, id: row.get(0)?, title: shown(row.get(1)?), deleted_at: row.get(2)? })
            })?;
            for entry in found {
                entries.push(entry?);
            }
        }
        entries.sort_by(|a, b| b.deleted_at.cmp(&a.deleted_at).then(a.id.cmp(&b.id)));
        Ok(entries)
    }

    /// A single number. For the record files only.
    pub(crate) fn count(self, sql: &str, params: &[Value]) -> Result<i64> {
        let found = self.connection.prepare_cached(sql)?.query_row(params_from_iter(params), |row| row.get(0)).optional()?;
        Ok(found.unwrap_or(0))
    }
}

fn read_bare<R: Record>(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored<R>> {
    let mut cells = Cells::from(row, 0);
    Ok(Stored::bare(cells.take()?, <R as Row>::read(&mut cells)?))
}

fn read_stored<R: Record>(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored<R>> {
    let mut cells = Cells::from(row, 0);
    Ok(Stored {
        id: cells.take()?,
        meta: Meta {
            version: cells.take()?,
            created_at: cells.take()?,
            updated_at: cells.take()?,
            created_by: cells.take()?,
            created_device: cells.take()?,
            updated_by: cells.take()?,
            updated_device: cells.take()?,
            origin: cells.take()?,
            deleted_at: cells.take()?,
        },
        draft: <R as Row>::read(&mut cells)?,
    })
}
