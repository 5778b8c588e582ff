//! 工作纪实: what the team did besides visits — study, meetings, training, sanitation, news — with its counters.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::team_member::TeamMember;
use super::village::Village;
use super::{BatchField, Check, Kind, Record};
use crate::error::Result;
use crate::search::Searched;
use crate::storage::{
    ListColumn, ListSpec, Loaded, Preset, PresetValue, Store, Stored, TextList, WhenDay, columns, envelope, value_of,
};
use crate::value::Id;

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE activity (",
    envelope!(),
    "
    type_code TEXT NOT NULL CHECK (length(type_code) > 0),
    title TEXT NOT NULL CHECK (length(title) > 0),
    village_id TEXT REFERENCES village (id),
    day TEXT NOT NULL,
    to_day TEXT,
    place TEXT NOT NULL,
    organiser TEXT NOT NULL,
    outlet TEXT NOT NULL,
    duty TEXT NOT NULL,
    approximate INTEGER NOT NULL CHECK (approximate IN (0, 1)),
    summary TEXT NOT NULL,
    other_participants TEXT NOT NULL CHECK (json_valid(other_participants)),
    CHECK (to_day IS NULL OR to_day >= day)
) STRICT;
CREATE INDEX activity_day ON activity (day);
CREATE TABLE activity_counter (
    activity_id TEXT NOT NULL REFERENCES activity (id),
    position INTEGER NOT NULL,
    subject TEXT NOT NULL,
    unit TEXT NOT NULL CHECK (length(unit) > 0),
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (activity_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE activity_participant (
    activity_id TEXT NOT NULL REFERENCES activity (id),
    position INTEGER NOT NULL,
    team_member_id TEXT NOT NULL REFERENCES team_member (id),
    PRIMARY KEY (activity_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE activity_document (
    activity_id TEXT NOT NULL REFERENCES activity (id),
    position INTEGER NOT NULL,
    title TEXT NOT NULL CHECK (length(title) > 0),
    number TEXT NOT NULL,
    PRIMARY KEY (activity_id, position)
) STRICT, WITHOUT ROWID;
"
);

/// What an activity knows since schema 2.
pub(crate) const ADDED: &str = "
ALTER TABLE activity ADD COLUMN items TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(items));
";

/// 工作纪实.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Activity {
    /// 类型, dictionary `activity_type`.
    pub type_code: String,
    /// 事项.
    pub title: String,
    /// 村.
    pub village_id: Option<Id>,
    /// 日期, or the first of several.
    pub day: NaiveDate,
    /// 结束日期.
    pub to_day: Option<NaiveDate>,
    /// 地点.
    pub place: String,
    /// 组织（协办）单位.
    pub organiser: String,
    /// 刊发媒体, of news.
    pub outlet: String,
    /// 职责, dictionary `duty`; empty: the one of the type.
    pub duty: String,
    /// 约数: its counters are printed with 余.
    pub approximate: bool,
    /// 内容.
    pub summary: String,
    /// 其他参加人.
    pub other_participants: TextList,
    /// 要点: what a survey asks, what a meeting talks of, one entry each.
    #[serde(default)]
    pub items: TextList,
    /// 计数.
    pub counters: Vec<ActivityCounter>,
    /// 参加队员.
    pub participant_ids: Vec<ActivityParticipant>,
    /// 印发材料.
    pub documents: Vec<ActivityDocument>,
}

/// A counted quantity. 次, 人次 and 人 are different units and never added together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ActivityCounter {
    /// What is counted, such as 田螺; empty where the unit says it.
    pub subject: String,
    /// 单位: 场, 人次, 份, 斤, 元 …
    pub unit: String,
    /// How many.
    #[ts(type = "number")]
    pub count: i64,
}

/// A member of the team who took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct ActivityParticipant {
    /// The team member.
    pub team_member_id: Id,
}

/// A document issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ActivityDocument {
    /// 题名.
    pub title: String,
    /// 文号.
    pub number: String,
}

columns! { ActivityCounter in "activity_counter" of "activity_id" { subject, unit, count } }
columns! { ActivityParticipant in "activity_participant" of "activity_id" { team_member_id } }
columns! { ActivityDocument in "activity_document" of "activity_id" { title, number } }
columns! { Activity {
    type_code, title, village_id, day, to_day, place, organiser, outlet, duty, approximate, summary, other_participants, items
} parts { counters, participant_ids, documents } }

impl Activity {
    /// The activities that began in a span of days.
    pub fn between(store: Store<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<Stored<Activity>>> {
        store.load("r.deleted_at IS NULL AND r.day BETWEEN ?1 AND ?2", &[value_of(&from), value_of(&to)])
    }
}

impl Record for Activity {
    const KIND: Kind = Kind::Activity;

