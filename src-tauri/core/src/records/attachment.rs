//! 附件: photos and scans of any record, with their captions. What is said of a picture is a record like any other; its
//! pixels lie beside it, outside the change log, and stay as long as the record exists: undo always finds its picture.

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use super::{Check, Kind, Record, RecordRef, for_each_kind};
use crate::error::{Error, Result};
use crate::search::Searched;
use crate::storage::{Done, Ledger, ListColumn, ListSpec, Op, Store, Stored, Tx, columns, envelope, value_of};
use crate::value::Id;

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE attachment (",
    envelope!(),
    "
    owner_kind TEXT NOT NULL,
    owner_id TEXT NOT NULL CHECK (length(owner_id) = 36),
    position INTEGER NOT NULL CHECK (position >= 0),
    title TEXT NOT NULL,
    taken_on TEXT,
    taken_at TEXT NOT NULL,
    place TEXT NOT NULL,
    people TEXT NOT NULL,
    category TEXT NOT NULL,
    turned INTEGER NOT NULL CHECK (turned BETWEEN 0 AND 3),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    source_sha256 TEXT NOT NULL CHECK (length(source_sha256) IN (0, 64)),
    went_with_owner INTEGER NOT NULL CHECK (went_with_owner IN (0, 1))
) STRICT;
CREATE INDEX attachment_owner ON attachment (owner_kind, owner_id, position);
CREATE INDEX attachment_day ON attachment (taken_on);
CREATE TABLE attachment_content (
    attachment_id TEXT PRIMARY KEY NOT NULL REFERENCES attachment (id) DEFERRABLE INITIALLY DEFERRED,
    picture BLOB NOT NULL,
    thumbnail BLOB NOT NULL
) STRICT;
"
);

/// Most pictures of one record: more is a mistake in the file dialog.
pub const MOST: i64 = 1000;

/// Largest picture that is kept, in bytes; what the media crate makes is far below.
const LARGEST: usize = 24 << 20;

/// 附件: a photo or scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Kind of the record it belongs to.
    pub owner_kind: Kind,
    /// The record it belongs to.
    pub owner_id: Id,
    /// Its place among the record's pictures.
    #[ts(type = "number")]
    pub position: i64,
    /// 题名: what happens on it.
    pub title: String,
    /// 拍摄日期.
    pub taken_on: Option<NaiveDate>,
    /// 拍摄时间, such as `14:05`; empty where not known.
    pub taken_at: String,
    /// 地点.
    pub place: String,
    /// 人物.
    pub people: String,
    /// 类别, dictionary `photo_category`.
    pub category: String,
    /// How many quarters it is turned clockwise when shown.
    #[ts(type = "number")]
    pub turned: i64,
    /// Name of the file it came from.
    pub file_name: String,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// Width of the kept picture, before turning.
    #[ts(type = "number")]
    pub width: i64,
    /// Height of the kept picture, before turning.
    #[ts(type = "number")]
    pub height: i64,
    /// Size of the kept picture.
    #[ts(type = "number")]
    pub bytes: i64,
    /// SHA-256 of the kept picture, in hexadecimal digits.
    pub sha256: String,
    /// SHA-256 of the file it came from: the same file is not added twice.
    pub source_sha256: String,
    /// Whether it lies in the recycle bin because its record does, and comes back with it.
    pub went_with_owner: bool,
}

columns! { Attachment {
    owner_kind, owner_id, position, title, taken_on, taken_at, place, people, category, turned, file_name, media_type, width, height,
    bytes, sha256, source_sha256, went_with_owner
} }

/// A picture to keep, as the media crate makes it.
#[derive(Debug, Clone)]
pub struct NewPicture<'b> {
    /// Name of the file it came from.
    pub file_name: &'b str,
    /// [`fingerprint`] of the file it came from; empty where there was none.
    pub source_sha256: &'b str,
    /// The picture.
    pub picture: &'b [u8],
    /// The small picture.
    pub thumbnail: &'b [u8],
    /// `image/jpeg` or `image/png`.
    pub media_type: &'b str,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Day on which it was taken, by the camera.
    pub taken_on: Option<NaiveDate>,
    /// Time of it, such as `14:05`.
    pub taken_at: String,
}

