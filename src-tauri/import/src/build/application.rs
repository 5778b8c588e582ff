//! 申报: which programme, who applies, and how far it is; the same programme, year, term and applicant is the same application.

use serde_json::{Value, json};
use zhucun_core::Result;
use zhucun_core::records::application::Application;
use zhucun_core::records::programme::Programme;
use zhucun_core::storage::{Stored, Tx};

use super::{Context, Prepared, find, object};
use crate::directory::Clues;
use crate::heading::fold_heading;
use crate::input::{self, Fault};
use crate::row::{Draft, Row};

pub(super) fn prepare(tx: &Tx<'_>, row: &mut Row<'_>, context: &Context<'_>) -> Result<Option<Prepared>> {
    let programme = programme(row, context);
    let applicant = applicant(row, context);
    let (Some(programme), Some((household, person))) = (programme, applicant) else { return Ok(None) };
    let mut draft = context.blank.clone();
    draft.insert("programme_id".to_owned(), json!(programme.id));
    draft.insert("household_id".to_owned(), json!(household));
    draft.insert("member_id".to_owned(), json!(person.filter(|_| !programme.draft.per_household)));
    row.fill(&mut draft, "", context.vocabulary, context.mapping.year);
    year(row, context, &mut draft);
    term(&programme.draft, &mut draft);
    if row.is_refused() {
        return Ok(None);
    }
    let typed: Application = serde_json::from_value(Value::Object(draft.clone()))?;
    let known = Application::the_same(**tx, &typed)?;
    let mut prepared = Prepared::of(context, known.as_ref())?;
    match &known {
        Some(_) => row.fill(&mut prepared.draft, "", context.vocabulary, context.mapping.year),
        None => prepared.draft = draft,
    }
    for key in ["year", "term"] {
        prepared.draft.insert(key.to_owned(), object(serde_json::to_value(&typed)?).remove(key).unwrap_or_default());
    }
    step(row, context, &programme.draft, &mut prepared);
    Ok(Some(prepared))
}

fn programme<'v>(row: &mut Row<'_>, context: &Context<'v>) -> Option<&'v Stored<Programme>> {
    let name = row.text("programme");
    let found = context.vocabulary.programme(&name);
    if name.is_empty() {
        row.fault("programme", &Fault::new("required", "请填写补贴项目"));
    } else if found.is_none() {
        row.fault("programme", &Fault::new("programme_unknown", "台账里没有这个补贴项目，请先在设置里新增，或核对名称"));
    }
    found
}

fn applicant(row: &mut Row<'_>, context: &Context<'_>) -> Option<(zhucun_core::value::Id, Option<zhucun_core::value::Id>)> {
    let village = row.cell("village").is_some().then(|| row.village(context.mapping, context.vocabulary)).flatten();
    let (hamlet, ext_no, id_number) = (row.text("hamlet"), row.digits("ext_no"), row.id_number("id_number"));
    if row.is_refused() {
        return None;
    }
    let (mut name, head_name) = (row.name("applicant"), row.name("head_name"));
    if name.is_empty() {
        name.clone_from(&head_name);
    }
    let clues = Clues { ext_no: &ext_no, id_number: &id_number, name: &name, head_name: &head_name, village, hamlet: &hamlet };
    find(row, context.directory, &clues, "applicant")
}

/// 年度, where the sheet has no column for it: that of the application, or the one chosen for the sheet.
fn year(row: &mut Row<'_>, context: &Context<'_>, draft: &mut Draft) {
    if row.cell("year").is_some_and(|cell| input::year(cell).is_ok_and(|year| year.is_some())) {
        return;
    }
    let of_day =
        |key: &str| draft.get(key).and_then(Value::as_str).and_then(|day| day.get(..4)).and_then(|year| year.parse::<i64>().ok());
    let year = of_day("applied_on").or_else(|| context.mapping.year.map(i64::from)).or_else(|| of_day("paid_on"));
    match year {
        Some(year) => drop(draft.insert("year".to_owned(), json!(year))),
        None => row.fault("year", &Fault::new("year_missing", "表格里没有年度，请在导入设置里选择年份")),
    }
}

/// 春季 for 2026年春季学期.
fn term(programme: &Programme, draft: &mut Draft) {
    let typed = draft.get("term").and_then(Value::as_str).unwrap_or("").to_owned();
    let folded = fold_heading(&typed);
    let fits = |term: &&String| {
        let name = fold_heading(term);
        !folded.is_empty() && (folded.contains(&name) || name.contains(&folded))
    };
    if let Some(term) = programme.terms.0.iter().find(fits) {
        draft.insert("term".to_owned(), json!(term));
    } else if programme.terms.0.is_empty() {
        draft.insert("term".to_owned(), json!(typed));
    }
}

/// The step by its name, or, where the sheet tells none, by the amounts and days that are there.
fn step(row: &mut Row<'_>, context: &Context<'_>, programme: &Programme, prepared: &mut Prepared) {
    let typed = row.text("step");
    let draft = &mut prepared.draft;
    if typed.is_empty() {
        if prepared.known.is_none() {
            reached(programme, draft);
        }
        return;
    }
    let folded = fold_heading(&typed);
    let named = |name: &str| {
        let name = fold_heading(name);
        name == folded
            || (name.chars().count() >= 2 && folded.contains(&name))
            || (folded.chars().count() >= 2 && name.contains(&folded))
    };
    let exact = programme.steps.iter().find(|step| fold_heading(&step.name) == folded);
    if let Some(step) = exact.or_else(|| programme.steps.iter().rev().find(|step| named(&step.name))) {
        draft.insert("step".to_owned(), json!(step.name));
        draft.insert("stage".to_owned(), json!(step.stage));
        return;
    }
    let word = context.vocabulary.code("step", &typed).unwrap_or(&typed).to_owned();
    if let Some(step) = programme.steps.iter().find(|step| step.name == word) {
        draft.insert("step".to_owned(), json!(step.name));
        draft.insert("stage".to_owned(), json!(step.stage));
        return;
    }
    let side = [("退回补正", "returned"), ("不符合", "ineligible"), ("撤回", "withdrawn")];
    match side.iter().find(|(name, _)| *name == word) {
        Some((name, stage)) => {
            draft.insert("step".to_owned(), json!(name));
            draft.insert("stage".to_owned(), json!(stage));
        }
        None => row.fault("step", &Fault::new("step_unknown", "这个补贴项目没有这个环节，请改成它的环节名称")),
    }
}

fn reached(programme: &Programme, draft: &mut Draft) {
    let has = |key: &str| draft.get(key).is_some_and(|value| !value.is_null());
    let wanted = if has("amount_paid") && has("paid_on") {
        "paid"
    } else if has("amount_approved") || has("approved_on") {
        "approved"
    } else if has("applied_on") {
        "submitted"
    } else {
        "collecting"
    };
    let order = ["collecting", "submitted", "approved", "paid"];
    let rank = |stage: &str| order.iter().position(|each| *each == stage).unwrap_or(0);
    // The furthest step that is not beyond what the sheet tells; a programme may lack some.
    let step = programme.steps.iter().rev().find(|step| rank(step.stage.word()) <= rank(wanted));
    let first_of_its_stage = step.and_then(|last| programme.steps.iter().find(|step| step.stage == last.stage));
    if let Some(step) = first_of_its_stage.or_else(|| programme.steps.first()) {
        draft.insert("step".to_owned(), json!(step.name));
        draft.insert("stage".to_owned(), json!(step.stage));
    }
}
