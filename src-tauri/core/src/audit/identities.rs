//! What must hold between figures whatever the records are. They are counted by different code, and here held together.

use super::finding::{AuditPlace, AuditSeverity, Draft, Findings};
use crate::figures::{Figure, FigureValue, Figures};

pub(super) fn check(figures: &Figures, findings: &mut Findings) {
    for (rule, whole, parts) in SUMS {
        sum(figures, rule, whole, parts, findings);
    }
    programmes(figures, findings);
    for (part, whole) in SUBSETS {
        subset(figures, "R2", part, whole, findings);
    }
    for figure in figures.all() {
        persons(figures, figure, findings);
    }
    for (rate, parts, base) in RATES {
        percent(figures, rate, parts, base, findings);
    }
}

/// R1 parts make the whole; R11 the visited, the not reached and the rest make the list.
const SUMS: &[(&str, &str, &[&str])] = &[
    (
        "R11",
        "coverage.target",
        &["coverage.in_person", "coverage.phone", "coverage.video", "coverage.not_reached", "coverage.none"],
    ),
    ("R1", "visits.household_times", &["visits.mode.in_person", "visits.mode.phone", "visits.mode.video"]),
    ("R1", "projects.count", &["projects.completed", "projects.running"]),
];

/// R2 a part is not more than its whole.
const SUBSETS: &[(&str, &str)] = &[
    ("issues.done", "issues.raised"),
    ("issues.closed", "issues.done"),
    ("issues.open_household", "issues.open"),
    ("households.lifted.count", "households.count"),
    ("households.monitored.count", "households.count"),
    ("households.dibao.count", "households.count"),
    ("households.tekun.count", "households.count"),
    ("households.relocated.count", "households.count"),
    ("households.unstable_lifted.count", "households.monitored.count"),
    ("households.marginal_at_risk.count", "households.monitored.count"),
    ("households.sudden_hardship.count", "households.monitored.count"),
    ("village.resident_population", "village.population"),
    ("village.party_members", "village.population"),
    ("visits.households", "visits.household_times"),
    ("visits.condolence.households", "visits.households"),
    ("applications.all.households", "applications.all.count"),
];

/// R4: rate, its parts, its base.
const RATES: &[(&str, &[&str], &str)] = &[
    ("issues.rate", &["issues.done"], "issues.raised"),
    ("coverage.rate", &["coverage.in_person", "coverage.phone", "coverage.video"], "coverage.target"),
];

fn place(figure: &Figure) -> AuditPlace {
    AuditPlace::Figure { key: figure.key.clone() }
}

fn sum(figures: &Figures, rule: &'static str, whole: &str, parts: &[&str], findings: &mut Findings) {
    let Some(figure) = figures.get(whole) else { return };
    let parts: Vec<&Figure> = parts.iter().filter_map(|key| figures.get(key)).collect();
    let total: i64 = parts.iter().map(|part| part.value.number()).sum();
    if !parts.is_empty() && total != figure.value.number() {
        let told = parts.iter().map(|part| format!("{}{}", part.label, part.in_words())).collect::<Vec<_>>().join("、");
        findings.add(
            Draft::new(rule, AuditSeverity::Error, place(figure))
                .quote(figure.in_words())
                .says(format!("{}{}，各部分相加为{total}", figure.label, figure.in_words()), format!("各部分：{told}"))
                .records(&figure.records),
        );
    }
}

/// R1: the programmes' applications make those of all programmes.
fn programmes(figures: &Figures, findings: &mut Findings) {
    for name in ["count", "amount_applied", "approved", "amount_approved", "paid", "amount_paid"] {
        let Some(all) = figures.get(&format!("applications.all.{name}")) else { continue };
        let one = |figure: &&Figure| {
            let parts: Vec<&str> = figure.key.split('.').collect();
            matches!(parts.as_slice(), ["applications", programme, last] if *programme != "all" && *last == name)
        };
        let total: i64 = figures.all().iter().filter(one).map(|figure| figure.value.number()).sum();
        if total != all.value.number() {
            findings.add(
                Draft::new("R1", AuditSeverity::Error, place(all))
                    .quote(all.in_words())
                    .says(format!("{}为{}，与各项补贴相加不符", all.label, all.in_words()), "各项补贴之和应等于总数")
                    .records(&all.records),
            );
        }
    }
}

fn subset(figures: &Figures, rule: &'static str, part: &str, whole: &str, findings: &mut Findings) {
    let (Some(part), Some(whole)) = (figures.get(part), figures.get(whole)) else { return };
    let both_told = part.value.number() > 0 && whole.value.number() > 0;
    if both_told && part.value.number() > whole.value.number() {
        let message = format!("{}{}，多于{}{}", part.label, part.in_words(), whole.label, whole.in_words());
        findings.add(
            Draft::new(rule, AuditSeverity::Error, place(part))
                .quote(part.in_words())
                .says(message, "部分不能多于全部")
                .records(&part.records),
        );
    }
}

/// R3: households are not more than their persons.
fn persons(figures: &Figures, persons: &Figure, findings: &mut Findings) {
    let counted = |figure: &Figure| matches!(figure.value, FigureValue::Count(count) if count > 0);
    let (key, households) = match persons.key.as_str() {
        "village.population" => ("village.population", Some("village.households".to_owned())),
        key if key.starts_with("households.") => (key, key.strip_suffix("persons").map(|stem| format!("{stem}count"))),
        key if key.starts_with("project.") => (key, key.strip_suffix("persons").map(|stem| format!("{stem}households"))),
        key => (key, None),
    };
    let Some(households) = households.and_then(|key| figures.get(&key)) else { return };
    if counted(households) && counted(persons) && households.value.number() > persons.value.number() {
        let message = format!("{}{}，多于{}{}", households.label, households.in_words(), persons.label, persons.in_words());
        findings.add(
            Draft::new("R3", AuditSeverity::Error, AuditPlace::Figure { key: key.to_owned() })
                .quote(households.in_words())
                .says(message, "户数不能多于人数")
                .records(&households.records),
        );
    }
}

fn percent(figures: &Figures, rate: &str, parts: &[&str], base: &str, findings: &mut Findings) {
    let (Some(rate), Some(base)) = (figures.get(rate), figures.get(base)) else { return };
    let part: i64 = parts.iter().map(|key| figures.number(key)).sum();
    let whole = base.value.number();
    if whole == 0 {
        return;
    }
    let off = i128::from(rate.value.number()) * i128::from(whole) - i128::from(part) * 10_000;
    // Rounded to two decimals, a share lies within half a basis point.
    if off.abs() * 2 > i128::from(whole) {
        let message = format!("{}为{}，按{part}÷{whole}计算不符", rate.label, rate.in_words());
        findings.add(
            Draft::new("R4", AuditSeverity::Error, place(rate))
                .quote(rate.in_words())
                .says(message, rate.definition.clone())
                .records(&rate.records),
        );
    }
}
