//! A line as a 走访: which households, when, how, with whom, what for, what was found and given.

use super::PieceSort;
use super::line::{Meaning, Spot};
use super::scene::{Scene, Who};
use crate::records::visit::{NeedCheck, Visit, VisitHousehold, VisitMode, VisitPurpose, VisitVisitor};
use crate::value::{Fen, Id};

/// Most households that "the whole hamlet" stands for.
const MOST_OF_HAMLET: usize = 300;

pub(super) fn fill(scene: &mut Scene<'_>) -> Visit {
    let mut visit = scene.vocabulary.terms.blanks.visit.clone();
    if let Some((day, _)) = scene.take_day("day", "日期") {
        visit.day = day;
    }
    mode(scene, &mut visit);
    visitors(scene, &mut visit);
    households(scene, &mut visit);
    purposes(scene, &mut visit);
    gift(scene, &mut visit);
    for spot in scene.spots.iter().filter(|spot| spot.code("visit").is_some() || matches!(spot.meaning, Meaning::Time)) {
        scene.use_up(spot);
    }
    next_action(scene, &mut visit);
    troubles(scene, &mut visit);
    content(scene, &mut visit);
    visit
}

/// Nobody met goes before the way that was tried; a way named in full before 走访 by itself.
fn mode(scene: &mut Scene<'_>, visit: &mut Visit) {
    let told: Vec<(&Spot, &str)> = scene.spots.words("mode").collect();
    let found = told.iter().find(|(_, code)| *code == "not_reached").or_else(|| told.first());
    let Some((_, chosen)) = found.copied() else { return };
    (visit.mode, visit.persons_met) = match chosen {
        "phone" => (VisitMode::Phone, visit.persons_met),
        "video" => (VisitMode::Video, visit.persons_met),
        "not_reached" => (VisitMode::NotReached, 0),
        _ => (VisitMode::InPerson, visit.persons_met),
    };
    for (spot, code) in told {
        if code == chosen {
            scene.piece(spot, PieceSort::Category, "mode", format!("方式：{}", mode_label(visit.mode)));
        }
    }
}

fn mode_label(mode: VisitMode) -> &'static str {
    match mode {
        VisitMode::InPerson => "面对面",
        VisitMode::Phone => "电话",
        VisitMode::Video => "视频",
        VisitMode::NotReached => "未联系上",
    }
}

/// Colleagues and others who went. 和潘志成 means the one who types as well, 潘志成走访 does not.
fn visitors(scene: &mut Scene<'_>, visit: &mut Visit) {
    if let Some(me) = scene.me {
        visit.visitor_ids = vec![VisitVisitor { team_member_id: me }];
    }
    let named: Vec<(&Spot, Id)> = scene
        .spots
        .iter()
        .filter_map(|spot| match scene.who(spot) {
            Some(Who::Colleague(id)) => Some((spot, id)),
            _ => None,
        })
        .collect();
    if named.first().is_some_and(|(spot, _)| !scene.follows_with(spot)) {
        visit.visitor_ids.clear();
    }
    for (spot, id) in named {
        let visitor = VisitVisitor { team_member_id: id };
        if !visit.visitor_ids.contains(&visitor) {
            visit.visitor_ids.push(visitor);
        }
        scene.piece(spot, PieceSort::Person, "visitor_ids", format!("走访人：{}", scene.vocabulary.terms.colleague(id)));
    }
    let begin = scene.spots.iter().find(|spot| spot.code("visit").is_some() || spot.code("mode").is_some()).map(|spot| spot.from);
    for (spot, _) in scene.spots.words("other_visitor") {
        if !scene.follows_with(spot) && begin.is_none_or(|begin| spot.from > begin) {
            continue;
        }
        let mut name = scene.line.typed(spot.from, spot.to);
        // 村主任石大山: the name belongs to the office.
        if let Some(bearer) =
            scene.spots.iter().find(|other| other.from == spot.to && matches!(other.meaning, Meaning::Named { .. }))
        {
            name.push_str(&scene.line.typed(bearer.from, bearer.to));
            scene.piece(bearer, PieceSort::Person, "other_visitors", format!("其他走访人：{name}"));
        }
        if !visit.other_visitors.0.contains(&name) {
            visit.other_visitors.0.push(name.clone());
        }
        scene.piece(spot, PieceSort::Person, "other_visitors", format!("其他走访人：{name}"));
    }
    let joining: Vec<&Spot> = scene.spots.words("with").map(|(spot, _)| spot).collect();
    joining.into_iter().for_each(|spot| scene.use_up(spot));
}

