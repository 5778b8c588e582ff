//! 备份: copies that the program makes by itself, in a folder beside the ledger. A copy counts once it was reopened and
//! found whole; old ones are thinned out; one of them can take the ledger's place, and what it replaced is a copy too.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime};
use rusqlite::backup::StepResult;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::connect::{check_pages, connect};
use super::convert::{recover_key_file, under_key};
use super::disk::disk;
use super::key::{DataKey, Envelope, key_path};
use super::ledger::{Ledger, is_encrypted, made_ready, unlock};
use super::lock::Lock;
use super::migration::{APPLICATION_ID, SCHEMA_VERSION};
use super::place::{JOURNALS, clear, put_in_place, restored_name, with_ending};
use super::secret::Secret;
use crate::error::{Error, Result};
use crate::world::World;

/// Why a copy was made; a word of its file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupReason {
    /// 手动.
    Asked,
    /// 关闭台账时.
    Close,
    /// 导入前.
    Import,
    /// 合并前.
    Merge,
    /// 升级前.
    Migration,
    /// 恢复前.
    Restore,
    /// 修复前.
    Repair,
    /// 加密或取消加密前.
    Protection,
}

impl BackupReason {
    const ALL: [BackupReason; 8] = [
        BackupReason::Asked,
        BackupReason::Close,
        BackupReason::Import,
        BackupReason::Merge,
        BackupReason::Migration,
        BackupReason::Restore,
        BackupReason::Repair,
        BackupReason::Protection,
    ];

    /// As the file's name and the list say it.
    pub fn label(self) -> &'static str {
        match self {
            BackupReason::Asked => "手动备份",
            BackupReason::Close => "关闭时",
            BackupReason::Import => "导入前",
            BackupReason::Merge => "合并前",
            BackupReason::Migration => "升级前",
            BackupReason::Restore => "恢复前",
            BackupReason::Repair => "修复前",
            BackupReason::Protection => "加密变更前",
        }
    }
}

/// A copy of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Backup {
    /// Where it lies.
    pub path: PathBuf,
    /// Local time at which it was made.
    pub at: NaiveDateTime,
    /// Why.
    pub reason: BackupReason,
    /// Size in bytes.
    pub size: u64,
}

/// How much a ledger or a copy of it holds, the recycle bin left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
pub struct BackupCounts {
    /// 户.
    pub households: i64,
    /// 家庭成员.
    pub people: i64,
    /// 走访.
    pub visits: i64,
    /// 申报.
    pub applications: i64,
    /// 项目.
    pub projects: i64,
    /// Number of the last operation of the change log.
    pub last_operation: i64,
}

const NAME_FORMAT: &str = "%Y%m%d-%H%M%S";
const LATEST: usize = 10;
const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 6;

/// The folder of a ledger's copies: `石门村.备份` beside `石门村.zcj`.
pub fn backup_folder(ledger: &Path) -> PathBuf {
    let stem = ledger.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    ledger.with_file_name(format!("{stem}.备份"))
}

/// A ledger's copies, latest first. What else lies in the folder is not touched and not listed.
pub fn backups(folder: &Path) -> Result<Vec<Backup>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if let Some((at, reason)) = read_name(&path) {
            let size = fs::metadata(&path)?.len();
            found.push(Backup { path, at, reason, size });
        }
    }
    // Of those of one second the shorter name was there first.
    found.sort_by_cached_key(|backup| Reverse((backup.at, backup.path.as_os_str().len(), backup.path.clone())));
    Ok(found)
}

/// `20260620-183005 导入前.zcj`, with ` 2` before the ending where two copies were made in a second.
fn read_name(path: &Path) -> Option<(NaiveDateTime, BackupReason)> {
    let stem = path.extension().is_some_and(|extension| extension == "zcj").then(|| path.file_stem())??.to_str()?;
    let (at, rest) = stem.split_once(' ')?;
    let at = NaiveDateTime::parse_from_str(at, NAME_FORMAT).ok()?;
    let word = rest.split(' ').next()?;
    BackupReason::ALL.into_iter().find(|reason| reason.label() == word).map(|reason| (at, reason))
}

