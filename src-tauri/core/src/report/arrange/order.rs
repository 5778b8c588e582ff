//! The order of a report's blocks: the composed one, with what the user added, moved and left out.

use crate::records::report::{ReportHidden, ReportPlace};
use crate::storage::TextList;

/// A block of the text in its order, whether it is printed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Key of the block.
    pub key: String,
    /// 1 to 4 of a heading, else 0.
    pub level: u8,
    /// Closing words, which belong to no heading.
    pub closing: bool,
    /// Whether the user added it.
    pub own: bool,
    /// Whether it is printed.
    pub shown: bool,
    /// Where its content is found.
    pub at: usize,
}

/// How many neighbours a place remembers to each side: enough to outlive a few that have nothing to tell any more.
const NEIGHBOURS: usize = 8;

/// The end of what stands under a heading; of anything else, the place behind it.
pub(super) fn end_of(slots: &[Slot], at: usize) -> usize {
    let Some(head) = slots.get(at) else { return slots.len() };
    let ends = |slot: &Slot| slot.closing || (slot.level > 0 && slot.level <= head.level);
    match head.level {
        0 => at + 1,
        _ => slots.iter().skip(at + 1).position(ends).map_or(slots.len(), |behind| at + 1 + behind),
    }
}

pub(super) fn find(slots: &[Slot], key: &str) -> Option<usize> {
    slots.iter().position(|slot| slot.key == key)
}

/// Takes what was added and moved to its place, one after the other. Answers with the own blocks none of whose nearest
/// neighbours is there any more.
pub(super) fn placed(composed: Vec<Slot>, own: Vec<Slot>, places: &[ReportPlace]) -> (Vec<Slot>, Vec<String>) {
    // What was added stands at the end until it has a place, and may be passed or taken along there like the rest.
    let (mut slots, mut strayed) = (composed, Vec::new());
    slots.extend(own);
    for place in places {
        let Some(at) = find(&slots, &place.block) else { continue };
        let is_near = is_near(&slots, place);
        let end = if place.section { end_of(&slots, at) } else { at + 1 };
        let taken: Vec<Slot> = slots.drain(at..end).collect();
        if !is_near && taken.iter().any(|slot| slot.own) {
            strayed.push(place.block.clone());
        }
        let at = anchor(&slots, place);
        slots.splice(at..at, taken);
    }
    strayed.dedup();
    (slots, strayed)
}

/// Whether one of the two blocks right beside a place is still there.
fn is_near(slots: &[Slot], place: &ReportPlace) -> bool {
    let mut beside = [&place.after, &place.before].into_iter().filter_map(|keys| keys.0.first()).peekable();
    beside.peek().is_none() || beside.any(|key| find(slots, key).is_some())
}

/// Where a place is now.
fn anchor(slots: &[Slot], place: &ReportPlace) -> usize {
    let found = |keys: &TextList| keys.0.iter().enumerate().find_map(|(far, key)| Some((far, find(slots, key)?)));
    match (found(&place.after), found(&place.before)) {
        // The nearer one knows better; of two as near, the one before it.
        (Some((far, _)), Some((nearer, at))) if nearer < far => at,
        (Some((_, at)), _) => at + 1,
        (None, Some((_, at))) => at,
        (None, None) if place.after.0.is_empty() => 0,
        (None, None) => slots.len(),
    }
}

/// The place of a block, or of a whole section, in an order.
pub(super) fn place_of(slots: &[Slot], at: usize, end: usize, section: bool) -> ReportPlace {
    let key = |slot: &Slot| slot.key.clone();
    let before = slots.get(..at).unwrap_or_default().iter().rev().take(NEIGHBOURS).map(key);
    let behind = slots.get(end..).unwrap_or_default().iter().take(NEIGHBOURS).map(key);
    ReportPlace {
        block: slots.get(at).map(key).unwrap_or_default(),
        section,
        after: TextList(before.collect()),
        before: TextList(behind.collect()),
    }
}

/// The places that make one order of the same blocks another.
pub(super) fn settled(mut slots: Vec<Slot>, wanted: &[Slot]) -> Vec<ReportPlace> {
    let mut places = Vec::new();
    for (to, slot) in wanted.iter().enumerate() {
        let Some(from) = find(&slots, &slot.key).filter(|from| *from != to) else { continue };
        let taken = slots.remove(from);
        slots.insert(to.min(slots.len()), taken);
        places.push(place_of(&slots, to, to + 1, false));
    }
    places
}

