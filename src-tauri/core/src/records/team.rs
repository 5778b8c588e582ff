//! 工作队: the team whose ledger this is; one record per ledger.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Check, Kind, Record};
use crate::error::Result;
use crate::storage::{ListColumn, ListSpec, Store, columns, envelope};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE team (",
    envelope!(),
    "
    name TEXT NOT NULL CHECK (length(name) > 0),
    province TEXT NOT NULL,
    city TEXT NOT NULL,
    county TEXT NOT NULL,
    township TEXT NOT NULL CHECK (length(township) > 0),
    addressee TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
"
);

/// 工作队.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Team {
    /// 名称, as it signs reports: 云岭乡石门村驻村工作队.
    pub name: String,
    /// 省.
    pub province: String,
    /// 市.
    pub city: String,
    /// 县.
    pub county: String,
    /// 乡镇.
    pub township: String,
    /// 主送机关 of reports, without colon: 云岭乡党委、政府.
    pub addressee: String,
    /// 备注.
    pub note: String,
}

columns! { Team { name, province, city, county, township, addressee, note } }

impl Record for Team {
    const KIND: Kind = Kind::Team;

    const LIST: ListSpec = ListSpec {
        from: "team r",
        title: "r.name",
        note: "r.township",
        day: "NULL",
        columns: &[
            ListColumn::text("name", "r.name"),
            ListColumn::text("township", "r.township"),
            ListColumn::text("county", "r.county"),
            ListColumn::text("addressee", "r.addressee"),
        ],
        search: &["r.name"],
        filters: &[],
        presets: &[],
        order: "r.created_at",
    };

    fn blank(_store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        Ok(Team::default())
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "工作队名称", &self.name, 60);
        check.required("township", "乡镇", &self.township, 30);
        check.longest("addressee", "主送机关", &self.addressee, 60);
        Ok(())
    }
}
