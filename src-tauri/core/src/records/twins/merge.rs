//! 合并: two households become one, in one operation that can be taken back as one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::compare::{Choice, Choices, Comparison, Read, Side, compare_read};
use super::follow::{self, Moved};
use super::merged::merged;
use crate::error::{Error, Finding, Result, Severity};
use crate::records::application::Application;
use crate::records::household::Household;
use crate::records::programme::Stage;
use crate::records::{Kind, RecordRef};
use crate::storage::{Kept, Ledger, Op, RecordTitle, Store, Stored, Tx, value_of};
use crate::value::{Id, cover_content};

/// Which two, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MergeRequest {
    /// The left one, as it was compared.
    pub left: Side,
    /// The right one.
    pub right: Side,
    /// Which is kept.
    pub keep: Choice,
    /// What the user chose, by row.
    #[serde(default)]
    #[ts(type = "Record<string, TwinChoice>")]
    pub choices: Choices,
    /// Applications that go to the recycle bin, as the other has made the same.
    #[serde(default)]
    pub discard: Vec<Id>,
    /// Soft findings to keep.
    #[serde(default)]
    pub kept: Vec<Kept>,
}

/// What a merge would make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MergePreview {
    /// The household that would be kept.
    #[ts(as = "Household")]
    pub draft: Value,
    /// What keeps it from being stored, or needs a reason.
    pub findings: Vec<Finding>,
}

/// What a merge made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeDone {
    /// The household that was kept.
    pub id: Id,
    /// Records that follow it now.
    pub moved: u32,
    /// Kinds of which a record changed.
    pub changed: BTreeSet<Kind>,
}

/// Two applications for the same thing, of which one must go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Clash {
    /// The one of the left household.
    pub left: RecordTitle,
    /// The one of the right household.
    pub right: RecordTitle,
    /// Which goes unless the user says otherwise: the one that is less far on its way.
    pub discard: Id,
    /// The person who applied, on the left; nothing where the household did.
    pub member: Option<Id>,
    /// That person's row of the comparison: of two people there is no clash.
    pub person: Option<String>,
}

impl MergePreview {
    /// As it is shown until somebody asks for the numbers.
    pub fn covered(mut self) -> Self {
        cover_content(&mut self.draft);
        self
    }
}

impl Ledger {
    /// Makes one household of two. The other goes to the recycle bin, and what refers to it follows.
    pub fn merge_households(&mut self, request: &MergeRequest) -> Result<MergeDone> {
        let is_typed = request.left.id.is_none() || request.right.id.is_none();
        // What is only typed is no second household yet: the one that is there changes, and no more.
        let op = if is_typed { Op::Change(Kind::Household) } else { Op::Merge(Kind::Household) };
        let done = self.transact(op, |tx| merge(tx, request))?;
        Ok(MergeDone { id: done.value.0, moved: done.value.1, changed: done.changed })
    }

    /// What would come of it; the ledger stays as it is.
    pub fn preview_merge(&mut self, request: &MergeRequest) -> Result<MergePreview> {
        let (kept, _, comparison, other) = self.read(|store| read(store, request))?;
        let (left, right) = if request.keep == Choice::Left { (&kept, &other) } else { (&other, &kept) };
        let draft = serde_json::to_value(merged(&left.household, &right.household, &comparison, &request.choices)?.draft)?;
        let findings = match self.rehearse(|tx| merge(tx, request)) {
            Ok(_) => Vec::new(),
            Err(Error::Refused(findings) | Error::NeedsReason(findings)) => findings,
            Err(error) => return Err(error),
        };
        Ok(MergePreview { draft, findings })
    }
}

/// The one that is kept with its id, the comparison, and the other.
fn read(store: Store<'_>, request: &MergeRequest) -> Result<(Read, Id, Comparison, Read)> {
    let (left, right) = (request.left.read(store)?, request.right.read(store)?);
    let comparison = compare_read(store, &left, &right, Some(request.keep))?;
    let (kept, other) = if request.keep == Choice::Left { (left, right) } else { (right, left) };
    let id = kept.id.filter(|id| Some(*id) != other.id);
    let id = id.ok_or_else(|| Error::BadInput("要保留的一户应是台账里已有的另一户".to_owned()))?;
    Ok((kept, id, comparison, other))
}

fn merge(tx: &mut Tx<'_>, request: &MergeRequest) -> Result<(Id, u32)> {
    let (kept, to, comparison, other) = read(**tx, request)?;
    let (left, right) = if request.keep == Choice::Left { (&kept, &other) } else { (&other, &kept) };
    let result = merged(&left.household, &right.household, &comparison, &request.choices)?;
    refuse_left_out(**tx, &comparison, &result.people, left, right)?;
    if let (Some(one), Some(two)) = (left.id, right.id) {
        let clashes = clashes(**tx, one, two, &same_place(left, right, &result.people))?;
        settle(tx, &clashes, &request.discard)?;
    }
    // First the other leaves, so that its numbers are free; then the one that stays takes them over; then all follow.
    if let Some(from) = other.id {
        tx.retire::<Household>(from, other.version.unwrap_or_default())?;
    }
    tx.change(to, kept.version.unwrap_or_default(), result.draft, &request.kept)?;
    let Some(from) = other.id else { return Ok((to, 0)) };
    let now = tx.get::<Household>(to)?.draft;
    let person = |at: usize| now.members.get(at).and_then(|member| member.id);
    let moved = Moved {
        from,
        to,
        from_village: tx.get::<Household>(from)?.draft.village_id,
        to_village: now.village_id,
        people: result.people.iter().filter_map(|(id, at)| Some((*id, person((*at)?)?))).collect(),
    };
    let count = follow::all(tx, &moved)?;
    Ok((to, count))
}

