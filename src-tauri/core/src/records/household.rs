//! 户 and its 家庭成员: types as dated facts, risks, income per year, and the people.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::team_member::TeamMember;
use super::village::Village;
use super::{BatchField, Check, Kind, Record, twins};
use crate::dictionary::role;
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{
    ListColumn, ListSpec, Loaded, Preset, PresetValue, Referrer, Store, TextList, WhenDay, columns, envelope, text_enum, value_of,
};
use crate::value::{Fen, Id, IdNumber, IdNumberFault, Sex, mask_bank_number, mask_id_number, mask_phone};

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
    /// 纯收入: all income less the expense of business.
    pub fn net(&self) -> Fen {
        let transfer = self.dibao + self.tekun + self.pension + self.ecology + self.family_planning + self.other_transfer;
        self.wage + self.business + self.property + transfer - self.expense
    }
}

/// 家庭成员.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Member {
    /// Given when first stored.
    pub id: Option<Id>,
    /// 人编号 of the national system.
    pub ext_no: String,
    /// 姓名.
    pub name: String,
    /// 与户主关系, dictionary `relation`; `head` is the household's head.
    pub relation: String,
    /// 证件号码 (GB 11643).
    pub id_number: String,
    /// 性别; from the ID number where that is known.
    pub sex: Option<Sex>,
    /// 出生日期; likewise.
    pub birth: Option<NaiveDate>,
    /// 民族.
    pub ethnicity: String,
    /// 政治面貌, dictionary `politics`.
    pub politics: String,
    /// 文化程度, dictionary `education`.
    pub education: String,
    /// 在校生状况, dictionary `student_status`; empty: not in school.
    pub student_status: String,
    /// 学校.
    pub school: String,
    /// 年级.
    pub grade: String,
    /// 健康状况, dictionary `health`; several.
    pub health: TextList,
    /// 劳动技能, dictionary `labour`.
    pub labour: String,
    /// 参加城乡居民医保.
    pub insured_medical: Option<bool>,
    /// 参加大病保险.
    pub insured_major_illness: Option<bool>,
    /// 参加养老保险.
    pub insured_pension: Option<bool>,
    /// 务工区域, dictionary `work_area`; empty: does not work outside.
    pub work_area: String,
    /// 务工开始.
    pub work_from: Option<NaiveDate>,
    /// 务工结束.
    pub work_to: Option<NaiveDate>,
    /// 务工时间 in months of the year, 0–12.
    #[ts(type = "number | null")]
    pub work_months: Option<i64>,
    /// 务工企业.
    pub employer: String,
    /// 行业.
    pub industry: String,
    /// 月收入.
    pub work_income: Option<Fen>,
    /// 联系电话.
    pub phone: String,
    /// 开户银行.
    pub bank_name: String,
    /// 银行卡号.
    pub bank_number: String,
    /// 会讲普通话.
    pub mandarin: Option<bool>,
    /// 状态, dictionary `member_status`; empty: 正常.
    pub status: String,
    /// Since when the status holds.
    pub status_on: Option<NaiveDate>,
}

impl Member {
    /// A person of whom only the name and the relation are known.
    pub fn named(name: impl Into<String>, relation: impl Into<String>) -> Self {
        Member {
            id: None,
            ext_no: String::new(),
            name: name.into(),
            relation: relation.into(),
            id_number: String::new(),
            sex: None,
            birth: None,
            ethnicity: String::new(),
            politics: String::new(),
            education: String::new(),
            student_status: String::new(),
            school: String::new(),
            grade: String::new(),
            health: TextList::default(),
            labour: String::new(),
            insured_medical: None,
            insured_major_illness: None,
            insured_pension: None,
            work_area: String::new(),
            work_from: None,
            work_to: None,
            work_months: None,
            employer: String::new(),
            industry: String::new(),
            work_income: None,
            phone: String::new(),
            bank_name: String::new(),
            bank_number: String::new(),
            mandarin: None,
            status: String::new(),
            status_on: None,
        }
    }

    /// Whether the person counts as living in the household on a day: not dead, moved or married away by then.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.status.is_empty() || self.status == "normal" || self.status_on.is_some_and(|since| since > day)
    }

    /// Full years of age on a day, where the birth date is known.
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        self.birth.and_then(|birth| day.years_since(birth))
    }
}

