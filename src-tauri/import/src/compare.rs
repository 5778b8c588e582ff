//! What a draft changes of a record, field by field, in words. Numbers of people are covered.

use serde_json::Value;
use zhucun_core::value::cover_field_change;

use crate::fields::{Fields, Shape};
use crate::outcome::FieldChange;
use crate::row::Draft;
use crate::vocabulary::Vocabulary;

/// The fields that differ. `prefix` stands before a field's key, as in `member.name`.
pub fn changes(before: &Draft, after: &Draft, prefix: &str, fields: &Fields, vocabulary: &Vocabulary) -> Vec<FieldChange> {
    let differs = |key: &&String| before.get(*key).unwrap_or(&Value::Null) != after.get(*key).unwrap_or(&Value::Null);
    after
        .keys()
        .filter(|key| !(key.as_str() == "members" || (key.as_str() == "id" && !prefix.is_empty())))
        .filter(differs)
        .map(|key| {
            let field = fields.get(&format!("{prefix}{key}"));
            let show =
                |draft: &Draft| show(key, draft.get(key).unwrap_or(&Value::Null), field.map(|field| field.shape), vocabulary);
            let (before, after) = covered(key, show(before), show(after));
            FieldChange { label: field.map_or_else(|| label(key), |field| field.label).to_owned(), before, after }
        })
        .collect()
}

/// Both as they are shown; a number that was exchanged for one that looks the same is told to be another.
fn covered(key: &str, before: String, after: String) -> (String, String) {
    let (mut one, mut other) = (Value::String(before), Value::String(after));
    cover_field_change(key, &mut one, &mut other);
    let text = |shown: Value| shown.as_str().unwrap_or_default().to_owned();
    (text(one), text(other))
}

/// The names of fields that no column fills by their own key.
fn label(key: &str) -> &'static str {
    match key {
        "household_ids" | "household_id" => "农户",
        "visitor_ids" | "other_visitors" => "走访人",
        "purposes" => "走访分类",
        "contact_id" => "受访人",
        "programme_id" => "补贴项目",
        "member_id" => "申报人",
        "stage" => "阶段",
        "village_id" => "村",
        "helper_id" => "帮扶联系人",
        "incomes" => "收入",
        "funds" => "资金来源",
        "milestones" => "节点",
        "progress" => "完成率",
        "support_unit_id" => "后盾单位",
        "counters" => "数量",
        "participant_ids" | "other_participants" => "参加人",
        "approximate" => "约数",
        _ => "其他",
    }
}

fn show(key: &str, value: &Value, shape: Option<Shape>, vocabulary: &Vocabulary) -> String {
    let dictionary = match (key, shape) {
        (_, Some(Shape::Category(dictionary) | Shape::Categories(dictionary))) => dictionary,
        ("types", _) => "household_type",
        ("risks", _) => "risk_type",
        ("purposes", _) => "visit_purpose",
        ("type_code", _) => "activity_type",
        ("funds", _) => "fund_source",
        ("milestones", _) => "milestone",
        _ => "",
    };
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Number(number) => match shape {
            Some(Shape::Money) => format!("{}元", hundredths(number.as_i64().unwrap_or(0))),
            Some(Shape::Hundredths) => hundredths(number.as_i64().unwrap_or(0)),
            _ => number.to_string(),
        },
        Value::String(text) if dictionary.is_empty() => word(key, text, vocabulary),
        Value::String(code) => vocabulary.label(dictionary, code).to_owned(),
        Value::Array(entries) => entries
            .iter()
            .map(|entry| show(key, entry, shape, vocabulary))
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("、"),
        Value::Object(part) => show_part(part, dictionary, vocabulary),
    }
}

/// A line of a table of parts: its code or name, and its number.
fn show_part(part: &Draft, dictionary: &str, vocabulary: &Vocabulary) -> String {
    let text = |key: &str| part.get(key).and_then(Value::as_str).unwrap_or("");
    let code = if text("code").is_empty() { text("source") } else { text("code") };
    let name = if dictionary.is_empty() || code.is_empty() { code } else { vocabulary.label(dictionary, code) };
    let number = |key: &str| part.get(key).and_then(Value::as_i64);
    let mut shown = name.to_owned();
    if let Some(count) = number("count") {
        shown = format!("{}{count}{}", text("subject"), text("unit"));
    }
    if let Some(points) = number("progress") {
        shown = format!("{} {}%", text("day"), hundredths(points));
    }
    if let Some(fen) = number("amount") {
        shown = format!("{name}{}元", hundredths(fen));
    }
    if let Some(year) = number("year") {
        shown = format!("{year}年");
    }
    if !text("actual").is_empty() {
        shown = format!("{name} {}", text("actual"));
    }
    shown
}

fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    match (value.abs() / 100, value.abs() % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, rest) => format!("{sign}{whole}.{rest:02}").trim_end_matches('0').to_owned(),
    }
}

fn word(key: &str, text: &str, vocabulary: &Vocabulary) -> String {
    let fixed = match (key, text) {
        ("mode", "in_person") => "面对面",
        ("mode", "phone") => "电话",
        ("mode", "video") => "视频",
        ("mode", "not_reached") => "未联系上",
        ("sex", "male") => "男",
        ("sex", "female") => "女",
        ("stage", "collecting") => "收集材料",
        ("stage", "submitted") => "已申报",
        ("stage", "approved") => "已批准",
        ("stage", "paid") => "已发放",
        ("stage", "returned") => "退回",
        ("stage", "ineligible") => "不符合",
        ("stage", "withdrawn") => "撤回",
        (_, "ok") => "正常",
        (_, "problem") => "有问题",
        (_, "na") => "不适用",
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    match vocabulary.name_of(text) {
        Some(name) => name.to_owned(),
        None if zhucun_core::value::Id::parse(text).is_some() => String::new(),
        None => text.to_owned(),
    }
}
