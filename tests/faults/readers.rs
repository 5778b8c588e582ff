//! Bytes from outside: whatever a file or a line holds, its reader answers with what it read or with a reason, in a bounded
//! time, and never falls over. Valid files are changed at random, the parts of packages from within.

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zhucun_core::handover::HandOverContents;
use zhucun_core::outline;
use zhucun_core::quick::{Asked, Reader};
use zhucun_core::records::report::Report;
use zhucun_core::report::form::{FormValues, IdFormat};
use zhucun_core::report::{Trial, try_outline};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::{Cost, HandOverFile, HandOverSecret, Ledger, Passphrase, Protection, Secret, key_path, take_over};
use zhucun_core::value::Period;
use zhucun_export::form::fill_form;
use zhucun_import::guard::Limits;
use zhucun_import::mapping::guess;
use zhucun_tests::faults::Dice;
use zhucun_tests::faults::model::files;
use zhucun_tests::script::path_in;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::bench::{Bench, assert_worded, rounds, told, world};

/// Longer than this no reader may take for a small file, on a slow and busy computer.
const PATIENCE: Duration = Duration::from_secs(60);

fn fixtures(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let wanted = files(&folder).into_iter().filter(|path| path.extension().is_none_or(|extension| extension != "py"));
    wanted.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
}

/// What readers stumble over.
const PEBBLES: [&[u8]; 14] = [
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"<",
    b">",
    b"&#0;",
    b"{{",
    b"}}",
    b"]]>",
    "\u{202e}\u{feff}".as_bytes(),
    b"999999999999999999999",
    b"-1",
    b"A1048577",
];

/// Some bytes changed: flipped, cut out, doubled, put in, or taken from another file.
fn changed(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let place = |dice: &mut Dice, length: usize| usize::try_from(dice.below(length as u64 + 1)).unwrap();
        let at = place(dice, bytes.len());
        let end = (at + place(dice, 64)).min(bytes.len());
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            3 => {
                let pebble = PEBBLES[place(dice, PEBBLES.len() - 1)];
                bytes.splice(at..end.min(at + pebble.len()), pebble.iter().copied());
            }
            4 if dice.below(4) == 0 => bytes.truncate(at),
            _ => {
                let from = place(dice, other.len());
                let until = (from + place(dice, 200)).min(other.len());
                bytes.splice(at..end, other[from..until].iter().copied());
            }
        }
    }
    bytes
}

/// A package whose parts are unpacked, changed, and packed again: past what guards the wrapping.
fn changed_within(bytes: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let victim = usize::try_from(dice.below(archive.len() as u64)).ok()?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).ok()?;
        let mut content = Vec::new();
        part.read_to_end(&mut content).ok()?;
        if at == victim {
            content = changed(&content, &content.clone(), dice);
        }
        writer.start_file(part.name().ok()?.into_owned(), SimpleFileOptions::default()).ok()?;
        writer.write_all(&content).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}

fn any_change(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let within = if seed.starts_with(b"PK") && dice.below(4) > 0 { changed_within(seed, dice) } else { None };
    within.unwrap_or_else(|| changed(seed, other, dice))
}

