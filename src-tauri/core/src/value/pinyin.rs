//! 拼音: whether typed letters spell a Chinese text, by full syllables, initials, or a mixture of both.
//!
//! A character has all its readings, so that 重 is found by `chong` and by `zhong`; surnames have their own (单 shàn, 解 xiè)
//! beside the usual ones. Tones are never asked for.

use std::collections::HashSet;

use pinyin::ToPinyinMulti;

/// Surnames whose reading as a surname a common dictionary does not give first, or not at all.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('曾', "zeng"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('区', "ou"),
    ('朴', "piao"),
    ('查', "zha"),
    ('盖', "ge"),
    ('乐', "yue"),
    ('任', "ren"),
    ('华', "hua"),
    ('尉', "yu"),
    ('尹', "yin"),
    ('冼', "xian"),
    ('洗', "xian"),
    ('缪', "miao"),
    ('翟', "zhai"),
    ('秘', "bi"),
    ('员', "yun"),
    ('种', "chong"),
    ('祭', "zhai"),
    ('那', "na"),
    ('哈', "ha"),
    ('折', "she"),
    ('逄', "pang"),
    ('万', "wan"),
    ('俟', "qi"),
    ('黑', "he"),
    ('盛', "sheng"),
    ('卜', "bu"),
    ('召', "shao"),
    ('尧', "yao"),
    ('褚', "chu"),
    ('宓', "mi"),
    ('眭', "sui"),
    ('谌', "chen"),
    ('葛', "ge"),
    ('纪', "ji"),
    ('令', "ling"),
    ('句', "gou"),
    ('繁', "po"),
    ('隗', "wei"),
    ('郇', "huan"),
    ('晁', "chao"),
    ('覃', "qin"),
    ('覃', "tan"),
    ('危', "wei"),
    ('贾', "jia"),
    ('薄', "bo"),
    ('车', "che"),
    ('干', "gan"),
    ('於', "yu"),
    ('曲', "qu"),
    ('兴', "xing"),
    ('柏', "bai"),
    ('谷', "gu"),
    ('能', "nai"),
    ('撒', "sa"),
    ('相', "xiang"),
    ('洪', "hong"),
    ('燕', "yan"),
    ('宿', "su"),
    ('牟', "mu"),
    ('佴', "nai"),
    ('过', "guo"),
    ('呙', "guo"),
    ('吴', "wu"),
    ('闫', "yan"),
    ('亓', "qi"),
    ('乜', "nie"),
    ('么', "yao"),
    ('长', "zhang"),
];

/// Every reading of a character without tone, `ü` written `v`; empty for what is not a Chinese character.
pub fn readings(character: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let usual = character.to_pinyin_multi().into_iter().flatten().map(|reading| reading.plain().replace('ü', "v"));
    let surname = SURNAMES.iter().filter(|(surname, _)| *surname == character).map(|(_, reading)| (*reading).to_owned());
    for reading in usual.chain(surname) {
        if !found.contains(&reading) {
            found.push(reading);
        }
    }
    found
}

/// Whether letters can be pinyin at all: nothing but ASCII letters (and apostrophes between syllables), at least one.
pub fn is_spelling(query: &str) -> bool {
    query.chars().any(|c| c.is_ascii_alphabetic()) && query.chars().all(|c| c.is_ascii_alphabetic() || c == '\'' || c == 'ü')
}

/// What was typed, as letters to compare with, if it can be pinyin at all; spaces between syllables are let pass.
pub fn typed_letters(query: &str) -> Option<String> {
    let query: String = query.chars().filter(|c| !c.is_whitespace()).collect();
    is_spelling(&query).then(|| folded(&query))
}

/// A text ready to be compared with typed letters.
#[derive(Debug, Clone)]
pub struct Spelled {
    characters: Vec<(usize, Vec<String>)>,
}

impl Spelled {
    /// The readings of every character of a text; other characters stand for themselves, in lower case.
    pub fn of(text: &str) -> Self {
        let spell = |c: char| match readings(c) {
            found if found.is_empty() => vec![c.to_lowercase().collect()],
            found => found,
        };
        let characters = text.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
        Spelled { characters: characters.map(|(at, c)| (at, spell(c))).collect() }
    }

