//! First start: one page makes a ledger — team, villages, members — in one operation.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::records::Record;
use crate::records::team::Team;
use crate::records::team_member::TeamMember;
use crate::records::village::{Hamlet, Village};
use crate::storage::{Ledger, Op, Protection, Tx, remove_made};
use crate::world::World;

/// What the first page asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewLedger {
    /// 工作队名称.
    pub team: String,
    /// 省.
    pub province: String,
    /// 市.
    pub city: String,
    /// 县.
    pub county: String,
    /// 乡镇.
    pub township: String,
    /// 村, with their hamlets.
    pub villages: Vec<NewVillage>,
    /// 队员.
    pub members: Vec<NewMember>,
}

/// A village of the first page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewVillage {
    /// 村名.
    pub name: String,
    /// 屯、组.
    pub hamlets: Vec<String>,
}

/// A member of the first page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewMember {
    /// 姓名.
    pub name: String,
    /// 职务, dictionary `member_role`; empty: 工作队员.
    pub role: String,
}

/// Makes the ledger file with what the first page says, or leaves nothing behind.
pub fn create_ledger(path: &Path, world: Box<dyn World>, new: &NewLedger) -> Result<Ledger> {
    create_ledger_with(path, world, new, None)
}

/// Like [`create_ledger`], encrypted where a passphrase is given.
pub fn create_ledger_with(
    path: &Path,
    world: Box<dyn World>,
    new: &NewLedger,
    protection: Option<&Protection>,
) -> Result<Ledger> {
    create_filled(path, world, protection, Op::NewLedger, |tx| fill(tx, new))
}

/// Makes a ledger file and fills it in one operation, or leaves nothing behind.
pub(crate) fn create_filled(
    path: &Path,
    world: Box<dyn World>,
    protection: Option<&Protection>,
    op: Op,
    fill: impl FnOnce(&mut Tx<'_>) -> Result<()>,
) -> Result<Ledger> {
    let mut ledger = Ledger::create_with(path, world, protection)?;
    match ledger.transact(op, fill) {
        Ok(_) => {
            ledger.forget_undo();
            Ok(ledger)
        }
        Err(error) => {
            drop(ledger);
            // The files were made by this very call.
            remove_made(path, protection.is_some());
            Err(error)
        }
    }
}

fn fill(tx: &mut Tx<'_>, new: &NewLedger) -> Result<()> {
    let team = Team {
        name: new.team.clone(),
        province: new.province.clone(),
        city: new.city.clone(),
        county: new.county.clone(),
        township: new.township.clone(),
        addressee: if new.township.is_empty() { String::new() } else { format!("{}党委、政府", new.township) },
        note: String::new(),
    };
    tx.add(team, &[])?;
    let today = tx.world().today();
    for village in new.villages.iter().filter(|village| !village.name.trim().is_empty()) {
        let hamlets = village.hamlets.iter().map(|name| Hamlet { name: name.clone() }).collect();
        let blank = Village::blank(**tx, today)?;
        tx.add(Village { name: village.name.clone(), hamlets, ..blank }, &[])?;
    }
    for member in new.members.iter().filter(|member| !member.name.trim().is_empty()) {
        let blank = TeamMember::blank(**tx, today)?;
        let role = if member.role.is_empty() { blank.role.clone() } else { member.role.clone() };
        tx.add(TeamMember { name: member.name.clone(), role, ..blank }, &[])?;
    }
    Ok(())
}
