//! 工作纪实: per type, how many times, and the sum of each counter. Units are never mixed.

use std::collections::BTreeMap;

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::records::activity::Activity;
use crate::records::dictionary_item::DictionaryItem;
use crate::storage::Stored;

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    for item in gathered.items("activity_type") {
        let ours: Vec<_> = gathered.activities.iter().filter(|a| a.draft.type_code == item.code).collect();
        if !ours.is_empty() {
            count_type(figures, item, &ours);
        }
    }
    let all = refs(&gathered.activities);
    figures.records("activities.count", "工作纪实条数", "条", "报告期内登记的工作纪实条数。", all);
}

/// The unit that counts how often a thing was done.
pub(crate) fn event_unit(item: &DictionaryItem) -> &str {
    item.units.0.first().map_or("次", String::as_str)
}

/// What one counter adds up to over a type's activities.
#[derive(Default)]
struct Sum<'a> {
    count: i64,
    approximate: bool,
    behind: Vec<&'a Stored<Activity>>,
}

fn count_type(figures: &mut Figures, item: &DictionaryItem, ours: &[&Stored<Activity>]) {
    let (code, label, unit) = (&item.code, &item.label, event_unit(item));
    let events: i64 = ours.iter().map(|activity| times(&activity.draft, unit)).sum();
    let definition = format!("报告期内“{label}”的{unit}数；未填{unit}数的，一条算1{unit}。");
    figures.number_of(
        format!("activities.{code}.events"),
        format!("{label}{unit}数"),
        events,
        unit,
        definition,
        refs(ours.iter().copied()),
    );

    let mut sums: BTreeMap<(&str, &str), Sum> = BTreeMap::new();
    for activity in ours {
        for counter in activity.draft.counters.iter().filter(|c| !(c.subject.is_empty() && c.unit == unit)) {
            let sum = sums.entry((counter.subject.as_str(), counter.unit.as_str())).or_default();
            sum.count += counter.count;
            sum.approximate |= activity.draft.approximate;
            sum.behind.push(activity);
        }
    }
    for ((subject, unit), Sum { count, approximate, behind }) in sums {
        let key = counter_key(code, subject, unit);
        let definition = format!("报告期内“{label}”登记的{subject}{unit}数合计。");
        figures.number_of(key, format!("{label}{subject}{unit}数"), count, unit, definition, refs(behind));
        figures.mark_approximate(approximate);
    }
}

/// How often one record counts.
pub(crate) fn times(activity: &Activity, unit: &str) -> i64 {
    activity.counters.iter().find(|c| c.subject.is_empty() && c.unit == unit).map_or(1, |c| c.count)
}

/// Key of a counter's sum.
pub(crate) fn counter_key(code: &str, subject: &str, unit: &str) -> String {
    if subject.is_empty() { format!("activities.{code}.{unit}") } else { format!("activities.{code}.{subject}.{unit}") }
}
