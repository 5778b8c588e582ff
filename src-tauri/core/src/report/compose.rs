//! From figures and outline to the document: numbers the headings, turns marks into runs, puts hand-written text in place.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::figures::{FigureValue, Figures, Gathered};
use crate::outline::{FIGURE_END, FIGURE_START, KEY_END, Line, RawTable, Worded, chinese_number};
use crate::records::report::{OwnKind, Report, ReportEdit};
use crate::value::{Id, print_day};

use super::annexes::{self, AnnexTable};
use super::arrange::{self, BlockHandle, LeftOut, Slot};
use super::document::{
    Align, Annex, Block, Cell, CellValue, Column, Document, Photo, Properties, Run, Table, text_of, without_number,
};
use super::hidden::Cleaner;
use super::{text_tables, title};

/// What composing gives.
pub(super) struct Composed {
    pub document: Document,
    /// What the user should know.
    pub notes: Vec<String>,
    /// What the program would write in place of each hand-written block.
    pub replaced: BTreeMap<String, Vec<Run>>,
    /// All blocks in their order, also those that are left out.
    pub slots: Vec<Slot>,
    /// What can be done with each printed block.
    pub handles: Vec<BlockHandle>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

/// The document, with what became of hand-written text.
pub(super) fn compose(
    gathered: &Gathered,
    figures: &Figures,
    report: &Report,
    photos: &BTreeMap<Id, Photo>,
    worded: Worded,
    tables: Vec<AnnexTable>,
    cleaner: &Cleaner,
) -> Result<Composed> {
    let Worded { title: pieces, to, from, annexes: wanted, lines } = worded;
    let annexes = annexes::wanted(tables, wanted.as_deref());
    let signer = signer(gathered, report, from.as_deref());
    let (mut slots, strayed) = arrange::arranged(slots_of(&lines), report);
    let mut teller = Teller::of(figures, report, own_tables(gathered, figures, report, cleaner), photos);
    let mut blocks = opening(gathered, report, to.as_deref());
    for slot in slots.iter_mut().filter(|slot| slot.shown) {
        let told = match lines.get(slot.at) {
            Some(line) => Some(teller.line(line)?),
            None => teller.own(&slot.key),
        };
        // A table that is empty today, photos that are gone.
        slot.shown = told.is_some();
        blocks.extend(told);
    }
    teller.note_what_strayed(&slots, &strayed);
    blocks.extend(closing(gathered, report, &signer, &annexes));
    let document = Document {
        properties: Properties {
            title: pieces.concat(),
            author: signer,
            created: report.signed_on.unwrap_or(gathered.scope.until()),
            fingerprint: None,
        },
        title: title::lines(&pieces),
        blocks,
        annexes,
    };
    let handles = arrange::handles(&slots, |slot| teller.numbers_told.get(&slot.key).cloned().unwrap_or_default());
    let left_out = arrange::left_out(report, &slots, |slot| text_today(report, lines.get(slot.at), &slot.key));
    Ok(Composed { document, notes: teller.notes, replaced: teller.replaced, slots, handles, left_out })
}

/// The tables that the user put in, by title; nobody else pays for them.
fn own_tables(gathered: &Gathered, figures: &Figures, report: &Report, cleaner: &Cleaner) -> BTreeMap<&'static str, Table> {
    if report.own.iter().all(|own| own.kind != OwnKind::Table) {
        return BTreeMap::new();
    }
    text_tables::all(gathered, figures, report.masking.into(), cleaner).into_iter().collect()
}

fn slots_of(lines: &[Line]) -> Vec<Slot> {
    let slot = |(at, line): (usize, &Line)| Slot {
        key: line.key.clone(),
        level: line.level,
        closing: line.closing,
        own: false,
        shown: true,
        at,
    };
    lines.iter().enumerate().map(slot).collect()
}

/// How a block would read, of what is left out.
fn text_today(report: &Report, line: Option<&Line>, key: &str) -> String {
    if let Some(own) = report.own(key) {
        return own.in_words();
    }
    match (report.edits.iter().find(|edit| edit.block == key), line) {
        (Some(by_hand), _) => text_of(&by_hand.runs.0),
        (None, Some(Line { table: Some(table), .. })) => format!("表格：{}", table.heads.join("、")),
        (None, Some(line)) => runs(&line.text).map(|runs| text_of(&runs)).unwrap_or_default(),
        (None, None) => String::new(),
    }
}

