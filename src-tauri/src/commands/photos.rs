//! Photos: chosen, dropped or pasted; cleaned, kept, shown, handed over as files. One is worked on at a time, outside the
//! ledger's lock, so that neither memory nor the window suffers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use zhucun_core::album::{AlbumPhoto, AlbumRequest, album};
use zhucun_core::records::attachment::{Added, Attachment, NewPicture, PictureSize, fingerprint};
use zhucun_core::records::report::ReportMasking;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::storage::{Done, Ledger, Stored, WaitingPhoto};
use zhucun_core::value::Id;
use zhucun_media::{MediaError, Note, Photo, limits, prepare, turned};

use crate::dialogs;
use crate::error::{Answer, Refusal};
use crate::shell_error::ShellError;
use crate::state::Shell;

use super::records::Changed;

/// What is being worked on: a photo, or an export.
#[derive(Default)]
pub struct PhotoDesk {
    /// Held while a photo is decoded.
    decoding: Mutex<()>,
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
}

/// A photo that was read and cleaned.
struct Ready {
    name: String,
    fingerprint: String,
    photo: Photo,
}

impl Ready {
    fn as_new(&self) -> NewPicture<'_> {
        let photo = &self.photo;
        NewPicture {
            file_name: &self.name,
            source_sha256: &self.fingerprint,
            picture: &photo.picture,
            thumbnail: &photo.thumbnail,
            media_type: photo.media_type,
            width: photo.width,
            height: photo.height,
            taken_on: photo.taken.map(|taken| taken.day),
            taken_at: photo.taken.map(zhucun_media::Taken::clock).unwrap_or_default(),
        }
    }
}

/// Where a photo comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSource {
    /// A file that the user chose.
    Path(PathBuf),
    /// What was dropped or pasted: its name and its bytes as base64.
    Content(String, String),
    /// One that was prepared before.
    Waiting(Id),
}

/// A photo that is ready and waits for its record.
#[derive(Debug, Serialize)]
pub struct PreparedPhoto {
    token: Id,
    /// Kind of the record.
    kind: Kind,
    name: String,
    /// The small picture as a data address.
    thumbnail: String,
    taken_on: Option<NaiveDate>,
    taken_at: String,
    notes: Vec<Note>,
}

/// What became of a photo.
#[derive(Debug, Serialize)]
pub struct AddedPhoto {
    id: Id,
    /// Whether the record had it already.
    known: bool,
    taken_on: Option<NaiveDate>,
    notes: Vec<Note>,
    changed: BTreeSet<Kind>,
}

/// How many pictures an export would write.
#[derive(Debug, Serialize)]
pub struct AlbumCount {
    photos: usize,
    bytes: u64,
}

/// What an export wrote.
#[derive(Debug, Serialize)]
pub struct WrittenAlbum {
    /// The new folder.
    folder: PathBuf,
    /// Its list.
    index: PathBuf,
    written: usize,
    total: usize,
    /// Pictures that could not be written, by name.
    failed: Vec<String>,
}

/// How far an export is.
#[derive(Debug, Serialize)]
pub struct PhotoProgress {
    done: usize,
    total: usize,
}

impl PhotoDesk {
    /// Reads and cleans a photo; nothing of one that waits and is ready.
    fn work_on(&self, source: PhotoSource) -> Answer<Source> {
        let (name, bytes) = match source {
            PhotoSource::Path(path) => (name_of(&path), read(&path)?),
            PhotoSource::Content(name, content) => {
                (name, STANDARD.decode(content).map_err(|_| Refusal::from(MediaError::Damaged))?)
            }
            PhotoSource::Waiting(token) => return Ok(Source::Waiting(token)),
        };
        let _one_at_a_time = self.decoding.lock().unwrap_or_else(PoisonError::into_inner);
        let photo = prepare(&bytes)?;
        Ok(Source::Ready(Ready { name, fingerprint: fingerprint(&bytes), photo }))
    }
}

