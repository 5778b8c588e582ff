//! A sheet written anew: rows repeated and moved, cells filled with typed values, formulas and areas following.

use std::collections::{HashMap, HashSet};

use zhucun_core::report::form::{FormContent, FormFormat, Named};

use super::formula::{Moves, translated};
use super::height::{Widths, height};
use super::plan::{SheetPlan, Source, TextCell};
use super::shift::{Block, Reference, Shift, column_name};
use super::styles::{Shown, Styles};
use crate::form::paragraph::{Op, Paragraph, Placed};
use crate::form::plan::{Role, What};
use crate::form::scope::{Rows, Scope};
use crate::form::tree::{Tree, attribute, attribute_span, escape, unescape};

/// What a sheet is written with.
pub(in crate::form) struct SheetWriter<'a, 't> {
    pub tree: &'a Tree<'t>,
    pub shared: Option<&'a Tree<'a>>,
    pub plan: &'a SheetPlan,
    pub scope: &'a Scope<'a>,
    pub styles: &'a Styles,
    pub shifts: &'a HashMap<String, Shift>,
    /// Name of the sheet in lower case.
    pub name: &'a str,
    /// Of the columns.
    pub widths: Widths,
    /// First cells of merged areas: wider than their column.
    pub merged: HashSet<String>,
    /// Lines of the tallest text of the row being written.
    pub lines: u32,
    /// First cells of shared formulas: number, cell, text.
    pub formulas: HashMap<String, (Reference, String)>,
    pub rows: Rows,
    pub out: String,
}

/// Elements with an area in an attribute.
const AREAS: [(&str, &str); 11] = [
    ("dimension", "ref"),
    ("mergeCell", "ref"),
    ("autoFilter", "ref"),
    ("hyperlink", "ref"),
    ("sortState", "ref"),
    ("sortCondition", "ref"),
    ("conditionalFormatting", "sqref"),
    ("dataValidation", "sqref"),
    ("protectedRange", "sqref"),
    ("ignoredError", "sqref"),
    ("table", "ref"),
];

impl SheetWriter<'_, '_> {
    /// Writes the whole part.
    pub(in crate::form) fn write(mut self) -> String {
        self.formulas = self.shared_formulas();
        let merged = (0..self.tree.elements.len()).filter(|element| self.local(*element) == "mergeCell");
        let areas = merged.filter_map(|element| attribute(self.tree.start_tag(element), "ref"));
        self.merged = areas.map(|area| area.split(':').next().unwrap_or_default().to_owned()).collect();
        let (start, end) = self.tree.elements.first().map_or((0, 0), |root| (root.start, root.end));
        self.out.push_str(self.tree.slice(0, start));
        self.element(0);
        self.out.push_str(self.tree.slice(end, self.tree.text.len()));
        self.out
    }

