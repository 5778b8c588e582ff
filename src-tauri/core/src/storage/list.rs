//! Lists as the window shows them: filtered, sorted, a page at a time; and how a record is called elsewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::column::{Cell, Column, number, place};
use super::condition::{ColumnCondition, ColumnType, ColumnValues, WhenDay};
use super::list_memory::{KindMemory, ListMemory};
use super::list_read::in_order;
use super::list_source::needed_from;
use super::rows::value_of;
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::{Kind, Record, RecordRef, for_each_kind};
use crate::search::names_by_letters;
use crate::value::{Id, Mask, cover_numbers, normalise};

/// What a record type's list can show, in SQL over `from`, where the record's own table is called `r`.
#[derive(Clone, Copy)]
pub struct ListSpec {
    /// `"visit" r JOIN …`; one row a record, whichever joins are left out.
    pub from: &'static str,
    /// How a record is called in one line.
    pub title: &'static str,
    /// What stands smaller beside the title.
    pub note: &'static str,
    /// The day a record belongs to, or NULL.
    pub day: &'static str,
    /// Columns by key.
    pub columns: &'static [ListColumn],
    /// What the search box looks through.
    pub search: &'static [&'static str],
    /// Filters by key; `{}` stands for the value.
    pub filters: &'static [ListFilter],
    /// Filters that are shipped with a name.
    pub presets: &'static [Preset],
    /// Order without a chosen column; at most four terms.
    pub order: &'static str,
}

/// A column: key, what it holds, and its value in SQL.
#[derive(Debug, Clone, Copy)]
pub struct ListColumn {
    /// Its name in commands.
    pub key: &'static str,
    /// What it holds.
    pub column_type: ColumnType,
    /// Its value.
    pub sql: &'static str,
    /// What of it is covered until the list's numbers are asked for.
    pub covers: Covers,
}

/// What of a column is covered until the list's numbers are asked for. Only what is shown is: filters, sorting and the search
/// work with what is stored.
#[derive(Debug, Clone, Copy)]
pub enum Covers {
    /// Nothing: days, quantities, numbers of a register.
    Nothing,
    /// Numbers that somebody wrote into a text.
    Within,
    /// The whole value, which is a number of somebody.
    Number(Mask),
}

impl Covers {
    /// A value as it is shown; nothing where it is shown as it stands.
    fn covered(self, text: &str) -> Option<String> {
        match self {
            Covers::Nothing => None,
            Covers::Within => match cover_numbers(text) {
                Cow::Owned(covered) => Some(covered),
                Cow::Borrowed(_) => None,
            },
            Covers::Number(mask) => (!text.is_empty()).then(|| mask(text)),
        }
    }
}

macro_rules! column_makers {
    ($($(#[$doc:meta])* $name:ident = $column_type:ident,)*) => {
        impl ListColumn {
            $($(#[$doc])* pub const fn $name(key: &'static str, sql: &'static str) -> Self {
                let covers = match ColumnType::$column_type {
                    ColumnType::Text | ColumnType::Several => Covers::Within,
                    _ => Covers::Nothing,
                };
                ListColumn { key, column_type: ColumnType::$column_type, sql, covers }
            })*
        }
    };
}

column_makers! {
    /// Words.
    text = Text,
    /// One of a few codes.
    choice = Choice,
    /// Several words, joined by `、`.
    several = Several,
    /// A whole number.
    number = Number,
    /// A day.
    day = Day,
    /// A moment.
    moment = Moment,
}

impl ListColumn {
    /// A number of somebody: a telephone, say.
    pub const fn number_of_somebody(key: &'static str, sql: &'static str, mask: Mask) -> Self {
        ListColumn { key, column_type: ColumnType::Text, sql, covers: Covers::Number(mask) }
    }

    /// A number of a register, which is no secret.
    pub const fn register_number(key: &'static str, sql: &'static str) -> Self {
        ListColumn { key, column_type: ColumnType::Text, sql, covers: Covers::Nothing }
    }
}

/// A filter: key and condition.
pub type ListFilter = (&'static str, &'static str);

/// A filter that is shipped with a name (自带的筛选).
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Stable name.
    pub key: &'static str,
    /// 名称.
    pub name: &'static str,
    /// The filters that make it.
    pub filters: &'static [(&'static str, PresetValue)],
}

