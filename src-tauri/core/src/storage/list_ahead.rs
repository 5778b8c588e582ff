//! What lists may be asked next is read before it is asked, by a thread with a connection of its own: their rows, columns and
//! shipped filters; of the list on screen, or of those that are likely opened first. A change of the ledger ends it, as does
//! leaving the list or closing the ledger.
//!
//! Whatever is read here is as good as what a question would read: it stands in the ledger at a moment after the list's
//! rows were numbered, and changes since are taken in as for everything that is remembered.

use std::collections::{BTreeMap, HashMap, VecDeque};
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
use crate::records::{Kind, Record, for_each_kind};

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

/// The lists that are likely opened first, the likeliest first.
pub(super) const LIKELY: [Kind; 3] = [Kind::Household, Kind::Visit, Kind::Application];

/// Work at some lists, one after the other.
pub(super) struct Ahead {
    pub(super) kinds: Vec<Kind>,
    pub(super) desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// One list to be read: what of it, and its rows where they are known already.
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) known: Option<Arc<KnownRows>>,
    pub(super) tasks: VecDeque<Task>,
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
    waiting: VecDeque<(Kind, Task)>,
    at_work: Option<(Kind, Task)>,
    done: Vec<(Kind, Finished)>,
}

/// SQLite's steps between two looks at whether the work was ended: a fraction of a millisecond.
pub(super) const STEPS: i32 = 2000;

impl Ahead {
    /// Begins to read; columns take so many bytes at most.
    pub(super) fn start(mut connection: Connection, plans: Vec<Plan>, most_bytes: usize) -> Result<Self> {
        let kinds = plans.iter().map(|plan| plan.kind).collect();
        let mut known = HashMap::new();
        let mut waiting = VecDeque::new();
        for plan in plans {
            known.extend(plan.known.map(|rows| (plan.kind, rows)));
            waiting.extend(plan.tasks.into_iter().map(|task| (plan.kind, task)));
        }
        let desk = Arc::new(Desk { state: Mutex::new(State { waiting, ..State::default() }), ..Desk::default() });
        let watched = desk.clone();
        connection.progress_handler(STEPS, Some(move || watched.ended.load(Ordering::Relaxed)))?;
        let own = desk.clone();
        let work = move || own.work(&mut Reader { connection, known }, most_bytes);
        let thread = std::thread::Builder::new().name("list".to_owned()).spawn(work)?;
        Ok(Ahead { kinds, desk, thread: Some(thread) })
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
    known: HashMap<Kind, Arc<KnownRows>>,
}

impl Reader {
    fn read(&mut self, kind: Kind, task: &Task) -> Result<Option<Finished>> {
        let spec = for_each_kind!(kind, R => R::LIST);
        Ok(match (task, self.known.get(&kind)) {
            (Task::Rows, _) => {
                let rows = Arc::new(KnownRows::read(&self.connection, kind, &spec)?);
                self.known.insert(kind, rows.clone());
                Some(Finished::Rows(rows))
            }
            // A question read the rows itself, and numbered them as nobody else does.
            (_, None) => None,
            (Task::Column(sql), Some(known)) => {
                let column = known.columns(&self.connection, &spec, &[sql])?.pop();
                column.map(|column| Finished::Column(sql, Arc::new(column)))
            }
            (Task::Set(condition), Some(known)) => {
                let mut set = vec![false; known.ids.len()];
                known.mark(&self.connection, &spec, &condition.0, &condition.1, &mut set)?;
                Some(Finished::Set(condition.clone(), Arc::new(set)))
            }
        })
    }
}

impl Desk {
    /// Nothing more is begun, and what is at work ends. What came since the last look is dropped: it may be older than a
    /// change that is taken in next.
    pub(super) fn end(&self) {
        let mut state = self.state();
        self.ended.store(true, Ordering::Relaxed);
        state.waiting.clear();
        state.done.clear();
    }

