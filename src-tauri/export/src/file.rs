//! Names for exported files, and writing them so that a failure never harms the file that was there before.

use std::borrow::Cow;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::report::document::Document;

use crate::{ExportError, Fonts, Prover};

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

/// Writes the report in several formats into a folder. All bytes are made, and searched for what must stay inside, before the
/// first file gets its name: a leak leaves nothing on the disk.
pub fn write_report(
    document: &Document,
    fonts: &Fonts,
    folder: &Path,
    formats: &[ExportFormat],
    existing: Existing,
    prover: &Prover,
) -> Result<WrittenReport, ExportError> {
    if !folder.is_dir() {
        return Err(ExportError::FolderMissing);
    }
    let mut files = Vec::new();
    for format in formats {
        let path = folder.join(file_name(document, format.extension()));
        let path = match existing {
            Existing::Ask if taken(&path) => return Err(ExportError::Exists { proposed: free_name(&path) }),
            Existing::Ask | Existing::Replace => path,
            Existing::Rename => free_name(&path),
        };
        files.push(WrittenFile { format: *format, path });
    }
    let (mut written, mut staged) = (WrittenReport::default(), Vec::new());
    let rendered = render_all(document, fonts, &files, prover);
    for (file, made) in files.into_iter().zip(rendered) {
        match made {
            // Without a font no page can be set, but the text and the tables need none.
            Err(ExportError::FontMissing) if formats.len() > 1 => written.notes.push(ExportError::FontMissing.to_string()),
            made => staged.push((file, made?)),
        }
    }
    if formats.contains(&ExportFormat::Pdf) {
        written.notes.extend(fonts.stand_ins());
    }
    for (file, staged) in staged {
        staged.put()?;
        written.files.push(file);
    }
    sync_folder(folder);
    Ok(written)
}

/// The formats side by side: each only reads the document. What each shows is read from its finished bytes, and waits on the
/// disk beside its place while the others are made.
fn render_all(
    document: &Document,
    fonts: &Fonts,
    files: &[WrittenFile],
    prover: &Prover,
) -> Vec<Result<Staged<'static>, ExportError>> {
    let render = |file: &WrittenFile| {
        let bytes = match file.format {
            ExportFormat::Docx => crate::docx(document),
            ExportFormat::Pdf => crate::pdf(document, fonts),
            ExportFormat::Xlsx => crate::xlsx(document),
        }?;
        let leaks = prover.leaks(file.format.extension(), &bytes)?;
        if leaks.is_empty() { Staged::write(&file.path, Cow::Owned(bytes)) } else { Err(ExportError::Unmasked(leaks)) }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = files.iter().map(|file| scope.spawn(move || render(file))).collect();
        let lost = || Err(ExportError::Typeset("a rendering stopped".to_owned()));
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| lost())).collect()
    })
}

/// Longest file stem, in characters: 80 Chinese characters are 240 bytes, and Linux allows 255 a name.
const LONGEST_STEM: usize = 70;

/// Names Windows keeps for devices, whatever their extension.
const DEVICES: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1", "LPT2", "LPT3",
    "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

/// Bytes that have reached the disk under a temporary name, in the folder where they are to lie.
struct Staged<'b> {
    path: PathBuf,
    bytes: Cow<'b, [u8]>,
    temporary: tempfile::NamedTempFile,
}

impl<'b> Staged<'b> {
    fn write(path: &Path, bytes: Cow<'b, [u8]>) -> Result<Self, ExportError> {
        if path.is_dir() || fs::metadata(path).is_ok_and(|meta| meta.permissions().readonly()) {
            return Err(ExportError::NotWritable);
        }
        let mut temporary = temporary_beside(path)?;
        temporary.write_all(&bytes)?;
        temporary.as_file().sync_all()?;
        Ok(Staged { path: path.to_path_buf(), bytes, temporary })
    }

    /// Takes the name in one step, and reads again what lies under it.
    fn put(self) -> Result<(), ExportError> {
        self.temporary.persist(&self.path).map_err(|failed| replacing_failed(&self.path, failed.error))?;
        let is_same = *fs::read(&self.path)? == *self.bytes;
        if is_same { Ok(()) } else { Err(ExportError::Write("写入后读出的内容不同".to_owned())) }
    }
}

/// Writes a file whole or not at all, replacing what was there.
///
/// The bytes go to a temporary file in the same folder, reach the disk, take the name in one step, and are read again.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    Staged::write(path, Cow::Borrowed(bytes))?.put()?;
    sync_folder(folder_of(path));
    Ok(())
}

