//! Photos in the text: which of the ledger's pictures a report shows, with the line under each, and their pixels for the renderers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::{Block, Document, Photo, Picture};
use super::hidden::{Cleaner, Hidden};
use super::photos::{PAPER, Turn};
use super::scope_of;
use crate::album::{AlbumPhoto, AlbumRequest, album};
use crate::error::Result;
use crate::records::attachment::{Attachment, PictureSize};
use crate::records::report::Report;
use crate::records::{Kind, RecordRef};
use crate::storage::Store;
use crate::value::{Id, print_day};

/// The pictures that the report's own blocks show, without their pixels. What is gone from the ledger is missing here.
pub(super) fn chosen(store: Store<'_>, report: &Report) -> Result<BTreeMap<Id, Photo>> {
    let wanted: BTreeSet<Id> = report.own.iter().flat_map(|own| own.photos.0.iter().copied()).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let cleaner = Cleaner::of(&Hidden::load(store, report.masking.into(), scope_of(report)?.until())?);
    let all = album(store, &AlbumRequest::default())?;
    Ok(all.into_iter().filter(|photo| wanted.contains(&photo.id)).map(|photo| (photo.id, shown(photo, &cleaner))).collect())
}

fn shown(photo: AlbumPhoto, cleaner: &Cleaner) -> Photo {
    // People are seen on the picture; their names are the album's.
    let at = [print_day(photo.day), photo.place].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("，");
    Photo {
        picture: Picture::default(),
        caption: vec![(String::new(), cleaner.clean(&format!("{}（{at}）", photo.event)))],
        record: Some(RecordRef { kind: Kind::Attachment, id: photo.id }),
        turned: photo.turned,
    }
}

/// A picture to choose for the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PhotoChoice {
    /// The picture.
    pub id: Id,
    /// How many quarters it is turned clockwise.
    pub turned: u8,
    /// The line that would stand under it.
    pub caption: String,
}

/// The pictures that a report's text may show: those of its period, without scans of papers; the latest first.
pub fn photos_to_insert(store: Store<'_>, report: &Report) -> Result<Vec<PhotoChoice>> {
    let scope = scope_of(report)?;
    let cleaner = Cleaner::of(&Hidden::load(store, report.masking.into(), scope.until())?);
    let wanted = AlbumRequest { from: Some(scope.from()), to: Some(scope.until()), ..AlbumRequest::default() };
    let mut photos = album(store, &wanted)?;
    photos.retain(|photo| photo.code != PAPER);
    photos.sort_by_key(|photo| (std::cmp::Reverse(photo.day), photo.id));
    let choice =
        |photo: AlbumPhoto| PhotoChoice { id: photo.id, turned: photo.turned, caption: shown(photo, &cleaner).caption_text() };
    Ok(photos.into_iter().map(choice).collect())
}

/// Gives the photos in the text their pixels, as large as is asked for. One that cannot be read keeps its place and its caption.
pub fn with_pictures(store: Store<'_>, document: &mut Document, size: PictureSize, turn: Turn<'_>) -> Result<()> {
    for block in &mut document.blocks {
        let Block::Photos { photos, .. } = block else { continue };
        for photo in photos {
            let Some(record) = photo.record else { continue };
            let kept = store.picture(record.id, size)?;
            if let (Some(stored), Some(bytes)) =
                (store.find::<Attachment>(record.id)?, kept.and_then(|kept| turn(&kept, photo.turned)))
            {
                photo.picture = picture(&stored.draft, bytes, photo.turned, size);
            }
        }
    }
    Ok(())
}

fn picture(kept: &Attachment, bytes: Vec<u8>, turned: u8, size: PictureSize) -> Picture {
    let pixels = |length: i64| u32::try_from(length).unwrap_or(1);
    let (width, height) = (pixels(kept.width), pixels(kept.height));
    let (width, height) = if turned % 2 == 1 { (height, width) } else { (width, height) };
    // Small pictures are always JPEG.
    let media_type = if size == PictureSize::Full { kept.media_type.clone() } else { "image/jpeg".to_owned() };
    Picture { media_type, bytes: bytes.into(), width, height }
}
