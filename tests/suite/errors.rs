//! The catalogue of errors: each has a code of its own, says in Chinese what failed and what to do, and lets no library speak.
//! `docs/errors.md` is this catalogue; after a change run the test with `ZHUCUN_WRITE=1`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;

use zhucun_core::records::Kind;
use zhucun_core::{Error, Finding, Severity};
use zhucun_export::form::FormError;
use zhucun_export::{ExportError, Leak};
use zhucun_import::error::ReadError;
use zhucun_media::MediaError;

/// One of each case of the core. The match below it does not compile when a case is missing there; add it here too.
fn of_the_core() -> Vec<Error> {
    let finding = Finding {
        severity: Severity::Hard,
        code: "required".into(),
        field: "name".into(),
        message: "请填写姓名".into(),
        about: None,
    };
    let system = |kind: io::ErrorKind| Error::from(io::Error::from(kind));
    vec![
        Error::Refused(vec![finding.clone()]),
        Error::NeedsReason(vec![finding]),
        Error::NotFound(Kind::Visit),
        Error::Stale(Kind::Visit),
        Error::InUse { kind: Kind::Household, referrers: "3条走访".into() },
        Error::NothingTo("撤销"),
        Error::BadInput("“甲”不是报告期".into()),
        Error::NotALedger,
        Error::LedgerNewer { found: 9, known: 2 },
        Error::LedgerLocked,
        Error::LedgerReadOnly,
        Error::LedgerMissing,
        Error::LedgerMoved,
        Error::LedgerExists,
        Error::LedgerDamaged,
        Error::PassphraseNeeded,
        Error::PassphraseWrong,
        Error::RecoveryKeyMistyped,
        Error::RecoveryKeyWrong,
        Error::KeyFileMissing,
        Error::KeyFileDamaged,
        Error::NotEncrypted,
        Error::BackupDamaged,
        Error::NotAHandOver,
        Error::HandOverNewer,
        Error::HandOverCutOff,
        Error::HandOverDamaged,
        Error::HandOverCodeMistyped,
        Error::HandOverCodeWrong,
        Error::CopyDiffers,
        Error::DiskFull,
        Error::DiskFailed,
        Error::Cancelled,
        system(io::ErrorKind::Other),
        Error::Template { template: "我的总结".into(), message: "第3行有误".into() },
        Error::AuditErrors(2),
        Error::FrozenDamaged,
        Error::NotNow("这份报告已经签发"),
        Error::Storage(rusqlite::Error::InvalidQuery),
    ]
}

fn is_listed(error: &Error) -> bool {
    match error {
        Error::Refused(_) | Error::NeedsReason(_) | Error::NotFound(_) | Error::Stale(_) | Error::InUse { .. } => true,
        Error::NothingTo(_) | Error::BadInput(_) | Error::NotALedger | Error::LedgerNewer { .. } | Error::LedgerLocked => true,
        Error::LedgerReadOnly | Error::LedgerMissing | Error::LedgerMoved | Error::LedgerExists | Error::LedgerDamaged => true,
        Error::PassphraseNeeded | Error::PassphraseWrong | Error::RecoveryKeyMistyped | Error::RecoveryKeyWrong => true,
        Error::KeyFileMissing | Error::KeyFileDamaged | Error::NotEncrypted | Error::BackupDamaged | Error::CopyDiffers => true,
        Error::NotAHandOver | Error::HandOverNewer | Error::HandOverCutOff | Error::HandOverDamaged => true,
        Error::HandOverCodeMistyped | Error::HandOverCodeWrong => true,
        Error::DiskFull
        | Error::DiskFailed
        | Error::Cancelled
        | Error::Io(_)
        | Error::Template { .. }
        | Error::AuditErrors(_) => true,
        Error::FrozenDamaged | Error::NotNow(_) | Error::Storage(_) => true,
    }
}

fn of_exports() -> Vec<ExportError> {
    let leak = Leak { place: "正文第3段".into(), what: "身份证号".into(), shown: "9901…0015".into() };
    let all = vec![
        ExportError::Typeset(String::new()),
        ExportError::FontMissing,
        ExportError::InUse,
        ExportError::NotWritable,
        ExportError::FolderMissing,
        ExportError::DiskFull,
        ExportError::Exists { proposed: PathBuf::from("报告（2）.docx") },
        ExportError::Cancelled,
        ExportError::TooLong,
        ExportError::Unmasked(vec![leak]),
        ExportError::from(io::Error::from(io::ErrorKind::Other)),
    ];
    let is_listed = |error: &ExportError| match error {
        ExportError::Typeset(_) | ExportError::FontMissing | ExportError::InUse | ExportError::NotWritable => true,
        ExportError::FolderMissing | ExportError::DiskFull | ExportError::Exists { .. } | ExportError::Cancelled => true,
        ExportError::TooLong | ExportError::Unmasked(_) | ExportError::Write(_) => true,
    };
    assert!(all.iter().all(is_listed));
    all
}

