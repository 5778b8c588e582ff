//! PNG and WebP, through the image crate's decoders within their limits.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::{ImageError, LimitErrorKind};
use image::{DynamicImage, ImageDecoder, Limits, RgbImage};

use super::{Decoded, exif_within, orientation_of, profile_within};
use crate::error::{MediaError, Result};
use crate::limits;

pub(super) fn png(bytes: &[u8]) -> Result<Decoded> {
    decode(PngDecoder::with_limits(Cursor::new(bytes), memory()).map_err(|error| refusal(error, (0, 0)))?)
}

pub(super) fn webp(bytes: &[u8]) -> Result<Decoded> {
    decode(WebPDecoder::new(Cursor::new(bytes)).map_err(|error| refusal(error, (0, 0)))?)
}

fn memory() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(limits::MEMORY);
    limits
}

fn decode(mut decoder: impl ImageDecoder) -> Result<Decoded> {
    let (width, height) = decoder.dimensions();
    let size = (width, height);
    limits::check_pixels(width, height, limits::PIXELS)?;
    if decoder.total_bytes() > limits::MEMORY {
        return Err(MediaError::TooManyPixels { width, height });
    }
    decoder.set_limits(memory()).map_err(|error| refusal(error, size))?;
    // What hangs beside the pixels may be broken without harm.
    let exif = exif_within(decoder.exif_metadata().unwrap_or_default());
    let profile = profile_within(decoder.icc_profile().unwrap_or_default());
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refusal(error, size))?;
    let is_grey = !image.color().has_color();
    Ok(Decoded {
        pixels: on_white(image),
        orientation: orientation_of(exif.as_deref()),
        // A grey profile says nothing of the RGB that was made of it.
        profile: profile.filter(|_| !is_grey),
        exif,
    })
}

/// What shines through is paper, as it will be in print.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let mut flat = RgbImage::new(rgba.width(), rgba.height());
    for (paper, ink) in flat.pixels_mut().zip(rgba.pixels()) {
        let [r, g, b, alpha] = ink.0;
        let over = |colour: u8| {
            let mixed = (u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        paper.0 = [over(r), over(g), over(b)];
    }
    flat
}

fn refusal(error: ImageError, (width, height): (u32, u32)) -> MediaError {
    match error {
        ImageError::Limits(limit)
            if matches!(limit.kind(), LimitErrorKind::InsufficientMemory | LimitErrorKind::DimensionError) =>
        {
            MediaError::TooManyPixels { width, height }
        }
        _ => MediaError::Damaged,
    }
}
