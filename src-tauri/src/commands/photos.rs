//! Photos: chosen, dropped or pasted; cleaned, kept, shown, handed over as files. One is worked on at a time, outside the
//! ledger's lock, so that neither memory nor the window suffers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use uuid::Uuid;
use zhucun_core::album::{AlbumPhoto, AlbumRequest, album};
use zhucun_core::records::attachment::{Added, Attachment, NewPicture, PictureSize, fingerprint};
use zhucun_core::records::report::ReportMasking;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::storage::Stored;
use zhucun_core::value::Id;
use zhucun_media::{MediaError, Note, Photo, limits, prepare, turned};

use crate::dialogs;
use crate::error::{Answer, Refusal};
use crate::shell_error::ShellError;
use crate::state::Shell;

use super::records::Changed;

/// Photos that wait for their record, and how far an export is.
#[derive(Default)]
pub struct PhotoDesk {
    /// Held while a photo is decoded.
    decoding: Mutex<()>,
    waiting: Mutex<BTreeMap<Uuid, Waiting>>,
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
}

/// A photo that is ready, while its record is not stored yet.
struct Waiting {
    name: String,
    fingerprint: String,
    photo: Photo,
}

impl PhotoDesk {
    /// Lets all waiting photos go.
    pub(super) fn forget_all(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Most bytes of photos that wait; a record with more is saved first.
const MOST_WAITING: usize = 300 << 20;

/// Where a photo comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSource {
    /// A file that the user chose.
    Path(PathBuf),
    /// What was dropped or pasted: its name and its bytes as base64.
    Content(String, String),
    /// One that was prepared before.
    Waiting(Uuid),
}

/// A photo that is ready and waits for its record.
#[derive(Debug, Serialize)]
pub struct PreparedPhoto {
    token: Uuid,
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
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Uuid, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and cleans a photo.
    fn work_on(&self, source: PhotoSource) -> Answer<Waiting> {
        let _one_at_a_time = self.decoding.lock().unwrap_or_else(PoisonError::into_inner);
        let (name, bytes) = match source {
            PhotoSource::Path(path) => (name_of(&path), read(&path)?),
            PhotoSource::Content(name, content) => {
                (name, STANDARD.decode(content).map_err(|_| Refusal::from(MediaError::Damaged))?)
            }
            PhotoSource::Waiting(token) => {
                return Ok(self.waiting().remove(&token).ok_or(ShellError::PhotoNotWaiting)?);
            }
        };
        let photo = prepare(&bytes)?;
        Ok(Waiting { name, fingerprint: fingerprint(&bytes), photo })
    }
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

#[tauri::command(async)]
pub fn photo_prepare(desk: State<'_, PhotoDesk>, source: PhotoSource) -> Answer<PreparedPhoto> {
    let ready = desk.work_on(source)?;
    let held: usize = desk.waiting().values().map(|waiting| waiting.photo.picture.len()).sum();
    if held + ready.photo.picture.len() > MOST_WAITING {
        return Err(ShellError::PhotosWaiting.into());
    }
    let token = Uuid::new_v4();
    let answer = PreparedPhoto {
        token,
        name: ready.name.clone(),
        thumbnail: data_address("image/jpeg", &ready.photo.thumbnail),
        taken_on: ready.photo.taken.map(|taken| taken.day),
        taken_at: ready.photo.taken.map(zhucun_media::Taken::clock).unwrap_or_default(),
        notes: ready.photo.notes.clone(),
    };
    desk.waiting().insert(token, ready);
    Ok(answer)
}

/// Lets go of photos whose record was not stored after all.
#[tauri::command(async)]
pub fn photo_forget(desk: State<'_, PhotoDesk>, tokens: Vec<Uuid>) {
    let mut waiting = desk.waiting();
    for token in tokens {
        waiting.remove(&token);
    }
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
    let Waiting { name, fingerprint, photo } = desk.work_on(source)?;
    let new = NewPicture {
        file_name: &name,
        source_sha256: &fingerprint,
        picture: &photo.picture,
        thumbnail: &photo.thumbnail,
        media_type: photo.media_type,
        width: photo.width,
        height: photo.height,
        taken_on: photo.taken.map(|taken| taken.day),
        taken_at: photo.taken.map(zhucun_media::Taken::clock).unwrap_or_default(),
    };
    shell.with(|ledger| {
        let done = ledger.add_picture(batch, owner, &new)?;
        let (id, known) = match done.value {
            Added::New(id) => (id, false),
            Added::Known(id) => (id, true),
        };
        let taken_on = ledger.store().get::<Attachment>(id)?.draft.taken_on;
        Ok(AddedPhoto { id, known, taken_on, notes: photo.notes.clone(), changed: done.changed })
    })
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
