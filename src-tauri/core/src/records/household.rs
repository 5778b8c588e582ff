//! 户: types as dated facts, risks, income per year, and the people, who have a file of their own.

mod clue;
mod member;
mod rules;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use clue::{HouseholdClue, MemberClue};
pub use member::{HEAD, Member};

use super::team_member::TeamMember;
use super::village::Village;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{
    ListColumn, ListSpec, Loaded, Preset, PresetValue, Referrer, Store, WhenDay, columns, envelope, text_enum, value_of,
};
use crate::value::{Fen, Id, IdNumber, mask_bank_number, mask_id_number, mask_phone};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE household (",
    envelope!(),
    "
    village_id TEXT NOT NULL REFERENCES village (id),
    hamlet TEXT NOT NULL,
    ext_no TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    poverty_exit_year INTEGER CHECK (poverty_exit_year BETWEEN 2014 AND 2020),
    identified_on TEXT,
    risk_cleared_on TEXT,
    clear_mode TEXT NOT NULL,
    helper_id TEXT REFERENCES team_member (id),
    helper TEXT NOT NULL,
    helper_unit TEXT NOT NULL,
    housing_level TEXT NOT NULL CHECK (housing_level IN ('', 'a', 'b', 'c', 'd')),
    water_safe INTEGER CHECK (water_safe IN (0, 1)),
    toilet INTEGER CHECK (toilet IN (0, 1)),
    road INTEGER CHECK (road IN (0, 1)),
    power INTEGER CHECK (power IN (0, 1)),
    broadcast INTEGER CHECK (broadcast IN (0, 1)),
    sensitive INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
    note TEXT NOT NULL,
    CHECK (risk_cleared_on IS NULL OR identified_on IS NULL OR risk_cleared_on >= identified_on)
) STRICT;
CREATE UNIQUE INDEX household_ext_no ON household (ext_no) WHERE ext_no <> '' AND deleted_at IS NULL;
CREATE INDEX household_village ON household (village_id);
CREATE TABLE household_type (
    household_id TEXT NOT NULL REFERENCES household (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    from_day TEXT,
    to_day TEXT,
    PRIMARY KEY (household_id, position),
    CHECK (to_day IS NULL OR from_day IS NULL OR to_day >= from_day)
) STRICT, WITHOUT ROWID;
CREATE TABLE household_risk (
    household_id TEXT NOT NULL REFERENCES household (id),
    position INTEGER NOT NULL CHECK (position < 5),
    code TEXT NOT NULL,
    PRIMARY KEY (household_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE household_income (
    household_id TEXT NOT NULL REFERENCES household (id),
    position INTEGER NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    wage INTEGER NOT NULL CHECK (wage >= 0),
    business INTEGER NOT NULL CHECK (business >= 0),
    property INTEGER NOT NULL CHECK (property >= 0),
    dibao INTEGER NOT NULL CHECK (dibao >= 0),
    tekun INTEGER NOT NULL CHECK (tekun >= 0),
    pension INTEGER NOT NULL CHECK (pension >= 0),
    ecology INTEGER NOT NULL CHECK (ecology >= 0),
    family_planning INTEGER NOT NULL CHECK (family_planning >= 0),
    other_transfer INTEGER NOT NULL CHECK (other_transfer >= 0),
    expense INTEGER NOT NULL CHECK (expense >= 0),
    PRIMARY KEY (household_id, position),
    UNIQUE (household_id, year)
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
    household_id TEXT NOT NULL REFERENCES household (id),
    position INTEGER NOT NULL,
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    ext_no TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    relation TEXT NOT NULL,
    id_number TEXT NOT NULL CHECK (id_number = '' OR length(id_number) = 18),
    sex TEXT CHECK (sex IN ('male', 'female')),
    birth TEXT,
    ethnicity TEXT NOT NULL,
    politics TEXT NOT NULL,
    education TEXT NOT NULL,
    student_status TEXT NOT NULL,
    school TEXT NOT NULL,
    grade TEXT NOT NULL,
    health TEXT NOT NULL CHECK (json_valid(health)),
    labour TEXT NOT NULL,
    insured_medical INTEGER CHECK (insured_medical IN (0, 1)),
    insured_major_illness INTEGER CHECK (insured_major_illness IN (0, 1)),
    insured_pension INTEGER CHECK (insured_pension IN (0, 1)),
    work_area TEXT NOT NULL,
    work_from TEXT,
    work_to TEXT,
    work_months INTEGER CHECK (work_months BETWEEN 0 AND 12),
    employer TEXT NOT NULL,
    industry TEXT NOT NULL,
    work_income INTEGER CHECK (work_income >= 0),
    phone TEXT NOT NULL,
    bank_name TEXT NOT NULL,
    bank_number TEXT NOT NULL,
    mandarin INTEGER CHECK (mandarin IN (0, 1)),
    status TEXT NOT NULL,
    status_on TEXT
) STRICT;
CREATE INDEX member_household ON member (household_id, position);
CREATE INDEX member_id_number ON member (id_number) WHERE id_number <> '';
CREATE INDEX member_name ON member (name);
"
);

/// What lists show of a household's people: its head's name, how many they are.
pub(crate) const LIST_INDEX: &str = "CREATE INDEX member_listed ON member (household_id, relation, name, status);";

/// The head's name kept with the household, so that the list's own order is read from one index.
pub(crate) const HEAD_KEPT: &str = "
ALTER TABLE household ADD COLUMN head TEXT;
UPDATE household SET head = (SELECT m.name FROM member m WHERE m.household_id = household.id AND m.relation = 'head'
                             ORDER BY m.position LIMIT 1);
DROP INDEX household_village;
CREATE INDEX household_village ON household (village_id, hamlet, head, id, deleted_at);
";

/// Names as they are compared kept with the people and no longer in a table of their own, and one index less where another
/// does: a person who is stored was entered in eight places, and is in five.
pub(crate) const NAME_KEPT: &str = "
ALTER TABLE member ADD COLUMN name_key TEXT;
DROP TABLE member_key;
DROP INDEX member_name;
DROP INDEX member_household;
DROP INDEX member_listed;
CREATE INDEX member_listed ON member (household_id, position, relation, name, status);
CREATE INDEX member_name_key ON member (name_key);
CREATE INDEX member_unnumbered ON member (name_key) WHERE id_number = '';
";

/// 户.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Household {
    /// 村.
    pub village_id: Id,
    /// 屯或组, by name.
    pub hamlet: String,
    /// 户编号 of the national system.
    pub ext_no: String,
    /// 住址.
    pub address: String,
    /// 户联系电话.
    pub phone: String,
    /// 脱贫年度, 2014–2020.
    #[ts(type = "number | null")]
    pub poverty_exit_year: Option<i64>,
    /// 识别时间 of a monitored household.
    pub identified_on: Option<NaiveDate>,
    /// 风险消除时间.
    pub risk_cleared_on: Option<NaiveDate>,
    /// 消除方式, dictionary `clear_mode`.
    pub clear_mode: String,
    /// 帮扶联系人, if a team member.
    pub helper_id: Option<Id>,
    /// 帮扶联系人, if somebody else.
    pub helper: String,
    /// 帮扶单位.
    pub helper_unit: String,
    /// 住房等级.
    pub housing_level: HousingLevel,
    /// 饮水安全.
    pub water_safe: Option<bool>,
    /// 卫生厕所.
    pub toilet: Option<bool>,
    /// 入户路硬化.
    pub road: Option<bool>,
    /// 通生活用电.
    pub power: Option<bool>,
    /// 通广播电视.
    pub broadcast: Option<bool>,
    /// 敏感户: shown masked.
    pub sensitive: bool,
    /// 备注.
    pub note: String,
    /// 户类型 as dated facts.
    pub types: Vec<HouseholdType>,
    /// 致贫/返贫风险, at most five, gravest first; dictionary `risk_type`.
    pub risks: Vec<HouseholdRisk>,
    /// 收入 per year.
    pub incomes: Vec<HouseholdIncome>,
    /// 家庭成员.
    pub members: Vec<Member>,
}

text_enum! {
    /// 住房等级 of a safety appraisal.
    HousingLevel {
        /// 未鉴定.
        Unknown = "",
        /// A级.
        A = "a",
        /// B级.
        B = "b",
        /// C级, partly dangerous.
        C = "c",
        /// D级, wholly dangerous.
        D = "d",
    }
}

/// A 户类型 from a day to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HouseholdType {
    /// Dictionary `household_type`.
    pub code: String,
    /// First day; unknown where missing.
    pub from_day: Option<NaiveDate>,
    /// Last day; still so where missing.
    pub to_day: Option<NaiveDate>,
}

