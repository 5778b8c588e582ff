//! What the shell itself refuses, beside the core, exports and imports. It knows nothing of the window, so that the test of the
//! catalogue of errors can walk it.

use std::path::PathBuf;

/// A refusal of the shell. Its text is plain Chinese and says what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShellError {
    /// No ledger is open.
    #[error("还没有打开台账。请先打开或新建一本")]
    NoLedger,
    /// A try at a passphrase before the wait after the last is over.
    #[error("请等{0}秒再试")]
    TooSoon(u64),
    /// An empty passphrase.
    #[error("请输入口令")]
    PassphraseEmpty,
    /// No copy of a key file.
    #[error("备份里也没有可用的密钥文件。请从优盘等处找到与台账同名的 .key 文件，放到台账旁边")]
    NoKeyFile,
    /// Only an encrypted ledger can be locked.
    #[error("没有加密的台账锁不住。请先在“设置 → 安全”里设口令")]
    CannotLock,
    /// The ledger could not be copied before it is closed; the text says why.
    #[error("关闭前的备份没有成功：{0}")]
    BackupFailed(String),
    /// No second place was chosen.
    #[error("请先选择另存的位置")]
    NoPlace,
    /// The second place is not there.
    #[error("没有找到“{}”。请插好优盘再试，或换一个位置", .0.display())]
    PlaceMissing(PathBuf),
    /// The second place cannot be written.
    #[error("没有能写到“{}”。请看优盘是否还插着、能不能写", .0.display())]
    PlaceUnwritable(PathBuf),
    /// The second place is full.
    #[error("“{}”空间不够，没有存过去。请清理后再试，或换一个优盘", .0.display())]
    PlaceFull(PathBuf),
    /// The system shows no dialog.
    #[error("没有能打开文件选择窗口。请重试，或重新启动程序")]
    Dialog,
    /// A setting could not be kept.
    #[error("没有能保存这项设置，请检查磁盘是否已满")]
    Settings,
    /// Neither a ledger nor written by this program.
    #[error("只能打开台账和本次导出的文件。请在文件管理器中打开别的文件")]
    NotExported,
    /// The system opens nothing.
    #[error("没有能打开。请在文件管理器中打开{}", .0.display())]
    OpenFailed(PathBuf),
    /// Bytes that the page sent did not arrive whole.
    #[error("文件没有传完整，请重试")]
    ContentCut,
    /// Placeholders of a form are not understood.
    #[error("表里还有没认出的占位符。请改好再填，或选择“照样填写”，没认出的会留在原处并标出")]
    FormOpen,
    /// The figure is not in the report any more.
    #[error("这个数字已不在报告中，请刷新报告")]
    FigureGone,
    /// An unmasked export must be confirmed.
    #[error("“内部”不脱敏：姓名、身份证号、电话都会完整写出。请确认只在内部使用，再导出")]
    ExportNeedsConfirmation,
    /// A photo that waited was let go.
    #[error("这张照片已不在等待中，请重新添加")]
    PhotoNotWaiting,
    /// A photo's content is not in the ledger.
    #[error("照片内容缺失，请重新添加这张照片")]
    PhotoGone,
    /// A photo's file cannot be read.
    #[error("读不了这个文件，可能已被移走，或正被别的程序占用。请确认文件还在，关闭占用它的程序后再添加")]
    PhotoUnreadable,
    /// No photo fits.
    #[error("没有符合条件的照片。可以放宽日期和类别再试")]
    NoPhotos,
    /// A template file cannot be read.
    #[error("没有能读取这个文件。请确认文件还在，并且没有被别的程序占用")]
    OutlineUnreadable,
    /// A template file of another name.
    #[error("模板文件的扩展名应为 .zcjm。请改名后再存")]
    OutlineName,
    /// No file is open to be imported.
    #[error("没有打开要导入的表格，请重新选择文件")]
    NoImport,
    /// Nothing was imported, so that nothing can be marked.
    #[error("还没有导入，没有可标记的行。请先导入")]
    NothingImported,
}

impl ShellError {
    /// Stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            ShellError::NoLedger => "no_ledger",
            ShellError::TooSoon(_) => "too_soon",
            ShellError::PassphraseEmpty => "passphrase_empty",
            ShellError::NoKeyFile => "no_key_file",
            ShellError::CannotLock => "cannot_lock",
            ShellError::BackupFailed(_) => "backup_failed",
            ShellError::NoPlace => "no_place",
            ShellError::PlaceMissing(_) => "place_missing",
            ShellError::PlaceUnwritable(_) => "place_unwritable",
            ShellError::PlaceFull(_) => "place_full",
            ShellError::Dialog => "dialog",
            ShellError::Settings => "settings",
            ShellError::NotExported => "not_exported",
            ShellError::OpenFailed(_) => "open_failed",
            ShellError::ContentCut => "content_cut",
            ShellError::FormOpen => "form_open",
            ShellError::FigureGone => "figure_gone",
            ShellError::ExportNeedsConfirmation => "export_needs_confirmation",
            ShellError::PhotoNotWaiting => "photo_not_waiting",
            ShellError::PhotoGone => "photo_gone",
            ShellError::PhotoUnreadable => "photo_unreadable",
            ShellError::NoPhotos => "no_photos",
            ShellError::OutlineUnreadable => "outline_unreadable",
            ShellError::OutlineName => "outline_name",
            ShellError::NoImport => "no_import",
            ShellError::NothingImported => "nothing_imported",
        }
    }
}
