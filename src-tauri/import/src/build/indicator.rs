//! 指标: the same name, category, half-year and village is the same indicator.

use serde_json::json;
use zhucun_core::Result;
use zhucun_core::records::indicator::Indicator;
use zhucun_core::storage::{Stored, Tx};
use zhucun_core::value::fold_name;

use super::{Context, Prepared};
use crate::input;
use crate::row::Row;

pub(super) fn prepare(tx: &Tx<'_>, row: &mut Row<'_>, context: &Context<'_>) -> Result<Option<Prepared>> {
    let village = row.village(context.mapping, context.vocabulary);
    let period = match row.cell("period").map(input::period) {
        Some(Ok(Some(period))) => period.to_string(),
        Some(Err(fault)) => {
            row.fault("period", &fault);
            return Ok(None);
        }
        _ => context.blank.get("period").and_then(|period| period.as_str()).unwrap_or("").to_owned(),
    };
    let (name, category) = (fold_name(&row.text("name")), fold_name(&row.text("category")));
    let same = |indicator: &Stored<Indicator>| {
        let draft = &indicator.draft;
        fold_name(&draft.name) == name
            && fold_name(&draft.category) == category
            && draft.period == period
            && draft.village_id == village
    };
    let known = tx.all::<Indicator>()?.into_iter().find(|indicator| !name.is_empty() && same(indicator));
    let mut prepared = Prepared::of(context, known.as_ref())?;
    prepared.draft.insert("period".to_owned(), json!(period));
    prepared.draft.insert("village_id".to_owned(), json!(village));
    row.fill(&mut prepared.draft, "", context.vocabulary, context.mapping.year);
    Ok(Some(prepared))
}
