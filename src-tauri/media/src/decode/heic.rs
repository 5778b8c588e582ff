//! HEIC, as iPhones write it. The decoder turns it upright and into sRGB by itself.

use heifer::heifer_isobmff::HeifFile;
use heifer::{Options, decode_rgba8, decode_srgb_rgba8};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage, RgbaImage};

use super::{Decoded, exif_within};
use crate::error::{MediaError, Result};
use crate::limits;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let file = HeifFile::parse(bytes).map_err(|_| MediaError::Heic)?;
    if let Ok(Some((width, height))) = file.image_size(file.primary_id) {
        limits::check_pixels(width, height, limits::HEIC_PIXELS)?;
    }
    // One thread: each of them holds a tile, and the program works on while photos come in.
    let options = Options { max_threads: 1, max_pixels: limits::HEIC_PIXELS };
    // A profile that cannot be followed costs a shade of colour, not the photo.
    let image = decode_srgb_rgba8(bytes, &options).or_else(|_| decode_rgba8(bytes, &options)).map_err(|_| MediaError::Heic)?;
    Ok(Decoded {
        pixels: opaque(image)?,
        orientation: Orientation::NoTransforms,
        profile: None,
        exif: exif_within(file.exif(file.primary_id).unwrap_or_default()),
    })
}

fn opaque(image: heifer::Image<u8>) -> Result<RgbImage> {
    let heifer::Image { width, height, data, .. } = image;
    limits::check_pixels(width, height, limits::HEIC_PIXELS)?;
    let rgba = RgbaImage::from_raw(width, height, data).ok_or(MediaError::Heic)?;
    Ok(DynamicImage::ImageRgba8(rgba).into_rgb8())
}
