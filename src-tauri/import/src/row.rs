//! One row on its way to a draft: its mapped cells, what was set from them, what was wrong with them.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhucun_core::value::{Id, fold_name};
use zhucun_core::{Finding, Severity, storage};

use crate::fields::{Field, Shape};
use crate::input::{self, Fault};
use crate::mapping::{Column, Mapping};
use crate::outcome::{RowAlike, RowIssue};
use crate::vocabulary::Vocabulary;
use crate::workbook::{Cell, SheetRow};

/// A draft as the forms edit it.
pub type Draft = Map<String, Value>;
/// What cells say, by the names of fields.
pub type Values = Vec<(&'static str, Value)>;

/// A row with its mapped cells.
pub struct Row<'s> {
    /// Its number in the file.
    pub number: u32,
    /// What is wrong with it so far.
    pub issues: Vec<RowIssue>,
    /// Whom it may mean, where several fit.
    pub candidates: Vec<Id>,
    /// Households that look like its own.
    pub alikes: Vec<RowAlike>,
    /// Whom the user chose; the nil id for a household of its own.
    pub answer: Option<Id>,
    /// Whether its person goes alone to the household that the user chose, not with the rows beside it.
    pub is_apart: bool,
    cells: Vec<(&'static Field, &'s Column, Cow<'s, Cell>)>,
    who: OnceCell<Box<Who>>,
}

/// Whom a row of people is about, as it says itself; empty where it says nothing, or nothing that can be read.
#[derive(Debug)]
pub struct Who {
    /// 姓名 of the person.
    pub name: String,
    /// The same as names are compared.
    pub folded: String,
    /// 户主 as the row names them.
    pub head_name: String,
    /// 户编号.
    pub ext_no: String,
    /// 人编号.
    pub person_no: String,
    /// 身份证号 of the person.
    pub id_number: String,
    /// 身份证号 of the head.
    pub head_id: String,
    /// Whether the person is the head.
    pub is_head: bool,
}

impl Who {
    /// The name by which the row calls its household.
    pub fn household(&self) -> &str {
        if self.head_name.is_empty() { &self.name } else { &self.head_name }
    }
}

impl<'s> Row<'s> {
    /// The cells of a row in the columns that the mapping knows; the user's corrections stand before the sheet.
    pub fn new(row: &'s SheetRow, columns: &[(&'static Field, &'s Column)], fixes: Option<&BTreeMap<u32, String>>) -> Self {
        let cell = |(field, column): &(&'static Field, &'s Column)| {
            let fixed = fixes.and_then(|fixes| fixes.get(&column.index));
            let cell = match fixed {
                Some(text) => Cow::Owned(Cell::Text(text.as_str().into())),
                None => Cow::Borrowed(row.cell(column.index)),
            };
            (*field, *column, cell)
        };
        let cells = columns.iter().map(cell).collect();
        let (issues, candidates, alikes) = (Vec::new(), Vec::new(), Vec::new());
        let who = OnceCell::new();
        Row { number: row.number, issues, candidates, alikes, answer: None, is_apart: false, cells, who }
    }

    /// Whom the row is about.
    pub fn who(&self) -> &Who {
        let id_number = |key: &str| self.cell(key).and_then(|cell| input::id_number(cell).ok()).unwrap_or_default();
        self.who.get_or_init(|| {
            let name = self.name("member.name");
            Box::new(Who {
                folded: fold_name(&name),
                name,
                head_name: self.name("head_name"),
                ext_no: self.digits("ext_no"),
                person_no: self.digits("member.ext_no"),
                id_number: id_number("member.id_number"),
                head_id: id_number("head_id"),
                is_head: self.is_head(),
            })
        })
    }

    /// Whether the row's person is the head of the household.
    pub fn is_head(&self) -> bool {
        if let Some(who) = self.who.get() {
            return who.is_head;
        }
        self.cell("member.relation")
            .and_then(|cell| input::text(cell).ok())
            .is_some_and(|text| matches!(text.trim(), "户主" | "本人" | "户主本人" | "本人或户主"))
    }

    /// The mapped cells.
    pub fn cells(&self) -> impl Iterator<Item = (&'static Field, &'s Column, &Cell)> {
        self.cells.iter().map(|(field, column, cell)| (*field, *column, cell.as_ref()))
    }

    /// The first cell of a field.
    pub fn cell(&self, key: &str) -> Option<&Cell> {
        self.cells.iter().find(|(field, _, _)| field.key == key).map(|(_, _, cell)| cell.as_ref())
    }

    /// A field's text; empty where there is none. What cannot be read is noted.
    pub fn text(&mut self, key: &str) -> String {
        match self.cell(key).map(|cell| input::text(cell).map(Cow::into_owned)) {
            Some(Ok(text)) => text,
            Some(Err(fault)) => {
                self.fault(key, &fault);
                String::new()
            }
            None => String::new(),
        }
    }

    /// A field's name of a person.
    pub fn name(&self, key: &str) -> String {
        self.cell(key).and_then(|cell| input::name(cell).ok()).unwrap_or_default()
    }

    /// A field's digits; empty where they cannot be read (the field's own reading notes that).
    pub fn digits(&self, key: &str) -> String {
        self.cell(key).and_then(|cell| input::number_text(cell).ok()).unwrap_or_default()
    }

    /// A field's ID number, for looking somebody up; where it cannot be read that is noted.
    pub fn id_number(&mut self, key: &str) -> String {
        match self.cell(key).map(input::id_number) {
            Some(Ok(number)) => number,
            Some(Err(fault)) => {
                self.fault(key, &fault);
                String::new()
            }
            None => String::new(),
        }
    }

    /// Notes what keeps the row out.
    pub fn fault(&mut self, key: &str, fault: &Fault) {
        self.note(key, fault.code, &fault.message, Severity::Hard);
    }

    /// Notes what should be looked at.
    pub fn warn(&mut self, key: &str, code: &str, message: &str) {
        self.note(key, code, message, Severity::Soft);
    }

    fn note(&mut self, key: &str, code: &str, message: &str, severity: Severity) {
        let column = self.cells.iter().find(|(field, _, _)| field.key == key).map(|(_, column, _)| *column);
        let issue = RowIssue {
            column: column.map(|column| column.index),
            heading: column.map(|column| column.heading.clone()).unwrap_or_default(),
            code: code.to_owned(),
            message: message.to_owned(),
            severity,
        };
        self.take_note(issue);
    }

    /// Notes what was noted elsewhere, once.
    pub fn take_note(&mut self, issue: RowIssue) {
        if !self.issues.contains(&issue) {
            self.issues.push(issue);
        }
    }

    /// Notes a finding of the core's rules at the column that fills its field.
    pub fn finding(&mut self, finding: &Finding) {
        let key = self.key_of(&finding.field);
        self.note(&key, &finding.code, &finding.message, finding.severity);
    }

    /// The key of the column that fills a path of the draft.
    fn key_of(&self, path: &str) -> String {
        let mut parts = path.split('.');
        let (top, rest) = (parts.next().unwrap_or(""), parts.next_back());
        let inner = match (top, rest) {
            ("members", Some(field)) => format!("member.{field}"),
            ("incomes", Some(field)) => format!("income.{field}"),
            ("household_ids" | "household_id", _) => "households".to_owned(),
            ("visitor_ids", _) => "visitors".to_owned(),
            ("participant_ids", _) => "participants".to_owned(),
            ("programme_id", _) => "programme".to_owned(),
            ("member_id", _) => "applicant".to_owned(),
            ("village_id", _) => "village".to_owned(),
            ("funds", _) => "fund_source".to_owned(),
            (top, _) => top.to_owned(),
        };
        let has = |key: &str| self.cells.iter().any(|(field, _, _)| field.key == key);
        match inner.as_str() {
            "households" if !has("households") => "applicant".to_owned(),
            "types" if !has("types") => "monitored".to_owned(),
            "counters" => self
                .cells
                .iter()
                .find(|(field, _, _)| field.key.starts_with("counter."))
                .map_or(inner, |(field, _, _)| field.key.to_owned()),
            "member.name" | "member.id_number" if !has(&inner) => {
                inner.replace("member.name", "head_name").replace("member.id_number", "head_id")
            }
            _ => inner,
        }
    }

    /// Whether anything keeps the row out.
    pub fn is_refused(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity == Severity::Hard)
    }

    /// Reads every cell of a plain shape into the draft, where its key passes the filter. Blank cells change nothing.
    pub fn fill(&mut self, draft: &mut Draft, prefix: &str, vocabulary: &Vocabulary, year: Option<i32>) {
        draft.extend(self.values(prefix, vocabulary, year).into_iter().map(|(key, value)| (key.to_owned(), value)));
    }

    /// The same for a record or a part of one, which has its fields under their own names.
    pub fn lay<R: storage::Row>(&mut self, on: &mut R, prefix: &str, values: Values) {
        for (key, value) in values {
            if on.set(key, value).is_err() {
                self.fault(&format!("{prefix}{key}"), &Fault::new("bad_input", "这一格的内容无法识别，请核对这一列的对应"));
            }
        }
    }

    /// What the cells of a plain shape say, by keys without the prefix.
    pub fn values(&mut self, prefix: &str, vocabulary: &Vocabulary, year: Option<i32>) -> Values {
        let mut set = Vec::new();
        let mut faults = Vec::new();
        for (field, column, cell) in &self.cells {
            let Some(key) = field.key.strip_prefix(prefix).filter(|key| !key.contains('.')) else { continue };
            match plain_value(field, column, cell, vocabulary, year) {
                Ok(Some(value)) => set.push((key, value)),
                Ok(None) => {}
                Err(fault) => faults.push((field.key, fault)),
            }
        }
        for (key, fault) in faults {
            // A word that no dictionary has costs its own cell, not the row: but who somebody is, and how a visit went, must be known.
            if fault.code == "category_unknown" && !matches!(key, "member.relation" | "mode") {
                self.warn(key, fault.code, "分类字典里没有这个词，这一格先不导入。可改成已有的词，或先在设置的分类字典里新增");
            } else {
                self.fault(key, &fault);
            }
        }
        set
    }

    /// 村 of the row: its own column's, or the mapping's, or the only one.
    pub fn village(&mut self, mapping: &Mapping, vocabulary: &Vocabulary) -> Option<Id> {
        let name = self.text("village");
        if name.is_empty() {
            return mapping.village.or_else(|| vocabulary.only_village());
        }
        let found = vocabulary.village(&name);
        if found.is_none() {
            self.fault("village", &Fault::new("village_unknown", "台账里没有这个村，请先在设置里新增，或核对村名"));
        }
        found
    }
}

