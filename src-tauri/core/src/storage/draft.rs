//! Drafts: what was typed and not yet saved. They lie in the ledger, so that they are as safe as records and move with it,
//! but outside the change log: a draft is nobody's statement yet.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ledger::Ledger;
use super::store::Store;
use crate::error::{Error, Result};

pub(super) const TABLES: &str = "
CREATE TABLE draft (
    key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 120),
    content TEXT NOT NULL,
    saved_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Longest draft that is kept, in bytes; a form of text is far below.
const LONGEST: usize = 4 << 20;

/// What was typed in one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Which form; the window's own naming.
    pub key: String,
    /// The form's content; the window's own format.
    pub content: String,
    /// When it was kept, RFC 3339.
    pub saved_at: String,
}

impl Ledger {
    /// Keeps a draft in place of an earlier one of the same key.
    pub fn put_draft(&mut self, key: &str, content: &str) -> Result<()> {
        if key.is_empty() || key.chars().count() > 120 || content.len() > LONGEST {
            return Err(Error::BadInput("草稿过长".to_owned()));
        }
        let now = self.now().to_rfc3339();
        let sql = "INSERT INTO draft (key, content, saved_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at";
        self.writable()?.prepare_cached(sql)?.execute(params![key, content, now])?;
        Ok(())
    }

    /// Forgets a draft: it was saved as a record, or thrown away.
    pub fn drop_draft(&mut self, key: &str) -> Result<()> {
        self.writable()?.prepare_cached("DELETE FROM draft WHERE key = ?1")?.execute([key])?;
        Ok(())
    }
}

impl Store<'_> {
    /// All drafts, the latest first.
    pub fn drafts(self) -> Result<Vec<Draft>> {
        let sql = "SELECT key, content, saved_at FROM draft ORDER BY saved_at DESC, key";
        let mut statement = self.connection.prepare_cached(sql)?;
        let drafts =
            statement.query_map([], |row| Ok(Draft { key: row.get(0)?, content: row.get(1)?, saved_at: row.get(2)? }))?;
        Ok(drafts.collect::<rusqlite::Result<_>>()?)
    }
}
