//! Records.
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::value::Id;

/// One record: which kind and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct RecordRef {
    /// The kind.
    pub kind: Kind,
    /// The record.
    pub id: Id,
}

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Kind {
    Team, TeamMember, SupportUnit, Attendance, Village, Household, Visit, Issue, Programme, Application, Project, Activity, Plan, DictionaryItem, Report,
}
