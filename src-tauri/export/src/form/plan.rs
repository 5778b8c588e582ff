//! Which placeholders belong together in a part of a Word form: what is repeated, what depends on a condition, what each name
//! stands for, and what is not understood and where it stands.

use std::collections::{BTreeMap, HashMap, HashSet};

use zhucun_core::report::form::{FormFormat, Named};

use super::error::FormError;
use super::paragraph::{Paragraph, Vocabulary};
use super::report::{Findings, Place};
use super::scope::{Around, Scope};
use super::tag::{Condition, Tag};
use super::tree::Tree;

/// What a beginning begins.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// A loop over a list.
    Loop(usize),
    /// A condition, asked within loops.
    If(Condition, Vec<Around>),
}

/// What becomes of a placeholder.
#[derive(Debug, Clone)]
pub(super) enum Role {
    /// A value is written.
    Value(Named, FormFormat),
    /// It only marks where something begins or ends, and goes.
    Gone,
    /// Something begins that ends in the same paragraph; where the other side begins, and where it ends, as steps.
    Begin(What, Option<usize>, usize),
    /// It stays and is marked.
    Wrong,
}

/// Neighbouring elements that are repeated, or written on a condition.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub from: usize,
    pub to: usize,
    /// Where 否则 stands.
    pub otherwise: Option<usize>,
    pub what: What,
}

/// The whole part.
#[derive(Default)]
pub(super) struct Plan {
    pub paragraphs: BTreeMap<usize, Paragraph>,
    /// Elements that are not copied whole.
    pub touched: HashSet<usize>,
    /// By the element around them, the outer before the inner.
    pub regions: HashMap<usize, Vec<Region>>,
    /// Rows and paragraphs that are repeated because they name a list's column.
    pub repeated: HashMap<usize, usize>,
    pub roles: HashMap<(usize, usize), Role>,
    /// Paragraphs and rows that held nothing but marks.
    pub dropped: HashSet<usize>,
}

/// A beginning whose end is still to come.
struct Open {
    paragraph: usize,
    tag: usize,
    what: What,
    alias: Option<String>,
    otherwise: Option<(usize, usize)>,
}

/// Names of a table's elements.
pub(super) struct Tables {
    pub table: String,
    pub row: String,
    pub cell: String,
}

pub(super) struct Planner<'a, 't> {
    pub tree: &'a Tree<'t>,
    pub words: &'a Vocabulary,
    pub tables: &'a Tables,
    pub scope: &'a Scope<'a>,
    pub findings: &'a mut Findings,
    pub place: &'a dyn Fn(usize) -> Place,
    plan: Plan,
    open: Vec<Open>,
}

impl<'a, 't> Planner<'a, 't> {
    pub(super) fn new(
        tree: &'a Tree<'t>,
        words: &'a Vocabulary,
        tables: &'a Tables,
        scope: &'a Scope<'a>,
        findings: &'a mut Findings,
        place: &'a dyn Fn(usize) -> Place,
    ) -> Self {
        Planner { tree, words, tables, scope, findings, place, plan: Plan::default(), open: Vec::new() }
    }

    /// Reads every paragraph and pairs what belongs together.
    pub(super) fn plan(mut self) -> Result<Plan, FormError> {
        for element in 0..self.tree.elements.len() {
            if self.tree.name(element) == self.words.paragraph
                && let Some(paragraph) = Paragraph::read(self.tree, element, self.words)?
            {
                self.plan.paragraphs.insert(element, paragraph);
            }
        }
        let numbers: Vec<usize> = self.plan.paragraphs.keys().copied().collect();
        for element in numbers {
            let Some(paragraph) = self.plan.paragraphs.get(&element).cloned() else { continue };
            for start in &paragraph.unclosed {
                self.findings.unclosed((self.place)(element), start);
            }
            for number in 0..paragraph.tags.len() {
                self.tag(element, &paragraph, number);
            }
        }
        for open in std::mem::take(&mut self.open) {
            self.wrong(open.paragraph, open.tag, "只有开头，没有结尾。请在后面补上{{结束}}");
        }
        self.touch();
        self.drop_marks();
        self.plan.regions.values_mut().for_each(|list| list.sort_by_key(|region| (region.from, std::cmp::Reverse(region.to))));
        Ok(self.plan)
    }

