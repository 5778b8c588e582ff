//! A line with what was recognised in it, and the answer that is made of it: who is meant, what troubles, which pieces.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use super::clauses::{Clause, clauses, rest};
use super::line::{Line, Meaning, NamedBy, Spot, Spots};
use super::people::Home;
use super::vocabulary::Vocabulary;
use super::words::words;
use super::{Asked, Candidate, Choice, ChoiceReason, Piece, PieceSort, Reading, Rest, kind};
use crate::records::Kind;
use crate::value::Id;

/// Most people that a choice lists.
const MOST_CANDIDATES: usize = 8;

/// The line being read, and the answer so far.
pub(super) struct Scene<'s> {
    pub line: &'s Line,
    pub spots: &'s Spots,
    pub vocabulary: &'s Vocabulary,
    /// Who types.
    pub me: Option<Id>,
    asked: &'s Asked,
    pieces: Vec<Piece>,
    choices: Vec<Choice>,
    fields: BTreeSet<String>,
    used: BTreeSet<usize>,
    taken: Vec<Clause>,
    rest: Option<Rest>,
    notes: Vec<String>,
}

/// Who a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// This person, by place in the list of people.
    Person(usize),
    /// Somebody of the team.
    Colleague(Id),
    /// One of these; the user decides.
    Several(Vec<usize>),
    /// Nobody of the village, as the user said.
    Nobody,
}

/// Trouble that a line tells.
pub(super) struct Trouble<'s> {
    pub spot: &'s Spot,
    /// Category of the issue.
    pub type_code: &'s str,
    /// Whether it touches the basic need of that name.
    pub is_need: bool,
}

impl<'s> Scene<'s> {
    pub(super) fn new(line: &'s Line, spots: &'s Spots, vocabulary: &'s Vocabulary, asked: &'s Asked, me: Option<Id>) -> Self {
        Scene {
            line,
            spots,
            vocabulary,
            me: me.filter(|me| vocabulary.terms.team.iter().any(|(id, _)| id == me)),
            asked,
            pieces: Vec::new(),
            choices: Vec::new(),
            fields: BTreeSet::new(),
            used: BTreeSet::new(),
            taken: Vec::new(),
            rest: None,
            notes: Vec::new(),
        }
    }

    /// The kind that the words speak for.
    pub(super) fn kind(&self) -> Option<Kind> {
        kind::kind_of(self.spots, self.vocabulary, !self.troubles().is_empty())
    }

    /// Who a name means: by the user's choice, by the place that stands before it, or because nobody else bears it.
    pub(super) fn who(&self, spot: &Spot) -> Option<Who> {
        let Meaning::Named { people, colleague, by } = &spot.meaning else { return None };
        if let Some(colleague) = colleague.filter(|_| people.is_empty() || self.is_in_company(spot)) {
            return Some(Who::Colleague(colleague));
        }
        if let Some(chosen) = self.asked.chosen.get(&self.line.typed(spot.from, spot.to)) {
            let person = people.iter().find(|at| self.vocabulary.people.person(**at).is_some_and(|person| person.id == *chosen));
            match person {
                Some(person) => return Some(Who::Person(*person)),
                None if *chosen == Id::default() => return Some(Who::Nobody),
                None => {}
            }
        }
        let people = self.narrowed(spot, people);
        match people.as_slice() {
            [person] if *by != NamedBy::Sound => Some(Who::Person(*person)),
            _ => Some(Who::Several(people)),
        }
    }

    /// Whether somebody of the team is meant who shares a villager's name: who goes with others, or visits another.
    fn is_in_company(&self, spot: &Spot) -> bool {
        let villager =
            |other: &Spot| matches!(&other.meaning, Meaning::Named { colleague: None, people, .. } if !people.is_empty());
        self.follows_with(spot) || self.spots.iter().any(villager)
    }

    /// Whether a spot stands behind 和, or behind others who do.
    pub(super) fn follows_with(&self, spot: &Spot) -> bool {
        let from = if self.line.before(spot.from) == '、' { spot.from - 1 } else { spot.from };
        self.spots.ending_at(from).is_some_and(|before| {
            let listed =
                before.code("other_visitor").is_some() || matches!(before.meaning, Meaning::Named { colleague: Some(_), .. });
            before.code("with").is_some() || (listed && self.follows_with(before))
        })
    }

