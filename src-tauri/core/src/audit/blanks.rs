//! R7 Nothing is left blank: xx, ××, ？, ___, 待填, empty brackets.

use super::Subject;
use super::finding::{AuditFix, AuditPlace, AuditSeverity, Draft, Findings};
use super::text::Texts;
use crate::prose::{is_han, starts_with};
use crate::report::document::{Block, Cell, CellValue};

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    for block in &texts.blocks {
        for (from, to, severity) in blanks(&block.chars) {
            findings.add(draft(severity, block.place(from, to), block.piece(from, to)));
        }
    }
    for block in &subject.document.blocks {
        let (key, text) = match block {
            Block::Addressee { key, text } => (key, text.clone()),
            Block::SignOff { key, name, date } => (key, format!("{name} {date}")),
            _ => continue,
        };
        let chars: Vec<char> = text.chars().collect();
        for (from, to, severity) in blanks(&chars) {
            let place = AuditPlace::Block { block: key.clone(), from, to };
            findings.add(draft(severity, place, chars.iter().take(to).skip(from).collect()));
        }
    }
    for annex in &subject.document.annexes {
        for (at, row) in annex.table.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let place = AuditPlace::Cell { annex: annex.number, row: Some(at), column };
                blank_cell(cell, place, findings);
            }
        }
    }
}

fn blank_cell(cell: &Cell, place: AuditPlace, findings: &mut Findings) {
    let CellValue::Text(text) = &cell.value else { return };
    let chars: Vec<char> = text.chars().collect();
    // A record's own words may hold a question; only what was never filled in counts here.
    if let Some((from, to, _)) = blanks(&chars).into_iter().find(|(.., severity)| *severity == AuditSeverity::Error) {
        let quote: String = chars.iter().take(to).skip(from).collect();
        let records = cell.record.map(|record| vec![record]).unwrap_or_default();
        let fix = cell.record.map(|record| AuditFix::Open { record });
        findings.add(draft(AuditSeverity::Error, place, quote).records(&records).fix(fix));
    }
}

fn draft(severity: AuditSeverity, place: AuditPlace, quote: String) -> Draft {
    let message = if quote == "？" || quote == "?" {
        "这里有问号，内容可能还没有定".to_owned()
    } else {
        format!("“{quote}”还没有填写")
    };
    Draft::new("R7", severity, place).quote(quote).says(message, "报告里不能留有空白和代替的符号")
}

/// What was never filled in, wherever it stands.
const EMPTY: &[&str] = &["未填乡镇", "此处填写", "TODO", "todo", "（）", "“”", "《》"];
/// Words that stand for something to be written later; also said of papers that families still owe.
const LATER: &[&str] = &["待填写", "待填", "待补充", "待补", "待定"];

/// R7: places where something is missing.
fn blanks(chars: &[char]) -> Vec<(usize, usize, AuditSeverity)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let mut end = at + chars.iter().skip(at).take_while(|each| same(**each, c)).count();
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let severity = match word(chars, at) {
            Some((to, severity)) => {
                end = to;
                Some(severity)
            }
            None => sign(c, end - at, before, chars.get(end).copied()),
        };
        if let Some(severity) = severity {
            found.push((at, end, severity));
        }
        at = end;
    }
    found
}

fn word(chars: &[char], at: usize) -> Option<(usize, AuditSeverity)> {
    let end = |word: &&str| at + word.chars().count();
    let found = |words: &[&str]| words.iter().find(|word| starts_with(chars, at, word)).map(end);
    if let Some(to) = found(EMPTY) {
        return Some((to, AuditSeverity::Error));
    }
    let to = found(LATER).filter(|to| chars.get(*to).is_none_or(|c| !is_han(*c)))?;
    let alone = at.checked_sub(1).and_then(|at| chars.get(at)).is_none_or(|c| !is_han(*c));
    Some((to, if alone { AuditSeverity::Error } else { AuditSeverity::Warning }))
}

/// A run of one sign, such as ×× or ____.
fn sign(c: char, length: usize, before: Option<char>, after: Option<char>) -> Option<AuditSeverity> {
    use AuditSeverity::{Error, Hint};
    let in_brackets = before == Some('（') && after == Some('）');
    match c {
        'x' | 'X' | '×' | '✕' => placeholder(length, before, after).then_some(Error),
        '_' | '＿' => (length >= 2).then_some(Error),
        '○' | '〇' => (length >= 2 && !before.is_some_and(is_year) && after != Some('年')).then_some(Error),
        '？' | '?' if length >= 2 || in_brackets || after.is_some_and(is_measure) => Some(Error),
        '？' | '?' => Some(Hint),
        _ => None,
    }
}

/// Whether two characters make one run of a sign.
fn same(a: char, b: char) -> bool {
    a == b || (matches!(a, 'x' | 'X' | '×' | '✕') && matches!(b, 'x' | 'X' | '×' | '✕'))
}

/// ×× for a place or number; not 3×4, not a Latin word, and not the customary 张×× for a person.
fn placeholder(length: usize, before: Option<char>, after: Option<char>) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
    if latin(before) || latin(after) {
        return false;
    }
    let named = after.is_some_and(|c| "村乡镇县市区屯组户人元件次个名场期篇年月日万亩路号队局办站部".contains(c));
    let person = before.is_some_and(|c| SURNAMES.contains(c)) && !named;
    if length >= 2 { !person } else { named && before.is_none_or(|c| is_han(c) || "，。；：、（".contains(c)) }
}

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向常莫蒙蓝农";

fn is_year(c: char) -> bool {
    "一二三四五六七八九〇0123456789".contains(c)
}

fn is_measure(c: char) -> bool {
    "户人次元件个名场期篇万亩".contains(c)
}
