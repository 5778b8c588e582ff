//! Days as people write them: 昨天, 上周五, 三天前, times of day, years; dates in figures are read in `dates.rs`.
//! A day without a year is the latest such day that is not after today. What cannot be a day stays text.

use chrono::{Datelike, Days, NaiveDate};

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

/// A line with the day on which it is typed.
pub(super) struct Reader<'l> {
    pub line: &'l Line,
    pub today: NaiveDate,
}

/// Where something ends, and what it means.
pub(super) type Read = Option<(usize, Meaning)>;

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
    pub(super) fn given_year(&self, at: usize) -> Option<(i32, usize)> {
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
    pub(super) fn small(&self, at: usize, most: usize) -> Option<(i64, usize)> {
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
    pub(super) fn counts_something(&self, at: usize) -> bool {
        let next = self.line.at(self.line.skip_space(at));
        "户人次场期份篇本件个处天斤元块万千百亩头只项条名位家%余多点时岁吨公米棵袋桶".contains(next) && next != '\0'
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
