//! Plans over the turn of a half-year.

use std::collections::BTreeSet;

use serde::Serialize;
use tauri::State;
use zhucun_core::records::Kind;
use zhucun_core::records::plan::CarriedOver;

use crate::error::Answer;
use crate::state::Shell;

/// What carrying over came to, and which kinds changed.
#[derive(Debug, Serialize)]
pub struct Carried {
    #[serde(flatten)]
    carried: CarriedOver,
    changed: BTreeSet<Kind>,
}

#[tauri::command(async, rename_all = "snake_case")]
pub fn plans_carry_over(shell: State<'_, Shell>, period: String) -> Answer<Carried> {
    shell.with(|ledger| {
        let done = ledger.carry_over_plans(&period)?;
        Ok(Carried { carried: done.value, changed: done.changed })
    })
}
