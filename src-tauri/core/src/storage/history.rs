//! The change log: what every operation changed, before and after; undo and history read it.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ledger::Op;
use super::rows::value_of;
use super::store::Store;
use super::tx::Snapshot;
use crate::error::Result;
use crate::records::Kind;
use crate::value::Id;

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

/// One step in a record's life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryEntry {
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
    /// A [`Snapshot`] as it lies in the log: an import holds many thousands of them.
    pub before: Option<String>,
    pub after: String,
}

impl Store<'_> {
    /// Whether the ledger was made as the sample: its first record came with that operation.
    pub fn is_sample(self) -> Result<bool> {
        let sql = "SELECT count(*) FROM operation WHERE seq <= 2 AND name = ?1";
        Ok(self.count(sql, &[value_of(&Op::Sample.name())])? > 0)
    }

    /// A record's life, latest first.
    pub fn history(self, kind: Kind, id: Id) -> Result<Vec<HistoryEntry>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.name, o.at, o.device, o.member_id, c.before, c.after
             FROM change c JOIN operation o USING (seq) WHERE c.kind = ?1 AND c.record_id = ?2 ORDER BY c.seq DESC",
        )?;
        let rows = statement.query_map(params![kind.word(), id], |row| {
            Ok((
                HistoryEntry {
                    name: row.get(0)?,
                    at: row.get(1)?,
                    device: row.get(2)?,
                    member_id: row.get(3)?,
                    before: None,
                    after: serde_json::Value::Null,
                },
                row.get::<_, Option<String>>(4)?,
                row.get::<_, String>(5)?,
            ))
        })?;
        rows.map(|row| {
            let (entry, before, after) = row?;
            let draft = |json: &str| serde_json::from_str::<Snapshot>(json).map(|snapshot| snapshot.draft);
            Ok(HistoryEntry { before: before.as_deref().map(draft).transpose()?, after: draft(&after)?, ..entry })
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
