//! Which rows of a sheet are repeated or depend on a condition, and what its placeholders stand for.

use std::collections::{BTreeMap, HashMap, HashSet};

use zhucun_core::report::form::{FormFormat, Named};

use super::shift::{Block, Shift};
use crate::form::paragraph::Paragraph;
use crate::form::plan::{Role, What};
use crate::form::report::Findings;
use crate::form::scope::{Around, Scope};
use crate::form::tag::{Condition, Tag};

/// A cell with placeholders.
#[derive(Debug, Clone)]
pub(in crate::form) struct TextCell {
    pub row: u32,
    /// Its element in the sheet.
    pub element: usize,
    /// Its place, such as `B5`.
    pub place: String,
    pub paragraph: Paragraph,
    /// Where its text stands: the element of the shared texts, or of the sheet.
    pub source: Source,
}

/// Where a cell's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::form) enum Source {
    /// An entry of the shared texts.
    Shared(usize),
    /// Within the cell.
    Inline(usize),
}

/// A sheet as it will be written.
#[derive(Default)]
pub(in crate::form) struct SheetPlan {
    /// By the cell's element.
    pub cells: BTreeMap<usize, TextCell>,
    pub roles: HashMap<(usize, usize), Role>,
    /// Rows that are repeated, with the list.
    pub loops: Vec<(u32, u32, usize)>,
    pub shift: Shift,
}

struct Open {
    cell: usize,
    row: u32,
    tag: usize,
    what: What,
    alias: Option<String>,
    otherwise: Option<(usize, u32, usize)>,
}

pub(in crate::form) struct SheetPlanner<'a> {
    pub sheet: &'a str,
    pub scope: &'a Scope<'a>,
    pub findings: &'a mut Findings,
    /// Rows that hold text beside what marks beginnings and ends.
    pub filled_rows: &'a HashSet<u32>,
    pub plan: SheetPlan,
    open: Vec<Open>,
    repeated: BTreeMap<u32, usize>,
    blocks: Vec<Block>,
}

impl<'a> SheetPlanner<'a> {
    pub(in crate::form) fn new(
        sheet: &'a str,
        scope: &'a Scope<'a>,
        findings: &'a mut Findings,
        filled_rows: &'a HashSet<u32>,
    ) -> Self {
        let (plan, open) = (SheetPlan::default(), Vec::new());
        SheetPlanner { sheet, scope, findings, filled_rows, plan, open, repeated: BTreeMap::new(), blocks: Vec::new() }
    }

    pub(in crate::form) fn plan(mut self, cells: Vec<TextCell>) -> SheetPlan {
        for cell in &cells {
            for start in &cell.paragraph.unclosed {
                self.findings.unclosed(self.place(cell), start);
            }
            for number in 0..cell.paragraph.tags.len() {
                self.tag(cell, number);
            }
        }
        for open in std::mem::take(&mut self.open) {
            if let Some(cell) = cells.iter().find(|cell| cell.element == open.cell) {
                self.wrong(cell, open.tag, "只有开头，没有结尾。请在后面补上{{结束}}");
            }
        }
        let repeated: Vec<(u32, usize)> = self.repeated.iter().map(|(row, list)| (*row, *list)).collect();
        for (row, list) in repeated {
            self.loop_rows(row, row, list);
        }
        self.blocks.sort_by_key(|block| block.from);
        self.plan.shift = Shift { blocks: self.blocks };
        self.plan.cells = cells.into_iter().map(|cell| (cell.element, cell)).collect();
        self.plan
    }

    fn place(&self, cell: &TextCell) -> String {
        format!("{}!{}", self.sheet, cell.place)
    }

    fn around(&self) -> Vec<Around> {
        let loops = self.open.iter().filter_map(|open| match open.what {
            What::Loop(list) => Some(Around { list, alias: open.alias.clone() }),
            What::If(..) => None,
        });
        loops.collect()
    }

    fn tag(&mut self, cell: &TextCell, number: usize) {
        let Some(placed) = cell.paragraph.tags.get(number) else { return };
        let what = match &placed.tag {
            Tag::Value(name, format) => return self.value(cell, number, name, *format),
            Tag::Loop(name, alias) => match self.scope.list(name) {
                Some(list) => (What::Loop(list), alias.clone()),
                None => {
                    self.unknown(cell, number, name, "没有这张清单");
                    let condition = Condition { name: name.clone(), negated: false, compared: None };
                    (What::If(condition, Vec::new()), alias.clone())
                }
            },
            Tag::If(condition) => {
                let around = self.around();
                if self.scope.holds(condition, &around, &Vec::new()).is_none() {
                    self.unknown(cell, number, &condition.name, "没有这个名称");
                }
                (What::If(condition.clone(), around), None)
            }
            Tag::Else => {
                let asked = self.open.last_mut().filter(|open| matches!(open.what, What::If(..)) && open.otherwise.is_none());
                return match asked {
                    Some(open) => open.otherwise = Some((cell.element, cell.row, number)),
                    None => self.wrong(cell, number, "“否则”前面没有“如果”"),
                };
            }
            Tag::Close(name) => return self.close(cell, number, name.as_deref()),
            Tag::Wrong(why) => return self.wrong(cell, number, why),
        };
        let (what, alias) = what;
        self.open.push(Open { cell: cell.element, row: cell.row, tag: number, what, alias, otherwise: None });
    }

