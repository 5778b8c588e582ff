//! 加密: passphrases and recovery keys from the window. They pass through here to the core and are kept nowhere.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use zhucun_core::storage::{
    Backup, Ledger, Passphrase, Protection, RecoveryKey, Secret, Strength, drop_plain_backups, is_encrypted, recover_key_file,
};
use zhucun_core::{Error, Result};

use super::backups::copies_of;
use super::ledgers::LedgerInfo;
use super::secret_page::write_secret_page;
use crate::dialogs;
use crate::error::Answer;
use crate::recent;
use crate::shell_error::ShellError;
use crate::state::Shell;
use crate::tries::Tries;

/// What opens an encrypted ledger, as typed: one of the two.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Typed {
    Passphrase(String),
    RecoveryKey(String),
}

impl Typed {
    pub fn secret(self) -> Result<Secret> {
        match self {
            Typed::Passphrase(typed) => Secret::passphrase(&typed).ok_or(Error::PassphraseNeeded),
            Typed::RecoveryKey(typed) => RecoveryKey::parse(&typed).map(Secret::Recovery),
        }
    }
}

/// How strong a passphrase is.
#[derive(Debug, Serialize)]
pub struct PassphraseStrength {
    /// 1 to 3.
    level: u8,
    label: &'static str,
    advice: &'static str,
}

/// The ledger was encrypted.
#[derive(Debug, Serialize)]
pub struct Encrypted {
    ledger: LedgerInfo,
    recovery_key: String,
    /// Copies from before, which anybody can read.
    plain_backups: usize,
    /// Whether the disk has confirmed it.
    is_confirmed: bool,
}

/// The ledger was made plain.
#[derive(Debug, Serialize)]
pub struct Decrypted {
    ledger: LedgerInfo,
    /// Whether the disk has confirmed it.
    is_confirmed: bool,
}

pub(super) fn passphrase_of(typed: &str) -> Answer<Passphrase> {
    Ok(Passphrase::new(typed).ok_or(ShellError::PassphraseEmpty)?)
}

#[tauri::command(async)]
pub fn passphrase_strength(passphrase: String) -> PassphraseStrength {
    let strength = Passphrase::new(&passphrase).map_or(Strength::Weak, |passphrase| Strength::of(passphrase.text()));
    let level = match strength {
        Strength::Weak => 1,
        Strength::Fair => 2,
        Strength::Strong => 3,
    };
    PassphraseStrength { level, label: strength.label(), advice: strength.advice() }
}

/// Seconds until the next try at a ledger's passphrase.
#[tauri::command(async)]
pub fn unlock_wait(tries: State<'_, Tries>, path: PathBuf) -> u64 {
    tries.wait(&path)
}

/// Opens a ledger whose passphrase is forgotten by its recovery key, and gives it a new passphrase.
#[tauri::command(async, rename_all = "snake_case")]
pub fn ledger_reset(
    shell: State<'_, Shell>,
    tries: State<'_, Tries>,
    path: PathBuf,
    recovery_key: String,
    passphrase: String,
) -> Answer<LedgerInfo> {
    let (known, new) = (Typed::RecoveryKey(recovery_key).secret()?, passphrase_of(&passphrase)?);
    tries.attempt(&path, || shell.open_with(&path, Some(&known)))?;
    shell.with(|ledger| Ok(ledger.change_passphrase(&known, &new)?))?;
    LedgerInfo::of_open(&shell)
}

/// Works with the open ledger after its secret was asked again.
fn knowing<T>(shell: &Shell, tries: &Tries, known: Typed, work: impl FnOnce(&mut Ledger, &Secret) -> Result<T>) -> Answer<T> {
    let known = known.secret()?;
    shell.with(|ledger| {
        let path = ledger.path().to_owned();
        tries.attempt(&path, || work(ledger, &known))
    })
}

#[tauri::command(async)]
pub fn passphrase_change(shell: State<'_, Shell>, tries: State<'_, Tries>, known: Typed, passphrase: String) -> Answer<()> {
    let new = passphrase_of(&passphrase)?;
    knowing(&shell, &tries, known, |ledger, known| ledger.change_passphrase(known, &new))
}

/// Answers with the new recovery key, as it is printed.
#[tauri::command(async)]
pub fn recovery_renew(shell: State<'_, Shell>, tries: State<'_, Tries>, known: Typed) -> Answer<String> {
    knowing(&shell, &tries, known, |ledger, known| Ok(ledger.change_recovery_key(known)?.printed().to_string()))
}

