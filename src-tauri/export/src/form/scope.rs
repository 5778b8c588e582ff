//! What placeholders stand for while a form is filled: names found in the ledger's values, which record's row is being written, and how
//! much may be written at all.

use std::cell::Cell;

use zhucun_core::report::form::{FormContent, FormFormat, FormValues, IdFormat, Named};

use super::tag::Condition;

/// The ledger's side of a filling.
pub(super) struct Scope<'v> {
    pub values: &'v FormValues,
    /// How the form wants ID numbers where a placeholder does not say.
    pub id_format: IdFormat,
    copies: Cell<u64>,
    is_spent: Cell<bool>,
}

/// As often may rows of lists be written in a form: more than any list has, and far less than a list within a list within a list.
const MOST_COPIES: u64 = 300_000;
/// Bytes of a part.
const LONGEST_PART: usize = 64 << 20;

/// A loop around a placeholder: its list and what its rows are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Around {
    pub list: usize,
    pub alias: Option<String>,
}

/// The rows being written, the innermost last; a list without records is written once with nothing in it.
pub(super) type Rows = Vec<(usize, Option<usize>)>;

/// A value ready to be written.
pub(super) struct Written<'v> {
    pub content: &'v FormContent,
    pub unit: &'v str,
    pub format: FormFormat,
}

const NOTHING: FormContent = FormContent::Empty;

impl<'v> Scope<'v> {
    pub(super) fn of(values: &'v FormValues, id_format: IdFormat) -> Self {
        Scope { values, id_format, copies: Cell::new(0), is_spent: Cell::new(false) }
    }

    /// Asked before each copy of what is repeated, with what the part holds by now; once it is too much, nothing more is repeated.
    pub(super) fn may_copy(&self, written: usize) -> bool {
        self.copies.set(self.copies.get() + 1);
        if self.copies.get() > MOST_COPIES || written > LONGEST_PART {
            self.is_spent.set(true);
        }
        !self.is_spent.get()
    }

    /// Whether the form asked for more than is written.
    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// What a name stands for, within the loops around it.
    pub(super) fn find(&self, name: &str, around: &[Around]) -> Option<Named> {
        for loop_around in around.iter().rev() {
            if let Some(alias) = &loop_around.alias
                && let Some(column) = name.strip_prefix(alias.as_str()).and_then(|rest| rest.strip_prefix('.'))
            {
                return self.values.find(column, &[loop_around.list]).filter(|named| matches!(named, Named::Column(..)));
            }
        }
        let within: Vec<usize> = around.iter().map(|each| each.list).collect();
        self.values.find(name, &within)
    }

    /// A list by name.
    pub(super) fn list(&self, name: &str) -> Option<usize> {
        match self.values.find(name, &[]) {
            Some(Named::List(list)) => Some(list),
            _ => None,
        }
    }

    /// How many rows a list is written with.
    pub(super) fn rows(&self, list: usize) -> usize {
        self.values.lists.get(list).map_or(0, |list| list.rows.len())
    }

    /// The value behind a name in the rows being written.
    pub(super) fn value(&self, named: Named, format: FormFormat, rows: &Rows) -> Written<'v> {
        let id = Some(format.id.unwrap_or(self.id_format));
        let format = FormFormat { id, ..format };
        let nothing = Written { content: &NOTHING, unit: "", format };
        match named {
            Named::Value(at) => {
                self.values.values.get(at).map_or(nothing, |value| Written { content: &value.content, unit: &value.unit, format })
            }
            Named::Column(list, column) => {
                let row = rows.iter().rev().find(|(of, _)| *of == list).and_then(|(_, row)| *row);
                let cell = row.and_then(|row| self.values.lists.get(list)?.rows.get(row)?.get(column));
                // Days of a table are short, as in the report's annexes.
                let format = FormFormat { short_day: !format.long_day, ..format };
                cell.map_or(nothing, |content| Written { content, unit: "", format })
            }
            Named::Count(_) | Named::List(_) => nothing,
        }
    }

    /// What is printed.
    pub(super) fn print(&self, named: Named, format: FormFormat, rows: &Rows, percent_follows: bool) -> String {
        if let Named::Count(list) = named {
            return self.rows(list).to_string();
        }
        let written = self.value(named, format, rows);
        // A share without its sign would be read as a number of things; one that the form prints itself is not doubled.
        let with_unit = written.format.with_unit || matches!(written.content, FormContent::Percent(_));
        let format = FormFormat { with_unit: with_unit && !(percent_follows && is_percent(written.content)), ..written.format };
        written.content.print(written.unit, format)
    }

    /// Whether a condition holds; nothing where its name is not known.
    pub(super) fn holds(&self, condition: &Condition, around: &[Around], rows: &Rows) -> Option<bool> {
        let named = self.find(&condition.name, around)?;
        let (number, is_nothing) = match named {
            Named::List(list) | Named::Count(list) => {
                let rows = self.rows(list);
                (Some(f64::from(u32::try_from(rows).unwrap_or(u32::MAX))), rows == 0)
            }
            _ => {
                let written = self.value(named, FormFormat::default(), rows);
                let number = written.content.number().map(|(number, of)| number as f64 / of as f64);
                (number, written.content.is_nothing())
            }
        };
        let holds = match condition.compared {
            None => !is_nothing,
            Some(_) => condition.compares(number.unwrap_or(0.0)).unwrap_or(false),
        };
        Some(holds != condition.negated)
    }
}

fn is_percent(content: &FormContent) -> bool {
    matches!(content, FormContent::Percent(_))
}
