//! R10 What is held regularly has its records: meetings that are monthly by rule, and what the text says is done 每月, 每季度
//! or 每周, by the type of an activity or by its title.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use super::Subject;
use super::finding::{AuditPlace, AuditSeverity, Draft, Findings};
use super::text::{TO_COME, TextBlock, Texts};
use crate::prose::{is_han, starts_with};
use crate::records::activity::Activity;
use crate::records::{Kind, RecordRef};

/// Kinds of meeting that are held every month whatever the text says: 主题党日 (《中国共产党支部工作条例(试行)》第十六条).
const MONTHLY: &[&str] = &["party_day"];
/// Words of duties and limits, behind which nothing is told as done.
const DUTY: &[&str] = &["要求", "应", "原则上", "不少于", "至少"];
/// Verbs before something that is held.
const HOLDING: &[&str] = &["召开", "开展", "组织", "举办", "举行", "参加", "集中"];

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    let kinds = held(subject);
    for kind in kinds.iter().filter(|kind| MONTHLY.contains(&kind.code.as_str()) && !kind.days.is_empty()) {
        let missing = Rhythm::Month.missing(subject, &kind.days);
        if !missing.is_empty() {
            findings.add(
                Draft::new("R10", AuditSeverity::Warning, AuditPlace::Figure { key: format!("activities.{}.events", kind.code) })
                    .quote(&kind.label)
                    .says(
                        format!("“{}”没有{}的记录", kind.label, Rhythm::Month.in_words(&missing)),
                        "这类活动一般每月开展一次。已开展没登记的，请补记；确实没开展的，请写明原因",
                    )
                    .records(&kind.records),
            );
        }
    }
    for block in texts.blocks.iter().filter(|block| block.edited && !block.heading && !block.ahead) {
        in_text(subject, block, &kinds, findings);
    }
}

/// Something that may be held regularly, with the days of its records in the period.
#[derive(Clone)]
struct Held {
    /// Empty where it is known by its title only.
    code: String,
    label: String,
    days: BTreeSet<NaiveDate>,
    records: Vec<RecordRef>,
}

/// Visits and every type of activity.
fn held(subject: &Subject<'_>) -> Vec<Held> {
    let gathered = subject.gathered;
    let visits = gathered.visits.iter().filter(|visit| gathered.scope.holds(visit.draft.day));
    let (days, records) = visits.map(|visit| (visit.draft.day, RecordRef { kind: Kind::Visit, id: visit.id })).unzip();
    let mut kinds = vec![Held { code: "visits".to_owned(), label: "走访".to_owned(), days, records }];
    for item in gathered.items("activity_type") {
        let ours = gathered.activities.iter().filter(|activity| activity.draft.type_code == item.code);
        let (days, records) = ours.map(|a| (a.draft.day, RecordRef { kind: Kind::Activity, id: a.id })).unzip();
        kinds.push(Held { code: item.code.clone(), label: item.label.clone(), days, records });
    }
    kinds
}

/// What a clause says was held, by the titles and types of activities: 召开例会 → those that tell of an 例会, or of what its
/// last two characters name. Nothing recorded is an answer too.
fn titled(subject: &Subject<'_>, clause: &str) -> Option<Held> {
    let (_, object) = HOLDING.iter().find_map(|verb| clause.split_once(verb))?;
    let object = object.trim_end_matches(|c: char| c.is_ascii_digit() || "一两二三四次场期等".contains(c));
    let letters: Vec<char> = object.chars().collect();
    if !(2..=10).contains(&letters.len()) || !letters.iter().all(|c| is_han(*c)) {
        return None;
    }
    let gathered = subject.gathered;
    let called = |name: &str| -> Vec<_> {
        let tells =
            |draft: &Activity| draft.title.contains(name) || gathered.label("activity_type", &draft.type_code).contains(name);
        gathered.activities.iter().filter(|activity| tells(&activity.draft)).collect()
    };
    let whole = called(object);
    let ours = if whole.is_empty() { called(&letters[letters.len() - 2..].iter().collect::<String>()) } else { whole };
    let (days, records) = ours.iter().map(|a| (a.draft.day, RecordRef { kind: Kind::Activity, id: a.id })).unzip();
    Some(Held { code: String::new(), label: object.to_owned(), days, records })
}

