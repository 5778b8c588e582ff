//! A template's parts as its author sees them: what stands under each heading of the first level, as pieces of the source that
//! can be moved, switched off and renamed without reading it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::records::Kind;

/// Lines around a part that is switched off.
const OFF: &str = "{% if false %}{# 停用 #}";
const ON_AGAIN: &str = "{% endif %}{# 停用 #}";

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Section {
    /// Key of its heading; empty for what stands before the first: title, addressee, opening.
    pub key: String,
    /// Its heading as the source writes it.
    pub title: String,
    /// First line in the source, counted from 1.
    pub line: u32,
    /// Whether it is switched off.
    pub off: bool,
    /// Whether it stands by itself, so that it can be moved and switched off.
    pub whole: bool,
    /// Kinds of records that feed it.
    pub feeds: BTreeSet<Kind>,
}

/// A change of a part, named by its place among the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SectionChange {
    /// To another place.
    Move {
        /// Which.
        #[ts(type = "number")]
        from: usize,
        /// To which place.
        #[ts(type = "number")]
        to: usize,
    },
    /// Off, or on again.
    Switch {
        /// Which.
        #[ts(type = "number")]
        at: usize,
        /// Whether it is told.
        on: bool,
    },
    /// Another heading.
    Rename {
        /// Which.
        #[ts(type = "number")]
        at: usize,
        /// The heading.
        title: String,
    },
}

/// What of a source feeds on which records.
const FEEDS: &[(&str, Kind)] = &[
    ("village", Kind::Village),
    ("base_line(", Kind::Village),
    ("households.", Kind::Household),
    ("household_line(", Kind::Household),
    ("employment.", Kind::Household),
    ("coverage.", Kind::Visit),
    ("coverage_line(", Kind::Visit),
    ("visits.", Kind::Visit),
    ("visit_line(", Kind::Visit),
    ("condolence_line(", Kind::Visit),
    ("purpose", Kind::Visit),
    ("issue", Kind::Issue),
    ("problems", Kind::Issue),
    ("programmes", Kind::Application),
    ("applications.", Kind::Application),
    ("application_line(", Kind::Application),
    ("project", Kind::Project),
    ("problems", Kind::Project),
    ("activit", Kind::Activity),
    ("indicator", Kind::Indicator),
    ("plan", Kind::Plan),
    ("due_", Kind::Plan),
    ("team.name", Kind::Team),
    ("team.township", Kind::Team),
    ("place", Kind::Village),
    ("team_line(", Kind::TeamMember),
    ("groups", Kind::TeamMember),
    ("member", Kind::TeamMember),
    ("attendance.", Kind::Attendance),
];

/// The parts of a source, in order.
pub fn sections(source: &str) -> Vec<Section> {
    let mut line = 1;
    let told = split(source).into_iter().map(|piece| {
        let section = section(&piece, line);
        line += u32::try_from(piece.lines().count()).unwrap_or(0);
        section
    });
    told.collect()
}

fn section(piece: &str, line: u32) -> Section {
    let heading = piece.lines().find_map(heading);
    let off = piece.starts_with(OFF);
    let feeds = FEEDS.iter().filter(|(word, _)| piece.contains(word)).map(|(_, kind)| *kind).collect();
    Section {
        key: heading.map_or("", |(key, _)| key).to_owned(),
        title: heading.map_or("", |(_, title)| title).to_owned(),
        line,
        off,
        whole: heading.is_some() && is_balanced(piece),
        feeds,
    }
}

/// Makes a change and gives the new source.
pub fn change_sections(source: &str, change: &SectionChange) -> Result<String> {
    let mut pieces = split(source);
    let gone = || Error::BadInput("模板里没有这个部分，请刷新后再试".to_owned());
    let known = sections(source);
    let movable = |at: usize| known.get(at).is_some_and(|section| section.whole);
    match change {
        SectionChange::Move { from, to } => {
            if !movable(*from) || !movable(*to) {
                return Err(gone());
            }
            let piece = pieces.remove(*from);
            pieces.insert(*to, piece);
        }
        SectionChange::Switch { at, on } => {
            let piece = pieces.get_mut(*at).filter(|_| movable(*at)).ok_or_else(gone)?;
            *piece = switched(piece, *on);
        }
        SectionChange::Rename { at, title } => {
            let piece = pieces.get_mut(*at).filter(|_| known.get(*at).is_some_and(|s| !s.key.is_empty())).ok_or_else(gone)?;
            *piece = renamed(piece, title);
        }
    }
    Ok(pieces.concat())
}

/// The source cut before each heading of the first level; the mark of a part that is off goes with it.
fn split(source: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut lines = source.split_inclusive('\n').peekable();
    let mut opened = false;
    while let Some(line) = lines.next() {
        let starts_off = line.trim_end() == OFF && lines.peek().is_some_and(|next| heading(next).is_some());
        // The closing words stay at the end, wherever the last part goes.
        if starts_off || line.starts_with("-[") || (heading(line).is_some() && !opened) {
            pieces.push(String::new());
        }
        opened = starts_off;
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(line);
        }
    }
    // Pieces change places, so the last one too must end its line.
    if let Some(last) = pieces.last_mut().filter(|last| !last.is_empty() && !last.ends_with('\n')) {
        last.push('\n');
    }
    pieces
}

