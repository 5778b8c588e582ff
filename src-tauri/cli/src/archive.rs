//! `zhucun archive`.

use serde_json::json;
use zhucun_core::archive::{Archive, ArchiveRequest};
use zhucun_core::records::attachment::PictureSize;
use zhucun_export::{ExportError, Fonts, write_archive};

use crate::arguments::ArchiveArguments;
use crate::commands::{say, stored_masking, turn};
use crate::fault::Fault;
use crate::secret::open;

/// Writes a year's documents into a folder of their own.
pub fn archive(as_json: bool, arguments: ArchiveArguments) -> Result<(), Fault> {
    let mut ledger = open(&arguments.ledger)?;
    let masking = stored_masking(arguments.masking);
    let retention = arguments.retention.into_iter().collect();
    let request = ArchiveRequest { year: arguments.year, masking, fonds: arguments.fonds, retention };
    let archive = ledger.read(|store| Archive::load(store, request, ledger.today(), &turn))?;
    std::fs::create_dir_all(&arguments.out).map_err(ExportError::from)?;
    let written = write_archive::<Fault>(
        &archive,
        &Fonts::discover(&[]),
        &arguments.out,
        &mut |photo| Ok(ledger.store().picture(photo.id, PictureSize::Full)?.and_then(|kept| turn(&kept, photo.turned))),
        &mut |_, _| true,
    )?;
    ledger.note_export("archive", &archive.folder(), masking, "pdf,xlsx,jpg")?;
    let text = format!(
        "已归档：{}（报告{}份、台账{}份、照片{}张）\n{}",
        written.folder.display(),
        written.reports,
        written.ledgers,
        written.photos,
        written.notes.join("\n")
    );
    say(as_json, &json!(written), text.trim_end());
    Ok(())
}
