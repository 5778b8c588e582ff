//! 附件: the ledgers that go with a report, as tables. The summary tables are printed; the long lists are sheets of the workbook.

use std::collections::BTreeMap;

use crate::dictionary::role;
use crate::figures::{Figures, Gathered, activity_counter_key, activity_event_unit, programme_key, project_in_period};
use crate::records::household::{Household, Member};
use crate::records::issue::Issue;
use crate::records::project::Project;
use crate::records::visit::{Visit, VisitMode};
use crate::records::{Kind, RecordRef};
use crate::storage::Stored;
use crate::value::{Id, Masking, Sex};

use super::document::{Align, Annex, Cell, CellValue, Column, Table};
use super::hidden::Cleaner;

/// The annexes that have something to tell and are wanted, numbered.
pub(super) fn wanted(tables: Vec<AnnexTable>, wanted: Option<&[String]>) -> Vec<Annex> {
    let is_wanted = |title: &str| wanted.is_none_or(|wanted| wanted.iter().any(|name| name == title));
    let told = tables.into_iter().filter(|annex| is_wanted(annex.title) && !annex.table.rows.is_empty());
    told.zip(1..).map(|(annex, number)| annex.numbered(number)).collect()
}

/// A ledger that may become an annex.
pub(super) struct AnnexTable {
    pub title: &'static str,
    landscape: bool,
    printed: bool,
    pub table: Table,
}

impl AnnexTable {
    fn numbered(self, number: u32) -> Annex {
        Annex {
            number,
            title: self.title.to_owned(),
            landscape: self.landscape,
            printed: self.printed,
            table: self.table,
            photos: Vec::new(),
        }
    }
}

/// Every ledger, in the order of the annexes, whether it has rows or not.
pub(super) fn tables(gathered: &Gathered, figures: &Figures, masking: Masking, cleaner: &Cleaner) -> Vec<AnnexTable> {
    uncleaned(gathered, figures, masking).cleaned(cleaner)
}

/// The ledgers as they were typed: what was written of a visit or a problem may name a child, or anybody's number.
pub(super) struct Uncleaned(Vec<AnnexTable>);

/// The ledgers before they are cleaned, for which nobody needs to know all names and numbers yet.
pub(super) fn uncleaned(gathered: &Gathered, figures: &Figures, masking: Masking) -> Uncleaned {
    let tables = [
        ("补贴申报汇总表", true, true, applications(gathered, figures)),
        ("项目台账", true, true, projects(gathered, figures)),
        ("问题台账", true, true, issues(gathered, masking)),
        ("活动统计表", false, true, activities(gathered, figures)),
        ("走访台账", true, false, visits(gathered, masking)),
        ("脱贫户监测户花名册", true, false, roster(gathered, masking)),
    ];
    let table = |(title, landscape, printed, table)| AnnexTable { title, landscape, printed, table };
    Uncleaned(tables.into_iter().map(table).collect())
}

impl Uncleaned {
    /// The ledgers as they may be shown.
    pub fn cleaned(mut self, cleaner: &Cleaner) -> Vec<AnnexTable> {
        for cell in self.0.iter_mut().flat_map(|annex| &mut annex.table.rows).flatten() {
            if let CellValue::Text(text) = &mut cell.value {
                let cleaned = cleaner.clean(text);
                *text = cleaned;
            }
        }
        self.0
    }
}

fn columns(columns: &[(&str, Align, u32)]) -> Vec<Column> {
    columns.iter().map(|(title, align, width)| Column { title: (*title).to_owned(), align: *align, width: *width }).collect()
}

fn serial(at: usize) -> Cell {
    Cell::of(CellValue::Count(i64::try_from(at + 1).unwrap_or(0)))
}

fn day(day: Option<chrono::NaiveDate>) -> Cell {
    Cell::of(day.map_or(CellValue::Empty, CellValue::Day))
}

/// A cell that shows a figure; empty where there is no such figure.
fn figure(figures: &Figures, key: &str) -> Cell {
    use crate::figures::FigureValue;
    let Some(figure) = figures.get(key) else { return Cell::of(CellValue::Empty) };
    let value = match figure.value {
        FigureValue::Count(count) | FigureValue::Hundredths(count) => CellValue::Count(count),
        FigureValue::Money(fen) => CellValue::Money(fen),
        FigureValue::Percent(basis_points) => CellValue::Percent(basis_points),
    };
    Cell::of(value).with_figure(key)
}

fn with_record(row: Vec<Cell>, kind: Kind, id: Id) -> Vec<Cell> {
    row.into_iter().map(|cell| if cell.figure.is_some() { cell } else { cell.with_record(RecordRef { kind, id }) }).collect()
}

