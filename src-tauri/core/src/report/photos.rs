//! 照片册 of a report: the pictures of its period as a document of their own, each with time, place, people and event.

use super::document::{Annex, Document, Photo, Picture, Properties, Table};
use super::hidden::{Cleaner, Hidden};
use super::{gathered_for, scope_of};
use crate::album::{AlbumPhoto, AlbumRequest, album};
use crate::error::Result;
use crate::outline::Outline;
use crate::records::attachment::PictureSize;
use crate::records::report::Report;
use crate::records::{Kind, RecordRef};
use crate::storage::Store;
use crate::value::{Masking, print_day};

/// Turns a picture's bytes by quarters; nothing where they cannot be read.
pub type Turn<'t> = &'t dyn Fn(&[u8], u8) -> Option<Vec<u8>>;

/// Scans of papers, which show ID cards and bank books, are no album.
pub(super) const PAPER: &str = "paper";
/// Title of the album.
const TITLE: &str = "照片册";

/// The pictures of the report's period and of the records that it tells of; nothing where there is none. `turn` turns a kept picture clockwise by quarters.
pub fn album_of(store: Store<'_>, report: &Report, properties: &Properties, turn: Turn<'_>) -> Result<Option<Document>> {
    let scope = scope_of(report)?;
    let masking: Masking = report.masking.into();
    let wanted = AlbumRequest { from: Some(scope.from()), to: Some(scope.until()), ..AlbumRequest::default() };
    let cleaner = Cleaner::of(&Hidden::load(store, masking, scope.until())?);
    let (gathered, _) = gathered_for(store, report, &Outline::of(store, &report.template)?)?;
    let is_told = |photo: &AlbumPhoto| photo.code != PAPER && gathered.tells_of(photo.of);
    let mut photos = Vec::new();
    for photo in album(store, &wanted)?.into_iter().filter(is_told) {
        let kept = store.picture(photo.id, PictureSize::Full)?;
        // A picture that the ledger has lost must not keep the others back.
        if let Some(bytes) = kept.and_then(|kept| turn(&kept, photo.turned)) {
            photos.push(printed(photo, bytes, masking, &cleaner));
        }
    }
    if photos.is_empty() {
        return Ok(None);
    }
    let title = format!("{}{TITLE}", properties.title);
    let table = Table { unit: None, columns: Vec::new(), rows: Vec::new(), total: None };
    Ok(Some(Document {
        properties: Properties { title, fingerprint: None, ..properties.clone() },
        title: Vec::new(),
        blocks: Vec::new(),
        annexes: vec![Annex { number: 0, title: TITLE.to_owned(), landscape: false, printed: true, table, photos }],
    }))
}

fn printed(photo: AlbumPhoto, bytes: Vec<u8>, masking: Masking, cleaner: &Cleaner) -> Photo {
    let (width, height) = if photo.turned % 2 == 1 { (photo.size.1, photo.size.0) } else { photo.size };
    // A notice shows what was done, and names nobody.
    let people = if masking == Masking::Public { String::new() } else { photo.people };
    let lines = [("时间", print_day(photo.day)), ("地点", photo.place), ("人物", people), ("事件", photo.event)];
    let told = lines.into_iter().filter(|(_, text)| !text.is_empty());
    Photo {
        picture: Picture { media_type: photo.media_type, bytes: bytes.into(), width, height },
        caption: told.map(|(label, text)| (label.to_owned(), cleaner.clean(&text))).collect(),
        record: Some(RecordRef { kind: Kind::Attachment, id: photo.id }),
        turned: 0,
    }
}
