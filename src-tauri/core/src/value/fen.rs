//! Money.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// 金额 in 分, a whole number; the only form money takes between input and print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "f64")]
pub struct Fen(pub i64);

impl Fen {
    /// No money.
    pub const ZERO: Fen = Fen(0);

    /// Whole 元.
    pub const fn yuan(yuan: i64) -> Fen {
        Fen(yuan * 100)
    }

    /// `1234.50`, as tables print it.
    pub fn two_decimals(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", abs / 100, abs % 100)
    }

    /// As running text prints it (GB/T 15835-2011): 元 below 10 000 元, 万元 from there with at most two decimals,
    /// trailing zeros dropped. An amount that two decimals of 万元 cannot hold stays in 元, so that nothing is rounded away.
    pub fn in_words(self) -> String {
        let (number, unit) = self.number_and_unit();
        format!("{number}{unit}")
    }

    /// The two parts of [`Fen::in_words`].
    pub fn number_and_unit(self) -> (String, &'static str) {
        const WAN: i64 = 1_000_000;
        let exact = self.0 % (WAN / 100) == 0;
        if self.0.abs() >= WAN && exact {
            (trim_zeros(self.0 / WAN, self.0 % WAN / (WAN / 100)), "万元")
        } else {
            (trim_zeros(self.0 / 100, self.0 % 100), "元")
        }
    }
}

fn trim_zeros(whole: i64, hundredths: i64) -> String {
    let sign = if whole < 0 || hundredths < 0 { "-" } else { "" };
    let (whole, hundredths) = (whole.abs(), hundredths.abs());
    match hundredths {
        0 => format!("{sign}{whole}"),
        h if h % 10 == 0 => format!("{sign}{whole}.{}", h / 10),
        h => format!("{sign}{whole}.{h:02}"),
    }
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }
}

impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        *self = *self + other;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(iter: I) -> Fen {
        iter.fold(Fen::ZERO, Add::add)
    }
}

impl ToSql for Fen {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.into())
    }
}

impl FromSql for Fen {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Fen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::parse_decimal;
    use proptest::prelude::*;

    #[test]
    fn running_text_uses_wan_from_ten_thousand_yuan_up() {
        for (fen, words) in [
            (Fen::yuan(1500), "1500元"),
            (Fen::yuan(9999), "9999元"),
            (Fen::yuan(10_000), "1万元"),
            (Fen::yuan(2_400_000), "240万元"),
            (Fen::yuan(125_000), "12.5万元"),
            (Fen::yuan(130_500), "13.05万元"),
            (Fen(12_345_678), "123456.78元"),
            (Fen(1050), "10.5元"),
            (Fen(-5), "-0.05元"),
        ] {
            assert_eq!(fen.in_words(), words);
        }
    }

    proptest! {
        #[test]
        fn what_tables_print_reads_back(fen in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(parse_decimal(&Fen(fen).two_decimals(), 2), Ok(fen));
        }
    }
}
