//! What the lists remember while a ledger is open: the columns that filters and sorting need, the rows that fulfil
//! conditions, and the last answers, so that a page far down costs no more than the first.
//!
//! A change is taken in row by row where it concerns the list's own records; what is drawn from other kinds is read anew.
//! No list compares records of its own kind with each other, so that a record's row depends on no other of its kind.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rusqlite::types::Value;

use super::column::{Cell, Column, number, place};
use super::condition::{ColumnCondition, ColumnTest, ColumnType, ColumnValue, ColumnValues};
use super::ledger::Ledger;
use super::list::{ListQuery, ListSpec, Sort, column_of, conditions, typed};
use super::list_ahead::{Ahead, Condition, Desk, Finished, LIKELY, Plan, Task, likely};
use super::list_read::KnownRows;
use super::list_source::{kinds_behind, order_terms, reads_others_of};
use super::rows::value_of;
use super::store::Store;
use crate::error::Result;
use crate::records::{Kind, Record, RecordRef, for_each_kind};
use crate::search::names_by_letters;
use crate::value::Id;

/// More changed records than this are not taken in one by one.
const MOST_PENDING: usize = 2000;
/// Ids asked for at once.
const BATCH: usize = 500;
/// SQL conditions whose rows are kept.
const SETS: usize = 48;
/// Answers that are kept.
const ANSWERS: usize = 4;

/// What prepared columns may take, of all lists together. A list of 100 000 rows takes a tenth to a fifth of it.
const MOST_BYTES: usize = 96 << 20;

/// The memory of all lists of one ledger.
#[derive(Default)]
pub(super) struct ListMemory {
    kinds: HashMap<Kind, KindMemory>,
    /// Work at the list on screen, or at those that may come.
    ahead: Option<Ahead>,
    /// The list whose numbers somebody asked to see, as long as it is on screen.
    whole: Option<Kind>,
}

/// The rows of an answer, in order.
pub(super) type Rows = Arc<Vec<u32>>;

/// Kept under what was asked; the one used last stands last.
type Recent<K, V> = Vec<(K, V)>;

/// The memory of one kind's list.
pub(super) struct KindMemory {
    kind: Kind,
    spec: ListSpec,
    known: Arc<KnownRows>,
    live: Vec<bool>,
    /// By their SQL.
    columns: HashMap<&'static str, Arc<Column>>,
    /// All rows in the list's own order.
    natural: Option<Rows>,
    sets: Recent<Condition, KnownSet>,
    answers: Recent<ListQuery, Rows>,
    pending: BTreeSet<Id>,
    /// Where more of it is being read.
    desk: Option<Arc<Desk>>,
}

/// The rows that fulfil a condition in SQL, but for records that changed since it was asked: most sets are prepared and never
/// asked again, and some conditions cost the same for one row as for all.
#[derive(Clone)]
struct KnownSet {
    rows: Arc<Vec<bool>>,
    changed: BTreeSet<Id>,
}

impl ListMemory {
    /// Whether the kind's rows are known.
    pub(super) fn knows(&self, kind: Kind) -> bool {
        self.kinds.contains_key(&kind)
    }

    /// Takes note of changed records.
    pub(super) fn changed(&mut self, records: &[RecordRef]) {
        self.leave();
        for (kind, memory) in &mut self.kinds {
            memory.changed(*kind, records);
        }
        self.kinds.retain(|_, memory| memory.pending.len() <= MOST_PENDING);
    }

    /// The kind's memory, brought up to the ledger's state.
    pub(super) fn of(&mut self, store: Store<'_>, kind: Kind, spec: ListSpec) -> Result<&mut KindMemory> {
        self.collect(kind, |task| *task == Task::Rows);
        let memory = match self.kinds.remove(&kind) {
            Some(mut memory) => {
                memory.refresh(store)?;
                memory
            }
            None => KindMemory::of(kind, spec, Arc::new(KnownRows::read(store.connection, kind, &spec)?)),
        };
        Ok(self.kinds.entry(kind).or_insert(memory))
    }

    /// What the work at this kind's list has read; see [`Desk::collect`].
    fn collect(&mut self, kind: Kind, wanted: impl Fn(&Task) -> bool) {
        let Some(ahead) = self.ahead.as_ref().filter(|ahead| ahead.kinds.contains(&kind)) else { return };
        for finished in ahead.desk.collect(kind, wanted) {
            match (finished, self.kinds.get_mut(&kind)) {
                (Finished::Rows(known), None) => {
                    let spec = for_each_kind!(kind, R => R::LIST);
                    let memory = KindMemory { desk: Some(ahead.desk.clone()), ..KindMemory::of(kind, spec, known) };
                    self.kinds.insert(kind, memory);
                }
                (finished, Some(memory)) => memory.take_in(finished),
                (_, None) => {}
            }
        }
    }