/// Words the blocks one after the other, and counts headings and lists on the way.
struct Teller<'r> {
    figures: &'r Figures,
    report: &'r Report,
    tables: BTreeMap<&'static str, Table>,
    photos: &'r BTreeMap<Id, Photo>,
    numbers: Numbers,
    /// How many of a numbered list were told.
    listed: usize,
    /// Each heading's number, by its key.
    numbers_told: BTreeMap<String, String>,
    notes: Vec<String>,
    replaced: BTreeMap<String, Vec<Run>>,
}

impl<'r> Teller<'r> {
    fn of(
        figures: &'r Figures,
        report: &'r Report,
        tables: BTreeMap<&'static str, Table>,
        photos: &'r BTreeMap<Id, Photo>,
    ) -> Self {
        Teller {
            figures,
            report,
            tables,
            photos,
            numbers: Numbers::default(),
            listed: 0,
            numbers_told: BTreeMap::new(),
            notes: Vec::new(),
            replaced: BTreeMap::new(),
        }
    }

    /// A block that the program worded, in the user's words where there are some.
    fn line(&mut self, line: &Line) -> Result<Block> {
        if let Some(raw) = &line.table {
            return Ok(Block::Table { key: line.key.clone(), title: None, table: table(raw.clone(), self.figures)? });
        }
        let mut own = runs(&line.text)?;
        if line.numbered {
            self.listed += 1;
            own = joined([vec![Run::text(format!("{}.", self.listed))], own].concat());
        }
        let edit = self.report.edits.iter().find(|edit| edit.block == line.key);
        let told = match edit {
            Some(edit) => {
                note_change(edit, &own, &mut self.notes);
                self.replaced.insert(line.key.clone(), own);
                let told = refreshed(&edit.runs.0, self.figures, &mut self.notes);
                if line.numbered { renumbered(told, self.listed) } else { told }
            }
            None => own,
        };
        Ok(self.text(&line.key, line.level, told, edit.is_some()))
    }

    /// A block that the user added.
    fn own(&mut self, key: &str) -> Option<Block> {
        let own = self.report.own(key)?;
        let key = key.to_owned();
        match own.kind {
            OwnKind::Paragraph | OwnKind::Heading => {
                let told = refreshed(&own.runs.0, self.figures, &mut self.notes);
                Some(self.text(&key, u8::try_from(own.level).unwrap_or(0), told, true))
            }
            OwnKind::Photos => {
                let photos: Vec<Photo> = own.photos.0.iter().filter_map(|id| self.photos.get(id).cloned()).collect();
                if photos.len() < own.photos.0.len() {
                    let gone = own.photos.0.len() - photos.len();
                    self.notes.push(format!("放进报告的照片有{gone}张已从台账删除，不再显示"));
                }
                (!photos.is_empty()).then_some(Block::Photos { key, photos })
            }
            OwnKind::Table => {
                let table = self.tables.get(own.source.as_str()).cloned();
                if table.is_none() {
                    self.notes.push(format!("放进报告的“{}”现在没有内容，暂不显示", own.source));
                }
                table.map(|table| Block::Table { key, title: Some(own.source.clone()), table })
            }
        }
    }

    fn text(&mut self, key: &str, level: u8, told: Vec<Run>, edited: bool) -> Block {
        let key = key.to_owned();
        if level == 0 {
            return Block::Paragraph { key, runs: joined(told), edited };
        }
        self.listed = 0;
        let number = self.numbers.next(level);
        self.numbers_told.insert(key.clone(), number.clone());
        Block::Heading { key, level, runs: joined([vec![Run::text(number)], told].concat()) }
    }

    /// Hand-written text whose place is gone is kept, and its author is told.
    fn note_what_strayed(&mut self, slots: &[Slot], strayed: &[String]) {
        for edit in self.report.edits.iter().filter(|edit| slots.iter().all(|slot| slot.key != edit.block)) {
            let start = start_of(&text_of(&edit.runs.0));
            self.notes.push(format!("手写的一段现在没有位置（所在部分已没有内容），仍为您保留：{start}"));
        }
        for own in strayed.iter().filter_map(|key| self.report.own(key)) {
            let start = start_of(&own.in_words());
            self.notes.push(format!("自己加的一段原来挨着的内容已经没有，现放在最近的地方，请看一看：{start}"));
        }
    }
}

/// The report's own words go before the template's, and those before the team's.
fn opening(gathered: &Gathered, report: &Report, to: Option<&str>) -> Vec<Block> {
    let addressee = if report.addressee.is_empty() { to.unwrap_or(&gathered.team.addressee) } else { &report.addressee };
    let addressee = addressee.trim_end_matches(['：', ':']);
    if addressee.is_empty() {
        return Vec::new();
    }
    vec![Block::Addressee { key: "addressee".to_owned(), text: format!("{addressee}：") }]
}

