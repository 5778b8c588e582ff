//! Two reports side by side: figure by figure with what changed, and section by section.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::changes::change;
use super::desk;
use super::document::{Align, Annex, Block, Cell, CellValue, Column, Document, Properties, Table, text_of};
use super::{Compiled, compile};
use crate::error::{Error, Result};
use crate::figures::Figure;
use crate::records::report::{OWN, Report};
use crate::storage::{Store, Stored};
use crate::value::{Id, Period, print_percent};

/// Two reports compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// The one that is looked at.
    pub this: ComparedReport,
    /// The one beside it.
    pub other: ComparedReport,
    /// Their figures.
    pub figures: Vec<ComparedFigure>,
    /// Their text.
    pub sections: Vec<ComparedSection>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ComparedReport {
    /// Title in one line.
    pub title: String,
    /// 报告期 in words.
    pub period: String,
    /// Whether it is finalised.
    pub finalised: bool,
}

/// A figure of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ComparedFigure {
    /// Key of the figure.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// As this report prints it.
    pub this: Option<String>,
    /// As the other one does.
    pub other: Option<String>,
    /// By how much, with sign and unit.
    pub change: String,
    /// By how many per cent of the other, with its sign; empty for per cents and where there was nothing.
    pub percent: String,
    /// Whether they differ.
    pub changed: bool,
}

/// A section of both, paragraph by paragraph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ComparedSection {
    /// Its heading.
    pub title: String,
    /// Level of the heading.
    pub level: u8,
    /// Text of this report.
    pub this: Vec<String>,
    /// Text of the other.
    pub other: Vec<String>,
    /// Whether they differ.
    pub changed: bool,
}

/// Compares a report with another one, or with the half-year before it as today's records tell it.
pub fn compare(store: Store<'_>, id: Id, other: Option<Id>) -> Result<Comparison> {
    let this = store.get::<Report>(id)?;
    let compiled = desk::open(store, &this)?;
    let (other, beside) = match other {
        Some(other) => {
            let other = store.get::<Report>(other)?;
            let beside = desk::open(store, &other)?;
            (other.draft, beside)
        }
        None => {
            let before = last_period(&this)?;
            let village_ids = this.draft.village_ids.clone();
            let report = Report { village_ids, ..Report::of(before, before.last_day(), &this.draft.template) };
            let beside = compile(store, &report)?;
            (report, beside)
        }
    };
    Ok(Comparison {
        figures: figures(&compiled, &beside),
        sections: sections(&compiled.document, &beside.document),
        this: named(&compiled, &this.draft),
        other: named(&beside, &other),
    })
}

fn last_period(report: &Stored<Report>) -> Result<Period> {
    let period = Period::parse(&report.draft.period).ok_or_else(|| Error::BadInput(report.draft.period.clone()))?;
    period.first_day().pred_opt().and_then(period_of).ok_or(Error::NotNow("更早的半年没有报告"))
}

fn period_of(day: chrono::NaiveDate) -> Option<Period> {
    use chrono::Datelike;
    let half = if day.month() <= 6 { crate::value::Half::First } else { crate::value::Half::Second };
    Period::new(day.year(), half)
}

fn named(compiled: &Compiled, report: &Report) -> ComparedReport {
    ComparedReport {
        title: compiled.document.properties.title.clone(),
        period: Period::parse(&report.period).map_or_else(|| report.period.clone(), Period::in_words),
        finalised: report.is_finalised(),
    }
}

/// Keys of the figures that a document tells.
fn told(document: &Document) -> BTreeSet<&str> {
    let runs = document.blocks.iter().flat_map(|block| match block {
        Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => runs.as_slice(),
        _ => &[],
    });
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table { table, .. } => Some(table),
        _ => None,
    });
    let tables = tables.chain(document.annexes.iter().map(|annex| &annex.table));
    let cells = tables.flat_map(|table| table.rows.iter().flatten().chain(table.total.iter().flatten()));
    runs.filter_map(|run| run.figure.as_deref()).chain(cells.filter_map(|cell| cell.figure.as_deref())).collect()
}

fn figures(this: &Compiled, other: &Compiled) -> Vec<ComparedFigure> {
    let (mine, theirs) = (told(&this.document), told(&other.document));
    let wanted = |figure: &&Figure| mine.contains(figure.key.as_str()) || theirs.contains(figure.key.as_str());
    let known = this.figures.all().iter().filter(wanted).map(|figure| (Some(figure), other.figures.get(&figure.key)));
    let gone = other.figures.all().iter().filter(wanted).filter(|figure| this.figures.get(&figure.key).is_none());
    let pairs = known.chain(gone.map(|figure| (None, Some(figure))));
    pairs.filter_map(|(this, other)| compared(this, other)).collect()
}

fn compared(this: Option<&Figure>, other: Option<&Figure>) -> Option<ComparedFigure> {
    let named = this.or(other)?;
    let words = |figure: Option<&Figure>| figure.map(Figure::in_words);
    let both = other.zip(this);
    Some(ComparedFigure {
        key: named.key.clone(),
        label: named.label.clone(),
        this: words(this),
        other: words(other),
        change: both.map_or_else(String::new, |(other, this)| change(other, this)),
        percent: both.map_or_else(String::new, |(other, this)| relative(other, this)),
        changed: words(this) != words(other),
    })
}

