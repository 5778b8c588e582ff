//! 考勤: days in the village per member and month (在岗、请假、出差).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::team_member::TeamMember;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::storage::{ListColumn, ListSpec, Store, columns, envelope, value_of};
use crate::value::Id;

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE attendance (",
    envelope!(),
    "
    team_member_id TEXT NOT NULL REFERENCES team_member (id),
    month TEXT NOT NULL CHECK (month GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
    on_duty INTEGER NOT NULL CHECK (on_duty BETWEEN 0 AND 31),
    leave INTEGER NOT NULL CHECK (leave BETWEEN 0 AND 31),
    trip INTEGER NOT NULL CHECK (trip BETWEEN 0 AND 31),
    note TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX attendance_month ON attendance (team_member_id, month) WHERE deleted_at IS NULL;
"
);

/// 一名队员一个月的考勤, in days.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Attendance {
    /// 队员.
    pub team_member_id: Id,
    /// Month, as `2026-03`.
    pub month: String,
    /// 在岗天数.
    #[ts(type = "number")]
    pub on_duty: i64,
    /// 请假天数.
    #[ts(type = "number")]
    pub leave: i64,
    /// 出差天数.
    #[ts(type = "number")]
    pub trip: i64,
    /// 备注.
    pub note: String,
}

columns! { Attendance { team_member_id, month, on_duty, leave, trip, note } }

impl Attendance {
    /// First day of the month, if the month is one.
    pub fn first_day(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&format!("{}-01", self.month), "%Y-%m-%d").ok()
    }
}

impl Record for Attendance {
    const KIND: Kind = Kind::Attendance;

    const LIST: ListSpec = ListSpec {
        from: "attendance r JOIN team_member t ON t.id = r.team_member_id",
        title: "t.name || ' ' || r.month || ' 在岗' || r.on_duty || '天'",
        note: "r.note",
        day: "r.month || '-01'",
        columns: &[
            ListColumn::choice("month", "r.month"),
            ListColumn::text("member", "t.name"),
            ListColumn::number("on_duty", "r.on_duty"),
            ListColumn::number("leave", "r.leave"),
            ListColumn::number("trip", "r.trip"),
            ListColumn::text("note", "r.note"),
        ],
        search: &["t.name", "r.note"],
        filters: &[
            ("member", "r.team_member_id = {}"),
            ("month", "r.month = {}"),
            ("from", "r.month >= substr({}, 1, 7)"),
            ("to", "r.month <= substr({}, 1, 7)"),
        ],
        presets: &[],
        order: "r.month DESC, t.name",
    };

    const BATCH: &'static [BatchField] =
        &[BatchField::set("on_duty"), BatchField::set("leave"), BatchField::set("trip"), BatchField::set("note")];

    fn blank(_store: Store<'_>, today: NaiveDate) -> Result<Self> {
        Ok(Attendance { month: today.format("%Y-%m").to_string(), ..Attendance::default() })
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.reference::<TeamMember>("team_member_id", self.team_member_id)?;
        for (field, label, days) in
            [("on_duty", "在岗天数", self.on_duty), ("leave", "请假天数", self.leave), ("trip", "出差天数", self.trip)]
        {
            check.count(field, label, Some(days), 31);
        }
        match self.first_day() {
            None => check.hard("impossible_date", "month", "月份应写作 2026-03 的样子"),
            Some(first) => {
                let days = i64::from(first.num_days_in_month());
                if self.on_duty + self.leave + self.trip > days {
                    check.hard("out_of_range", "on_duty", format!("三项天数合计超过当月{days}天，请核对"));
                }
            }
        }
        let same = "SELECT count(*) FROM attendance WHERE team_member_id = ?1 AND month = ?2 AND id <> ?3 AND deleted_at IS NULL";
        if check.store.count(same, &[value_of(&self.team_member_id), value_of(&self.month), value_of(&check.id)])? > 0 {
            check.hard("duplicate_month", "month", "这名队员当月的考勤已登记，请直接修改那一条");
        }
        Ok(())
    }
}
