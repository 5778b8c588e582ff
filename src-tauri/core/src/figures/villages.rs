//! 村情: base figures of the villages, as they stood last before the cut-off day.

use super::gathered::refs;
use super::{FigureValue, Figures, Gathered};
use crate::records::Kind;
use crate::records::village::VillageYear;
use crate::records::{RecordRef, village::Village};
use crate::storage::Stored;

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    figures.records("village.count", "村数", "个", "台账中列入本报告的行政村个数。", refs(&gathered.villages));
    let hamlets: usize = gathered.villages.iter().map(|village| village.draft.hamlets.len()).sum();
    figures.number_of(
        "village.hamlets",
        "自然屯（组）数",
        i64::try_from(hamlets).unwrap_or(0),
        "个",
        "各村登记的自然屯（村民小组）个数合计。",
        refs(&gathered.villages),
    );
    counts(gathered, figures);
    money(gathered, figures);
}

fn counts(gathered: &Gathered, figures: &mut Figures) {
    type Base = fn(&VillageYear) -> Option<i64>;
    let bases: [(&str, &str, &str, Base); 4] = [
        ("village.households", "总户数", "户", |year| year.households),
        ("village.population", "户籍人口", "人", |year| year.population),
        ("village.resident_population", "常住人口", "人", |year| year.resident_population),
        ("village.party_members", "党员数", "名", |year| year.party_members),
    ];
    for (key, label, unit, base) in bases {
        let (sum, records) = sum_of(gathered, base);
        let definition = format!("各村基础数据中截止日之前最近一期的{label}，合计。");
        figures.number_of(key, label, sum, unit, definition, records);
    }
    let areas: [(&str, &str, Base); 2] =
        [("village.farmland", "耕地面积", |year| year.farmland), ("village.forest", "林地面积", |year| year.forest)];
    for (key, label, base) in areas {
        let (sum, records) = sum_of(gathered, base);
        let definition = format!("各村基础数据中截止日之前最近一期的{label}，合计。");
        figures.add(key, label, FigureValue::Hundredths(sum), "亩", definition, records);
    }
}

fn money(gathered: &Gathered, figures: &mut Figures) {
    let (income, records) = sum_of(gathered, |year| year.collective_income.map(|fen| fen.0));
    let definition = "各村最近一个填有该项的年度的村集体经济收入，合计。";
    figures.money("village.collective_income", "村集体经济收入", crate::value::Fen(income), definition, records);
    // An average of averages would be wrong, so only one village's own figure is told.
    if let [village] = gathered.villages.as_slice()
        && let Some(income) = latest(gathered, village, |year| year.per_capita_income.map(|fen| fen.0))
    {
        let definition = "村基础数据中最近一个填有该项的年度的农民人均纯收入。";
        figures.money("village.per_capita_income", "农民人均纯收入", crate::value::Fen(income), definition, refs([village]));
    }
}

fn sum_of(gathered: &Gathered, base: fn(&VillageYear) -> Option<i64>) -> (i64, Vec<RecordRef>) {
    let mut sum = 0;
    let mut records = Vec::new();
    for village in &gathered.villages {
        if let Some(value) = latest(gathered, village, base) {
            sum += value;
            records.push(RecordRef { kind: Kind::Village, id: village.id });
        }
    }
    (sum, records)
}

/// The latest year's value by the cut-off day that is filled in.
fn latest(gathered: &Gathered, village: &Stored<Village>, base: impl Fn(&VillageYear) -> Option<i64>) -> Option<i64> {
    let until = gathered.scope.until();
    let filled = village.draft.years.iter().filter(|year| year.as_of <= until && base(year).is_some());
    filled.max_by_key(|year| year.as_of).and_then(base)
}
