//! Checking a draft: collects findings, and holds the checks that several record types share.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::{Record, RecordRef};
use crate::dictionary::role;
use crate::error::{Finding, Result, Severity};
use crate::storage::{Store, value_of};
use crate::value::{Fen, Id, is_phone};

/// A field of one of a record's parts, such as `members.2.name`; written out only where something is found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartField(pub &'static str, pub usize, pub &'static str);

impl From<PartField> for String {
    fn from(PartField(part, at, field): PartField) -> String {
        format!("{part}.{at}.{field}")
    }
}

/// The surroundings of a check, and what it found so far.
pub struct Check<'c> {
    /// The ledger.
    pub store: Store<'c>,
    /// The record that is checked; new ones have theirs already.
    pub id: Id,
    /// Today.
    pub today: NaiveDate,
    /// Whether it is stored already: what can refer to a new one?
    pub is_known: bool,
    seen: &'c Seen,
    findings: Vec<Finding>,
}

/// Categories and records that were seen in a transaction, so that a thousand rows of the same village do not ask a thousand
/// times. Forgotten by whatever may take them away.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    categories: RefCell<HashMap<String, HashSet<String>>>,
    household_roles: RefCell<HashMap<String, String>>,
    living: RefCell<HashSet<RecordRef>>,
}

impl Seen {
    /// Nothing is sure any more.
    pub(crate) fn forget(&self) {
        self.categories.borrow_mut().clear();
        self.household_roles.borrow_mut().clear();
        self.living.borrow_mut().clear();
    }

    fn has_category(&self, store: Store<'_>, dictionary: &str, code: &str) -> Result<bool> {
        if self.categories.borrow().get(dictionary).is_some_and(|codes| codes.contains(code)) {
            return Ok(true);
        }
        let known = "SELECT count(*) FROM dictionary_item WHERE dictionary = ?1 AND code = ?2";
        let is_known = store.count(known, &[value_of(&dictionary), value_of(&code)])? > 0;
        if is_known {
            self.categories.borrow_mut().entry(dictionary.to_owned()).or_default().insert(code.to_owned());
        }
        Ok(is_known)
    }

    fn household_role(&self, store: Store<'_>, code: &str) -> Result<String> {
        if let Some(role) = self.household_roles.borrow().get(code) {
            return Ok(role.clone());
        }
        let role = role::of_household_type(store, code)?;
        self.household_roles.borrow_mut().insert(code.to_owned(), role.clone());
        Ok(role)
    }

    fn has_living<R: Record>(&self, store: Store<'_>, id: Id) -> Result<bool> {
        let record = RecordRef { kind: R::KIND, id };
        if self.living.borrow().contains(&record) {
            return Ok(true);
        }
        let sql = format!("SELECT count(*) FROM \"{}\" WHERE id = ?1 AND deleted_at IS NULL", R::KIND.table());
        let is_living = store.count(&sql, &[value_of(&id)])? > 0;
        if is_living {
            self.living.borrow_mut().insert(record);
        }
        Ok(is_living)
    }
}

impl<'c> Check<'c> {
    /// A check of one record.
    pub(crate) fn new(store: Store<'c>, seen: &'c Seen, id: Id, is_known: bool, today: NaiveDate) -> Self {
        Check { store, id, today, is_known, seen, findings: Vec::new() }
    }

