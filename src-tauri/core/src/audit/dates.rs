//! R8 Dates lie in the reporting period, in the text and in the records that feed its figures.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::Subject;
use super::finding::{AuditFix, AuditPlace, AuditSeverity, Draft, Findings};
use super::text::{TO_COME, TextBlock, Texts};
use super::written_day::{self, WrittenDay, year_before};
use crate::prose::starts_with;
use crate::records::{Kind, RecordRef};
use crate::value::{Id, print_day};

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    for block in texts.blocks.iter().filter(|block| !block.heading && !block.ahead) {
        let days = written_day::read(&block.chars);
        for day in &days {
            in_text(subject, block, day, year_before(&days, day, block.sentence_start(day.from)), findings);
        }
    }
    in_records(subject, findings);
}

/// Words of limits, behind which a day to come is right, as it is behind those of plans.
const LIMIT: &[&str] = &["前", "期限", "到期", "截止"];
/// Words that tell of what was before, where an earlier day is right.
const BACK: &[&str] = &[
    "去年", "上年", "同期", "以来", "起", "至", "自", "从", "此前", "以前", "曾", "原", "累计", "成立", "建成", "始建", "底",
    "末", "识别", "到任", "驻村", "任职", "签约", "立项", "批复", "开工",
];

/// R8: a day of the text outside the period, unless its sentence speaks of plans or of what was before. A day without a year
/// is outside only where it is so in either year that it may lie in; what the program wrote itself is dated by its records.
fn in_text(subject: &Subject<'_>, block: &TextBlock, written: &WrittenDay, before: Option<i32>, findings: &mut Findings) {
    let scope = &subject.gathered.scope;
    let sentence = block.sentence(written.from);
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let years = match written.year.or(before) {
        Some(year) => vec![year],
        None if block.edited => vec![scope.until().year(), scope.until().year() - 1],
        None => return,
    };
    let spans: Vec<_> = years.iter().filter_map(|year| written.in_year(*year)).collect();
    let is_early = |(_, last): &(NaiveDate, NaiveDate)| *last < scope.from();
    let is_late = |(first, _): &(NaiveDate, NaiveDate)| *first > scope.until();
    if spans.is_empty() || !spans.iter().all(|span| is_early(span) || is_late(span)) {
        return;
    }
    let (message, reason) = if spans.iter().any(is_late) {
        if says(TO_COME) || says(LIMIT) || (spans.len() > 1 && says(BACK)) {
            return;
        }
        ("晚于数据截止日期", format!("本报告数据截至{}，之后的事不应写成已经发生", print_day(scope.until())))
    } else if block.edited && !says(BACK) && !starts_with(&block.chars, written.to, "至") {
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
