//! What lies beside the records of a report: the frozen content of finalised ones, kept under its own SHA-256 so that undo and
//! redo of 签发 find it again; and marks of how the figures stood when somebody last looked. Neither is part of the change log.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::ledger::Ledger;
use super::rows::value_of;
use super::store::Store;
use super::tx::Tx;
use crate::error::Result;
use crate::records::{Kind, RecordRef};
use crate::value::Id;

pub(super) const TABLES: &str = "
CREATE TABLE frozen_report (
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
    report_id TEXT NOT NULL REFERENCES report (id),
    seq INTEGER NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    PRIMARY KEY (fingerprint, report_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_mark (
    report_id TEXT NOT NULL REFERENCES report (id),
    mark TEXT NOT NULL CHECK (mark IN ('seen', 'exported')),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    PRIMARY KEY (report_id, mark)
) STRICT, WITHOUT ROWID;
";

/// Step 3: what was seen lies apart, so that the pages can be compared with it at every look: the figures are small without
/// the records behind them, and those are read only when somebody asks why.
pub(super) const SEEN: &str = "
CREATE TABLE report_seen (
    report_id TEXT PRIMARY KEY NOT NULL REFERENCES report (id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    records TEXT NOT NULL CHECK (json_valid(records))
) STRICT, WITHOUT ROWID;
INSERT INTO report_seen (report_id, seq, at, figures, records)
    SELECT report_id, seq, at, figures, '{}' FROM report_mark WHERE mark = 'seen';
DELETE FROM report_mark WHERE mark = 'seen';
";

/// The frozen content of a finalised report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenContent {
    /// The last operation in the log when it was frozen.
    pub seq: i64,
    /// The JSON text that the fingerprint was taken of.
    pub content: String,
}

/// How a report's figures stood at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureMark {
    /// The last operation in the log at that moment.
    pub seq: i64,
    /// When, RFC 3339.
    pub at: String,
    /// The figures as JSON.
    pub figures: String,
}

impl Store<'_> {
    /// Whether such content was frozen of a report.
    pub(crate) fn has_frozen(self, fingerprint: &str, report: Id) -> Result<bool> {
        let sql = "SELECT count(*) FROM frozen_report WHERE fingerprint = ?1 AND report_id = ?2";
        Ok(self.count(sql, &[value_of(&fingerprint), value_of(&report)])? > 0)
    }

    /// What was frozen of a report.
    pub fn frozen(self, fingerprint: &str, report: Id) -> Result<Option<FrozenContent>> {
        let sql = "SELECT seq, content FROM frozen_report WHERE fingerprint = ?1 AND report_id = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement
            .query_row(params![fingerprint, report], |row| Ok(FrozenContent { seq: row.get(0)?, content: row.get(1)? }))
            .optional()?;
        Ok(found)
    }

    /// The versions of records that exist.
    pub fn versions(self, records: &[RecordRef]) -> Result<BTreeMap<RecordRef, i64>> {
        let mut found = BTreeMap::new();
        for kind in Kind::ALL.iter().filter(|kind| records.iter().any(|record| record.kind == **kind)) {
            let sql = format!("SELECT version FROM \"{}\" WHERE id = ?1", kind.table());
            let mut statement = self.connection.prepare_cached(&sql)?;
            for record in records.iter().filter(|record| record.kind == *kind) {
                if let Some(version) = statement.query_row([record.id], |row| row.get(0)).optional()? {
                    found.insert(*record, version);
                }
            }
        }
        Ok(found)
    }

    /// A mark of a report.
    pub fn report_mark(self, report: Id, mark: &str) -> Result<Option<FigureMark>> {
        let sql = "SELECT seq, at, figures FROM report_mark WHERE report_id = ?1 AND mark = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement
            .query_row(params![report, mark], |row| Ok(FigureMark { seq: row.get(0)?, at: row.get(1)?, figures: row.get(2)? }))
            .optional()?;
        Ok(found)
    }
}

