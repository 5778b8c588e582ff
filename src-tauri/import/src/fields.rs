//! What a column of a workbook can mean: the fields of each kind, with the headings and words by which they are recognised.
//! All of it is data (`fields/*.txt`), as headings differ from county to county.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::records::Kind;
use zhucun_core::value::{cover_field, cover_numbers};

use crate::heading::fold_heading;

/// A field that a column can fill.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its key in mappings, such as `member.id_number`.
    pub key: &'static str,
    /// Its Chinese name.
    pub label: &'static str,
    /// How its cells are read.
    pub shape: Shape,
}

/// How a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text as it stands.
    Text,
    /// 姓名: white space and width do not count.
    Name,
    /// Digits that are a name and not a quantity: 户编号, 电话, 账号.
    NumberText,
    /// 身份证号 (GB 11643).
    IdNumber,
    /// A civil date; a month stands for its first day.
    Day,
    /// A year.
    Year,
    /// A half-year.
    Period,
    /// Money, in 元 or 万元 by the heading, the cell, or the mapping.
    Money,
    /// A whole number.
    Count,
    /// A number with at most two decimals, in hundredths.
    Hundredths,
    /// Per cent, in basis points.
    Progress,
    /// 是 or 否.
    Flag,
    /// A category of a dictionary.
    Category(&'static str),
    /// Several categories of a dictionary.
    Categories(&'static str),
    /// A word of a fixed choice, listed in `fields/words.txt`.
    Choice(&'static str),
    /// A 户类型 that 是 adds.
    TypeFlag(&'static str),
    /// A quantity of an activity, by its unit.
    Counter(&'static str),
    /// Read by the builder of its kind, under the name of its key.
    Special,
}

/// The kinds that come in from workbooks, with their names on the command line.
pub const KINDS: &[(Kind, &str)] = &[
    (Kind::Household, "households"),
    (Kind::Visit, "visits"),
    (Kind::Application, "applications"),
    (Kind::Project, "projects"),
    (Kind::Activity, "activities"),
    (Kind::Indicator, "indicators"),
];

/// Fields of a kind for choosing, as the window lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldChoice {
    /// [`Field::key`].
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// Whether its numbers are money, so that 元 or 万元 matters.
    pub is_money: bool,
}

/// The fields of one kind.
#[derive(Debug)]
pub struct Fields {
    /// In the order of the file.
    pub list: Vec<Field>,
    by_heading: HashMap<String, usize>,
    by_key: HashMap<&'static str, usize>,
}

impl Fields {
    /// The field that a heading names, if it is known.
    pub fn of_heading(&self, folded: &str) -> Option<&Field> {
        self.by_heading.get(folded).and_then(|at| self.list.get(*at))
    }

    /// A field by its key.
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.by_key.get(key).and_then(|at| self.list.get(*at))
    }

    /// What a column can be mapped to.
    pub fn choices(&self) -> Vec<FieldChoice> {
        let choice = |field: &Field| FieldChoice {
            key: field.key.to_owned(),
            label: field.label.to_owned(),
            is_money: field.shape == Shape::Money,
        };
        self.list.iter().map(choice).collect()
    }

    /// A cell as it is shown until somebody asks for the sheet's numbers; `key` is the field that its column fills.
    pub fn covered(&self, key: Option<&str>, text: &str) -> String {
        match key.and_then(|key| self.get(key)).map(|field| (field.shape, field.key)) {
            Some((Shape::IdNumber, _)) => cover_field("id_number", text).into_owned(),
            Some((_, key)) => cover_field(key, text).into_owned(),
            None => cover_numbers(text).into_owned(),
        }
    }

    fn read(text: &'static str) -> Fields {
        let mut fields = Fields { list: Vec::new(), by_heading: HashMap::new(), by_key: HashMap::new() };
        for line in lines(text) {
            let mut cells = line.split('|').map(str::trim);
            let (key, label) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            let shape = shape(cells.next().unwrap_or(""));
            let at = fields.list.len();
            for heading in std::iter::once(label).chain(cells.next().unwrap_or("").split('、')) {
                let folded = fold_heading(heading);
                if !folded.is_empty() {
                    fields.by_heading.entry(folded).or_insert(at);
                }
            }
            fields.by_key.insert(key, at);
            fields.list.push(Field { key, label, shape });
        }
        fields
    }
}

/// The fields of a kind; nothing for a kind that is never imported.
pub fn fields(kind: Kind) -> Option<&'static Fields> {
    static ALL: OnceLock<Vec<(Kind, Fields)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        vec![
            (Kind::Household, Fields::read(include_str!("fields/households.txt"))),
            (Kind::Visit, Fields::read(include_str!("fields/visits.txt"))),
            (Kind::Application, Fields::read(include_str!("fields/applications.txt"))),
            (Kind::Project, Fields::read(include_str!("fields/projects.txt"))),
            (Kind::Activity, Fields::read(include_str!("fields/activities.txt"))),
            (Kind::Indicator, Fields::read(include_str!("fields/indicators.txt"))),
        ]
    });
    all.iter().find(|(each, _)| *each == kind).map(|(_, fields)| fields)
}