#[tauri::command(async)]
pub fn ledger_encrypt(shell: State<'_, Shell>, passphrase: String) -> Answer<Encrypted> {
    let protection = Protection::new(passphrase_of(&passphrase)?)?;
    let (path, is_confirmed) = shell.with(|ledger| {
        let done = ledger.encrypt(&protection)?;
        Ok((ledger.path().to_owned(), done.is_confirmed))
    })?;
    let plain_backups = plain_in(&shell, &path)?.len();
    let recovery_key = protection.recovery.printed().to_string();
    Ok(Encrypted { ledger: LedgerInfo::of_open(&shell)?, recovery_key, plain_backups, is_confirmed })
}

#[tauri::command(async)]
pub fn ledger_decrypt(shell: State<'_, Shell>, tries: State<'_, Tries>, known: Typed) -> Answer<Decrypted> {
    let done = knowing(&shell, &tries, known, |ledger, known| ledger.decrypt(known))?;
    Ok(Decrypted { ledger: LedgerInfo::of_open(&shell)?, is_confirmed: done.is_confirmed })
}

/// Copies of an encrypted ledger that anybody can read, here and in the second place.
fn plain_in(shell: &Shell, ledger: &Path) -> Answer<Vec<Backup>> {
    let mut known = copies_of(shell, ledger)?;
    known.retain(|backup| matches!(is_encrypted(&backup.path), Ok(false)));
    Ok(known)
}

/// Throws away the copies that anybody can read; answers with how many went.
#[tauri::command(async)]
pub fn plain_backups_drop(shell: State<'_, Shell>) -> Answer<usize> {
    let path = shell
        .with(|ledger| if ledger.is_encrypted() { Ok(ledger.path().to_owned()) } else { Err(Error::NotEncrypted.into()) })?;
    Ok(drop_plain_backups(&plain_in(&shell, &path)?)?)
}

/// Brings the key file of the latest copy that has one beside a ledger whose own is missing or damaged.
#[tauri::command(async)]
pub fn key_file_recover(shell: State<'_, Shell>, ledger: PathBuf) -> Answer<()> {
    let known = copies_of(&shell, &ledger)?;
    if known.iter().any(|backup| recover_key_file(&ledger, &backup.path).is_ok()) {
        return Ok(());
    }
    Err(ShellError::NoKeyFile.into())
}

/// Saves a recovery key where the user says: a page to print, or a text.
#[tauri::command]
pub async fn recovery_key_save(app: AppHandle, shell: State<'_, Shell>, ledger: PathBuf, key: String) -> Answer<Option<PathBuf>> {
    let name = recent::name_of(&ledger);
    let start = shell.places.documents.join(format!("{name}恢复密钥.pdf"));
    let Some(path) = dialogs::secret_place(app, "恢复密钥保存在", start).await? else { return Ok(None) };
    write_recovery_key(&shell, &path, &name, &key)?;
    Ok(Some(path))
}

pub(super) fn write_recovery_key(shell: &Shell, path: &Path, ledger: &str, key: &str) -> Answer<()> {
    let lines = [
        format!("台账：{ledger}"),
        format!("恢复密钥：{key}"),
        "忘记口令时，在打开台账的页面点“用恢复密钥打开”，照上面输入，再设一个新口令。大小写、空格和短横都不影响。".to_owned(),
        "有这张纸和台账文件，就能看到台账的全部内容。请和电脑分开存放，不要拍照发送。口令和恢复密钥都丢了，台账就打不开了。"
            .to_owned(),
    ];
    write_secret_page(shell, path, "驻村记台账恢复密钥", &lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    const KEY: &str = "5VPB5-HBEFH-VAS4R-S8737-FPXSL-NAQSF";

    #[test]
    fn a_recovery_key_is_saved_as_a_page_to_print_or_as_a_text() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().to_owned();
        let shell = Shell::new(Places { documents: here.clone(), config: here.clone() });
        write_recovery_key(&shell, &here.join("密钥.txt"), "石门村", KEY).unwrap();
        let text = std::fs::read_to_string(here.join("密钥.txt")).unwrap();
        assert!(text.contains("石门村"), "it says for which ledger");
        let written = text.lines().find_map(|line| line.strip_prefix("恢复密钥：")).unwrap();
        assert_eq!(written, KEY);
        write_recovery_key(&shell, &here.join("密钥.pdf"), "石门村", KEY).unwrap();
        assert!(std::fs::read(here.join("密钥.pdf")).unwrap().starts_with(b"%PDF"));
    }
}