impl HouseholdType {
    /// Whether the type holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_day.is_none_or(|from| from <= day) && self.to_day.is_none_or(|to| day <= to)
    }
}

/// One risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct HouseholdRisk {
    /// Dictionary `risk_type`.
    pub code: String,
}

/// 一年的收入, in 分.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HouseholdIncome {
    /// The year.
    #[ts(type = "number")]
    pub year: i64,
    /// 工资性收入.
    pub wage: Fen,
    /// 生产经营性收入.
    pub business: Fen,
    /// 财产性收入.
    pub property: Fen,
    /// 低保金.
    pub dibao: Fen,
    /// 特困供养金.
    pub tekun: Fen,
    /// 养老金.
    pub pension: Fen,
    /// 生态补偿金.
    pub ecology: Fen,
    /// 计划生育金.
    pub family_planning: Fen,
    /// 其他转移性收入.
    pub other_transfer: Fen,
    /// 生产经营性支出.
    pub expense: Fen,
}

impl HouseholdIncome {
    /// A year of which nothing is known yet.
    pub fn of(year: i64) -> Self {
        HouseholdIncome {
            year,
            wage: Fen::ZERO,
            business: Fen::ZERO,
            property: Fen::ZERO,
            dibao: Fen::ZERO,
            tekun: Fen::ZERO,
            pension: Fen::ZERO,
            ecology: Fen::ZERO,
            family_planning: Fen::ZERO,
            other_transfer: Fen::ZERO,
            expense: Fen::ZERO,
        }
    }

