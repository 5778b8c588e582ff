//! What is shown of a record's numbers until somebody asks for them: those in fields of their own, and those within a text.
//!
//! A covered text has as many characters as the whole one, so that a place within the one is a place within the other.

use std::borrow::Cow;

use serde_json::Value;

use super::masking::{mask_bank_number, mask_id_number, mask_phone};
use super::{Id, is_phone};

/// How a number is covered.
pub type Mask = fn(&str) -> String;

/// Fields that hold a number of somebody, in every kind of record: what they are called, and how they are covered.
const NUMBER_FIELDS: &[(&str, &str, Mask)] = &[
    ("id_number", "身份证号", mask_id_number),
    ("phone", "联系电话", mask_phone),
    ("bank_number", "银行卡号", mask_bank_number),
    ("payee_account", "银行账号", mask_bank_number),
];

/// Numbers that name a household, a person or a place in a register. They are no secret, and look like accounts.
const REGISTER_FIELDS: &[&str] = &["ext_no", "code"];

/// Fewer digits than this are no number of a person.
const SHORTEST: usize = 10;

/// What stands behind a covered number that was exchanged for one that looks the same covered.
const OTHER_NUMBER: &str = "（号码不同）";

/// The field that the last part of a path names, if it holds a number of somebody: what it is called, and how it is covered.
pub fn number_field(path: &str) -> Option<(&'static str, Mask)> {
    let field = path.rsplit('.').next()?;
    NUMBER_FIELDS.iter().find(|(name, ..)| *name == field).map(|(_, label, mask)| (*label, *mask))
}

/// The text of a field as it is shown until its number is asked for.
pub fn cover_field<'t>(path: &str, text: &'t str) -> Cow<'t, str> {
    let field = path.rsplit('.').next().unwrap_or(path);
    match number_field(field) {
        Some((_, mask)) if !text.is_empty() => Cow::Owned(mask(text)),
        None if !REGISTER_FIELDS.contains(&field) => cover_numbers(text),
        _ => Cow::Borrowed(text),
    }
}

/// A text in which numbers of the shape of an ID, telephone or account number are covered.
pub fn cover_numbers(text: &str) -> Cow<'_, str> {
    if text.chars().filter_map(digit).take(SHORTEST).count() < SHORTEST {
        return Cow::Borrowed(text);
    }
    let mut letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut is_covered = false;
    while at < letters.len() {
        let run = run_at(&letters, at);
        // What stands behind a decimal point is part of an amount.
        let is_fraction = at > 0 && letters[at - 1] == '.';
        let found = if run == 0 || is_fraction { None } else { number_at(&letters, at, run) };
        let length = found.map_or(run, |(length, _)| length);
        if let Some((length, mask)) = found {
            let number: String = letters[at..at + length].iter().map(|c| digit(*c).unwrap_or(*c)).collect();
            for (letter, shown) in letters[at..].iter_mut().zip(mask(&number).chars()).filter(|(_, shown)| *shown == '*') {
                *letter = shown;
            }
            is_covered = true;
        }
        at += length.max(1);
    }
    if is_covered { Cow::Owned(letters.into_iter().collect()) } else { Cow::Borrowed(text) }
}

/// Covers all numbers of a record's content.
pub fn cover_content(content: &mut Value) {
    cover_within(content, "");
}

/// Covers what a change made of a content. A number that was exchanged for one that looks the same is told to be another.
pub fn cover_change(before: &mut Value, after: &mut Value) {
    cover_both(before, after, "");
}

/// The same of one field, which a path names.
pub fn cover_field_change(path: &str, before: &mut Value, after: &mut Value) {
    cover_both(before, after, path.rsplit('.').next().unwrap_or(path));
}

fn cover_within(value: &mut Value, field: &str) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(field, value)| cover_within(value, field)),
        Value::Array(entries) => entries.iter_mut().for_each(|entry| cover_within(entry, field)),
        Value::String(text) => cover_text(text, field),
        _ => {}
    }
}

fn cover_both(before: &mut Value, after: &mut Value, field: &str) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (field, after) in after.iter_mut() {
                match before.get_mut(field) {
                    Some(before) => cover_both(before, after, field),
                    None => cover_within(after, field),
                }
            }
            before
                .iter_mut()
                .filter(|(field, _)| !after.contains_key(*field))
                .for_each(|(field, value)| cover_within(value, field));
        }
        (Value::Array(before), Value::Array(after)) => {
            let both = before.len().min(after.len());
            before.iter_mut().zip(after.iter_mut()).for_each(|(before, after)| cover_both(before, after, field));
            before.iter_mut().skip(both).chain(after.iter_mut().skip(both)).for_each(|entry| cover_within(entry, field));
        }
        (Value::String(before), Value::String(after)) => {
            let is_other = before != after;
            cover_text(before, field);
            cover_text(after, field);
            if is_other && before == after {
                after.push_str(OTHER_NUMBER);
            }
        }
        (before, after) => {
            cover_within(before, field);
            cover_within(after, field);
        }
    }
}

fn cover_text(text: &mut String, field: &str) {
    // The end of an id may be digits alone.
    if Id::parse(text).is_some() {
        return;
    }
    if let Cow::Owned(covered) = cover_field(field, text) {
        *text = covered;
    }
}

/// A digit, full-width ones as half-width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

fn run_at(letters: &[char], at: usize) -> usize {
    letters[at..].iter().take_while(|c| digit(**c).is_some()).count()
}

