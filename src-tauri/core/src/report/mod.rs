//! The report: figures and outline composed into a document, with the user's own paragraphs in their places.

mod annexes;
mod arrange;
mod changes;
mod compare;
mod compose;
mod desk;
pub mod document;
mod facts;
pub mod form;
mod freeze;
pub mod hidden;
mod own_photos;
mod photos;
mod review;
mod seen;
mod text_tables;
mod title;
mod told;
mod year;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use self::hidden::Cleaner;
use crate::error::{Error, Result};
use crate::figures::{Figure, Figures, Gathered, Only, Scope};
pub use crate::outline::TemplateInfo;
use crate::outline::{self, Fault, Outline, Section, Subject};
use crate::records::Kind;
use crate::records::outline::UserOutline;
use crate::records::report::Report;
use crate::records::team_member::TeamMember;
use crate::storage::{Ledger, Op, RecordTitle, Store, Stored};
use crate::value::{Id, Period};
use arrange::Slot;
pub use arrange::{Arrangement, BlockHandle, LeftOut, OwnContent};
pub use changes::{ExplainedDifference, FigureDifference, RecordChange, Verification, changes_since, differences, verify};
pub use compare::{ComparedFigure, ComparedReport, ComparedSection, Comparison, compare};
pub use desk::{audit, open, open_marking_typed, unlinked};
use document::{Document, Photo, Run};
pub(crate) use freeze::hex;
pub use own_photos::{PhotoChoice, photos_to_insert, with_pictures};
pub use photos::{Turn, album_of};
pub use review::for_review;
pub use seen::{FigureChange, changed_figures};
pub use told::ToldPlace;
pub use year::{year_ledgers, year_photos};

/// A compiled report.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The document.
    pub document: Document,
    /// What was counted.
    pub scope: Scope,
    /// Every figure of the period; the document's runs and cells name theirs by key.
    pub figures: Figures,
    /// What the user should know: hand-written text whose place or figure is gone.
    pub notes: Vec<String>,
    /// What the program would write in place of each hand-written block, by the block's key.
    pub replaced: BTreeMap<String, Vec<Run>>,
    /// What can be done with each printed block; nothing of a finalised report.
    pub handles: Vec<BlockHandle>,
    /// What the user left out.
    pub left_out: Vec<LeftOut>,
    /// All blocks in their order.
    slots: Vec<Slot>,
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
    Ok(Scope { period, cutoff: report.cutoff, village_ids, since: None, only: Only::All })
}

/// Compiles a report from the records as they stand, with the template that it names.
pub fn compile(store: Store<'_>, report: &Report) -> Result<Compiled> {
    Ok(compile_with_records(store, report)?.1)
}

/// The same, with the records that it was compiled from.
pub(crate) fn compile_with_records(store: Store<'_>, report: &Report) -> Result<(Gathered, Compiled)> {
    let outline = Outline::of(store, &report.template)?;
    let base = outline.base.as_deref().map(Outline::find).transpose()?;
    match (compile_both(store, report, &outline), base) {
        // A template that no longer reads must not leave its user without a report.
        (Err(Error::Template { message, .. }), Some(base)) => {
            let (gathered, mut compiled) = compile_both(store, report, &base)?;
            let note = format!("自定义模板“{}”有误，这份报告暂用自带的“{}”编写。{message}", outline.title, base.title);
            compiled.notes.insert(0, note);
            Ok((gathered, compiled))
        }
        (both, _) => both,
    }
}

/// Compiles a report with a given template.
pub fn compile_with(store: Store<'_>, report: &Report, outline: &Outline) -> Result<Compiled> {
    Ok(compile_both(store, report, outline)?.1)
}

fn compile_both(store: Store<'_>, report: &Report, outline: &Outline) -> Result<(Gathered, Compiled)> {
    let (gathered, notes) = gathered_for(store, report, outline)?;
    let photos = own_photos::chosen(store, report)?;
    let compiled = compile_gathered(&gathered, notes, report, &photos, outline)?;
    Ok((gathered, compiled))
}

