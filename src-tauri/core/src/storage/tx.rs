//! Changing the ledger, inside one transaction: save, delete, restore, take back.

use std::collections::HashMap;
use std::ops::Deref;

use chrono::SecondsFormat;
use rusqlite::{params, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::history::Change;
use super::ready::Ready;
use super::rows::{quoted, value_of};
use super::snapshot;
use super::store::{ENVELOPE, Meta, Store, Stored};
use crate::error::{Error, Finding, Result, Severity};
use crate::records::{Check, Kind, Record, RecordRef, Seen, for_each_kind};
use crate::search::{self, Indexed};
use crate::value::{Id, normalise};
use crate::world::World;

/// A soft finding that the user keeps, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Kept {
    /// [`Finding::code`].
    pub code: String,
    /// [`Finding::field`].
    pub field: String,
    /// Why it is right all the same.
    pub reason: String,
}

/// Write access: the only way to change records. Reads see the changes made so far.
pub struct Tx<'l> {
    store: Store<'l>,
    world: &'l mut dyn World,
    member: Option<Id>,
    source: String,
    changes: Vec<Change>,
    /// What the search is to know of them.
    indexed: Vec<Indexed>,
    /// What the checks saw.
    seen: Seen,
    /// The statements that store new records, written out once.
    inserts: HashMap<Kind, String>,
    /// Whether the operation is written down although no record changes.
    noted: bool,
}

impl<'l> Deref for Tx<'l> {
    type Target = Store<'l>;
    fn deref(&self) -> &Store<'l> {
        &self.store
    }
}

impl<'l> Tx<'l> {
    pub(super) fn new(store: Store<'l>, world: &'l mut dyn World, member: Option<Id>) -> Self {
        let (changes, indexed, seen, inserts) = (Vec::new(), Vec::new(), Seen::default(), HashMap::new());
        Tx { store, world, member, source: "typed".to_owned(), changes, indexed, seen, inserts, noted: false }
    }

    /// The world around the ledger.
    pub fn world(&mut self) -> &mut dyn World {
        self.world
    }

    /// Where the records of this transaction come from: `typed` unless said otherwise.
    pub fn set_source(&mut self, source: impl Into<String>) {
        self.source = source.into();
    }

    /// The log gets a line of this operation, also where no record changes.
    pub(super) fn note(&mut self) {
        self.noted = true;
    }

    /// Stores a new record. Soft findings are refused unless kept.
    pub fn add<R: Record>(&mut self, draft: R, keep: &[Kept]) -> Result<Id> {
        Ok(self.save(None, draft, keep)?.0)
    }

    /// Stores a new record under an id that something else refers to already.
    pub(crate) fn add_as<R: Record>(&mut self, id: Id, draft: R, keep: &[Kept]) -> Result<()> {
        let ready = Ready::of(draft, &mut || self.world.new_id())?;
        self.put(id, None, &ready, keep)
    }

    /// Stores a changed record; `version` is the one the user saw.
    pub fn change<R: Record>(&mut self, id: Id, version: i64, draft: R, keep: &[Kept]) -> Result<()> {
        self.save(Some((id, version)), draft, keep).map(drop)
    }

    /// Stores a new record, or a changed one with the version that the user saw. Answers with what was stored.
    pub fn save<R: Record>(&mut self, known: Option<(Id, i64)>, draft: R, keep: &[Kept]) -> Result<(Id, R)> {
        let ready = Ready::of(draft, &mut || self.world.new_id())?;
        Ok((self.save_ready(known, &ready, keep)?, ready.into_draft()))
    }

    /// As [`Tx::save`], for a draft that was made ready before.
    pub fn save_ready<R: Record>(&mut self, known: Option<(Id, i64)>, ready: &Ready<R>, keep: &[Kept]) -> Result<Id> {
        let Some((id, version)) = known else {
            let id = self.world.new_id();
            self.put(id, None, ready, keep)?;
            return Ok(id);
        };
        let before = self.store.get::<R>(id)?;
        if before.meta.deleted_at.is_some() {
            return Err(Error::NotFound(R::KIND));
        }
        if before.meta.version != version {
            return Err(Error::Stale(R::KIND));
        }
        self.put(id, Some(before), ready, keep)?;
        Ok(id)
    }

