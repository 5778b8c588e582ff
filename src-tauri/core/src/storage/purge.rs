//! 彻底删除: records leave the recycle bin for good. Their rows, parts, pictures and drafts go, and so does what the change log
//! kept of them; what stays is a line that says when, by whom and how many.

use std::collections::BTreeSet;

use chrono::SecondsFormat;
use rusqlite::{Connection, TransactionBehavior, params};

use super::frozen::reports_showing;
use super::ledger::Ledger;
use super::op::Op;
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::{Kind, Record, RecordRef, for_each_kind};
use crate::search;

const REFERRED: &str = "还有别的记录提到要删的内容（可能也在回收站里），请先彻底删除那些记录";

const SHOWN: &str = "其中有照片用在已签发的报告里。彻底删除后，那份报告就导不出原样了；确实要删，请先删除那份报告";

impl Ledger {
    /// Deletes records of the recycle bin, all or none. It cannot be undone, and nothing before it can be from then on.
    pub fn purge(&mut self, records: &[RecordRef]) -> Result<BTreeSet<Kind>> {
        let Some(first) = records.first() else { return Ok(BTreeSet::new()) };
        let name = format!("{}（{}条）", Op::Purge(first.kind).name(), records.len());
        let gone = self.for_good(&name, |connection| {
            let mut gone = Vec::new();
            for record in records {
                for_each_kind!(record.kind, R => in_bin::<R>(connection, *record)?);
                gone.extend(photos_of(connection, *record)?);
                gone.push(*record);
            }
            not_frozen(connection, &gone)?;
            gone.iter().try_for_each(|record| remove(connection, *record))?;
            Ok(gone)
        })?;
        Ok(gone.into_iter().map(|record| record.kind).collect())
    }

    /// Changes the ledger with a line in the log and no way back.
    fn for_good(&mut self, name: &str, work: impl FnOnce(&Connection) -> Result<Vec<RecordRef>>) -> Result<Vec<RecordRef>> {
        let (at, device, member) = (self.now(), self.device().to_owned(), self.member());
        let at = at.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true);
        let changed = self.wiping(|ledger| {
            let transaction = ledger.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.pragma_update(None, "defer_foreign_keys", true)?;
            let changed = work(&transaction)?;
            let line = "INSERT INTO operation (name, at, device, member_id) VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(line, params![name, at, device, member])?;
            if transaction.prepare("PRAGMA foreign_key_check")?.exists([])? {
                return Err(Error::NotNow(REFERRED));
            }
            search::optimise(&transaction)?;
            transaction.commit()?;
            Ok(changed)
        })?;
        self.changed_for_good(&changed);
        Ok(changed)
    }

    /// Does the work, and then writes the whole file anew: what earlier changes left behind between the rows goes as well.
    /// Where there is no room for that the work is done all the same, and the rest goes with the next writing.
    pub(super) fn wiping<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.holds()?;
        let done = work(self)?;
        let _ = self.become_keyed(self.key.clone());
        Ok(done)
    }
}

fn in_bin<R: Record>(connection: &Connection, record: RecordRef) -> Result<()> {
    let found = Store::inside(connection).get::<R>(record.id)?;
    if found.meta.deleted_at.is_some() { Ok(()) } else { Err(Error::NotNow("只有回收站里的记录才能彻底删除")) }
}

/// A photo in the text of a finalised report stays as long as the report: else it could not be exported as it was.
fn not_frozen(connection: &Connection, gone: &[RecordRef]) -> Result<()> {
    for photo in gone.iter().filter(|record| record.kind == Kind::Attachment) {
        let reports = reports_showing(connection, photo.id)?;
        if reports.iter().any(|report| !gone.contains(&RecordRef { kind: Kind::Report, id: *report })) {
            return Err(Error::NotNow(SHOWN));
        }
    }
    Ok(())
}

fn photos_of(connection: &Connection, record: RecordRef) -> Result<Vec<RecordRef>> {
    let mut statement = connection.prepare_cached("SELECT id FROM attachment WHERE owner_kind = ?1 AND owner_id = ?2")?;
    let photos = statement.query_map(params![record.kind, record.id], |row| row.get(0))?;
    let photos = photos.map(|id| Ok(RecordRef { kind: Kind::Attachment, id: id? }));
    photos.collect()
}

fn remove(connection: &Connection, record: RecordRef) -> Result<()> {
    let RecordRef { kind, id } = record;
    for (table, column) in parts_of(connection, kind)? {
        connection.execute(&format!("DELETE FROM \"{table}\" WHERE \"{column}\" = ?1"), [id])?;
    }
    connection.execute(&format!("DELETE FROM \"{}\" WHERE id = ?1", kind.table()), [id])?;
    for sql in [
        "DELETE FROM change WHERE kind = ?1 AND record_id = ?2",
        "DELETE FROM kept_warning WHERE kind = ?1 AND record_id = ?2",
        // Of its form, and of a report's blocks, whose names stand behind the id.
        "DELETE FROM draft WHERE key = ?1 || ':' || ?2 OR key LIKE ?1 || ':' || ?2 || ' %'",
    ] {
        connection.execute(sql, params![kind, id])?;
    }
    connection.execute("DELETE FROM not_twins WHERE one = ?1 OR other = ?1", [id])?;
    Ok(())
}

/// The tables that hold parts of a kind of record, with the column that names their record: of several references, a part's
/// first is to what it belongs to.
fn parts_of(connection: &Connection, kind: Kind) -> Result<Vec<(String, String)>> {
    let sql = "SELECT t.name, c.name, f.\"table\" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
        JOIN pragma_table_info(t.name) c ON c.name = f.\"from\" WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, c.cid";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let references = rows.collect::<rusqlite::Result<Vec<(String, String, String)>>>()?;
    let is_record = |table: &str| Kind::ALL.iter().any(|kind| kind.table() == table);
    let mut seen = BTreeSet::new();
    let owners = references.into_iter().filter(|(table, ..)| !is_record(table) && seen.insert(table.clone()));
    Ok(owners.filter(|(_, _, owner)| owner == kind.table()).map(|(table, column, _)| (table, column)).collect())
}
