//! What tells households and people apart, and what two of them have in common. No SQL: the same comparison serves the
//! form, the page of pairs, and the import.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::household::{HEAD, Household, Member};
use crate::value::{Id, IdNumber, Sex, fold_name, normalise};

/// The key by which names are compared: like [`fold_name`], and the dots of long names left out.
pub fn name_key(name: &str) -> String {
    fold_name(name).replace('·', "")
}

/// A household by what tells it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// 村.
    pub village: Id,
    /// 户编号.
    pub ext_no: String,
    /// Its people, in their order.
    pub people: Vec<Person>,
}

/// A person by what tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// 姓名 as typed.
    pub name: String,
    /// [`name_key`] of it.
    pub key: String,
    /// 身份证号 of full length; empty otherwise: half a number says nothing yet.
    pub id_number: String,
    /// 人编号.
    pub ext_no: String,
    /// Whether 户主.
    pub is_head: bool,
    /// 出生日期.
    pub birth: Option<NaiveDate>,
    /// 性别.
    pub sex: Option<Sex>,
}

/// Why two records may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(rename = "TwinReason")]
pub enum Reason {
    /// 身份证号相同.
    SameIdNumber {
        /// Of whom.
        persons: Vec<Alike>,
    },
    /// 户编号相同.
    SameNumber,
    /// 人编号相同.
    SamePersonNumber {
        /// Of whom.
        persons: Vec<Alike>,
    },
    /// 同村，户主同名.
    SameHeadSameVillage {
        /// The head.
        persons: Vec<Alike>,
    },
    /// 同村，有人同名.
    SamePersonSameVillage {
        /// Of whom.
        persons: Vec<Alike>,
    },
    /// 同村同名, but another person, as the numbers or the days of birth say. No duplicate.
    Namesake {
        /// Of whom.
        persons: Vec<Alike>,
    },
    /// 同一天、同一户、同一方式的走访.
    SameVisit,
    /// 同名、同年度的项目.
    SameProject,
}

/// A person of the household that is looked at, who is found in the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "TwinPerson")]
pub struct Alike {
    /// Place among its members.
    #[ts(type = "number")]
    pub at: usize,
    /// 姓名.
    pub name: String,
    /// Whether more than the name speaks for it: a head, or the same day of birth.
    pub is_likely: bool,
}

impl Reason {
    /// Whether it says that the two may be the same.
    pub fn is_for(&self) -> bool {
        !matches!(self, Reason::Namesake { .. })
    }

    /// Whether it is worth a question of its own on the page of pairs. Somebody in two households of a village who share a
    /// name is daily life; two such people, or one who is a head or born on the same day, are not.
    fn is_worth_asking(&self) -> bool {
        match self {
            Reason::Namesake { .. } => false,
            Reason::SamePersonSameVillage { persons } => persons.len() > 1 || persons.iter().any(|person| person.is_likely),
            _ => true,
        }
    }
}

/// Whether the page of pairs asks about two households.
pub fn is_worth_asking(reasons: &[Reason]) -> bool {
    reasons.iter().any(Reason::is_worth_asking)
}

impl Face {
    /// Of a household, also one that is being typed.
    pub fn of(household: &Household) -> Self {
        Face {
            village: household.village_id,
            ext_no: normalise(&household.ext_no),
            people: household.members.iter().map(Person::of).collect(),
        }
    }

    /// What this household has in common with another; the gravest first.
    pub fn reasons(&self, other: &Face) -> Vec<Reason> {
        let mut found: BTreeMap<Likeness, Vec<Alike>> = BTreeMap::new();
        if !self.ext_no.is_empty() && self.ext_no == other.ext_no {
            found.insert(Likeness::Number, Vec::new());
        }
        let same_village = self.village == other.village;
        for (at, person) in self.people.iter().enumerate() {
            let likeness = other.people.iter().filter_map(|each| person.likeness(each, same_village));
            // Who is surely there is not also a namesake of somebody else there.
            if let Some((likeness, is_likely)) = likeness.min_by_key(|(likeness, is_likely)| (*likeness, !is_likely)) {
                found.entry(likeness).or_default().push(Alike { at, name: person.name.clone(), is_likely });
            }
        }
        found.into_iter().map(|(likeness, persons)| likeness.with(persons)).collect()
    }
}

/// How two people, or their households, are alike; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    IdNumber,
    Number,
    PersonNumber,
    Head,
    Person,
    Namesake,
}

impl Likeness {
    fn with(self, persons: Vec<Alike>) -> Reason {
        match self {
            Likeness::IdNumber => Reason::SameIdNumber { persons },
            Likeness::Number => Reason::SameNumber,
            Likeness::PersonNumber => Reason::SamePersonNumber { persons },
            Likeness::Head => Reason::SameHeadSameVillage { persons },
            Likeness::Person => Reason::SamePersonSameVillage { persons },
            Likeness::Namesake => Reason::Namesake { persons },
        }
    }
}

impl Person {
    /// Of a member.
    pub fn of(member: &Member) -> Self {
        let number = IdNumber::parse(&member.id_number, NaiveDate::MAX).ok();
        let tidy = IdNumber::tidy(&member.id_number);
        Person {
            name: normalise(&member.name),
            key: name_key(&member.name),
            id_number: if tidy.chars().count() == 18 { tidy } else { String::new() },
            ext_no: normalise(&member.ext_no),
            is_head: member.relation == HEAD,
            birth: member.birth.or_else(|| number.as_ref().and_then(IdNumber::birth)),
            sex: member.sex.or_else(|| number.as_ref().map(IdNumber::sex)),
        }
    }

