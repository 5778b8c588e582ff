//! 自己的表: what the township's own form can ask for — every figure by its Chinese name or its key, facts of the team and the
//! period, and lists whose rows a table repeats. Masked as the form's profile wants it; printing is in [`content`].

mod content;
mod facts;
mod lists;
mod names;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use content::{FormContent, FormFormat, FormKind, IdFormat, MoneyUnit};
pub use names::Named;

use super::scope_of;
use crate::error::Result;
use crate::figures::{Figure, FigureValue, Figures, Gathered};
use crate::records::report::Report;
use crate::storage::Store;
use names::Names;

/// A value that stands for itself: a figure or a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormValue {
    /// Stable name, such as `visits.household_times`.
    pub key: String,
    /// Chinese name, unique among all.
    pub label: String,
    /// Other names that people write.
    pub aliases: Vec<String>,
    /// The value.
    pub content: FormContent,
    /// Measure word; empty where the value brings its own.
    pub unit: String,
    /// What is counted and how; empty for a fact.
    pub definition: String,
    /// How many records are behind it.
    pub records: usize,
    /// Whether it is a figure, so that its records can be shown.
    pub is_figure: bool,
}

/// A list that a table's rows are repeated for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormList {
    /// Stable name, such as `visits`.
    pub key: String,
    /// Chinese name, such as 走访台账.
    pub title: String,
    /// Other names that people write.
    pub aliases: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<FormContent>>,
}

/// Everything that a form can ask for, found by name.
#[derive(Debug)]
pub struct FormValues {
    /// Figures and facts.
    pub values: Vec<FormValue>,
    /// Lists.
    pub lists: Vec<FormList>,
    names: Names,
}

/// A placeholder as the overview shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Placeholder {
    /// What to write between the braces.
    pub name: String,
    /// Its stable name, which works as well.
    pub key: String,
    /// What kind of thing it is.
    pub kind: PlaceholderKind,
    /// Today's value as a form gets it; for a list, how many rows.
    pub text: String,
    /// Today's value with its unit.
    pub with_unit: String,
    /// What is counted and how.
    pub definition: String,
    /// How many records are behind it.
    pub records: usize,
    /// Columns of a list, as they are written: `走访台账.户主`.
    pub columns: Vec<String>,
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlaceholderKind {
    /// 数字.
    Figure,
    /// 基本信息.
    Fact,
    /// 清单.
    List,
}

impl FormValues {
    /// Everything of a report's period and villages, masked as the report says. `today` is the day on which the form is filled.
    pub fn load(store: Store<'_>, report: &Report, today: NaiveDate) -> Result<Self> {
        let gathered = Gathered::load(store, scope_of(report)?)?;
        let figures = Figures::count(&gathered);
        Ok(Self::of(&gathered, &figures, report, today))
    }

    /// The same of what was gathered already.
    pub fn of(gathered: &Gathered, figures: &Figures, report: &Report, today: NaiveDate) -> Self {
        let mut values = facts::all(gathered, report, today);
        values.extend(figures.all().iter().map(value_of));
        Self::with(values, lists::all(gathered, figures, report.masking.into()))
    }

    /// Given values and lists; names that are taken get a number.
    pub fn with(mut values: Vec<FormValue>, lists: Vec<FormList>) -> Self {
        names::make_unique(&mut values, &lists);
        let names = Names::of(&values, &lists);
        FormValues { values, lists, names }
    }

    /// What a name stands for. Within the rows of a list its columns are found by their own names.
    pub fn find(&self, name: &str, within: &[usize]) -> Option<Named> {
        self.names.find(name, within)
    }

    /// The known names nearest to one that is not known.
    pub fn nearest(&self, name: &str) -> Vec<String> {
        self.names.nearest(name)
    }

    /// Every placeholder with today's value.
    pub fn placeholders(&self) -> Vec<Placeholder> {
        let values = self.values.iter().map(|value| Placeholder {
            name: value.label.clone(),
            key: value.key.clone(),
            kind: if value.is_figure { PlaceholderKind::Figure } else { PlaceholderKind::Fact },
            text: value.content.print(&value.unit, FormFormat::default()),
            with_unit: value.content.print(&value.unit, FormFormat { with_unit: true, ..FormFormat::default() }),
            definition: value.definition.clone(),
            records: value.records,
            columns: Vec::new(),
        });
        let lists = self.lists.iter().map(|list| Placeholder {
            name: list.title.clone(),
            key: list.key.clone(),
            kind: PlaceholderKind::List,
            text: format!("{}行", list.rows.len()),
            with_unit: format!("{}行", list.rows.len()),
            definition: "表格里写了清单占位符的一行，会按清单逐行重复。".to_owned(),
            records: list.rows.len(),
            columns: list.columns.iter().map(|column| format!("{}.{column}", list.title)).collect(),
        });
        values.chain(lists).collect()
    }
}

fn value_of(figure: &Figure) -> FormValue {
    let approximate = figure.approximate;
    let content = match figure.value {
        FigureValue::Count(count) => FormContent::Count { count, approximate },
        FigureValue::Hundredths(hundredths) => FormContent::Hundredths { hundredths, approximate },
        FigureValue::Money(fen) => FormContent::Money(fen),
        FigureValue::Percent(basis_points) => FormContent::Percent(basis_points),
    };
    FormValue {
        key: figure.key.clone(),
        label: figure.label.clone(),
        aliases: Vec::new(),
        content,
        unit: figure.unit.clone(),
        definition: figure.definition.clone(),
        records: figure.records.len(),
        is_figure: true,
    }
}