    /// Moves a record to the recycle bin, unless others refer to it.
    pub fn delete<R: Record>(&mut self, id: Id) -> Result<()> {
        let record = self.store.get::<R>(id)?;
        if record.meta.deleted_at.is_some() {
            return Ok(());
        }
        let referrers = self.store.referrers(R::REFERRERS, id)?;
        if !referrers.is_empty() {
            return Err(Error::InUse { kind: R::KIND, referrers });
        }
        let draft = record.draft.clone();
        self.write(id, Some(record), &draft, true)?;
        self.follow_owner(RecordRef { kind: R::KIND, id }, true)
    }

    /// Moves a record to the recycle bin although others refer to it: they follow another in the same transaction.
    pub(crate) fn retire<R: Record>(&mut self, id: Id, version: i64) -> Result<()> {
        let record = self.store.get::<R>(id)?;
        if record.meta.version != version {
            return Err(Error::Stale(R::KIND));
        }
        let draft = record.draft.clone();
        self.write(id, Some(record), &draft, true)
    }

    /// Stores a record that now refers to another. Only what the move itself breaks is refused: an old record need not
    /// fulfil the rules of today to follow. In the recycle bin it stays there.
    pub(crate) fn carry<R: Record>(&mut self, before: Stored<R>, draft: R) -> Result<()> {
        let is_deleted = before.meta.deleted_at.is_some();
        if before.draft == draft {
            return Ok(());
        }
        if !is_deleted {
            let known = self.findings(before.id, true, &before.draft)?;
            let is_new = |finding: &Finding| finding.severity == Severity::Hard && !known.contains(finding);
            let broken: Vec<Finding> = self.findings(before.id, true, &draft)?.into_iter().filter(is_new).collect();
            if !broken.is_empty() {
                return Err(Error::Refused(broken));
            }
        }
        self.write(before.id, Some(before), &draft, is_deleted)
    }

    /// Takes a record out of the recycle bin; it must fulfil the hard rules of today.
    pub fn restore<R: Record>(&mut self, id: Id) -> Result<()> {
        let record = self.store.get::<R>(id)?;
        if record.meta.deleted_at.is_none() {
            return Ok(());
        }
        let draft = record.draft.clone();
        let hard: Vec<Finding> = self.findings(id, true, &draft)?.into_iter().filter(|f| f.severity == Severity::Hard).collect();
        if !hard.is_empty() {
            return Err(Error::Refused(hard));
        }
        self.write(id, Some(record), &draft, false)?;
        self.follow_owner(RecordRef { kind: R::KIND, id }, false)
    }

