//! What a file may be. Photos come from others, and a file of a kilobyte can claim to be a gigapixel; so limits are checked
//! on what is declared before memory is taken for it.

use crate::error::{MediaError, Result};

/// Bytes of a file: a photo of 100 megapixels has 40 MB.
pub const FILE: usize = 60 << 20;
/// Pixels of a picture.
pub const PIXELS: u64 = 120_000_000;
/// Pixels of a HEIC picture, which cannot be decoded at a smaller scale: about 500 MB while it is worked on.
pub const HEIC_PIXELS: u64 = 50_000_000;
/// Bytes that a decoder may take at once.
pub const MEMORY: u64 = 400 << 20;
/// Passes over a progressive JPEG: encoders write about ten; thousands only keep a processor busy.
pub const SCANS: usize = 200;
/// Bytes of an EXIF block that is looked at.
pub const EXIF: usize = 1 << 20;
/// Bytes of a colour profile that is looked at.
pub const PROFILE: usize = 2 << 20;
/// Longer side of a kept picture.
pub const SIDE: u32 = 1920;
/// Longer side of a thumbnail.
pub const THUMBNAIL: u32 = 240;
/// Longer side below which a picture prints blurred.
pub const SMALL: u32 = 640;

/// The file as a whole.
pub(crate) fn check_file(bytes: &[u8]) -> Result<()> {
    match bytes.len() {
        0 => Err(MediaError::Empty),
        length if length > FILE => Err(MediaError::FileTooLarge { limit: FILE >> 20 }),
        _ => Ok(()),
    }
}

/// The declared size of a picture.
pub(crate) fn check_pixels(width: u32, height: u32, most: u64) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(MediaError::Damaged);
    }
    if u64::from(width) * u64::from(height) > most {
        return Err(MediaError::TooManyPixels { width, height });
    }
    Ok(())
}
