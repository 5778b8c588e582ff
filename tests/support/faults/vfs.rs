//! SQLite's way to the disk, with a [`Rig`] in it: a VFS that hands everything on to the system's own and asks the rig
//! before what writes. The only unsafe code of the tests; every function keeps to SQLite's documented contract for
//! `sqlite3_vfs` and `sqlite3_io_methods`.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::ffi;

use super::{Act, Rig, Verdict, rig_of, stand_still};

/// SQLite's file, ours first; behind it lies the system's own.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    about: *mut About,
}

/// What we know of an open file.
struct About {
    path: PathBuf,
    rig: Option<Arc<Rig>>,
    /// Whether the folder is synced with the file's first sync, as the system's VFS does for new journals.
    syncs_folder: bool,
}

static mut SYSTEM: *mut ffi::sqlite3_vfs = std::ptr::null_mut();

/// Makes this the default VFS of the process.
pub fn install() {
    // SAFETY: called once, before any rigged connection is opened; the VFS is leaked and so lives as long as the process.
    unsafe {
        ffi::sqlite3_initialize();
        SYSTEM = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut ours = std::ptr::read(SYSTEM);
        ours.zName = c"rigged".as_ptr();
        ours.pNext = std::ptr::null_mut();
        ours.szOsFile += c_int::try_from(size_of::<File>()).unwrap_or(0);
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1);
    }
}

/// The system's file behind ours.
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: `szOsFile` reserves room for both, and ours comes first.
    unsafe { file.cast::<File>().add(1).cast() }
}

unsafe fn about<'f>(file: *mut ffi::sqlite3_file) -> &'f mut About {
    // SAFETY: set by `open`, freed by `close`; SQLite uses a file from one thread at a time.
    unsafe { &mut *(*file.cast::<File>()).about }
}

/// Hands a call on to the system's file.
macro_rules! system {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let real = real($file);
        match (*(*real).pMethods).$method {
            Some(method) => method(real $(, $argument)*),
            None => ffi::SQLITE_IOERR,
        }
    }};
}

fn path_of(name: *const c_char) -> Option<PathBuf> {
    // SAFETY: SQLite hands over nothing or a text that ends with NUL.
    let name = unsafe { name.as_ref().map(|name| CStr::from_ptr(name)) }?;
    Some(PathBuf::from(name.to_string_lossy().into_owned()))
}

/// Whether to go on, or which error to answer.
fn asked(rig: Option<&Arc<Rig>>, act: Act) -> Result<(), c_int> {
    let failed = match act {
        Act::Open => ffi::SQLITE_CANTOPEN,
        Act::Write => ffi::SQLITE_IOERR_WRITE,
        Act::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
        Act::Sync => ffi::SQLITE_IOERR_FSYNC,
        Act::Rename | Act::Remove => ffi::SQLITE_IOERR_DELETE,
    };
    match rig.map_or(Verdict::Go, |rig| rig.ask(act)) {
        Verdict::Go => Ok(()),
        Verdict::Fail => Err(failed),
        Verdict::Full => Err(ffi::SQLITE_FULL),
        Verdict::Stop => stand_still(),
    }
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the arguments are SQLite's, handed on; the room behind `file` is the system's.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let path = path_of(name).unwrap_or_default();
        let rig = rig_of(&path);
        let is_new = flags & ffi::SQLITE_OPEN_CREATE != 0 && !path.exists();
        // Opening what is there changes nothing, but it may fail.
        if let Err(code) = asked(rig.as_ref(), Act::Open) {
            return code;
        }
        let Some(system_open) = (*SYSTEM).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = system_open(SYSTEM, name, real(file), flags, out);
        if (*real(file)).pMethods.is_null() {
            return code;
        }
        if is_new && let Some(rig) = &rig {
            rig.note(|model| model.create(&path));
        }
        let journals = ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_SUPER_JOURNAL;
        let syncs_folder = is_new && flags & journals != 0;
        (*file.cast::<File>()).about = Box::into_raw(Box::new(About { path, rig, syncs_folder }));
        (*file).pMethods = &METHODS;
        code
    }
}