    /// Begins to read what the list on screen may be asked next, where that is not known or being read already.
    pub(super) fn prepare(&mut self, ledger: &Ledger, kind: Kind) -> Result<()> {
        self.whole = self.whole.filter(|whole| *whole == kind);
        if self.ahead.as_ref().is_some_and(|ahead| ahead.goes_on() && ahead.desk.hurry(kind)) {
            return Ok(());
        }
        self.read_ahead(ledger, &[kind])
    }

    /// As [`ListMemory::prepare`] while no list is on screen, for those that may come.
    pub(super) fn prepare_likely(&mut self, ledger: &Ledger) -> Result<()> {
        self.whole = None;
        match &self.ahead {
            Some(ahead) if ahead.goes_on() && ahead.kinds == LIKELY => Ok(()),
            _ => self.read_ahead(ledger, &LIKELY),
        }
    }

    fn read_ahead(&mut self, ledger: &Ledger, kinds: &[Kind]) -> Result<()> {
        self.collect_all();
        // Other lists are read again faster than a small laptop swaps.
        if self.bytes() > MOST_BYTES {
            self.leave();
            self.kinds.retain(|known, _| kinds.contains(known));
        }
        let plans = kinds.iter().map(|kind| self.plan(ledger, *kind)).collect::<Result<Vec<_>>>()?;
        let bytes = self.bytes();
        if bytes >= MOST_BYTES || plans.iter().all(|plan| plan.tasks.is_empty()) {
            return Ok(());
        }
        self.leave();
        let ahead = Ahead::start(ledger.list_reader()?, plans, MOST_BYTES - bytes)?;
        for (_, memory) in self.kinds.iter_mut().filter(|(kind, _)| kinds.contains(kind)) {
            memory.desk = Some(ahead.desk.clone());
        }
        // What was at work before ends here, if it has not.
        self.ahead = Some(ahead);
        Ok(())
    }

    /// What is to be read of a list.
    fn plan(&mut self, ledger: &Ledger, kind: Kind) -> Result<Plan> {
        let mut tasks = likely(&ledger.connection, kind, ledger.today())?;
        let Some(memory) = self.kinds.get_mut(&kind) else { return Ok(Plan { kind, known: None, tasks }) };
        // Rows that came since are numbered before anything is read by number.
        memory.refresh(Store { connection: &ledger.connection, lists: None })?;
        tasks.retain(|task| !memory.has(task));
        Ok(Plan { kind, known: Some(memory.known.clone()), tasks })
    }

    /// Takes in all that was read.
    fn collect_all(&mut self) {
        for kind in self.ahead.as_ref().map(|ahead| ahead.kinds.clone()).unwrap_or_default() {
            self.collect(kind, |_| false);
        }
    }

    fn bytes(&self) -> usize {
        self.kinds.values().map(KindMemory::bytes).sum()
    }

    /// The list is left: what was read is kept, nothing more is read. Nobody waits for the thread to end.
    pub(super) fn leave(&mut self) {
        self.collect_all();
        if let Some(ahead) = &self.ahead {
            ahead.desk.end();
        }
        for memory in self.kinds.values_mut() {
            memory.desk = None;
        }
    }

    /// Whether a list's numbers are shown whole.
    pub(super) fn shows_numbers(&self, kind: Kind) -> bool {
        self.whole == Some(kind)
    }

    /// Shows a list's numbers whole, until it is left or they are covered again.
    pub(super) fn show_numbers(&mut self, kind: Kind) {
        self.whole = Some(kind);
    }

    /// Covers a list's numbers again.
    pub(super) fn cover_numbers(&mut self, kind: Kind) {
        self.whole = self.whole.filter(|whole| *whole != kind);
    }

    /// As [`ListMemory::leave`], unless something else came on screen since.
    pub(super) fn leave_kind(&mut self, kind: Kind) {
        self.cover_numbers(kind);
        if self.ahead.as_ref().is_some_and(|ahead| ahead.kinds == [kind]) {
            self.leave();
        }
    }

    /// Waits until everything is read that was begun; answers with the bytes that the kind's columns take.
    pub(super) fn finish(&mut self, kind: Kind) -> usize {
        if let Some(ahead) = &mut self.ahead {
            ahead.finish();
        }
        self.collect_all();
        self.kinds.get(&kind).map_or(0, KindMemory::bytes)
    }
}

impl KindMemory {
    fn of(kind: Kind, spec: ListSpec, known: Arc<KnownRows>) -> Self {
        let rows = number(known.ids.len());
        KindMemory {
            kind,
            spec,
            live: vec![true; known.ids.len()],
            known,
            columns: HashMap::new(),
            natural: Some(Arc::new((0..rows).collect())),
            sets: Vec::new(),
            answers: Vec::new(),
            pending: BTreeSet::new(),
            desk: None,
        }
    }

