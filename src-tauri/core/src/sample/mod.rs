//! The invented sample ledger: one half-year of a mountain village, 2026上半年, with some records of the half-year before.
//! Every name, number and place is made up; the region in the ID numbers is assigned to no place in China.
//! The records stand as tables in `data/`; each file here turns one table into records, through the same rules as typed ones.

mod activities;
mod applications;
mod households;
mod issues;
mod people;
mod projects;
mod scaled;
mod table;
mod team;
#[cfg(test)]
mod tests;
mod visits;

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;

pub use scaled::{Scale, create_scaled};

use crate::error::{Error, Result};
use crate::setup::create_filled;
use crate::storage::{Ledger, Op, Protection, Tx};
use crate::value::Id;
use crate::world::FixedWorld;

/// The day on which the sample stands: the last of the half-year.
pub const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 6, 30) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Makes the sample ledger, the same each time. Its clock stands still on [`TODAY`]: to work in it, close and open it again.
pub fn create_sample(path: &Path) -> Result<Ledger> {
    create_sample_with(path, None)
}

/// Like [`create_sample`], encrypted where a passphrase is given.
pub fn create_sample_with(path: &Path, protection: Option<&Protection>) -> Result<Ledger> {
    create_filled(path, Box::new(FixedWorld::on(TODAY)), protection, Op::Sample, |tx| {
        tx.set_source(SOURCE);
        let mut sample = Sample::new(tx);
        team::add(&mut sample)?;
        households::add(&mut sample)?;
        projects::add(&mut sample)?;
        visits::add(&mut sample)?;
        issues::add(&mut sample)?;
        applications::add(&mut sample)?;
        activities::add(&mut sample)?;
        team::add_plans(&mut sample)?;
        team::add_indicators(&mut sample)
    })
}

/// Where the records say that they come from.
const SOURCE: &str = "sample";

/// The ledger that is being filled, and what was put into it by the names that the tables use.
struct Sample<'t, 'l> {
    tx: &'t mut Tx<'l>,
    village: Id,
    team: HashMap<String, Id>,
    units: HashMap<String, Id>,
    families: HashMap<String, Family>,
    projects: HashMap<String, Id>,
}

/// A household of the sample.
struct Family {
    id: Id,
    /// Its members by name.
    members: HashMap<String, Id>,
}

impl<'t, 'l> Sample<'t, 'l> {
    fn new(tx: &'t mut Tx<'l>) -> Self {
        Sample {
            tx,
            village: Id::default(),
            team: HashMap::new(),
            units: HashMap::new(),
            families: HashMap::new(),
            projects: HashMap::new(),
        }
    }

    /// A member of the team by name.
    fn colleague(&self, name: &str) -> Result<Id> {
        known(&self.team, name).copied()
    }

    /// A household by the name of its head.
    fn family(&self, head: &str) -> Result<&Family> {
        known(&self.families, head)
    }

    /// Somebody of a household by name.
    fn person(&self, head: &str, name: &str) -> Result<Id> {
        known(&self.family(head)?.members, name).copied()
    }
}

fn known<'m, T>(map: &'m HashMap<String, T>, name: &str) -> Result<&'m T> {
    map.get(name).ok_or_else(|| Error::BadInput(format!("示例数据中没有“{name}”")))
}
