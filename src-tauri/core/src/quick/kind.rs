//! Which record a line is about.

use super::line::{Meaning, Spot, Spots};
use super::vocabulary::Vocabulary;
use crate::records::Kind;

/// Units that count what an activity counts; 户 and 元 occur everywhere.
const OF_ACTIVITIES: &[&str] = &["人次", "场", "期", "次", "篇", "份", "本", "件", "处", "天", "斤", "公斤", "人", "车", "项"];

/// What the words of a line speak for.
struct Evidence {
    person: bool,
    place: bool,
    visit: bool,
    /// 走访 and not 慰问, which is an activity as well.
    only_visit: bool,
    counts: bool,
    reached: bool,
    programme: bool,
    money: bool,
    counter: bool,
    activity: bool,
    mediation: bool,
    trouble: bool,
    raised: bool,
}

/// The kind, where the words decide it.
pub(super) fn kind_of(spots: &Spots, vocabulary: &Vocabulary, troubles: bool) -> Option<Kind> {
    let any = |test: &dyn Fn(&Spot) -> bool| spots.iter().any(test);
    let word = |group: &'static str| any(&|spot| spot.code(group).is_some());
    let evidence = Evidence {
        person: any(&|spot| matches!(&spot.meaning, Meaning::Named { people, .. } if !people.is_empty())),
        place: any(&|spot| matches!(spot.meaning, Meaning::Hamlet(..) | Meaning::Village(_))),
        visit: word("visit") || word("mode"),
        only_visit: any(&|spot| {
            (spot.code("visit").is_some() || spot.code("mode").is_some()) && spot.code("activity_type").is_none()
        }),
        counts: any(&|spot| matches!(spot.meaning, Meaning::Count { .. })),
        reached: !any(&|spot| spot.code("mode") == Some("not_reached")),
        programme: any(&|spot| matches!(spot.meaning, Meaning::Programme(_))),
        money: any(&|spot| matches!(spot.meaning, Meaning::Amount { .. } | Meaning::Bare(_))),
        counter: any(&|spot| matches!(&spot.meaning, Meaning::Count { unit, .. } if OF_ACTIVITIES.contains(&unit.as_str()))),
        activity: word("activity_type"),
        mediation: any(&|spot| {
            let item = spot.code("activity_type").and_then(|code| vocabulary.terms.activity_types.get(code));
            item.is_some_and(|item| item.role == "mediation")
        }),
        trouble: troubles,
        raised: word("raised") || word("issue_source"),
    };
    decide(&evidence)
}

/// The first that fits: somebody visited; something counted or settled; a programme with who or how much; a way to a place
/// or to nobody; trouble; a visit in so many words; any activity; at last a name alone.
fn decide(told: &Evidence) -> Option<Kind> {
    if told.visit && told.person {
        Some(Kind::Visit)
    } else if told.activity && (told.counter || told.mediation) && !(told.programme && told.person) {
        Some(Kind::Activity)
    } else if told.programme && (told.person || told.money) {
        Some(Kind::Application)
    } else if told.visit && (told.place || !told.reached) && !told.activity {
        Some(Kind::Visit)
    } else if told.trouble || told.raised {
        Some(Kind::Issue)
    } else if told.activity && !told.person && (!told.only_visit || told.counts) {
        Some(Kind::Activity)
    } else {
        (told.person || told.only_visit).then_some(Kind::Visit)
    }
}
