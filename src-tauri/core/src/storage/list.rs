//! Lists as the window shows them: filtered, sorted, a page at a time; and how a record is called elsewhere.

use std::collections::BTreeMap;

use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::value_of;
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::{Kind, Record, RecordRef, for_each_kind};
use crate::search::names_by_letters;
use crate::value::Id;

/// What a record type's list can show, in SQL over `from`, where the record's own table is called `r`.
pub struct ListSpec {
    /// `"visit" r JOIN …`; one row a record.
    pub from: &'static str,
    /// How a record is called in one line.
    pub title: &'static str,
    /// What stands smaller beside the title.
    pub note: &'static str,
    /// The day a record belongs to, or NULL.
    pub day: &'static str,
    /// Columns by key.
    pub columns: &'static [(&'static str, &'static str)],
    /// What the search box looks through.
    pub search: &'static [&'static str],
    /// Filters by key; `{}` stands for the value.
    pub filters: &'static [ListFilter],
    /// Order without a chosen column.
    pub order: &'static str,
}

/// A filter: key and condition.
pub type ListFilter = (&'static str, &'static str);

/// A record type that refers to another.
pub struct Referrer {
    /// Who refers.
    pub kind: Kind,
    /// Counts the live records that refer to `?1`.
    pub count: &'static str,
}

/// What the user wants to see of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListQuery {
    /// Text to find.
    pub text: String,
    /// Filter values by key; empty values do not filter.
    pub filters: BTreeMap<String, String>,
    /// Sorting.
    pub sort: Option<Sort>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return, at most 1000; 0 means 200.
    pub limit: u32,
}

/// A column to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sort {
    /// Key of the column.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListPage {
    /// Rows that fulfil the query, over all pages.
    pub total: u32,
    /// This page.
    pub rows: Vec<ListRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListRow {
    /// The record.
    pub id: Id,
    /// Cells by column key.
    #[ts(type = "Record<string, string | number | null>")]
    pub cells: BTreeMap<String, serde_json::Value>,
}

/// How a record is called: for pickers, and for the records behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordTitle {
    /// The kind.
    pub kind: Kind,
    /// The record.
    pub id: Id,
    /// Its name in one line.
    pub title: String,
    /// What stands smaller beside it.
    pub note: String,
    /// Its day.
    pub day: Option<String>,
}

/// What a picker asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Lookup {
    /// Typed text.
    pub text: String,
    /// Filters as in a list.
    pub filters: BTreeMap<String, String>,
    /// Most entries to return; 0 means 50.
    pub limit: u32,
}

const TITLE_BATCH: usize = 500;

