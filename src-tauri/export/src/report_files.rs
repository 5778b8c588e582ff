//! The files of a report: every format of every part, made side by side, all of them or none.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::report::document::Document;

use crate::file::{Staged, file_name, free_name, sync_folder, taken};
use crate::pdf::pdf_telling;
use crate::proof::OnDrop;
use crate::{ExportError, Fonts, LateProver};

/// A file format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Word and WPS.
    Docx,
    /// PDF/A.
    Pdf,
    /// The annexes as a workbook.
    Xlsx,
}

impl ExportFormat {
    /// The file's extension.
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::Docx => "docx",
            ExportFormat::Pdf => "pdf",
            ExportFormat::Xlsx => "xlsx",
        }
    }
}

/// What to do where a file of the report's name lies already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// Refuse with [`ExportError::Exists`], before anything is written.
    Ask,
    /// Write over it.
    Replace,
    /// Write beside it, as `…（2）`.
    Rename,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WrittenFile {
    /// Its format.
    pub format: ExportFormat,
    /// Where it lies.
    pub path: PathBuf,
}

/// What came of writing a report.
#[derive(Debug, Default)]
pub struct WrittenReport {
    /// The files.
    pub files: Vec<WrittenFile>,
    /// What the user should know: fonts that stand in, a format that could not be made.
    pub notes: Vec<String>,
}

/// What is to be written of a report.
#[derive(Debug, Clone, Copy)]
pub struct ReportParts<'d> {
    /// The report.
    pub document: &'d Document,
    /// Its 照片册: nothing where it was not asked for, nothing within where it was and the period has no photo.
    pub album: Option<Option<&'d Document>>,
    /// The formats that are wanted; a 照片册 has no workbook.
    pub formats: &'d [ExportFormat],
}

/// A file that is to be made.
struct Wanted<'d> {
    document: &'d Document,
    file: WrittenFile,
}

/// Told where a 照片册 was asked for.
const NO_PHOTOS: &str = "报告期内没有照片，没有生成照片册";

/// Writes a report and what belongs to it into a folder. Names are looked at first; all bytes are made, and searched for what
/// must stay inside, before the first file gets its name: a leak, or a name that is taken, leaves nothing on the disk.
pub fn write_report(
    parts: ReportParts<'_>,
    fonts: &Fonts,
    folder: &Path,
    existing: Existing,
    prover: &LateProver,
) -> Result<WrittenReport, ExportError> {
    if !folder.is_dir() {
        return Err(ExportError::FolderMissing);
    }
    let files = named(parts, folder, existing)?;
    let is_alone = files.len() == 1;
    let has_pages = files.iter().any(|wanted| wanted.file.format == ExportFormat::Pdf);
    let (mut written, mut staged) = (WrittenReport::default(), Vec::new());
    let rendered = render_all(&files, fonts, prover);
    for (wanted, made) in files.into_iter().zip(rendered) {
        match made {
            // Without a font no page can be set, but the text and the tables need none.
            Err(ExportError::FontMissing) if !is_alone => written.notes.push(ExportError::FontMissing.to_string()),
            made => staged.push((wanted.file, made?)),
        }
    }
    written.notes.dedup();
    if has_pages {
        written.notes.extend(fonts.stand_ins());
    }
    if matches!(parts.album, Some(None)) {
        written.notes.push(NO_PHOTOS.to_owned());
    }
    for (file, staged) in staged {
        staged.put()?;
        written.files.push(file);
    }
    sync_folder(folder);
    Ok(written)
}

/// Where each file is to lie.
fn named<'d>(parts: ReportParts<'d>, folder: &Path, existing: Existing) -> Result<Vec<Wanted<'d>>, ExportError> {
    let of_report = parts.formats.iter().map(|format| (parts.document, *format));
    let pages = parts.formats.iter().filter(|format| **format != ExportFormat::Xlsx);
    let of_album = parts.album.flatten().into_iter().flat_map(|album| pages.clone().map(move |format| (album, *format)));
    let place = |(document, format): (&'d Document, ExportFormat)| {
        let path = folder.join(file_name(document, format.extension()));
        let path = match existing {
            Existing::Ask if taken(&path) => return Err(ExportError::Exists { proposed: free_name(&path) }),
            Existing::Ask | Existing::Replace => path,
            Existing::Rename => free_name(&path),
        };
        Ok(Wanted { document, file: WrittenFile { format, path } })
    };
    of_report.chain(of_album).map(place).collect()
}

