//! A Word form filled: body, headers, footers and notes; text boxes within them. What holds no placeholder is copied byte for byte.

use std::collections::BTreeMap;

use super::error::FormError;
use super::package::Package;
use super::paragraph::{Op, Paragraph, Placed, Vocabulary};
use super::plan::{Plan, Planner, Region, Role, Tables, What};
use super::report::{Findings, Place};
use super::scope::{Rows, Scope};
use super::tree::{Tree, attribute_span, escape};

const MAIN: [&str; 2] =
    ["http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"];

/// The changed parts of a Word form.
pub(super) fn fill(
    package: &Package<'_>,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Result<BTreeMap<String, Option<String>>, FormError> {
    let mut changed = BTreeMap::new();
    for name in package.names.iter().filter(|name| is_text(name)) {
        let Some(text) = package.part(name)? else { continue };
        if !text.contains(['{', '｛']) {
            // Unread, but never unlooked at: a definition of entities is refused wherever it stands.
            if text.contains("<!DOCTYPE") {
                return Err(FormError::Unsafe);
            }
            continue;
        }
        let filled = fill_part(&text, label(name), scope, findings)?;
        if filled != text {
            changed.insert(name.clone(), Some(filled));
        }
    }
    Ok(changed)
}

fn is_text(name: &str) -> bool {
    let Some(part) = name.strip_prefix("word/").and_then(|name| name.strip_suffix(".xml")) else { return false };
    let numbered = |stem: &str| part.strip_prefix(stem).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    ["document", "header", "footer", "footnotes", "endnotes"].into_iter().any(numbered)
}

fn label(part: &str) -> &'static str {
    match part {
        name if name.contains("header") => "页眉",
        name if name.contains("footer") => "页脚",
        name if name.contains("notes") => "脚注",
        _ => "",
    }
}

fn fill_part(text: &str, label: &'static str, scope: &Scope<'_>, findings: &mut Findings) -> Result<String, FormError> {
    let tree = Tree::read(text)?;
    let prefix = prefix(tree.start_tag(0)).ok_or(FormError::Damaged)?;
    let words = Vocabulary::word(&prefix);
    let name = |local: &str| format!("{prefix}{local}");
    let tables = Tables { table: name("tbl"), row: name("tr"), cell: name("tc") };
    let places = Places { tree: &tree, words: &words, tables: &tables, label };
    let plan = Planner::new(&tree, &words, &tables, scope, findings, &|element| places.of(element)).plan()?;
    if plan.paragraphs.is_empty() {
        return Ok(text.to_owned());
    }
    let out = String::with_capacity(text.len() + text.len() / 2);
    let mut writer = Writer { tree: &tree, plan: &plan, scope, words: &words, tables: &tables, out, rows: Vec::new(), drops: 0 };
    writer.out.push_str(tree.slice(0, tree.elements.first().map_or(0, |root| root.start)));
    writer.element(0);
    writer.out.push_str(tree.slice(tree.elements.first().map_or(0, |root| root.end), text.len()));
    Ok(writer.out)
}

/// The prefix of Word's own elements, colon included.
fn prefix(root: &str) -> Option<String> {
    let at = MAIN.iter().find_map(|space| root.find(&format!("\"{space}\"")).or_else(|| root.find(&format!("'{space}'"))))?;
    let declared = root.get(..at)?.trim_end().strip_suffix('=')?.trim_end();
    let name = declared.rsplit(char::is_whitespace).next()?;
    match name.strip_prefix("xmlns:") {
        Some(prefix) => Some(format!("{prefix}:")),
        None => (name == "xmlns").then(String::new),
    }
}

/// Tells where an element stands, as a reader counts.
struct Places<'a, 't> {
    tree: &'a Tree<'t>,
    words: &'a Vocabulary,
    tables: &'a Tables,
    label: &'static str,
}

impl Places<'_, '_> {
    fn of(&self, paragraph: usize) -> Place {
        let around = |name: &str| self.tree.around(paragraph).find(|element| self.tree.name(*element) == name);
        let text_box = self.words.nested.iter().find_map(|name| around(name));
        let label = if text_box.is_some() { format!("{}文本框", self.label) } else { self.label.to_owned() };
        let (Some(cell), Some(row)) = (around(&self.tables.cell), around(&self.tables.row)) else {
            let before = match text_box {
                Some(text_box) => self
                    .tree
                    .within(text_box)
                    .take_while(|element| *element < paragraph)
                    .filter(|element| self.tree.name(*element) == self.words.paragraph)
                    .count(),
                None => self.paragraphs_before(paragraph),
            };
            return format!("{label}第{}段", before + 1);
        };
        // The outermost table: one within a cell is found with it.
        let table = self.tree.around(paragraph).filter(|element| self.tree.name(*element) == self.tables.table).last();
        let number = (0..=table.unwrap_or(0)).filter(|element| self.is_outer_table(*element)).count();
        let among = |element: usize, name: &str| {
            let parent = self.tree.elements.get(element).map_or(0, |element| element.parent);
            let mut same = self.tree.children(parent).filter(|child| self.tree.name(*child) == name);
            same.position(|child| child == element).unwrap_or(0) + 1
        };
        let (row, cell) = (among(row, &self.tables.row), among(cell, &self.tables.cell));
        format!("{label}表格{number}第{row}行第{cell}列")
    }