    /// Whether the letters spell a run of characters somewhere in the text. The last syllable may be unfinished.
    pub fn holds(&self, letters: &str) -> bool {
        self.find(letters).is_some()
    }

    /// The run of characters that the letters spell: its first, and the one behind it.
    pub fn find(&self, letters: &str) -> Option<(usize, usize)> {
        let letters = folded(letters);
        let place = |at: usize| self.characters.get(at).map(|(place, _)| *place);
        let starts = (0..self.characters.len()).filter(|_| !letters.is_empty());
        let (first, end) =
            starts.filter_map(|start| Some((start, self.spells(start, &letters, false, &mut Failed::of(start))?))).next()?;
        Some((place(first)?, place(end.checked_sub(1)?)? + 1))
    }

    /// Whether the letters spell the whole text, each character by its initial or its full syllable.
    pub fn is(&self, letters: &str) -> bool {
        let letters = folded(letters);
        !letters.is_empty() && self.spells(0, &letters, true, &mut Failed::of(0)).is_some()
    }

    /// Where the letters are used up, if they spell the characters from `at` on.
    fn spells(&self, at: usize, letters: &str, whole: bool, failed: &mut Failed) -> Option<usize> {
        if letters.is_empty() {
            return (!whole || at == self.characters.len()).then_some(at);
        }
        if failed.knows(at, letters) {
            return None;
        }
        let (_, readings) = self.characters.get(at)?;
        let found = readings.iter().find_map(|reading| {
            let mut rest = |used: usize| self.spells(at + 1, letters.get(used..)?, whole, failed);
            let initial = initial_length(reading);
            if letters.starts_with(reading.as_str())
                && let Some(end) = rest(reading.len())
            {
                return Some(end);
            }
            // Of a reading of one letter that was all.
            if initial < reading.len()
                && letters.chars().next() == reading.chars().next()
                && let Some(end) = rest(initial)
            {
                return Some(end);
            }
            let two = ["zh", "ch", "sh"].iter().any(|i| reading.starts_with(i) && letters.starts_with(i));
            if two && let Some(end) = rest(2) {
                return Some(end);
            }
            (!whole && reading.starts_with(letters)).then_some(at + 1)
        });
        if found.is_none() {
            failed.note(at, letters);
        }
        found
    }
}

/// From where on the letters that are left are known not to fit: without it a long run of the same letters would be parted in
/// every way there is. The first few characters have too few ways to be worth noting.
struct Failed {
    from: usize,
    places: HashSet<(usize, usize)>,
}

impl Failed {
    const WORTHWHILE: usize = 6;

    fn of(start: usize) -> Self {
        Failed { from: start + Self::WORTHWHILE, places: HashSet::new() }
    }

    fn knows(&self, at: usize, letters: &str) -> bool {
        at >= self.from && self.places.contains(&(at, letters.len()))
    }

    fn note(&mut self, at: usize, letters: &str) {
        if at >= self.from {
            self.places.insert((at, letters.len()));
        }
    }
}

fn initial_length(reading: &str) -> usize {
    reading.chars().next().map_or(0, char::len_utf8)
}

