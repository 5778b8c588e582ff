//! The open ledger: one file, one lock, one way to change it.

use std::cell::RefCell;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveDate};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::aside::{Aside, Readers};
use super::backup::{BackupReason, backup_folder, copy_into};
use super::connect::{check_pages, connect, damaged, malformed};
use super::disk::disk;
use super::key::{DataKey, Envelope, Protection, key_path};
use super::list_memory::ListMemory;
use super::lock::Lock;
use super::mark::{Mark, Marks};
use super::migration::{APPLICATION_ID, SCHEMA_VERSION, migrate};
use super::op::{Done, Op};
use super::place::{FileMark, with_ending};
use super::secret::{Passphrase, RecoveryKey, Secret};
use super::store::Store;
use super::tx::Tx;
use super::undo::{Step, Steps};
use crate::dictionary;
use crate::error::{Error, Result};
use crate::records::{Kind, RecordRef};
use crate::search;
use crate::value::Id;
use crate::world::World;

/// An open ledger (台账).
pub struct Ledger {
    /// First of all, so that what reads for lists is gone before the file is closed.
    lists: RefCell<ListMemory>,
    /// As the lists: who reads aside is gone before the file is.
    readers: Readers,
    pub(super) connection: Connection,
    world: Box<dyn World>,
    member: Option<Id>,
    path: PathBuf,
    pub(super) steps: Steps,
    marks: Marks,
    /// The file that was opened under the path.
    file: Option<FileMark>,
    /// Key of an encrypted ledger's pages: a copy of it is encrypted with the same.
    pub(super) key: Option<DataKey>,
    _lock: Lock,
}

const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";
/// Size of an encrypted file's pages.
const PAGE: u64 = 4096;

impl Ledger {
    /// Makes a new ledger with the shipped dictionaries. Refuses to touch an existing file.
    pub fn create(path: &Path, world: Box<dyn World>) -> Result<Self> {
        Self::create_with(path, world, None)
    }

    /// Makes a new ledger, encrypted where a passphrase is given.
    pub fn create_with(path: &Path, world: Box<dyn World>, protection: Option<&Protection>) -> Result<Self> {
        // A key file without its ledger may be all that is left to open a backup with.
        if path.exists() || (protection.is_some() && key_path(path).exists()) {
            return Err(Error::LedgerExists);
        }
        let lock = Lock::take(path)?;
        let made = Self::make(path, world, lock, protection);
        if made.is_err() {
            // The files did not exist before this call, so nothing of the user's goes.
            remove_made(path, protection.is_some());
        }
        made
    }

    fn make(path: &Path, world: Box<dyn World>, lock: Lock, protection: Option<&Protection>) -> Result<Self> {
        let key = protection.map(|_| DataKey::random()).transpose()?;
        if let (Some(key), Some(protection)) = (&key, protection) {
            // Before the first page: a ledger never stands without what opens it.
            Envelope::seal(key, protection)?.write(path)?;
        }
        let mut connection = connect(path, OpenFlags::default(), key.as_ref())?;
        // The header must name the file as ours even if the first day ends in a crash: no WAL before it is written.
        migrate(&mut connection)?;
        prepare(&connection)?;
        search::bring_up_to_date(&mut connection)?;
        let mut ledger = Ledger::over(connection, world, path, lock, key);
        ledger.transact(Op::NewLedger, dictionary::add_shipped)?;
        ledger.forget_undo();
        Ok(ledger)
    }

    /// Opens a ledger, and brings an older one to today's schema.
    pub fn open(path: &Path, world: Box<dyn World>) -> Result<Self> {
        Self::open_with(path, world, None)
    }

    /// Opens a ledger with what opens an encrypted one; a plain ledger asks for nothing.
    pub fn open_with(path: &Path, world: Box<dyn World>, secret: Option<&Secret>) -> Result<Self> {
        let encrypted = is_encrypted(path)?;
        let lock = Lock::take(path)?;
        let key = if encrypted { Some(unlock(path, secret)?) } else { None };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(path, flags, key.as_ref())?;
        let ready = recognised(&connection)
            .and_then(|()| copy_older(&connection, path, key.as_ref(), world.as_ref()))
            .and_then(|()| made_ready(connection));
        let connection = ready.map_err(|error| if encrypted { damaged(error) } else { malformed(error) })?;
        Ok(Ledger::over(connection, world, path, lock, key))
    }

