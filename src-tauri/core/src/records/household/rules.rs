//! The rules of a household: its number, dated types, risks, income and who belongs to it.

use super::super::{Check, twins};
use super::{HEAD, Household, Member};
use crate::dictionary::role;
use crate::error::Result;
use crate::storage::value_of;

const MOST_RISKS: usize = 5;

impl Household {
    pub(super) fn check_ext_no(&self, check: &mut Check<'_>) -> Result<()> {
        if let Some(other) = twins::numbered_alike(check.store, &self.ext_no, check.id)? {
            check.hard_about("duplicate_household", "ext_no", "户编号与另一户相同，请核对", other);
        }
        Ok(())
    }

    pub(super) fn check_types(&self, check: &mut Check<'_>) -> Result<()> {
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
        let roles = check.household_roles(self.types_on(check.today))?;
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

    pub(super) fn check_monitoring(&self, check: &mut Check<'_>) {
        if self.risks.is_empty() {
            check.hard("required", "risks", "监测对象至少要填一项返贫致贫风险");
        }
        if self.identified_on.is_none() {
            check.hard("required", "identified_on", "监测对象要填识别时间");
        }
    }

    pub(super) fn check_risks(&self, check: &mut Check<'_>) -> Result<()> {
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

    pub(super) fn check_incomes(&self, check: &mut Check<'_>) {
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

    pub(super) fn check_members(&self, check: &mut Check<'_>) -> Result<()> {
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
    pub(super) fn check_removed_members(&self, check: &mut Check<'_>) -> Result<()> {
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
