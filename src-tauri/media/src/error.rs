//! Why a file is not taken in, in words a user can act on.

/// Result of this crate.
pub type Result<T> = std::result::Result<T, MediaError>;

/// Why a file is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// Nothing in it.
    #[error("文件是空的，可能没有传完。请重新发送或复制这张照片")]
    Empty,
    /// Too many bytes.
    #[error("文件太大（超过{limit}MB）。请用手机或电脑自带的看图程序另存为JPG后再添加")]
    FileTooLarge {
        /// The limit in MB.
        limit: usize,
    },
    /// Too many pixels to be decoded on a small computer, or a bomb.
    #[error("图片尺寸太大（{width}×{height}），为安全起见没有打开。请缩小后再添加")]
    TooManyPixels {
        /// Declared width.
        width: u32,
        /// Declared height.
        height: u32,
    },
    /// Damaged or cut off.
    #[error("照片已损坏或没有下载完整，读不出来。请重新发送或复制这张照片")]
    Damaged,
    /// A HEIC that cannot be decoded here.
    #[error("这张HEIC照片读不出来。请在iPhone“设置→相机→格式”里选“兼容性最佳”再拍；已拍的可用微信发送原图，再存成JPG后添加")]
    Heic,
    /// A document, not a picture.
    #[error("目前只收照片（JPG、PNG、WebP、HEIC），不收PDF。请把需要的那一页截图或拍照后添加")]
    Pdf,
    /// A film, such as what iPhones keep beside a live photo.
    #[error("这是视频，不是照片，没有添加")]
    Video,
    /// A picture of a kind that is not read.
    #[error("暂不支持{0}格式的图片。请用看图程序另存为JPG后添加")]
    OtherPicture(&'static str),
    /// Something else altogether.
    #[error("这个文件不是照片。请选择照片（JPG、PNG、WebP、HEIC）")]
    NotAPicture,
    /// The picture could not be written; a fault of the program.
    #[error("照片没有处理成功。请再试一次，或把照片另存为JPG后添加")]
    Encode,
}

impl MediaError {
    /// Stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            MediaError::Empty => "photo_empty",
            MediaError::FileTooLarge { .. } => "photo_file_too_large",
            MediaError::TooManyPixels { .. } => "photo_too_many_pixels",
            MediaError::Damaged => "photo_damaged",
            MediaError::Heic => "photo_heic",
            MediaError::Pdf => "photo_pdf",
            MediaError::Video => "photo_video",
            MediaError::OtherPicture(_) => "photo_other_format",
            MediaError::NotAPicture => "not_a_photo",
            MediaError::Encode => "photo_encode",
        }
    }
}