/// `#[key] 文字`.
fn heading(line: &str) -> Option<(&str, &str)> {
    line.trim_end().strip_prefix("#[")?.split_once(']').map(|(key, title)| (key, title.trim()))
}

fn switched(piece: &str, on: bool) -> String {
    let bare = piece.strip_prefix(OFF).map_or(piece, |rest| rest.trim_start_matches('\n'));
    let bare = bare.replacen(&format!("{ON_AGAIN}\n"), "", usize::from(piece.starts_with(OFF)));
    if on {
        return bare;
    }
    let text = bare.trim_end_matches('\n');
    let gap = bare.get(text.len()..).unwrap_or("\n");
    format!("{OFF}\n{text}\n{ON_AGAIN}{gap}")
}

fn renamed(piece: &str, title: &str) -> String {
    let title: String = title.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let mut done = false;
    let lines = piece.split_inclusive('\n').map(|line| match heading(line) {
        Some((key, _)) if !done => {
            done = true;
            format!("#[{key}] {}\n", title.trim())
        }
        _ => line.to_owned(),
    });
    lines.collect()
}

/// Whether every block that is opened in the piece is closed in it.
fn is_balanced(piece: &str) -> bool {
    let mut open = 0i32;
    for tag in piece.split("{%").skip(1) {
        match tag.trim_start_matches(['-', '+']).split_whitespace().next().unwrap_or("") {
            "if" | "for" | "macro" | "call" | "filter" | "with" | "raw" => open += 1,
            // {% set x = … %} stands alone, {% set x %}…{% endset %} does not.
            "set" if !tag.split("%}").next().unwrap_or("").contains('=') => open += 1,
            word if word.starts_with("end") => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOURCE: &str = "= 总结\n[opening] 好。\n\n#[a] 甲\n[p] {{ f(\"visits.count\") }}\n\n#[b] 乙\n{% if true %}\n[q] 二\n{% endif %}\n\n#[c] 丙\n[r] 三";

    fn keys(source: &str) -> Vec<String> {
        sections(source).into_iter().map(|section| section.key).collect()
    }

    #[test]
    fn parts_are_what_stands_under_the_headings() {
        let found = sections(SOURCE);
        assert_eq!(keys(SOURCE), ["", "a", "b", "c"]);
        assert_eq!(found[1].line, 4);
        assert!(found[1].feeds.contains(&Kind::Visit) && found[2].whole && !found[0].whole);
    }

    #[test]
    fn a_part_moves_is_switched_off_and_on_and_renamed() {
        let moved = change_sections(SOURCE, &SectionChange::Move { from: 3, to: 1 }).unwrap();
        assert_eq!(keys(&moved), ["", "c", "a", "b"]);
        let off = change_sections(SOURCE, &SectionChange::Switch { at: 2, on: false }).unwrap();
        let sections_off = sections(&off);
        assert!(sections_off[2].off && sections_off[2].whole && keys(&off) == keys(SOURCE), "{off}");
        let twice = change_sections(&off, &SectionChange::Switch { at: 2, on: false }).unwrap();
        assert_eq!(twice, off, "off is off");
        let on = change_sections(&off, &SectionChange::Switch { at: 2, on: true }).unwrap();
        assert_eq!(on.trim_end(), SOURCE);
        let renamed = change_sections(SOURCE, &SectionChange::Rename { at: 1, title: "新\n名".into() }).unwrap();
        assert_eq!(sections(&renamed)[1].title, "新名");
        assert!(change_sections(SOURCE, &SectionChange::Move { from: 9, to: 1 }).is_err());
    }

    #[test]
    fn a_part_whose_blocks_reach_into_the_next_stays_where_it_is() {
        let source = "= 总结\n{% if true %}\n#[a] 甲\n[p] 一\n{% endif %}\n";
        assert!(!sections(source)[1].whole);
        assert!(change_sections(source, &SectionChange::Switch { at: 1, on: false }).is_err());
    }

    #[test]
    fn every_part_of_the_shipped_templates_can_be_moved() {
        for info in super::super::shipped() {
            let source = super::super::copy_of(&info.name).unwrap().source;
            let found = sections(&source);
            assert!(found.len() > 2, "{}", info.name);
            for section in found.iter().filter(|section| !section.key.is_empty()) {
                assert!(section.whole, "{} {}", info.name, section.title);
                assert!(!section.feeds.is_empty(), "{} {} feeds on something", info.name, section.title);
            }
        }
    }

    proptest! {
        #[test]
        fn cutting_and_joining_loses_nothing(source in "(#\\[[a-c]\\] 甲|\\{% if false %\\}\\{# 停用 #\\}|\\[p\\]|文|\n){0,30}") {
            let joined = split(&source).concat();
            prop_assert_eq!(joined.trim_end_matches('\n'), source.trim_end_matches('\n'));
        }
    }
}