/// A photo to keep.
enum Source {
    Ready(Ready),
    /// It lies in the ledger already.
    Waiting(Id),
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Looks at the size before the bytes: a film of ten gigabytes is refused without being read.
fn read(path: &Path) -> Answer<Vec<u8>> {
    let length = std::fs::metadata(path).map_err(|_| ShellError::PhotoUnreadable)?.len();
    if length > u64::try_from(limits::FILE).unwrap_or(u64::MAX) {
        return Err(MediaError::FileTooLarge { limit: limits::FILE >> 20 }.into());
    }
    Ok(std::fs::read(path).map_err(|_| ShellError::PhotoUnreadable)?)
}

fn data_address(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

#[tauri::command]
pub async fn choose_photos(app: AppHandle) -> Answer<Vec<PathBuf>> {
    dialogs::photos(app).await
}

/// Keeps a photo until its record is stored.
#[tauri::command(async)]
pub fn photo_prepare(
    desk: State<'_, PhotoDesk>,
    shell: State<'_, Shell>,
    kind: Kind,
    source: PhotoSource,
) -> Answer<PreparedPhoto> {
    let Source::Ready(ready) = desk.work_on(source)? else { return Err(ShellError::PhotoNotWaiting.into()) };
    let token = shell.with(|ledger| Ok(ledger.keep_waiting(kind, &ready.as_new())?))?;
    let new = ready.as_new();
    Ok(PreparedPhoto {
        token,
        kind,
        thumbnail: data_address("image/jpeg", new.thumbnail),
        taken_on: new.taken_on,
        taken_at: new.taken_at,
        notes: ready.photo.notes.clone(),
        name: ready.name,
    })
}

/// The photos that wait: also those from before a crash.
#[tauri::command(async)]
pub fn photo_waiting(shell: State<'_, Shell>) -> Answer<Vec<PreparedPhoto>> {
    let prepared = |WaitingPhoto { token, kind, file_name, thumbnail, taken_on, taken_at }| PreparedPhoto {
        token,
        kind,
        name: file_name,
        thumbnail: data_address("image/jpeg", &thumbnail),
        taken_on,
        taken_at,
        notes: Vec::new(),
    };
    shell.with(|ledger| Ok(ledger.store().waiting_photos()?.into_iter().map(prepared).collect()))
}

/// Lets go of photos whose record was not stored after all.
#[tauri::command(async)]
pub fn photo_forget(shell: State<'_, Shell>, tokens: Vec<Id>) -> Answer<()> {
    shell.with(|ledger| Ok(ledger.drop_waiting(&tokens)?))
}

/// Adds one photo to a record; `batch` holds together what was dropped or chosen in one go.
#[tauri::command(async)]
pub fn attachment_add(
    desk: State<'_, PhotoDesk>,
    shell: State<'_, Shell>,
    owner: RecordRef,
    source: PhotoSource,
    batch: Id,
) -> Answer<AddedPhoto> {
    match desk.work_on(source)? {
        Source::Ready(ready) => {
            let added = shell.with(|ledger| {
                let done = ledger.add_picture(batch, owner, &ready.as_new())?;
                told(ledger, done)
            })?;
            Ok(AddedPhoto { notes: ready.photo.notes.clone(), ..added })
        }
        Source::Waiting(token) => shell.with(|ledger| {
            let done = ledger.add_waiting(batch, owner, token)?.ok_or(ShellError::PhotoNotWaiting)?;
            told(ledger, done)
        }),
    }
}

fn told(ledger: &Ledger, done: Done<Added>) -> Answer<AddedPhoto> {
    let (id, known) = match done.value {
        Added::New(id) => (id, false),
        Added::Known(id) => (id, true),
    };
    let taken_on = ledger.store().get::<Attachment>(id)?.draft.taken_on;
    Ok(AddedPhoto { id, known, taken_on, notes: Vec::new(), changed: done.changed })
}

#[tauri::command(async)]
pub fn attachment_list(shell: State<'_, Shell>, owner: RecordRef) -> Answer<Vec<Stored<Attachment>>> {
    shell.with(|ledger| Ok(Attachment::of(ledger.store(), owner)?))
}

/// A picture as a data address, turned as it is to be seen.
#[tauri::command(async)]
pub fn attachment_picture(shell: State<'_, Shell>, id: Id, size: PictureSize) -> Answer<String> {
    let (bytes, draft) = shell.with(|ledger| {
        let store = ledger.store();
        Ok((store.picture(id, size)?, store.get::<Attachment>(id)?.draft))
    })?;
    let picture = turned(&bytes.ok_or(ShellError::PhotoGone)?, quarters(&draft))?;
    let media_type = if size == PictureSize::Thumbnail { "image/jpeg" } else { draft.media_type.as_str() };
    Ok(data_address(media_type, &picture))
}

fn quarters(draft: &Attachment) -> u8 {
    u8::try_from(draft.turned.rem_euclid(4)).unwrap_or(0)
}

#[tauri::command(async)]
pub fn attachment_order(shell: State<'_, Shell>, owner: RecordRef, ids: Vec<Id>) -> Answer<Changed> {
    shell.with(|ledger| Ok(ledger.order_pictures(owner, &ids)?.into()))
}

#[tauri::command(async)]
pub fn album_count(shell: State<'_, Shell>, request: AlbumRequest) -> Answer<AlbumCount> {
    let photos = shell.with(|ledger| Ok(album(ledger.store(), &request)?))?;
    Ok(AlbumCount { photos: photos.len(), bytes: photos.iter().map(|photo| photo.bytes).sum() })
}

/// Writes pictures and their list into a new folder called `name`; what is there already is never touched.
#[tauri::command(async)]
pub fn album_export(
    desk: State<'_, PhotoDesk>,
    shell: State<'_, Shell>,
    request: AlbumRequest,
    folder: PathBuf,
    name: String,
) -> Answer<WrittenAlbum> {
    desk.cancelled.store(false, Ordering::SeqCst);
    let photos = shell.with(|ledger| Ok(album(ledger.store(), &request)?))?;
    if photos.is_empty() {
        return Err(ShellError::NoPhotos.into());
    }
    desk.done.store(0, Ordering::SeqCst);
    desk.total.store(photos.len(), Ordering::SeqCst);
    let folder =
        zhucun_export::album_folder(&folder, &zhucun_export::clean_name(if name.trim().is_empty() { "照片" } else { &name }))?;
    let (mut written, mut failed) = (Vec::new(), Vec::new());
    for photo in &photos {
        if desk.cancelled.load(Ordering::SeqCst) {
            break;
        }
        match write_photo(&shell, &folder, photo)? {
            Some(file) => written.push((photo, file)),
            None => failed.push(photo.name.clone()),
        }
        desk.done.fetch_add(1, Ordering::SeqCst);
    }
    let index = zhucun_export::write_new(&folder, "目录", "xlsx", &zhucun_export::album_index(&written)?)?;
    shell.note_exported([index.clone()]);
    let title = format!("照片{}张", written.len());
    shell.with(|ledger| Ok(ledger.note_export("album", &title, ReportMasking::Internal, "jpg,xlsx")?))?;
    Ok(WrittenAlbum { folder, index, written: written.len(), total: photos.len(), failed })
}

/// The file's name; nothing where the ledger has lost the picture, which must not keep the others back.
fn write_photo(shell: &Shell, folder: &Path, photo: &AlbumPhoto) -> Answer<Option<String>> {
    let kept = shell.with(|ledger| Ok(ledger.store().picture(photo.id, PictureSize::Full)?))?;
    let Some(bytes) = kept.and_then(|kept| turned(&kept, photo.turned).ok()) else { return Ok(None) };
    let path = zhucun_export::write_new(folder, &photo.name, photo.extension, &bytes)?;
    Ok(Some(name_of(&path)))
}

#[tauri::command(async)]
pub fn photo_progress(desk: State<'_, PhotoDesk>) -> PhotoProgress {
    PhotoProgress { done: desk.done.load(Ordering::SeqCst), total: desk.total.load(Ordering::SeqCst) }
}

#[tauri::command(async)]
pub fn photo_cancel(desk: State<'_, PhotoDesk>) {
    desk.cancelled.store(true, Ordering::SeqCst);
}