/// Writes a file under a name that nothing has yet; answers with where it lies.
pub fn write_new(folder: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf, ExportError> {
    if !folder.is_dir() {
        return Err(ExportError::FolderMissing);
    }
    let path = free_name(&folder.join(format!("{}.{extension}", clean_stem(stem))));
    write_file(&path, bytes)?;
    Ok(path)
}

/// The first of `path`, `…（2）`, `…（3）` … that does not exist.
pub fn free_name(path: &Path) -> PathBuf {
    if !taken(path) {
        return path.to_path_buf();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    (2u32..)
        .map(|number| path.with_file_name(format!("{stem}（{number}）{extension}")))
        .find(|candidate| !taken(candidate))
        .unwrap_or_else(|| path.to_path_buf())
}

/// File name for a report: its title, cleaned for Windows, and `.` with `extension`; a workbook is called `…附件.xlsx`.
pub fn file_name(document: &Document, extension: &str) -> String {
    let suffix = if extension.eq_ignore_ascii_case("xlsx") { "附件" } else { "" };
    format!("{}{suffix}.{extension}", clean_stem(&document.properties.title))
}

/// A name that every system takes, without extension.
pub fn clean_name(title: &str) -> String {
    clean_stem(title)
}

fn clean_stem(title: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !matches!(c, '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let kept: String = title.chars().filter(allowed).take(LONGEST_STEM).collect();
    let stem = kept.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let device = stem.split('.').next().unwrap_or_default().trim();
    match stem {
        "" => "报告".to_owned(),
        _ if DEVICES.iter().any(|name| name.eq_ignore_ascii_case(device)) => format!("报告{stem}"),
        _ => stem.to_owned(),
    }
}

/// Whether something has this name, a dangling link included.
fn taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn temporary_beside(path: &Path) -> Result<tempfile::NamedTempFile, ExportError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".zhucunji-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    Ok(builder.tempfile_in(folder_of(path))?)
}

/// Windows answers "access denied" when the target is open elsewhere; the folder itself has just proved writable.
fn replacing_failed(path: &Path, error: std::io::Error) -> ExportError {
    if cfg!(windows) && error.kind() == std::io::ErrorKind::PermissionDenied && path.exists() {
        return ExportError::InUse;
    }
    error.into()
}

/// Makes new names themselves durable; where folders cannot be synced the files still are.
pub(crate) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn replaces_whole_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("报告.docx");
        write_file(&path, b"old").unwrap();
        write_file(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_keeps_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("报告.docx");
        write_file(&path, b"old").unwrap();
        let mut read_only = fs::metadata(&path).unwrap().permissions();
        read_only.set_readonly(true);
        fs::set_permissions(&path, read_only).unwrap();
        assert_eq!(write_file(&path, b"new").unwrap_err().code(), "not_writable");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_fonts_the_text_and_the_tables_are_written_and_the_pages_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let none = Fonts::of(fontdb::Database::new());
        let prover = Prover::of(zhucun_core::report::hidden::Hidden::default());
        let document = fixture::document();
        let write = |formats: &[ExportFormat]| write_report(&document, &none, folder.path(), formats, Existing::Replace, &prover);
        let written = write(&[ExportFormat::Docx, ExportFormat::Pdf, ExportFormat::Xlsx]).unwrap();
        let formats: Vec<_> = written.files.iter().map(|file| file.format).collect();
        assert_eq!(formats, [ExportFormat::Docx, ExportFormat::Xlsx]);
        assert!(written.notes[0].contains("没有找到可用的中文字体") && written.files.iter().all(|file| file.path.exists()));
        assert_eq!(write(&[ExportFormat::Pdf]).unwrap_err().code(), "font_missing");
    }

    #[test]
    fn a_leak_leaves_nothing_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let hidden = zhucun_core::report::hidden::Hidden { by_shape: true, ..Default::default() };
        let mut document = fixture::document();
        document.annexes[1].table.rows[0][1] = zhucun_core::report::document::Cell::text_of("11010519491231002X");
        let formats = [ExportFormat::Docx, ExportFormat::Pdf, ExportFormat::Xlsx];
        let written = write_report(&document, fixture::fonts(), folder.path(), &formats, Existing::Replace, &Prover::of(hidden));
        let error = written.unwrap_err();
        assert!(error.code() == "unmasked" && error.to_string().contains("110105********002X"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_missing_folder_and_a_folder_as_target_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write_file(&folder.path().join("无/报告.docx"), b"x").unwrap_err().code(), "folder_missing");
        assert_eq!(write_file(folder.path(), b"x").unwrap_err().code(), "not_writable");
    }

    #[test]
    fn free_names_count_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("报告1.2版.docx");
        assert_eq!(free_name(&path), path);
        fs::write(&path, b"").unwrap();
        fs::write(folder.path().join("报告1.2版（2）.docx"), b"").unwrap();
        assert_eq!(free_name(&path), folder.path().join("报告1.2版（3）.docx"));
    }

    #[test]
    fn names_are_fit_for_windows() {
        let mut document = fixture::document();
        document.properties.title = "关于a/b:c*?\"<>|\\\n的报告. ".to_owned();
        assert_eq!(file_name(&document, "docx"), "关于abc的报告.docx");
        assert_eq!(file_name(&document, "xlsx"), "关于abc的报告附件.xlsx");
        document.properties.title = "//".to_owned();
        assert_eq!(file_name(&document, "pdf"), "报告.pdf");
        document.properties.title = "con".to_owned();
        assert_eq!(file_name(&document, "pdf"), "报告con.pdf");
        document.properties.title = "长".repeat(300);
        assert!(file_name(&document, "xlsx").len() < 255);
    }
}
