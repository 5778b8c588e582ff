//! What people call things: the data file beside, read once.

use std::collections::HashMap;
use std::sync::OnceLock;

type Words = HashMap<&'static str, Vec<(&'static str, &'static str)>>;

/// The words of a group with their codes.
pub(super) fn words(group: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    all().get(group).into_iter().flatten().copied()
}

/// The groups.
pub(super) fn groups() -> impl Iterator<Item = &'static str> {
    all().keys().copied()
}

fn all() -> &'static Words {
    static ALL: OnceLock<Words> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Words::new();
        for line in include_str!("words.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let mut cells = line.split('|').map(str::trim);
            let (group, code) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            let words = cells.next().unwrap_or("").split('、').filter(|word| !word.is_empty());
            all.entry(group).or_default().extend(words.map(|word| (word, code)));
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_word_stands_once_in_its_group_and_is_folded() {
        for group in groups() {
            let mut seen = HashSet::new();
            for (word, code) in words(group) {
                // 个 and its like forbid several words each.
                let key = if group == "unit_not" { (word, code) } else { (word, "") };
                assert!(seen.insert(key), "{word} stands twice under {group}");
                assert!(!word.contains(|c: char| c.is_whitespace() || c.is_ascii_uppercase()), "{word} of {group}");
            }
        }
    }

    #[test]
    fn a_common_word_is_found() {
        assert!(words("mode").any(|found| found == ("打电话", "phone")));
        assert_eq!(words("no such group").count(), 0);
    }
}
