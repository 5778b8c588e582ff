//! Days as people write them: 昨天, 上周五, 3月5日, 3.5, 2026-3-5, 5号, 上个月20号, 月底; ranges of days; 某日前.
//! A day without a year is the latest such day that is not after today. What cannot be a day stays text.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::line::{Line, Meaning, Spots};
use super::numbers;
use super::words::words;

/// Takes the days and times of a line. `name_at` says how long a name begins at a place, so that 周一鸣 is not a Monday.
pub(super) fn find(line: &Line, today: NaiveDate, spots: &mut Spots, name_at: impl Fn(usize) -> usize) {
    let reader = Reader { line, today };
    let mut at = 0;
    while at < line.len() {
        let told = spots.iter().any(|spot| matches!(spot.meaning, Meaning::Day(..)));
        match reader.read(at, told).filter(|(to, _)| at + name_at(at) < *to || name_at(at) == 0) {
            Some((to, meaning)) if to > at => {
                spots.take(at, to, meaning);
                at = to;
            }
            _ => at += 1,
        }
    }
}

struct Reader<'l> {
    line: &'l Line,
    today: NaiveDate,
}

type Read = Option<(usize, Meaning)>;

/// A month and day with the year where it was given.
#[derive(Clone, Copy)]
struct Date {
    year: Option<i32>,
    month: u32,
    day: u32,
}

