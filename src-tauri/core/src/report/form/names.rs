//! Names of placeholders as people write them: spaces, width and quotes do not count, and what is not known has neighbours.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::{FormList, FormValue};
use crate::value::pinyin::{Spelled, is_spelling, readings};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A value, by its place among the values.
    Value(usize),
    /// A list as a whole.
    List(usize),
    /// A column of a list.
    Column(usize, usize),
    /// How many rows a list has.
    Count(usize),
}

/// How many neighbours are named.
const NEIGHBOURS: usize = 3;
/// What asks for the number of a list's rows.
const COUNTS: [&str; 4] = ["条数", "行数", "数量", "count"];

#[derive(Debug)]
pub(super) struct Names {
    known: HashMap<String, Named>,
    columns: Vec<HashMap<String, usize>>,
    /// Names as they are shown, with what they are compared by.
    shown: Vec<(String, String)>,
}

/// Full width as half width, without white space, quotes and the dots of other keyboards, in lower case.
pub(super) fn folded(name: &str) -> String {
    let dropped = |c: &char| !(c.is_whitespace() || is_invisible(*c) || "“”\"'‘’《》「」".contains(*c));
    let dot = |c: char| if matches!(c, '。' | '·' | '．' | '｡' | '•') { '.' } else { c };
    name.nfkc().filter(dropped).map(dot).flat_map(char::to_lowercase).collect()
}

fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

/// The name without what stands in brackets: 屯（组） is also 屯.
fn without_brackets(folded: &str) -> Option<&str> {
    folded.split_once('(').map(|(before, _)| before).filter(|before| !before.is_empty())
}

/// A name that an earlier value, or a list, has already gets a number: the first keeps it.
pub(super) fn make_unique(values: &mut [FormValue], lists: &[FormList]) {
    let mut taken: HashSet<String> = lists.iter().map(|list| folded(&list.title)).collect();
    for value in values {
        let first = value.label.clone();
        let mut number = 2;
        while !taken.insert(folded(&value.label)) {
            value.label = format!("{first}{number}");
            number += 1;
        }
    }
}

impl Names {
    pub(super) fn of(values: &[FormValue], lists: &[FormList]) -> Self {
        let mut names = Names { known: HashMap::new(), columns: Vec::new(), shown: Vec::new() };
        for (at, value) in values.iter().enumerate() {
            names.show(&value.label);
            names.know(&value.label, Named::Value(at));
            names.know(&value.key, Named::Value(at));
        }
        for (at, list) in lists.iter().enumerate() {
            names.show(&list.title);
            for name in [&list.title, &list.key].into_iter().chain(&list.aliases) {
                names.know_list(name, at, list);
            }
            list.columns.iter().for_each(|column| names.show(&format!("{}.{column}", list.title)));
            let mut columns = HashMap::new();
            for (column, title) in list.columns.iter().enumerate() {
                let name = folded(title);
                without_brackets(&name).map(|short| columns.entry(short.to_owned()).or_insert(column));
                columns.insert(name, column);
            }
            names.columns.push(columns);
        }
        for (at, value) in values.iter().enumerate() {
            value.aliases.iter().for_each(|alias| names.know(alias, Named::Value(at)));
        }
        names
    }

    fn show(&mut self, name: &str) {
        self.shown.push((name.to_owned(), folded(name)));
    }

    fn know(&mut self, name: &str, named: Named) {
        self.known.entry(folded(name)).or_insert(named);
    }

    fn know_list(&mut self, name: &str, at: usize, list: &FormList) {
        self.know(name, Named::List(at));
        for (column, title) in list.columns.iter().enumerate() {
            let title = folded(title);
            self.know(&format!("{name}.{title}"), Named::Column(at, column));
        }
        for (column, title) in list.columns.iter().enumerate() {
            if let Some(short) = without_brackets(&folded(title)) {
                self.know(&format!("{name}.{short}"), Named::Column(at, column));
            }
        }
        COUNTS.iter().for_each(|word| self.know(&format!("{name}.{word}"), Named::Count(at)));
    }

    pub(super) fn find(&self, name: &str, within: &[usize]) -> Option<Named> {
        let name = folded(name);
        let column = within.iter().rev().find_map(|list| {
            let column = self.columns.get(*list)?.get(&name)?;
            Some(Named::Column(*list, *column))
        });
        column.or_else(|| self.known.get(&name).copied())
    }

