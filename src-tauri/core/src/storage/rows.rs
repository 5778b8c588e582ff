//! Between Rust values and table rows: what a table of records or of a record's parts must say of itself, and the
//! macros that derive it from the field names (a field and its column have the same name).

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::store::Stored;
use crate::error::Result;
use crate::value::Id;

/// A value with a fixed list of columns.
pub trait Row: Sized {
    /// The columns, in the order of [`Row::bind`].
    const COLUMNS: &'static [&'static str];
    /// The values to store.
    fn bind(&self) -> Vec<Value>;
    /// Binds the same values to a statement, from a place on.
    fn bind_to(&self, statement: &mut Statement<'_>, first: usize) -> rusqlite::Result<()>;
    /// Reads the values back, in order.
    fn read(cells: &mut Cells<'_, '_>) -> rusqlite::Result<Self>;
    /// Sets a value by its column's name, from the JSON that the forms use; answers whether there is such a column.
    fn set(&mut self, column: &str, value: serde_json::Value) -> serde_json::Result<bool>;
}

/// A part of a record, kept in a table of its own in the order in which the user sees it.
pub trait Child: Row + PartialEq {
    /// The table.
    const TABLE: &'static str;
    /// The column that names the record it belongs to.
    const PARENT: &'static str;
    /// Stores one: its record, its place, then [`Row::COLUMNS`], then what is worked out of it.
    const INSERT: &'static str;
    /// Binds what is worked out of it to a statement, from a place on; nothing for most.
    fn bind_derived(&self, statement: &mut Statement<'_>, first: usize) -> rusqlite::Result<()>;
}

/// Reads a row's cells one after the other.
pub struct Cells<'r, 's> {
    row: &'r rusqlite::Row<'s>,
    next: usize,
}

impl<'r, 's> Cells<'r, 's> {
    pub(super) fn from(row: &'r rusqlite::Row<'s>, first: usize) -> Self {
        Cells { row, next: first }
    }

    /// The next cell.
    pub fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }
}

/// The stored form of any value.
pub fn value_of(value: &dyn ToSql) -> Value {
    match value.to_sql() {
        Ok(ToSqlOutput::Owned(value)) => value,
        Ok(ToSqlOutput::Borrowed(value)) => Value::try_from(value).unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

/// A list of short texts, kept as JSON in one column: for lists that are shown but never queried.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "Vec<String>")]
pub struct TextList(pub Vec<String>);

impl ToSql for TextList {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(json.into())
    }
}

impl FromSql for TextList {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(TextList).map_err(FromSqlError::other)
    }
}

/// Condition of the records outside the recycle bin.
pub(super) const LIVE: &str = "r.deleted_at IS NULL";

/// Records read together, so that their parts are read with one query per table and not one per record.
pub struct Loaded<'c, R> {
    pub(super) connection: &'c Connection,
    pub(super) table: &'static str,
    pub(super) condition: &'c str,
    pub(super) params: &'c [Value],
    /// In the order of their ids.
    pub(super) records: Vec<Stored<R>>,
}

impl<R> Loaded<'_, R> {
    /// Reads one table of parts and hands each part to its record. Parts come in the order of their records' ids, so both are
    /// walked through side by side; where all records are wanted, the whole table is, and what belongs to the bin is passed over.
    pub fn attach<C: Child>(&mut self, part: impl Fn(&mut R) -> &mut Vec<C>) -> Result<()> {
        let (parent, child) = (C::PARENT, C::TABLE);
        let wanted = match self.condition {
            LIVE => String::new(),
            condition => {
                format!("WHERE \"{parent}\" IN (SELECT r.id FROM \"{}\" r WHERE {condition})", self.table)
            }
        };
        let columns = quoted(C::COLUMNS);
        let sql = format!("SELECT \"{parent}\", {columns} FROM \"{child}\" {wanted} ORDER BY \"{parent}\", position");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(self.params))?;
        let mut records = self.records.iter_mut().peekable();
        while let Some(row) = rows.next()? {
            let parent: Id = row.get(0)?;
            while records.next_if(|record| record.id < parent).is_some() {}
            let Some(record) = records.peek_mut() else { break };
            if record.id == parent {
                part(&mut record.draft).push(C::read(&mut Cells::from(row, 1))?);
            }
        }
        Ok(())
    }
}

