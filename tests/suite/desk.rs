//! What the suite's tests share: a small ledger with one of everything, and typing into it as the window does.

use serde_json::{Value, json};
use zhucun_core::records::{Kind, SaveRequest};
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use zhucun_core::storage::{Kept, Ledger, ListQuery};
use zhucun_core::value::Id;
use zhucun_core::world::FixedWorld;
use zhucun_core::{Finding, Result};

/// The day on which the tests stand.
pub const TODAY: &str = "2026-06-20";

pub fn world() -> Box<FixedWorld> {
    Box::new(FixedWorld::on(TODAY.parse().unwrap()))
}

/// A ledger on disk with a village, a member and a household, gone with the test.
pub struct Desk {
    pub ledger: Ledger,
    pub household: Id,
    pub member: Id,
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = create_ledger(&folder.path().join("石门村.zcj"), world(), &first_page()).unwrap();
        let mut desk = Desk { ledger, household: Id::default(), member: Id::default(), folder };
        desk.member = desk.ledger.store().list(Kind::TeamMember, &ListQuery::default()).unwrap().rows[0].id;
        desk.household = desk.add(Kind::Household, |h| h["members"][0]["name"] = json!("石老三"));
        desk
    }

    /// Over a ledger that is there already, to look at its records.
    pub fn over(ledger: Ledger) -> Self {
        Desk { ledger, household: Id::default(), member: Id::default(), folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("石门村.zcj")
    }

    /// An empty form, filled in as far as the rules ask.
    pub fn draft(&self, kind: Kind) -> Value {
        let mut draft = self.ledger.blank_json(kind).unwrap();
        let household = json!(self.household);
        match kind {
            Kind::Household => draft["members"][0]["name"] = json!("潘七"),
            Kind::Visit => draft["household_ids"] = json!([household]),
            Kind::Issue => draft["title"] = json!("屋顶漏雨"),
            Kind::Application => {
                let (programme, step) = self.programme("危房改造");
                draft["programme_id"] = json!(programme);
                draft["household_id"] = household;
                draft["step"] = step;
            }
            Kind::Project => {
                draft["name"] = json!("上屯护栏");
                draft["category"] = json!("infrastructure");
                draft["budget"] = json!(4_200_000);
                draft["funds"] = json!([{ "source": self.category("fund_source"), "amount": 4_200_000, "note": "" }]);
            }
            Kind::Activity => {
                draft["type_code"] = json!("meeting");
                draft["title"] = json!("村民代表会议");
            }
            Kind::SupportUnit => draft["name"] = json!("县茶产业服务中心"),
            Kind::TeamMember => draft["name"] = json!("罗启明"),
            Kind::Village => draft["name"] = json!("木楼村"),
            Kind::Programme => {
                draft["name"] = json!("秋种补贴");
                draft["unit"] = json!("亩");
                draft["steps"] = json!([{ "name": "收集材料", "stage": "collecting" }]);
            }
            Kind::Plan => draft["title"] = json!("修好水渠"),
            Kind::Indicator => {
                draft["name"] = json!("茶园面积");
                draft["unit"] = json!("亩");
                draft["actual"] = json!(118_000);
            }
            Kind::DictionaryItem => {
                draft["dictionary"] = json!("visit_purpose");
                draft["label"] = json!("反诈宣传进户");
            }
            Kind::Attendance => draft["team_member_id"] = json!(self.member),
            Kind::Outline => draft["title"] = json!("我的半年总结"),
            Kind::Team | Kind::Report | Kind::Attachment => {}
        }
        draft
    }

    /// A shipped programme and its first step.
    pub fn programme(&self, name: &str) -> (Id, Value) {
        let page = self.ledger.store().list(Kind::Programme, &ListQuery { text: name.into(), ..ListQuery::default() }).unwrap();
        let id = page.rows[0].id;
        (id, self.ledger.get_json(Kind::Programme, id).unwrap()["draft"]["steps"][0]["name"].clone())
    }

    /// The first category of a dictionary.
    pub fn category(&self, dictionary: &str) -> String {
        let items = self.ledger.store().all::<zhucun_core::records::dictionary_item::DictionaryItem>().unwrap();
        items.into_iter().find(|item| item.draft.dictionary == dictionary).unwrap().draft.code
    }

    pub fn try_add(&mut self, kind: Kind, change: impl FnOnce(&mut Value)) -> Result<Id> {
        let mut draft = self.draft(kind);
        change(&mut draft);
        self.save(kind, None, draft, vec![])
    }

    pub fn add(&mut self, kind: Kind, change: impl FnOnce(&mut Value)) -> Id {
        self.try_add(kind, change).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"))
    }

    pub fn change(&mut self, kind: Kind, id: Id, change: impl FnOnce(&mut Value)) -> Result<Id> {
        let mut draft = self.ledger.get_json(kind, id).unwrap()["draft"].clone();
        change(&mut draft);
        self.save(kind, Some(id), draft, vec![])
    }

    pub fn save(&mut self, kind: Kind, id: Option<Id>, draft: Value, keep: Vec<Kept>) -> Result<Id> {
        Ok(self.ledger.save_json(SaveRequest { kind, id, version: None, draft, keep })?.id)
    }

    pub fn total(&self, kind: Kind) -> u32 {
        self.ledger.store().list(kind, &ListQuery::default()).unwrap().total
    }

    /// All records of all kinds as JSON, without what only says when and how often something was written.
    pub fn content(&self) -> Value {
        let of_kind = |kind: &Kind| {
            let page = self.ledger.store().list(*kind, &ListQuery { limit: 1000, ..ListQuery::default() }).unwrap();
            let drafts =
                page.rows.iter().map(|row| (row.id.to_string(), self.ledger.get_json(*kind, row.id).unwrap()["draft"].clone()));
            (format!("{kind:?}"), Value::Object(drafts.collect()))
        };
        Value::Object(Kind::ALL.iter().map(of_kind).collect())
    }
}

pub fn first_page() -> NewLedger {
    NewLedger {
        team: "云岭乡石门村驻村工作队".into(),
        township: "云岭乡".into(),
        villages: vec![NewVillage { name: "石门村".into(), hamlets: vec!["上屯".into(), "下屯".into()] }],
        members: vec![NewMember { name: "韦明".into(), role: "first_secretary".into() }],
        ..NewLedger::default()
    }
}

/// The findings of a refusal, as `code at field`.
pub fn found(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} at {}", finding.code, finding.field)).collect()
}
