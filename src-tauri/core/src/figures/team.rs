//! 队伍: members of the team and their days in the village.

use std::collections::BTreeMap;

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::records::team_member::TeamMember;
use crate::storage::Stored;

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    figures.records("team.members", "工作队人数", "名", "报告期内在任的第一书记和工作队员人数。", refs(&gathered.members));
    for role in gathered.items("member_role") {
        let serving = gathered.members.iter().filter(|member| member.draft.role == role.code);
        let definition = format!("报告期内在任、职务为“{}”的人数。", role.label);
        figures.records(format!("team.role.{}", role.code), format!("{}人数", role.label), "名", definition, refs(serving));
    }
    let groups = groups(gathered);
    let grouped = groups.iter().flat_map(|(_, members)| members.iter().copied());
    let count = i64::try_from(groups.len()).unwrap_or(0);
    figures.number_of("team.groups", "工作小组个数", count, "个", "报告期内在任队员所在的工作小组个数。", refs(grouped));
    if let Some(member) = &gathered.member {
        let helped = gathered.households.iter().filter(|household| household.draft.helper_id == Some(member.id));
        figures.records("member.households", "联系户数", "户", "帮扶联系人为该队员的农户数。", refs(helped));
    }
    let months = &gathered.attendance;
    for (key, label, days) in [
        ("attendance.on_duty", "在岗天数", months.iter().map(|month| month.draft.on_duty).sum::<i64>()),
        ("attendance.leave", "请假天数", months.iter().map(|month| month.draft.leave).sum()),
        ("attendance.trip", "出差天数", months.iter().map(|month| month.draft.trip).sum()),
    ] {
        figures.number_of(key, label, days, "天", format!("报告期各月考勤中全体队员的{label}合计。"), refs(months));
    }
}

/// The team's groups with their members, in the order of their first member.
pub(crate) fn groups(gathered: &Gathered) -> Vec<(&str, Vec<&Stored<TeamMember>>)> {
    let mut order: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: Vec<(&str, Vec<&Stored<TeamMember>>)> = Vec::new();
    for member in gathered.members.iter().filter(|member| !member.draft.group_name.is_empty()) {
        let at = *order.entry(&member.draft.group_name).or_insert_with(|| {
            groups.push((&member.draft.group_name, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, members)) = groups.get_mut(at) {
            members.push(member);
        }
    }
    groups
}
