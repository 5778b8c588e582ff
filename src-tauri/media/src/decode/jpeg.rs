//! JPEG, decoded at the smallest of the scales 1, ½, ¼, ⅛ that still holds the kept picture.

use image::RgbImage;
use jpeg_decoder::{CodingProcess, Decoder, Error, ImageInfo, PixelFormat};

use super::{Decoded, exif_within, orientation_of, profile_within};
use crate::error::{MediaError, Result};
use crate::limits;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    if scans(bytes) > limits::SCANS {
        return Err(MediaError::Damaged);
    }
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(usize::try_from(limits::MEMORY).unwrap_or(usize::MAX));
    decoder.read_info().map_err(refusal)?;
    let info = decoder.info().ok_or(MediaError::Damaged)?;
    check(info)?;
    let (width, height) = wanted(info);
    decoder.scale(width, height).map_err(refusal)?;
    let samples = decoder.decode().map_err(refusal)?;
    let info = decoder.info().ok_or(MediaError::Damaged)?;
    let exif = exif_within(decoder.exif_data().map(<[u8]>::to_vec));
    Ok(Decoded {
        pixels: pixels(info, samples)?,
        orientation: orientation_of(exif.as_deref()),
        // A CMYK profile says nothing of the RGB that was made of it.
        profile: profile_within(decoder.icc_profile()).filter(|_| info.pixel_format == PixelFormat::RGB24),
        exif,
    })
}

/// Start-of-scan markers; coded data never holds one.
fn scans(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| *pair == [0xFF, 0xDA]).count()
}

fn check(info: ImageInfo) -> Result<()> {
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    limits::check_pixels(width, height, limits::PIXELS)?;
    match info.coding_process {
        CodingProcess::Lossless => Err(MediaError::OtherPicture("无损JPG")),
        // All coefficients of a progressive picture are held until its last pass.
        CodingProcess::DctProgressive => {
            let channels = u64::try_from(info.pixel_format.pixel_bytes()).unwrap_or(u64::MAX);
            let held = u64::from(width) * u64::from(height) * channels.saturating_mul(2);
            if held > limits::MEMORY { Err(MediaError::TooManyPixels { width, height }) } else { Ok(()) }
        }
        CodingProcess::DctSequential => Ok(()),
    }
}

/// The decoder answers with a picture that is at least this large in one direction; asked for the kept size it may be
/// smaller in the other only where rounding makes it so.
fn wanted(info: ImageInfo) -> (u16, u16) {
    let longer = u32::from(info.width.max(info.height)).max(1);
    let side = |length: u16| {
        let scaled = (u32::from(length) * limits::SIDE).div_ceil(longer);
        u16::try_from(scaled).unwrap_or(u16::MAX).clamp(1, length.max(1))
    };
    (side(info.width), side(info.height))
}

fn pixels(info: ImageInfo, samples: Vec<u8>) -> Result<RgbImage> {
    let rgb = match info.pixel_format {
        PixelFormat::RGB24 => samples,
        PixelFormat::L8 => samples.iter().flat_map(|grey| [*grey; 3]).collect(),
        PixelFormat::CMYK32 => samples.as_chunks::<4>().0.iter().flat_map(|ink| rgb_of_ink(*ink)).collect(),
        PixelFormat::L16 => return Err(MediaError::OtherPicture("16位灰度JPG")),
    };
    RgbImage::from_raw(u32::from(info.width), u32::from(info.height), rgb).ok_or(MediaError::Damaged)
}

fn rgb_of_ink([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let light = |ink: u8| {
        let product = u16::from(255 - ink) * u16::from(255 - k) / 255;
        u8::try_from(product).unwrap_or(u8::MAX)
    };
    [light(c), light(m), light(y)]
}

fn refusal(error: Error) -> MediaError {
    match error {
        Error::Unsupported(_) => MediaError::OtherPicture("少见的JPG"),
        Error::Format(_) | Error::Io(_) | Error::Internal(_) => MediaError::Damaged,
    }
}
