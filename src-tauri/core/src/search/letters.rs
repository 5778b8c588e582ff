//! 拼音 in the index: which words a name has, and which of them a name that the typed letters spell must have.
//! [`crate::value::Spelled`] decides; these words only spare it most of the names.

use std::collections::HashMap;
use std::rc::Rc;

use crate::value::readings;

/// Characters of a name whose spelling a query asks for; the rest is left to [`crate::value::Spelled`].
const DEPTH: usize = 3;
/// Longest syllable: zhuang.
const LONGEST: usize = 6;

/// How characters are spelled, as far as it was asked before: the same few hundred make up all names of a place.
#[derive(Default)]
pub(super) struct Letters(HashMap<char, Rc<Spelling>>);

/// A character's words, and the letters that its readings begin with.
#[derive(Default)]
struct Spelling {
    words: Vec<String>,
    initials: Vec<char>,
}

impl Letters {
    /// The words of names: `-s -sh -shi` for the beginnings of each reading of each character, `_sl _sls` for the initials of
    /// two and three neighbours.
    pub(super) fn words<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Vec<String> {
        let mut words = Vec::new();
        for name in names {
            let spelled: Vec<Rc<Spelling>> = name.chars().filter(|c| !c.is_whitespace()).map(|c| self.spelling(c)).collect();
            words.extend(spelled.iter().flat_map(|spelling| spelling.words.iter().cloned()));
            for at in 0..spelled.len() {
                add_initials(&mut words, &mut "_".to_owned(), spelled.get(at..).unwrap_or_default());
            }
        }
        words
    }

    fn spelling(&mut self, c: char) -> Rc<Spelling> {
        self.0.entry(c).or_insert_with(|| Rc::new(Spelling::of(c))).clone()
    }
}

impl Spelling {
    fn of(c: char) -> Self {
        // Only letters are ever asked for.
        let readings = match readings(c) {
            found if found.is_empty() => c.to_lowercase().filter(char::is_ascii_alphabetic).take(1).map(String::from).collect(),
            found => found,
        };
        let beginnings = |reading: &String| {
            let ends = reading.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST);
            ends.filter_map(|end| Some(format!("-{}", reading.get(..end)?))).collect::<Vec<_>>()
        };
        let mut initials: Vec<char> = readings.iter().filter_map(|reading| reading.chars().next()).collect();
        initials.sort_unstable();
        initials.dedup();
        Spelling { words: readings.iter().flat_map(beginnings).collect(), initials }
    }
}

fn add_initials(words: &mut Vec<String>, begun: &mut String, run: &[Rc<Spelling>]) {
    if begun.chars().count() > 2 {
        words.push(begun.clone());
    }
    let Some((here, rest)) = run.split_first().filter(|_| begun.chars().count() <= DEPTH) else { return };
    for initial in &here.initials {
        begun.push(*initial);
        add_initials(words, begun, rest);
        begun.pop();
    }
}

/// What a record with a name that the letters spell must have: one of several ways to part them into characters.
/// `letters` are ASCII, in lower case.
pub(super) fn condition(letters: &str) -> String {
    let mut ways = Vec::new();
    part(letters, &mut String::new(), &mut Vec::new(), &mut ways);
    ways.sort_unstable();
    ways.dedup();
    ways.iter().map(|way| format!("({})", way.join(" AND "))).collect::<Vec<_>>().join(" OR ")
}

/// Parts `rest` into characters as [`crate::value::Spelled`] may read them: an initial, zh/ch/sh, a syllable, or the
/// beginning of a syllable at the end.
fn part(rest: &str, initials: &mut String, asked: &mut Vec<String>, ways: &mut Vec<Vec<String>>) {
    let Some(first) = rest.chars().next().filter(|_| initials.len() < DEPTH) else {
        let mut way = asked.clone();
        match initials.len() {
            1 if asked.is_empty() => way.push(format!("\"-{initials}\"")),
            1 => {}
            _ => way.push(format!("\"_{initials}\"")),
        }
        way.sort_unstable();
        way.dedup();
        ways.push(way);
        return;
    };
    initials.push(first);
    part(rest.get(1..).unwrap_or_default(), initials, asked, ways);
    // Of the last character asked for, the initial alone already lets through whatever a longer beginning would.
    let longest = if initials.len() == DEPTH { 1 } else { LONGEST.min(rest.len()) };
    for length in 2..=longest {
        let Some((syllable, after)) = rest.split_at_checked(length) else { break };
        if matches!(syllable, "zh" | "ch" | "sh" | "hn") || may_be_syllable(syllable) {
            asked.push(format!("\"-{syllable}\""));
            part(after, initials, asked, ways);
            asked.pop();
        }
    }
    initials.pop();
}

/// A rough look at the shape: consonant, vowels, ending. Lets through more than there is, and all that there is and every
/// beginning of it that has a vowel.
fn may_be_syllable(letters: &str) -> bool {
    let consonants = |c: char| "bpmfdtnlgkhjqxrzcsyw".contains(c);
    let vowels = |c: char| "aeiouv".contains(c);
    let begun = ["zh", "ch", "sh"].iter().find_map(|two| letters.strip_prefix(two));
    let begun = begun.unwrap_or_else(|| letters.strip_prefix(consonants).unwrap_or(letters));
    let ending = begun.trim_start_matches(vowels);
    matches!(letters, "ng" | "hm" | "hng") || (ending.len() < begun.len() && matches!(ending, "" | "n" | "ng" | "r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_has_the_shape_of_a_syllable() {
        for c in ('\u{3400}'..'\u{a000}').chain('\u{20000}'..'\u{2a700}') {
            // ê cannot be typed.
            for reading in readings(c).into_iter().filter(|reading| reading.is_ascii()) {
                assert!(reading.len() == 1 || may_be_syllable(&reading), "{c} {reading}");
                assert!(reading.len() <= LONGEST, "{c} {reading}");
            }
        }
    }

    #[test]
    fn a_name_has_the_beginnings_of_its_syllables_and_its_initials() {
        let mut found = Letters::default().words(["石三", "曾A"].into_iter());
        found.sort_unstable();
        found.dedup();
        let expected = "-a -c -ce -cen -ceng -d -da -dan -s -sa -san -sh -shi -z -ze -zen -zeng _ca _ds _ss _za";
        assert_eq!(found.join(" "), expected, "石 is also dàn, 曾 zēng and céng");
    }

    #[test]
    fn letters_are_parted_in_every_way() {
        assert_eq!(condition("s"), r#"("-s")"#);
        assert_eq!(condition("sls"), r#"("_sls")"#);
        assert_eq!(condition("li"), r#"("-li") OR ("_li")"#);
    }
}
