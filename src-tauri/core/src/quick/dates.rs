//! Dates in figures and numerals: 3月5日, 3.5, 2026-3-5, 20260305, 5号, 上个月20号, 月底; ranges of them; 某日前.

use chrono::{Datelike, Months, NaiveDate};

use super::days::{Read, Reader};
use super::line::Meaning;

/// A month and day with the year where it was given.
#[derive(Clone, Copy)]
struct Date {
    year: Option<i32>,
    month: u32,
    day: u32,
}

impl Reader<'_> {
    /// A date with what may follow it: another one to which it reaches, or 前.
    pub(super) fn date(&self, at: usize) -> Read {
        let (date, to) = self.plain_date(at)?;
        if let Some((_, end)) = self.line.one_of(to, &["之前", "以前", "前"]) {
            return Some((end, self.next(date).map_or(Meaning::Plain, Meaning::Until)));
        }
        let Some(first) = self.latest(date) else { return Some((to, Meaning::Plain)) };
        if self.is_lunar(at) {
            return Some((to, Meaning::Plain));
        }
        match self.until(to, first) {
            Some((last, end)) => Some((end, Meaning::Day(first, Some(last)))),
            None => Some((to, Meaning::Day(first, None))),
        }
    }

    fn plain_date(&self, at: usize) -> Option<(Date, usize)> {
        let (year, from) = match self.given_year(at) {
            Some((year, to)) => (Some(year), to),
            None => (None, at),
        };
        self.month_and_day(from, year)
            .or_else(|| self.numeric(at, from, year))
            .or_else(|| self.eight_digits(at))
            .or_else(|| self.day_of_month(at))
    }

    /// 3月5日, 3月5号, 3月5, 三月五日, 3月底.
    fn month_and_day(&self, at: usize, year: Option<i32>) -> Option<(Date, usize)> {
        let (month, to) = self.small(at, 2)?;
        let to = self.line.skip_space(to);
        if self.line.at(to) != '月' || month == 0 {
            return None;
        }
        if let Some((_, end)) = self.line.one_of(to + 1, &["底", "末"]) {
            return Some((self.month_end(year, u32::try_from(month).ok()?), end));
        }
        let from = self.line.skip_space(to + 1);
        let (day, to) = self.small(from, 2)?;
        let end = match self.line.at(self.line.skip_space(to)) {
            '日' | '号' => self.line.skip_space(to) + 1,
            // Without 日 only digits are a day, and only where they count nothing: 三月三 is a feast, 3月5户 are households.
            _ if !self.line.at(from).is_ascii_digit() || self.counts_something(to) => return None,
            _ => to,
        };
        Some((Date { year, month: u32::try_from(month).ok()?, day: u32::try_from(day).ok()? }, end))
    }

    /// 3.5, 03-05, 3/5 at the beginning of a clause; with a year anywhere.
    fn numeric(&self, at: usize, from: usize, year: Option<i32>) -> Option<(Date, usize)> {
        if !self.line.at(from).is_ascii_digit() || self.line.before(at).is_ascii_alphanumeric() {
            return None;
        }
        if year.is_none() && !(self.line.gap_before(at) || matches!(self.line.before(at), '于' | '在' | '从' | '自')) {
            return None;
        }
        let (month, to) = self.small(from, 2)?;
        let mark = self.line.at(to);
        if !matches!(mark, '.' | '-' | '/') {
            return None;
        }
        let (day, to) = self.small(to + 1, 2).filter(|_| self.line.at(to + 1).is_ascii_digit())?;
        let end = if matches!(self.line.at(to), '日' | '号') { to + 1 } else { to };
        let loose = self.line.at(end) == mark && self.line.at(end + 1).is_ascii_digit();
        if self.line.at(end).is_ascii_alphanumeric() || loose || (year.is_none() && self.counts_something(end)) {
            return None;
        }
        let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
        // 3.50 or 0.5 is a number, 3.45 no day.
        fits.then_some((Date { year, month: u32::try_from(month).ok()?, day: u32::try_from(day).ok()? }, end))
    }

    /// 20260305.
    fn eight_digits(&self, at: usize) -> Option<(Date, usize)> {
        let to = at + 8;
        let alone = !self.line.before(at).is_ascii_alphanumeric() && !self.line.at(to).is_ascii_alphanumeric();
        let day = NaiveDate::parse_from_str(&self.line.folded(at, to), "%Y%m%d").ok()?;
        let plausible = alone && (2000..=2100).contains(&day.year());
        plausible.then_some((Date { year: Some(day.year()), month: day.month(), day: day.day() }, to))
    }

    /// 5号, 上个月20号, 本月5日, 月底, 上月底.
    fn day_of_month(&self, at: usize) -> Option<(Date, usize)> {
        let last = self.today.checked_sub_months(Months::new(1))?;
        let months = [("上个月", last), ("上月", last), ("这个月", self.today), ("本月", self.today), ("当月", self.today)];
        let named = months.iter().find(|(word, _)| self.line.has(at, word));
        if let Some((word, month)) = named {
            let from = at + word.chars().count();
            if let Some((_, end)) = self.line.one_of(from, &["底", "末"]) {
                return Some((self.month_end(Some(month.year()), month.month()), end));
            }
            let (day, to) = self.small(from, 2)?;
            let end = matches!(self.line.at(to), '日' | '号').then_some(to + 1)?;
            return Some((Date { year: Some(month.year()), month: month.month(), day: u32::try_from(day).ok()? }, end));
        }
        if self.line.has(at, "月底") && !matches!(self.line.before(at), '下' | '每' | '个') {
            let month = if self.line.has(at + 2, "前") || self.is_month_end(self.today) { self.today } else { last };
            return Some((self.month_end(Some(month.year()), month.month()), at + 2));
        }
        if self.line.before(at) == '第' {
            return None;
        }
        let (day, to) = self.small(at, 2)?;
        let end = matches!(self.line.at(to), '日' | '号').then_some(to + 1)?;
        // 1号文件, 3号楼, 15日内 are no days.
        let other =
            ["文件", "楼", "院", "路", "线", "井", "桥", "机", "公路", "门", "房", "洞", "内", "后", "游", "点", "水", "地"];
        if !(1..=31).contains(&day) || self.line.one_of(end, &other).is_some() {
            return None;
        }
        let day = u32::try_from(day).ok()?;
        let month = (0..12).filter_map(|back| self.today.checked_sub_months(Months::new(back)));
        let found = month.filter_map(|month| month.with_day(day)).find(|found| *found <= self.today)?;
        let found = if self.line.has(end, "前") { self.today.with_day(day).filter(|day| *day >= self.today)? } else { found };
        Some((Date { year: Some(found.year()), month: found.month(), day: found.day() }, end))
    }

    /// The last day of a range: 至7日, -3.7, 到3月8日.
    fn until(&self, at: usize, first: NaiveDate) -> Option<(NaiveDate, usize)> {
        let (_, from) = self.line.one_of(self.line.skip_space(at), &["至", "到", "-", "—", "~"])?;
        let from = self.line.skip_space(from);
        let (date, to) = self.month_and_day(from, None).or_else(|| self.range_end(from, first))?;
        let year = date.year.or(Some(first.year()));
        let last = NaiveDate::from_ymd_opt(year?, date.month, date.day)?;
        (first < last && last <= self.today).then_some((last, to))
    }

    fn range_end(&self, at: usize, first: NaiveDate) -> Option<(Date, usize)> {
        let (day, to) = self.small(at, 2)?;
        if matches!(self.line.at(to), '.' | '/') {
            let (second, end) = self.small(to + 1, 2)?;
            return Some((Date { year: None, month: u32::try_from(day).ok()?, day: u32::try_from(second).ok()? }, end));
        }
        let end = if matches!(self.line.at(to), '日' | '号') { to + 1 } else { to };
        if end == to && self.counts_something(to) {
            return None;
        }
        Some((Date { year: None, month: first.month(), day: u32::try_from(day).ok()? }, end))
    }

    /// 农历三月初三 and its like have another calendar.
    fn is_lunar(&self, at: usize) -> bool {
        ["农历", "阴历", "古历", "旧历"].iter().any(|word| self.line.ends_with(at, word))
    }

    fn month_end(&self, year: Option<i32>, month: u32) -> Date {
        let of = year.unwrap_or(self.today.year());
        let next = NaiveDate::from_ymd_opt(of, month, 1).and_then(|first| first.checked_add_months(Months::new(1)));
        Date { year, month, day: next.and_then(|next| next.pred_opt()).map_or(32, |last| last.day()) }
    }

    fn is_month_end(&self, day: NaiveDate) -> bool {
        day.succ_opt().is_some_and(|next| next.day() == 1)
    }

    /// The latest such day that is not after today; nothing where there is none.
    fn latest(&self, date: Date) -> Option<NaiveDate> {
        let of = |year: i32| NaiveDate::from_ymd_opt(year, date.month, date.day).filter(|day| *day <= self.today);
        match date.year {
            Some(year) => of(year),
            None => (0..9).find_map(|back| of(self.today.year() - back)),
        }
    }

    /// The next such day, for what is due.
    fn next(&self, date: Date) -> Option<NaiveDate> {
        match date.year {
            Some(year) => NaiveDate::from_ymd_opt(year, date.month, date.day),
            None => (0..9).find_map(|on| {
                NaiveDate::from_ymd_opt(self.today.year() + on, date.month, date.day).filter(|day| *day >= self.today)
            }),
        }
    }
}
