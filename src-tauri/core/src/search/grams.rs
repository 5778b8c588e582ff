//! The words of the index. SQLite's full-text table is told no language: each record is a bag of words that are single
//! characters, pairs of neighbours, three letters or digits (of which there are too few for pairs to tell texts apart), runs
//! of four digits in numbers (`#1234`) and the letters of names (`-shi`, `_sls`).

use super::letters::Letters;
use super::searched::{BETWEEN, Entry};

/// Most words that a query asks for. To follow one more word costs little, to look at a text that does not fit costs much;
/// a dozen words leave few of those.
const MOST_WORDS: usize = 12;
/// A word of up to three characters; what is missing is the last.
type Gram = [Option<char>; 3];

/// Finds words of records; what it learns of one record's letters serves the next.
#[derive(Default)]
pub(super) struct Words(Letters);

impl Words {
    /// All words of a record, with spaces between.
    pub(super) fn of(&mut self, entry: &Entry) -> String {
        let mut grams = Vec::with_capacity(2 * (entry.names.len() + entry.texts.len()) / 3);
        for field in entry.names.split(BETWEEN).chain(entry.texts.split(BETWEEN)) {
            let characters: Vec<char> = field.chars().collect();
            for (at, c) in characters.iter().enumerate() {
                grams.push([Some(*c), None, None]);
                grams.extend(pair(&characters, at));
                grams.extend(triple(&characters, at));
            }
        }
        grams.sort_unstable();
        grams.dedup();
        let mut words = String::with_capacity(grams.len() * 8);
        for gram in grams {
            words.extend(gram.into_iter().flatten().map(word_char));
            words.push(' ');
        }
        let mut others = self.0.words(entry.names.split(BETWEEN));
        others.extend(entry.numbers.split(BETWEEN).flat_map(number_words));
        others.sort_unstable();
        others.dedup();
        words.push_str(&others.join(" "));
        words
    }
}

fn pair(characters: &[char], at: usize) -> Option<Gram> {
    Some([Some(*characters.get(at)?), Some(*characters.get(at + 1)?), None])
}

fn triple(characters: &[char], at: usize) -> Option<Gram> {
    let three = characters.get(at..at + 3).filter(|three| three.iter().all(char::is_ascii_alphanumeric))?;
    Some([three.first().copied(), three.get(1).copied(), three.get(2).copied()])
}

/// The words, quoted, that a record that holds the text must have all of, and whether that is enough.
pub(super) fn asked(folded: &str) -> (Vec<String>, bool) {
    let characters: Vec<char> = folded.chars().collect();
    if let [only] = characters.as_slice() {
        return (vec![quoted(&[Some(*only), None, None])], true);
    }
    let mut words: Vec<String> = Vec::new();
    for at in 0..characters.len() {
        let covered = at > 0 && triple(&characters, at - 1).is_some();
        let gram = triple(&characters, at).or_else(|| pair(&characters, at).filter(|_| !covered));
        words.extend(gram.map(|gram| quoted(&gram)).filter(|word| !words.contains(word)));
    }
    let exact = characters.len() == 2 || (characters.len() == 3 && triple(&characters, 0).is_some());
    if folded.bytes().all(|b| b.is_ascii_digit()) {
        return (last_digits(words), exact);
    }
    (spread(words), exact)
}

/// The same for the digits of a number.
pub(super) fn asked_number(digits: &str) -> (Vec<String>, bool) {
    let mut words: Vec<String> = number_words(digits).into_iter().map(|run| format!("\"{run}\"")).collect();
    words.dedup();
    (last_digits(words), digits.len() == 4)
}

/// The last digits of a number tell people apart, the first ones only counties, and those are in everybody's.
fn last_digits(mut words: Vec<String>) -> Vec<String> {
    words.split_off(words.len().saturating_sub(4))
}

/// Of many words, some from all over the text.
fn spread(words: Vec<String>) -> Vec<String> {
    let step = words.len().div_ceil(MOST_WORDS).max(1);
    words.into_iter().step_by(step).collect()
}

fn number_words(number: &str) -> Vec<String> {
    (0..number.len().saturating_sub(3)).filter_map(|at| number.get(at..at + 4)).map(|run| format!("#{run}")).collect()
}

fn quoted(gram: &Gram) -> String {
    format!("\"{}\"", gram.iter().flatten().copied().map(word_char).collect::<String>())
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
        let words = |entry: &Entry| Words::default().of(entry);
        let entry = Entry { texts: format!("走访{BETWEEN}a1区b"), numbers: "12345".to_owned(), ..Entry::default() };
        assert_eq!(words(&entry), "1 1区 a a1 b 区 区b 访 走 走访 #1234 #2345");
        let entry = Entry { texts: "1200元".to_owned(), ..Entry::default() };
        assert_eq!(words(&entry), "0 00 0元 1 12 120 2 20 200 元 ");
    }

    #[test]
    fn a_query_asks_for_its_words() {
        let said = |text: &str| {
            let (words, exact) = asked(text);
            (words.join(" ").replace('"', ""), exact)
        };
        assert_eq!(said("走"), ("走".to_owned(), true));
        assert_eq!(said("走访"), ("走访".to_owned(), true));
        assert_eq!(said("走访走访"), ("走访 访走".to_owned(), false));
        assert_eq!(said("走走走"), ("走走".to_owned(), false));
        assert_eq!(said("600"), ("600".to_owned(), true));
        assert_eq!(said("补1200元"), ("补1 120 200 0元".to_owned(), false));
        let long: String = ('一'..).take(100).collect();
        assert_eq!(asked(&long).0.len(), 11, "of 99 pairs every ninth");
        assert_eq!(said("1234567"), ("234 345 456 567".to_owned(), false));
        assert_eq!(asked_number("12345").0, ["\"#1234\"", "\"#2345\""]);
    }
}