unsafe extern "C" fn delete(_vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let path = path_of(name).unwrap_or_default();
    let rig = rig_of(&path);
    if !path.exists() {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    }
    if let Err(code) = asked(rig.as_ref(), Act::Remove) {
        return code;
    }
    // SAFETY: handed on as it came.
    let code = unsafe { (*SYSTEM).xDelete.map_or(ffi::SQLITE_IOERR, |system| system(SYSTEM, name, 0)) };
    if code == ffi::SQLITE_OK
        && let Some(rig) = &rig
    {
        rig.note(|model| model.remove(&path));
        if sync != 0 {
            if let Err(code) = asked(Some(rig), Act::Sync) {
                return code;
            }
            rig.note(|model| model.sync_folder(path.parent().unwrap_or(Path::new("/"))));
        }
    }
    code
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the file was opened by us; it is not used afterwards.
    unsafe {
        let code = system!(file, xClose);
        drop(Box::from_raw((*file.cast::<File>()).about));
        (*file).pMethods = std::ptr::null();
        code
    }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, bytes: *const c_void, count: c_int, at: i64) -> c_int {
    // SAFETY: `bytes` holds `count` bytes, as SQLite says.
    unsafe {
        let About { path, rig, .. } = about(file);
        let Some(rig) = rig else { return system!(file, xWrite, bytes, count, at) };
        let verdict = rig.ask(Act::Write);
        let written = match verdict {
            Verdict::Go => count,
            // What fails or is cut off has often written a part.
            Verdict::Fail | Verdict::Stop => count / 2,
            Verdict::Full => 0,
        };
        let code = if written > 0 { system!(file, xWrite, bytes, written, at) } else { ffi::SQLITE_OK };
        match verdict {
            Verdict::Stop => stand_still(),
            Verdict::Fail => ffi::SQLITE_IOERR_WRITE,
            Verdict::Full => ffi::SQLITE_FULL,
            Verdict::Go => {
                let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), usize::try_from(count).unwrap_or(0));
                rig.note(|model| model.write(path, usize::try_from(at).unwrap_or(0), bytes));
                code
            }
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: handed on as it came.
    unsafe {
        let About { path, rig, .. } = about(file);
        if let Err(code) = asked(rig.as_ref(), Act::Truncate) {
            return code;
        }
        let code = system!(file, xTruncate, size);
        if let Some(rig) = rig {
            rig.note(|model| model.truncate(path, usize::try_from(size).unwrap_or(0)));
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: handed on as it came.
    unsafe {
        let About { path, rig, syncs_folder } = about(file);
        let Some(rig) = rig else { return system!(file, xSync, flags) };
        if let Err(code) = asked(Some(rig), Act::Sync) {
            return code;
        }
        // A rigged file's bytes need not outlive the test: only what the model knows of them counts.
        rig.note(|model| model.sync(path));
        if std::mem::take(syncs_folder) {
            rig.note(|model| model.sync_folder(path.parent().unwrap_or(Path::new("/"))));
        }
        ffi::SQLITE_OK
    }
}

/// Methods that are handed on and nothing else.
macro_rules! handed_on {
    ($($name:ident = $method:ident ($($argument:ident: $type:ty),*);)*) => {
        $(unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $argument: $type)*) -> c_int {
            // SAFETY: handed on as it came.
            unsafe { system!(file, $method $(, $argument)*) }
        })*
    };
}

handed_on! {
    read = xRead(into: *mut c_void, count: c_int, at: i64);
    file_size = xFileSize(size: *mut i64);
    lock = xLock(level: c_int);
    unlock = xUnlock(level: c_int);
    check_reserved_lock = xCheckReservedLock(out: *mut c_int);
    file_control = xFileControl(op: c_int, argument: *mut c_void);
    sector_size = xSectorSize();
    device_characteristics = xDeviceCharacteristics();
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void);
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap = xShmUnmap(remove: c_int);
    fetch = xFetch(at: i64, count: c_int, out: *mut *mut c_void);
    unfetch = xUnfetch(at: i64, page: *mut c_void);
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: handed on as it came.
    unsafe {
        let real = real(file);
        if let Some(method) = (*(*real).pMethods).xShmBarrier {
            method(real);
        }
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};
