//! 年度归档 as a folder: reports, ledgers, photos and their catalogue. Everything is written into a folder of another name,
//! which gets its own at the end: what failed or was stopped leaves nothing, and a folder in the way keeps its content.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hayro_interpret::hayro_syntax::Pdf;
use serde::Serialize;
use zhucun_core::album::AlbumPhoto;
use zhucun_core::archive::{Archive, ArchiveEntry, ArchiveKind, catalogue};
use zhucun_core::records::report::ReportMasking;
use zhucun_core::report::document::Document;

use crate::error::ExportError;
use crate::file::{clean_name, free_name, sync_folder, write_new};
use crate::fonts::Fonts;
use crate::{Prover, pdf, xlsx};

/// Told how many documents of how many are written; answers whether to go on.
pub type ArchiveProgress<'p> = &'p mut dyn FnMut(usize, usize) -> bool;

/// A photo's bytes as they are to be seen; nothing where the ledger has lost it.
pub type PictureOf<'p, E> = &'p mut dyn FnMut(&AlbumPhoto) -> Result<Option<Vec<u8>>, E>;

/// An archive that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenArchive {
    /// Its folder.
    pub folder: PathBuf,
    /// 归档文件目录 as workbook and as PDF.
    pub catalogue: Vec<PathBuf>,
    /// How many reports.
    pub reports: usize,
    /// How many ledgers.
    pub ledgers: usize,
    /// How many photos.
    pub photos: usize,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Writes a year's archive into a new folder inside another. A photo that the ledger has lost must not keep the others back.
pub fn write_archive<E: From<ExportError>>(
    archive: &Archive,
    fonts: &Fonts,
    parent: &Path,
    picture: PictureOf<'_, E>,
    progress: ArchiveProgress<'_>,
) -> Result<WrittenArchive, E> {
    if !parent.is_dir() {
        return Err(ExportError::FolderMissing.into());
    }
    let staged = tempfile::Builder::new().prefix(".zhucunji-归档-").tempdir_in(parent).map_err(ExportError::from)?;
    // Readable for whom the user's other folders are.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(staged.path(), fs::Permissions::from_mode(0o755));
    }
    let mut writer = Writer { archive, folder: staged.path(), entries: Vec::new(), notes: Vec::new(), done: 0, progress };
    writer.reports(fonts)?;
    writer.ledgers()?;
    let lost = writer.photos(picture)?;
    if lost > 0 {
        writer.notes.push(format!("{lost}张照片的内容缺失，没有归档"));
    }
    let catalogue = writer.catalogue(fonts)?;
    let Writer { entries, notes, .. } = writer;
    let folder = put(staged, &parent.join(clean_name(&archive.folder())))?;
    let count = |wanted: &dyn Fn(ArchiveKind) -> bool| entries.iter().filter(|entry| wanted(entry.kind)).count();
    Ok(WrittenArchive {
        catalogue: catalogue.into_iter().map(|name| folder.join(name)).collect(),
        reports: archive.reports.len(),
        ledgers: archive.ledgers.len(),
        photos: count(&|kind| kind == ArchiveKind::Photos),
        folder,
        notes,
    })
}

/// Gives the folder its name, or one that is free.
fn put(staged: tempfile::TempDir, wanted: &Path) -> Result<PathBuf, ExportError> {
    let folder = free_name(wanted);
    fs::rename(staged.path(), &folder)?;
    // Nothing bears the old name any more.
    let _ = staged.keep();
    sync_folder(folder.parent().unwrap_or(Path::new(".")));
    Ok(folder)
}

struct Writer<'a> {
    archive: &'a Archive,
    folder: &'a Path,
    entries: Vec<ArchiveEntry>,
    notes: Vec<String>,
    done: usize,
    progress: ArchiveProgress<'a>,
}

