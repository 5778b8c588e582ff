//! The change log: what every operation changed, before and after; undo and history read it.

use std::collections::BTreeSet;

use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::op::Op;
use super::rows::value_of;
use super::snapshot;
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::{Kind, RecordRef, for_each_kind};
use crate::value::{Id, cover_change, cover_content};

/// Tables of the change log, and of the reasons given for kept warnings.
pub(super) const TABLES: &str = "
CREATE TABLE operation (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    device TEXT NOT NULL,
    member_id TEXT,
    reverts INTEGER REFERENCES operation (seq)
) STRICT;
CREATE TABLE change (
    seq INTEGER NOT NULL REFERENCES operation (seq),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL CHECK (length(record_id) = 36),
    version INTEGER NOT NULL CHECK (version >= 1),
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT NOT NULL CHECK (json_valid(after)),
    PRIMARY KEY (seq, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_by_record ON change (kind, record_id, seq);
CREATE TABLE kept_warning (
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    code TEXT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) > 0),
    PRIMARY KEY (kind, record_id, code, field)
) STRICT, WITHOUT ROWID;
";

/// Lines of the change log are too long for a tree of keys: most of what a page of it held was room that nothing else could use.
pub(super) const ROWS: &str = "
CREATE TABLE logged (
    seq INTEGER NOT NULL REFERENCES operation (seq),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL CHECK (length(record_id) = 36),
    version INTEGER NOT NULL CHECK (version >= 1),
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT NOT NULL CHECK (json_valid(after)),
    PRIMARY KEY (seq, position)
) STRICT;
INSERT INTO logged SELECT seq, position, kind, record_id, version, before, after FROM change ORDER BY seq, position;
DROP TABLE change;
ALTER TABLE logged RENAME TO change;
CREATE INDEX change_by_record ON change (kind, record_id, seq);
";

/// One step in a record's life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryEntry {
    /// Number of the operation.
    #[ts(type = "number")]
    pub seq: i64,
    /// What was done, such as 修改走访.
    pub name: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// On which device.
    pub device: String,
    /// 队员, where known.
    pub member_id: Option<Id>,
    /// The record's content before; nothing at its creation.
    #[ts(type = "unknown")]
    pub before: Option<serde_json::Value>,
    /// The record's content after.
    #[ts(type = "unknown")]
    pub after: serde_json::Value,
    /// Whether that is what the latest step left.
    pub is_latest: bool,
}

/// One logged step of a record, with the fields that it changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LoggedChange {
    /// What was done, such as 修改走访.
    pub name: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// 队员, where known.
    pub member_id: Option<Id>,
    /// The fields, with what they held before and after; none where the record was made, deleted or restored.
    pub fields: Vec<ChangedField>,
}

/// A field of a record that was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangedField {
    /// Name of the field.
    pub field: String,
    /// What it held.
    #[ts(type = "unknown")]
    pub before: serde_json::Value,
    /// What it holds.
    #[ts(type = "unknown")]
    pub after: serde_json::Value,
}

/// A record's content as a line of the log tells it.
fn content(kind: Kind, line: &str) -> Result<serde_json::Value> {
    for_each_kind!(kind, R => snapshot::content::<R>(line))
}

fn changed_fields(before: Option<&serde_json::Value>, after: &serde_json::Value) -> Vec<ChangedField> {
    let (Some(before), Some(now)) = (before.and_then(|draft| draft.as_object()), after.as_object()) else { return Vec::new() };
    let changed = now.iter().filter(|(field, value)| before.get(*field) != Some(value));
    changed
        .map(|(field, value)| ChangedField {
            field: field.clone(),
            before: before.get(field).cloned().unwrap_or_default(),
            after: value.clone(),
        })
        .collect()
}

/// What undo and redo would do next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoState {
    /// Name of the operation that 撤销 takes back.
    pub undo: Option<String>,
    /// Name of the operation that 重做 does again.
    pub redo: Option<String>,
}

/// One change as logged.
pub(super) struct Change {
    pub kind: Kind,
    pub id: Id,
    pub version: i64,
    /// A state as it lies in the log: an import holds many thousands of them.
    pub before: Option<String>,
    pub after: String,
}

