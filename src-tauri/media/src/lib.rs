//! Photos of others into small clean pictures: **bytes → format → pixels → upright → 1920 px → bytes without a past**.
//!
//! - [`limits`]: what a file may be before any of it is decoded; [`error`]: why not.
//! - [`format`]: what a file really is, whatever its name says.
//! - `decode`: one file a format; each gives pixels, the colour profile and the EXIF block.
//! - `taken`: day and time from EXIF. Nothing else of the metadata leaves this crate: the picture is encoded anew,
//!   so position, camera, owner's name and maker notes stay behind.
//! - `picture`: upright, scaled, in sRGB; encoded with its thumbnail.

mod decode;
pub mod error;
pub mod format;
pub mod limits;
mod picture;
mod taken;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use error::{MediaError, Result};
pub use format::Format;
pub use taken::Taken;

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its bytes.
    pub picture: Vec<u8>,
    /// A small JPEG of it.
    pub thumbnail: Vec<u8>,
    /// `image/jpeg`, or `image/png` where that is smaller.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// When it was taken, where the file says so.
    pub taken: Option<Taken>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// What the user should know of a photo that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The file said where it was taken; that is gone.
    PlaceRemoved,
    /// So small that it prints blurred.
    Small,
}

/// Makes a file a picture to keep. Never panics, whatever the bytes.
pub fn prepare(bytes: &[u8]) -> Result<Photo> {
    // Decoders of the world panic now and then on bytes that nobody thought of; for the user that is a damaged file.
    catch_unwind(AssertUnwindSafe(|| prepare_unguarded(bytes))).unwrap_or(Err(MediaError::Damaged))
}

fn prepare_unguarded(bytes: &[u8]) -> Result<Photo> {
    limits::check_file(bytes)?;
    let format = format::of(bytes);
    let decoded = decode::decode(format, bytes)?;
    let (taken, has_place) = decoded.exif.as_deref().map(taken::read).unwrap_or_default();
    let upright = picture::upright(decoded);
    let mut notes = Vec::new();
    if has_place {
        notes.push(Note::PlaceRemoved);
    }
    if upright.width().max(upright.height()) < limits::SMALL {
        notes.push(Note::Small);
    }
    let kept = picture::encode(&upright, matches!(format, Format::Png | Format::WebP))?;
    Ok(Photo {
        thumbnail: picture::thumbnail(&upright)?,
        picture: kept.bytes,
        media_type: kept.media_type,
        width: upright.width(),
        height: upright.height(),
        taken,
        notes,
    })
}

/// A kept picture turned clockwise by quarters, for a page or a file that cannot turn it itself.
pub fn turned(bytes: &[u8], quarters: u8) -> Result<Vec<u8>> {
    if quarters.is_multiple_of(4) {
        return Ok(bytes.to_vec());
    }
    catch_unwind(AssertUnwindSafe(|| picture::turned(bytes, quarters))).unwrap_or(Err(MediaError::Damaged))
}