/// Which of the moments, given latest first, need not be kept: all but the 10 latest and the last of each of 7 days,
/// 4 weeks and 6 months that have one.
fn superfluous(moments: &[NaiveDateTime]) -> Vec<usize> {
    let mut kept: HashSet<usize> = (0..moments.len().min(LATEST)).collect();
    let mut keep_each = |most: usize, span: &dyn Fn(&NaiveDateTime) -> (i32, u32)| {
        let mut seen = BTreeSet::new();
        for (at, moment) in moments.iter().enumerate() {
            if seen.len() < most && seen.insert(span(moment)) {
                kept.insert(at);
            }
        }
    };
    keep_each(DAYS, &|moment| (moment.year(), moment.ordinal()));
    keep_each(WEEKS, &|moment| (moment.iso_week().year(), moment.iso_week().week()));
    keep_each(MONTHS, &|moment| (moment.year(), moment.month()));
    (0..moments.len()).filter(|at| !kept.contains(at)).collect()
}

/// Removes the copies of a folder that need not be kept; one just made always is.
pub(super) fn thin_out(folder: &Path, made: &Backup) -> Result<()> {
    // Copies of days to come were made before the clock was set back. Thinned together, they would push out those of today.
    let (to_come, past): (Vec<Backup>, Vec<Backup>) = backups(folder)?.into_iter().partition(|known| known.at > made.at);
    for known in [past, to_come] {
        let moments: Vec<NaiveDateTime> = known.iter().map(|backup| backup.at).collect();
        for old in superfluous(&moments).into_iter().filter_map(|at| known.get(at)).filter(|old| old.path != made.path) {
            // A copy too many is no harm: what cannot be removed stays.
            let _ = disk().remove(&old.path);
            if key_path(&old.path).exists() {
                let _ = disk().remove(&key_path(&old.path));
            }
        }
    }
    Ok(())
}

impl Ledger {
    /// Makes a copy in the ledger's own folder of copies, and thins out the old ones.
    pub fn backup(&self, reason: BackupReason) -> Result<Backup> {
        self.holds()?;
        let folder = backup_folder(self.path());
        let made = self.backup_into(&folder, reason)?;
        thin_out(&folder, &made)?;
        Ok(made)
    }

    /// Makes a copy unless the latest one holds the same; answers with the new one.
    pub fn backup_if_changed(&self, reason: BackupReason) -> Result<Option<Backup>> {
        let latest = backups(&backup_folder(self.path()))?.into_iter().next();
        // A latest copy that does not open is no copy.
        let known = latest.filter(|latest| self.has_our_key_file(latest));
        let known = known.and_then(|latest| inspect_for(&latest.path, self.key.as_ref(), state_of).ok());
        if known.is_some_and(|known| state_of(&self.connection).is_ok_and(|now| now == known)) {
            return Ok(None);
        }
        self.backup(reason).map(Some)
    }

    /// Whether a copy opens with today's passphrase.
    fn has_our_key_file(&self, copy: &Backup) -> bool {
        let bytes = |ledger: &Path| fs::read(key_path(ledger)).ok();
        !self.is_encrypted() || bytes(&copy.path) == bytes(self.path())
    }

    /// Makes a copy in a folder of the user's choice, such as a stick.
    pub fn backup_into(&self, folder: &Path, reason: BackupReason) -> Result<Backup> {
        copy_into(&self.connection, self.path(), self.key.as_ref(), folder, reason, self.now())
    }

    /// How much the ledger holds.
    pub fn counts(&self) -> Result<BackupCounts> {
        counts_of(&self.connection)
    }

    /// How much one of its copies holds; an error where the copy is damaged or no ledger.
    pub fn counts_of_backup(&self, backup: &Path) -> Result<BackupCounts> {
        inspect(backup, self.key_of(backup, None)?.as_ref())
    }