fn total(label: &str, width: usize, sums: Vec<(usize, Cell)>) -> Option<Vec<Cell>> {
    let mut row = vec![Cell::of(CellValue::Empty); width];
    if let Some(first) = row.first_mut() {
        *first = Cell::text_of(label);
    }
    for (at, sum) in sums {
        if let Some(cell) = row.get_mut(at) {
            *cell = sum;
        }
    }
    Some(row)
}

fn applications(gathered: &Gathered, figures: &Figures) -> Table {
    use Align::{Center, Left, Right};
    let columns = columns(&[
        ("序号", Center, 5),
        ("补贴项目", Left, 20),
        ("申报件数", Right, 8),
        ("申报户数", Right, 8),
        ("申报人数", Right, 8),
        ("申报金额", Right, 13),
        ("批准件数", Right, 8),
        ("批准金额", Right, 13),
        ("发放件数", Right, 8),
        ("发放金额", Right, 13),
    ]);
    let cells = |key: &str| {
        ["count", "households", "persons", "amount_applied", "approved", "amount_approved", "paid", "amount_paid"]
            .map(|name| figure(figures, &format!("{key}.{name}")))
    };
    let mut rows = Vec::new();
    for programme in &gathered.programmes {
        let key = format!("applications.{}", programme_key(programme));
        let told = ["count", "approved", "paid"].iter().any(|name| figures.number(&format!("{key}.{name}")) != 0);
        if told {
            let mut row = vec![serial(rows.len()), Cell::text_of(programme.draft.name.clone())];
            row.extend(cells(&key));
            // 按户申报的项目没有人数, and a zero would read as "nobody".
            if programme.draft.per_household
                && let Some(persons) = row.get_mut(4)
            {
                *persons = Cell::of(CellValue::Empty);
            }
            rows.push(with_record(row, Kind::Programme, programme.id));
        }
    }
    let sums = (2..).zip(cells("applications.all")).filter(|(at, _)| !matches!(at, 3 | 4)).collect();
    Table { unit: Some("金额单位：元".to_owned()), total: total("合计", columns.len(), sums), columns, rows }
}

fn projects(gathered: &Gathered, figures: &Figures) -> Table {
    use Align::{Center, Left, Right};
    let columns = columns(&[
        ("序号", Center, 5),
        ("项目名称", Left, 22),
        ("类别", Center, 9),
        ("资金来源", Left, 18),
        ("总投资", Right, 13),
        ("到位资金", Right, 13),
        ("拨付资金", Right, 13),
        ("支付资金", Right, 13),
        ("完成率", Right, 8),
        ("目前节点", Left, 12),
    ]);
    let ours = gathered.projects.iter().filter(|project| project_in_period(&gathered.scope, &project.draft));
    let rows: Vec<_> = ours.enumerate().map(|(at, project)| project_row(gathered, figures, at, project)).collect();
    let sums = ["budget", "arrived", "appropriated", "paid"].map(|name| figure(figures, &format!("projects.{name}")));
    Table {
        unit: Some("金额单位：元".to_owned()), total: total("合计", columns.len(), (4..).zip(sums).collect()), columns, rows
    }
}

fn project_row(gathered: &Gathered, figures: &Figures, at: usize, project: &Stored<Project>) -> Vec<Cell> {
    let until = gathered.scope.until();
    let own = |name: &str| figure(figures, &format!("project.{}.{name}", project.id));
    // Not filled in is not nothing: the cell stays empty.
    let money = |name: &str, filled: bool| if filled { own(name) } else { Cell::of(CellValue::Empty) };
    let stated = &project.draft;
    let funds = project.draft.funds.iter().map(|fund| gathered.label("fund_source", &fund.source));
    let reached = project.draft.milestones.iter().rfind(|m| m.actual.is_some_and(|day| day <= until));
    let row = vec![
        serial(at),
        Cell::text_of(project.draft.name.clone()),
        Cell::text_of(gathered.label("project_category", &project.draft.category)),
        Cell::text_of(funds.collect::<Vec<_>>().join("、")),
        money("budget", stated.budget.is_some()),
        money("arrived", stated.arrived.is_some()),
        money("appropriated", stated.appropriated.is_some()),
        money("paid", stated.paid.is_some() || !stated.payments.is_empty()),
        own("progress"),
        Cell::text_of(reached.map_or("", |milestone| gathered.label("milestone", &milestone.code))),
    ];
    with_record(row, Kind::Project, project.id)
}

/// Of the period: raised in it, or done in it, or still open.
fn is_in_ledger(gathered: &Gathered, issue: &Stored<Issue>) -> bool {
    let (scope, draft) = (&gathered.scope, &issue.draft);
    scope.holds(draft.raised_on) || scope.holds_some(draft.solved_on) || crate::figures::issue_is_open(gathered, issue)
}

