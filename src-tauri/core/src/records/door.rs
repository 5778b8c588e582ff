//! Records by kind and JSON: the one door through which the window, and any later transport, reaches all record types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{Kind, Record, RecordRef, for_each_kind};
use crate::error::Result;
use crate::storage::{Done, Kept, Ledger, Op, Tx};
use crate::value::Id;

/// A record to store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SaveRequest {
    /// Which record type.
    pub kind: Kind,
    /// Which record; nothing for a new one.
    pub id: Option<Id>,
    /// The version that the form was filled from.
    #[ts(type = "number | null")]
    pub version: Option<i64>,
    /// Its content.
    #[ts(type = "unknown")]
    pub draft: Value,
    /// Soft findings to keep.
    #[serde(default)]
    pub keep: Vec<Kept>,
}

/// A stored record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// Which record.
    pub id: Id,
    /// Kinds of which a record changed.
    pub changed: BTreeSet<Kind>,
}

impl Ledger {
    /// An empty form's content.
    pub fn blank_json(&self, kind: Kind) -> Result<Value> {
        for_each_kind!(kind, R => Ok(serde_json::to_value(R::blank(self.store(), self.today())?)?))
    }

    /// One record as JSON of [`crate::storage::Stored`].
    pub fn get_json(&self, kind: Kind, id: Id) -> Result<Value> {
        for_each_kind!(kind, R => Ok(serde_json::to_value(self.store().get::<R>(id)?)?))
    }

    /// Stores a record.
    pub fn save_json(&mut self, request: SaveRequest) -> Result<Saved> {
        let SaveRequest { kind, id, version, draft, keep } = request;
        let op = if id.is_some() { Op::Change(kind) } else { Op::Add(kind) };
        let done = self.transact(op, |tx| for_each_kind!(kind, R => save::<R>(tx, id, version, draft, &keep)))?;
        Ok(Saved { id: done.value, changed: done.changed })
    }

    /// Moves records to the recycle bin, all or none.
    pub fn delete_records(&mut self, records: &[RecordRef]) -> Result<Done<()>> {
        let kind = records.first().map_or(Kind::Visit, |record| record.kind);
        self.transact(Op::Delete(kind), |tx| {
            records.iter().try_for_each(|record| for_each_kind!(record.kind, R => tx.delete::<R>(record.id)))
        })
    }

    /// Takes records out of the recycle bin, all or none.
    pub fn restore_records(&mut self, records: &[RecordRef]) -> Result<Done<()>> {
        let kind = records.first().map_or(Kind::Visit, |record| record.kind);
        self.transact(Op::Restore(kind), |tx| {
            records.iter().try_for_each(|record| for_each_kind!(record.kind, R => tx.restore::<R>(record.id)))
        })
    }
}

impl Tx<'_> {
    /// Stores a record inside a larger transaction: a new one, or a change of the one whose version is told.
    pub fn save_fields(
        &mut self,
        kind: Kind,
        known: Option<(Id, i64)>,
        fields: &Map<String, Value>,
        keep: &[Kept],
    ) -> Result<Id> {
        for_each_kind!(kind, R => Ok(self.save(known, R::deserialize(fields)?, keep)?.0))
    }

    /// An empty form's content.
    pub fn blank_json(&mut self, kind: Kind) -> Result<Value> {
        let today = self.world().today();
        for_each_kind!(kind, R => Ok(serde_json::to_value(R::blank(**self, today)?)?))
    }
}

fn save<R: Record>(tx: &mut Tx<'_>, id: Option<Id>, version: Option<i64>, draft: Value, keep: &[Kept]) -> Result<Id> {
    let draft: R = serde_json::from_value(draft)?;
    let known = match (id, version) {
        (None, _) => None,
        (Some(id), Some(version)) => Some((id, version)),
        (Some(id), None) => Some((id, tx.get::<R>(id)?.meta.version)),
    };
    Ok(tx.save(known, draft, keep)?.0)
}