    fn tag(&mut self, element: usize, paragraph: &Paragraph, number: usize) {
        let Some(placed) = paragraph.tags.get(number) else { return };
        match &placed.tag {
            Tag::Value(name, format) => self.value(element, number, name, *format),
            Tag::Loop(name, alias) => match self.scope.list(name) {
                Some(list) => self.begin(element, number, What::Loop(list), alias.clone()),
                None => {
                    self.unknown(element, number, name, "没有这张清单");
                    // Its end still finds its beginning, and what stands between is written once.
                    let condition = Condition { name: name.clone(), negated: false, compared: None };
                    self.begin(element, number, What::If(condition, Vec::new()), alias.clone());
                }
            },
            Tag::If(condition) => {
                let around = self.around();
                if self.scope.holds(condition, &around, &Vec::new()).is_none() {
                    let name = condition.name.clone();
                    self.unknown(element, number, &name, "没有这个名称");
                }
                self.begin(element, number, What::If(condition.clone(), around), None);
            }
            Tag::Else => match self.open.last_mut() {
                Some(open) if open.otherwise.is_none() && matches!(open.what, What::If(..)) => {
                    open.otherwise = Some((element, number));
                }
                _ => self.wrong(element, number, "“否则”前面没有“如果”"),
            },
            Tag::Close(name) => self.close(element, number, name.as_deref()),
            Tag::Wrong(why) => self.wrong(element, number, &why.clone()),
        }
    }

    fn around(&self) -> Vec<Around> {
        let loops = self.open.iter().filter_map(|open| match open.what {
            What::Loop(list) => Some(Around { list, alias: open.alias.clone() }),
            What::If(..) => None,
        });
        loops.collect()
    }

    fn value(&mut self, element: usize, number: usize, name: &str, format: FormFormat) {
        let around = self.around();
        match self.scope.find(name, &around) {
            None => self.unknown(element, number, name, "没有这个名称"),
            Some(Named::List(list)) => {
                let column = self.scope.values.lists.get(list).and_then(|list| list.columns.get(1)).cloned().unwrap_or_default();
                self.wrong(element, number, &format!("这是一张清单，请写明要哪一列，例如{{{{{name}.{column}}}}}"));
            }
            Some(named) => {
                if let Named::Column(list, _) = named
                    && !around.iter().any(|each| each.list == list)
                    && !self.repeat(element, list)
                {
                    return self.wrong(element, number, "同一行里用了两张清单。请分成两行，或用{{#清单}}和{{/清单}}写明");
                }
                self.findings.used((self.place)(element), self.scope, named, format, self.written(element, number));
                self.plan.roles.insert((element, number), Role::Value(named, format));
            }
        }
    }

    /// The row that names a list's column is repeated; outside of tables the paragraph is.
    fn repeat(&mut self, element: usize, list: usize) -> bool {
        let row = self.tree.around(element).find(|around| self.tree.name(*around) == self.tables.row);
        *self.plan.repeated.entry(row.unwrap_or(element)).or_insert(list) == list
    }

    fn begin(&mut self, paragraph: usize, tag: usize, what: What, alias: Option<String>) {
        self.open.push(Open { paragraph, tag, what, alias, otherwise: None });
    }

    fn close(&mut self, element: usize, number: usize, name: Option<&str>) {
        let Some(open) = self.open.pop() else {
            return self.wrong(element, number, "前面没有对应的开头");
        };
        let named = name.and_then(|name| self.scope.list(name));
        if let (What::Loop(list), Some(named)) = (&open.what, named)
            && *list != named
        {
            self.wrong(element, number, "和前面的开头不是同一张清单");
            self.open.push(open);
            return;
        }
        let paired = if open.paragraph == element { self.pair_within(&open, number) } else { self.pair_across(&open, element) };
        if paired {
            for (paragraph, tag) in [(open.paragraph, open.tag), (element, number)].into_iter().chain(open.otherwise) {
                self.plan.roles.entry((paragraph, tag)).or_insert(Role::Gone);
            }
        } else {
            let why = "开头和结尾没有对齐：请都放在同一段里，或同一张表的行里，或各占一段";
            self.wrong(open.paragraph, open.tag, why);
            self.plan.roles.insert((element, number), Role::Wrong);
        }
    }