    /// 纯收入: all income less the expense of business.
    pub fn net(&self) -> Fen {
        let transfer = self.dibao + self.tekun + self.pension + self.ecology + self.family_planning + self.other_transfer;
        self.wage + self.business + self.property + transfer - self.expense
    }
}

columns! { HouseholdType in "household_type" of "household_id" { code, from_day, to_day } }
columns! { HouseholdRisk in "household_risk" of "household_id" { code } }
columns! { HouseholdIncome in "household_income" of "household_id" {
    year, wage, business, property, dibao, tekun, pension, ecology, family_planning, other_transfer, expense
} }
columns! { Household {
    village_id, hamlet, ext_no, address, phone, poverty_exit_year, identified_on, risk_cleared_on, clear_mode, helper_id,
    helper, helper_unit, housing_level, water_safe, toilet, road, power, broadcast, sensitive, note
} parts { types, risks, incomes, members } }

impl Household {
    /// 户主.
    pub fn head(&self) -> Option<&Member> {
        self.members.iter().find(|member| member.relation == HEAD)
    }

    /// Codes of the types that hold on a day.
    pub fn types_on(&self, day: NaiveDate) -> impl Iterator<Item = &str> {
        self.types.iter().filter(move |t| t.holds_on(day)).map(|t| t.code.as_str())
    }

    /// 人口: members that count on a day.
    pub fn persons_on(&self, day: NaiveDate) -> usize {
        self.members.iter().filter(|member| member.counts_on(day)).count()
    }
}

impl Record for Household {
    const KIND: Kind = Kind::Household;

