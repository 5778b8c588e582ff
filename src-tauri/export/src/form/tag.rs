//! What people write between braces. A clerk types `{{走访户次}}`, with whatever keyboard: full-width braces, colons and dots,
//! spaces, curly quotes and line breaks do not matter. The signs of other programs (`{% for … %}`) are read as well.
//!
//! | written | means |
//! | --- | --- |
//! | `{{走访户次}}`, `{{visits.household_times}}` | the value without unit |
//! | `{{走访户次:带单位}}`, `{{总投资:万元}}`, `{{证件号码:空格}}` | the value written otherwise |
//! | `{{走访台账.户主}}` | a column: the table row it stands in is repeated for each record |
//! | `{{走访台账.条数}}` | how many records the list has |
//! | `{{#走访台账}}` … `{{/走访台账}}` | what stands between is repeated; columns go by their own names |
//! | `{{如果 监测对象户数}}` … `{{否则}}` … `{{结束}}` | one or the other; also `{{如果 没有 …}}`, `{{如果 … > 3}}` |

use zhucun_core::report::form::FormFormat;

/// One placeholder, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag {
    /// A value or column, with how it is written.
    Value(String, FormFormat),
    /// A loop begins; the second name is what its rows are called in it, if anything.
    Loop(String, Option<String>),
    /// A condition begins.
    If(Condition),
    /// 否则.
    Else,
    /// A loop or condition ends; the name where one is given.
    Close(Option<String>),
    /// Nothing that is understood, and why.
    Wrong(String),
}

/// What a condition asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    /// The value's name.
    pub name: String,
    /// 没有.
    pub negated: bool,
    /// What it is compared with.
    pub compared: Option<(Comparison, f64Bits)>,
}

/// A number that is compared for equality as it is written.
#[allow(non_camel_case_types, reason = "a name for what it holds")]
type f64Bits = u64;

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// 大于.
    More,
    /// 大于等于.
    AtLeast,
    /// 小于.
    Less,
    /// 小于等于.
    AtMost,
    /// 等于.
    Equal,
    /// 不等于.
    Unequal,
}

impl Condition {
    /// Whether it holds for a number.
    pub(super) fn compares(&self, number: f64) -> Option<bool> {
        let (comparison, bits) = self.compared?;
        let wanted = f64::from_bits(bits);
        Some(match comparison {
            Comparison::More => number > wanted,
            Comparison::AtLeast => number >= wanted,
            Comparison::Less => number < wanted,
            Comparison::AtMost => number <= wanted,
            Comparison::Equal => (number - wanted).abs() < 1e-9,
            Comparison::Unequal => (number - wanted).abs() >= 1e-9,
        })
    }
}

/// A placeholder's place among the characters of a paragraph: from, to, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub from: usize,
    pub to: usize,
    pub tag: Tag,
}

/// Longer than any placeholder: two braces that long apart belong to the text.
const LONGEST: usize = 160;