/// How long this thread has been at work; where the system does not say, the clock.
fn worked(since: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// The inputs over which a reader was longest at work, the worst first.
#[derive(Default)]
struct Slowest(Vec<(Duration, String, Vec<u8>)>);

impl Slowest {
    const KEPT: usize = 5;

    fn take(&mut self, took: Duration, name: impl FnOnce() -> String, input: Vec<u8>) {
        if self.0.len() < Self::KEPT || self.0.last().is_some_and(|last| took > last.0) {
            self.0.push((took, name(), input));
            self.0.sort_by_key(|slow| std::cmp::Reverse(slow.0));
            self.0.truncate(Self::KEPT);
        }
    }

    fn worst(&self) -> Duration {
        self.0.first().map_or(Duration::ZERO, |slow| slow.0)
    }

    /// In the long run they are left to be looked at.
    fn leave(&self, what: &str) {
        for (nth, (took, name, input)) in self.0.iter().enumerate() {
            let left = std::env::temp_dir().join(format!("slow-{what}-{nth}.bin"));
            if std::env::var_os("ZHUCUN_LONG").is_some() && std::fs::write(&left, input).is_ok() {
                told(&format!("{what}: {name} took {} ms of work; see {}", took.as_millis(), left.display()));
            }
        }
    }
}

/// Changes the slowest inputs further, one after the other, and keeps what is slower still: what grows without bounds is found so.
fn hunt(what: &str, slowest: &mut Slowest, rounds: u64, reader: &dyn Fn(&[u8]) -> bool) -> u64 {
    let (mut dice, begun) = (Dice::new(99), Instant::now());
    for round in 0..rounds {
        let Some((_, name, seed)) = slowest.0.get(usize::try_from(round).unwrap() % Slowest::KEPT) else { break };
        let (name, input) = (name.clone(), any_change(seed, seed, &mut dice));
        let before = worked(begun);
        reader(&input);
        let took = worked(begun).saturating_sub(before);
        assert!(took < PATIENCE, "{what}: {name}, changed further in round {round}, took {took:?}");
        slowest.take(took, || name, input);
    }
    rounds
}

/// How long a reader's thread is to be at work at least, whatever the number of inputs: `ZHUCUN_MINUTES`, shared among the parts
/// of what one reader reads.
fn at_least(share: u32) -> Duration {
    let minutes = std::env::var("ZHUCUN_MINUTES").ok().and_then(|minutes| minutes.parse().ok()).unwrap_or(0);
    Duration::from_secs(minutes * 60) / share
}

/// Where to go on when the hour is made up of several runs: `ZHUCUN_PASS`.
fn first_pass() -> u64 {
    std::env::var("ZHUCUN_PASS").ok().and_then(|pass| pass.parse().ok()).unwrap_or(0)
}

/// Lets a reader have so many changed inputs of each seed, over and over until it was at work for as long as is asked; the input
/// over which it falls is left for a test.
fn feed(what: &str, seeds: &[(String, Vec<u8>)], each: u64, least: Duration, reader: &dyn Fn(&[u8]) -> bool) {
    assert!(!seeds.is_empty(), "{what}: there is something to begin with");
    for (name, seed) in seeds {
        assert!(reader(seed), "{what}: {name} is read as it is");
    }
    let (mut inputs, mut read, mut slowest, begun) = (0, 0, Slowest::default(), Instant::now());
    let start = worked(begun);
    for pass in first_pass().. {
        read += feed_once(what, seeds, (pass, each), &mut slowest, reader);
        inputs += each * seeds.len() as u64;
        let at_work = worked(begun).saturating_sub(start);
        told(&format!(
            "… {what}, pass {pass}: {inputs} changed inputs in {} minutes of work, the slowest in {} ms",
            at_work.as_secs() / 60,
            slowest.worst().as_millis()
        ));
        if at_work >= least {
            break;
        }
    }
    let hunted = hunt(what, &mut slowest, each / 2, reader);
    slowest.leave(what);
    told(&format!(
        "{what}: {} changed inputs, {read} of them read all the same, the slowest in {} ms",
        inputs + hunted,
        slowest.worst().as_millis()
    ));
}

/// One pass over the seeds; answers with how many changed inputs were read all the same.
fn feed_once(
    what: &str,
    seeds: &[(String, Vec<u8>)],
    (pass, each): (u64, u64),
    slowest: &mut Slowest,
    reader: &dyn Fn(&[u8]) -> bool,
) -> u64 {
    let (mut read, begun) = (0u64, Instant::now());
    for (nth, (name, seed)) in seeds.iter().enumerate() {
        let mut dice = Dice::new(nth as u64 + 1 + pass * 1000);
        for round in 0..each {
            let other = &seeds[usize::try_from(dice.below(seeds.len() as u64)).unwrap()].1;
            let input = any_change(seed, other, &mut dice);
            let before = worked(begun);
            match catch_unwind(AssertUnwindSafe(|| reader(&input))) {
                Ok(good) => read += u64::from(good),
                Err(_) => {
                    let left = std::env::temp_dir().join(format!("{what}-{pass}-{nth}-{round}.bin"));
                    std::fs::write(&left, &input).unwrap();
                    panic!("{what}: {name}, change {round} of pass {pass} makes the reader fall over; see {}", left.display());
                }
            }
            let took = worked(begun).saturating_sub(before);
            assert!(took < PATIENCE, "{what}: {name}, change {round} took {took:?}");
            slowest.take(took, || format!("{name}, change {round}"), input);
        }
    }
    read
}

#[test]
fn workbooks_are_read_or_refused() {
    let read = |bytes: &[u8]| match zhucun_import::read::read(bytes, None, &Limits::default(), &mut |_| true) {
        Ok(workbook) => {
            // What is read is also looked at: headings are guessed.
            workbook.sheets.iter().for_each(|sheet| drop(guess(sheet)));
            true
        }
        Err(error) => {
            assert!(error.to_string().chars().count() > 5, "{error:?}");
            false
        }
    };
    feed("workbook", &fixtures("import"), rounds(8, 3000), at_least(1), &read);
}

#[test]
fn forms_are_filled_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let period = Period::parse("2026H1").unwrap();
    let report = Report::of(period, period.last_day(), "work-team");
    let values = ledger.read(|store| FormValues::load(store, &report, period.last_day())).unwrap();
    let fill = |bytes: &[u8]| fill_form(bytes, &values, IdFormat::Text).is_ok();
    feed("form", &fixtures("forms"), rounds(20, 10_000), at_least(1), &fill);
}

