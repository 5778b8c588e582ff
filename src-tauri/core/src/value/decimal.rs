//! Typed decimal numbers as whole numbers of their smallest part, never through a float.

/// Why a text is not such a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseDecimalError {
    /// Not a number.
    #[error("不是数字")]
    Shape,
    /// More decimals than are kept.
    #[error("小数位数太多")]
    Decimals,
    /// Beyond all sense.
    #[error("数字太大")]
    Size,
}

/// A number such as `1,234.5` as a multiple of its `places`-th decimal: with two places, 123450. Full-width digits and
/// thousands commas are read; zeros after the last kept decimal do not count.
pub fn parse_decimal(text: &str, places: u32) -> Result<i64, ParseDecimalError> {
    use ParseDecimalError::{Decimals, Shape, Size};
    let plain: String = text.trim().chars().map(half_width).filter(|c| *c != ',' && !c.is_whitespace()).collect();
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !whole.chars().chain(decimals.chars()).all(|c| c.is_ascii_digit()) {
        return Err(Shape);
    }
    let decimals = decimals.trim_end_matches('0');
    let missing = (places as usize).checked_sub(decimals.len()).ok_or(Decimals)?;
    let value: i64 = format!("{whole}{decimals}{}", "0".repeat(missing)).parse().map_err(|_| Size)?;
    Ok(if negative { -value } else { value })
}

/// The half-width form of a full-width digit, sign, point or comma.
fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{2212}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        for (text, value) in
            [("12", 1200), ("１２．５", 1250), ("1,234.50", 123_450), ("-0.5", -50), (" 7 ", 700), ("0.10000", 10)]
        {
            assert_eq!(parse_decimal(text, 2), Ok(value), "{text}");
        }
        assert_eq!(parse_decimal("1.005", 2), Err(ParseDecimalError::Decimals));
        assert_eq!(parse_decimal("99999999999999999999", 2), Err(ParseDecimalError::Size));
        for text in ["", "-", ".", ".5", "1.2.3", "12元", "1e5", "٣"] {
            assert_eq!(parse_decimal(text, 2), Err(ParseDecimalError::Shape), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(value in -1_000_000_000_000i64..1_000_000_000_000) {
            let sign = if value < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100);
            prop_assert_eq!(parse_decimal(&text, 2), Ok(value));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*", places in 0u32..8) {
            let _ = parse_decimal(&text, places);
        }
    }
}
