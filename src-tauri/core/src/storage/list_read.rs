//! Reads what lists remember from the tables: rows in the list's own order, columns, and which rows fulfil a condition.
//! The same for a question that waits for it and for the connection that prepares it.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::column::{Cell, Column, Encoder, number, place};
use super::list::ListSpec;
use super::list_source::needed_from;
use crate::error::Result;
use crate::records::{Kind, Record, for_each_kind};
use crate::value::Id;

/// The rows of a kind's list, numbered from 0: their ids, and which row of the table is which.
#[derive(Clone)]
pub(super) struct KnownRows {
    pub(super) ids: Vec<Id>,
    by_rowid: HashMap<i64, u32>,
}

impl KnownRows {
    /// The rows that are there now, numbered in the list's own order.
    pub(super) fn read(connection: &Connection, kind: Kind, spec: &ListSpec) -> Result<Self> {
        let mut statement = connection.prepare_cached(&in_order(kind, spec, "r.rowid, r.id"))?;
        let mut found = statement.query([])?;
        let mut known = KnownRows { ids: Vec::new(), by_rowid: HashMap::new() };
        while let Some(row) = found.next()? {
            known.by_rowid.insert(row.get(0)?, number(known.ids.len()));
            known.ids.push(row.get(1)?);
        }
        Ok(known)
    }

    /// The number of a row of the table.
    pub(super) fn number_of(&self, rowid: i64) -> Option<u32> {
        self.by_rowid.get(&rowid).copied()
    }

    /// The number of a row that may be new, or that took the place of a purged one.
    pub(super) fn number_for(&mut self, rowid: i64, id: Id) -> u32 {
        if let Some(row) = self.number_of(rowid) {
            self.ids[place(row)] = id;
            return row;
        }
        let row = number(self.ids.len());
        self.by_rowid.insert(rowid, row);
        self.ids.push(id);
        row
    }

    /// All rows in the list's own order.
    pub(super) fn order(&self, connection: &Connection, kind: Kind, spec: &ListSpec) -> Result<Vec<u32>> {
        let mut statement = connection.prepare_cached(&in_order(kind, spec, "r.rowid"))?;
        let mut found = statement.query([])?;
        let mut rows = Vec::with_capacity(self.ids.len());
        while let Some(row) = found.next()? {
            rows.extend(self.number_of(row.get(0)?));
        }
        Ok(rows)
    }

    /// Whole columns by their SQL, in one walk through the table.
    pub(super) fn columns(&self, connection: &Connection, spec: &ListSpec, sqls: &[&'static str]) -> Result<Vec<Column>> {
        let mut encoders: Vec<Encoder> = sqls.iter().map(|_| Encoder::of(self.ids.len())).collect();
        let list = sqls.iter().map(|sql| format!(", {sql}")).collect::<String>();
        let from = needed_from(spec.from, sqls);
        let mut statement = connection.prepare(&format!("SELECT r.rowid{list} FROM {from} WHERE r.deleted_at IS NULL"))?;
        let mut found = statement.query([])?;
        while let Some(cells) = found.next()? {
            let Some(row) = self.number_of(cells.get(0)?) else { continue };
            for (at, encoder) in encoders.iter_mut().enumerate() {
                encoder.set(row, cells.get_ref(at + 1)?);
            }
        }
        Ok(encoders.into_iter().map(Encoder::finish).collect())
    }

    /// The cells of some records' rows, and whether each of them is outside the recycle bin.
    pub(super) fn cells_of(
        &mut self,
        connection: &Connection,
        spec: &ListSpec,
        sqls: &[&'static str],
        ids: &[Id],
    ) -> Result<Vec<(u32, bool, Vec<Cell>)>> {
        let marks = (1..=ids.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let list = sqls.iter().map(|sql| format!(", {sql}")).collect::<String>();
        let from = needed_from(spec.from, sqls);
        let sql = format!("SELECT r.rowid, r.id, r.deleted_at IS NULL{list} FROM {from} WHERE r.id IN ({marks})");
        let mut statement = connection.prepare(&sql)?;
        let mut found = statement.query(params_from_iter(ids))?;
        let mut rows = Vec::with_capacity(ids.len());
        while let Some(row) = found.next()? {
            let number = self.number_for(row.get(0)?, row.get(1)?);
            let cells = (0..sqls.len()).map(|at| row.get_ref(at + 3).map(Cell::from)).collect::<rusqlite::Result<_>>()?;
            rows.push((number, row.get(2)?, cells));
        }
        Ok(rows)
    }

    /// Marks the rows that fulfil a condition.
    pub(super) fn mark(
        &self,
        connection: &Connection,
        spec: &ListSpec,
        condition: &str,
        params: &[Value],
        set: &mut [bool],
    ) -> Result<()> {
        let from = needed_from(spec.from, &[condition]);
        let sql = format!("SELECT r.rowid FROM {from} WHERE r.deleted_at IS NULL AND ({condition})");
        let mut statement = connection.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(params))?;
        while let Some(row) = found.next()? {
            if let Some(row) = self.number_of(row.get(0)?) {
                set[place(row)] = true;
            }
        }
        Ok(())
    }
}

/// Some expressions of all rows in the list's own order. Where rows are alike in all that the order looks at, the id decides.
pub(super) fn in_order(kind: Kind, spec: &ListSpec, expressions: &str) -> String {
    let walk = for_each_kind!(kind, R => R::LIST_WALK);
    let from = walk.map_or_else(|| needed_from(spec.from, &[spec.order]), str::to_owned);
    format!("SELECT {expressions} FROM {from} WHERE r.deleted_at IS NULL ORDER BY {}, r.id", spec.order)
}
