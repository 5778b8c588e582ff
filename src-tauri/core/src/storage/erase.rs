//! 删除个人信息: what is known of a person goes, from the household, from its history, from drafts and from the search. The
//! household stays, with somebody in it of whom nothing is known, so that figures of the past still add up.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::ledger::Ledger;
use super::list::RecordTitle;
use super::op::Op;
use super::rows::value_of;
use super::snapshot::{self, Snapshot};
use super::store::{Store, Stored};
use super::tx::Tx;
use crate::error::{Error, Result};
use crate::records::application::Application;
use crate::records::household::Household;
use crate::records::report::Report;
use crate::records::{Kind, Record, RecordRef};
use crate::search::{self, Hit, Search};
use crate::value::Id;

/// What stands in the place of a name.
pub const ERASED: &str = "（已删除）";
/// Fields of a member that tell how the household was made up, and nothing of the person.
const KEPT: [&str; 3] = ["id", "relation", "status"];

/// What became of a person's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Erased {
    /// Kinds of which a record changed.
    pub changed: BTreeSet<Kind>,
    /// Drafts that named the person and went.
    pub drafts: u32,
    /// Records whose own words still hold the name: a program cannot know whether it is the same person.
    pub mentions: Vec<Hit>,
}

impl Ledger {
    /// Deletes what is known of a member of a household. It cannot be undone, and nothing before it can be from then on.
    pub fn erase_person(&mut self, household: Id, member: Id) -> Result<Erased> {
        let stored = self.store().get::<Household>(household)?;
        let person = stored.draft.members.iter().find(|each| each.id == Some(member)).ok_or(Error::NotFound(Kind::Household))?;
        let telling = [person.name.clone(), person.id_number.clone(), person.phone.clone(), person.bank_number.clone()];
        let telling: Vec<String> = telling.into_iter().filter(|text| text.chars().count() > 1 && text != ERASED).collect();
        let name = person.name.clone();

        let own = self.store().of_applicant(member)?;
        let mut drafts = 0;
        let done = self.wiping(|ledger| {
            ledger.transact(Op::Erase, |tx| {
                // The log before the rows: the lines that are about to be written must find nothing left to tell.
                rewrite_history(tx.connection, Kind::Household, household, &|content| erase(content, member))?;
                rewrite(tx, &stored, &|content| erase(content, member))?;
                for application in &own {
                    rewrite_history(tx.connection, Kind::Application, application.id, &erase_payee)?;
                    rewrite(tx, application, &erase_payee)?;
                }
                drafts = drop_drafts(tx.connection, &telling)?;
                search::optimise(tx.connection)
            })
        })?;
        self.forget_undo();
        let mentions = if name.is_empty() || name == ERASED { Vec::new() } else { self.mentions(&name)? };
        Ok(Erased { changed: done.changed, drafts, mentions })
    }

    fn mentions(&self, name: &str) -> Result<Vec<Hit>> {
        let found = self.read(|store| store.search(&Search { limit: 50, ..Search::all(name) }))?;
        let mut mentions: Vec<Hit> = found.groups.into_iter().flat_map(|group| group.hits).collect();
        mentions.extend(self.store().drafted_with(name)?);
        Ok(mentions)
    }
}

impl Store<'_> {
    /// Reports not yet finalised whose hand-written text holds a name; the search does not look into reports. A finalised one is a
    /// document of the archive, and stays.
    fn drafted_with(self, name: &str) -> Result<Vec<Hit>> {
        let mut found = Vec::new();
        for report in self.all::<Report>()?.into_iter().filter(|report| !report.draft.is_finalised()) {
            if serde_json::to_string(&report.draft)?.contains(name) {
                found.push(RecordRef { kind: Kind::Report, id: report.id });
            }
        }
        let told = |title: RecordTitle| Hit {
            kind: title.kind,
            id: title.id,
            title: title.title,
            note: title.note,
            day: title.day,
            field: String::new(),
            label: String::new(),
            snippet: Vec::new(),
        };
        Ok(self.titles(&found)?.into_iter().map(told).collect())
    }

    /// A person's applications, those in the recycle bin as well.
    fn of_applicant(self, member: Id) -> Result<Vec<Stored<Application>>> {
        self.load("r.member_id = ?1", &[value_of(&member)])
    }
}

