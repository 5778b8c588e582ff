//! 户: what the rows of one household, which `group.rs` brings together, make of it.

use serde_json::Value;
use zhucun_core::records::household::{HEAD, Household, HouseholdIncome, HouseholdRisk, HouseholdType, Member};
use zhucun_core::value::Id;

use super::{Reading, object};
use crate::fields::Shape;
use crate::input::{self, Fault};
use crate::mapping::Mapping;
use crate::row::{Draft, Row, Values, choice, same_name};

/// Whether rows name a person and the head of their household beside.
pub(super) fn names_both(mapping: &Mapping) -> bool {
    mapping.column_of("member.name").is_some() && mapping.column_of("head_name").is_some()
}

/// Rows laid over a household, and which of its members each of them is.
pub(super) struct Laid {
    pub draft: Household,
    pub members: Vec<Option<usize>>,
}

/// Lays the rows of one household over it.
pub(super) fn lay(rows: &mut [&mut Row<'_>], mut draft: Household, village: Id, reading: Reading<'_>) -> Laid {
    draft.village_id = village;
    let members = rows.iter_mut().map(|row| lay_member(row, reading, &mut draft.members)).collect();
    // Household columns stand in every row of a person; where they differ, the head's row holds.
    let head_last = {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|at| rows.get(*at).is_some_and(|row| row.is_head()));
        order
    };
    for at in head_last {
        if let Some(row) = rows.get_mut(at).filter(|row| !row.is_apart) {
            lay_household(row, reading, &mut draft);
        }
    }
    Laid { draft, members }
}

/// Lays a row over its person; answers with the person's place among the members.
fn lay_member(row: &mut Row<'_>, reading: Reading<'_>, members: &mut Vec<Member>) -> Option<usize> {
    let per_household = reading.mapping.column_of("member.relation").is_none();
    let has_own_name = row.cell("member.name").is_some();
    let called = row.who().head_name.clone();
    let name = if has_own_name { row.who().name.clone() } else { called.clone() };
    if name.is_empty() {
        let key = if has_own_name { "member.name" } else { "head_name" };
        row.fault(key, &Fault::new("required", "请填写姓名"));
        return None;
    }
    let mut read = row.values("member.", reading.vocabulary, reading.mapping.year);
    if text_of(&read, "id_number").is_none() && (!has_own_name || same_name(&called, &name)) {
        match row.cell("head_id").map(input::id_number) {
            Some(Ok(number)) if !number.is_empty() => read.push(("id_number", Value::String(number))),
            Some(Err(fault)) => row.fault("head_id", &fault),
            _ => {}
        }
    }
    if row.is_refused() {
        return None;
    }
    let at = place_of(members, &read, &name).unwrap_or_else(|| {
        let relation = if per_household || same_name(&called, &name) { HEAD } else { "" };
        members.push(Member::named("", relation));
        members.len() - 1
    });
    let member = members.get_mut(at)?;
    // What the row says of the head is said of the head of the rows beside it.
    if row.is_apart && !member.relation.is_empty() {
        read.retain(|(key, _)| *key != "relation");
    }
    row.lay(member, "member.", read);
    member.name = name;
    if member.relation.is_empty() && names_both(reading.mapping) && per_household {
        "other".clone_into(&mut member.relation);
        row.warn("member.name", "relation_missing", "表格里没有与户主关系，先记为“其他”，请导入后补全");
    }
    Some(at)
}

/// Which of the members a row is about: by 人编号, 身份证号, then name, where no number contradicts.
fn place_of(members: &[Member], read: &Values, name: &str) -> Option<usize> {
    let id_number = text_of(read, "id_number");
    let by_ext_no = || text_of(read, "ext_no").and_then(|number| members.iter().position(|member| member.ext_no == number));
    let by_id_number = || id_number.and_then(|number| members.iter().position(|member| member.id_number == number));
    let by_name = || {
        let contradicts = |member: &Member| !member.id_number.is_empty() && id_number.is_some_and(|it| it != member.id_number);
        members.iter().position(|member| same_name(&member.name, name) && !contradicts(member))
    };
    by_ext_no().or_else(by_id_number).or_else(by_name)
}

fn text_of<'v>(values: &'v Values, key: &str) -> Option<&'v str> {
    values.iter().find(|(each, _)| *each == key).and_then(|(_, value)| value.as_str()).filter(|text| !text.is_empty())
}

/// Lays the household's own columns over it.
fn lay_household(row: &mut Row<'_>, reading: Reading<'_>, draft: &mut Household) {
    let values = row.values("", reading.vocabulary, reading.mapping.year);
    row.lay(draft, "", values);
    types(row, reading, draft);
    risks(row, reading, draft);
    incomes(row, reading, draft);
    helper(row, reading, draft);
}

