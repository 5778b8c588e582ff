//! One figure looked at closely: how it stood in the same period of last year, and how it went month by month.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Figure, FigureValue, Figures, Gathered, Scope};
use crate::error::Result;
use crate::storage::Store;
use crate::value::Period;

/// 数字的来龙去脉.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureTrend {
    /// 上年同期; nothing where the ledger holds no work of that time.
    pub previous: Option<PreviousFigure>,
    /// The months that have begun, first to last. What is counted as of a day is given as of the month's last day.
    pub months: Vec<MonthFigure>,
}

/// 上年同期.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PreviousFigure {
    /// The period.
    pub period: Period,
    /// As printed.
    pub text: String,
    /// Its bare number.
    #[ts(type = "number")]
    pub number: i64,
    /// 同比 in basis points; nothing where the base is nothing.
    #[ts(type = "number | null")]
    pub change: Option<i64>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MonthFigure {
    /// `2026-03`.
    pub month: String,
    /// As printed.
    pub text: String,
    /// Its bare number.
    #[ts(type = "number")]
    pub number: i64,
}

/// How one figure of a scope came about.
pub fn trend(store: Store<'_>, scope: &Scope, figure: &Figure) -> Result<FigureTrend> {
    let previous = previous_figures(store, scope)?.map(|(period, figures)| previous(period, figure, &figures));
    let mut months = Vec::new();
    for (first, last) in months_of(scope) {
        let figures = Figures::count(&Gathered::load(store, scope.narrowed(first, last))?);
        let (text, number) = match figures.get(&figure.key) {
            Some(found) => (found.in_words(), found.value.number()),
            None => (in_unit_of(figure, 0), 0),
        };
        months.push(MonthFigure { month: first.format("%Y-%m").to_string(), text, number });
    }
    Ok(FigureTrend { previous, months })
}

/// All figures of the same period of last year, where the ledger holds work of that time.
pub fn previous_figures(store: Store<'_>, scope: &Scope) -> Result<Option<(Period, Figures)>> {
    let Some(period) = scope.period.year_before() else { return Ok(None) };
    let cutoff = scope.until().checked_sub_months(Months::new(12)).unwrap_or(period.last_day());
    let gathered = Gathered::load(store, Scope { period, cutoff, ..scope.clone() })?;
    Ok(gathered.holds_work().then(|| (period, Figures::count(&gathered))))
}

fn previous(period: Period, figure: &Figure, figures: &Figures) -> PreviousFigure {
    let number = figures.number(&figure.key);
    let text = figures.get(&figure.key).map_or_else(|| in_unit_of(figure, 0), Figure::in_words);
    let now = figure.value.number();
    let change = (number != 0).then(|| (now - number).saturating_mul(10_000) / number);
    PreviousFigure { period, text, number, change }
}

/// A number printed as the figure is.
fn in_unit_of(figure: &Figure, number: i64) -> String {
    let value = match figure.value {
        FigureValue::Count(_) => FigureValue::Count(number),
        FigureValue::Money(_) => FigureValue::Money(crate::value::Fen(number)),
        FigureValue::Percent(_) => FigureValue::Percent(number),
        FigureValue::Hundredths(_) => FigureValue::Hundredths(number),
    };
    Figure { value, approximate: false, records: Vec::new(), ..figure.clone() }.in_words()
}

/// The months that have begun by the last day that counts.
fn months_of(scope: &Scope) -> Vec<(NaiveDate, NaiveDate)> {
    let until = scope.until();
    let starts = (0..6).filter_map(|n| scope.period.first_day().checked_add_months(Months::new(n)));
    let begun = starts.take_while(|first| *first <= until);
    begun
        .map(|first| {
            let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
            (first, next.pred_opt().unwrap_or(first).min(until))
        })
        .collect()
}
