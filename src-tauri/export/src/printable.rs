//! Which characters of a text reach a page or a sheet: none that a font cannot show or that turns others around.

/// Whether a character belongs on paper. Left out are control characters (XML 1.0 forbids most, fonts show none), what is
/// no character at all, and the marks and overrides of direction, with which one word could be made to look like another.
pub(crate) fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text in one line: line breaks and tabs are spaces.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\t' | '\n') { ' ' } else { c }).filter(|c| is_printable(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_left_out() {
        assert_eq!(printable("甲\0乙\u{FFFE}\r\n丙\u{202E}丁\u{2066}😀"), "甲乙 丙丁😀");
    }
}