/// 户类型 are added and, apart from 一般农户, never taken away: a sheet that lacks a type does not say that it ended.
fn types(row: &mut Row<'_>, reading: Reading<'_>, draft: &mut Household) {
    let mut codes: Vec<String> = Vec::new();
    let mut unknown: Vec<&'static str> = Vec::new();
    for (field, _, cell) in row.cells() {
        match field.shape {
            Shape::Special if matches!(field.key, "types" | "monitored") => {
                for entry in input::entries(&input::text(cell).unwrap_or_default()) {
                    if matches!(entry.as_str(), "无" | "否" | "-" | "非监测对象" | "非监测户") {
                        continue;
                    }
                    match reading.vocabulary.code("household_type", &entry) {
                        Some(code) => codes.push(code.to_owned()),
                        // 监测对象 says no more than the column beside it does.
                        None if entry.contains("监测") => {}
                        None => unknown.push(field.key),
                    }
                }
            }
            Shape::TypeFlag(code) => match choice(cell, "type_flag", reading.vocabulary) {
                Ok(Some(answer)) if answer == "yes" => {
                    let is_central = code == "tekun_scattered" && input::text(cell).is_ok_and(|text| text.contains("集中"));
                    codes.push(if is_central { "tekun_central" } else { code }.to_owned());
                }
                Ok(_) => {}
                Err(_) => unknown.push(field.key),
            },
            _ => {}
        }
    }
    for key in unknown {
        row.warn(key, "category_unknown", "分类字典里没有这个户类型，这一格先不导入。可改成已有的词，或先在设置的分类字典里新增");
    }
    if codes.iter().any(|code| code == "unstable_lifted") {
        codes.push("lifted".to_owned());
    }
    let types = &mut draft.types;
    for code in codes {
        if !types.iter().any(|each| each.code == code && each.to_day.is_none()) {
            types.push(HouseholdType { code, from_day: None, to_day: None });
        }
    }
    let is_special = |each: &HouseholdType| matches!(each.code.as_str(), "lifted" | "unstable_lifted") && each.to_day.is_none();
    if types.iter().any(is_special) {
        types.retain(|each| !(each.code == "general" && each.to_day.is_none() && each.from_day.is_none()));
    }
}

fn risks(row: &mut Row<'_>, reading: Reading<'_>, draft: &mut Household) {
    let mut codes: Vec<String> = Vec::new();
    let mut is_unknown = false;
    for (field, _, cell) in row.cells() {
        if field.key != "risks" {
            continue;
        }
        for entry in input::entries(&input::text(cell).unwrap_or_default()) {
            match reading.vocabulary.code("risk_type", &entry) {
                Some(code) if !codes.iter().any(|each| each == code) => codes.push(code.to_owned()),
                Some(_) => {}
                None if matches!(entry.as_str(), "无" | "-") => {}
                None => is_unknown = true,
            }
        }
    }
    if is_unknown {
        row.warn("risks", "category_unknown", "分类字典里没有这个风险，先归入“其他”");
        if !codes.iter().any(|code| code == "other") {
            codes.push("other".to_owned());
        }
    }
    if !codes.is_empty() {
        codes.truncate(5);
        draft.risks = codes.into_iter().map(|code| HouseholdRisk { code }).collect();
    }
}

fn incomes(row: &mut Row<'_>, reading: Reading<'_>, draft: &mut Household) {
    let read = row.values("income.", reading.vocabulary, reading.mapping.year);
    let Some((first, _)) = read.first() else { return };
    let Some(year) = reading.mapping.year.map(i64::from) else {
        let key = format!("income.{first}");
        return row.fault(&key, &Fault::new("year_missing", "收入要有年度，请在导入设置里选择年份"));
    };
    let at = draft.incomes.iter().position(|income| income.year == year).unwrap_or_else(|| {
        draft.incomes.push(HouseholdIncome::of(year));
        draft.incomes.len() - 1
    });
    if let Some(income) = draft.incomes.get_mut(at) {
        row.lay(income, "income.", read);
    }
}

fn helper(row: &Row<'_>, reading: Reading<'_>, draft: &mut Household) {
    let name = row.name("helper");
    if name.is_empty() {
        return;
    }
    draft.helper_id = reading.vocabulary.colleague(&name);
    draft.helper = if draft.helper_id.is_some() { String::new() } else { name };
}

/// The members of a draft, for comparing.
pub fn members_of(draft: &Draft) -> Vec<Draft> {
    draft
        .get("members")
        .and_then(Value::as_array)
        .map(|members| members.iter().cloned().map(object).collect())
        .unwrap_or_default()
}
