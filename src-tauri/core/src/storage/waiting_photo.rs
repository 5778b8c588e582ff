//! Photos that wait for their record: ready, and added when the record is stored. They lie in the ledger like drafts, so that a
//! crash does not lose them, and outside the change log: they are nobody's yet.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

use super::ledger::Ledger;
use super::op::{Done, Op};
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::attachment::{Added, NewPicture};
use crate::records::{Kind, RecordRef};
use crate::value::Id;

pub(super) const TABLES: &str = "
CREATE TABLE waiting_photo (
    token TEXT PRIMARY KEY NOT NULL CHECK (length(token) = 36),
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    taken_on TEXT,
    taken_at TEXT NOT NULL,
    picture BLOB NOT NULL,
    thumbnail BLOB NOT NULL
) STRICT;
";

const DROP: &str = "DELETE FROM waiting_photo WHERE token = ?1";

/// Most bytes of photos that wait; a record with more is saved first.
const MOST: i64 = 300 << 20;

/// A photo that waits, without its pixels in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPhoto {
    /// By what it is asked for.
    pub token: Id,
    /// Kind of the record that it waits for.
    pub kind: Kind,
    /// Name of the file it came from.
    pub file_name: String,
    /// The small picture, JPEG.
    pub thumbnail: Vec<u8>,
    /// Day on which it was taken, by the camera.
    pub taken_on: Option<NaiveDate>,
    /// Time of it.
    pub taken_at: String,
}

/// One with everything that its record will need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPicture {
    file_name: String,
    source_sha256: String,
    media_type: String,
    width: u32,
    height: u32,
    taken_on: Option<NaiveDate>,
    taken_at: String,
    picture: Vec<u8>,
    thumbnail: Vec<u8>,
}

impl WaitingPicture {
    /// As a picture to keep.
    pub fn as_new(&self) -> NewPicture<'_> {
        NewPicture {
            file_name: &self.file_name,
            source_sha256: &self.source_sha256,
            picture: &self.picture,
            thumbnail: &self.thumbnail,
            media_type: &self.media_type,
            width: self.width,
            height: self.height,
            taken_on: self.taken_on,
            taken_at: self.taken_at.clone(),
        }
    }
}

impl Ledger {
    /// Keeps a photo until its record is stored; answers with its token.
    pub fn keep_waiting(&mut self, kind: Kind, new: &NewPicture<'_>) -> Result<Id> {
        let held = self.store().count("SELECT coalesce(sum(length(picture)), 0) FROM waiting_photo", &[])?;
        if held.saturating_add(i64::try_from(new.picture.len()).unwrap_or(i64::MAX)) > MOST {
            return Err(Error::NotNow("等待保存的照片太多。请先保存这条记录，再添加其余的照片"));
        }
        let token = self.new_id();
        let sql =
            "INSERT INTO waiting_photo (token, kind, file_name, source_sha256, media_type, width, height, taken_on, taken_at,
            picture, thumbnail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        self.writable()?.prepare_cached(sql)?.execute(params![
            token,
            kind,
            new.file_name,
            new.source_sha256,
            new.media_type,
            new.width,
            new.height,
            new.taken_on,
            new.taken_at,
            new.picture,
            new.thumbnail
        ])?;
        Ok(token)
    }

    /// Gives a photo that waits to its record. It waits no longer when it is there, whatever moment the program ends at;
    /// nothing where it does not wait.
    pub fn add_waiting(&mut self, batch: Id, owner: RecordRef, token: Id) -> Result<Option<Done<Added>>> {
        let Some(waiting) = self.store().waiting_picture(token)? else { return Ok(None) };
        let done = self.transact_in(batch, Op::Add(Kind::Attachment), |tx| {
            let added = tx.add_picture(owner, &waiting.as_new())?;
            tx.connection.prepare_cached(DROP)?.execute([token])?;
            Ok(added)
        })?;
        Ok(Some(done))
    }

    /// Lets go of photos whose record will not be stored.
    pub fn drop_waiting(&mut self, tokens: &[Id]) -> Result<()> {
        let connection = self.writable()?;
        for token in tokens {
            connection.prepare_cached(DROP)?.execute([token])?;
        }
        Ok(())
    }
}

impl Store<'_> {
    /// The photos that wait, in the order in which they came.
    pub fn waiting_photos(self) -> Result<Vec<WaitingPhoto>> {
        let sql = "SELECT token, kind, file_name, thumbnail, taken_on, taken_at FROM waiting_photo ORDER BY token";
        let mut statement = self.connection.prepare_cached(sql)?;
        let photos = statement.query_map([], |row| {
            Ok(WaitingPhoto {
                token: row.get(0)?,
                kind: row.get(1)?,
                file_name: row.get(2)?,
                thumbnail: row.get(3)?,
                taken_on: row.get(4)?,
                taken_at: row.get(5)?,
            })
        })?;
        Ok(photos.collect::<rusqlite::Result<_>>()?)
    }

    /// One of them with its pixels.
    pub fn waiting_picture(self, token: Id) -> Result<Option<WaitingPicture>> {
        let sql = "SELECT file_name, source_sha256, media_type, width, height, taken_on, taken_at, picture, thumbnail
            FROM waiting_photo WHERE token = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(WaitingPicture {
                file_name: row.get(0)?,
                source_sha256: row.get(1)?,
                media_type: row.get(2)?,
                width: row.get(3)?,
                height: row.get(4)?,
                taken_on: row.get(5)?,
                taken_at: row.get(6)?,
                picture: row.get(7)?,
                thumbnail: row.get(8)?,
            })
        };
        Ok(self.connection.prepare_cached(sql)?.query_row([token], read).optional()?)
    }
}