    pub(super) fn nearest(&self, name: &str) -> Vec<String> {
        let wanted = folded(name);
        let letters: Vec<char> = wanted.chars().collect();
        let spelled = is_spelling(&wanted);
        let mut found: Vec<(usize, &String)> = Vec::new();
        for (shown, folded) in &self.shown {
            let other: Vec<char> = folded.chars().collect();
            let distance = distance(&letters, &other);
            let alike = distance <= letters.len().max(other.len());
            let holds = letters.len() >= 2 && (folded.contains(&wanted) || wanted.contains(folded.as_str()));
            if spelled && Spelled::of(shown).is(&wanted) {
                found.push((0, shown));
            } else if alike || holds {
                found.push((distance, shown));
            }
        }
        found.sort_by_key(|(distance, shown)| (*distance, shown.chars().count()));
        found.into_iter().take(NEIGHBOURS).map(|(_, shown)| shown.clone()).collect()
    }
}

/// What an added or missing character costs; one that sounds the same, as input methods offer it, costs half.
const WHOLE: usize = 2;

/// What it costs to get from one name to the other by typing, deleting and changing characters (Levenshtein).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).map(|at| at * WHOLE).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = at * WHOLE;
        if let Some(first) = row.first_mut() {
            *first = (at + 1) * WHOLE;
        }
        for column in 0..other.len() {
            let above = row[column + 1];
            let changed = diagonal + change(*letter, other[column]);
            row[column + 1] = changed.min(above + WHOLE).min(row[column] + WHOLE);
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

fn change(one: char, other: char) -> usize {
    if one == other {
        return 0;
    }
    let sounds = readings(one);
    if readings(other).iter().any(|reading| sounds.contains(reading)) { 1 } else { WHOLE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::form::{FormContent, FormValues};

    fn values() -> FormValues {
        let value = |key: &str, label: &str| FormValue {
            key: key.to_owned(),
            label: label.to_owned(),
            aliases: vec!["队名".to_owned()],
            content: FormContent::Empty,
            unit: String::new(),
            definition: String::new(),
            records: 0,
            is_figure: true,
        };
        let list = FormList {
            key: "visits".to_owned(),
            title: "走访台账".to_owned(),
            aliases: vec!["走访".to_owned()],
            columns: vec!["走访日期".to_owned(), "屯（组）".to_owned()],
            rows: Vec::new(),
        };
        let values = vec![
            value("visits.household_times", "走访户次"),
            value("a", "护栏工程"),
            value("b", "护栏工程"),
            value("c", "走访台账"),
        ];
        FormValues::with(values, vec![list])
    }

    #[test]
    fn a_name_is_found_however_it_is_spaced_and_by_its_key() {
        let values = values();
        for name in ["走访户次", " 走访　户次 ", "visits.household_times", "Visits．household_times", "“走访户次”", "走访\n户次"]
        {
            assert_eq!(values.find(name, &[]), Some(Named::Value(0)), "{name}");
        }
        assert_eq!(values.find("走访台账。屯", &[]), Some(Named::Column(0, 1)));
        assert_eq!(values.find("走访.屯(组)", &[]), Some(Named::Column(0, 1)));
        assert_eq!(values.find("走访台账.条数", &[]), Some(Named::Count(0)));
        assert_eq!(values.find("屯", &[]), None);
        assert_eq!(values.find("屯", &[0]), Some(Named::Column(0, 1)), "within the list's rows");
        assert_eq!(values.find("队名", &[]), Some(Named::Value(0)));
    }

    #[test]
    fn names_are_unique() {
        let values = values();
        let labels: Vec<_> = values.values.iter().map(|value| value.label.as_str()).collect();
        assert_eq!(labels, ["走访户次", "护栏工程", "护栏工程2", "走访台账2"]);
        assert_eq!(values.find("走访台账", &[]), Some(Named::List(0)));
    }

    #[test]
    fn what_is_not_known_has_neighbours() {
        let values = values();
        assert_eq!(values.nearest("走访户数").first().map(String::as_str), Some("走访户次"));
        assert_eq!(values.nearest("zoufanghuci").first().map(String::as_str), Some("走访户次"));
        assert!(values.nearest("走访台账.走访日其").contains(&"走访台账.走访日期".to_owned()));
        assert!(values.nearest("完全无关的一个名字").is_empty());
    }
}