    fn local(&self, element: usize) -> &'_ str {
        self.tree.name(element).rsplit(':').next().unwrap_or_default()
    }

    fn shift(&self) -> &Shift {
        &self.plan.shift
    }

    fn moves(&self, copy: Option<(Block, u32)>) -> Moves<'_> {
        Moves { sheets: self.shifts, own: Some(self.name), copy }
    }

    fn element(&mut self, element: usize) {
        let Some(found) = self.tree.elements.get(element) else { return };
        let local = self.local(element).to_owned();
        match local.as_str() {
            "sheetData" => return self.sheet_data(element),
            "mergeCells" => return self.merged(element),
            "formula" | "formula1" | "formula2" | "f" => {
                let text = unescape(self.tree.inner(element)).unwrap_or_default();
                let moved = escape(&self.moves(None).adjust(&text));
                self.out.push_str(self.tree.start_tag(element));
                self.out.push_str(&moved);
                return self.out.push_str(self.tree.slice(found.close_start, found.end));
            }
            "sqref" => {
                self.out.push_str(self.tree.start_tag(element));
                self.out.push_str(&self.plan.shift.areas(self.tree.inner(element)));
                return self.out.push_str(self.tree.slice(found.close_start, found.end));
            }
            _ => {}
        }
        let mut tag = self.tree.start_tag(element).to_owned();
        for (_, name) in AREAS.iter().filter(|(name, _)| *name == local) {
            if let Some(areas) = attribute(&tag, name) {
                tag = with_attribute(&tag, name, &self.shift().areas(&areas));
            }
        }
        if local == "brk"
            && self.tree.elements.get(found.parent).is_some_and(|_| self.local(found.parent) == "rowBreaks")
            && let Some(row) = attribute(&tag, "id").and_then(|id| id.parse().ok())
        {
            tag = with_attribute(&tag, "id", &self.shift().last(row).to_string());
        }
        self.out.push_str(&tag);
        self.between(element, |writer, child| writer.element(child));
        self.out.push_str(self.tree.slice(found.close_start, found.end));
    }

    /// Writes what is within an element: its children as told, what stands between them as it is.
    fn between(&mut self, element: usize, mut write: impl FnMut(&mut Self, usize)) {
        let Some(found) = self.tree.elements.get(element) else { return };
        let mut at = found.open_end;
        let children: Vec<usize> = self.tree.children(element).collect();
        for child in children {
            let Some(inner) = self.tree.elements.get(child) else { continue };
            self.out.push_str(self.tree.slice(at, inner.start));
            write(self, child);
            at = inner.end;
        }
        self.out.push_str(self.tree.slice(at, found.close_start));
    }

    /// Merged cells of a repeated row are merged in each of its copies.
    fn merged(&mut self, element: usize) {
        let Some(found) = self.tree.elements.get(element) else { return };
        let mut tags = Vec::new();
        for cell in self.tree.children(element) {
            let tag = self.tree.start_tag(cell);
            let Some(area) = attribute(tag, "ref") else { continue };
            let (from, to) = area.split_once(':').unwrap_or((&area, &area));
            let (Some(from), Some(to)) = (Reference::parse(from), Reference::parse(to)) else { continue };
            match self.shift().block(from.row).filter(|block| block.holds(to.row)) {
                Some(block) => tags.extend((0..block.copies).map(|copy| {
                    let moved =
                        |reference: Reference| Reference { row: self.shift().copy(reference.row, copy), ..reference }.print();
                    with_attribute(tag, "ref", &format!("{}:{}", moved(from), moved(to)))
                })),
                None => tags.extend(self.shift().area(&area).map(|area| with_attribute(tag, "ref", &area))),
            }
        }
        if tags.is_empty() {
            return;
        }
        self.out.push_str(&with_attribute(self.tree.start_tag(element), "count", &tags.len().to_string()));
        tags.iter().for_each(|tag| self.out.push_str(tag));
        self.out.push_str(self.tree.slice(found.close_start, found.end));
    }

    fn sheet_data(&mut self, element: usize) {
        let Some(found) = self.tree.elements.get(element) else { return };
        self.out.push_str(self.tree.start_tag(element));
        let rows = self.numbered_rows(element);
        let mut at = 0;
        while let Some((row, number)) = rows.get(at).copied() {
            let Some(block) = self.shift().block(number) else {
                self.row(row, number, None);
                at += 1;
                continue;
            };
            let end = rows.iter().position(|(_, number)| *number > block.to).unwrap_or(rows.len());
            let list =
                self.plan.loops.iter().find(|(from, to, _)| *from == block.from && *to == block.to).map(|(.., list)| *list);
            for copy in 0..block.copies {
                if list.is_some() && !self.scope.may_copy(self.out.len()) {
                    break;
                }
                if let Some(list) = list {
                    let has_rows = self.scope.rows(list) > 0;
                    self.rows.push((list, has_rows.then_some(copy as usize)));
                }
                for (row, number) in rows.get(at..end).unwrap_or_default() {
                    self.row(*row, *number, Some((block, copy)));
                }
                if list.is_some() {
                    self.rows.pop();
                }
            }
            at = end.max(at + 1);
        }
        self.out.push_str(self.tree.slice(found.close_start, found.end));
    }

    /// The rows with their numbers; one without a number follows the one before it.
    fn numbered_rows(&self, element: usize) -> Vec<(usize, u32)> {
        let mut last = 0;
        let rows = self.tree.children(element).filter(|row| self.local(*row) == "row").map(|row| {
            last = attribute(self.tree.start_tag(row), "r").and_then(|number| number.parse().ok()).unwrap_or(last + 1);
            (row, last)
        });
        rows.collect()
    }

    fn row(&mut self, row: usize, number: u32, copy: Option<(Block, u32)>) {
        let Some(found) = self.tree.elements.get(row) else { return };
        let place = self.shift().copy(number, copy.map_or(0, |(_, copy)| copy));
        let touched = self.tree.children(row).any(|cell| self.plan.cells.contains_key(&cell) || self.formula_of(cell).is_some());
        if place == number && !touched {
            return self.out.push_str(self.tree.whole(row));
        }
        let before = std::mem::take(&mut self.out);
        self.lines = 1;
        let mut column = 0;
        let cells: Vec<usize> = self.tree.children(row).collect();
        for cell in cells {
            let reference = attribute(self.tree.start_tag(cell), "r").and_then(|place| Reference::parse(&place));
            column = reference.map_or(column + 1, |reference| reference.column);
            self.cell(cell, Reference { column, row: number, fixed_column: false, fixed_row: false }, place, copy);
        }
        let cells = std::mem::replace(&mut self.out, before);
        let mut tag = with_attribute(self.tree.start_tag(row), "r", &place.to_string());
        // A height that the form chose stays; a row that fits itself must fit its new text.
        if attribute(&tag, "customHeight").is_none()
            && let Some(height) = height(self.lines)
        {
            tag = with_attribute(&with_attribute(&tag, "ht", &height), "customHeight", "1");
        }
        self.out.push_str(&tag);
        self.out.push_str(&cells);
        self.out.push_str(self.tree.slice(found.close_start, found.end));
    }

    fn formula_of(&self, cell: usize) -> Option<usize> {
        self.tree.children(cell).find(|child| self.local(*child) == "f")
    }

    fn cell(&mut self, cell: usize, from: Reference, row: u32, copy: Option<(Block, u32)>) {
        let Some(found) = self.tree.elements.get(cell) else { return };
        let place = format!("{}{row}", column_name(from.column));
        let tag = with_attribute(self.tree.start_tag(cell), "r", &place);
        let plan = self.plan;
        if let Some(text) = plan.cells.get(&cell) {
            return self.filled(text, &tag, from.column);
        }
        if let Some(formula) = self.formula_of(cell) {
            return self.formula(cell, formula, from, &tag, copy);
        }
        self.out.push_str(&tag);
        self.out.push_str(self.tree.slice(found.open_end, found.end));
    }

    /// A formula follows; what it came to before is left out, so that no program shows it.
    fn formula(&mut self, cell: usize, formula: usize, from: Reference, tag: &str, copy: Option<(Block, u32)>) {
        let name = self.tree.name(cell);
        let start = self.tree.start_tag(formula);
        let kind = attribute(start, "t").unwrap_or_default();
        let own = unescape(self.tree.inner(formula)).unwrap_or_default();
        let number = attribute(start, "si").unwrap_or_default();
        let text = match self.formulas.get(&number).filter(|_| kind == "shared") {
            Some((first, text)) => {
                let by = |to: u32, from: u32| i64::from(to) - i64::from(from);
                translated(text, by(from.row, first.row), by(from.column, first.column))
            }
            None => own,
        };
        let moved = escape(&self.moves(copy).adjust(&text));
        let tag = without_attribute(tag, "t");
        let prefix = name.strip_suffix('c').unwrap_or_default();
        let open = if kind == "array" {
            let area = attribute(start, "ref").and_then(|area| self.shift().area(&area)).unwrap_or_default();
            with_attribute(start, "ref", &area)
        } else {
            format!("<{prefix}f>")
        };
        self.out.push_str(&format!("{tag}{open}{moved}</{prefix}f></{name}>"));
    }

    fn shared_formulas(&self) -> HashMap<String, (Reference, String)> {
        let mut found = HashMap::new();
        for element in (0..self.tree.elements.len()).filter(|element| self.local(*element) == "f") {
            let tag = self.tree.start_tag(element);
            let is_shared = attribute(tag, "t").is_some_and(|kind| kind == "shared");
            let text = unescape(self.tree.inner(element)).unwrap_or_default();
            if is_shared && !text.is_empty() {
                let cell = self.tree.elements.get(element).map_or(0, |element| element.parent);
                let place = attribute(self.tree.start_tag(cell), "r").and_then(|place| Reference::parse(&place));
                if let Some((number, place)) = attribute(tag, "si").zip(place) {
                    found.insert(number, (place, text));
                }
            }
        }
        found
    }

    /// A cell with placeholders: a number where there is one alone and the style shows it, else text.
    fn filled(&mut self, cell: &TextCell, tag: &str, column: u32) {
        let name = self.tree.name(cell.element);
        let prefix = name.strip_suffix('c').unwrap_or_default();
        let tag = without_attribute(tag, "t");
        let tag = tag.trim_end_matches('>').trim_end_matches('/').trim_end().to_owned();
        let only = cell.paragraph.only_tag().and_then(|placed| {
            let role = self.plan.roles.get(&(cell.element, placed.tag_number(&cell.paragraph)?))?;
            match role {
                Role::Value(named, format) => Some((*named, *format)),
                _ => None,
            }
        });
        let style = attribute(&format!("{tag}>"), "s");
        let shown = self.styles.shown(style.as_deref());
        if let Some((named, format)) = only
            && let Some(number) = self.number(named, format, shown)
        {
            return self.out.push_str(&format!("{tag}><{prefix}v>{number}</{prefix}v></{name}>"));
        }
        let text = self.text(cell, prefix);
        if self.styles.wraps(style.as_deref()) && !self.merged.contains(cell.place.as_str()) {
            self.lines = self.lines.max(self.widths.lines(column, &without_tags(&text)));
        }
        if text.is_empty() {
            self.out.push_str(&format!("{tag}/>"));
        } else {
            self.out.push_str(&format!("{tag} t=\"inlineStr\"><{prefix}is>{text}</{prefix}is></{name}>"));
        }
    }

    /// The value as a number, where the cell's style can show it as one.
    fn number(&self, named: Named, format: FormFormat, shown: Shown) -> Option<String> {
        if shown == Shown::Text || format.with_unit {
            return None;
        }
        if let Named::Count(list) = named {
            return Some(self.scope.rows(list).to_string());
        }
        let written = self.scope.value(named, format, &self.rows);
        match (written.content, shown) {
            (FormContent::Count { approximate: true, .. } | FormContent::Hundredths { approximate: true, .. }, _) => None,
            (FormContent::Count { .. } | FormContent::Hundredths { .. }, Shown::Number | Shown::Percent) => {
                Some(written.content.print("", format))
            }
            (FormContent::Money(_), Shown::Number) => Some(written.content.print("", format)),
            (FormContent::Percent(points), Shown::Percent) => Some(share(*points)),
            (FormContent::Day(day), Shown::Day) => {
                let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)?;
                let serial = (*day - first).num_days();
                // Excel counts days from 1900 on, and its February of that year had 29.
                (serial > 60).then(|| serial.to_string())
            }
            _ => None,
        }
    }

    fn text(&mut self, cell: &TextCell, prefix: &str) -> String {
        let (tree, element) = match cell.source {
            Source::Shared(element) => match self.shared {
                Some(shared) => (shared, element),
                None => return String::new(),
            },
            Source::Inline(element) => (self.tree, element),
        };
        let mut pen = Pen {
            scope: self.scope,
            plan: self.plan,
            tree,
            cell,
            rows: self.rows.clone(),
            out: String::new(),
            marked: false,
            prefix,
        };
        let printed = pen.ops(0, cell.paragraph.ops.len(), false);
        let (out, marked) = (pen.out, pen.marked);
        if !printed {
            return String::new();
        }
        let inner = out.find('>').and_then(|start| out.get(start + 1..)).unwrap_or_default();
        let inner = inner.rfind("</").and_then(|end| inner.get(..end)).unwrap_or_default().to_owned();
        let is_rich = tree.children(element).any(|child| tree.name(child).ends_with('r'));
        if marked && !is_rich { format!("<{prefix}r>{inner}</{prefix}r>") } else { inner }
    }
}

