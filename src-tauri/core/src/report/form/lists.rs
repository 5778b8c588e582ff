//! Lists that a form's rows are repeated for: the ledgers of the report's annexes, and the records one by one.

use std::collections::HashMap;

use super::{FormContent, FormList};
use crate::dictionary::role;
use crate::figures::{Figures, Gathered};
use crate::records::household::{Household, Member};
use crate::records::plan::PlanStatus;
use crate::report::annexes;
use crate::report::hidden::Cleaner;
use crate::storage::Stored;
use crate::value::{Id, Masking, Sex};

/// Key and other names of the annexes' lists, by their titles.
const OF_ANNEXES: [(&str, &str, &[&str]); 5] = [
    ("走访台账", "visits", &["走访", "走访记录"]),
    ("项目台账", "projects", &["项目", "项目清单"]),
    ("问题台账", "issues", &["问题", "问题清单"]),
    ("补贴申报汇总表", "application_totals", &["补贴汇总", "补贴汇总表"]),
    ("活动统计表", "activity_totals", &["活动统计"]),
];

pub(super) fn all(gathered: &Gathered, figures: &Figures, masking: Masking) -> Vec<FormList> {
    let cleaner = Cleaner::of_gathered(gathered, masking);
    let mut lists = Vec::new();
    for annex in annexes::tables(gathered, figures, masking, &cleaner) {
        if let Some((_, key, aliases)) = OF_ANNEXES.iter().find(|(title, ..)| *title == annex.title) {
            let columns = annex.table.columns.iter().map(|column| column.title.as_str()).collect::<Vec<_>>();
            let rows = annex.table.rows.iter().map(|row| row.iter().map(FormContent::from).collect());
            lists.push(list(key, annex.title, aliases, &columns, rows.collect()));
        }
    }
    let from_annexes = lists.len();
    let lifted = |household: &Household| {
        let mut roles = vec![role::LIFTED];
        roles.extend(role::MONITORED);
        gathered.has_role(household, &roles)
    };
    let roster = members(gathered, masking, lifted);
    lists.push(list("roster", "花名册", &["脱贫户监测户花名册", "脱贫户花名册"], &MEMBER_COLUMNS, roster));
    lists.push(list("households", "农户", &["农户名单", "户"], &HOUSEHOLD_COLUMNS, households(gathered, masking)));
    lists.push(list("members", "家庭成员", &["人口", "成员"], &MEMBER_COLUMNS, members(gathered, masking, |_| true)));
    lists.push(list("applications", "申报明细", &["申报", "补贴申报"], &APPLICATION_COLUMNS, applications(gathered, masking)));
    lists.push(list("activities", "工作纪实", &["活动", "活动记录"], &ACTIVITY_COLUMNS, activities(gathered)));
    lists.push(list("plans", "下步计划", &["工作计划", "计划"], &PLAN_COLUMNS, plans(gathered)));
    lists.push(list("team_members", "工作队员", &["队员台账"], &TEAM_COLUMNS, team(gathered, masking)));
    for content in lists.iter_mut().skip(from_annexes).flat_map(|list| list.rows.iter_mut().flatten()) {
        if let FormContent::Text(text) = content {
            *text = cleaner.clean(text);
        }
    }
    lists
}

fn list(key: &str, title: &str, aliases: &[&str], columns: &[&str], rows: Vec<Vec<FormContent>>) -> FormList {
    FormList {
        key: key.to_owned(),
        title: title.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows,
    }
}

fn serial(at: usize) -> FormContent {
    count(i64::try_from(at + 1).unwrap_or(0))
}

fn count(count: i64) -> FormContent {
    FormContent::Count { count, approximate: false }
}

fn text(text: impl Into<String>) -> FormContent {
    FormContent::text(text)
}

fn day(day: Option<chrono::NaiveDate>) -> FormContent {
    day.map_or(FormContent::Empty, FormContent::Day)
}

fn money(fen: Option<crate::value::Fen>) -> FormContent {
    fen.map_or(FormContent::Empty, FormContent::Money)
}

const HOUSEHOLD_COLUMNS: [&str; 11] =
    ["序号", "村", "屯（组）", "户主", "户类型", "家庭人口", "住址", "户主证件号码", "联系电话", "帮扶联系人", "帮扶单位"];

