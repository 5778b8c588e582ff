//! Rows of one household are brought together, whether a row is a person or a household; whom of the ledger they are about; and
//! what is to be stored for them.

use std::collections::HashMap;

use zhucun_core::Result;
use zhucun_core::records::household::{HEAD, Household, HouseholdClue, Member, MemberClue};
use zhucun_core::records::twins::Face;
use zhucun_core::storage::{Ready, Tx};
use zhucun_core::value::{Id, fold_name};

use super::household::{Laid, lay, names_both};
use super::{Context, Reading};
use crate::directory::{Clues, Found, Listed};
use crate::input::Fault;
use crate::mapping::Mapping;
use crate::outcome::RowIssue;
use crate::row::{Row, Who};

/// A household to be stored, and which of its members each row is.
pub struct PreparedHousehold {
    /// The record it changes, with its version; nothing for a new one.
    pub known: Option<(Id, i64)>,
    /// That record as it is.
    pub before: Option<Household>,
    /// The household after, as its rows say it.
    pub draft: Household,
    /// The same as it is stored.
    pub ready: Ready<Household>,
    /// What tells it apart.
    pub face: Face,
    /// What later rows will know it by.
    pub listed: Listed,
    /// By position in the group: the place of the row's person among the members; nothing for a row that is left out.
    pub members: Vec<Option<usize>>,
    /// Whether the household was known by no more than a name, or because the user said so: it can be said otherwise.
    pub is_by_name: bool,
}

