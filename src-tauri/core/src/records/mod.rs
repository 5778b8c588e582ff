//! The record types. One file each, in this order: tables · type · rules · list. The name of a record is the same word
//! in tables, files, commands and folders.

pub mod activity;
pub mod application;
pub mod attachment;
pub mod attendance;
pub mod batch;
mod check;
pub mod dictionary_item;
mod door;
pub mod household;
pub mod indicator;
pub mod issue;
pub mod outline;
pub mod plan;
pub mod programme;
pub mod project;
pub mod report;
pub mod support_unit;
pub mod team;
pub mod team_member;
pub(crate) mod traces;
pub mod twins;
pub mod village;
pub mod visit;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use batch::BatchField;
pub use check::Check;
pub(crate) use check::Seen;
pub use door::{SaveRequest, Saved};

use crate::error::Result;
use crate::search::Searched;
use crate::storage::{ListSpec, Loaded, Referrer, Row, Store, Tx};
use crate::value::Id;

/// What every record type says of itself. The type holds the content alone, as a form edits it; id, version and
/// times are added by [`crate::storage::Stored`] and can never be set from outside.
pub trait Record: Row + Clone + PartialEq + Serialize + DeserializeOwned {
    /// Which kind it is.
    const KIND: Kind;
    /// How it is listed, found and called.
    const LIST: ListSpec;
    /// The tables of its list's order as indices lead through them, where SQLite would not go that way by itself.
    const LIST_WALK: Option<&'static str> = None;
    /// Filters that look at the parts of every row, with the SQL of the values that they are offered with: read ahead.
    const LIST_OFFERED: &[(&'static str, &'static str)] = &[];
    /// Who may refer to it, and so keeps it from being deleted.
    const REFERRERS: &'static [Referrer] = &[];
    /// Which of its records the recycle bin lists.
    const IN_BIN: &'static str = "r.deleted_at IS NOT NULL";

    /// Columns that keep what follows from its parts, so that lists need not look there; in the order of [`Record::derived`].
    const DERIVED: &'static [&'static str] = &[];

    /// Most characters of any of its texts, for fields without a rule of their own.
    const LONGEST: usize = 5000;

    /// Fields that may be changed in many records at once (批量修改).
    const BATCH: &'static [BatchField] = &[];

    /// What an empty form starts with.
    fn blank(store: Store<'_>, today: NaiveDate) -> Result<Self>;

    /// The values of [`Record::DERIVED`].
    fn derived(&self) -> Vec<rusqlite::types::Value> {
        Vec::new()
    }

    /// Brings typed values to their kept form, and gives ids to parts that need one.
    fn tidy(&mut self, _new_id: &mut dyn FnMut() -> Id) {}

    /// The rules, hard and soft.
    fn check(&self, check: &mut Check<'_>) -> Result<()>;

    /// What else changes with fields that were changed in many records at once: what a form does as one types.
    fn follow_batch(&mut self, _store: Store<'_>, _changed: &[&str], _day: NaiveDate) -> Result<()> {
        Ok(())
    }

    /// Whether storing it may store other records as well. One that does not is refused before anything of it is written.
    const SAVES_OTHERS: bool = false;

    /// What else happens when it is stored, in the same transaction.
    fn after_save(&self, _tx: &mut Tx<'_>, _id: Id) -> Result<()> {
        Ok(())
    }

    /// Reads the parts that have tables of their own.
    fn load_parts(_loaded: &mut Loaded<'_, Self>) -> Result<()> {
        Ok(())
    }

    /// Stores them; of a new record nothing is there to be replaced.
    fn store_parts(&self, _connection: &Connection, _id: Id, _is_new: bool) -> Result<()> {
        Ok(())
    }

    /// Which of its fields the search looks through; see [`crate::search`].
    fn search<'r>(&'r self, _searched: &mut Searched<'r>) {}
}

/// One record: which kind and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct RecordRef {
    /// The kind.
    pub kind: Kind,
    /// The record.
    pub id: Id,
}

macro_rules! kinds {
    ($d:tt $($(#[$doc:meta])* $kind:ident = $word:literal $label:literal $type:path,)*) => {
        /// The kinds of record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        pub enum Kind { $($(#[$doc])* #[serde(rename = $word)] $kind,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),*];

            /// Its name in tables, files and commands.
            pub fn word(self) -> &'static str {
                match self { $(Kind::$kind => $word,)* }
            }

            /// Its table.
            pub fn table(self) -> &'static str {
                self.word()
            }

            /// Its Chinese name.
            pub fn label(self) -> &'static str {
                match self { $(Kind::$kind => $label,)* }
            }
        }

        /// Runs code with `R` standing for the record type of a kind.
        macro_rules! for_each_kind {
            ($d of:expr, $d r:ident => $d body:expr) => {
                match $d of { $($crate::records::Kind::$kind => { type $d r = $type; $d body })* }
            };
        }
        pub(crate) use for_each_kind;
    };
}

kinds! { $
    /// 工作队.
    Team = "team" "工作队" crate::records::team::Team,
    /// 后盾单位.
    SupportUnit = "support_unit" "后盾单位" crate::records::support_unit::SupportUnit,
    /// 队员.
    TeamMember = "team_member" "队员" crate::records::team_member::TeamMember,
    /// 驻村天数.
    Attendance = "attendance" "考勤" crate::records::attendance::Attendance,
    /// 村.
    Village = "village" "村" crate::records::village::Village,
    /// 户.
    Household = "household" "农户" crate::records::household::Household,
    /// 走访.
    Visit = "visit" "走访" crate::records::visit::Visit,
    /// 诉求与问题.
    Issue = "issue" "问题" crate::records::issue::Issue,
    /// 补贴项目.
    Programme = "programme" "补贴项目" crate::records::programme::Programme,
    /// 申报.
    Application = "application" "申报" crate::records::application::Application,
    /// 项目.
    Project = "project" "项目" crate::records::project::Project,
    /// 工作纪实.
    Activity = "activity" "工作纪实" crate::records::activity::Activity,
    /// 下步计划.
    Plan = "plan" "计划" crate::records::plan::Plan,
    /// 指标.
    Indicator = "indicator" "指标" crate::records::indicator::Indicator,
    /// 报告.
    Report = "report" "报告" crate::records::report::Report,
    /// 报告模板.
    Outline = "outline" "报告模板" crate::records::outline::UserOutline,
    /// 分类字典.
    DictionaryItem = "dictionary_item" "分类" crate::records::dictionary_item::DictionaryItem,
    /// 附件.
    Attachment = "attachment" "照片" crate::records::attachment::Attachment,
}

impl rusqlite::ToSql for Kind {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

impl rusqlite::types::FromSql for Kind {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        let word = value.as_str()?;
        Kind::ALL.iter().copied().find(|kind| kind.word() == word).ok_or(rusqlite::types::FromSqlError::InvalidType)
    }
}
