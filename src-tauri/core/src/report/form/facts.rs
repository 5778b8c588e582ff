//! Facts that forms ask for besides figures: who, where, which period, which day.

use chrono::NaiveDate;

use super::{FormContent, FormValue};
use crate::figures::Gathered;
use crate::records::report::Report;

pub(super) fn all(gathered: &Gathered, report: &Report, today: NaiveDate) -> Vec<FormValue> {
    let team = &gathered.team;
    let period = gathered.scope.period;
    let or = |own: &str, usual: &str| if own.is_empty() { usual.to_owned() } else { own.to_owned() };
    let serving = |role: &str| {
        let names = gathered.members.iter().filter(|member| role.is_empty() || member.draft.role == role);
        names.map(|member| member.draft.name.as_str()).collect::<Vec<_>>().join("、")
    };
    let villages: Vec<&str> = gathered.villages.iter().map(|village| village.draft.name.as_str()).collect();
    let units: Vec<&str> = gathered.units.iter().map(|unit| unit.draft.name.as_str()).collect();
    let addressee = or(&report.addressee, &team.addressee);
    let texts: [(&str, &str, &[&str], String); 15] = [
        ("team.name", "工作队名称", &["队名", "工作队", "驻村工作队", "填报单位"], team.name.clone()),
        ("team.province", "省", &["省份"], team.province.clone()),
        ("team.city", "市", &[], team.city.clone()),
        ("team.county", "县", &["县区", "区县"], team.county.clone()),
        ("team.township", "乡镇", &["乡", "镇"], team.township.clone()),
        ("village.names", "村名", &["村", "行政村"], villages.join("、")),
        ("period.words", "期间", &["报告期", "报告期间"], period.in_words()),
        ("period.year", "年度", &["年份", "年"], period.year().to_string()),
        ("period.half", "半年", &["上下半年"], period.half_in_words().to_owned()),
        ("team.first_secretary", "第一书记", &["第一书记姓名"], serving("first_secretary")),
        ("team.leader", "队长", &["工作队长"], serving("leader")),
        ("team.member_names", "队员名单", &["队员", "全体队员"], serving("")),
        ("team.support_units", "后盾单位", &["帮扶单位", "派出单位"], units.join("、")),
        ("report.signer", "署名", &["落款"], or(&report.signer, &team.name)),
        ("report.addressee", "主送机关", &["主送"], addressee.trim_end_matches(['：', ':']).to_owned()),
    ];
    let days: [(&str, &str, &[&str], NaiveDate); 4] = [
        ("period.from", "开始日期", &["期初"], gathered.scope.from()),
        ("period.until", "截至日期", &["截止日期", "数据截至日期", "数据截止日期", "期末"], gathered.scope.until()),
        ("report.signed_on", "成文日期", &[], report.signed_on.unwrap_or(gathered.scope.until())),
        ("today", "今天", &["填表日期", "填报日期", "今日", "日期"], today),
    ];
    let texts = texts.into_iter().map(|(key, label, aliases, text)| fact(key, label, aliases, FormContent::text(text)));
    let days = days.into_iter().map(|(key, label, aliases, day)| fact(key, label, aliases, FormContent::Day(day)));
    texts.chain(days).collect()
}

fn fact(key: &str, label: &str, aliases: &[&str], content: FormContent) -> FormValue {
    FormValue {
        key: key.to_owned(),
        label: label.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        content,
        unit: String::new(),
        definition: String::new(),
        records: 0,
        is_figure: false,
    }
}
