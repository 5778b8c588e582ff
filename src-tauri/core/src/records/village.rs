//! 村: hamlets, and base figures per year with the day they hold.

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::team::Team;
use super::{Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListColumn, ListSpec, Loaded, Referrer, Store, columns, envelope};
use crate::value::{Fen, fold_name};

/// Villages by name, for lists whose order begins with them.
pub(crate) const LIST_INDEX: &str = "CREATE UNIQUE INDEX village_listed ON village (name, id);";

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE village (",
    envelope!(),
    "
    province TEXT NOT NULL,
    city TEXT NOT NULL,
    county TEXT NOT NULL,
    township TEXT NOT NULL CHECK (length(township) > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    code TEXT NOT NULL,
    summary TEXT NOT NULL
) STRICT;
CREATE TABLE village_hamlet (
    village_id TEXT NOT NULL REFERENCES village (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    PRIMARY KEY (village_id, position),
    UNIQUE (village_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE village_year (
    village_id TEXT NOT NULL REFERENCES village (id),
    position INTEGER NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    as_of TEXT NOT NULL,
    households INTEGER CHECK (households >= 0),
    population INTEGER CHECK (population >= 0),
    resident_population INTEGER CHECK (resident_population >= 0),
    party_members INTEGER CHECK (party_members >= 0),
    farmland INTEGER CHECK (farmland >= 0),
    forest INTEGER CHECK (forest >= 0),
    collective_income INTEGER CHECK (collective_income >= 0),
    per_capita_income INTEGER CHECK (per_capita_income >= 0),
    PRIMARY KEY (village_id, position),
    UNIQUE (village_id, year)
) STRICT, WITHOUT ROWID;
"
);

/// 村.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Village {
    /// 省.
    pub province: String,
    /// 市.
    pub city: String,
    /// 县.
    pub county: String,
    /// 乡镇.
    pub township: String,
    /// 村名, with 村.
    pub name: String,
    /// 行政区划代码 (统计用区划代码), 12 digits.
    pub code: String,
    /// 村情简介, printed as it stands.
    pub summary: String,
    /// 屯、组.
    pub hamlets: Vec<Hamlet>,
    /// 基础数据 per year.
    pub years: Vec<VillageYear>,
}

/// 屯或村民小组.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct Hamlet {
    /// 名称.
    pub name: String,
}

/// A village's base figures of one year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VillageYear {
    /// The year.
    #[ts(type = "number")]
    pub year: i64,
    /// 数据截止日期.
    pub as_of: NaiveDate,
    /// 总户数.
    #[ts(type = "number | null")]
    pub households: Option<i64>,
    /// 户籍人口.
    #[ts(type = "number | null")]
    pub population: Option<i64>,
    /// 常住人口.
    #[ts(type = "number | null")]
    pub resident_population: Option<i64>,
    /// 党员.
    #[ts(type = "number | null")]
    pub party_members: Option<i64>,
    /// 耕地, in hundredths of a 亩.
    #[ts(type = "number | null")]
    pub farmland: Option<i64>,
    /// 林地, in hundredths of a 亩.
    #[ts(type = "number | null")]
    pub forest: Option<i64>,
    /// 村集体经济收入.
    pub collective_income: Option<Fen>,
    /// 人均纯收入.
    pub per_capita_income: Option<Fen>,
}

columns! { Hamlet in "village_hamlet" of "village_id" { name } }
columns! { VillageYear in "village_year" of "village_id" {
    year, as_of, households, population, resident_population, party_members, farmland, forest, collective_income, per_capita_income
} }
columns! { Village { province, city, county, township, name, code, summary } parts { hamlets, years } }

impl Village {
    /// The latest base figures that hold on or before a day.
    pub fn base_on(&self, day: NaiveDate) -> Option<&VillageYear> {
        self.years.iter().filter(|year| year.as_of <= day).max_by_key(|year| year.as_of)
    }
}

impl Record for Village {
    const KIND: Kind = Kind::Village;

    const LIST: ListSpec = ListSpec {
        from: "village r",
        title: "r.name",
        note: "r.township",
        day: "NULL",
        columns: &[
            ListColumn::text("name", "r.name"),
            ListColumn::text("township", "r.township"),
            ListColumn::text("county", "r.county"),
            ListColumn::several("hamlets", "(SELECT group_concat(h.name, '、') FROM village_hamlet h WHERE h.village_id = r.id)"),
            ListColumn::number(
                "households",
                "(SELECT y.households FROM village_year y WHERE y.village_id = r.id ORDER BY y.year DESC LIMIT 1)",
            ),
            ListColumn::number(
                "population",
                "(SELECT y.population FROM village_year y WHERE y.village_id = r.id ORDER BY y.year DESC LIMIT 1)",
            ),
            ListColumn::register_number("code", "r.code"),
        ],
        search: &["r.name", "r.township", "r.summary"],
        filters: &[],
        presets: &[],
        order: "r.created_at",
    };

