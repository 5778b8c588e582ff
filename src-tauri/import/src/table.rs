//! A file chosen for import: what it holds, how it is read, what came of it. What the window and the command line share.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::records::Kind;
use zhucun_core::storage::{ImportMapping, Ledger, Store};
use zhucun_core::{Result, Severity};

use crate::error::{ReadError, Result as ReadResult};
use crate::fields::fields;
use crate::guard::Limits;
use crate::heading::fold_heading;
use crate::mapping::{Guess, KeptMapping, MappingFile, guess, guess_as, with_head};
use crate::marked::{Mark, marked_copy};
use crate::outcome::{Outcome, RowStatus};
use crate::read::{OnRows, load, read};
use crate::vocabulary::Vocabulary;
use crate::workbook::{Sheet, Workbook};

/// An opened file.
pub struct Table {
    /// Its name, without the folder.
    pub name: String,
    bytes: Vec<u8>,
    workbook: Workbook,
}

/// A sheet as the window offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Rows that hold anything.
    pub rows: u32,
    /// The kind that it seems to hold.
    pub kind: Option<Kind>,
}

impl Table {
    /// Opens a file.
    pub fn open(path: &Path, on_rows: OnRows<'_>) -> ReadResult<Self> {
        let limits = Limits::default();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Table::of_bytes(name, load(path, &limits)?, on_rows)
    }

    /// Opens what was dropped or pasted.
    pub fn of_bytes(name: String, bytes: Vec<u8>, on_rows: OnRows<'_>) -> ReadResult<Self> {
        let workbook = read(&bytes, None, &Limits::default(), on_rows)?;
        Ok(Table { name, bytes, workbook })
    }

    /// A sheet by its name.
    pub fn sheet(&self, name: &str) -> ReadResult<&Sheet> {
        self.workbook.sheets.iter().find(|sheet| sheet.name == name).ok_or(ReadError::NoSuchSheet)
    }

    /// All sheets.
    pub fn sheets(&self) -> Vec<SheetInfo> {
        let info = |sheet: &Sheet| SheetInfo {
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            rows: u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX),
            kind: guess(sheet).map(|guess| guess.kind),
        };
        self.workbook.sheets.iter().map(info).collect()
    }

    /// The sheet that most is understood of, as a kind if one is asked for.
    pub fn best_sheet(&self, kind: Option<Kind>) -> Option<&Sheet> {
        let understood = |sheet: &Sheet| match kind {
            Some(kind) => guess_as(sheet, kind),
            None => guess(sheet),
        };
        let shown = || self.workbook.sheets.iter().filter(|sheet| !sheet.hidden && !sheet.rows.is_empty());
        // Of one there is nothing to choose, and nothing need be guessed twice.
        if shown().nth(1).is_none() {
            return shown().next();
        }
        let best = shown()
            .filter_map(|sheet| understood(sheet).map(|guess| (sheet, guess)))
            .rev()
            .max_by_key(|(_, guess)| guess.understood)
            .map(|(sheet, _)| sheet);
        best.or_else(|| shown().next())
    }

    /// How a sheet is read: guessed, then as it was chosen for the same headings before.
    pub fn guess(&self, store: Store<'_>, sheet: &str, kind: Option<Kind>, head: Option<(u32, u32)>) -> Result<Option<Guess>> {
        let Ok(sheet) = self.sheet(sheet) else { return Ok(None) };
        let guessed = match (kind, head) {
            (Some(kind), Some((first, last))) => with_head(sheet, kind, first, last),
            (Some(kind), None) => guess_as(sheet, kind),
            (None, _) => guess(sheet),
        };
        let Some(mut guess) = guessed else { return Ok(None) };
        if let Some(kept) = store.import_mapping(&guess.mapping.fingerprint(guess.kind))? {
            guess.mapping.apply_kept(&serde_json::from_str::<KeptMapping>(&kept)?);
            let fields = fields(guess.kind);
            // A field of an older version that no longer exists leaves its column out.
            for column in &mut guess.mapping.columns {
                column.field = column.field.take().filter(|key| fields.is_some_and(|fields| fields.get(key).is_some()));
            }
        }
        Ok(Some(guess))
    }

    /// The user's own workbook with the rows that stayed out marked.
    pub fn marked_copy(&self, sheet: &str, head: u32, outcome: &Outcome) -> ReadResult<Vec<u8>> {
        marked_copy(&self.bytes, &self.workbook, sheet, head, &marks(outcome))
    }
}

fn marks(outcome: &Outcome) -> Vec<Mark> {
    let refused = outcome.rows.iter().filter(|row| row.status == RowStatus::Error);
    refused
        .map(|row| {
            let hard: Vec<_> = row.issues.iter().filter(|issue| issue.severity == Severity::Hard).collect();
            let said = |issue: &&crate::outcome::RowIssue| match issue.heading.as_str() {
                "" => issue.message.clone(),
                heading => format!("{heading}：{}", issue.message),
            };
            Mark {
                row: row.row,
                columns: hard.iter().filter_map(|issue| issue.column).collect(),
                reason: hard.iter().map(said).collect::<Vec<_>>().join("；"),
            }
        })
        .collect()
}

/// Remembers how a sheet was read.
pub fn remember(ledger: &mut Ledger, guess: &Guess) -> Result<()> {
    let mapping = serde_json::to_string(&guess.mapping.to_keep())?;
    ledger.put_import_mapping(&ImportMapping { fingerprint: guess.mapping.fingerprint(guess.kind), mapping })
}

/// Lays a mapping file over a guess; an error says what of the file fits nothing.
pub fn apply_file(guess: &mut Guess, file: &MappingFile, vocabulary: &Vocabulary) -> std::result::Result<(), String> {
    let known = fields(guess.kind).ok_or("这一类记录不能从表格导入")?;
    guess.mapping.year = file.year.or(guess.mapping.year);
    if let Some(name) = &file.village {
        guess.mapping.village = Some(vocabulary.village(name).ok_or_else(|| format!("台账中没有“{name}”这个村"))?);
    }
    for (heading, key) in &file.headings {
        let folded = fold_heading(heading);
        let mut columns = guess.mapping.columns.iter_mut().filter(|column| fold_heading(&column.heading) == folded).peekable();
        if columns.peek().is_none() {
            return Err(format!("表格里没有“{heading}”这一列"));
        }
        if !key.is_empty() && known.get(key).is_none() {
            return Err(format!("没有“{key}”这个字段"));
        }
        columns.for_each(|column| column.field = Some(key.clone()).filter(|key| !key.is_empty()));
    }
    for (heading, unit) in &file.units {
        let folded = fold_heading(heading);
        for column in guess.mapping.columns.iter_mut().filter(|column| fold_heading(&column.heading) == folded) {
            column.unit = Some(*unit);
        }
    }
    Ok(())
}
