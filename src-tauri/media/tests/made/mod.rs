//! Photos made by hand: pixels, EXIF byte by byte, what other programs put beside them, and bombs.

use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// Four quarters: red, green, blue, white.
pub fn corners(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| match (x * 2 < width, y * 2 < height) {
        (true, true) => Rgb([230, 20, 20]),
        (false, true) => Rgb([20, 200, 20]),
        (true, false) => Rgb([20, 20, 230]),
        (false, false) => Rgb([250, 250, 250]),
    })
    .into()
}

/// The colours of the four quarters, row by row.
pub fn corners_of(image: &DynamicImage) -> [&'static str; 4] {
    let (width, height) = image.dimensions();
    let rgb = image.to_rgb8();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| match rgb.get_pixel(width * x / 4, height * y / 4).0 {
        [r, g, b] if r > 200 && g > 200 && b > 200 => "white",
        [r, g, b] if r > 150 && g < 90 && b < 90 => "red",
        [r, g, b] if g > 120 && r < 90 && b < 90 => "green",
        [r, g, b] if b > 150 && r < 90 && g < 90 => "blue",
        other => panic!("{other:?}"),
    })
}

/// What a camera stores of a scene when it writes this orientation.
pub fn stored_for(scene: &DynamicImage, orientation: u16) -> DynamicImage {
    let inverse = match orientation {
        6 => 8,
        8 => 6,
        own => own,
    };
    let mut stored = scene.clone();
    stored.apply_orientation(Orientation::from_exif(u8::try_from(inverse).unwrap()).unwrap());
    stored
}

/// Smooth colour, as of sky and water.
pub fn sea(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x / 16) as u8, (y / 16) as u8, ((x + y) / 40) as u8])).into()
}

/// Pixels without any order.
pub fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()])).into()
}

pub fn jpeg(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

pub fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// An EXIF block, big-endian, as cameras write it.
#[derive(Default)]
pub struct Exif {
    pub orientation: u16,
    pub day: &'static str,
    pub gps: bool,
    pub maker: &'static str,
}

impl Exif {
    pub fn bytes(&self) -> Vec<u8> {
        let mut main = Directory::default();
        let mut exif = Directory::default();
        let mut gps = Directory::default();
        main.short(0x0112, self.orientation.max(1));
        if !self.day.is_empty() {
            exif.ascii(0x9003, self.day);
        }
        if !self.maker.is_empty() {
            exif.entry(0x927C, 7, self.maker.len(), self.maker.as_bytes());
        }
        if self.gps {
            gps.ascii(0x0001, "N");
            let degrees: Vec<u8> = [24u32, 1, 30, 1, 0, 1].iter().flat_map(|part| part.to_be_bytes()).collect();
            gps.entry(0x0002, 5, 3, &degrees);
            gps.ascii(0x001B, "GPS-MARK");
        }
        // Main directory first, then the two it points to.
        let (exif_at, gps_at) = (8 + main.length_with(2), 8 + main.length_with(2) + exif.length());
        main.long(0x8769, exif_at);
        main.long(0x8825, gps_at);
        let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
        bytes.extend(main.written_at(8));
        bytes.extend(exif.written_at(exif_at));
        bytes.extend(gps.written_at(gps_at));
        bytes
    }
}

#[derive(Default)]
struct Directory {
    entries: Vec<(u16, u16, u32, Vec<u8>)>,
}

impl Directory {
    fn entry(&mut self, tag: u16, kind: u16, count: usize, value: &[u8]) {
        self.entries.push((tag, kind, u32::try_from(count).unwrap(), value.to_vec()));
    }

    fn short(&mut self, tag: u16, value: u16) {
        self.entry(tag, 3, 1, &value.to_be_bytes());
    }

    fn long(&mut self, tag: u16, value: u32) {
        self.entry(tag, 4, 1, &value.to_be_bytes());
    }

    fn ascii(&mut self, tag: u16, text: &str) {
        let mut value = text.as_bytes().to_vec();
        value.push(0);
        self.entry(tag, 2, value.len(), &value);
    }

    fn length(&self) -> u32 {
        self.length_with(0)
    }

    fn length_with(&self, more: usize) -> u32 {
        let outside: usize = self.entries.iter().filter(|entry| entry.3.len() > 4).map(|entry| entry.3.len()).sum();
        u32::try_from(6 + 12 * (self.entries.len() + more) + outside).unwrap()
    }

    fn written_at(&self, at: u32) -> Vec<u8> {
        let count = u16::try_from(self.entries.len()).unwrap();
        let mut bytes = count.to_be_bytes().to_vec();
        let mut outside: Vec<u8> = Vec::new();
        let first_outside = at + 6 + 12 * u32::from(count);
        for (tag, kind, number, value) in &self.entries {
            bytes.extend(tag.to_be_bytes());
            bytes.extend(kind.to_be_bytes());
            bytes.extend(number.to_be_bytes());
            if value.len() <= 4 {
                let mut padded = value.clone();
                padded.resize(4, 0);
                bytes.extend(padded);
            } else {
                bytes.extend((first_outside + u32::try_from(outside.len()).unwrap()).to_be_bytes());
                outside.extend(value);
            }
        }
        bytes.extend([0; 4]);
        bytes.extend(outside);
        bytes
    }
}

/// A JPEG with an EXIF segment.
pub fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", exif].concat())
}

/// A JPEG with one more segment, before all others.
pub fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, content, &jpeg[2..]].concat()
}

/// A PNG with one more chunk, behind its head.
pub fn with_chunk(png: &[u8], name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let head = 8 + 25;
    [&png[..head], &chunk(name, content), &png[head..]].concat()
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], &named, &crc(&named).to_be_bytes()].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

/// A PNG of one colour, real to its last row: a grey megapixel packs to a kilobyte.
pub fn bomb_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png_writer(&mut bytes, width, height);
    let row = vec![0u8; usize::try_from(width).unwrap().div_ceil(8) * usize::try_from(height).unwrap()];
    encoder.write_image_data(&row).unwrap();
    drop(encoder);
    bytes
}

fn png_writer(bytes: &mut Vec<u8>, width: u32, height: u32) -> png::Writer<&mut Vec<u8>> {
    let mut encoder = png::Encoder::new(bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().unwrap()
}

/// A progressive JPEG of a few bytes that claims a size.
pub fn progressive_claim(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC2, 0, 17, 8];
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xD9]);
    bytes
}

/// The markers of a JPEG's segments up to its pixels.
pub fn segments(bytes: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    let mut at = 2;
    while bytes.get(at) == Some(&0xFF) {
        let marker = bytes[at + 1];
        found.push(marker);
        if marker == 0xDA {
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
    }
    found
}

pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
