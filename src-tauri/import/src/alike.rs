//! Households of the ledger that rows may be about though nothing proves it: laid beside them, for the user to say.

use std::collections::HashSet;

use zhucun_core::records::household::{HEAD, Household};
use zhucun_core::records::twins::{Alike, Face, Reason, likely_twins, name_key};
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::storage::{Store, Tx};
use zhucun_core::value::{Id, mask_name};
use zhucun_core::{Finding, Result};

use crate::build::{draft_of, household::members_of};
use crate::compare::changes;
use crate::fields::Fields;
use crate::outcome::{FieldChange, RowAlike};
use crate::row::Draft;
use crate::vocabulary::Vocabulary;

/// What words a difference is told in.
pub(crate) struct Words<'w> {
    pub fields: &'w Fields,
    pub vocabulary: &'w Vocabulary,
}

/// What looks like a household that has just come in: those of the ledger, and whether the same sheet has another.
pub(crate) fn of_new(
    tx: &Tx<'_>,
    (id, face): (Id, &Face),
    draft: &Household,
    created: &HashSet<Id>,
    words: &Words<'_>,
) -> Result<(Vec<RowAlike>, bool)> {
    let found = likely_twins(**tx, face, id)?;
    let (twice, known): (Vec<_>, Vec<_>) = found.into_iter().partition(|alike| created.contains(&alike.record.id));
    let beside = known.into_iter().map(|alike| beside(**tx, alike.record.id, alike.reasons, draft, words));
    Ok((beside.collect::<Result<_>>()?, !twice.is_empty()))
}

/// A household of the ledger beside what the sheet says, where the sheet says something else.
pub(crate) fn beside(
    store: Store<'_>,
    household: Id,
    reasons: Vec<Reason>,
    draft: &Household,
    words: &Words<'_>,
) -> Result<RowAlike> {
    let (known, draft) = (draft_of(&store.get::<Household>(household)?.draft)?, draft_of(draft)?);
    let mut differences = changes(&known, &draft, "", words.fields, words.vocabulary);
    if let (Some(mine), Some(theirs)) = (head_of(&draft), head_of(&known)) {
        differences.extend(changes(&theirs, &mine, "member.", words.fields, words.vocabulary));
    }
    differences.retain(|change: &FieldChange| !change.after.is_empty() && change.before != change.after);
    Ok(RowAlike { household, reasons, differences })
}

/// The household that the rows were taken for by the name of its head, or because the user said so.
pub(crate) fn by_name(household: Id, known: &Household, name: &str) -> RowAlike {
    let head = known.head().map(|head| head.name.clone()).unwrap_or_default();
    let persons = vec![Alike { at: 0, name: head, is_likely: true }];
    let is_same = persons.iter().any(|head| name_key(&head.name) == name_key(name));
    let reasons = if is_same { vec![Reason::SameHeadSameVillage { persons }] } else { Vec::new() };
    RowAlike { household, reasons, differences: Vec::new() }
}

fn head_of(draft: &Draft) -> Option<Draft> {
    members_of(draft).into_iter().find(|member| member.get("relation").is_some_and(|relation| relation == HEAD))
}

/// Says of a number that is registered elsewhere where that is; the name masked, as the marked copy leaves the laptop.
pub(crate) fn told_where(store: Store<'_>, mut finding: Finding) -> Result<Finding> {
    let Some(about) = finding.about.filter(|about| about.kind == Kind::Household) else { return Ok(finding) };
    if let Some(title) = store.titles(&[about])?.pop() {
        let what = if finding.code == "duplicate_household" {
            "户编号与另一户相同"
        } else {
            "这个身份证号已登记在另一户"
        };
        finding.message = format!("{what}：{}（{}），请核对", mask_name(&title.title), title.note);
    }
    Ok(finding)
}

/// The household that a refused number points to.
pub(crate) fn registered(about: RecordRef) -> RowAlike {
    RowAlike { household: about.id, reasons: vec![Reason::SameIdNumber { persons: Vec::new() }], differences: Vec::new() }
}
