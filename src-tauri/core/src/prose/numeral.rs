//! Numerals as they are written: 1,234.5 · １２ · 三十二 · 一百二十 · 1.2万 · 百分之九十五.

use super::ONE;

/// A numeral without its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    pub from: usize,
    /// Behind its last character.
    pub to: usize,
    /// In ten-thousandths.
    pub value: i128,
    /// The last place that is written.
    pub grain: i128,
    /// Written in Chinese numerals.
    pub chinese: bool,
}

/// 万 and 亿 behind a numeral.
pub(super) struct Scale {
    pub by: i128,
    pub word: String,
    pub to: usize,
}

fn arabic(c: char) -> Option<i128> {
    let plain = if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xfee0)? } else { c };
    plain.to_digit(10).map(i128::from)
}

fn chinese(c: char) -> Option<i128> {
    "零一二三四五六七八九".chars().position(|digit| digit == c).map(|at| at as i128).or(match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => None,
    })
}

fn power(c: char) -> Option<i128> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// Whether a character is part of a numeral of either kind.
pub(super) fn is_digit(c: char) -> bool {
    arabic(c).is_some() || chinese(c).is_some() || power(c).is_some()
}

pub(super) fn is_arabic(c: char) -> bool {
    arabic(c).is_some()
}

pub(super) fn is_chinese(c: char) -> bool {
    chinese(c).is_some() || power(c).is_some()
}

/// Whether a numeral may begin here.
pub(super) fn starts(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(|c| arabic(*c).is_some() || chinese(*c).is_some() || *c == '十')
        && at.checked_sub(1).and_then(|before| chars.get(before)).is_none_or(|before| !is_digit(*before) && *before != '几')
}

/// Behind the numeral that begins here, whether it can be read or not.
pub(super) fn end(chars: &[char], at: usize) -> usize {
    let length = chars.iter().skip(at).take_while(|c| is_digit(**c) || matches!(c, '.' | ',' | '万' | '亿')).count();
    at + length.max(1)
}

/// The numeral that begins here.
pub(super) fn read(chars: &[char], at: usize) -> Option<Numeral> {
    let first = chars.get(at)?;
    if arabic(*first).is_some() { read_arabic(chars, at) } else { read_chinese(chars, at) }
}

fn read_arabic(chars: &[char], from: usize) -> Option<Numeral> {
    let (mut to, mut value, mut digits) = (from, 0i128, 0);
    while let Some(c) = chars.get(to) {
        if let Some(digit) = arabic(*c) {
            value = value * 10 + digit;
            digits += 1;
        } else if !(*c == ',' && groups_of_three(chars, to)) {
            break;
        }
        to += 1;
    }
    if digits > 15 {
        return None;
    }
    let mut grain = ONE;
    value *= ONE;
    if matches!(chars.get(to), Some('.' | '．')) && chars.get(to + 1).is_some_and(|c| arabic(*c).is_some()) {
        to += 1;
        while let Some(digit) = chars.get(to).and_then(|c| arabic(*c)) {
            grain /= 10;
            value += digit * grain;
            to += 1;
        }
        if grain == 0 || matches!(chars.get(to), Some('.' | '．')) {
            return None;
        }
    }
    Some(Numeral { from, to, value, grain, chinese: false })
}

/// Exactly three digits follow the comma.
fn groups_of_three(chars: &[char], comma: usize) -> bool {
    let digits = chars.iter().skip(comma + 1).take_while(|c| arabic(**c).is_some()).count();
    digits == 3
}

fn read_chinese(chars: &[char], from: usize) -> Option<Numeral> {
    let (mut to, mut total, mut last) = (from, 0i128, None);
    while let Some(c) = chars.get(to) {
        if let Some(digit) = chinese(*c) {
            // 三四户, 三五户: nobody counted.
            if last.is_some_and(|last| last != 0) {
                return None;
            }
            last = Some(digit);
        } else if let Some(power) = power(*c) {
            total += last.take().unwrap_or(1) * power;
        } else if *c == '几' {
            return None;
        } else {
            break;
        }
        to += 1;
    }
    total += last.unwrap_or(0);
    (to > from && total > 0).then_some(Numeral { from, to, value: total * ONE, grain: ONE, chinese: true })
}

/// 万, 亿 (also 千, 百 behind Arabic digits) at a place: what the numeral before is multiplied by.
pub(super) fn scale(chars: &[char], at: usize) -> Scale {
    let (by, length) = match (chars.get(at), chars.get(at + 1)) {
        (Some('亿'), _) => (100_000_000, 1),
        (Some('万'), Some('亿')) => (1_000_000_000_000, 2),
        (Some('万'), _) => (10_000, 1),
        (Some('千'), Some('元' | '斤' | '多' | '余')) => (1000, 1),
        _ => (1, 0),
    };
    Scale { by, word: chars.iter().skip(at).take(length).collect(), to: at + length }
}
