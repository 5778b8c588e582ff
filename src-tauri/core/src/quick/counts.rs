//! Money and numbers of things: 2000元, 两千块, 35块5, 1.5万元, ¥300; 35人次, 3 场, 5000余斤, 各200元.

use super::line::{Line, Meaning, Spots};
use super::numbers::{Number, is_numeral, number_at};
use super::words::words;
use crate::value::Fen;

/// Takes the amounts and counters of a line, and numbers without a unit, which may be amounts.
pub(super) fn find(line: &Line, units: &[(String, String)], spots: &mut Spots) {
    let mut at = 0;
    while at < line.len() {
        let number = spots.free(at, at + 1).then(|| number_at(line, at)).flatten();
        let Some(number) = number.filter(|number| spots.free(at, number.to)) else {
            at += 1;
            continue;
        };
        let read = money(line, at, number).or_else(|| counter(line, at, number, units)).or_else(|| bare(line, at, number));
        let to = read.as_ref().map_or(number.to, |(to, _)| *to);
        if let Some((to, meaning)) = read.filter(|(to, _)| spots.free(at, *to)) {
            let from = begin(line, at).filter(|from| spots.free(*from, at)).unwrap_or(at);
            spots.take(from, to, meaning);
        }
        at = to.max(at + 1);
    }
}

/// Where what stands before a number and belongs to it begins: ¥, 约, 各.
fn begin(line: &Line, at: usize) -> Option<usize> {
    let before = ABOUT.iter().chain(EACH).filter(|word| line.ends_with(at, word));
    before.map(|word| at - word.chars().count()).min().or((line.before(at) == '¥').then(|| at - 1))
}

const ABOUT: &[&str] = &["约", "近", "大约", "大概", "将近", "超过", "超"];
const EACH: &[&str] = &["各", "每户", "每家", "每人", "各发", "各给", "每户发"];

type Read = Option<(usize, Meaning)>;

fn money(line: &Line, from: usize, number: Number) -> Read {
    let each = is_each(line, from);
    let told = |fen: i64, to: usize| Some((to, Meaning::Amount { fen: Fen(fen), each }));
    let at = line.skip_space(line.one_of(number.to, &["多", "余", "来"]).map_or(number.to, |(_, to)| to));
    if line.before(from) == '¥' {
        let to = line.one_of(at, &["元"]).map_or(number.to, |(_, to)| to);
        return told(number.hundredths, to);
    }
    let (word, to) = line.one_of(at, &["块钱", "元钱", "人民币", "块", "元", "圆"])?;
    if is_forbidden(line, word, to) || line.before(from) == '第' {
        return None;
    }
    // 35块5, 35元5角, 三块五毛.
    let small = number_at(line, to).filter(|small| small.hundredths < 1000 && small.hundredths % 100 == 0);
    match small {
        Some(small) => match line.one_of(small.to, &["角", "毛钱", "毛"]) {
            Some((_, end)) => {
                let fen = number_at(line, end).filter(|fen| fen.hundredths < 1000 && line.has(fen.to, "分"));
                let (more, end) = fen.map_or((0, end), |fen| (fen.hundredths / 100, fen.to + 1));
                told(number.hundredths + small.hundredths / 10 + more, end)
            }
            None if word == "块" && line.is_gap(small.to) => told(number.hundredths + small.hundredths / 10, small.to),
            None => told(number.hundredths, to),
        },
        None => told(number.hundredths, line.one_of(to, &["整", "钱"]).map_or(to, |(_, end)| end)),
    }
}

fn counter(line: &Line, from: usize, number: Number, units: &[(String, String)]) -> Read {
    let (loose, behind) = line.one_of(number.to, &["多", "余", "来", "几"]).map_or((false, number.to), |(_, to)| (true, to));
    let at = line.skip_space(behind);
    let fits = |(word, _): &&(String, String)| line.has(at, word) && !is_forbidden(line, word, at + word.chars().count());
    let (word, unit) = units.iter().find(fits)?;
    let to = at + word.chars().count();
    // 第3期 is an ordinal; 一个, 一次 mostly mean nothing but "a".
    let idle = !number.arabic && number.hundredths == 100 && matches!(unit.as_str(), "个" | "条" | "项" | "本");
    if line.before(from) == '第' || idle || number.hundredths == 0 {
        return None;
    }
    let about = ABOUT.iter().any(|word| line.ends_with(from, word));
    let more = line.one_of(to, &["左右", "以上", "上下", "多"]);
    let meaning = Meaning::Count {
        hundredths: number.hundredths,
        unit: unit.clone(),
        approximate: loose || about || more.is_some(),
        each: is_each(line, from),
    };
    Some((more.map_or(to, |(_, to)| to), meaning))
}

