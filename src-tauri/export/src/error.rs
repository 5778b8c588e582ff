//! What can go wrong while a report becomes a file, in words a user can act on.

use std::io;
use std::path::PathBuf;

use crate::proof::Leak;

/// Why a report was not written. The text is plain Chinese and says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The document could not be turned into the wanted format; the detail is for those who mend the program.
    #[error("报告排版没有完成，原有文件没有改动。请换一种格式导出，并把这份报告的设置告诉维护人员")]
    Typeset(String),
    /// No font for Chinese text was found.
    #[error(
        "没有找到可用的中文字体，排不出打印稿（PDF）。请安装仿宋、黑体、楷体、宋体后重试；文字稿（DOCX）和表格不受影响，可以先导出"
    )]
    FontMissing,
    /// Another program has the target open.
    #[error("这个文件正在别的程序中打开。请先在Word或WPS中关闭它，再重新导出")]
    InUse,
    /// The user may not write there, or the file is read-only.
    #[error("没有权限写入这个位置。请换一个文件夹，例如“文档”或桌面")]
    NotWritable,
    /// The folder does not exist (any more).
    #[error("保存文件夹不存在，U盘可能已拔出。请重新选择文件夹")]
    FolderMissing,
    /// No space left.
    #[error("磁盘空间不足。请清理磁盘，或换一个位置保存")]
    DiskFull,
    /// A file of that name is already there and the user did not ask to replace it.
    #[error("已有同名文件。请确认替换，或另存为“{}”", .proposed.file_name().unwrap_or_default().display())]
    Exists {
        /// A name that is still free.
        proposed: PathBuf,
    },
    /// The user stopped it.
    #[error("已停下，没有写文件")]
    Cancelled,
    /// More rows than a sheet holds.
    #[error("行数超过表格软件的上限，请先筛选再导出")]
    TooLong,
    /// A finished file shows what the masking profile hides; nothing was written.
    #[error("有{}处未脱敏，没有导出。请按提示改好记录或文字，再导出：{}", .0.len(), places(.0))]
    Unmasked(Vec<Leak>),
    /// Anything else the system reports.
    #[error("文件没有写成，请换一个位置重试（{0}）")]
    Write(String),
}

impl ExportError {
    /// A stable name for the window and for logs.
    pub fn code(&self) -> &'static str {
        match self {
            ExportError::Typeset(_) => "typeset",
            ExportError::FontMissing => "font_missing",
            ExportError::InUse => "in_use",
            ExportError::NotWritable => "not_writable",
            ExportError::FolderMissing => "folder_missing",
            ExportError::DiskFull => "disk_full",
            ExportError::Exists { .. } => "exists",
            ExportError::Cancelled => "cancelled",
            ExportError::TooLong => "too_long",
            ExportError::Unmasked(_) => "unmasked",
            ExportError::Write(_) => "write",
        }
    }
}

/// The first few places in words.
fn places(leaks: &[Leak]) -> String {
    const TOLD: usize = 5;
    let told = leaks.iter().take(TOLD).map(|leak| format!("{}有{}“{}”", leak.place, leak.what, leak.shown));
    let more = if leaks.len() > TOLD { "等" } else { "" };
    told.collect::<Vec<_>>().join("；") + more
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        if cfg!(windows) && matches!(error.raw_os_error(), Some(SHARING_VIOLATION | LOCK_VIOLATION)) {
            return ExportError::InUse;
        }
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ExportError::NotWritable,
            // Windows says of a file where a folder should be that it is there already.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => ExportError::FolderMissing,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ExportError::DiskFull,
            io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => ExportError::InUse,
            _ => ExportError::Write("磁盘或U盘出错".to_owned()),
        }
    }
}

/// Windows: `ERROR_SHARING_VIOLATION`.
const SHARING_VIOLATION: i32 = 32;
/// Windows: `ERROR_LOCK_VIOLATION`.
const LOCK_VIOLATION: i32 = 33;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_become_advice() {
        let code = |kind: io::ErrorKind| ExportError::from(io::Error::from(kind)).code();
        assert_eq!(code(io::ErrorKind::PermissionDenied), "not_writable");
        assert_eq!(code(io::ErrorKind::NotFound), "folder_missing");
        assert_eq!(code(io::ErrorKind::StorageFull), "disk_full");
        assert_eq!(code(io::ErrorKind::Other), "write");
        let exists = ExportError::Exists { proposed: PathBuf::from("夹/报告（2）.docx") };
        assert_eq!(exists.to_string(), "已有同名文件。请确认替换，或另存为“报告（2）.docx”");
    }
}
