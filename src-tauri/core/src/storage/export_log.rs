//! 导出登记: what left the ledger, when, by whom and how masked; and who asked to see covered numbers. Never changed.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ledger::Ledger;
use super::numbers::{SHOWN, record_of};
use super::store::Store;
use crate::error::Result;
use crate::records::RecordRef;
use crate::records::report::ReportMasking;
use crate::value::Id;

pub(super) const TABLES: &str = "
CREATE TABLE export_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    device TEXT NOT NULL,
    member_id TEXT,
    what TEXT NOT NULL CHECK (what IN ('report', 'review', 'form')),
    title TEXT NOT NULL,
    masking TEXT NOT NULL CHECK (masking IN ('internal', 'township', 'public')),
    formats TEXT NOT NULL
) STRICT;
";

/// Lists and albums of photos leave the ledger as well. A rule of a column cannot be changed, so the table is made anew.
pub(super) const MORE_KINDS: &str = "
CREATE TABLE export_log_now (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    device TEXT NOT NULL,
    member_id TEXT,
    what TEXT NOT NULL CHECK (what IN ('report', 'review', 'form', 'list', 'album')),
    title TEXT NOT NULL,
    masking TEXT NOT NULL CHECK (masking IN ('internal', 'township', 'public')),
    formats TEXT NOT NULL
) STRICT;
INSERT INTO export_log_now SELECT seq, at, device, member_id, what, title, masking, formats FROM export_log;
DROP TABLE export_log;
ALTER TABLE export_log_now RENAME TO export_log;
";

/// Step 4: whole ledgers and years leave as well. Which kinds of export there are is the program's to know, so that the next
/// one needs no new table.
pub(super) const ANY_KIND: &str = "
CREATE TABLE export_log_now (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    device TEXT NOT NULL,
    member_id TEXT,
    what TEXT NOT NULL CHECK (length(what) > 0),
    title TEXT NOT NULL,
    masking TEXT NOT NULL CHECK (masking IN ('internal', 'township', 'public')),
    formats TEXT NOT NULL
) STRICT;
INSERT INTO export_log_now SELECT seq, at, device, member_id, what, title, masking, formats FROM export_log;
DROP TABLE export_log;
ALTER TABLE export_log_now RENAME TO export_log;
";

/// One export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportEntry {
    /// When, RFC 3339.
    pub at: String,
    /// On which device.
    pub device: String,
    /// 队员 who was typing, where known.
    pub member_id: Option<Id>,
    /// `report`, `review`, `form`, `list`, `album`, `handover`, `archive` or `marked_copy`; `numbers` where numbers were looked at.
    pub what: String,
    /// Title of what was exported, or where numbers were looked at.
    pub title: String,
    /// The record whose numbers were looked at, where it was one.
    pub record: Option<RecordRef>,
    /// 脱敏方式.
    pub masking: ReportMasking,
    /// The formats, such as `docx,pdf`; empty where nothing was exported.
    pub formats: String,
}

impl Ledger {
    /// Notes an export; answers with the note's number.
    pub fn note_export(&mut self, what: &str, title: &str, masking: ReportMasking, formats: &str) -> Result<i64> {
        let at = self.now().to_rfc3339();
        let (device, member) = (self.device().to_owned(), self.member());
        let sql =
            "INSERT INTO export_log (at, device, member_id, what, title, masking, formats) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![at, device, member, what, title, masking, formats];
        Ok(self.writable()?.prepare_cached(sql)?.insert(values)?)
    }

    /// Takes back the note of an export that came to nothing.
    pub fn forget_export(&mut self, number: i64) -> Result<()> {
        self.writable()?.prepare_cached("DELETE FROM export_log WHERE seq = ?1")?.execute([number])?;
        Ok(())
    }
}

impl Store<'_> {
    /// All exports, the latest first.
    pub fn exports(self) -> Result<Vec<ExportEntry>> {
        let sql = "SELECT at, device, member_id, what, title, masking, formats FROM export_log ORDER BY seq DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let entries = statement.query_map([], |row| {
            let (what, formats): (String, String) = (row.get(3)?, row.get(6)?);
            let record = record_of(&what, &formats);
            Ok(ExportEntry {
                at: row.get(0)?,
                device: row.get(1)?,
                member_id: row.get(2)?,
                formats: if what == SHOWN { String::new() } else { formats },
                what,
                title: row.get(4)?,
                record,
                masking: row.get(5)?,
            })
        })?;
        Ok(entries.collect::<rusqlite::Result<_>>()?)
    }
}
