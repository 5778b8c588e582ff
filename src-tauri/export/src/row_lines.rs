//! How many lines a cell's text takes, where that is certain. A row of such cells is as high as that, whatever the typesetter
//! finds out: told so, it sets the row once, where it would set every cell three times to see how high it is.

use typst::layout::Abs;
use typst::text::{FontVariant, FontVariations};
use typst_kit::fonts::FontStore;

/// Left and right of a cell's text in points, as `report.typ` has it.
const INSET: f64 = 3.0;
/// What a cell's width may be off in points, either way: columns are rounded.
const SLACK: f64 = 0.2;
/// What the width of a Latin letter or digit may be off in em: some pairs stand closer together or farther apart.
const KERNING: f64 = 0.03;
/// What a mark of punctuation loses in em at the beginning or the end of a line.
const HALF: f64 = 0.5;

/// How wide a family's letters are.
pub(crate) struct LetterWidths {
    /// Of the printable ASCII characters in their order, in em; nothing where the family lacks one.
    ascii: Vec<Option<f64>>,
}

impl LetterWidths {
    /// The upright letters of a family; without it nothing is certain.
    pub fn of(store: &FontStore, family: &str) -> Self {
        let variant = FontVariant::default();
        let face = store.book().select(&family.to_lowercase(), variant).and_then(|index| store.font(index));
        let face = face.map(|face| face.instantiate(variant, Abs::pt(12.0), &FontVariations::default()));
        let width = |letter: char| {
            let face = face.as_ref()?;
            let glyph = face.ttf().glyph_index(letter)?;
            face.x_advance(glyph.0).map(|em| em.get())
        };
        LetterWidths { ascii: (' '..='~').map(width).collect() }
    }

    /// The lines that a text in letters of `size` points takes in a cell `width` points wide; nothing where that is not certain.
    pub fn lines(&self, text: &str, size: f64, width: f64) -> Option<u32> {
        let room = width - 2.0 * INSET;
        let ems: f64 = text.chars().map(|letter| self.ems(letter, KERNING)).sum::<Option<f64>>()?;
        if ems * size <= room - SLACK {
            return Some(u32::from(!text.trim().is_empty()));
        }
        let most = self.filled(text, (room - SLACK) / size, KERNING, 0.0);
        most.filter(|lines| Some(*lines) == self.filled(text, (room + SLACK) / size, -KERNING, HALF))
    }

    /// Lines filled one after the other, `room` em wide; a mark may lose `half` at a line's ends. Only of characters, numbers and
    /// single marks is it known where they break.
    fn filled(&self, text: &str, room: f64, kerning: f64, half: f64) -> Option<u32> {
        let (mut lines, mut used) = (1, 0.0);
        for unit in units(text)? {
            let mut width = unit.chars().map(|letter| self.ems(letter, kerning)).sum::<Option<f64>>()?;
            let at_end = if unit.ends_with(CLOSING) { half } else { 0.0 };
            if used + width - at_end > room {
                (lines, used) = (lines + 1, 0.0);
            }
            if used == 0.0 && unit.starts_with(OPENING) {
                width -= half;
            }
            if used + width - at_end > room {
                return None;
            }
            used += width;
        }
        Some(lines)
    }

    /// How wide a letter is. Chinese characters and punctuation are one em wide in every family.
    fn ems(&self, letter: char, kerning: f64) -> Option<f64> {
        match letter {
            ' '..='~' => self.ascii.get(letter as usize - ' ' as usize).copied().flatten().map(|width| width + kerning),
            '\u{4E00}'..='\u{9FFF}' | '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}' => Some(1.0),
            _ => None,
        }
    }
}

/// Never the first of a line.
const CLOSING: [char; 9] = ['，', '。', '、', '；', '：', '！', '？', '）', '》'];
/// Never the last of a line.
const OPENING: [char; 2] = ['（', '《'];

fn is_character(letter: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&letter)
}

/// What is never parted: a character or number with the marks before and behind it. Nothing where marks meet, where one stands at
/// a number, or where there is anything else.
fn units(text: &str) -> Option<Vec<&str>> {
    let (mut units, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let inner = rest.strip_prefix(OPENING).unwrap_or(rest);
        let number = inner.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let after = match inner.chars().next() {
            Some(letter) if is_character(letter) => {
                let after = inner.strip_prefix(letter)?;
                let marked = after.strip_prefix(CLOSING).unwrap_or(after);
                let meets = marked.len() < after.len() && !marked.is_empty() && !marked.starts_with(is_character);
                (!meets).then_some(marked)?
            }
            Some('0'..='9') if inner.len() == rest.len() && !number.starts_with(CLOSING) && !number.starts_with(OPENING) => {
                number
            }
            _ => return None,
        };
        let (unit, left) = rest.split_at(rest.len() - after.len());
        units.push(unit);
        rest = left;
    }
    Some(units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn only_what_is_certain_is_told() {
        let widths = fixture::fonts().letter_widths();
        let lines = |text: &str, ems: f64| widths.lines(text, 10.0, ems * 10.0 + 2.0 * INSET);
        assert_eq!(lines("雨露计划", 4.2), Some(1));
        assert_eq!(lines("雨露计划", 4.0), None, "a hair may be missing");
        assert_eq!(lines("雨露计划", 3.5), Some(2));
        assert_eq!(lines("雨露计划雨露计划", 3.5), Some(3));
        assert_eq!(lines("2026-6-30", 7.0), Some(1));
        assert_eq!(lines("2026-6-30", 3.0), None, "who knows where it breaks");
        assert_eq!(lines("屋面渗水，需要查看", 5.2), Some(2));
        assert_eq!(lines("屋面渗水，需要查看", 4.6), None, "a comma never begins a line, but may be narrow at its end");
        assert_eq!(lines("屋面渗水，（需要）", 5.2), None, "marks that meet are narrower");
        assert_eq!(lines("第12345678期", 3.0), None, "a number that no line holds");
        assert_eq!(lines("", 3.0), Some(0));
        for odd in ["两\n行", "Ⅷ", "表\u{3000}格", "é", "😀"] {
            assert_eq!(lines(odd, 100.0), None, "{odd}");
        }
        assert_eq!(LetterWidths::of(&FontStore::new(), "仿宋").lines("12", 10.0, 1000.0), None);
    }
}
