//! 报告: what a half-year report is compiled from — period, cut-off day, villages, template — and what its user wrote by hand.
//! The text itself is composed anew each time; hand-written paragraphs are records that enter at the top.

mod arrangement;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use arrangement::TABLES as ARRANGEMENT;
pub use arrangement::{IdList, MOST_PHOTOS, OWN, OwnKind, ReportHidden, ReportOwn, ReportPlace};

use super::team_member::TeamMember;
use super::village::Village;
use super::{Check, Kind, Record};
use crate::error::Result;
use crate::report::document::Run;
use crate::storage::{ListColumn, ListSpec, Loaded, Store, Stored, columns, envelope, text_enum, value_of};
use crate::value::{Id, Masking, Period};

pub(crate) const TABLES: &str = concat!(
    "CREATE TABLE report (",
    envelope!(),
    "
    period TEXT NOT NULL CHECK (period GLOB '[12][0-9][0-9][0-9]H[12]'),
    cutoff TEXT NOT NULL,
    template TEXT NOT NULL CHECK (length(template) > 0),
    masking TEXT NOT NULL CHECK (masking IN ('internal', 'township', 'public')),
    addressee TEXT NOT NULL,
    signer TEXT NOT NULL,
    signed_on TEXT
) STRICT;
CREATE TABLE report_village (
    report_id TEXT NOT NULL REFERENCES report (id),
    position INTEGER NOT NULL,
    village_id TEXT NOT NULL REFERENCES village (id),
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_edit (
    report_id TEXT NOT NULL REFERENCES report (id),
    position INTEGER NOT NULL,
    block TEXT NOT NULL,
    runs TEXT NOT NULL CHECK (json_valid(runs)),
    base TEXT NOT NULL,
    PRIMARY KEY (report_id, position),
    UNIQUE (report_id, block)
) STRICT, WITHOUT ROWID;
"
);

/// Step 2: whose or what a report is about.
pub(crate) const ADDED: &str = "
ALTER TABLE report ADD COLUMN member_id TEXT REFERENCES team_member (id);
ALTER TABLE report ADD COLUMN topic TEXT NOT NULL DEFAULT '';
";

/// Step 2: 签发, and the warnings that were answered.
pub(crate) const FINALISING: &str = "
ALTER TABLE report ADD COLUMN finalised_on TEXT;
ALTER TABLE report ADD COLUMN finalised_by TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '' CHECK (length(fingerprint) IN (0, 64));
ALTER TABLE report ADD COLUMN revises TEXT REFERENCES report (id);
CREATE TABLE report_acknowledgement (
    report_id TEXT NOT NULL REFERENCES report (id),
    position INTEGER NOT NULL,
    finding TEXT NOT NULL,
    rule TEXT NOT NULL,
    quote TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) > 0),
    PRIMARY KEY (report_id, position),
    UNIQUE (report_id, finding)
) STRICT, WITHOUT ROWID;
";

/// 报告.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Report {
    /// 报告期, as `2026H1`.
    pub period: String,
    /// 数据截止日期: records after it do not count.
    pub cutoff: NaiveDate,
    /// Name of the template.
    pub template: String,
    /// 脱敏方式.
    pub masking: ReportMasking,
    /// 主送机关; empty: the team's.
    pub addressee: String,
    /// 署名; empty: the team's name.
    pub signer: String,
    /// 成文日期; missing: the cut-off day.
    pub signed_on: Option<NaiveDate>,
    /// 队员, whose work a personal report tells; missing: the first who served.
    #[serde(default)]
    pub member_id: Option<Id>,
    /// 专题, as words joined by 、: a thematic report tells of records that hold one of them; empty: of all.
    #[serde(default)]
    pub topic: String,
    /// 村; empty: all villages of the ledger.
    pub village_ids: Vec<ReportVillage>,
    /// 手写的段落.
    pub edits: Vec<ReportEdit>,
    /// 自己加的段落、标题、照片和表格.
    #[serde(default)]
    pub own: Vec<ReportOwn>,
    /// Where added and moved blocks stand.
    #[serde(default)]
    pub places: Vec<ReportPlace>,
    /// 不要的段落.
    #[serde(default)]
    pub hidden: Vec<ReportHidden>,
    /// 签发日期; missing: a draft. Set by [`crate::storage::Ledger::finalise_report`] alone.
    #[serde(default)]
    pub finalised_on: Option<NaiveDate>,
    /// 签发人, by name as it was.
    #[serde(default)]
    pub finalised_by: String,
    /// 指纹 of the frozen report; empty: a draft.
    #[serde(default)]
    pub fingerprint: String,
    /// The finalised report that this one revises.
    #[serde(default)]
    pub revises: Option<Id>,
    /// 已核对 warnings of the audit.
    #[serde(default)]
    pub acknowledgements: Vec<ReportAcknowledgement>,
}

