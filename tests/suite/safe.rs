//! The encrypted ledger: nothing of it can be read from the disk, what opens it, and what no longer does.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use zhucun_core::records::Kind;
use zhucun_core::sample::create_sample_with;
use zhucun_core::setup::create_ledger_with;
use zhucun_core::storage::{Cost, Ledger, Passphrase, Protection, RecoveryKey, Secret, key_path};
use zhucun_core::{Error, Result};

use crate::desk::{Desk, first_page, world};

const PASSPHRASE: &str = "木桶里有三只蓝色的猫";

fn protection() -> Protection {
    Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new(PASSPHRASE).unwrap()).unwrap() }
}

fn known() -> Secret {
    Secret::passphrase(PASSPHRASE).unwrap()
}

fn open(path: &Path, secret: Option<&Secret>) -> Result<Ledger> {
    Ledger::open_with(path, world(), secret)
}

fn code(path: &Path, secret: Option<&Secret>) -> &'static str {
    open(path, secret).err().map_or("opened", |error| error.code())
}

/// A closed encrypted ledger, and its recovery key as printed.
fn closed() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("石门村.zcj");
    let protection = protection();
    drop(create_ledger_with(&path, world(), &first_page(), Some(&protection)).unwrap());
    (folder, path, protection.recovery.printed().to_string())
}