/// A number that stands by itself, or is large: of an application it may be the amount.
fn bare(line: &Line, from: usize, number: Number) -> Read {
    let next = line.at(number.to);
    let told = (number.arabic || number.to - from >= 2) && (line.is_gap(number.to) || number.hundredths >= 10_000);
    let other = next.is_ascii_alphanumeric()
        || is_numeral(next)
        || "点:月年号日时级路楼组队%度周岁-/.届班多余来几".contains(next) && next != '\0';
    (told && !other && line.before(from) != '第').then_some((number.to, Meaning::Bare(number.hundredths)))
}

/// 各200元, 每户2袋.
fn is_each(line: &Line, at: usize) -> bool {
    let at = if line.before(at) == '¥' || line.before(at) == ' ' { at - 1 } else { at };
    EACH.iter().any(|word| line.ends_with(at, word))
}

/// Whether what follows makes another word of a unit: 人民, 一块地.
fn is_forbidden(line: &Line, word: &str, to: usize) -> bool {
    words("unit_not").any(|(next, of)| of == word && line.has(to, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let line = Line::of(text);
        let mut spots = Spots::none(&line);
        let mut units: Vec<(String, String)> = words("unit").map(|(word, unit)| (word.to_owned(), unit.to_owned())).collect();
        units.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
        find(&line, &units, &mut spots);
        let told = |meaning: &Meaning| match meaning {
            Meaning::Amount { fen, each } => format!("{}{}", if *each { "each " } else { "" }, fen.two_decimals()),
            Meaning::Count { hundredths, unit, approximate, each } => {
                format!(
                    "{}{}{}{unit}",
                    if *each { "each " } else { "" },
                    if *approximate { "~" } else { "" },
                    Fen(*hundredths).two_decimals()
                )
            }
            Meaning::Bare(hundredths) => format!("bare {}", Fen(*hundredths).two_decimals()),
            other => format!("{other:?}"),
        };
        spots.iter().map(|spot| told(&spot.meaning)).collect()
    }

    #[test]
    fn money_is_read_as_people_say_it() {
        for (text, fen) in [
            ("2000元", "2000.00"),
            ("２０００元", "2000.00"),
            ("1,500.50元", "1500.50"),
            ("两千块", "2000.00"),
            ("两千块钱", "2000.00"),
            ("一千五百元", "1500.00"),
            ("一千五块", "1500.00"),
            ("1.5万元", "15000.00"),
            ("1.5 万元", "15000.00"),
            ("2w元", "20000.00"),
            ("35块5", "35.50"),
            ("35元5角", "35.50"),
            ("三块五毛", "3.50"),
            ("12元3角4分", "12.34"),
            ("¥300", "300.00"),
            ("1500 元整", "1500.00"),
            ("各200元", "each 200.00"),
            ("每户500块", "each 500.00"),
        ] {
            assert_eq!(found(text), [fen], "{text}");
        }
    }

    #[test]
    fn counters_have_their_units() {
        for (text, counters) in [
            ("35人次", vec!["35.00人次"]),
            ("三十五人次", vec!["35.00人次"]),
            ("35 人次", vec!["35.00人次"]),
            ("3场120人", vec!["3.00场", "120.00人"]),
            ("5000余斤", vec!["~5000.00斤"]),
            ("约40人", vec!["~40.00人"]),
            ("30多户", vec!["~30.00户"]),
            ("2.5亩", vec!["2.50亩"]),
            ("两户", vec!["2.00户"]),
            ("11户", vec!["11.00户"]),
            ("1500", vec!["bare 1500.00"]),
            ("一千五", vec!["bare 1500.00"]),
            ("5人民", vec![]),
            ("一块地", vec![]),
            ("第3期", vec![]),
            ("一次性", vec![]),
            ("两三户", vec![]),
            ("3-5户", vec![]),
            ("13912345678", vec![]),
            ("3个月", vec![]),
        ] {
            assert_eq!(found(text), counters, "{text}");
        }
    }
}