/// Whether a heading is known and left out on purpose.
pub fn is_derived(folded: &str) -> bool {
    static ALL: OnceLock<Vec<String>> = OnceLock::new();
    let all = ALL
        .get_or_init(|| lines(include_str!("fields/derived.txt")).flat_map(|line| line.split('、')).map(fold_heading).collect());
    all.iter().any(|each| each == folded)
}

/// Words of cells: by dictionary, folded word, and code.
pub fn words() -> &'static [(&'static str, String, &'static str)] {
    static ALL: OnceLock<Vec<(&'static str, String, &'static str)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for line in lines(include_str!("fields/words.txt")) {
            let mut cells = line.split('|').map(str::trim);
            let (dictionary, code) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            for word in cells.next().unwrap_or("").split('、') {
                all.push((dictionary, fold_heading(word), code));
            }
        }
        all
    })
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn shape(word: &'static str) -> Shape {
    let (name, of) = word.split_once(':').unwrap_or((word, ""));
    match name {
        "text" => Shape::Text,
        "name" => Shape::Name,
        "number_text" => Shape::NumberText,
        "id_number" => Shape::IdNumber,
        "day" => Shape::Day,
        "year" => Shape::Year,
        "period" => Shape::Period,
        "money" => Shape::Money,
        "count" => Shape::Count,
        "hundredths" => Shape::Hundredths,
        "progress" => Shape::Progress,
        "flag" => Shape::Flag,
        "category" => Shape::Category(of),
        "categories" => Shape::Categories(of),
        "choice" => Shape::Choice(of),
        "type_flag" => Shape::TypeFlag(of),
        "counter" => Shape::Counter(of),
        _ => Shape::Special,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_heading_names_one_field_and_every_key_is_its_own() {
        for (kind, word) in KINDS {
            let fields = fields(*kind).unwrap();
            assert_eq!(fields.by_key.len(), fields.list.len(), "{word}: a key twice");
            assert!(fields.list.iter().all(|field| !field.label.is_empty() && !field.key.is_empty()), "{word}");
        }
        let texts = [
            include_str!("fields/households.txt"),
            include_str!("fields/visits.txt"),
            include_str!("fields/applications.txt"),
            include_str!("fields/projects.txt"),
            include_str!("fields/activities.txt"),
            include_str!("fields/indicators.txt"),
        ];
        for text in texts {
            let mut seen = HashSet::new();
            for line in lines(text) {
                let cells: Vec<_> = line.split('|').map(str::trim).collect();
                assert_eq!(cells.len(), 4, "{line}");
                for heading in std::iter::once(cells[1]).chain(cells[3].split('、')).map(fold_heading).filter(|h| !h.is_empty())
                {
                    assert!(seen.insert(heading.clone()), "{heading} names two fields, the second in: {line}");
                }
            }
        }
    }

    #[test]
    fn cells_of_numbers_are_covered_by_what_their_column_means() {
        let fields = fields(Kind::Household).unwrap();
        let shown = |key: Option<&str>, text: &str| fields.covered(key, text);
        assert_eq!(shown(Some("head_id"), "11010519491231002X"), "110105********002X");
        assert_eq!(shown(Some("member.id_number"), "1101051949"), "**********");
        assert_eq!(shown(Some("member.bank_number"), "62170001"), "****0001");
        assert_eq!(shown(Some("phone"), "8300112"), "*******");
        assert_eq!(shown(Some("ext_no"), "110105194912310021"), "110105194912310021");
        assert_eq!(shown(Some("note"), "电话13812345678"), "电话138****5678");
        assert_eq!(shown(None, "13812345678"), "138****5678", "a column that is not understood");
    }

    #[test]
    fn every_word_has_one_meaning() {
        let mut seen = HashSet::new();
        for (dictionary, word, _) in words() {
            assert!(!word.is_empty(), "an empty word of {dictionary}");
            assert!(seen.insert((*dictionary, word.clone())), "{word} stands twice under {dictionary}");
        }
    }
}
