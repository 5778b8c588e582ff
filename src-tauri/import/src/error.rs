//! Why a file cannot be read, in words a user can act on.

/// Result of reading a file.
pub type Result<T> = std::result::Result<T, ReadError>;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Larger than any ledger of a village.
    #[error("文件太大（超过{limit}MB），没有打开。请拆成几个文件，或删去图片后再导入")]
    TooLarge {
        /// The limit in MB.
        limit: u64,
    },
    /// Unpacked, it would fill the memory: a bomb, or a sheet formatted to its last row.
    #[error("文件展开后太大（{what}），为安全起见没有打开。请把要导入的部分复制到一个新表格里，另存为 .xlsx 后再导入")]
    Bomb {
        /// What there is too much of.
        what: &'static str,
    },
    /// Locked by a password.
    #[error("这个表格设了打开密码。请先在 WPS 或 Excel 里取消密码，保存后再导入")]
    Password,
    /// Damaged or cut off.
    #[error("这个表格已损坏或没有下载完整。请用 WPS 或 Excel 打开检查，另存为 .xlsx 后再导入")]
    Damaged,
    /// Holds what no sheet should.
    #[error("这个表格含有不安全的内容（DTD），没有打开。请用 WPS 或 Excel 打开，另存为 .xlsx 后再导入")]
    Unsafe,
    /// A web page under the name of a sheet, as some systems export.
    #[error("这个文件其实是网页格式，只是名字像表格。请用 WPS 或 Excel 打开，另存为 .xlsx 后再导入")]
    WebPage,
    /// A binary workbook, which is not read.
    #[error("不支持 .xlsb 格式。请用 WPS 或 Excel 打开，另存为 .xlsx 后再导入")]
    Binary,
    /// Something else altogether.
    #[error("这个文件不是表格。请选择 .xlsx、.xls、.ods 或 .csv 文件")]
    NotATable,
    /// Nothing in it.
    #[error("这个表格是空的")]
    Empty,
    /// No sheet of that name.
    #[error("表格里没有这个工作表，请重新选择")]
    NoSuchSheet,
    /// The user stopped it.
    #[error("已取消")]
    Cancelled,
    /// The file cannot be read from the disk.
    #[error("读不了这个文件：{0}。可能正被别的程序占用，请关闭后再试")]
    Io(String),
}

impl ReadError {
    /// Stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            ReadError::TooLarge { .. } => "file_too_large",
            ReadError::Bomb { .. } => "file_bomb",
            ReadError::Password => "file_password",
            ReadError::Damaged => "file_damaged",
            ReadError::Unsafe => "file_unsafe",
            ReadError::WebPage => "file_web_page",
            ReadError::Binary => "file_xlsb",
            ReadError::NotATable => "file_not_a_table",
            ReadError::Empty => "file_empty",
            ReadError::NoSuchSheet => "no_such_sheet",
            ReadError::Cancelled => "cancelled",
            ReadError::Io(_) => "file_io",
        }
    }
}