/// A warning of the audit that the user has answered. It holds while the finding is the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportAcknowledgement {
    /// [`crate::audit::AuditFinding::id`].
    pub finding: String,
    /// Its rule.
    pub rule: String,
    /// The words that it was about.
    pub quote: String,
    /// Why it may stand.
    pub reason: String,
}

text_enum! {
    /// 脱敏方式, as stored.
    ReportMasking {
        /// 报乡镇.
        Township = "township",
        /// 内部.
        Internal = "internal",
        /// 公示.
        Public = "public",
    }
}

impl From<ReportMasking> for Masking {
    fn from(masking: ReportMasking) -> Masking {
        match masking {
            ReportMasking::Township => Masking::Township,
            ReportMasking::Internal => Masking::Internal,
            ReportMasking::Public => Masking::Public,
        }
    }
}

/// A village that the report is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct ReportVillage {
    /// The village.
    pub village_id: Id,
}

/// A block that the user wrote in place of the composed one. Its figures stay figures: they show the value of the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportEdit {
    /// Key of the block.
    pub block: String,
    /// The text.
    pub runs: Runs,
    /// The composed text at the time of writing, to tell later that it would read differently now.
    pub base: String,
}

/// Runs kept as JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "Vec<Run>")]
pub struct Runs(pub Vec<Run>);

impl rusqlite::ToSql for Runs {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        let json = serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(json.into())
    }
}

impl rusqlite::types::FromSql for Runs {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Runs).map_err(rusqlite::types::FromSqlError::other)
    }
}

columns! { ReportVillage in "report_village" of "report_id" { village_id } }
columns! { ReportEdit in "report_edit" of "report_id" { block, runs, base } }
columns! { ReportAcknowledgement in "report_acknowledgement" of "report_id" { finding, rule, quote, reason } }
columns! { Report {
    period, cutoff, template, masking, addressee, signer, signed_on, member_id, topic, finalised_on, finalised_by, fingerprint, revises
} parts { village_ids, edits, own, places, hidden, acknowledgements } }

impl Report {
    /// The latest report of a period and template.
    pub fn latest(store: Store<'_>, period: Period, template: &str) -> Result<Option<Stored<Report>>> {
        let params = [value_of(&period.to_string()), value_of(&template)];
        Ok(store.load("r.deleted_at IS NULL AND r.period = ?1 AND r.template = ?2", &params)?.pop())
    }

    /// The report of a period as it starts: everything of the ledger, for the township.
    pub fn of(period: Period, cutoff: NaiveDate, template: &str) -> Self {
        Report {
            period: period.to_string(),
            cutoff,
            template: template.to_owned(),
            masking: ReportMasking::Township,
            addressee: String::new(),
            signer: String::new(),
            signed_on: None,
            member_id: None,
            topic: String::new(),
            village_ids: Vec::new(),
            edits: Vec::new(),
            own: Vec::new(),
            places: Vec::new(),
            hidden: Vec::new(),
            finalised_on: None,
            finalised_by: String::new(),
            fingerprint: String::new(),
            revises: None,
            acknowledgements: Vec::new(),
        }
    }

    /// 已签发: its text and figures are frozen.
    pub fn is_finalised(&self) -> bool {
        self.finalised_on.is_some()
    }