fn closing(gathered: &Gathered, report: &Report, signer: &str, annexes: &[Annex]) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !annexes.is_empty() {
        let name = |annex: &Annex| if annex.printed { annex.title.clone() } else { format!("{}（电子表格）", annex.title) };
        blocks.push(Block::AnnexList { key: "annexes".to_owned(), items: annexes.iter().map(name).collect() });
    }
    let date = print_day(report.signed_on.unwrap_or(gathered.scope.until()));
    blocks.push(Block::SignOff { key: "sign_off".to_owned(), name: signer.to_owned(), date });
    blocks
}

fn signer(gathered: &Gathered, report: &Report, from: Option<&str>) -> String {
    match from.filter(|from| !from.is_empty()) {
        _ if !report.signer.is_empty() => report.signer.clone(),
        Some(from) => from.to_owned(),
        None => gathered.team.name.clone(),
    }
}

/// A written table as one that knows its figures: a cell that is one figure alone is that figure.
fn table(raw: RawTable, figures: &Figures) -> Result<Table> {
    let cells = |row: Vec<String>| row.into_iter().map(|text| cell(&text, figures)).collect::<Result<Vec<_>>>();
    let mut rows = raw.rows.into_iter().map(cells).collect::<Result<Vec<_>>>()?;
    let mut total = raw.total.map(cells).transpose()?;
    // A column of nothing but noughts tells nothing.
    let tells = |at: usize| {
        let mut column = rows.iter().chain(total.as_ref()).filter_map(|row| row.get(at)).peekable();
        let nothing =
            |cell: &Cell| cell.value == CellValue::Empty || cell.figure.as_deref().is_some_and(|key| figures.number(key) == 0);
        column.peek().is_none() || !column.all(nothing)
    };
    let told: Vec<bool> = (0..raw.heads.len()).map(tells).collect();
    rows.iter_mut().chain(total.as_mut()).for_each(|row| *row = kept(std::mem::take(row), &told));
    let columns = kept(raw.heads, &told).into_iter().enumerate().map(|(at, title)| {
        let in_column = || rows.iter().chain(total.as_ref()).filter_map(|row| row.get(at));
        let is_figures = in_column().any(|cell| cell.figure.is_some());
        let width = in_column().map(|cell| cell.text().chars().count()).max().unwrap_or(0).clamp(4, 16);
        let align = match at {
            _ if is_figures => Align::Right,
            0 => Align::Left,
            _ => Align::Center,
        };
        Column { title, align, width: u32::try_from(width).unwrap_or(4) }
    });
    Ok(Table { unit: None, columns: columns.collect(), rows, total })
}

/// The entries whose place is told.
fn kept<T>(entries: Vec<T>, told: &[bool]) -> Vec<T> {
    entries.into_iter().zip(told).filter(|(_, told)| **told).map(|(entry, _)| entry).collect()
}

fn cell(text: &str, figures: &Figures) -> Result<Cell> {
    let runs = runs(text)?;
    let alone = match runs.as_slice() {
        [Run { figure: Some(key), .. }] => figures.get(key),
        _ => None,
    };
    let Some(figure) = alone else { return Ok(Cell::text_of(text_of(&runs))) };
    let value = match figure.value {
        FigureValue::Count(count) => CellValue::Count(count),
        FigureValue::Money(fen) => CellValue::Money(fen),
        FigureValue::Percent(basis_points) => CellValue::Percent(basis_points),
        FigureValue::Hundredths(_) => CellValue::Text(figure.bare()),
    };
    Ok(Cell::of(value).with_figure(figure.key.clone()))
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

/// Says that the records behind a hand-written text have changed since.
fn note_change(edit: &ReportEdit, own: &[Run], notes: &mut Vec<String>) {
    let text = text_of(own);
    if without_number(&text) != without_number(&edit.base) {
        notes.push(format!("手写的一段所依据的记录有变化，程序现在会写：{}", start_of(&text)));
    }
}

/// Hand-written runs with today's values in their figures.
fn refreshed(by_hand: &[Run], figures: &Figures, notes: &mut Vec<String>) -> Vec<Run> {
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
    by_hand.iter().map(refresh).collect()
}

/// A hand-written paragraph of a list, with the number of the place where it stands now.
fn renumbered(mut told: Vec<Run>, number: usize) -> Vec<Run> {
    if let Some(first) = told.first_mut().filter(|first| first.figure.is_none() && without_number(&first.text) != first.text) {
        first.text = format!("{number}.{}", without_number(&first.text));
    }
    told
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
