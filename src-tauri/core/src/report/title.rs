//! Breaking the title into lines: at word boundaries only, the lines as even as the words allow.

/// Characters of 2号 type that fit a line of the type area (156 mm / 22 pt).
const MOST: usize = 20;

/// Words end after these, so a long name may break there.
const WORD_ENDS: [char; 9] = ['省', '市', '县', '区', '乡', '镇', '村', '队', '部'];

/// The title's lines: broken between its pieces where that is enough, else between words within them.
pub(super) fn lines(pieces: &[String]) -> Vec<String> {
    let words: Vec<String> = pieces.iter().flat_map(|piece| words(piece)).collect();
    broken_between(pieces).or_else(|| broken_between(&words)).unwrap_or_else(|| vec![words.concat()])
}

fn broken_between(words: &[String]) -> Option<Vec<String>> {
    let total: usize = words.iter().map(|word| width(word)).sum();
    (total.div_ceil(MOST).max(1)..=words.len().max(1)).find_map(|count| even(words, count))
}

fn words(piece: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in piece.chars() {
        let standing = word.ends_with('驻');
        word.push(c);
        if WORD_ENDS.contains(&c) && !standing {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The most even way to put the words into `count` lines that all fit.
fn even(words: &[String], count: usize) -> Option<Vec<String>> {
    if count == 1 {
        let line = words.concat();
        return (width(&line) <= MOST).then(|| vec![line]);
    }
    let mut best: Option<(usize, Vec<String>)> = None;
    for first in 1..words.len() {
        let (head, tail) = words.split_at(first);
        let line = head.concat();
        if width(&line) > MOST {
            break;
        }
        let Some(rest) = even(tail, count - 1) else { continue };
        let widths = || std::iter::once(width(&line)).chain(rest.iter().map(|line| width(line)));
        let spread = widths().max().unwrap_or(0) - widths().min().unwrap_or(0);
        if best.as_ref().is_none_or(|(least, _)| spread < *least) {
            best = Some((spread, std::iter::once(line.clone()).chain(rest.iter().cloned()).collect()));
        }
    }
    best.map(|(_, lines)| lines)
}

/// Width in full characters; half-width ones count half.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>().div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(pieces: &[&str]) -> Vec<String> {
        lines(&pieces.iter().map(|piece| (*piece).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_short_title_stays_on_one_line() {
        assert_eq!(broken(&["石门村驻村工作队", "2026年上半年", "工作总结"]), ["石门村驻村工作队2026年上半年工作总结"]);
    }

    #[test]
    fn a_long_title_breaks_evenly_between_words() {
        let lines = broken(&["云岭县青坪乡石门村驻村工作队", "2026年上半年", "工作总结"]);
        assert_eq!(lines, ["云岭县青坪乡石门村驻村工作队", "2026年上半年工作总结"]);
        assert!(lines.iter().all(|line| width(line) <= MOST));
    }
}
