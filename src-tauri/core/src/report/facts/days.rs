//! Days as a clerk writes them in a list: one day, two or three, else from the first month to the last.

use chrono::{Datelike, NaiveDate};

use crate::figures::Gathered;
use crate::records::activity::Activity;
use crate::storage::Stored;

/// First and last day of something.
type Span = (NaiveDate, NaiveDate);

/// The days on which somebody was reached.
pub(super) fn of_visits(gathered: &Gathered) -> String {
    let reached = gathered.visits.iter().filter(|visit| visit.draft.reached());
    in_words(&reached.map(|visit| (visit.draft.day, visit.draft.day)).collect::<Vec<_>>())
}

pub(super) fn of_activities(ours: &[&Stored<Activity>]) -> String {
    let spans: Vec<Span> =
        ours.iter().map(|activity| (activity.draft.day, activity.draft.to_day.unwrap_or(activity.draft.day))).collect();
    in_words(&spans)
}

/// `4月21日至22日`, `3月5日、3月12日`, `1月至6月`; empty where there is no day.
pub(super) fn in_words(spans: &[Span]) -> String {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    spans.dedup();
    match spans.as_slice() {
        [] => String::new(),
        few @ ([_] | [_, _] | [_, _, _]) => few.iter().map(span).collect::<Vec<_>>().join("、"),
        [first, ..] => {
            let last = spans.iter().map(|(_, to)| *to).max().unwrap_or(first.1);
            let (from, to) = (first.0.month(), last.month());
            if from == to { format!("{from}月") } else { format!("{from}月至{to}月") }
        }
    }
}

fn span(&(from, to): &Span) -> String {
    match (from == to, from.month() == to.month()) {
        (true, _) => format!("{}月{}日", from.month(), from.day()),
        (false, true) => format!("{}月{}日至{}日", from.month(), from.day(), to.day()),
        (false, false) => format!("{}月{}日至{}月{}日", from.month(), from.day(), to.month(), to.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(spans: &[(&str, &str)]) -> String {
        let spans: Vec<Span> = spans.iter().map(|(from, to)| (from.parse().unwrap(), to.parse().unwrap())).collect();
        in_words(&spans)
    }

    #[test]
    fn days_are_told_singly_while_they_are_few() {
        assert_eq!(words(&[]), "");
        assert_eq!(words(&[("2026-04-21", "2026-04-22")]), "4月21日至22日");
        assert_eq!(words(&[("2026-03-12", "2026-03-12"), ("2026-03-05", "2026-03-05")]), "3月5日、3月12日");
        assert_eq!(words(&[("2026-06-30", "2026-07-02")]), "6月30日至7月2日");
        let many = ["2026-01-09", "2026-02-01", "2026-03-01", "2026-06-12"].map(|day| (day, day));
        assert_eq!(words(&many), "1月至6月");
    }
}