#[test]
fn photos_are_taken_in_or_refused() {
    let prepare = |bytes: &[u8]| zhucun_media::prepare(bytes).is_ok();
    feed("photo", &fixtures("photos"), rounds(6, 1000), at_least(1), &prepare);
}

#[test]
fn templates_are_read_and_tried_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let seeds: Vec<(String, Vec<u8>)> = ["work-team", "township"]
        .map(|name| (name.to_owned(), outline::write_file(&outline::copy_of(name).unwrap()).into_bytes()))
        .to_vec();
    let trial = Trial::of(ledger.today());
    let try_it = |bytes: &[u8]| match outline::read_file(bytes) {
        Ok(draft) => ledger.read(|store| try_outline(store, &draft, &trial)).is_ok(),
        Err(error) => {
            assert!(error.to_string().chars().count() > 5, "{error:?}");
            false
        }
    };
    feed("template", &seeds, rounds(12, 2000), at_least(1), &try_it);
}

#[test]
fn typed_lines_are_read_whatever_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = create_sample(&folder.path().join("示例.zcj")).unwrap();
    let seeds: Vec<(String, Vec<u8>)> = [
        "昨天和村支书走访石老三，宣传防火，屋顶漏雨",
        "6月3日 电话走访 石老三 务工补贴材料还缺银行卡",
        "今天上午开村民代表会议，到会45人，学习一号文件2小时",
        "给潘七报危房改造补贴 2.4万元 已公示",
        "上周五 sls 家 走访 3户12人 送米2袋、油1桶 共计300.50元",
    ]
    .map(|line| (line.to_owned(), line.as_bytes().to_vec()))
    .to_vec();
    let reader = std::cell::RefCell::new(Reader::default());
    let read = |bytes: &[u8]| {
        let line = String::from_utf8_lossy(bytes).into_owned();
        let reading = reader.borrow_mut().read(&ledger, &Asked::line(&line));
        reading.unwrap_or_else(|error| panic!("{line:?}: {error:?}")).kind.is_some()
    };
    feed("line", &seeds, rounds(60, 20_000), at_least(1), &read);
}

