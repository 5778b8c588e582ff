//! Figures: named values over a period, each with its definition and the records it was counted from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::records::RecordRef;
use crate::value::Fen;

/// 一个数字.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Figure {
    /// Stable name, such as `visits.households.in_person`.
    pub key: String,
    /// Chinese name, such as 面对面走访户数.
    pub label: String,
    /// The value.
    pub value: FigureValue,
    /// Measure word or unit, printed right after the number; empty for money and per cent, which bring their own.
    pub unit: String,
    /// What is counted and how, in one Chinese sentence.
    pub definition: String,
    /// 约数: printed with 余.
    pub approximate: bool,
    /// The records behind it.
    pub records: Vec<RecordRef>,
}

/// A figure's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum FigureValue {
    /// A count.
    Count(i64),
    /// 金额.
    Money(Fen),
    /// Per cent in basis points.
    Percent(i64),
    /// Hundredths of the unit, such as 亩.
    Hundredths(i64),
}