/// A preset's value for a filter.
#[derive(Debug, Clone, Copy)]
pub enum PresetValue {
    /// As it stands.
    Text(&'static str),
    /// A day, seen from today.
    Day(WhenDay),
}

impl PresetValue {
    /// The filter's value, seen from a day.
    pub(super) fn seen_from(self, today: NaiveDate) -> String {
        match self {
            PresetValue::Text(text) => text.to_owned(),
            PresetValue::Day(when) => when.seen_from(today).to_string(),
        }
    }
}

/// A record type that refers to another.
pub struct Referrer {
    /// Who refers.
    pub kind: Kind,
    /// Counts the live records that refer to `?1`.
    pub count: &'static str,
}

/// What the user wants to see of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListQuery {
    /// Text to find.
    pub text: String,
    /// Filter values by key; empty values do not filter.
    pub filters: BTreeMap<String, String>,
    /// Conditions on columns, all to be fulfilled.
    #[ts(optional, as = "Option<Vec<ColumnCondition>>")]
    pub conditions: Vec<ColumnCondition>,
    /// Sorting.
    pub sort: Option<Sort>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return, at most 1000; 0 means 200.
    pub limit: u32,
}

/// A column to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
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
    /// How numbers of people stand in it.
    pub numbers: ListNumbers,
}

/// How numbers of people stand in the rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListNumbers {
    /// There are none.
    None,
    /// Covered.
    Covered,
    /// Whole, as somebody asked for them.
    Whole,
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

impl ListRow {
    /// Covers the numbers in its cells; answers whether there were any.
    fn cover(&mut self, spec: &ListSpec) -> bool {
        let mut is_covered = false;
        for column in spec.columns {
            let Some(serde_json::Value::String(text)) = self.cells.get_mut(column.key) else { continue };
            if let Some(covered) = column.covers.covered(text) {
                *text = covered;
                is_covered = true;
            }
        }
        is_covered
    }
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

impl ListQuery {
    /// Whether it asks for everything in the list's own order.
    fn is_plain(&self) -> bool {
        self.text.trim().is_empty()
            && self.filters.values().all(String::is_empty)
            && self.conditions.is_empty()
            && self.sort.is_none()
    }

    fn limit(&self) -> u32 {
        if self.limit == 0 { 200 } else { self.limit.min(1000) }
    }

    /// The part of all rows that its offset and limit cut out.
    fn stretch<'r>(&self, rows: &'r [u32], limit: u32) -> &'r [u32] {
        let from = place(self.offset).min(rows.len());
        let to = from.saturating_add(place(limit)).min(rows.len());
        &rows[from..to]
    }
}

/// All rows of an answer with some of its columns, apart from the ledger: for what takes its time over them.
pub struct ListTable {
    rows: Arc<Vec<u32>>,
    columns: Vec<Arc<Column>>,
}

/// A cell of a [`ListTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListCell<'t> {
    /// Nothing.
    Empty,
    /// A whole number; money in 分.
    Number(i64),
    /// A text, code or day.
    Text(&'t str),
}

impl ListTable {
    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// One cell; the columns are counted as they were asked for.
    pub fn cell(&self, row: usize, column: usize) -> ListCell<'_> {
        let (Some(row), Some(column)) = (self.rows.get(row), self.columns.get(column)) else { return ListCell::Empty };
        match column.cell(*row) {
            Cell::Null => ListCell::Empty,
            Cell::Number(number) => ListCell::Number(*number),
            Cell::Text(text) => ListCell::Text(text),
        }
    }
}

const TITLE_BATCH: usize = 500;
/// Rows whose cells are read at once.
const ROW_BATCH: usize = 500;
/// Rows into a list from which it is worth remembering.
const DEEP: u32 = 1000;
/// Values of a column that are told at once.
const MOST_VALUES: usize = 300;

