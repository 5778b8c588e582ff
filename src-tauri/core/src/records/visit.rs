//! 走访: who visited which households, when, how and what for; what was found and given.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::household::Household;
use super::issue::{Issue, IssueStatus};
use super::team_member::TeamMember;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{
    ListColumn, ListSpec, Loaded, Preset, PresetValue, Referrer, Store, Stored, TextList, Tx, WhenDay, columns, envelope,
    text_enum, value_of,
};
use crate::value::{Fen, Id};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE visit (",
    envelope!(),
    "
    day TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('in_person', 'phone', 'video', 'not_reached')),
    persons_met INTEGER NOT NULL CHECK (persons_met >= 0),
    other_visitors TEXT NOT NULL CHECK (json_valid(other_visitors)),
    contact_id TEXT REFERENCES member (id) DEFERRABLE INITIALLY DEFERRED,
    content TEXT NOT NULL,
    food TEXT NOT NULL CHECK (food IN ('', 'ok', 'problem', 'na')),
    clothing TEXT NOT NULL CHECK (clothing IN ('', 'ok', 'problem', 'na')),
    education TEXT NOT NULL CHECK (education IN ('', 'ok', 'problem', 'na')),
    medical TEXT NOT NULL CHECK (medical IN ('', 'ok', 'problem', 'na')),
    housing TEXT NOT NULL CHECK (housing IN ('', 'ok', 'problem', 'na')),
    water TEXT NOT NULL CHECK (water IN ('', 'ok', 'problem', 'na')),
    problem TEXT NOT NULL,
    gift TEXT NOT NULL,
    gift_fen INTEGER CHECK (gift_fen >= 0),
    unreached_reason TEXT NOT NULL,
    next_action TEXT NOT NULL
) STRICT;
CREATE INDEX visit_day ON visit (day);
CREATE TABLE visit_household (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    position INTEGER NOT NULL,
    household_id TEXT NOT NULL REFERENCES household (id),
    PRIMARY KEY (visit_id, position),
    UNIQUE (visit_id, household_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_household_household ON visit_household (household_id);
CREATE TABLE visit_visitor (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    position INTEGER NOT NULL,
    team_member_id TEXT NOT NULL REFERENCES team_member (id),
    PRIMARY KEY (visit_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE visit_purpose (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (visit_id, position)
) STRICT, WITHOUT ROWID;
"
);

/// The list's own order without a look at the visits themselves.
pub(crate) const LIST_INDEX: &str = "
DROP INDEX visit_day;
CREATE INDEX visit_day ON visit (day DESC, id, deleted_at);
";

/// 走访.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Visit {
    /// 走访日期.
    pub day: NaiveDate,
    /// 方式.
    pub mode: VisitMode,
    /// 走访人次: persons met, over all households.
    #[ts(type = "number")]
    pub persons_met: i64,
    /// 其他走访人, who are not of the team: village cadres, township leaders.
    pub other_visitors: TextList,
    /// 受访人, if a member of the household.
    pub contact_id: Option<Id>,
    /// 走访内容.
    pub content: String,
    /// 不愁吃.
    pub food: NeedCheck,
    /// 不愁穿.
    pub clothing: NeedCheck,
    /// 义务教育.
    pub education: NeedCheck,
    /// 基本医疗.
    pub medical: NeedCheck,
    /// 住房安全.
    pub housing: NeedCheck,
    /// 饮水安全.
    pub water: NeedCheck,
    /// 发现的问题; becomes an issue of its own when the visit is stored.
    pub problem: String,
    /// 慰问物资.
    pub gift: String,
    /// 慰问金额, of all households together.
    pub gift_fen: Option<Fen>,
    /// 未联系上原因.
    pub unreached_reason: String,
    /// 下一步.
    pub next_action: String,
    /// 户.
    pub household_ids: Vec<VisitHousehold>,
    /// 走访人 of the team.
    pub visitor_ids: Vec<VisitVisitor>,
    /// 走访内容分类, dictionary `visit_purpose`.
    pub purposes: Vec<VisitPurpose>,
}

text_enum! {
    /// 走访方式.
    VisitMode {
        /// 面对面.
        InPerson = "in_person",
        /// 电话.
        Phone = "phone",
        /// 视频、微信.
        Video = "video",
        /// 未联系上.
        NotReached = "not_reached",
    }
}

text_enum! {
    /// What a look at one of the basic needs (两不愁三保障) found.
    NeedCheck {
        /// 未查.
        Unchecked = "",
        /// 无问题.
        Fine = "ok",
        /// 有问题.
        Problem = "problem",
        /// 不适用.
        NotApplicable = "na",
    }
}

/// A visited household.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct VisitHousehold {
    /// The household.
    pub household_id: Id,
}

/// A visitor of the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct VisitVisitor {
    /// The team member.
    pub team_member_id: Id,
}

