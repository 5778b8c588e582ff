//! The schema, as numbered steps. A step that has been released is never edited; a change is a new step.

use rusqlite::{Connection, TransactionBehavior};

use super::{draft, export_log, form, frozen, history, import_mapping, saved_list, waiting_photo};
use crate::error::{Error, Result};
use crate::{records, search};

/// One numbered step; its parts stand in the files of the records they create or change.
struct Step {
    number: i64,
    statements: &'static [&'static str],
}

const STEPS: &[Step] = &[
    Step {
        number: 1,
        statements: &[
            history::TABLES,
            draft::TABLES,
            records::dictionary_item::TABLES,
            records::team::TABLES,
            records::support_unit::TABLES,
            records::team_member::TABLES,
            records::attendance::TABLES,
            records::village::TABLES,
            records::household::TABLES,
            records::visit::TABLES,
            records::programme::TABLES,
            records::application::TABLES,
            records::project::TABLES,
            records::issue::TABLES,
            records::activity::TABLES,
            records::plan::TABLES,
            records::report::TABLES,
        ],
    },
    Step {
        number: 2,
        statements: &[
            records::indicator::TABLES,
            import_mapping::TABLES,
            search::TABLES,
            saved_list::TABLES,
            records::twins::TABLES,
            records::attachment::TABLES,
            records::household::LIST_INDEX,
            records::application::LIST_INDEX,
            records::plan::ADDED,
            records::activity::ADDED,
            records::report::ADDED,
            records::outline::TABLES,
            records::report::FINALISING,
            frozen::TABLES,
            form::TABLES,
            export_log::TABLES,
        ],
    },
    Step { number: 3, statements: &[records::report::ARRANGEMENT, frozen::SEEN, export_log::MORE_KINDS] },
    Step { number: 4, statements: &[export_log::ANY_KIND, waiting_photo::TABLES] },
    Step { number: 5, statements: &[records::household::HEAD_KEPT, records::village::LIST_INDEX, records::visit::LIST_INDEX] },
    Step { number: 6, statements: &[records::household::NAME_KEPT] },
    Step { number: 7, statements: &[history::ROWS] },
];

/// Newest schema that this program writes.
pub const SCHEMA_VERSION: i64 = match STEPS.last() {
    Some(step) => step.number,
    None => 0,
};

/// Marks a SQLite file as one of our ledgers: `ZCJ1`.
pub(super) const APPLICATION_ID: i64 = 0x5A43_4A31;

/// Brings a ledger to [`SCHEMA_VERSION`], all steps or none.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > SCHEMA_VERSION {
        return Err(Error::LedgerNewer { found, known: SCHEMA_VERSION });
    }
    if found == SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in STEPS.iter().filter(|step| step.number > found) {
        for statements in step.statements {
            transaction.execute_batch(statements)?;
        }
        transaction.pragma_update(None, "user_version", step.number)?;
    }
    // What the statements cannot work out of the rows that are there.
    if found < 6 {
        records::twins::fill_keys(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}
