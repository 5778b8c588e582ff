//! 编排: blocks added, moved, left out and brought back. What is kept are places among neighbours, never an order of the whole.

mod order;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::Run;
use super::{Compiled, compile};
use crate::error::{Error, Result};
use crate::records::report::{IdList, OWN, OwnKind, Report, ReportHidden, ReportOwn, ReportPlace, Runs};
use crate::storage::{Done, Ledger, Op, TextList};
use crate::value::Id;
pub(crate) use order::Slot;
use order::{end_of, find, place_of, target};

/// What can be done with a block of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockHandle {
    /// Key of the block.
    pub block: String,
    /// 1 to 4 of a heading, else 0.
    pub level: u8,
    /// The number before a heading's text, set by the program.
    pub number: String,
    /// Whether the user added it.
    pub own: bool,
    /// Whether it can be moved up.
    pub up: bool,
    /// Whether it can be moved down.
    pub down: bool,
    /// How many blocks stand under the heading.
    #[ts(type = "number")]
    pub section: usize,
    /// The level that a heading put behind it would have.
    pub heading_level: u8,
}

/// A block that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// Key of the block.
    pub block: String,
    /// Its text.
    pub text: String,
    /// Whether the user added it: it can be thrown away for good.
    pub own: bool,
    /// How many blocks are left out with the heading.
    #[ts(type = "number")]
    pub section: usize,
    /// Whether the records would tell it today.
    pub told: bool,
}

/// A change of a report's arrangement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Arrangement {
    /// 加一段: puts a new block beside another one; at the end of the text where none is named.
    Insert {
        /// Key of the block beside it.
        beside: Option<String>,
        /// Before it rather than behind it.
        before: bool,
        /// What it is.
        content: OwnContent,
    },
    /// 改: gives an own block other content.
    Rewrite {
        /// Key of the block.
        block: String,
        /// What it becomes.
        content: OwnContent,
    },
    /// 上移, 下移.
    Move {
        /// Key of the block.
        block: String,
        /// Towards the beginning.
        up: bool,
    },
    /// 不要这一段.
    LeaveOut {
        /// Key of the block.
        block: String,
        /// With what stands under the heading.
        section: bool,
    },
    /// 恢复.
    BringBack {
        /// Key of the block.
        block: String,
    },
    /// 彻底删除 an own block.
    Remove {
        /// Key of the block.
        block: String,
    },
}

/// What an own block holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OwnContent {
    /// 段落.
    Paragraph {
        /// The text.
        runs: Vec<Run>,
    },
    /// 标题.
    Heading {
        /// 1 to 4.
        level: u8,
        /// The text, without number.
        runs: Vec<Run>,
    },
    /// 照片.
    Photos {
        /// The pictures, one to four.
        photos: Vec<Id>,
    },
    /// 表格.
    Table {
        /// Its title, one of [`super::table_names`].
        source: String,
    },
}

impl OwnContent {
    fn block(self, key: String) -> ReportOwn {
        let (photos, source) = (IdList::default(), String::new());
        let own = ReportOwn { block: key, kind: OwnKind::Paragraph, level: 0, runs: Runs::default(), photos, source };
        match self {
            OwnContent::Paragraph { runs } => ReportOwn { runs: Runs(runs), ..own },
            OwnContent::Heading { level, runs } => {
                ReportOwn { kind: OwnKind::Heading, level: i64::from(level), runs: Runs(runs), ..own }
            }
            OwnContent::Photos { photos } => ReportOwn { kind: OwnKind::Photos, photos: IdList(photos), ..own },
            OwnContent::Table { source } => ReportOwn { kind: OwnKind::Table, source, ..own },
        }
    }
}

impl Arrangement {
    fn name(&self) -> &'static str {
        match self {
            Arrangement::Insert { .. } => "在报告里加一段",
            Arrangement::Rewrite { .. } => "修改报告",
            Arrangement::Move { .. } => "移动报告里的一段",
            Arrangement::LeaveOut { .. } => "不要报告里的一段",
            Arrangement::BringBack { .. } => "恢复报告里的一段",
            Arrangement::Remove { .. } => "删除自己加的一段",
        }
    }
}

/// What arranging gives: all blocks in their order, and the own ones whose neighbours are gone.
pub(super) fn arranged(composed: Vec<Slot>, report: &Report) -> (Vec<Slot>, Vec<String>) {
    let first = composed.len();
    let (mut slots, strayed) = order::placed(composed, own_slots(report, first), &report.places);
    order::leave_out(&mut slots, &report.hidden);
    (slots, strayed)
}

/// The own blocks before they have a place; their content lies behind the composed one.
fn own_slots(report: &Report, first: usize) -> Vec<Slot> {
    let slot = |(at, own): (usize, &ReportOwn)| Slot {
        key: own.block.clone(),
        level: u8::try_from(own.level).unwrap_or(0),
        closing: false,
        own: true,
        shown: true,
        at: first + at,
    };
    report.own.iter().enumerate().map(slot).collect()
}

