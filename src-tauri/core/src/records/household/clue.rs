//! What tells households and people apart, read of the whole ledger at once: for matching many names.

use std::collections::HashMap;

use super::HEAD;
use crate::error::Result;
use crate::storage::Store;
use crate::value::Id;

/// What tells households apart, without the rest of their fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdClue {
    /// The household.
    pub id: Id,
    /// 村.
    pub village_id: Id,
    /// 屯（组）.
    pub hamlet: String,
    /// 户编号.
    pub ext_no: String,
    /// Its people.
    pub members: Vec<MemberClue>,
}

/// What tells people apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberClue {
    /// The person.
    pub id: Id,
    /// 姓名.
    pub name: String,
    /// 身份证号.
    pub id_number: String,
    /// 人编号.
    pub ext_no: String,
    /// Whether 户主.
    pub is_head: bool,
}

impl HouseholdClue {
    /// All households outside the recycle bin: for matching many names at once.
    pub fn all(store: Store<'_>) -> Result<Vec<HouseholdClue>> {
        let connection = store.connection;
        let mut households: Vec<HouseholdClue> = connection
            .prepare_cached("SELECT id, village_id, hamlet, ext_no FROM household WHERE deleted_at IS NULL ORDER BY id")?
            .query_map([], |row| {
                let members = Vec::new();
                Ok(HouseholdClue { id: row.get(0)?, village_id: row.get(1)?, hamlet: row.get(2)?, ext_no: row.get(3)?, members })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let index: HashMap<Id, usize> = households.iter().enumerate().map(|(at, household)| (household.id, at)).collect();
        let mut statement = connection.prepare_cached(
            "SELECT household_id, id, name, id_number, ext_no, relation FROM member ORDER BY household_id, position",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let relation: String = row.get(5)?;
            let member = MemberClue {
                id: row.get(1)?,
                name: row.get(2)?,
                id_number: row.get(3)?,
                ext_no: row.get(4)?,
                is_head: relation == HEAD,
            };
            if let Some(household) = index.get(&row.get::<_, Id>(0)?).and_then(|at| households.get_mut(*at)) {
                household.members.push(member);
            }
        }
        Ok(households)
    }
}
