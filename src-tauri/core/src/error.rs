//! What can go wrong in the core, in words a user can act on.

use std::io::ErrorKind;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::records::{Kind, RecordRef};

/// Result of the core.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of the core. Its text is plain Chinese, names no person, and says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Hard rules are broken; nothing was stored.
    #[error("有{}处填写不正确，请按提示修改后再保存", .0.len())]
    Refused(Vec<Finding>),
    /// Soft rules are broken; can be stored with a reason for each.
    #[error("有{}处需要核对。确认无误的，请写明理由后保存", .0.len())]
    NeedsReason(Vec<Finding>),
    /// The record is not there.
    #[error("没有找到这条{}，可能已被彻底删除", .0.label())]
    NotFound(Kind),
    /// Somebody else stored the record in between.
    #[error("这条{}已在别处改过。请重新打开后再改", .0.label())]
    Stale(Kind),
    /// Other records still refer to the record.
    #[error("这条{}还被{referrers}引用，不能删除。请先处理这些记录", kind.label())]
    InUse {
        /// The record's kind.
        kind: Kind,
        /// Who refers to it, such as `3条走访、1条申报`.
        referrers: String,
    },
    /// There is nothing to undo or redo.
    #[error("没有可以{0}的操作")]
    NothingTo(&'static str),
    /// A request from outside that does not fit the record's shape.
    #[error("传入的内容无法识别：{0}")]
    BadInput(String),
    /// The file is not one of our ledgers.
    #[error("这个文件不是驻村记台账。请选择扩展名为 .zcj 的台账文件")]
    NotALedger,
    /// A later program wrote the ledger.
    #[error("这本台账由更新版本的驻村记写成（格式{found}，本程序支持到{known}）。请升级程序后再打开，文件未作任何改动")]
    LedgerNewer {
        /// Schema version in the file.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// Another window or process has the ledger open.
    #[error("这本台账正在另一个窗口或程序中使用。请先关闭那边，再打开")]
    LedgerLocked,
    /// The file or its folder cannot be written.
    #[error("台账文件或所在文件夹是只读的，无法写入。请复制到“文档”文件夹后再打开")]
    LedgerReadOnly,
    /// No such file.
    #[error("没有找到这个台账文件，可能已被移动或改名。请找到它再打开，或用备份恢复")]
    LedgerMissing,
    /// The open file was moved away, deleted or replaced.
    #[error("台账文件在打开期间被移走、删除或换成了别的文件，这次没有保存。请把它放回原处，或先备份到别处，再重新打开")]
    LedgerMoved,
    /// A file of that name exists.
    #[error("这里已有同名文件。请换一个名字，或直接打开它")]
    LedgerExists,
    /// The file is damaged.
    #[error("台账文件已损坏，程序没有改动它。请用最近的备份，或联系维护人员")]
    LedgerDamaged,
    /// The ledger is encrypted, and nothing was given to open it with.
    #[error("这本台账已加密，请输入口令")]
    PassphraseNeeded,
    /// Another passphrase.
    #[error("口令不对，请再输一次。忘记口令的，可以用恢复密钥打开")]
    PassphraseWrong,
    /// A recovery key that cannot be one.
    #[error("恢复密钥抄写有误，请对照纸上逐个字符再看一遍")]
    RecoveryKeyMistyped,
    /// The recovery key of another ledger, or an old one.
    #[error("恢复密钥不对，可能是另一本台账的，或已换过新的")]
    RecoveryKeyWrong,
    /// What looks like an encrypted ledger has no key file beside it.
    #[error("台账旁边没有密钥文件（与台账同名，后加“.key”），加密的台账离了它打不开。请从备份中找回，放到台账所在的文件夹")]
    KeyFileMissing,
    /// The key file is damaged.
    #[error("台账的密钥文件（.key）已损坏，台账本身没有改动。请用备份中的同名密钥文件替换")]
    KeyFileDamaged,
    /// Only an encrypted ledger has a passphrase to change.
    #[error("这本台账没有加密，没有口令可改")]
    NotEncrypted,
    /// A copy that is damaged, not whole, or no ledger.
    #[error("这份备份已损坏，或者不是驻村记台账，没有采用。请换一份备份")]
    BackupDamaged,
    /// A file that is no hand-over file.
    #[error("这个文件不是驻村记的移交文件。请选择移交人给的那个移交文件")]
    NotAHandOver,
    /// A hand-over file that a later program wrote.
    #[error("这个移交文件由更新版本的驻村记写成。请升级程序后再接收，文件未作任何改动")]
    HandOverNewer,
    /// A hand-over file that ends too early.
    #[error("移交文件不完整，可能复制时中断了，没有接收。请移交人重新复制一份")]
    HandOverCutOff,
    /// A hand-over file in which a byte is another.
    #[error("移交文件已损坏或被改动过，没有接收。请移交人重新复制一份，或重新移交")]
    HandOverDamaged,
    /// A hand-over code that cannot be one.
    #[error("交接码输入有误，请对照移交人给的交接码逐个字符再看一遍")]
    HandOverCodeMistyped,
    /// The hand-over code, or the passphrase that was agreed on, of another file.
    #[error("交接码或约定的口令不对，可能是另一个移交文件的。请向移交人核对后再输")]
    HandOverCodeWrong,
    /// What was written to another place reads differently.
    #[error("写过去的文件读回来不一致，没有采用。这个优盘或磁盘可能有毛病，请换一个")]
    CopyDiffers,
    /// No room left.
    #[error("磁盘已满，这次没有保存。请清理磁盘后再保存，原有内容没有受影响")]
    DiskFull,
    /// The disk, stick or network drive fails.
    #[error("读写磁盘时出错，这次没有完成，已保存的内容没有受影响。请检查磁盘、U盘或网络盘，再试一次")]
    DiskFailed,
    /// The user stopped it; nothing was changed.
    #[error("已取消，台账没有改动")]
    Cancelled,
    /// The file system refuses.
    #[error("{}", words_for(.0))]
    Io(std::io::Error),
    /// A template cannot be used.
    #[error("报告模板“{template}”有误：{message}")]
    Template {
        /// The template's name.
        template: String,
        /// What is wrong, with the place.
        message: String,
    },
    /// The audit found what cannot be right.
    #[error("数字核对还有{0}处错误，改正后才能签发")]
    AuditErrors(usize),
    /// What was frozen of a finalised report is not there or was tampered with.
    #[error("这份签发稿的内容与指纹不符，文件可能被别的程序改过。请用最近的备份核对")]
    FrozenDamaged,
    /// Only a finalised report can be verified and revised; only a draft can be finalised.
    #[error("{0}")]
    NotNow(&'static str),
    /// SQLite refuses for a reason not named above.
    #[error("台账读写没有成功（代码{}），这次没有保存。请关闭台账，重新打开后再试；还不行，请检查台账", sqlite_code(.0))]
    Storage(rusqlite::Error),
}

impl Error {
    /// Stable name of the case, for the interface and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Refused(_) => "refused",
            Error::NeedsReason(_) => "needs_reason",
            Error::NotFound(_) => "not_found",
            Error::Stale(_) => "stale",
            Error::InUse { .. } => "in_use",
            Error::NothingTo(_) => "nothing_to_undo",
            Error::BadInput(_) => "bad_input",
            Error::NotALedger => "not_a_ledger",
            Error::LedgerNewer { .. } => "ledger_newer",
            Error::LedgerLocked => "ledger_locked",
            Error::LedgerReadOnly => "ledger_read_only",
            Error::LedgerMissing => "ledger_missing",
            Error::LedgerMoved => "ledger_moved",
            Error::LedgerExists => "ledger_exists",
            Error::LedgerDamaged => "ledger_damaged",
            Error::PassphraseNeeded => "passphrase_needed",
            Error::PassphraseWrong => "passphrase_wrong",
            Error::RecoveryKeyMistyped => "recovery_key_mistyped",
            Error::RecoveryKeyWrong => "recovery_key_wrong",
            Error::KeyFileMissing => "key_file_missing",
            Error::KeyFileDamaged => "key_file_damaged",
            Error::NotEncrypted => "not_encrypted",
            Error::BackupDamaged => "backup_damaged",
            Error::NotAHandOver => "not_a_hand_over",
            Error::HandOverNewer => "hand_over_newer",
            Error::HandOverCutOff => "hand_over_cut_off",
            Error::HandOverDamaged => "hand_over_damaged",
            Error::HandOverCodeMistyped => "hand_over_code_mistyped",
            Error::HandOverCodeWrong => "hand_over_code_wrong",
            Error::CopyDiffers => "copy_differs",
            Error::DiskFull => "disk_full",
            Error::DiskFailed => "disk_failed",
            Error::Cancelled => "cancelled",
            Error::Io(_) => "io",
            Error::Template { .. } => "template",
            Error::AuditErrors(_) => "audit_errors",
            Error::FrozenDamaged => "frozen_damaged",
            Error::NotNow(_) => "not_now",
            Error::Storage(_) => "storage",
        }
    }

    /// The findings behind a refusal.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Error::Refused(findings) | Error::NeedsReason(findings) => findings,
            _ => &[],
        }
    }

    /// Whether the ledger itself could not be opened (exit code 3 of the command line).
    pub fn is_about_ledger(&self) -> bool {
        matches!(
            self,
            Error::NotALedger
                | Error::LedgerNewer { .. }
                | Error::LedgerLocked
                | Error::LedgerReadOnly
                | Error::LedgerMissing
                | Error::LedgerMoved
                | Error::LedgerExists
                | Error::LedgerDamaged
                | Error::PassphraseNeeded
                | Error::PassphraseWrong
                | Error::RecoveryKeyMistyped
                | Error::RecoveryKeyWrong
                | Error::KeyFileMissing
                | Error::KeyFileDamaged
                | Error::DiskFull
                | Error::DiskFailed
        )
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::DiskFull,
            _ => Error::Io(error),
        }
    }
}

