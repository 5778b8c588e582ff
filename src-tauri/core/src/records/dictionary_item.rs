//! 分类字典: the categories that users edit. Codes stay for good, labels and validity change.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Check, Kind, Record};
use crate::dictionary;
use crate::error::Result;
use crate::storage::{ListColumn, ListSpec, Store, TextList, columns, envelope, value_of};
use crate::value::Id;

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE dictionary_item (",
    envelope!(),
    "
    dictionary TEXT NOT NULL CHECK (length(dictionary) > 0),
    code TEXT NOT NULL CHECK (length(code) > 0),
    label TEXT NOT NULL CHECK (length(label) > 0),
    role TEXT NOT NULL,
    duty TEXT NOT NULL,
    units TEXT NOT NULL CHECK (json_valid(units)),
    sort INTEGER NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    note TEXT NOT NULL,
    UNIQUE (dictionary, code),
    CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)
) STRICT;
"
);

/// 一个分类.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DictionaryItem {
    /// Which dictionary, such as `household_type`.
    pub dictionary: String,
    /// What records keep; made by the program where the user gives none.
    pub code: String,
    /// What is shown and printed.
    pub label: String,
    /// What the figures take it for, such as `lifted` or `condolence`; empty: nothing special. See [`crate::dictionary::role`].
    pub role: String,
    /// Of activity types: the duty (dictionary `duty`) they count for.
    pub duty: String,
    /// Of activity types: the units usually counted, first the one that counts events.
    pub units: TextList,
    /// Place in lists.
    #[ts(type = "number")]
    pub sort: i64,
    /// 启用日期.
    pub valid_from: Option<NaiveDate>,
    /// 停用日期.
    pub valid_to: Option<NaiveDate>,
    /// 说明.
    pub note: String,
}

columns! { DictionaryItem { dictionary, code, label, role, duty, units, sort, valid_from, valid_to, note } }

impl Record for DictionaryItem {
    const KIND: Kind = Kind::DictionaryItem;

    const LIST: ListSpec = ListSpec {
        from: "dictionary_item r",
        title: "r.label",
        note: "r.dictionary",
        day: "NULL",
        columns: &[
            ListColumn::choice("dictionary", "r.dictionary"),
            ListColumn::register_number("code", "r.code"),
            ListColumn::text("label", "r.label"),
            ListColumn::number("sort", "r.sort"),
            ListColumn::choice("duty", "r.duty"),
            ListColumn::day("valid_from", "r.valid_from"),
            ListColumn::day("valid_to", "r.valid_to"),
            ListColumn::text("note", "r.note"),
        ],
        search: &["r.label", "r.note"],
        filters: &[("dictionary", "r.dictionary = {}")],
        presets: &[],
        order: "r.dictionary, r.sort",
    };

    fn blank(_store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        Ok(DictionaryItem { sort: 1000, ..DictionaryItem::default() })
    }

    /// The user types a label; the code is made from a fresh id and never changes with the label.
    fn tidy(&mut self, new_id: &mut dyn FnMut() -> Id) {
        if self.code.is_empty() {
            self.code = format!("u-{}", new_id());
        }
        self.units.0.retain(|unit| !unit.is_empty());
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        if !dictionary::NAMES.iter().any(|(name, _)| *name == self.dictionary) {
            check.hard("unknown_category", "dictionary", "没有这本分类字典");
        }
        check.required("label", "名称", &self.label, 50);
        // Codes are parts of the keys of figures, which templates name.
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
        if !self.code.chars().all(is_plain) || self.code.len() > 60 {
            check.hard("code_shape", "code", "代码只能用小写字母、数字和“_”“-”，最多60个，请改正");
        }
        check.category("duty", "职责", "duty", &self.duty)?;
        check.in_order("valid_to", ("启用日期", self.valid_from), ("停用日期", self.valid_to));
        let params = [value_of(&self.dictionary), value_of(&self.label), value_of(&check.id)];
        let same =
            "SELECT count(*) FROM dictionary_item WHERE dictionary = ?1 AND label = ?2 AND id <> ?3 AND deleted_at IS NULL";
        if check.store.count(same, &params)? > 0 {
            check.hard("duplicate_category", "label", "已有同名的分类");
        }
        let params = [value_of(&self.dictionary), value_of(&self.code), value_of(&check.id)];
        if check.store.count("SELECT count(*) FROM dictionary_item WHERE dictionary = ?1 AND code = ?2 AND id <> ?3", &params)?
            > 0
        {
            check.hard("duplicate_category", "code", "代码与另一个分类相同，请换一个");
        }
        Ok(())
    }
}
