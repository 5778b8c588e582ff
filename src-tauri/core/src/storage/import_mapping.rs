//! How the columns of a workbook were read last time, remembered by its headings, so that next month's sheet is read alike.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::store::Store;
use crate::error::{Error, Result};

pub(super) const TABLES: &str = "
CREATE TABLE import_mapping (
    fingerprint TEXT PRIMARY KEY CHECK (length(fingerprint) BETWEEN 1 AND 100),
    mapping TEXT NOT NULL CHECK (json_valid(mapping)),
    used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Longest mapping that is kept, in bytes.
const LONGEST: usize = 1 << 20;

/// A remembered mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportMapping {
    /// What the headings are recognised by.
    pub fingerprint: String,
    /// The mapping as JSON; the importer's own format.
    pub mapping: String,
}

impl Ledger {
    /// Keeps a mapping in place of an earlier one for the same headings.
    pub fn put_import_mapping(&mut self, kept: &ImportMapping) -> Result<()> {
        if kept.mapping.len() > LONGEST {
            return Err(Error::BadInput("列对应过长".to_owned()));
        }
        let now = self.now().to_rfc3339();
        let sql = "INSERT INTO import_mapping (fingerprint, mapping, used_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (fingerprint) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at";
        self.writable()?.prepare_cached(sql)?.execute(params![kept.fingerprint, kept.mapping, now])?;
        Ok(())
    }
}

impl Store<'_> {
    /// The mapping that was used last for these headings.
    pub fn import_mapping(self, fingerprint: &str) -> Result<Option<String>> {
        let sql = "SELECT mapping FROM import_mapping WHERE fingerprint = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([fingerprint], |row| row.get(0)).optional()?)
    }
}