fn issues(gathered: &Gathered, masking: Masking) -> Table {
    use Align::{Center, Left};
    let columns = columns(&[
        ("序号", Center, 5),
        ("问题", Left, 34),
        ("户主", Center, 9),
        ("来源", Center, 10),
        ("提出日期", Center, 13),
        ("责任人", Center, 12),
        ("整改措施", Left, 46),
        ("办理期限", Center, 12),
        ("状态", Center, 9),
        ("销号日期", Center, 12),
    ]);
    let mut ours: Vec<_> = gathered.issues.iter().filter(|issue| is_in_ledger(gathered, issue)).collect();
    ours.sort_by_key(|issue| (issue.draft.raised_on, issue.id));
    let rows = ours.into_iter().enumerate().map(|(at, issue)| {
        let draft = &issue.draft;
        let household = draft.household_id.and_then(|id| gathered.household(id));
        let owner = draft.owner_id.and_then(|id| gathered.members.iter().find(|member| member.id == id));
        let measures: Vec<_> = draft.measures.iter().map(|measure| measure.text.as_str()).collect();
        let row = vec![
            serial(at),
            Cell::text_of(draft.title.clone()),
            Cell::text_of(household.map_or_else(String::new, |household| head_name(&household.draft, masking))),
            Cell::text_of(gathered.label("issue_source", &draft.source)),
            day(Some(draft.raised_on)),
            Cell::text_of(owner.map_or_else(|| draft.owner.clone(), |member| member.draft.name.clone())),
            Cell::text_of(measures.join("；")),
            day(draft.due_on),
            Cell::text_of(draft.status.label()),
            day(draft.closed_on),
        ];
        with_record(row, Kind::Issue, issue.id)
    });
    Table { unit: None, total: None, rows: rows.collect(), columns }
}

fn activities(gathered: &Gathered, figures: &Figures) -> Table {
    use Align::{Center, Left, Right};
    let columns = columns(&[
        ("序号", Center, 5),
        ("类型", Left, 18),
        ("职责", Left, 16),
        ("次数", Right, 10),
        ("单位", Center, 6),
        ("其他计数", Left, 30),
    ]);
    let mut rows = Vec::new();
    for item in gathered.items("activity_type") {
        let key = format!("activities.{}.events", item.code);
        if figures.get(&key).is_none() {
            continue;
        }
        rows.push(vec![
            serial(rows.len()),
            Cell::text_of(item.label.clone()),
            Cell::text_of(gathered.label("duty", &item.duty)),
            figure(figures, &key),
            Cell::text_of(activity_event_unit(item)),
            other_counters(gathered, figures, &item.code, activity_event_unit(item)),
        ]);
    }
    Table { unit: None, total: None, columns, rows }
}

/// The other counters of a type in words; a single one is a figure of its own.
fn other_counters(gathered: &Gathered, figures: &Figures, code: &str, event_unit: &str) -> Cell {
    let counters = gathered.activities.iter().filter(|a| a.draft.type_code == code).flat_map(|a| &a.draft.counters);
    let others = counters.filter(|counter| !(counter.subject.is_empty() && counter.unit == event_unit));
    let keys: BTreeMap<String, &str> =
        others.map(|counter| (activity_counter_key(code, &counter.subject, &counter.unit), counter.subject.as_str())).collect();
    let words = keys.iter().filter_map(|(key, subject)| figures.get(key).map(|figure| format!("{subject}{}", figure.in_words())));
    let cell = Cell::text_of(words.collect::<Vec<_>>().join("、"));
    match keys.keys().next() {
        Some(key) if keys.len() == 1 => cell.with_figure(key.clone()),
        _ => cell,
    }
}

fn head_name(household: &Household, masking: Masking) -> String {
    household.head().map_or_else(String::new, |head| masking.name(&head.name, false))
}

fn visits(gathered: &Gathered, masking: Masking) -> Table {
    use Align::{Center, Left, Right};
    let columns = columns(&[
        ("序号", Center, 5),
        ("走访日期", Center, 13),
        ("屯（组）", Center, 10),
        ("户主", Center, 12),
        ("方式", Center, 9),
        ("走访人", Center, 14),
        ("走访内容", Left, 16),
        ("情况记录", Left, 36),
        ("户次", Right, 6),
        ("人次", Right, 6),
    ]);
    let mut rows = Vec::new();
    let (mut households, mut persons) = (0, 0);
    for visit in &gathered.visits {
        let count = visit.draft.household_ids.iter().filter(|h| gathered.household(h.household_id).is_some()).count();
        let count = if visit.draft.reached() { i64::try_from(count).unwrap_or(0) } else { 0 };
        households += count;
        persons += visit.draft.persons_met;
        rows.push(with_record(visit_row(gathered, masking, rows.len(), visit, count), Kind::Visit, visit.id));
    }
    let sums = vec![
        (8, Cell::of(CellValue::Count(households)).with_figure("visits.household_times")),
        (9, Cell::of(CellValue::Count(persons)).with_figure("visits.person_times")),
    ];
    Table { unit: None, total: total("合计", columns.len(), sums), columns, rows }
}