/// What became of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is kept as this record.
    New(Id),
    /// The record has it already, as this one.
    Known(Id),
}

/// The two sizes in which a picture is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSize {
    /// At most 240 pixels.
    Thumbnail,
    /// At most 1920 pixels.
    Full,
}

impl Attachment {
    /// Whether bytes begin as a picture of the kinds that are kept.
    pub(crate) fn looks_like_a_picture(bytes: &[u8]) -> bool {
        bytes.starts_with(b"\xff\xd8\xff") || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
    }

    /// The record it belongs to.
    pub fn owner(&self) -> RecordRef {
        RecordRef { kind: self.owner_kind, id: self.owner_id }
    }

    /// The pictures of a record, in their order.
    pub fn of(store: Store<'_>, owner: RecordRef) -> Result<Vec<Stored<Attachment>>> {
        let mut found: Vec<Stored<Attachment>> = store.load(
            "r.deleted_at IS NULL AND r.owner_kind = ?1 AND r.owner_id = ?2",
            &[value_of(&owner.kind), value_of(&owner.id)],
        )?;
        found.sort_by_key(|stored| (stored.draft.position, stored.id));
        Ok(found)
    }

    /// The pictures of one kind of record.
    pub fn of_kind(store: Store<'_>, kind: Kind) -> Result<Vec<Stored<Attachment>>> {
        store.load("r.deleted_at IS NULL AND r.owner_kind = ?1", &[value_of(&kind)])
    }

    /// Whether a kind of record can have pictures.
    pub fn can_belong_to(kind: Kind) -> bool {
        !matches!(kind, Kind::Attachment | Kind::DictionaryItem | Kind::Report)
    }

    /// A picture changes its record only where that record became one with another and lies in the bin.
    fn left_a_living_owner(&self, store: Store<'_>, before: &Attachment) -> bool {
        let owner = before.owner();
        let is_live = || for_each_kind!(owner.kind, R => store.find::<R>(owner.id).is_ok_and(|found| found.is_some_and(|r| r.meta.deleted_at.is_none())));
        owner != self.owner() && is_live()
    }

    /// Which of the fields that say what the picture is, fixed once it is kept, are others.
    fn changed_facts(&self, before: &Attachment) -> impl Iterator<Item = &'static str> {
        let facts = [
            ("media_type", self.media_type != before.media_type),
            ("width", self.width != before.width),
            ("height", self.height != before.height),
            ("bytes", self.bytes != before.bytes),
            ("sha256", self.sha256 != before.sha256),
            ("source_sha256", self.source_sha256 != before.source_sha256),
        ];
        facts.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field)
    }
}

impl Record for Attachment {
    const KIND: Kind = Kind::Attachment;

    const LIST: ListSpec = ListSpec {
        from: "attachment r",
        title: "CASE WHEN r.title <> '' THEN r.title ELSE r.file_name END",
        note: "trim(r.place || ' ' || r.people)",
        day: "r.taken_on",
        columns: &[
            ListColumn::text("title", "r.title"),
            ListColumn::day("taken_on", "r.taken_on"),
            ListColumn::text("taken_at", "r.taken_at"),
            ListColumn::text("place", "r.place"),
            ListColumn::text("people", "r.people"),
            ListColumn::choice("category", "r.category"),
            ListColumn::choice("owner_kind", "r.owner_kind"),
            ListColumn::text("file_name", "r.file_name"),
            ListColumn::number("turned", "r.turned"),
            ListColumn::moment("updated_at", "r.updated_at"),
        ],
        search: &["r.title", "r.place", "r.people", "r.file_name"],
        filters: &[
            ("from", "r.taken_on >= {}"),
            ("to", "r.taken_on <= {}"),
            ("owner_kind", "r.owner_kind = {}"),
            ("owner_id", "r.owner_id = {}"),
            ("category", "r.category = {}"),
        ],
        presets: &[],
        order: "r.taken_on DESC, r.owner_id, r.position",
    };

