//! 检查台账: whether the file is whole, whether what it says fits together, and what of it the program can mend.
//! Nothing is changed by looking. One file for each thing that is looked at; [`repair`] mends what can be made anew
//! from what is there.

mod beside;
mod finding;
mod records;
mod repair;
mod structure;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use finding::{CheckCode, CheckFinding, CheckRemedy};
pub use repair::{CheckRepair, MakeThumbnail};

use super::ledger::Ledger;
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::{Kind, Seen, for_each_kind};
use crate::search;
use crate::value::Id;

/// Told how many records of how many were looked at; answers whether to go on.
pub type CheckProgress<'p> = &'p mut dyn FnMut(usize, usize) -> bool;

/// What came of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckReport {
    /// How many records were looked at, the recycle bin included.
    #[ts(type = "number")]
    pub records: usize,
    /// How many photos' contents were.
    #[ts(type = "number")]
    pub pictures: usize,
    /// What was found, the gravest first; nothing where all is well.
    pub findings: Vec<CheckFinding>,
}

impl CheckReport {
    /// Whether nothing was found.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Ledger {
    /// Looks through the whole ledger. A ledger too damaged to be read in a place is looked at in the others all the same.
    pub fn check(&self, progress: CheckProgress<'_>) -> Result<CheckReport> {
        self.holds()?;
        let mut look = Look::new(self, progress)?;
        structure::pages(&mut look);
        look.part(None, structure::references)?;
        look.part(None, structure::schema)?;
        for kind in Kind::ALL {
            look.part(Some(*kind), |look| for_each_kind!(*kind, R => records::of_kind::<R>(look)))?;
        }
        look.part(None, search_words)?;
        look.part(Some(Kind::Household), beside::names)?;
        look.part(Some(Kind::Attachment), beside::pictures)?;
        look.part(Some(Kind::Report), beside::frozen)?;
        look.part(None, beside::drafts)?;
        look.part(None, beside::clock)?;
        beside::files(&mut look);
        (look.progress)(look.total, look.total);
        Ok(look.into_report())
    }
}

/// How many records are looked at between two calls of the progress.
const STRIDE: usize = 64;

/// A check under way.
struct Look<'l> {
    ledger: &'l Ledger,
    store: Store<'l>,
    /// The day against which the rules are held.
    today: NaiveDate,
    seen: Seen,
    progress: CheckProgress<'l>,
    looked_at: usize,
    total: usize,
    pictures: usize,
    found: BTreeMap<(CheckCode, Option<Kind>, String), CheckFinding>,
}

impl<'l> Look<'l> {
    fn new(ledger: &'l Ledger, progress: CheckProgress<'l>) -> Result<Self> {
        let store = Store::inside(&ledger.connection);
        let count = |kind: &Kind| store.count(&format!("SELECT count(*) FROM \"{}\"", kind.table()), &[]);
        // A table that cannot even be counted is found again when it is read.
        let total = Kind::ALL.iter().map(|kind| count(kind).unwrap_or(0)).sum::<i64>();
        Ok(Look {
            ledger,
            store,
            today: day_to_check_against(ledger),
            seen: Seen::default(),
            progress,
            looked_at: 0,
            total: usize::try_from(total).unwrap_or(0),
            pictures: 0,
            found: BTreeMap::new(),
        })
    }

    /// Does a part of the check. What cannot be read is a finding, not the end.
    fn part(&mut self, kind: Option<Kind>, part: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        match part(self) {
            Err(error) if is_of_the_file(&error) => {
                self.find(CheckCode::Unreadable, kind, None);
                Ok(())
            }
            done => done,
        }
    }

    /// One more record was looked at.
    fn step(&mut self) -> Result<()> {
        self.looked_at += 1;
        let goes_on = !self.looked_at.is_multiple_of(STRIDE) || (self.progress)(self.looked_at.min(self.total), self.total);
        if goes_on { Ok(()) } else { Err(Error::Cancelled) }
    }

    /// Notes a finding, together with others of its sort.
    fn find(&mut self, code: CheckCode, kind: Option<Kind>, id: Option<Id>) {
        self.find_as(code, kind, id, String::new());
    }

    /// The same, told apart from others of the code by a detail in words.
    fn find_as(&mut self, code: CheckCode, kind: Option<Kind>, id: Option<Id>, detail: String) {
        let entry = self.found.entry((code, kind, detail));
        entry.or_insert_with(|| CheckFinding::new(code, kind)).add(id);
    }

    fn into_report(self) -> CheckReport {
        let mut findings = Vec::with_capacity(self.found.len());
        for ((_, _, detail), mut finding) in self.found {
            finding.word(&detail);
            findings.push(finding);
        }
        CheckReport { records: self.looked_at, pictures: self.pictures, findings }
    }
}

/// Whether an error says that a part of the file cannot be read, so that the other parts are worth a look.
fn is_of_the_file(error: &Error) -> bool {
    matches!(error, Error::LedgerDamaged | Error::NotALedger | Error::Storage(_) | Error::BadInput(_) | Error::DiskFailed)
}

/// Today, or the day of the last operation where the clock was set back since: what was right when it was typed is not
/// wrong because of a clock. So the sample, whose clock stands still, is right on every day.
fn day_to_check_against(ledger: &Ledger) -> NaiveDate {
    let last = last_moment(ledger).map(|at| at.date_naive());
    last.map_or(ledger.today(), |last| last.max(ledger.today()))
}

/// When the last operation of the log took place, in the time zone of today.
fn last_moment(ledger: &Ledger) -> Option<DateTime<chrono::FixedOffset>> {
    let sql = "SELECT at FROM operation ORDER BY at DESC LIMIT 1";
    let at: String = ledger.connection.query_row(sql, [], |row| row.get(0)).ok()?;
    Some(DateTime::parse_from_rfc3339(&at).ok()?.with_timezone(&ledger.now().timezone()))
}

/// The words of the search index against its rows; the rows were held against the records one by one.
fn search_words(look: &mut Look<'_>) -> Result<()> {
    if !search::words_agree(look.store)? {
        look.find(CheckCode::SearchIndex, None, None);
    }
    Ok(())
}
