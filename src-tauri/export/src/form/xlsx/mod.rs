//! An Excel form filled. Cells that hold one placeholder become typed numbers and days in the form's own style; a row with list
//! placeholders is repeated, and everything below moves down: merged cells, areas, formulas, names, pictures and charts.

mod formula;
mod height;
mod plan;
mod sheet;
mod shift;
mod styles;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::error::FormError;
use super::package::Package;
use super::paragraph::{Paragraph, Vocabulary};
use super::report::Findings;
use super::scope::Scope;
use super::tree::{Tree, attribute, escape, unescape};
use formula::Moves;
use plan::{SheetPlan, SheetPlanner, Source, TextCell};
use sheet::{SheetWriter, with_attribute};
use shift::Shift;
use styles::Styles;

type Changed = BTreeMap<String, Option<String>>;

/// A sheet of the workbook.
struct Sheet {
    name: String,
    part: String,
    text: String,
}

/// The changed parts of an Excel form.
pub(super) fn fill(package: &Package<'_>, scope: &Scope<'_>, findings: &mut Findings) -> Result<Changed, FormError> {
    let sheets = sheets(package)?;
    let shared = package.part("xl/sharedStrings.xml")?;
    let shared = shared.as_deref().map(Tree::read).transpose()?;
    let styles = Styles::read(package.part("xl/styles.xml")?.as_deref())?;
    let texts = shared.as_ref().map_or_else(|| Ok(SharedTexts::default()), SharedTexts::read)?;
    let mut trees = Vec::new();
    for sheet in &sheets {
        trees.push(Tree::read(&sheet.text)?);
    }
    let mut plans: Vec<SheetPlan> = Vec::new();
    for (sheet, tree) in sheets.iter().zip(&trees) {
        let (cells, filled) = text_cells(tree, &texts)?;
        plans.push(SheetPlanner::new(&sheet.name, scope, findings, &filled).plan(cells));
    }
    let mut changed = Changed::new();
    if plans.iter().all(|plan| plan.cells.is_empty()) {
        return Ok(changed);
    }
    let shifts: HashMap<String, Shift> =
        sheets.iter().zip(&plans).map(|(sheet, plan)| (sheet.name.to_lowercase(), plan.shift.clone())).collect();
    for ((sheet, tree), plan) in sheets.iter().zip(&trees).zip(&plans) {
        let name = sheet.name.to_lowercase();
        let writer = SheetWriter {
            tree,
            shared: shared.as_ref(),
            plan,
            scope,
            styles: &styles,
            shifts: &shifts,
            name: &name,
            widths: height::Widths::read(tree),
            formulas: HashMap::new(),
            merged: HashSet::new(),
            lines: 1,
            rows: Vec::new(),
            out: String::with_capacity(sheet.text.len() * 2),
        };
        let text = writer.write();
        if text != sheet.text {
            changed.insert(sheet.part.clone(), Some(text));
        }
    }
    workbook(package, &shifts, &mut changed)?;
    if shifts.values().any(Shift::moves) {
        for (sheet, plan) in sheets.iter().zip(&plans).filter(|(_, plan)| plan.shift.moves()) {
            attached(package, sheet, plan, findings, &mut changed)?;
        }
        charts(package, &shifts, &mut changed)?;
        if package.names.iter().any(|name| name.starts_with("xl/pivotCache/")) {
            findings.note("工作簿".to_owned(), "表里有数据透视表，行数变了，请打开后刷新一次");
        }
    }
    Ok(changed)
}

/// The workbook's sheets with their parts.
fn sheets(package: &Package<'_>) -> Result<Vec<Sheet>, FormError> {
    let relations = relations(package, "xl/workbook.xml")?;
    let workbook = package.part("xl/workbook.xml")?.ok_or(FormError::Damaged)?;
    let tree = Tree::read(&workbook)?;
    let mut sheets = Vec::new();
    for element in (0..tree.elements.len()).filter(|element| local(&tree, *element) == "sheet") {
        let tag = tree.start_tag(element);
        let id = ["r:id", "d3p1:id", "relationships:id"].iter().find_map(|name| attribute(tag, name));
        let part = id.and_then(|id| relations.iter().find(|relation| relation.id == id)).map(|relation| relation.part.clone());
        let (Some(name), Some(part)) = (attribute(tag, "name"), part) else { continue };
        if !part.contains("worksheets/") {
            continue;
        }
        if let Some(text) = package.part(&part)? {
            sheets.push(Sheet { name, part, text });
        }
    }
    Ok(sheets)
}

struct Relation {
    id: String,
    kind: String,
    part: String,
}

/// What a part refers to within the package.
fn relations(package: &Package<'_>, part: &str) -> Result<Vec<Relation>, FormError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(text) = package.part(&format!("{folder}/_rels/{file}.rels"))? else { return Ok(Vec::new()) };
    let tree = Tree::read(&text)?;
    let all = (0..tree.elements.len()).filter(|element| local(&tree, *element) == "Relationship").filter_map(|element| {
        let tag = tree.start_tag(element);
        let target = attribute(tag, "Target")?;
        Some(Relation { id: attribute(tag, "Id")?, kind: attribute(tag, "Type")?, part: resolved(folder, &target) })
    });
    Ok(all.collect())
}