    fn is_outer_table(&self, element: usize) -> bool {
        self.tree.name(element) == self.tables.table
            && !self.tree.around(element).any(|around| self.tree.name(around) == self.tables.table)
    }

    fn paragraphs_before(&self, paragraph: usize) -> usize {
        let outside = |element: usize| {
            let inner = |name: &str| name == self.tables.cell || self.words.nested.iter().any(|nested| nested == name);
            !self.tree.around(element).any(|around| inner(self.tree.name(around)))
        };
        (0..paragraph).filter(|element| self.tree.name(*element) == self.words.paragraph && outside(*element)).count()
    }
}

struct Writer<'a, 't> {
    tree: &'a Tree<'t>,
    plan: &'a Plan,
    scope: &'a Scope<'a>,
    words: &'a Vocabulary,
    tables: &'a Tables,
    out: String,
    rows: Rows,
    /// How many blocks were left out so far.
    drops: usize,
}

impl Writer<'_, '_> {
    fn element(&mut self, element: usize) {
        let Some(found) = self.tree.elements.get(element) else { return };
        if !self.plan.touched.contains(&element) {
            return self.out.push_str(self.tree.whole(element));
        }
        if let Some(paragraph) = self.plan.paragraphs.get(&element) {
            return self.paragraph(element, paragraph);
        }
        let (start, drops) = (self.out.len(), self.drops);
        self.out.push_str(self.tree.start_tag(element));
        let children: Vec<usize> = self.tree.children(element).collect();
        let regions = self.plan.regions.get(&element).map_or(&[][..], Vec::as_slice);
        self.span(&children, regions);
        let last_end = children.last().and_then(|child| self.tree.elements.get(*child)).map_or(found.open_end, |child| child.end);
        self.out.push_str(self.tree.slice(last_end, found.close_start));
        if self.drops > drops {
            self.mend(element, start);
        }
        self.out.push_str(self.tree.slice(found.close_start, found.end));
    }

    /// A cell ends in a paragraph, and a table has rows: what Word insists on.
    fn mend(&mut self, element: usize, start: usize) {
        let name = self.tree.name(element);
        let paragraph = &self.words.paragraph;
        let written = self.out.get(start..).unwrap_or_default().trim_end();
        if name == self.tables.cell || self.words.nested.iter().any(|nested| nested == name) {
            let last = written.rfind('<').and_then(|at| written.get(at..)).unwrap_or_default();
            let ends = last.starts_with(&format!("</{paragraph}>"))
                || last.starts_with(&format!("<{paragraph} "))
                || last.starts_with(&format!("<{paragraph}/"));
            if !ends {
                self.out.push_str(&format!("<{paragraph}/>"));
            }
        } else if name == self.tables.table && !written.contains(&format!("</{}>", self.tables.row)) {
            // A row with one empty cell, so that the table is one.
            let (row, cell) = (&self.tables.row, &self.tables.cell);
            self.out.push_str(&format!("<{row}><{cell}><{paragraph}/></{cell}></{row}>"));
        }
    }

    /// Neighbouring elements with what stands between them.
    fn span(&mut self, children: &[usize], regions: &[Region]) {
        let mut at = 0;
        while let Some(&child) = children.get(at) {
            let Some(found) = self.tree.elements.get(child) else { return };
            let before = match at.checked_sub(1).and_then(|before| children.get(before)) {
                Some(before) => self.tree.elements.get(*before).map_or(found.start, |before| before.end),
                None => {
                    // The first of a container follows its start tag; the first of a repeated piece follows nothing.
                    let parent = self.tree.elements.get(found.parent).map_or(found.start, |parent| parent.open_end);
                    if self.tree.children(found.parent).next() == Some(child) { parent } else { found.start }
                }
            };
            self.out.push_str(self.tree.slice(before, found.start));
            let region = regions.iter().enumerate().find(|(_, region)| region.from == child);
            let end = region.and_then(|(_, region)| children.iter().position(|child| *child == region.to));
            match (region, end) {
                (Some((number, region)), Some(end)) => {
                    let rest = regions.get(number + 1..).unwrap_or_default();
                    self.region(region, children.get(at..=end).unwrap_or_default(), rest);
                    at = end + 1;
                }
                _ => {
                    self.child(child);
                    at += 1;
                }
            }
        }
    }