    /// Those of some people who live where the line says: in the place right before the name, or in its only place.
    fn narrowed(&self, spot: &Spot, people: &[usize]) -> Vec<usize> {
        let is_place = |spot: &&Spot| matches!(spot.meaning, Meaning::Hamlet(..) | Meaning::Village(_));
        let near =
            |other: &&Spot| other.to <= spot.from && self.line.folded(other.to, spot.from).chars().all(|c| c == '的' || c == ' ');
        let mut places: Vec<&Spot> = self.spots.iter().filter(is_place).filter(near).collect();
        if places.is_empty() {
            places = self.spots.iter().filter(is_place).collect();
        } else if let Some(village) = places.first().copied().and_then(|place| self.spots.ending_at(place.from)).filter(is_place)
        {
            places.push(village);
        }
        let lives = |home: &Home| {
            let fits = |place: &&Spot| match &place.meaning {
                Meaning::Hamlet(villages, name) => villages.contains(&home.village) && home.hamlet == *name,
                Meaning::Village(village) => home.village == *village,
                _ => false,
            };
            !places.is_empty() && places.iter().all(fits)
        };
        let there: Vec<usize> =
            people.iter().copied().filter(|at| self.vocabulary.people.home_of(*at).is_some_and(lives)).collect();
        if there.is_empty() { people.to_vec() } else { there }
    }

    /// Where a household is, as the user reads it: the village too where the ledger has several.
    pub(super) fn place_of(&self, home: &Home) -> String {
        let several = self.vocabulary.terms.villages.len() > 1;
        format!("{}{}", if several { self.vocabulary.terms.village(home.village) } else { "" }, home.hamlet)
    }

    /// The first day of the line.
    pub(super) fn day(&self) -> Option<(&'s Spot, NaiveDate, Option<NaiveDate>)> {
        self.spots.iter().find_map(|spot| match spot.meaning {
            Meaning::Day(day, last) => Some((spot, day, last)),
            _ => None,
        })
    }