impl Store<'_> {
    /// A page of a list.
    pub fn list(self, kind: Kind, query: &ListQuery) -> Result<ListPage> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let is_known = self.lists.is_some_and(|lists| lists.borrow().knows(kind));
        if query.is_plain() && !is_known && query.offset < DEEP {
            return self.first_page(kind, &spec, query);
        }
        let (total, ids) = self.with_list(kind, |memory| {
            let rows = memory.answer(self, query)?;
            Ok((rows.len(), memory.ids(query.stretch(&rows, query.limit())).collect::<Vec<_>>()))
        })?;
        self.page(kind, &spec, number(total), &ids)
    }

    /// How many records fulfil filters, without putting them in order.
    pub fn list_total(self, kind: Kind, filters: &BTreeMap<String, String>) -> Result<u32> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let (condition, params) = joined(conditions(kind, &spec, "", filters)?);
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", needed_from(spec.from, &[&condition]));
        Ok(u32::try_from(self.count(&sql, &params)?).unwrap_or(u32::MAX))
    }

    /// The ids of a list in its order, from the query's offset on; all of them where its limit is 0.
    pub fn list_ids(self, kind: Kind, query: &ListQuery) -> Result<Vec<Id>> {
        let limit = if query.limit == 0 { u32::MAX } else { query.limit };
        self.with_list(kind, |memory| {
            let rows = memory.answer(self, query)?;
            Ok(memory.ids(query.stretch(&rows, limit)).collect())
        })
    }

    /// Rows by their ids, in the order asked; records that no longer exist are left out.
    pub fn list_rows_of(self, kind: Kind, ids: &[Id]) -> Result<Vec<ListRow>> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let mut rows = Vec::with_capacity(ids.len());
        for batch in ids.chunks(ROW_BATCH) {
            rows.extend(self.list_rows(kind, &spec, batch)?.0);
        }
        Ok(rows)
    }

    /// Which values stand in a column under a query's other conditions. A value is what a condition is made of, so one that
    /// holds a number is left out, not covered.
    pub fn list_values(self, kind: Kind, query: &ListQuery, column: &str) -> Result<ColumnValues> {
        let covers = column_of(&for_each_kind!(kind, R => R::LIST), column)?.covers;
        let is_whole = self.shows_numbers(kind) && !matches!(covers, Covers::Number(_));
        let mut found = self.with_list(kind, |memory| memory.values(self, query, column, MOST_VALUES))?;
        let is_shown = |text: &str| is_whole || covers.covered(text).is_none();
        found.values.retain(|value| is_shown(&value.value));
        found.least = found.least.filter(|text| is_shown(text));
        found.most = found.most.filter(|text| is_shown(text));
        Ok(found)
    }

    /// All rows of a list with some of its columns, as the list shows them.
    pub fn list_table(self, kind: Kind, query: &ListQuery, columns: &[String]) -> Result<ListTable> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let is_whole = self.shows_numbers(kind);
        let (rows, mut found) = self.with_list(kind, |memory| memory.table(self, query, columns))?;
        for (column, key) in found.iter_mut().zip(columns).filter(|_| !is_whole) {
            let covers = column_of(&spec, key)?.covers;
            if let Some(covered) = column.covered(|text| covers.covered(text)) {
                *column = Arc::new(covered);
            }
        }
        Ok(ListTable { rows, columns: found })
    }

    /// Works with the list's memory; inside a transaction with one of its own, for what is not committed is not to be remembered.
    fn with_list<T>(self, kind: Kind, work: impl FnOnce(&mut KindMemory) -> Result<T>) -> Result<T> {
        let spec = for_each_kind!(kind, R => R::LIST);
        match self.lists {
            Some(lists) => work(lists.borrow_mut().of(self, kind, spec)?),
            None => work(ListMemory::default().of(self, kind, spec)?),
        }
    }

    /// The beginning of a list without conditions, straight from the tables and their indexes.
    fn first_page(self, kind: Kind, spec: &ListSpec, query: &ListQuery) -> Result<ListPage> {
        let total = self.count(&format!("SELECT count(*) FROM \"{}\" WHERE deleted_at IS NULL", kind.table()), &[])?;
        let sql = format!("{} LIMIT {} OFFSET {}", in_order(kind, spec, "r.id"), query.limit(), query.offset);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Id>>>()?;
        self.page(kind, spec, u32::try_from(total).unwrap_or(u32::MAX), &ids)
    }

    /// Whether a list's numbers are shown whole. Inside a transaction nobody looks at a list.
    pub(super) fn shows_numbers(self, kind: Kind) -> bool {
        self.lists.is_some_and(|lists| lists.borrow().shows_numbers(kind))
    }

    fn page(self, kind: Kind, spec: &ListSpec, total: u32, ids: &[Id]) -> Result<ListPage> {
        let (rows, numbers) = self.list_rows(kind, spec, ids)?;
        Ok(ListPage { total, rows, numbers })
    }

    /// Rows with their cells, in the order of the ids, and how numbers stand in them.
    fn list_rows(self, kind: Kind, spec: &ListSpec, ids: &[Id]) -> Result<(Vec<ListRow>, ListNumbers)> {
        let columns = spec.columns.iter().map(|column| format!(", {}", column.sql)).collect::<String>();
        let marks = (1..=ids.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT r.id{columns} FROM {} WHERE r.id IN ({marks})", spec.from);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(ids), |row| {
            let cells = (1..).zip(spec.columns).map(|(at, column)| Ok((column.key.to_owned(), json(row.get_ref(at)?))));
            Ok(ListRow { id: row.get(0)?, cells: cells.collect::<rusqlite::Result<_>>()? })
        })?;
        let mut found = rows.map(|row| row.map(|row| (row.id, row))).collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
        let mut rows: Vec<ListRow> = ids.iter().filter_map(|id| found.remove(id)).collect();
        if self.shows_numbers(kind) {
            return Ok((rows, ListNumbers::Whole));
        }
        let mut is_covered = false;
        rows.iter_mut().for_each(|row| is_covered |= row.cover(spec));
        Ok((rows, if is_covered { ListNumbers::Covered } else { ListNumbers::None }))
    }

    /// Records whose name holds a text, for a picker.
    pub fn look_up(self, kind: Kind, lookup: &Lookup) -> Result<Vec<RecordTitle>> {
        let spec = for_each_kind!(kind, R => R::LIST);
        let (condition, params) = joined(conditions(kind, &spec, &lookup.text, &lookup.filters)?);
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
            Ok(RecordTitle { kind, id: row.get(0)?, title: shown(row.get(1)?), note: shown(row.get(2)?), day: row.get(3)? })
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

/// How a record is called where nobody asked for numbers: a title may be a sentence, and a note what somebody wrote down.
pub(super) fn shown(words: Option<String>) -> String {
    cover_numbers(&words.unwrap_or_default()).into_owned()
}

/// Most characters of a typed text that lists look for: SQLite takes patterns of 50 000 bytes.
const MOST_TYPED: usize = 1000;

/// A typed text as records keep texts; of what was pasted by mistake the beginning is enough.
pub(super) fn typed(text: &str) -> String {
    normalise(text).chars().take(MOST_TYPED).collect()
}

/// The conditions of a text and of filters, each with its own parameters.
pub(super) fn conditions(
    kind: Kind,
    spec: &ListSpec,
    text: &str,
    filters: &BTreeMap<String, String>,
) -> Result<Vec<(String, Vec<Value>)>> {
    let mut conditions = Vec::new();
    let text = typed(text);
    let text = text.as_str();
    if !text.is_empty() && !spec.search.is_empty() {
        let mut params = vec![Value::Text(format!("%{}%", like_escaped(text)))];
        let mut any = spec.search.iter().map(|sql| format!("{sql} LIKE ?1 ESCAPE '\\'")).collect::<Vec<_>>();
        if let Some((sql, letters)) = names_by_letters(kind, text, 2) {
            any.push(sql);
            params.extend(letters);
        }
        conditions.push((any.join(" OR "), params));
    }
    for (key, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
        let (_, sql) = spec.filters.iter().find(|(name, _)| name == key).ok_or_else(|| unknown("筛选", key))?;
        conditions.push((sql.replace("{}", "?1"), vec![Value::Text(value.clone())]));
    }
    Ok(conditions)
}

/// All conditions in one, for a query of its own.
fn joined(conditions: Vec<(String, Vec<Value>)>) -> (String, Vec<Value>) {
    let mut sql = "r.deleted_at IS NULL".to_owned();
    let mut params = Vec::new();
    for (condition, own) in conditions {
        sql.push_str(&format!(" AND ({})", condition.replace("?1", &format!("?{}", params.len() + 1))));
        params.extend(own);
    }
    (sql, params)
}

/// A column by its key.
pub(super) fn column_of(spec: &ListSpec, key: &str) -> Result<ListColumn> {
    spec.columns.iter().find(|column| column.key == key).copied().ok_or_else(|| unknown("列", key))
}

pub(super) fn unknown(what: &str, key: &str) -> Error {
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
