//! The ledgers and photos of a whole year, as the annexes of a report show those of a half-year.

use chrono::NaiveDate;

use super::annexes::tables;
use super::document::{Annex, Document, Properties};
use super::hidden::{Cleaner, Hidden};
use super::photos::PAPER;
use crate::album::{AlbumPhoto, AlbumRequest, album, archive_name};
use crate::error::{Error, Result};
use crate::figures::{Figures, Gathered, Scope};
use crate::storage::Store;
use crate::value::Masking;

/// The ledgers of a year that have something to tell, up to a day of it, each a workbook of its own; by the annexes' titles.
pub fn year_ledgers(store: Store<'_>, year: i32, masking: Masking, until: NaiveDate) -> Result<Vec<(&'static str, Document)>> {
    let scope = Scope::of_year(year, until).ok_or_else(|| Error::BadInput(format!("“{year}”不是年度")))?;
    let gathered = Gathered::load(store, scope)?;
    let figures = Figures::count(&gathered);
    let cleaner = Cleaner::of_gathered(&gathered, masking);
    let told = tables(&gathered, &figures, masking, &cleaner).into_iter().filter(|annex| !annex.table.rows.is_empty());
    let workbook = |title: &'static str, table| {
        let name = format!("{year}年{title}");
        let annex = Annex { number: 0, title: name.clone(), landscape: true, printed: true, table, photos: Vec::new() };
        let properties =
            Properties { title: name, author: gathered.team.name.clone(), created: gathered.scope.until(), fingerprint: None };
        (title, Document { properties, title: Vec::new(), blocks: Vec::new(), annexes: vec![annex] })
    };
    Ok(told.map(|annex| workbook(annex.title, annex.table)).collect())
}

/// The photos of a year under their archive names, cleaned of what the profile hides. Scans of papers, which show ID cards and
/// bank books, go along only where nothing is hidden.
pub fn year_photos(store: Store<'_>, year: i32, masking: Masking) -> Result<Vec<AlbumPhoto>> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let wanted = AlbumRequest { from: day(1, 1), to: day(12, 31), ..AlbumRequest::default() };
    let cleaner = Cleaner::of(&Hidden::load(store, masking, wanted.to.unwrap_or_default())?);
    let photos = album(store, &wanted)?.into_iter().filter(|photo| masking == Masking::Internal || photo.code != PAPER);
    let cleaned = photos.map(|photo| {
        let event = cleaner.clean(&photo.event);
        // The number stays the one that the picture has in every choice.
        let number = photo.name.split('-').nth(2).and_then(|number| number.parse().ok()).unwrap_or(0);
        let name = if event == photo.event { photo.name } else { archive_name(year, &photo.category, number, &event) };
        AlbumPhoto { name, event, place: cleaner.clean(&photo.place), people: cleaner.clean(&photo.people), ..photo }
    });
    Ok(cleaned.collect())
}
