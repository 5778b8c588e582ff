//! R9 What a project's record must answer for: its money and its progress.

use super::Subject;
use super::finding::{AuditFix, AuditPlace, AuditSeverity, Draft, Findings};
use crate::figures::project_in_period;
use crate::records::project::Project;
use crate::records::{Kind, RecordRef};
use crate::storage::Stored;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let scope = &subject.gathered.scope;
    for project in subject.gathered.projects.iter().filter(|project| project_in_period(scope, &project.draft)) {
        money(subject, project, findings);
        progress(subject, project, findings);
    }
}

fn of_project(project: &Stored<Project>, message: String, reason: &str) -> Draft {
    let record = RecordRef { kind: Kind::Project, id: project.id };
    Draft::new("R9", AuditSeverity::Warning, AuditPlace::Records)
        .quote(&project.draft.name)
        .says(message, reason)
        .records(&[record])
        .fix(Some(AuditFix::Open { record }))
}

/// R9: 支付 ≤ 拨付 ≤ 到位 ≤ 总投资, 合同 ≤ 总投资; what is not filled in is left out.
fn money(subject: &Subject<'_>, project: &Stored<Project>, findings: &mut Findings) {
    let stated = &project.draft;
    let paid = stated.paid_by(subject.gathered.scope.until());
    let paid = (!stated.payments.is_empty() || stated.paid.is_some()).then_some(paid);
    let chain = [("支付资金", paid), ("拨付资金", stated.appropriated), ("到位资金", stated.arrived), ("总投资", stated.budget)];
    let filled: Vec<_> = chain.into_iter().filter_map(|(name, fen)| fen.map(|fen| (name, fen))).collect();
    let contract = [("合同金额", stated.contract_amount), ("总投资", stated.budget)];
    let contract: Vec<_> = contract.into_iter().filter_map(|(name, fen)| fen.map(|fen| (name, fen))).collect();
    for pair in filled.windows(2).chain(contract.windows(2)) {
        let [(less, small), (more, large)] = pair else { continue };
        if small > large {
            let message = format!("{}：{less}{}，多于{more}{}", stated.name, small.in_words(), large.in_words());
            findings.add(of_project(project, message, "项目资金应为：支付不多于拨付，拨付不多于到位，到位不多于总投资"));
        }
    }
}

/// R9: 100% needs the day on which work was done.
fn progress(subject: &Subject<'_>, project: &Stored<Project>, findings: &mut Findings) {
    let until = subject.gathered.scope.until();
    let stated = project.draft.progress.iter().filter(|entry| entry.day <= until).max_by_key(|entry| entry.day);
    if stated.is_some_and(|entry| entry.progress >= 10_000) && !project.draft.completed_by(until) {
        let message = format!("{}：完成率已是100%，没有填写完工日期", project.draft.name);
        findings.add(of_project(project, message, "完成率100%的项目应有完工或竣工验收的日期"));
    }
}