    /// What opens a copy: its ledger may have been encrypted, or no longer be, since it was made.
    fn key_of(&self, backup: &Path, secret: Option<&Secret>) -> Result<Option<DataKey>> {
        let encrypted = is_encrypted(backup).map_err(|error| match error {
            Error::NotALedger => Error::BackupDamaged,
            other => other,
        })?;
        match &self.key {
            _ if !encrypted => Ok(None),
            Some(own) if connect(backup, OpenFlags::SQLITE_OPEN_READ_ONLY, Some(own)).is_ok() => Ok(Some(own.clone())),
            // A damaged copy looks the same as one under another key; its key file tells.
            Some(_) if secret.is_none() && !Envelope::differs(self.path(), backup) => Err(Error::BackupDamaged),
            _ => unlock(backup, secret).map(Some),
        }
    }
}

/// Copies a ledger into a folder under a name of its own. It is written under another name, synced, read again and compared
/// before it gets its own: what bears a copy's name is one.
pub(super) fn copy_into(
    connection: &Connection,
    ledger: &Path,
    key: Option<&DataKey>,
    folder: &Path,
    reason: BackupReason,
    now: DateTime<FixedOffset>,
) -> Result<Backup> {
    disk().make_folder(folder)?;
    let at = now.naive_local();
    let name = |nth: u32| match nth {
        1 => format!("{} {}.zcj", at.format(NAME_FORMAT), reason.label()),
        nth => format!("{} {} {nth}.zcj", at.format(NAME_FORMAT), reason.label()),
    };
    let path = (1..).map(|nth| folder.join(name(nth))).find(|path| !path.exists()).unwrap_or_else(|| folder.join(name(1)));
    let fresh = path.with_extension("zcj.new");
    let written = write_copy(connection, key, &fresh).and_then(|()| {
        if key.is_some() {
            copy_key(ledger, &path)?;
        }
        Ok(put_in_place(&fresh, &path)?)
    });
    if let Err(error) = written {
        clear(&fresh);
        if !path.exists() && key_path(&path).exists() {
            let _ = disk().remove(&key_path(&path));
        }
        return Err(error);
    }
    let size = fs::metadata(&path)?.len();
    let at = NaiveDateTime::parse_from_str(&at.format(NAME_FORMAT).to_string(), NAME_FORMAT).unwrap_or(at);
    Ok(Backup { path, at, reason, size })
}

/// Copies a ledger that is too damaged for a backup, page by page as it is, before something in it is mended. Its name is
/// not that of a backup: it is kept to be looked into, never to be restored by itself.
pub(super) fn copy_as_it_is(
    connection: &Connection,
    ledger: &Path,
    key: Option<&DataKey>,
    now: DateTime<FixedOffset>,
) -> Result<PathBuf> {
    let folder = backup_folder(ledger);
    disk().make_folder(&folder)?;
    let path = folder.join(format!("{} 修复前的原样.zcj", now.naive_local().format(NAME_FORMAT)));
    let fresh = with_ending(&path, ".new");
    let written = copy_pages(connection, key, &fresh).and_then(|()| Ok(put_in_place(&fresh, &path)?));
    written.inspect_err(|_| clear(&fresh))?;
    if key.is_some() {
        copy_key(ledger, &path)?;
    }
    Ok(path)
}

/// A copy without its key file could not be opened: the key file is on disk before the copy gets its name.
fn copy_key(from: &Path, to: &Path) -> std::io::Result<()> {
    disk().copy(&key_path(from), &key_path(to))?;
    disk().sync(&key_path(to))
}

fn copy_pages(connection: &Connection, key: Option<&DataKey>, fresh: &Path) -> Result<()> {
    clear(fresh);
    {
        let mut copy = connect(fresh, OpenFlags::default(), key)?;
        if rusqlite::backup::Backup::new(connection, &mut copy)?.step(-1)? != StepResult::Done {
            return Err(Error::LedgerLocked);
        }
        // One file, without a journal beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
    }
    Ok(disk().sync(fresh)?)
}

