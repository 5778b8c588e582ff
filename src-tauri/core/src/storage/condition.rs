//! Conditions on a list's columns: what a column can be asked by its type, and whether one value fulfils it.

use std::borrow::Cow;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::column::Cell;
use crate::error::{Error, Result};
use crate::value::normalise;

/// What a column holds, and so what it can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Words.
    Text,
    /// One of a few codes.
    Choice,
    /// Several words, joined by `、`.
    Several,
    /// Whole numbers; money in 分.
    Number,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A moment, RFC 3339; asked by its day.
    Moment,
}

/// A condition on one column (列筛选).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct ColumnCondition {
    /// Key of the column.
    pub column: String,
    /// What its value must fulfil.
    pub test: ColumnTest,
}

/// What a value must fulfil.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ColumnTest {
    /// 含.
    Contains {
        /// The text to find, whatever its case.
        text: String,
    },
    /// 是.
    Is {
        /// The whole text, or one of several words.
        text: String,
    },
    /// 为空.
    Empty,
    /// 不为空.
    Filled,
    /// One of the values; an empty text stands for no value.
    OneOf {
        /// As [`ColumnValue::value`].
        values: Vec<String>,
    },
    /// A number from–to, either end open.
    Numbers {
        /// Least.
        #[ts(type = "number | null")]
        from: Option<i64>,
        /// Most.
        #[ts(type = "number | null")]
        to: Option<i64>,
    },
    /// A day from–to, either end open.
    Days {
        /// First.
        from: Option<NaiveDate>,
        /// Last.
        to: Option<NaiveDate>,
    },
}

/// A value that stands in a column, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnValue {
    /// As text; empty where there is none.
    pub value: String,
    /// Rows that hold it.
    pub count: u32,
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnValues {
    /// What the column holds.
    pub column_type: ColumnType,
    /// How many different values there are.
    pub distinct: u32,
    /// The most frequent of them, with their counts.
    pub values: Vec<ColumnValue>,
    /// Smallest value, where there is one.
    pub least: Option<String>,
    /// Largest value.
    pub most: Option<String>,
}

/// Joins and parts the words of a [`ColumnType::Several`].
pub(super) const BETWEEN_WORDS: char = '、';
/// Most values that a condition may name.
const MOST_VALUES: usize = 2000;

impl ColumnTest {
    /// The test in the form in which values are compared; refused where the column cannot be asked this.
    pub(super) fn prepared(&self, column: &str, column_type: ColumnType) -> Result<ColumnTest> {
        use ColumnType::{Day, Moment, Number, Several, Text};
        let fits = match self {
            ColumnTest::Contains { .. } | ColumnTest::Is { .. } => matches!(column_type, Text | Several),
            ColumnTest::Numbers { .. } => column_type == Number,
            ColumnTest::Days { .. } => matches!(column_type, Day | Moment),
            ColumnTest::OneOf { values } => column_type != Moment && values.len() <= MOST_VALUES,
            ColumnTest::Empty | ColumnTest::Filled => true,
        };
        if !fits {
            return Err(Error::BadInput(format!("“{column}”列不能这样筛选")));
        }
        Ok(match self {
            ColumnTest::Contains { text } => ColumnTest::Contains { text: folded(&normalise(text)).into_owned() },
            ColumnTest::Is { text } => ColumnTest::Is { text: folded(&normalise(text)).into_owned() },
            ColumnTest::OneOf { values } => {
                let mut values = values.clone();
                values.sort_unstable();
                ColumnTest::OneOf { values }
            }
            other => other.clone(),
        })
    }

    /// Whether a value fulfils it; the test is [`ColumnTest::prepared`].
    pub(super) fn holds(&self, cell: &Cell, column_type: ColumnType) -> bool {
        match self {
            ColumnTest::Empty => cell.is_empty(),
            ColumnTest::Filled => !cell.is_empty(),
            ColumnTest::Contains { text } => folded(&cell.text()).contains(text.as_str()),
            ColumnTest::Is { text } => words(&cell.text(), column_type).any(|word| folded(word) == text.as_str()),
            ColumnTest::OneOf { values } => {
                let listed = |word: &str| values.binary_search_by(|value| value.as_str().cmp(word)).is_ok();
                words(&cell.text(), column_type).any(listed)
            }
            ColumnTest::Numbers { from, to } => match cell {
                Cell::Number(number) => from.is_none_or(|from| from <= *number) && to.is_none_or(|to| *number <= to),
                _ => false,
            },
            ColumnTest::Days { from, to } => match day_of(cell, column_type) {
                Some(day) => from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to),
                None => false,
            },
        }
    }
}

/// The words of a value: several where the column holds several, else the one.
pub(super) fn words(text: &str, column_type: ColumnType) -> impl Iterator<Item = &str> {
    let several = column_type == ColumnType::Several;
    text.split(move |c: char| several && c == BETWEEN_WORDS)
}