columns! { HouseholdType in "household_type" of "household_id" { code, from_day, to_day } }
columns! { HouseholdRisk in "household_risk" of "household_id" { code } }
columns! { HouseholdIncome in "household_income" of "household_id" {
    year, wage, business, property, dibao, tekun, pension, ecology, family_planning, other_transfer, expense
} }
columns! { Member in "member" of "household_id" {
    id, ext_no, name, relation, id_number, sex, birth, ethnicity, politics, education, student_status, school, grade, health,
    labour, insured_medical, insured_major_illness, insured_pension, work_area, work_from, work_to, work_months, employer,
    industry, work_income, phone, bank_name, bank_number, mandarin, status, status_on
} }
columns! { Household {
    village_id, hamlet, ext_no, address, phone, poverty_exit_year, identified_on, risk_cleared_on, clear_mode, helper_id,
    helper, helper_unit, housing_level, water_safe, toilet, road, power, broadcast, sensitive, note
} parts { types, risks, incomes, members } }

/// Relation that marks the head.
pub const HEAD: &str = "head";
const MOST_RISKS: usize = 5;

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

/// What tells households apart, without the rest of their fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdClue {
    /// The household.
    pub id: Id,
    /// 村.
    pub village_id: Id,
    /// 屯（组）.
    pub hamlet: String,
    /// 户编号.
    pub ext_no: String,
    /// Its people.
    pub members: Vec<MemberClue>,
}

/// What tells people apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberClue {
    /// The person.
    pub id: Id,
    /// 姓名.
    pub name: String,
    /// 身份证号.
    pub id_number: String,
    /// 人编号.
    pub ext_no: String,
    /// Whether 户主.
    pub is_head: bool,
}