fn write_copy(connection: &Connection, key: Option<&DataKey>, fresh: &Path) -> Result<()> {
    copy_pages(connection, key, fresh)?;
    if inspect(fresh, key)? != counts_of(connection)? {
        return Err(Error::BackupDamaged);
    }
    Ok(())
}

/// Reads a copy through: every page, that it is a ledger that this program knows, and what it holds.
pub(super) fn inspect(path: &Path, key: Option<&DataKey>) -> Result<BackupCounts> {
    inspect_for(path, key, counts_of)
}

fn inspect_for<T>(path: &Path, key: Option<&DataKey>, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let looked = || -> Result<T> {
        fs::metadata(path)?;
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX, key)?;
        let application_id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version = version_of(&connection)?;
        if application_id != APPLICATION_ID {
            return Err(Error::BackupDamaged);
        }
        check_pages(&connection, key.is_some())?;
        if version > SCHEMA_VERSION {
            return Err(Error::LedgerNewer { found: version, known: SCHEMA_VERSION });
        }
        read(&connection)
    };
    looked().map_err(|error| match error {
        Error::Io(_) | Error::DiskFull | Error::DiskFailed | Error::LedgerNewer { .. } => error,
        _ => Error::BackupDamaged,
    })
}

/// What two ledgers of the same state have in common. The number of the last operation is not enough: after a restore,
/// other operations get the same numbers.
fn state_of(connection: &Connection) -> Result<(BackupCounts, Option<String>)> {
    let sql = "SELECT o.at || o.device || coalesce((SELECT c.record_id || c.after FROM change c WHERE c.seq = o.seq
            ORDER BY c.position DESC LIMIT 1), '') FROM operation o ORDER BY o.seq DESC LIMIT 1";
    let last = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok((counts_of(connection)?, last))
}

fn version_of(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn counts_of(connection: &Connection) -> Result<BackupCounts> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let of = |table: &str| count(&format!("SELECT count(*) FROM {table} WHERE deleted_at IS NULL"));
    let people = "SELECT count(*) FROM member m JOIN household h ON h.id = m.household_id WHERE h.deleted_at IS NULL";
    Ok(BackupCounts {
        households: of("household")?,
        people: count(people)?,
        visits: of("visit")?,
        applications: of("application")?,
        projects: of("project")?,
        last_operation: count("SELECT coalesce(max(seq), 0) FROM operation")?,
    })
}

impl Ledger {
    /// Puts a copy in the ledger's place; answers with the copy made of what it replaced, which takes the restore back.
    /// The copy is read through before anything is touched: until the last step the old ledger stands, after it the new.
    pub fn restore(&mut self, backup: &Path) -> Result<Backup> {
        self.restore_with(backup, None)
    }

    /// The same with what opens a copy that is encrypted otherwise than the ledger. The ledger stays encrypted as it is.
    pub fn restore_with(&mut self, backup: &Path, secret: Option<&Secret>) -> Result<Backup> {
        let fresh = restored_name(self.path());
        let copied = self.key_of(backup, secret)?;
        let ready = copy_out(backup, &fresh, copied.as_ref())
            .and_then(|()| if copied == self.key { Ok(()) } else { under_key(&fresh, copied.as_ref(), self.key.as_ref()) })
            .and_then(|()| self.backup(BackupReason::Restore));
        let key = self.key.clone();
        let done = ready.and_then(|before| self.exchange(key, |path| Ok(put_in_place(&fresh, path)?)).map(|()| before));
        done.inspect_err(|_| clear(&fresh))
    }
}

