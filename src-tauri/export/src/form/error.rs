//! Why a form cannot be used, in words that say what to do.

/// Why a file is no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// An old binary format.
    #[error("这是旧版{program}文件（.{extension}）。请在Word或WPS里打开它，另存为 .{wanted}，再来选")]
    Legacy {
        /// Word or Excel.
        program: &'static str,
        /// Its extension.
        extension: &'static str,
        /// What it should become.
        wanted: &'static str,
    },
    /// A password is asked for.
    #[error("这个文件设了打开密码。请在Word或WPS里去掉密码，另存一份，再来选")]
    Password,
    /// Holds macros.
    #[error("这个文件带宏。请在Word或WPS里另存为不带宏的 .docx 或 .xlsx，再来选")]
    Macros,
    /// A template of Word or Excel, which opens as a new document.
    #[error("这是Word或Excel的模板文件。请打开它，另存为 .docx 或 .xlsx，再来选")]
    Template,
    /// Something else.
    #[error("这个文件不是Word或Excel表（看起来是{0}）。请选乡镇发的 .docx 或 .xlsx 表")]
    Other(&'static str),
    /// Looks right, but cannot be read.
    #[error("这个文件打不开，可能没有下载完整。请先用Word或WPS打开看看，另存一份，再来选")]
    Damaged,
    /// Larger than any form.
    #[error("这个文件太大或结构异常（{0}），为安全起见没有打开。请确认它是乡镇发的表")]
    TooLarge(&'static str),
    /// Holds a document type definition.
    #[error("这个文件里有不安全的内容（DTD），没有打开。请在Word或WPS里另存一份，再来选")]
    Unsafe,
}

impl FormError {
    /// A stable name for the window and for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            FormError::Legacy { .. } => "form_legacy",
            FormError::Password => "form_password",
            FormError::Macros => "form_macros",
            FormError::Template => "form_template",
            FormError::Other(_) => "form_other",
            FormError::Damaged => "form_damaged",
            FormError::TooLarge(_) => "form_too_large",
            FormError::Unsafe => "form_unsafe",
        }
    }
}