/// The value of a cell of a plain shape; nothing for a blank cell or a shape that its builder reads.
fn plain_value(
    field: &Field,
    column: &Column,
    cell: &Cell,
    vocabulary: &Vocabulary,
    year: Option<i32>,
) -> Result<Option<Value>, Fault> {
    let some = |number: Option<i64>| number.map(Value::from);
    let text = |text: String| (!text.is_empty()).then_some(Value::String(text));
    Ok(match field.shape {
        Shape::Text => text(input::text(cell)?.into_owned()),
        Shape::Name => text(input::name(cell)?),
        Shape::NumberText => text(input::number_text(cell)?),
        Shape::IdNumber => text(input::id_number(cell)?),
        Shape::Day => input::day(cell, year)?.map(|day| Value::String(day.to_string())),
        Shape::Year => some(input::year(cell)?),
        Shape::Period => input::period(cell)?.map(|period| Value::String(period.to_string())),
        Shape::Money => some(input::money(cell, column.unit)?),
        Shape::Count => some(input::count(cell)?),
        Shape::Hundredths => some(input::decimal(cell, 2)?),
        Shape::Flag => choice(cell, "flag", vocabulary)?.map(|code| Value::Bool(code == "yes")),
        Shape::Category(dictionary) => choice(cell, dictionary, vocabulary)?.map(Value::String),
        Shape::Choice(words) => choice(cell, words, vocabulary)?.map(Value::String),
        Shape::Categories(dictionary) => several(cell, dictionary, vocabulary)?,
        Shape::Progress | Shape::TypeFlag(_) | Shape::Counter(_) | Shape::Special => None,
    })
}

/// The code of a cell's word; nothing for a blank cell.
pub fn choice(cell: &Cell, words: &str, vocabulary: &Vocabulary) -> Result<Option<String>, Fault> {
    let text = input::text(cell)?;
    if text.is_empty() || matches!(text.as_ref(), "-" | "—") {
        return Ok(None);
    }
    match vocabulary.code(words, &text) {
        Some(code) => Ok(Some(code.to_owned())),
        None => Err(Fault::new("category_unknown", "分类字典里没有这个词，请改成已有的词，或先在设置的分类字典里新增")),
    }
}

fn several(cell: &Cell, dictionary: &str, vocabulary: &Vocabulary) -> Result<Option<Value>, Fault> {
    let text = input::text(cell)?;
    let mut codes: Vec<Value> = Vec::new();
    for entry in input::entries(&text) {
        let code = choice(&Cell::Text(entry.as_str().into()), dictionary, vocabulary)?.map(Value::String);
        codes.extend(code.filter(|code| !codes.contains(code)));
    }
    Ok((!codes.is_empty()).then_some(Value::Array(codes)))
}

/// Whether two names are one.
pub fn same_name(one: &str, other: &str) -> bool {
    fold_name(one) == fold_name(other)
}
