//! What is in a ledger, as one text: equal texts are equal ledgers.

use std::fmt::Write;

use zhucun_core::records::Kind;
use zhucun_core::records::report::Report;
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::value::Id;
use zhucun_core::{Error, Result};

/// Everything that a ledger keeps: records with their envelopes, what lies in the bin, the change log, frozen reports, drafts.
pub fn state(ledger: &Ledger) -> Result<String> {
    let store = ledger.store();
    let mut text = String::new();
    let mut line = |said: &dyn std::fmt::Display| writeln!(text, "{said}").map_err(|_| Error::DiskFailed);
    let bin = store.bin()?;
    for kind in Kind::ALL {
        let binned = bin.iter().filter(|entry| entry.kind == *kind).map(|entry| entry.id);
        let mut ids: Vec<_> = listed(ledger, *kind)?.into_iter().chain(binned).collect();
        ids.sort_unstable();
        for id in ids {
            line(&ledger.get_json(*kind, id)?)?;
            for entry in store.history(*kind, id)? {
                line(&serde_json::to_string(&entry)?)?;
            }
        }
    }
    for report in store.all::<Report>()?.iter().filter(|report| report.draft.is_finalised()) {
        line(&store.frozen(&report.draft.fingerprint, report.id)?.map_or_else(String::new, |frozen| frozen.content))?;
    }
    for draft in store.drafts()? {
        line(&serde_json::to_string(&draft)?)?;
    }
    line(&store.last_operation()?)?;
    Ok(text)
}

/// The live records' contents alone: what undo gives back.
pub fn content(ledger: &Ledger) -> Result<String> {
    let mut text = String::new();
    for kind in Kind::ALL {
        let mut ids = listed(ledger, *kind)?;
        ids.sort_unstable();
        for id in ids {
            let draft = &ledger.get_json(*kind, id)?["draft"];
            writeln!(text, "{kind:?} {id} {draft}").map_err(|_| Error::DiskFailed)?;
        }
    }
    Ok(text)
}

fn listed(ledger: &Ledger, kind: Kind) -> Result<Vec<Id>> {
    ledger.store().list_ids(kind, &ListQuery::default())
}
