//! 指标: what was planned and reached, how far it came, and how it stands to its base. Keyed by category and name, so that a
//! sentence holds in every half-year.

use std::collections::BTreeMap;

use super::gathered::refs;
use super::{FigureValue, Figures, Gathered};
use crate::records::indicator::{BaseKind, Indicator};
use crate::storage::Stored;

/// An indicator of the period over the scope's villages.
pub(crate) struct IndicatorSum<'a> {
    /// The records summed.
    pub records: Vec<&'a Stored<Indicator>>,
    /// Key under which its figures stand, such as `indicator.产业发展.茶园面积`.
    pub key: String,
    pub planned: Option<i64>,
    pub actual: Option<i64>,
    pub base: Option<i64>,
}

impl IndicatorSum<'_> {
    /// The first of its records: name, unit and kind of base are those of all.
    pub(crate) fn draft(&self) -> Option<&Indicator> {
        self.records.first().map(|stored| &stored.draft)
    }
}

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    let sums = sums(gathered);
    for sum in &sums {
        figures_of(figures, sum);
    }
    let of = |behind: bool| {
        let chosen = sums.iter().filter(|sum| is_behind(sum) == Some(behind));
        chosen.flat_map(|sum| refs(sum.records.iter().copied())).collect::<Vec<_>>()
    };
    let number = |behind: bool| sums.iter().filter(|sum| is_behind(sum) == Some(behind)).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(0);
    let rule = "报告期内既有计划数又有实际数的指标";
    let (reached, behind) = (number(false), number(true));
    let all = [of(false), of(true)].concat();
    figures.number_of("indicators.planned", "有计划的指标项数", count(reached + behind), "项", format!("{rule}项数。"), all);
    let definition = format!("{rule}中，实际数达到计划数的项数。");
    figures.number_of("indicators.reached", "达到计划的指标项数", count(reached), "项", definition, of(false));
    let definition = format!("{rule}中，实际数未达到计划数的项数。");
    figures.number_of("indicators.behind", "未达到计划的指标项数", count(behind), "项", definition, of(true));
}

/// Whether it fell short of its plan; nothing where it cannot be told.
fn is_behind(sum: &IndicatorSum<'_>) -> Option<bool> {
    Some(sum.actual? < sum.planned.filter(|planned| *planned > 0)?)
}

/// Where indicators of one name appear first, and all of them.
type Group<'g> = (usize, Vec<&'g Stored<Indicator>>);

/// The indicators of the period, in the order of their categories' and their own first appearance.
pub(crate) fn sums(gathered: &Gathered) -> Vec<IndicatorSum<'_>> {
    let mut categories: Vec<&str> = Vec::new();
    let mut groups: BTreeMap<(&str, &str), Group<'_>> = BTreeMap::new();
    for (at, indicator) in gathered.indicators_of_period().enumerate() {
        let draft = &indicator.draft;
        if !categories.contains(&draft.category.as_str()) {
            categories.push(&draft.category);
        }
        groups.entry((&draft.category, &draft.name)).or_insert_with(|| (at, Vec::new())).1.push(indicator);
    }
    let place = |category: &str| categories.iter().position(|known| *known == category);
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((category, _), (first, _))| (place(category), *first));
    groups.into_iter().filter_map(|((category, name), (_, records))| sum_of(gathered, category, name, records)).collect()
}

/// One value for all villages: the one given for all of them, else the sum. A share or a mixture of units has no sum.
fn sum_of<'a>(gathered: &Gathered, category: &str, name: &str, records: Vec<&'a Stored<Indicator>>) -> Option<IndicatorSum<'a>> {
    let (whole, villages): (Vec<_>, Vec<_>) = records.into_iter().partition(|record| record.draft.village_id.is_none());
    let of_some = !gathered.scope.village_ids.is_empty();
    let records = if (of_some && !villages.is_empty()) || whole.is_empty() { villages } else { whole };
    let unit = &records.first()?.draft.unit;
    let adds_up = !unit.contains(['%', '％', '‰']) && records.iter().all(|record| record.draft.unit == *unit);
    if records.len() > 1 && !adds_up {
        return None;
    }
    // A sum over some of the villages would pass for one over all.
    let sum = |value: fn(&Indicator) -> Option<i64>| {
        records.iter().map(|record| value(&record.draft)).try_fold(0i64, |sum, value| Some(sum.saturating_add(value?)))
    };
    let (planned, actual, base) = (sum(|i| i.planned), sum(|i| i.actual), sum(|i| i.base));
    let key =
        [category, name].iter().filter(|part| !part.is_empty()).fold("indicator".to_owned(), |key, part| format!("{key}.{part}"));
    Some(IndicatorSum { records, key, planned, actual, base })
}

