//! The report: figures and outline composed into a document, with the user's own paragraphs in their places.

mod annexes;
mod compose;
pub mod document;
mod facts;
pub mod form;
pub mod hidden;
mod review;
mod title;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::figures::{Figure, Figures, Gathered, Scope};
use crate::outline::Outline;
pub use crate::outline::TemplateInfo;
use crate::records::Kind;
use crate::records::report::Report;
use crate::storage::{Ledger, Op, RecordTitle, Store, Stored};
use crate::value::Period;
use document::{Document, Run};
pub use review::for_review;

/// A compiled report.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The document.
    pub document: Document,
    /// Every figure of the period; the document's runs and cells name theirs by key.
    pub figures: Figures,
    /// What the user should know: hand-written text whose place or figure is gone.
    pub notes: Vec<String>,
    /// What the program would write in place of each hand-written block, by the block's key.
    pub replaced: BTreeMap<String, Vec<Run>>,
}

/// A figure with the records behind it, as the window shows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureView {
    /// Stable name.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// As printed, unit included.
    pub text: String,
    /// What is counted and how.
    pub definition: String,
    /// The records behind it, in order.
    pub records: Vec<RecordTitle>,
}

/// A figure as the list of all figures shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FigureLine {
    /// Stable name.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// As printed, unit included.
    pub text: String,
    /// What it is about: the Chinese name of its family.
    pub family: String,
    /// Whether there is anything to tell.
    pub is_nothing: bool,
}

/// Every figure of a report's period, in the order in which they are counted.
pub fn figure_lines(figures: &Figures) -> Vec<FigureLine> {
    let line = |figure: &Figure| FigureLine {
        key: figure.key.clone(),
        label: figure.label.clone(),
        text: figure.in_words(),
        family: figure.family().to_owned(),
        is_nothing: figure.value.number() == 0,
    };
    figures.all().iter().map(line).collect()
}

/// What a report counts.
pub fn scope_of(report: &Report) -> Result<Scope> {
    let period = Period::parse(&report.period).ok_or_else(|| Error::BadInput(format!("“{}”不是报告期", report.period)))?;
    let village_ids = report.village_ids.iter().map(|village| village.village_id).collect();
    Ok(Scope { period, cutoff: report.cutoff, village_ids, since: None })
}

/// Compiles a report from the records as they stand, with the template that it names.
pub fn compile(store: Store<'_>, report: &Report) -> Result<Compiled> {
    compile_with(store, report, &Outline::find(&report.template)?)
}

/// Compiles a report with a given template.
pub fn compile_with(store: Store<'_>, report: &Report, outline: &Outline) -> Result<Compiled> {
    let gathered = Gathered::load(store, scope_of(report)?)?;
    let figures = Figures::count(&gathered);
    let compose::Composed { document, notes, replaced } = compose::compose(&gathered, &figures, report, outline)?;
    Ok(Compiled { document, figures, notes, replaced })
}

impl Ledger {
    /// The latest report of a period and template, or a new one with today's cut-off day.
    pub fn open_report(&mut self, period: &str, template: &str) -> Result<Stored<Report>> {
        let period = Period::parse(period).ok_or_else(|| Error::BadInput(format!("“{period}”不是报告期")))?;
        Outline::find(template)?;
        if let Some(report) = Report::latest(self.store(), period, template)? {
            return Ok(report);
        }
        let cutoff = self.today().clamp(period.first_day(), period.last_day());
        let added = self.transact(Op::Add(Kind::Report), |tx| tx.add(Report::of(period, cutoff, template), &[]))?;
        self.store().get(added.value)
    }
}

/// A figure with its records' names.
pub fn figure_view(store: Store<'_>, figure: &Figure) -> Result<FigureView> {
    Ok(FigureView {
        key: figure.key.clone(),
        label: figure.label.clone(),
        text: figure.in_words(),
        definition: figure.definition.clone(),
        records: store.titles(&figure.records)?,
    })
}