    fn region(&mut self, region: &Region, children: &[usize], inner: &[Region]) {
        match &region.what {
            What::Loop(list) => {
                let is_rows = self.tree.name(region.from) == self.tables.row;
                if self.scope.rows(*list) == 0 && !is_rows {
                    self.drops += 1;
                } else {
                    self.repeat(*list, |writer| writer.span(children, inner));
                }
            }
            What::If(condition, around) => {
                let cut = region.otherwise.and_then(|otherwise| children.iter().position(|child| *child == otherwise));
                let (yes, no) = children.split_at(cut.unwrap_or(children.len()));
                let holds = self.scope.holds(condition, around, &self.rows).unwrap_or(true);
                self.drops += 1;
                self.span(if holds { yes } else { no }, inner);
            }
        }
    }

    /// Writes something once for each row of a list; once with nothing in it where the list is empty.
    fn repeat(&mut self, list: usize, write: impl Fn(&mut Self)) {
        let rows = self.scope.rows(list);
        if rows == 0 {
            self.rows.push((list, None));
            write(self);
            self.rows.pop();
        }
        for row in 0..rows {
            let start = self.out.len();
            if !self.scope.may_copy(start) {
                return;
            }
            self.rows.push((list, Some(row)));
            write(self);
            self.rows.pop();
            if row > 0 {
                self.strip_ids(start);
            }
        }
    }

    /// Ids of paragraphs and bookmarks must not stand in a document twice.
    fn strip_ids(&mut self, start: usize) {
        let copy = self.out.get(start..).unwrap_or_default();
        if !["paraId=", "textId=", "bookmarkStart", "bookmarkEnd"].iter().any(|id| copy.contains(id)) {
            return;
        }
        let mut kept = String::with_capacity(copy.len());
        let mut rest = copy;
        while let Some((before, tag, after)) = next_tag(rest) {
            kept.push_str(before);
            let name = tag.split([' ', '/', '>']).next().unwrap_or_default();
            if !(name.ends_with(":bookmarkStart") || name.ends_with(":bookmarkEnd")) {
                kept.push_str(&without(&without(tag, "w14:paraId"), "w14:textId"));
            }
            rest = after;
        }
        kept.push_str(rest);
        self.out.truncate(start);
        self.out.push_str(&kept);
    }

    fn child(&mut self, child: usize) {
        if self.plan.dropped.contains(&child) {
            self.drops += 1;
            return;
        }
        match self.plan.repeated.get(&child) {
            Some(list) => self.repeat(*list, |writer| writer.element(child)),
            None => self.element(child),
        }
    }

    fn paragraph(&mut self, element: usize, paragraph: &Paragraph) {
        let start = self.out.len();
        let printed = self.ops(element, paragraph, 0, paragraph.ops.len(), false);
        let asks = |tag: usize| matches!(self.plan.roles.get(&(element, tag)), Some(Role::Begin(..)));
        // A paragraph of which a condition leaves nothing leaves no empty line either.
        if !printed && !paragraph.keeps && (0..paragraph.tags.len()).any(asks) {
            self.out.truncate(start);
            self.drops += 1;
        }
    }

    /// Runs some steps; answers whether anything was printed. Silent, only the structure is written.
    fn ops(&mut self, element: usize, paragraph: &Paragraph, from: usize, to: usize, silent: bool) -> bool {
        let (mut printed, mut at) = (false, from);
        while at < to {
            let Some(op) = paragraph.ops.get(at) else { break };
            at += 1;
            match op {
                Op::Copy(from, to) => self.out.push_str(self.tree.slice(*from, *to)),
                Op::Structure(text) => self.out.push_str(text),
                Op::Nested(inner) => self.element(*inner),
                Op::Text(_) | Op::Break(..) if silent => {}
                Op::Text(text) => {
                    printed |= !text.trim().is_empty();
                    self.out.push_str(text);
                }
                Op::Break(from, to) => self.out.push_str(self.tree.slice(*from, *to)),
                Op::Tag(number) => {
                    let Some(placed) = paragraph.tags.get(*number) else { continue };
                    match self.plan.roles.get(&(element, *number)) {
                        Some(Role::Value(named, format)) if !silent => {
                            let text = self.scope.print(*named, *format, &self.rows, placed.percent_follows);
                            printed |= !text.trim().is_empty();
                            self.text(&text);
                        }
                        Some(Role::Begin(what, otherwise, end)) => {
                            printed |= self.within(element, paragraph, what, (at, *otherwise, *end), silent);
                            at = end + 1;
                        }
                        Some(Role::Wrong) if !silent => {
                            printed = true;
                            self.marked(placed);
                        }
                        _ => {}
                    }
                }
            }
        }
        printed
    }

