//! What the user put into a report's text, moved and left out. The text is composed anew each time; these enter at the top and
//! find their place by the names of the blocks that stood beside them.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Report, ReportEdit, Runs};
use crate::records::Check;
use crate::report::document::{Run, text_of};
use crate::storage::{TextList, columns, text_enum};
use crate::value::Id;

/// Step 3: own blocks, moved ones, those left out.
pub(crate) const TABLES: &str = "
CREATE TABLE report_own (
    report_id TEXT NOT NULL REFERENCES report (id),
    position INTEGER NOT NULL,
    block TEXT NOT NULL CHECK (length(block) > 0),
    kind TEXT NOT NULL CHECK (kind IN ('paragraph', 'heading', 'photos', 'table')),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
    runs TEXT NOT NULL CHECK (json_valid(runs)),
    photos TEXT NOT NULL CHECK (json_valid(photos)),
    source TEXT NOT NULL,
    PRIMARY KEY (report_id, position),
    UNIQUE (report_id, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_place (
    report_id TEXT NOT NULL REFERENCES report (id),
    position INTEGER NOT NULL,
    block TEXT NOT NULL CHECK (length(block) > 0),
    section INTEGER NOT NULL CHECK (section IN (0, 1)),
    after TEXT NOT NULL CHECK (json_valid(after)),
    before TEXT NOT NULL CHECK (json_valid(before)),
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_hidden (
    report_id TEXT NOT NULL REFERENCES report (id),
    position INTEGER NOT NULL,
    block TEXT NOT NULL CHECK (length(block) > 0),
    section INTEGER NOT NULL CHECK (section IN (0, 1)),
    text TEXT NOT NULL,
    PRIMARY KEY (report_id, position),
    UNIQUE (report_id, block)
) STRICT, WITHOUT ROWID;
";

/// How the keys of own blocks begin; no template may name a block so.
pub const OWN: &str = "own.";
/// Longest own paragraph, in characters.
pub(super) const LONGEST: usize = 20_000;
/// Most pictures of one block: what fits half a page.
pub const MOST_PHOTOS: usize = 4;

text_enum! {
    /// What an own block is.
    OwnKind {
        /// 段落.
        Paragraph = "paragraph",
        /// 标题.
        Heading = "heading",
        /// 照片.
        Photos = "photos",
        /// 表格.
        Table = "table",
    }
}

/// A block that the user added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportOwn {
    /// Its key, beginning with [`OWN`].
    pub block: String,
    /// What it is.
    pub kind: OwnKind,
    /// 1 to 4 of a heading, else 0.
    #[ts(type = "number")]
    pub level: i64,
    /// The text of a paragraph or heading, without number.
    pub runs: Runs,
    /// The pictures of a photo block.
    pub photos: IdList,
    /// The name of a table.
    pub source: String,
}

/// Where a moved or added block stands. Applied one after the other: a later one knows the order that the earlier ones made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportPlace {
    /// Key of the block.
    pub block: String,
    /// Whether what stands under the heading went along.
    pub section: bool,
    /// Keys of the blocks before it, the nearest first.
    pub after: TextList,
    /// Keys of the blocks behind it, the nearest first.
    pub before: TextList,
}

/// A block that is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportHidden {
    /// Key of the block.
    pub block: String,
    /// Whether what stands under the heading is left out with it.
    pub section: bool,
    /// How it read then, for the list of what is left out.
    pub text: String,
}

/// A list of ids, kept as JSON in one column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "Vec<String>")]
pub struct IdList(pub Vec<Id>);

impl rusqlite::ToSql for IdList {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(json.into())
    }
}

impl FromSql for IdList {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(IdList).map_err(FromSqlError::other)
    }
}

columns! { ReportOwn in "report_own" of "report_id" { block, kind, level, runs, photos, source } }
columns! { ReportPlace in "report_place" of "report_id" { block, section, after, before } }
columns! { ReportHidden in "report_hidden" of "report_id" { block, section, text } }

impl ReportOwn {
    /// What it holds, for lists and messages.
    pub fn in_words(&self) -> String {
        match self.kind {
            OwnKind::Paragraph | OwnKind::Heading => text_of(&self.runs.0),
            OwnKind::Photos => format!("照片{}张", self.photos.0.len()),
            OwnKind::Table => format!("表格：{}", self.source),
        }
    }

    /// What is wrong with its content, in words.
    fn fault(&self) -> Option<String> {
        let length = text_of(&self.runs.0).chars().count();
        let photos = self.photos.0.len();
        match self.kind {
            OwnKind::Paragraph | OwnKind::Heading if text_of(&self.runs.0).trim().is_empty() => Some("请写上文字".to_owned()),
            OwnKind::Paragraph | OwnKind::Heading if length > LONGEST => {
                Some(format!("一段最多{LONGEST}个字，现有{length}个字，请分成几段"))
            }
            OwnKind::Heading if !(1..=4).contains(&self.level) => Some("标题只有一级到四级".to_owned()),
            OwnKind::Photos if !(1..=MOST_PHOTOS).contains(&photos) => Some(format!("一处放1到{MOST_PHOTOS}张照片，请重新选择")),
            OwnKind::Table if self.source.is_empty() => Some("请选择表格".to_owned()),
            _ => None,
        }
    }
}

impl Report {
    /// An own block by key.
    pub fn own(&self, block: &str) -> Option<&ReportOwn> {
        self.own.iter().find(|own| own.block == block)
    }

    /// Whether the user wrote the text of a block.
    pub fn is_by_hand(&self, block: &str) -> bool {
        self.own(block).is_some() || self.edits.iter().any(|edit| edit.block == block)
    }

    /// Writes the text of a block by hand; `base` is what the program would write.
    pub(crate) fn put_text(&mut self, block: &str, runs: Vec<Run>, base: String) {
        if let Some(own) = self.own.iter_mut().find(|own| own.block == block) {
            own.runs = Runs(runs);
            return;
        }
        self.edits.retain(|edit| edit.block != block);
        self.edits.push(ReportEdit { block: block.to_owned(), runs: Runs(runs), base });
    }

    pub(super) fn check_arrangement(&self, check: &mut Check<'_>) {
        let moved = self.places.iter().map(|place| ("places", &place.block)).enumerate();
        let hidden = self.hidden.iter().map(|hidden| ("hidden", &hidden.block)).enumerate();
        for (at, (list, block)) in moved.chain(hidden) {
            check.required(format!("{list}.{at}.block"), "段落编号", block, 300);
        }
        for (at, own) in self.own.iter().enumerate() {
            let key_is_own = own.block.strip_prefix(OWN).is_some_and(|id| Id::parse(id).is_some());
            let twice = self.own.iter().take(at).any(|other| other.block == own.block);
            if !key_is_own || twice {
                check.hard("own_key", format!("own.{at}.block"), "自己加的段落编号不对，请重新添加");
            } else if let Some(fault) = own.fault() {
                check.hard("own_content", format!("own.{at}.runs"), fault);
            }
        }
    }
}
