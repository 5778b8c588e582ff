//! Where a ledger lies: on a network, on something that is pulled out, or in a folder that is copied behind its back — none
//! of which a database in use bears well.

use std::path::{Path, PathBuf};

use serde::Serialize;

/// A place that a ledger should not be worked with in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Whereabouts {
    /// A share of another computer.
    Network,
    /// A stick or card.
    Removable,
    /// A folder that a program keeps the same on several machines; its name.
    Synced(String),
}

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is seen: a folder, or a drive such as `E:\`.
    pub point: PathBuf,
    /// Whether it lies on another computer.
    pub network: bool,
    /// Whether its disk can be pulled out.
    pub removable: bool,
}

/// File systems of other computers, as Linux calls them.
#[cfg(any(target_os = "linux", test))]
const NETWORK: [&str; 14] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs2",
    "fuse.gvfsd-fuse",
    "fuse.glusterfs",
];

/// Beginnings of names that sync programs give their folders, in lower case, and what the program is called.
const SYNCED: [(&str, &str); 25] = [
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud", "iCloud"),
    ("坚果云", "坚果云"),
    ("我的坚果云", "坚果云"),
    ("nutstore", "坚果云"),
    ("百度网盘", "百度网盘"),
    ("百度云", "百度网盘"),
    ("baidunetdisk", "百度网盘"),
    ("baidusyncdisk", "百度网盘"),
    ("baiduyun", "百度网盘"),
    ("wps云盘", "WPS云盘"),
    ("wps网盘", "WPS云盘"),
    ("wpsdrive", "WPS云盘"),
    ("wps cloud files", "WPS云盘"),
    ("阿里云盘", "阿里云盘"),
    ("微云", "微云"),
    ("weiyun", "微云"),
    ("天翼云盘", "天翼云盘"),
    ("夸克网盘", "夸克网盘"),
    ("nextcloud", "Nextcloud"),
    ("seafile", "Seafile"),
    ("syncthing", "Syncthing"),
];

/// Judges a ledger's place by its path and what is mounted.
pub fn judge(ledger: &Path, mounts: &[Mount]) -> Option<Whereabouts> {
    if let Some(name) = synced(ledger) {
        return Some(Whereabouts::Synced(name.to_owned()));
    }
    let text = ledger.to_string_lossy();
    if text.starts_with(r"\\") && !text.starts_with(r"\\?\") || text.starts_with(r"\\?\UNC\") {
        return Some(Whereabouts::Network);
    }
    // The deepest mount that holds the path is the one it lies on; of several at one point the last covers the others.
    let mount =
        mounts.iter().filter(|mount| ledger.starts_with(&mount.point)).max_by_key(|mount| mount.point.components().count())?;
    if mount.network {
        Some(Whereabouts::Network)
    } else if mount.removable {
        Some(Whereabouts::Removable)
    } else {
        None
    }
}

fn synced(ledger: &Path) -> Option<&'static str> {
    // Also the other system's separators: a path is judged as it is written.
    let path = ledger.to_string_lossy().to_lowercase();
    let (folders, _) = path.rsplit_once(['/', '\\'])?;
    let mut names = folders.split(['/', '\\']);
    names.find_map(|folder| SYNCED.iter().find(|(start, _)| begins_with(folder, start)).map(|(_, name)| *name))
}

/// `OneDrive - 县委组织部` is one, `onedriver` is not.
fn begins_with(folder: &str, start: &str) -> bool {
    folder.strip_prefix(start).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphabetic()))
}

/// What is mounted on this machine. Elsewhere than on Linux and Windows only paths are judged.
#[cfg(target_os = "linux")]
pub fn mounts() -> Vec<Mount> {
    let table = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    parse(&table, &|device| {
        let name = device.strip_prefix("/dev/").unwrap_or_default();
        // A partition stands inside its disk.
        let disk = std::fs::canonicalize(format!("/sys/class/block/{name}")).unwrap_or_default();
        let flags = [disk.join("removable"), disk.join("../removable")];
        flags.iter().any(|flag| std::fs::read_to_string(flag).is_ok_and(|flag| flag.trim() == "1"))
    })
}

/// The drives of this machine.
#[cfg(windows)]
#[allow(unsafe_code, reason = "the system says of what kind a drive is to nobody else")]
pub fn mounts() -> Vec<Mount> {
    use windows_sys::Win32::Storage::FileSystem::{GetDriveTypeW, GetLogicalDrives};
    use windows_sys::Win32::System::WindowsProgramming::{DRIVE_REMOTE, DRIVE_REMOVABLE};
    // SAFETY: takes nothing, and answers with a bit for every letter.
    let there = unsafe { GetLogicalDrives() };
    let drives = (b'A'..=b'Z').enumerate().filter(|(nth, _)| there & (1 << nth) != 0);
    let kind = |letter: u8| {
        let root = [u16::from(letter), u16::from(b':'), u16::from(b'\\'), 0];
        // SAFETY: the name ends with a zero and outlives the question.
        unsafe { GetDriveTypeW(root.as_ptr()) }
    };
    let mount = |letter: u8, kind: u32| Mount {
        point: PathBuf::from(format!("{}:\\", char::from(letter))),
        network: kind == DRIVE_REMOTE,
        removable: kind == DRIVE_REMOVABLE,
    };
    drives.map(|(_, letter)| mount(letter, kind(letter))).collect()
}

#[cfg(not(any(target_os = "linux", windows)))]
pub fn mounts() -> Vec<Mount> {
    Vec::new()
}

/// Reads a table of mounts: device, point, type; blanks in names are written `\040`.
#[cfg(any(target_os = "linux", test))]
fn parse(table: &str, is_removable: &dyn Fn(&str) -> bool) -> Vec<Mount> {
    let mount = |line: &str| {
        let mut parts = line.split(' ');
        let (device, point, kind) = (parts.next()?, unescaped(parts.next()?), parts.next()?);
        // Where the desktop shows what was plugged in, whatever its disk says of itself: big sticks claim to be fixed.
        let plugged = point.starts_with("/media/") || point.starts_with("/run/media/");
        let network = NETWORK.contains(&kind);
        Some(Mount { removable: plugged || is_removable(device), point: PathBuf::from(point), network })
    };
    table.lines().filter_map(mount).collect()
}

#[cfg(any(target_os = "linux", test))]
fn unescaped(name: &str) -> String {
    name.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "/dev/sda2 / ext4 rw 0 0\n/dev/sdb1 /mnt/stick vfat rw 0 0\n/dev/sdc1 /run/media/user/张\\040盘 exfat rw 0 0\n\
        //server/share /mnt/share cifs rw 0 0\n/dev/sdd1 /mnt/share/local ext4 rw 0 0\ngvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0\n坏行\n";

    fn at(path: &str) -> Option<Whereabouts> {
        judge(Path::new(path), &parse(TABLE, &|device| device == "/dev/sdb1"))
    }

    #[test]
    fn a_ledger_in_the_users_documents_lies_well() {
        assert_eq!(at("/home/user/文档/驻村记/石门村.zcj"), None);
        assert_eq!(at("/mnt/share/local/石门村.zcj"), None, "the deepest mount counts");
        assert_eq!(at("/mnt/stick2/石门村.zcj"), None, "a name that only begins the same");
    }

    #[test]
    fn sticks_and_shares_are_told() {
        assert_eq!(at("/mnt/stick/石门村.zcj"), Some(Whereabouts::Removable));
        assert_eq!(at("/run/media/user/张 盘/石门村.zcj"), Some(Whereabouts::Removable), "a stick that claims to be fixed");
        assert_eq!(at("/mnt/share/石门村.zcj"), Some(Whereabouts::Network));
        assert_eq!(at("/run/user/1000/gvfs/smb-share:server=nas/石门村.zcj"), Some(Whereabouts::Network));
        assert_eq!(at(r"\\nas\共享\石门村.zcj"), Some(Whereabouts::Network));
        assert_eq!(at(r"\\?\C:\台账\石门村.zcj"), None);
    }

    #[test]
    fn folders_of_sync_programs_are_told_by_name() {
        let synced = |path: &str| match at(path) {
            Some(Whereabouts::Synced(name)) => name,
            other => format!("{other:?}"),
        };
        assert_eq!(synced(r"C:\Users\user\OneDrive - 县委组织部\石门村.zcj"), "OneDrive");
        assert_eq!(synced("/home/user/Dropbox/台账/石门村.zcj"), "Dropbox");
        assert_eq!(synced(r"D:\我的坚果云\石门村.zcj"), "坚果云");
        assert_eq!(synced(r"D:\BaiduSyncdisk\石门村.zcj"), "百度网盘");
        assert_eq!(synced("/home/user/百度网盘同步空间/石门村.zcj"), "百度网盘");
        assert_eq!(synced(r"C:\Users\user\WPSDrive\123\WPS云盘\石门村.zcj"), "WPS云盘");
        assert_eq!(at("/home/user/onedriver/石门村.zcj"), None, "another word");
        assert_eq!(at("/home/user/文档/OneDrive.zcj"), None, "the file's own name says nothing of its folder");
    }

    #[cfg(windows)]
    #[test]
    fn drives_of_windows_are_told_by_their_letter() {
        let drive = |point: &str, network, removable| Mount { point: PathBuf::from(point), network, removable };
        let drives = [drive(r"C:\", false, false), drive(r"E:\", false, true), drive(r"Z:\", true, false)];
        let at = |path: &str| judge(Path::new(path), &drives);
        assert_eq!(at(r"C:\Users\user\Documents\驻村记\石门村.zcj"), None);
        assert_eq!(at(r"e:\台账\石门村.zcj"), Some(Whereabouts::Removable));
        assert_eq!(at(r"Z:\石门村.zcj"), Some(Whereabouts::Network));
        assert!(mounts().iter().any(|drive| drive.point == Path::new(r"C:\")), "{:?}", mounts());
    }
}
