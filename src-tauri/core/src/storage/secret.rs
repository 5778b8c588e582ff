//! What opens an encrypted ledger: the passphrase (口令) and the recovery key (恢复密钥); and what opens a hand-over file: the
//! hand-over code (交接码). None of them ever prints itself.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Characters of a recovery key: none that is taken for another on paper.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const RANDOM: usize = 29;
const HAND_OVER_RANDOM: usize = 19;
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
        drawn(RANDOM).map(RecoveryKey)
    }

    /// Reads one from paper: case, spaces and dashes do not matter, and a slip of the pen is told from a wrong key.
    pub fn parse(typed: &str) -> Result<Self> {
        read_back(typed, RANDOM).map(RecoveryKey).ok_or(Error::RecoveryKeyMistyped)
    }

    /// As it is printed: `ABCDE-FGHJK-…`.
    pub fn printed(&self) -> Zeroizing<String> {
        in_groups(&self.0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A hand-over code (交接码): 95 random bits and a check character, in four groups of five, to be written down or read out.
pub struct HandOverCode(Zeroizing<String>);

impl HandOverCode {
    /// A fresh one.
    pub fn random() -> Result<Self> {
        drawn(HAND_OVER_RANDOM).map(HandOverCode)
    }

    /// Reads one as it was typed; a slip of the pen is told from the code of another file.
    pub fn parse(typed: &str) -> Result<Self> {
        read_back(typed, HAND_OVER_RANDOM).map(HandOverCode).ok_or(Error::HandOverCodeMistyped)
    }

    /// As it is printed: `ABCDE-FGHJK-…`.
    pub fn printed(&self) -> Zeroizing<String> {
        in_groups(&self.0)
    }
}

/// What opens a hand-over file: a code made by the program, or a passphrase that both sides agreed on.
#[derive(Debug)]
pub enum HandOverSecret {
    /// 交接码.
    Code(HandOverCode),
    /// 约定的口令.
    Passphrase(Passphrase),
}

impl HandOverSecret {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            HandOverSecret::Code(code) => code.0.as_bytes(),
            HandOverSecret::Passphrase(passphrase) => passphrase.bytes(),
        }
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

impl fmt::Debug for HandOverCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandOverCode(…)")
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

/// So many random characters, and one that checks them.
fn drawn(random: usize) -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(vec![0u8; random]);
    fill_random(&mut bytes[..])?;
    let mut text = Zeroizing::new(String::with_capacity(random + 1));
    let digits: Zeroizing<Vec<u8>> = Zeroizing::new(bytes.iter().map(|byte| byte % 32).collect());
    digits.iter().for_each(|digit| text.push(character(*digit)));
    text.push(character(check(&digits)));
    Ok(text)
}

/// The characters that were [`drawn`], as somebody typed them; nothing where they cannot be.
fn read_back(typed: &str, random: usize) -> Option<Zeroizing<String>> {
    let letters = typed.nfkc().filter(|each| each.is_alphanumeric()).map(|each| each.to_ascii_uppercase());
    let text: Zeroizing<String> = Zeroizing::new(letters.collect());
    let digits: Zeroizing<Vec<u8>> = Zeroizing::new(text.chars().map(digit).collect::<Option<_>>()?);
    let (last, rest) = digits.split_last()?;
    (rest.len() == random && check(rest) == *last).then_some(text)
}

fn in_groups(text: &str) -> Zeroizing<String> {
    let mut printed = Zeroizing::new(String::with_capacity(text.len() + text.len() / GROUP));
    for (at, each) in text.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            printed.push('-');
        }
        printed.push(each);
    }
    printed
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
    fn a_hand_over_code_reads_back_and_is_no_recovery_key() {
        let code = HandOverCode::random().unwrap();
        let printed = code.printed();
        assert_eq!(printed.len(), 23);
        assert_eq!(*HandOverCode::parse(&printed.to_lowercase().replace('-', " ")).unwrap().0, *code.0);
        assert!(matches!(HandOverCode::parse(&printed[1..]), Err(Error::HandOverCodeMistyped)));
        assert!(matches!(HandOverCode::parse(&RecoveryKey::random().unwrap().printed()), Err(Error::HandOverCodeMistyped)));
        assert!(!format!("{:?}", HandOverSecret::Code(code)).contains(&printed[..5]));
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
