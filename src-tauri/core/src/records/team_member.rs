//! 队员: the people of the team, with groups, duties and terms of office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::support_unit::SupportUnit;
use super::village::Village;
use super::{Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Referrer, Store, columns, envelope};
use crate::value::{Id, mask_phone};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE team_member (",
    envelope!(),
    "
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    role TEXT NOT NULL,
    village_id TEXT REFERENCES village (id) DEFERRABLE INITIALLY DEFERRED,
    support_unit_id TEXT REFERENCES support_unit (id),
    group_name TEXT NOT NULL,
    duty TEXT NOT NULL,
    phone TEXT NOT NULL,
    politics TEXT NOT NULL,
    from_day TEXT,
    to_day TEXT,
    CHECK (to_day IS NULL OR from_day IS NULL OR to_day >= from_day)
) STRICT;
"
);

/// 队员.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TeamMember {
    /// 姓名.
    pub name: String,
    /// 职务, dictionary `member_role`.
    pub role: String,
    /// 所驻村.
    pub village_id: Option<Id>,
    /// 派出（后盾）单位.
    pub support_unit_id: Option<Id>,
    /// 工作小组.
    pub group_name: String,
    /// 分工.
    pub duty: String,
    /// 联系电话.
    pub phone: String,
    /// 政治面貌, dictionary `politics`.
    pub politics: String,
    /// 任期开始.
    pub from_day: Option<NaiveDate>,
    /// 任期结束.
    pub to_day: Option<NaiveDate>,
}

columns! { TeamMember { name, role, village_id, support_unit_id, group_name, duty, phone, politics, from_day, to_day } }

impl TeamMember {
    /// Whether the term of office has a day in a span.
    pub fn serves_within(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.from_day.is_none_or(|from| from <= last) && self.to_day.is_none_or(|to| to >= first)
    }

    /// Whether the term of office covers a day.
    pub fn serves_on(&self, day: NaiveDate) -> bool {
        self.from_day.is_none_or(|from| from <= day) && self.to_day.is_none_or(|to| day <= to)
    }
}

impl Record for TeamMember {
    const KIND: Kind = Kind::TeamMember;

    const LIST: ListSpec = ListSpec {
        from: "team_member r LEFT JOIN village v ON v.id = r.village_id LEFT JOIN support_unit u ON u.id = r.support_unit_id",
        title: "r.name",
        note: "coalesce((SELECT d.label FROM dictionary_item d WHERE d.dictionary = 'member_role' AND d.code = r.role), '')",
        day: "NULL",
        columns: &[
            ListColumn::text("name", "r.name"),
            ListColumn::choice("role", "r.role"),
            ListColumn::text("village", "v.name"),
            ListColumn::text("support_unit", "u.name"),
            ListColumn::text("group_name", "r.group_name"),
            ListColumn::text("duty", "r.duty"),
            ListColumn::number_of_somebody("phone", "r.phone", mask_phone),
            ListColumn::day("from_day", "r.from_day"),
            ListColumn::day("to_day", "r.to_day"),
        ],
        search: &["r.name", "r.duty", "r.group_name"],
        filters: &[("village", "r.village_id = {}"), ("role", "r.role = {}")],
        presets: &[],
        order: "r.created_at",
    };

    const REFERRERS: &'static [Referrer] = &[
        Referrer {
            kind: Kind::Visit,
            count: "SELECT count(*) FROM visit_visitor x JOIN visit s ON s.id = x.visit_id WHERE x.team_member_id = ?1 AND s.deleted_at IS NULL",
        },
        Referrer {
            kind: Kind::Attendance,
            count: "SELECT count(*) FROM attendance WHERE team_member_id = ?1 AND deleted_at IS NULL",
        },
        Referrer { kind: Kind::Household, count: "SELECT count(*) FROM household WHERE helper_id = ?1 AND deleted_at IS NULL" },
        Referrer {
            kind: Kind::Activity,
            count: "SELECT count(*) FROM activity_participant x JOIN activity a ON a.id = x.activity_id WHERE x.team_member_id = ?1 AND a.deleted_at IS NULL",
        },
        Referrer { kind: Kind::Issue, count: "SELECT count(*) FROM issue WHERE owner_id = ?1 AND deleted_at IS NULL" },
    ];

    fn blank(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let village_id = store.all::<Village>()?.first().map(|village| village.id);
        Ok(TeamMember { role: "member".to_owned(), village_id, from_day: Some(today), ..TeamMember::default() })
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.name("name", "姓名", &self.name);
        searched.text("duty", "分工", &self.duty);
        searched.text("group_name", "工作小组", &self.group_name);
        searched.number("phone", "联系电话", &self.phone, mask_phone);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "姓名", &self.name, 50);
        if self.role.is_empty() {
            check.hard("required", "role", "请选择职务");
        }
        check.category("role", "职务", "member_role", &self.role)?;
        check.category("politics", "政治面貌", "politics", &self.politics)?;
        check.reference_if::<Village>("village_id", self.village_id)?;
        check.reference_if::<SupportUnit>("support_unit_id", self.support_unit_id)?;
        check.phone("phone", &self.phone);
        check.in_order("to_day", ("任期开始", self.from_day), ("任期结束", self.to_day));
        Ok(())
    }
}
