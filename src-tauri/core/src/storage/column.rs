//! A list's column in memory: its different values once, in order, and for each row which of them. Over a hundred
//! thousand rows a filter or a sort is then a walk over small numbers.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::types::ValueRef;

use super::condition::{ColumnTest, ColumnType, words};

/// A value as SQLite compares it: nothing, then numbers, then texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cell {
    Null,
    Number(i64),
    Text(Box<str>),
}

impl From<ValueRef<'_>> for Cell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Integer(number) => Cell::Number(number),
            ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into()),
            // Neither stands in our tables; a list shows them all the same.
            ValueRef::Real(number) => Cell::Text(number.to_string().into()),
            ValueRef::Null | ValueRef::Blob(_) => Cell::Null,
        }
    }
}

impl Cell {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Cell::Null => true,
            Cell::Text(text) => text.is_empty(),
            Cell::Number(_) => false,
        }
    }

    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Null => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

/// The values of all rows.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The different values, smallest first.
    values: Vec<Cell>,
    /// For each row the place of its value.
    codes: Vec<u32>,
}

/// Takes the values of rows in any order. A value that was seen before is recognised without being copied.
pub(super) struct Encoder {
    texts: HashMap<Box<str>, u32>,
    numbers: HashMap<i64, u32>,
    codes: Vec<u32>,
}

impl Encoder {
    /// For so many rows; a row that gets no value has none.
    pub(super) fn of(rows: usize) -> Self {
        Encoder { texts: HashMap::new(), numbers: HashMap::new(), codes: vec![0; rows] }
    }

    pub(super) fn set(&mut self, row: u32, value: ValueRef<'_>) {
        let code = match value {
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => self.code_of(text),
                Err(_) => self.code_of(&String::from_utf8_lossy(bytes)),
            },
            ValueRef::Integer(value) => {
                let next = self.next();
                *self.numbers.entry(value).or_insert(next)
            }
            // As in `Cell::from`.
            ValueRef::Real(value) => self.code_of(&value.to_string()),
            ValueRef::Null | ValueRef::Blob(_) => 0,
        };
        if let Some(place) = self.codes.get_mut(place(row)) {
            *place = code;
        }
    }

    fn code_of(&mut self, text: &str) -> u32 {
        if let Some(code) = self.texts.get(text) {
            return *code;
        }
        let next = self.next();
        self.texts.insert(text.into(), next);
        next
    }

    /// 0 stands for nothing.
    fn next(&self) -> u32 {
        number(self.texts.len() + self.numbers.len() + 1)
    }

    pub(super) fn finish(self) -> Column {
        let mut texts: Vec<(Box<str>, u32)> = self.texts.into_iter().collect();
        texts.sort_unstable();
        let mut numbers: Vec<(i64, u32)> = self.numbers.into_iter().collect();
        numbers.sort_unstable();
        let mut places = vec![0; texts.len() + numbers.len() + 1];
        let codes = numbers.iter().map(|(_, code)| *code).chain(texts.iter().map(|(_, code)| *code));
        for (at, code) in (1..).zip(codes) {
            places[place(code)] = at;
        }
        let numbers = numbers.into_iter().map(|(value, _)| Cell::Number(value));
        let texts = texts.into_iter().map(|(text, _)| Cell::Text(text));
        Column {
            values: std::iter::once(Cell::Null).chain(numbers).chain(texts).collect(),
            codes: self.codes.into_iter().map(|code| places[place(code)]).collect(),
        }
    }
}

impl Column {
    pub(super) fn cell(&self, row: u32) -> &Cell {
        &self.values[place(self.code(row))]
    }

    /// The same rows with some texts shown otherwise; nothing where none is. It is for showing alone: its values are in no order.
    pub(super) fn covered(&self, cover: impl Fn(&str) -> Option<String>) -> Option<Column> {
        let mut is_covered = false;
        let values = self.values.iter().map(|cell| match cell {
            Cell::Text(text) => match cover(text) {
                Some(covered) => {
                    is_covered = true;
                    Cell::Text(covered.into())
                }
                None => cell.clone(),
            },
            _ => cell.clone(),
        });
        let values = values.collect();
        is_covered.then(|| Column { values, codes: self.codes.clone() })
    }

    /// Where the row's value stands among the values, as SQLite orders them.
    pub(super) fn code(&self, row: u32) -> u32 {
        self.codes[place(row)]
    }

    /// What to sort a row by as a user means it: what is empty comes last either way.
    pub(super) fn sort_key(&self, row: u32, descending: bool) -> u32 {
        let code = self.code(row);
        match self.values[place(code)].is_empty() {
            true => u32::MAX,
            false if descending => number(self.values.len()) - code,
            false => code,
        }
    }

    /// Which values fulfil a test.
    pub(super) fn fulfilling(&self, test: &ColumnTest, column_type: ColumnType) -> Vec<bool> {
        self.values.iter().map(|value| test.holds(value, column_type)).collect()
    }