/// Households by the name of anybody in them; the one named is the contact where that is not the head.
fn households(scene: &mut Scene<'_>, visit: &mut Visit) {
    let mut contacts: Vec<Id> = Vec::new();
    for spot in scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Named { .. })) {
        if scene.is_used(spot) {
            continue;
        }
        match scene.who(spot) {
            Some(Who::Person(at)) => contacts.extend(add_person(scene, visit, spot, at)),
            Some(Who::Several(people)) => {
                let mut homes: Vec<usize> =
                    people.iter().filter_map(|at| scene.vocabulary.people.person(*at)).map(|person| person.home).collect();
                homes.dedup();
                let sure = !matches!(spot.meaning, Meaning::Named { by: super::line::NamedBy::Sound, .. });
                match (homes.as_slice(), people.first()) {
                    ([_], Some(at)) if sure => drop(add_person(scene, visit, spot, *at)),
                    _ => scene.ask(spot, &people),
                }
            }
            _ => {}
        }
    }
    whole_hamlet(scene, visit);
    if !visit.household_ids.is_empty() {
        let places: Vec<&Spot> =
            scene.spots.iter().filter(|spot| matches!(spot.meaning, Meaning::Hamlet(..) | Meaning::Village(_))).collect();
        places.into_iter().for_each(|spot| scene.use_up(spot));
    }
    if visit.reached() {
        if visit.household_ids.len() > 1 {
            visit.persons_met = i64::try_from(visit.household_ids.len()).unwrap_or(1);
        }
        if let ([contact], [_]) = (contacts.as_slice(), visit.household_ids.as_slice()) {
            visit.contact_id = Some(*contact);
            scene.filled("contact_id");
        }
        persons_met(scene, visit);
    }
}

/// Adds somebody's household; answers with the person if that is not the head.
fn add_person(scene: &mut Scene<'_>, visit: &mut Visit, spot: &Spot, at: usize) -> Option<Id> {
    let people = &scene.vocabulary.people;
    let (person, home) = (people.person(at)?, people.home_of(at)?);
    let household = VisitHousehold { household_id: home.id };
    if !visit.household_ids.contains(&household) {
        visit.household_ids.push(household);
    }
    let place = scene.place_of(home);
    let place = if place.is_empty() { String::new() } else { format!("（{place}）") };
    let label = if person.is_head {
        format!("走访户：{}{place}", person.name)
    } else {
        format!("走访户：{}家{place}，受访人：{}", home.head, person.name)
    };
    scene.piece(spot, PieceSort::Person, "household_ids", label);
    (!person.is_head).then_some(person.id)
}

/// 木楼屯全部, 木楼屯逐户走访.
fn whole_hamlet(scene: &mut Scene<'_>, visit: &mut Visit) {
    let Some((all, _)) = scene.spots.words("all").next() else { return };
    if !visit.household_ids.is_empty() {
        return;
    }
    let hamlet = scene.spots.iter().find_map(|spot| match &spot.meaning {
        Meaning::Hamlet(villages, name) => Some((spot, villages, name)),
        _ => None,
    });
    let Some((spot, [village], name)) = hamlet.map(|(spot, villages, name)| (spot, villages.as_slice(), name)) else { return };
    let homes: Vec<Id> = scene.vocabulary.people.of_hamlet(*village, name).into_iter().map(|home| home.id).collect();
    if homes.is_empty() || homes.len() > MOST_OF_HAMLET {
        return;
    }
    let label = format!("走访户：{name}全部{}户", homes.len());
    visit.household_ids = homes.into_iter().map(|household_id| VisitHousehold { household_id }).collect();
    scene.piece(spot, PieceSort::Place, "household_ids", label);
    scene.use_up(all);
}

/// 见到3人, 12人次.
fn persons_met(scene: &mut Scene<'_>, visit: &mut Visit) {
    let told = scene.spots.iter().find_map(|spot| match &spot.meaning {
        Meaning::Count { hundredths, unit, .. } if unit == "人次" && hundredths % 100 == 0 => Some((spot, hundredths / 100)),
        _ => None,
    });
    if let Some((spot, count)) = told {
        visit.persons_met = count;
        scene.piece(spot, PieceSort::Number, "persons_met", format!("走访人次：{count}"));
    }
}

/// Several; a programme that is spoken of is 补贴申报.
fn purposes(scene: &mut Scene<'_>, visit: &mut Visit) {
    let mut codes: Vec<String> = Vec::new();
    for spot in scene.spots.iter() {
        let code = match &spot.meaning {
            Meaning::Programme(_) => Some("application_help"),
            _ => spot.code("visit_purpose"),
        };
        let Some(code) = code.filter(|code| scene.vocabulary.terms.has_category("visit_purpose", code)) else { continue };
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
        let label = format!("内容分类：{}", scene.vocabulary.terms.label("visit_purpose", code));
        scene.piece(spot, PieceSort::Category, "purposes", label);
    }
    // 走访 by itself is what every visit is: other purposes say more.
    if codes.len() > 1 {
        codes.retain(|code| code != "routine");
    }
    if !codes.is_empty() {
        visit.purposes = codes.into_iter().map(|code| VisitPurpose { code }).collect();
    }
}

