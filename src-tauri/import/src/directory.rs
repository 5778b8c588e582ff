//! Who is meant: households and people by number, ID number, or name. Where several fit, nobody is chosen.

use std::collections::HashMap;

use zhucun_core::Result;
use zhucun_core::records::household::HouseholdClue;
use zhucun_core::storage::Store;
use zhucun_core::value::{Id, fold_name};

/// The households of a ledger, by what identifies them.
#[derive(Default)]
pub struct Directory {
    households: Vec<HouseholdClue>,
    by_id: HashMap<Id, usize>,
    by_ext_no: HashMap<String, usize>,
    by_id_number: HashMap<String, (usize, Id)>,
    by_member_ext_no: HashMap<String, (usize, Id)>,
    /// By folded name: household, person, whether 户主.
    by_name: HashMap<String, Vec<(usize, Id, bool)>>,
}

/// A household as it is entered: what identifies it, and its people's names as they are compared.
#[derive(Debug)]
pub struct Listed {
    household: HouseholdClue,
    names: Vec<String>,
}

impl Listed {
    /// A household that is stored, or will be.
    pub fn of(household: HouseholdClue) -> Self {
        Listed { names: household.members.iter().map(|member| fold_name(&member.name)).collect(), household }
    }

    /// The same under its id.
    pub fn under(mut self, id: Id) -> Self {
        self.household.id = id;
        self
    }
}

/// What a row says of a household.
#[derive(Debug, Clone, Default)]
pub struct Clues<'c> {
    /// 户编号.
    pub ext_no: &'c str,
    /// 身份证号 of one of its people.
    pub id_number: &'c str,
    /// The name by which the household or the person is called.
    pub name: &'c str,
    /// 户主 beside the name, where the row names both.
    pub head_name: &'c str,
    /// 村.
    pub village: Option<Id>,
    /// 屯（组）.
    pub hamlet: &'c str,
}

/// Who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// One household, and the person where one was named.
    One(Id, Option<Id>),
    /// Several: the user must say.
    Several(Vec<Id>),
    /// Nobody.
    Nobody,
}

impl Directory {
    /// Reads a ledger's households.
    pub fn load(store: Store<'_>) -> Result<Self> {
        let mut directory = Directory::default();
        for household in HouseholdClue::all(store)? {
            directory.insert(Listed::of(household));
        }
        Ok(directory)
    }

    /// Takes a household in, or what is new of it.
    pub fn insert(&mut self, Listed { household, names }: Listed) {
        let at = *self.by_id.entry(household.id).or_insert(self.households.len());
        if !household.ext_no.is_empty() {
            self.by_ext_no.insert(household.ext_no.clone(), at);
        }
        for (member, name) in household.members.iter().zip(names) {
            if !member.id_number.is_empty() {
                self.by_id_number.insert(member.id_number.clone(), (at, member.id));
            }
            if !member.ext_no.is_empty() {
                self.by_member_ext_no.insert(member.ext_no.clone(), (at, member.id));
            }
            let people = self.by_name.entry(name).or_default();
            if !people.iter().any(|(_, id, _)| *id == member.id) {
                people.push((at, member.id, member.is_head));
            }
        }
        match self.households.get_mut(at) {
            Some(known) => *known = household,
            None => self.households.push(household),
        }
    }

    /// A household.
    pub fn get(&self, id: Id) -> Option<&HouseholdClue> {
        self.by_id.get(&id).and_then(|at| self.households.get(*at))
    }

    /// The household of a person's 人编号 or 身份证号.
    pub fn of_person(&self, ext_no: &str, id_number: &str) -> Option<(Id, Id)> {
        let found = self.by_member_ext_no.get(ext_no).or_else(|| self.by_id_number.get(id_number))?;
        self.households.get(found.0).map(|household| (household.id, found.1))
    }

    /// Who is meant: 户编号, then 身份证号, then 村 + name + 组.
    pub fn find(&self, clues: &Clues<'_>) -> Found {
        if let Some(household) = self.by_ext_no.get(clues.ext_no).and_then(|at| self.households.get(*at)) {
            let folded = fold_name(clues.name);
            let person = household.members.iter().find(|member| fold_name(&member.name) == folded);
            return Found::One(household.id, person.map(|member| member.id));
        }
        if let Some((at, person)) = self.by_id_number.get(clues.id_number) {
            return self.households.get(*at).map_or(Found::Nobody, |household| Found::One(household.id, Some(*person)));
        }
        self.by_name_and_place(clues)
    }