/// Marks what is left out, and the headings of the program under which nothing is left.
pub(super) fn leave_out(slots: &mut [Slot], hidden: &[ReportHidden]) {
    for entry in hidden {
        let Some(at) = find(slots, &entry.block) else { continue };
        let end = if entry.section { end_of(slots, at) } else { at + 1 };
        slots.iter_mut().take(end).skip(at).for_each(|slot| slot.shown = false);
    }
    let mut next: Option<(u8, bool, bool)> = None;
    for slot in slots.iter_mut().rev().filter(|slot| slot.shown) {
        let holds = next.is_some_and(|(level, closing, own)| !closing && (level == 0 || level > slot.level || own));
        if slot.level == 0 || slot.own || holds {
            next = Some((slot.level, slot.closing, slot.own));
        } else {
            slot.shown = false;
        }
    }
}

/// Where a block goes when it is moved past the next one, counted before it is taken away; nothing where it cannot. A heading takes
/// what stands under it along, and goes past headings of its own level only.
pub(super) fn target(slots: &[Slot], at: usize, up: bool) -> Option<usize> {
    let slot = slots.get(at).filter(|slot| slot.shown)?;
    let is_shown = |at: &usize| slots.get(*at).is_some_and(|slot| slot.shown);
    let level_of = |at: usize| slots.get(at).map_or(0, |slot| slot.level);
    if slot.level == 0 {
        return if up { (0..at).rev().find(is_shown) } else { (at + 1..slots.len()).find(is_shown).map(|next| next + 1) };
    }
    let heading = if up {
        (0..at).rev().filter(is_shown).find(|at| (1..=slot.level).contains(&level_of(*at)))
    } else {
        (end_of(slots, at)..slots.len()).find(is_shown)
    };
    let beside = heading.filter(|at| level_of(*at) == slot.level)?;
    Some(if up { beside } else { end_of(slots, beside) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `甲` is a paragraph, `#甲` a heading, `-甲` closing words.
    fn slots(names: &[&str]) -> Vec<Slot> {
        let slot = |(at, name): (usize, &&str)| {
            let key = name.trim_start_matches(['#', '-']).to_owned();
            let level = u8::try_from(name.matches('#').count()).unwrap();
            Slot { key, level, closing: name.starts_with('-'), own: false, shown: true, at }
        };
        names.iter().enumerate().map(slot).collect()
    }

    fn names(slots: &[Slot]) -> String {
        slots.iter().filter(|slot| slot.shown).map(|slot| slot.key.as_str()).collect()
    }

    fn text() -> Vec<Slot> {
        slots(&["起", "#甲", "##乙", "子", "丑", "##丙", "寅", "#丁", "卯", "-辰"])
    }

    /// One step of a user, as the ledger does it.
    fn step(slots: &[Slot], places: &mut Vec<ReportPlace>, key: &str, up: bool) -> bool {
        let at = find(slots, key).unwrap();
        let Some(to) = target(slots, at, up) else { return false };
        let mut moved = slots.to_vec();
        let place = super::super::moved(&mut moved, at, to);
        places.push(place);
        true
    }

    #[test]
    fn a_paragraph_goes_past_one_block_and_a_heading_past_one_section() {
        let mut places = Vec::new();
        assert!(step(&text(), &mut places, "丑", true));
        assert_eq!(names(&placed(text(), Vec::new(), &places).0), "起甲乙丑子丙寅丁卯辰");
        assert!(step(&text(), &mut places, "丙", true));
        let (now, _) = placed(text(), Vec::new(), &places[1..]);
        assert_eq!(names(&now), "起甲丙寅乙子丑丁卯辰", "its section goes along");
        let (at, of) = (|key| find(&now, key).unwrap(), |key, up| target(&now, find(&now, key).unwrap(), up));
        assert_eq!(
            (of("丙", true), of("甲", true), of("丁", false), of("起", true), of("辰", false)),
            (None, None, None, None, None)
        );
        assert_eq!(of("丙", false), Some(at("丁")), "behind the other section, before the next chapter");
    }

    #[test]
    fn what_vanishes_takes_no_place_with_it() {
        let all = text();
        let place = place_of(&all, 4, 5, false);
        let own = || vec![Slot { key: "己".to_owned(), own: true, ..all[4].clone() }];
        let place = ReportPlace { block: "己".to_owned(), ..place };
        let told = |names_left: &[&str]| {
            let (slots, strayed) = placed(slots(names_left), own(), std::slice::from_ref(&place));
            (names(&slots), strayed.len())
        };
        assert_eq!(told(&["起", "#甲", "##乙", "子", "##丙", "寅"]), ("起甲乙子己丙寅".to_owned(), 0));
        assert_eq!(told(&["起", "#甲", "##乙", "##丙", "寅"]), ("起甲乙己丙寅".to_owned(), 0));
        assert_eq!(told(&["起", "#甲", "寅", "#丁"]), ("起甲己寅丁".to_owned(), 1), "the user is told");
        assert_eq!(told(&["新"]), ("新己".to_owned(), 1));
    }

    #[test]
    fn a_new_block_of_a_moved_section_stands_in_it() {
        let mut places = Vec::new();
        assert!(step(&text(), &mut places, "丙", true));
        let later = slots(&["起", "#甲", "##乙", "子", "丑", "##丙", "寅", "新", "#丁", "卯", "-辰"]);
        assert_eq!(names(&placed(later, Vec::new(), &places).0), "起甲丙寅新乙子丑丁卯辰");
    }

    #[test]
    fn a_heading_is_left_out_alone_or_with_its_section_and_goes_when_it_is_empty() {
        let out = |block: &str, section| ReportHidden { block: block.to_owned(), section, text: String::new() };
        let told = |hidden: &[ReportHidden]| {
            let mut slots = text();
            leave_out(&mut slots, hidden);
            names(&slots)
        };
        assert_eq!(told(&[out("乙", false)]), "起甲子丑丙寅丁卯辰");
        assert_eq!(told(&[out("乙", true)]), "起甲丙寅丁卯辰");
        assert_eq!(told(&[out("甲", true)]), "起丁卯辰");
        assert_eq!(told(&[out("寅", false), out("卯", false)]), "起甲乙子丑辰", "no heading is empty");
    }

    /// Own blocks behind the text: a paragraph and two headings.
    fn own() -> Vec<Slot> {
        let own = slots(&["巳", "##午", "#未"]);
        own.into_iter().map(|slot| Slot { own: true, at: slot.at + 10, ..slot }).collect()
    }

    #[test]
    fn what_was_added_to_the_end_is_passed_and_taken_along_like_the_rest() {
        let all = || slots(&["起", "#甲", "子", "#丁", "卯"]);
        let own = || own().into_iter().take(2).collect::<Vec<_>>();
        let now = placed(all(), own(), &[]).0;
        assert_eq!(names(&now), "起甲子丁卯巳午");
        let mut places = Vec::new();
        assert!(step(&now, &mut places, "甲", false));
        assert_eq!(placed(all(), own(), &places), (slots_of(&now, "起丁卯巳午甲子"), Vec::new()));
        places.clear();
        assert!(step(&now, &mut places, "丁", true));
        assert_eq!(placed(all(), own(), &places), (slots_of(&now, "起丁卯巳午甲子"), Vec::new()));
    }

    fn slots_of(slots: &[Slot], keys: &str) -> Vec<Slot> {
        keys.chars().map(|key| slots[find(slots, &key.to_string()).unwrap()].clone()).collect()
    }

    proptest! {
        /// Whatever is moved, nothing is lost, and the remembered places give the order that was seen.
        #[test]
        fn moves_lose_nothing_and_are_remembered(
            added in 0usize..4, steps in prop::collection::vec((0usize..13, any::<bool>()), 0..40)
        ) {
            let own = || own().into_iter().take(added).collect::<Vec<_>>();
            let (mut slots, mut places) = (placed(text(), own(), &[]).0, Vec::new());
            for (at, up) in steps {
                let Some(to) = target(&slots, at, up) else { continue };
                let place = super::super::moved(&mut slots, at, to);
                places = super::super::remembered(&text(), &own(), places, place, &slots);
                let (now, strayed) = placed(text(), own(), &places);
                prop_assert_eq!(&now, &slots);
                prop_assert!(strayed.is_empty(), "{:?}", strayed);
            }
            let mut keys: Vec<_> = slots.iter().map(|slot| slot.at).collect();
            keys.sort_unstable();
            prop_assert_eq!(keys, (0..10 + added).collect::<Vec<_>>());
        }
    }
}
