//! Photos as phones, programs and bad luck make them: generated here, taken in, and looked at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod made;

use image::{GenericImageView, ImageFormat, Rgb};
use made::{Exif, bomb_png, corners, jpeg, noise, png, progressive_claim, sea, with_exif, with_segment};
use proptest::prelude::*;
use zhucun_media::{MediaError, Note, Photo, prepare, turned};

fn colours(photo: &Photo) -> [&'static str; 4] {
    let image = image::load_from_memory(&photo.picture).unwrap();
    made::corners_of(&image)
}

#[test]
fn every_orientation_of_exif_stands_upright() {
    // What a camera stores when it is held so that the scene's corners are red, green, blue, white.
    for orientation in 1..=8 {
        let stored = made::stored_for(&corners(320, 200), orientation);
        let bytes = with_exif(&jpeg(&stored), &Exif { orientation, ..Exif::default() }.bytes());
        let photo = prepare(&bytes).unwrap();
        assert_eq!((photo.width, photo.height), (320, 200), "orientation {orientation}");
        assert_eq!(colours(&photo), ["red", "green", "blue", "white"], "orientation {orientation}");
        let small = image::load_from_memory(&photo.thumbnail).unwrap();
        assert_eq!(made::corners_of(&small), ["red", "green", "blue", "white"], "thumbnail {orientation}");
        assert!(small.width().max(small.height()) <= 240);
    }
}

#[test]
fn nothing_of_the_files_past_is_kept_but_the_day() {
    let exif = Exif { day: "2026:03:05 14:05:33", gps: true, maker: "MAKERNOTE-SECRET", ..Exif::default() };
    let mut bytes = with_exif(&jpeg(&sea(2400, 1600)), &exif.bytes());
    bytes = with_segment(&bytes, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>XMP-SECRET</x:xmpmeta>");
    bytes = with_segment(&bytes, 0xED, b"Photoshop 3.0\08BIM\x04\x04IPTC-SECRET");
    bytes = with_segment(&bytes, 0xFE, b"COMMENT-SECRET");
    for secret in ["MAKERNOTE-SECRET", "XMP-SECRET", "IPTC-SECRET", "COMMENT-SECRET", "Exif", "GPS-MARK"] {
        assert!(made::holds(&bytes, secret), "the file has {secret}, or the test proves nothing");
    }
    let photo = prepare(&bytes).unwrap();
    let taken = photo.taken.unwrap();
    assert_eq!((taken.day.to_string(), taken.clock()), ("2026-03-05".to_owned(), "14:05".to_owned()));
    assert_eq!(photo.notes, [Note::PlaceRemoved]);
    for kept in [&photo.picture, &photo.thumbnail] {
        for mark in ["Exif", "GPS", "SECRET", "xmp", "adobe", "Photoshop", "8BIM", "MM\0*", "II*\0", "2026:03:05"] {
            assert!(!made::holds(kept, mark), "{mark} is still there");
        }
        let segments = made::segments(kept);
        assert!(segments.iter().all(|marker| !matches!(marker, 0xE1..=0xEF | 0xFE)), "{segments:02X?}");
    }
}

#[test]
fn text_beside_the_pixels_of_a_png_is_gone_too() {
    let bytes = made::with_chunk(&png(&corners(400, 300)), b"tEXt", b"Author\0PNG-SECRET");
    assert!(made::holds(&bytes, "PNG-SECRET"));
    let photo = prepare(&bytes).unwrap();
    assert!(!made::holds(&photo.picture, "PNG-SECRET") && !made::holds(&photo.picture, "tEXt"));
}

#[test]
fn a_large_photo_is_scaled_to_1920_and_a_small_one_is_left_and_said_so() {
    let photo = prepare(&jpeg(&sea(4032, 3024))).unwrap();
    assert_eq!((photo.width, photo.height, photo.media_type), (1920, 1440, "image/jpeg"));
    assert_eq!(prepare(&jpeg(&sea(1000, 3000))).unwrap().height, 1920);
    assert_eq!(prepare(&jpeg(&sea(9000, 30))).unwrap().width, 1920, "a strip keeps at least a line");
    let small = prepare(&jpeg(&sea(320, 240))).unwrap();
    assert_eq!((small.width, small.height, small.notes), (320, 240, vec![Note::Small]));
    let dot = prepare(&png(&corners(1, 1))).unwrap();
    assert_eq!((dot.width, dot.height), (1, 1));
}

#[test]
fn forty_megapixels_need_a_quarter_of_their_memory() {
    let bytes = jpeg(&sea(7300, 5480));
    let photo = prepare(&bytes).unwrap();
    assert_eq!((photo.width, photo.height), (1920, 1441));
    assert!(photo.picture.len() < 2 << 20 && photo.thumbnail.len() < 40_000);
}

#[test]
fn what_shines_through_is_white_and_drawings_stay_sharp() {
    let mut drawing = image::RgbaImage::from_pixel(800, 600, image::Rgba([0, 0, 0, 0]));
    for x in 100..700 {
        drawing.put_pixel(x, 300, image::Rgba([200, 30, 30, 255]));
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    drawing.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let photo = prepare(bytes.get_ref()).unwrap();
    assert_eq!(photo.media_type, "image/png", "smaller than a JPEG of it");
    let kept = image::load_from_memory(&photo.picture).unwrap().into_rgb8();
    assert_eq!((kept.get_pixel(5, 5), kept.get_pixel(400, 300)), (&Rgb([255; 3]), &Rgb([200, 30, 30])));
    assert_eq!(prepare(&png(&noise(800, 600))).unwrap().media_type, "image/jpeg", "a photo in a PNG is no drawing");
}

#[test]
fn a_webp_is_read() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    corners(640, 400).write_to(&mut bytes, ImageFormat::WebP).unwrap();
    let photo = prepare(bytes.get_ref()).unwrap();
    assert_eq!(colours(&photo), ["red", "green", "blue", "white"]);
}

#[test]
fn a_turned_picture_is_turned_clockwise() {
    let photo = prepare(&jpeg(&corners(320, 200))).unwrap();
    let corners_after = |quarters| {
        let image = image::load_from_memory(&turned(&photo.picture, quarters).unwrap()).unwrap();
        (image.dimensions(), made::corners_of(&image))
    };
    assert_eq!(corners_after(1), ((200, 320), ["blue", "red", "white", "green"]));
    assert_eq!(corners_after(2), ((320, 200), ["white", "blue", "green", "red"]));
    assert_eq!(corners_after(3), ((200, 320), ["green", "white", "red", "blue"]));
    assert_eq!(turned(&photo.picture, 0).unwrap(), photo.picture, "untouched where nothing turns");
}

#[test]
fn an_iphones_heic_is_read_upright_with_its_day() {
    let bytes = include_bytes!("../../../tests/fixtures/photos/phone.heic");
    let photo = prepare(bytes).unwrap();
    assert_eq!((photo.width, photo.height), (320, 200));
    assert_eq!(colours(&photo), ["red", "green", "blue", "white"]);
    assert_eq!(photo.taken.unwrap().day.to_string(), "2026-03-05");
    assert!(photo.notes.contains(&Note::PlaceRemoved));
}

#[test]
fn what_is_no_photo_is_named() {
    let refused = |bytes: &[u8]| prepare(bytes).unwrap_err();
    assert_eq!(refused(b""), MediaError::Empty);
    assert_eq!(refused("这是一段文字，名字叫照片.jpg".as_bytes()), MediaError::NotAPicture);
    assert_eq!(refused(b"%PDF-1.7\n1 0 obj"), MediaError::Pdf);
    assert_eq!(refused(b"\0\0\0\x14ftypqt  \0\0\0\0qt  "), MediaError::Video);
    assert_eq!(refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), MediaError::Heic);
    assert_eq!(refused(b"GIF89a\x01\0\x01\0"), MediaError::OtherPicture("GIF"));
    assert_eq!(refused(&jpeg(&sea(600, 400))[..400]), MediaError::Damaged);
    assert_eq!(refused(&vec![0xFF; 61 << 20]).code(), "photo_file_too_large");
    assert!(MediaError::Heic.to_string().contains("兼容性最佳"), "it says what to do on the phone");
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let bomb = bomb_png(30_000, 30_000);
    assert!(bomb.len() < 4 << 20, "small as a file: {}", bomb.len());
    assert_eq!(prepare(&bomb).unwrap_err(), MediaError::TooManyPixels { width: 30_000, height: 30_000 });
    let claimed = progressive_claim(10_000, 10_000);
    assert_eq!(prepare(&claimed).unwrap_err(), MediaError::TooManyPixels { width: 10_000, height: 10_000 });
    let mut scans = jpeg(&sea(64, 64));
    scans.splice(2..2, [0xFF, 0xDA, 0, 2].repeat(500));
    assert_eq!(prepare(&scans).unwrap_err(), MediaError::Damaged);
}

