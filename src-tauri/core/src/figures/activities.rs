//! 工作纪实: per type, how many times, and the sum of each counter. Units are never mixed.

use std::collections::{BTreeMap, BTreeSet};

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

    let items = distinct_items(ours);
    let behind = ours.iter().copied().filter(|activity| !activity.draft.items.0.is_empty());
    let definition = format!("报告期内“{label}”登记的要点条数，同样的只算一条。");
    let number = i64::try_from(items.len()).unwrap_or(0);
    figures.number_of(format!("activities.{code}.items"), format!("{label}要点条数"), number, "个", definition, refs(behind));
    let documents = ours.iter().map(|activity| activity.draft.documents.len()).sum::<usize>();
    let behind = ours.iter().copied().filter(|activity| !activity.draft.documents.is_empty());
    let definition = format!("报告期内“{label}”登记的印发材料份数。");
    let number = i64::try_from(documents).unwrap_or(0);
    figures.number_of(format!("activities.{code}.documents"), format!("{label}材料份数"), number, "份", definition, refs(behind));
    let villages: BTreeSet<_> = ours.iter().filter_map(|activity| activity.draft.village_id).collect();
    let number = i64::try_from(villages.len()).unwrap_or(0);
    let definition = format!("报告期内“{label}”到过的村数，同一个村只算一个。");
    let behind = ours.iter().copied().filter(|activity| activity.draft.village_id.is_some());
    figures.number_of(format!("activities.{code}.villages"), format!("{label}村数"), number, "个", definition, refs(behind));

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

/// The points of some activities, each once.
pub(crate) fn distinct_items<'a>(ours: &[&'a Stored<Activity>]) -> Vec<&'a str> {
    let mut items: Vec<&str> = Vec::new();
    for item in ours.iter().flat_map(|activity| activity.draft.items.0.iter()) {
        if !items.contains(&item.as_str()) {
            items.push(item);
        }
    }
    items
}

/// How often one record counts.
pub(crate) fn times(activity: &Activity, unit: &str) -> i64 {
    activity.counters.iter().find(|c| c.subject.is_empty() && c.unit == unit).map_or(1, |c| c.count)
}

/// Key of a counter's sum.
pub(crate) fn counter_key(code: &str, subject: &str, unit: &str) -> String {
    if subject.is_empty() { format!("activities.{code}.{unit}") } else { format!("activities.{code}.{subject}.{unit}") }
}