/// The same from records that were read already.
pub(crate) fn compile_gathered(
    gathered: &Gathered,
    mut notes: Vec<String>,
    report: &Report,
    photos: &BTreeMap<Id, Photo>,
    outline: &Outline,
) -> Result<Compiled> {
    let masking = report.masking.into();
    // What the annexes are cleaned of is looked for beside the counting: the whole ledger's names and numbers.
    let (cleaner, figures, worded, tables) = std::thread::scope(|scope| {
        let cleaner = scope.spawn(|| Cleaner::of_gathered(gathered, masking));
        let figures = Figures::count(gathered);
        let worded = facts_of(gathered, report).and_then(|facts| outline.word(facts, &figures));
        let tables = annexes::uncleaned(gathered, &figures, masking);
        (cleaner.join().unwrap_or_else(|_| Cleaner::of_gathered(gathered, masking)), figures, worded, tables)
    });
    let tables = tables.cleaned(&cleaner);
    let compose::Composed { document, notes: more, replaced, slots, handles, left_out } =
        compose::compose(gathered, &figures, report, photos, worded?, tables, &cleaner)?;
    notes.extend(more);
    Ok(Compiled { document, scope: gathered.scope.clone(), figures, notes, replaced, handles, left_out, slots })
}

fn facts_of(gathered: &Gathered, report: &Report) -> Result<serde_json::Value> {
    let name = topic_words(&report.topic).first().copied().unwrap_or_default().to_owned();
    Ok(serde_json::to_value(facts::Facts::of(gathered, &name))?)
}

/// The words of a topic; the first names it.
fn topic_words(topic: &str) -> Vec<&str> {
    topic.split(['、', '，', ',', ' ', '　']).map(str::trim).filter(|word| !word.is_empty()).collect()
}

/// The records that the template's subject leaves, and what the user should know of the choice.
pub(crate) fn gathered_for(store: Store<'_>, report: &Report, outline: &Outline) -> Result<(Gathered, Vec<String>)> {
    let mut notes = Vec::new();
    let only = match outline.subject {
        Subject::Team => Only::All,
        Subject::Member => only_member(store, report, &mut notes)?,
        Subject::Topic => match topic_words(&report.topic) {
            words if words.is_empty() => {
                notes.push("还没有填专题，写的是全部指标和工作。专题在报告设置里填".to_owned());
                Only::All
            }
            words => Only::Topic(words.into_iter().map(str::to_owned).collect()),
        },
    };
    let gathered = Gathered::load(store, Scope { only, ..scope_of(report)? })?;
    if !gathered.holds_work() && gathered.indicators_of_period().next().is_none() {
        notes.push(format!("{}还没有走访、工作纪实和指标，能写的不多", gathered.scope.period.in_words()));
    }
    Ok((gathered, notes))
}

/// The member that the report names, or the first who served.
fn only_member(store: Store<'_>, report: &Report, notes: &mut Vec<String>) -> Result<Only> {
    let scope = scope_of(report)?;
    let members = store.all::<TeamMember>()?;
    let mut serving = members.iter().filter(|member| member.draft.serves_within(scope.from(), scope.until()));
    Ok(match report.member_id {
        Some(id) => {
            if serving.all(|member| member.id != id) {
                notes.push("所选队员这半年不在任。请在报告设置里另选一名".to_owned());
            }
            Only::Member(id)
        }
        None => match serving.next() {
            Some(first) => {
                notes.push(format!("这是{}的小结。写别人的，请在报告设置里选队员", first.draft.name));
                Only::Member(first.id)
            }
            None => {
                notes.push("这半年没有在任的队员。请先在设置里登记队员，再写个人小结".to_owned());
                Only::All
            }
        },
    })
}

/// What a template is tried on: a half-year of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The report that is made of it.
    period: Period,
    cutoff: chrono::NaiveDate,
}

