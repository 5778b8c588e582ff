//! R8 Dates lie in the reporting period, in the text and in the records that feed its figures.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Subject;
use super::finding::{AuditFix, AuditPlace, AuditSeverity, Draft, Findings};
use super::text::{TextBlock, Texts};
use crate::prose::starts_with;
use crate::records::{Kind, RecordRef};
use crate::value::{Id, print_day};

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    for block in texts.blocks.iter().filter(|block| !block.heading && !block.ahead) {
        for written in written(&block.chars) {
            in_text(subject, block, &written, findings);
        }
    }
    in_records(subject, findings);
}

/// A date of the text: the days that it may mean.
struct Written {
    from: usize,
    to: usize,
    first: NaiveDate,
    last: NaiveDate,
}

/// 2026年6月30日 and 2026年6月, in Arabic digits; a bare year is no date of the work, a bare month has no year.
fn written(chars: &[char]) -> Vec<Written> {
    let digits = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let number = |from: usize, length: usize| chars.iter().skip(from).take(length).collect::<String>().parse::<u32>().ok();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let length = digits(at);
        let read = || {
            let year = number(at, length).filter(|_| length == 4 && chars.get(at + 4) == Some(&'年'))?;
            let month_at = at + 5;
            let month_length = digits(month_at);
            let month = number(month_at, month_length).filter(|_| chars.get(month_at + month_length) == Some(&'月'))?;
            let day_at = month_at + month_length + 1;
            let day_length = digits(day_at);
            let day = number(day_at, day_length).filter(|_| chars.get(day_at + day_length) == Some(&'日'));
            let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day.unwrap_or(1))?;
            let last = if day.is_some() { first } else { first.checked_add_months(chrono::Months::new(1))?.pred_opt()? };
            let to = if day.is_some() { day_at + day_length + 1 } else { day_at };
            Some(Written { from: at, to, first, last })
        };
        match read() {
            Some(written) => {
                at = written.to;
                found.push(written);
            }
            None => at += length.max(1),
        }
    }
    found
}

/// Words of plans and limits, behind which a day to come is right.
const AHEAD: &[&str] =
    &["前", "底前", "计划", "预计", "力争", "争取", "确保", "拟", "将", "下半年", "明年", "期限", "到期", "截止", "之前", "目标"];
/// Words that tell of what was before, where an earlier day is right.
const BACK: &[&str] = &[
    "去年", "上年", "同期", "以来", "起", "至", "自", "从", "此前", "以前", "曾", "原", "累计", "成立", "建成", "始建", "底",
    "末", "识别", "到任", "驻村", "任职", "签约", "立项", "批复", "开工",
];

/// R8: a day of the text outside the period, unless its sentence speaks of plans or of what was before.
fn in_text(subject: &Subject<'_>, block: &TextBlock, written: &Written, findings: &mut Findings) {
    let scope = &subject.gathered.scope;
    let sentence = block.sentence(written.from);
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let (message, reason) = if written.first > scope.until() && !says(AHEAD) {
        ("晚于数据截止日期", format!("本报告数据截至{}，之后的事不应写成已经发生", print_day(scope.until())))
    } else if written.last < scope.from() && block.edited && !says(BACK) && !starts_with(&block.chars, written.to, "至") {
        ("早于报告期", format!("报告期从{}开始，更早的事请写明是以前的", print_day(scope.from())))
    } else {
        return;
    };
    let quote = block.piece(written.from, written.to);
    findings.add(
        Draft::new("R8", AuditSeverity::Warning, block.place(written.from, written.to))
            .quote(&quote)
            .says(format!("{quote}{message}"), reason),
    );
}

/// R8: records behind visits and activities that reach out of the period.
fn in_records(subject: &Subject<'_>, findings: &mut Findings) {
    let scope = &subject.gathered.scope;
    let behind: BTreeSet<Id> = subject
        .figures
        .all()
        .iter()
        .filter(|figure| figure.key.starts_with("visits.") || figure.key.starts_with("activities."))
        .flat_map(|figure| figure.records.iter().map(|record| record.id))
        .collect();
    let mut outside = |kind: Kind, id: Id, title: &str, day: NaiveDate| {
        let record = RecordRef { kind, id };
        findings.add(
            Draft::new("R8", AuditSeverity::Warning, AuditPlace::Records)
                .quote(title)
                .says(
                    format!("{}“{title}”的日期{}不在报告期内", kind.label(), print_day(day)),
                    format!("本报告统计{}至{}", print_day(scope.from()), print_day(scope.until())),
                )
                .records(&[record])
                .fix(Some(AuditFix::Open { record })),
        );
    };
    for visit in subject.gathered.visits.iter().filter(|visit| behind.contains(&visit.id) && !scope.holds(visit.draft.day)) {
        outside(Kind::Visit, visit.id, "走访", visit.draft.day);
    }
    for activity in subject.gathered.activities.iter().filter(|activity| behind.contains(&activity.id)) {
        let days = [Some(activity.draft.day), activity.draft.to_day].into_iter().flatten();
        if let Some(day) = days.into_iter().find(|day| !scope.holds(*day)) {
            outside(Kind::Activity, activity.id, &activity.draft.title, day);
        }
    }
}
