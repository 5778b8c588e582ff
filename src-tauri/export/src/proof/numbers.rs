//! Numbers in a text: runs of digits, also with single spaces or dashes between them, and what each looks like.

use unicode_normalization::UnicodeNormalization;
use zhucun_core::value::IdNumber;

/// What a number looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    /// 身份证号 whose check character fits.
    Id,
    /// 手机号.
    Phone,
    /// 银行卡号 whose check digit fits.
    Card,
    /// Anything else of at least seven digits.
    Other,
}

/// Shorter runs are counts and years.
const SHORTEST: usize = 7;
/// Longer runs are no number of a person; they are cut where they are looked at.
const LONGEST: usize = 400;

/// The numbers of a text.
pub(super) fn found(text: &str) -> impl Iterator<Item = (NumberKind, String)> {
    text.split('\n').filter(|line| may_hold_a_number(line)).flat_map(runs).flat_map(|run| kinds(&run))
}

/// Whether a line has letters enough that are digits, or may stand for some: circled, wide or raised ones, for up to three each.
fn may_hold_a_number(line: &str) -> bool {
    let weight = |c: char| match c {
        '0'..='9' => 1,
        _ if c.is_ascii() => 0,
        // Chinese characters and punctuation, as they are or wide.
        '\u{4e00}'..='\u{9fff}'
        | '\u{3000}'..='\u{303f}'
        | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{2010}'..='\u{2027}' => 0,
        _ => 3,
    };
    line.chars().map(weight).sum::<usize>() >= SHORTEST
}

/// All digits of a text in their order, line breaks or not.
pub(super) fn digits_of(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in text.nfkc() {
        let c = c.to_ascii_uppercase();
        let is_check = c == 'X' && before.is_ascii_digit();
        if c.is_ascii_digit() || is_check {
            out.push(c);
        } else if !c.is_whitespace() && c != '\u{200B}' {
            out.push(' ');
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    out
}

/// Runs of digits, an X at their end included. A digit behind a decimal point is part of an amount, not of a number.
fn runs(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.nfkc().filter(|c| *c != '\u{200B}').collect();
    let (mut runs, mut run, mut fraction) = (Vec::new(), String::new(), false);
    let mut finish = |run: &mut String| {
        if run.len() >= SHORTEST {
            runs.push(run.chars().take(LONGEST).collect());
        }
        run.clear();
    };
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        match letter {
            '0'..='9' if !fraction => run.push(*letter),
            '0'..='9' => {}
            'X' | 'x' if run.len() >= 17 => {
                run.push('X');
                finish(&mut run);
            }
            ' ' | '-' | '\u{2010}'..='\u{2015}' if !run.is_empty() && is_digit_or_x(next) => {}
            '.' if !run.is_empty() && next.is_ascii_digit() => {
                finish(&mut run);
                fraction = true;
            }
            _ => {
                finish(&mut run);
                fraction = false;
            }
        }
    }
    finish(&mut run);
    runs
}

fn is_digit_or_x(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'X' | 'x')
}

fn kinds(run: &str) -> Vec<(NumberKind, String)> {
    let ids: Vec<_> = windows(run, 18).filter(|part| is_id(part)).map(|part| (NumberKind::Id, part.to_owned())).collect();
    if !ids.is_empty() {
        return ids;
    }
    let kind = match run.len() {
        11 if is_mobile(run) => NumberKind::Phone,
        16..=19 if luhn(run) => NumberKind::Card,
        _ => NumberKind::Other,
    };
    vec![(kind, run.to_owned())]
}

fn windows(run: &str, length: usize) -> impl Iterator<Item = &str> {
    (0..run.len().saturating_sub(length - 1)).filter_map(move |at| run.get(at..at + length))
}

fn is_id(part: &str) -> bool {
    let today = chrono::NaiveDate::from_ymd_opt(2100, 12, 31).unwrap_or_default();
    let region = part.get(..2).and_then(|region| region.parse::<u8>().ok()).unwrap_or(0);
    (11..=99).contains(&region) && IdNumber::parse(part, today).is_ok_and(|number| number.check_digit_fits())
}

fn is_mobile(run: &str) -> bool {
    matches!(run.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// The check of card numbers (ISO/IEC 7812).
fn luhn(run: &str) -> bool {
    let digits = run.bytes().rev().enumerate().map(|(at, byte)| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if at % 2 == 0 { digit } else { (digit * 2) / 10 + (digit * 2) % 10 }
    });
    run.bytes().all(|b| b.is_ascii_digit()) && run.bytes().any(|b| b != b'0') && digits.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(text: &str) -> Vec<NumberKind> {
        found(text).map(|(kind, _)| kind).collect()
    }

    #[test]
    fn numbers_are_known_by_their_shape_and_check() {
        assert_eq!(kind("证号11010519491231002x。"), [NumberKind::Id]);
        assert_eq!(kind("110105-19491231-002X"), [NumberKind::Id]);
        assert_eq!(kind("110105194912310021"), [NumberKind::Other], "a wrong check digit");
        assert_eq!(kind("138-1234-5678"), [NumberKind::Phone]);
        assert_eq!(kind("6222021234567890128"), [NumberKind::Card]);
        assert_eq!(
            kind("2026年6月30日走访120户次，0.13812345678，金额13812345678.50元"),
            [NumberKind::Phone],
            "an amount of 138 亿 is no amount of a village"
        );
        assert!(kind("138****5678、12.5万元、1—2").is_empty());
    }

    proptest! {
        #[test]
        fn an_id_number_is_found_wherever_it_stands(region in 110_000u32..659_999, seq in 1u32..=998, before in "[一-十，。]{0,3}", after in "[一-十，。]{0,3}") {
            let id = IdNumber::complete(&format!("{region}19800229{seq:03}"));
            let text = format!("{before}{id}{after}");
            prop_assert!(found(&text).any(|(kind, number)| kind == NumberKind::Id && number == id));
        }

        #[test]
        fn any_text_is_read_without_harm(text in ".{0,60}") {
            let _ = found(&text).count();
            let _ = digits_of(&text);
        }
    }
}