/// What was brought: only of a visit of condolence, where money is a gift and rice too.
fn gift(scene: &mut Scene<'_>, visit: &mut Visit) {
    let condolence = scene.spots.words("visit_purpose").any(|(_, code)| code == "condolence");
    let goods: Vec<&Spot> = scene.spots.words("gift").map(|(spot, _)| spot).collect();
    let carried = ["送", "发", "带", "慰问"].iter().any(|verb| (0..scene.line.len()).any(|at| scene.line.has(at, verb)));
    if !visit.reached() || !(condolence || (carried && !goods.is_empty())) {
        return;
    }
    let households = i64::try_from(visit.household_ids.len().max(1)).unwrap_or(1);
    let money = scene.spots.iter().find_map(|spot| match spot.meaning {
        Meaning::Amount { fen, each } => Some((spot, fen, each)),
        _ => None,
    });
    if let Some((spot, fen, each)) = money {
        let fen = if each { Fen(fen.0.saturating_mul(households)) } else { fen };
        visit.gift_fen = Some(fen);
        scene.piece(spot, PieceSort::Number, "gift_fen", format!("慰问金额：{}", fen.in_words()));
    }
    if let (Some(first), Some(last)) = (goods.first(), goods.last()) {
        let clause = scene.clause_of(first);
        let mut to = if clause.holds(last) { last.to } else { first.to };
        // 大米1袋: how much belongs to it.
        if let Some(count) = scene.spots.iter().find(|spot| spot.from == to && matches!(spot.meaning, Meaning::Count { .. })) {
            to = count.to;
        }
        visit.gift = scene.line.typed(first.from, to);
        scene.filled("gift");
        for spot in goods.iter().filter(|spot| spot.to <= to) {
            scene.piece(spot, PieceSort::Number, "gift", format!("慰问物资：{}", visit.gift));
        }
    }
}

/// A clause that begins with 下一步.
fn next_action(scene: &mut Scene<'_>, visit: &mut Visit) {
    let Some((spot, _)) = scene.spots.words("next").next() else { return };
    let clause = scene.clause_of(spot);
    scene.take_clause(clause);
    visit.next_action = scene.line.typed(spot.to, clause.to).trim_start_matches(['：', ':', '是', '要']).to_owned();
    if visit.next_action.is_empty() {
        visit.next_action = scene.line.typed(spot.from, scene.line.len());
    }
    scene.piece(spot, PieceSort::Category, "next_action", format!("下一步：{}", visit.next_action));
}

/// Trouble is a suggestion: the problem in words, and the basic need it touches.
fn troubles(scene: &mut Scene<'_>, visit: &mut Visit) {
    if !visit.reached() {
        return;
    }
    let mut told: Vec<String> = Vec::new();
    for trouble in scene.troubles() {
        let message = scene.message(trouble.spot);
        if !told.contains(&message) {
            told.push(message.clone());
        }
        if trouble.is_need {
            let need = match trouble.type_code {
                "food" => &mut visit.food,
                "clothing" => &mut visit.clothing,
                "education" => &mut visit.education,
                "medical" => &mut visit.medical,
                "housing" => &mut visit.housing,
                "water" => &mut visit.water,
                _ => continue,
            };
            *need = NeedCheck::Problem;
            scene.filled(trouble.type_code);
        }
        scene.piece(trouble.spot, PieceSort::Trouble, "problem", format!("可能的问题：{message}"));
    }
    if !told.is_empty() {
        visit.problem = told.join("；");
        scene.filled("problem");
    }
}

/// The message: what is said besides day, way and people. What was for and what is wrong stays readable in it.
fn content(scene: &mut Scene<'_>, visit: &mut Visit) {
    let stays = |spot: &Spot| {
        matches!(spot.meaning, Meaning::Programme(_))
            || spot.code("mode") == Some("not_reached")
            || ["visit_purpose", "need", "trouble", "gift"].iter().any(|group| spot.code(group).is_some())
    };
    let text = scene.untaken(stays);
    if visit.reached() {
        scene.keep_rest("content", "走访内容", &text);
        visit.content = text;
    } else {
        scene.keep_rest("unreached_reason", "未联系上的原因", &text);
        visit.unreached_reason = text;
    }
}
