//! What one ledger knows: its people, places, team, programmes and categories, and what people call them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::line::{Line, Meaning, NamedBy, Spots};
use super::people::People;
use super::words::{groups, words};
use crate::error::Result;
use crate::records::activity::Activity;
use crate::records::application::Application;
use crate::records::dictionary_item::DictionaryItem;
use crate::records::issue::Issue;
use crate::records::programme::Programme;
use crate::records::team_member::TeamMember;
use crate::records::village::Village;
use crate::records::visit::Visit;
use crate::records::{Kind, Record};
use crate::storage::{Lookup, Store, Stored};
use crate::value::pinyin::Spelled;
use crate::value::{Id, fold_name};

/// Groups of words that mean a category, with the dictionary that must have their codes.
const OF_DICTIONARY: &[(&str, &str)] =
    &[("visit_purpose", "visit_purpose"), ("activity_type", "activity_type"), ("issue_source", "issue_source")];

/// Groups whose words are not looked for by themselves.
const NOT_SOUGHT: &[&str] = &["day", "not_yet", "time", "unit", "unit_not", "lead", "filler", "none"];

/// Most places at which a mistyped name is looked for.
const MOST_MISTYPED: usize = 20;

/// What a ledger's records are called, ready for any number of lines.
pub struct Vocabulary {
    pub(super) people: People,
    pub(super) terms: Terms,
}

impl Vocabulary {
    /// Reads a ledger.
    pub fn load(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        Ok(Vocabulary { people: People::load(store)?, terms: Terms::load(store, today)? })
    }

    /// Reads again what may have changed.
    pub(super) fn refresh(&mut self, store: Store<'_>, today: NaiveDate, people: bool, terms: bool) -> Result<()> {
        if people {
            self.people = People::load(store)?;
        }
        if terms {
            self.terms = Terms::load(store, today)?;
        }
        Ok(())
    }

    /// The longest name or word that begins at a place: where it ends and what it means.
    fn longest_at(&self, line: &Line, at: usize) -> Option<(usize, Meaning)> {
        let (name, bearers) = self.people.longest_at(line, at);
        let most = self.terms.longest.min(line.len() - at);
        // 12345 within a telephone number is no hotline.
        let cut = |from: usize, to: usize| {
            line.at(from).is_ascii_alphanumeric() && line.before(from).is_ascii_alphanumeric()
                || line.before(to).is_ascii_alphanumeric() && line.at(to).is_ascii_alphanumeric()
        };
        let word = (1..=most).rev().filter(|length| !cut(at, at + length));
        let word = word.into_iter().find_map(|length| Some((length, self.terms.by_word.get(&line.folded(at, at + length))?)));
        match word {
            Some((length, meaning)) if length > name => Some((at + length, meaning.clone())),
            // Somebody of the team who lives in the village, or only bears the same name.
            Some((length, Meaning::Named { colleague, .. })) if length == name => {
                Some((at + name, Meaning::Named { people: bearers.to_vec(), colleague: *colleague, by: NamedBy::Characters }))
            }
            _ if name > 0 => {
                Some((at + name, Meaning::Named { people: bearers.to_vec(), colleague: None, by: NamedBy::Characters }))
            }
            _ => None,
        }
    }

    /// Takes the names and words of a line, the longest first at every place.
    pub(super) fn find(&self, line: &Line, spots: &mut Spots) {
        let mut at = 0;
        while at < line.len() {
            match self.longest_at(line, at).filter(|(to, _)| spots.free(at, *to)) {
                Some((to, meaning)) => {
                    spots.take(at, to, meaning);
                    at = to;
                }
                None => at += 1,
            }
        }
        self.find_letters(line, spots);
        self.find_sounds(line, spots);
    }

    /// Runs of letters that spell somebody's name or a programme; of `wei xiao mei`, as many runs as belong together.
    fn find_letters(&self, line: &Line, spots: &mut Spots) {
        let is_letter = |at: usize| line.at(at).is_ascii_lowercase() || line.at(at) == '\'';
        let end = |from: usize| (from..line.len()).find(|at| !is_letter(*at)).unwrap_or(line.len());
        let mut at = 0;
        while at < line.len() {
            if !is_letter(at) || line.before(at).is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let mut ends = vec![end(at)];
            while ends.len() < 4
                && let Some(last) = ends.last().copied()
                && line.at(last) == ' '
                && is_letter(last + 1)
            {
                ends.push(end(last + 1));
            }
            let found = ends.iter().rev().find_map(|to| {
                let letters: String = line.folded(at, *to).chars().filter(|c| c.is_ascii_lowercase()).collect();
                let whole = spots.free(at, *to) && letters.len() >= 2 && !line.at(*to).is_ascii_digit();
                whole.then(|| self.spelled(&letters)).flatten().map(|meaning| (*to, meaning))
            });
            let behind = ends.first().copied().unwrap_or(at);
            match found {
                Some((to, meaning)) => {
                    spots.take(at, to, meaning);
                    at = to;
                }
                None => at = behind.max(at + 1),
            }
        }
    }