    /// What went with its record is not listed beside it: it comes back with it.
    const IN_BIN: &'static str = "r.deleted_at IS NOT NULL AND r.went_with_owner = 0";

    fn blank(_store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        Ok(Attachment {
            owner_kind: Kind::Visit,
            owner_id: Id::default(),
            position: 0,
            title: String::new(),
            taken_on: None,
            taken_at: String::new(),
            place: String::new(),
            people: String::new(),
            category: String::new(),
            turned: 0,
            file_name: String::new(),
            media_type: "image/jpeg".to_owned(),
            width: 1,
            height: 1,
            bytes: 1,
            sha256: String::new(),
            source_sha256: String::new(),
            went_with_owner: false,
        })
    }

    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> Id) {
        self.turned = self.turned.rem_euclid(4);
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(self.taken_on);
        searched.name("title", "题名", &self.title);
        searched.text("place", "地点", &self.place);
        searched.text("people", "人物", &self.people);
        searched.text("file_name", "原文件", &self.file_name);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        if !Attachment::can_belong_to(self.owner_kind) {
            check.hard("dead_reference", "owner_id", format!("{}不能添加照片", self.owner_kind.label()));
            return Ok(());
        }
        for_each_kind!(self.owner_kind, R => check.reference::<R>("owner_id", self.owner_id)?);
        if check.store.picture(check.id, PictureSize::Thumbnail)?.is_none() {
            check.hard("no_picture", "sha256", "照片内容缺失，请重新添加这张照片");
        }
        if let Some(stored) = check.store.find::<Attachment>(check.id)? {
            let moved = self.left_a_living_owner(check.store, &stored.draft).then_some("owner_id");
            for field in self.changed_facts(&stored.draft).chain(moved) {
                check.hard("picture_fixed", field, "照片本身不能改，请删除后重新添加");
            }
        }
        check.longest("title", "题名", &self.title, 100);
        check.longest("place", "地点", &self.place, 100);
        check.longest("people", "人物", &self.people, 200);
        check.longest("file_name", "文件名", &self.file_name, 255);
        check.day("taken_on", "拍摄日期", self.taken_on, true);
        if !self.taken_at.is_empty() && NaiveTime::parse_from_str(&self.taken_at, "%H:%M").is_err() {
            check.hard("time_shape", "taken_at", "时间请写成14:05的样子");
        }
        check.count("position", "顺序", Some(self.position), 1_000_000);
        check.category("category", "类别", "photo_category", &self.category)
    }
}

impl Store<'_> {
    /// A picture's bytes as they are kept, before turning.
    pub fn picture(self, id: Id, size: PictureSize) -> Result<Option<Vec<u8>>> {
        let sql = match size {
            PictureSize::Thumbnail => "SELECT thumbnail FROM attachment_content WHERE attachment_id = ?1",
            PictureSize::Full => "SELECT picture FROM attachment_content WHERE attachment_id = ?1",
        };
        Ok(self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
    }
}

impl Ledger {
    /// Keeps a picture as one of a record's; pictures of one `batch` that follow each other are taken back together.
    pub fn add_picture(&mut self, batch: Id, owner: RecordRef, new: &NewPicture<'_>) -> Result<Done<Added>> {
        self.transact_in(batch, Op::Add(Kind::Attachment), |tx| tx.add_picture(owner, new))
    }

