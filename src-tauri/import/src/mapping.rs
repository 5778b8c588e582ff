//! Which column means what: the table's head is found, each heading gets its field, and the user may say otherwise.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::records::Kind;

use crate::fields::{Field, Fields, KINDS, Shape, fields, is_derived};
use crate::heading::{MoneyUnit, fold_heading, money_unit, without_bracket};
use crate::input;
use crate::workbook::{Cell, Sheet, SheetRow};

/// How deep below the top of a sheet a table's head is looked for.
const DEEPEST_HEAD: usize = 25;
/// Most rows of a head.
const TALLEST_HEAD: usize = 3;

/// How a sheet is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ImportMapping")]
pub struct Mapping {
    /// First row of the head, from 1.
    pub first_row: u32,
    /// Last row of the head; the data begin below.
    pub last_row: u32,
    /// The columns that have a heading, from the left.
    pub columns: Vec<Column>,
    /// 年份 for dates that name none.
    pub year: Option<i32>,
    /// 村 for rows that name none.
    pub village: Option<zhucun_core::value::Id>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ImportColumn")]
pub struct Column {
    /// Its place, A = 0.
    pub index: u32,
    /// Its heading, the rows of the head joined.
    pub heading: String,
    /// [`Field::key`], or nothing where the column is left out.
    pub field: Option<String>,
    /// 元 or 万元, of a column of money.
    pub unit: Option<MoneyUnit>,
    /// Whether it is known to be derived from other records, and so left out on purpose.
    pub derived: bool,
    /// Whether the sheet hides it.
    pub hidden: bool,
}

/// What was made out of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ImportGuess")]
pub struct Guess {
    /// The kind it seems to hold.
    pub kind: Kind,
    /// How it is read.
    pub mapping: Mapping,
    /// How many columns are understood.
    pub understood: u32,
}

impl Mapping {
    /// What the headings are recognised by when the same kind of sheet comes again.
    pub fn fingerprint(&self, kind: Kind) -> String {
        let headings = self.columns.iter().map(|column| fold_heading(&column.heading)).collect::<Vec<_>>().join("|");
        // FNV-1a: the same on every machine and in every version, which the standard hasher does not promise.
        let hash = headings
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{}:{}:{hash:016x}", kind.word(), self.columns.len())
    }

    /// Takes over what was chosen for the same headings before.
    pub fn apply_kept(&mut self, kept: &KeptMapping) {
        for column in &mut self.columns {
            if let Some(choice) = kept.columns.get(&fold_heading(&column.heading)) {
                column.field = choice.field.clone();
                column.unit = choice.unit.or(column.unit);
            }
        }
    }

    /// What is to be remembered.
    pub fn to_keep(&self) -> KeptMapping {
        let columns = self
            .columns
            .iter()
            .map(|column| (fold_heading(&column.heading), KeptColumn { field: column.field.clone(), unit: column.unit }))
            .collect();
        KeptMapping { columns }
    }

    /// The columns that fill a field, with what they fill.
    pub fn filled(&self, fields: &'static Fields) -> Vec<(&'static Field, &Column)> {
        self.columns.iter().filter_map(|column| Some((fields.get(column.field.as_deref()?)?, column))).collect()
    }

    /// The column that fills a field, or begins to.
    pub fn column_of(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.field.as_deref() == Some(key))
    }
}

/// A mapping as it is remembered, and as a file for the command line holds it: by heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMapping {
    /// By folded heading.
    pub columns: BTreeMap<String, KeptColumn>,
}

/// What was chosen for a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptColumn {
    /// [`Field::key`], or nothing.
    pub field: Option<String>,
    /// 元 or 万元.
    pub unit: Option<MoneyUnit>,
}

/// A mapping file of the command line: `headings."户主" = "head_name"`, `units."金额" = "wan"`, `year = 2026`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingFile {
    /// Row of the head, or its first.
    pub head: Option<u32>,
    /// Last row of the head.
    pub head_last: Option<u32>,
    /// 年份 for dates that name none.
    pub year: Option<i32>,
    /// 村 for rows that name none.
    pub village: Option<String>,
    /// Field by heading; an empty text leaves the column out.
    pub headings: BTreeMap<String, String>,
    /// 元 or 万元 by heading.
    pub units: BTreeMap<String, MoneyUnit>,
}

/// Reads a mapping file; an error says where it is wrong.
pub fn parse_file(text: &str) -> Result<MappingFile, String> {
    toml::from_str(text).map_err(|error: toml::de::Error| error.message().to_owned())
}

/// What a sheet holds, by the kind whose headings fit best; nothing where hardly any heading is known.
pub fn guess(sheet: &Sheet) -> Option<Guess> {
    let guesses = KINDS.iter().filter_map(|(kind, _)| guess_as(sheet, *kind));
    guesses.filter(|guess| guess.understood >= 2).max_by_key(|guess| (score(guess), std::cmp::Reverse(order(guess.kind))))
}

