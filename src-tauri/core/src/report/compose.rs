//! From figures and outline to the document: numbers the headings, turns marks into runs, puts hand-written text in place.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::figures::{Figures, Gathered};
use crate::outline::{FIGURE_END, FIGURE_START, KEY_END, Line, Outline, chinese_number};
use crate::records::report::{Report, ReportEdit};
use crate::value::print_day;

use super::document::{Annex, Block, Document, Properties, Run, text_of};
use super::{annexes, facts, title};

/// What composing gives.
pub(super) struct Composed {
    pub document: Document,
    /// What the user should know.
    pub notes: Vec<String>,
    /// What the program would write in place of each hand-written block.
    pub replaced: BTreeMap<String, Vec<Run>>,
}

/// The document, with what became of hand-written text.
pub(super) fn compose(gathered: &Gathered, figures: &Figures, report: &Report, outline: &Outline) -> Result<Composed> {
    let facts = serde_json::to_value(facts::Facts::of(gathered))?;
    let (pieces, lines) = outline.word(facts, figures)?;
    let annexes = annexes::all(gathered, figures, report.masking.into());
    let mut notes = Vec::new();
    let mut replaced = BTreeMap::new();
    let mut blocks = opening(gathered, report);
    let mut numbers = Numbers::default();
    for line in lines {
        let own = runs(&line.text)?;
        let edit = report.edits.iter().find(|edit| edit.block == line.key);
        let told = match edit {
            Some(edit) => {
                note_change(edit, &own, &mut notes);
                replaced.insert(line.key.clone(), own);
                refreshed(edit, figures, &mut notes)
            }
            None => own,
        };
        blocks.push(block(line, &mut numbers, told, edit.is_some()));
    }
    note_lost_edits(report, &blocks, &mut notes);
    blocks.extend(closing(gathered, report, &annexes));
    let document = Document {
        properties: Properties {
            title: pieces.concat(),
            author: signer(gathered, report),
            created: report.signed_on.unwrap_or(gathered.scope.until()),
            fingerprint: None,
        },
        title: title::lines(&pieces),
        blocks,
        annexes,
    };
    Ok(Composed { document, notes, replaced })
}

fn opening(gathered: &Gathered, report: &Report) -> Vec<Block> {
    let addressee = if report.addressee.is_empty() { &gathered.team.addressee } else { &report.addressee };
    let addressee = addressee.trim_end_matches(['：', ':']);
    if addressee.is_empty() {
        return Vec::new();
    }
    vec![Block::Addressee { key: "addressee".to_owned(), text: format!("{addressee}：") }]
}

fn closing(gathered: &Gathered, report: &Report, annexes: &[Annex]) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !annexes.is_empty() {
        let name = |annex: &Annex| if annex.printed { annex.title.clone() } else { format!("{}（电子表格）", annex.title) };
        blocks.push(Block::AnnexList { key: "annexes".to_owned(), items: annexes.iter().map(name).collect() });
    }
    let date = print_day(report.signed_on.unwrap_or(gathered.scope.until()));
    blocks.push(Block::SignOff { key: "sign_off".to_owned(), name: signer(gathered, report), date });
    blocks
}

fn signer(gathered: &Gathered, report: &Report) -> String {
    if report.signer.is_empty() { gathered.team.name.clone() } else { report.signer.clone() }
}

/// Running numbers of the four levels.
#[derive(Default)]
struct Numbers([usize; 4]);

impl Numbers {
    /// The number of the next heading of a level, as printed before its text (GB/T 9704-2012, 7.3.3).
    fn next(&mut self, level: u8) -> String {
        let at = usize::from(level.clamp(1, 4)) - 1;
        self.0.iter_mut().skip(at + 1).for_each(|n| *n = 0);
        let Some(n) = self.0.get_mut(at) else { return String::new() };
        *n += 1;
        match at {
            0 => format!("{}、", chinese_number(*n)),
            1 => format!("（{}）", chinese_number(*n)),
            2 => format!("{n}."),
            _ => format!("（{n}）"),
        }
    }
}

fn block(line: Line, numbers: &mut Numbers, told: Vec<Run>, edited: bool) -> Block {
    if line.level == 0 {
        return Block::Paragraph { key: line.key, runs: joined(told), edited };
    }
    let mut numbered = vec![Run::text(numbers.next(line.level))];
    numbered.extend(told);
    Block::Heading { key: line.key, level: line.level, runs: joined(numbered) }
}

/// Says that the records behind a hand-written text have changed since.
fn note_change(edit: &ReportEdit, own: &[Run], notes: &mut Vec<String>) {
    let text = text_of(own);
    if text != edit.base {
        notes.push(format!("手写的一段所依据的记录有变化，程序现在会写：{}", start_of(&text)));
    }
}

/// Hand-written runs with today's values in their figures.
fn refreshed(edit: &ReportEdit, figures: &Figures, notes: &mut Vec<String>) -> Vec<Run> {
    let refresh = |run: &Run| match run.figure.as_deref() {
        None => run.clone(),
        Some(key) => match figures.get(key) {
            Some(figure) => Run::figure(figure.in_words(), key),
            None => {
                notes.push(format!("手写段落中的“{}”已没有对应的记录，现作为普通文字保留", run.text));
                Run::text(run.text.clone())
            }
        },
    };
    edit.runs.0.iter().map(refresh).collect()
}

fn note_lost_edits(report: &Report, blocks: &[Block], notes: &mut Vec<String>) {
    for edit in report.edits.iter().filter(|edit| blocks.iter().all(|block| block.key() != edit.block)) {
        notes.push(format!("手写的一段现在没有位置（所在部分已没有内容），仍为您保留：{}", start_of(&text_of(&edit.runs.0))));
    }
}

/// Marks in the text become runs.
fn runs(text: &str) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once(FIGURE_START) {
        let broken = || Error::Template { template: String::new(), message: "数字的标记不完整".to_owned() };
        let (key, marked) = marked.split_once(KEY_END).ok_or_else(broken)?;
        let (printed, after) = marked.split_once(FIGURE_END).ok_or_else(broken)?;
        runs.push(Run::text(before));
        runs.push(Run::figure(printed, key));
        rest = after;
    }
    runs.push(Run::text(rest));
    runs.retain(|run| !run.text.is_empty());
    Ok(runs)
}

/// Neighbouring plain runs as one.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut list: Vec<Run> = Vec::new();
    for run in runs.into_iter().filter(|run| !run.text.is_empty()) {
        match list.last_mut() {
            Some(last) if last.figure.is_none() && run.figure.is_none() => last.text.push_str(&run.text),
            _ => list.push(run),
        }
    }
    list
}

fn start_of(text: &str) -> String {
    let start: String = text.chars().take(24).collect();
    if start == text { start } else { format!("{start}…") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_numbered_by_level() {
        let mut numbers = Numbers::default();
        let printed: Vec<_> = [1, 2, 2, 3, 4, 1, 2].into_iter().map(|level| numbers.next(level)).collect();
        assert_eq!(printed, ["一、", "（一）", "（二）", "1.", "（1）", "二、", "（一）"]);
    }

    #[test]
    fn marks_become_figures() {
        let text = format!("走访{FIGURE_START}visits.households{KEY_END}120户{FIGURE_END}，");
        let found = runs(&text).unwrap();
        assert_eq!(found, [Run::text("走访"), Run::figure("120户", "visits.households"), Run::text("，")]);
    }
}