impl Writer<'_> {
    fn step(&mut self) -> Result<(), ExportError> {
        let goes_on = (self.progress)(self.done, self.archive.total());
        self.done += 1;
        if goes_on { Ok(()) } else { Err(ExportError::Cancelled) }
    }

    /// Writes a file into a folder of the archive; answers with its place from the archive's folder on.
    fn write(&self, part: &str, name: &str, extension: &str, bytes: &[u8]) -> Result<String, ExportError> {
        let folder = self.folder.join(part);
        fs::create_dir_all(&folder)?;
        let path = write_new(&folder, name, extension, bytes)?;
        Ok(format!("{part}/{}", path.file_name().unwrap_or_default().to_string_lossy()))
    }

    fn reports(&mut self, fonts: &Fonts) -> Result<(), ExportError> {
        for (at, report) in (1..).zip(&self.archive.reports) {
            self.step()?;
            let title = &report.document.properties.title;
            let bytes = pdf(&report.document, fonts)?;
            Prover::of(report.hidden.clone()).prove("pdf", &bytes)?;
            let file = self.write("报告", &self.archive.name("报告", at, title), "pdf", &bytes)?;
            let revised = report.is_revised.then_some("另有修订稿");
            let unmasked = (report.masking == ReportMasking::Internal).then_some("未脱敏");
            self.entries.push(ArchiveEntry {
                kind: ArchiveKind::Report,
                title: title.clone(),
                file,
                day: report.document.properties.created,
                pages: Pdf::new(Arc::new(bytes)).ok().map(|pdf| pdf.pages().len()),
                note: revised.into_iter().chain(unmasked).collect::<Vec<_>>().join("；"),
            });
        }
        Ok(())
    }

    fn ledgers(&mut self) -> Result<(), ExportError> {
        let prover = Prover::of(self.archive.hidden.clone());
        let unmasked = if prover.is_idle() { "；未脱敏" } else { "" };
        for (at, (kind, document)) in (1..).zip(&self.archive.ledgers) {
            self.step()?;
            let title = &document.properties.title;
            let bytes = xlsx(document)?;
            prover.prove("xlsx", &bytes)?;
            let file = self.write("台账", &self.archive.name("台账", at, title), "xlsx", &bytes)?;
            let rows: usize = document.annexes.iter().map(|annex| annex.table.rows.len()).sum();
            let note = format!("{rows}行{unmasked}");
            let day = self.archive.until;
            self.entries.push(ArchiveEntry { kind: *kind, title: title.clone(), file, day, pages: None, note });
        }
        Ok(())
    }

    /// Answers with how many the ledger has lost.
    fn photos<E: From<ExportError>>(&mut self, picture: PictureOf<'_, E>) -> Result<usize, E> {
        let mut lost = 0;
        for photo in &self.archive.photos {
            self.step()?;
            let Some(bytes) = picture(photo)? else {
                lost += 1;
                continue;
            };
            let file = self.write("照片", &photo.name, photo.extension, &bytes)?;
            let told = [&photo.place, &photo.people].into_iter().filter(|text| !text.is_empty()).cloned();
            self.entries.push(ArchiveEntry {
                kind: ArchiveKind::Photos,
                title: photo.event.clone(),
                file,
                day: photo.day,
                pages: Some(1),
                note: told.collect::<Vec<_>>().join("，"),
            });
        }
        Ok(lost)
    }

    /// The catalogue beside the folders, as names.
    fn catalogue(&mut self, fonts: &Fonts) -> Result<Vec<String>, ExportError> {
        self.step()?;
        let document: Document = catalogue(self.archive, &self.entries);
        let prover = Prover::of(self.archive.hidden.clone());
        let mut names = Vec::new();
        for (extension, bytes) in [("xlsx", xlsx(&document)?), ("pdf", pdf(&document, fonts)?)] {
            prover.prove(extension, &bytes)?;
            let path = write_new(self.folder, "归档文件目录", extension, &bytes)?;
            names.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
        Ok(names)
    }
}
