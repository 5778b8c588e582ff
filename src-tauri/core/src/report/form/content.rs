//! One value of a form and how it is printed: without unit unless asked, since forms carry their units themselves.

use crate::report::document::{Cell, CellValue};
use crate::value::{Fen, mask_id_number, print_day, print_percent};
use chrono::{Datelike, NaiveDate};

/// A value as it goes into a form; workbooks keep its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormContent {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number of things.
    Count {
        /// How many.
        count: i64,
        /// 约数: printed with 余.
        approximate: bool,
    },
    /// Hundredths of a unit, such as 亩.
    Hundredths {
        /// How many hundredths.
        hundredths: i64,
        /// 约数.
        approximate: bool,
    },
    /// 金额.
    Money(Fen),
    /// Per cent in basis points.
    Percent(i64),
    /// A day.
    Day(NaiveDate),
    /// 身份证号, in full or already masked as the profile wants it.
    IdNumber(String),
}

crate::storage::text_enum! {
    /// 身份证号写法 of a form.
    IdFormat {
        /// 18 characters as text.
        Text = "text",
        /// In groups of 6, 8 and 4.
        Spaced = "spaced",
        /// First six and last four shown.
        Masked = "masked",
    }
}

crate::storage::text_enum! {
    /// What kind of file a form is.
    FormKind {
        /// Word.
        Docx = "docx",
        /// Excel.
        Xlsx = "xlsx",
    }
}

impl FormKind {
    /// The file's extension.
    pub fn extension(self) -> &'static str {
        self.word()
    }

    /// By an extension.
    pub fn parse(extension: &str) -> Option<Self> {
        [FormKind::Docx, FormKind::Xlsx].into_iter().find(|kind| kind.extension().eq_ignore_ascii_case(extension))
    }
}

impl IdFormat {
    /// Reads `text`, `spaced` or `masked`.
    pub fn parse(word: &str) -> Option<Self> {
        [IdFormat::Text, IdFormat::Spaced, IdFormat::Masked].into_iter().find(|format| format.word() == word)
    }
}

/// In what money is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// 元.
    Yuan,
    /// 万元.
    Wan,
}

/// How a placeholder wants its value: the words after its colons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormFormat {
    /// 带单位.
    pub with_unit: bool,
    /// 元 or 万元.
    pub money: Option<MoneyUnit>,
    /// 文本, 空格 or 脱敏; missing: the form's own.
    pub id: Option<IdFormat>,
    /// 短日期: 2026-6-30.
    pub short_day: bool,
    /// 长日期: 2026年6月30日.
    pub long_day: bool,
}

impl FormFormat {
    /// Reads one word after a colon; answers whether it is known.
    pub fn take(&mut self, word: &str) -> bool {
        match word {
            "带单位" | "单位" => self.with_unit = true,
            "不带单位" | "数字" => self.with_unit = false,
            "元" => self.money = Some(MoneyUnit::Yuan),
            "万元" => self.money = Some(MoneyUnit::Wan),
            "文本" | "完整" => self.id = Some(IdFormat::Text),
            "空格" | "分段" => self.id = Some(IdFormat::Spaced),
            "脱敏" | "打码" => self.id = Some(IdFormat::Masked),
            "短日期" => self.short_day = true,
            "长日期" | "年月日" => self.long_day = true,
            _ => return false,
        }
        true
    }
}

impl FormContent {
    /// Text; nothing where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { FormContent::Empty } else { FormContent::Text(text) }
    }

    /// Whether there is nothing to tell: what a condition asks for.
    pub fn is_nothing(&self) -> bool {
        match self {
            FormContent::Empty => true,
            FormContent::Text(text) | FormContent::IdNumber(text) => text.is_empty(),
            FormContent::Day(_) => false,
            _ => self.number().is_some_and(|(number, _)| number == 0),
        }
    }

    /// The number and how many of it make one: what a condition compares and a cell of numbers holds. Money is in 元.
    pub fn number(&self) -> Option<(i64, i64)> {
        match self {
            FormContent::Count { count, .. } => Some((*count, 1)),
            FormContent::Hundredths { hundredths, .. } => Some((*hundredths, 100)),
            FormContent::Money(fen) => Some((fen.0, 100)),
            FormContent::Percent(basis_points) => Some((*basis_points, 100)),
            _ => None,
        }
    }

    /// As a page prints it.
    pub fn print(&self, unit: &str, format: FormFormat) -> String {
        let unit = if format.with_unit { unit } else { "" };
        let about = |approximate: bool| if approximate { "余" } else { "" };
        match self {
            FormContent::Empty => String::new(),
            FormContent::Text(text) => text.clone(),
            FormContent::Count { count, approximate } => format!("{count}{}{unit}", about(*approximate)),
            FormContent::Hundredths { hundredths, approximate } => {
                format!("{}{}{unit}", decimal(*hundredths, 2), about(*approximate))
            }
            FormContent::Money(fen) => print_money(*fen, format),
            FormContent::Percent(points) if format.with_unit => print_percent(*points),
            FormContent::Percent(points) => decimal(*points, 2),
            FormContent::Day(day) if format.short_day => format!("{}-{}-{}", day.year(), day.month(), day.day()),
            FormContent::Day(day) => print_day(*day),
            FormContent::IdNumber(number) => print_id(number, format.id.unwrap_or_default()),
        }
    }
}

