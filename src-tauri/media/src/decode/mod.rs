//! Bytes into pixels, one file a format. No more is decoded than the kept picture needs.

mod heic;
mod jpeg;
mod still;

use image::RgbImage;
use image::metadata::Orientation;

use crate::error::Result;
use crate::format::Format;
use crate::limits;

/// What a decoder gives.
pub(crate) struct Decoded {
    /// Pixels as the file holds them, perhaps at a smaller scale.
    pub pixels: RgbImage,
    /// How they must be turned to stand upright.
    pub orientation: Orientation,
    /// Their colour profile, where it is not sRGB already.
    pub profile: Option<Vec<u8>>,
    /// The EXIF block.
    pub exif: Option<Vec<u8>>,
}

pub(crate) fn decode(format: Format, bytes: &[u8]) -> Result<Decoded> {
    match format {
        Format::Jpeg => jpeg::decode(bytes),
        Format::Png => still::png(bytes),
        Format::WebP => still::webp(bytes),
        Format::Heic => heic::decode(bytes),
        Format::Pdf | Format::Video | Format::Other(_) | Format::Unknown => Err(format.refusal()),
    }
}

/// An EXIF block worth looking at.
fn exif_within(exif: Option<Vec<u8>>) -> Option<Vec<u8>> {
    exif.filter(|exif| exif.len() <= limits::EXIF)
}

/// A profile worth looking at.
fn profile_within(profile: Option<Vec<u8>>) -> Option<Vec<u8>> {
    profile.filter(|profile| profile.len() <= limits::PROFILE)
}

fn orientation_of(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}