    /// Roles of household types; those that have none are left out.
    pub(crate) fn household_roles<'a>(&self, codes: impl Iterator<Item = &'a str>) -> Result<Vec<String>> {
        let roles: Result<Vec<String>> = codes.map(|code| self.seen.household_role(self.store, code)).collect();
        Ok(roles?.into_iter().filter(|role| !role.is_empty()).collect())
    }

    /// What was found.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// A broken hard rule.
    pub fn hard(&mut self, code: &str, field: impl Into<String>, message: impl Into<String>) {
        self.push(Severity::Hard, code, field.into(), message.into());
    }

    /// A broken soft rule.
    pub fn soft(&mut self, code: &str, field: impl Into<String>, message: impl Into<String>) {
        self.push(Severity::Soft, code, field.into(), message.into());
    }

    /// A broken hard rule that another record has a part in.
    pub fn hard_about(&mut self, code: &str, field: impl Into<String>, message: impl Into<String>, about: RecordRef) {
        self.hard(code, field, message);
        if let Some(finding) = self.findings.last_mut() {
            finding.about = Some(about);
        }
    }

    fn push(&mut self, severity: Severity, code: &str, field: String, message: String) {
        self.findings.push(Finding { severity, code: code.to_owned(), field, message, about: None });
    }

    /// A text that must be there, of at most `max` characters.
    pub fn required(&mut self, field: impl Into<String>, label: &str, text: &str, max: usize) {
        if text.is_empty() {
            self.hard("required", field, format!("请填写{label}"));
        } else {
            self.longest(field, label, text, max);
        }
    }

    /// A text of at most `max` characters.
    pub fn longest(&mut self, field: impl Into<String>, label: &str, text: &str, max: usize) {
        let length = text.chars().count();
        if length > max {
            self.hard("too_long", field, format!("{label}最多{max}个字，现有{length}个字，请删减"));
        }
    }

    /// At least one entry.
    pub fn at_least_one<T>(&mut self, field: &str, label: &str, entries: &[T]) {
        if entries.is_empty() {
            self.hard("required", field, format!("请至少填写一项{label}"));
        }
    }

    /// A number of things, 0 to `max`.
    pub fn count(&mut self, field: impl Into<String>, label: &str, count: Option<i64>, max: i64) {
        if let Some(count) = count
            && !(0..=max).contains(&count)
        {
            self.hard("out_of_range", field, format!("{label}应在0到{max}之间"));
        }
    }

    /// Money that is not negative and below 一千亿元.
    pub fn money(&mut self, field: impl Into<String>, label: &str, fen: Option<Fen>) {
        const MOST: Fen = Fen(10_000_000_000_000);
        match fen {
            Some(fen) if fen < Fen::ZERO => self.hard("negative_money", field, format!("{label}不能是负数")),
            Some(fen) if fen > MOST => self.hard("out_of_range", field, format!("{label}太大，请核对单位")),
            _ => {}
        }
    }

    /// A day between 1900 and 2100; not later than today where `past`.
    pub fn day(&mut self, field: impl Into<String>, label: &str, day: Option<NaiveDate>, past: bool) {
        use chrono::Datelike;
        match day {
            Some(day) if !(1900..=2100).contains(&day.year()) => {
                self.hard("impossible_date", field, format!("{label}的年份不对，请核对"));
            }
            Some(day) if past && day > self.today => self.hard("future_date", field, format!("{label}不能晚于今天")),
            _ => {}
        }
    }

    /// `to` is not before `from`.
    pub fn in_order(&mut self, field: impl Into<String>, from: (&str, Option<NaiveDate>), to: (&str, Option<NaiveDate>)) {
        if let ((from_label, Some(from)), (to_label, Some(to))) = (from, to)
            && to < from
        {
            self.hard("dates_reversed", field, format!("{to_label}不能早于{from_label}"));
        }
    }

    /// A phone number of usual shape; soft, as some villages share a switchboard.
    pub fn phone(&mut self, field: impl Into<String>, phone: &str) {
        if !phone.is_empty() && !is_phone(phone) {
            self.soft("phone_shape", field, "电话号码不像手机号（11位）或固定电话，请核对");
        }
    }

    /// A category of a dictionary; empty is allowed.
    pub fn category(&mut self, field: impl Into<String>, label: &str, dictionary: &str, code: &str) -> Result<()> {
        if !code.is_empty() && !self.seen.has_category(self.store, dictionary, code)? {
            self.hard("unknown_category", field, format!("{label}不在分类字典中，请重新选择"));
        }
        Ok(())
    }

    /// Another record that must exist outside the recycle bin.
    pub fn reference<R: Record>(&mut self, field: impl Into<String>, id: Id) -> Result<()> {
        if !self.seen.has_living::<R>(self.store, id)? {
            self.hard("dead_reference", field, format!("所选的{}不存在或已删除，请重新选择", R::KIND.label()));
        }
        Ok(())
    }

    /// The same for a reference that may be missing.
    pub fn reference_if<R: Record>(&mut self, field: impl Into<String>, id: Option<Id>) -> Result<()> {
        id.map_or(Ok(()), |id| self.reference::<R>(field, id))
    }
}
