//! 数字核对: a report's numbers held against each other, against the figures and against the records, before it leaves the house.
//!
//! One file a group of rules, one function a rule, named as in the list of rules: R1 parts make the whole · R2 其中 is not
//! more than its whole · R3 households are not more than persons · R4 per cents follow from part and base · R5 one figure has
//! one value in text, tables and annexes · R6 as many items as are announced · R7 nothing left blank · R8 dates of the period
//! · R9 a project's money and progress · R10 what is regular has its records · R11 the visited and the rest make the list · R12 约数 only
//! where a record says so · R13 persons stay masked; and `stale`, `unlinked` for what is written by hand.
//!
//! False alarms are worse than none: an error is what cannot be right whatever was meant; the rest are warnings, which
//! the user answers with a reason, and hints.

mod blanks;
mod counts;
mod dates;
mod finding;
mod identities;
mod personal;
mod projects;
mod regular;
mod same_value;
mod sums;
mod tables;
#[cfg(test)]
mod tests;
mod text;
mod typed;
mod written_day;

use std::collections::BTreeMap;

pub use finding::{AuditFinding, AuditFix, AuditPlace, AuditSeverity};

use crate::figures::{Figures, Gathered};
use crate::records::report::Report;
use crate::report::document::{Document, Run};
use finding::Findings;
use text::Texts;

/// What is audited.
#[derive(Clone, Copy)]
pub struct Subject<'s> {
    /// The document as it would be exported.
    pub document: &'s Document,
    /// Every figure of its period.
    pub figures: &'s Figures,
    /// The records that they were counted from.
    pub gathered: &'s Gathered,
    /// The report's settings and hand-written text.
    pub report: &'s Report,
    /// What the program would write in place of each hand-written block.
    pub replaced: &'s BTreeMap<String, Vec<Run>>,
}

/// Applies every rule; the gravest findings first, each group in reading order.
pub fn audit(subject: &Subject<'_>) -> Vec<AuditFinding> {
    let texts = Texts::of(subject);
    let mut findings = Findings::default();
    same_value::check(subject, &texts, &mut findings);
    tables::check(subject, &mut findings);
    identities::check(subject.figures, &mut findings);
    sums::check(&texts, &mut findings);
    counts::check(&texts, &mut findings);
    blanks::check(subject, &texts, &mut findings);
    dates::check(subject, &texts, &mut findings);
    projects::check(subject, &mut findings);
    regular::check(subject, &texts, &mut findings);
    personal::check(subject, &texts, &mut findings);
    typed::check(subject, &texts, &mut findings);
    let mut list = findings.into_list(subject.document, &texts);
    for finding in &mut list {
        let given = subject.report.acknowledgements.iter().find(|given| given.finding == finding.id);
        finding.acknowledged = given.filter(|_| finding.severity != AuditSeverity::Error).map(|given| given.reason.clone());
    }
    list
}

/// How many findings wait for somebody: errors, and warnings that nobody has answered.
pub fn open_counts(findings: &[AuditFinding]) -> (usize, usize) {
    let of = |severity| findings.iter().filter(|f| f.severity == severity && f.acknowledged.is_none()).count();
    (of(AuditSeverity::Error), of(AuditSeverity::Warning))
}

/// Numbers in hand-written text that no figure backs, wherever they stand.
pub fn typed_numbers(subject: &Subject<'_>) -> Vec<AuditPlace> {
    let texts = Texts::of(subject);
    let mut findings = Findings::default();
    for block in texts.blocks.iter().filter(|block| block.edited) {
        typed::check_block(subject, &texts, &block.key, &mut findings);
    }
    findings.into_list(subject.document, &texts).into_iter().map(|finding| finding.place).collect()
}

/// What is typed into one paragraph and backed by no figure, while it is being written.
pub fn unlinked(subject: &Subject<'_>, block: &str, runs: &[Run]) -> Vec<AuditFinding> {
    let texts = Texts::with_block(subject, block, runs);
    let mut findings = Findings::default();
    typed::check_block(subject, &texts, block, &mut findings);
    findings.into_list(subject.document, &texts)
}
