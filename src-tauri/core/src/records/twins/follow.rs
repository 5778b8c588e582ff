//! What refers to a household or its people follows them when two households become one. A kind that refers to them needs a
//! [`Follower`] and a line in [`all`]; a test compares the list with the foreign keys of the schema.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::records::Record;
use crate::records::application::Application;
use crate::records::attachment::Attachment;
use crate::records::issue::Issue;
use crate::records::visit::Visit;
use crate::storage::{Tx, value_of};
use crate::value::Id;

/// From where to where.
pub(super) struct Moved {
    pub from: Id,
    pub to: Id,
    pub from_village: Id,
    pub to_village: Id,
    /// Who is who now.
    pub people: BTreeMap<Id, Id>,
}

impl Moved {
    fn person(&self, id: &mut Option<Id>) {
        if let Some(now) = id.and_then(|id| self.people.get(&id)) {
            *id = Some(*now);
        }
    }
}

/// A kind of record that refers to households or people.
trait Follower: Record {
    /// Those that refer to household `?1`, also from the recycle bin, as a condition on `r`.
    const REFERS: &'static str;
    /// Refers to the household and the people that are there now.
    fn follow(&mut self, moved: &Moved);
}

/// Everything that refers to the household that goes; answers how many live records changed.
pub(super) fn all(tx: &mut Tx<'_>, moved: &Moved) -> Result<u32> {
    let visits = each::<Visit>(tx, moved)?;
    let applications = each::<Application>(tx, moved)?;
    let issues = each::<Issue>(tx, moved)?;
    let photos = each::<Attachment>(tx, moved)?;
    Ok(visits + applications + issues + photos)
}

fn each<R: Follower>(tx: &mut Tx<'_>, moved: &Moved) -> Result<u32> {
    let mut count = 0;
    for record in tx.load::<R>(R::REFERS, &[value_of(&moved.from)])? {
        let mut draft = record.draft.clone();
        draft.follow(moved);
        count += u32::from(record.meta.deleted_at.is_none());
        tx.carry(record, draft)?;
    }
    Ok(count)
}

impl Follower for Visit {
    const REFERS: &'static str = "r.id IN (SELECT visit_id FROM visit_household WHERE household_id = ?1)";

    /// A visit to both was a visit to one.
    fn follow(&mut self, moved: &Moved) {
        if self.household_ids.iter().any(|household| household.household_id == moved.to) {
            self.household_ids.retain(|household| household.household_id != moved.from);
        }
        for household in self.household_ids.iter_mut().filter(|household| household.household_id == moved.from) {
            household.household_id = moved.to;
        }
        moved.person(&mut self.contact_id);
    }
}

impl Follower for Application {
    const REFERS: &'static str = "r.household_id = ?1";

    fn follow(&mut self, moved: &Moved) {
        self.household_id = moved.to;
        moved.person(&mut self.member_id);
    }
}

impl Follower for Issue {
    const REFERS: &'static str = "r.household_id = ?1";

    fn follow(&mut self, moved: &Moved) {
        self.household_id = Some(moved.to);
        if self.village_id == Some(moved.from_village) {
            self.village_id = Some(moved.to_village);
        }
    }
}

/// Photos know their record by kind and id, without a foreign key.
impl Follower for Attachment {
    const REFERS: &'static str = "r.owner_kind = 'household' AND r.owner_id = ?1";

    fn follow(&mut self, moved: &Moved) {
        self.owner_id = moved.to;
    }
}
