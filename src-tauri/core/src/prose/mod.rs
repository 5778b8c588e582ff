//! Numbers in Chinese prose: what a sentence counts, in which unit, of what, and how its numbers relate. Dates, document
//! numbers, ordinals, set phrases and numbering are no counts and are left out. Positions are counted in characters.

mod numeral;
#[cfg(test)]
mod tests;
mod traps;
mod unit;

pub use unit::canonical as canonical_unit;

/// A number as written, with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// First character of the number.
    pub from: usize,
    /// Behind its unit.
    pub to: usize,
    /// The number in its base unit.
    pub quantity: Quantity,
    /// The upper end of a range such as 3至5户.
    pub upper: Option<i128>,
    /// The unit as written, such as 万元; empty where none is.
    pub unit: String,
    /// 约数: 余, 多, 约, 近, 左右, 以上 …
    pub approximate: bool,
    /// What stands before the number in its clause, without words such as 共 and 已.
    pub before: String,
    /// What stands right behind it in its clause.
    pub after: String,
    /// How it relates to others.
    pub relation: Relation,
    /// Which sentence; ended by 。 ！ ？.
    pub sentence: usize,
    /// Whether it belongs to each of several: 每户2人.
    pub each: bool,
}

/// A number as a whole number of ten-thousandths of its base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The value; 12.5万元 is 1 250 000 000 ten-thousandths of 元.
    pub value: i128,
    /// The last place that is written, in the same measure: what rounding may have taken.
    pub grain: i128,
    /// The base unit, such as 元 for 万元; empty where none is.
    pub unit: String,
}

/// One, in the measure of [`Quantity::value`].
pub const ONE: i128 = 10_000;

impl Quantity {
    /// Whether an exact value of the same unit, printed as finely as this one, reads the same.
    pub fn rounds_from(&self, exact: i128) -> bool {
        (self.value - exact).abs() * 2 <= if self.grain > ONE || self.unit == "%" { self.grain } else { 0 }
    }
}

/// How a number relates to others of its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It stands by itself.
    Plain,
    /// 共、总、合计、累计.
    Whole,
    /// Behind 其中.
    Part,
    /// 占…的.
    Share,
    /// …率.
    Rate,
}

/// Every count of a text, in reading order.
pub fn read(text: &str) -> Vec<Mention> {
    let chars: Vec<char> = text.chars().collect();
    let masked = traps::masked(&chars);
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if masked.get(at).copied().unwrap_or(true) || !numeral::starts(&chars, at) {
            at += 1;
            continue;
        }
        match mention(&chars, at, &masked) {
            Some(mut mention) => {
                let previous = found.last().map_or(0, |last| last.to);
                place(&chars, previous, &mut mention);
                at = mention.to;
                found.push(mention);
            }
            None => at = numeral::end(&chars, at),
        }
    }
    found
}

/// The number that begins here with its unit, if it counts something.
fn mention(chars: &[char], from: usize, masked: &[bool]) -> Option<Mention> {
    let first = numeral::read(chars, from)?;
    let mut number = first;
    let mut upper = None;
    if let Some(second) = range(chars, first.to)
        && masked.get(second.from).is_some_and(|masked| !masked)
    {
        upper = Some(second);
        number = second;
    }
    let (more, behind) = vague(chars, number.to);
    let scale = numeral::scale(chars, behind);
    let (vague_again, behind) = vague(chars, scale.to);
    let per_cent = preceded(chars, from, &["百分之"]);
    let unit = if per_cent { Some(("%".to_owned(), behind)) } else { unit::at(chars, behind) };
    if unit::is_not_counted(chars, behind) || (unit.is_none() && !stands_alone(chars, from, behind, first.chinese)) {
        return None;
    }
    let (unit, to) = unit.unwrap_or((String::new(), behind));
    let (vague_behind, to) = vague_behind(chars, to);
    // A single 一 says "a", not "one".
    if first.chinese
        && first.value == ONE
        && upper.is_none()
        && !preceded(chars, from, &["其中", "仅", "只", "共", "仅有", "还有"])
    {
        return None;
    }
    let base = unit::canonical(&unit);
    Some(Mention {
        from: if per_cent { from - "百分之".chars().count() } else { from },
        to,
        quantity: Quantity { value: first.value * scale.by, grain: number.grain * scale.by, unit: base },
        upper: upper.map(|upper| upper.value * scale.by),
        unit: format!("{}{unit}", scale.word),
        approximate: more || vague_again || vague_behind || preceded(chars, from, APPROXIMATE),
        before: String::new(),
        after: String::new(),
        relation: Relation::Plain,
        sentence: 0,
        each: false,
    })
}

const APPROXIMATE: &[&str] =
    &["约", "近", "逾", "超", "超过", "大约", "将近", "约为", "不少于", "不低于", "至少", "不足", "最多", "不超过"];

/// A second number after 至, 到, - or ～.
fn range(chars: &[char], at: usize) -> Option<numeral::Numeral> {
    matches!(chars.get(at)?, '至' | '到' | '-' | '－' | '—' | '～' | '~').then(|| numeral::read(chars, at + 1)).flatten()
}

/// 余 or 多 behind a number.
fn vague(chars: &[char], at: usize) -> (bool, usize) {
    let is = matches!(chars.get(at), Some('余' | '多' | '来'));
    (is, at + usize::from(is))
}

/// 左右, 以上 and the like behind a unit.
fn vague_behind(chars: &[char], at: usize) -> (bool, usize) {
    let word = ["左右", "上下", "以上", "以下", "以内"].iter().find(|word| starts_with(chars, at, word));
    word.map_or((false, at), |word| (true, at + word.chars().count()))
}