/// What the visit was for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct VisitPurpose {
    /// Dictionary `visit_purpose`.
    pub code: String,
}

columns! { VisitHousehold in "visit_household" of "visit_id" { household_id } }
columns! { VisitVisitor in "visit_visitor" of "visit_id" { team_member_id } }
columns! { VisitPurpose in "visit_purpose" of "visit_id" { code } }
columns! { Visit {
    day, mode, persons_met, other_visitors, contact_id, content, food, clothing, education, medical, housing, water, problem,
    gift, gift_fen, unreached_reason, next_action
} parts { household_ids, visitor_ids, purposes } }

impl Visit {
    /// Whether anybody of the households was met or spoken to.
    pub fn reached(&self) -> bool {
        self.mode != VisitMode::NotReached
    }

    /// The visits of a span of days, in the order of their ids, without their envelopes.
    pub fn between(store: Store<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<Stored<Visit>>> {
        store.load_bare("r.deleted_at IS NULL AND r.day BETWEEN ?1 AND ?2", &[value_of(&from), value_of(&to)])
    }

    /// The visits to a household on a day.
    pub fn of_day(store: Store<'_>, day: NaiveDate, household: Id) -> Result<Vec<Stored<Visit>>> {
        // By the day first: there are few visits on a day, and a household may have thousands.
        let condition = "r.deleted_at IS NULL AND r.day = ?1 \
            AND EXISTS (SELECT 1 FROM visit_household h WHERE h.visit_id = r.id AND h.household_id = ?2)";
        store.load(condition, &[value_of(&day), value_of(&household)])
    }

    /// The six looks of 两不愁三保障 with their names.
    pub fn basic_needs(&self) -> [(&'static str, &'static str, NeedCheck); 6] {
        [
            ("food", "不愁吃", self.food),
            ("clothing", "不愁穿", self.clothing),
            ("education", "义务教育", self.education),
            ("medical", "基本医疗", self.medical),
            ("housing", "住房安全", self.housing),
            ("water", "饮水安全", self.water),
        ]
    }
}

impl Record for Visit {
    const KIND: Kind = Kind::Visit;

    const LIST_OFFERED: &[(&'static str, &'static str)] = &[
        ("purpose", "SELECT code FROM dictionary_item WHERE dictionary = 'visit_purpose' AND deleted_at IS NULL ORDER BY sort"),
        ("visitor", "SELECT id FROM team_member WHERE deleted_at IS NULL ORDER BY id DESC"),
    ];