/// Letters in lower case without the apostrophes of `xi'an`, `ü` and `lyu` as typed on most keyboards: `v`.
fn folded(letters: &str) -> String {
    letters
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ü' { 'v' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_spelled_in_full_by_initials_or_mixed() {
        let name = Spelled::of("石老三");
        for letters in ["shilaosan", "sls", "shils", "slaosan", "SLS", "shlaos", "shi'lao'san", "laosan", "ls", "shilaos"] {
            assert!(name.holds(letters), "{letters}");
        }
        for letters in ["sl3", "shx", "sanshi", "", "silaosan"] {
            assert!(!name.holds(letters), "{letters}");
        }
        assert!(name.is("sls") && !name.is("sl"), "the whole name, not a part of it");
    }

    #[test]
    fn polyphones_and_surnames_have_all_their_readings() {
        for (text, letters) in [
            ("重庆", "chongqing"),
            ("重庆", "zhongqing"),
            ("单小妹", "shanxm"),
            ("单小妹", "danxm"),
            ("曾长明", "zengzm"),
            ("曾长明", "cengcm"),
            ("解放", "xief"),
            ("仇小月", "qiuxy"),
            ("覃老五", "qlw"),
            ("覃老五", "tanlaowu"),
            ("吕布", "lvb"),
            ("区大妹", "oudm"),
            ("盖国庆", "ggq"),
        ] {
            assert!(Spelled::of(text).holds(letters), "{text} by {letters}");
        }
    }

    /// Without an end to parting, this would not come to one.
    #[test]
    fn a_long_run_of_one_letter_is_looked_for_at_once() {
        let name = Spelled::of(&format!("{}石石石石石石石石石石石石石石石石石石石石", "w".repeat(300)));
        assert!(name.holds(&"w".repeat(200)) && !name.holds(&format!("{}x", "w".repeat(200))));
        assert!(!name.holds(&format!("{}x", "sh".repeat(15))));
    }

    #[test]
    fn the_run_of_characters_is_told() {
        assert_eq!(Spelled::of("小石 老三家").find("shils"), Some((1, 5)), "the space counts as it stands");
        assert_eq!(Spelled::of("石老三").find("laos"), Some((1, 3)));
        assert_eq!(Spelled::of("石老三").find("x"), None);
        assert_eq!(typed_letters(" Shi LAO'san ").as_deref(), Some("shilaosan"));
        assert_eq!(typed_letters("石lao"), None);
    }

    #[test]
    fn letters_and_digits_in_a_text_stand_for_themselves() {
        assert!(Spelled::of("A区3号路").holds("aq3hl"));
        assert!(is_spelling("sls") && is_spelling("xi'an") && !is_spelling("石") && !is_spelling("12") && !is_spelling(""));
    }

    proptest! {
        #[test]
        fn every_choice_of_readings_spells_the_text(text in "[一-龥]{1,6}", picks in proptest::collection::vec((0usize..8, any::<bool>()), 6)) {
            let letters: String = text.chars().zip(&picks).map(|(c, (pick, full))| {
                let all = readings(c);
                let reading = all.get(pick % all.len().max(1)).cloned().unwrap_or_else(|| c.to_string());
                if *full { reading } else { reading.chars().take(1).collect() }
            }).collect();
            prop_assert!(Spelled::of(&text).holds(&letters), "{} by {}", text, letters);
            prop_assert!(Spelled::of(&text).is(&letters), "{} is {}", text, letters);
        }

        #[test]
        fn what_is_parted_with_and_without_notes_is_the_same(text in "[a-c石是]{0,12}", query in "[a-cish]{1,14}") {
            // By hand: every character is used up by its reading, its initial, or the two letters it begins with.
            fn fits(readings: &[Vec<String>], letters: &str) -> bool {
                if letters.is_empty() {
                    return true;
                }
                let Some((here, rest)) = readings.split_first() else { return false };
                here.iter().any(|reading| {
                    let uses = [reading.len(), 1, 2];
                    let may = |used: usize| used == reading.len() || used == 1 || ["zh", "ch", "sh"].contains(&&reading[..used.min(reading.len())]);
                    let taken = uses.into_iter().filter(|used| may(*used) && *used <= reading.len());
                    let mut fitting = taken.filter(|used| letters.get(..*used).is_some_and(|head| reading.starts_with(head)));
                    fitting.any(|used| fits(rest, &letters[used..])) || reading.starts_with(letters)
                })
            }
            let spelled = Spelled::of(&text);
            let all: Vec<Vec<String>> = spelled.characters.iter().map(|(_, readings)| readings.clone()).collect();
            let wanted = (0..all.len()).any(|start| fits(&all[start..], &query));
            prop_assert_eq!(spelled.holds(&query), wanted, "{} by {}", text, query);
        }

        #[test]
        fn any_query_ends(text in "\\PC{0,20}", query in "\\PC{0,20}") {
            let _ = Spelled::of(&text).holds(&query);
        }
    }
}
