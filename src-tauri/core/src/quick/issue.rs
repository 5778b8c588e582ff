//! A line as a 问题: what is wrong, who raised it, where, until when.

use super::PieceSort;
use super::clauses::clauses;
use super::line::{Meaning, Spot};
use super::scene::{Scene, Who};
use crate::records::issue::Issue;

pub(super) fn fill(scene: &mut Scene<'_>) -> Issue {
    let mut issue = scene.vocabulary.terms.blanks.issue.clone();
    if let Some((day, _)) = scene.take_day("raised_on", "提出日期") {
        issue.raised_on = day;
    }
    due(scene, &mut issue);
    source_and_type(scene, &mut issue);
    people(scene, &mut issue);
    places(scene, &mut issue);
    for spot in scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Time)) {
        scene.use_up(spot);
    }
    title(scene, &mut issue);
    issue
}

fn due(scene: &mut Scene<'_>, issue: &mut Issue) {
    let until = scene.spots.iter().find_map(|spot| match spot.meaning {
        Meaning::Until(day) => Some((spot, day)),
        _ => None,
    });
    if let Some((spot, day)) = until {
        issue.due_on = Some(day);
        scene.piece(spot, PieceSort::Day, "due_on", format!("办理期限：{day}"));
    }
}

fn source_and_type(scene: &mut Scene<'_>, issue: &mut Issue) {
    if let Some((spot, code)) = scene.spots.words("issue_source").next() {
        issue.source = code.to_owned();
        let label = scene.vocabulary.terms.label("issue_source", code);
        scene.piece(spot, PieceSort::Category, "source", format!("来源：{label}"));
    }
    let terms = &scene.vocabulary.terms;
    for trouble in scene.troubles() {
        // A basic need without a category of its own, such as 不愁吃, is 其他.
        let code = if terms.has_category("issue_type", trouble.type_code) { trouble.type_code } else { "other" };
        if issue.type_code.is_empty() {
            issue.type_code = code.to_owned();
        }
        let label = terms.label("issue_type", code);
        scene.piece(trouble.spot, PieceSort::Trouble, "type_code", format!("类型：{label}"));
    }
}

/// The first household named; a member of the team is who sees to it.
fn people(scene: &mut Scene<'_>, issue: &mut Issue) {
    for spot in scene.spots.iter() {
        match scene.who(spot) {
            Some(Who::Person(at)) if issue.household_id.is_none() => {
                let people = &scene.vocabulary.people;
                let (Some(person), Some(home)) = (people.person(at), people.home_of(at)) else { continue };
                issue.household_id = Some(home.id);
                issue.village_id = Some(home.village);
                let place = scene.place_of(home);
                let of = if place.is_empty() { String::new() } else { format!("（{place}）") };
                let name = if person.is_head { person.name.clone() } else { format!("{}家 {}", home.head, person.name) };
                scene.piece(spot, PieceSort::Person, "household_id", format!("户：{name}{of}"));
            }
            Some(Who::Several(people)) if issue.household_id.is_none() => scene.ask(spot, &people),
            Some(Who::Colleague(id)) if is_in_charge(scene, spot) => {
                issue.owner_id = Some(id);
                let name = scene.vocabulary.terms.colleague(id);
                scene.piece(spot, PieceSort::Person, "owner_id", format!("责任人：{name}"));
            }
            _ => {}
        }
    }
}

/// 由某某负责, 责任人某某.
fn is_in_charge(scene: &Scene<'_>, spot: &Spot) -> bool {
    let before = ["由", "责任人", "责任人:", "交", "交由", "请"].iter().any(|word| scene.line.ends_with(spot.from, word));
    before || scene.line.one_of(spot.to, &["负责", "跟进", "牵头", "处理", "去办", "落实"]).is_some()
}

fn places(scene: &mut Scene<'_>, issue: &mut Issue) {
    for spot in scene.spots.iter() {
        match &spot.meaning {
            Meaning::Hamlet(villages, _) if issue.household_id.is_none() => {
                if let [village] = villages.as_slice() {
                    issue.village_id = Some(*village);
                    let label = format!("村：{}", scene.vocabulary.terms.village(*village));
                    scene.piece(spot, PieceSort::Place, "village_id", label);
                }
            }
            Meaning::Village(village) if issue.household_id.is_none() => {
                issue.village_id = Some(*village);
                let label = format!("村：{}", scene.vocabulary.terms.village(*village));
                scene.piece(spot, PieceSort::Place, "village_id", label);
            }
            Meaning::Project(project) => {
                issue.project_id = Some(*project);
                let label = format!("项目：{}", scene.line.typed(spot.from, spot.to));
                scene.piece(spot, PieceSort::Category, "project_id", label);
            }
            _ => {}
        }
    }
}

/// The whole message: who and where belong to it; who sees to it until when has fields of its own.
fn title(scene: &mut Scene<'_>, issue: &mut Issue) {
    let troubles: Vec<usize> = scene.troubles().iter().map(|trouble| trouble.spot.from).collect();
    let told_elsewhere = |spot: &Spot| {
        matches!(spot.meaning, Meaning::Until(_)) || (scene.is_used(spot) && matches!(scene.who(spot), Some(Who::Colleague(_))))
    };
    let clauses = clauses(scene.line).into_iter().skip(1);
    let elsewhere: Vec<_> = clauses
        .filter(|clause| {
            let mut own = scene.spots.iter().filter(|spot| clause.holds(spot));
            own.clone().any(told_elsewhere) && !own.any(|spot| troubles.contains(&spot.from))
        })
        .collect();
    elsewhere.into_iter().for_each(|clause| scene.take_clause(clause));
    let text = scene.untaken(|spot| !matches!(spot.meaning, Meaning::Day(..) | Meaning::Time));
    let text = if text.is_empty() { scene.line.typed(0, scene.line.len()).trim().to_owned() } else { text };
    scene.keep_rest("title", "问题描述", &text);
    issue.title = text;
}