impl Store<'_> {
    /// Whether the ledger was made as the sample: its first record came with that operation.
    pub fn is_sample(self) -> Result<bool> {
        let sql = "SELECT count(*) FROM operation WHERE seq <= 2 AND name = ?1";
        Ok(self.count(sql, &[value_of(&Op::Sample.name())])? > 0)
    }

    /// A record's life as it is shown: numbers are covered.
    pub fn history_shown(self, kind: Kind, id: Id) -> Result<Vec<HistoryEntry>> {
        let mut entries = self.history(kind, id)?;
        for entry in &mut entries {
            match &mut entry.before {
                Some(before) => cover_change(before, &mut entry.after),
                None => cover_content(&mut entry.after),
            }
        }
        Ok(entries)
    }

    /// A record's content as an operation left it.
    pub fn content_after(self, kind: Kind, id: Id, seq: i64) -> Result<serde_json::Value> {
        let found = self.history(kind, id)?.into_iter().find(|entry| entry.seq == seq);
        Ok(found.ok_or(Error::NotFound(kind))?.after)
    }

    /// A record's life, latest first.
    pub fn history(self, kind: Kind, id: Id) -> Result<Vec<HistoryEntry>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.name, o.at, o.device, o.member_id, c.before, c.after, c.seq
             FROM change c JOIN operation o USING (seq) WHERE c.kind = ?1 AND c.record_id = ?2 ORDER BY c.seq DESC",
        )?;
        let rows = statement.query_map(params![kind.word(), id], |row| {
            Ok((
                HistoryEntry {
                    seq: row.get(6)?,
                    name: row.get(0)?,
                    at: row.get(1)?,
                    device: row.get(2)?,
                    member_id: row.get(3)?,
                    before: None,
                    after: serde_json::Value::Null,
                    is_latest: false,
                },
                row.get::<_, Option<String>>(4)?,
                row.get::<_, String>(5)?,
            ))
        })?;
        let entries = rows.map(|row| {
            let (entry, before, after) = row?;
            let content = |line: &str| content(kind, line);
            Ok(HistoryEntry { before: before.as_deref().map(content).transpose()?, after: content(&after)?, ..entry })
        });
        let mut entries = entries.collect::<Result<Vec<_>>>()?;
        let latest = entries.first().map(|entry| entry.after.clone());
        entries.iter_mut().for_each(|entry| entry.is_latest = latest.as_ref() == Some(&entry.after));
        Ok(entries)
    }

    /// Number of the last operation in the log.
    pub fn last_operation(self) -> Result<i64> {
        self.count("SELECT coalesce(max(seq), 0) FROM operation", &[])
    }

    /// Records that any operation after one has changed.
    pub fn changed_since(self, seq: i64) -> Result<BTreeSet<RecordRef>> {
        let mut statement = self.connection.prepare_cached("SELECT DISTINCT kind, record_id FROM change WHERE seq > ?1")?;
        let found = statement.query_map([seq], |row| Ok(RecordRef { kind: row.get(0)?, id: row.get(1)? }))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// What happened to a record after an operation, latest first.
    pub fn logged_since(self, record: RecordRef, seq: i64) -> Result<Vec<LoggedChange>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.name, o.at, o.member_id, c.before, c.after
             FROM change c JOIN operation o USING (seq) WHERE c.kind = ?1 AND c.record_id = ?2 AND c.seq > ?3 ORDER BY c.seq DESC",
        )?;
        let rows = statement.query_map(params![record.kind.word(), record.id, seq], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?, row.get::<_, String>(4)?))
        })?;
        rows.map(|row| {
            let (name, at, member_id, before, after) = row?;
            let before = before.as_deref().map(|line| content(record.kind, line)).transpose()?;
            let fields = changed_fields(before.as_ref(), &content(record.kind, &after)?);
            Ok(LoggedChange { name, at, member_id, fields })
        })
        .collect()
    }

    /// The changes of one operation, last first: the order in which they are taken back.
    pub(super) fn changes_backwards(self, seq: i64) -> Result<Vec<Change>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT kind, record_id, version, before, after FROM change WHERE seq = ?1 ORDER BY position DESC")?;
        let rows = statement.query_map([seq], |row| {
            Ok(Change { kind: row.get(0)?, id: row.get(1)?, version: row.get(2)?, before: row.get(3)?, after: row.get(4)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