    fn bytes(&self) -> usize {
        self.columns.values().map(|column| column.bytes()).sum()
    }

    fn has(&self, task: &Task) -> bool {
        match task {
            Task::Rows => true,
            Task::Column(sql) => self.columns.contains_key(sql),
            Task::Set(condition) => self.sets.iter().any(|(known, _)| known == condition),
        }
    }

    fn take_in(&mut self, finished: Finished) {
        match finished {
            // They are numbered already.
            Finished::Rows(_) => {}
            Finished::Column(sql, column) => {
                self.columns.entry(sql).or_insert(column);
            }
            Finished::Set(condition, set) => {
                if recall(&mut self.sets, &condition).is_none() {
                    keep(&mut self.sets, SETS, condition, KnownSet { rows: set, changed: BTreeSet::new() });
                }
            }
        }
    }

    /// Waits for what is wanted and just being read.
    fn collect(&mut self, wanted: impl Fn(&Task) -> bool) {
        if let Some(desk) = self.desk.clone() {
            desk.collect(self.kind, wanted).into_iter().for_each(|finished| self.take_in(finished));
        }
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
        let pending = std::mem::take(&mut self.pending);
        // What was purged is found nowhere; what is found says whether it is there.
        for (live, id) in self.live.iter_mut().zip(&self.known.ids) {
            *live &= !pending.contains(id);
        }
        self.sets.iter_mut().for_each(|(_, set)| set.changed.extend(&pending));
        self.sets.retain(|(_, set)| set.changed.len() <= MOST_PENDING);
        let pending: Vec<Id> = pending.into_iter().collect();
        let rows = self.refresh_columns(store, &pending)?;
        if let Some(natural) = self.natural.take() {
            self.natural = self.rearranged(&natural, &rows);
        }
        Ok(())
    }

    /// Answers with the rows of the records.
    fn refresh_columns(&mut self, store: Store<'_>, pending: &[Id]) -> Result<Vec<u32>> {
        let sqls: Vec<&'static str> = self.columns.keys().copied().collect();
        let mut fresh: Vec<Vec<(u32, Cell)>> = vec![Vec::new(); sqls.len()];
        let mut rows = Vec::with_capacity(pending.len());
        let known = Arc::make_mut(&mut self.known);
        for ids in pending.chunks(BATCH) {
            for (row, live, cells) in known.cells_of(store.connection, &self.spec, &sqls, ids)? {
                if place(row) >= self.live.len() {
                    self.live.resize(place(row) + 1, false);
                }
                self.live[place(row)] = live;
                rows.push(row);
                for (column, cell) in fresh.iter_mut().zip(cells) {
                    column.push((row, cell));
                }
            }
        }
        for (sql, cells) in sqls.into_iter().zip(fresh) {
            if let Some(column) = self.columns.get_mut(sql) {
                Arc::make_mut(column).replace(&cells);
            }
        }
        Ok(rows)
    }

    /// The list's own order with some rows taken out and put where they belong now; nothing where its columns are
    /// not all known.
    fn rearranged(&self, natural: &[u32], moved: &[u32]) -> Option<Rows> {
        let terms = order_terms(self.spec.order);
        let columns = terms.iter().map(|(sql, _)| self.columns.get(sql).cloned()).collect::<Option<Vec<_>>>()?;
        let key = |row: u32| (order_key(&columns, &terms, row), self.known.ids[place(row)]);
        let is_moved: HashSet<u32> = moved.iter().copied().collect();
        let stays = |row: &u32| self.live[place(*row)] && !is_moved.contains(row);
        let mut rows: Vec<u32> = natural.iter().copied().filter(stays).collect();
        for row in moved.iter().copied().filter(|row| self.live[place(*row)]) {
            let wanted = key(row);
            let at = rows.partition_point(|other| key(*other) < wanted);
            rows.insert(at, row);
        }
        Some(Arc::new(rows))
    }