/// A record's parts as they lie in their table.
fn stored_children<C: Child>(connection: &Connection, parent: Id) -> Result<Vec<C>> {
    let columns = quoted(C::COLUMNS);
    let sql = format!("SELECT {columns} FROM \"{}\" WHERE \"{}\" = ?1 ORDER BY position", C::TABLE, C::PARENT);
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([parent], |row| C::read(&mut Cells::from(row, 0)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Stores a record's parts in place of those it had; a new record had none.
pub fn replace_children<C: Child>(connection: &Connection, parent: Id, children: &[C], is_new: bool) -> Result<()> {
    if !is_new {
        // Most changes of a record leave most of its parts alone, and to look costs less than to write the same again.
        if stored_children::<C>(connection, parent).is_ok_and(|kept| kept == children) {
            return Ok(());
        }
        connection.prepare_cached(&format!("DELETE FROM \"{}\" WHERE \"{}\" = ?1", C::TABLE, C::PARENT))?.execute([parent])?;
    }
    if children.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(C::INSERT)?;
    for (position, child) in (0i64..).zip(children) {
        statement.raw_bind_parameter(1, parent)?;
        statement.raw_bind_parameter(2, position)?;
        child.bind_to(&mut statement, 3)?;
        child.bind_derived(&mut statement, 3 + C::COLUMNS.len())?;
        statement.raw_execute()?;
    }
    Ok(())
}

/// `"a", "b"`.
pub(super) fn quoted(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

/// `columns! { Type { a, b } }` derives [`Row`]; with `parts { c, d }` the fields c and d are tables of [`Child`]ren;
/// `columns! { Type in "table" of "parent_id" { a, b } }` derives [`Child`] as well; `derived { c: work_out }` behind it adds the
/// column c, which is no field: `work_out` makes it of the part.
macro_rules! columns {
    ($type:ident in $table:literal of $parent:literal { $($field:ident),* $(,)? } $(derived { $column:ident: $work_out:path })?) => {
        $crate::storage::columns! { $type { $($field),* } }
        impl $crate::storage::Child for $type {
            const TABLE: &'static str = $table;
            const PARENT: &'static str = $parent;
            const INSERT: &'static str = concat!(
                "INSERT INTO \"", $table, "\" (\"", $parent, "\", position", $(", \"", stringify!($field), "\"",)*
                $(", \"", stringify!($column), "\"",)?
                ") VALUES (?, ?", $($crate::storage::mark!($field),)* $($crate::storage::mark!($column),)? ")"
            );
            fn bind_derived(&self, _statement: &mut rusqlite::Statement<'_>, _first: usize) -> rusqlite::Result<()> {
                $(_statement.raw_bind_parameter(_first, $work_out(self))?;)?
                Ok(())
            }
        }
    };
    ($type:ident { $($field:ident),* $(,)? } $(parts { $($part:ident),* $(,)? })?) => {
        impl $crate::storage::Row for $type {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            fn bind(&self) -> Vec<rusqlite::types::Value> {
                vec![$($crate::storage::value_of(&self.$field)),*]
            }
            fn bind_to(&self, statement: &mut rusqlite::Statement<'_>, first: usize) -> rusqlite::Result<()> {
                let mut places = first..;
                $(if let Some(place) = places.next() {
                    statement.raw_bind_parameter(place, &self.$field)?;
                })*
                Ok(())
            }
            fn read(cells: &mut $crate::storage::Cells<'_, '_>) -> rusqlite::Result<Self> {
                Ok($type { $($field: cells.take()?,)* $($($part: Vec::new(),)*)? })
            }
            fn set(&mut self, column: &str, value: serde_json::Value) -> serde_json::Result<bool> {
                match column {
                    $(stringify!($field) => self.$field = serde_json::from_value(value)?,)*
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }
        $(impl $type {
            fn attach_parts(loaded: &mut $crate::storage::Loaded<'_, Self>) -> $crate::error::Result<()> {
                $(loaded.attach(|record| &mut record.$part)?;)*
                Ok(())
            }
            fn replace_parts(&self, connection: &rusqlite::Connection, id: $crate::value::Id, is_new: bool) -> $crate::error::Result<()> {
                $($crate::storage::replace_children(connection, id, &self.$part, is_new)?;)*
                Ok(())
            }
        })?
    };
}
pub(crate) use columns;

/// The mark of one value in a statement.
macro_rules! mark {
    ($field:ident) => {
        ", ?"
    };
}
pub(crate) use mark;

/// An enum kept as a word: `text_enum! { /// Doc. Name { /// Doc. Variant = "word", } }`. The first variant is the default.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident = $first_word:literal, $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        pub enum $name {
            $(#[$first_doc])* #[default] #[serde(rename = $first_word)] $first,
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }
        impl $name {
            /// The stored word.
            pub fn word(self) -> &'static str {
                match self { $name::$first => $first_word, $($name::$variant => $word,)* }
            }
        }
        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }
        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $first_word => Ok($name::$first),
                    $($word => Ok($name::$variant),)*
                    _ => Err(rusqlite::types::FromSqlError::InvalidType),
                }
            }
        }
    };
}
pub(crate) use text_enum;
