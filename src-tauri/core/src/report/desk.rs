//! A report at work: opened as it stands or as it was frozen, audited, its findings answered and mended.

use super::document::{Block, Run, text_of};
use super::{Compiled, compile_with_records, freeze, gathered_for, scope_of};
use crate::audit::{self, AuditFinding, AuditFix, AuditPlace, AuditSeverity, Subject};
use crate::error::{Error, Result};
use crate::figures::{Figures, Gathered};
use crate::outline::Outline;
use crate::records::Kind;
use crate::records::report::{Report, ReportAcknowledgement};
use crate::storage::{Done, Ledger, Op, Store, Stored};
use crate::value::Id;

/// The report as it is shown and exported: a draft composed anew, a finalised one as it was frozen.
pub fn open(store: Store<'_>, report: &Stored<Report>) -> Result<Compiled> {
    if report.draft.is_finalised() { frozen(store, report) } else { super::compile(store, &report.draft) }
}

fn frozen(store: Store<'_>, report: &Stored<Report>) -> Result<Compiled> {
    let (frozen, _) = freeze::load(store, report)?;
    let figures = Figures::of(frozen.figures);
    Ok(Compiled {
        document: frozen.document,
        scope: scope_of(&report.draft)?,
        figures,
        notes: Vec::new(),
        replaced: Default::default(),
        handles: Vec::new(),
        left_out: Vec::new(),
        slots: Vec::new(),
    })
}

/// The same, with the places of numbers in a draft's hand-written text that no figure backs.
pub fn open_marking_typed(store: Store<'_>, report: &Stored<Report>) -> Result<(Compiled, Vec<AuditPlace>)> {
    let by_hand = !report.draft.own.is_empty() || !report.draft.edits.is_empty();
    if report.draft.is_finalised() || !by_hand {
        return Ok((open(store, report)?, Vec::new()));
    }
    let (gathered, compiled) = compile_with_records(store, &report.draft)?;
    let typed = audit::typed_numbers(&subject(&gathered, &compiled, &report.draft));
    Ok((compiled, typed))
}

/// 数字核对 of a report.
pub fn audit(store: Store<'_>, report: &Stored<Report>) -> Result<Vec<AuditFinding>> {
    let (gathered, compiled) = gathered(store, report)?;
    Ok(audit::audit(&subject(&gathered, &compiled, &report.draft)))
}

/// Numbers typed into a block, while it is being written, that no figure backs.
pub fn unlinked(store: Store<'_>, report: &Stored<Report>, block: &str, runs: &[Run]) -> Result<Vec<AuditFinding>> {
    let (gathered, compiled) = gathered(store, report)?;
    Ok(audit::unlinked(&subject(&gathered, &compiled, &report.draft), block, runs))
}

fn gathered(store: Store<'_>, report: &Stored<Report>) -> Result<(Gathered, Compiled)> {
    if report.draft.is_finalised() {
        // Its template may be gone by now; its text is not.
        let gathered = match Outline::of(store, &report.draft.template) {
            Ok(outline) => gathered_for(store, &report.draft, &outline)?.0,
            Err(_) => Gathered::load(store, scope_of(&report.draft)?)?,
        };
        return Ok((gathered, frozen(store, report)?));
    }
    compile_with_records(store, &report.draft)
}

fn subject<'s>(gathered: &'s Gathered, compiled: &'s Compiled, report: &'s Report) -> Subject<'s> {
    Subject { document: &compiled.document, figures: &compiled.figures, gathered, report, replaced: &compiled.replaced }
}

impl Ledger {
    /// 已核对: lets a warning stand, with the reason.
    pub fn acknowledge_finding(&mut self, id: Id, finding: &str, reason: &str) -> Result<Done<()>> {
        let report = self.store().get::<Report>(id)?;
        let found = self.read(|store| audit(store, &report))?.into_iter().find(|found| found.id == finding);
        let found = found.ok_or(Error::NotNow("这条提醒已经不在了，请重新核对"))?;
        if found.severity == AuditSeverity::Error {
            return Err(Error::NotNow("错误不能略过，请改正"));
        }
        if reason.trim().is_empty() {
            return Err(Error::NotNow("请写明为什么可以保留"));
        }
        let answered = ReportAcknowledgement {
            finding: found.id.clone(),
            rule: found.rule,
            quote: found.quote,
            reason: reason.trim().to_owned(),
        };
        let mut draft = report.draft;
        draft.acknowledgements.retain(|given| given.finding != found.id);
        draft.acknowledgements.push(answered);
        self.transact(Op::Change(Kind::Report), |tx| tx.change(id, report.meta.version, draft, &[]))
    }

