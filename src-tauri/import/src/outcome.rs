//! What an import did, or would do, row by row.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::Severity;
use zhucun_core::records::Kind;
use zhucun_core::records::twins::Reason;
use zhucun_core::value::Id;

/// What came of a sheet. Rows are counted, not records: several rows can make one household.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ImportOutcome")]
pub struct Outcome {
    /// Rows that bring something new.
    pub new: u32,
    /// Rows that change what is there.
    pub changed: u32,
    /// Rows that say what is there already.
    pub unchanged: u32,
    /// Rows that are left out.
    pub error: u32,
    /// Rows taken in, or out, with something to look at.
    pub warning: u32,
    /// Every row of data, in the order of the sheet.
    pub rows: Vec<RowOutcome>,
}

/// What comes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// 新增.
    New,
    /// 修改.
    Changed,
    /// 不变.
    Unchanged,
    /// 有误, left out.
    Error,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowOutcome {
    /// Its number in the file.
    pub row: u32,
    /// What comes of it.
    pub status: RowStatus,
    /// The record that it is about, where it is known.
    pub record: Option<Id>,
    /// What is wrong with it or should be looked at.
    pub issues: Vec<RowIssue>,
    /// What it changes of a record, field by field.
    pub changes: Vec<FieldChange>,
    /// Whom it may mean, where several fit.
    pub candidates: Vec<Id>,
    /// Households of the ledger that look like its own; the user may say that it is one of them.
    pub alikes: Vec<RowAlike>,
    /// Whether the user may say that it is a household of its own.
    pub can_be_new: bool,
}

/// A household of the ledger beside a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowAlike {
    /// The household.
    pub household: Id,
    /// What they have in common.
    pub reasons: Vec<Reason>,
    /// Where they differ: before, the ledger's; after, the sheet's.
    pub differences: Vec<FieldChange>,
}

/// Something wrong with a row, or to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowIssue {
    /// The column, A = 0, where it is one column's.
    pub column: Option<u32>,
    /// That column's heading; empty where it is the row's.
    pub heading: String,
    /// Stable name of the case.
    pub code: String,
    /// What is wrong and what to do; never repeats a name or a number of the row.
    pub message: String,
    /// Left out, or warned.
    pub severity: Severity,
}

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldChange {
    /// The field's Chinese name.
    pub label: String,
    /// As it was.
    pub before: String,
    /// As it becomes.
    pub after: String,
}

impl RowOutcome {
    /// Whether something should be looked at.
    pub fn is_warned(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity == Severity::Soft)
    }
}

impl Outcome {
    /// Counts rows, and puts them in the order of the sheet.
    pub fn of(mut rows: Vec<RowOutcome>) -> Self {
        rows.sort_by_key(|row| row.row);
        let count = |status| u32::try_from(rows.iter().filter(|row| row.status == status).count()).unwrap_or(u32::MAX);
        Outcome {
            new: count(RowStatus::New),
            changed: count(RowStatus::Changed),
            unchanged: count(RowStatus::Unchanged),
            error: count(RowStatus::Error),
            warning: u32::try_from(rows.iter().filter(|row| row.is_warned()).count()).unwrap_or(u32::MAX),
            rows,
        }
    }
}

/// The kinds whose candidates are households.
pub const CANDIDATES: Kind = Kind::Household;