/// Who of the right is who of the left, once both are in one household.
fn same_place(left: &Read, right: &Read, people: &BTreeMap<Id, Option<usize>>) -> BTreeMap<Id, Id> {
    let ids = |read: &Read| read.household.members.iter().filter_map(|member| member.id).collect::<Vec<_>>();
    let place = |id: &Id| people.get(id).copied().flatten();
    let lefts = ids(left);
    let twin = |id: Id| Some((id, *lefts.iter().find(|other| place(other).is_some() && place(other) == place(&id))?));
    ids(right).into_iter().filter_map(twin).collect()
}

/// A person to whom an application or a visit refers cannot be left out.
fn refuse_left_out(
    store: Store<'_>,
    comparison: &Comparison,
    people: &BTreeMap<Id, Option<usize>>,
    left: &Read,
    right: &Read,
) -> Result<()> {
    let referred =
        "SELECT (SELECT count(*) FROM application WHERE member_id = ?1) + (SELECT count(*) FROM visit WHERE contact_id = ?1)";
    let mut findings = Vec::new();
    for row in &comparison.people {
        let id = |read: &Read, at: Option<usize>| at.and_then(|at| read.household.members.get(at)).and_then(|member| member.id);
        for id in [id(left, row.left), id(right, row.right)].into_iter().flatten() {
            if people.get(&id) == Some(&None) && store.count(referred, &[value_of(&id)])? > 0 {
                let message = "这名成员还有申报或走访记录，不能去掉，请保留";
                findings.push(hard("member_in_use", row.key.clone(), message.to_owned(), None));
            }
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(Error::Refused(findings)) }
}

fn hard(code: &str, field: String, message: String, about: Option<RecordRef>) -> Finding {
    Finding { severity: Severity::Hard, code: code.to_owned(), field, message, about }
}

/// One of each two alike applications goes to the recycle bin, as the user said; without a word of the user nothing is done.
fn settle(tx: &mut Tx<'_>, clashes: &[Clash], discard: &[Id]) -> Result<()> {
    let mut findings = Vec::new();
    for (at, clash) in clashes.iter().enumerate() {
        let gone = [clash.left.id, clash.right.id].into_iter().find(|id| discard.contains(id));
        match gone {
            Some(id) => tx.delete::<Application>(id)?,
            None => findings.push(hard(
                "duplicate_application",
                format!("clashes.{at}"),
                "两户申报了同一个补贴项目，请选择留哪一条".to_owned(),
                Some(RecordRef { kind: Kind::Application, id: clash.right.id }),
            )),
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(Error::Refused(findings)) }
}

/// Applications of two households that would be one too many in one household. `same`: who of the right is who of the left.
pub(super) fn clashes(store: Store<'_>, left: Id, right: Id, same: &BTreeMap<Id, Id>) -> Result<Vec<Clash>> {
    let of = |household: Id| {
        let condition = "r.household_id = ?1 AND r.deleted_at IS NULL AND r.stage <> 'withdrawn'";
        store.load::<Application>(condition, &[value_of(&household)])
    };
    let (mine, theirs) = (of(left)?, of(right)?);
    let mut found = Vec::new();
    for their in &theirs {
        let member = match their.draft.member_id {
            None => None,
            Some(id) => match same.get(&id) {
                Some(id) => Some(*id),
                None => continue,
            },
        };
        let is_same = |my: &&Stored<Application>| {
            let (a, b) = (&my.draft, &their.draft);
            (a.programme_id, a.year, &a.term, a.member_id) == (b.programme_id, b.year, &b.term, member)
        };
        if let Some(my) = mine.iter().find(is_same) {
            found.push((my, their));
        }
    }
    let refs = |pair: &(&Stored<Application>, &Stored<Application>)| [pair.0.id, pair.1.id];
    let records: Vec<RecordRef> = found.iter().flat_map(refs).map(|id| RecordRef { kind: Kind::Application, id }).collect();
    let mut titles = store.titles(&records)?.into_iter();
    let clash = |(my, their): (&Stored<Application>, &Stored<Application>)| {
        let (left, right) = (titles.next()?, titles.next()?);
        let discard = if progress(my) < progress(their) { my.id } else { their.id };
        Some(Clash { left, right, discard, member: my.draft.member_id, person: None })
    };
    Ok(found.into_iter().filter_map(clash).collect())
}

/// How far an application is on its way; of two alike, when it was last touched.
fn progress(application: &Stored<Application>) -> (u8, &str) {
    let stage = match application.draft.stage {
        Stage::Paid => 4,
        Stage::Approved => 3,
        Stage::Submitted => 2,
        Stage::Collecting | Stage::Returned => 1,
        Stage::Ineligible | Stage::Withdrawn => 0,
    };
    (stage, &application.meta.updated_at)
}