    const LIST: ListSpec = ListSpec {
        from: "visit r",
        title: "r.day || ' 走访' || coalesce((SELECT m.name FROM visit_household x JOIN member m ON m.household_id = x.household_id AND m.relation = 'head'
                WHERE x.visit_id = r.id ORDER BY x.position LIMIT 1), '') ||
                CASE WHEN (SELECT count(*) FROM visit_household x WHERE x.visit_id = r.id) > 1
                THEN '等' || (SELECT count(*) FROM visit_household x WHERE x.visit_id = r.id) || '户' ELSE '' END",
        note: "r.content",
        day: "r.day",
        columns: &[
            ListColumn::day("day", "r.day"),
            ListColumn::several("households", "(SELECT group_concat(m.name, '、') FROM visit_household x JOIN member m ON m.household_id = x.household_id AND m.relation = 'head' WHERE x.visit_id = r.id)"),
            ListColumn::number("household_count", "(SELECT count(*) FROM visit_household x WHERE x.visit_id = r.id)"),
            ListColumn::choice("mode", "r.mode"),
            ListColumn::several("purposes", "(SELECT group_concat(d.label, '、') FROM visit_purpose p JOIN dictionary_item d ON d.dictionary = 'visit_purpose' AND d.code = p.code WHERE p.visit_id = r.id)"),
            ListColumn::several("visitors", "(SELECT group_concat(t.name, '、') FROM visit_visitor p JOIN team_member t ON t.id = p.team_member_id WHERE p.visit_id = r.id)"),
            ListColumn::text("content", "r.content"),
            ListColumn::text("problem", "r.problem"),
            ListColumn::moment("updated_at", "r.updated_at"),
        ],
        search: &[
            "r.content", "r.problem", "r.gift", "r.next_action",
            "(SELECT group_concat(m.name, ' ') FROM visit_household x JOIN member m ON m.household_id = x.household_id WHERE x.visit_id = r.id)",
        ],
        filters: &[
            ("from", "r.day >= {}"),
            ("to", "r.day <= {}"),
            ("mode", "r.mode = {}"),
            ("purpose", "EXISTS (SELECT 1 FROM visit_purpose p WHERE p.visit_id = r.id AND p.code = {})"),
            ("visitor", "EXISTS (SELECT 1 FROM visit_visitor p WHERE p.visit_id = r.id AND p.team_member_id = {})"),
            ("household", "r.id IN (SELECT x.visit_id FROM visit_household x WHERE x.household_id = {})"),
            ("has_problem", "r.problem <> '' AND {} <> ''"),
            ("village", "EXISTS (SELECT 1 FROM visit_household x JOIN household h ON h.id = x.household_id WHERE x.visit_id = r.id AND h.village_id = {})"),
        ],
        presets: &[
            Preset {
                key: "this_month",
                name: "本月走访",
                filters: &[("from", PresetValue::Day(WhenDay::MonthStart)), ("to", PresetValue::Day(WhenDay::Today))],
            },
            Preset {
                key: "not_reached",
                name: "本月未联系上",
                filters: &[
                    ("mode", PresetValue::Text("not_reached")),
                    ("from", PresetValue::Day(WhenDay::MonthStart)),
                    ("to", PresetValue::Day(WhenDay::Today)),
                ],
            },
            Preset { key: "has_problem", name: "发现问题的走访", filters: &[("has_problem", PresetValue::Text("1"))] },
        ],
        order: "r.day DESC",
    };

    const REFERRERS: &'static [Referrer] =
        &[Referrer { kind: Kind::Issue, count: "SELECT count(*) FROM issue WHERE visit_id = ?1 AND deleted_at IS NULL" }];

    const BATCH: &'static [BatchField] = &[
        BatchField::set("day"),
        BatchField::set("mode"),
        BatchField::list("purposes"),
        BatchField::list("visitor_ids"),
        BatchField::list("other_visitors"),
        BatchField::set("next_action"),
    ];

    fn blank(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let team = store.all::<TeamMember>()?;
        let on_duty = team.iter().filter(|member| member.draft.serves_on(today));
        Ok(Visit {
            day: today,
            mode: VisitMode::InPerson,
            persons_met: 1,
            other_visitors: TextList::default(),
            contact_id: None,
            content: String::new(),
            food: NeedCheck::Unchecked,
            clothing: NeedCheck::Unchecked,
            education: NeedCheck::Unchecked,
            medical: NeedCheck::Unchecked,
            housing: NeedCheck::Unchecked,
            water: NeedCheck::Unchecked,
            problem: String::new(),
            gift: String::new(),
            gift_fen: None,
            unreached_reason: String::new(),
            next_action: String::new(),
            household_ids: Vec::new(),
            visitor_ids: on_duty.take(1).map(|member| VisitVisitor { team_member_id: member.id }).collect(),
            purposes: vec![VisitPurpose { code: "routine".to_owned() }],
        })
    }

    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> Id) {
        if !self.reached() {
            self.persons_met = 0;
        }
        self.other_visitors.0.retain(|name| !name.is_empty());
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(Some(self.day));
        searched.text("content", "走访内容", &self.content);
        searched.text("problem", "发现的问题", &self.problem);
        searched.text("next_action", "下一步", &self.next_action);
        searched.text("gift", "慰问物资", &self.gift);
        searched.text("unreached_reason", "未联系上原因", &self.unreached_reason);
        for name in &self.other_visitors.0 {
            searched.name("other_visitors", "其他走访人", name);
        }
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        check.day("day", "走访日期", Some(self.day), true);
        check.at_least_one("household_ids", "走访户", &self.household_ids);
        check.at_least_one("purposes", "走访内容", &self.purposes);
        if self.visitor_ids.is_empty() && self.other_visitors.0.is_empty() {
            check.hard("required", "visitor_ids", "请至少填写一名走访人");
        }
        for (at, household) in self.household_ids.iter().enumerate() {
            check.reference::<Household>("household_ids", household.household_id)?;
            if self.household_ids.iter().take(at).any(|other| other == household) {
                check.hard("duplicate_household", "household_ids", "同一户选了两次，请去掉一个");
            }
        }
        for visitor in &self.visitor_ids {
            check.reference::<TeamMember>("visitor_ids", visitor.team_member_id)?;
        }
        for purpose in &self.purposes {
            check.category("purposes", "走访内容", "visit_purpose", &purpose.code)?;
        }
        check.longest("content", "走访内容", &self.content, 5000);
        check.money("gift_fen", "慰问金额", self.gift_fen);
        check.count("persons_met", "走访人次", Some(self.persons_met), 100_000);
        self.check_outcome(check)
    }

    const SAVES_OTHERS: bool = true;

    fn after_save(&self, tx: &mut Tx<'_>, id: Id) -> Result<()> {
        let raised = "SELECT count(*) FROM issue WHERE visit_id = ?1";
        if self.problem.is_empty() || tx.count(raised, &[value_of(&id)])? > 0 {
            return Ok(());
        }
        let mut issue = Issue::blank(**tx, self.day)?;
        issue.title = self.problem.clone();
        issue.source = "visit".to_owned();
        issue.visit_id = Some(id);
        issue.household_id = self.household_ids.first().map(|household| household.household_id);
        issue.status = IssueStatus::Open;
        if let Some(household) = issue.household_id {
            issue.village_id = Some(tx.get::<Household>(household)?.draft.village_id);
        }
        tx.add(issue, &[])?;
        Ok(())
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}