/// Photos of every format, small, to be broken.
fn samples() -> Vec<Vec<u8>> {
    let mut webp = std::io::Cursor::new(Vec::new());
    noise(90, 60).write_to(&mut webp, ImageFormat::WebP).unwrap();
    let exif = Exif { day: "2026:03:05 14:05:33", gps: true, orientation: 6, ..Exif::default() };
    vec![
        with_exif(&jpeg(&noise(160, 120)), &exif.bytes()),
        png(&noise(90, 60)),
        webp.into_inner(),
        include_bytes!("../../../tests/fixtures/photos/phone.heic").to_vec(),
        include_bytes!("../../../tests/fixtures/photos/progressive.jpg").to_vec(),
    ]
}

#[test]
fn the_samples_are_whole() {
    for (at, sample) in samples().iter().enumerate() {
        assert!(prepare(sample).is_ok(), "sample {at}: {:?}", prepare(sample));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_cut_file_is_refused_or_read_but_never_panics(which in 0usize..5, at in 0.0f64..1.0) {
        let whole = &samples()[which];
        let length = ((whole.len() as f64) * at) as usize;
        if let Err(error) = prepare(&whole[..length]) {
            prop_assert!(!error.code().is_empty());
        }
    }

    #[test]
    fn flipped_bytes_are_refused_or_read_but_never_panic(
        which in 0usize..5,
        flips in prop::collection::vec((0.0f64..1.0, any::<u8>()), 1..12),
    ) {
        let mut bytes = samples()[which].clone();
        for (at, value) in flips {
            let place = ((bytes.len() - 1) as f64 * at) as usize;
            bytes[place] = value;
        }
        if let Err(error) = prepare(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
