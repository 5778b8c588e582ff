//! What an export must not show under a masking profile: the ledger's numbers and names. Free text of records is cleaned of them
//! before it enters an annex or a form; finished files are searched for them before they count as exported.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use chrono::NaiveDate;

use crate::error::Result;
use crate::figures::Gathered;
use crate::records::support_unit::SupportUnit;
use crate::records::team::Team;
use crate::records::team_member::TeamMember;
use crate::records::traces::Traces;
use crate::records::village::Village;
use crate::storage::{Store, Stored};
use crate::value::{IdNumber, Masking};

/// What must stay inside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    /// ID, telephone and account numbers, digits only (and the X of an ID number).
    pub numbers: BTreeSet<String>,
    /// Full names, with what the profile shows in their place.
    pub names: BTreeMap<String, String>,
    /// Words that may hold such a name without naming anybody: villages, units, people of the team.
    pub public_words: BTreeSet<String>,
    /// Whether numbers of the shape of an ID, mobile or card number are looked for even if nobody in the ledger has them.
    pub by_shape: bool,
}

/// Shorter numbers are no secret by themselves.
const SHORTEST_NUMBER: usize = 7;

impl Hidden {
    /// What the profile hides of a whole ledger; nothing for 内部.
    pub fn load(store: Store<'_>, masking: Masking, until: NaiveDate) -> Result<Self> {
        let mut hidden = Hidden { by_shape: masking != Masking::Internal, ..Hidden::default() };
        if hidden.by_shape {
            store.all::<Team>()?.iter().for_each(|team| hidden.add_team(&team.draft));
            hidden.add_places(&store.all::<Village>()?, &store.all::<SupportUnit>()?, &store.all::<TeamMember>()?);
            let mut shown = BTreeSet::new();
            Traces::each_person(store, |person| hidden.add_person(person, masking, until, &mut shown))?;
            Traces::each_other_number(store, |number| hidden.add_number(number))?;
            hidden.keep_shown(&shown);
        }
        Ok(hidden)
    }

    /// The same of what was gathered for a report.
    fn of(gathered: &Gathered, masking: Masking) -> Self {
        let mut hidden = Hidden { by_shape: masking != Masking::Internal, ..Hidden::default() };
        if hidden.by_shape {
            hidden.add_team(&gathered.team);
            hidden.add_places(&gathered.villages, &gathered.units, &gathered.members);
            let (until, mut shown) = (gathered.scope.until(), BTreeSet::new());
            for household in gathered.households.iter().map(|household| &household.draft) {
                hidden.add_number(&household.phone);
                household.members.iter().for_each(|member| hidden.add_person(Traces::of(member), masking, until, &mut shown));
            }
            gathered.applications.iter().for_each(|application| hidden.add_number(&application.draft.payee_account));
            hidden.keep_shown(&shown);
        }
        hidden
    }

    fn add_team(&mut self, team: &Team) {
        let words = [&team.name, &team.province, &team.city, &team.county, &team.township, &team.addressee];
        self.public_words.extend(words.into_iter().filter(|word| !word.is_empty()).cloned());
    }

    fn add_places(&mut self, villages: &[Stored<Village>], units: &[Stored<SupportUnit>], members: &[Stored<TeamMember>]) {
        for village in villages {
            self.public_words.insert(village.draft.name.clone());
            self.public_words.extend(village.draft.hamlets.iter().map(|hamlet| hamlet.name.clone()));
        }
        self.public_words.extend(units.iter().map(|unit| unit.draft.name.clone()));
        for member in members {
            self.public_words.insert(member.draft.name.clone());
            self.add_number(&member.draft.phone);
        }
    }

    fn add_person(&mut self, person: Traces<'_>, masking: Masking, until: NaiveDate, shown: &mut BTreeSet<String>) {
        person.numbers.into_iter().for_each(|number| self.add_number(number));
        let child = person.birth.and_then(|birth| until.years_since(birth)).is_some_and(|age| age < 14);
        let masked = masking.name(person.name, child);
        if masked == person.name {
            shown.insert(masked);
        } else {
            self.names.insert(person.name.to_owned(), masked);
        }
    }