/// The characters of a text with its runs.
fn without_tags(text: &str) -> String {
    let pieces = text.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect()
}

/// Basis points as a share: 1280 → `0.128`.
fn share(points: i64) -> String {
    format!("{}", points as f64 / 10_000.0)
}

impl Placed {
    /// Its number among the paragraph's placeholders.
    fn tag_number(&self, paragraph: &Paragraph) -> Option<usize> {
        paragraph.tags.iter().position(|placed| placed.op == self.op)
    }
}

/// Writes the text of one cell.
struct Pen<'a, 't> {
    scope: &'a Scope<'a>,
    plan: &'a SheetPlan,
    tree: &'a Tree<'t>,
    cell: &'a TextCell,
    rows: Rows,
    out: String,
    /// Whether a placeholder stays in it.
    marked: bool,
    prefix: &'a str,
}

impl Pen<'_, '_> {
    fn ops(&mut self, from: usize, to: usize, silent: bool) -> bool {
        let (mut printed, mut at) = (false, from);
        let paragraph = &self.cell.paragraph;
        while at < to {
            let Some(op) = paragraph.ops.get(at) else { break };
            at += 1;
            match op {
                Op::Copy(from, to) => {
                    let piece = self.tree.slice(*from, *to);
                    // Of a text that is copied whole nothing is known but that it is there.
                    printed |= piece.contains("</") && paragraph.has_more;
                    self.out.push_str(piece);
                }
                Op::Structure(text) => self.out.push_str(text),
                Op::Text(text) if !silent => {
                    printed = true;
                    self.out.push_str(text);
                }
                Op::Tag(number) => {
                    let role = self.plan.roles.get(&(self.cell.element, *number));
                    let Some(placed) = paragraph.tags.get(*number) else { continue };
                    match role {
                        Some(Role::Value(named, format)) if !silent => {
                            let text = self.scope.print(*named, *format, &self.rows, placed.percent_follows);
                            printed |= !text.is_empty();
                            self.out.push_str(&literal(&escape(&text)));
                        }
                        Some(Role::Begin(what, otherwise, end)) => {
                            printed |= self.within(what, at, *otherwise, *end, silent);
                            at = end + 1;
                        }
                        Some(Role::Wrong) if !silent => {
                            printed = true;
                            self.mark(&placed.written);
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        printed
    }

    fn within(&mut self, what: &What, from: usize, otherwise: Option<usize>, to: usize, silent: bool) -> bool {
        match what {
            What::If(condition, around) => {
                let holds = self.scope.holds(condition, around, &self.rows).unwrap_or(true);
                let yes = self.ops(from, otherwise.unwrap_or(to), silent || !holds);
                let no = otherwise.is_some_and(|cut| self.ops(cut + 1, to, silent || holds));
                yes || no
            }
            What::Loop(list) if silent || self.scope.rows(*list) == 0 => self.ops(from, to, true),
            What::Loop(list) => {
                let mut printed = false;
                for row in 0..self.scope.rows(*list) {
                    if !self.scope.may_copy(self.out.len()) {
                        break;
                    }
                    self.rows.push((*list, Some(row)));
                    printed |= self.ops(from, to, false);
                    self.rows.pop();
                }
                printed
            }
        }
    }

    /// A placeholder that stays, in red.
    fn mark(&mut self, written: &str) {
        self.marked = true;
        let (p, written) = (self.prefix, escape(written));
        self.out.push_str(&format!(
            "</{p}t></{p}r><{p}r><{p}rPr><{p}color rgb=\"FFFF0000\"/></{p}rPr><{p}t xml:space=\"preserve\">{written}</{p}t></{p}r><{p}r><{p}t xml:space=\"preserve\">"
        ));
    }
}

/// Text that a cell shows as it is: `_x0041_` would be read as the character of that number.
fn literal(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let is_number = found.get(2..7).is_some_and(|c| c.ends_with('_') && c.bytes().take(4).all(|b| b.is_ascii_hexdigit()));
        out.push_str(if is_number { "_x005F_x" } else { "_x" });
        rest = found.get(2..).unwrap_or_default();
    }
    out + rest
}

/// A start tag with an attribute set.
pub(in crate::form) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    match attribute_span(tag, name) {
        Some((from, to)) => {
            format!("{}{}{}", tag.get(..from).unwrap_or_default(), escape(value), tag.get(to..).unwrap_or_default())
        }
        None => {
            let end = if tag.ends_with("/>") { 2 } else { 1 };
            let (start, end) = tag.split_at_checked(tag.len() - end).unwrap_or((tag, ""));
            format!("{} {name}=\"{}\"{end}", start.trim_end(), escape(value))
        }
    }
}

fn without_attribute(tag: &str, name: &str) -> String {
    match attribute_span(tag, name) {
        Some((from, to)) => {
            let before = tag.get(..from).unwrap_or_default();
            let start = before.rfind(name).unwrap_or(from);
            format!("{}{}", before.get(..start).unwrap_or_default().trim_end(), tag.get(to + 1..).unwrap_or_default())
        }
        None => tag.to_owned(),
    }
}
