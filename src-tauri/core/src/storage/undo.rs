//! 撤销与重做: what was done in this session and can be taken back, step by step.

use std::collections::BTreeSet;

use super::frozen::SeenState;
use super::history::UndoState;
use super::ledger::Ledger;
use super::op::Done;
use super::tx::Tx;
use crate::error::{Error, Result};
use crate::records::Kind;
use crate::value::Id;

/// What can be taken back, and what was taken back and can be done again; the last comes first.
#[derive(Default)]
pub(super) struct Steps {
    undo: Vec<Step>,
    redo: Vec<Step>,
}

/// Something that can be taken back.
pub(super) struct Step {
    back: Back,
    name: String,
    batch: Option<Id>,
}

/// How a step is taken back.
enum Back {
    /// Operations of the change log; several of one batch are taken back as one.
    Operations(Vec<i64>),
    /// 接受 of a report's figures: they wait again as before.
    Seen(SeenState),
}

impl Step {
    /// One operation of the change log.
    pub fn of(seq: i64, name: String) -> Self {
        Step { back: Back::Operations(vec![seq]), name, batch: None }
    }
}

impl Steps {
    pub fn did(&mut self, step: Step) {
        self.undo.push(step);
        self.redo.clear();
    }

    /// One of several operations that are taken back as one.
    pub fn did_in(&mut self, batch: Id, seq: i64, name: String) {
        match self.undo.last_mut() {
            Some(Step { back: Back::Operations(seqs), name: last, batch: known }) if *known == Some(batch) => {
                seqs.push(seq);
                *last = format!("{name}（{}项）", seqs.len());
                self.redo.clear();
            }
            _ => self.did(Step { batch: Some(batch), ..Step::of(seq, name) }),
        }
    }

    pub fn forget(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }
}

impl Ledger {
    /// Takes the last operation back (撤销); answers with its name.
    pub fn undo(&mut self) -> Result<Done<String>> {
        let step = self.steps.undo.pop().ok_or(Error::NothingTo("撤销"))?;
        match self.revert(&step, "撤销") {
            Ok((done, reverted)) => {
                self.steps.redo.extend(reverted);
                Ok(done)
            }
            Err(error) => {
                self.steps.undo.push(step);
                Err(error)
            }
        }
    }

    /// Does again what was taken back (重做); answers with its name.
    pub fn redo(&mut self) -> Result<Done<String>> {
        let step = self.steps.redo.pop().ok_or(Error::NothingTo("重做"))?;
        match self.revert(&step, "重做") {
            Ok((done, reverted)) => {
                self.steps.undo.extend(reverted);
                Ok(done)
            }
            Err(error) => {
                self.steps.redo.push(step);
                Err(error)
            }
        }
    }

    /// Makes everything done so far final: the window opens with nothing to undo.
    pub fn forget_undo(&mut self) {
        self.steps.forget();
    }

    /// What undo and redo would do next.
    pub fn undo_state(&self) -> UndoState {
        let name = |steps: &[Step]| steps.last().map(|step| step.name.clone());
        UndoState { undo: name(&self.steps.undo), redo: name(&self.steps.redo) }
    }

    /// Figures of a report were accepted; before, this was seen of them.
    pub(super) fn can_see_as_before(&mut self, before: SeenState) {
        self.steps.did(Step { back: Back::Seen(before), name: "接受报告数字".to_owned(), batch: None });
    }

    fn revert(&mut self, step: &Step, verb: &str) -> Result<(Done<String>, Option<Step>)> {
        let name = step.name.clone();
        let (changed, next) = match &step.back {
            Back::Operations(seqs) => {
                let work = |tx: &mut Tx<'_>| seqs.iter().rev().try_for_each(|seq| tx.revert(*seq));
                let (done, seq) = self.run(&format!("{verb}{name}"), seqs.first().copied(), work)?;
                (done.changed, seq.map(|seq| Back::Operations(vec![seq])))
            }
            Back::Seen(before) => {
                let now = self.seen_state(before.report)?;
                self.put_seen_state(before)?;
                (BTreeSet::from([Kind::Report]), now.map(Back::Seen))
            }
        };
        let next = next.map(|back| Step { back, name: name.clone(), batch: None });
        Ok((Done { value: name, changed }, next))
    }
}
