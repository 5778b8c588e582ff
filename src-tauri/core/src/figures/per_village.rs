//! 分村: every figure counted over each village by itself. What belongs to the team and to no village has no part here, and a visit to
//! families of two villages counts in both, so parts need not add up to the whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Figure, Figures, Gathered};
use crate::records::RecordRef;
use crate::value::Id;

/// A figure of one village.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VillageFigure {
    /// The village.
    pub village: Id,
    /// Its name.
    pub name: String,
    /// As printed.
    pub text: String,
    /// The bare number.
    #[ts(type = "number")]
    pub number: i64,
    /// The records behind it.
    pub records: Vec<RecordRef>,
}

/// The figures of each village of a scope, in their order.
#[derive(Debug, Default)]
pub struct PerVillage(Vec<(Id, String, Figures)>);

/// What the team as a whole does is no village's; and what is told of one village already is not told of it again.
fn can_be_parted(key: &str) -> bool {
    let (family, rest) = key.split_once('.').unwrap_or((key, ""));
    let of_one = rest.starts_with("other.") || rest == "count" || rest.get(..36).is_some_and(|id| Id::parse(id).is_some());
    match family {
        "team" | "attendance" | "member" => false,
        "village" => !of_one,
        _ => true,
    }
}

impl PerVillage {
    /// Counts each village by itself; nothing where there is only one.
    pub fn count(gathered: &Gathered) -> Self {
        if gathered.villages.len() < 2 {
            return PerVillage::default();
        }
        let of_village = |village: &crate::storage::Stored<crate::records::village::Village>| {
            (village.id, village.draft.name.clone(), Figures::count(&gathered.of_village(village.id)))
        };
        PerVillage(gathered.villages.iter().map(of_village).collect())
    }

    /// One figure in each village that has it.
    pub fn of(&self, figure: &Figure) -> impl Iterator<Item = (Id, &str, &Figure)> {
        let all = if can_be_parted(&figure.key) { self.0.as_slice() } else { &[] };
        let key = figure.key.clone();
        all.iter().filter_map(move |(id, name, figures)| Some((*id, name.as_str(), figures.get(&key)?)))
    }

    /// The same for the window.
    pub fn view_of(&self, figure: &Figure) -> Vec<VillageFigure> {
        let view = |(village, name, figure): (Id, &str, &Figure)| VillageFigure {
            village,
            name: name.to_owned(),
            text: figure.in_words(),
            number: figure.value.number(),
            records: figure.records.clone(),
        };
        self.of(figure).map(view).collect()
    }
}
