//! The team's people: who, as what, in which group, for what.

use serde::Serialize;

use crate::figures::{Gathered, team_groups};
use crate::records::team_member::TeamMember;

#[derive(Serialize)]
pub(super) struct MemberFacts {
    pub name: String,
    pub role: String,
    pub group: String,
    pub duty: String,
    pub unit: String,
    pub village: String,
}

#[derive(Serialize)]
pub(super) struct GroupFacts {
    pub name: String,
    pub members: Vec<MemberFacts>,
}

pub(super) fn member(gathered: &Gathered, member: &TeamMember) -> MemberFacts {
    let unit = gathered.units.iter().find(|unit| Some(unit.id) == member.support_unit_id);
    let village = gathered.villages.iter().find(|village| Some(village.id) == member.village_id);
    MemberFacts {
        name: member.name.clone(),
        role: gathered.label("member_role", &member.role).to_owned(),
        group: member.group_name.clone(),
        duty: member.duty.clone(),
        unit: unit.map_or_else(String::new, |unit| unit.draft.name.clone()),
        village: village.map_or_else(String::new, |village| village.draft.name.clone()),
    }
}

pub(super) fn groups(gathered: &Gathered) -> Vec<GroupFacts> {
    let group = |(name, members): (&str, Vec<&crate::storage::Stored<TeamMember>>)| GroupFacts {
        name: name.to_owned(),
        members: members.into_iter().map(|stored| member(gathered, &stored.draft)).collect(),
    };
    team_groups(gathered).into_iter().map(group).collect()
}