    /// 修正: applies what a finding proposes, as an edit of the block; undone like any other.
    pub fn fix_finding(&mut self, id: Id, fix: &AuditFix) -> Result<Done<()>> {
        let report = self.store().get::<Report>(id)?;
        let compiled = self.read(|store| open(store, &report))?;
        let (block, from, to, with) = match fix {
            AuditFix::Link { block, from, to, figure, .. } => {
                let figure = compiled.figures.get(figure).ok_or(Error::NotNow("这个数字已不在了，请重新核对"))?;
                (block, *from, *to, Run::figure(figure.in_words(), &figure.key))
            }
            AuditFix::Replace { block, from, to, text } => (block, *from, *to, Run::text(text)),
            AuditFix::Open { .. } => return Err(Error::NotNow("请打开这条记录修改")),
        };
        let gone = Error::NotNow("这一段已经变了，请重新核对");
        // Places count a heading's number, which is no part of its text.
        let number = compiled.handles.iter().find(|handle| handle.block == *block).map_or(0, |h| h.number.chars().count());
        let shown = compiled.document.blocks.iter().find(|each| each.key() == block);
        let Some(Block::Paragraph { runs, .. } | Block::Heading { runs, .. }) = shown else { return Err(gone) };
        let runs = replaced(runs, 0, number, Run::text(""));
        let (from, to) = (from.saturating_sub(number), to.saturating_sub(number));
        if to > text_of(&runs).chars().count() || from >= to {
            return Err(gone);
        }
        let base = compiled.replaced.get(block).map_or_else(|| text_of(&runs), |own| text_of(own));
        let mut draft = report.draft;
        draft.put_text(block, replaced(&runs, from, to, with), base);
        self.transact(Op::Change(Kind::Report), |tx| tx.change(id, report.meta.version, draft, &[]))
    }

    /// Remembers how a report's figures stand: `seen` when its reader says so, `exported` when it left the house.
    pub fn mark_report(&mut self, id: Id, mark: &str) -> Result<()> {
        let report = self.store().get::<Report>(id)?;
        let compiled = self.read(|store| open(store, &report))?;
        if mark == "seen" {
            return self.see_figures(id, &compiled);
        }
        self.put_mark(id, mark, &serde_json::to_string(compiled.figures.all())?)
    }
}

/// Runs with a piece replaced, counted in characters; what is left of a figure that was cut is plain text.
fn replaced(runs: &[Run], from: usize, to: usize, with: Run) -> Vec<Run> {
    let mut list = Vec::new();
    let mut with = Some(with);
    let mut at = 0;
    for run in runs {
        let chars: Vec<char> = run.text.chars().collect();
        let end = at + chars.len();
        if end <= from || at >= to {
            if at >= to {
                list.extend(with.take());
            }
            list.push(run.clone());
        } else {
            let piece = |from: usize, to: usize| Run::text(chars.iter().take(to).skip(from).collect::<String>());
            list.push(piece(0, from.saturating_sub(at)));
            list.extend(with.take());
            list.push(piece(to.saturating_sub(at), chars.len()));
        }
        at = end;
    }
    list.extend(with);
    list.retain(|run| !run.text.is_empty());
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_replaced_wherever_it_lies() {
        let runs = [Run::text("走访农户"), Run::figure("58户", "a"), Run::text("、约60人次。")];
        let with = || Run::figure("337人次", "b");
        let told = |from, to| replaced(&runs, from, to, with());
        assert_eq!(told(9, 13)[2..], [Run::text("、约"), with(), Run::text("。")][..]);
        assert_eq!(told(4, 7), [Run::text("走访农户"), with(), Run::text("、约60人次。")]);
        assert_eq!(told(0, 14), [with()]);
        assert_eq!(text_of(&told(13, 14)), "走访农户58户、约60人次337人次");
    }
}
