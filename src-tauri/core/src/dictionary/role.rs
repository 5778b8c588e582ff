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

/// Roles of household types, in the order of the codes; unknown codes have none.
pub fn of_household_types<'a>(store: Store<'_>, codes: impl Iterator<Item = &'a str>) -> Result<Vec<String>> {
    let mut roles = Vec::new();
    for code in codes {
        let params = [value_of(&"household_type"), value_of(&code)];
        let found = store.load::<DictionaryItem>("r.dictionary = ?1 AND r.code = ?2", &params)?;
        roles.extend(found.into_iter().map(|item| item.draft.role).filter(|role| !role.is_empty()));
    }
    Ok(roles)
}