fn print_money(fen: Fen, format: FormFormat) -> String {
    let (number, unit) = match format.money {
        None if format.with_unit => return fen.in_words(),
        None | Some(MoneyUnit::Yuan) => (decimal(fen.0, 2), "元"),
        Some(MoneyUnit::Wan) => (decimal(fen.0, 6), "万元"),
    };
    if format.with_unit { format!("{number}{unit}") } else { number }
}

/// A whole number with its point moved left; trailing zeros dropped.
fn decimal(number: i64, places: usize) -> String {
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    let rest = rest.trim_end_matches('0');
    let sign = if number < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// An ID number as the form wants it. One that the profile masked has no more to show.
fn print_id(number: &str, format: IdFormat) -> String {
    match (format, number.split_at_checked(6), number.len()) {
        (IdFormat::Masked, ..) if !number.contains('*') => mask_id_number(number),
        (IdFormat::Spaced, Some((region, rest)), 18) => match rest.split_at_checked(8) {
            Some((birth, last)) => format!("{region} {birth} {last}"),
            None => number.to_owned(),
        },
        _ => number.to_owned(),
    }
}

impl From<&Cell> for FormContent {
    fn from(cell: &Cell) -> Self {
        match &cell.value {
            CellValue::Empty => FormContent::Empty,
            CellValue::Text(text) => FormContent::text(text.clone()),
            CellValue::Count(count) => FormContent::Count { count: *count, approximate: false },
            CellValue::Money(fen) => FormContent::Money(*fen),
            CellValue::Percent(basis_points) => FormContent::Percent(*basis_points),
            CellValue::Day(day) => FormContent::Day(*day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(content: FormContent, words: &[&str]) -> String {
        let mut format = FormFormat::default();
        assert!(words.iter().all(|word| format.take(word)));
        content.print("户次", format)
    }

    #[test]
    fn numbers_come_without_unit_unless_asked() {
        let count = FormContent::Count { count: 5000, approximate: true };
        assert_eq!(printed(count.clone(), &[]), "5000余");
        assert_eq!(printed(count, &["带单位"]), "5000余户次");
        assert_eq!(printed(FormContent::Hundredths { hundredths: 12050, approximate: false }, &[]), "120.5");
    }

    #[test]
    fn money_is_in_yuan_or_wan_and_nothing_is_rounded_away() {
        let money = |words: &[&str]| printed(FormContent::Money(Fen(13_500_050)), words);
        assert_eq!(money(&[]), "135000.5");
        assert_eq!(money(&["万元"]), "13.50005");
        assert_eq!(money(&["万元", "带单位"]), "13.50005万元");
        assert_eq!(printed(FormContent::Money(Fen::yuan(125_000)), &["带单位"]), "12.5万元");
        assert_eq!(printed(FormContent::Money(Fen(-5)), &[]), "-0.05");
    }

    #[test]
    fn id_numbers_are_written_as_the_form_wants_them() {
        let number = || FormContent::IdNumber("11010519491231002X".to_owned());
        assert_eq!(printed(number(), &[]), "11010519491231002X");
        assert_eq!(printed(number(), &["空格"]), "110105 19491231 002X");
        assert_eq!(printed(number(), &["脱敏"]), "110105********002X");
        let masked = FormContent::IdNumber("110105********002X".to_owned());
        assert_eq!(printed(masked.clone(), &["文本"]), "110105********002X", "a profile cannot be undone by a format");
        assert_eq!(printed(masked, &["脱敏"]), "110105********002X");
        assert_eq!(printed(FormContent::IdNumber("证".repeat(7)), &["空格"]), "证证证证证证证");
    }

    #[test]
    fn what_a_condition_asks_for_is_whether_there_is_something() {
        assert!(FormContent::Empty.is_nothing() && FormContent::Money(Fen(0)).is_nothing());
        assert!(!FormContent::text("有").is_nothing() && !FormContent::Percent(1).is_nothing());
    }
}
