//! A line as a 工作纪实: what was done, when, where, by whom of the team, and what was counted.

use super::PieceSort;
use super::clauses::{Clause, clauses};
use super::line::{Line, Meaning, Spot};
use super::scene::Scene;
use super::words::words;
use crate::records::activity::{Activity, ActivityCounter, ActivityParticipant};
use crate::records::dictionary_item::DictionaryItem;

/// Fewest characters beside the name that are worth keeping as the text.
const SHORTEST_MORE: usize = 4;

/// Units that count events.
const EVENTS: &[&str] = &["次", "场", "期"];

pub(super) fn fill(scene: &mut Scene<'_>) -> Activity {
    let mut activity = scene.vocabulary.terms.blanks.activity.clone();
    if let Some((day, last)) = scene.take_day("day", "日期") {
        (activity.day, activity.to_day) = (day, last);
        last.iter().for_each(|_| scene.filled("to_day"));
    }
    for spot in scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Time)) {
        scene.use_up(spot);
    }
    kind_of_activity(scene, &mut activity);
    place(scene, &mut activity);
    participants(scene, &mut activity);
    counters(scene, &mut activity);
    title(scene, &mut activity);
    activity
}

/// The type: of the first clause that names one the last word, as Chinese puts what a thing is last (防火宣传培训 is a training).
fn kind_of_activity(scene: &mut Scene<'_>, activity: &mut Activity) {
    let Some((first, _)) = scene.spots.words("activity_type").next() else { return };
    let clause = scene.clause_of(first);
    if let Some((spot, code)) = scene.spots.words("activity_type").filter(|(spot, _)| clause.holds(spot)).last() {
        activity.type_code = code.to_owned();
        let label = scene.vocabulary.terms.label("activity_type", code);
        scene.piece(spot, PieceSort::Category, "type_code", format!("类型：{label}"));
    }
}

/// The village, and 在某处: 在木楼屯, 在村委会.
fn place(scene: &mut Scene<'_>, activity: &mut Activity) {
    let mut whole: Option<(usize, usize)> = None;
    for spot in scene.spots.iter() {
        match &spot.meaning {
            Meaning::Hamlet(villages, _) => {
                if let [village] = villages.as_slice() {
                    activity.village_id = Some(*village);
                }
            }
            Meaning::Village(village) => {
                activity.village_id = Some(*village);
                scene.filled("village_id");
            }
            _ if spot.code("place").is_some() => {}
            _ => continue,
        }
        whole = match whole {
            Some((from, to)) if to == spot.from => Some((from, spot.to)),
            None => Some((spot.from, spot.to)),
            other => other,
        };
    }
    let Some((from, to)) = whole else { return };
    activity.place = scene.line.typed(from, to);
    let label = format!("地点：{}", activity.place);
    for spot in scene.spots.iter().filter(|spot| from <= spot.from && spot.to <= to) {
        scene.piece(spot, PieceSort::Place, "place", label.clone());
    }
}

fn participants(scene: &mut Scene<'_>, activity: &mut Activity) {
    for spot in scene.spots.iter() {
        let colleague = match &spot.meaning {
            Meaning::Named { colleague: Some(id), .. } => Some(*id),
            _ => None,
        };
        if let Some(team_member_id) = colleague {
            let participant = ActivityParticipant { team_member_id };
            if !activity.participant_ids.contains(&participant) {
                activity.participant_ids.push(participant);
            }
            let name = scene.vocabulary.terms.colleague(team_member_id);
            scene.piece(spot, PieceSort::Person, "participant_ids", format!("参加队员：{name}"));
        } else if spot.code("other_visitor").is_some() && scene.follows_with(spot) {
            let name = scene.line.typed(spot.from, spot.to);
            scene.piece(spot, PieceSort::Person, "other_participants", format!("其他参加人：{name}"));
            activity.other_participants.0.push(name);
        }
    }
    let joining: Vec<&Spot> = scene.spots.words("with").map(|(spot, _)| spot).collect();
    joining.into_iter().for_each(|spot| scene.use_up(spot));
}

/// Counters in the units of the type: 35人 at a training are 35人次, 2场 of what is held in 期 are 2期.
fn counters(scene: &mut Scene<'_>, activity: &mut Activity) {
    let item = scene.vocabulary.terms.activity_types.get(&activity.type_code).cloned().unwrap_or_default();
    for spot in scene.spots.iter() {
        let counted = match &spot.meaning {
            Meaning::Count { hundredths, unit, approximate, .. } if hundredths % 100 == 0 => {
                Some((hundredths / 100, unit_of(&item, unit), *approximate))
            }
            Meaning::Amount { fen, .. } if fen.0 % 100 == 0 => {
                let wan = item.units.0.iter().any(|unit| unit == "万元") && fen.0 % 1_000_000 == 0;
                Some(if wan { (fen.0 / 1_000_000, "万元".to_owned(), false) } else { (fen.0 / 100, "元".to_owned(), false) })
            }
            _ => None,
        };
        let Some((count, unit, approximate)) = counted else { continue };
        let subject = if activity.counters.iter().any(|known| known.unit == unit) {
            subject_before(scene.line, spot)
        } else {
            String::new()
        };
        if activity.counters.iter().any(|known| known.unit == unit && known.subject == subject) {
            continue;
        }
        activity.approximate |= approximate;
        let label = format!("数量：{subject}{count}{}{unit}", if approximate { "余" } else { "" });
        activity.counters.push(ActivityCounter { subject, unit, count });
        scene.piece(spot, PieceSort::Number, "counters", label);
    }
    if let Some(event) = item.units.0.first().filter(|_| !activity.type_code.is_empty())
        && !activity.counters.iter().any(|counter| counter.unit == *event)
    {
        activity.counters.insert(0, ActivityCounter { subject: String::new(), unit: event.clone(), count: 1 });
    }
    if activity.approximate {
        scene.filled("approximate");
    }
}