    fn value(&mut self, cell: &TextCell, number: usize, name: &str, format: FormFormat) {
        let around = self.around();
        let named = match self.scope.find(name, &around) {
            None => return self.unknown(cell, number, name, "没有这个名称"),
            Some(Named::List(_)) => return self.wrong(cell, number, "这是一张清单，请写明要哪一列，例如{{走访台账.户主}}"),
            Some(named) => named,
        };
        if let Named::Column(list, _) = named
            && !around.iter().any(|each| each.list == list)
            && *self.repeated.entry(cell.row).or_insert(list) != list
        {
            return self.wrong(cell, number, "同一行里用了两张清单。请分成两行");
        }
        let written = cell.paragraph.tags.get(number).map_or_else(String::new, |placed| placed.written.clone());
        self.findings.used(self.place(cell), self.scope, named, format, written);
        self.plan.roles.insert((cell.element, number), Role::Value(named, format));
    }

    fn close(&mut self, cell: &TextCell, number: usize, name: Option<&str>) {
        let Some(open) = self.open.pop() else { return self.wrong(cell, number, "前面没有对应的开头") };
        let named = name.and_then(|name| self.scope.list(name));
        if let (What::Loop(list), Some(named)) = (&open.what, named)
            && *list != named
        {
            self.open.push(open);
            return self.wrong(cell, number, "和前面的开头不是同一张清单");
        }
        let same = open.cell == cell.element && open.otherwise.is_none_or(|(element, ..)| element == cell.element);
        if same {
            let op = |tag: usize| cell.paragraph.tags.get(tag).map(|placed| placed.op);
            let otherwise = open.otherwise.and_then(|(_, _, tag)| op(tag));
            let begin = Role::Begin(open.what.clone(), otherwise, op(number).unwrap_or(0));
            self.plan.roles.entry((open.cell, open.tag)).or_insert(begin);
        } else if open.cell == cell.element {
            return self.wrong(cell, number, "“否则”不在同一格里");
        } else {
            self.rows(&open, cell.row);
        }
        let marks = [(open.cell, open.tag), (cell.element, number)];
        for mark in marks.into_iter().chain(open.otherwise.map(|(element, _, tag)| (element, tag))) {
            self.plan.roles.entry(mark).or_insert(Role::Gone);
        }
    }

    /// A loop or condition over whole rows. Rows that hold nothing but its marks go.
    fn rows(&mut self, open: &Open, last: u32) {
        let is_mark = |row: u32| !self.filled_rows.contains(&row);
        let (mut from, mut to) = (open.row, last);
        if from < to && is_mark(from) {
            self.blocks.push(Block { from, to: from, copies: 0 });
            from += 1;
        }
        if from < to && is_mark(to) {
            self.blocks.push(Block { from: to, to, copies: 0 });
            to -= 1;
        }
        match &open.what {
            What::Loop(list) => self.loop_rows(from, to, *list),
            What::If(condition, around) => {
                let holds = self.scope.holds(condition, around, &Vec::new()).unwrap_or(true);
                let gone = |copies| if copies { 1 } else { 0 };
                match open.otherwise {
                    Some((_, row, _)) if from < row && row <= to => {
                        self.blocks.push(Block { from, to: row - 1, copies: gone(holds) });
                        let cut = if is_mark(row) {
                            self.blocks.push(Block { from: row, to: row, copies: 0 });
                            row + 1
                        } else {
                            row
                        };
                        if cut <= to {
                            self.blocks.push(Block { from: cut, to, copies: gone(!holds) });
                        }
                    }
                    _ => self.blocks.push(Block { from, to, copies: gone(holds) }),
                }
            }
        }
    }

    fn loop_rows(&mut self, from: u32, to: u32, list: usize) {
        let overlaps = self.plan.loops.iter().any(|(first, last, _)| *first <= to && from <= *last);
        if overlaps {
            return;
        }
        let copies = u32::try_from(self.scope.rows(list)).unwrap_or(u32::MAX).max(1);
        self.plan.loops.push((from, to, list));
        self.blocks.push(Block { from, to, copies });
    }

    fn unknown(&mut self, cell: &TextCell, number: usize, name: &str, why: &str) {
        let written = cell.paragraph.tags.get(number).map_or("", |placed| placed.written.as_str());
        self.findings.unknown(self.place(cell), written, why, self.scope.values.nearest(name));
        self.plan.roles.insert((cell.element, number), Role::Wrong);
    }

    fn wrong(&mut self, cell: &TextCell, number: usize, why: &str) {
        let written = cell.paragraph.tags.get(number).map_or("", |placed| placed.written.as_str());
        self.findings.wrong(self.place(cell), written, why);
        self.plan.roles.insert((cell.element, number), Role::Wrong);
    }
}
