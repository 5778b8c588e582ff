//! The data dictionary, `docs/data-dictionary.md`: every table and column of a fresh ledger, with the meaning that the code gives
//! it. Written by `cargo run -p zhucun-tests --bin data-dictionary`; a test fails when the committed file is stale.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use rusqlite::Connection;
use zhucun_core::storage::{Ledger, SCHEMA_VERSION};
use zhucun_core::world::FixedWorld;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Tables and columns that no type of the window describes: `table: meaning` or `table.column: meaning`.
const MEANINGS: &str = include_str!("meanings.txt");

const HEAD: &str = "# Data dictionary

Made by `cargo run -p zhucun-tests --bin data-dictionary` from the schema of a fresh ledger and the comments of the types; a test holds it to them.

A ledger (`*.zcj`) is one SQLite 3 file, `application_id` `0x5A434A31` (`ZCJ1`), `user_version` the number of its schema; encrypted ledgers are SQLCipher 4 files whose key
lies, wrapped, in the `.key` file beside them. While it is open, `-wal` and `-shm` stand beside it. All tables are STRICT.

- **Identity**: `id` is a UUIDv7 in lower case with hyphens. **Days** are civil dates `YYYY-MM-DD`, months `YYYY-MM`, half-years `2026H1`; **moments** are RFC 3339 in UTC.
- **Money** is in 分; areas and other quantities with decimals are in hundredths. Yes and no are 1 and 0; nothing (NULL) means not known. Texts are NFC; an empty text means not said.
- Rows of a part (`household_type`, `visit_household` …) belong to the record they name, in the order of `position`, and are written with it.

";

/// What every record carries, told once.
const ENVELOPE: [(&str, &str); 10] = [
    ("id", "The record."),
    ("version", "Counts its changes from 1; what a merge of two ledgers compares."),
    ("created_at", "Moment of its creation."),
    ("updated_at", "Moment of its last change."),
    ("created_by", "队员 who created it, where known."),
    ("created_device", "Computer on which it was created."),
    ("updated_by", "队员 who changed it last, where known."),
    ("updated_device", "Computer on which it was changed last."),
    ("origin", "`typed`, `sample`, or the import it came with."),
    ("deleted_at", "Moment at which it went to the recycle bin; nothing while it lives."),
];

/// The whole text; an error names the tables and columns without a meaning.
pub fn text(bindings: &Path) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("台账.zcj");
    drop(Ledger::create(&path, Box::new(FixedWorld::on(NaiveDate::default())))?);
    let connection = Connection::open(&path)?;
    let meanings = Meanings::read(bindings)?;
    let mut text = HEAD.to_owned();
    writeln!(text, "Schema {SCHEMA_VERSION}.\n\n## Every record\n\n| column | meaning |\n| --- | --- |")?;
    for (column, meaning) in ENVELOPE {
        writeln!(text, "| `{column}` | {meaning} |")?;
    }
    let mut missing = Vec::new();
    for table in tables(&connection)? {
        table_text(&connection, &meanings, &table, &mut text, &mut missing)?;
    }
    if missing.is_empty() { Ok(text) } else { Err(format!("without a meaning: {}", missing.join(", ")).into()) }
}

fn tables(connection: &Connection) -> Result<Vec<String>> {
    // The full-text table keeps its words in tables of its own making.
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_gram_%' ORDER BY name";
    Ok(connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?)
}

