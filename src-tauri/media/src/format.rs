//! What a file really is: told by its first bytes, never by its name.

use crate::error::MediaError;

/// A format that is read, or why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// HEIC, as iPhones write.
    Heic,
    /// A document.
    Pdf,
    /// A film.
    Video,
    /// A picture that is not read, with its name.
    Other(&'static str),
    /// No picture.
    Unknown,
}

impl Format {
    /// Why this format is not taken.
    pub(crate) fn refusal(self) -> MediaError {
        match self {
            Format::Pdf => MediaError::Pdf,
            Format::Video => MediaError::Video,
            Format::Other(name) => MediaError::OtherPicture(name),
            Format::Heic => MediaError::Heic,
            Format::Jpeg | Format::Png | Format::WebP => MediaError::Damaged,
            Format::Unknown => MediaError::NotAPicture,
        }
    }
}

/// The format of a file.
pub fn of(bytes: &[u8]) -> Format {
    const STARTS: &[(&[u8], Format)] = &[
        (b"\xFF\xD8\xFF", Format::Jpeg),
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"%PDF", Format::Pdf),
        (b"GIF8", Format::Other("GIF")),
        (b"BM", Format::Other("BMP")),
        (b"II*\0", Format::Other("TIFF或RAW")),
        (b"MM\0*", Format::Other("TIFF或RAW")),
        (b"\x1A\x45\xDF\xA3", Format::Video),
        (b"8BPS", Format::Other("PSD")),
    ];
    if let Some((_, format)) = STARTS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return *format;
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => Format::WebP,
        (Some(b"RIFF"), _, Some(b"AVI ")) => Format::Video,
        (_, Some(b"ftyp"), Some(brand)) => of_brand(brand),
        (_, Some(b"moov" | b"mdat" | b"wide"), _) => Format::Video,
        _ => Format::Unknown,
    }
}

/// Pictures and films share one container; its brand tells them apart.
fn of_brand(brand: &[u8]) -> Format {
    match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"mif2" | b"msf1" => Format::Heic,
        b"avif" | b"avis" => Format::Other("AVIF"),
        b"crx " => Format::Other("RAW"),
        _ => Format::Video,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_first_bytes() {
        assert_eq!(of(b"\xFF\xD8\xFF\xE0"), Format::Jpeg);
        assert_eq!(of(b"\0\0\0\x18ftypheic\0\0\0\0"), Format::Heic);
        assert_eq!(of(b"\0\0\0\x18ftypqt  \0\0\0\0"), Format::Video);
        assert_eq!(of(b"\0\0\0\x18ftypavif"), Format::Other("AVIF"));
        assert_eq!(of(b"RIFF\x10\0\0\0WEBPVP8 "), Format::WebP);
        assert_eq!(of(b"%PDF-1.7"), Format::Pdf);
        assert_eq!(of("走访照片.jpg".as_bytes()), Format::Unknown);
        assert_eq!(of(b""), Format::Unknown);
    }
}
