//! 队伍: members of the team and their days in the village.

use super::gathered::refs;
use super::{Figures, Gathered};

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    figures.records("team.members", "工作队人数", "名", "报告期内在任的第一书记和工作队员人数。", refs(&gathered.members));
    for role in gathered.items("member_role") {
        let serving = gathered.members.iter().filter(|member| member.draft.role == role.code);
        let definition = format!("报告期内在任、职务为“{}”的人数。", role.label);
        figures.records(format!("team.role.{}", role.code), format!("{}人数", role.label), "名", definition, refs(serving));
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