    /// What was read of a list since the last look. What is wanted and at work is waited for; what only waits is left to
    /// who asks.
    pub(super) fn collect(&self, kind: Kind, wanted: impl Fn(&Task) -> bool) -> Vec<Finished> {
        let is_wanted = |(of, task): &(Kind, Task)| *of == kind && wanted(task);
        let mut state = self.state();
        state.waiting.retain(|work| !is_wanted(work));
        while state.at_work.as_ref().is_some_and(is_wanted) {
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let (found, others) = std::mem::take(&mut state.done).into_iter().partition(|(of, _)| *of == kind);
        state.done = others;
        found.into_iter().map(|(_, finished): (Kind, Finished)| finished).collect()
    }

    /// Whether more of a list is to come. If so, it comes before what waits of others.
    pub(super) fn hurry(&self, kind: Kind) -> bool {
        let mut state = self.state();
        let (first, others): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut state.waiting).into_iter().partition(|(of, _)| *of == kind);
        let comes = !first.is_empty() || state.at_work.as_ref().is_some_and(|(of, _)| *of == kind);
        state.waiting = first.into_iter().chain(others).collect();
        comes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, reader: &mut Reader, most_bytes: usize) {
        let mut bytes = 0;
        while bytes < most_bytes {
            let Some(seat) = self.take_up() else { return };
            let kind = seat.kind;
            // What fails here is asked again by the question that needs it, which has somebody to tell.
            let Ok(Some(finished)) = reader.read(kind, &seat.task) else {
                self.state().waiting.retain(|(of, _)| *of != kind);
                continue;
            };
            match &finished {
                Finished::Rows(_) => {}
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
        let (kind, task) = state.waiting.pop_front()?;
        state.at_work = Some((kind, task.clone()));
        Some(Seat { desk: self, kind, task })
    }
}

/// Holds what is at work. Whoever waits for it is woken even if the work breaks off.
struct Seat<'d> {
    desk: &'d Desk,
    kind: Kind,
    task: Task,
}

impl Seat<'_> {
    fn put(self, finished: Finished) {
        let mut state = self.desk.state();
        // After a change nobody takes it in any more.
        if !self.desk.ended.load(Ordering::Relaxed) {
            state.done.push((self.kind, finished));
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
/// in by; what stands in its own table; what the search box looks through; what is drawn from other tables; shipped filters;
/// filters that look at every row's parts.
pub(super) fn likely(connection: &Connection, kind: Kind, today: NaiveDate) -> Result<VecDeque<Task>> {
    let spec = for_each_kind!(kind, R => R::LIST);
    let mut columns: Vec<&'static str> = spec.columns.iter().map(|column| column.sql).collect();
    columns.sort_by_key(|sql| needed_from(spec.from, &[sql]).contains("JOIN"));
    let (drawn, own): (Vec<_>, Vec<_>) = columns.into_iter().partition(|sql| sql.contains("SELECT"));
    let order = order_terms(spec.order).into_iter().map(|(sql, _)| sql);
    let sqls = order.chain(own).chain(spec.search.iter().copied()).chain(drawn);
    let sets = shipped_conditions(kind, &spec, today).into_iter().chain(offered_conditions(connection, kind, &spec)?);
    let mut tasks = VecDeque::from([Task::Rows]);
    for task in sqls.map(Task::Column).chain(sets.map(Task::Set)) {
        if !tasks.contains(&task) {
            tasks.push_back(task);
        }
    }
    Ok(tasks)
}

fn shipped_conditions(kind: Kind, spec: &ListSpec, today: NaiveDate) -> Vec<Condition> {
    let filters_of = |filters: &[(&str, PresetValue)]| -> BTreeMap<String, String> {
        filters.iter().map(|(key, value)| ((*key).to_owned(), value.seen_from(today))).collect()
    };
    spec.presets.iter().flat_map(|preset| conditions(kind, spec, "", &filters_of(preset.filters)).unwrap_or_default()).collect()
}

/// Filters offered with more values than this are not all read: each takes a walk through the list.
const MOST_OFFERED: usize = 16;

fn offered_conditions(connection: &Connection, kind: Kind, spec: &ListSpec) -> Result<Vec<Condition>> {
    let mut found = Vec::new();
    for (key, values) in for_each_kind!(kind, R => R::LIST_OFFERED) {
        let mut statement = connection.prepare_cached(values)?;
        let values = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
        for value in values.into_iter().take(MOST_OFFERED) {
            found.extend(conditions(kind, spec, "", &BTreeMap::from([((*key).to_owned(), value)]))?);
        }
    }
    Ok(found)
}
