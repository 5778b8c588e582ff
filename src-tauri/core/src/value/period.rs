//! Reporting periods.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// 报告期: a half-year, written `2026H1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(as = "String")]
pub struct Period {
    year: i32,
    half: Half,
}

/// 上半年 or 下半年.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Half {
    /// 上半年, 1 January to 30 June.
    First,
    /// 下半年, 1 July to 31 December.
    Second,
}

impl Period {
    /// A half-year of a year between 1900 and 2999.
    pub fn new(year: i32, half: Half) -> Option<Self> {
        (1900..=2999).contains(&year).then_some(Period { year, half })
    }

    /// Reads `2026H1`, also `2026上半年`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, half) = text.split_at_checked(4)?;
        let half = match half {
            "H1" | "h1" | "上半年" => Half::First,
            "H2" | "h2" | "下半年" => Half::Second,
            _ => return None,
        };
        Period::new(year.parse().ok()?, half)
    }

    /// The half-year whose report is due on a day: the first half from May, the second from November.
    pub fn due_on(today: NaiveDate) -> Self {
        match today.month() {
            5..=10 => Period { year: today.year(), half: Half::First },
            11.. => Period { year: today.year(), half: Half::Second },
            _ => Period { year: today.year() - 1, half: Half::Second },
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Which half.
    pub fn half(self) -> Half {
        self.half
    }

    /// First day.
    pub fn first_day(self) -> NaiveDate {
        self.day(match self.half {
            Half::First => (1, 1),
            Half::Second => (7, 1),
        })
    }

    /// Last day.
    pub fn last_day(self) -> NaiveDate {
        self.day(match self.half {
            Half::First => (6, 30),
            Half::Second => (12, 31),
        })
    }

    /// Whether a day lies in the period.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    /// The half-year after this one.
    pub fn next(self) -> Self {
        match self.half {
            Half::First => Period { half: Half::Second, ..self },
            Half::Second => Period { year: self.year + 1, half: Half::First },
        }
    }

    /// The same half of the year before.
    pub fn year_before(self) -> Option<Self> {
        Period::new(self.year - 1, self.half)
    }

    /// `2026年上半年`.
    pub fn in_words(self) -> String {
        format!("{}年{}", self.year, self.half_in_words())
    }

    /// `上半年`.
    pub fn half_in_words(self) -> &'static str {
        match self.half {
            Half::First => "上半年",
            Half::Second => "下半年",
        }
    }

    fn day(self, (month, day): (u32, u32)) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or(NaiveDate::MIN)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.year, if self.half == Half::First { "H1" } else { "H2" })
    }
}

impl TryFrom<String> for Period {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Period::parse(&text).ok_or_else(|| format!("“{text}”不是报告期，应写作 2026H1 或 2026H2"))
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn the_due_report_turns_in_may_and_november() {
        for (today, period) in [
            ("2026-04-30", "2025H2"),
            ("2026-05-01", "2026H1"),
            ("2026-10-31", "2026H1"),
            ("2026-11-01", "2026H2"),
            ("2027-01-03", "2026H2"),
        ] {
            assert_eq!(Period::due_on(day(today)).to_string(), period, "on {today}");
        }
    }

    #[test]
    fn a_period_holds_its_first_and_last_day_only() {
        let period = Period::parse("2026H1").unwrap_or(Period { year: 1900, half: Half::First });
        assert!(period.contains(day("2026-01-01")) && period.contains(day("2026-06-30")));
        assert!(!period.contains(day("2025-12-31")) && !period.contains(day("2026-07-01")));
        assert_eq!(period.next().to_string(), "2026H2");
        assert_eq!(period.next().next().to_string(), "2027H1");
    }

    #[test]
    fn other_words_are_no_period() {
        for text in ["2026", "2026H3", "26H1", "", "二〇二六上", "0001H1"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