    fn by_name_and_place(&self, clues: &Clues<'_>) -> Found {
        let wanted = fold_name(if clues.name.is_empty() { clues.head_name } else { clues.name });
        let Some(people) = self.by_name.get(&wanted).filter(|_| !wanted.is_empty()) else { return Found::Nobody };
        let fits = |at: usize| {
            self.households.get(at).is_some_and(|household| {
                clues.village.is_none_or(|village| village == household.village_id)
                    && same_hamlet(clues.hamlet, &household.hamlet)
                    && (clues.head_name.is_empty() || clues.name.is_empty() || has_head(household, clues.head_name))
            })
        };
        let fitting: Vec<(Id, Id, bool)> = people
            .iter()
            .filter(|(at, _, _)| fits(*at))
            .filter_map(|(at, person, is_head)| self.households.get(*at).map(|household| (household.id, *person, *is_head)))
            .collect();
        // A head of household goes before others of the same name, where no head was named beside.
        let heads: Vec<&(Id, Id, bool)> = fitting.iter().filter(|(_, _, is_head)| *is_head).collect();
        match (fitting.as_slice(), heads.as_slice()) {
            ([], _) => Found::Nobody,
            ([(household, person, _)], _) | (_, [(household, person, _)]) => Found::One(*household, Some(*person)),
            (several, _) => {
                let mut households: Vec<Id> = several.iter().map(|(household, _, _)| *household).collect();
                households.sort_unstable();
                households.dedup();
                Found::Several(households)
            }
        }
    }
}

fn has_head(household: &HouseholdClue, name: &str) -> bool {
    let wanted = fold_name(name);
    household.members.iter().any(|member| member.is_head && fold_name(&member.name) == wanted)
}

/// 上屯 is 上屯组; a place that is not given fits any.
fn same_hamlet(asked: &str, known: &str) -> bool {
    let bare = |name: &str| fold_name(name).trim_end_matches("村民小组").trim_end_matches(['组', '屯', '队']).to_owned();
    asked.is_empty() || known.is_empty() || bare(asked) == bare(known)
}

#[cfg(test)]
mod tests {
    use zhucun_core::records::household::MemberClue;

    use super::*;

    fn id(n: u32) -> Id {
        Id::parse(&format!("00000000-0000-7000-8000-{n:012}")).unwrap()
    }

    fn listed(n: u32, hamlet: &str, people: &[(&str, &str)]) -> Listed {
        let member = |(at, (name, id_number)): (usize, &(&str, &str))| MemberClue {
            id: id(n * 100 + u32::try_from(at).unwrap()),
            name: (*name).to_owned(),
            id_number: (*id_number).to_owned(),
            ext_no: String::new(),
            is_head: at == 0,
        };
        Listed::of(HouseholdClue {
            id: id(n),
            village_id: id(9),
            hamlet: hamlet.to_owned(),
            ext_no: format!("H{n}"),
            members: people.iter().enumerate().map(member).collect(),
        })
    }

    fn directory() -> Directory {
        let mut directory = Directory::default();
        directory.insert(listed(1, "上屯", &[("石老三", "A"), ("韦小妹", "B")]));
        directory.insert(listed(2, "下屯", &[("石老三", "C"), ("潘七", "D")]));
        directory.insert(listed(3, "下屯", &[("潘大贵", "E"), ("韦小妹", "F")]));
        directory.insert(listed(4, "木楼屯", &[("潘七", "G")]));
        directory
    }

    #[test]
    fn numbers_go_before_names_and_names_before_guesses() {
        let directory = directory();
        let find = |clues: Clues<'_>| directory.find(&clues);
        assert_eq!(find(Clues { ext_no: "H2", name: "潘 七", ..Clues::default() }), Found::One(id(2), Some(id(201))));
        assert_eq!(find(Clues { id_number: "B", name: "别人", ..Clues::default() }), Found::One(id(1), Some(id(101))));
        assert_eq!(find(Clues { name: "石老三", hamlet: "下屯组", ..Clues::default() }), Found::One(id(2), Some(id(200))));
        assert_eq!(find(Clues { name: "石老三", ..Clues::default() }), Found::Several(vec![id(1), id(2)]));
        assert_eq!(find(Clues { name: "潘七", ..Clues::default() }), Found::One(id(4), Some(id(400))), "the head goes before");
        assert_eq!(find(Clues { name: "韦小妹", ..Clues::default() }), Found::Several(vec![id(1), id(3)]));
        let with_head = Clues { name: "韦小妹", head_name: "潘大贵", ..Clues::default() };
        assert_eq!(find(with_head), Found::One(id(3), Some(id(301))));
        assert_eq!(find(Clues { name: "石老三", village: Some(id(8)), ..Clues::default() }), Found::Nobody);
        assert_eq!(find(Clues::default()), Found::Nobody);
    }
}
