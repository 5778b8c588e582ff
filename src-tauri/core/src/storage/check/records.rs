//! Every record: whether it can be read, is as the change log left it, keeps the rules, and is known to the search.

use rusqlite::{OptionalExtension, params};

use super::{CheckCode, Look, is_of_the_file};
use crate::error::{Result, Severity};
use crate::records::{Check, Record};
use crate::search;
use crate::storage::rows::value_of;
use crate::storage::snapshot;
use crate::storage::store::Stored;
use crate::value::Id;

/// Records that are read at a time.
const BATCH: usize = 256;

pub(super) fn of_kind<R: Record>(look: &mut Look<'_>) -> Result<()> {
    let ids = ids::<R>(look)?;
    for batch in ids.chunks(BATCH) {
        match load::<R>(look, batch) {
            Ok(records) if records.len() == batch.len() => each(look, &records)?,
            // One by one, to say which of them cannot be read.
            _ => {
                for id in batch {
                    match load::<R>(look, &[*id]) {
                        Ok(record) if record.len() == 1 => each(look, &record)?,
                        _ => {
                            look.find(CheckCode::RecordUnreadable, Some(R::KIND), Some(*id));
                            look.step()?;
                        }
                    }
                }
            }
        }
    }
    gone::<R>(look)?;
    let strays = search::strays(look.store, R::KIND)?;
    strays.into_iter().for_each(|id| look.find(CheckCode::SearchIndex, Some(R::KIND), id));
    Ok(())
}

/// All ids of a table; one that is no id is a record that cannot be read.
fn ids<R: Record>(look: &mut Look<'_>) -> Result<Vec<Id>> {
    let mut statement = look.store.connection.prepare(&format!("SELECT id FROM \"{}\" ORDER BY rowid", R::KIND.table()))?;
    let texts = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut ids = Vec::with_capacity(texts.len());
    for text in texts {
        match Id::parse(&text) {
            Some(id) => ids.push(id),
            None => look.find(CheckCode::RecordUnreadable, Some(R::KIND), None),
        }
    }
    Ok(ids)
}

fn load<R: Record>(look: &Look<'_>, ids: &[Id]) -> Result<Vec<Stored<R>>> {
    look.store.load::<R>("r.id IN (SELECT value FROM json_each(?1))", &[value_of(&serde_json::to_string(ids)?)])
}

fn each<R: Record>(look: &mut Look<'_>, records: &[Stored<R>]) -> Result<()> {
    for record in records {
        logged(look, record)?;
        if record.meta.deleted_at.is_none() {
            rules(look, record)?;
        }
        let is_deleted = record.meta.deleted_at.is_some();
        if !search::knows(look.store, record.id, &record.draft, is_deleted)? {
            look.find(CheckCode::SearchIndex, Some(R::KIND), Some(record.id));
        }
        look.step()?;
    }
    Ok(())
}

/// The last line of the change log against the row. Older lines may lack fields that came later, so both are compared as
/// what the program makes of them.
fn logged<R: Record>(look: &mut Look<'_>, record: &Stored<R>) -> Result<()> {
    let sql = "SELECT version, after FROM change WHERE kind = ?1 AND record_id = ?2 ORDER BY seq DESC, position DESC LIMIT 1";
    let last: Option<(i64, String)> = look
        .store
        .connection
        .prepare_cached(sql)?
        .query_row(params![R::KIND, record.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((version, after)) = last else {
        look.find(CheckCode::LogMissing, Some(R::KIND), Some(record.id));
        return Ok(());
    };
    let is_deleted = record.meta.deleted_at.is_some();
    let after = snapshot::read::<R>(&after);
    let same = after.is_ok_and(|after| after.deleted == is_deleted && after.draft == record.draft);
    if !same || version != record.meta.version {
        look.find(CheckCode::LogDiffers, Some(R::KIND), Some(record.id));
    }
    Ok(())
}

/// The hard rules of today. Soft ones were answered when the record was stored.
fn rules<R: Record>(look: &mut Look<'_>, record: &Stored<R>) -> Result<()> {
    let mut check = Check::new(look.store, &look.seen, record.id, true, look.today);
    // A record that cannot be read is found at its own kind; what refers to it is not wrong for it.
    match record.draft.check(&mut check) {
        Err(error) if !is_of_the_file(&error) => return Err(error),
        _ => {}
    }
    for finding in check.into_findings().into_iter().filter(|finding| finding.severity == Severity::Hard) {
        look.find_as(CheckCode::RuleBroken, Some(R::KIND), Some(record.id), finding.message);
    }
    Ok(())
}

/// Records that the log knows and the table does not.
fn gone<R: Record>(look: &mut Look<'_>) -> Result<()> {
    let sql = format!(
        "SELECT DISTINCT c.record_id FROM change c WHERE c.kind = ?1
         AND NOT EXISTS (SELECT 1 FROM \"{}\" r WHERE r.id = c.record_id)",
        R::KIND.table()
    );
    let mut statement = look.store.connection.prepare(&sql)?;
    let ids = statement.query_map([R::KIND], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    ids.iter().for_each(|id| look.find(CheckCode::RecordMissing, Some(R::KIND), Id::parse(id)));
    Ok(())
}