/// The files side by side: each only reads its document. What each shows is read from its finished bytes, and waits on the
/// disk beside its place while the others are made. The workbook, which takes long, is made while the pages are packed: setting
/// them takes every processor there is, packing them one.
fn render_all(files: &[Wanted<'_>], fonts: &Fonts, prover: &LateProver) -> Vec<Result<Staged<'static>, ExportError>> {
    let has_pages = files.iter().any(|wanted| wanted.file.format == ExportFormat::Pdf);
    let pages_set = OnceLock::new();
    let go_on = || {
        let _ = pages_set.set(());
    };
    if !has_pages {
        go_on();
    }
    let render = |Wanted { document, file }: &Wanted<'_>| {
        let bytes = match file.format {
            ExportFormat::Docx => crate::docx(document),
            ExportFormat::Pdf => {
                // Dropped uncalled where they cannot be set, which lets the others go on too.
                let are_set = OnDrop(go_on);
                pdf_telling(document, fonts, move || drop(are_set))
            }
            ExportFormat::Xlsx => {
                pages_set.wait();
                crate::xlsx(document)
            }
        }?;
        prover.wait()?.prove(file.format.extension(), &bytes)?;
        Staged::write(&file.path, Cow::Owned(bytes))
    };
    std::thread::scope(|scope| {
        // The pages take longest, so they come first.
        let (pages, others) =
            files.iter().enumerate().partition::<Vec<_>, _>(|(_, wanted)| wanted.file.format == ExportFormat::Pdf);
        let all = pages.into_iter().chain(others);
        let mut running: Vec<_> = all.map(|(at, file)| (at, scope.spawn(move || render(file)))).collect();
        running.sort_by_key(|(at, _)| *at);
        let lost = || Err(ExportError::Typeset("a rendering stopped".to_owned()));
        running.into_iter().map(|(_, thread)| thread.join().unwrap_or_else(|_| lost())).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{Prover, fixture};

    #[test]
    fn without_fonts_the_text_and_the_tables_are_written_and_the_pages_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let none = Fonts::of(fontdb::Database::new());
        let prover = LateProver::from(Prover::of(zhucun_core::report::hidden::Hidden::default()));
        let document = fixture::document();
        let write = |formats: &[ExportFormat]| {
            let parts = ReportParts { document: &document, album: Some(None), formats };
            write_report(parts, &none, folder.path(), Existing::Replace, &prover)
        };
        let written = write(&[ExportFormat::Docx, ExportFormat::Pdf, ExportFormat::Xlsx]).unwrap();
        let formats: Vec<_> = written.files.iter().map(|file| file.format).collect();
        assert_eq!(formats, [ExportFormat::Docx, ExportFormat::Xlsx]);
        assert!(written.notes[0].contains("没有找到可用的中文字体") && written.notes[1] == NO_PHOTOS);
        assert!(written.files.iter().all(|file| file.path.exists()));
        assert_eq!(write(&[ExportFormat::Pdf]).unwrap_err().code(), "font_missing");
    }

    #[test]
    fn a_leak_leaves_nothing_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let hidden = zhucun_core::report::hidden::Hidden { by_shape: true, ..Default::default() };
        let mut document = fixture::document();
        document.annexes[1].table.rows[0][1] = zhucun_core::report::document::Cell::text_of("11010519491231002X");
        let formats = [ExportFormat::Docx, ExportFormat::Pdf, ExportFormat::Xlsx];
        let parts = ReportParts { document: &document, album: None, formats: &formats };
        let written = write_report(parts, fixture::fonts(), folder.path(), Existing::Replace, &Prover::of(hidden).into());
        let error = written.unwrap_err();
        assert!(error.code() == "unmasked" && error.to_string().contains("110105********002X"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_taken_name_of_the_second_part_leaves_nothing_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let (report, mut album) = (fixture::document(), fixture::document());
        album.properties.title = "照片册".to_owned();
        let prover = LateProver::from(Prover::of(zhucun_core::report::hidden::Hidden::default()));
        let formats = [ExportFormat::Docx, ExportFormat::Xlsx];
        let parts = ReportParts { document: &report, album: Some(Some(&album)), formats: &formats };
        fs::write(folder.path().join("照片册.docx"), b"old").unwrap();
        let write = |existing| write_report(parts, fixture::fonts(), folder.path(), existing, &prover);
        assert_eq!(write(Existing::Ask).unwrap_err().code(), "exists");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(write(Existing::Rename).unwrap().files.len(), 3, "the album has no workbook");
        assert_eq!(fs::read(folder.path().join("照片册.docx")).unwrap(), b"old");
    }
}