fn visit_row(gathered: &Gathered, masking: Masking, at: usize, visit: &Stored<Visit>, households: i64) -> Vec<Cell> {
    let draft = &visit.draft;
    let visited: Vec<_> = draft.household_ids.iter().filter_map(|h| gathered.household(h.household_id)).collect();
    let mut hamlets: Vec<&str> = visited.iter().map(|h| h.draft.hamlet.as_str()).collect();
    hamlets.dedup();
    let visitors = draft.visitor_ids.iter().filter_map(|v| gathered.members.iter().find(|member| member.id == v.team_member_id));
    let mut names: Vec<String> = visitors.map(|member| member.draft.name.clone()).collect();
    names.extend(draft.other_visitors.0.iter().cloned());
    let purposes = draft.purposes.iter().map(|purpose| gathered.label("visit_purpose", &purpose.code));
    let mode = match draft.mode {
        VisitMode::InPerson => "面对面",
        VisitMode::Phone => "电话",
        VisitMode::Video => "视频",
        VisitMode::NotReached => "未联系上",
    };
    // What a cadre typed of a family may name anybody, so a public notice does not carry it.
    let content = if masking == Masking::Public { String::new() } else { draft.content.clone() };
    vec![
        serial(at),
        day(Some(draft.day)),
        Cell::text_of(hamlets.join("、")),
        Cell::text_of(visited.iter().map(|h| head_name(&h.draft, masking)).collect::<Vec<_>>().join("、")),
        Cell::text_of(mode),
        Cell::text_of(names.join("、")),
        Cell::text_of(purposes.collect::<Vec<_>>().join("、")),
        Cell::text_of(content),
        Cell::of(CellValue::Count(households)),
        Cell::of(CellValue::Count(draft.persons_met)),
    ]
}

fn roster(gathered: &Gathered, masking: Masking) -> Table {
    use Align::{Center, Left};
    let mut list = vec![
        ("序号", Center, 5),
        ("屯（组）", Center, 10),
        ("户主", Center, 9),
        ("户类型", Left, 18),
        ("姓名", Center, 9),
        ("与户主关系", Center, 9),
        ("性别", Center, 5),
        ("出生年份", Center, 7),
    ];
    if masking.shows_sensitive_columns() {
        list.extend([("证件号码", Center, 20), ("联系电话", Center, 13), ("健康状况", Left, 12)]);
    }
    list.extend([("文化程度", Center, 9), ("务工区域", Center, 9)]);
    let columns = columns(&list);
    let mut roles = vec![role::LIFTED];
    roles.extend(role::MONITORED);
    let until = gathered.scope.until();
    let mut rows = Vec::new();
    for household in gathered.households.iter().filter(|household| gathered.has_role(&household.draft, &roles)) {
        for member in household.draft.members.iter().filter(|member| member.counts_on(until)) {
            let row = roster_row(gathered, masking, rows.len(), household, member);
            rows.push(with_record(row, Kind::Household, household.id));
        }
    }
    Table { unit: None, total: None, columns, rows }
}

fn roster_row(gathered: &Gathered, masking: Masking, at: usize, household: &Stored<Household>, member: &Member) -> Vec<Cell> {
    let until = gathered.scope.until();
    let child = member.age_on(until).is_some_and(|age| age < 14);
    let types: Vec<_> = household.draft.types_on(until).map(|code| gathered.label("household_type", code)).collect();
    let sex = match member.sex {
        Some(Sex::Male) => "男",
        Some(Sex::Female) => "女",
        None => "",
    };
    let mut row = vec![
        serial(at),
        Cell::text_of(household.draft.hamlet.clone()),
        Cell::text_of(head_name(&household.draft, masking)),
        Cell::text_of(types.join("、")),
        Cell::text_of(masking.name(&member.name, child)),
        Cell::text_of(gathered.label("relation", &member.relation)),
        Cell::text_of(sex),
        Cell::text_of(member.birth_year().map_or_else(String::new, |year| year.to_string())),
    ];
    if masking.shows_sensitive_columns() {
        let health: Vec<_> = member.health.0.iter().map(|code| gathered.label("health", code)).collect();
        row.extend([
            Cell::text_of(masking.id_number(&member.id_number)),
            Cell::text_of(masking.phone(&member.phone)),
            Cell::text_of(health.join("、")),
        ]);
    }
    row.extend([
        Cell::text_of(gathered.label("education", &member.education)),
        Cell::text_of(gathered.label("work_area", &member.work_area)),
    ]);
    row
}