fn of_forms() -> Vec<FormError> {
    let all = vec![
        FormError::Legacy { program: "Word", extension: "doc", wanted: "docx" },
        FormError::Password,
        FormError::Macros,
        FormError::Template,
        FormError::Other("图片"),
        FormError::Damaged,
        FormError::TooLarge("部件太多"),
        FormError::Unsafe,
    ];
    let is_listed = |error: &FormError| match error {
        FormError::Legacy { .. } | FormError::Password | FormError::Macros | FormError::Template => true,
        FormError::Other(_) | FormError::Damaged | FormError::TooLarge(_) | FormError::Unsafe => true,
    };
    assert!(all.iter().all(is_listed));
    all
}

fn of_workbooks() -> Vec<ReadError> {
    let all = vec![
        ReadError::TooLarge { limit: 50 },
        ReadError::Bomb { what: "单元格" },
        ReadError::Password,
        ReadError::Damaged,
        ReadError::Unsafe,
        ReadError::WebPage,
        ReadError::Binary,
        ReadError::NotATable,
        ReadError::Empty,
        ReadError::NoSuchSheet,
        ReadError::Cancelled,
        ReadError::Io("文件不存在".into()),
    ];
    let is_listed = |error: &ReadError| match error {
        ReadError::TooLarge { .. } | ReadError::Bomb { .. } | ReadError::Password | ReadError::Damaged => true,
        ReadError::Unsafe | ReadError::WebPage | ReadError::Binary | ReadError::NotATable | ReadError::Empty => true,
        ReadError::NoSuchSheet | ReadError::Cancelled | ReadError::Io(_) => true,
    };
    assert!(all.iter().all(is_listed));
    all
}

fn of_photos() -> Vec<MediaError> {
    let all = vec![
        MediaError::Empty,
        MediaError::FileTooLarge { limit: 60 },
        MediaError::TooManyPixels { width: 40_000, height: 30_000 },
        MediaError::Damaged,
        MediaError::Heic,
        MediaError::Pdf,
        MediaError::Video,
        MediaError::OtherPicture("GIF"),
        MediaError::NotAPicture,
        MediaError::Encode,
    ];
    let is_listed = |error: &MediaError| match error {
        MediaError::Empty | MediaError::FileTooLarge { .. } | MediaError::TooManyPixels { .. } | MediaError::Damaged => true,
        MediaError::Heic | MediaError::Pdf | MediaError::Video | MediaError::OtherPicture(_) => true,
        MediaError::NotAPicture | MediaError::Encode => true,
    };
    assert!(all.iter().all(is_listed));
    all
}

/// The shell's own. Its crate needs a window; this file of it does not.
#[path = "../../src-tauri/src/shell_error.rs"]
mod shell_error;

use shell_error::ShellError;

fn of_the_shell() -> Vec<ShellError> {
    let place = || PathBuf::from("优盘");
    let all = vec![
        ShellError::NoLedger,
        ShellError::TooSoon(4),
        ShellError::PassphraseEmpty,
        ShellError::NoKeyFile,
        ShellError::CannotLock,
        ShellError::BackupFailed(Error::DiskFull.to_string()),
        ShellError::NoPlace,
        ShellError::PlaceMissing(place()),
        ShellError::PlaceUnwritable(place()),
        ShellError::PlaceFull(place()),
        ShellError::Dialog,
        ShellError::Settings,
        ShellError::NotExported,
        ShellError::OpenFailed(PathBuf::from("报告.docx")),
        ShellError::ContentCut,
        ShellError::FormOpen,
        ShellError::FigureGone,
        ShellError::ExportNeedsConfirmation,
        ShellError::PhotoNotWaiting,
        ShellError::PhotoGone,
        ShellError::PhotoUnreadable,
        ShellError::NoPhotos,
        ShellError::OutlineUnreadable,
        ShellError::OutlineName,
        ShellError::NoImport,
        ShellError::NothingImported,
    ];
    let is_listed = |error: &ShellError| match error {
        ShellError::NoLedger | ShellError::TooSoon(_) | ShellError::PassphraseEmpty | ShellError::NoKeyFile => true,
        ShellError::CannotLock | ShellError::BackupFailed(_) | ShellError::NoPlace | ShellError::PlaceMissing(_) => true,
        ShellError::PlaceUnwritable(_) | ShellError::PlaceFull(_) | ShellError::Dialog | ShellError::Settings => true,
        ShellError::NotExported | ShellError::OpenFailed(_) | ShellError::ContentCut | ShellError::FormOpen => true,
        ShellError::FigureGone | ShellError::ExportNeedsConfirmation | ShellError::PhotoNotWaiting => true,
        ShellError::PhotoGone | ShellError::PhotoUnreadable | ShellError::NoPhotos => true,
        ShellError::OutlineUnreadable | ShellError::OutlineName | ShellError::NoImport | ShellError::NothingImported => true,
    };
    assert!(all.iter().all(is_listed));
    all
}