/// A target seen from a folder: `../drawings/drawing1.xml` from `xl/worksheets`.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|piece| !piece.is_empty()).collect();
    for piece in target.split('/') {
        match piece {
            ".." => drop(path.pop()),
            "." | "" => {}
            piece => path.push(piece),
        }
    }
    path.join("/")
}

fn local<'t>(tree: &Tree<'t>, element: usize) -> &'t str {
    tree.name(element).rsplit(':').next().unwrap_or_default()
}

/// The shared texts: which have placeholders, and which hold anything at all.
#[derive(Default)]
struct SharedTexts {
    elements: Vec<usize>,
    blank: Vec<bool>,
    paragraphs: HashMap<usize, Paragraph>,
}

impl SharedTexts {
    fn read(tree: &Tree<'_>) -> Result<Self, FormError> {
        let words = vocabulary(tree);
        let mut texts = SharedTexts::default();
        for element in tree.children(0).filter(|element| local(tree, *element) == "si") {
            let number = texts.elements.len();
            if tree.inner(element).contains(['{', '｛'])
                && let Some(paragraph) = Paragraph::read(tree, element, &words)?
            {
                texts.paragraphs.insert(number, paragraph);
            }
            texts.blank.push(is_blank(tree, element));
            texts.elements.push(element);
        }
        Ok(texts)
    }
}

fn vocabulary(tree: &Tree<'_>) -> Vocabulary {
    Vocabulary::sheet(tree.name(0).split_once(':').map(|(prefix, _)| format!("{prefix}:")).as_deref().unwrap_or_default())
}

fn is_blank(tree: &Tree<'_>, element: usize) -> bool {
    let mut texts = tree.within(element).filter(|inner| local(tree, *inner) == "t");
    texts.all(|text| tree.inner(text).trim().is_empty())
}

/// The cells with placeholders, and the rows that hold something beside beginnings and ends.
fn text_cells(tree: &Tree<'_>, texts: &SharedTexts) -> Result<(Vec<TextCell>, HashSet<u32>), FormError> {
    let words = vocabulary(tree);
    let (mut cells, mut filled) = (Vec::new(), HashSet::new());
    let mut row = 0;
    for element in 0..tree.elements.len() {
        match local(tree, element) {
            "row" => row = attribute(tree.start_tag(element), "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1),
            "c" => {
                let tag = tree.start_tag(element);
                let place = attribute(tag, "r").unwrap_or_else(|| format!("第{row}行"));
                let child = |name: &str| tree.children(element).find(|child| local(tree, *child) == name);
                let (source, paragraph, is_empty) = match attribute(tag, "t").as_deref() {
                    Some("s") => {
                        let number: usize = child("v").and_then(|v| tree.inner(v).trim().parse().ok()).unwrap_or(usize::MAX);
                        let blank = texts.blank.get(number).copied().unwrap_or(true);
                        let element = texts.elements.get(number).copied().unwrap_or(0);
                        (Source::Shared(element), texts.paragraphs.get(&number).cloned(), blank)
                    }
                    Some("inlineStr") => match child("is") {
                        Some(text) => (Source::Inline(text), Paragraph::read(tree, text, &words)?, is_blank(tree, text)),
                        None => continue,
                    },
                    _ => {
                        if child("f").is_some() || child("v").is_some() {
                            filled.insert(row);
                        }
                        continue;
                    }
                };
                match paragraph {
                    Some(paragraph) => {
                        use super::tag::Tag;
                        let mark = |tag: &Tag| matches!(tag, Tag::Loop(..) | Tag::If(_) | Tag::Else | Tag::Close(_));
                        if paragraph.has_more || paragraph.tags.iter().any(|placed| !mark(&placed.tag)) {
                            filled.insert(row);
                        }
                        cells.push(TextCell { row, element, place, paragraph, source });
                    }
                    None if !is_empty => drop(filled.insert(row)),
                    None => {}
                }
            }
            _ => {}
        }
    }
    Ok((cells, filled))
}

/// Names of the workbook follow, and every program counts its formulas anew.
fn workbook(package: &Package<'_>, shifts: &HashMap<String, Shift>, changed: &mut Changed) -> Result<(), FormError> {
    let text = package.part("xl/workbook.xml")?.ok_or(FormError::Damaged)?;
    let tree = Tree::read(&text)?;
    let moves = Moves { sheets: shifts, own: None, copy: None };
    let mut out = rewritten(&tree, |tree, element| match local(tree, element) {
        "definedName" => {
            let formula = unescape(tree.inner(element)).unwrap_or_default();
            Some(format!("{}{}", tree.start_tag(element), escape(&moves.adjust(&formula))))
        }
        _ => None,
    });
    let prefix = tree.name(0).strip_suffix("workbook").unwrap_or_default();
    let calculation = (0..tree.elements.len()).find(|element| local(&tree, *element) == "calcPr");
    out = match calculation {
        Some(element) => {
            out.replacen(tree.start_tag(element), &with_attribute(tree.start_tag(element), "fullCalcOnLoad", "1"), 1)
        }
        None => {
            // Its place in the schema is behind the names; without them behind the sheets.
            let after = ["definedNames", "externalReferences", "functionGroups", "sheets"];
            let end = after.iter().map(|name| format!("</{prefix}{name}>")).find(|end| out.contains(end.as_str()));
            match end {
                Some(end) => out.replacen(&end, &format!("{end}<{prefix}calcPr fullCalcOnLoad=\"1\"/>"), 1),
                None => out,
            }
        }
    };
    changed.insert("xl/workbook.xml".to_owned(), Some(out));
    if package.names.iter().any(|name| name == "xl/calcChain.xml") {
        without_calculation_chain(package, changed)?;
    }
    Ok(())
}

/// The order in which formulas were counted is of no use any more, and a wrong one makes Excel complain.
fn without_calculation_chain(package: &Package<'_>, changed: &mut Changed) -> Result<(), FormError> {
    changed.insert("xl/calcChain.xml".to_owned(), None);
    for part in ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"] {
        let Some(text) = package.part(part)? else { continue };
        let tree = Tree::read(&text)?;
        let out = rewritten(&tree, |tree, element| tree.start_tag(element).contains("calcChain.xml").then(String::new));
        changed.insert(part.to_owned(), Some(out));
    }
    Ok(())
}