/// The first page and the key file, which are read before anything else of a ledger.
#[test]
fn headers_and_key_files_are_recognised_or_refused() {
    for encrypted in [false, true] {
        let bench = Bench::new(encrypted);
        let folder = bench.before(1);
        let path = path_in(folder.path());
        let whole = std::fs::read(&path).unwrap();
        let secret = if encrypted { Secret::passphrase("木桶里有三只蓝色的猫") } else { None };
        let open = |path: &Path| match Ledger::open_with(path, world(), secret.as_ref()) {
            Ok(ledger) => drop(ledger.check(&mut |_, _| true).map(|report| report.is_sound())),
            Err(error) => assert_worded(&error, "opening"),
        };
        let head = |bytes: &[u8]| {
            ["-wal", "-shm"]
                .iter()
                .for_each(|ending| drop(std::fs::remove_file(folder.path().join(format!("石门村.zcj{ending}")))));
            std::fs::write(&path, [bytes, &whole[100..]].concat()).unwrap();
            open(&path);
            true
        };
        let name = if encrypted { "encrypted header" } else { "header" };
        feed(name, &[("石门村.zcj".to_owned(), whole[..100].to_vec())], rounds(20, 1000), at_least(3), &head);
        if encrypted {
            std::fs::write(&path, &whole).unwrap();
            let key = std::fs::read(key_path(&path)).unwrap();
            let read = |bytes: &[u8]| {
                std::fs::write(key_path(&path), bytes).unwrap();
                open(&path);
                true
            };
            feed("key file", &[("石门村.zcj.key".to_owned(), key)], rounds(40, 3000), at_least(3), &read);
        }
    }
}

/// A file that a team before gave: its head, also with hashes that fit what was changed, and the ledger behind it.
#[test]
fn hand_over_files_are_taken_over_or_refused() {
    let bench = Bench::new(false);
    let folder = bench.before(1);
    let ledger = Ledger::open(&path_in(folder.path()), world()).unwrap();
    let contents = HandOverContents::load(ledger.store(), ledger.today()).unwrap();
    let path = folder.path().join("移交.zcjy");
    let secret = HandOverSecret::Passphrase(Passphrase::new("约好的话").unwrap());
    ledger.hand_over(&path, &contents, &secret, Cost::LEAST, &mut |_, _| true).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let there = folder.path().join("接收");
    let protection = Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new("自己的口令").unwrap()).unwrap() };
    let take = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let _ = std::fs::remove_dir_all(&there);
        std::fs::create_dir(&there).unwrap();
        let opened = HandOverFile::look(&path).and_then(|file| file.open("约好的话"));
        let taken = opened.and_then(|it| take_over(&it, &there.join("新.zcj"), &protection, world(), &mut |_, _| true));
        match taken {
            Ok(_) => true,
            Err(error) => {
                assert_worded(&error, "taking over");
                assert!(!there.join("新.zcj").exists() && !there.join("新.zcj.key").exists());
                false
            }
        }
    };
    feed("hand-over file", &[("移交.zcjy".to_owned(), whole.clone())], rounds(12, 2000), at_least(2), &take);
    // The head begins behind mark, version, length and hash, which are made to fit.
    let length = u32::from_le_bytes(whole[16..20].try_into().unwrap()) as usize;
    let (head, rest) = whole[52..].split_at(length);
    let with_head = |head: &[u8]| {
        let length = u32::try_from(head.len()).unwrap().to_le_bytes();
        take(&[&whole[..16], length.as_slice(), &sha256(head), head, rest].concat())
    };
    feed("head of a hand-over file", &[("head".to_owned(), head.to_vec())], rounds(40, 3000), at_least(2), &with_head);
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    let hex = zhucun_core::records::attachment::fingerprint(bytes);
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