/// All placeholders of a paragraph; `unclosed` is told of one that begins and does not end.
pub(super) fn find(letters: &[char], unclosed: &mut dyn FnMut(usize)) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 1 < letters.len() {
        let Some(kind) = opening(letters, at) else {
            at += 1;
            continue;
        };
        let limit = letters.len().min(at + 2 + LONGEST);
        let end =
            (at + 2..limit.saturating_sub(1)).take_while(|end| opening(letters, *end).is_none() || same_brace(letters, *end));
        match end.into_iter().find(|end| closing(letters, *end, kind)) {
            Some(end) => {
                let inside: String = letters.get(at + 2..end).unwrap_or_default().iter().collect();
                let tag = if kind == Braces::Double { read(&inside) } else { read_statement(&inside) };
                found.push(Found { from: at, to: end + 2, tag });
                at = end + 2;
            }
            None => {
                unclosed(at);
                at += 2;
            }
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Braces {
    /// `{{ }}`
    Double,
    /// `{% %}`
    Percent,
}

fn is_open(c: char) -> bool {
    matches!(c, '{' | '｛')
}

fn is_close(c: char) -> bool {
    matches!(c, '}' | '｝')
}

fn is_percent(c: char) -> bool {
    matches!(c, '%' | '％')
}

fn opening(letters: &[char], at: usize) -> Option<Braces> {
    match (letters.get(at), letters.get(at + 1)) {
        (Some(a), Some(b)) if is_open(*a) && is_open(*b) => Some(Braces::Double),
        (Some(a), Some(b)) if is_open(*a) && is_percent(*b) => Some(Braces::Percent),
        _ => None,
    }
}

/// Three braces in a row open one placeholder, not two.
fn same_brace(letters: &[char], at: usize) -> bool {
    at > 0 && letters.get(at - 1).is_some_and(|c| is_open(*c))
}

fn closing(letters: &[char], at: usize, kind: Braces) -> bool {
    match (letters.get(at), letters.get(at + 1)) {
        (Some(a), Some(b)) if kind == Braces::Double => is_close(*a) && is_close(*b),
        (Some(a), Some(b)) => is_percent(*a) && is_close(*b),
        _ => false,
    }
}

/// Full width as half width; white space and what is not seen as single spaces.
fn tidy(inside: &str) -> String {
    let half = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '。' | '·' => '.',
        '︰' => ':',
        '“' | '”' | '‘' | '’' | '"' | '\'' => ' ',
        c if c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}') => ' ',
        c => c,
    };
    let spaced: String = inside.chars().map(half).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(inside: &str) -> Tag {
    let text = tidy(inside);
    let text = text.trim_matches(|c: char| c == '{' || c == '}' || c == ' ');
    let after = |marks: &[&str]| marks.iter().find_map(|mark| text.strip_prefix(mark)).map(str::trim);
    if text.is_empty() {
        return Tag::Wrong("花括号里没有写名称".to_owned());
    }
    if ["否则", "else"].contains(&text) {
        return Tag::Else;
    }
    if ["结束", "结束如果", "end", "/", "/如果", "结束循环"].contains(&text) {
        return Tag::Close(None);
    }
    if let Some(rest) = after(&["如果", "若有", "if "]) {
        return condition(rest);
    }
    if let Some(rest) = after(&["#如果", "#if "]) {
        return condition(rest);
    }
    if let Some(rest) = after(&["#", "循环 ", "每个 "]) {
        return if rest.is_empty() {
            Tag::Wrong("“#”后面要写清单名称".to_owned())
        } else {
            Tag::Loop(rest.to_owned(), None)
        };
    }
    if let Some(rest) = after(&["/", "结束 "]) {
        return Tag::Close(Some(rest.to_owned()));
    }
    value(text)
}

fn value(text: &str) -> Tag {
    // `|` is how other programs write formats.
    let mut parts = text.split([':', '|']).map(str::trim);
    let name = parts.next().unwrap_or_default();
    let mut format = FormFormat::default();
    for word in parts {
        let word: String = word.chars().filter(|c| !c.is_whitespace()).collect();
        if !format.take(&word) {
            let known = "带单位、元、万元、文本、空格、脱敏、短日期、年月日";
            return Tag::Wrong(format!("不认识写法“{word}”，可以用：{known}"));
        }
    }
    if name.is_empty() { Tag::Wrong("花括号里没有写名称".to_owned()) } else { Tag::Value(name.to_owned(), format) }
}

fn condition(text: &str) -> Tag {
    const SIGNS: [(&str, Comparison); 13] = [
        (">=", Comparison::AtLeast),
        ("≥", Comparison::AtLeast),
        ("大于等于", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        ("≤", Comparison::AtMost),
        ("小于等于", Comparison::AtMost),
        ("!=", Comparison::Unequal),
        ("不等于", Comparison::Unequal),
        ("==", Comparison::Equal),
        (">", Comparison::More),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
        ("大于", Comparison::More),
    ];
    let text = text.trim_start_matches(':').trim();
    let (text, negated) = match ["没有", "不是", "not "].iter().find_map(|word| text.strip_prefix(word)) {
        Some(rest) => (rest.trim(), true),
        None => (text, false),
    };
    let words = [("小于", Comparison::Less), ("等于", Comparison::Equal)];
    let split = SIGNS.iter().chain(&words).find_map(|(sign, comparison)| Some((text.split_once(sign)?, *comparison)));
    let (name, compared) = match split {
        None => (text, None),
        Some(((name, number), comparison)) => match number.trim().parse::<f64>() {
            Ok(number) => (name.trim(), Some((comparison, number.to_bits()))),
            Err(_) => return Tag::Wrong("条件右边要写数字".to_owned()),
        },
    };
    if name.is_empty() {
        return Tag::Wrong("“如果”后面要写名称".to_owned());
    }
    Tag::If(Condition { name: name.to_owned(), negated, compared })
}

/// `{% for 行 in 走访台账 %}`, `{%tr endfor %}`, `{% if … %}`.
fn read_statement(inside: &str) -> Tag {
    let text = tidy(inside);
    let text = text.trim_matches(|c: char| c == '-' || c == ' ');
    let text = ["tr ", "tc ", "p ", "r "].iter().find_map(|part| text.strip_prefix(part)).unwrap_or(text).trim();
    match text.split_once(' ').unwrap_or((text, "")) {
        ("for", rest) => match rest.split_once(" in ") {
            Some((row, list)) => Tag::Loop(list.trim().to_owned(), Some(row.trim().to_owned())),
            None => Tag::Wrong("循环应写成“for 行 in 清单名称”".to_owned()),
        },
        ("endfor" | "endif", _) => Tag::Close(None),
        ("else", _) => Tag::Else,
        ("if", rest) => condition(rest),
        _ => Tag::Wrong("不认识这个写法，请用“如果”“结束”或清单占位符".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tags(text: &str) -> Vec<Tag> {
        let letters: Vec<char> = text.chars().collect();
        find(&letters, &mut |_| {}).into_iter().map(|found| found.tag).collect()
    }

    fn named(name: &str) -> Tag {
        Tag::Value(name.to_owned(), FormFormat::default())
    }

    #[test]
    fn a_name_is_read_whatever_the_keyboard_made_of_its_braces() {
        for text in
            ["{{走访户次}}", "{{ 走访户次 }}", "｛｛走访户次｝｝", "{｛ “走访户次” }｝", "{{\n走访户次\t}}", "{{{走访户次}}}"]
        {
            assert_eq!(tags(text), [named("走访户次")], "{text}");
        }
        assert_eq!(tags("共{{a}}户{{b．c}}人"), [named("a"), named("b.c")]);
    }

    #[test]
    fn formats_follow_a_colon_of_any_width() {
        let mut format = FormFormat::default();
        assert!(format.take("带单位") && format.take("万元"));
        assert_eq!(tags("{{总投资：万元:带单位}}"), [Tag::Value("总投资".to_owned(), format)]);
        assert!(matches!(tags("{{总投资:亿元}}").as_slice(), [Tag::Wrong(why)] if why.contains("亿元")));
    }

    #[test]
    fn loops_and_conditions_are_written_in_chinese_or_as_other_programs_do() {
        assert_eq!(tags("{{#走访台账}}"), [Tag::Loop("走访台账".to_owned(), None)]);
        assert_eq!(tags("{{／走访台账}}"), [Tag::Close(Some("走访台账".to_owned()))]);
        assert_eq!(tags("{%tr for 行 in 走访台账 %}"), [Tag::Loop("走访台账".to_owned(), Some("行".to_owned()))]);
        assert_eq!(tags("{%- endfor -%}{{结束}}"), [Tag::Close(None), Tag::Close(None)]);
        let asked = |text: &str| match tags(text).remove(0) {
            Tag::If(condition) => condition,
            other => panic!("{other:?}"),
        };
        let plain = asked("{{如果 监测对象户数}}");
        assert_eq!((plain.name.as_str(), plain.negated, plain.compared), ("监测对象户数", false, None));
        assert!(asked("{{如果没有 监测对象户数}}").negated);
        let compared = asked("{{如果 监测对象户数 ≥ 3}}");
        assert_eq!(
            (compared.name.as_str(), compared.compares(3.0), compared.compares(2.0)),
            ("监测对象户数", Some(true), Some(false))
        );
        assert!(matches!(tags("{{如果 户数 > 许多}}").as_slice(), [Tag::Wrong(_)]));
    }

    #[test]
    fn what_does_not_end_is_told_and_hurts_nothing_else() {
        let mut unclosed = Vec::new();
        let letters: Vec<char> = "甲{{走访户次 乙{{走访人次}}".chars().collect();
        let found = find(&letters, &mut |at| unclosed.push(at));
        assert_eq!((found.len(), unclosed), (1, vec![1]));
        assert!(tags("{{").is_empty() && tags("{走访}").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "[{}%｛｝#/: a中如果]{0,40}") {
            let letters: Vec<char> = text.chars().collect();
            for found in find(&letters, &mut |_| {}) {
                prop_assert!(found.from + 4 <= found.to && found.to <= letters.len());
            }
        }
    }
}