    /// A loop or condition within the paragraph.
    fn within(
        &mut self,
        element: usize,
        paragraph: &Paragraph,
        what: &What,
        (from, otherwise, to): (usize, Option<usize>, usize),
        silent: bool,
    ) -> bool {
        match what {
            What::If(condition, around) => {
                let holds = self.scope.holds(condition, around, &self.rows).unwrap_or(true);
                let yes = self.ops(element, paragraph, from, otherwise.unwrap_or(to), silent || !holds);
                let no = otherwise.is_some_and(|cut| self.ops(element, paragraph, cut + 1, to, silent || holds));
                yes || no
            }
            What::Loop(list) if silent || self.scope.rows(*list) == 0 => self.ops(element, paragraph, from, to, true),
            What::Loop(list) => {
                let mut printed = false;
                for row in 0..self.scope.rows(*list) {
                    if !self.scope.may_copy(self.out.len()) {
                        break;
                    }
                    self.rows.push((*list, Some(row)));
                    printed |= self.ops(element, paragraph, from, to, false);
                    self.rows.pop();
                }
                printed
            }
        }
    }

    /// A value; its line breaks are those of the document.
    fn text(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                let (words, t) = (self.words.line_break.as_deref().unwrap_or_default(), &self.words.text);
                self.out.push_str(&format!("</{t}><{words}/><{t} xml:space=\"preserve\">"));
            }
            self.out.push_str(&escape(line));
        }
    }

    /// A placeholder that stays: on yellow, so that nobody sends it off unseen.
    fn marked(&mut self, placed: &Placed) {
        let run = self.tree.elements.get(placed.element).map_or(0, |element| element.parent);
        let written = escape(&placed.written.replace(['\n', '\t'], " "));
        if self.tree.name(run) != self.words.run {
            return self.out.push_str(&written);
        }
        let properties = self.tree.children(run).next().filter(|child| self.tree.name(*child) == self.words.properties);
        let plain = properties.map_or("", |properties| self.tree.whole(properties));
        let yellow = highlighted(self.tree, properties, &self.words.properties);
        let (r, t) = (&self.words.run, &self.words.text);
        self.out.push_str(&format!(
            "</{t}></{r}><{r}>{yellow}<{t} xml:space=\"preserve\">{written}</{t}></{r}><{r}>{plain}<{t} xml:space=\"preserve\">"
        ));
    }
}

/// The run's properties with a yellow ground, in the order of the schema.
fn highlighted(tree: &Tree, properties: Option<usize>, name: &str) -> String {
    const LATER: [&str; 13] = [
        "u",
        "effect",
        "bdr",
        "shd",
        "fitText",
        "vertAlign",
        "rtl",
        "cs",
        "em",
        "lang",
        "eastAsianLayout",
        "specVanish",
        "oMath",
    ];
    let prefix = name.trim_end_matches("rPr");
    let mark = format!("<{prefix}highlight {prefix}val=\"yellow\"/>");
    let Some(properties) = properties else { return format!("<{name}>{mark}</{name}>") };
    let mut out = format!("<{name}>");
    let mut is_marked = false;
    for child in tree.children(properties) {
        let local = tree.name(child).trim_start_matches(prefix);
        if local == "highlight" {
            continue;
        }
        if !is_marked && (LATER.contains(&local) || local == "rPrChange") {
            out.push_str(&mark);
            is_marked = true;
        }
        out.push_str(tree.whole(child));
    }
    if !is_marked {
        out.push_str(&mark);
    }
    out + &format!("</{name}>")
}

/// The text before the next tag, the tag, and what follows.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find('<')?;
    let length = text.get(start..)?.find('>')? + 1;
    Some((text.get(..start)?, text.get(start..start + length)?, text.get(start + length..)?))
}

fn without(tag: &str, attribute: &str) -> String {
    match attribute_span(tag, attribute) {
        Some((from, to)) => {
            let start = tag.get(..from).and_then(|before| before.rfind(attribute)).unwrap_or(from);
            format!("{}{}", tag.get(..start).unwrap_or_default().trim_end(), tag.get(to + 1..).unwrap_or_default())
        }
        None => tag.to_owned(),
    }
}