    /// A finalised report is never changed; a draft becomes one only together with what is frozen of it.
    fn check_finalised(&self, check: &mut Check<'_>) -> Result<()> {
        let stored = check.store.find::<Report>(check.id)?;
        let was = stored.as_ref().is_some_and(|stored| stored.draft.is_finalised());
        if was && stored.is_some_and(|stored| stored.draft != *self) {
            check.hard("finalised", "finalised_on", "这份报告已经签发，不能再改。需要改动的，请另起修订稿");
        } else if !was && (self.is_finalised() || !self.fingerprint.is_empty()) {
            let frozen = check.store.has_frozen(&self.fingerprint, check.id)?;
            if !frozen || !self.is_finalised() {
                let field = if self.is_finalised() { "finalised_on" } else { "fingerprint" };
                check.hard("not_frozen", field, "签发请用“签发”按钮，不能直接填写");
            }
        }
        Ok(())
    }
}

impl Record for Report {
    const KIND: Kind = Kind::Report;

    /// A paragraph written by hand is longer than any field.
    const LONGEST: usize = arrangement::LONGEST;

    const LIST: ListSpec = ListSpec {
        from: "report r",
        title: "substr(r.period, 1, 4) || CASE substr(r.period, 5) WHEN 'H1' THEN '年上半年' ELSE '年下半年' END || ' ' ||
                coalesce((SELECT o.title FROM outline o WHERE o.id = r.template), CASE r.template
                    WHEN 'work-team' THEN '驻村工作队半年总结' WHEN 'personal' THEN '个人半年小结'
                    WHEN 'kickoff' THEN '工作队开局情况汇报' WHEN 'township' THEN '乡镇工作开展情况汇报'
                    WHEN 'revitalization' THEN '五大振兴工作汇报' WHEN 'thematic' THEN '专题工作汇报' ELSE r.template END)",
        note: "CASE WHEN r.finalised_on IS NULL THEN '草稿' ELSE '已签发' END",
        day: "r.cutoff",
        columns: &[
            ListColumn::choice("period", "r.period"),
            ListColumn::choice("template", "r.template"),
            ListColumn::day("cutoff", "r.cutoff"),
            ListColumn::day("finalised_on", "r.finalised_on"),
            ListColumn::number("edits", "(SELECT count(*) FROM report_edit e WHERE e.report_id = r.id)"),
            ListColumn::moment("updated_at", "r.updated_at"),
        ],
        search: &["r.period", "r.template"],
        filters: &[("period", "r.period = {}"), ("template", "r.template = {}")],
        presets: &[],
        order: "r.period DESC, r.updated_at DESC",
    };

    fn blank(_store: Store<'_>, today: NaiveDate) -> Result<Self> {
        let period = Period::due_on(today);
        Ok(Report::of(period, period.last_day().min(today).max(period.first_day()), "work-team"))
    }

    fn check(&self, check: &mut Check<'_>) -> Result<()> {
        match Period::parse(&self.period) {
            None => check.hard("required", "period", "请选择报告期"),
            Some(period) if self.cutoff < period.first_day() || self.cutoff > period.last_day() => {
                check.hard("out_of_range", "cutoff", format!("截止日期应在{}之内", period.in_words()));
            }
            Some(_) => {}
        }
        check.required("template", "报告模板", &self.template, 60);
        check.longest("addressee", "主送机关", &self.addressee, 60);
        check.longest("signer", "署名", &self.signer, 60);
        check.day("signed_on", "成文日期", self.signed_on, false);
        check.reference_if::<TeamMember>("member_id", self.member_id)?;
        check.longest("topic", "专题", &self.topic, 60);
        for village in &self.village_ids {
            check.reference::<Village>("village_ids", village.village_id)?;
        }
        for (at, edit) in self.edits.iter().enumerate() {
            check.required(format!("edits.{at}.block"), "段落编号", &edit.block, 300);
        }
        for (at, answer) in self.acknowledgements.iter().enumerate() {
            check.required(format!("acknowledgements.{at}.reason"), "理由", &answer.reason, 500);
        }
        self.check_arrangement(check);
        self.check_finalised(check)
    }

    fn load_parts(loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Self::attach_parts(loaded)
    }

    fn store_parts(&self, connection: &Connection, id: Id, is_new: bool) -> Result<()> {
        self.replace_parts(connection, id, is_new)
    }
}