/// Takes everything of a member out of a household's content, as it is or as it once was.
fn erase(household: &mut Value, member: Id) {
    let id = Value::String(member.to_string());
    let members = household.get_mut("members").and_then(Value::as_array_mut).into_iter().flatten();
    let mut was_head = false;
    for person in members.filter_map(Value::as_object_mut).filter(|person| person.get("id") == Some(&id)) {
        was_head |= person.get("relation").and_then(Value::as_str) == Some("head");
        blank(person);
    }
    // The household's telephone is its head's.
    if let Some(phone) = household.get_mut("phone").filter(|_| was_head) {
        *phone = Value::String(String::new());
    }
}

fn blank(person: &mut Map<String, Value>) {
    for (field, value) in person.iter_mut().filter(|(field, _)| !KEPT.contains(&field.as_str())) {
        *value = match value {
            Value::String(_) if field == "name" => Value::String(ERASED.to_owned()),
            // Days and the like are nothing where they are not known; a text is empty.
            Value::String(_) if field == "sex" || field == "birth" || field.ends_with("_on") || is_day(field) => Value::Null,
            Value::String(_) => Value::String(String::new()),
            Value::Array(_) => Value::Array(Vec::new()),
            _ => Value::Null,
        };
    }
}

fn is_day(field: &str) -> bool {
    matches!(field, "work_from" | "work_to")
}

/// The account into which a subsidy was paid is the person's.
fn erase_payee(application: &mut Value) {
    for field in ["payee_name", "payee_bank", "payee_account"] {
        if let Some(text) = application.get_mut(field) {
            *text = Value::String(String::new());
        }
    }
}

/// Writes a record without what goes. What it was before is told without it as well: the log must not keep what is erased.
fn rewrite<R: Record>(tx: &mut Tx<'_>, stored: &Stored<R>, without: &dyn Fn(&mut Value)) -> Result<()> {
    let mut content = serde_json::to_value(&stored.draft)?;
    without(&mut content);
    let fresh: R = serde_json::from_value(content)?;
    let before = Stored { draft: fresh.clone(), ..stored.clone() };
    tx.write(stored.id, Some(before), &fresh, stored.meta.deleted_at.is_some())
}

fn rewrite_history(connection: &Connection, kind: Kind, id: Id, without: &dyn Fn(&mut Value)) -> Result<()> {
    let mut statement =
        connection.prepare("SELECT seq, position, before, after FROM change WHERE kind = ?1 AND record_id = ?2")?;
    let rows = statement.query_map(params![kind, id], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?, row.get::<_, String>(3)?))
    })?;
    let cleaned = |json: &str| -> Result<String> {
        let Snapshot { mut draft, deleted } = serde_json::from_str::<Snapshot<Value>>(json)?;
        without(&mut draft);
        Ok(snapshot::written(&draft.to_string(), deleted))
    };
    for (seq, position, before, after) in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let before = before.as_deref().map(&cleaned).transpose()?;
        let update = "UPDATE change SET before = ?3, after = ?4 WHERE seq = ?1 AND position = ?2";
        connection.execute(update, params![seq, position, before, cleaned(&after)?])?;
    }
    Ok(())
}

fn drop_drafts(connection: &Connection, telling: &[String]) -> Result<u32> {
    let mut gone = 0;
    for text in telling {
        gone += connection.execute("DELETE FROM draft WHERE instr(content, ?1) > 0", [text])?;
    }
    Ok(u32::try_from(gone).unwrap_or(u32::MAX))
}