/// The number that begins with a run of digits: how long it is, and how it is covered.
fn number_at(letters: &[char], at: usize, run: usize) -> Option<(usize, Mask)> {
    let text = |length: usize| letters[at..at + length].iter().map(|c| digit(*c).unwrap_or(*c)).collect::<String>();
    let is_crossed = run == 17 && matches!(letters.get(at + run), Some('X' | 'x' | 'Ｘ' | 'ｘ'));
    match run {
        // Telephones are also written in groups: 138 1234 5678, 0776-2830011.
        3 if parted(letters, at, &[3, 4, 4]) && is_phone(&bare(&text(13))) => Some((13, mask_phone)),
        3 | 4 => [7, 8].into_iter().find_map(|rest| {
            let length = run + 1 + rest;
            (parted(letters, at, &[run, rest]) && is_phone(&bare(&text(length)))).then_some((length, mask_phone as Mask))
        }),
        _ if is_crossed => Some((18, mask_id_number)),
        15 | 18 => Some((run, mask_id_number)),
        16 | 17 | 19 => Some((run, mask_bank_number)),
        10..=12 if is_phone(&text(run)) => Some((run, mask_phone)),
        _ => None,
    }
}

fn bare(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Whether runs of these lengths stand here, parted by a space or a dash each.
fn parted(letters: &[char], mut at: usize, lengths: &[usize]) -> bool {
    lengths.iter().enumerate().all(|(nth, length)| {
        if nth > 0 {
            if !matches!(letters.get(at), Some(' ' | '-' | '—' | '－')) {
                return false;
            }
            at += 1;
        }
        let fits = at < letters.len() && run_at(letters, at) == *length;
        at += length;
        fits
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_in_fields_are_covered_as_the_forms_of_the_window_cover_them() {
        // The window's own test reads the same table (ui/tests/covered.test.ts).
        let table = include_str!("../../../../tests/fixtures/covered.json");
        for [path, number, covered] in serde_json::from_str::<Vec<[String; 3]>>(table).unwrap() {
            assert_eq!(cover_field(&path, &number), covered, "{path}");
        }
    }

    #[test]
    fn numbers_within_a_text_are_covered_whatever_way_they_are_written() {
        for (text, covered) in [
            ("电话13812345678，明天去", "电话138****5678，明天去"),
            ("138 1234 5678", "138******5678"),
            ("１３８１２３４５６７８打不通", "１３８****５６７８打不通"),
            ("座机0776-2830011、07762830011", "座机077*****0011、077****0011"),
            ("证号11010519491231002x。", "证号110105********002x。"),
            ("卡6222021234567890123", "卡***************0123"),
            ("旧证110105491231002", "旧证110105*****1002"),
        ] {
            assert_eq!(cover_numbers(text), covered, "{text}");
            assert_eq!(covered.chars().count(), text.chars().count());
        }
        for kept in [
            "2026-06-30至2026-07-01",
            "桂乡发〔2026〕12号",
            "1234567890123.5元",
            "0.13812345678",
            "451026001001",
            "2026年1季度138户",
        ] {
            assert_eq!(cover_numbers(kept), kept);
        }
    }

    #[test]
    fn a_field_of_numbers_is_covered_whatever_stands_in_it() {
        assert_eq!(cover_field("members.2.phone", "8300112"), "*******");
        assert_eq!(cover_field("payee_account", "62170001"), "****0001");
        assert_eq!(cover_field("ext_no", "110105194912310021"), "110105194912310021", "a number of a register");
        assert_eq!(cover_field("note", ""), "");
    }

    #[test]
    fn a_change_tells_that_a_number_is_another_even_where_it_looks_the_same() {
        let mut before = json!({ "phone": "13812345678", "members": [{ "id_number": "11010519491231002X" }], "note": "甲" });
        let mut after = json!({ "phone": "13899995678", "members": [{ "id_number": "11010519491231002X" }], "note": "乙" });
        cover_change(&mut before, &mut after);
        assert_eq!(before, json!({ "phone": "138****5678", "members": [{ "id_number": "110105********002X" }], "note": "甲" }));
        assert_eq!(after["phone"], json!("138****5678（号码不同）"));
        assert_eq!(after["members"], before["members"], "what did not change does not look changed");

        let mut before = json!({ "members": [{ "phone": "13812345678" }], "phone": null, "was": "13812345678" });
        let mut after = json!({ "members": [{ "phone": "13812345678" }, { "phone": "13812345679" }], "phone": "13812345678" });
        cover_change(&mut before, &mut after);
        assert_eq!(before, json!({ "members": [{ "phone": "138****5678" }], "phone": null, "was": "138****5678" }));
        assert_eq!(after, json!({ "members": [{ "phone": "138****5678" }, { "phone": "138****5679" }], "phone": "138****5678" }));
    }

    #[test]
    fn ids_of_records_stay_whole() {
        let mut content =
            json!({ "village_id": "0197a1b2-0000-7000-8000-013812345678", "ids": ["00000000-0000-0000-0000-000000000000"] });
        let whole = content.clone();
        cover_content(&mut content);
        assert_eq!(content, whole);
    }

    proptest! {
        #[test]
        fn a_covered_text_is_as_long_and_holds_no_mobile_number(before in "[一-十a ]{0,4}", number in "1[3-9][0-9]{9}", after in "[一-十， ]{0,4}") {
            let text = format!("{before}{number}{after}");
            let covered = cover_numbers(&text);
            prop_assert_eq!(covered.chars().count(), text.chars().count());
            prop_assert!(!covered.contains(&number));
            prop_assert_eq!(cover_numbers(&covered), covered.as_ref());
        }
    }
}