    /// Puts the pictures of a record in this order; those not named stay behind them as they were.
    pub fn order_pictures(&mut self, owner: RecordRef, ids: &[Id]) -> Result<Done<()>> {
        self.transact(Op::Change(Kind::Attachment), |tx| {
            let mut pictures = Attachment::of(**tx, owner)?;
            pictures.sort_by_key(|stored| ids.iter().position(|id| *id == stored.id).unwrap_or(ids.len()));
            for (position, stored) in (0i64..).zip(pictures) {
                tx.change(stored.id, stored.meta.version, Attachment { position, ..stored.draft }, &[])?;
            }
            Ok(())
        })
    }
}

impl Tx<'_> {
    /// Keeps a picture as one of a record's, unless the record has it already.
    pub fn add_picture(&mut self, owner: RecordRef, new: &NewPicture<'_>) -> Result<Added> {
        if new.picture.is_empty() || new.picture.len() > LARGEST || new.thumbnail.len() > LARGEST {
            return Err(Error::BadInput("照片大小不对".to_owned()));
        }
        let (sha256, source_sha256) = (fingerprint(new.picture), new.source_sha256.to_owned());
        let mine = Attachment::of(**self, owner)?;
        let same =
            |draft: &Attachment| draft.sha256 == sha256 || (!source_sha256.is_empty() && draft.source_sha256 == source_sha256);
        if let Some(known) = mine.iter().find(|stored| same(&stored.draft)) {
            return Ok(Added::Known(known.id));
        }
        if i64::try_from(mine.len()).unwrap_or(MOST) >= MOST {
            return Err(Error::BadInput(format!("一条记录最多放{MOST}张照片，这张没有添加")));
        }
        let today = self.world().today();
        let taken_on = new.taken_on.filter(|day| *day <= today);
        let id = self.world().new_id();
        let draft = Attachment {
            owner_kind: owner.kind,
            owner_id: owner.id,
            position: mine.iter().map(|stored| stored.draft.position + 1).max().unwrap_or(0),
            taken_on,
            // The time of a day that cannot be is worth nothing either.
            taken_at: if taken_on.is_some() { new.taken_at.clone() } else { String::new() },
            category: self.category_for(owner.kind)?,
            file_name: new.file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
            media_type: new.media_type.to_owned(),
            width: i64::from(new.width),
            height: i64::from(new.height),
            bytes: i64::try_from(new.picture.len()).unwrap_or(i64::MAX),
            sha256,
            source_sha256,
            ..Attachment::blank(**self, today)?
        };
        let sql = "INSERT INTO attachment_content (attachment_id, picture, thumbnail) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute(params![id, new.picture, new.thumbnail])?;
        self.add_as(id, draft, &[])?;
        Ok(Added::New(id))
    }

    /// The category that fits a kind of record, where the ledger's dictionary has it.
    fn category_for(&self, kind: Kind) -> Result<String> {
        let known =
            "SELECT count(*) FROM dictionary_item WHERE dictionary = 'photo_category' AND code = ?1 AND deleted_at IS NULL";
        let code = kind.word();
        Ok(if self.count(known, &[value_of(&code)])? > 0 { code.to_owned() } else { String::new() })
    }

    /// The pictures of a record go to the bin with it, and come back with it; those deleted before stay there.
    pub(crate) fn follow_owner(&mut self, owner: RecordRef, to_bin: bool) -> Result<()> {
        if !Attachment::can_belong_to(owner.kind) {
            return Ok(());
        }
        let condition = if to_bin { "r.deleted_at IS NULL" } else { "r.deleted_at IS NOT NULL AND r.went_with_owner = 1" };
        let following: Vec<Stored<Attachment>> = self.load(
            &format!("{condition} AND r.owner_kind = ?1 AND r.owner_id = ?2"),
            &[value_of(&owner.kind), value_of(&owner.id)],
        )?;
        for stored in following {
            let draft = Attachment { went_with_owner: to_bin, ..stored.draft.clone() };
            self.write(stored.id, Some(stored), &draft, to_bin)?;
        }
        Ok(())
    }
}

/// SHA-256 in hexadecimal digits.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
