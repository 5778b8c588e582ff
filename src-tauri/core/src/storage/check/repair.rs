//! Mending what can be made anew from what is there. A copy is made before; what only a backup or the user can mend is
//! left as it is, and told.

use std::path::PathBuf;

use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CheckCode, CheckFinding, CheckProgress, CheckRemedy, CheckReport, beside, structure};
use crate::error::{Error, Result};
use crate::records::attachment::PictureSize;
use crate::records::twins;
use crate::search;
use crate::storage::backup::{BackupReason, copy_as_it_is};
use crate::storage::disk::disk;
use crate::storage::ledger::Ledger;
use crate::storage::store::Store;
use crate::value::Id;

/// Makes the small picture of a kept one; nothing where it cannot be decoded.
pub type MakeThumbnail<'m> = &'m dyn Fn(&[u8]) -> Option<Vec<u8>>;

/// What came of a repair.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckRepair {
    /// The copy of how the ledger was before; none where nothing could be mended.
    #[ts(type = "string | null")]
    pub copy: Option<PathBuf>,
    /// What was mended.
    pub mended: Vec<CheckFinding>,
    /// What was not, each with what to do about it.
    pub left: Vec<CheckFinding>,
}

impl Ledger {
    /// Mends what can be mended without loss, and checks again.
    pub fn repair(&mut self, thumbnail: MakeThumbnail<'_>, progress: CheckProgress<'_>) -> Result<CheckRepair> {
        let found = self.check(progress)?;
        let (wanted, others): (Vec<_>, Vec<_>) =
            found.findings.into_iter().partition(|finding| finding.remedy == CheckRemedy::Repair);
        if wanted.is_empty() {
            return Ok(CheckRepair { left: others, ..CheckRepair::default() });
        }
        let copy = self.copy_before_repair()?;
        let has = |code| wanted.iter().any(|finding: &CheckFinding| finding.code == code);
        if has(CheckCode::FileLeftOver) {
            beside::left_over(self.path()).iter().for_each(|path| drop(disk().remove(path)));
        }
        let mending = self.mend(&has, thumbnail);
        self.forget_lists();
        let CheckReport { findings: left, .. } = self.check(progress)?;
        if let Err(error) = mending
            && !matches!(error, Error::LedgerDamaged | Error::Storage(_))
        {
            return Err(error);
        }
        let is_left = |finding: &CheckFinding| left.iter().any(|other| (other.code, other.kind) == (finding.code, finding.kind));
        let mended = wanted.into_iter().filter(|finding| !is_left(finding)).collect();
        Ok(CheckRepair { copy: Some(copy), mended, left })
    }

    /// A backup; where the damage is in the copy too, so that it is none, the file as it is under another name.
    fn copy_before_repair(&self) -> Result<PathBuf> {
        match self.backup(BackupReason::Repair) {
            Ok(backup) => Ok(backup.path),
            Err(Error::BackupDamaged) => copy_as_it_is(&self.connection, self.path(), self.key.as_ref(), self.now()),
            Err(error) => Err(error),
        }
    }

    /// All that is mended in the file, or nothing of it.
    fn mend(&mut self, has: &dyn Fn(CheckCode) -> bool, thumbnail: MakeThumbnail<'_>) -> Result<()> {
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if has(CheckCode::IndexDamaged) {
            indices(&transaction)?;
        }
        if has(CheckCode::NameKeys) {
            twins::fill_keys(&transaction)?;
        }
        if has(CheckCode::ThumbnailMissing) {
            thumbnails(Store::inside(&transaction), thumbnail)?;
        }
        if has(CheckCode::SearchIndex) {
            search::rebuild(Store::inside(&transaction))?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Every index anew, those that are missing or were changed as a fresh ledger has them.
fn indices(connection: &rusqlite::Connection) -> Result<()> {
    let found = structure::objects(connection)?;
    for ((sort, name), sql) in structure::expected()?.iter().filter(|((sort, _), _)| sort == "index") {
        if found.get(&(sort.clone(), name.clone())) != Some(sql) {
            connection.execute_batch(&format!("DROP INDEX IF EXISTS \"{name}\"; {sql}"))?;
        }
    }
    connection.execute_batch("REINDEX")?;
    Ok(())
}

fn thumbnails(store: Store<'_>, make: MakeThumbnail<'_>) -> Result<()> {
    let mut statement = store.connection.prepare("SELECT attachment_id, thumbnail FROM attachment_content")?;
    let mut rows = statement.query([])?;
    let mut missing: Vec<Id> = Vec::new();
    while let Some(row) = rows.next()? {
        if !crate::records::attachment::Attachment::looks_like_a_picture(row.get_ref(1)?.as_blob().unwrap_or_default()) {
            missing.push(row.get(0)?);
        }
    }
    for id in missing {
        if let Some(small) = store.picture(id, PictureSize::Full)?.and_then(|picture| make(&picture)) {
            let sql = "UPDATE attachment_content SET thumbnail = ?2 WHERE attachment_id = ?1";
            store.connection.execute(sql, params![id, small])?;
        }
    }
    Ok(())
}