    fn likeness(&self, other: &Person, same_village: bool) -> Option<(Likeness, bool)> {
        if !self.id_number.is_empty() && self.id_number == other.id_number {
            return Some((Likeness::IdNumber, true));
        }
        if !self.ext_no.is_empty() && self.ext_no == other.ext_no {
            return Some((Likeness::PersonNumber, true));
        }
        if !same_village || self.key.is_empty() || self.key != other.key {
            return None;
        }
        let both_heads = self.is_head && other.is_head;
        if self.is_somebody_else(other) {
            // That two heads are called the same is worth saying; of others nobody would ask.
            return both_heads.then_some((Likeness::Namesake, false));
        }
        let born_alike = self.birth.is_some() && self.birth == other.birth;
        let is_likely = self.is_head || other.is_head || born_alike;
        Some((if both_heads { Likeness::Head } else { Likeness::Person }, is_likely))
    }

    /// Whether the two may be one by their name: nothing that both have differs.
    pub(super) fn may_be(&self, other: &Person) -> bool {
        !self.key.is_empty() && self.key == other.key && !self.is_somebody_else(other)
    }

    /// Whether two of one name are surely two: a fact that both have, and that differs.
    fn is_somebody_else(&self, other: &Person) -> bool {
        let differ = |mine: &str, theirs: &str| !mine.is_empty() && !theirs.is_empty() && mine != theirs;
        differ(&self.id_number, &other.id_number)
            || matches!((self.birth, other.birth), (Some(mine), Some(theirs)) if mine != theirs)
            || matches!((self.sex, other.sex), (Some(mine), Some(theirs)) if mine != theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(village: &str, people: &[(&str, &str)]) -> Face {
        let person = |(at, (name, id_number)): (usize, &(&str, &str))| {
            let mut member = Member::named(*name, if at == 0 { HEAD } else { "son" });
            member.id_number = (*id_number).to_owned();
            Person::of(&member)
        };
        let village = Id::parse(&format!("00000000-0000-7000-8000-0000000000{village}")).unwrap();
        Face { village, ext_no: String::new(), people: people.iter().enumerate().map(person).collect() }
    }

    fn kinds(mine: &Face, other: &Face) -> Vec<String> {
        let kind = |reason: Reason| serde_json::to_value(reason).unwrap()["kind"].as_str().unwrap().to_owned();
        mine.reasons(other).into_iter().map(kind).collect()
    }

    const ONE: &str = "990101196503121015";
    const OTHER: &str = "990101197001013312";

    #[test]
    fn the_same_number_is_the_same_person_wherever_and_whatever_the_name() {
        let there = face("02", &[("潘七", ""), ("石老三", ONE)]);
        assert_eq!(kinds(&face("01", &[("石 老 三", ONE)]), &there), ["same_id_number"]);
        assert_eq!(kinds(&face("01", &[("石老叁", ONE)]), &there), ["same_id_number"]);
    }

    #[test]
    fn one_name_in_one_village_may_be_one_person_where_a_number_is_missing() {
        let there = face("01", &[("石老三", "")]);
        assert_eq!(kinds(&face("01", &[("石　老三", ONE)]), &there), ["same_head_same_village"]);
        assert_eq!(kinds(&face("02", &[("石老三", ONE)]), &there), [""; 0], "another village is another person");
        let dotted = face("01", &[("阿依·买买提", "")]);
        assert_eq!(kinds(&face("01", &[("阿依買買提", "")]), &dotted), [""; 0]);
        assert_eq!(kinds(&face("01", &[("阿依买买提", "")]), &dotted), ["same_head_same_village"]);
    }

    #[test]
    fn one_name_with_two_numbers_is_two_people() {
        let there = face("01", &[("石老三", OTHER)]);
        assert_eq!(kinds(&face("01", &[("石老三", ONE)]), &there), ["namesake"]);
        assert_eq!(kinds(&face("01", &[("石老三", "9901011965")]), &there), ["same_head_same_village"], "half a number is none");
        let mut born = face("01", &[("石老三", "")]);
        born.people[0].birth = "1990-01-01".parse().ok();
        assert_eq!(kinds(&born, &there), ["namesake"], "born on another day");
    }

    #[test]
    fn reasons_come_gravest_first_and_name_their_people() {
        let mut mine = face("01", &[("石老三", ""), ("韦小妹", ONE), ("石小军", "")]);
        let mut other = face("01", &[("石老三", ""), ("韦小妹", ONE), ("石小军", "")]);
        (mine.ext_no, other.ext_no) = ("4501".to_owned(), "4501".to_owned());
        assert_eq!(kinds(&mine, &other), ["same_id_number", "same_number", "same_head_same_village", "same_person_same_village"]);
        let Reason::SameIdNumber { persons } = &mine.reasons(&other)[0] else { panic!("{:?}", mine.reasons(&other)) };
        assert_eq!((persons[0].at, persons[0].name.as_str()), (1, "韦小妹"));
    }

    #[test]
    fn a_lone_namesake_among_the_members_is_no_question_for_the_page() {
        let mine = face("01", &[("石老三", ONE), ("韦小妹", "")]);
        let other = face("01", &[("潘大贵", OTHER), ("韦小妹", "")]);
        assert_eq!(kinds(&mine, &other), ["same_person_same_village"]);
        assert!(!is_worth_asking(&mine.reasons(&other)));
        assert!(is_worth_asking(&mine.reasons(&face("01", &[("韦小妹", "")]))), "but one who is a head there is");
    }
}
