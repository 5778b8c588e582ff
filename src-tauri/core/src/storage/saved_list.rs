//! Saved filters (保存的筛选): how a list was looked at, under a name. The shipped ones are data of the records; the
//! user's own lie in the ledger, so that they move with it, but outside the change log: they state nothing of anybody.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::condition::ColumnCondition;
use super::ledger::Ledger;
use super::list::{ListSpec, Sort, column_of, unknown};
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::{Kind, Record, for_each_kind};
use crate::value::{Id, normalise};

pub(super) const TABLES: &str = "
CREATE TABLE saved_list (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    kind TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 30),
    view TEXT NOT NULL CHECK (json_valid(view)),
    UNIQUE (kind, name)
) STRICT, WITHOUT ROWID;
";

/// Longest name, in characters.
const LONGEST_NAME: usize = 30;
/// Most saved filters of one list: beyond it nobody finds his own.
const MOST: i64 = 100;

/// How a list is looked at: everything that narrows it, its order and its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListView {
    /// Text to find.
    pub text: String,
    /// Filter values by key.
    pub filters: BTreeMap<String, String>,
    /// Conditions on columns.
    pub conditions: Vec<ColumnCondition>,
    /// Sorting.
    pub sort: Option<Sort>,
    /// Keys of the columns shown; nothing where the view leaves them as they are.
    pub columns: Option<Vec<String>>,
}

/// A view under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamedList {
    /// An id; of a shipped one its stable name.
    pub id: String,
    /// 名称.
    pub name: String,
    /// Whether it came with the program, and so cannot be changed.
    pub shipped: bool,
    /// How the list is looked at.
    pub view: ListView,
}

impl ListView {
    /// Only what the list knows may be kept.
    fn check(&self, spec: &ListSpec) -> Result<()> {
        for key in self.filters.keys() {
            spec.filters.iter().find(|(name, _)| name == key).ok_or_else(|| unknown("筛选", key))?;
        }
        for ColumnCondition { column, test } in &self.conditions {
            test.prepared(column, column_of(spec, column)?.column_type)?;
        }
        self.sort.iter().try_for_each(|sort| column_of(spec, &sort.column).map(drop))?;
        self.columns.iter().flatten().try_for_each(|key| column_of(spec, key).map(drop))
    }
}

impl Store<'_> {
    /// The saved filters of a list: the shipped ones as they read today, then the user's own by name.
    pub fn saved_lists(self, kind: Kind, today: NaiveDate) -> Result<Vec<NamedList>> {
        let mut lists = shipped(kind, today);
        let mut statement =
            self.connection.prepare_cached("SELECT id, name, view FROM saved_list WHERE kind = ?1 ORDER BY name")?;
        let rows = statement.query_map([kind.word()], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))?;
        for row in rows {
            let (id, name, view) = row?;
            lists.push(NamedList { id, name, shipped: false, view: serde_json::from_str(&view)? });
        }
        Ok(lists)
    }
}

/// The filters that come with the program.
fn shipped(kind: Kind, today: NaiveDate) -> Vec<NamedList> {
    let presets = for_each_kind!(kind, R => R::LIST.presets);
    let named = |preset: &super::list::Preset| {
        let filters = preset.filters.iter().map(|(key, of)| ((*key).to_owned(), of.seen_from(today))).collect();
        let view = ListView { filters, ..ListView::default() };
        NamedList { id: preset.key.to_owned(), name: preset.name.to_owned(), shipped: true, view }
    };
    presets.iter().map(named).collect()
}

impl Ledger {
    /// Keeps a view under a name: in place of the one with this id, or as a new one.
    pub fn save_list(&mut self, kind: Kind, id: Option<Id>, name: &str, view: &ListView) -> Result<NamedList> {
        let spec = for_each_kind!(kind, R => R::LIST);
        view.check(&spec)?;
        let name = normalise(name);
        if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
            return Err(Error::BadInput(format!("名称请填1到{LONGEST_NAME}个字")));
        }
        let id = id.unwrap_or_else(|| self.new_id());
        self.refuse_list_name(kind, id, &name)?;
        let sql = "INSERT INTO saved_list (id, kind, name, view) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, view = excluded.view";
        let text = serde_json::to_string(view)?;
        self.writable()?.prepare_cached(sql)?.execute(params![id, kind.word(), name, text])?;
        Ok(NamedList { id: id.to_string(), name, shipped: false, view: view.clone() })
    }

    /// A name stands for one filter, shipped or the user's own.
    fn refuse_list_name(&self, kind: Kind, id: Id, name: &str) -> Result<()> {
        let own = id.to_string();
        let others = self.store().saved_lists(kind, self.today())?;
        if others.iter().any(|list| list.name == name && list.id != own) {
            return Err(Error::BadInput(format!("已有名为“{name}”的筛选，请换个名称")));
        }
        let is_new = !others.iter().any(|list| list.id == own);
        let count = "SELECT count(*) FROM saved_list WHERE kind = ?1";
        if is_new && self.store().count(count, &[super::rows::value_of(&kind)])? >= MOST {
            return Err(Error::BadInput(format!("最多保存{MOST}个筛选，请先删去不用的")));
        }
        Ok(())
    }

    /// Forgets a view; it can be kept again under the same id.
    pub fn drop_list(&mut self, id: Id) -> Result<()> {
        self.writable()?.prepare_cached("DELETE FROM saved_list WHERE id = ?1")?.execute([id])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_filters_name_only_what_the_list_knows_and_no_name_twice() {
        for kind in Kind::ALL {
            let spec = for_each_kind!(*kind, R => R::LIST);
            let lists = shipped(*kind, "2026-06-20".parse().unwrap());
            for list in &lists {
                list.view.check(&spec).unwrap();
                assert_eq!(lists.iter().filter(|other| other.name == list.name || other.id == list.id).count(), 1, "{kind:?}");
            }
        }
    }
}
