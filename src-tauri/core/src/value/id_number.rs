//! 公民身份号码 (GB 11643-1999).

use std::fmt;

use super::half_width;
use chrono::{Datelike, NaiveDate};

crate::storage::text_enum! {
    /// 性别.
    Sex {
        /// 男.
        Male = "male",
        /// 女.
        Female = "female",
    }
}

/// An ID number of right length, characters and birth date; its check digit may be wrong, see [`IdNumber::check_digit_fits`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdNumber(String);

/// Why a text is no ID number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdNumberFault {
    /// Not 18 characters.
    Length,
    /// Something other than 17 digits and a digit or X.
    Characters,
    /// Digits 7–14 are no day between 1900 and today.
    BirthDate,
    /// The shape Excel leaves: digits 16–18 turned to zero.
    DamagedByExcel,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: [u8; 11] = *b"10X98765432";

impl IdNumber {
    /// The form in which a number is kept: half-width, without white space, X upper case.
    pub fn tidy(text: &str) -> String {
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'X') {
            return text.to_owned();
        }
        half_width(text).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
    }

    /// Reads a number; `today` bounds the birth date.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, IdNumberFault> {
        let text = Self::tidy(text);
        if text.chars().count() != 18 {
            return Err(IdNumberFault::Length);
        }
        let (digits, last) = text.split_at_checked(17).ok_or(IdNumberFault::Characters)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(last.as_bytes(), [b'0'..=b'9' | b'X']) {
            return Err(IdNumberFault::Characters);
        }
        let number = IdNumber(text);
        match number.birth() {
            Some(birth) if birth.year() >= 1900 && birth <= today => {}
            _ => return Err(IdNumberFault::BirthDate),
        }
        if number.0.ends_with("000") && !number.check_digit_fits() {
            return Err(IdNumberFault::DamagedByExcel);
        }
        Ok(number)
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Birth date, from digits 7–14.
    pub fn birth(&self) -> Option<NaiveDate> {
        let part = |from: usize, to: usize| self.0.get(from..to)?.parse().ok();
        NaiveDate::from_ymd_opt(i32::try_from(part(6, 10)?).ok()?, part(10, 12)?, part(12, 14)?)
    }

    /// Sex, from digit 17: odd is male.
    pub fn sex(&self) -> Sex {
        match self.0.as_bytes().get(16) {
            Some(digit) if digit % 2 == 1 => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// Whether the check character is the one that GB 11643 computes. Old registers hold wrong ones: a soft rule.
    pub fn check_digit_fits(&self) -> bool {
        let sum: u32 = self.0.bytes().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
        self.0.bytes().last() == CHECK.get(sum as usize % 11).copied()
    }

    /// Completes 17 digits with the right check character; for invented sample data.
    pub fn complete(digits17: &str) -> String {
        let sum: u32 = digits17.bytes().zip(WEIGHTS).map(|(b, weight)| u32::from(b.saturating_sub(b'0')) * weight).sum();
        let check = CHECK.get(sum as usize % 11).copied().unwrap_or(b'0');
        format!("{digits17}{}", char::from(check))
    }
}

impl fmt::Display for IdNumberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdNumberFault::Length => "身份证号应为18位，请核对后重填",
            IdNumberFault::Characters => "身份证号只能是17位数字加末位数字或X，请核对后重填",
            IdNumberFault::BirthDate => "身份证号第7至14位不是有效的出生日期，请核对后重填",
            IdNumberFault::DamagedByExcel => "身份证号末三位被Excel变成了000，请按证件重填，或先把表格该列设为文本格式",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 6, 30) {
        Some(day) => day,
        None => NaiveDate::MIN,
    };

    #[test]
    fn the_standards_own_example_is_read() {
        let number = IdNumber::parse(" １１０１０５１９４９１２３１００２x ", TODAY);
        let number = number.unwrap_or(IdNumber(String::new()));
        assert_eq!(number.as_str(), "11010519491231002X");
        assert_eq!(number.birth(), NaiveDate::from_ymd_opt(1949, 12, 31));
        assert_eq!(number.sex(), Sex::Female);
        assert!(number.check_digit_fits());
    }

    #[test]
    fn wrong_numbers_are_named_for_what_is_wrong() {
        for (text, fault) in [
            ("1101051949123100", IdNumberFault::Length),
            ("1101051949123100２AX", IdNumberFault::Length),
            ("11010519491231A02X", IdNumberFault::Characters),
            ("身份证号身份证号身份证号身份证号身份", IdNumberFault::Characters),
            ("11010519491331002X", IdNumberFault::BirthDate),
            ("110105202612310025", IdNumberFault::BirthDate),
            ("110105194912310000", IdNumberFault::DamagedByExcel),
        ] {
            assert_eq!(IdNumber::parse(text, TODAY), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_completed_number_fits_and_one_changed_digit_never_does(region in 110_000u32..659_999, seq in 1u32..=998, at in 0usize..6, by in 1u8..=9) {
            let whole = IdNumber::complete(&format!("{region}19800229{seq:03}"));
            let number = IdNumber::parse(&whole, TODAY);
            prop_assert!(number.is_ok_and(|n| n.check_digit_fits()));
            let mut bytes = whole.into_bytes();
            bytes[at] = (bytes[at] - b'0' + by) % 10 + b'0';
            let changed = String::from_utf8(bytes).unwrap_or_default();
            prop_assert!(!IdNumber::parse(&changed, TODAY).is_ok_and(|n| n.check_digit_fits()));
        }

        #[test]
        fn any_text_is_read_without_harm(text in ".{0,24}") {
            let _ = IdNumber::parse(&text, TODAY);
        }
    }
}
