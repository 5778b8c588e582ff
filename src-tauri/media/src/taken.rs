//! When a photo was taken, from its EXIF block: the only thing of it that is kept.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use exif::{Exif, In, Reader, Tag, Value};

/// When a photo was taken, by the camera's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The day.
    pub day: NaiveDate,
    /// The time.
    pub time: Option<NaiveTime>,
}

impl Taken {
    /// `14:05`, or nothing.
    pub fn clock(self) -> String {
        self.time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute())).unwrap_or_default()
    }
}

/// When it was taken, and whether the block says where.
pub(crate) fn read(block: &[u8]) -> (Option<Taken>, bool) {
    let Ok(exif) = Reader::new().read_raw(block.to_vec()) else { return (None, false) };
    let taken = [Tag::DateTimeOriginal, Tag::DateTimeDigitized].into_iter().find_map(|tag| text(&exif, tag).and_then(parse));
    let has_place = exif.get_field(Tag::GPSLatitude, In::PRIMARY).is_some();
    (taken, has_place)
}

fn text(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

/// `2026:03:05 14:05:33`; a camera whose clock was never set writes zeros or the year it was made for.
fn parse(text: &[u8]) -> Option<Taken> {
    let text = std::str::from_utf8(text).ok()?.trim_end_matches(['\0', ' ']);
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let day = NaiveDate::parse_from_str(&day.replace([':', '/'], "-"), "%Y-%m-%d").ok()?;
    let is_likely = (2001..=2100).contains(&day.year());
    is_likely.then(|| Taken { day, time: NaiveTime::parse_from_str(time.get(..8).unwrap_or_default(), "%H:%M:%S").ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_knows_no_date_says_none() {
        for text in ["0000:00:00 00:00:00", "    :  :     :  :  ", "1970:01:01 00:00:00", "2026:13:05 14:05:33", "", "昨天"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        let taken = parse(b"2026:03:05 14:05:33\0").unwrap();
        assert_eq!((taken.day.to_string(), taken.clock()), ("2026-03-05".to_owned(), "14:05".to_owned()));
        assert_eq!(parse(b"2026:03:05 24:61:00").unwrap().clock(), "", "the day is right all the same");
    }
}