fn unit_of(item: &DictionaryItem, unit: &str) -> String {
    let has = |wanted: &str| item.units.0.iter().any(|each| each == wanted);
    let event = item.units.0.first().filter(|first| EVENTS.contains(&first.as_str()));
    match (unit, event) {
        ("人", _) if !has("人") && has("人次") => "人次".to_owned(),
        (unit, Some(event)) if EVENTS.contains(&unit) && !has(unit) => event.clone(),
        _ => unit.to_owned(),
    }
}

/// 油 of 米10袋、油5袋: what is counted where a unit comes twice.
fn subject_before(line: &Line, spot: &Spot) -> String {
    let from = (0..spot.from).rev().find(|at| line.is_gap(*at)).map_or(0, |at| at + 1);
    let subject = line.typed(from, spot.from);
    if subject.chars().count() <= 8 { subject } else { String::new() }
}

/// The name: the clause with the type's word, without day, numbers and 组织; where the word stands alone, with the clause
/// that says what about.
fn title(scene: &mut Scene<'_>, activity: &mut Activity) {
    let code = activity.type_code.clone();
    let named =
        scene.spots.words("activity_type").find(|(spot, each)| *each == code && scene.is_used(spot)).map(|(spot, _)| spot);
    let word = named.map(|named| scene.line.typed(named.from, named.to)).unwrap_or_default();
    let text = |clause: Clause| {
        let goes = |spot: &Spot| scene.is_used(spot) && !belongs_to_title(spot);
        trimmed(scene, activity, &word, &clause.without(scene.line, scene.spots, &goes))
    };
    let all = clauses(scene.line);
    let own = named.and_then(|named| all.iter().find(|clause| clause.holds(named)));
    let title = match (named, own) {
        (Some(named), Some(own)) if own.from == named.from && own.to == named.to => {
            let topic = all.iter().find(|clause| is_topic(scene, **clause)).map(|clause| text(*clause));
            format!("{}{word}", topic.filter(|topic| topic.chars().count() <= 12).unwrap_or_default())
        }
        (_, Some(own)) => text(*own),
        _ => all.iter().map(|clause| text(*clause)).find(|text| !text.is_empty()).unwrap_or_default(),
    };
    let topic = all.iter().find(|clause| is_topic(scene, **clause));
    let more = all.iter().filter(|clause| Some(*clause) != own && !(Some(*clause) == topic && title.contains(&text(**clause))));
    let says_more = more.into_iter().any(|clause| text(*clause).chars().count() >= SHORTEST_MORE);
    let told = scene.untaken(|spot| spot.code("activity_type").is_some());
    activity.title = if title.is_empty() { scene.vocabulary.terms.label("activity_type", &code) } else { title };
    // The whole text only where it says more than the name does.
    if says_more {
        activity.summary = told;
        scene.filled("summary");
    }
    let title = activity.title.clone();
    scene.keep_rest("title", "事项", &title);
}

/// Whether a clause tells what an activity was about: no type, no number, more than joining words.
fn is_topic(scene: &Scene<'_>, clause: Clause) -> bool {
    let other = |spot: &Spot| {
        spot.code("activity_type").is_some() || matches!(spot.meaning, Meaning::Count { .. } | Meaning::Amount { .. })
    };
    !scene.spots.iter().any(|spot| clause.holds(spot) && other(spot))
        && clause.says_more(scene.line, scene.spots, &|spot| scene.is_used(spot))
}

fn belongs_to_title(spot: &Spot) -> bool {
    ["place", "activity_type", "with"].iter().any(|group| spot.code(group).is_some())
        || matches!(spot.meaning, Meaning::Hamlet(..) | Meaning::Village(_) | Meaning::Named { .. })
}

/// Without 组织, 在村委会 and their like at the beginning, and 参加 at the end.
fn trimmed(scene: &Scene<'_>, activity: &Activity, word: &str, text: &str) -> String {
    let place = format!("在{}", activity.place);
    let names = scene.vocabulary.terms.team.iter().map(|(_, name)| name.as_str());
    let mut heads: Vec<&str> = words("lead").chain(words("with")).map(|(word, _)| word).chain(names).collect();
    if !activity.place.is_empty() {
        heads.push(&place);
    }
    heads.sort_by_key(|head| std::cmp::Reverse(head.len()));
    let mut text = text.trim_matches(['、', '-']);
    while let Some(rest) =
        heads.iter().find_map(|head| text.strip_prefix(head)).filter(|_| !text.starts_with(word) || word.is_empty())
    {
        text = rest.trim_start_matches('、');
    }
    for tail in ["参加", "参训", "参会", "到场", "共"] {
        text = text.strip_suffix(tail).unwrap_or(text);
    }
    text.trim_matches(['、', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_type() {
        let item =
            DictionaryItem { units: crate::storage::TextList(vec!["期".into(), "人次".into()]), ..DictionaryItem::default() };
        assert_eq!([unit_of(&item, "人"), unit_of(&item, "场"), unit_of(&item, "份")], ["人次", "期", "份"]);
    }
}
