//! The open ledger: one file, one lock, one way to change it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveDate};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::history::UndoState;
use super::list_memory::ListMemory;
use super::lock::Lock;
use super::mark::{Mark, Marks};
use super::migration::{APPLICATION_ID, migrate};
use super::store::Store;
use super::tx::Tx;
use crate::dictionary;
use crate::error::{Error, Result};
use crate::records::Kind;
use crate::search;
use crate::value::Id;
use crate::world::World;

/// An open ledger (台账).
pub struct Ledger {
    connection: Connection,
    world: Box<dyn World>,
    member: Option<Id>,
    path: PathBuf,
    undo: Vec<Step>,
    redo: Vec<Step>,
    marks: Marks,
    lists: RefCell<ListMemory>,
    _lock: Lock,
}

/// An operation that can be taken back; several of one batch are taken back as one.
struct Step {
    seqs: Vec<i64>,
    name: String,
    batch: Option<Id>,
}

/// What an operation does, for the change log and the undo button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// 新建台账.
    NewLedger,
    /// 建立示例台账.
    Sample,
    /// 新增.
    Add(Kind),
    /// 修改.
    Change(Kind),
    /// 删除.
    Delete(Kind),
    /// 从回收站恢复.
    Restore(Kind),
    /// 从表格导入.
    Import(Kind),
    /// 批量修改.
    Batch(Kind),
    /// 合并.
    Merge(Kind),
    /// 签发报告.
    Finalise,
    /// 另起修订稿.
    Revise,
    /// 结转计划.
    CarryOver,
}

impl Op {
    /// Name in the log, such as 修改走访.
    pub fn name(self) -> String {
        match self {
            Op::NewLedger => "新建台账".to_owned(),
            Op::Sample => "建立示例台账".to_owned(),
            Op::Add(kind) => format!("新增{}", kind.label()),
            Op::Change(kind) => format!("修改{}", kind.label()),
            Op::Delete(kind) => format!("删除{}", kind.label()),
            Op::Restore(kind) => format!("恢复{}", kind.label()),
            Op::Import(kind) => format!("导入{}", kind.label()),
            Op::Batch(kind) => format!("批量修改{}", kind.label()),
            Op::Merge(kind) => format!("合并{}", kind.label()),
            Op::Finalise => "签发报告".to_owned(),
            Op::Revise => "另起修订稿".to_owned(),
            Op::CarryOver => "结转未完成的计划".to_owned(),
        }
    }
}

/// The outcome of a transaction.
#[derive(Debug)]
pub struct Done<T> {
    /// What the work answered.
    pub value: T,
    /// Kinds of which a record changed; what screens must read again.
    pub changed: BTreeSet<Kind>,
}

const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

impl Ledger {
    /// Makes a new ledger with the shipped dictionaries. Refuses to touch an existing file.
    pub fn create(path: &Path, world: Box<dyn World>) -> Result<Self> {
        if path.exists() {
            return Err(Error::LedgerExists);
        }
        let lock = Lock::take(path)?;
        let made = Self::make(path, world, lock);
        if made.is_err() {
            // The file did not exist before this call, so nothing of the user's goes.
            let _ = std::fs::remove_file(path);
        }
        made
    }

    fn make(path: &Path, world: Box<dyn World>, lock: Lock) -> Result<Self> {
        let mut connection = Connection::open(path)?;
        // The header must name the file as ours even if the first day ends in a crash: no WAL before it is written.
        migrate(&mut connection)?;
        prepare(&connection)?;
        search::bring_up_to_date(&mut connection)?;
        let mut ledger = Ledger::over(connection, world, path, lock);
        ledger.transact(Op::NewLedger, dictionary::add_shipped)?;
        ledger.forget_undo();
        Ok(ledger)
    }

    /// Opens a ledger, and brings an older one to today's schema.
    pub fn open(path: &Path, world: Box<dyn World>) -> Result<Self> {
        check_header(path)?;
        let lock = Lock::take(path)?;
        let mut connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        if connection.is_readonly("main")? {
            return Err(Error::LedgerReadOnly);
        }
        let application_id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if application_id != APPLICATION_ID {
            return Err(Error::NotALedger);
        }
        migrate(&mut connection)?;
        prepare(&connection)?;
        search::bring_up_to_date(&mut connection)?;
        Ok(Ledger::over(connection, world, path, lock))
    }

    fn over(connection: Connection, world: Box<dyn World>, path: &Path, lock: Lock) -> Self {
        let (undo, redo, lists) = (Vec::new(), Vec::new(), RefCell::default());
        Ledger { connection, world, member: None, path: path.to_owned(), undo, redo, marks: Marks::new(), lists, _lock: lock }
    }

    /// Where the ledger lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Today, as the ledger's world sees it.
    pub fn today(&self) -> NaiveDate {
        self.world.today()
    }

    /// The present moment, as the ledger's world sees it.
    pub(super) fn now(&self) -> DateTime<FixedOffset> {
        self.world.now()
    }

    /// A fresh id.
    pub(super) fn new_id(&mut self) -> Id {
        self.world.new_id()
    }

    /// The laptop, as the ledger's world names it.
    pub(super) fn device(&self) -> &str {
        self.world.device()
    }

    /// Who is typing; written beside every change from now on.
    pub fn set_member(&mut self, member: Option<Id>) {
        self.member = member;
    }

    /// Who is typing, where that is known.
    pub fn member(&self) -> Option<Id> {
        self.member
    }