/// `+12.5%` of the other.
fn relative(other: &Figure, this: &Figure) -> String {
    let (before, now) = (i128::from(other.value.number()), i128::from(this.value.number()));
    let is_share = matches!(this.value, crate::figures::FigureValue::Percent(_));
    if before == 0 || before == now || is_share {
        return String::new();
    }
    // One decimal: a comparison is read at a glance.
    let tenths = ((now - before) * 1000 + before.abs() / 2 * (now - before).signum()) / before;
    let sign = if tenths >= 0 { "+" } else { "" };
    format!("{sign}{}", print_percent(i64::try_from(tenths * 10).unwrap_or(i64::MAX)))
}

fn sections(this: &Document, other: &Document) -> Vec<ComparedSection> {
    let (mine, theirs) = (grouped(this), grouped(other));
    let beside: BTreeMap<&str, &Section> = theirs.iter().map(|section| (section.key.as_str(), section)).collect();
    let mut list: Vec<ComparedSection> =
        mine.iter().map(|section| paired(Some(section), beside.get(section.key.as_str()).copied())).collect();
    let known: BTreeSet<&str> = mine.iter().map(|section| section.key.as_str()).collect();
    list.extend(theirs.iter().filter(|section| !known.contains(section.key.as_str())).map(|section| paired(None, Some(section))));
    list.retain(|section| !section.this.is_empty() || !section.other.is_empty());
    list
}

struct Section {
    key: String,
    title: String,
    level: u8,
    text: Vec<String>,
}

/// Paragraphs under their heading of level 1 or 2; deeper headings are part of the text.
fn grouped(document: &Document) -> Vec<Section> {
    let mut list = vec![Section { key: String::new(), title: "开头".to_owned(), level: 1, text: Vec::new() }];
    for block in &document.blocks {
        match block {
            Block::Heading { key, level, runs } if *level <= 2 => {
                // A heading of the user's own has another key in another report.
                let key = if key.starts_with(OWN) { without_numeral(&text_of(runs)) } else { key.clone() };
                list.push(Section { key, title: text_of(runs), level: *level, text: Vec::new() });
            }
            Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => {
                if let Some(section) = list.last_mut() {
                    section.text.push(text_of(runs));
                }
            }
            _ => {}
        }
    }
    list
}

/// A heading of level 1 or 2 without its number.
fn without_numeral(title: &str) -> String {
    let end = title.find(['、', '）']).and_then(|at| title.get(at..)?.chars().next().map(|sign| at + sign.len_utf8()));
    end.and_then(|end| title.get(end..)).unwrap_or(title).to_owned()
}

fn paired(this: Option<&Section>, other: Option<&Section>) -> ComparedSection {
    let text = |section: Option<&Section>| section.map(|section| section.text.clone()).unwrap_or_default();
    let named = this.or(other);
    ComparedSection {
        title: named.map_or_else(String::new, |section| section.title.clone()),
        level: named.map_or(1, |section| section.level),
        changed: text(this) != text(other),
        this: text(this),
        other: text(other),
    }
}

impl Comparison {
    /// The comparison as a document of two sheets, for the workbook.
    pub fn document(&self) -> Document {
        let title = format!("{}与{}对照", self.this.title, self.other.period);
        let columns = |list: &[(&str, Align, u32)]| {
            list.iter().map(|(title, align, width)| Column { title: (*title).to_owned(), align: *align, width: *width }).collect()
        };
        let text = |text: &Option<String>| text.as_ref().map_or_else(|| Cell::of(CellValue::Empty), Cell::text_of);
        let figures = self.figures.iter().map(|figure| {
            vec![
                Cell::text_of(&figure.label),
                text(&figure.this),
                text(&figure.other),
                Cell::text_of(&figure.change),
                Cell::text_of(&figure.percent),
            ]
        });
        let sections = self.sections.iter().map(|section| {
            vec![Cell::text_of(&section.title), Cell::text_of(section.this.join("\n")), Cell::text_of(section.other.join("\n"))]
        });
        let (this, other) = (self.this.period.as_str(), self.other.period.as_str());
        // Two reports of one half-year are told apart by their state.
        let other = if this == other { "另一稿" } else { other };
        let head = [
            ("指标", Align::Left, 30),
            (this, Align::Right, 16),
            (other, Align::Right, 16),
            ("增减", Align::Right, 14),
            ("增减幅度", Align::Right, 12),
        ];
        let numbers = Table { unit: None, columns: columns(&head), rows: figures.collect(), total: None };
        let head = [("部分", Align::Left, 16), (this, Align::Left, 60), (other, Align::Left, 60)];
        let words = Table { unit: None, columns: columns(&head), rows: sections.collect(), total: None };
        let annex = |number, title: &str, table| Annex {
            number,
            title: title.to_owned(),
            landscape: true,
            printed: true,
            photos: Vec::new(),
            table,
        };
        Document {
            properties: Properties {
                title: title.clone(),
                author: String::new(),
                created: chrono::NaiveDate::default(),
                fingerprint: None,
            },
            title: vec![title],
            blocks: Vec::new(),
            annexes: vec![annex(1, "数字对照", numbers), annex(2, "文字对照", words)],
        }
    }
}
