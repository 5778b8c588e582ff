//! 项目: how many, their money from budget to payment, by source; and each project's own figures.

use chrono::NaiveDate;

use super::gathered::{one, refs};
use super::{FigureValue, Figures, Gathered, Scope};
use crate::records::Kind;
use crate::records::project::{Project, SIGNED};
use crate::storage::Stored;
use crate::value::Fen;

/// A project counts in a period if it is carried out in that year, or anything of it happened in the period.
pub(crate) fn in_period(scope: &Scope, project: &Project) -> bool {
    let year = Some(i64::from(scope.period.year()));
    project.impl_year == year
        || project.milestones.iter().any(|m| scope.holds_some(m.actual))
        || project.progress.iter().any(|p| scope.holds(p.day))
        || project.payments.iter().any(|p| scope.holds(p.day))
        || project.sub_works.iter().any(|w| scope.holds_some(w.completed_on))
}

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    let scope = &gathered.scope;
    let until = scope.until();
    let ours: Vec<_> = gathered.projects.iter().filter(|project| in_period(scope, &project.draft)).collect();
    let rule = "本年度实施或报告期内有进展的项目";
    figures.records("projects.count", "项目个数", "个", format!("{rule}个数。"), refs(ours.iter().copied()));
    let done = ours.iter().copied().filter(|project| project.draft.completed_by(until));
    figures.records("projects.completed", "完工项目个数", "个", format!("{rule}中截止日前已完工的个数。"), refs(done));
    let running = ours.iter().copied().filter(|project| !project.draft.completed_by(until));
    figures.records("projects.running", "在建和前期项目个数", "个", format!("{rule}中截止日尚未完工的个数。"), refs(running));
    let late = ours.iter().copied().filter(|project| !overdue(&project.draft, until).is_empty());
    let definition = format!("{rule}中，截止日有节点超过计划日期仍未完成的个数。");
    figures.records("projects.overdue", "有节点超期的项目个数", "个", definition, refs(late));
    let blocked = ours.iter().copied().filter(|project| project.draft.blockers.iter().any(|blocker| blocker.is_open_on(until)));
    let definition = format!("{rule}中，截止日有问题尚未解决的个数。");
    figures.records("projects.blocked", "有问题未解决的项目个数", "个", definition, refs(blocked));
    type Money = fn(&Project) -> Option<Fen>;
    let sums: [(&str, &str, Money); 3] = [
        ("budget", "总投资", |project| project.budget),
        ("arrived", "到位资金", |project| project.arrived),
        ("appropriated", "拨付资金", |project| project.appropriated),
    ];
    for (key, label, money) in sums {
        let sum = ours.iter().filter_map(|project| money(&project.draft)).sum();
        let with = ours.iter().copied().filter(|project| money(&project.draft).is_some());
        figures.money(format!("projects.{key}"), format!("项目{label}"), sum, format!("{rule}的{label}合计。"), refs(with));
    }
    let paid = ours.iter().map(|project| project.draft.paid_by(until)).sum();
    let definition = format!("{rule}截止日前的支付资金合计，有支付明细的按明细计。");
    figures.money("projects.paid", "项目支付资金", paid, definition, refs(ours.iter().copied()));
    by_source(gathered, figures, &ours);
    for project in ours {
        figures_of(gathered, figures, project);
    }
}

/// Milestones that were to be reached before a day and were not.
pub(crate) fn overdue(project: &Project, until: NaiveDate) -> Vec<&str> {
    let late =
        project.milestones.iter().filter(|m| m.planned.is_some_and(|day| day < until) && m.actual.is_none_or(|day| day > until));
    late.map(|milestone| milestone.code.as_str()).collect()
}

fn by_source(gathered: &Gathered, figures: &mut Figures, ours: &[&Stored<Project>]) {
    for source in gathered.items("fund_source") {
        let with: Vec<_> = ours.iter().copied().filter(|project| project.draft.fund(&source.code) > Fen::ZERO).collect();
        if with.is_empty() {
            continue;
        }
        let sum = with.iter().map(|project| project.draft.fund(&source.code)).sum();
        let definition = format!("本年度实施或报告期内有进展的项目中，来源为“{}”的资金合计。", source.label);
        figures.money(format!("projects.fund.{}", source.code), source.label.clone(), sum, definition, refs(with));
    }
}

/// The figures of one project, under its id.
fn figures_of(gathered: &Gathered, figures: &mut Figures, stored: &Stored<Project>) {
    let project = &stored.draft;
    let until = gathered.scope.until();
    let key = |name: &str| format!("project.{}.{name}", stored.id);
    let record = || one(Kind::Project, stored.id);
    let label = |what: &str| format!("{}{what}", project.name);
    for (name, what, fen) in [
        ("budget", "总投资", project.budget),
        ("arrived", "到位资金", project.arrived),
        ("appropriated", "拨付资金", project.appropriated),
        ("contract", "合同金额", project.contract_amount),
    ] {
        figures.money(key(name), label(what), fen.unwrap_or_default(), format!("项目登记的{what}。"), record());
    }
    figures.money(key("paid"), label("支付资金"), project.paid_by(until), "截止日前的支付资金，有支付明细的按明细计。", record());
    if let Some(progress) = project.progress_by(until) {
        let definition = "截止日前最近一次登记的完成率，已完工的为100%。";
        figures.add(key("progress"), label("完成率"), FigureValue::Percent(progress), "", definition, record());
    }
    let works = i64::try_from(project.sub_works.len()).unwrap_or(0);
    figures.number_of(key("sub_works"), label("子项个数"), works, "个", "项目登记的子项个数。", record());
    for (at, work) in project.sub_works.iter().enumerate() {
        let name = format!("sub_work.{at}");
        figures.money(key(&name), work.name.clone(), work.amount.unwrap_or_default(), "项目子项登记的金额。", record());
    }
    for (name, what, unit, count) in [
        ("households", "受益户数", "户", project.beneficiary_households),
        ("persons", "受益人数", "人", project.beneficiary_persons),
    ] {
        figures.number_of(key(name), label(what), count.unwrap_or(0), unit, format!("项目登记的{what}。"), record());
    }
    if project.reached_by(SIGNED, until).is_some() {
        let amount = project.contract_amount.or(project.budget).unwrap_or_default();
        figures.money(key("signed"), label("签约金额"), amount, "已签约项目的合同金额，没有合同金额的按总投资。", record());
    }
}
