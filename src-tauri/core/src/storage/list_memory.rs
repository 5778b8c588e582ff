//! What the lists remember while a ledger is open: the columns that filters and sorting need, the rows that fulfil
//! conditions, and the last answers, so that a page far down costs no more than the first.
//!
//! A change is taken in row by row where it concerns the list's own records; what is drawn from other kinds is read anew.
//! No list compares records of its own kind with each other, so that a record's row depends on no other of its kind.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::column::{Cell, Column, Encoder, number, place};
use super::condition::{ColumnCondition, ColumnTest, ColumnType, ColumnValue, ColumnValues};
use super::list::{ListQuery, ListSpec, Sort, column_of, conditions};
use super::list_source::{kinds_behind, needed_from, order_terms, reads_others_of};
use super::rows::value_of;
use super::store::Store;
use crate::error::Result;
use crate::records::{Kind, RecordRef};
use crate::value::Id;

/// More changed records than this are not taken in one by one.
const MOST_PENDING: usize = 2000;
/// Ids asked for at once.
const BATCH: usize = 500;
/// SQL conditions whose rows are kept.
const SETS: usize = 16;
/// Answers that are kept.
const ANSWERS: usize = 4;

/// The memory of all lists of one ledger.
#[derive(Default)]
pub(super) struct ListMemory {
    kinds: HashMap<Kind, KindMemory>,
}

/// The rows of an answer, in order.
pub(super) type Rows = Arc<Vec<u32>>;

/// Kept under what was asked; the one used last stands last.
type Recent<K, V> = Vec<(K, V)>;

/// The memory of one kind's list.
pub(super) struct KindMemory {
    kind: Kind,
    spec: ListSpec,
    ids: Vec<Id>,
    index: HashMap<Id, u32>,
    live: Vec<bool>,
    /// By their SQL.
    columns: HashMap<&'static str, Arc<Column>>,
    /// All rows in the list's own order.
    natural: Option<Rows>,
    sets: Recent<(String, Vec<Value>), Arc<Vec<bool>>>,
    answers: Recent<ListQuery, Rows>,
    pending: BTreeSet<Id>,
}

impl ListMemory {
    /// Whether the kind's rows are known.
    pub(super) fn knows(&self, kind: Kind) -> bool {
        self.kinds.contains_key(&kind)
    }

    /// Takes note of changed records.
    pub(super) fn changed(&mut self, records: &[RecordRef]) {
        for (kind, memory) in &mut self.kinds {
            memory.changed(*kind, records);
        }
        self.kinds.retain(|_, memory| memory.pending.len() <= MOST_PENDING);
    }

    /// The kind's memory, brought up to the ledger's state.
    pub(super) fn of(&mut self, store: Store<'_>, kind: Kind, spec: ListSpec) -> Result<&mut KindMemory> {
        let memory = match self.kinds.remove(&kind) {
            Some(mut memory) => {
                memory.refresh(store)?;
                memory
            }
            None => KindMemory::read(store, kind, spec)?,
        };
        Ok(self.kinds.entry(kind).or_insert(memory))
    }
}

impl KindMemory {
    fn read(store: Store<'_>, kind: Kind, spec: ListSpec) -> Result<Self> {
        let sql = format!("SELECT id FROM \"{}\" WHERE deleted_at IS NULL", kind.table());
        let mut statement = store.connection.prepare_cached(&sql)?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Id>>>()?;
        Ok(KindMemory {
            kind,
            spec,
            index: (0..).zip(&ids).map(|(row, id)| (*id, row)).collect(),
            live: vec![true; ids.len()],
            ids,
            columns: HashMap::new(),
            natural: None,
            sets: Vec::new(),
            answers: Vec::new(),
            pending: BTreeSet::new(),
        })
    }

    fn changed(&mut self, own: Kind, records: &[RecordRef]) {
        self.answers.clear();
        let others: BTreeSet<Kind> = records.iter().map(|record| record.kind).filter(|kind| *kind != own).collect();
        let own_changed = records.iter().any(|record| record.kind == own);
        let from = self.spec.from;
        let is_stale = |sql: &str| {
            (!others.is_empty() && !kinds_behind(from, sql).is_disjoint(&others)) || (own_changed && reads_others_of(own, sql))
        };
        self.columns.retain(|sql, _| !is_stale(sql));
        self.sets.retain(|((sql, _), _)| !is_stale(sql));
        if order_terms(self.spec.order).iter().any(|(sql, _)| is_stale(sql)) {
            self.natural = None;
        }
        self.pending.extend(records.iter().filter(|record| record.kind == own).map(|record| record.id));
    }