    const LIST: ListSpec = ListSpec {
        from: "household r JOIN village v ON v.id = r.village_id",
        title: "coalesce(r.head, '（未填户主）')",
        note: "v.name || r.hamlet",
        day: "NULL",
        columns: &[
            ListColumn::text("head", "r.head"),
            ListColumn::text("village", "v.name"),
            ListColumn::text("hamlet", "r.hamlet"),
            ListColumn::several("types", "(SELECT group_concat(d.label, '、') FROM household_type t JOIN dictionary_item d ON d.dictionary = 'household_type' AND d.code = t.code
                        WHERE t.household_id = r.id AND t.to_day IS NULL)"),
            ListColumn::number("persons", "(SELECT count(*) FROM member m WHERE m.household_id = r.id AND m.status IN ('', 'normal'))"),
            ListColumn::number_of_somebody("phone", "r.phone", mask_phone),
            ListColumn::text("address", "r.address"),
            ListColumn::register_number("ext_no", "r.ext_no"),
            ListColumn::day("last_visit", "(SELECT max(s.day) FROM visit_household x JOIN visit s ON s.id = x.visit_id WHERE x.household_id = r.id AND s.deleted_at IS NULL)"),
            ListColumn::moment("updated_at", "r.updated_at"),
        ],
        search: &[
            "r.address", "r.ext_no", "r.hamlet", "r.phone", "r.note",
            "(SELECT group_concat(m.name, ' ') FROM member m WHERE m.household_id = r.id)",
        ],
        filters: &[
            ("village", "r.village_id = {}"),
            ("hamlet", "r.hamlet = {}"),
            ("type", "r.id IN (SELECT t.household_id FROM household_type t WHERE t.code = {} AND t.to_day IS NULL)"),
            ("monitored", "r.id IN (SELECT t.household_id FROM household_type t JOIN dictionary_item d ON d.dictionary = 'household_type' AND d.code = t.code
                           WHERE t.to_day IS NULL AND d.role IN ('unstable_lifted', 'marginal_at_risk', 'sudden_hardship')) AND {} <> ''"),
            ("lifted", "r.id IN (SELECT t.household_id FROM household_type t JOIN dictionary_item d ON d.dictionary = 'household_type' AND d.code = t.code
                        WHERE t.to_day IS NULL AND d.role = 'lifted') AND {} <> ''"),
            // Whom nobody reached was not visited.
            ("not_visited_since", "r.id NOT IN (SELECT x.household_id FROM visit s JOIN visit_household x ON x.visit_id = s.id
                                   WHERE s.deleted_at IS NULL AND s.mode <> 'not_reached' AND s.day >= {})"),
            ("id_missing", "r.id IN (SELECT m.household_id FROM member m WHERE m.id_number = '' AND m.status IN ('', 'normal')) AND {} <> ''"),
            ("phone_missing", "r.phone = '' AND r.id NOT IN (SELECT m.household_id FROM member m WHERE m.phone <> '' AND m.status IN ('', 'normal')) AND {} <> ''"),
        ],
        presets: &[
            Preset {
                key: "monitored_not_visited",
                name: "未走访监测户",
                filters: &[("monitored", PresetValue::Text("1")), ("not_visited_since", PresetValue::Day(WhenDay::MonthStart))],
            },
            Preset {
                key: "lifted_not_visited",
                name: "脱贫户本半年未走访",
                filters: &[("lifted", PresetValue::Text("1")), ("not_visited_since", PresetValue::Day(WhenDay::HalfStart))],
            },
            Preset { key: "id_missing", name: "证件号缺失的户", filters: &[("id_missing", PresetValue::Text("1"))] },
            Preset { key: "phone_missing", name: "缺联系电话的户", filters: &[("phone_missing", PresetValue::Text("1"))] },
        ],
        order: "v.name, v.id, r.hamlet, r.head",
    };

    const LIST_WALK: Option<&'static str> = Some("village v CROSS JOIN household r ON r.village_id = v.id");

    const DERIVED: &[&str] = &["head"];