    /// Columns by their SQL, read where they are not known yet.
    fn columns(&mut self, store: Store<'_>, sqls: &[&'static str]) -> Result<Vec<Arc<Column>>> {
        self.collect(|task| matches!(task, Task::Column(sql) if sqls.contains(sql)));
        let mut missing: Vec<&'static str> = sqls.iter().copied().filter(|sql| !self.columns.contains_key(sql)).collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let columns = self.known.columns(store.connection, &self.spec, &missing)?;
            self.columns.extend(missing.into_iter().zip(columns.into_iter().map(Arc::new)));
        }
        Ok(sqls.iter().filter_map(|sql| self.columns.get(sql).cloned()).collect())
    }

    /// All rows in the list's own order.
    fn natural(&mut self, store: Store<'_>) -> Result<Rows> {
        if let Some(natural) = &self.natural {
            return Ok(natural.clone());
        }
        let rows = Arc::new(self.known.order(store.connection, self.kind, &self.spec)?);
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
        for condition in conditions(self.kind, &self.spec, "", &query.filters)? {
            let set = self.set(store, condition)?;
            rows = Arc::new(rows.iter().copied().filter(|row| set[place(*row)]).collect());
        }
        for ColumnCondition { column, test } in &query.conditions {
            let (column, column_type, test) = self.asked(store, column, test)?;
            let fulfilling = column.fulfilling(&test, column_type);
            rows = Arc::new(rows.iter().copied().filter(|row| fulfilling[place(column.code(*row))]).collect());
        }
        let text = typed(&query.text);
        if !text.is_empty() && !self.spec.search.is_empty() {
            rows = Arc::new(self.holding(store, &rows, &text)?);
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

    /// Those among some rows that the search box finds a text in.
    fn holding(&mut self, store: Store<'_>, rows: &[u32], text: &str) -> Result<Vec<u32>> {
        let looked_through = self.spec.search;
        self.collect(|task| matches!(task, Task::Column(sql) if looked_through.contains(sql)));
        if !looked_through.iter().all(|sql| self.columns.contains_key(sql)) {
            // To look once costs less than to read all that one can look through.
            let mut found = conditions(self.kind, &self.spec, text, &BTreeMap::new())?;
            let Some(condition) = found.pop() else { return Ok(rows.to_vec()) };
            let set = self.set(store, condition)?;
            return Ok(rows.iter().copied().filter(|row| set[place(*row)]).collect());
        }
        let spelt = match names_by_letters(self.kind, text, 1) {
            Some((sql, params)) => Some(self.set(store, (sql, params.to_vec()))?),
            None => None,
        };
        let columns = self.columns(store, looked_through)?;
        let held: Vec<(Arc<Column>, Vec<bool>)> =
            columns.into_iter().map(|column| (column.clone(), column.holding(text))).collect();
        let is_found = |row: &u32| {
            spelt.as_ref().is_some_and(|set| set[place(*row)]) || held.iter().any(|(column, held)| held[place(column.code(*row))])
        };
        Ok(rows.iter().copied().filter(is_found).collect())
    }

    fn asked(&mut self, store: Store<'_>, key: &str, test: &ColumnTest) -> Result<(Arc<Column>, ColumnType, ColumnTest)> {
        let spec = column_of(&self.spec, key)?;
        let test = test.prepared(key, spec.column_type)?;
        let columns = self.columns(store, &[spec.sql])?;
        let column = columns.into_iter().next().ok_or_else(|| super::list::unknown("列", key))?;
        Ok((column, spec.column_type, test))
    }

    /// Which rows fulfil a condition in SQL.
    fn set(&mut self, store: Store<'_>, asked: Condition) -> Result<Arc<Vec<bool>>> {
        self.collect(|task| matches!(task, Task::Set(condition) if *condition == asked));
        let rows = match recall(&mut self.sets, &asked) {
            Some(known) => self.brought_up(store, &asked, known)?,
            None => {
                let mut set = vec![false; self.known.ids.len()];
                self.known.mark(store.connection, &self.spec, &asked.0, &asked.1, &mut set)?;
                Arc::new(set)
            }
        };
        self.sets.retain(|(condition, _)| *condition != asked);
        keep(&mut self.sets, SETS, asked, KnownSet { rows: rows.clone(), changed: BTreeSet::new() });
        Ok(rows)
    }

    /// A set with the rows of changed records read again.
    fn brought_up(&self, store: Store<'_>, (condition, params): &Condition, known: KnownSet) -> Result<Arc<Vec<bool>>> {
        let KnownSet { mut rows, changed } = known;
        if changed.is_empty() {
            return Ok(rows);
        }
        let set = Arc::make_mut(&mut rows);
        set.resize(self.known.ids.len(), false);
        for (row, _) in self.known.ids.iter().enumerate().filter(|(_, id)| changed.contains(id)) {
            set[row] = false;
        }
        let ids: Vec<&Id> = changed.iter().collect();
        for ids in ids.chunks(BATCH) {
            let marks = (1..=ids.len()).map(|n| format!("?{}", n + params.len())).collect::<Vec<_>>().join(", ");
            let among = format!("({condition}) AND r.id IN ({marks})");
            let params: Vec<Value> = params.iter().cloned().chain(ids.iter().map(|id| value_of(*id))).collect();
            self.known.mark(store.connection, &self.spec, &among, &params, set)?;
        }
        Ok(rows)
    }

    /// The ids of a stretch of rows.
    pub(super) fn ids<'m>(&'m self, rows: &'m [u32]) -> impl Iterator<Item = Id> + 'm {
        rows.iter().map(|row| self.known.ids[place(*row)])
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