impl Reader<'_> {
    fn read(&self, at: usize, told: bool) -> Read {
        self.clock(at)
            .or_else(|| self.date(at))
            .or_else(|| self.weekday(at, told))
            .or_else(|| self.days_ago(at))
            .or_else(|| self.word(at))
            .or_else(|| self.year(at))
    }

    /// 9点, 9点半, 9:30.
    fn clock(&self, at: usize) -> Read {
        let (hour, to) = self.small(at, 2)?;
        if hour > 24 {
            return None;
        }
        if self.line.at(to) == ':' {
            return self.small(to + 1, 2).filter(|(minute, _)| *minute < 60).map(|(_, to)| (to, Meaning::Time));
        }
        let (_, to) = self.line.one_of(to, &["点半", "点钟", "点多", "点"])?;
        let to = self.small(to, 2).and_then(|(_, to)| self.line.one_of(to, &["分"])).map_or(to, |(_, to)| to);
        // 3点建议 counts points, not hours.
        (!matches!(self.line.at(to), '建' | '意' | '要' | '体' | '问')).then_some((to, Meaning::Time))
    }

    /// A date with what may follow it: another one to which it reaches, or 前.
    fn date(&self, at: usize) -> Read {
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

    /// 周三, 星期日, 上周五, 本周一.
    fn weekday(&self, at: usize, told: bool) -> Read {
        let line = self.line;
        let (before, from) =
            line.one_of(at, &["上上个", "上上", "上个", "上", "这个", "这", "本", "下个", "下", "每"]).unwrap_or(("", at));
        let (_, to) = line.one_of(from, &["星期", "礼拜", "周"])?;
        let index = match line.at(to) {
            '一' | '1' => 0,
            '二' | '2' => 1,
            '三' | '3' => 2,
            '四' | '4' => 3,
            '五' | '5' => 4,
            '六' | '6' => 5,
            '日' | '天' | '7' => 6,
            _ => return None,
        };
        let to = to + 1;
        // 周三 after another day is a name or a habit; 周1.5万 is no Monday.
        if (before.is_empty() && told) || line.at(to).is_ascii_digit() || matches!(line.at(to), '.' | '岁' | '年') {
            return None;
        }
        let monday = self.today - Days::new(u64::from(self.today.weekday().num_days_from_monday()));
        let of_week = |weeks_back: u64| monday.checked_sub_days(Days::new(7 * weeks_back))?.checked_add_days(Days::new(index));
        let day = match before {
            "" => of_week(0).filter(|day| *day <= self.today).or_else(|| of_week(1)),
            "这" | "这个" | "本" => of_week(0).filter(|day| *day <= self.today),
            "上" | "上个" => of_week(1),
            "上上" | "上上个" => of_week(2),
            _ => None,
        };
        Some((to, day.map_or(Meaning::Plain, |day| Meaning::Day(day, None))))
    }

    /// 三天前, 2天前.
    fn days_ago(&self, at: usize) -> Read {
        let (days, to) = self.small(at, 2)?;
        let (_, to) = self.line.one_of(to, &["天前", "天以前"])?;
        let day = self.today.checked_sub_days(Days::new(u64::try_from(days).ok()?))?;
        Some((to, Meaning::Day(day, None)))
    }

    /// 昨天, 大前天; 上午; 明天, which is no day of a record.
    fn word(&self, at: usize) -> Read {
        let of = |group: &'static str| {
            let found = words(group).filter(|(word, _)| self.line.has(at, word)).max_by_key(|(word, _)| word.len());
            found.map(|(word, code)| (at + word.chars().count(), code))
        };
        if let Some((to, back)) = of("day") {
            let day = self.today.checked_sub_days(Days::new(back.parse().ok()?))?;
            return Some((to, Meaning::Day(day, None)));
        }
        if let Some((to, _)) = of("not_yet") {
            return Some((to, Meaning::Plain));
        }
        of("time").map(|(to, _)| (to, Meaning::Time))
    }

    /// 2026年, 去年: a year by itself.
    fn year(&self, at: usize) -> Read {
        let (year, to) = self.given_year(at)?;
        let written = self.line.ends_with(to, "年");
        written.then(|| (if self.line.at(to) == '度' { to + 1 } else { to }, Meaning::Year(year)))
    }

    /// 2026年, 26年, 二〇二六年, 去年; `2026-`, `2026.`, `2026/` before a month.
    fn given_year(&self, at: usize) -> Option<(i32, usize)> {
        let line = self.line;
        for (word, back) in [("今年", 0), ("本年", 0), ("去年", 1), ("前年", 2)] {
            if line.has(at, word) && line.before(at) != '大' {
                return Some((self.today.year() - back, at + 2));
            }
        }
        if line.before(at).is_ascii_alphanumeric() || numbers::is_numeral(line.before(at)) {
            return None;
        }
        let end = |test: &dyn Fn(char) -> bool| (at..line.len()).find(|at| !test(line.at(*at))).unwrap_or(line.len());
        let digits = end(&|c| c.is_ascii_digit());
        let text = match digits - at {
            2 | 4 => line.folded(at, digits),
            0 => line.folded(at, numbers::numerals_end(line, at)).chars().map(spelled_digit).collect::<Option<String>>()?,
            _ => return None,
        };
        let to = at + text.chars().count();
        let year: i32 = text.parse().ok()?;
        let with_mark = text.len() == 4 && matches!(line.at(to), '.' | '-' | '/') && line.at(to + 1).is_ascii_digit();
        let year = match text.len() {
            4 if (1990..=2100).contains(&year) => year,
            2 if line.at(to) == '年' && year >= 10 => 2000 + year,
            _ => return None,
        };
        (line.at(to) == '年' || with_mark).then_some((year, to + 1))
    }

    /// A whole number of at most so many digits, in digits or numerals.
    fn small(&self, at: usize, most: usize) -> Option<(i64, usize)> {
        let line = self.line;
        if line.at(at).is_ascii_digit() {
            if line.before(at).is_ascii_digit() {
                return None;
            }
            let to = (at..line.len()).find(|at| !line.at(*at).is_ascii_digit()).unwrap_or(line.len());
            return (to - at <= most).then(|| line.folded(at, to).parse().ok().map(|value| (value, to))).flatten();
        }
        // 石老三三月五日: the longest run of numerals from here that is a number.
        let to = numbers::numerals_end(line, at);
        (to > at && to - at <= 3).then(|| numbers::chinese(&line.folded(at, to)).map(|value| (value, to))).flatten()
    }

    /// Whether digits that end here count something: a unit follows.
    fn counts_something(&self, at: usize) -> bool {
        let next = self.line.at(self.line.skip_space(at));
        "户人次场期份篇本件个处天斤元块万千百亩头只项条名位家%余多点时岁吨公米棵袋桶".contains(next) && next != '\0'
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

/// A digit of a year that is written in characters.
fn spelled_digit(c: char) -> Option<char> {
    "零一二三四五六七八九"
        .chars()
        .position(|each| each == c)
        .or((c == '〇').then_some(0))
        .and_then(|at| char::from_digit(u32::try_from(at).ok()?, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday.
    const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 11, 25) {
        Some(day) => day,
        None => NaiveDate::MIN,
    };

    fn meanings(text: &str) -> Vec<Meaning> {
        let line = Line::of(text);
        let mut spots = Spots::none(&line);
        find(&line, TODAY, &mut spots, |_| 0);
        spots.iter().map(|spot| spot.meaning.clone()).collect()
    }

    fn days(text: &str) -> Vec<String> {
        let told = |meaning: Meaning| match meaning {
            Meaning::Day(day, None) => Some(day.to_string()),
            Meaning::Day(day, Some(last)) => Some(format!("{day}..{last}")),
            Meaning::Until(day) => Some(format!("<{day}")),
            Meaning::Year(year) => Some(year.to_string()),
            _ => None,
        };
        meanings(text).into_iter().filter_map(told).collect()
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, day) in [
            ("今天", "2026-11-25"),
            ("昨天上午", "2026-11-24"),
            ("前天", "2026-11-23"),
            ("大前天", "2026-11-22"),
            ("三天前", "2026-11-22"),
            ("周三", "2026-11-25"),
            ("周五", "2026-11-20"),
            ("星期日", "2026-11-22"),
            ("礼拜天", "2026-11-22"),
            ("本周一", "2026-11-23"),
            ("上周五", "2026-11-20"),
            ("上个星期三", "2026-11-18"),
            ("上上周一", "2026-11-09"),
            ("3月5日", "2026-03-05"),
            ("3 月 5 日", "2026-03-05"),
            ("３月５号", "2026-03-05"),
            ("12月3日", "2025-12-03"),
            ("三月五日", "2026-03-05"),
            ("十一月二十四号", "2026-11-24"),
            ("3.5 走访", "2026-03-05"),
            ("3-5走访", "2026-03-05"),
            ("3/5走访", "2026-03-05"),
            ("03-05", "2026-03-05"),
            ("2026年3月5日", "2026-03-05"),
            ("26年3月5日", "2026-03-05"),
            ("二〇二六年三月五日", "2026-03-05"),
            ("2026-03-05", "2026-03-05"),
            ("2026.3.5", "2026-03-05"),
            ("20260305", "2026-03-05"),
            ("去年12月30日", "2025-12-30"),
            ("5号", "2026-11-05"),
            ("28号", "2026-10-28"),
            ("31号", "2026-10-31"),
            ("上个月20号", "2026-10-20"),
            ("本月5日", "2026-11-05"),
            ("月底", "2026-10-31"),
            ("上月底", "2026-10-31"),
            ("6月底", "2026-06-30"),
            ("2月底", "2026-02-28"),
            ("3月5日至7日", "2026-03-05..2026-03-07"),
            ("3.5-3.7", "2026-03-05..2026-03-07"),
            ("3月30日到4月2日", "2026-03-30..2026-04-02"),
            ("月底前", "<2026-11-30"),
            ("12月5日前", "<2026-12-05"),
            ("2月29日", "2024-02-29"),
        ] {
            assert_eq!(days(text), [day], "{text}");
        }
        assert_eq!(days("2026年春季"), ["2026"]);
    }

    #[test]
    fn what_is_no_day_stays_text() {
        for text in [
            "2月30日",
            "13月5日",
            "2026-02-30",
            "明天",
            "下周一",
            "每周三",
            "本周五",
            "茶园3.5亩",
            "3.5万元",
            "3-5户",
            "1号文件",
            "3号楼",
            "15日内",
            "三月三活动",
            "农历三月初三",
            "完成1/3",
            "周边",
            "3月份",
            "2027年3月5日",
            "第5号",
            "13912345678",
            "3个月",
        ] {
            assert_eq!(days(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(meanings("9点半"), [Meaning::Time]);
        assert_eq!(meanings("2月30日"), [Meaning::Plain]);
    }
}
