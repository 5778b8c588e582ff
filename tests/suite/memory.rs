//! The memory of a process that had an encrypted ledger open: what is found there of key, passphrase and people while it is open, and
//! what is left once it is locked. Only Linux lets one look.

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::json;
use zhucun_core::records::{Kind, SaveRequest};
use zhucun_core::sample::create_sample_with;
use zhucun_core::storage::{Cost, Passphrase, Protection, Secret, page_key};

const PASSPHRASE: &str = "木桶里有三只蓝色的猫";
/// Stands in no list of names.
const NAME: &str = "欧阳木兰";

/// Every way in which a text or key is looked for.
struct Wanted(Vec<(&'static str, Vec<u8>)>);

impl Wanted {
    fn new(key: &[u8]) -> Self {
        let hex = |upper: bool| -> String {
            key.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect()
        };
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let scalars = |text: &str| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<u8>>();
        Wanted(vec![
            ("key", key.to_vec()),
            ("key in letters", hex(false).into_bytes()),
            ("key in letters", hex(true).into_bytes()),
            ("passphrase", PASSPHRASE.as_bytes().to_vec()),
            ("passphrase", wide(PASSPHRASE)),
            ("passphrase", scalars(PASSPHRASE)),
            ("name", NAME.as_bytes().to_vec()),
            ("name", wide(NAME)),
        ])
    }

    /// How often each is found in what a process may write, with the kind of memory.
    fn count(&self, process: u32) -> std::io::Result<Vec<(&'static str, String)>> {
        let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
        let mut memory = File::open(format!("/proc/{process}/mem"))?;
        let mut found = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
            let region = words.nth(3).unwrap_or("unnamed").to_owned();
            if !rights.starts_with("rw") || region.starts_with("[vvar") {
                continue;
            }
            let ends = range
                .split_once('-')
                .and_then(|(from, to)| Some((u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?)));
            let Some((from, to)) = ends else { continue };
            let mut bytes = vec![0u8; usize::try_from(to - from).unwrap()];
            memory.seek(SeekFrom::Start(from))?;
            // Pages that were never touched cannot be read.
            let Ok(()) = memory.read_exact(&mut bytes) else { continue };
            for (name, pattern) in &self.0 {
                let times = bytes.windows(pattern.len()).filter(|window| window == pattern).count();
                found.extend((0..times).map(|_| (*name, region.clone())));
            }
        }
        Ok(found)
    }
}

struct Other {
    process: Child,
    input: ChildStdin,
    said: BufReader<std::process::ChildStdout>,
}

impl Other {
    fn says(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn tell(&mut self, what: &[u8]) {
        self.input.write_all(what).unwrap();
        self.input.flush().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn names(found: &[(&'static str, String)], wanted: &str) -> usize {
    found.iter().filter(|(name, _)| name.starts_with(wanted)).count()
}

#[test]
fn a_locked_process_has_neither_key_nor_passphrase_in_its_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("示例.zcj");
    let protection = Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new(PASSPHRASE).unwrap()).unwrap() };
    let mut ledger = create_sample_with(&path, Some(&protection)).unwrap();
    let mut draft = ledger.blank_json(Kind::Household).unwrap();
    draft["members"][0]["name"] = json!(NAME);
    ledger.save_json(SaveRequest { kind: Kind::Household, id: None, version: None, draft, keep: vec![] }).unwrap();
    drop(ledger);
    let key = page_key(&path, &Secret::passphrase(PASSPHRASE).unwrap()).unwrap();
    let wanted = Wanted::new(&key[..]);

    let mut process =
        Command::new(env!("CARGO_BIN_EXE_locks-ledger")).arg(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (input, said) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
    let mut other = Other { process, input, said };
    other.tell(format!("{PASSPHRASE}\n").as_bytes());
    assert!(other.says().starts_with("open "));
    let open = match wanted.count(other.process.id()) {
        Ok(found) => found,
        Err(error) => return println!("skipped: the memory of another process cannot be read here ({error})"),
    };
    assert!(names(&open, "key") > 0, "while it is open the key is there, and the scan finds it: {open:?}");
    assert!(names(&open, "name") > 0, "and so are the people: {open:?}");
    assert_eq!(names(&open, "passphrase"), 0, "the passphrase is let go as soon as the ledger is open: {open:?}");
    assert_eq!(names(&open, "key in letters"), 0, "the key was never left behind as a statement: {open:?}");
    other.tell(b"x");
    assert_eq!(other.says(), "locked");
    let locked = wanted.count(other.process.id()).unwrap();
    println!("a name of the ledger: {} times while open, {} times when locked", names(&open, "name"), names(&locked, "name"));
    assert_eq!((names(&locked, "key"), names(&locked, "passphrase")), (0, 0), "{locked:?}");
}
