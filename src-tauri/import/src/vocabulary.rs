//! What the words of cells mean in one ledger: its categories, villages, team, programmes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use zhucun_core::Result;
use zhucun_core::records::dictionary_item::DictionaryItem;
use zhucun_core::records::programme::Programme;
use zhucun_core::records::support_unit::SupportUnit;
use zhucun_core::records::team_member::TeamMember;
use zhucun_core::records::village::Village;
use zhucun_core::storage::{Store, Stored};
use zhucun_core::value::{Id, fold_name};

use crate::fields::words;
use crate::heading::{fold_heading, without_bracket};

/// Most words that are remembered; columns of free text would fill the memory.
const MOST_FOLDED: usize = 4096;

/// The words of a ledger.
pub struct Vocabulary {
    /// Today.
    pub today: NaiveDate,
    /// Code by dictionary and folded word.
    codes: HashMap<String, HashMap<String, String>>,
    /// Label by dictionary and code.
    labels: HashMap<String, HashMap<String, String>>,
    /// Words as they are compared: in a column the same few come a thousand times.
    folded: RwLock<HashMap<String, Arc<str>>>,
    villages: Vec<(Id, String)>,
    team: Vec<(Id, String)>,
    units: Vec<(Id, String)>,
    /// 补贴项目.
    pub programmes: Vec<Stored<Programme>>,
}

impl Vocabulary {
    /// Reads a ledger's words.
    pub fn load(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let mut codes: HashMap<String, HashMap<String, String>> = HashMap::new();
        let mut labels: HashMap<String, HashMap<String, String>> = HashMap::new();
        let items = store.all::<DictionaryItem>()?;
        for item in &items {
            let DictionaryItem { dictionary, code, label, .. } = &item.draft;
            codes.entry(dictionary.clone()).or_default().entry(fold_heading(label)).or_insert_with(|| code.clone());
            labels.entry(dictionary.clone()).or_default().insert(code.clone(), label.clone());
        }
        let has = |dictionary: &str, code: &str| {
            code.is_empty()
                || labels.get(dictionary).is_some_and(|labels| labels.contains_key(code))
                || !items.iter().any(|item| item.draft.dictionary == dictionary)
        };
        for (dictionary, word, code) in words() {
            if has(dictionary, code) {
                codes.entry((*dictionary).to_owned()).or_default().entry(word.clone()).or_insert_with(|| (*code).to_owned());
            }
        }
        Ok(Vocabulary {
            today,
            codes,
            labels,
            folded: RwLock::default(),
            villages: named(store.all::<Village>()?, |village| &village.name),
            team: named(store.all::<TeamMember>()?, |member| &member.name),
            units: named(store.all::<SupportUnit>()?, |unit| &unit.name),
            programmes: store.all::<Programme>()?,
        })
    }

    /// The code that a word stands for, in a dictionary or a fixed choice.
    pub fn code(&self, dictionary: &str, text: &str) -> Option<&str> {
        let codes = self.codes.get(dictionary)?;
        let folded = self.fold(text);
        let code = codes.get(folded.as_ref()).or_else(|| without_bracket(&folded).and_then(|bare| codes.get(&bare)));
        code.map(String::as_str)
    }

    fn fold(&self, text: &str) -> Arc<str> {
        if let Some(folded) = self.folded.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return folded.clone();
        }
        let folded: Arc<str> = fold_heading(text).into();
        let mut known = self.folded.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST_FOLDED {
            known.insert(text.to_owned(), folded.clone());
        }
        folded
    }

    /// The code of the longest word of a dictionary that a text holds.
    pub fn code_within(&self, dictionary: &str, text: &str) -> Option<&str> {
        let folded = self.fold(text);
        let codes = self.codes.get(dictionary)?;
        let held =
            codes.iter().filter(|(word, code)| !code.is_empty() && word.chars().count() >= 2 && folded.contains(word.as_str()));
        held.max_by_key(|(word, code)| (word.len(), std::cmp::Reverse((*code).clone()))).map(|(_, code)| code.as_str())
    }

    /// The name of a code; the code itself where it has none.
    pub fn label<'a>(&'a self, dictionary: &str, code: &'a str) -> &'a str {
        self.labels.get(dictionary).and_then(|labels| labels.get(code)).map_or(code, String::as_str)
    }

    /// 村 by name, with or without 村 or 村委会 behind it.
    pub fn village(&self, text: &str) -> Option<Id> {
        let bare = |name: &str| {
            let name = fold_name(name);
            ["村民委员会", "村委会", "村委", "社区居委会", "社区", "居委会", "村"]
                .iter()
                .find_map(|end| name.strip_suffix(end).filter(|rest| !rest.is_empty()))
                .unwrap_or(&name)
                .to_owned()
        };
        let wanted = bare(text);
        self.villages.iter().find(|(_, name)| bare(name) == wanted).map(|(id, _)| *id)
    }

    /// The only 村, where there is one.
    pub fn only_village(&self) -> Option<Id> {
        match self.villages.as_slice() {
            [(id, _)] => Some(*id),
            _ => None,
        }
    }

    /// 队员 by name.
    pub fn colleague(&self, text: &str) -> Option<Id> {
        let wanted = fold_name(text);
        self.team.iter().find(|(_, name)| *name == wanted).map(|(id, _)| *id)
    }

    /// 后盾单位 by name.
    pub fn support_unit(&self, text: &str) -> Option<Id> {
        let wanted = fold_name(text);
        self.units.iter().find(|(_, name)| *name == wanted).map(|(id, _)| *id)
    }

    /// 补贴项目 by name; a longer or shorter name is taken where only one fits.
    pub fn programme(&self, text: &str) -> Option<&Stored<Programme>> {
        let wanted = fold_name(text);
        if wanted.is_empty() {
            return None;
        }
        let exact = self.programmes.iter().find(|programme| fold_name(&programme.draft.name) == wanted);
        let mut alike = self.programmes.iter().filter(|programme| {
            let name = fold_name(&programme.draft.name);
            name.chars().count() >= 3 && wanted.chars().count() >= 3 && (wanted.contains(&name) || name.contains(&wanted))
        });
        exact.or_else(|| alike.next().filter(|_| alike.next().is_none()))
    }

    /// How a record of a list is called; for showing what changed.
    pub fn name_of(&self, id: &str) -> Option<&str> {
        let lists = self.villages.iter().chain(&self.team).chain(&self.units);
        lists.into_iter().find(|(each, _)| each.to_string() == id).map(|(_, name)| name.as_str())
    }
}

fn named<R>(records: Vec<Stored<R>>, name: impl Fn(&R) -> &String) -> Vec<(Id, String)> {
    records.into_iter().map(|record| (record.id, fold_name(name(&record.draft)))).collect()
}