/// A part with some elements written otherwise; the answer stands for everything before the end tag, and nothing at all takes
/// the element away.
fn rewritten(tree: &Tree<'_>, write: impl Fn(&Tree<'_>, usize) -> Option<String>) -> String {
    let (mut out, mut at, mut skip) = (String::with_capacity(tree.text.len() + 64), 0, 0);
    for (number, element) in tree.elements.iter().enumerate() {
        if element.start < skip {
            continue;
        }
        if let Some(text) = write(tree, number) {
            out.push_str(tree.slice(at, element.start));
            at = if text.is_empty() { element.end } else { element.close_start };
            skip = element.end;
            out.push_str(&text);
        }
    }
    out.push_str(tree.slice(at, tree.text.len()));
    out
}

/// What hangs on a sheet and knows its rows: pictures, tables, comments.
fn attached(
    package: &Package<'_>,
    sheet: &Sheet,
    plan: &SheetPlan,
    findings: &mut Findings,
    changed: &mut Changed,
) -> Result<(), FormError> {
    let shift = &plan.shift;
    let lowest = shift.blocks.iter().filter(|block| block.copies != 1).map(|block| block.from).min().unwrap_or(u32::MAX);
    for relation in relations(package, &sheet.part)? {
        let Some(text) = package.part(&relation.part).ok().flatten() else { continue };
        if relation.kind.ends_with("/drawing") {
            let tree = Tree::read(&text)?;
            let out = rewritten(&tree, |tree, element| {
                let row: u32 = tree.inner(element).trim().parse().ok().filter(|_| local(tree, element) == "row")?;
                Some(format!("{}{}", tree.start_tag(element), shift.last(row + 1) - 1))
            });
            changed.insert(relation.part, Some(out));
        } else if relation.kind.ends_with("/table") {
            let tree = Tree::read(&text)?;
            let out = rewritten(&tree, |tree, element| {
                let tag = tree.start_tag(element);
                let area = attribute(tag, "ref").filter(|_| ["autoFilter", "sortState"].contains(&local(tree, element)))?;
                Some(format!("{}{}", with_attribute(tag, "ref", &shift.areas(&area)), tree.inner(element)))
            });
            let root = tree.start_tag(0);
            let area = attribute(root, "ref").unwrap_or_default();
            changed.insert(relation.part, Some(out.replacen(root, &with_attribute(root, "ref", &shift.areas(&area)), 1)));
        } else if relation.kind.ends_with("/comments") {
            let tree = Tree::read(&text)?;
            let below = (0..tree.elements.len()).filter(|element| local(&tree, *element) == "comment").any(|element| {
                let place = attribute(tree.start_tag(element), "ref").and_then(|place| shift::Reference::parse(&place));
                place.is_some_and(|place| place.row > lowest)
            });
            if below {
                findings.note(sheet.name.clone(), "重复的行下面有批注，批注留在原来的格子上，请核对一下");
            }
        }
    }
    Ok(())
}

/// Charts draw the rows where they stand now.
fn charts(package: &Package<'_>, shifts: &HashMap<String, Shift>, changed: &mut Changed) -> Result<(), FormError> {
    let moves = Moves { sheets: shifts, own: None, copy: None };
    for name in package.names.iter().filter(|name| name.starts_with("xl/charts/chart") && name.ends_with(".xml")) {
        let Some(text) = package.part(name)? else { continue };
        let tree = Tree::read(&text)?;
        let out = rewritten(&tree, |tree, element| {
            let formula = (local(tree, element) == "f").then(|| unescape(tree.inner(element)).unwrap_or_default())?;
            Some(format!("{}{}", tree.start_tag(element), escape(&moves.adjust(&formula))))
        });
        changed.insert(name.clone(), Some(out));
    }
    Ok(())
}
