//! Days as people write them in running text: 2026年6月30日 · ２０２６年６月 · 二〇二六年六月三十日 · 2026.6.30 · 6月30日.

use chrono::{Months, NaiveDate};

use crate::prose::number_at;

/// A day or a month of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrittenDay {
    pub from: usize,
    /// Behind its last character.
    pub to: usize,
    pub year: Option<i32>,
    pub month: u32,
    /// Nothing where only a month is written.
    pub day: Option<u32>,
}

impl WrittenDay {
    /// First and last day that it means in a year; nothing where the year has no such day.
    pub fn in_year(&self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        let first = NaiveDate::from_ymd_opt(year, self.month, self.day.unwrap_or(1))?;
        let last = if self.day.is_some() { first } else { first.checked_add_months(Months::new(1))?.pred_opt()? };
        Some((first, last))
    }
}

/// All days of a text, in order. A bare year is no day of the work; a span of months (6个月) is none at all.
pub(super) fn read(chars: &[char]) -> Vec<WrittenDay> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match starts(chars, at).then(|| day_at(chars, at)).flatten() {
            Some(day) => {
                at = day.to;
                found.push(day);
            }
            None => at += 1,
        }
    }
    found
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        '〇' | '○' | '零' => Some(0),
        _ => "一二三四五六七八九".chars().position(|each| each == c).and_then(|at| u32::try_from(at + 1).ok()),
    }
}

/// Not within a longer number.
fn starts(chars: &[char], at: usize) -> bool {
    let is_numeral = |c: &char| digit(*c).is_some() || *c == '十';
    let before = at.checked_sub(1).and_then(|before| chars.get(before));
    chars.get(at).is_some_and(is_numeral) && !before.is_some_and(|c| is_numeral(c) || *c == '.')
}

fn day_at(chars: &[char], from: usize) -> Option<WrittenDay> {
    let Some((year, behind)) = year_at(chars, from) else { return month_at(chars, from, from, None) };
    match chars.get(behind) {
        Some('年') => month_at(chars, from, behind + 1, Some(year)),
        Some(mark @ ('.' | '-' | '/' | '．')) => in_figures(chars, from, behind + 1, year, *mark),
        _ => None,
    }
}

/// Four digits of either kind: 2026, 二〇二六.
fn year_at(chars: &[char], at: usize) -> Option<(i32, usize)> {
    let digits = chars.get(at..at + 4)?.iter().map(|c| digit(*c)).collect::<Option<Vec<u32>>>()?;
    let year = digits.iter().fold(0, |year, digit| year * 10 + digit);
    let year = i32::try_from(year).ok().filter(|year| (1900..2100).contains(year))?;
    let is_longer = chars.get(at + 4).is_some_and(|c| digit(*c).is_some());
    (!is_longer).then_some((year, at + 4))
}

/// 6月30日, 六月, from the month on.
fn month_at(chars: &[char], from: usize, at: usize, year: Option<i32>) -> Option<WrittenDay> {
    let (month, behind) = small(chars, at, 12)?;
    if chars.get(behind) != Some(&'月') {
        return None;
    }
    let day = small(chars, behind + 1, 31).filter(|(_, to)| matches!(chars.get(*to), Some('日' | '号')));
    let to = day.map_or(behind + 1, |(_, to)| to + 1);
    Some(WrittenDay { from, to, year, month, day: day.map(|(day, _)| day) })
}

/// 2026.6.30, 2026-06-30: with a day, since 2026.6 may be a number.
fn in_figures(chars: &[char], from: usize, at: usize, year: i32, mark: char) -> Option<WrittenDay> {
    let (month, behind) = plain(chars, at, 12)?;
    if chars.get(behind) != Some(&mark) {
        return None;
    }
    let (day, to) = plain(chars, behind + 1, 31)?;
    let goes_on = chars.get(to) == Some(&mark);
    (!goes_on).then_some(WrittenDay { from, to, year: Some(year), month, day: Some(day) })
}

fn small(chars: &[char], at: usize, most: u32) -> Option<(u32, usize)> {
    let (number, to) = number_at(chars, at)?;
    within(u32::try_from(number).ok()?, most).map(|number| (number, to))
}

/// A number of one or two digits that reads no dot as part of it.
fn plain(chars: &[char], at: usize, most: u32) -> Option<(u32, usize)> {
    let length = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
    let number: String = chars.get(at..at + length)?.iter().collect();
    within(number.parse().ok().filter(|_| length <= 2)?, most).map(|number| (number, at + length))
}

fn within(number: u32, most: u32) -> Option<u32> {
    (1..=most).contains(&number).then_some(number)
}

/// The year that a day without one may belong to: that of a day before it in the sentence, if there is one.
pub(super) fn year_before(days: &[WrittenDay], day: &WrittenDay, sentence_from: usize) -> Option<i32> {
    days.iter()
        .rev()
        .skip_while(|each| each.from >= day.from)
        .take_while(|each| each.from >= sentence_from)
        .find_map(|each| each.year)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Year, month, day.
    type Told = (Option<i32>, u32, Option<u32>);

    fn told(text: &str) -> Vec<Told> {
        let chars: Vec<char> = text.chars().collect();
        read(&chars).into_iter().map(|day| (day.year, day.month, day.day)).collect()
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let cases: &[(&str, Told)] = &[
            ("2026年6月30日完成", (Some(2026), 6, Some(30))),
            ("２０２６年６月完成", (Some(2026), 6, None)),
            ("二〇二六年六月三十日", (Some(2026), 6, Some(30))),
            ("二○二六年十二月", (Some(2026), 12, None)),
            ("截至2026.6.30，", (Some(2026), 6, Some(30))),
            ("2026-06-05走访", (Some(2026), 6, Some(5))),
            ("于3月15号召开", (None, 3, Some(15))),
            ("三月八日慰问", (None, 3, Some(8))),
            ("十月完工", (None, 10, None)),
        ];
        for (text, day) in cases {
            assert_eq!(told(text), [*day], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_days() {
        for text in
            ["驻村6个月", "2026年", "共2026.5万元", "13月", "2月份以外", "电话12345678", "3.5月", "第3号文件", "编号2026-3-5-7"]
        {
            let read = told(text);
            assert!(read.is_empty() || text.starts_with("2月"), "{text}: {read:?}");
        }
        assert_eq!(told("2月份"), [(None, 2, None)]);
        assert_eq!(told("1月至6月"), [(None, 1, None), (None, 6, None)]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_places_lie_within(text in "[0-9〇一二三十年月日号.\\-/个石 ]{0,40}") {
            let chars: Vec<char> = text.chars().collect();
            let mut last = 0;
            for day in read(&chars) {
                prop_assert!(day.from >= last && day.from < day.to && day.to <= chars.len());
                last = day.to;
            }
        }
    }
}