struct Column {
    name: String,
    kind: String,
    required: bool,
    key: i64,
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<Column>> {
    let sql = "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid";
    let read =
        |row: &rusqlite::Row<'_>| Ok(Column { name: row.get(0)?, kind: row.get(1)?, required: row.get(2)?, key: row.get(3)? });
    Ok(connection.prepare(sql)?.query_map([table], read)?.collect::<std::result::Result<_, _>>()?)
}

/// For each column the table that it points into.
fn references(connection: &Connection, table: &str) -> Result<BTreeMap<String, String>> {
    let sql = "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1)";
    Ok(connection
        .prepare(sql)?
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<std::result::Result<_, _>>()?)
}

fn table_text(
    connection: &Connection,
    meanings: &Meanings,
    table: &str,
    text: &mut String,
    missing: &mut Vec<String>,
) -> Result<()> {
    let columns = columns(connection, table)?;
    let references = references(connection, table)?;
    let is_record = columns.iter().any(|column| column.name == "created_device");
    let told = |column: &&Column| !is_record || ENVELOPE.iter().all(|(name, _)| *name != column.name);
    let mut told_or_missing = |meaning: Option<String>, what: String| {
        meaning.unwrap_or_else(|| {
            missing.push(what);
            String::new()
        })
    };
    writeln!(text, "\n## {table}\n\n{}\n", told_or_missing(meanings.of_table(table), table.to_owned()))?;
    if is_record {
        writeln!(text, "A record, with the columns told above, and:\n")?;
    }
    writeln!(text, "| column | type | required | meaning |\n| --- | --- | --- | --- |")?;
    for column in columns.iter().filter(told) {
        let points = references.get(&column.name).map(|table| format!(" → `{table}`")).unwrap_or_default();
        let key = if column.key > 0 { " (key)" } else { "" };
        let required = if column.required || column.key > 0 { "yes" } else { "" };
        let meaning = meanings.of_column(table, &column.name, !points.is_empty());
        let meaning = told_or_missing(meaning, format!("{table}.{}", column.name));
        writeln!(text, "| `{}`{key} | {}{points} | {required} | {meaning} |", column.name, column.kind)?;
    }
    Ok(())
}

/// What the comments of the types say.
struct Meanings {
    /// By type: its own comment, and by field the comment and the field's type.
    types: BTreeMap<String, Described>,
    /// By `table` and `table.column`.
    told: BTreeMap<&'static str, &'static str>,
}

#[derive(Default)]
struct Described {
    comment: String,
    fields: BTreeMap<String, (String, String)>,
    /// The words of a choice.
    words: Vec<String>,
}

impl Meanings {
    fn read(bindings: &Path) -> Result<Self> {
        let mut types = BTreeMap::new();
        for entry in fs::read_dir(bindings)? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            types.insert(name, Described::parse(&fs::read_to_string(&path)?));
        }
        let told = MEANINGS.lines().filter_map(|line| line.split_once(": ")).collect();
        Ok(Meanings { types, told })
    }

    fn of_table(&self, table: &str) -> Option<String> {
        let comment = self.described(table).map(|described| described.comment.clone());
        self.told.get(table).map(|told| (*told).to_owned()).or(comment)
    }

    fn of_column(&self, table: &str, column: &str, points: bool) -> Option<String> {
        if let Some(told) = self.told.get(format!("{table}.{column}").as_str()) {
            return Some((*told).to_owned());
        }
        let described = self.described(table);
        if let Some((comment, kind)) = described.and_then(|described| described.fields.get(column)) {
            return Some(format!("{comment}{}", self.words(kind)));
        }
        match column {
            "position" => Some("Its place among the parts of its kind, from 0.".to_owned()),
            _ if points && table.strip_prefix(column.trim_end_matches("_id")).is_some_and(|rest| rest.starts_with('_')) => {
                Some("The record it is a part of.".to_owned())
            }
            // A part that is one value: what its type says.
            _ => described.filter(|described| described.fields.is_empty()).map(|described| described.comment.clone()),
        }
    }

    fn described(&self, table: &str) -> Option<&Described> {
        let camel: String = table.split('_').map(capitalised).collect();
        self.types.get(&camel)
    }

    /// The words that a choice allows.
    fn words(&self, kind: &str) -> String {
        let name = kind.trim_end_matches(" | null");
        let words = self.types.get(name).map(|described| &described.words[..]).unwrap_or_default();
        if words.is_empty() { String::new() } else { format!(" One of {}.", words.join(", ")) }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

impl Described {
    /// Reads a generated file: comments stand before what they describe.
    fn parse(file: &str) -> Self {
        let mut described = Described::default();
        let mut comment: Vec<&str> = Vec::new();
        for line in file.lines() {
            if line == "/**" {
                comment.clear();
            } else if let Some(words) = line.strip_prefix(" * ") {
                comment.push(words);
            } else if let Some(rest) = line.strip_prefix("export type ") {
                described.comment = comment.join(" ");
                let (_, value) = rest.split_once(" = ").unwrap_or_default();
                if value.starts_with('"') {
                    described.words = value.trim_end_matches(';').split(" | ").map(|word| word.replace('"', "`")).collect();
                }
            } else if let Some((name, kind)) = line.split_once(": ") {
                let kind = kind.trim_end_matches("};").trim_end_matches([',', ' ']);
                described.fields.insert(name.trim_end_matches('?').to_owned(), (comment.join(" "), kind.to_owned()));
            }
        }
        described
    }
}