/// Puts a copy where a ledger is missing or too damaged to be opened. A damaged one is kept beside it, under another name.
pub fn restore_over(ledger: &Path, backup: &Path, world: Box<dyn World>, secret: Option<&Secret>) -> Result<Ledger> {
    if key_path(backup).exists() && Envelope::read(ledger).is_err() {
        recover_key_file(ledger, backup)?;
    }
    let key = if is_encrypted(backup)? { Some(unlock(ledger, secret)?) } else { None };
    let lock = Lock::take(ledger)?;
    let fresh = restored_name(ledger);
    copy_out(backup, &fresh, key.as_ref()).inspect_err(|_| clear(&fresh))?;
    let aside = world.now().format("%Y%m%d-%H%M%S 已损坏").to_string();
    for ending in [""].into_iter().chain(JOURNALS) {
        let path = with_ending(ledger, ending);
        if path.exists() {
            disk().rename(&path, &ledger.with_extension(format!("{aside}.zcj{ending}")))?;
        }
    }
    put_in_place(&fresh, ledger)?;
    drop(lock);
    Ledger::open_with(ledger, world, secret)
}

/// Makes the file that will take the ledger's place. An older copy is brought to today's schema here, where a failure costs
/// nothing yet.
fn copy_out(backup: &Path, fresh: &Path, key: Option<&DataKey>) -> Result<()> {
    let (wanted, version) = inspect_for(backup, key, |copy| Ok((counts_of(copy)?, version_of(copy)?)))?;
    clear(fresh);
    disk().copy(backup, fresh)?;
    if version < SCHEMA_VERSION {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = made_ready(connect(fresh, flags, key)?)?;
        // One file, without a journal beside it.
        connection.pragma_update(None, "journal_mode", "DELETE")?;
    }
    disk().sync(fresh)?;
    if inspect(fresh, key)? == wanted { Ok(()) } else { Err(Error::BackupDamaged) }
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, NaiveDate};
    use proptest::prelude::*;

    use super::*;

    fn noon(day: i64) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().and_hms_opt(12, 0, 0).unwrap() + Duration::days(day)
    }

    #[test]
    fn a_year_of_daily_copies_leaves_the_latest_and_one_a_week_and_month() {
        let moments: Vec<_> = (0..365).rev().map(noon).collect();
        let dropped = superfluous(&moments);
        let kept: Vec<_> =
            (0..moments.len()).filter(|at| !dropped.contains(at)).map(|at| moments[at].date().to_string()).collect();
        let latest: Vec<_> = (22..=31).rev().map(|day| format!("2026-12-{day}")).collect();
        assert_eq!(kept[..10], latest[..], "the ten latest");
        assert_eq!(
            kept[10..],
            ["2026-12-20", "2026-12-13", "2026-11-30", "2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31"]
        );
    }

    #[test]
    fn names_say_when_and_why_and_nothing_else_is_a_copy() {
        let read = |name: &str| read_name(Path::new(name)).map(|(at, reason)| (at.to_string(), reason));
        let at = "2026-06-20 18:30:05".to_owned();
        assert_eq!(read("20260620-183005 导入前.zcj"), Some((at.clone(), BackupReason::Import)));
        assert_eq!(read("20260620-183005 手动备份 2.zcj"), Some((at, BackupReason::Asked)));
        for other in ["石门村.zcj", "20260620-183005 导入前.zcj.new", "20260620 导入前.zcj", "20260620-183005 别的.zcj"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn thinning_keeps_the_latest_and_never_more_than_the_sum(days in prop::collection::vec(0i64..800, 0..120)) {
            let mut moments: Vec<_> = days.into_iter().map(noon).collect();
            moments.sort_by(|a, b| b.cmp(a));
            let dropped = superfluous(&moments);
            prop_assert!(moments.len() - dropped.len() <= LATEST + DAYS + WEEKS + MONTHS);
            prop_assert!(dropped.iter().all(|at| *at >= LATEST));
            let left: Vec<_> = (0..moments.len()).filter(|at| !dropped.contains(at)).map(|at| moments[at]).collect();
            prop_assert!(superfluous(&left).is_empty(), "thinning twice drops nothing more");
        }
    }
}