    /// Which values hold a text, as SQLite's `LIKE '%…%'` finds it: letters of either case are one, those of ASCII.
    pub(super) fn holding(&self, text: &str) -> Vec<bool> {
        let text = text.to_ascii_lowercase();
        let holds = |value: &str| match value.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => value.to_ascii_lowercase().contains(&text),
            false => value.contains(&text),
        };
        self.values.iter().map(|value| *value != Cell::Null && holds(&value.text())).collect()
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        /// What an allocation takes beside what was asked for, as most allocators round.
        const BESIDE: usize = 16;
        let texts = self.values.iter().map(|value| match value {
            Cell::Text(text) => text.len() + BESIDE,
            _ => 0,
        });
        texts.sum::<usize>() + self.values.len() * size_of::<Cell>() + self.codes.len() * size_of::<u32>()
    }

    /// How often each value stands in the rows; the words of one that holds several are counted each.
    pub(super) fn count(&self, rows: impl Iterator<Item = u32>, column_type: ColumnType) -> Vec<(Cell, u32)> {
        let mut counts = vec![0u32; self.values.len()];
        rows.for_each(|row| counts[place(self.code(row))] += 1);
        let counted = self.values.iter().zip(counts).filter(|(_, count)| *count > 0);
        if column_type != ColumnType::Several {
            return counted.map(|(cell, count)| (cell.clone(), count)).collect();
        }
        let mut by_word: HashMap<Box<str>, u32> = HashMap::new();
        for (cell, count) in counted {
            for word in words(&cell.text(), column_type) {
                *by_word.entry(word.into()).or_default() += count;
            }
        }
        by_word.into_iter().map(|(word, count)| (Cell::Text(word), count)).collect()
    }

    /// Gives some rows other values; rows beyond the last are new.
    pub(super) fn replace(&mut self, rows: &[(u32, Cell)]) {
        let mut fresh: Vec<&Cell> =
            rows.iter().map(|(_, cell)| cell).filter(|cell| self.values.binary_search(cell).is_err()).collect();
        fresh.sort_unstable();
        fresh.dedup();
        if !fresh.is_empty() {
            self.make_room(&fresh);
        }
        for (row, cell) in rows {
            let code = self.values.binary_search(cell).map_or(0, number);
            let row = place(*row);
            if row >= self.codes.len() {
                self.codes.resize(row + 1, 0);
            }
            self.codes[row] = code;
        }
    }

    /// Takes new values in among the old, and moves the rows' places along.
    fn make_room(&mut self, fresh: &[&Cell]) {
        let old = std::mem::take(&mut self.values);
        let mut moved = Vec::with_capacity(old.len());
        let mut waiting = fresh.iter().peekable();
        for value in old {
            while let Some(next) = waiting.next_if(|next| ***next < value) {
                self.values.push((**next).clone());
            }
            moved.push(number(self.values.len()));
            self.values.push(value);
        }
        self.values.extend(waiting.map(|next| (**next).clone()));
        self.codes.iter_mut().for_each(|code| *code = moved[place(*code)]);
    }
}

/// Rows and values are numbered with 32 bits: half the memory, and more than any ledger holds.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

pub(super) fn place(number: u32) -> usize {
    number as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(cells: &[Cell]) -> Column {
        let mut encoder = Encoder::of(cells.len());
        (0..).zip(cells).for_each(|(row, cell)| encoder.set(row, as_value(cell)));
        encoder.finish()
    }

    fn as_value(cell: &Cell) -> ValueRef<'_> {
        match cell {
            Cell::Null => ValueRef::Null,
            Cell::Number(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
        }
    }

    fn cells() -> impl Strategy<Value = Cell> {
        prop_oneof![Just(Cell::Null), (-3i64..3).prop_map(Cell::Number), "[ab]{0,2}".prop_map(|text| Cell::Text(text.into()))]
    }

    proptest! {
        #[test]
        fn a_column_keeps_its_values_and_their_order(
            first in prop::collection::vec(cells(), 1..30),
            later in prop::collection::vec((0u32..40, cells()), 0..20),
        ) {
            let mut kept = first.clone();
            let mut column = column(&first);
            for (row, cell) in &later {
                kept.resize(kept.len().max(place(*row) + 1), Cell::Null);
                kept[place(*row)] = cell.clone();
            }
            column.replace(&later);
            for (row, cell) in (0..).zip(&kept) {
                prop_assert_eq!(column.cell(row), cell);
                for (other, other_cell) in (0..).zip(&kept) {
                    prop_assert_eq!(column.code(row).cmp(&column.code(other)), cell.cmp(other_cell));
                }
            }
        }
    }

    #[test]
    fn what_is_empty_sorts_last_either_way() {
        let column = column(&[Cell::Text("乙".into()), Cell::Null, Cell::Text("丙".into()), Cell::Text("".into())]);
        let sorted = |descending| {
            let mut rows = vec![0u32, 1, 2, 3];
            rows.sort_by_key(|row| column.sort_key(*row, descending));
            rows
        };
        assert_eq!((sorted(false), sorted(true)), (vec![2, 0, 1, 3], vec![0, 2, 1, 3]));
    }

    #[test]
    fn words_are_counted_each() {
        let column = column(&[Cell::Text("甲、乙".into()), Cell::Text("乙".into()), Cell::Null]);
        let mut counted = column.count(0..3, ColumnType::Several);
        counted.sort();
        assert_eq!(counted, [(Cell::Text("".into()), 1), (Cell::Text("乙".into()), 2), (Cell::Text("甲".into()), 1)]);
    }
}
