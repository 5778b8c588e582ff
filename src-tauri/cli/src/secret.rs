//! Passphrases of scripts: they come from the environment, never from the command line, where every process could read them.

use std::env;
use std::path::Path;

use serde_json::json;
use zhucun_core::storage::{Ledger, Passphrase, Protection, RecoveryKey, Secret, Strength};

use crate::commands::say;
use crate::fault::Fault;
use crate::world::SystemWorld;

const PASSPHRASE: &str = "ZHUCUN_PASSPHRASE";
const NEW_PASSPHRASE: &str = "ZHUCUN_NEW_PASSPHRASE";
pub const HANDOVER_CODE: &str = "ZHUCUN_HANDOVER_CODE";
const RECOVERY_KEY: &str = "ZHUCUN_RECOVERY_KEY";

/// Opens a ledger, with the environment's passphrase or recovery key where it is encrypted.
pub fn open(path: &Path) -> Result<Ledger, Fault> {
    Ok(Ledger::open_with(path, Box::new(SystemWorld), secret()?.as_ref())?)
}

/// What new ledgers are encrypted with; none: they are plain.
pub fn protection() -> Result<Option<Protection>, Fault> {
    Ok(passphrase_of(PASSPHRASE).map(Protection::new).transpose()?)
}

/// Says that a ledger was made. Its recovery key is shown this once and kept nowhere.
pub fn tell_made(as_json: bool, what: &str, ledger: &Path, protection: Option<&Protection>) {
    let printed = protection.map(|protection| protection.recovery.printed());
    let key = printed.as_ref().map(|printed| printed.as_str());
    let mut text = format!("{what} {}", ledger.display());
    if let Some(key) = key {
        text.push_str(&format!("\n台账已加密。恢复密钥只显示这一次，请抄好收好：\n{key}"));
    }
    say(as_json, &json!({ "ledger": ledger, "encrypted": key.is_some(), "recovery_key": key }), &text);
}

/// `zhucun passphrase`: a new passphrase, and a new recovery key where asked for.
pub fn passphrase(as_json: bool, path: &Path, new_recovery_key: bool) -> Result<(), Fault> {
    let ledger = open(path)?;
    let known = secret()?.ok_or(zhucun_core::Error::NotEncrypted)?;
    let new = passphrase_of(NEW_PASSPHRASE);
    if new.is_none() && !new_recovery_key {
        return Err(Fault::Usage(format!("请把新口令放在环境变量 {NEW_PASSPHRASE} 中")));
    }
    // The recovery key first: the secret that opened the ledger may be the passphrase about to change.
    let fresh = if new_recovery_key { Some(ledger.change_recovery_key(&known)?) } else { None };
    let known = match (&fresh, known) {
        (Some(fresh), Secret::Recovery(_)) => Secret::Recovery(RecoveryKey::parse(&fresh.printed())?),
        (_, known) => known,
    };
    let strength = new.as_ref().map(|new| Strength::of(new.text()));
    if let Some(new) = &new {
        ledger.change_passphrase(&known, new)?;
    }
    let printed = fresh.map(|fresh| fresh.printed());
    let key = printed.as_ref().map(|printed| printed.as_str());
    let mut told = Vec::new();
    told.extend(strength.map(|strength| format!("口令已修改。强度：{}。{}", strength.label(), strength.advice())));
    told.extend(key.map(|key| format!("新的恢复密钥只显示这一次，请抄好收好，旧的已作废：\n{key}")));
    let answer = json!({ "ledger": path, "changed": new.is_some(), "recovery_key": key });
    say(as_json, &answer, &told.join("\n"));
    Ok(())
}

/// What opens an encrypted ledger, where the environment has it.
pub fn secret() -> Result<Option<Secret>, Fault> {
    if let Some(passphrase) = passphrase_of(PASSPHRASE) {
        return Ok(Some(Secret::Passphrase(passphrase)));
    }
    match env::var(RECOVERY_KEY) {
        Ok(typed) if !typed.is_empty() => Ok(Some(Secret::Recovery(RecoveryKey::parse(&typed)?))),
        _ => Ok(None),
    }
}

/// 交接码, or the passphrase that both sides of a hand-over agreed on.
pub fn hand_over_code() -> Option<Passphrase> {
    passphrase_of(HANDOVER_CODE)
}

/// What a ledger that is taken over is encrypted with.
pub fn new_protection() -> Result<Protection, Fault> {
    let new = passphrase_of(NEW_PASSPHRASE);
    let new = new.ok_or_else(|| Fault::Usage(format!("请把新台账的口令放在环境变量 {NEW_PASSPHRASE} 中")))?;
    Ok(Protection::new(new)?)
}

fn passphrase_of(name: &str) -> Option<Passphrase> {
    env::var(name).ok().and_then(|typed| Passphrase::new(&typed))
}
