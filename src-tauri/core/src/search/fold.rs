//! The form in which texts are compared: character by character, so that a place in the folded text is the same place in
//! the text as it is shown.

use crate::value::normalise;

/// A character as it is compared: ASCII letters in lower case, full-width forms (`Ａ１，`) and the wide space as half-width, a
/// line's end as a space, since nobody can type one into the search.
pub(super) fn fold_char(c: char) -> char {
    let narrow = match c {
        '\u{3000}' | '\n' | '\t' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    narrow.to_ascii_lowercase()
}

/// Appends a kept text in its compared form.
pub(super) fn push_folded(to: &mut String, text: &str) {
    to.extend(text.chars().map(fold_char));
}

/// A typed text in its compared form: as records keep texts ([`normalise`]), then folded.
pub(super) fn fold(typed: &str) -> String {
    let mut folded = String::with_capacity(typed.len());
    push_folded(&mut folded, &normalise(typed));
    folded
}

/// A number in its compared form: letters and digits alone, as `138 1234 5678` and `0771-1234567` mean the same.
pub(super) fn fold_number(number: &str) -> String {
    number.chars().map(fold_char).filter(char::is_ascii_alphanumeric).collect()
}

/// The digits of a number if that is what was typed: four and more, an X only at the end.
pub(super) fn digits(folded: &str) -> Option<String> {
    let kept: String = folded.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let body = kept.strip_suffix('x').unwrap_or(&kept);
    let fits = kept.len() >= 4 && !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_do_not_matter_and_places_stay() {
        assert_eq!(fold(" Ａ区－３　号MP3 "), "a区-3 号mp3");
        let text = "Ｗi-Ｆi，说明。";
        let mut folded = String::new();
        push_folded(&mut folded, text);
        assert_eq!(folded.chars().count(), text.chars().count());
    }

    #[test]
    fn a_number_is_four_digits_with_whatever_stands_between() {
        for (typed, kept) in [("138 1234-5678", "13812345678"), ("1234", "1234"), ("012x", "012x"), ("１２３４", "1234")] {
            assert_eq!(digits(&fold(typed)).as_deref(), Some(kept));
        }
        for typed in ["123", "12a4", "xxxx", "x123", "12 3", "石1234", ""] {
            assert_eq!(digits(&fold(typed)), None, "{typed}");
        }
    }
}