    /// Takes the day of the line into a field.
    pub(super) fn take_day(&mut self, field: &str, label: &str) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let (spot, day, last) = self.day()?;
        let told = last.map_or_else(|| day.to_string(), |last| format!("{day} 至 {last}"));
        self.piece(spot, PieceSort::Day, field, format!("{label}：{told}"));
        Some((day, last))
    }

    /// The troubles of the line, without those that are over or that there are none of.
    pub(super) fn troubles(&self) -> Vec<Trouble<'s>> {
        let told = self.spots.iter().filter_map(|spot| match (spot.code("need"), spot.code("trouble")) {
            (Some(type_code), _) => Some(Trouble { spot, type_code, is_need: true }),
            (None, Some(type_code)) => Some(Trouble { spot, type_code, is_need: false }),
            _ => None,
        });
        told.filter(|trouble| !self.is_none(trouble.spot) && !self.is_over(trouble.spot) && !self.is_settled(trouble.spot))
            .collect()
    }

    /// 调解纠纷 tells of work, not of a new quarrel.
    fn is_settled(&self, spot: &Spot) -> bool {
        let clause = self.clause_of(spot);
        self.spots.words("activity_type").any(|(other, code)| code == "mediation" && clause.holds(other) && other.from < spot.to)
    }

    fn is_none(&self, spot: &Spot) -> bool {
        words("none").any(|(word, _)| self.line.ends_with(spot.from, word))
    }

    /// 漏雨已修好: over, unless something new is told between.
    fn is_over(&self, spot: &Spot) -> bool {
        let clause = self.clause_of(spot);
        let after = self.spots.words("over").find(|(over, _)| over.from >= spot.to || over.to == spot.from);
        after.is_some_and(|(over, _)| over.from < clause.to + 2 && over.from + 12 > spot.to)
    }

    /// The clause in which a spot stands.
    pub(super) fn clause_of(&self, spot: &Spot) -> Clause {
        let whole = Clause { from: 0, to: self.line.len() };
        clauses(self.line).into_iter().find(|clause| clause.holds(spot)).unwrap_or(whole)
    }

    /// What the clause around a trouble says of it, without what stands before: day, way, who went, what for.
    pub(super) fn message(&self, trouble: &Spot) -> String {
        let clause = self.clause_of(trouble);
        let purpose = |spot: &&Spot| {
            let plain = spot.code("visit_purpose").is_some() && spot.code("need").is_none() && spot.code("trouble").is_none();
            plain && clause.holds(spot) && spot.to <= trouble.from
        };
        if let Some(last) = self.spots.iter().rfind(purpose) {
            let text = self.line.typed(last.to, clause.to);
            return text.trim_start_matches(['时', '、']).trim_start_matches("发现").to_owned();
        }
        let goes = |spot: &Spot| {
            matches!(spot.meaning, Meaning::Day(..) | Meaning::Time)
                || ["mode", "visit", "with", "other_visitor"].iter().any(|group| spot.code(group).is_some())
        };
        let clause = clause.without_head(self.line, self.spots, goes);
        self.line.typed(clause.from, clause.to)
    }

    /// Notes what a spot was understood as. A spot that fills several fields is one piece.
    pub(super) fn piece(&mut self, spot: &Spot, sort: PieceSort, field: &str, label: impl Into<String>) {
        self.used.insert(spot.from);
        self.filled(field);
        if !self.pieces.iter().any(|piece| piece.from == spot.from) {
            self.pieces.push(Piece { from: spot.from, to: spot.to, sort, field: field.to_owned(), label: label.into() });
        }
    }

    /// Notes that a field was filled from the line.
    pub(super) fn filled(&mut self, field: &str) {
        if !field.is_empty() {
            self.fields.insert(field.to_owned());
        }
    }

    /// Notes that a spot served its purpose without being a field: a joining word, a place that told two people apart.
    pub(super) fn use_up(&mut self, spot: &Spot) {
        self.used.insert(spot.from);
    }

    /// Notes that a whole clause went into a field and need not be told again.
    pub(super) fn take_clause(&mut self, clause: Clause) {
        self.taken.push(clause);
    }

    pub(super) fn is_used(&self, spot: &Spot) -> bool {
        self.used.contains(&spot.from)
    }

    /// Notes something for the user.
    pub(super) fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// What the clauses say besides the used spots; those that `stays` names belong to the text all the same.
    pub(super) fn untaken(&self, stays: impl Fn(&Spot) -> bool) -> String {
        let clauses = clauses(self.line).into_iter().filter(|clause| !self.taken.contains(clause));
        rest(self.line, self.spots, clauses, |spot| self.is_used(spot) && !stays(spot))
    }

    /// What is left of every clause when the used spots are cut out of it.
    pub(super) fn scraps(&self) -> String {
        let used = |spot: &Spot| self.is_used(spot);
        let left = clauses(self.line).into_iter().filter(|clause| clause.says_more(self.line, self.spots, &used));
        let left = left.map(|clause| clause.without(self.line, self.spots, &used).trim_matches('、').to_owned());
        left.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("，")
    }

    /// Keeps a text in a field, and tells the user so.
    pub(super) fn keep_rest(&mut self, field: &str, label: &str, text: &str) {
        if !text.is_empty() {
            self.filled(field);
            self.rest = Some(Rest { field: field.to_owned(), label: label.to_owned(), text: text.to_owned() });
        }
    }

    /// Asks the user who is meant by a name.
    pub(super) fn ask(&mut self, spot: &Spot, people: &[usize]) {
        let Meaning::Named { by, .. } = spot.meaning else { return };
        let text = self.line.typed(spot.from, spot.to);
        if self.choices.iter().any(|choice| choice.text == text) {
            return;
        }
        let mut heads_first = people.to_vec();
        heads_first.sort_by_key(|at| !self.vocabulary.people.person(*at).is_some_and(|person| person.is_head));
        let candidates: Vec<Candidate> = heads_first.iter().take(MOST_CANDIDATES).filter_map(|at| self.candidate(*at)).collect();
        self.choices.push(Choice {
            from: spot.from,
            to: spot.to,
            text,
            why: match by {
                NamedBy::Characters => ChoiceReason::SameName,
                NamedBy::Letters => ChoiceReason::Letters,
                NamedBy::Sound => ChoiceReason::SoundsAlike,
            },
            more: people.len().saturating_sub(candidates.len()),
            candidates,
        });
    }

    fn candidate(&self, at: usize) -> Option<Candidate> {
        let person = self.vocabulary.people.person(at)?;
        let home = self.vocabulary.people.home_of(at)?;
        let place = self.place_of(home);
        let of = if person.is_head { "户主".to_owned() } else { format!("{}家", home.head) };
        let note = if place.is_empty() { of } else { format!("{place} · {of}") };
        Some(Candidate { id: person.id, name: person.name.clone(), note })
    }

    /// Without a kind: shows at least the day and the people.
    pub(super) fn tell_what_is_known(&mut self) {
        self.take_day("", "日期");
        for spot in self.spots.iter() {
            match &spot.meaning {
                Meaning::Programme(at) => {
                    let name = at.first().and_then(|at| self.vocabulary.terms.programmes.get(*at));
                    let label = format!("补贴项目：{}", name.map_or("", |programme| programme.draft.name.as_str()));
                    self.piece(spot, PieceSort::Category, "", label);
                }
                Meaning::Named { colleague: Some(id), .. } => {
                    let label = format!("队员：{}", self.vocabulary.terms.colleague(*id));
                    self.piece(spot, PieceSort::Person, "", label);
                }
                Meaning::Hamlet(_, name) => self.piece(spot, PieceSort::Place, "", format!("屯：{name}")),
                Meaning::Village(id) => {
                    let label = format!("村：{}", self.vocabulary.terms.village(*id));
                    self.piece(spot, PieceSort::Place, "", label);
                }
                _ => {}
            }
        }
    }

    pub(super) fn into_reading(mut self, kind: Option<Kind>, draft: Option<Value>) -> Reading {
        self.pieces.sort_by_key(|piece| piece.from);
        self.choices.sort_by_key(|choice| choice.from);
        Reading {
            kind,
            draft,
            pieces: self.pieces,
            choices: self.choices,
            fields: self.fields.into_iter().collect(),
            rest: self.rest,
            notes: self.notes,
            knows_people: !self.vocabulary.people.is_empty(),
        }
    }
}