/// What can be done with each printed block; `number` gives a heading's number.
pub(super) fn handles(slots: &[Slot], number: impl Fn(&Slot) -> String) -> Vec<BlockHandle> {
    let mut governing = 0;
    let mut list = Vec::new();
    for (at, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.shown) {
        let under = slots.get(at + 1..end_of(slots, at)).unwrap_or_default();
        if slot.level > 0 {
            governing = slot.level;
        }
        let deeper = if slot.level > 0 { slot.level + 1 } else { governing };
        list.push(BlockHandle {
            block: slot.key.clone(),
            level: slot.level,
            number: number(slot),
            own: slot.own,
            up: target(slots, at, true).is_some(),
            down: target(slots, at, false).is_some(),
            section: under.iter().filter(|slot| slot.shown).count(),
            heading_level: deeper.clamp(1, 4),
        });
    }
    list
}

/// The list of what is left out; `text` gives a block's text as it would read today.
pub(super) fn left_out(report: &Report, slots: &[Slot], text: impl Fn(&Slot) -> String) -> Vec<LeftOut> {
    let entry = |hidden: &ReportHidden| {
        let at = find(slots, &hidden.block);
        let slot = at.and_then(|at| slots.get(at));
        let under = at.filter(|_| hidden.section).map_or(0, |at| end_of(slots, at) - at - 1);
        LeftOut {
            block: hidden.block.clone(),
            text: slot.map_or_else(|| hidden.text.clone(), &text),
            own: hidden.block.starts_with(OWN),
            section: under,
            told: slot.is_some(),
        }
    };
    report.hidden.iter().map(entry).collect()
}

/// Moves a block, with its section if it is a heading; answers with its place.
fn moved(slots: &mut Vec<Slot>, at: usize, to: usize) -> ReportPlace {
    let end = end_of(slots, at);
    let section = slots.get(at).is_some_and(|slot| slot.level > 0);
    let taken: Vec<Slot> = slots.drain(at..end).collect();
    let at = if to > at { to - taken.len() } else { to };
    let end = at + taken.len();
    slots.splice(at..at, taken);
    place_of(slots, at, end, section)
}

/// The places that give an order: the new one behind the earlier ones, without those of the same block that it makes needless.
fn remembered(composed: &[Slot], own: &[Slot], places: Vec<ReportPlace>, new: ReportPlace, wanted: &[Slot]) -> Vec<ReportPlace> {
    let keys = |slots: &[Slot]| slots.iter().map(|slot| slot.key.clone()).collect::<Vec<_>>();
    let wanted = keys(wanted);
    let gives = |places: &[ReportPlace]| keys(&order::placed(composed.to_vec(), own.to_vec(), places).0) == wanted;
    let others: Vec<_> = places.iter().filter(|place| place.block != new.block).cloned().collect();
    if gives(&others) {
        return others;
    }
    let fewer: Vec<_> = others.into_iter().chain([new.clone()]).collect();
    if gives(&fewer) { fewer } else { places.into_iter().chain([new]).collect() }
}

/// The block is gone since the window drew it.
const GONE: Error = Error::NotNow("这一段已经变了，请再试一次");

/// A report's draft while its arrangement is changed.
struct Desk {
    draft: Report,
    compiled: Compiled,
}

impl Desk {
    fn slots(&self) -> &[Slot] {
        &self.compiled.slots
    }

    /// The composed blocks in their own order.
    fn composed(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.slots().iter().filter(|slot| !slot.own).cloned().collect();
        slots.sort_by_key(|slot| slot.at);
        slots
    }

    fn shown(&self, block: &str) -> Result<usize> {
        find(self.slots(), block).filter(|at| self.slots().get(*at).is_some_and(|slot| slot.shown)).ok_or(GONE)
    }

    fn remember(&mut self, place: ReportPlace, wanted: &[Slot]) {
        let composed = self.composed();
        let own = own_slots(&self.draft, composed.len());
        let places = std::mem::take(&mut self.draft.places);
        self.draft.places = remembered(&composed, &own, places, place, wanted);
    }

    fn insert(&mut self, beside: Option<&str>, before: bool, own: ReportOwn) -> Result<()> {
        let slots = self.slots();
        let at = match beside {
            Some("addressee") => 0,
            None | Some("annexes" | "sign_off") => slots.len(),
            Some(key) => find(slots, key).ok_or(GONE)? + usize::from(!before),
        };
        let mut wanted = slots.to_vec();
        let level = u8::try_from(own.level).unwrap_or(0);
        let slot = Slot { key: own.block.clone(), level, closing: false, own: true, shown: true, at: wanted.len() };
        wanted.insert(at, slot);
        let place = place_of(&wanted, at, at + 1, false);
        self.draft.own.push(own);
        self.remember(place, &wanted);
        Ok(())
    }

    fn rewrite(&mut self, block: &str, content: OwnContent) -> Result<()> {
        let own = self.draft.own.iter_mut().find(|own| own.block == block).ok_or(GONE)?;
        *own = content.block(block.to_owned());
        Ok(())
    }