    /// Opens a ledger to look into it and take out what can be read: one that is damaged where opening would write. Not a
    /// byte of it is changed, and nothing can be stored.
    pub fn open_to_read(path: &Path, world: Box<dyn World>, secret: Option<&Secret>) -> Result<Self> {
        let encrypted = is_encrypted(path)?;
        let lock = Lock::take(path)?;
        let key = if encrypted { Some(unlock(path, secret)?) } else { None };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(path, flags, key.as_ref())?;
        let ready = is_ours(&connection).and_then(|()| {
            let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            match found {
                SCHEMA_VERSION => set_up(&connection),
                found if found > SCHEMA_VERSION => Err(Error::LedgerNewer { found, known: SCHEMA_VERSION }),
                // Tables of an older schema cannot be read before they are brought up to date.
                _ => Err(Error::LedgerDamaged),
            }
        });
        ready.map_err(|error| if encrypted { damaged(error) } else { malformed(error) })?;
        Ok(Ledger::over(connection, world, path, lock, key))
    }

    /// Goes on with an encrypted ledger that was just made in its place.
    pub(super) fn opened(path: &Path, world: Box<dyn World>, lock: Lock, key: DataKey) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = made_ready(connect(path, flags, Some(&key))?)?;
        Ok(Ledger::over(connection, world, path, lock, Some(key)))
    }

    fn over(connection: Connection, world: Box<dyn World>, path: &Path, lock: Lock, key: Option<DataKey>) -> Self {
        let (steps, lists) = (Steps::default(), RefCell::default());
        let (path, file, marks) = (path.to_owned(), FileMark::of(path), Marks::new());
        let readers = Readers::default();
        Ledger { lists, readers, connection, world, member: None, path, steps, marks, file, key, _lock: lock }
    }

    /// Lets go of the file, lets something under the key take its place, and goes on with what is there. The lock is held all
    /// the while.
    pub(super) fn exchange(&mut self, key: Option<DataKey>, put: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        // Nobody else may have it open.
        self.lists = RefCell::default();
        self.readers = Readers::default();
        // A journal that is left over belongs to the old file, and would be played into the new one.
        let is_busy: i64 = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if is_busy != 0 {
            return Err(Error::LedgerLocked);
        }
        let held = std::mem::replace(&mut self.connection, Connection::open_in_memory()?);
        let closed = held.close().map_err(|(_, error)| Error::from(error));
        let journal = with_ending(&self.path, "-wal");
        let free = closed.and_then(|()| if journal.exists() { Err(Error::LedgerLocked) } else { Ok(()) });
        let tried = free.is_ok();
        let done = free.and_then(|()| put(&self.path));
        if tried {
            // The file itself says under which key it is: a failure may have come after the new one took its place.
            if is_encrypted(&self.path).is_ok_and(|now| now == key.is_some()) {
                self.key = key;
            }
            // Also where it failed: the file may be another all the same, and what was done to the old one is not its past.
            self.steps.forget();
            self.forget_lists();
        }
        self.file = None;
        self.take_hold()?;
        done
    }

    /// Goes on with the file after it was let go of; where the disk failed at that moment, later.
    fn take_hold(&mut self) -> Result<()> {
        if self.file.is_none() {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            self.connection = made_ready(connect(&self.path, flags, self.key.as_ref())?)?;
            self.file = FileMark::of(&self.path);
        }
        Ok(())
    }

    /// Whether there is a file to read; see [`Ledger::take_hold`].
    pub(super) fn holds(&self) -> Result<()> {
        if self.file.is_some() { Ok(()) } else { Err(Error::DiskFailed) }
    }

    /// Whether the file is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.key.is_some()
    }

    /// Gives an encrypted ledger a new passphrase. Only the key file is written; the recovery key stays as it is.
    /// What opens the ledger is asked again, so that nobody changes the passphrase at a window left open.
    pub fn change_passphrase(&self, known: &Secret, new: &Passphrase) -> Result<()> {
        self.rewrap(known, |envelope, key| envelope.with_passphrase(key, new))
    }

    /// Gives an encrypted ledger a new recovery key; the one on paper is worth nothing from then on.
    pub fn change_recovery_key(&self, known: &Secret) -> Result<RecoveryKey> {
        let fresh = RecoveryKey::random()?;
        self.rewrap(known, |envelope, key| envelope.with_recovery(key, &fresh))?;
        Ok(fresh)
    }

    fn rewrap(&self, known: &Secret, change: impl FnOnce(Envelope, &DataKey) -> Result<Envelope>) -> Result<()> {
        let open = self.key.as_ref().ok_or(Error::NotEncrypted)?;
        let envelope = Envelope::read(&self.path)?;
        let key = envelope.open(known)?;
        if key != *open {
            // Another ledger's key file got here while this one was open.
            return Err(Error::KeyFileDamaged);
        }
        change(envelope, &key)?.write(&self.path)
    }

    /// Reads every page of the file and every row's place: what a flipped byte, a bad disk or another program did is found.
    pub fn check_pages(&self) -> Result<()> {
        check_pages(&self.connection, self.is_encrypted())
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

    /// Syncs less than a ledger must, as much as other programs do: for the test that shows what would be lost.
    #[doc(hidden)]
    pub fn sync_less(&self) -> Result<()> {
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(())
    }

    /// The connection, to write what lies outside the change log. What is written to a file that was moved away, or that
    /// another took the place of, would be gone when the ledger is closed.
    pub(crate) fn writable(&self) -> Result<&Connection> {
        self.holds()?;
        if FileMark::of(&self.path) == self.file { Ok(&self.connection) } else { Err(Error::LedgerMoved) }
    }

    /// Another connection to the file, for work that may leave one in disorder.
    pub(super) fn reader(&self) -> Result<Connection> {
        self.writable()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        connect(&self.path, flags, self.key.as_ref())
    }

    /// A connection that only reads, for a list on screen or a count; it keeps few pages.
    pub(super) fn list_reader(&self) -> Result<Connection> {
        // One that was opened to be looked into may not be written, and a second connection could write the journal back.
        if self.connection.is_readonly("main")? {
            return Err(Error::LedgerReadOnly);
        }
        let connection = self.reader()?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", -8192)?;
        Ok(connection)
    }

    /// Reads ahead what a list on screen may be asked: nobody waits for it, and what fails is asked again by a question.
    pub fn prepare_list(&self, kind: Kind) {
        let _ = self.lists.borrow_mut().prepare(self, kind);
    }

    /// Reads ahead what the lists may be asked that are likely opened first, as [`Ledger::prepare_list`] does for one.
    pub fn prepare_likely_lists(&self) {
        let _ = self.lists.borrow_mut().prepare_likely(self);
    }

    /// The list is no longer on screen.
    pub fn leave_list(&self, kind: Kind) {
        self.lists.borrow_mut().leave_kind(kind);
    }

    /// Waits until everything is read that was begun ahead; answers with the bytes that the list's columns take. For tests
    /// and measurements.
    #[doc(hidden)]
    pub fn finish_list(&self, kind: Kind) -> usize {
        self.lists.borrow_mut().finish(kind)
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
        Store::at_one_moment(&self.connection, Some(&self.lists), work)
    }

    /// A reader of its own for something long; see [`Aside`]. Refused where the ledger itself may only be read.
    pub fn aside(&self) -> Result<Aside> {
        self.readers.admit(self.list_reader()?)
    }

    /// Changes the ledger: all of `work` with its line in the change log, or nothing.
    pub fn transact<T>(&mut self, op: Op, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<Done<T>> {
        let name = op.name();
        let (done, seq) = self.run(&name, None, work)?;
        if let Some(seq) = seq {
            self.steps.did(Step::of(seq, name));
        }
        Ok(done)
    }

    /// Like [`Ledger::transact`], for long work that is stored piece by piece: each piece is on disk when it is done, and
    /// pieces of one batch that follow each other are one step for undo.
    pub fn transact_in<T>(&mut self, batch: Id, op: Op, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<Done<T>> {
        let name = op.name();
        let (done, seq) = self.run(&name, None, work)?;
        if let Some(seq) = seq {
            self.steps.did_in(batch, seq, name);
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

    /// Records changed in a way that no undo may reach back over.
    pub(super) fn changed_for_good(&mut self, records: &[RecordRef]) {
        self.lists.get_mut().changed(records);
        self.marks.change(&records.iter().map(|record| record.kind).collect());
        self.steps.forget();
    }

    /// What the lists remember.
    pub(super) fn lists(&self) -> &RefCell<ListMemory> {
        &self.lists
    }

    /// Lists are read anew: something changed the file beside the records' own way.
    pub(super) fn forget_lists(&mut self) {
        self.marks = Marks::new();
        self.lists = RefCell::default();
    }

    /// One transaction with its line in the change log; `reverts` is the line that it takes back.
    pub(super) fn run<T>(
        &mut self,
        name: &str,
        reverts: Option<i64>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<(Done<T>, Option<i64>)> {
        self.take_hold()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx = Tx::new(Store::inside(&transaction), self.world.as_mut(), self.member);
        let value = work(&mut tx)?;
        let (seq, changed) = tx.finish(name, reverts)?;
        // As in `writable`; the transaction goes back where it is dropped.
        if FileMark::of(&self.path) != self.file {
            return Err(Error::LedgerMoved);
        }
        transaction.commit()?;
        self.lists.get_mut().changed(&changed);
        let changed = changed.into_iter().map(|record| record.kind).collect();
        self.marks.change(&changed);
        Ok((Done { value, changed }, seq))
    }
}

/// Takes away what a creation that failed has made.
pub(crate) fn remove_made(path: &Path, encrypted: bool) {
    let _ = disk().remove(path);
    if encrypted {
        let _ = disk().remove(&key_path(path));
    }
}

/// Whether a ledger's file is encrypted. An encrypted file has no mark of its own: it is one that is no plain SQLite file
/// and has a key file beside it.
pub fn is_encrypted(path: &Path) -> Result<bool> {
    // Windows denies to open a folder: asked first.
    if path.is_dir() {
        return Err(Error::NotALedger);
    }
    let mut file = std::fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::LedgerMissing,
        std::io::ErrorKind::PermissionDenied => Error::LedgerReadOnly,
        _ => Error::Io(error),
    })?;
    let about = file.metadata()?;
    let mut magic = [0u8; SQLITE_MAGIC.len()];
    match file.read_exact(&mut magic) {
        Ok(()) if magic == SQLITE_MAGIC => Ok(false),
        Ok(()) if key_path(path).exists() => Ok(true),
        // No encrypted file begins like that: a plain one whose first bytes are damaged.
        Ok(()) if magic.iter().zip(SQLITE_MAGIC).filter(|(found, wanted)| found == wanted).count() >= 8 => {
            Err(Error::LedgerDamaged)
        }
        // Whole pages without a header: most likely a ledger that was copied without its key file.
        Ok(()) if about.len().is_multiple_of(PAGE) && path.extension().is_some_and(|extension| extension == "zcj") => {
            Err(Error::KeyFileMissing)
        }
        _ => Err(Error::NotALedger),
    }
}

/// A ledger of an older schema is copied before it is changed.
fn copy_older(connection: &Connection, path: &Path, key: Option<&DataKey>, world: &dyn World) -> Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version < SCHEMA_VERSION {
        copy_into(connection, path, key, &backup_folder(path), BackupReason::Migration, world.now())?;
    }
    Ok(())
}

/// Whether the file is a ledger that can be written.
fn recognised(connection: &Connection) -> Result<()> {
    if connection.is_readonly("main")? {
        return Err(Error::LedgerReadOnly);
    }
    is_ours(connection)
}

/// Whether it is a ledger at all.
pub(super) fn is_ours(connection: &Connection) -> Result<()> {
    let application_id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application_id != APPLICATION_ID {
        return Err(Error::NotALedger);
    }
    Ok(())
}

/// Brings a ledger's file to today's schema, ready to work with.
pub(super) fn made_ready(mut connection: Connection) -> Result<Connection> {
    migrate(&mut connection)?;
    prepare(&connection)?;
    search::bring_up_to_date(&mut connection)?;
    Ok(connection)
}

/// The key of an encrypted ledger's pages.
pub(super) fn unlock(path: &Path, secret: Option<&Secret>) -> Result<DataKey> {
    let envelope = Envelope::read(path)?;
    envelope.open(secret.ok_or(Error::PassphraseNeeded)?)
}

/// What is acknowledged is on disk (synchronous=FULL), and no half-known category or dangling reference gets in.
fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    set_up(connection)
}

/// What reading and writing have in common.
fn set_up(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Pages kept in memory, in KiB: columns of long lists are looked up row by row.
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.set_prepared_statement_cache_capacity(256);
    // A kept statement stays planned whatever values it is run with; else those that use a partial index are planned anew
    // each time, a sixth of an import.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    search::prepare(connection)
}