    /// A name that somebody else bears openly is no secret.
    fn keep_shown(&mut self, shown: &BTreeSet<String>) {
        let public = &self.public_words;
        self.names.retain(|name, _| !shown.contains(name) && !public.contains(name));
    }

    fn add_number(&mut self, number: &str) {
        let mut digits = IdNumber::tidy(number);
        digits.retain(|c| c.is_ascii_digit() || c == 'X');
        if digits.len() >= SHORTEST_NUMBER {
            self.numbers.insert(digits);
        }
    }
}

/// Looks for many words at once, the longest at each place. Not as the table of all transitions, which the library makes of up to a
/// hundred words: where some are long it is a hundred megabytes, and made anew for every report.
pub fn finder_of(words: &[&str]) -> Option<AhoCorasick> {
    let finder =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(Some(AhoCorasickKind::ContiguousNFA)).build(words);
    finder.ok()
}

/// Cleans texts of what must stay inside.
pub(super) struct Cleaner {
    finder: Option<AhoCorasick>,
    instead: Vec<String>,
}

impl Cleaner {
    /// For what a profile hides.
    pub(super) fn of(hidden: &Hidden) -> Self {
        let mut patterns: Vec<&str> = Vec::new();
        let mut instead = Vec::new();
        // A longer word goes before a shorter one that begins with it; a public word stands for itself.
        let nothing_hidden = hidden.names.is_empty() && hidden.numbers.is_empty();
        for word in hidden.public_words.iter().filter(|_| !nothing_hidden) {
            patterns.push(word);
            instead.push(word.clone());
        }
        for (name, masked) in &hidden.names {
            patterns.push(name);
            instead.push(masked.clone());
        }
        for number in &hidden.numbers {
            patterns.push(number);
            instead.push(masked_number(number));
        }
        let finder = finder_of(&patterns);
        Cleaner { finder: finder.filter(|_| !patterns.is_empty()), instead }
    }

    /// For what is gathered for a report.
    pub(super) fn of_gathered(gathered: &Gathered, masking: Masking) -> Self {
        Cleaner::of(&Hidden::of(gathered, masking))
    }

    /// The text with hidden names and numbers as the profile shows them.
    pub(super) fn clean(&self, text: &str) -> String {
        match &self.finder {
            Some(finder) => finder.replace_all(text, &self.instead),
            None => text.to_owned(),
        }
    }
}

fn masked_number(number: &str) -> String {
    match number.len() {
        18 => crate::value::mask_id_number(number),
        11 => crate::value::mask_phone(number),
        _ => crate::value::mask_bank_number(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_is_cleaned_of_names_and_numbers_but_not_of_places() {
        let hidden = Hidden {
            numbers: ["11010519491231002X".to_owned(), "13812345678".to_owned()].into(),
            names: [("石门".to_owned(), "石*".to_owned()), ("韦小妹".to_owned(), "韦某".to_owned())].into(),
            public_words: ["石门村".to_owned()].into(),
            by_shape: true,
        };
        let cleaner = Cleaner::of(&hidden);
        let text = cleaner.clean("石门村的石门和韦小妹，电话13812345678，证号11010519491231002X");
        assert_eq!(text, "石门村的石*和韦某，电话138****5678，证号110105********002X");
        assert_eq!(Cleaner::of(&Hidden::default()).clean("石门"), "石门");
    }

    #[test]
    fn a_few_long_words_take_no_more_room_than_their_length_explains() {
        let words: Vec<String> = (0..40u32).map(|nth| format!("{nth}户").repeat(250)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let bytes: usize = words.iter().map(|word| word.len()).sum();
        let finder = finder_of(&words).unwrap();
        assert!(finder.memory_usage() < 40 * bytes, "{} bytes of words, {} of finder", bytes, finder.memory_usage());
        assert_eq!(finder.find_iter(&format!("在{}里", words[7])).count(), 1);
    }
}
