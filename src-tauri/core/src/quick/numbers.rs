//! Numbers as people write them: 35, ３５, 1,200, 1.5万, 三十五, 两千, 一千五, 一万二.

use super::line::Line;

/// A number in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// Where it ends.
    pub to: usize,
    /// Its value in hundredths.
    pub hundredths: i64,
    /// Whether it is written in Arabic digits.
    pub arabic: bool,
}

/// Most digits that are a number and not a telephone, an account or an ID.
const MOST_DIGITS: usize = 10;

/// The number that begins at a place; nothing in the middle of one.
pub(super) fn number_at(line: &Line, from: usize) -> Option<Number> {
    if line.at(from).is_ascii_digit() {
        if line.before(from).is_ascii_alphanumeric() || matches!(line.before(from), '.' | '-' | '/') {
            return None;
        }
        arabic(line, from)
    } else if is_numeral(line.at(from)) && !is_numeral(line.before(from)) {
        let to = numerals_end(line, from);
        let value = chinese(&line.folded(from, to))?;
        Some(Number { to, hundredths: value.checked_mul(100)?, arabic: false })
    } else {
        None
    }
}

/// Where the Chinese numerals that begin at a place end.
pub(super) fn numerals_end(line: &Line, from: usize) -> usize {
    (from..line.len()).find(|at| !is_numeral(line.at(*at))).unwrap_or(line.len())
}

pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || power(c).is_some()
}

fn digit(c: char) -> Option<i64> {
    "零一二三四五六七八九".chars().position(|each| each == c).and_then(|at| i64::try_from(at).ok()).or(match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => None,
    })
}

fn power(c: char) -> Option<i64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }
}

/// The value of Chinese numerals. The last digit of 一千五 counts hundreds, that of 一千零五 and 十五 ones.
pub(super) fn chinese(text: &str) -> Option<i64> {
    let (mut total, mut section) = (0i64, 0i64);
    let mut pending: Option<i64> = None;
    let (mut last, mut after_zero) = (i64::MAX, false);
    for c in text.chars() {
        match (digit(c), power(c)) {
            (Some(0), _) if pending.is_none() => after_zero = true,
            (Some(value), _) if pending.is_none() => pending = Some(value),
            (None, Some(power)) if power < 10_000 => {
                let first_ten = power == 10 && section == 0 && total == 0 && pending.is_none();
                let value = if first_ten { 1 } else { pending.take()? };
                if power >= last {
                    return None;
                }
                section += value * power;
                (last, after_zero) = (power, false);
            }
            (None, Some(power)) => {
                section += pending.take().unwrap_or(0);
                if section == 0 {
                    return None;
                }
                total = total.checked_add(section)?.checked_mul(power)?;
                section = 0;
                (last, after_zero) = (power, false);
            }
            _ => return None,
        }
    }
    let ones = match pending {
        Some(value) if last != i64::MAX && last >= 100 && !after_zero => value * (last / 10),
        Some(value) => value,
        None => 0,
    };
    if text.is_empty() { None } else { total.checked_add(section)?.checked_add(ones) }
}

/// Digits with thousands commas and decimals, 万 behind them, and what follows that: 1万5, 1万5千.
fn arabic(line: &Line, from: usize) -> Option<Number> {
    let (mut to, mut hundredths) = decimal(line, from)?;
    if let Some((power, behind)) = multiplier(line, to) {
        hundredths = hundredths.checked_mul(power)?;
        to = behind;
        if line.at(to).is_ascii_digit()
            && let Some((end, more)) = decimal(line, to)
        {
            let (of, behind) = multiplier(line, end).unwrap_or((if end == to + 1 { power / 10 } else { 1 }, end));
            if of < power {
                hundredths = hundredths.checked_add(more.checked_mul(of)?)?;
                to = behind;
            }
        }
    }
    Some(Number { to, hundredths, arabic: true })
}

/// 万 and its like behind a number, and the `w` of hurried typists.
fn multiplier(line: &Line, at: usize) -> Option<(i64, usize)> {
    let spaced = line.skip_space(at);
    if line.at(at) == 'w' && !line.at(at + 1).is_ascii_alphanumeric() {
        return Some((10_000, at + 1));
    }
    match power(line.at(spaced)) {
        Some(10) | None => None,
        // A word such as 千家 or 百姓 does not belong to the number before it.
        Some(_) if spaced > at && !matches!(line.at(spaced + 1), '元' | '块' | '斤' | '亩') => None,
        Some(power) => Some((power, spaced + 1)),
    }
}

fn decimal(line: &Line, from: usize) -> Option<(usize, i64)> {
    let digits_end = |from: usize| (from..line.len()).find(|at| !line.at(*at).is_ascii_digit()).unwrap_or(line.len());
    let mut to = digits_end(from);
    let mut whole = line.folded(from, to);
    while whole.len() <= 9 && line.at(to) == ',' && digits_end(to + 1) == to + 4 {
        whole.push_str(&line.folded(to + 1, to + 4));
        to += 4;
    }
    let mut decimals = String::new();
    if line.at(to) == '.' && line.at(to + 1).is_ascii_digit() {
        let end = digits_end(to + 1);
        decimals = line.folded(to + 1, end);
        to = end;
    }
    if whole.len() > MOST_DIGITS || decimals.len() > 2 {
        return None;
    }
    let value: i64 = format!("{whole}{decimals:0<2}").parse().ok()?;
    Some((to, value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<i64> {
        let line = Line::of(text);
        number_at(&line, 0).filter(|number| number.to == line.len()).map(|number| number.hundredths)
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("35", 35),
            ("３５", 35),
            ("1,200", 1200),
            ("三十五", 35),
            ("十", 10),
            ("十五", 15),
            ("二十", 20),
            ("两千", 2000),
            ("一千五", 1500),
            ("一万二", 12_000),
            ("两万三千", 23_000),
            ("一百零一", 101),
            ("一千零五十", 1050),
            ("二百五", 250),
            ("三千六百五十二", 3652),
            ("十二万", 120_000),
            ("1万5", 15_000),
            ("1万5千", 15_000),
            ("3千", 3000),
            ("2w", 20_000),
            ("〇", 0),
        ] {
            assert_eq!(read(text), Some(value * 100), "{text}");
        }
        assert_eq!(read("1.5万"), Some(1_500_000));
        assert_eq!(read("12.5"), Some(1250));
        for text in ["", "两三", "百", "万", "三十百", "一二三", "13912345678", "1.234", "几十", "3a"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    /// As a clerk writes it, in full.
    fn in_numerals(value: i64) -> String {
        let names: Vec<char> = "零一二三四五六七八九".chars().collect();
        let mut text = String::new();
        let mut gap = false;
        for (power, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = value / power % 10;
            if digit == 0 {
                gap = !text.is_empty();
                continue;
            }
            if gap {
                text.push('零');
            }
            gap = false;
            text.push(names[usize::try_from(digit).unwrap()]);
            text.push_str(unit);
        }
        text
    }

    proptest! {
        #[test]
        fn numerals_in_full_read_back(value in 1i64..10_000) {
            let text = in_numerals(value);
            prop_assert_eq!(chinese(&text), Some(value), "{}", text);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9零一二两三九十百千万亿,.w]{0,30}") {
            let _ = read(&text);
        }
    }
}
