//! The kept picture: upright, in sRGB, at most 1920 pixels, encoded with nothing beside its pixels.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, FilterType as Filter};
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

use crate::decode::{self, Decoded};
use crate::error::{MediaError, Result};
use crate::{format, limits};

const QUALITY: u8 = 84;
const THUMBNAIL_QUALITY: u8 = 78;

pub(crate) struct Encoded {
    pub bytes: Vec<u8>,
    pub media_type: &'static str,
}

/// Scales first, as everything after it costs by the pixel.
pub(crate) fn upright(decoded: Decoded) -> RgbImage {
    let Decoded { pixels, orientation, profile, .. } = decoded;
    let mut image = DynamicImage::ImageRgb8(fitted(pixels, limits::SIDE));
    image.apply_orientation(orientation);
    let image = image.into_rgb8();
    match profile {
        Some(profile) => in_srgb(&profile, &image).unwrap_or(image),
        None => image,
    }
}

/// The picture within a square of `side`; never enlarged.
fn fitted(pixels: RgbImage, side: u32) -> RgbImage {
    let (width, height) = pixels.dimensions();
    let longer = width.max(height);
    if longer <= side {
        return pixels;
    }
    // A box over whole pixels is cheap and good down to twice the size; the careful filter does the rest.
    let factor = longer / (side * 2);
    let pixels = if factor > 1 { imageops::thumbnail(&pixels, width.div_ceil(factor), height.div_ceil(factor)) } else { pixels };
    let scaled = |length: u32| {
        let exact = (u64::from(length) * u64::from(side) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(exact).unwrap_or(side).max(1)
    };
    imageops::resize(&pixels, scaled(width), scaled(height), Filter::CatmullRom)
}

/// iPhones and many cameras write Display P3, which looks pale when it is taken for sRGB.
fn in_srgb(profile: &[u8], image: &RgbImage) -> Option<RgbImage> {
    let from = ColorProfile::new_from_slice(profile).ok()?;
    let to = ColorProfile::new_srgb();
    let transform = from.create_transform_8bit(Layout::Rgb, &to, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut converted = vec![0; image.as_raw().len()];
    transform.transform(image.as_raw(), &mut converted).ok()?;
    RgbImage::from_raw(image.width(), image.height(), converted)
}

/// As JPEG; drawings and screenshots as PNG where that is smaller, and sharper.
pub(crate) fn encode(image: &RgbImage, is_drawing: bool) -> Result<Encoded> {
    let jpeg = Encoded { bytes: jpeg(image, QUALITY)?, media_type: "image/jpeg" };
    if !is_drawing {
        return Ok(jpeg);
    }
    let png = png(image)?;
    Ok(if png.len() < jpeg.bytes.len() { Encoded { bytes: png, media_type: "image/png" } } else { jpeg })
}

pub(crate) fn thumbnail(image: &RgbImage) -> Result<Vec<u8>> {
    jpeg(&fitted(image.clone(), limits::THUMBNAIL), THUMBNAIL_QUALITY)
}

/// A kept picture, turned and encoded again in its own format.
pub(crate) fn turned(bytes: &[u8], quarters: u8) -> Result<Vec<u8>> {
    let format = format::of(bytes);
    let pixels = decode::decode(format, bytes)?.pixels;
    let turned = match quarters % 4 {
        1 => imageops::rotate90(&pixels),
        2 => imageops::rotate180(&pixels),
        3 => imageops::rotate270(&pixels),
        _ => pixels,
    };
    if format == format::Format::Png { png(&turned) } else { jpeg(&turned, QUALITY) }
}

fn jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    write(encoder, image)?;
    Ok(bytes)
}

fn png(image: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    write(encoder, image)?;
    Ok(bytes)
}

fn write(encoder: impl ImageEncoder, image: &RgbImage) -> Result<()> {
    let (width, height) = image.dimensions();
    encoder.write_image(image.as_raw(), width, height, ExtendedColorType::Rgb8).map_err(|_| MediaError::Encode)
}
