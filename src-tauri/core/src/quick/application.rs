//! A line as an 申报: which programme, who, which term, how much.

use chrono::Datelike;

use super::PieceSort;
use super::line::Meaning;
use super::scene::{Scene, Who};
use crate::records::application::Application;
use crate::records::programme::Programme;
use crate::value::{Fen, Id};

pub(super) fn fill(scene: &mut Scene<'_>) -> Application {
    let mut application = scene.vocabulary.terms.blanks.application.clone();
    when(scene, &mut application);
    let programme = programme(scene, &mut application);
    applicant(scene, &mut application, programme);
    if let Some(programme) = programme {
        term(scene, &mut application, programme);
        quantity(scene, &mut application, programme);
    }
    amount(scene, &mut application, programme);
    for (spot, _) in scene.spots.words("apply") {
        scene.use_up(spot);
    }
    for spot in scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Time)) {
        scene.use_up(spot);
    }
    let text = scene.scraps();
    scene.keep_rest("note", "备注", &text);
    application.note = text;
    application
}

fn when(scene: &mut Scene<'_>, application: &mut Application) {
    if let Some((day, _)) = scene.take_day("applied_on", "申报日期") {
        application.applied_on = Some(day);
        application.year = i64::from(day.year());
    }
    let year = scene.spots.iter().find_map(|spot| match spot.meaning {
        Meaning::Year(year) => Some((spot, year)),
        _ => None,
    });
    if let Some((spot, year)) = year {
        application.year = i64::from(year);
        scene.piece(spot, PieceSort::Day, "year", format!("年度：{year}"));
    }
}

/// Of several programmes of the name, the one of the year, else the one that holds now.
fn programme<'s>(scene: &mut Scene<'s>, application: &mut Application) -> Option<&'s Programme> {
    let (spot, named) = scene.spots.iter().find_map(|spot| match &spot.meaning {
        Meaning::Programme(named) => Some((spot, named)),
        _ => None,
    })?;
    let vocabulary = scene.vocabulary;
    let all: Vec<_> = named.iter().filter_map(|at| vocabulary.terms.programmes.get(*at)).collect();
    let of_year = |year: Option<i64>| all.iter().rev().find(|programme| programme.draft.year == year);
    let chosen = of_year(Some(application.year)).or_else(|| of_year(None)).or(all.last())?;
    application.programme_id = chosen.id;
    if let Some(first) = chosen.draft.steps.first() {
        (application.step, application.stage) = (first.name.clone(), first.stage);
    }
    scene.piece(spot, PieceSort::Category, "programme_id", format!("补贴项目：{}", chosen.draft.name));
    scene.filled("step");
    Some(&chosen.draft)
}

/// One person, or one household where households apply.
fn applicant(scene: &mut Scene<'_>, application: &mut Application, programme: Option<&Programme>) {
    let per_household = programme.is_some_and(|programme| programme.per_household);
    for spot in scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Named { .. })) {
        let who = scene.who(spot);
        if application.household_id != Id::default() {
            if matches!(who, Some(Who::Person(_) | Who::Several(_))) {
                scene.note("一条申报只填一位申报人，其余的请另记一条");
                break;
            }
            continue;
        }
        match who {
            Some(Who::Person(at)) => {
                let people = &scene.vocabulary.people;
                let (Some(person), Some(home)) = (people.person(at), people.home_of(at)) else { continue };
                application.household_id = home.id;
                application.member_id = (!per_household).then_some(person.id);
                let place = scene.place_of(home);
                let of = if person.is_head { place } else { format!("{place} {}家", home.head).trim().to_owned() };
                let of = if of.is_empty() { of } else { format!("（{of}）") };
                let (label, field) = if per_household { ("户", "household_id") } else { ("申报人", "member_id") };
                scene.piece(spot, PieceSort::Person, field, format!("{label}：{}{of}", person.name));
                scene.filled("household_id");
            }
            Some(Who::Several(people)) => scene.ask(spot, &people),
            _ => {}
        }
    }
    if application.household_id != Id::default() {
        for spot in scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Hamlet(..) | Meaning::Village(_))) {
            scene.use_up(spot);
        }
    }
}

/// 春季, of the programme's own terms.
fn term(scene: &mut Scene<'_>, application: &mut Application, programme: &Programme) {
    let terms = &programme.terms.0;
    let said = scene.spots.words("term").find(|(_, term)| terms.iter().any(|own| own == term));
    if let Some((spot, term)) = said {
        application.term = term.to_owned();
        scene.piece(spot, PieceSort::Day, "term", format!("学期或批次：{term}"));
    } else if let [only] = terms.as_slice() {
        application.term.clone_from(only);
    }
}

/// 5亩 of a programme that counts in 亩.
fn quantity(scene: &mut Scene<'_>, application: &mut Application, programme: &Programme) {
    let counted = scene.spots.iter().find_map(|spot| match &spot.meaning {
        Meaning::Count { hundredths, unit, .. } if *unit == programme.unit => Some((spot, *hundredths)),
        _ => None,
    });
    if let Some((spot, hundredths)) = counted {
        application.quantity = Some(hundredths);
        let shown = Fen(hundredths).two_decimals();
        let shown = shown.trim_end_matches('0').trim_end_matches('.');
        scene.piece(spot, PieceSort::Number, "quantity", format!("数量：{shown}{}", programme.unit));
    }
}

/// The amount that is told; else what the programme's rate comes to, as its form would propose.
fn amount(scene: &mut Scene<'_>, application: &mut Application, programme: Option<&Programme>) {
    let told = scene.spots.iter().find_map(|spot| match spot.meaning {
        Meaning::Amount { fen, .. } => Some((spot, fen)),
        _ => None,
    });
    let bare = || {
        scene.spots.iter().find_map(|spot| match spot.meaning {
            Meaning::Bare(hundredths) => Some((spot, Fen(hundredths))),
            _ => None,
        })
    };
    if let Some((spot, fen)) = told.or_else(bare) {
        application.amount_applied = Some(fen);
        scene.piece(spot, PieceSort::Number, "amount_applied", format!("申报金额：{}", fen.in_words()));
    } else if let Some(fen) = programme.and_then(|programme| proposed(scene, application, programme)) {
        application.amount_applied = Some(fen);
        scene.filled("amount_applied");
    }
}

/// The only rate, or the one that the line names by the first words of its label: 省外, 种植.
fn proposed(scene: &Scene<'_>, application: &Application, programme: &Programme) -> Option<Fen> {
    let named = |label: &str| {
        let begin: Vec<char> = label.chars().take(2).collect();
        let begin: String = begin.into_iter().collect();
        begin.chars().count() == 2 && (0..scene.line.len()).any(|at| scene.line.has(at, &begin))
    };
    let mut fitting = programme.rates.iter().filter(|rate| programme.rates.len() == 1 || named(&rate.label));
    let rate = fitting.next().filter(|_| fitting.next().is_none())?;
    let amount = match application.quantity {
        Some(quantity) => rate.amount.0.checked_mul(quantity)?.checked_add(50)? / 100,
        None if programme.rates.len() > 1 && programme.unit != "人" && programme.unit != "户" => return None,
        None => rate.amount.0,
    };
    Some(programme.cap.map_or(Fen(amount), |cap| cap.min(Fen(amount))))
}