/// What the system says, in words a user can act on.
fn words_for(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "没有找到文件或文件夹，U盘可能已拔出。请重新选择位置",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "没有权限读写这个位置。请换一个文件夹，例如“文档”",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "文件正被别的程序占用。请关闭后再试",
        _ => "读写文件时出错。请检查磁盘或U盘，再试一次",
    }
}

/// SQLite's number of a case, for those who mend the program; 0 where there is none.
fn sqlite_code(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Error::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Error::LedgerReadOnly,
            Some(ErrorCode::NotADatabase) => Error::NotALedger,
            Some(ErrorCode::DatabaseCorrupt) => Error::LedgerDamaged,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Error::DiskFailed,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::LedgerLocked,
            _ => Error::Storage(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::BadInput(format!("第{}行第{}列格式不对", error.line(), error.column()))
    }
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Refused.
    Hard,
    /// Warned; can be kept with a reason.
    Soft,
}

/// One broken rule of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Refused or warned.
    pub severity: Severity,
    /// Stable name of the rule.
    pub code: String,
    /// Path of the field, such as `members.2.id_number`.
    pub field: String,
    /// What is wrong and what to do, in Chinese; names the field, never a person.
    pub message: String,
    /// Another record that it is about, such as the household in which a number is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<RecordRef>,
}

/// An error as it crosses to the window or to a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// [`Error::code`].
    pub code: String,
    /// What failed and what to do, in Chinese.
    pub message: String,
    /// The broken rules, field by field.
    pub findings: Vec<Finding>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { code: error.code().to_owned(), message: error.to_string(), findings: error.findings().to_vec() }
    }
}