/// A bare number counts only in a list that says its unit elsewhere: （初中21、小学74）.
fn stands_alone(chars: &[char], from: usize, to: usize, chinese: bool) -> bool {
    let before = from.checked_sub(1).and_then(|at| chars.get(at));
    let named = before.is_some_and(|c| is_han(*c) && !"第约近达号年月日零".contains(*c));
    let ended = chars.get(to).is_none_or(|c| "、，；）)。和及+＋".contains(*c));
    !chinese && named && ended
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

pub(crate) fn starts_with(chars: &[char], at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(c, at)| chars.get(at) == Some(&c))
}

/// Whether one of the words stands right before a place.
pub(crate) fn preceded(chars: &[char], at: usize, words: &[&str]) -> bool {
    words.iter().any(|word| at.checked_sub(word.chars().count()).is_some_and(|from| starts_with(chars, from, word)))
}

pub(crate) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '\n')
}

fn ends_clause(c: char) -> bool {
    ends_sentence(c) || "，,、；;：:（）()【】“”".contains(c)
}

/// Words before a number that say nothing of what is counted.
const FILLERS: &[&str] = &[
    "共计",
    "共有",
    "共",
    "累计",
    "总计",
    "合计",
    "总共",
    "一共",
    "已经",
    "已",
    "约为",
    "大约",
    "约",
    "近",
    "将近",
    "逾",
    "超过",
    "超",
    "达到",
    "达",
    "为",
    "是",
    "现有",
    "有",
    "了",
    "分别",
    "各",
    "不少于",
    "不低于",
    "至少",
    "不足",
    "最多",
    "仅",
    "只",
    "还",
    "另",
    "的",
    "，",
    "不超过",
];

/// Words that begin a clause and say nothing of what is counted, or only that it is this report's.
const OPENERS: &[&str] =
    &["其中", "以及", "上半年", "下半年", "半年来", "今年以来", "今年", "本年度", "目前", "同时", "坚持", "共", "累计", "已"];

/// Fills in what stands around the number; `previous` is the end of the mention before it.
fn place(chars: &[char], previous: usize, mention: &mut Mention) {
    let until = mention.from;
    let clause = chars.iter().take(until).rposition(|c| ends_clause(*c)).map_or(0, |at| at + 1).max(previous);
    let phrase: String = chars.iter().take(until).skip(clause).collect();
    let words = stripped(&phrase);
    mention.relation = relation(chars, until, &phrase, &words, &mention.quantity.unit);
    mention.each = ["每", "人均", "户均", "平均", "均"].iter().any(|word| phrase.contains(word));
    mention.before = words;
    let rest = chars.iter().skip(mention.to).take(10);
    let after: String = rest.take_while(|c| is_han(**c) && !numeral::is_digit(**c)).collect();
    mention.after = after.trim_start_matches('的').to_owned();
    mention.sentence = chars.iter().take(until).filter(|c| ends_sentence(**c)).count();
}

/// A phrase without its fillers.
pub fn stripped(phrase: &str) -> String {
    let mut words = phrase.trim();
    while let Some(rest) = FILLERS.iter().find_map(|filler| words.strip_suffix(filler)) {
        words = rest;
    }
    while let Some(rest) = OPENERS.iter().find_map(|opener| words.strip_prefix(opener)) {
        words = rest;
    }
    words.to_owned()
}

fn relation(chars: &[char], until: usize, phrase: &str, words: &str, unit: &str) -> Relation {
    if unit == "%" {
        let share = phrase.contains('占') || words.ends_with("比例") || words.ends_with("比重");
        return if share { Relation::Share } else { Relation::Rate };
    }
    if in_part(chars, until) {
        return Relation::Part;
    }
    let phrase = phrase.trim_end_matches(['有', '计', '达', '约', '为', '了']);
    let ends = ["共", "总", "合", "累", "总共"].iter().any(|word| phrase.ends_with(word));
    let begins = ["共", "总", "合计", "累计"].iter().any(|word| phrase.starts_with(word));
    let named = ["共青", "共产", "共同", "共享", "共建", "共用"].iter().any(|word| phrase.starts_with(word));
    if ends || (begins && !named) { Relation::Whole } else { Relation::Plain }
}

/// Behind 其中 in its sentence. A bracket that closes, and ； where no colon follows 其中, end what it covers.
fn in_part(chars: &[char], until: usize) -> bool {
    let mut depth = 0;
    for at in (0..until).rev() {
        match chars.get(at) {
            Some(c) if ends_sentence(*c) => return false,
            Some('）' | ')') => depth += 1,
            Some('（' | '(') => depth -= i32::from(depth > 0),
            Some('其') if depth == 0 && starts_with(chars, at, "其中") => {
                let colon = matches!(chars.get(at + 2), Some('：' | ':'));
                let ended = chars.iter().take(until).skip(at).any(|c| *c == '；');
                return colon || !ended;
            }
            _ => {}
        }
    }
    false
}

/// The whole number that begins at a place, as 8 or 八, and what lies behind it.
pub(crate) fn number_at(chars: &[char], at: usize) -> Option<(usize, usize)> {
    let numeral = numeral::starts(chars, at).then(|| numeral::read(chars, at)).flatten()?;
    let whole = (numeral.value % ONE == 0).then(|| usize::try_from(numeral.value / ONE).ok()).flatten()?;
    Some((whole, numeral.to))
}
