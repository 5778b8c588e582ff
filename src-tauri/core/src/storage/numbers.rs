//! 显示号码: who asked to see numbers that lists and forms cover, where and when. Noted before anything is shown; never the numbers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ledger::Ledger;
use super::list::ListQuery;
use crate::error::{Error, Result};
use crate::records::report::ReportMasking;
use crate::records::{Kind, RecordRef};
use crate::value::{Id, number_field};

/// Which numbers somebody asks to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum NumbersOf {
    /// All of a list, until it is left or they are covered again.
    List {
        /// The list.
        kind: Kind,
        /// What it is asked at this moment.
        query: ListQuery,
    },
    /// One field of a record's form.
    Field {
        /// The kind.
        kind: Kind,
        /// The record; nothing for one that is not stored yet.
        id: Option<Id>,
        /// Path of the field, such as `members.2.id_number`.
        field: String,
    },
    /// Two records side by side.
    Pair {
        /// The kind.
        kind: Kind,
        /// Those of them that are stored.
        ids: Vec<Id>,
    },
    /// A sheet that is to be imported.
    Sheet {
        /// Its rows.
        rows: u32,
    },
}

/// Beginning and end of the record in a note: its name must not outlive it there.
const BETWEEN: char = ':';

impl Ledger {
    /// Notes that somebody asks for numbers; those of a list are shown from now on.
    pub fn show_numbers(&mut self, of: &NumbersOf) -> Result<()> {
        match of {
            NumbersOf::List { kind, query } => {
                let everything = ListQuery { offset: 0, limit: 0, ..query.clone() };
                let rows = self.store().list_ids(*kind, &everything)?.len();
                self.note_shown(&format!("{}列表，{rows}条", kind.label()), None)?;
                self.lists().borrow_mut().show_numbers(*kind);
            }
            NumbersOf::Field { kind, id, field } => {
                let (label, _) = number_field(field).ok_or_else(|| Error::BadInput(format!("“{field}”不是号码")))?;
                self.note_shown(&format!("{}：{label}", kind.label()), id.map(|id| RecordRef { kind: *kind, id }))?;
            }
            NumbersOf::Pair { kind, ids } => {
                for id in ids {
                    self.note_shown(&format!("{}查重对比", kind.label()), Some(RecordRef { kind: *kind, id: *id }))?;
                }
            }
            NumbersOf::Sheet { rows } => self.note_shown(&format!("要导入的表格，{rows}行"), None)?,
        }
        Ok(())
    }

    /// Covers a list's numbers again.
    pub fn cover_numbers(&self, kind: Kind) {
        self.lists().borrow_mut().cover_numbers(kind);
    }

    /// Whether a list's numbers are shown whole.
    pub fn shows_numbers(&self, kind: Kind) -> bool {
        self.store().shows_numbers(kind)
    }

    /// In the log of exports, where the record takes the place of the formats.
    fn note_shown(&mut self, title: &str, record: Option<RecordRef>) -> Result<()> {
        let record = record.map(|RecordRef { kind, id }| format!("{}{BETWEEN}{id}", kind.word())).unwrap_or_default();
        self.note_export(SHOWN, title, ReportMasking::Internal, &record).map(drop)
    }
}

/// What such a note is called in the log.
pub(super) const SHOWN: &str = "numbers";

/// The record of a note.
pub(super) fn record_of(what: &str, formats: &str) -> Option<RecordRef> {
    let (kind, id) = formats.split_once(BETWEEN).filter(|_| what == SHOWN)?;
    let kind = Kind::ALL.iter().copied().find(|each| each.word() == kind)?;
    Some(RecordRef { kind, id: Id::parse(id)? })
}
