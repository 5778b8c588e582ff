//! From rows to drafts, one file a kind: whom or what a row is about, and what its special columns mean.

pub mod activity;
pub mod application;
pub mod group;
pub mod household;
pub mod indicator;
pub mod project;
pub mod visit;

use std::collections::HashSet;

use serde_json::Value;
use zhucun_core::Result;
use zhucun_core::records::{Kind, Record};
use zhucun_core::storage::{Stored, Tx};
use zhucun_core::value::Id;

use crate::directory::{Clues, Directory, Found};
use crate::input::Fault;
use crate::mapping::Mapping;
use crate::row::{Draft, Row};
use crate::vocabulary::Vocabulary;

/// How the cells of a sheet are read.
#[derive(Clone, Copy)]
pub struct Reading<'c> {
    /// What its words mean.
    pub vocabulary: &'c Vocabulary,
    /// How its columns are read.
    pub mapping: &'c Mapping,
}

/// What all rows of a sheet share.
pub struct Context<'c> {
    /// What its words mean.
    pub vocabulary: &'c Vocabulary,
    /// Who its names mean.
    pub directory: &'c Directory,
    /// How its columns are read.
    pub mapping: &'c Mapping,
    /// An empty form.
    pub blank: &'c Draft,
    /// Texts of the sheet's main column, hashed: which of several alike records another row speaks of.
    pub texts: &'c HashSet<u64>,
    /// Records that earlier rows of the sheet are about.
    pub claimed: &'c HashSet<Id>,
}

/// What is to be stored for a row.
pub struct Prepared {
    /// The record it changes, with its version; nothing for a new one.
    pub known: Option<(Id, i64)>,
    /// The record before; the empty form for a new one.
    pub before: Draft,
    /// The record after.
    pub draft: Draft,
}

impl<'c> Context<'c> {
    /// How cells are read.
    pub fn reading(&self) -> Reading<'c> {
        Reading { vocabulary: self.vocabulary, mapping: self.mapping }
    }
}

impl Prepared {
    /// A new record.
    fn new(context: &Context<'_>) -> Self {
        Prepared { known: None, before: context.blank.clone(), draft: context.blank.clone() }
    }

    /// A change of a record that is there.
    fn change<R: Record>(stored: &Stored<R>) -> Result<Self> {
        let draft = draft_of(&stored.draft)?;
        Ok(Prepared { known: Some((stored.id, stored.meta.version)), before: draft.clone(), draft })
    }

    /// Either.
    fn of<R: Record>(context: &Context<'_>, stored: Option<&Stored<R>>) -> Result<Self> {
        stored.map_or_else(|| Ok(Prepared::new(context)), Prepared::change)
    }
}

/// Prepares a row of any kind that takes one row a record.
pub fn prepare(tx: &Tx<'_>, kind: Kind, row: &mut Row<'_>, context: &Context<'_>) -> Result<Option<Prepared>> {
    match kind {
        Kind::Visit => visit::prepare(tx, row, context),
        Kind::Application => application::prepare(tx, row, context),
        Kind::Project => project::prepare(tx, row, context),
        Kind::Activity => activity::prepare(tx, row, context),
        Kind::Indicator => indicator::prepare(tx, row, context),
        _ => Ok(None),
    }
}

/// A record's fields as the forms edit them.
pub fn draft_of<R: Record>(record: &R) -> Result<Draft> {
    Ok(object(serde_json::to_value(record)?))
}

/// A JSON object's fields.
pub fn object(value: Value) -> Draft {
    match value {
        Value::Object(fields) => fields,
        _ => Draft::new(),
    }
}

/// Whom a row is about; where nobody or several fit, that is noted at the column of the name.
fn find(row: &mut Row<'_>, directory: &Directory, clues: &Clues<'_>, key: &str) -> Option<(Id, Option<Id>)> {
    if let Some(answer) = row.answer.filter(|answer| *answer != Id::default()) {
        let household = directory.get(answer)?;
        let named = household.members.iter().find(|member| crate::row::same_name(&member.name, clues.name));
        return Some((answer, named.map(|member| member.id)));
    }
    match directory.find(clues) {
        Found::One(household, person) => Some((household, person)),
        Found::Several(households) => {
            row.fault(
                key,
                &Fault::new("ambiguous_household", "台账里有几户都符合，请选择是哪一户，或在表格里补上身份证号、屯（组）"),
            );
            row.candidates = households;
            None
        }
        Found::Nobody => {
            row.fault(key, &Fault::new("household_unknown", "台账里没有找到这一户（人），请先导入农户，或核对姓名"));
            None
        }
    }
}

/// A hash of a text, for [`Context::texts`].
pub fn text_hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