impl Trial {
    /// The half-year that is due on a day.
    pub fn of(today: chrono::NaiveDate) -> Self {
        let period = Period::due_on(today);
        Trial { period, cutoff: today.clamp(period.first_day(), period.last_day()) }
    }
}

/// A template tried on the records as they stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct OutlineTrial {
    /// Its parts.
    pub sections: Vec<Section>,
    /// What it would write; nothing while there are faults.
    pub document: Option<Document>,
    /// Why it cannot be stored.
    pub faults: Vec<Fault>,
    /// What may be a slip.
    pub warnings: Vec<Fault>,
}

/// Tries a template of the user's own, stored or not.
pub fn try_outline(store: Store<'_>, own: &UserOutline, trial: &Trial) -> Result<OutlineTrial> {
    let outline = Outline::of_user(own);
    let report = Report::of(trial.period, trial.cutoff, &outline.name);
    let (gathered, _) = gathered_for(store, &report, &outline)?;
    let figures = Figures::count(&gathered);
    let mut tried = OutlineTrial {
        sections: outline::sections(&own.source),
        document: None,
        faults: Vec::new(),
        warnings: outline.unknown_keys(&figures),
    };
    match outline.try_word(facts_of(&gathered, &report)?, &figures) {
        Ok(worded) => {
            let cleaner = Cleaner::of_gathered(&gathered, report.masking.into());
            let tables = annexes::tables(&gathered, &figures, report.masking.into(), &cleaner);
            let document = compose::compose(&gathered, &figures, &report, &BTreeMap::new(), worded, tables, &cleaner)?.document;
            // The annexes are the same whatever the template says, and they are long.
            tried.document = Some(Document { annexes: Vec::new(), ..document });
        }
        Err(fault) => tried.faults.push(fault),
    }
    Ok(tried)
}

/// The figures that a template may name now, for the menu that puts them in.
pub fn figures_to_insert(store: Store<'_>, trial: &Trial) -> Result<Vec<FigureLine>> {
    let scope = Scope { cutoff: trial.cutoff, ..Scope::of(trial.period) };
    let lines = figure_lines(&Figures::count(&Gathered::load(store, scope)?));
    // What stands under a record's id means nothing in another ledger.
    let has_id = |rest: &str| rest.starts_with("other.") || rest.get(..36).is_some_and(|id| Id::parse(id).is_some());
    let of_one_record = |key: &str| ["project.", "village."].iter().any(|prefix| key.strip_prefix(prefix).is_some_and(has_id));
    Ok(lines.into_iter().filter(|line| !of_one_record(&line.key)).collect())
}

impl Ledger {
    /// The latest report of a period and template, or a new one with today's cut-off day.
    pub fn open_report(&mut self, period: &str, template: &str) -> Result<Stored<Report>> {
        let period = Period::parse(period).ok_or_else(|| Error::BadInput(format!("“{period}”不是报告期")))?;
        let outline = Outline::of(self.store(), template)?;
        if let Some(report) = Report::latest(self.store(), period, &outline.name)? {
            return Ok(report);
        }
        let cutoff = self.today().clamp(period.first_day(), period.last_day());
        let member_id = self.member().filter(|_| outline.subject == Subject::Member);
        let report = Report { masking: outline.masking, member_id, ..Report::of(period, cutoff, &outline.name) };
        let added = self.transact(Op::Add(Kind::Report), |tx| tx.add(report, &[]))?;
        self.store().get(added.value)
    }
}

/// The tables that a report's text may show, by title: those that have something to tell.
pub fn table_names(store: Store<'_>, report: &Report) -> Result<Vec<String>> {
    let (gathered, compiled) = compile_with_records(store, report)?;
    let masking = report.masking.into();
    let tables = text_tables::all(&gathered, &compiled.figures, masking, &Cleaner::of_gathered(&gathered, masking));
    Ok(tables.into_iter().map(|(title, _)| title.to_owned()).collect())
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
