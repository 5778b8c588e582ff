//! How strong a passphrase (口令) is, in words: a rule of thumb shown while typing, which forbids nothing.

/// How strong a passphrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// 太弱: guessed in minutes.
    Weak,
    /// 一般: holds for a while.
    Fair,
    /// 较强: not worth the trouble.
    Strong,
}

/// What everybody tries first.
const COMMON: [&str; 14] = [
    "password", "passwd", "admin", "qwerty", "iloveyou", "woaini", "zhucun", "abc123", "a123456", "666666", "888888", "123456",
    "111111", "000000",
];

impl Strength {
    /// Judges a passphrase.
    pub fn of(passphrase: &str) -> Self {
        match bits(passphrase) {
            bits if bits < 36 => Strength::Weak,
            bits if bits < 56 => Strength::Fair,
            _ => Strength::Strong,
        }
    }

    /// 太弱, 一般, 较强.
    pub fn label(self) -> &'static str {
        match self {
            Strength::Weak => "太弱",
            Strength::Fair => "一般",
            Strength::Strong => "较强",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Strength::Weak => "很容易被猜到。请用更长的一句话，不要用生日、电话和连续的数字",
            Strength::Fair => "可以用。再加几个不相干的字会更稳妥",
            Strength::Strong => "不容易被猜到。请务必记牢",
        }
    }
}

/// Roughly how many bits a guesser has to go through: characters that follow from the one before count little.
fn bits(passphrase: &str) -> u32 {
    let mut text = passphrase.to_lowercase();
    for common in COMMON {
        text = text.replace(common, "\u{1}");
    }
    if text.chars().all(|each| each.is_ascii_digit()) {
        // Birthdays and telephone numbers: of a few million that anybody would choose.
        return u32::try_from(text.len().min(16)).unwrap_or(16) * 2;
    }
    let mut before = None;
    let mut bits = 0;
    for each in text.chars() {
        bits += if before.is_some_and(|before| follows(before, each)) { 1 } else { worth(each) };
        before = Some(each);
    }
    let capitals = passphrase.chars().any(char::is_uppercase) && passphrase.chars().any(char::is_lowercase);
    bits + if capitals { 4 } else { 0 }
}

fn follows(before: char, each: char) -> bool {
    u32::from(before).abs_diff(u32::from(each)) <= 1
}

fn worth(each: char) -> u32 {
    match each {
        '\u{1}' => 4,
        '0'..='9' => 3,
        'a'..='z' => 4,
        // A character of a sentence is half told by those before it.
        each if each.is_alphabetic() => 7,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_weak() {
        for passphrase in
            ["", "123456", "19860412", "13800001111", "aaaaaaaaaaaa", "abcdefgh", "password123", "zhucun888888", "石门村"]
        {
            assert_eq!(Strength::of(passphrase), Strength::Weak, "{passphrase}");
        }
    }

    #[test]
    fn a_sentence_of_unrelated_words_is_strong() {
        for passphrase in ["木桶里有三只蓝色的猫", "correct horse battery", "shan gao lu yuan 7 tiao he"] {
            assert_eq!(Strength::of(passphrase), Strength::Strong, "{passphrase}");
        }
        assert_eq!(Strength::of("水牛爱看星星"), Strength::Fair);
    }

    #[test]
    fn a_longer_passphrase_is_never_weaker() {
        let text = "木桶里有3只blue猫，天天向上";
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let each: Vec<Strength> = ends.iter().map(|end| Strength::of(&text[..*end])).collect();
        assert!(each.is_sorted());
    }
}
