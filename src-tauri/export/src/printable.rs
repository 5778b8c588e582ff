//! Which characters of a text reach a page or a sheet: none that a font cannot show or that turns others around.

/// Whether a character belongs on paper. Left out are control characters (XML 1.0 forbids most, fonts show none), what is
/// no character at all, and the marks and overrides of direction, with which one word could be made to look like another.
/// Records do not keep such characters either; texts of older ledgers, forms and templates may hold them.
pub(crate) fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{61C}' | '\u{200E}' | '\u{200F}')
        && !matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Longest word that is kept whole, in letters: an identity number has 18.
const LONGEST_WORD: usize = 20;
/// In longer ones a line may break after as many letters.
const PIECE: usize = 4;

/// A text in one line for the typesetter: line breaks and tabs are spaces, and words that no cell would hold, such as
/// addresses of web pages, may break.
pub(crate) fn printable(text: &str) -> String {
    let spaced = text.chars().map(|c| if matches!(c, '\t' | '\n') { ' ' } else { c });
    let clean: String = spaced.filter(|c| is_printable(*c)).collect();
    clean.split_inclusive(|c: char| !c.is_ascii_graphic()).map(breakable).collect()
}

fn breakable(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() <= LONGEST_WORD + 1 {
        return word.to_owned();
    }
    letters.chunks(PIECE).map(String::from_iter).collect::<Vec<_>>().join("\u{200B}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_left_out() {
        assert_eq!(printable("甲\0乙\u{FFFE}\r\n丙\u{202E}丁\u{2066}😀"), "甲乙 丙丁😀");
        let id = "522121199001011234";
        assert_eq!(printable(id), id);
        assert_eq!(printable(&format!("见{}。", "a".repeat(30))).matches('\u{200B}').count(), 7);
    }
}
