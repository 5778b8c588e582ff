//! 照片册: which pictures are handed over, in which order, and what they are called: 年度-类别-序号-题名.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::records::attachment::Attachment;
use crate::records::dictionary_item::DictionaryItem;
use crate::records::{Kind, RecordRef};
use crate::storage::{RecordTitle, Store, Stored};
use crate::value::Id;

/// Which pictures are wanted; what is left empty does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AlbumRequest {
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// To this day.
    pub to: Option<NaiveDate>,
    /// Of records of these kinds.
    pub kinds: Vec<Kind>,
    /// Of one record.
    pub owner: Option<RecordRef>,
    /// One picture.
    pub id: Option<Id>,
}

/// A picture with its name among all of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumPhoto {
    /// The picture.
    pub id: Id,
    /// File name without its extension, such as `2026-走访-001-石老三家屋顶漏雨`.
    pub name: String,
    /// The day it is filed under.
    pub day: NaiveDate,
    /// 时间, such as `2026-03-05 14:05`.
    pub time: String,
    /// 地点.
    pub place: String,
    /// 人物.
    pub people: String,
    /// 事件: its own title, or its record's.
    pub event: String,
    /// 类别.
    pub category: String,
    /// Its code in the dictionary; empty where none was chosen.
    pub code: String,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// Width and height in pixels, before turning.
    pub size: (u32, u32),
    /// What its record is called.
    pub owner: String,
    /// Its record.
    pub of: RecordRef,
    /// `jpg` or `png`.
    pub extension: &'static str,
    /// Quarters to turn it clockwise.
    pub turned: u8,
    /// Size of the kept picture.
    pub bytes: u64,
}

/// The wanted pictures, by year, category and number. A picture has its number among all of the ledger, so that it is
/// called the same in whichever choice it is handed over.
pub fn album(store: Store<'_>, request: &AlbumRequest) -> Result<Vec<AlbumPhoto>> {
    let shelf = Shelf::load(store)?;
    let mut filed: Vec<(NaiveDate, String, Stored<Attachment>)> =
        store.all::<Attachment>()?.into_iter().map(|photo| (shelf.day(&photo), shelf.category(&photo.draft), photo)).collect();
    filed.sort_by(|a, b| {
        let key = |photo: &Stored<Attachment>| (photo.draft.owner(), photo.draft.position, photo.id);
        (a.0.year(), &a.1, a.0, key(&a.2)).cmp(&(b.0.year(), &b.1, b.0, key(&b.2)))
    });
    let mut numbers: BTreeMap<(i32, String), u32> = BTreeMap::new();
    let mut wanted = Vec::new();
    for (day, category, photo) in filed {
        let number = numbers.entry((day.year(), category.clone())).or_default();
        *number += 1;
        if is_wanted(request, day, &photo) {
            wanted.push(shelf.photo(day, category, *number, photo));
        }
    }
    Ok(wanted)
}

fn is_wanted(request: &AlbumRequest, day: NaiveDate, photo: &Stored<Attachment>) -> bool {
    request.from.is_none_or(|from| day >= from)
        && request.to.is_none_or(|to| day <= to)
        && (request.kinds.is_empty() || request.kinds.contains(&photo.draft.owner_kind))
        && request.owner.is_none_or(|owner| owner == photo.draft.owner())
        && request.id.is_none_or(|id| id == photo.id)
}

/// What is asked of the ledger beside the pictures themselves.
struct Shelf {
    owners: BTreeMap<RecordRef, RecordTitle>,
    categories: BTreeMap<String, String>,
}

impl Shelf {
    fn load(store: Store<'_>) -> Result<Self> {
        let mut owners: Vec<RecordRef> = store.all::<Attachment>()?.iter().map(|photo| photo.draft.owner()).collect();
        owners.sort();
        owners.dedup();
        let titles = store.titles(&owners)?;
        let items = store.all::<DictionaryItem>()?.into_iter().filter(|item| item.draft.dictionary == "photo_category");
        Ok(Shelf {
            owners: titles.into_iter().map(|title| (RecordRef { kind: title.kind, id: title.id }, title)).collect(),
            categories: items.map(|item| (item.draft.code, item.draft.label)).collect(),
        })
    }

    /// When it was taken; else its record's day; else when it was added.
    fn day(&self, photo: &Stored<Attachment>) -> NaiveDate {
        let of_owner = || self.owners.get(&photo.draft.owner())?.day.as_deref()?.get(..10)?.parse().ok();
        let added = || photo.meta.created_at.get(..10).and_then(|day| day.parse().ok());
        photo.draft.taken_on.or_else(of_owner).or_else(added).unwrap_or_default()
    }

    fn category(&self, draft: &Attachment) -> String {
        self.categories.get(&draft.category).cloned().unwrap_or_else(|| draft.owner_kind.label().to_owned())
    }

    fn photo(&self, day: NaiveDate, category: String, number: u32, photo: Stored<Attachment>) -> AlbumPhoto {
        let owner = self.owners.get(&photo.draft.owner()).map(undated).unwrap_or_default();
        let pixels = |length: i64| u32::try_from(length).unwrap_or(1);
        let size = (pixels(photo.draft.width), pixels(photo.draft.height));
        let of = photo.draft.owner();
        let Attachment { title, taken_on, taken_at, place, people, media_type, turned, bytes, category: code, .. } = photo.draft;
        let event = if title.is_empty() { owner.clone() } else { title };
        AlbumPhoto {
            id: photo.id,
            name: archive_name(day.year(), &category, number, &event),
            day,
            time: taken_on.map(|day| format!("{day} {taken_at}").trim().to_owned()).unwrap_or_default(),
            place,
            people,
            event,
            category,
            code,
            size,
            owner,
            of,
            extension: if media_type == "image/png" { "png" } else { "jpg" },
            media_type,
            turned: u8::try_from(turned.rem_euclid(4)).unwrap_or(0),
            bytes: u64::try_from(bytes).unwrap_or(0),
        }
    }
}

/// A record's name without the day before it: the picture has its own.
fn undated(title: &RecordTitle) -> String {
    let day = title.day.as_deref().unwrap_or_default();
    title.title.strip_prefix(day).unwrap_or(&title.title).trim().to_owned()
}

/// Longest title in a file name, in characters.
const LONGEST: usize = 40;

/// 年度-类别-序号-题名, with nothing in it that Windows forbids and no second hyphen to count by.
pub(crate) fn archive_name(year: i32, category: &str, number: u32, event: &str) -> String {
    let clean = |text: &str| -> String {
        let kept = text.chars().map(|c| match c {
            '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            '-' => '－',
            c if c.is_control() || c.is_whitespace() => ' ',
            c => c,
        });
        kept.take(LONGEST).collect::<String>().trim_matches(['.', ' ']).to_owned()
    };
    let event = clean(event);
    let event = if event.is_empty() { "照片" } else { &event };
    format!("{year}-{}-{number:03}-{event}", clean(category))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_holds_nothing_that_windows_forbids() {
        assert_eq!(archive_name(2026, "走访", 1, "石老三家屋顶漏雨"), "2026-走访-001-石老三家屋顶漏雨");
        assert_eq!(archive_name(2026, "材料/扫描", 12, "a:b?\n\"c\" -d. "), "2026-材料_扫描-012-a_b_ _c_ －d");
        assert_eq!(archive_name(2026, "走访", 1000, ""), "2026-走访-1000-照片");
        assert_eq!(archive_name(2026, "走访", 1, &"长".repeat(200)).chars().count(), 12 + LONGEST);
    }
}