/// The fields that only sheets of one kind have count more than 村 or 日期, which all have.
fn score(guess: &Guess) -> u32 {
    let telling: &[&str] = match guess.kind {
        Kind::Household => {
            &["member.relation", "member.name", "types", "monitored", "ext_no", "member.labour", "member.work_from", "head_name"]
        }
        Kind::Visit => &["mode", "visitors", "content", "households"],
        Kind::Application => &["programme", "amount_applied", "amount_paid", "amount_approved", "applicant", "applied_on"],
        Kind::Project => &["name", "budget", "arrived", "progress", "actual.completed", "summary", "owner_unit"],
        Kind::Activity => &["title", "type_code", "place", "counter.人次", "organiser", "summary"],
        Kind::Indicator => &["planned", "actual", "base", "unit", "period"],
        _ => &[],
    };
    guess.understood * 2 + telling.iter().filter(|key| guess.mapping.column_of(key).is_some()).count() as u32 * 3
}

fn order(kind: Kind) -> usize {
    KINDS.iter().position(|(each, _)| *each == kind).unwrap_or(KINDS.len())
}

/// How a sheet would be read as one kind.
pub fn guess_as(sheet: &Sheet, kind: Kind) -> Option<Guess> {
    let fields = fields(kind)?;
    let heads = sheet.rows.iter().take(DEEPEST_HEAD).flat_map(|row| (1..=TALLEST_HEAD).map(move |height| (row.number, height)));
    let mut best: Option<(u32, Guess)> = None;
    for (first_row, height) in heads {
        let last_row = first_row + u32::try_from(height - 1).unwrap_or(0);
        let columns = read_head(sheet, fields, first_row, last_row);
        let understood = u32::try_from(columns.iter().filter(|column| column.field.is_some()).count()).unwrap_or(0);
        let derived = u32::try_from(columns.iter().filter(|column| column.derived).count()).unwrap_or(0);
        // A taller head must be worth it, and so must a later one: a row of data can hold words that are headings too.
        let units = u32::try_from(columns.iter().filter(|column| column.unit.is_some() && column.heading.contains('元')).count())
            .unwrap_or(0);
        let worth = (understood * 4 + derived * 2 + units).saturating_sub(u32::try_from(height).unwrap_or(0));
        if understood > 0 && best.as_ref().is_none_or(|(most, _)| worth > *most) {
            let mapping = Mapping { first_row, last_row, columns, year: year_above(sheet, first_row), village: None };
            best = Some((worth, Guess { kind, mapping, understood }));
        }
    }
    best.map(|(_, guess)| guess)
}

/// How a sheet is read when the user says where its head stands.
pub fn with_head(sheet: &Sheet, kind: Kind, first_row: u32, last_row: u32) -> Option<Guess> {
    let columns = read_head(sheet, fields(kind)?, first_row, last_row.clamp(first_row, first_row.saturating_add(9)));
    let understood = u32::try_from(columns.iter().filter(|column| column.field.is_some()).count()).unwrap_or(0);
    let mapping = Mapping { first_row, last_row, columns, year: year_above(sheet, first_row), village: None };
    Some(Guess { kind, mapping, understood })
}

fn read_head(sheet: &Sheet, fields: &Fields, first_row: u32, last_row: u32) -> Vec<Column> {
    // Households count in 元; a project's 万元 taken for 元 would be wrong ten-thousandfold, so there it is asked.
    let fallback = if is_project(fields) { None } else { Some(MoneyUnit::Yuan) };
    let unit_above = unit_above(sheet, first_row).or(fallback);
    let mut taken = HashSet::new();
    let mut columns = Vec::new();
    let parts: Vec<Vec<String>> =
        (0..sheet.width().min(1000)).map(|index| heading_parts(sheet, index, first_row, last_row)).collect();
    for (index, parts) in (0u32..).zip(parts).filter(|(_, parts)| !parts.is_empty()) {
        let folded: Vec<String> = parts.iter().map(|part| fold_heading(part)).collect();
        let field = field_of(fields, &folded).filter(|field| may_repeat(field) || taken.insert(field.key));
        let unit = folded.iter().rev().find_map(|part| money_unit(part)).or(unit_above);
        columns.push(Column {
            index,
            heading: parts.join(" "),
            field: field.map(|field| field.key.to_owned()),
            unit: field.filter(|field| field.shape == Shape::Money).and(unit),
            derived: field.is_none() && folded.last().is_some_and(|part| names_derived(part)),
            hidden: sheet.hidden_columns.contains(&index),
        });
    }
    columns
}

fn is_project(fields: &Fields) -> bool {
    fields.get("budget").is_some()
}

fn names_derived(folded: &str) -> bool {
    is_derived(folded) || without_bracket(folded).is_some_and(|bare| is_derived(&bare))
}

/// 风险1 to 风险5 are columns of one field.
fn may_repeat(field: &Field) -> bool {
    field.key == "risks"
}

