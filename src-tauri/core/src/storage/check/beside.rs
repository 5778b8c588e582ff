//! What lies beside the records: names kept for finding duplicates, photos, frozen reports, drafts, files.

use std::path::{Path, PathBuf};

use super::{CheckCode, Look, last_moment};
use crate::error::Result;
use crate::records::attachment::{Attachment, PictureSize, fingerprint};
use crate::records::report::Report;
use crate::records::{Kind, twins};
use crate::sample;
use crate::storage::backup::backup_folder;
use crate::storage::handover::of_hand_overs;
use crate::storage::key::key_path;
use crate::storage::place::{JOURNALS, restored_name, with_ending};
use crate::storage::value_of;
use crate::value::Id;

/// Names as they are compared, against the people.
pub(super) fn names(look: &mut Look<'_>) -> Result<()> {
    for household in twins::households_with_stale_keys(look.store.connection)? {
        look.find(CheckCode::NameKeys, Some(Kind::Household), Some(household));
    }
    Ok(())
}

/// Every photo's bytes against the hash that was taken when it was added.
pub(super) fn pictures(look: &mut Look<'_>) -> Result<()> {
    let mut statement = look.store.connection.prepare("SELECT id, sha256, bytes FROM attachment ORDER BY rowid")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, sha256, bytes): (Id, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        look.pictures += 1;
        // A photo that is spread over damaged pages is damaged; the others can still be read.
        let read = |size| look.store.picture(id, size);
        match (read(PictureSize::Full), read(PictureSize::Thumbnail)) {
            (Ok(None), _) => look.find(CheckCode::PictureMissing, Some(Kind::Attachment), Some(id)),
            (Ok(Some(picture)), _) if fingerprint(&picture) != sha256 || i64::try_from(picture.len()) != Ok(bytes) => {
                look.find(CheckCode::PictureDamaged, Some(Kind::Attachment), Some(id));
            }
            (Ok(Some(_)), Ok(Some(thumbnail))) if Attachment::looks_like_a_picture(&thumbnail) => {}
            (Ok(Some(_)), _) => look.find(CheckCode::ThumbnailMissing, Some(Kind::Attachment), Some(id)),
            (Err(_), _) => look.find(CheckCode::PictureDamaged, Some(Kind::Attachment), Some(id)),
        }
    }
    Ok(())
}

/// What was frozen of finalised reports, against their fingerprints.
pub(super) fn frozen(look: &mut Look<'_>) -> Result<()> {
    for report in look.store.load::<Report>("r.fingerprint <> ''", &[])? {
        let kept = look.store.frozen(&report.draft.fingerprint, report.id)?;
        if kept.is_none_or(|kept| fingerprint(kept.content.as_bytes()) != report.draft.fingerprint) {
            look.find(CheckCode::FrozenDamaged, Some(Kind::Report), Some(report.id));
        }
    }
    Ok(())
}

/// Drafts of records that are gone. They are told and kept: somebody typed them.
pub(super) fn drafts(look: &mut Look<'_>) -> Result<()> {
    for draft in look.store.drafts()? {
        let Some((word, rest)) = draft.key.split_once(':') else { continue };
        let kind = Kind::ALL.iter().copied().find(|kind| kind.word() == word);
        let id = rest.split(' ').next().and_then(Id::parse);
        if let (Some(kind), Some(id)) = (kind, id) {
            let sql = format!("SELECT count(*) FROM \"{}\" WHERE id = ?1 AND deleted_at IS NULL", kind.table());
            if look.store.count(&sql, &[value_of(&id)])? == 0 {
                look.find(CheckCode::DraftLeftOver, Some(kind), Some(id));
            }
        }
    }
    Ok(())
}

/// A clock that stands before the last operation. The sample's stands still, and is no sign of anything.
pub(super) fn clock(look: &mut Look<'_>) -> Result<()> {
    let is_sample = look.store.is_sample()? && look.today == sample::TODAY;
    if !is_sample && last_moment(look.ledger).is_some_and(|last| last > look.ledger.now()) {
        look.find(CheckCode::ClockBehind, None, None);
    }
    Ok(())
}

pub(super) fn files(look: &mut Look<'_>) {
    left_over(look.ledger.path()).iter().for_each(|_| look.find(CheckCode::FileLeftOver, None, None));
}

/// Files that a cut-off backup, restore or hand-over left. The ledger's lock is held, so nobody is at work on them.
pub(super) fn left_over(ledger: &Path) -> Vec<PathBuf> {
    let restored = restored_name(ledger);
    let fresh = [with_ending(&restored, ".key-change"), restored, ledger.with_extension("zcj.converted")];
    let fresh = fresh.into_iter().chain(of_hand_overs(ledger));
    let fresh: Vec<PathBuf> = fresh.collect();
    let beside = fresh.iter().flat_map(|path| [""].into_iter().chain(JOURNALS).map(|ending| with_ending(path, ending)));
    let mut found: Vec<PathBuf> = beside.chain([with_ending(&key_path(ledger), ".new")]).filter(|path| path.is_file()).collect();
    let Ok(entries) = std::fs::read_dir(backup_folder(ledger)) else { return found };
    let is_cut_off = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        [""].into_iter().chain(JOURNALS).any(|ending| name.ends_with(&format!(".zcj.new{ending}")))
    };
    found.extend(entries.flatten().map(|entry| entry.path()).filter(is_cut_off));
    found.sort();
    found
}