fn folded(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

fn day_of(cell: &Cell, column_type: ColumnType) -> Option<NaiveDate> {
    let Cell::Text(text) = cell else { return None };
    match column_type {
        ColumnType::Moment => local_day(text),
        _ => text.parse().ok(),
    }
}

/// The civil day of a moment. Villages lie in one time zone.
fn local_day(moment: &str) -> Option<NaiveDate> {
    let zone = FixedOffset::east_opt(8 * 3600)?;
    Some(DateTime::parse_from_rfc3339(moment).ok()?.with_timezone(&zone).date_naive())
}

/// A day that a shipped filter names by what it means, so that it never grows old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenDay {
    /// Today.
    Today,
    /// First day of this month.
    MonthStart,
    /// First day of this half-year.
    HalfStart,
}

impl WhenDay {
    /// The day meant, seen from today.
    pub fn seen_from(self, today: NaiveDate) -> NaiveDate {
        use chrono::Datelike;
        let month_start = today.checked_sub_days(Days::new(u64::from(today.day0()))).unwrap_or(today);
        match self {
            WhenDay::Today => today,
            WhenDay::MonthStart => month_start,
            WhenDay::HalfStart => month_start.checked_sub_months(chrono::Months::new(today.month0() % 6)).unwrap_or(month_start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(test: ColumnTest, cell: &Cell, column_type: ColumnType) -> bool {
        test.prepared("列", column_type).unwrap().holds(cell, column_type)
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn texts_are_found_whatever_their_case_and_composition() {
        let contains =
            |wanted: &str, cell: &str| holds(ColumnTest::Contains { text: wanted.to_owned() }, &text(cell), ColumnType::Text);
        assert!(contains("石门", "青坪乡石门村3号") && contains("b座", "B座2楼") && contains(" CAFE\u{301} ", "café店"));
        assert!(!contains("石门", "木楼村"));
        assert!(holds(ColumnTest::Is { text: "上屯".into() }, &text("上屯"), ColumnType::Text));
        assert!(!holds(ColumnTest::Is { text: "上".into() }, &text("上屯"), ColumnType::Text));
    }

    #[test]
    fn one_of_several_words_is_enough() {
        let one_of = |values: &[&str], cell: &Cell, of: ColumnType| {
            holds(ColumnTest::OneOf { values: values.iter().map(|v| (*v).to_owned()).collect() }, cell, of)
        };
        assert!(one_of(&["低保户", "脱贫户"], &text("一般农户、低保户"), ColumnType::Several));
        assert!(!one_of(&["低保"], &text("一般农户、低保户"), ColumnType::Several), "a word is whole");
        assert!(one_of(&[""], &Cell::Null, ColumnType::Choice) && one_of(&["2026"], &Cell::Number(2026), ColumnType::Number));
        assert!(!one_of(&["一般农户"], &text("一般农户、低保户"), ColumnType::Choice));
    }

    #[test]
    fn what_has_no_value_lies_in_no_span() {
        let days = ColumnTest::Days { from: None, to: "2026-06-30".parse().ok() };
        assert!(holds(days.clone(), &text("2026-06-30"), ColumnType::Day) && !holds(days.clone(), &Cell::Null, ColumnType::Day));
        assert!(!holds(days, &text("2026-07-01"), ColumnType::Day));
        assert!(!holds(ColumnTest::Numbers { from: None, to: Some(5) }, &Cell::Null, ColumnType::Number));
        assert!(holds(ColumnTest::Numbers { from: Some(5), to: None }, &Cell::Number(5), ColumnType::Number));
    }

    #[test]
    fn a_moment_belongs_to_the_day_on_the_wall() {
        let day = ColumnTest::Days { from: "2026-06-20".parse().ok(), to: "2026-06-20".parse().ok() };
        assert!(holds(day.clone(), &text("2026-06-19T16:30:00.000Z"), ColumnType::Moment), "half past midnight in China");
        assert!(!holds(day, &text("2026-06-20T16:30:00.000Z"), ColumnType::Moment));
    }

    #[test]
    fn a_column_is_asked_only_what_its_type_can_answer() {
        let refused = |test: ColumnTest, of: ColumnType| test.prepared("列", of).unwrap_err().code() == "bad_input";
        assert!(refused(ColumnTest::Contains { text: "in".into() }, ColumnType::Choice));
        assert!(refused(ColumnTest::Numbers { from: None, to: None }, ColumnType::Text));
        assert!(refused(ColumnTest::Days { from: None, to: None }, ColumnType::Number));
        assert!(refused(ColumnTest::OneOf { values: vec![String::new(); MOST_VALUES + 1] }, ColumnType::Text));
    }

    #[test]
    fn shipped_days_are_counted_from_today() {
        let today: NaiveDate = "2026-08-31".parse().unwrap();
        let day = |when: WhenDay| when.seen_from(today).to_string();
        assert_eq!(
            [day(WhenDay::Today), day(WhenDay::MonthStart), day(WhenDay::HalfStart)],
            ["2026-08-31", "2026-08-01", "2026-07-01"]
        );
        assert_eq!(WhenDay::HalfStart.seen_from("2026-06-20".parse().unwrap()).to_string(), "2026-01-01");
    }
}
