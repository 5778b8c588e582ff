//! The words of the index. SQLite's full-text table is told no language: each record is a bag of words that are single
//! characters, pairs of neighbours, runs of four digits (`#1234`) and the letters of names (`-shi`, `_sls`).

use super::letters;
use super::searched::{BETWEEN, Entry};

/// Most pairs that a query asks for; the text itself is looked at afterwards.
const MOST_PAIRS: usize = 12;

/// All words of a record, with spaces between.
pub(super) fn words(entry: &Entry) -> String {
    let mut grams = Vec::with_capacity(2 * (entry.names.len() + entry.texts.len()) / 3);
    for field in entry.names.split(BETWEEN).chain(entry.texts.split(BETWEEN)) {
        let mut before = None;
        for c in field.chars() {
            grams.push((c, None));
            if let Some(before) = before.replace(c) {
                grams.push((before, Some(c)));
            }
        }
    }
    grams.sort_unstable();
    grams.dedup();
    let mut words = String::with_capacity(grams.len() * 8);
    for (first, second) in grams {
        push_gram(&mut words, first, second);
        words.push(' ');
    }
    let mut others = letters::words(entry.names.split(BETWEEN));
    others.extend(entry.numbers.split(BETWEEN).flat_map(number_words));
    others.sort_unstable();
    others.dedup();
    words.push_str(&others.join(" "));
    words
}

/// What a record that holds the text must have: a condition in the language of the full-text table; and whether that is
/// enough.
pub(super) fn condition(folded: &str) -> (String, bool) {
    let characters: Vec<char> = folded.chars().collect();
    if let [only] = characters.as_slice() {
        return (quoted_gram(*only, None), true);
    }
    let mut pairs: Vec<String> = Vec::new();
    for (first, second) in characters.iter().zip(characters.iter().skip(1)) {
        let pair = quoted_gram(*first, Some(*second));
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    // Of a long text, pairs from all over it.
    let step = pairs.len().div_ceil(MOST_PAIRS).max(1);
    let asked: Vec<&str> = pairs.iter().step_by(step).map(String::as_str).collect();
    (asked.join(" AND "), characters.len() == 2)
}

/// The same for the digits of a number. The last runs tell people apart, the first ones only counties.
pub(super) fn number_condition(digits: &str) -> (String, bool) {
    let runs = number_words(digits);
    let exact = runs.len() == 1;
    let asked: Vec<String> = runs.into_iter().rev().take(MOST_PAIRS).map(|run| format!("\"{run}\"")).collect();
    (asked.join(" AND "), exact)
}

fn number_words(number: &str) -> Vec<String> {
    (0..number.len().saturating_sub(3)).filter_map(|at| number.get(at..at + 4)).map(|run| format!("#{run}")).collect()
}

fn quoted_gram(first: char, second: Option<char>) -> String {
    let mut word = "\"".to_owned();
    push_gram(&mut word, first, second);
    word.push('"');
    word
}

fn push_gram(to: &mut String, first: char, second: Option<char>) {
    to.push(word_char(first));
    to.extend(second.map(word_char));
}

/// The table takes ASCII punctuation for the end of a word: it is moved to where nobody writes.
fn word_char(c: char) -> char {
    if c.is_ascii() && !c.is_ascii_alphanumeric() { char::from_u32(0x10_ff00 + u32::from(c)).unwrap_or(c) } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_its_characters_and_pairs_but_none_across_fields() {
        let entry = Entry { texts: format!("走访{BETWEEN}a区"), numbers: "12345".to_owned(), ..Entry::default() };
        assert_eq!(words(&entry), "a a区 区 访 走 走访 #1234 #2345");
    }

    #[test]
    fn a_query_asks_for_its_pairs() {
        assert_eq!(condition("走"), ("\"走\"".to_owned(), true));
        assert_eq!(condition("走访"), ("\"走访\"".to_owned(), true));
        assert_eq!(condition("走访走访"), ("\"走访\" AND \"访走\"".to_owned(), false));
        assert_eq!(condition(&"一二三四五六七八九十".repeat(9)).0.matches("AND").count(), 9);
        let long: String = ('一'..).take(100).collect();
        assert_eq!(condition(&long).0.matches("AND").count(), 10, "of 99 pairs every ninth");
    }
}