    fn pair_within(&mut self, open: &Open, close: usize) -> bool {
        let Some(paragraph) = self.plan.paragraphs.get(&open.paragraph) else { return false };
        let (Some(from), Some(to)) = (paragraph.tags.get(open.tag), paragraph.tags.get(close)) else { return false };
        let otherwise = match open.otherwise {
            Some((element, tag)) if element == open.paragraph => paragraph.tags.get(tag).map(|placed| placed.op),
            Some(_) => return false,
            None => None,
        };
        // What is repeated must begin and end at the same depth, or its copies would not fit together.
        let run = |text: usize| self.tree.elements.get(text).map(|element| element.parent);
        let parent = |text: usize| run(text).and_then(|run| self.tree.elements.get(run)).map(|run| run.parent);
        let level = from.element == to.element || parent(from.element) == parent(to.element);
        if matches!(open.what, What::Loop(_)) && !level {
            return false;
        }
        let role = Role::Begin(open.what.clone(), otherwise, to.op);
        self.plan.roles.entry((open.paragraph, open.tag)).or_insert(role);
        true
    }

    fn pair_across(&mut self, open: &Open, close: usize) -> bool {
        let path = |element: usize| {
            let mut path: Vec<usize> = self.tree.around(element).collect();
            path.reverse();
            path.push(element);
            path
        };
        let (one, other) = (path(open.paragraph), path(close));
        let shared = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let (Some(&common), Some(&from), Some(&to)) = (one.get(shared.wrapping_sub(1)), one.get(shared), other.get(shared))
        else {
            return false;
        };
        let (container, from, to) = if self.tree.name(common) == self.tables.row {
            let Some(around) = self.tree.around(common).next() else { return false };
            (around, common, common)
        } else {
            (common, from, to)
        };
        let is_row = |element: usize| self.tree.name(element) == self.tables.row;
        let is_own = from == open.paragraph && to == close;
        if !(is_own || is_row(from) && is_row(to)) {
            return false;
        }
        let otherwise = match open.otherwise {
            None => None,
            Some((element, _)) => {
                let path: Vec<usize> = std::iter::once(element).chain(self.tree.around(element)).collect();
                let child = path.windows(2).find(|pair| pair.get(1) == Some(&container)).and_then(|pair| pair.first().copied());
                if child.is_none() {
                    return false;
                }
                child
            }
        };
        self.plan.regions.entry(container).or_default().push(Region { from, to, otherwise, what: open.what.clone() });
        true
    }

    fn written(&self, element: usize, number: usize) -> String {
        let placed = self.plan.paragraphs.get(&element).and_then(|paragraph| paragraph.tags.get(number));
        placed.map_or_else(String::new, |placed| placed.written.clone())
    }

    fn unknown(&mut self, element: usize, number: usize, name: &str, why: &str) {
        let written = self.written(element, number);
        self.findings.unknown((self.place)(element), &written, why, self.scope.values.nearest(name));
        self.plan.roles.insert((element, number), Role::Wrong);
    }

    fn wrong(&mut self, element: usize, number: usize, why: &str) {
        let written = self.written(element, number);
        self.findings.wrong((self.place)(element), &written, why);
        self.plan.roles.insert((element, number), Role::Wrong);
    }

    fn touch(&mut self) {
        for element in self.plan.paragraphs.keys() {
            self.plan.touched.insert(*element);
            self.plan.touched.extend(self.tree.around(*element));
        }
    }

    /// Paragraphs and rows that held nothing but a beginning or an end leave no empty line behind.
    fn drop_marks(&mut self) {
        let only_marks = |element: usize, paragraph: &Paragraph| {
            let gone = |tag: usize| matches!(self.plan.roles.get(&(element, tag)), Some(Role::Gone));
            !paragraph.has_more && !paragraph.tags.is_empty() && (0..paragraph.tags.len()).all(gone)
        };
        let paragraphs: HashSet<usize> =
            self.plan.paragraphs.iter().filter(|(at, paragraph)| only_marks(**at, paragraph)).map(|(at, _)| *at).collect();
        let mut rows = HashSet::new();
        for region in self.plan.regions.values().flatten().filter(|region| region.from != region.to) {
            for row in [Some(region.from), Some(region.to), region.otherwise].into_iter().flatten() {
                if self.tree.name(row) == self.tables.row && self.is_blank(row, &paragraphs) {
                    rows.insert(row);
                }
            }
        }
        self.plan.dropped = paragraphs;
        self.plan.dropped.extend(rows);
    }

    /// Whether a row holds nothing beside marks.
    fn is_blank(&self, row: usize, marks: &HashSet<usize>) -> bool {
        let inside = |element: usize| std::iter::once(element).chain(self.tree.around(element)).any(|each| marks.contains(&each));
        let texts = self.tree.within(row).filter(|element| self.tree.name(*element) == self.words.text);
        let mut texts = texts.filter(|text| !inside(*text));
        texts.all(|text| self.tree.inner(text).trim().is_empty())
    }
}
