//! 年度归档: what a year has to be filed, and the folder it is filed in.

use std::path::PathBuf;

use serde::Serialize;
use tauri::State;
use zhucun_core::archive::{Archive, ArchiveCount, ArchiveKind, ArchiveRequest, Retention, year_to_file};
use zhucun_core::records::attachment::PictureSize;
use zhucun_export::{WrittenArchive, write_archive};

use super::lists::ListDesk;
use super::reports::{confirm, turn};
use crate::error::{Answer, Refusal};
use crate::state::Shell;

/// How long a kind is kept unless somebody says otherwise.
#[derive(Debug, Serialize)]
pub struct UsualRetention {
    kind: ArchiveKind,
    retention: Retention,
}

/// What the dialog begins with.
#[derive(Debug, Serialize)]
pub struct ArchiveStart {
    year: i32,
    usual: Vec<UsualRetention>,
}

#[tauri::command(async)]
pub fn archive_start(shell: State<'_, Shell>) -> Answer<ArchiveStart> {
    let year = shell.with(|ledger| Ok(year_to_file(ledger.today())))?;
    let usual = ArchiveKind::ALL.into_iter().map(|kind| UsualRetention { kind, retention: kind.usual() });
    Ok(ArchiveStart { year, usual: usual.collect() })
}

#[tauri::command(async)]
pub fn archive_count(shell: State<'_, Shell>, request: ArchiveRequest) -> Answer<ArchiveCount> {
    shell.with(|ledger| Ok(ledger.read(|store| ArchiveCount::load(store, &request))?))
}

/// Writes a year's archive into a new folder inside another; the ledger is free between two photos.
#[tauri::command(async)]
pub fn archive_export(
    desk: State<'_, ListDesk>,
    shell: State<'_, Shell>,
    request: ArchiveRequest,
    folder: PathBuf,
    confirmed: bool,
) -> Answer<WrittenArchive> {
    desk.begin();
    let masking = request.masking;
    confirm(masking, confirmed)?;
    let archive = shell.with(|ledger| Ok(ledger.read(|store| Archive::load(store, request, ledger.today(), &turn))?))?;
    let written = write_archive::<Refusal>(
        &archive,
        shell.fonts(),
        &folder,
        &mut |photo| {
            let kept = shell.with(|ledger| Ok(ledger.store().picture(photo.id, PictureSize::Full)?))?;
            Ok(kept.and_then(|kept| turn(&kept, photo.turned)))
        },
        &mut |done, total| desk.step(done, total),
    )?;
    shell.note_exported(written.catalogue.clone());
    shell.with(|ledger| Ok(ledger.note_export("archive", &archive.folder(), masking, "pdf,xlsx,jpg")?))?;
    Ok(written)
}
