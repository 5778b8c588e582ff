//! Text as it is kept, compared and printed.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The kept form of typed text: NFC, without what cannot be seen (control characters but line breaks and tabs, marks of
/// direction, spaces of no width), trimmed.
pub fn normalise(text: &str) -> String {
    if is_kept_form(text) {
        return text.to_owned();
    }
    let lines = text.nfc().map(|c| if matches!(c, '\u{2028}' | '\u{2029}') { '\n' } else { c });
    let kept: String = lines.filter(|c| !is_unseen(*c)).collect();
    // What a mark stood between may compose now.
    let kept: String = kept.nfc().collect();
    kept.trim().to_owned()
}

/// Characters that nobody sees and that make one text look like another: the same name with and without a space of no width
/// would be two people, and an override of direction shows a word backwards. The joiners stay: emoji and some scripts need them.
fn is_unseen(c: char) -> bool {
    let is_low = c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    if is_low {
        return c.is_ascii_control() && !matches!(c, '\n' | '\t');
    }
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether [`normalise`] would leave a text as it is; nearly every text is, and seeing it is cheap.
pub fn is_kept_form(text: &str) -> bool {
    text.trim().len() == text.len()
        && (text.chars().all(is_plain) || !text.chars().any(is_unseen) && is_nfc_quick(text.chars()) == IsNormalized::Yes)
}

/// What nearly every text consists of, and what nothing is ever done to: ASCII that is seen, line breaks, tabs, Chinese
/// characters and their punctuation.
pub(crate) fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\t' | '一'..='\u{9fff}' | '、'..='】' | '！'..='～' | '—' | '‘'..='’' | '“'..='”' | '…' | '·')
}

/// A text with full-width forms as half-width and compatibility characters as what they stand for (NFKC). Chinese characters
/// and ASCII, which nearly every text consists of, stay as they are, and seeing that is cheap.
pub fn half_width(text: &str) -> Cow<'_, str> {
    let stays = |c: char| c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    if text.chars().all(stays) { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// The form in which names are compared: no white space, full-width forms as half-width, every middle dot the same.
pub fn fold_name(name: &str) -> String {
    half_width(name)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '•' | '・' | '‧' | '．' | '.') { '·' } else { c })
        .collect()
}

/// Whether a text is shaped like a Chinese mobile or landline number.
pub fn is_phone(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('1') {
        return text.len() == 11 && digits(rest) && matches!(rest.as_bytes().first(), Some(b'3'..=b'9'));
    }
    let Some(rest) = text.strip_prefix('0') else { return false };
    match rest.split_once('-') {
        Some((area, number)) => matches!(area.len(), 2 | 3) && digits(area) && matches!(number.len(), 7 | 8) && digits(number),
        None => digits(rest) && (9..=11).contains(&rest.len()),
    }
}

/// `2026年6月30日`, without leading zeros.
pub fn print_day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// Basis points as per cent: 1280 → `12.8%`, at most two decimals, trailing zeros dropped.
pub fn print_percent(basis_points: i64) -> String {
    let sign = if basis_points < 0 { "-" } else { "" };
    let (whole, rest) = (basis_points.abs() / 100, basis_points.abs() % 100);
    match rest {
        0 => format!("{sign}{whole}%"),
        r if r % 10 == 0 => format!("{sign}{whole}.{}%", r / 10),
        r => format!("{sign}{whole}.{r:02}%"),
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::canonical_combining_class;

    use super::*;

    #[test]
    fn a_text_is_told_to_be_in_its_kept_form_only_where_nothing_would_change() {
        for text in [
            "",
            "石老三",
            "走访\n记事",
            "e\u{301}",
            " 石",
            "石\u{3000}",
            "石\u{0}三",
            "\u{f900}",
            "가",
            "\u{1112}\u{1161}",
            "a\u{7f}",
        ] {
            let normal: String = text.nfc().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
            assert_eq!(normalise(text), normal.trim(), "{text:?}");
            assert!(!is_kept_form(text) || normal.trim() == text, "{text:?}");
        }
    }

    #[test]
    fn plain_characters_are_seen_and_stay_as_they_are() {
        for c in ('\0'..=char::MAX).filter(|c| is_plain(*c)) {
            let alone = c.to_string();
            assert!(!is_unseen(c) && is_nfc_quick(alone.chars()) == IsNormalized::Yes, "{c:?}");
            assert_eq!(canonical_combining_class(c), 0, "{c:?} joins what stands before it");
        }
    }

    #[test]
    fn what_nobody_sees_is_not_kept_and_what_emoji_need_is() {
        for (typed, kept) in [
            ("石\u{200b}老\u{feff}三", "石老三"),
            ("石\u{202e}三老\u{202c}", "石三老"),
            ("\u{2067}甲\u{2069}\u{200f}", "甲"),
            ("第一行\r\n第二行\u{2028}第三行", "第一行\n第二行\n第三行"),
            ("甲\u{fffe}乙\u{10ffff}", "甲乙"),
            ("e\u{200b}\u{301}", "é"),
            ("\u{200b} 石 \u{200b}", "石"),
            ("👩\u{200d}👧🏽️", "👩\u{200d}👧🏽️"),
        ] {
            assert_eq!(normalise(typed), kept, "{typed:?}");
            assert!(is_kept_form(kept) && normalise(kept) == kept, "{kept:?}");
        }
    }

    #[test]
    fn names_compare_without_spaces_width_and_kind_of_dot() {
        assert_eq!(fold_name("石 老　三"), "石老三");
        assert_eq!(fold_name("阿依古丽•买买提"), fold_name("阿依古丽·买买提"));
    }

    #[test]
    fn phones_are_mobile_or_landline() {
        for good in ["13912345678", "0771-1234567", "07711234567"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["12912345678", "1391234567", "号码", "0-1", "", "1"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn per_cent_drops_trailing_zeros() {
        assert_eq!([10_000, 1280, 333, 5].map(print_percent), ["100%", "12.8%", "3.33%", "0.05%"]);
    }
}
