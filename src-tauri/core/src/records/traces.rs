//! What people could be recognised by, read apart from everything else that a ledger knows of them: finished files are
//! searched for it.

use chrono::NaiveDate;

use super::household::Member;
use crate::error::Result;
use crate::storage::Store;

/// A person's name, birth date and numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traces<'p> {
    pub name: &'p str,
    pub birth: Option<NaiveDate>,
    /// 身份证号, 联系电话, 银行卡号; empty where not known.
    pub numbers: [&'p str; 3],
}

impl<'p> Traces<'p> {
    /// Of one person.
    pub fn of(member: &'p Member) -> Self {
        Traces { name: &member.name, birth: member.birth, numbers: [&member.id_number, &member.phone, &member.bank_number] }
    }

    /// Of everybody in households outside the recycle bin.
    pub fn each_person(store: Store<'_>, mut take: impl FnMut(Traces<'_>)) -> Result<()> {
        let sql = "SELECT m.name, m.birth, m.id_number, m.phone, m.bank_number
            FROM household h JOIN member m ON m.household_id = h.id WHERE h.deleted_at IS NULL";
        let mut statement = store.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |at| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
            take(Traces { name: text(0)?, birth: row.get(1)?, numbers: [text(2)?, text(3)?, text(4)?] });
        }
        Ok(())
    }

    /// Telephones of households and accounts to which applications are paid.
    pub fn each_other_number(store: Store<'_>, mut take: impl FnMut(&str)) -> Result<()> {
        let sql = "SELECT phone FROM household WHERE deleted_at IS NULL AND phone <> ''
            UNION ALL SELECT payee_account FROM application WHERE deleted_at IS NULL AND payee_account <> ''";
        let mut statement = store.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }
}
