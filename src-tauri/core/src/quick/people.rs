//! The people of the households by name: by characters, by pinyin in full or initials, and by the sound of a mistyped name.

use std::collections::HashMap;

use crate::error::Result;
use crate::records::household::HouseholdClue;
use crate::storage::Store;
use crate::value::pinyin::{Spelled, readings};
use crate::value::{Id, fold_name};

use super::line::Line;

/// The people of a ledger.
#[derive(Default)]
pub(super) struct People {
    households: Vec<Home>,
    persons: Vec<Person>,
    /// Every name once, folded.
    names: Vec<String>,
    /// Persons by name.
    bearers: Vec<Vec<usize>>,
    by_name: HashMap<String, usize>,
    /// Names by their first character.
    by_surname: HashMap<char, Vec<usize>>,
    /// First letters of a character's readings, a bit each.
    initials: HashMap<char, u32>,
    longest: usize,
}

/// A household as it is called.
pub(super) struct Home {
    pub id: Id,
    pub village: Id,
    pub hamlet: String,
    /// 户主.
    pub head: String,
}

/// Somebody of a household.
pub(super) struct Person {
    pub id: Id,
    pub name: String,
    pub is_head: bool,
    /// Place in the list of households.
    pub home: usize,
}

impl People {
    pub(super) fn load(store: Store<'_>) -> Result<Self> {
        let mut people = People::default();
        for household in HouseholdClue::all(store)? {
            people.insert(household);
        }
        people.index();
        Ok(people)
    }

    fn index(&mut self) {
        for (at, name) in self.names.iter().enumerate() {
            for c in name.chars() {
                self.initials.entry(c).or_insert_with(|| initials_of(c));
            }
            self.longest = self.longest.max(name.chars().count());
            self.by_surname.entry(name.chars().next().unwrap_or('\0')).or_default().push(at);
        }
    }

    fn insert(&mut self, household: HouseholdClue) {
        let home = self.households.len();
        let head = household.members.iter().find(|member| member.is_head).map(|member| member.name.clone());
        self.households.push(Home {
            id: household.id,
            village: household.village_id,
            hamlet: fold_name(&household.hamlet),
            head: head.unwrap_or_default(),
        });
        for member in household.members {
            let folded = fold_name(&member.name).to_lowercase();
            if folded.chars().count() < 2 {
                continue;
            }
            let name = *self.by_name.entry(folded.clone()).or_insert_with(|| {
                self.names.push(folded);
                self.bearers.push(Vec::new());
                self.names.len() - 1
            });
            if let Some(bearers) = self.bearers.get_mut(name) {
                bearers.push(self.persons.len());
            }
            self.persons.push(Person { id: member.id, name: member.name, is_head: member.is_head, home });
        }
    }

    /// Whether nobody is known yet.
    pub(super) fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    pub(super) fn person(&self, at: usize) -> Option<&Person> {
        self.persons.get(at)
    }

    /// The household of a person.
    pub(super) fn home_of(&self, person: usize) -> Option<&Home> {
        self.home(self.person(person)?.home)
    }

    pub(super) fn home(&self, at: usize) -> Option<&Home> {
        self.households.get(at)
    }

    /// The households of a hamlet.
    pub(super) fn of_hamlet(&self, village: Id, hamlet: &str) -> Vec<&Home> {
        self.households.iter().filter(|home| home.village == village && home.hamlet == hamlet).collect()
    }

    /// The longest name that begins at a place of a line, with its bearers; 0 where there is none.
    pub(super) fn longest_at(&self, line: &Line, at: usize) -> (usize, &[usize]) {
        let most = self.longest.min(line.len() - at.min(line.len()));
        for length in (2..=most).rev() {
            let bearers = self.named(&line.folded(at, at + length));
            if !bearers.is_empty() {
                return (length, bearers);
            }
        }
        // 潘　七 as forms write names of two characters, standing by itself.
        let spaced = line.at(at + 1) == ' ' && line.gap_before(at) && line.is_gap(at + 3);
        if spaced {
            let bearers = self.named(&[line.at(at), line.at(at + 2)].iter().collect::<String>());
            if !bearers.is_empty() {
                return (3, bearers);
            }
        }
        (0, &[])
    }