/// How often something is said to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rhythm {
    Week,
    Month,
    Quarter,
}

impl Rhythm {
    const WORDS: &[(&'static str, Rhythm)] = &[
        ("每周", Rhythm::Week),
        ("每月", Rhythm::Month),
        ("每个月", Rhythm::Month),
        ("逐月", Rhythm::Month),
        ("每季度", Rhythm::Quarter),
    ];

    /// The week, month or quarter of a day, counted so that the next is one more.
    fn turn(self, day: NaiveDate) -> i64 {
        let months = i64::from(day.year()) * 12 + i64::from(day.month0());
        match self {
            Rhythm::Week => i64::from(day.num_days_from_ce() - 1).div_euclid(7),
            Rhythm::Month => months,
            Rhythm::Quarter => months.div_euclid(3),
        }
    }

    /// First days of the whole turns of the period that have no record. A week or quarter cut off by the period's edge is
    /// not asked for.
    fn missing(self, subject: &Subject<'_>, days: &BTreeSet<NaiveDate>) -> Vec<NaiveDate> {
        let scope = &subject.gathered.scope;
        let held: BTreeSet<i64> = days.iter().map(|day| self.turn(*day)).collect();
        let mut missing = Vec::new();
        let mut day = scope.from();
        while day <= scope.until() {
            let turn = self.turn(day);
            let first = day;
            while self.turn(day) == turn {
                let Some(next) = day.checked_add_days(Days::new(1)) else { return missing };
                day = next;
            }
            let is_whole = day.pred_opt().is_some_and(|last| last <= scope.until())
                && first.pred_opt().is_none_or(|before| self.turn(before) != turn);
            if (is_whole || self == Rhythm::Month) && !held.contains(&turn) {
                missing.push(first);
            }
        }
        missing
    }

    fn in_words(self, missing: &[NaiveDate]) -> String {
        let named = |words: Vec<String>, unit: &str| format!("{}{unit}", words.join("、"));
        match self {
            Rhythm::Week => format!("{}周", missing.len()),
            Rhythm::Month => named(missing.iter().map(|day| day.month().to_string()).collect(), "月"),
            Rhythm::Quarter => named(missing.iter().map(|day| (day.month0() / 3 + 1).to_string()).collect(), "季度"),
        }
    }
}

/// R10: the text says that something is done regularly, and a time has no record of it.
fn in_text(subject: &Subject<'_>, block: &TextBlock, kinds: &[Held], findings: &mut Findings) {
    for at in 0..block.chars.len() {
        let said = Rhythm::WORDS.iter().find(|(word, _)| starts_with(&block.chars, at, word));
        let Some((word, rhythm)) = said else { continue };
        let behind = at + word.chars().count();
        let clause: String = block.chars.iter().skip(behind).take_while(|c| !"，；。！？\n".contains(**c)).collect();
        let sentence = block.sentence(at);
        if TO_COME.iter().chain(DUTY).any(|word| sentence.contains(word)) {
            continue;
        }
        let by_label = kinds.iter().filter(|kind| clause.contains(kind.label.as_str())).max_by_key(|kind| kind.label.len());
        let Some(kind) = by_label.cloned().or_else(|| titled(subject, &clause)) else { continue };
        if *rhythm == Rhythm::Month && MONTHLY.contains(&kind.code.as_str()) && !kind.days.is_empty() {
            continue;
        }
        let missing = rhythm.missing(subject, &kind.days);
        if missing.is_empty() {
            continue;
        }
        let to = behind + clause.chars().count();
        findings.add(
            Draft::new("R10", AuditSeverity::Warning, block.place(at, to))
                .quote(block.piece(at, to))
                .says(
                    format!("写的是“{word}”，“{}”有{}没有记录", kind.label, rhythm.in_words(&missing)),
                    "已开展没登记的，请补记；没有做到的，请改写",
                )
                .records(&kind.records),
        );
    }
}