    const REFERRERS: &'static [Referrer] = &[
        Referrer { kind: Kind::Household, count: "SELECT count(*) FROM household WHERE village_id = ?1 AND deleted_at IS NULL" },
        Referrer { kind: Kind::Project, count: "SELECT count(*) FROM project WHERE village_id = ?1 AND deleted_at IS NULL" },
        Referrer { kind: Kind::Activity, count: "SELECT count(*) FROM activity WHERE village_id = ?1 AND deleted_at IS NULL" },
        Referrer {
            kind: Kind::TeamMember,
            count: "SELECT count(*) FROM team_member WHERE village_id = ?1 AND deleted_at IS NULL",
        },
        Referrer { kind: Kind::Issue, count: "SELECT count(*) FROM issue WHERE village_id = ?1 AND deleted_at IS NULL" },
    ];

    fn blank(store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        let team = store.all::<Team>()?.into_iter().next().map(|team| team.draft).unwrap_or_default();
        Ok(Village {
            province: team.province,
            city: team.city,
            county: team.county,
            township: team.township,
            ..Village::default()
        })
    }

    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> crate::value::Id) {
        self.hamlets.retain(|hamlet| !hamlet.name.is_empty());
        self.years.sort_by_key(|year| year.year);
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.name("name", "村名", &self.name);
        self.hamlets.iter().for_each(|hamlet| searched.name("hamlets", "屯（组）", &hamlet.name));
        searched.name("township", "乡镇", &self.township);
        searched.text("code", "行政区划代码", &self.code);
        searched.text("summary", "村情简介", &self.summary);
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.required("name", "村名", &self.name, 30);
        check.required("township", "乡镇", &self.township, 30);
        if !self.code.is_empty() && (self.code.len() != 12 || !self.code.bytes().all(|b| b.is_ascii_digit())) {
            check.hard("code_shape", "code", "行政区划代码应为12位数字");
        }
        check.longest("summary", "村情简介", &self.summary, 2000);
        for (at, hamlet) in self.hamlets.iter().enumerate() {
            if self.hamlets.iter().take(at).any(|other| fold_name(&other.name) == fold_name(&hamlet.name)) {
                check.hard("duplicate_hamlet", "hamlets", format!("屯（组）“{}”填了两次，请去掉一个", hamlet.name));
            }
        }
        for (at, year) in self.years.iter().enumerate() {
            year.check(check, at);
            if self.years.iter().take(at).any(|other| other.year == year.year) {
                check.hard("duplicate_year", format!("years.{at}.year"), format!("{}年的数据填了两次，请合并", year.year));
            }
        }
        Ok(())
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: crate::value::Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}

impl VillageYear {
    fn check(&self, check: &mut Check<'_>, at: usize) {
        let field = |name: &str| format!("years.{at}.{name}");
        if !(1990..=2100).contains(&self.year) {
            check.hard("impossible_date", field("year"), "年度不对，请核对");
        }
        check.day(field("as_of"), "数据截止日期", Some(self.as_of), true);
        if i64::from(self.as_of.year()) < self.year {
            check.soft("as_of_too_early", field("as_of"), "数据截止日期早于该年度，请核对");
        }
        const MOST: i64 = 10_000_000;
        for (name, label, count) in [
            ("households", "总户数", self.households),
            ("population", "户籍人口", self.population),
            ("resident_population", "常住人口", self.resident_population),
            ("party_members", "党员数", self.party_members),
            ("farmland", "耕地", self.farmland),
            ("forest", "林地", self.forest),
        ] {
            check.count(field(name), label, count, MOST * 100);
        }
        check.money(field("collective_income"), "村集体经济收入", self.collective_income);
        check.money(field("per_capita_income"), "人均纯收入", self.per_capita_income);
        if let (Some(households), Some(population)) = (self.households, self.population)
            && households > population
        {
            check.hard("households_exceed_persons", field("population"), "总户数不能多于人口数，请核对");
        }
        if let (Some(party), Some(population)) = (self.party_members, self.population)
            && party > population
        {
            check.hard("subset_exceeds_set", field("party_members"), "党员数不能多于人口数，请核对");
        }
    }
}
