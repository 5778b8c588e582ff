//! Wrong tries at a ledger's passphrase: each makes the next wait longer, up to a minute.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use zhucun_core::{Error, Result};

use crate::error::Answer;
use crate::shell_error::ShellError;

const LONGEST: Duration = Duration::from_secs(60);

/// The wrong tries since the program was started, by ledger.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<PathBuf, Tried>>);

#[derive(Clone, Copy)]
struct Tried {
    wrong: u32,
    until: Instant,
}

impl Tries {
    /// Tries a secret, one try at a time; refused while the last wrong one is not waited out.
    pub fn attempt<T>(&self, ledger: &Path, work: impl FnOnce() -> Result<T>) -> Answer<T> {
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = left(tried.get(ledger), Instant::now());
        if wait > Duration::ZERO {
            return Err(ShellError::TooSoon(in_seconds(wait)).into());
        }
        let done = work();
        match &done {
            Err(Error::PassphraseWrong | Error::RecoveryKeyWrong | Error::HandOverCodeWrong) => {
                let wrong = tried.get(ledger).map_or(0, |tried| tried.wrong) + 1;
                tried.insert(ledger.to_owned(), Tried { wrong, until: Instant::now() + wait_after(wrong) });
            }
            Err(_) => {}
            Ok(_) => drop(tried.remove(ledger)),
        }
        Ok(done?)
    }

    /// Seconds until the next try.
    pub fn wait(&self, ledger: &Path) -> u64 {
        let tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        in_seconds(left(tried.get(ledger), Instant::now()))
    }
}

fn left(tried: Option<&Tried>, now: Instant) -> Duration {
    tried.map_or(Duration::ZERO, |tried| tried.until.saturating_duration_since(now))
}

/// 2, 4, 8 … seconds.
fn wait_after(wrong: u32) -> Duration {
    Duration::from_secs(1 << wrong.min(6)).min(LONGEST)
}

fn in_seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(answer: Answer<T>) -> String {
        answer
            .err()
            .map_or_else(String::new, |refusal| serde_json::to_value(refusal).unwrap()["code"].as_str().unwrap().to_owned())
    }

    #[test]
    fn each_wrong_try_waits_longer_up_to_a_minute() {
        let waits: Vec<u64> = [1, 2, 3, 7, 50].map(|wrong| wait_after(wrong).as_secs()).to_vec();
        assert_eq!(waits, [2, 4, 8, 60, 60]);
    }

    #[test]
    fn a_wrong_try_holds_up_the_next_one_for_the_same_ledger_only() {
        let tries = Tries::default();
        let (one, other) = (Path::new("甲.zcj"), Path::new("乙.zcj"));
        assert_eq!(code(tries.attempt::<()>(one, || Err(Error::PassphraseWrong))), "passphrase_wrong");
        assert_eq!(code(tries.attempt(one, || Ok(()))), "too_soon", "the right one must wait as well");
        assert!(tries.wait(one) >= 1);
        assert_eq!(code(tries.attempt(other, || Ok(()))), "", "another ledger is open to its owner");
    }

    #[test]
    fn what_is_no_wrong_secret_costs_no_wait() {
        let tries = Tries::default();
        let ledger = Path::new("甲.zcj");
        assert_eq!(code(tries.attempt::<()>(ledger, || Err(Error::RecoveryKeyMistyped))), "recovery_key_mistyped");
        assert_eq!(tries.wait(ledger), 0);
    }
}