    const LIST: ListSpec = ListSpec {
        from: "activity r LEFT JOIN village v ON v.id = r.village_id",
        title: "r.title",
        note: "coalesce((SELECT d.label FROM dictionary_item d WHERE d.dictionary = 'activity_type' AND d.code = r.type_code), '')",
        day: "r.day",
        columns: &[
            ListColumn::day("day", "r.day"),
            ListColumn::choice("type_code", "r.type_code"),
            ListColumn::text("title", "r.title"),
            ListColumn::text("village", "v.name"),
            ListColumn::text("place", "r.place"),
            ListColumn::several(
                "counters",
                "(SELECT group_concat(c.subject || c.count || c.unit, '、') FROM activity_counter c WHERE c.activity_id = r.id)",
            ),
            ListColumn::text("organiser", "r.organiser"),
            ListColumn::moment("updated_at", "r.updated_at"),
        ],
        search: &["r.title", "r.place", "r.organiser", "r.summary", "r.outlet"],
        filters: &[
            ("type_code", "r.type_code = {}"),
            ("village", "r.village_id = {}"),
            ("from", "coalesce(r.to_day, r.day) >= {}"),
            ("to", "r.day <= {}"),
            ("participant", "EXISTS (SELECT 1 FROM activity_participant p WHERE p.activity_id = r.id AND p.team_member_id = {})"),
        ],
        presets: &[Preset {
            key: "this_month",
            name: "本月工作纪实",
            filters: &[("from", PresetValue::Day(WhenDay::MonthStart)), ("to", PresetValue::Day(WhenDay::Today))],
        }],
        order: "r.day DESC",
    };

    const BATCH: &'static [BatchField] = &[
        BatchField::set("type_code"),
        BatchField::set("duty"),
        BatchField::set("village_id"),
        BatchField::set("day"),
        BatchField::set("to_day"),
        BatchField::set("place"),
        BatchField::set("organiser"),
        BatchField::set("approximate"),
        BatchField::list("participant_ids"),
        BatchField::list("other_participants"),
    ];

    fn blank(store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let villages = store.all::<Village>()?;
        Ok(Activity {
            type_code: String::new(),
            title: String::new(),
            village_id: villages.first().map(|village| village.id),
            day: today,
            to_day: None,
            place: String::new(),
            organiser: String::new(),
            outlet: String::new(),
            duty: String::new(),
            approximate: false,
            summary: String::new(),
            other_participants: TextList::default(),
            items: TextList::default(),
            counters: Vec::new(),
            participant_ids: Vec::new(),
            documents: Vec::new(),
        })
    }

    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> Id) {
        self.other_participants.0.retain(|name| !name.is_empty());
        self.items.0.retain(|item| !item.is_empty());
    }

    fn search<'r>(&'r self, searched: &mut Searched<'r>) {
        searched.day(Some(self.day));
        searched.name("title", "事项", &self.title);
        searched.name("place", "地点", &self.place);
        searched.name("organiser", "组织（协办）单位", &self.organiser);
        searched.text("summary", "内容", &self.summary);
        searched.text("outlet", "刊发媒体", &self.outlet);
        for document in &self.documents {
            searched.text("documents", "印发材料", &document.title);
            searched.text("documents", "文号", &document.number);
        }
        for item in &self.items.0 {
            searched.text("items", "要点", item);
        }
        for name in &self.other_participants.0 {
            searched.name("other_participants", "其他参加人", name);
        }
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        if self.type_code.is_empty() {
            check.hard("required", "type_code", "请选择类型");
        }
        check.category("type_code", "类型", "activity_type", &self.type_code)?;
        check.category("duty", "职责", "duty", &self.duty)?;
        check.required("title", "事项", &self.title, 200);
        check.longest("summary", "内容", &self.summary, 5000);
        for (at, item) in self.items.0.iter().enumerate() {
            check.longest(format!("items.{at}"), "要点", item, 200);
            if self.items.0.iter().take(at).any(|other| other == item) {
                check.hard("duplicate_item", "items", format!("要点“{item}”写了两次，请删去一条"));
            }
        }
        check.day("day", "日期", Some(self.day), true);
        check.day("to_day", "结束日期", self.to_day, true);
        check.in_order("to_day", ("开始日期", Some(self.day)), ("结束日期", self.to_day));
        check.reference_if::<Village>("village_id", self.village_id)?;
        for participant in &self.participant_ids {
            check.reference::<TeamMember>("participant_ids", participant.team_member_id)?;
        }
        for (at, counter) in self.counters.iter().enumerate() {
            check.required(format!("counters.{at}.unit"), "单位", &counter.unit, 10);
            check.count(format!("counters.{at}.count"), "数量", Some(counter.count), 1_000_000_000_000);
            let same = |other: &ActivityCounter| other.unit == counter.unit && other.subject == counter.subject;
            if self.counters.iter().take(at).any(same) {
                check.hard("duplicate_counter", format!("counters.{at}.unit"), "同一单位填了两次，请合并");
            }
        }
        for (at, document) in self.documents.iter().enumerate() {
            check.required(format!("documents.{at}.title"), "材料题名", &document.title, 200);
        }
        Ok(())
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}
