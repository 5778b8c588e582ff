//! A disk that fails, fills up, stops or forgets, beneath everything that the core writes: beneath SQLite as a VFS
//! ([`vfs`]), and in place of [`zhucun_core::storage::Disk`] for all other files. What a power cut leaves is worked out by
//! [`model`]. Only files in the folder of a [`Rig`] are touched, so that tests beside each other do not meet.

pub mod model;
pub mod vfs;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use zhucun_core::storage::{Disk, use_disk};

use model::Model;

/// What is done to the disk. Reading is not counted: nothing can be lost by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Opening a file of SQLite's.
    Open,
    /// Writing, or copying a whole file.
    Write,
    /// Making a file shorter.
    Truncate,
    /// Bringing a file or a folder to the disk.
    Sync,
    /// Giving a file another name.
    Rename,
    /// Taking a file away.
    Remove,
}

/// How the disk behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The nth act fails, later ones do not.
    Once(u64),
    /// The nth act and all after it fail: the stick was pulled out.
    From(u64),
    /// From the nth act on there is no room: what writes fails.
    FullFrom(u64),
    /// At the nth act the program stands still, halfway through it, to be killed.
    StopAt(u64),
}

/// What becomes of one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Go,
    Fail,
    Full,
    Stop,
}

#[derive(Default)]
struct State {
    acts: Vec<Act>,
    fault: Option<Fault>,
    fired: Option<Act>,
    model: Option<Model>,
}

/// One test's disk: the files below a folder.
pub struct Rig {
    folder: PathBuf,
    state: Mutex<State>,
}

static RIGS: Mutex<Vec<Arc<Rig>>> = Mutex::new(Vec::new());
static INSTALLED: Once = Once::new();

impl Rig {
    /// Takes a folder's files under control. Nothing fails until it is told to.
    pub fn over(folder: &Path) -> Held {
        INSTALLED.call_once(|| {
            vfs::install();
            use_disk(&RiggedDisk);
        });
        let folder = real(folder).unwrap_or_else(|_| folder.to_owned());
        let rig = Arc::new(Rig { folder, state: Mutex::default() });
        lock(&RIGS).push(Arc::clone(&rig));
        Held(rig)
    }

    /// Counts from now on, and does this to the act whose turn it is.
    pub fn arm(&self, fault: Option<Fault>) {
        let mut state = lock(&self.state);
        (state.acts, state.fault, state.fired) = (Vec::new(), fault, None);
    }

    /// Remembers from now on what has reached the disk and what has not.
    pub fn watch(&self) {
        let model = Model::of(&self.folder);
        lock(&self.state).model = Some(model);
    }

    /// What the disk was asked to do since it was armed.
    pub fn acts(&self) -> Vec<Act> {
        lock(&self.state).acts.clone()
    }

    /// Which act failed, if its turn has come.
    pub fn fired(&self) -> Option<Act> {
        lock(&self.state).fired
    }

    /// Writes into another folder what a power cut at this moment would leave, by chance in what is not synced.
    pub fn after_power_cut(&self, into: &Path, dice: &mut Dice) -> io::Result<()> {
        match &lock(&self.state).model {
            Some(model) => model.write_to(&self.folder, into, dice),
            None => Err(io::Error::other("the disk was not watched")),
        }
    }

    fn ask(&self, act: Act) -> Verdict {
        let mut state = lock(&self.state);
        state.acts.push(act);
        let nth = u64::try_from(state.acts.len()).unwrap_or(u64::MAX);
        let verdict = match state.fault {
            Some(Fault::Once(at)) if nth == at => Verdict::Fail,
            Some(Fault::From(at)) if nth >= at => Verdict::Fail,
            Some(Fault::FullFrom(at)) if nth >= at && matches!(act, Act::Write) => Verdict::Full,
            Some(Fault::StopAt(at)) if nth == at => Verdict::Stop,
            _ => Verdict::Go,
        };
        if verdict != Verdict::Go {
            state.fired.get_or_insert(act);
        }
        verdict
    }

    fn note(&self, change: impl FnOnce(&mut Model)) {
        let mut state = lock(&self.state);
        // Where the power is gone, nothing more reaches the disk.
        let is_gone = matches!(state.fault, Some(Fault::From(_))) && state.fired.is_some();
        if let Some(model) = state.model.as_mut().filter(|_| !is_gone) {
            change(model);
        }
    }
}

/// Lets go of the folder when dropped.
pub struct Held(Arc<Rig>);

impl std::ops::Deref for Held {
    type Target = Rig;
    fn deref(&self) -> &Rig {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        lock(&RIGS).retain(|rig| !Arc::ptr_eq(rig, &self.0));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder's own name, without links, as SQLite writes it: on Windows without the mark of long names.
pub fn real(folder: &Path) -> io::Result<PathBuf> {
    let folder = folder.canonicalize()?;
    let plain = folder.to_str().and_then(|name| name.strip_prefix(r"\\?\")).map(PathBuf::from);
    Ok(plain.unwrap_or(folder))
}

/// Whose file it is.
fn rig_of(path: &Path) -> Option<Arc<Rig>> {
    lock(&RIGS).iter().find(|rig| path.starts_with(&rig.folder)).cloned()
}

/// Says so on the standard output, and waits to be killed.
fn stand_still() -> ! {
    println!("stopped");
    loop {
        std::thread::park();
    }
}

struct RiggedDisk;

impl RiggedDisk {
    fn act(&self, act: Act, path: &Path) -> io::Result<Option<Arc<Rig>>> {
        path.parent().map_or(Ok(None), |folder| self.act_in(act, folder))
    }

    fn act_in(&self, act: Act, folder: &Path) -> io::Result<Option<Arc<Rig>>> {
        let Some(rig) = real(folder).ok().and_then(|folder| rig_of(&folder)) else {
            return Ok(None);
        };
        match rig.ask(act) {
            Verdict::Go => Ok(Some(rig)),
            Verdict::Fail => Err(io::Error::from(io::ErrorKind::Other)),
            Verdict::Full => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Verdict::Stop => stand_still(),
        }
    }
}

/// The system's own way of doing it.
struct Plain;
impl Disk for Plain {}

impl Disk for RiggedDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        // A folder is never written to by itself, and an empty one too many is no state of a ledger.
        Plain.make_folder(folder)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let rig = self.act(Act::Write, path)?;
        Plain.write(path, bytes)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.write_whole(path, bytes)));
        Ok(())
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let rig = self.act(Act::Write, path)?;
        let at = usize::try_from(std::fs::metadata(path)?.len()).unwrap_or(0);
        Plain.append(path, bytes)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.write(path, at, bytes)));
        Ok(())
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let rig = self.act(Act::Write, to)?;
        Plain.copy(from, to)?;
        let bytes = std::fs::read(to)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.write_whole(to, &bytes)));
        Ok(())
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let rig = self.act(Act::Sync, path)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.sync(path)));
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let rig = self.act_in(Act::Sync, folder)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.sync_folder(folder)));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let rig = self.act(Act::Rename, to)?;
        Plain.rename(from, to)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.rename(from, to)));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let rig = self.act(Act::Remove, path)?;
        Plain.remove(path)?;
        rig.into_iter().for_each(|rig| rig.note(|model| model.remove(path)));
        Ok(())
    }
}

/// Numbers that look random and are the same for the same seed.
pub struct Dice(u64);

impl Dice {
    /// By a seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    /// A number below another.
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}