fn figures_of(figures: &mut Figures, sum: &IndicatorSum<'_>) {
    let Some(Indicator { name, unit, base_kind, .. }) = sum.draft() else { return };
    let of_base = match base_kind {
        BaseKind::LastYear => "上年同期数",
        BaseKind::YearEnd => "上年末数",
        BaseKind::Whole => "总数",
        BaseKind::Other => "基数",
    };
    let records = || refs(sum.records.iter().copied());
    let mut add = |part: &str, what: &str, value: FigureValue, unit: &str, definition: String| {
        figures.add(format!("{}.{part}", sum.key), format!("{name}{what}"), value, unit, definition, records());
    };
    for (part, what, value) in [("planned", "计划数", sum.planned), ("actual", "", sum.actual), ("base", of_base, sum.base)] {
        if let Some(value) = value {
            let definition =
                format!("指标“{name}”本期登记的{}，有几个村的为各村合计。", if what.is_empty() { "实际数" } else { what });
            add(part, what, FigureValue::Hundredths(value), unit, definition);
        }
    }
    let share = |part: i64, base: i64| FigureValue::Percent((part.saturating_mul(10_000) + base / 2) / base);
    if let (Some(actual), Some(planned)) = (sum.actual, sum.planned.filter(|planned| *planned > 0)) {
        add("rate", "完成率", share(actual, planned), "", format!("“{name}”的实际数占计划数的比例。"));
    }
    let (Some(actual), Some(base)) = (sum.actual, sum.base.filter(|base| *base > 0)) else { return };
    if *base_kind == BaseKind::Whole {
        add("share", "占比", share(actual, base), "", format!("“{name}”的实际数占{of_base}的比例。"));
        return;
    }
    let change = (actual - base).abs();
    let direction = if actual < base { "减少" } else { "增加" };
    // A share grows by points, not by per cent.
    let points = if unit.contains(['%', '％']) { "个百分点" } else { unit.as_str() };
    let definition = format!("“{name}”的实际数与{of_base}之差。");
    add("change", &format!("较{of_base}{direction}"), FigureValue::Hundredths(change), points, definition);
    if points == unit {
        add("growth", "变化幅度", share(change, base), "", format!("“{name}”的实际数与{of_base}之差占{of_base}的比例。"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Scope;
    use crate::records::Record;
    use crate::records::village::Village;
    use crate::sample::TODAY;
    use crate::storage::{Ledger, Op};
    use crate::value::{Id, Period};
    use crate::world::FixedWorld;

    /// Village (0 for all), name, unit, planned, actual, base.
    type Row<'r> = (usize, &'r str, &'r str, Option<i64>, Option<i64>, Option<i64>);

    /// A ledger with indicators.
    fn counted(rows: &[Row], only: Option<usize>) -> Figures {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::create(&folder.path().join("甲.zcj"), Box::new(FixedWorld::on(TODAY))).expect("a ledger");
        let done = ledger.transact(Op::Sample, |tx| {
            let mut villages = Vec::new();
            for name in ["甲村", "乙村"] {
                villages.push(tx.add(Village { name: name.to_owned(), township: "某乡".to_owned(), ..Village::default() }, &[])?);
            }
            for (village, name, unit, planned, actual, base) in rows {
                let village_id = village.checked_sub(1).and_then(|at| villages.get(at)).copied();
                let blank = Indicator::blank(**tx, TODAY)?;
                let (name, unit, category) = ((*name).to_owned(), (*unit).to_owned(), "产业".to_owned());
                let indicator =
                    Indicator { category, name, unit, planned: *planned, actual: *actual, base: *base, village_id, ..blank };
                tx.add(indicator, &[])?;
            }
            Ok(villages)
        });
        let villages: Vec<Id> = done.expect("records").value;
        let village_ids = only.and_then(|at| villages.get(at)).copied().into_iter().collect();
        let scope = Scope { village_ids, ..Scope::of(Period::parse("2026H1").expect("a period")) };
        Figures::count(&Gathered::load(ledger.store(), scope).expect("records"))
    }

    fn told(figures: &Figures, part: &str) -> Option<String> {
        figures.get(&format!("indicator.产业.茶园.{part}")).map(super::super::Figure::in_words)
    }

    #[test]
    fn villages_add_up_and_rates_follow_from_the_sums() {
        let rows = [(1, "茶园", "亩", Some(100), Some(80), Some(50)), (2, "茶园", "亩", Some(300), Some(320), Some(150))];
        let figures = counted(&rows, None);
        let parts =
            ["planned", "actual", "base", "rate", "change", "growth"].map(|part| told(&figures, part).unwrap_or_default());
        assert_eq!(parts, ["4亩", "4亩", "2亩", "100%", "2亩", "100%"]);
        assert_eq!(told(&counted(&rows, Some(0)), "actual").as_deref(), Some("0.8亩"), "one village alone");
    }

    #[test]
    fn a_value_for_all_villages_goes_before_their_sum_but_not_before_ones_own() {
        let rows = [(0, "茶园", "亩", None, Some(900), None), (1, "茶园", "亩", None, Some(100), None)];
        assert_eq!(told(&counted(&rows, None), "actual").as_deref(), Some("9亩"));
        assert_eq!(told(&counted(&rows, Some(0)), "actual").as_deref(), Some("1亩"));
    }

    #[test]
    fn what_cannot_be_added_up_is_not_told() {
        let shares = [(1, "茶园", "%", None, Some(9000), None), (2, "茶园", "%", None, Some(7000), None)];
        assert_eq!(told(&counted(&shares, None), "actual"), None, "shares have no sum");
        let missing = [(1, "茶园", "亩", Some(100), Some(80), None), (2, "茶园", "亩", None, Some(20), None)];
        let figures = counted(&missing, None);
        assert_eq!(
            (told(&figures, "planned"), told(&figures, "rate")),
            (None, None),
            "a plan of one village is not all villages'"
        );
    }

    #[test]
    fn a_share_changes_by_points() {
        let figures = counted(&[(1, "茶园", "%", Some(9600), Some(9450), Some(9120))], None);
        assert_eq!(told(&figures, "change").as_deref(), Some("3.3个百分点"));
        assert_eq!(told(&figures, "growth"), None);
        assert_eq!(figures.number("indicators.behind"), 1);
    }
}