    /// Does a part of the work that may fail by itself: what it changed until then is taken back, the rest stays.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let connection = self.store.connection;
        let (changes, indexed) = (self.changes.len(), self.indexed.len());
        connection.prepare_cached("SAVEPOINT part")?.execute([])?;
        let done = part(self);
        if done.is_err() {
            self.changes.truncate(changes);
            self.indexed.truncate(indexed);
            self.seen.forget();
            connection.prepare_cached("ROLLBACK TO part")?.execute([])?;
        }
        connection.prepare_cached("RELEASE part")?.execute([])?;
        done
    }

    /// Saves a record of a kind; a refusal leaves nothing of it behind. As [`Tx::attempt`], without its cost where it needs none.
    pub fn attempt_saving<T>(&mut self, kind: Kind, save: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let saves_others = for_each_kind!(kind, R => R::SAVES_OTHERS);
        if saves_others { self.attempt(save) } else { save(self) }
    }

    /// How many changes this transaction made so far.
    pub fn change_count(&self) -> usize {
        self.changes.len()
    }

    /// What the rules say of a draft, without storing it; of one that is stored already, also what refers to its parts.
    fn findings<R: Record>(&self, id: Id, is_known: bool, draft: &R) -> Result<Vec<Finding>> {
        let mut check = Check::new(self.store, &self.seen, id, is_known, self.world.today());
        draft.check(&mut check)?;
        Ok(check.into_findings())
    }

    fn put<R: Record>(&mut self, id: Id, before: Option<Stored<R>>, ready: &Ready<R>, keep: &[Kept]) -> Result<()> {
        let draft = ready.draft();
        let mut findings = self.findings(id, before.is_some(), draft)?;
        // As a text is no longer than the whole, nearly every draft is done with this.
        if ready.length() > R::LONGEST {
            let mut overlong = Vec::new();
            find_overlong(&serde_json::to_value(draft)?, R::LONGEST, String::new(), &mut overlong);
            overlong
                .retain(|finding| findings.iter().all(|known| known.severity == Severity::Soft || known.field != finding.field));
            findings.extend(overlong);
        }
        if findings.iter().any(|finding| finding.severity == Severity::Hard) {
            return Err(Error::Refused(findings.into_iter().filter(|f| f.severity == Severity::Hard).collect()));
        }
        self.keep_warnings::<R>(id, &findings, keep)?;
        if before.as_ref().is_some_and(|before| before.draft == *draft) {
            return Ok(());
        }
        self.write_as(id, before, draft, ready.snapshot().to_owned(), false)?;
        draft.after_save(self, id)
    }

    /// Every soft finding needs a reason, given now or when the record was stored before. Nothing is written unless all have one.
    fn keep_warnings<R: Record>(&mut self, id: Id, findings: &[Finding], keep: &[Kept]) -> Result<()> {
        let connection = self.store.connection;
        let (mut open, mut given) = (Vec::new(), Vec::new());
        for finding in findings {
            let reason = keep.iter().find(|k| k.code == finding.code && k.field == finding.field && !k.reason.trim().is_empty());
            let known = "SELECT 1 FROM kept_warning WHERE kind = ?1 AND record_id = ?2 AND code = ?3 AND field = ?4";
            match reason {
                Some(kept) => given.push((finding, kept)),
                None => {
                    let key = params![R::KIND.word(), id, finding.code, finding.field];
                    if !connection.prepare_cached(known)?.exists(key)? {
                        open.push(finding.clone());
                    }
                }
            }
        }
        if !open.is_empty() {
            return Err(Error::NeedsReason(open));
        }
        for (finding, kept) in given {
            let sql = "INSERT OR REPLACE INTO kept_warning (kind, record_id, code, field, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
            let values = params![R::KIND.word(), id, finding.code, finding.field, normalise(&kept.reason)];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Ok(())
    }

    pub(crate) fn write<R: Record>(&mut self, id: Id, before: Option<Stored<R>>, draft: &R, deleted: bool) -> Result<()> {
        self.write_as(id, before, draft, snapshot_of(draft, deleted)?, deleted)
    }

    /// As [`Tx::write`], with the line for the log at hand.
    fn write_as<R: Record>(&mut self, id: Id, before: Option<Stored<R>>, draft: &R, after: String, deleted: bool) -> Result<()> {
        let now = self.world.now().to_utc().to_rfc3339_opts(SecondsFormat::Millis, true);
        let meta = Meta {
            version: before.as_ref().map_or(1, |before| before.meta.version + 1),
            created_at: before.as_ref().map_or_else(|| now.clone(), |before| before.meta.created_at.clone()),
            updated_at: now.clone(),
            created_by: before.as_ref().map_or(self.member, |before| before.meta.created_by),
            created_device: before
                .as_ref()
                .map_or_else(|| self.world.device().to_owned(), |before| before.meta.created_device.clone()),
            updated_by: self.member,
            updated_device: self.world.device().to_owned(),
            origin: before.as_ref().map_or_else(|| self.source.clone(), |before| before.meta.origin.clone()),
            deleted_at: deleted.then_some(now),
        };
        if deleted || R::KIND == Kind::DictionaryItem {
            self.seen.forget();
        }
        self.write_row(id, &meta, draft, before.is_none())?;
        draft.store_parts(self.store.connection, id, before.is_none())?;
        self.indexed.extend(search::record(id, draft, deleted));
        self.changes.push(Change {
            kind: R::KIND,
            id,
            version: meta.version,
            before: before.map(|before| snapshot_of(&before.draft, before.meta.deleted_at.is_some())).transpose()?,
            after,
        });
        Ok(())
    }

    fn write_row<R: Record>(&mut self, id: Id, meta: &Meta, draft: &R, new: bool) -> Result<()> {
        let mut values = vec![
            value_of(&id),
            value_of(&meta.version),
            value_of(&meta.created_at),
            value_of(&meta.updated_at),
            value_of(&meta.created_by),
            value_of(&meta.created_device),
            value_of(&meta.updated_by),
            value_of(&meta.updated_device),
            value_of(&meta.origin),
            value_of(&meta.deleted_at),
        ];
        values.extend(draft.bind());
        values.extend(draft.derived());
        let connection = self.store.connection;
        let mut statement = if new {
            connection.prepare_cached(self.inserts.entry(R::KIND).or_insert_with(insert_of::<R>))?
        } else {
            connection.prepare_cached(&update_of::<R>())?
        };
        statement.execute(params_from_iter(values))?;
        Ok(())
    }

    /// Takes an operation back. Refused where a later change stands on it.
    pub(super) fn revert(&mut self, seq: i64) -> Result<()> {
        for change in self.store.changes_backwards(seq)? {
            for_each_kind!(change.kind, R => self.revert_change::<R>(&change)?);
        }
        Ok(())
    }

    /// A record that did not exist before goes to the recycle bin, not to nothing.
    fn revert_change<R: Record>(&mut self, change: &Change) -> Result<()> {
        let current = self.store.get::<R>(change.id)?;
        let after = snapshot::read::<R>(&change.after)?;
        let untouched = after.deleted == current.meta.deleted_at.is_some() && after.draft == current.draft;
        if !untouched || current.meta.version < change.version {
            return Err(Error::Stale(R::KIND));
        }
        let (draft, deleted) = match &change.before {
            Some(before) => {
                let before = snapshot::read::<R>(before)?;
                (before.draft, before.deleted)
            }
            None => (current.draft.clone(), true),
        };
        self.write(change.id, Some(current), &draft, deleted)
    }

    /// Writes the log of what was done; answers with the operation's number, or nothing if nothing changed.
    pub(super) fn finish(self, name: &str, reverts: Option<i64>) -> Result<(Option<i64>, Vec<RecordRef>)> {
        if self.changes.is_empty() && !self.noted {
            return Ok((None, Vec::new()));
        }
        let connection = self.store.connection;
        let at = self.world.now().to_utc().to_rfc3339_opts(SecondsFormat::Millis, true);
        connection
            .prepare_cached("INSERT INTO operation (name, at, device, member_id, reverts) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![name, at, self.world.device(), self.member, reverts])?;
        let seq = connection.last_insert_rowid();
        let changes = &self.changes;
        let log = |nth: usize| -> rusqlite::Result<()> {
            let Some(change) = changes.get(nth) else { return Ok(()) };
            let position = i64::try_from(nth).unwrap_or(i64::MAX);
            connection
                .prepare_cached(
                    "INSERT INTO change (seq, position, kind, record_id, version, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![seq, position, change.kind, change.id, change.version, change.before, change.after])
                .map(drop)
        };
        let logged = self.store.index(self.indexed, &log)?;
        (logged..changes.len()).try_for_each(log)?;
        Ok((Some(seq), changes.iter().map(|change| RecordRef { kind: change.kind, id: change.id }).collect()))
    }
}

fn snapshot_of<R: Record>(draft: &R, deleted: bool) -> Result<String> {
    Ok(snapshot::written(&serde_json::to_string(draft)?, deleted))
}

fn columns_of<R: Record>() -> impl Iterator<Item = &'static str> {
    ENVELOPE.iter().chain(R::COLUMNS).chain(R::DERIVED).copied()
}

fn insert_of<R: Record>() -> String {
    let columns: Vec<&str> = columns_of::<R>().collect();
    let marks = vec!["?"; columns.len()].join(", ");
    format!("INSERT INTO \"{}\" ({}) VALUES ({marks})", R::KIND.table(), quoted(&columns))
}

fn update_of<R: Record>() -> String {
    let sets = columns_of::<R>().enumerate().skip(1).map(|(at, column)| format!("\"{column}\" = ?{}", at + 1));
    format!("UPDATE \"{}\" SET {} WHERE id = ?1", R::KIND.table(), sets.collect::<Vec<_>>().join(", "))
}

/// Finds texts that are longer than a record holds at all, whatever its own rules say of the field. A field without a limit
/// would take in a book, and every list, search and page that shows it would pay.
fn find_overlong(value: &serde_json::Value, longest: usize, field: String, findings: &mut Vec<Finding>) {
    use serde_json::Value;
    let below = |name: &str| if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
    match value {
        Value::String(text) if text.len() > longest => {
            let length = text.chars().count();
            if length > longest {
                let message = format!("这里最多{longest}个字，现有{length}个字，请删减");
                findings.push(Finding { severity: Severity::Hard, code: "too_long".to_owned(), field, message, about: None });
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| find_overlong(item, longest, below(&at.to_string()), findings));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, item)| find_overlong(item, longest, below(name), findings));
        }
        _ => {}
    }
}