impl Store<'_> {
    /// A page of a list.
    pub fn list(self, kind: Kind, query: &ListQuery) -> Result<ListPage> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let (condition, params) = condition(kind, &spec, &query.text, &query.filters)?;
        let total = self.count(&format!("SELECT count(*) FROM {} WHERE {condition}", spec.from), &params)?;
        // First which rows, then their cells: a page far down must not work out the cells of all rows above it.
        let limit = if query.limit == 0 { 200 } else { query.limit.min(1000) };
        let sql = format!(
            "SELECT r.id FROM {} WHERE {condition} ORDER BY {}, r.id LIMIT {limit} OFFSET {}",
            spec.from,
            order(&spec, query.sort.as_ref())?,
            query.offset
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(&params), |row| row.get(0))?.collect::<rusqlite::Result<Vec<Id>>>()?;
        Ok(ListPage { total: u32::try_from(total).unwrap_or(u32::MAX), rows: self.list_rows(&spec, &ids)? })
    }

    /// Rows with their cells, in the order of the ids.
    fn list_rows(self, spec: &ListSpec, ids: &[Id]) -> Result<Vec<ListRow>> {
        let columns = spec.columns.iter().map(|(_, sql)| format!(", {sql}")).collect::<String>();
        let marks = (1..=ids.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT r.id{columns} FROM {} WHERE r.id IN ({marks})", spec.from);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(ids), |row| {
            let cells = (1..).zip(spec.columns).map(|(at, (key, _))| Ok(((*key).to_owned(), json(row.get_ref(at)?))));
            Ok(ListRow { id: row.get(0)?, cells: cells.collect::<rusqlite::Result<_>>()? })
        })?;
        let mut found = rows.map(|row| row.map(|row| (row.id, row))).collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Records whose name holds a text, for a picker.
    pub fn look_up(self, kind: Kind, lookup: &Lookup) -> Result<Vec<RecordTitle>> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let (condition, params) = condition(kind, &spec, &lookup.text, &lookup.filters)?;
        let limit = if lookup.limit == 0 { 50 } else { lookup.limit };
        let condition = format!("{condition} ORDER BY {}, r.id LIMIT {limit}", spec.order);
        self.titles_where(kind, &spec, &condition, &params)
    }

    /// How records are called, in the order asked; records that no longer exist are left out.
    pub fn titles(self, records: &[RecordRef]) -> Result<Vec<RecordTitle>> {
        let mut by_kind: BTreeMap<Kind, Vec<Id>> = BTreeMap::new();
        for record in records {
            by_kind.entry(record.kind).or_default().push(record.id);
        }
        let mut found = BTreeMap::new();
        for (kind, ids) in by_kind {
            let spec = for_each_kind!(kind, R => R::LIST);
            for batch in ids.chunks(TITLE_BATCH) {
                let marks = (1..=batch.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
                let params: Vec<Value> = batch.iter().map(|id| value_of(id)).collect();
                for title in self.titles_where(kind, &spec, &format!("r.id IN ({marks})"), &params)? {
                    found.insert(RecordRef { kind, id: title.id }, title);
                }
            }
        }
        Ok(records.iter().filter_map(|record| found.get(record).cloned()).collect())
    }

    fn titles_where(self, kind: Kind, spec: &ListSpec, condition: &str, params: &[Value]) -> Result<Vec<RecordTitle>> {
        let sql = format!("SELECT r.id, {}, {}, {} FROM {} WHERE {condition}", spec.title, spec.note, spec.day, spec.from);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(params), |row| {
            Ok(RecordTitle {
                kind,
                id: row.get(0)?,
                title: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                note: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                day: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Who refers to a record, such as `3条走访、1条申报`; empty if nobody does.
    pub(super) fn referrers(self, referrers: &[Referrer], id: Id) -> Result<String> {
        let mut parts = Vec::new();
        for referrer in referrers {
            match self.count(referrer.count, &[value_of(&id)])? {
                0 => {}
                count => parts.push(format!("{count}条{}", referrer.kind.label())),
            }
        }
        Ok(parts.join("、"))
    }
}

fn condition(kind: Kind, spec: &ListSpec, text: &str, filters: &BTreeMap<String, String>) -> Result<(String, Vec<Value>)> {
    let mut condition = "r.deleted_at IS NULL".to_owned();
    let mut params = Vec::new();
    let text = text.trim();
    if !text.is_empty() && !spec.search.is_empty() {
        params.push(Value::Text(format!("%{}%", like_escaped(text))));
        let mut any = spec.search.iter().map(|sql| format!("{sql} LIKE ?1 ESCAPE '\\'")).collect::<Vec<_>>();
        if let Some((sql, letters)) = names_by_letters(kind, text, params.len() + 1) {
            any.push(sql);
            params.extend(letters);
        }
        condition.push_str(&format!(" AND ({})", any.join(" OR ")));
    }
    for (key, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
        let (_, sql) = spec.filters.iter().find(|(name, _)| name == key).ok_or_else(|| unknown("筛选", key))?;
        params.push(Value::Text(value.clone()));
        condition.push_str(&format!(" AND ({})", sql.replace("{}", &format!("?{}", params.len()))));
    }
    Ok((condition, params))
}

fn order(spec: &ListSpec, sort: Option<&Sort>) -> Result<String> {
    let Some(sort) = sort else { return Ok(spec.order.to_owned()) };
    let (_, sql) = spec.columns.iter().find(|(key, _)| *key == sort.column).ok_or_else(|| unknown("排序列", &sort.column))?;
    Ok(format!("{sql} {} NULLS LAST", if sort.descending { "DESC" } else { "ASC" }))
}

fn unknown(what: &str, key: &str) -> Error {
    Error::BadInput(format!("未知的{what}“{key}”"))
}

fn like_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Null | ValueRef::Blob(_) => serde_json::Value::Null,
    }
}
