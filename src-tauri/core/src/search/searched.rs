//! What a record says of itself to the search.

use chrono::NaiveDate;

use super::fold::{fold_number, push_folded};

/// Stands between two fields; no kept text holds it, so nothing is found across it.
pub(super) const BETWEEN: char = '\u{1f}';

/// The fields of one record that are searched, filled in by [`crate::records::Record::search`].
#[derive(Debug, Default)]
pub struct Searched<'r> {
    pub(super) fields: Vec<Field<'r>>,
    whose: &'r str,
    pub(super) day: Option<NaiveDate>,
    pub(super) foremost: bool,
}

/// One searched field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'r> {
    pub key: &'static str,
    pub label: &'static str,
    pub whose: &'r str,
    pub text: &'r str,
    pub sort: FieldSort,
}

/// How a field is searched.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldSort {
    Name,
    Text,
    Number(fn(&str) -> String),
}

impl<'r> Searched<'r> {
    /// A short name, found by characters and by letters.
    pub fn name(&mut self, key: &'static str, label: &'static str, text: &'r str) {
        self.add(key, label, text, FieldSort::Name);
    }

    /// A text, found by characters.
    pub fn text(&mut self, key: &'static str, label: &'static str, text: &'r str) {
        self.add(key, label, text, FieldSort::Text);
    }

    /// A number of a person, found by four digits and more, shown as `mask` leaves it.
    pub fn number(&mut self, key: &'static str, label: &'static str, text: &'r str, mask: fn(&str) -> String) {
        self.add(key, label, text, FieldSort::Number(mask));
    }

    /// Of which person of the record the following fields tell; shown before the field's name.
    pub fn whose(&mut self, name: &'r str) {
        self.whose = name;
    }

    /// The day by which records of the kind stand, latest first.
    pub fn day(&mut self, day: Option<NaiveDate>) {
        self.day = day;
    }

    /// Puts the record before the others of its kind: what is not finished yet.
    pub fn foremost(&mut self, foremost: bool) {
        self.foremost = foremost;
    }

    fn add(&mut self, key: &'static str, label: &'static str, text: &'r str, sort: FieldSort) {
        if !text.is_empty() {
            self.fields.push(Field { key, label, whose: self.whose, text, sort });
        }
    }
}

/// What the index keeps of a record: its fields folded, by how they are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub names: String,
    pub texts: String,
    pub numbers: String,
    pub day: Option<NaiveDate>,
    pub foremost: bool,
}

impl Entry {
    pub fn of(searched: &Searched<'_>) -> Self {
        let mut entry = Entry { day: searched.day, foremost: searched.foremost, ..Entry::default() };
        for field in &searched.fields {
            let kept = match field.sort {
                FieldSort::Name => &mut entry.names,
                FieldSort::Text => &mut entry.texts,
                FieldSort::Number(_) => &mut entry.numbers,
            };
            if !kept.is_empty() {
                kept.push(BETWEEN);
            }
            match field.sort {
                FieldSort::Number(_) => kept.push_str(&fold_number(field.text)),
                _ => push_folded(kept, field.text),
            }
        }
        entry
    }
}
