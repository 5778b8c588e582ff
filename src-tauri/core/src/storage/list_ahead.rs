//! What a list on screen may be asked next is read before it is asked, by a thread with a connection of its own: its rows,
//! its columns, its shipped filters. A change of the ledger ends it, as does leaving the list or closing the ledger.
//!
//! Whatever is read here is as good as what a question would read: it stands in the ledger at a moment after the list's
//! rows were numbered, and changes since are taken in as for everything that is remembered.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use chrono::NaiveDate;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::column::Column;
use super::list::{ListSpec, PresetValue, conditions};
use super::list_read::KnownRows;
use super::list_source::{needed_from, order_terms};
use crate::error::Result;
use crate::records::Kind;

/// A condition in SQL with its parameters.
pub(super) type Condition = (String, Vec<Value>);

/// Something to be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Task {
    /// The rows.
    Rows,
    /// A column, by its SQL.
    Column(&'static str),
    /// The rows that fulfil a condition.
    Set(Condition),
}

/// Something that was read.
pub(super) enum Finished {
    Rows(Arc<KnownRows>),
    Column(&'static str, Arc<Column>),
    Set(Condition, Arc<Vec<bool>>),
}

/// Work at one list.
pub(super) struct Ahead {
    pub(super) kind: Kind,
    pub(super) desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// Where the thread and those who ask meet.
#[derive(Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    turned: Condvar,
    ended: AtomicBool,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    at_work: Option<Task>,
    done: Vec<Finished>,
}

/// SQLite's steps between two looks at whether the work was ended: a fraction of a millisecond.
const STEPS: i32 = 2000;

impl Ahead {
    /// Begins to read; `known` are the list's rows where they are known already, and columns take so many bytes at most.
    pub(super) fn start(
        mut connection: Connection,
        kind: Kind,
        spec: ListSpec,
        known: Option<Arc<KnownRows>>,
        tasks: VecDeque<Task>,
        most_bytes: usize,
    ) -> Result<Self> {
        let desk = Arc::new(Desk { state: Mutex::new(State { waiting: tasks, ..State::default() }), ..Desk::default() });
        let watched = desk.clone();
        connection.progress_handler(STEPS, Some(move || watched.ended.load(Ordering::Relaxed)))?;
        let own = desk.clone();
        let work = move || own.work(&Reader { connection, kind, spec }, known, most_bytes);
        let thread = std::thread::Builder::new().name("list".to_owned()).spawn(work)?;
        Ok(Ahead { kind, desk, thread: Some(thread) })
    }

    /// Whether more is to come.
    pub(super) fn goes_on(&self) -> bool {
        !self.desk.ended.load(Ordering::Relaxed) && self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Waits until everything is read.
    pub(super) fn finish(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to say; what it did not read, a question reads.
            let _ = thread.join();
        }
    }
}

impl Drop for Ahead {
    /// No connection outlives what it was opened for: the file may be closed next, and its key forgotten.
    fn drop(&mut self) {
        self.desk.end();
        self.finish();
    }
}

struct Reader {
    connection: Connection,
    kind: Kind,
    spec: ListSpec,
}

impl Reader {
    fn read(&self, task: &Task, known: Option<&Arc<KnownRows>>) -> Result<Option<Finished>> {
        Ok(match (task, known) {
            (Task::Rows, _) => {
                let rows = KnownRows::read(&self.connection, self.kind, &self.spec)?;
                Some(Finished::Rows(Arc::new(rows)))
            }
            // A question read the rows itself, and numbered them as nobody else does.
            (_, None) => None,
            (Task::Column(sql), Some(known)) => {
                let column = known.columns(&self.connection, &self.spec, &[sql])?.pop();
                column.map(|column| Finished::Column(sql, Arc::new(column)))
            }
            (Task::Set(condition), Some(known)) => {
                let mut set = vec![false; known.ids.len()];
                known.mark(&self.connection, &self.spec, &condition.0, &condition.1, &mut set)?;
                Some(Finished::Set(condition.clone(), Arc::new(set)))
            }
        })
    }
}

impl Desk {
    /// Nothing more is begun, and what is at work ends.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.state().waiting.clear();
    }

    /// What was read since the last look. What is wanted and at work is waited for; what only waits is left to who asks.
    pub(super) fn collect(&self, wanted: impl Fn(&Task) -> bool) -> Vec<Finished> {
        let mut state = self.state();
        state.waiting.retain(|task| !wanted(task));
        while state.at_work.as_ref().is_some_and(&wanted) {
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::take(&mut state.done)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, reader: &Reader, mut known: Option<Arc<KnownRows>>, most_bytes: usize) {
        let mut bytes = 0;
        while bytes < most_bytes {
            let Some(seat) = self.take_up() else { return };
            // What fails here is asked again by the question that needs it, which has somebody to tell.
            let Ok(Some(finished)) = reader.read(&seat.task, known.as_ref()) else { return };
            match &finished {
                Finished::Rows(rows) => known = Some(rows.clone()),
                Finished::Column(_, column) => bytes += column.bytes(),
                Finished::Set(_, set) => bytes += set.len(),
            }
            seat.put(finished);
        }
    }

    fn take_up(&self) -> Option<Seat<'_>> {
        let mut state = self.state();
        if self.ended.load(Ordering::Relaxed) {
            return None;
        }
        let task = state.waiting.pop_front()?;
        state.at_work = Some(task.clone());
        Some(Seat { desk: self, task })
    }
}

/// Holds what is at work. Whoever waits for it is woken even if the work breaks off.
struct Seat<'d> {
    desk: &'d Desk,
    task: Task,
}

impl Seat<'_> {
    fn put(self, finished: Finished) {
        let mut state = self.desk.state();
        // After a change nobody takes it in any more.
        if !self.desk.ended.load(Ordering::Relaxed) {
            state.done.push(finished);
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.desk.state().at_work = None;
        self.desk.turned.notify_all();
    }
}

/// What a list may be asked, cheapest and likeliest first: its rows; the columns of its own order, which changes are taken
/// in by; what stands in its own table; what the search box looks through; what is drawn from other tables; shipped filters.
pub(super) fn likely(kind: Kind, spec: &ListSpec, today: NaiveDate) -> VecDeque<Task> {
    let mut columns: Vec<&'static str> = spec.columns.iter().map(|column| column.sql).collect();
    columns.sort_by_key(|sql| needed_from(spec.from, &[sql]).contains("JOIN"));
    let (drawn, own): (Vec<_>, Vec<_>) = columns.into_iter().partition(|sql| sql.contains("SELECT"));
    let order = order_terms(spec.order).into_iter().map(|(sql, _)| sql);
    let sqls = order.chain(own).chain(spec.search.iter().copied()).chain(drawn);
    let mut tasks = VecDeque::from([Task::Rows]);
    for task in sqls.map(Task::Column).chain(shipped_conditions(kind, spec, today).into_iter().map(Task::Set)) {
        if !tasks.contains(&task) {
            tasks.push_back(task);
        }
    }
    tasks
}

fn shipped_conditions(kind: Kind, spec: &ListSpec, today: NaiveDate) -> Vec<Condition> {
    let filters_of = |filters: &[(&str, PresetValue)]| -> BTreeMap<String, String> {
        filters.iter().map(|(key, value)| ((*key).to_owned(), value.seen_from(today))).collect()
    };
    spec.presets.iter().flat_map(|preset| conditions(kind, spec, "", &filters_of(preset.filters)).unwrap_or_default()).collect()
}