fn households(gathered: &Gathered, masking: Masking) -> Vec<Vec<FormContent>> {
    let until = gathered.scope.until();
    let rows = gathered.households.iter().enumerate().map(|(at, stored)| {
        let household = &stored.draft;
        let head = household.head();
        let helper = household.helper_id.and_then(|id| gathered.members.iter().find(|member| member.id == id));
        let phone = if household.phone.is_empty() { head.map_or("", |head| head.phone.as_str()) } else { &household.phone };
        vec![
            serial(at),
            text(village(gathered, household.village_id)),
            text(household.hamlet.clone()),
            head.map_or(FormContent::Empty, |head| name(gathered, masking, head)),
            text(types(gathered, household)),
            count(i64::try_from(household.persons_on(until)).unwrap_or(0)),
            // 住址 to the door is left out of public notices; the hamlet has a column of its own.
            text(if masking == Masking::Public { "" } else { household.address.as_str() }),
            head.map_or(FormContent::Empty, |head| id_number(masking, head)),
            text(masking.phone(phone)),
            text(helper.map_or_else(|| household.helper.clone(), |member| member.draft.name.clone())),
            text(household.helper_unit.clone()),
        ]
    });
    rows.collect()
}

const MEMBER_COLUMNS: [&str; 19] = [
    "序号",
    "村",
    "屯（组）",
    "户主",
    "户类型",
    "姓名",
    "与户主关系",
    "性别",
    "出生年份",
    "民族",
    "证件号码",
    "联系电话",
    "健康状况",
    "文化程度",
    "劳动能力",
    "务工区域",
    "务工月数",
    "开户银行",
    "银行账号",
];

fn members(gathered: &Gathered, masking: Masking, wanted: impl Fn(&Household) -> bool) -> Vec<Vec<FormContent>> {
    let until = gathered.scope.until();
    let mut rows = Vec::new();
    for stored in gathered.households.iter().filter(|stored| wanted(&stored.draft)) {
        for member in stored.draft.members.iter().filter(|member| member.counts_on(until)) {
            rows.push(member_row(gathered, masking, rows.len(), stored, member));
        }
    }
    rows
}

fn member_row(gathered: &Gathered, masking: Masking, at: usize, stored: &Stored<Household>, member: &Member) -> Vec<FormContent> {
    let household = &stored.draft;
    let sex = match member.sex {
        Some(Sex::Male) => "男",
        Some(Sex::Female) => "女",
        None => "",
    };
    let health: Vec<_> = member.health.0.iter().map(|code| gathered.label("health", code)).collect();
    let sensitive = |shown: String| if masking.shows_sensitive_columns() { text(shown) } else { FormContent::Empty };
    vec![
        serial(at),
        text(village(gathered, household.village_id)),
        text(household.hamlet.clone()),
        household.head().map_or(FormContent::Empty, |head| name(gathered, masking, head)),
        text(types(gathered, household)),
        name(gathered, masking, member),
        text(gathered.label("relation", &member.relation)),
        text(sex),
        text(member.birth_year().map_or_else(String::new, |year| year.to_string())),
        text(member.ethnicity.clone()),
        id_number(masking, member),
        text(masking.phone(&member.phone)),
        sensitive(health.join("、")),
        text(gathered.label("education", &member.education)),
        sensitive(gathered.label("labour", &member.labour).to_owned()),
        text(gathered.label("work_area", &member.work_area)),
        member.work_months.map_or(FormContent::Empty, count),
        sensitive(member.bank_name.clone()),
        text(masking.bank_number(&member.bank_number)),
    ]
}

fn name(gathered: &Gathered, masking: Masking, member: &Member) -> FormContent {
    let child = member.age_on(gathered.scope.until()).is_some_and(|age| age < 14);
    text(masking.name(&member.name, child))
}

fn id_number(masking: Masking, member: &Member) -> FormContent {
    match masking.id_number(&member.id_number) {
        number if number.is_empty() => FormContent::Empty,
        number => FormContent::IdNumber(number),
    }
}

fn types(gathered: &Gathered, household: &Household) -> String {
    let until = gathered.scope.until();
    household.types_on(until).map(|code| gathered.label("household_type", code)).collect::<Vec<_>>().join("、")
}

fn village(gathered: &Gathered, id: Id) -> &str {
    gathered.villages.iter().find(|village| village.id == id).map_or("", |village| village.draft.name.as_str())
}