    fn shift(&mut self, block: &str, up: bool) -> Result<()> {
        let at = self.shown(block)?;
        let to = target(self.slots(), at, up).ok_or(Error::NotNow("已经到头了"))?;
        let mut wanted = self.slots().to_vec();
        let place = moved(&mut wanted, at, to);
        self.remember(place, &wanted);
        Ok(())
    }

    fn leave_out(&mut self, block: &str, section: bool) -> Result<()> {
        let at = self.shown(block)?;
        let is_heading = self.slots().get(at).is_some_and(|slot| slot.level > 0);
        let text = self.compiled.text_of(block);
        self.draft.hidden.push(ReportHidden { block: block.to_owned(), section: section && is_heading, text });
        Ok(())
    }

    fn bring_back(&mut self, block: &str) -> Result<()> {
        let before = self.draft.hidden.len();
        self.draft.hidden.retain(|hidden| hidden.block != block);
        if self.draft.hidden.len() == before { Err(GONE) } else { Ok(()) }
    }

    /// A heading that goes must not bring what stood under it into a section before it that is left out: of such a section each
    /// block is left out by itself from then on.
    fn keep_left_out_apart(&mut self, gone: &str, wanted: &[Slot]) {
        let under = |slots: &[Slot], block: &str| -> Vec<String> {
            let at = find(slots, block);
            let under = at.and_then(|at| slots.get(at + 1..end_of(slots, at))).unwrap_or_default();
            under.iter().map(|slot| slot.key.clone()).collect()
        };
        let mut alone = Vec::new();
        let before = self.compiled.slots.as_slice();
        for hidden in self.draft.hidden.iter_mut().filter(|hidden| hidden.section) {
            let (was, is) = (under(before, &hidden.block), under(wanted, &hidden.block));
            if is.iter().any(|key| !was.contains(key)) {
                hidden.section = false;
                alone.extend(was.into_iter().filter(|key| key != gone));
            }
        }
        for block in alone {
            if self.draft.hidden.iter().all(|hidden| hidden.block != block) {
                self.draft.hidden.push(ReportHidden { block, section: false, text: String::new() });
            }
        }
    }

    /// What stood beside it, and what it took along when it was moved, stays where it is.
    fn remove(&mut self, block: &str) -> Result<()> {
        self.draft.own(block).ok_or(GONE)?;
        let without = |slots: &[Slot]| slots.iter().filter(|slot| slot.key != block).cloned().collect::<Vec<_>>();
        let wanted = without(self.slots());
        self.keep_left_out_apart(block, &wanted);
        let gone = |keys: &mut TextList| keys.0.retain(|key| key != block);
        for place in &mut self.draft.places {
            gone(&mut place.after);
            gone(&mut place.before);
        }
        self.draft.places.retain(|place| place.block != block);
        self.draft.own.retain(|own| own.block != block);
        self.draft.hidden.retain(|hidden| hidden.block != block);
        let composed = self.composed();
        let own = own_slots(&self.draft, composed.len());
        let left = order::placed(composed, own, &self.draft.places).0;
        self.draft.places.extend(order::settled(left, &wanted));
        Ok(())
    }
}

impl Compiled {
    /// The text of a printed block, without a heading's number.
    fn text_of(&self, block: &str) -> String {
        let number = self.handles.iter().find(|handle| handle.block == block).map_or("", |handle| handle.number.as_str());
        let found = self.document.blocks.iter().find(|each| each.key() == block);
        let text = found.map_or_else(String::new, |found| found.text());
        text.strip_prefix(number).unwrap_or(&text).to_owned()
    }
}

impl Ledger {
    /// Arranges a report; answers with the key of the block that was concerned. Undone like any operation.
    pub fn arrange_report(&mut self, id: Id, arrangement: Arrangement) -> Result<Done<String>> {
        let report = self.store().get::<Report>(id)?;
        if report.draft.is_finalised() {
            return Err(Error::NotNow("这份报告已经签发，不能再改。需要改动的，请另起修订稿"));
        }
        let compiled = self.read(|store| compile(store, &report.draft))?;
        let mut desk = Desk { draft: report.draft, compiled };
        self.transact(Op::Arrange(arrangement.name()), |tx| {
            let block = match arrangement {
                Arrangement::Insert { beside, before, content } => {
                    let block = format!("{OWN}{}", tx.world().new_id());
                    desk.insert(beside.as_deref(), before, content.block(block.clone()))?;
                    block
                }
                Arrangement::Rewrite { block, content } => desk.rewrite(&block, content).map(|()| block)?,
                Arrangement::Move { block, up } => desk.shift(&block, up).map(|()| block)?,
                Arrangement::LeaveOut { block, section } => desk.leave_out(&block, section).map(|()| block)?,
                Arrangement::BringBack { block } => desk.bring_back(&block).map(|()| block)?,
                Arrangement::Remove { block } => desk.remove(&block).map(|()| block)?,
            };
            tx.change(id, report.meta.version, desk.draft, &[])?;
            Ok(block)
        })
    }
}
