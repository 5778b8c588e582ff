//! What the figures take a category for. Users may add and rename categories; the role says what one counts as.

use crate::error::Result;
use crate::records::dictionary_item::DictionaryItem;
use crate::storage::{Store, value_of};

/// 脱贫户.
pub const LIFTED: &str = "lifted";
/// 脱贫不稳定户.
pub const UNSTABLE_LIFTED: &str = "unstable_lifted";
/// 边缘易致贫户.
pub const MARGINAL: &str = "marginal_at_risk";
/// 突发严重困难户.
pub const SUDDEN: &str = "sudden_hardship";
/// The three roles that make a 监测对象.
pub const MONITORED: [&str; 3] = [UNSTABLE_LIFTED, MARGINAL, SUDDEN];

/// Role of a household type; empty where it has none, or nobody knows the code.
pub(crate) fn of_household_type(store: Store<'_>, code: &str) -> Result<String> {
    let params = [value_of(&"household_type"), value_of(&code)];
    let found = store.load::<DictionaryItem>("r.dictionary = ?1 AND r.code = ?2", &params)?;
    Ok(found.into_iter().map(|item| item.draft.role).next().unwrap_or_default())
}