impl Visit {
    fn check_outcome(&self, check: &mut Check<'_>) -> Result<()> {
        if !self.reached() && self.unreached_reason.is_empty() {
            check.hard("required", "unreached_reason", "未联系上的，请填写原因");
        }
        if self.reached() && self.persons_met == 0 {
            check.soft("nobody_met", "persons_met", "已联系上，走访人次却为0，请核对");
        }
        let troubled: Vec<&str> = self
            .basic_needs()
            .iter()
            .filter(|(_, _, finding)| *finding == NeedCheck::Problem)
            .map(|(_, label, _)| *label)
            .collect();
        if !troubled.is_empty() && self.problem.is_empty() {
            check.hard("required", "problem", format!("{}查出问题，请写明是什么问题，保存后转入问题台账", troubled.join("、")));
        }
        check.longest("problem", "发现的问题", &self.problem, 500);
        if let Some(contact) = self.contact_id {
            let ids = serde_json::to_string(&self.household_ids)?;
            let lives_there = "SELECT count(*) FROM member WHERE id = ?1 AND household_id IN (SELECT value FROM json_each(?2))";
            if check.store.count(lives_there, &[value_of(&contact), value_of(&ids)])? == 0 {
                check.hard("dead_reference", "contact_id", "受访人不在所选的户中，请重新选择");
            }
        }
        Ok(())
    }
}
