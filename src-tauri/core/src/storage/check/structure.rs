//! The file itself: its pages, its tables and what they refer to.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rusqlite::Connection;

use super::{CheckCode, Look};
use crate::error::Result;
use crate::records::Kind;
use crate::storage::migration::migrate;

/// Most lines that SQLite is asked for; a file with more of them is no better or worse.
const MOST: usize = 200;

/// Every page and every row's place in the indices, in SQLite's own words; each page's seal in an encrypted file.
pub(super) fn pages(look: &mut Look<'_>) {
    let broken_seal = |_: &str| Some((CheckCode::PageDamaged, String::new()));
    let encrypted = look.ledger.is_encrypted().then_some(("PRAGMA cipher_integrity_check", &broken_seal as &dyn Fn(&str) -> _));
    let integrity = format!("PRAGMA integrity_check({MOST})");
    for (pragma, sort) in encrypted.into_iter().chain([(integrity.as_str(), &sort_of as &dyn Fn(&str) -> _)]) {
        // A file in which even the check comes to no end is damaged.
        let lines = lines(&look.ledger.connection, pragma).unwrap_or_else(|_| vec!["no end".to_owned()]);
        for (code, detail) in lines.iter().filter_map(|line| sort(line)) {
            look.find_as(code, None, None, detail);
        }
    }
}

fn lines(connection: &Connection, pragma: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(pragma)?;
    Ok(statement.query_map([], |row| row.get(0))?.take(MOST).collect::<rusqlite::Result<_>>()?)
}

/// What a line of the integrity check says.
fn sort_of(line: &str) -> Option<(CheckCode, String)> {
    if line == "ok" {
        return None;
    }
    let table = || line.rsplit([' ', '.']).next().unwrap_or_default().to_owned();
    if line.contains("FTS5") {
        return Some((CheckCode::SearchIndex, String::new()));
    }
    if line.contains("index") && !line.starts_with("Tree") && !line.contains("Page") {
        return Some((CheckCode::IndexDamaged, String::new()));
    }
    if line.starts_with("CHECK constraint failed in") {
        return Some((CheckCode::ValueRefused, table()));
    }
    if line.starts_with("NULL value in") || line.contains(" value in ") {
        let column = line.rsplit(' ').next().unwrap_or_default();
        return Some((CheckCode::ValueRefused, column.split('.').next().unwrap_or_default().to_owned()));
    }
    Some((CheckCode::PageDamaged, String::new()))
}

/// What refers to a row that is not there.
pub(super) fn references(look: &mut Look<'_>) -> Result<()> {
    let mut statement = look.ledger.connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table: String = row.get(0)?;
        let kind = kind_of(&table);
        // The rows of a record's own table have its id; those of its parts are told by their number.
        let id = match (kind, row.get::<_, Option<i64>>(1)?) {
            (Some(kind), Some(rowid)) if kind.table() == table => {
                let sql = format!("SELECT id FROM \"{table}\" WHERE rowid = ?1");
                look.ledger.connection.query_row(&sql, [rowid], |row| row.get(0)).ok()
            }
            _ => None,
        };
        look.find_as(CheckCode::ReferenceBroken, kind, id, named(&table, kind));
    }
    Ok(())
}

/// The record to which a table belongs: its own, or one of its parts.
fn kind_of(table: &str) -> Option<Kind> {
    let is_part =
        |kind: &&Kind| table == kind.table() || table.strip_prefix(kind.table()).is_some_and(|rest| rest.starts_with('_'));
    match table {
        "member" => Some(Kind::Household),
        "hamlet" => Some(Kind::Village),
        _ => Kind::ALL.iter().filter(is_part).max_by_key(|kind| kind.table().len()).copied(),
    }
}

fn named(table: &str, kind: Option<Kind>) -> String {
    match (table, kind) {
        ("change" | "operation", _) => "变更记录".to_owned(),
        (_, Some(kind)) => kind.label().to_owned(),
        (table, None) => table.to_owned(),
    }
}

/// The tables, indices and triggers against those of a fresh ledger.
pub(super) fn schema(look: &mut Look<'_>) -> Result<()> {
    let wanted = expected()?;
    let found = objects(&look.ledger.connection)?;
    for ((sort, name), sql) in wanted {
        match found.get(&(sort.clone(), name.clone())) {
            Some(found) if found == sql => {}
            _ if sort == "index" => look.find(CheckCode::IndexDamaged, None, None),
            _ => look.find_as(CheckCode::TableChanged, kind_of(name), None, name.clone()),
        }
    }
    for (_, name) in found.keys().filter(|key| !wanted.contains_key(key)) {
        look.find_as(CheckCode::ForeignTable, None, None, name.clone());
    }
    Ok(())
}

/// Sort, name and statement of everything that a ledger is made of.
pub(super) type Objects = BTreeMap<(String, String), String>;

/// What a fresh ledger has; the same for the whole life of the program.
pub(super) fn expected() -> Result<&'static Objects> {
    static EXPECTED: OnceLock<Objects> = OnceLock::new();
    if let Some(known) = EXPECTED.get() {
        return Ok(known);
    }
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh)?;
    let found = objects(&fresh)?;
    Ok(EXPECTED.get_or_init(|| found))
}

pub(super) fn objects(connection: &Connection) -> Result<Objects> {
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_integrity_checks_lines_are_told_apart() {
        let code = sort_of;
        assert_eq!(code("ok"), None);
        assert_eq!(code("row 3 missing from index visit_day"), Some((CheckCode::IndexDamaged, String::new())));
        assert_eq!(code("wrong # of entries in index member_name_key"), Some((CheckCode::IndexDamaged, String::new())));
        let search = "malformed inverted index for FTS5 table main.search_gram";
        assert_eq!(code(search), Some((CheckCode::SearchIndex, String::new())));
        assert_eq!(code("NULL value in visit.content"), Some((CheckCode::ValueRefused, "visit".to_owned())));
        assert_eq!(code("CHECK constraint failed in visit"), Some((CheckCode::ValueRefused, "visit".to_owned())));
        assert_eq!(code("Tree 12 page 40 cell 3: Rowid 9 out of order"), Some((CheckCode::PageDamaged, String::new())));
        assert_eq!(code("Page 7: never used"), Some((CheckCode::PageDamaged, String::new())));
    }

    #[test]
    fn a_part_belongs_to_its_record() {
        assert_eq!(kind_of("household_income"), Some(Kind::Household));
        assert_eq!(kind_of("team_member"), Some(Kind::TeamMember));
        assert_eq!(kind_of("attachment_content"), Some(Kind::Attachment));
        assert_eq!(kind_of("change"), None);
    }
}