/// Which rows make one household: by 户编号, else by 户主 and place, else each 户主 begins a new one.
pub fn together(
    rows: &mut [Row<'_>],
    mapping: &Mapping,
    context_village: &dyn Fn(&mut Row<'_>) -> Option<Id>,
) -> Vec<Vec<usize>> {
    let per_person = mapping.column_of("member.relation").is_some() || names_both(mapping);
    let by_number = mapping.column_of("ext_no").is_some();
    let by_head = mapping.column_of("head_name").is_some() || mapping.column_of("head_id").is_some();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for (at, row) in rows.iter_mut().enumerate() {
        let number = row.digits("ext_no");
        let key = if !per_person {
            String::new()
        } else if by_number && !number.is_empty() {
            format!("#{number}")
        } else if by_head {
            let village = context_village(row).map(|id| id.to_string()).unwrap_or_default();
            let (name, id_number) = (row.name("head_name"), row.digits("head_id"));
            if name.is_empty() && id_number.is_empty() {
                String::new()
            } else {
                format!("{village}|{}|{name}|{id_number}", row.text("hamlet"))
            }
        } else {
            String::new()
        };
        let begins = !per_person || !key.is_empty() || row.is_head() || groups.is_empty();
        match index.get(&key).filter(|_| !key.is_empty()) {
            Some(group) => groups[*group].push(at),
            None if begins => {
                if !key.is_empty() {
                    index.insert(key, groups.len());
                }
                groups.push(vec![at]);
            }
            // Under the last head, whose household the sheet goes on to list.
            None => groups.last_mut().into_iter().for_each(|group| group.push(at)),
        }
    }
    groups
}

/// A person of whom the user said that they belong to another household than the rows beside them goes there alone.
pub fn apart(rows: &mut [Row<'_>], groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut sorted = Vec::new();
    for group in groups {
        let speaker = group.iter().copied().find(|at| rows.get(*at).is_some_and(Row::is_head)).or(group.first().copied());
        let goes = |at: &usize| {
            let answer = rows.get(*at).and_then(|row| row.answer);
            Some(*at) != speaker && answer.is_some_and(|answer| answer != Id::default())
        };
        let (alone, together): (Vec<usize>, Vec<usize>) = group.into_iter().partition(goes);
        for at in alone {
            if let Some(row) = rows.get_mut(at) {
                row.is_apart = true;
            }
            sorted.push(vec![at]);
        }
        sorted.extend(Some(together).filter(|group| !group.is_empty()));
    }
    sorted
}

/// The row that speaks for its household: the head's, else the first.
pub fn speaker<'r, 's>(rows: &'r mut [Row<'s>]) -> Option<&'r mut Row<'s>> {
    let at = rows.iter().position(Row::is_head).unwrap_or(0);
    rows.get_mut(at)
}

/// The rows of one household, with what they make of an empty form.
pub struct Group<'s> {
    /// The rows.
    pub rows: Vec<Row<'s>>,
    /// Nothing once it was used, or turned out not to be meant.
    ahead: Option<Ahead>,
}

/// A household as its rows make it of an empty form, and what was noted of each row meanwhile.
struct Ahead {
    made: Made,
    notes: Vec<Vec<RowIssue>>,
}

/// A household ready to be stored.
struct Made {
    laid: Laid,
    ready: Ready<Household>,
    face: Face,
    listed: Listed,
}

impl Made {
    fn of(laid: Laid, new_id: &mut dyn FnMut() -> Id) -> Result<Self> {
        let ready = Ready::of(laid.draft.clone(), new_id)?;
        let (face, listed) = (Face::of(ready.draft()), Listed::of(clue(ready.draft())));
        Ok(Made { laid, ready, face, listed })
    }
}

/// What identifies a household, which has no id yet.
fn clue(household: &Household) -> HouseholdClue {
    let member = |member: &Member| MemberClue {
        id: member.id.unwrap_or_default(),
        is_head: member.relation == HEAD,
        name: member.name.clone(),
        id_number: member.id_number.clone(),
        ext_no: member.ext_no.clone(),
    };
    HouseholdClue {
        id: Id::default(),
        village_id: household.village_id,
        hamlet: household.hamlet.clone(),
        ext_no: household.ext_no.clone(),
        members: household.members.iter().map(member).collect(),
    }
}

impl<'s> Group<'s> {
    /// Lays rows over an empty form before anybody knows whether the ledger has the household: most imports bring new ones,
    /// and this much can be done beside the storing. `new_id` gives an id for each of its people.
    pub fn ahead(mut rows: Vec<Row<'s>>, blank: &Household, reading: Reading<'_>, new_id: &mut dyn FnMut() -> Id) -> Self {
        let known: Vec<Vec<RowIssue>> = rows.iter().map(|row| row.issues.clone()).collect();
        let mut usable: Vec<&mut Row<'_>> = rows.iter_mut().filter(|row| !row.is_refused()).collect();
        let laid = village(&mut usable, reading).map(|village| lay(&mut usable, empty(blank), village, reading));
        let notes = rows.iter_mut().zip(known).map(|(row, known)| std::mem::replace(&mut row.issues, known)).collect();
        for row in &rows {
            row.who();
        }
        let made = laid.and_then(|laid| Made::of(laid, new_id).ok());
        Group { rows, ahead: made.map(|made| Ahead { made, notes }) }
    }

    /// What is to be stored for the rows that nothing keeps out; nothing where one of them must be asked about first.
    pub fn prepare(&mut self, tx: &mut Tx<'_>, blank: &Household, context: &Context<'_>) -> Result<Option<PreparedHousehold>> {
        let (ahead, reading) = (self.ahead.take(), context.reading());
        let mut rows: Vec<&mut Row<'_>> = self.rows.iter_mut().filter(|row| !row.is_refused()).collect();
        if rows.is_empty() {
            return Ok(None);
        }
        let Some(village) = village(&mut rows, reading) else { return Ok(None) };
        let (known, is_by_name) = match known(&mut rows, village, context) {
            Ok(Some((id, is_by_name))) => (Some(tx.get::<Household>(id)?), is_by_name),
            Ok(None) => (None, false),
            Err(()) => return Ok(None),
        };
        let made = match ahead.filter(|_| known.is_none()) {
            Some(ahead) => {
                let noted = self.rows.iter_mut().zip(ahead.notes);
                noted.for_each(|(row, notes)| notes.into_iter().for_each(|note| row.take_note(note)));
                ahead.made
            }
            None => {
                let base = known.as_ref().map_or_else(|| empty(blank), |known| known.draft.clone());
                Made::of(lay(&mut rows, base, village, reading), &mut || tx.world().new_id())?
            }
        };
        let (known, before) = known.map(|known| ((known.id, known.meta.version), known.draft)).unzip();
        let Made { laid: Laid { draft, members }, ready, face, listed } = made;
        Ok(Some(PreparedHousehold { known, before, draft, ready, face, listed, members, is_by_name }))
    }
}

fn empty(blank: &Household) -> Household {
    Household { members: Vec::new(), ..blank.clone() }
}

fn village(rows: &mut [&mut Row<'_>], reading: Reading<'_>) -> Option<Id> {
    let mut found = None;
    for row in rows.iter_mut() {
        found = found.or(row.village(reading.mapping, reading.vocabulary));
    }
    if found.is_none() && !rows.iter().any(|row| row.is_refused()) {
        let fault = Fault::new("village_missing", "表格里没有村名，请在导入设置里选择村");
        rows.iter_mut().for_each(|row| row.fault("village", &fault));
    }
    found
}

/// Which household of the ledger the rows are about, and whether that is known by name only; an error where it must be asked.
fn known(rows: &mut [&mut Row<'_>], village: Id, context: &Context<'_>) -> std::result::Result<Option<(Id, bool)>, ()> {
    let heads: Vec<String> = rows.iter().filter(|row| row.is_head()).map(|row| fold_name(row.who().household())).collect();
    for row in rows.iter() {
        if let Some(answer) = row.answer {
            return Ok(Some((answer, true)).filter(|_| answer != Id::default()));
        }
        let who = row.who();
        if let Found::One(id, _) = context.directory.find(&Clues { ext_no: &who.ext_no, ..Clues::default() }) {
            return Ok(Some((id, false)));
        }
        for id_number in [&who.head_id, &who.id_number] {
            let found = context.directory.of_person(&who.person_no, id_number).and_then(|(id, _)| context.directory.get(id));
            // Somebody of the rows may be registered elsewhere, before they married: that household is not meant.
            let is_meant = |household: &&HouseholdClue| {
                let mut people = household.members.iter().map(|member| (fold_name(&member.name), member.is_head));
                heads.is_empty()
                    || who.is_head
                    || people.any(|(name, is_head)| {
                        heads.contains(&name) || is_head && rows.iter().any(|row| row.who().folded == name)
                    })
            };
            if let Some(household) = found.filter(is_meant) {
                return Ok(Some((household.id, false)));
            }
        }
    }
    let Some(at) = rows.iter().position(|row| row.is_head()).or((!rows.is_empty()).then_some(0)) else { return Ok(None) };
    let Some(row) = rows.get_mut(at) else { return Ok(None) };
    let hamlet = row.text("hamlet");
    let Who { ext_no: number, id_number, .. } = row.who();
    let head = row.who().household();
    let clues = Clues { name: head, head_name: head, village: Some(village), hamlet: &hamlet, ..Clues::default() };
    match context.directory.find(&clues) {
        // Another 户编号 or another 身份证号 is another household, whatever its name.
        Found::One(id, person) => Ok(context
            .directory
            .get(id)
            .filter(|household| number.is_empty() || household.ext_no.is_empty() || household.ext_no == *number)
            .filter(|household| {
                let known = household.members.iter().find(|member| Some(member.id) == person);
                known.is_none_or(|member| member.id_number.is_empty() || id_number.is_empty() || member.id_number == *id_number)
            })
            .map(|household| (household.id, true))),
        Found::Several(households) => {
            let fault = Fault::new("ambiguous_household", "台账里有几户同名，请选择是哪一户，或在表格里补上身份证号、屯（组）");
            row.fault(if row.cell("head_name").is_some() { "head_name" } else { "member.name" }, &fault);
            row.candidates = households;
            Err(())
        }
        Found::Nobody => Ok(None),
    }
}