    fn named(&self, name: &str) -> &[usize] {
        let found = self.by_name.get(name).or_else(|| self.by_name.get(&name.replace('.', "·")));
        found.and_then(|at| self.bearers.get(*at)).map_or(&[], Vec::as_slice)
    }

    /// Everybody whose name the letters spell, heads of households first.
    pub(super) fn spelled(&self, letters: &str) -> Vec<usize> {
        let Some(first) = letters.chars().next().and_then(bit) else { return Vec::new() };
        let held: u32 = letters.chars().filter_map(bit).fold(0, |all, bit| all | bit);
        let may_be = |name: &str| {
            let mut masks = name.chars().map(|c| self.initials.get(&c).copied().unwrap_or(0));
            masks.next().is_some_and(|mask| mask & first != 0) && masks.all(|mask| mask & held != 0)
        };
        let found = self.names.iter().zip(&self.bearers);
        let fits = |(name, _): &(&String, &Vec<usize>)| {
            let length = name.chars().count();
            length <= letters.len() && letters.len() <= length * 6 && may_be(name) && Spelled::of(name).is(letters)
        };
        self.heads_first(found.filter(fits).flat_map(|(_, bearers)| bearers.iter().copied()).collect())
    }

    /// Everybody whose name sounds like the text: the same surname, the rest mistyped.
    pub(super) fn sounding(&self, text: &str) -> Vec<usize> {
        let typed: Vec<Heard> = text.chars().map(Heard::of).collect();
        let Some(alike) = typed.first().and_then(|surname| self.by_surname.get(&surname.character)) else { return Vec::new() };
        let initials = |c: char| self.initials.get(&c).copied().unwrap_or(0);
        let fits = |name: &&usize| {
            self.names.get(**name).is_some_and(|name| {
                name.chars().count() == typed.len()
                    // Letters first: they tell nearly all names apart.
                    && name.chars().zip(&typed).all(|(name, typed)| name == typed.character || initials(name) & typed.initials != 0)
                    && name.chars().zip(&typed).all(|(name, typed)| typed.sounds_like(name))
            })
        };
        let found = alike.iter().filter(fits).filter_map(|name| self.bearers.get(*name)).flatten();
        self.heads_first(found.copied().collect())
    }

    /// Whether a character begins a name.
    pub(super) fn is_surname(&self, c: char) -> bool {
        self.by_surname.contains_key(&c)
    }

    fn heads_first(&self, mut found: Vec<usize>) -> Vec<usize> {
        found.sort_by_key(|at| (!self.person(*at).is_some_and(|person| person.is_head), *at));
        found
    }
}

/// A typed character with its sound.
struct Heard {
    character: char,
    initials: u32,
    readings: Vec<String>,
}

impl Heard {
    fn of(character: char) -> Self {
        let readings = readings(character).iter().map(|reading| loose(reading)).collect();
        Heard { character, initials: initials_of(character), readings }
    }

    fn sounds_like(&self, other: char) -> bool {
        self.character == other || readings(other).iter().any(|reading| self.readings.contains(&loose(reading)))
    }
}

/// A reading as half the country speaks it: without the difference of zh and z, sh and s, ch and c, ng and n.
fn loose(reading: &str) -> String {
    let flat = ["zh", "ch", "sh"].iter().find(|initial| reading.starts_with(**initial));
    let flat = flat.map_or_else(|| reading.to_owned(), |initial| format!("{}{}", &initial[..1], &reading[2..]));
    flat.strip_suffix('g').filter(|rest| rest.ends_with('n')).map_or(flat.clone(), str::to_owned)
}

fn initials_of(c: char) -> u32 {
    let own = if c.is_ascii() { bit(c) } else { None };
    readings(c).iter().filter_map(|reading| reading.chars().next().and_then(bit)).chain(own).fold(0, |all, bit| all | bit)
}

fn bit(letter: char) -> Option<u32> {
    letter.is_ascii_lowercase().then(|| 1 << (letter as u32 - 'a' as u32))
}