impl Store<'_> {
    /// How a report's figures stood when somebody last said that they were seen.
    pub fn seen_figures(self, report: Id) -> Result<Option<FigureMark>> {
        let sql = "SELECT seq, at, figures FROM report_seen WHERE report_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement
            .query_row([report], |row| Ok(FigureMark { seq: row.get(0)?, at: row.get(1)?, figures: row.get(2)? }))
            .optional()?;
        Ok(found)
    }

    /// The records behind them, as JSON by figure.
    pub fn seen_records(self, report: Id) -> Result<String> {
        let sql = "SELECT records FROM report_seen WHERE report_id = ?1";
        let found = self.connection.prepare_cached(sql)?.query_row([report], |row| row.get(0)).optional()?;
        Ok(found.unwrap_or_else(|| "{}".to_owned()))
    }
}

/// The reports whose frozen text shows a photo.
pub(super) fn reports_showing(connection: &Connection, photo: Id) -> Result<Vec<Id>> {
    let sql = "SELECT DISTINCT f.report_id FROM frozen_report f, json_tree(f.content, '$.document.blocks') t
        WHERE t.key = 'id' AND t.value = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([photo], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

impl Tx<'_> {
    /// Keeps the frozen content of a report.
    pub(crate) fn freeze(&mut self, report: Id, fingerprint: &str, content: &str) -> Result<()> {
        let seq = self.last_operation()?;
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO frozen_report (fingerprint, report_id, seq, content) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![fingerprint, report, seq, content])?;
        Ok(())
    }
}

/// What somebody saw of a report's figures, as it is kept; undo of an acceptance brings back the one before.
#[derive(Debug, Clone)]
pub(crate) struct SeenState {
    /// The report.
    pub report: Id,
    /// The figures, bare.
    pub mark: FigureMark,
    /// The records behind them.
    pub records: String,
}

impl Ledger {
    /// What is kept of the last look at a report's figures.
    pub(super) fn seen_state(&self, report: Id) -> Result<Option<SeenState>> {
        let store = self.store();
        let Some(mark) = store.seen_figures(report)? else { return Ok(None) };
        Ok(Some(SeenState { report, mark, records: store.seen_records(report)? }))
    }

    pub(super) fn put_seen_state(&mut self, state: &SeenState) -> Result<()> {
        let SeenState { report, mark: FigureMark { seq, at, figures }, records } = state;
        let sql = "INSERT OR REPLACE INTO report_seen (report_id, seq, at, figures, records) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.writable()?.prepare_cached(sql)?.execute(params![report, seq, at, figures, records])?;
        Ok(())
    }

    /// Remembers what was seen of a report's figures, in place of what was before; `since` keeps the moment of an earlier look.
    /// Where an earlier look saw something else, this is a step that can be taken back.
    pub(crate) fn put_seen(&mut self, report: Id, figures: String, records: String, since: Option<FigureMark>) -> Result<()> {
        let (seq, at) = match since {
            Some(mark) => (mark.seq, mark.at),
            None => (self.store().last_operation()?, self.now().to_rfc3339()),
        };
        let before = self.seen_state(report)?.filter(|before| before.mark.figures != figures);
        self.put_seen_state(&SeenState { report, mark: FigureMark { seq, at, figures }, records })?;
        if let Some(before) = before {
            self.can_see_as_before(before);
        }
        Ok(())
    }

    /// Remembers how a report's figures stand, in place of an earlier mark: `exported`.
    pub(crate) fn put_mark(&mut self, report: Id, mark: &str, figures: &str) -> Result<()> {
        let (seq, now) = (self.store().last_operation()?, self.now().to_rfc3339());
        let sql = "INSERT OR REPLACE INTO report_mark (report_id, mark, seq, at, figures) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.writable()?.prepare_cached(sql)?.execute(params![report, mark, seq, now, figures])?;
        Ok(())
    }
}