/// The field of a heading: by all its rows together, by the lowest, by the highest; each also without its bracket.
fn field_of<'f>(fields: &'f Fields, folded: &[String]) -> Option<&'f Field> {
    let joined = folded.concat();
    let candidates = std::iter::once(joined.as_str())
        .chain(folded.last().map(String::as_str))
        .chain((folded.len() == 1).then(|| folded.first().map(String::as_str)).flatten());
    for candidate in candidates {
        let bare = without_bracket(candidate);
        if let Some(field) = fields.of_heading(candidate).or_else(|| bare.as_deref().and_then(|bare| fields.of_heading(bare))) {
            return Some(field);
        }
    }
    None
}

/// The texts of a column's head from above; merged cells speak for all they cover, a text repeated below counts once.
fn heading_parts(sheet: &Sheet, index: u32, first_row: u32, last_row: u32) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for number in first_row..=last_row {
        let text = head_text(sheet, number, index, first_row);
        if !text.is_empty() && parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    parts
}

fn head_text(sheet: &Sheet, number: u32, index: u32, first_row: u32) -> String {
    let covers = |merge: &&crate::workbook::Merge| {
        (merge.first_row..=merge.last_row).contains(&number) && (merge.first_column..=merge.last_column).contains(&index)
    };
    let (number, index) = match sheet.merges.iter().find(covers) {
        Some(merge) if merge.first_row < first_row => return String::new(),
        Some(merge) => (merge.first_row, merge.first_column),
        None => (number, index),
    };
    let Some(row) = sheet.row(number) else { return String::new() };
    match row.cell(index) {
        Cell::Text(text) if text.chars().count() <= 60 => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

/// 单位：万元 above the table.
fn unit_above(sheet: &Sheet, first_row: u32) -> Option<MoneyUnit> {
    texts_above(sheet, first_row).find_map(|text| {
        let folded = fold_heading(text);
        folded.contains("单位").then(|| money_unit(&folded)).flatten()
    })
}

/// The year in the title above the table.
fn year_above(sheet: &Sheet, first_row: u32) -> Option<i32> {
    texts_above(sheet, first_row).find_map(|text| {
        let before = text.split('年').next().filter(|_| text.contains('年'))?;
        let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
        let year: i32 = digits.chars().rev().collect::<String>().parse().ok()?;
        (1990..=2100).contains(&year).then_some(year)
    })
}

fn texts_above(sheet: &Sheet, first_row: u32) -> impl Iterator<Item = &str> {
    sheet.rows.iter().take_while(move |row| row.number < first_row).flat_map(|row| &row.cells).filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_ref()),
        _ => None,
    })
}

/// The rows of data below the head, without blank rows, sums, repeated heads, rows of column numbers and closing notes.
pub fn data_rows<'s>(sheet: &'s Sheet, mapping: &'s Mapping) -> impl Iterator<Item = &'s SheetRow> {
    let mapped = mapping.columns.iter().filter(|column| column.field.is_some());
    let heads: Vec<(u32, String)> = mapped.map(|column| (column.index, fold_heading(&column.heading))).collect();
    sheet.rows.iter().filter(move |row| row.number > mapping.last_row && is_data(row, &heads))
}

/// `heads`: the mapped columns with their folded headings. Nearly every row is data, and is seen to be by its first cells.
fn is_data(row: &SheetRow, heads: &[(u32, String)]) -> bool {
    if !heads.iter().any(|(index, _)| *row.cell(*index) != Cell::Empty) {
        return false;
    }
    let folded = |cell: &Cell| input::text(cell).map(|text| fold_heading(&text)).unwrap_or_default();
    let filled = || row.cells.iter().map(folded).filter(|text| !text.is_empty());
    let mut told = filled();
    let Some(first) = told.next() else { return false };
    let second = told.next();
    let is_long = told.nth(1).is_some();
    let is_sum = [Some(&first), second.as_ref()].into_iter().flatten().any(|text| {
        matches!(text.as_str(), "合计" | "总计" | "小计" | "共计" | "累计" | "本页合计" | "总计数") || text.starts_with("合计(")
    });
    let closing = ["填表人", "填表单位", "制表人", "审核人", "注:", "注：", "备注:", "说明:", "填表说明", "审核:", "制表:"];
    let is_note = !is_long
        && closing.iter().any(|word| first.starts_with(word.trim_end_matches('：')))
        && (first.chars().count() > 3 || first.starts_with("注"));
    let is_numbering =
        is_long && first == "1" && filled().zip(1..).all(|(text, at): (String, u32)| text.parse::<u32>() == Ok(at));
    let is_head = heads.len() >= 2
        && heads.iter().all(|(index, head)| head.ends_with(&folded(row.cell(*index))))
        && heads.iter().filter(|(index, _)| !folded(row.cell(*index)).is_empty()).count() >= 2;
    !(is_sum || is_note || is_numbering || is_head)
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
pub(crate) mod tests;