/// Code and text of every case, by where it comes from. Window and command line put `export_` before the codes of exports.
fn catalogue() -> Vec<(&'static str, Vec<(String, String)>)> {
    let core = of_the_core();
    assert!(core.iter().all(is_listed));
    let coded = |code: &str, text: &dyn std::fmt::Display| (code.to_owned(), text.to_string());
    vec![
        ("台账", core.iter().map(|error| coded(error.code(), error)).collect()),
        ("导出", of_exports().iter().map(|error| coded(&format!("export_{}", error.code()), error)).collect()),
        ("乡镇自己的表", of_forms().iter().map(|error| coded(error.code(), error)).collect()),
        ("导入", of_workbooks().iter().map(|error| coded(error.code(), error)).collect()),
        ("窗口", of_the_shell().iter().map(|error| coded(error.code(), error)).collect()),
        // What the command line says of a wrong argument depends on the argument.
        ("命令行", vec![("usage".to_owned(), "台账中没有“甲村”这个村。请核对名称".to_owned())]),
        ("照片", of_photos().iter().map(|error| coded(error.code(), error)).collect()),
    ]
}

/// Names of programs and formats that users know.
const KNOWN: [&str; 10] = ["docx", "DOCX", "xlsx", "xlsb", "Word", "Excel", "HEIC", "WebP", "iPhone", "zcjm"];

/// Codes whose text leaves nothing to be done: what was asked for did not happen, and is said so.
const NOTHING_TO_DO: [&str; 8] =
    ["cancelled", "export_cancelled", "nothing_to_undo", "not_found", "not_encrypted", "file_empty", "photo_video", "not_now"];

#[test]
fn every_error_has_a_code_a_chinese_text_and_says_what_to_do() {
    let (mut codes, mut silent) = (BTreeSet::new(), Vec::new());
    for (from, errors) in catalogue() {
        for (code, text) in errors {
            assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
            // Being stopped by the user is one thing, wherever it happens.
            assert!(codes.insert(code.clone()) || code == "cancelled", "{code} is used twice");
            let foreign = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| word.len() > 3 && !KNOWN.contains(word));
            assert_eq!(foreign, None, "{from}, {code}: {text}");
            assert!(text.chars().any(|c| c > '\u{4e00}') && !text.ends_with('：'), "{code}: {text}");
            let does = ["请", "可以", "改正后", "换", "不用"].iter().any(|word| text.contains(word));
            let needs = !NOTHING_TO_DO.contains(&code.as_str()) && code != "bad_input" && code != "template";
            if needs && !does {
                silent.push(format!("{from}, {code}: {text}"));
            }
        }
    }
    assert!(silent.is_empty(), "these do not say what to do:\n{}", silent.join("\n"));
}

/// The sources of the shell and the command line, below `src-tauri`.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../src-tauri").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// A refusal has a code of the catalogue: nobody but the types that are walked here makes one out of words.
#[test]
fn the_shell_refuses_with_errors_of_the_catalogue_alone() {
    let sources = sources("src");
    assert!(sources.len() > 30);
    for (path, text) in sources {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!text.contains("Failure {") || name == "error.rs", "{name} makes a failure of its own");
        assert!(!text.contains("Refusal::of(") || name == "error.rs", "{name} makes a refusal out of words");
        assert!(!text.contains("：{error}") || name == "lib.rs" || name == "error.rs", "{name} shows what the system says");
    }
}

#[test]
fn what_the_system_says_is_said_in_words_of_our_own() {
    use io::ErrorKind::*;
    for kind in [NotFound, PermissionDenied, StorageFull, ReadOnlyFilesystem, TimedOut, Interrupted, Other, UnexpectedEof] {
        let error = Error::from(io::Error::new(kind, "Input/output error (os error 5)"));
        assert!(!error.to_string().contains("error"), "{kind:?}: {error}");
    }
    let sqlite = Error::from(rusqlite::Error::InvalidParameterName("SELECT * FROM household".into()));
    assert!(!sqlite.to_string().contains("household"), "{sqlite}");
    let json = serde_json::from_str::<u8>("{\"name\": \"石老三\"").unwrap_err();
    assert!(!Error::from(json).to_string().contains("expected"), "nor a parser");
}

#[test]
fn the_catalogue_in_the_documents_is_this_one() {
    let mut text = String::from(
        "# 错误目录 / Errors\n\nEvery error that the window or the command line can show: its code, for programs, and its words, for people. \
         Written by `tests/suite/errors.rs`.\n",
    );
    for (from, errors) in catalogue() {
        write!(text, "\n## {from}\n\n| code | text |\n| --- | --- |\n").unwrap();
        errors.iter().for_each(|(code, words)| writeln!(text, "| `{code}` | {} |", words.replace('|', "\\|")).unwrap());
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/errors.md");
    if std::env::var_os("ZHUCUN_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).is_ok_and(|kept| kept == text), "docs/errors.md is stale; run with ZHUCUN_WRITE=1");
}