impl HouseholdClue {
    /// All households outside the recycle bin: for matching many names at once.
    pub fn all(store: Store<'_>) -> Result<Vec<HouseholdClue>> {
        let connection = store.connection;
        let mut households: Vec<HouseholdClue> = connection
            .prepare_cached("SELECT id, village_id, hamlet, ext_no FROM household WHERE deleted_at IS NULL ORDER BY id")?
            .query_map([], |row| {
                let members = Vec::new();
                Ok(HouseholdClue { id: row.get(0)?, village_id: row.get(1)?, hamlet: row.get(2)?, ext_no: row.get(3)?, members })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let index: HashMap<Id, usize> = households.iter().enumerate().map(|(at, household)| (household.id, at)).collect();
        let mut statement = connection.prepare_cached(
            "SELECT household_id, id, name, id_number, ext_no, relation FROM member ORDER BY household_id, position",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let relation: String = row.get(5)?;
            let member = MemberClue {
                id: row.get(1)?,
                name: row.get(2)?,
                id_number: row.get(3)?,
                ext_no: row.get(4)?,
                is_head: relation == HEAD,
            };
            if let Some(household) = index.get(&row.get::<_, Id>(0)?).and_then(|at| households.get_mut(*at)) {
                household.members.push(member);
            }
        }
        Ok(households)
    }
}

impl Record for Household {
    const KIND: Kind = Kind::Household;

    const LIST: ListSpec = ListSpec {
        from: "household r JOIN village v ON v.id = r.village_id
               LEFT JOIN member h ON h.household_id = r.id AND h.relation = 'head'",
        title: "coalesce(h.name, '（未填户主）')",
        note: "v.name || r.hamlet",
        day: "NULL",
        columns: &[
            ListColumn::text("head", "h.name"),
            ListColumn::text("village", "v.name"),
            ListColumn::text("hamlet", "r.hamlet"),
            ListColumn::several("types", "(SELECT group_concat(d.label, '、') FROM household_type t JOIN dictionary_item d ON d.dictionary = 'household_type' AND d.code = t.code
                        WHERE t.household_id = r.id AND t.to_day IS NULL)"),
            ListColumn::number("persons", "(SELECT count(*) FROM member m WHERE m.household_id = r.id AND m.status IN ('', 'normal'))"),
            ListColumn::text("phone", "r.phone"),
            ListColumn::text("address", "r.address"),
            ListColumn::text("ext_no", "r.ext_no"),
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
        order: "v.name, r.hamlet, h.name",
    };

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
        self.replace_parts(connection, id, is_new)?;
        twins::store_keys(connection, id, &self.members, is_new)
    }
}

impl Household {
    fn check_ext_no(&self, check: &mut Check<'_>) -> Result<()> {
        if let Some(other) = twins::numbered_alike(check.store, &self.ext_no, check.id)? {
            check.hard_about("duplicate_household", "ext_no", "户编号与另一户相同，请核对", other);
        }
        Ok(())
    }

    fn check_types(&self, check: &mut Check<'_>) -> Result<()> {
        check.at_least_one("types", "户类型", &self.types);
        for (at, household_type) in self.types.iter().enumerate() {
            let field = format!("types.{at}");
            check.category(format!("{field}.code"), "户类型", "household_type", &household_type.code)?;
            if household_type.code.is_empty() {
                check.hard("required", format!("{field}.code"), "请选择户类型");
            }
            check.day(format!("{field}.from_day"), "类型开始日期", household_type.from_day, false);
            check.in_order(
                format!("{field}.to_day"),
                ("类型开始日期", household_type.from_day),
                ("类型结束日期", household_type.to_day),
            );
        }
        let roles = role::of_household_types(check.store, self.types_on(check.today))?;
        let has = |wanted: &str| roles.iter().any(|role| role == wanted);
        if has(role::UNSTABLE_LIFTED) && !has(role::LIFTED) {
            check.hard("type_conflict", "types", "脱贫不稳定户必须同时是脱贫户，请补上脱贫户类型");
        }
        if has(role::MARGINAL) && has(role::LIFTED) {
            check.hard("type_conflict", "types", "边缘易致贫户不能同时是脱贫户，请核对类型");
        }
        if has(role::LIFTED) && self.poverty_exit_year.is_none() {
            check.soft("exit_year_missing", "poverty_exit_year", "脱贫户应填脱贫年度（2014至2020）");
        }
        if self.poverty_exit_year.is_some_and(|year| !(2014..=2020).contains(&year)) {
            check.hard("out_of_range", "poverty_exit_year", "脱贫年度应在2014至2020之间");
        }
        if role::MONITORED.iter().any(|role| has(role)) {
            self.check_monitoring(check);
        }
        Ok(())
    }

    fn check_monitoring(&self, check: &mut Check<'_>) {
        if self.risks.is_empty() {
            check.hard("required", "risks", "监测对象至少要填一项返贫致贫风险");
        }
        if self.identified_on.is_none() {
            check.hard("required", "identified_on", "监测对象要填识别时间");
        }
    }

    fn check_risks(&self, check: &mut Check<'_>) -> Result<()> {
        if self.risks.len() > MOST_RISKS {
            check.hard("out_of_range", "risks", "返贫致贫风险最多填5项");
        }
        for risk in &self.risks {
            check.category("risks", "返贫致贫风险", "risk_type", &risk.code)?;
        }
        check.category("clear_mode", "风险消除方式", "clear_mode", &self.clear_mode)?;
        check.day("identified_on", "识别时间", self.identified_on, true);
        check.day("risk_cleared_on", "风险消除时间", self.risk_cleared_on, true);
        check.in_order("risk_cleared_on", ("识别时间", self.identified_on), ("风险消除时间", self.risk_cleared_on));
        Ok(())
    }

    fn check_incomes(&self, check: &mut Check<'_>) {
        for (at, income) in self.incomes.iter().enumerate() {
            let field = |name: &str| format!("incomes.{at}.{name}");
            if !(1990..=2100).contains(&income.year) {
                check.hard("impossible_date", field("year"), "收入年度不对，请核对");
            }
            if self.incomes.iter().take(at).any(|other| other.year == income.year) {
                check.hard("duplicate_year", field("year"), format!("{}年的收入填了两次，请合并", income.year));
            }
            for (name, label, fen) in [
                ("wage", "工资性收入", income.wage),
                ("business", "生产经营性收入", income.business),
                ("property", "财产性收入", income.property),
                ("dibao", "低保金", income.dibao),
                ("tekun", "特困供养金", income.tekun),
                ("pension", "养老金", income.pension),
                ("ecology", "生态补偿金", income.ecology),
                ("family_planning", "计划生育金", income.family_planning),
                ("other_transfer", "其他转移性收入", income.other_transfer),
                ("expense", "生产经营性支出", income.expense),
            ] {
                check.money(field(name), label, Some(fen));
            }
        }
    }

    fn check_members(&self, check: &mut Check<'_>) -> Result<()> {
        match self.members.iter().filter(|member| member.relation == HEAD).count() {
            1 => {}
            0 => check.hard("one_head", "members", "每户要有一名户主，请把户主的关系选为“户主”"),
            _ => check.hard("one_head", "members", "每户只能有一名户主，请核对与户主关系"),
        }
        for (at, member) in self.members.iter().enumerate() {
            member.check(check, at)?;
            let repeated = |other: &Member| !member.id_number.is_empty() && other.id_number == member.id_number;
            if self.members.iter().take(at).any(repeated) {
                check.hard("duplicate_person", format!("members.{at}.id_number"), "同一户中有两人的身份证号相同，请核对");
            }
        }
        self.check_removed_members(check)
    }

    /// A person to whom an application or a visit refers stays in the household; leaving it is a status with a date.
    fn check_removed_members(&self, check: &mut Check<'_>) -> Result<()> {
        if !check.is_known {
            return Ok(());
        }
        let kept = self.members.iter().filter_map(|member| member.id).map(|id| id.to_string()).collect::<Vec<_>>();
        let kept = serde_json::to_string(&kept)?;
        let referred = "SELECT count(*) FROM member m WHERE m.household_id = ?1 AND m.id NOT IN (SELECT value FROM json_each(?2))
             AND (EXISTS (SELECT 1 FROM application a WHERE a.member_id = m.id) OR EXISTS (SELECT 1 FROM visit s WHERE s.contact_id = m.id))";
        if check.store.count(referred, &[value_of(&check.id), value_of(&kept)])? > 0 {
            check.hard("member_in_use", "members", "移除的成员还有申报或走访记录，不能删去。已离开的请改“状态”并填日期");
        }
        Ok(())
    }
}

impl Member {
    fn check(&self, check: &mut Check<'_>, at: usize) -> Result<()> {
        let field = |name: &str| format!("members.{at}.{name}");
        check.required(&field("name"), "姓名", &self.name, 50);
        if self.relation.is_empty() {
            check.hard("required", field("relation"), "请选择与户主关系");
        }
        check.category(field("relation"), "与户主关系", "relation", &self.relation)?;
        self.check_identity(check, at)?;
        for (name, label, code) in [
            ("politics", "政治面貌", &self.politics),
            ("education", "文化程度", &self.education),
            ("student_status", "在校生状况", &self.student_status),
            ("labour", "劳动技能", &self.labour),
            ("work_area", "务工区域", &self.work_area),
            ("member_status", "状态", &self.status),
        ] {
            check.category(field(if name == "member_status" { "status" } else { name }), label, name, code)?;
        }
        for code in &self.health.0 {
            check.category(field("health"), "健康状况", "health", code)?;
        }
        if self.health.0.len() > 1 && self.health.0.iter().any(|code| code == "healthy") {
            check.hard("health_conflict", field("health"), "选了“健康”就不能再选其他健康状况");
        }
        check.phone(field("phone"), &self.phone);
        check.count(field("work_months"), "务工月数", self.work_months, 12);
        check.money(field("work_income"), "月收入", self.work_income);
        check.day(field("status_on"), "状态日期", self.status_on, true);
        check.in_order(field("work_to"), ("务工开始", self.work_from), ("务工结束", self.work_to));
        if !self.counts_on(NaiveDate::MAX) && self.status_on.is_none() {
            check.hard("required", field("status_on"), "请填写状态变动的日期");
        }
        if !self.student_status.is_empty() && (!self.work_area.is_empty() || self.work_from.is_some()) {
            check.soft("student_works", field("work_area"), "在校生填了务工情况，请核对");
        }
        if self.age_on(check.today).is_some_and(|age| age < 16) && !matches!(self.labour.as_str(), "" | "none") {
            check.soft("child_labour", field("labour"), "未满16周岁，劳动技能应为“无劳动力”");
        }
        Ok(())
    }

    fn check_identity(&self, check: &mut Check<'_>, at: usize) -> Result<()> {
        let field = format!("members.{at}.id_number");
        check.day(format!("members.{at}.birth"), "出生日期", self.birth, true);
        if self.id_number.is_empty() {
            return Ok(());
        }
        let number = match IdNumber::parse(&self.id_number, check.today) {
            Ok(number) => number,
            Err(fault) => {
                check.hard(
                    if fault == IdNumberFault::DamagedByExcel { "id_damaged" } else { "id_shape" },
                    field,
                    fault.to_string(),
                );
                return Ok(());
            }
        };
        if !number.check_digit_fits() {
            check.soft("id_check_digit", field.clone(), "身份证号末位校验码不符，请对照证件核对");
        }
        if self.birth.is_some() && self.birth != number.birth() {
            check.soft("birth_differs", format!("members.{at}.birth"), "出生日期与身份证号不一致，请核对");
        }
        if self.sex.is_some_and(|sex| sex != number.sex()) {
            check.soft("sex_differs", format!("members.{at}.sex"), "性别与身份证号不一致，请核对");
        }
        if let Some(other) = twins::registered_elsewhere(check.store, &self.id_number, check.id)? {
            check.hard_about("duplicate_person", field, "这个身份证号已登记在另一户，请核对", other);
        }
        Ok(())
    }

    /// Year of birth, for rosters that may not print the day.
    pub fn birth_year(&self) -> Option<i32> {
        self.birth.map(|birth| birth.year())
    }
}