const APPLICATION_COLUMNS: [&str; 17] = [
    "序号",
    "补贴项目",
    "年度",
    "批次",
    "屯（组）",
    "户主",
    "申报人",
    "证件号码",
    "申报日期",
    "批准日期",
    "发放日期",
    "申报金额",
    "批准金额",
    "发放金额",
    "收款人",
    "收款账号",
    "进度",
];

/// Applications that were applied for, approved or paid in the period.
fn applications(gathered: &Gathered, masking: Masking) -> Vec<Vec<FormContent>> {
    let scope = &gathered.scope;
    let programmes: HashMap<Id, &str> = gathered.programmes.iter().map(|p| (p.id, p.draft.name.as_str())).collect();
    let in_period = gathered.applications.iter().filter(|application| {
        let draft = &application.draft;
        [draft.applied_on, draft.approved_on, draft.paid_on].into_iter().any(|day| scope.holds_some(day))
    });
    let rows = in_period.enumerate().map(|(at, application)| {
        let draft = &application.draft;
        let household = gathered.household(draft.household_id).map(|stored| &stored.draft);
        let head = household.and_then(Household::head);
        let applicant =
            household.zip(draft.member_id).and_then(|(household, id)| household.members.iter().find(|m| m.id == Some(id)));
        let person = applicant.or(head);
        vec![
            serial(at),
            text(programmes.get(&draft.programme_id).copied().unwrap_or_default()),
            text(draft.year.to_string()),
            text(draft.batch.clone()),
            text(household.map_or("", |household| household.hamlet.as_str())),
            head.map_or(FormContent::Empty, |head| name(gathered, masking, head)),
            person.map_or(FormContent::Empty, |person| name(gathered, masking, person)),
            person.map_or(FormContent::Empty, |person| id_number(masking, person)),
            day(draft.applied_on),
            day(draft.approved_on),
            day(draft.paid_on),
            money(draft.amount_applied),
            money(draft.amount_approved),
            money(draft.amount_paid),
            text(masking.name(&draft.payee_name, false)),
            text(masking.bank_number(&draft.payee_account)),
            text(draft.step.clone()),
        ]
    });
    rows.collect()
}

const ACTIVITY_COLUMNS: [&str; 8] = ["序号", "日期", "类型", "主题", "地点", "主办单位", "人次", "内容摘要"];

fn activities(gathered: &Gathered) -> Vec<Vec<FormContent>> {
    let rows = gathered.activities.iter().enumerate().map(|(at, stored)| {
        let activity = &stored.draft;
        let persons = activity.counters.iter().find(|counter| counter.subject.is_empty() && counter.unit == "人次");
        vec![
            serial(at),
            FormContent::Day(activity.day),
            text(gathered.label("activity_type", &activity.type_code)),
            text(activity.title.clone()),
            text(activity.place.clone()),
            text(activity.organiser.clone()),
            persons.map_or(FormContent::Empty, |counter| FormContent::Count {
                count: counter.count,
                approximate: activity.approximate,
            }),
            text(activity.summary.clone()),
        ]
    });
    rows.collect()
}

const PLAN_COLUMNS: [&str; 5] = ["序号", "事项", "内容", "目标", "完成时限"];

fn plans(gathered: &Gathered) -> Vec<Vec<FormContent>> {
    let next = gathered.scope.period.next().to_string();
    let ours = gathered.plans.iter().filter(|plan| plan.draft.period == next && plan.draft.status != PlanStatus::Dropped);
    let rows = ours.enumerate().map(|(at, plan)| {
        let plan = &plan.draft;
        vec![serial(at), text(plan.title.clone()), text(plan.text.clone()), text(plan.target.clone()), day(plan.due_on)]
    });
    rows.collect()
}

const TEAM_COLUMNS: [&str; 8] = ["序号", "姓名", "职务", "派出单位", "分工", "联系电话", "政治面貌", "任期开始"];

fn team(gathered: &Gathered, masking: Masking) -> Vec<Vec<FormContent>> {
    let rows = gathered.members.iter().enumerate().map(|(at, stored)| {
        let member = &stored.draft;
        let unit = gathered.units.iter().find(|unit| Some(unit.id) == member.support_unit_id);
        vec![
            serial(at),
            text(member.name.clone()),
            text(gathered.label("member_role", &member.role)),
            text(unit.map_or("", |unit| unit.draft.name.as_str())),
            text(member.duty.clone()),
            text(masking.phone(&member.phone)),
            text(gathered.label("politics", &member.politics)),
            day(member.from_day),
        ]
    });
    rows.collect()
}
