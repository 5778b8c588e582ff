//! What opens an encrypted ledger: the passphrase (口令) and the recovery key (恢复密钥). Neither ever prints itself.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Characters of a recovery key: none that is taken for another on paper.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const RANDOM: usize = 29;
const GROUP: usize = 5;

/// A passphrase (口令) as typed.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Full-width letters are the same as half-width ones: which of them came out is a matter of the input method.
    /// Nothing typed is no passphrase.
    pub fn new(typed: &str) -> Option<Self> {
        let text: Zeroizing<String> = Zeroizing::new(typed.nfkc().collect());
        (!text.trim().is_empty()).then_some(Passphrase(text))
    }

    /// Its text, for its strength.
    pub fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A recovery key (恢复密钥): 145 random bits and a check character, in six groups of five.
pub struct RecoveryKey(Zeroizing<String>);

impl RecoveryKey {
    /// A fresh one.
    pub fn random() -> Result<Self> {
        let mut bytes = Zeroizing::new([0u8; RANDOM]);
        fill_random(&mut bytes[..])?;
        let mut text = Zeroizing::new(String::with_capacity(RANDOM + 1));
        let digits: Zeroizing<Vec<u8>> = Zeroizing::new(bytes.iter().map(|byte| byte % 32).collect());
        digits.iter().for_each(|digit| text.push(character(*digit)));
        text.push(character(check(&digits)));
        Ok(RecoveryKey(text))
    }

    /// Reads one from paper: case, spaces and dashes do not matter, and a slip of the pen is told from a wrong key.
    pub fn parse(typed: &str) -> Result<Self> {
        let letters = typed.nfkc().filter(|each| each.is_alphanumeric()).map(|each| each.to_ascii_uppercase());
        let text: Zeroizing<String> = Zeroizing::new(letters.collect());
        let digits: Option<Vec<u8>> = text.chars().map(digit).collect();
        let digits = Zeroizing::new(digits.ok_or(Error::RecoveryKeyMistyped)?);
        match digits.split_last() {
            Some((last, rest)) if rest.len() == RANDOM && check(rest) == *last => Ok(RecoveryKey(text)),
            _ => Err(Error::RecoveryKeyMistyped),
        }
    }

    /// As it is printed: `ABCDE-FGHJK-…`.
    pub fn printed(&self) -> Zeroizing<String> {
        let mut printed = Zeroizing::new(String::with_capacity(RANDOM + 1 + RANDOM / GROUP));
        for (at, each) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                printed.push('-');
            }
            printed.push(each);
        }
        printed
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Either of the two.
#[derive(Debug)]
pub enum Secret {
    /// 口令.
    Passphrase(Passphrase),
    /// 恢复密钥.
    Recovery(RecoveryKey),
}

impl Secret {
    /// A passphrase, unless nothing was typed.
    pub fn passphrase(typed: &str) -> Option<Self> {
        Passphrase::new(typed).map(Secret::Passphrase)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Secret::Passphrase(passphrase) => passphrase.bytes(),
            Secret::Recovery(key) => key.bytes(),
        }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(…)")
    }
}

/// Randomness of the operating system.
pub(super) fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| Error::Io(std::io::Error::other(error.to_string())))
}

fn character(digit: u8) -> char {
    char::from(ALPHABET[usize::from(digit % 32)])
}

fn digit(character: char) -> Option<u8> {
    let at = ALPHABET.iter().position(|each| char::from(*each) == character)?;
    u8::try_from(at).ok()
}

/// Check character by the hybrid system of ISO 7064 (mod 33, 32): finds every single wrong character.
fn check(digits: &[u8]) -> u8 {
    let product = digits.iter().fold(32u8, |product, digit| {
        let sum = (product + digit) % 32;
        let sum = if sum == 0 { 32 } else { sum };
        (sum * 2) % 33
    });
    (33 - product) % 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_key_reads_back_however_it_was_written_down() {
        let key = RecoveryKey::random().unwrap();
        let printed = key.printed();
        assert_eq!(printed.len(), 35);
        assert!(!printed.contains(['0', 'O', '1', 'I']));
        for written in [printed.to_lowercase(), printed.replace('-', " "), format!(" {} ", printed.replace('-', "－"))] {
            assert_eq!(RecoveryKey::parse(&written).unwrap().bytes(), key.bytes());
        }
    }

    #[test]
    fn one_wrong_character_anywhere_is_told_before_the_key_is_tried() {
        let key = RecoveryKey::random().unwrap();
        let text = String::from_utf8(key.bytes().to_vec()).unwrap();
        for at in 0..text.len() {
            for other in ALPHABET.iter().map(|each| char::from(*each)) {
                let mut wrong: Vec<char> = text.chars().collect();
                if wrong[at] == other {
                    continue;
                }
                wrong[at] = other;
                let wrong: String = wrong.into_iter().collect();
                assert!(matches!(RecoveryKey::parse(&wrong), Err(Error::RecoveryKeyMistyped)));
            }
        }
        assert!(RecoveryKey::parse(&text[1..]).is_err());
        assert!(RecoveryKey::parse("").is_err());
    }

    #[test]
    fn secrets_do_not_print_themselves() {
        let key = RecoveryKey::random().unwrap();
        let printed = key.printed();
        let secret = Secret::Recovery(key);
        assert!(!format!("{secret:?}").contains(&printed[..5]));
        assert_eq!(format!("{:?}", Secret::passphrase("山高水长").unwrap()), "Passphrase(Passphrase(…))");
    }

    #[test]
    fn full_width_letters_are_the_same_passphrase_and_blanks_are_none() {
        assert_eq!(Passphrase::new("ｓｈａｎ１２").unwrap().bytes(), Passphrase::new("shan12").unwrap().bytes());
        assert!(Passphrase::new("  ").is_none());
    }
}
