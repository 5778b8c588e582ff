//! R13 Persons stay masked: names, ID numbers, telephones and accounts in the text and in the words of annexes.

use std::collections::{HashMap, HashSet};

use super::Subject;
use super::finding::{AuditFix, AuditPlace, AuditSeverity, Draft, Findings};
use super::text::Texts;
use crate::prose::is_han;
use crate::records::report::ReportMasking;
use crate::records::{Kind, RecordRef};
use crate::report::document::CellValue;
use crate::value::{IdNumber, is_phone};

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    let masking = subject.report.masking;
    for block in &texts.blocks {
        for number in numbers(&block.chars) {
            let severity = if masking == ReportMasking::Internal { AuditSeverity::Warning } else { AuditSeverity::Error };
            findings.add(of_number(severity, block.place(number.from, number.to), &number, masking));
        }
    }
    if masking != ReportMasking::Internal {
        annexes(subject, findings);
        names(subject, texts, findings);
    }
}

/// A number that names a person.
struct Number {
    from: usize,
    to: usize,
    what: &'static str,
    shown: String,
}

/// R13: 18 digits of an ID number, 11 of a mobile telephone, 16 to 19 of an account.
fn numbers(chars: &[char]) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
        if run == 0 {
            at += 1;
            continue;
        }
        let cross = usize::from(run == 17 && matches!(chars.get(at + run), Some('X' | 'x')));
        let to = at + run + cross;
        let text: String = chars.iter().take(to).skip(at).collect();
        let apart = !at.checked_sub(1).and_then(|at| chars.get(at)).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '.')
            && !chars.get(to).is_some_and(|c| c.is_ascii_alphabetic() || *c == '*' || *c == '元');
        let what = match run + cross {
            18 if IdNumber::parse(&text, chrono::NaiveDate::MAX).is_ok() => Some("身份证号"),
            11 if is_phone(&text) => Some("手机号码"),
            16..=19 => Some("银行账号"),
            _ => None,
        };
        if let Some(what) = what.filter(|_| apart) {
            // The finding itself must not carry the number further.
            let ends: String = chars.iter().take(at + 3).skip(at).collect::<String>() + "…";
            found.push(Number { from: at, to, what, shown: ends });
        }
        at = to;
    }
    found
}

fn of_number(severity: AuditSeverity, place: AuditPlace, number: &Number, masking: ReportMasking) -> Draft {
    let fix = match &place {
        AuditPlace::Block { block, from, to } => {
            let text = "*".repeat(to - from);
            Some(AuditFix::Replace { block: block.clone(), from: *from, to: *to, text })
        }
        _ => None,
    };
    Draft::new("R13", severity, place)
        .quote(&number.shown)
        .says(format!("文字中有未遮盖的{}", number.what), reason(masking))
        .fix(fix)
}

fn reason(masking: ReportMasking) -> &'static str {
    match masking {
        ReportMasking::Public => "本报告对外公开，不得出现身份证号、电话、账号和群众姓名",
        ReportMasking::Township => "本报告报乡镇，证件号、电话和账号应遮盖",
        ReportMasking::Internal => "个人信息只在确有需要时写出",
    }
}

/// R13: what somebody typed into a record and an annex prints.
fn annexes(subject: &Subject<'_>, findings: &mut Findings) {
    for annex in &subject.document.annexes {
        for (at, row) in annex.table.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let CellValue::Text(text) = &cell.value else { continue };
                let chars: Vec<char> = text.chars().collect();
                let Some(number) = numbers(&chars).into_iter().next() else { continue };
                let place = AuditPlace::Cell { annex: annex.number, row: Some(at), column };
                let records = cell.record.map(|record| vec![record]).unwrap_or_default();
                let fix = cell.record.map(|record| AuditFix::Open { record });
                findings.add(of_number(AuditSeverity::Error, place, &number, subject.report.masking).records(&records).fix(fix));
            }
        }
    }
}

/// R13: names of families' members in the text.
fn names(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    let team: HashSet<&str> = subject.gathered.members.iter().map(|member| member.draft.name.as_str()).collect();
    let mut families: HashMap<&str, RecordRef> = HashMap::new();
    let mut longest = 0;
    for household in &subject.gathered.households {
        for member in household.draft.members.iter().filter(|member| !team.contains(member.name.as_str())) {
            let length = member.name.chars().count();
            if length >= 2 {
                longest = longest.max(length.min(12));
                families.insert(member.name.as_str(), RecordRef { kind: Kind::Household, id: household.id });
            }
        }
    }
    let public = subject.report.masking == ReportMasking::Public;
    for block in &texts.blocks {
        let mut at = 0;
        while at < block.chars.len() {
            let named = (2..=longest.min(block.chars.len() - at)).rev().find_map(|length| {
                let name = block.piece(at, at + length);
                let record = *families.get(name.as_str())?;
                (length > 2 || stands_free(&block.chars, at, at + length)).then_some((name, record))
            });
            let Some((name, record)) = named else {
                at += 1;
                continue;
            };
            let to = at + name.chars().count();
            let severity = if public { AuditSeverity::Warning } else { AuditSeverity::Hint };
            let masked = crate::value::mask_name(&name);
            let fix = AuditFix::Replace { block: block.key.clone(), from: at, to, text: masked };
            findings.add(
                Draft::new("R13", severity, block.place(at, to))
                    .quote(&name)
                    .says(
                        "文字中写了农户家庭成员的姓名",
                        if public { reason(subject.report.masking) } else { "确需写姓名的可以保留" },
                    )
                    .records(&[record])
                    .fix((public && !block.heading).then_some(fix)),
            );
            at = to;
        }
    }
}

/// Two characters are often part of another word; a name has an edge or a word for a person beside it.
fn stands_free(chars: &[char], from: usize, to: usize) -> bool {
    let before: String = chars.iter().take(from).skip(from.saturating_sub(2)).collect();
    let edge = from == 0 || chars.get(from - 1).is_some_and(|c| !is_han(*c));
    let called = ["村民", "户主", "群众", "老人", "同志", "党员", "学生"].iter().any(|word| before.ends_with(word));
    let after = chars.get(to).copied();
    let closed = after.is_none_or(|c| !is_han(c) || "家户等的和".contains(c));
    (edge || called) && closed
}
