//! 户 and 人口 of the ledger, by type, on the last day that counts.

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::dictionary::role;
use crate::records::household::Household;
use crate::storage::Stored;

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    let all: Vec<_> = gathered.households.iter().collect();
    pair(gathered, figures, "households", "台账登记", "台账登记的全部农户", &all);
    let groups: [(&str, &str, &[&str]); 8] = [
        ("lifted", "脱贫户", &[role::LIFTED]),
        ("monitored", "监测对象", &role::MONITORED),
        ("unstable_lifted", "脱贫不稳定户", &[role::UNSTABLE_LIFTED]),
        ("marginal_at_risk", "边缘易致贫户", &[role::MARGINAL]),
        ("sudden_hardship", "突发严重困难户", &[role::SUDDEN]),
        ("dibao", "低保户", &["dibao"]),
        ("tekun", "特困供养户", &["tekun"]),
        ("relocated", "易地搬迁户", &["relocated"]),
    ];
    for (key, label, roles) in groups {
        let group: Vec<_> = all.iter().copied().filter(|household| gathered.has_role(&household.draft, roles)).collect();
        let definition = format!("截止日户类型为{label}的农户");
        pair(gathered, figures, &format!("households.{key}"), label, &definition, &group);
    }
    let scope = &gathered.scope;
    let identified = all.iter().copied().filter(|h| scope.holds_some(h.draft.identified_on));
    let definition = "识别时间在报告期内的监测对象户数。";
    figures.records("households.newly_identified", "新识别监测对象户数", "户", definition, refs(identified));
    let cleared = all.iter().copied().filter(|h| scope.holds_some(h.draft.risk_cleared_on));
    let definition = "风险消除时间在报告期内的监测对象户数。";
    figures.records("households.risk_cleared", "消除风险户数", "户", definition, refs(cleared));
    let uncleared = all.iter().copied().filter(|household| {
        gathered.has_role(&household.draft, &role::MONITORED)
            && household.draft.risk_cleared_on.is_none_or(|day| day > scope.until())
    });
    let definition = "截止日为监测对象且风险尚未消除的户数。";
    figures.records("households.at_risk", "风险未消除户数", "户", definition, refs(uncleared));
}

/// 户 and 人 of one group, never mixed: two figures.
fn pair(gathered: &Gathered, figures: &mut Figures, key: &str, label: &str, definition: &str, group: &[&Stored<Household>]) {
    let until = gathered.scope.until();
    let persons: usize = group.iter().map(|household| household.draft.persons_on(until)).sum();
    let records = refs(group.iter().copied());
    figures.records(format!("{key}.count"), format!("{label}户数"), "户", format!("{definition}，按户计。"), records.clone());
    figures.number_of(
        format!("{key}.persons"),
        format!("{label}人数"),
        i64::try_from(persons).unwrap_or(0),
        "人",
        format!("{definition}中截止日在户的成员人数，已去世、迁出、嫁出的不计。"),
        records,
    );
}