    fn spelled(&self, letters: &str) -> Option<Meaning> {
        let people = self.people.spelled(letters);
        if !people.is_empty() {
            return Some(Meaning::Named { people, colleague: None, by: NamedBy::Letters });
        }
        if let Some((id, _)) = self.terms.team.iter().find(|(_, name)| Spelled::of(name).is(letters)) {
            return Some(Meaning::Named { people, colleague: Some(*id), by: NamedBy::Letters });
        }
        let programmes = (0..).zip(&self.terms.programmes).filter(|(_, programme)| {
            letters.len() >= 3 && Spelled::of(&programme.draft.name).is(letters)
                || words("programme")
                    .any(|(word, code)| code == programme.draft.code && letters.len() >= 4 && Spelled::of(word).is(letters))
        });
        let programmes: Vec<usize> = programmes.map(|(at, _)| at).collect();
        (!programmes.is_empty()).then_some(Meaning::Programme(programmes))
    }

    /// Three characters that begin with a surname and sound like a name: mistyped, so the user is asked.
    fn find_sounds(&self, line: &Line, spots: &mut Spots) {
        let begins = (0..line.len()).filter(|at| self.people.is_surname(line.at(*at))).take(MOST_MISTYPED);
        for at in begins {
            if spots.free(at, at + 3) {
                let people = self.people.sounding(&line.folded(at, at + 3));
                if !people.is_empty() {
                    spots.take(at, at + 3, Meaning::Named { people, colleague: None, by: NamedBy::Sound });
                }
            }
        }
    }
}

/// The words of a ledger besides its people's names.
pub(super) struct Terms {
    by_word: HashMap<String, Meaning>,
    longest: usize,
    labels: HashMap<(String, String), String>,
    /// Categories of activities with their units and roles.
    pub activity_types: HashMap<String, DictionaryItem>,
    pub programmes: Vec<Stored<Programme>>,
    pub villages: Vec<(Id, String)>,
    pub team: Vec<(Id, String)>,
    pub units: Vec<(String, String)>,
    pub blanks: Blanks,
}

/// Empty forms.
pub(super) struct Blanks {
    pub visit: Visit,
    pub activity: Activity,
    pub application: Application,
    pub issue: Issue,
}

impl Terms {
    fn load(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let valid = |item: &DictionaryItem| {
            item.valid_from.is_none_or(|from| from <= today) && item.valid_to.is_none_or(|to| today <= to)
        };
        let items: Vec<DictionaryItem> =
            store.all::<DictionaryItem>()?.into_iter().map(|item| item.draft).filter(valid).collect();
        let mut terms = Terms {
            by_word: HashMap::new(),
            longest: 0,
            labels: items.iter().map(|item| ((item.dictionary.clone(), item.code.clone()), item.label.clone())).collect(),
            activity_types: HashMap::new(),
            programmes: store.all::<Programme>()?,
            villages: store.all::<Village>()?.into_iter().map(|village| (village.id, fold_name(&village.draft.name))).collect(),
            team: store.all::<TeamMember>()?.into_iter().map(|member| (member.id, fold_name(&member.draft.name))).collect(),
            units: units(&items),
            blanks: Blanks {
                visit: Visit::blank(store, today)?,
                activity: Activity::blank(store, today)?,
                application: Application::blank(store, today)?,
                issue: Issue::blank(store, today)?,
            },
        };
        terms.add_categories(&items);
        terms.add_words();
        terms.add_programmes();
        terms.add_places(store)?;
        let of_type = |item: DictionaryItem| (item.dictionary == "activity_type").then(|| (item.code.clone(), item));
        terms.activity_types = items.into_iter().filter_map(of_type).collect();
        terms.longest = terms.by_word.keys().map(|word| word.chars().count()).max().unwrap_or(0);
        Ok(terms)
    }

    /// The labels of the dictionaries themselves, also those that users added.
    fn add_categories(&mut self, items: &[DictionaryItem]) {
        for item in items.iter().filter(|item| item.code != "other") {
            if let Some((group, _)) = OF_DICTIONARY.iter().find(|(_, dictionary)| *dictionary == item.dictionary) {
                self.add_sense(&item.label, group, &item.code);
            }
        }
    }