/// The sample, open, with a change that so far lies in the write-ahead log.
fn sample_at_work(folder: &Path, protection: Option<&Protection>) -> Ledger {
    let mut ledger = create_sample_with(&folder.join("示例.zcj"), protection).unwrap();
    let mut draft = ledger.blank_json(Kind::Household).unwrap();
    draft["members"][0]["name"] = json!("欧阳木兰");
    let request = zhucun_core::records::SaveRequest { kind: Kind::Household, id: None, version: None, draft, keep: vec![] };
    ledger.save_json(request).unwrap();
    ledger.put_draft("visit", r#"{"text":"写到一半的草稿"}"#).unwrap();
    ledger
}

/// Which of these texts stand in a file of the folder, in any of the encodings that SQLite knows.
fn found_in(folder: &Path, texts: &[String]) -> Vec<String> {
    let files: Vec<Vec<u8>> = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    let holds = |bytes: &[u8]| files.iter().any(|file| file.windows(bytes.len()).any(|window| window == bytes));
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    texts.iter().filter(|text| holds(text.as_bytes()) || holds(&wide(text))).cloned().collect()
}

/// Names and numbers of the sample, what was typed since, and words of the file's own structure.
fn telling(ledger: &Ledger) -> Vec<String> {
    let mut texts: Vec<String> =
        ["欧阳木兰", "写到一半的草稿", "household", "CREATE TABLE", "SQLite format 3"].map(str::to_owned).to_vec();
    let households = ledger.store().all::<zhucun_core::records::household::Household>().unwrap();
    for member in households.iter().flat_map(|household| &household.draft.members).take(40) {
        texts.extend([member.name.clone(), member.id_number.clone()].into_iter().filter(|text| text.chars().count() >= 3));
    }
    assert!(texts.len() > 20, "the sample has people with names and numbers");
    texts
}

#[test]
fn nothing_of_an_encrypted_ledger_can_be_read_from_the_disk() {
    let (plain, encrypted) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let protection = protection();
    let open_plain = sample_at_work(plain.path(), None);
    let ledger = sample_at_work(encrypted.path(), Some(&protection));
    let mut texts = telling(&ledger);
    assert_eq!(found_in(plain.path(), &texts), texts, "a plain ledger does hold them: the search finds what is there");

    texts.extend([PASSPHRASE.to_owned(), protection.recovery.printed().to_string()]);
    texts.push(protection.recovery.printed().replace('-', ""));
    assert!(fs::metadata(encrypted.path().join("示例.zcj-wal")).unwrap().len() > 0, "there is a write-ahead log to look into");
    assert_eq!(found_in(encrypted.path(), &texts), Vec::<String>::new(), "while it is open");
    drop((ledger, open_plain));
    assert_eq!(found_in(encrypted.path(), &texts), Vec::<String>::new(), "when it is closed");
}

#[test]
fn only_the_passphrase_and_the_recovery_key_open_it() {
    let (_folder, path, printed) = closed();
    assert_eq!(code(&path, None), "passphrase_needed");
    assert_eq!(code(&path, Secret::passphrase("木桶里有四只蓝色的猫").as_ref()), "passphrase_wrong");
    let other = Secret::Recovery(RecoveryKey::random().unwrap());
    assert_eq!(code(&path, Some(&other)), "recovery_key_wrong");
    for secret in [known(), Secret::Recovery(RecoveryKey::parse(&printed).unwrap())] {
        let ledger = open(&path, Some(&secret)).unwrap();
        assert!(ledger.is_encrypted());
        ledger.check_pages().unwrap();
        assert_eq!(ledger.store().list(Kind::Village, &Default::default()).unwrap().total, 1);
    }
}

#[test]
fn a_new_passphrase_writes_the_key_file_only_and_ends_the_old_one() {
    let (_folder, path, printed) = closed();
    let new = Passphrase::new("雨停了再去上屯").unwrap();
    let before = fs::read(&path).unwrap();
    let recovery = Secret::Recovery(RecoveryKey::parse(&printed).unwrap());
    let ledger = open(&path, Some(&recovery)).unwrap();
    let wrong = Secret::passphrase("不知道").unwrap();
    assert!(matches!(ledger.change_passphrase(&wrong, &new), Err(Error::PassphraseWrong)), "the known secret is asked again");
    ledger.change_passphrase(&recovery, &new).unwrap();
    drop(ledger);
    assert_eq!(fs::read(&path).unwrap(), before, "not a page of the ledger is rewritten");
    assert_eq!(code(&path, Some(&known())), "passphrase_wrong");
    assert_eq!(code(&path, Some(&Secret::Passphrase(new))), "opened");
    assert_eq!(code(&path, Some(&recovery)), "opened", "the paper in the drawer is still good");
}

#[test]
fn a_new_recovery_key_ends_the_old_one_and_leaves_the_passphrase() {
    let (_folder, path, printed) = closed();
    let fresh = open(&path, Some(&known())).unwrap().change_recovery_key(&known()).unwrap();
    assert_eq!(code(&path, Some(&Secret::Recovery(RecoveryKey::parse(&printed).unwrap()))), "recovery_key_wrong");
    assert_eq!(code(&path, Some(&Secret::Recovery(fresh))), "opened");
    assert_eq!(code(&path, Some(&known())), "opened");
}

#[test]
fn a_ledger_without_its_key_file_or_with_another_ones_says_so() {
    let (_folder, path, _) = closed();
    let key = key_path(&path);
    let own = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    assert_eq!(code(&path, Some(&known())), "key_file_missing");
    fs::write(&key, b"{}").unwrap();
    assert_eq!(code(&path, Some(&known())), "key_file_damaged");
    let (_other_folder, other, _) = closed();
    fs::copy(key_path(&other), &key).unwrap();
    assert_eq!(code(&path, Some(&known())), "ledger_damaged", "the same passphrase, but another ledger's key");
    fs::write(&key, own).unwrap();
    assert_eq!(code(&path, Some(&known())), "opened", "nothing was changed by trying");
}

#[test]
fn a_key_file_left_behind_is_not_overwritten_and_a_failed_creation_leaves_nothing() {
    let (folder, path, _) = closed();
    fs::remove_file(&path).unwrap();
    let before = fs::read(key_path(&path)).unwrap();
    let made = create_ledger_with(&path, world(), &first_page(), Some(&protection()));
    assert!(matches!(made, Err(Error::LedgerExists)));
    assert_eq!(fs::read(key_path(&path)).unwrap(), before);

    let nameless = zhucun_core::setup::NewLedger { team: String::new(), ..first_page() };
    let other = folder.path().join("另一本.zcj");
    assert!(create_ledger_with(&other, world(), &nameless, Some(&protection())).is_err());
    assert!(!other.exists() && !key_path(&other).exists());
}

#[test]
fn a_plain_ledger_has_no_passphrase_and_asks_for_none() {
    let desk = Desk::new();
    let path = desk.path();
    assert!(!desk.ledger.is_encrypted() && !key_path(&path).exists());
    desk.ledger.check_pages().unwrap();
    let new = Passphrase::new("雨停了再去上屯").unwrap();
    assert!(matches!(desk.ledger.change_passphrase(&known(), &new), Err(Error::NotEncrypted)));
    let Desk { ledger, folder, .. } = desk;
    drop(ledger);
    assert_eq!(code(&path, Some(&known())), "opened");
    drop(folder);
}

#[test]
fn a_flipped_byte_never_passes_for_good_data() {
    let (folder, path, _) = closed();
    let whole = fs::read(&path).unwrap();
    let broken = folder.path().join("坏.zcj");
    fs::copy(key_path(&path), key_path(&broken)).unwrap();
    let mut state = 20_260_620_u64;
    for nth in 0..300 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 33) as usize % whole.len();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (nth % 8);
        fs::write(&broken, &bytes).unwrap();
        let outcome = open(&broken, Some(&known())).and_then(|ledger| ledger.check_pages());
        let code = outcome.err().map_or("passed", |error| error.code());
        assert_eq!(code, "ledger_damaged", "byte {at} of {}", whole.len());
    }
}
