//! 家庭成员: who lives in a household, and the rules of one person.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::check::PartField;
use super::super::{Check, twins};
use crate::error::Result;
use crate::storage::{TextList, columns};
use crate::value::{Fen, Id, IdNumber, IdNumberFault, Sex};

/// Relation that marks the head.
pub const HEAD: &str = "head";

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

columns! { Member in "member" of "household_id" {
    id, ext_no, name, relation, id_number, sex, birth, ethnicity, politics, education, student_status, school, grade, health,
    labour, insured_medical, insured_major_illness, insured_pension, work_area, work_from, work_to, work_months, employer,
    industry, work_income, phone, bank_name, bank_number, mandarin, status, status_on
} derived { name_key: key_of_name } }

/// The name as it is compared, kept with the person so that an index finds namesakes.
fn key_of_name(member: &Member) -> String {
    twins::name_key(&member.name)
}

impl Member {
    pub(super) fn check(&self, check: &mut Check<'_>, at: usize) -> Result<()> {
        let field = |name: &'static str| PartField("members", at, name);
        check.required(field("name"), "姓名", &self.name, 50);
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
        let field = PartField("members", at, "id_number");
        check.day(PartField("members", at, "birth"), "出生日期", self.birth, true);
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
            check.soft("id_check_digit", field, "身份证号末位校验码不符，请对照证件核对");
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
