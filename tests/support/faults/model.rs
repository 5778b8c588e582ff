//! What is on the disk and what is only on its way. A file's content reaches the disk when the file is synced, its name when
//! its folder is. A power cut leaves what was synced and, of the rest, whatever chance has it: every write wholly, in part or
//! not at all, in any order between files; names in the order in which they were given, up to any point.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Dice;

/// What a disk writes in one go; a write that is cut off ends at such a border.
const SECTOR: usize = 512;

enum Piece {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// A file, whatever it is called.
#[derive(Default)]
struct Body {
    synced: Vec<u8>,
    pending: Vec<Piece>,
}

enum Naming {
    Put(PathBuf, usize),
    Remove(PathBuf),
    Move(PathBuf, PathBuf, usize),
}

impl Naming {
    fn folder(&self) -> Option<&Path> {
        match self {
            Naming::Put(path, _) | Naming::Remove(path) | Naming::Move(_, path, _) => path.parent(),
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Naming::Put(path, body) => drop(names.insert(path.clone(), *body)),
            Naming::Remove(path) => drop(names.remove(path)),
            Naming::Move(from, to, body) => {
                names.remove(from);
                names.insert(to.clone(), *body);
            }
        }
    }
}

/// The files of a folder as the disk has them.
pub struct Model {
    bodies: Vec<Body>,
    /// As the program sees them.
    names: BTreeMap<PathBuf, usize>,
    /// As the disk has them.
    synced: BTreeMap<PathBuf, usize>,
    pending: Vec<Naming>,
}

impl Model {
    /// Everything in a folder, taken as synced.
    pub fn of(folder: &Path) -> Self {
        let mut model = Model { bodies: Vec::new(), names: BTreeMap::new(), synced: BTreeMap::new(), pending: Vec::new() };
        for path in files(folder) {
            model.bodies.push(Body { synced: fs::read(&path).unwrap_or_default(), pending: Vec::new() });
            model.names.insert(path, model.bodies.len() - 1);
        }
        model.synced.clone_from(&model.names);
        model
    }

    /// A file is there from now on.
    pub fn create(&mut self, path: &Path) {
        if !self.names.contains_key(path) {
            self.bodies.push(Body::default());
            let naming = Naming::Put(path.to_owned(), self.bodies.len() - 1);
            self.name(naming);
        }
    }

    /// Some bytes of a file.
    pub fn write(&mut self, path: &Path, at: usize, bytes: &[u8]) {
        self.piece(path, Piece::Write(at, bytes.to_vec()));
    }

    /// A file anew.
    pub fn write_whole(&mut self, path: &Path, bytes: &[u8]) {
        self.create(path);
        self.piece(path, Piece::Length(0));
        self.write(path, 0, bytes);
    }

    /// A file's length.
    pub fn truncate(&mut self, path: &Path, length: usize) {
        self.piece(path, Piece::Length(length));
    }

    /// A file's content is on the disk.
    pub fn sync(&mut self, path: &Path) {
        if let Some(body) = self.names.get(path).and_then(|at| self.bodies.get_mut(*at)) {
            let pending = std::mem::take(&mut body.pending);
            pending.iter().for_each(|piece| apply(&mut body.synced, piece));
        }
    }

    /// The names in a folder are on the disk.
    pub fn sync_folder(&mut self, folder: &Path) {
        let (of_folder, others) =
            std::mem::take(&mut self.pending).into_iter().partition(|naming| naming.folder() == Some(folder));
        self.pending = others;
        let of_folder: Vec<Naming> = of_folder;
        of_folder.iter().for_each(|naming| naming.apply(&mut self.synced));
    }

    /// A file has another's name.
    pub fn rename(&mut self, from: &Path, to: &Path) {
        if let Some(body) = self.names.get(from).copied() {
            self.name(Naming::Move(from.to_owned(), to.to_owned(), body));
        }
    }

    /// A file is gone.
    pub fn remove(&mut self, path: &Path) {
        self.name(Naming::Remove(path.to_owned()));
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.pending.push(naming);
    }