    const REFERRERS: &'static [Referrer] = &[
        Referrer {
            kind: Kind::Visit,
            count: "SELECT count(*) FROM visit_household x JOIN visit s ON s.id = x.visit_id WHERE x.household_id = ?1 AND s.deleted_at IS NULL",
        },
        Referrer {
            kind: Kind::Application,
            count: "SELECT count(*) FROM application WHERE household_id = ?1 AND deleted_at IS NULL",
        },
        Referrer { kind: Kind::Issue, count: "SELECT count(*) FROM issue WHERE household_id = ?1 AND deleted_at IS NULL" },
    ];

    const BATCH: &'static [BatchField] = &[
        BatchField::set("village_id"),
        BatchField::set("hamlet"),
        BatchField::dated("types"),
        BatchField::list("risks"),
        BatchField::set("poverty_exit_year"),
        BatchField::set("identified_on"),
        BatchField::set("risk_cleared_on"),
        BatchField::set("clear_mode"),
        BatchField::set("helper_id"),
        BatchField::set("helper"),
        BatchField::set("helper_unit"),
        BatchField::set("housing_level"),
        BatchField::set("water_safe"),
        BatchField::set("toilet"),
        BatchField::set("road"),
        BatchField::set("power"),
        BatchField::set("broadcast"),
        BatchField::set("sensitive"),
        BatchField::set("note"),
    ];

    /// The helper is of the team or somebody else, not both.
    fn follow_batch(&mut self, _store: Store<'_>, changed: &[&str], _day: NaiveDate) -> Result<()> {
        match (changed.contains(&"helper_id"), changed.contains(&"helper")) {
            (true, false) => self.helper.clear(),
            (false, true) => self.helper_id = None,
            _ => {}
        }
        Ok(())
    }

    fn blank(store: Store<'_>, _today: NaiveDate) -> Result<Self> {
        let village_id = store.all::<Village>()?.first().map(|village| village.id).unwrap_or_default();
        Ok(Household {
            village_id,
            hamlet: String::new(),
            ext_no: String::new(),
            address: String::new(),
            phone: String::new(),
            poverty_exit_year: None,
            identified_on: None,
            risk_cleared_on: None,
            clear_mode: String::new(),
            helper_id: None,
            helper: String::new(),
            helper_unit: String::new(),
            housing_level: HousingLevel::Unknown,
            water_safe: None,
            toilet: None,
            road: None,
            power: None,
            broadcast: None,
            sensitive: false,
            note: String::new(),
            types: vec![HouseholdType { code: "general".to_owned(), from_day: None, to_day: None }],
            risks: Vec::new(),
            incomes: Vec::new(),
            members: vec![Member::named("", HEAD)],
        })
    }

    fn derived(&self) -> Vec<rusqlite::types::Value> {
        vec![value_of(&self.head().map(|head| head.name.as_str()))]
    }

    fn tidy(&mut self, new_id: &mut dyn FnMut() -> Id) {
        for member in &mut self.members {
            member.id.get_or_insert_with(&mut *new_id);
            member.id_number = IdNumber::tidy(&member.id_number);
            if let Ok(number) = IdNumber::parse(&member.id_number, NaiveDate::MAX) {
                member.birth = member.birth.or(number.birth());
                member.sex = member.sex.or(Some(number.sex()));
            }
        }
        self.incomes.sort_by_key(|income| income.year);
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        for member in &self.members {
            searched.name("name", "家庭成员", &member.name);
        }
        searched.name("hamlet", "屯（组）", &self.hamlet);
        searched.text("address", "住址", &self.address);
        searched.text("ext_no", "户编号", &self.ext_no);
        searched.name("helper", "帮扶联系人", &self.helper);
        searched.name("helper_unit", "帮扶单位", &self.helper_unit);
        searched.text("note", "备注", &self.note);
        searched.number("phone", "户联系电话", &self.phone, mask_phone);
        for member in &self.members {
            searched.whose(&member.name);
            searched.text("ext_no", "人编号", &member.ext_no);
            searched.text("school", "学校", &member.school);
            searched.text("employer", "务工企业", &member.employer);
            searched.number("id_number", "证件号码", &member.id_number, mask_id_number);
            searched.number("phone", "联系电话", &member.phone, mask_phone);
            searched.number("bank_number", "银行卡号", &member.bank_number, mask_bank_number);
        }
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.reference::<Village>("village_id", self.village_id)?;
        check.reference_if::<TeamMember>("helper_id", self.helper_id)?;
        check.longest("address", "住址", &self.address, 200);
        check.longest("hamlet", "屯（组）", &self.hamlet, 50);
        check.phone("phone", &self.phone);
        self.check_ext_no(check)?;
        self.check_types(check)?;
        self.check_risks(check)?;
        self.check_incomes(check);
        self.check_members(check)
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    /// Members keep their ids; references to them are checked at commit (`DEFERRABLE INITIALLY DEFERRED`), when all are back.
    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}