    fn add_words(&mut self) {
        for group in groups().filter(|group| !NOT_SOUGHT.contains(group)) {
            let dictionary = OF_DICTIONARY.iter().find(|(of, _)| *of == group).map(|(_, dictionary)| *dictionary);
            for (word, code) in words(group) {
                let known = dictionary.is_none_or(|of| self.labels.contains_key(&(of.to_owned(), code.to_owned())));
                if group == "programme" {
                    continue;
                } else if group == "plain" {
                    self.by_word.insert(word.to_owned(), Meaning::Plain);
                } else if known {
                    self.add_sense(word, group, code);
                }
            }
        }
    }

    /// A word may mean several things: 慰问 is a visit, its purpose, and an activity.
    fn add_sense(&mut self, word: &str, group: &str, code: &str) {
        let word = fold_name(word).to_lowercase();
        if word.chars().count() < 2 && !matches!(group, "with" | "gift" | "visit") {
            return;
        }
        let sense = (group.to_owned(), code.to_owned());
        match self.by_word.entry(word).or_insert_with(|| Meaning::Word(Vec::new())) {
            Meaning::Word(senses) if !senses.iter().any(|(of, _)| of == group) => senses.push(sense),
            _ => {}
        }
    }

    /// Programmes by name and short names. A word for one is also a word of visits, which talk about it.
    fn add_programmes(&mut self) {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        let mut terms: Vec<String> = Vec::new();
        for (at, programme) in self.programmes.iter().enumerate() {
            let short = words("programme").filter(|(_, code)| *code == programme.draft.code).map(|(word, _)| word);
            for word in short.chain([programme.draft.name.as_str()]) {
                named.entry(fold_name(word).to_lowercase()).or_default().push(at);
            }
            for term in programme.draft.terms.0.clone() {
                terms.push(term);
            }
        }
        for term in terms {
            self.add_sense(&term, "term", &term);
        }
        for (word, mut at) in named {
            at.dedup();
            self.by_word.insert(word, Meaning::Programme(at));
        }
    }

    fn add_places(&mut self, store: Store<'_>) -> Result<()> {
        for village in store.all::<Village>()? {
            for hamlet in &village.draft.hamlets {
                let name = fold_name(&hamlet.name);
                // 上屯 lies in many a village.
                let known = self.by_word.entry(name.clone()).or_insert_with(|| Meaning::Hamlet(Vec::new(), name));
                if let Meaning::Hamlet(villages, _) = known {
                    villages.push(village.id);
                }
            }
            self.by_word.insert(fold_name(&village.draft.name), Meaning::Village(village.id));
        }
        for project in store.look_up(Kind::Project, &Lookup { limit: 1000, ..Lookup::default() })? {
            self.by_word.entry(fold_name(&project.title)).or_insert(Meaning::Project(project.id));
        }
        for (id, name) in &self.team {
            let named = Meaning::Named { people: Vec::new(), colleague: Some(*id), by: NamedBy::Characters };
            self.by_word.insert(name.to_lowercase(), named);
        }
        Ok(())
    }

    /// What a category is called.
    pub(super) fn label(&self, dictionary: &str, code: &str) -> String {
        self.labels.get(&(dictionary.to_owned(), code.to_owned())).cloned().unwrap_or_else(|| code.to_owned())
    }

    pub(super) fn has_category(&self, dictionary: &str, code: &str) -> bool {
        self.labels.contains_key(&(dictionary.to_owned(), code.to_owned()))
    }

    pub(super) fn village(&self, id: Id) -> &str {
        self.villages.iter().find(|(each, _)| *each == id).map_or("", |(_, name)| name)
    }

    pub(super) fn colleague(&self, id: Id) -> &str {
        self.team.iter().find(|(each, _)| *each == id).map_or("", |(_, name)| name)
    }
}

/// Units as people say them and as they are kept: those of the words and those of the activity types, the longest first.
fn units(items: &[DictionaryItem]) -> Vec<(String, String)> {
    let mut units: Vec<(String, String)> = words("unit").map(|(word, unit)| (word.to_owned(), unit.to_owned())).collect();
    let own = items.iter().filter(|item| item.dictionary == "activity_type").flat_map(|item| &item.units.0);
    for unit in own.filter(|unit| !matches!(unit.as_str(), "元" | "万元")) {
        if !units.iter().any(|(word, _)| word == unit) {
            units.push((unit.clone(), unit.clone()));
        }
    }
    units.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
    units
}