    fn piece(&mut self, path: &Path, piece: Piece) {
        if let Some(body) = self.names.get(path).and_then(|at| self.bodies.get_mut(*at)) {
            body.pending.push(piece);
        }
    }

    /// What is left when the power goes now.
    pub fn write_to(&self, folder: &Path, into: &Path, dice: &mut Dice) -> io::Result<()> {
        let mut names = self.synced.clone();
        let kept = usize::try_from(dice.below(self.pending.len() as u64 + 1)).unwrap_or(0);
        self.pending.iter().take(kept).for_each(|naming| naming.apply(&mut names));
        for (path, body) in &names {
            let name = path.strip_prefix(folder).unwrap_or(path);
            // The map of the write-ahead log lives in memory.
            if name.to_string_lossy().ends_with("-shm") {
                continue;
            }
            let to = into.join(name);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(to, self.bodies.get(*body).map_or_else(Vec::new, |body| left_of(body, dice)))?;
        }
        Ok(())
    }
}

fn left_of(body: &Body, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = body.synced.clone();
    // Now all of it, now nothing, mostly a part.
    let mood = dice.below(6);
    for piece in &body.pending {
        let keep = match mood {
            0 => 0,
            1 => 1,
            _ => dice.below(3),
        };
        match (keep, piece) {
            (0, _) => {}
            (2, Piece::Write(at, whole)) => {
                let sectors = whole.len().div_ceil(SECTOR) as u64;
                let end = usize::try_from(dice.below(sectors + 1)).unwrap_or(0) * SECTOR;
                let part = whole.get(..end.min(whole.len())).unwrap_or_default();
                apply(&mut bytes, &Piece::Write(*at, part.to_vec()));
            }
            (_, piece) => apply(&mut bytes, piece),
        }
    }
    bytes
}

fn apply(bytes: &mut Vec<u8>, piece: &Piece) {
    match piece {
        Piece::Length(length) => bytes.resize(*length, 0),
        Piece::Write(_, written) if written.is_empty() => {}
        Piece::Write(at, written) => {
            let end = at + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            if let Some(place) = bytes.get_mut(*at..end) {
                place.copy_from_slice(written);
            }
        }
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that a power cut may leave of a file, over many throws.
    fn outcomes(model: &Model, name: &str) -> std::collections::BTreeSet<Option<Vec<u8>>> {
        let throw = |seed| {
            let into = tempfile::tempdir().ok()?;
            model.write_to(Path::new("/夹"), into.path(), &mut Dice::new(seed)).ok()?;
            fs::read(into.path().join(name)).ok()
        };
        (0..200).map(throw).collect()
    }

    #[test]
    fn what_is_synced_stays_and_what_is_not_may_go_in_part() {
        let mut model = Model::of(Path::new("/没有"));
        let path = Path::new("/夹/甲");
        model.create(path);
        model.write(path, 0, &[1; 1024]);
        assert_eq!(outcomes(&model, "甲").len(), 4, "no name; a name and 0, 1 or 2 sectors; zeros never stand for data");
        model.sync(path);
        model.sync_folder(Path::new("/夹"));
        assert_eq!(outcomes(&model, "甲"), [Some(vec![1; 1024])].into(), "on the disk");
        model.write(path, 512, &[2; 512]);
        let half: Vec<u8> = [[1; 512], [2; 512]].concat();
        assert_eq!(outcomes(&model, "甲"), [Some(vec![1; 1024]), Some(half)].into());
    }

    #[test]
    fn a_name_is_on_the_disk_with_its_folder() {
        let mut model = Model::of(Path::new("/没有"));
        let (fresh, path) = (Path::new("/夹/甲.new"), Path::new("/夹/甲"));
        model.write_whole(path, b"old");
        model.write_whole(fresh, b"new");
        model.sync(path);
        model.sync(fresh);
        model.sync_folder(Path::new("/夹"));
        model.rename(fresh, path);
        assert_eq!(outcomes(&model, "甲"), [Some(b"old".to_vec()), Some(b"new".to_vec())].into(), "the one or the other");
        model.sync_folder(Path::new("/夹"));
        assert_eq!(outcomes(&model, "甲"), [Some(b"new".to_vec())].into());
    }
}
