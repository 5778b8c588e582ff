//! The typed line, character by character, and what has been understood of it so far.

use chrono::NaiveDate;

use crate::value::{Fen, Id};

/// Longest part of a line that is looked at; what lies beyond stays text.
const LONGEST: usize = 1000;

/// A line twice: as typed, and folded for comparison (half-width, lower case), character for character.
pub(super) struct Line {
    typed: Vec<char>,
    chars: Vec<char>,
}

impl Line {
    pub(super) fn of(text: &str) -> Self {
        let typed: Vec<char> = text.chars().take(LONGEST).collect();
        let chars = typed.iter().map(|c| fold(*c)).collect();
        Line { typed, chars }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The folded character at a place; NUL outside the line.
    pub(super) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or('\0')
    }

    /// The folded character before a place.
    pub(super) fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\0', |at| self.at(at))
    }

    pub(super) fn folded(&self, from: usize, to: usize) -> String {
        self.chars.get(from..to).unwrap_or_default().iter().collect()
    }

    pub(super) fn typed(&self, from: usize, to: usize) -> String {
        self.typed.get(from..to).unwrap_or_default().iter().collect()
    }

    /// Whether a word stands at a place.
    pub(super) fn has(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(by, c)| self.at(at + by) == c)
    }

    /// The first of some words that stands at a place, with where it ends.
    pub(super) fn one_of<'w>(&self, at: usize, words: &[&'w str]) -> Option<(&'w str, usize)> {
        words.iter().find(|word| self.has(at, word)).map(|word| (*word, at + word.chars().count()))
    }

    /// Whether a word ends right before a place.
    pub(super) fn ends_with(&self, at: usize, word: &str) -> bool {
        at.checked_sub(word.chars().count()).is_some_and(|from| self.has(from, word))
    }

    /// The place behind white space.
    pub(super) fn skip_space(&self, at: usize) -> usize {
        (at..self.len()).find(|at| self.at(*at) != ' ').unwrap_or(self.len().max(at))
    }

    /// Whether nothing but the line's edge, white space or a punctuation mark stands at a place.
    pub(super) fn is_gap(&self, at: usize) -> bool {
        self.at(at) == '\0' || is_break(self.at(at)) || self.at(at) == '、'
    }

    /// The same for the place before.
    pub(super) fn gap_before(&self, at: usize) -> bool {
        at == 0 || self.is_gap(at - 1)
    }
}

/// Whether a character ends a clause. 、 does not: it stands inside lists of names.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, ' ' | ',' | '。' | ';' | '!' | '?' | ':' | '(' | ')' | '"' | '“' | '”' | '…' | '—' | '~' | '|')
}

fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
        '•' | '・' | '‧' => '·',
        '–' | '−' => '-',
        '￥' => '¥',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    }
}

/// What a stretch of the line means, before it is known which record it goes into.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// A day, or the first and last of several.
    Day(NaiveDate, Option<NaiveDate>),
    /// 某日前: until when something is due.
    Until(NaiveDate),
    /// A year by itself.
    Year(i32),
    /// 上午, 9点半: told, but kept nowhere.
    Time,
    /// Understood as nothing, and protected from being read as something else: 2月30日, 三会一课.
    Plain,
    /// A person by name: places in the list of people, and the member of the team of that name.
    Named { people: Vec<usize>, colleague: Option<Id>, by: NamedBy },
    /// 屯: the villages that have one of the name, and the name.
    Hamlet(Vec<Id>, String),
    /// 村.
    Village(Id),
    /// 补贴项目: places in the list of programmes.
    Programme(Vec<usize>),
    /// 项目.
    Project(Id),
    /// A word with what it stands for: group and code, several where it has several uses.
    Word(Vec<(String, String)>),
    /// Money; `each`: for every household.
    Amount { fen: Fen, each: bool },
    /// A number of something, in hundredths.
    Count { hundredths: i64, unit: String, approximate: bool, each: bool },
    /// A number without a unit, in hundredths.
    Bare(i64),
}

/// How a name was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedBy {
    Characters,
    Letters,
    Sound,
}

/// An understood stretch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub from: usize,
    pub to: usize,
    pub meaning: Meaning,
}

impl Spot {
    /// The code that a word has in a group.
    pub(super) fn code(&self, group: &str) -> Option<&str> {
        match &self.meaning {
            Meaning::Word(senses) => senses.iter().find(|(of, _)| of == group).map(|(_, code)| code.as_str()),
            _ => None,
        }
    }
}

/// What has been understood: stretches that do not overlap, in the order of the line.
pub(super) struct Spots {
    taken: Vec<bool>,
    all: Vec<Spot>,
}

impl Spots {
    pub(super) fn none(line: &Line) -> Self {
        Spots { taken: vec![false; line.len()], all: Vec::new() }
    }

    pub(super) fn take(&mut self, from: usize, to: usize, meaning: Meaning) {
        for taken in self.taken.iter_mut().take(to).skip(from) {
            *taken = true;
        }
        let at = self.all.partition_point(|spot| spot.from < from);
        self.all.insert(at, Spot { from, to, meaning });
    }

    /// Whether nothing of a stretch has been understood yet.
    pub(super) fn free(&self, from: usize, to: usize) -> bool {
        from < to && to <= self.taken.len() && self.taken.iter().take(to).skip(from).all(|taken| !taken)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Spot> {
        self.all.iter()
    }

    /// The spot that ends at a place.
    pub(super) fn ending_at(&self, at: usize) -> Option<&Spot> {
        self.all.iter().find(|spot| spot.to == at)
    }

    /// The words of a group, with their codes.
    pub(super) fn words<'s>(&'s self, group: &'s str) -> impl Iterator<Item = (&'s Spot, &'s str)> {
        self.all.iter().filter_map(move |spot| spot.code(group).map(|code| (spot, code)))
    }
}
