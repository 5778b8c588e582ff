//! 后盾单位 (帮扶单位): who stands behind the team.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Referrer, Store, columns, envelope};
use crate::value::mask_phone;

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE support_unit (",
    envelope!(),
    "
    name TEXT NOT NULL CHECK (length(name) > 0),
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
"
);

/// 后盾单位.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SupportUnit {
    /// 名称.
    pub name: String,
    /// 联系人.
    pub contact: String,
    /// 联系电话.
    pub phone: String,
    /// 备注.
    pub note: String,
}

columns! { SupportUnit { name, contact, phone, note } }

impl Record for SupportUnit {
    const KIND: Kind = Kind::SupportUnit;

    const LIST: ListSpec = ListSpec {
        from: "support_unit r",
        title: "r.name",
        note: "r.contact",
        day: "NULL",
        columns: &[
            ListColumn::text("name", "r.name"),
            ListColumn::text("contact", "r.contact"),
            ListColumn::number_of_somebody("phone", "r.phone", mask_phone),
            ListColumn::text("note", "r.note"),
        ],
        search: &["r.name", "r.contact"],
        filters: &[],
        presets: &[],
        order: "r.name",
    };

    const REFERRERS: &'static [Referrer] = &[
        Referrer {
            kind: Kind::TeamMember,
            count: "SELECT count(*) FROM team_member WHERE support_unit_id = ?1 AND deleted_at IS NULL",
        },
        Referrer { kind: Kind::Project, count: "SELECT count(*) FROM project WHERE support_unit_id = ?1 AND deleted_at IS NULL" },
    ];

    fn blank(_store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        Ok(SupportUnit::default())
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.name("name", "名称", &self.name);
        searched.name("contact", "联系人", &self.contact);
        searched.text("note", "备注", &self.note);
        searched.number("phone", "联系电话", &self.phone, mask_phone);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "单位名称", &self.name, 60);
        check.phone("phone", &self.phone);
        Ok(())
    }
}