    /// Lets the ledger's file grow to so many pages and no further: a full disk, for tests.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: i64) -> Result<()> {
        self.connection.pragma_update(None, "max_page_count", pages)?;
        Ok(())
    }

    /// Read access.
    pub fn store(&self) -> Store<'_> {
        Store { connection: &self.connection, lists: Some(&self.lists) }
    }

    /// The state of some kinds of record, for whoever keeps what was read from them.
    pub fn mark(&self, kinds: &[Kind]) -> Mark {
        self.marks.of(kinds)
    }

    /// Reads several things of one moment.
    pub fn read<T>(&self, work: impl FnOnce(Store<'_>) -> Result<T>) -> Result<T> {
        let transaction = self.connection.unchecked_transaction()?;
        let value = work(Store { connection: &transaction, lists: Some(&self.lists) })?;
        transaction.finish()?;
        Ok(value)
    }

    /// Changes the ledger: all of `work` with its line in the change log, or nothing.
    pub fn transact<T>(&mut self, op: Op, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<Done<T>> {
        let name = op.name();
        let (done, seq) = self.run(&name, None, work)?;
        if let Some(seq) = seq {
            self.undo.push(Step { seqs: vec![seq], name, batch: None });
            self.redo.clear();
        }
        Ok(done)
    }

    /// Like [`Ledger::transact`], for long work that is stored piece by piece: each piece is on disk when it is done, and
    /// pieces of one batch that follow each other are one step for undo.
    pub fn transact_in<T>(&mut self, batch: Id, op: Op, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<Done<T>> {
        let (done, seq) = self.run(&op.name(), None, work)?;
        if let Some(seq) = seq {
            self.redo.clear();
            match self.undo.last_mut() {
                Some(step) if step.batch == Some(batch) => {
                    step.seqs.push(seq);
                    step.name = format!("{}（{}项）", op.name(), step.seqs.len());
                }
                _ => self.undo.push(Step { seqs: vec![seq], name: op.name(), batch: Some(batch) }),
            }
        }
        Ok(done)
    }

    /// Does all of `work`, answers what came of it, and leaves the ledger as it was: what a preview shows is what would happen.
    pub fn rehearse<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx = Tx::new(Store::inside(&transaction), self.world.as_mut(), self.member);
        let value = work(&mut tx)?;
        drop(tx);
        transaction.rollback()?;
        Ok(value)
    }

    /// Takes the last operation back (撤销); answers with its name.
    pub fn undo(&mut self) -> Result<Done<String>> {
        let step = self.undo.pop().ok_or(Error::NothingTo("撤销"))?;
        match self.revert(&step, "撤销") {
            Ok((done, reverted)) => {
                self.redo.extend(reverted);
                Ok(done)
            }
            Err(error) => {
                self.undo.push(step);
                Err(error)
            }
        }
    }

    /// Does again what was taken back (重做); answers with its name.
    pub fn redo(&mut self) -> Result<Done<String>> {
        let step = self.redo.pop().ok_or(Error::NothingTo("重做"))?;
        match self.revert(&step, "重做") {
            Ok((done, reverted)) => {
                self.undo.extend(reverted);
                Ok(done)
            }
            Err(error) => {
                self.redo.push(step);
                Err(error)
            }
        }
    }

    /// Makes everything done so far final: the window opens with nothing to undo.
    pub fn forget_undo(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }

    /// What undo and redo would do next.
    pub fn undo_state(&self) -> UndoState {
        UndoState { undo: self.undo.last().map(|step| step.name.clone()), redo: self.redo.last().map(|step| step.name.clone()) }
    }

    fn revert(&mut self, step: &Step, verb: &str) -> Result<(Done<String>, Option<Step>)> {
        let name = step.name.clone();
        let work = |tx: &mut Tx<'_>| step.seqs.iter().rev().try_for_each(|seq| tx.revert(*seq));
        let (done, seq) = self.run(&format!("{verb}{name}"), step.seqs.first().copied(), work)?;
        let next = seq.map(|seq| Step { seqs: vec![seq], name: name.clone(), batch: None });
        Ok((Done { value: name, changed: done.changed }, next))
    }

    fn run<T>(
        &mut self,
        name: &str,
        reverts: Option<i64>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<(Done<T>, Option<i64>)> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx = Tx::new(Store::inside(&transaction), self.world.as_mut(), self.member);
        let value = work(&mut tx)?;
        let (seq, changed) = tx.finish(name, reverts)?;
        transaction.commit()?;
        self.lists.get_mut().changed(&changed);
        let changed = changed.into_iter().map(|record| record.kind).collect();
        self.marks.change(&changed);
        Ok((Done { value, changed }, seq))
    }
}

fn check_header(path: &Path) -> Result<()> {
    let mut file = std::fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::LedgerMissing,
        std::io::ErrorKind::PermissionDenied => Error::LedgerReadOnly,
        _ => Error::Io(error),
    })?;
    if file.metadata()?.is_dir() {
        return Err(Error::NotALedger);
    }
    let mut magic = [0u8; SQLITE_MAGIC.len()];
    match file.read_exact(&mut magic) {
        Ok(()) if magic == SQLITE_MAGIC => Ok(()),
        _ => Err(Error::NotALedger),
    }
}

/// What is acknowledged is on disk (synchronous=FULL), and no half-known category or dangling reference gets in.
fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Pages kept in memory, in KiB: columns of long lists are looked up row by row.
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.set_prepared_statement_cache_capacity(256);
    search::prepare(connection)
}
