//! 脱敏: what of a person leaves the laptop, by profile.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// 脱敏方式 of what is exported; fixed per template.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Masking {
    /// 内部: everything in full. A deliberate, logged choice.
    Internal,
    /// 报乡镇: names in full, numbers masked.
    #[default]
    Township,
    /// 公示: names masked; ID, telephone, account, health and causes left out.
    Public,
}

impl Masking {
    /// Reads `internal`, `township` or `public`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "internal" => Some(Masking::Internal),
            "township" => Some(Masking::Township),
            "public" => Some(Masking::Public),
            _ => None,
        }
    }

    /// A name as this profile prints it; `under_14` names become 姓某.
    pub fn name(self, name: &str, under_14: bool) -> String {
        match self {
            Masking::Internal => name.to_owned(),
            _ if under_14 => format!("{}某", split_surname(name).0),
            Masking::Township => name.to_owned(),
            Masking::Public => mask_name(name),
        }
    }

    /// An ID number; empty where the profile leaves the column out.
    pub fn id_number(self, number: &str) -> String {
        self.number(number, mask_id_number)
    }

    /// A telephone number; empty where the profile leaves the column out.
    pub fn phone(self, number: &str) -> String {
        self.number(number, mask_phone)
    }

    /// An account number; empty where the profile leaves the column out.
    pub fn bank_number(self, number: &str) -> String {
        self.number(number, mask_bank_number)
    }

    /// Whether health, causes and numbers may appear as columns.
    pub fn shows_sensitive_columns(self) -> bool {
        self != Masking::Public
    }

    fn number(self, number: &str, mask: fn(&str) -> String) -> String {
        match self {
            Masking::Internal => number.to_owned(),
            Masking::Township => mask(number),
            Masking::Public => String::new(),
        }
    }
}

const COMPOUND_SURNAMES: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "司空",
    "端木", "南宫", "独孤", "轩辕", "赫连", "澹台", "公冶", "太史", "申屠", "公羊", "仲孙", "钟离", "闻人", "呼延", "西门",
];

/// Surname and rest; a compound surname counts only where a given name follows.
fn split_surname(name: &str) -> (&str, &str) {
    if let Some(surname) = COMPOUND_SURNAMES.iter().find(|s| name.starts_with(**s) && name.len() > s.len()) {
        return name.split_at(surname.len());
    }
    name.split_at(name.chars().next().map_or(0, char::len_utf8))
}

/// `石老三` → `石**`, `欧阳建国` → `欧阳**`: the surname stays.
pub fn mask_name(name: &str) -> String {
    let (surname, given) = split_surname(name);
    format!("{surname}{}", "*".repeat(given.chars().count()))
}

/// First six and last four shown.
pub fn mask_id_number(number: &str) -> String {
    mask_middle(number, 6, 4)
}

/// First three and last four shown.
pub fn mask_phone(number: &str) -> String {
    mask_middle(number, 3, 4)
}

/// Last four shown.
pub fn mask_bank_number(number: &str) -> String {
    mask_middle(number, 0, 4)
}

/// A number too short to hide anything in is hidden whole.
fn mask_middle(number: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = number.chars().collect();
    let hide_from = if chars.len() > first + last { first } else { 0 };
    let hide_to = if chars.len() > first + last { chars.len() - last } else { chars.len() };
    chars.iter().enumerate().map(|(i, c)| if (hide_from..hide_to).contains(&i) { '*' } else { *c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_keep_their_surname() {
        assert_eq!(["张明", "石老三", "欧阳建国", "欧阳", "韦"].map(mask_name), ["张*", "石**", "欧阳**", "欧*", "韦"]);
        assert_eq!(Masking::Township.name("韦小妹", true), "韦某", "children under 14 are never named");
    }

    #[test]
    fn numbers_keep_their_ends() {
        assert_eq!(mask_id_number("11010519491231002X"), "110105********002X");
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_bank_number("6222021234567890123"), "***************0123");
    }

    proptest! {
        #[test]
        fn no_masked_number_keeps_all_its_characters(number in "[0-9]{1,25}") {
            prop_assert_ne!(mask_phone(&number), number);
        }
    }
}
