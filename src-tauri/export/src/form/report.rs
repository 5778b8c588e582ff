//! What was found in a form: every placeholder with its value, and what is not understood, with its place and what may be meant.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::report::form::{FormFormat, Named};

use super::scope::Scope;

/// A place in the form, as its reader counts: 第3段, 表格1第2行第4列, 工作表1!B5.
pub(super) type Place = String;

/// Something in the form that is not understood or could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormFinding {
    /// `unknown`, `unclosed`, `wrong`: the placeholder stays in the file, marked; `note`: something to look at.
    pub code: String,
    /// Where.
    pub place: String,
    /// The placeholder as it was written.
    pub written: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Names that may be meant, the nearest first.
    pub nearest: Vec<String>,
}

/// A placeholder of the form that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormUse {
    /// Where it stands first.
    pub place: String,
    /// As it was written.
    pub written: String,
    /// Its Chinese name.
    pub name: String,
    /// Its stable name.
    pub key: String,
    /// Today's value.
    pub text: String,
    /// How many records are behind it, or how many rows a list's column repeats.
    pub records: usize,
    /// Whether it is a figure whose records can be shown.
    pub is_figure: bool,
    /// How often it stands in the form.
    pub times: usize,
}

/// Collects them while a form is read.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub findings: Vec<FormFinding>,
    pub uses: Vec<FormUse>,
}

/// More findings than anybody reads.
const MOST: usize = 200;

impl Findings {
    fn push(&mut self, code: &str, place: Place, written: &str, message: String, nearest: Vec<String>) {
        if self.findings.len() < MOST {
            self.findings.push(FormFinding { code: code.to_owned(), place, written: written.to_owned(), message, nearest });
        }
    }

    pub(super) fn unknown(&mut self, place: Place, written: &str, why: &str, nearest: Vec<String>) {
        let message = match nearest.first() {
            Some(name) => format!("{why}。是不是“{name}”？"),
            None => format!("{why}。请在“占位符一览”里查"),
        };
        self.push("unknown", place, written, message, nearest);
    }

    pub(super) fn unclosed(&mut self, place: Place, start: &str) {
        self.push("unclosed", place, start, "花括号没有写完，缺少后面的“}}”".to_owned(), Vec::new());
    }

    pub(super) fn wrong(&mut self, place: Place, written: &str, why: &str) {
        self.push("wrong", place, written, why.to_owned(), Vec::new());
    }

    pub(super) fn note(&mut self, place: Place, message: &str) {
        self.push("note", place, "", message.to_owned(), Vec::new());
    }

    pub(super) fn used(&mut self, place: Place, scope: &Scope<'_>, named: Named, format: FormFormat, written: String) {
        if let Some(known) = self.uses.iter_mut().find(|known| known.written == written) {
            known.times += 1;
            return;
        }
        let values = scope.values;
        let (name, key, text, records, is_figure) = match named {
            Named::Value(at) => match values.values.get(at) {
                Some(value) => {
                    let text = scope.print(named, format, &Vec::new(), false);
                    (value.label.clone(), value.key.clone(), text, value.records, value.is_figure)
                }
                None => return,
            },
            Named::Column(list, column) => match values.lists.get(list) {
                Some(found) => {
                    let first = scope.print(named, format, &vec![(list, Some(0))], false);
                    let column = found.columns.get(column).map_or("", String::as_str);
                    let text = if found.rows.is_empty() { "（没有记录）".to_owned() } else { first };
                    (format!("{}.{column}", found.title), format!("{}.{column}", found.key), text, found.rows.len(), false)
                }
                None => return,
            },
            Named::Count(list) | Named::List(list) => match values.lists.get(list) {
                Some(found) => {
                    let name = format!("{}.条数", found.title);
                    (name, format!("{}.count", found.key), scope.rows(list).to_string(), 0, false)
                }
                None => return,
            },
        };
        self.uses.push(FormUse { place, written, name, key, text, records, is_figure, times: 1 });
    }
}
