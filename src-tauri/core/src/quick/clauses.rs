//! The clauses of a line, and what of them stays text once the fields have taken theirs.

use super::line::{Line, Meaning, Spot, Spots, is_break};
use super::words::words;

/// A clause with where it begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clause {
    pub from: usize,
    pub to: usize,
}

/// The clauses of a line: between punctuation marks and white space.
pub(super) fn clauses(line: &Line) -> Vec<Clause> {
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..=line.len() {
        if at == line.len() || is_break(line.at(at)) {
            if from < at {
                found.push(Clause { from, to: at });
            }
            from = at + 1;
        }
    }
    found
}

impl Clause {
    pub(super) fn holds(&self, spot: &Spot) -> bool {
        self.from <= spot.from && spot.to <= self.to
    }

    /// The clause without the spots at its beginning that fulfil a condition, and the marks between them.
    pub(super) fn without_head(self, line: &Line, spots: &Spots, goes: impl Fn(&Spot) -> bool) -> Clause {
        let mut from = self.from;
        while let Some(spot) = spots.iter().find(|spot| spot.from == from && spot.to <= self.to).filter(|spot| goes(spot)) {
            from = (spot.to..self.to).find(|at| !matches!(line.at(*at), '、' | ' ')).unwrap_or(self.to);
        }
        Clause { from, to: self.to }
    }

    /// The clause's text without the spots that fulfil a condition.
    pub(super) fn without(self, line: &Line, spots: &Spots, goes: &impl Fn(&Spot) -> bool) -> String {
        let mut text = String::new();
        let mut at = self.from;
        while at < self.to {
            match spots.iter().find(|spot| spot.from == at && goes(spot)) {
                Some(spot) => at = spot.to,
                None => {
                    text.push_str(&line.typed(at, at + 1));
                    at += 1;
                }
            }
        }
        text
    }

    /// Whether something is said that no spot of the given sort takes and that is more than joining words.
    pub(super) fn says_more(&self, line: &Line, spots: &Spots, taken: &impl Fn(&Spot) -> bool) -> bool {
        let mut at = self.from;
        while at < self.to {
            if let Some(spot) = spots.iter().find(|spot| spot.from <= at && at < spot.to && taken(spot)) {
                at = spot.to;
            } else if let Some(length) = filler_at(line, at).filter(|length| at + length <= self.to) {
                at += length;
            } else if line.at(at) == '、' {
                at += 1;
            } else {
                return true;
            }
        }
        false
    }
}

fn filler_at(line: &Line, at: usize) -> Option<usize> {
    words("filler").filter(|(word, _)| line.has(at, word)).map(|(word, _)| word.chars().count()).max()
}

/// What some clauses tell besides what the spots of the given sort take: whole clauses, without day and time at their head.
pub(super) fn rest(line: &Line, spots: &Spots, of: impl Iterator<Item = Clause>, taken: impl Fn(&Spot) -> bool) -> String {
    let mut text = String::new();
    let mut end = 0;
    for clause in of.filter(|clause| clause.says_more(line, spots, &taken)) {
        let head = |spot: &Spot| matches!(spot.meaning, Meaning::Day(..) | Meaning::Time) && taken(spot);
        let clause = clause.without_head(line, spots, head);
        if !text.is_empty() {
            // The mark that stood between two clauses; between clauses that are no neighbours, and for white space, a comma.
            let between = line.typed(end, clause.from);
            let mark = between.trim();
            text.push_str(if mark.chars().count() == 1 { mark } else { "，" });
        }
        text.push_str(&line.typed(clause.from, clause.to));
        end = clause.to;
    }
    text
}