    /// Reads the rows of changed records again.
    fn refresh(&mut self, store: Store<'_>) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let pending: Vec<Id> = std::mem::take(&mut self.pending).into_iter().collect();
        self.refresh_columns(store, &pending)?;
        self.refresh_sets(store, &pending)?;
        if let Some(natural) = self.natural.take() {
            self.natural = self.rearranged(&natural, &pending);
        }
        Ok(())
    }

    fn refresh_columns(&mut self, store: Store<'_>, pending: &[Id]) -> Result<()> {
        let sqls: Vec<&'static str> = self.columns.keys().copied().collect();
        let mut fresh: Vec<Vec<(u32, Cell)>> = vec![Vec::new(); sqls.len()];
        for ids in pending.chunks(BATCH) {
            let marks = (1..=ids.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
            let list = sqls.iter().map(|sql| format!(", {sql}")).collect::<String>();
            let from = needed_from(self.spec.from, &sqls);
            let sql = format!("SELECT r.id, r.deleted_at IS NULL{list} FROM {from} WHERE r.id IN ({marks})");
            let mut statement = store.connection.prepare(&sql)?;
            let mut found = statement.query(params_from_iter(ids))?;
            while let Some(cells) = found.next()? {
                let row = self.row_for(cells.get(0)?);
                self.live[place(row)] = cells.get(1)?;
                for (at, column) in fresh.iter_mut().enumerate() {
                    column.push((row, Cell::from(cells.get_ref(at + 2)?)));
                }
            }
        }
        for (sql, cells) in sqls.into_iter().zip(fresh) {
            if let Some(column) = self.columns.get_mut(sql) {
                Arc::make_mut(column).replace(&cells);
            }
        }
        Ok(())
    }

    fn refresh_sets(&mut self, store: Store<'_>, pending: &[Id]) -> Result<()> {
        let mut sets = std::mem::take(&mut self.sets);
        for ((condition, params), set) in &mut sets {
            let set = Arc::make_mut(set);
            set.resize(self.ids.len(), false);
            pending.iter().filter_map(|id| self.index.get(id)).for_each(|row| set[place(*row)] = false);
            for ids in pending.chunks(BATCH) {
                let marks = (1..=ids.len()).map(|n| format!("?{}", n + params.len())).collect::<Vec<_>>().join(", ");
                let among = format!("({condition}) AND r.id IN ({marks})");
                let among_params = params.iter().cloned().chain(ids.iter().map(|id| value_of(id))).collect();
                self.mark(store, &among, among_params, set)?;
            }
        }
        self.sets = sets;
        Ok(())
    }

    /// The list's own order with some records taken out and put where they belong now; nothing where its columns are
    /// not all known.
    fn rearranged(&self, natural: &[u32], moved: &[Id]) -> Option<Rows> {
        let terms = order_terms(self.spec.order);
        let columns = terms.iter().map(|(sql, _)| self.columns.get(sql).cloned()).collect::<Option<Vec<_>>>()?;
        let key = |row: u32| (order_key(&columns, &terms, row), self.ids[place(row)]);
        let moved: Vec<u32> = moved.iter().filter_map(|id| self.index.get(id).copied()).collect();
        let is_moved: HashSet<u32> = moved.iter().copied().collect();
        let mut rows: Vec<u32> = natural.iter().copied().filter(|row| !is_moved.contains(row)).collect();
        for row in moved.into_iter().filter(|row| self.live[place(*row)]) {
            let wanted = key(row);
            let at = rows.partition_point(|other| key(*other) < wanted);
            rows.insert(at, row);
        }
        Some(Arc::new(rows))
    }

    fn row_for(&mut self, id: Id) -> u32 {
        if let Some(row) = self.index.get(&id) {
            return *row;
        }
        let row = number(self.ids.len());
        self.ids.push(id);
        self.live.push(true);
        self.index.insert(id, row);
        row
    }

    /// Columns by their SQL, read where they are not known yet.
    fn columns(&mut self, store: Store<'_>, sqls: &[&'static str]) -> Result<Vec<Arc<Column>>> {
        let mut missing: Vec<&'static str> = sqls.iter().copied().filter(|sql| !self.columns.contains_key(sql)).collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let mut encoders: Vec<Encoder> = missing.iter().map(|_| Encoder::of(self.ids.len())).collect();
            let list = missing.iter().map(|sql| format!(", {sql}")).collect::<String>();
            let from = needed_from(self.spec.from, &missing);
            let sql = format!("SELECT r.id{list} FROM {from} WHERE r.deleted_at IS NULL");
            let mut statement = store.connection.prepare(&sql)?;
            let mut found = statement.query([])?;
            while let Some(cells) = found.next()? {
                let Some(row) = self.index.get(&cells.get::<_, Id>(0)?) else { continue };
                for (at, encoder) in encoders.iter_mut().enumerate() {
                    encoder.set(*row, Cell::from(cells.get_ref(at + 1)?));
                }
            }
            self.columns.extend(missing.into_iter().zip(encoders.into_iter().map(|encoder| Arc::new(encoder.finish()))));
        }
        Ok(sqls.iter().filter_map(|sql| self.columns.get(sql).cloned()).collect())
    }

    /// All rows in the list's own order, which is SQLite's: what the first page without conditions is read in.
    fn natural(&mut self, store: Store<'_>) -> Result<Rows> {
        if let Some(natural) = &self.natural {
            return Ok(natural.clone());
        }
        let terms = order_terms(self.spec.order);
        let sqls: Vec<&'static str> = terms.iter().map(|(sql, _)| *sql).collect();
        let columns = self.columns(store, &sqls)?;
        let mut rows: Vec<u32> = (0..).zip(&self.live).filter(|(_, live)| **live).map(|(row, _)| row).collect();
        rows.sort_unstable_by_key(|row| self.ids[place(*row)]);
        rows.sort_by_cached_key(|row| order_key(&columns, &terms, *row));
        let rows = Arc::new(rows);
        self.natural = Some(rows.clone());
        Ok(rows)
    }

    /// The rows that fulfil a query, in its order; its offset and limit are not looked at.
    pub(super) fn answer(&mut self, store: Store<'_>, query: &ListQuery) -> Result<Rows> {
        let asked = ListQuery { offset: 0, limit: 0, ..query.clone() };
        if let Some(known) = recall(&mut self.answers, &asked) {
            return Ok(known);
        }
        let mut rows = self.natural(store)?;
        for (sql, params) in conditions(self.kind, &self.spec, &query.text, &query.filters)? {
            let set = self.set(store, sql, params)?;
            rows = Arc::new(rows.iter().copied().filter(|row| set[place(*row)]).collect());
        }
        for ColumnCondition { column, test } in &query.conditions {
            let (column, column_type, test) = self.asked(store, column, test)?;
            let fulfilling = column.fulfilling(&test, column_type);
            rows = Arc::new(rows.iter().copied().filter(|row| fulfilling[place(column.code(*row))]).collect());
        }
        if let Some(Sort { column, descending }) = &query.sort {
            let sql = column_of(&self.spec, column)?.sql;
            let columns = self.columns(store, &[sql])?;
            if let Some(column) = columns.first() {
                // Stable: rows that are alike stay in the list's own order.
                Arc::make_mut(&mut rows).sort_by_key(|row| column.sort_key(*row, *descending));
            }
        }
        keep(&mut self.answers, ANSWERS, asked, rows.clone());
        Ok(rows)
    }

    fn asked(&mut self, store: Store<'_>, key: &str, test: &ColumnTest) -> Result<(Arc<Column>, ColumnType, ColumnTest)> {
        let spec = column_of(&self.spec, key)?;
        let test = test.prepared(key, spec.column_type)?;
        let columns = self.columns(store, &[spec.sql])?;
        let column = columns.into_iter().next().ok_or_else(|| super::list::unknown("列", key))?;
        Ok((column, spec.column_type, test))
    }

    /// Which rows fulfil a condition in SQL.
    fn set(&mut self, store: Store<'_>, condition: String, params: Vec<Value>) -> Result<Arc<Vec<bool>>> {
        let asked = (condition, params);
        if let Some(known) = recall(&mut self.sets, &asked) {
            return Ok(known);
        }
        let mut set = vec![false; self.ids.len()];
        self.mark(store, &asked.0, asked.1.clone(), &mut set)?;
        let set = Arc::new(set);
        keep(&mut self.sets, SETS, asked, set.clone());
        Ok(set)
    }

    /// Marks the rows that fulfil a condition.
    fn mark(&self, store: Store<'_>, condition: &str, params: Vec<Value>, set: &mut [bool]) -> Result<()> {
        let from = needed_from(self.spec.from, &[condition]);
        let sql = format!("SELECT r.id FROM {from} WHERE r.deleted_at IS NULL AND ({condition})");
        let mut statement = store.connection.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(params))?;
        while let Some(row) = found.next()? {
            if let Some(row) = self.index.get(&row.get::<_, Id>(0)?) {
                set[place(*row)] = true;
            }
        }
        Ok(())
    }

    /// The ids of a stretch of rows.
    pub(super) fn ids<'m>(&'m self, rows: &'m [u32]) -> impl Iterator<Item = Id> + 'm {
        rows.iter().map(|row| self.ids[place(*row)])
    }

    /// Whole columns, for what shows all rows of an answer.
    pub(super) fn table(&mut self, store: Store<'_>, query: &ListQuery, keys: &[String]) -> Result<(Rows, Vec<Arc<Column>>)> {
        let rows = self.answer(store, query)?;
        let sqls = keys.iter().map(|key| Ok(column_of(&self.spec, key)?.sql)).collect::<Result<Vec<_>>>()?;
        Ok((rows, self.columns(store, &sqls)?))
    }

    /// What stands in a column under a query; the query's own conditions on that column are not looked at.
    pub(super) fn values(&mut self, store: Store<'_>, query: &ListQuery, key: &str, most: usize) -> Result<ColumnValues> {
        let spec = column_of(&self.spec, key)?;
        let mut others = ListQuery { sort: None, ..query.clone() };
        others.conditions.retain(|condition| condition.column != key);
        let rows = self.answer(store, &others)?;
        let columns = self.columns(store, &[spec.sql])?;
        let mut counted = columns.first().map(|column| column.count(rows.iter().copied(), spec.column_type)).unwrap_or_default();
        counted.sort_unstable();
        // Nothing and an empty text are the same to whoever reads the list; they come last.
        let empty = counted.iter().filter(|(cell, _)| cell.is_empty()).map(|(_, count)| count).sum();
        counted.retain(|(cell, _)| !cell.is_empty());
        let text = |entry: Option<&(Cell, u32)>| entry.map(|(cell, _)| cell.text().into_owned());
        let (least, greatest) = (text(counted.first()), text(counted.last()));
        if empty > 0 {
            counted.push((Cell::Null, empty));
        }
        let distinct = number(counted.len());
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counted.truncate(most);
        let values = counted.into_iter().map(|(cell, count)| ColumnValue { value: cell.text().into_owned(), count }).collect();
        Ok(ColumnValues { column_type: spec.column_type, distinct, values, least, most: greatest })
    }
}

/// Where a row stands in a list's own order, which is SQLite's.
fn order_key(columns: &[Arc<Column>], terms: &[(&'static str, bool)], row: u32) -> u128 {
    let codes = columns.iter().zip(terms).map(|(column, (_, descending))| match column.code(row) {
        code if *descending => u32::MAX - code,
        code => code,
    });
    codes.fold(0u128, |key, code| (key << 32) | u128::from(code))
}

fn recall<K: PartialEq, V: Clone>(recent: &mut Recent<K, V>, key: &K) -> Option<V> {
    let at = recent.iter().position(|(known, _)| known == key)?;
    let found = recent.remove(at);
    let value = found.1.clone();
    recent.push(found);
    Some(value)
}

fn keep<K, V>(recent: &mut Recent<K, V>, most: usize, key: K, value: V) {
    if recent.len() >= most {
        recent.remove(0);
    }
    recent.push((key, value));
}
