//! 一句话记录: one typed line becomes the filled form of a visit, an activity, an application or an issue.
//!
//! The road: the line's days, names and words, letters and numbers are recognised ([`line::Spots`]); they decide which
//! kind of record it is; that kind takes them as its fields ([`Reading`]). Nothing is stored: the form that the reading
//! fills is saved, or not, by the user. What people call things stands in `words.txt`, not in code.

mod activity;
mod application;
mod clauses;
mod counts;
mod dates;
mod days;
mod issue;
mod kind;
mod line;
mod numbers;
mod people;
mod reader;
mod scene;
#[cfg(test)]
mod tests;
mod visit;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use reader::Reader;
pub use vocabulary::Vocabulary;

use crate::error::Result;
use crate::records::Kind;
use crate::value::Id;
use line::{Line, Spots};
use scene::Scene;

/// A line to read, and what the user has said about it so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Asked {
    /// The line as typed.
    pub line: String,
    /// The kind, where the user chose it.
    pub kind: Option<Kind>,
    /// Who is meant by a name, by the name as typed; the nil id: nobody of the village.
    pub chosen: BTreeMap<String, Id>,
}

impl Asked {
    /// A line about which nothing more is known.
    pub fn line(line: &str) -> Self {
        Asked { line: line.to_owned(), ..Asked::default() }
    }
}

/// What was understood of a line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Reading {
    /// The kind of record; nothing where the line does not say: the user is asked.
    pub kind: Option<Kind>,
    /// The record as its form takes it.
    #[ts(type = "unknown")]
    pub draft: Option<Value>,
    /// The stretches of the line that were understood, in its order.
    pub pieces: Vec<Piece>,
    /// Names that several people may bear: the user chooses.
    pub choices: Vec<Choice>,
    /// Fields of the draft that the line filled.
    pub fields: Vec<String>,
    /// What stayed text, and where it went.
    pub rest: Option<Rest>,
    /// What the user should know besides.
    pub notes: Vec<String>,
    /// Whether the ledger has households, whose people a line can name.
    pub knows_people: bool,
}

/// An understood stretch of the line; places count characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Piece {
    /// First character.
    #[ts(type = "number")]
    pub from: usize,
    /// The one behind the last.
    #[ts(type = "number")]
    pub to: usize,
    /// What sort of thing it is, for its colour.
    pub sort: PieceSort,
    /// The field it went into; empty where it only helped to understand.
    pub field: String,
    /// What it was understood as, such as 日期：2026-11-24.
    pub label: String,
}

/// Sorts of understood stretches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PieceSort {
    /// 日期、年度、学期.
    Day,
    /// 农户、家庭成员、队员.
    Person,
    /// 村、屯、地点.
    Place,
    /// 方式、分类、类型、补贴项目.
    Category,
    /// 金额、数量.
    Number,
    /// 问题.
    Trouble,
}

/// A name that the user must decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    /// First character.
    #[ts(type = "number")]
    pub from: usize,
    /// The one behind the last.
    #[ts(type = "number")]
    pub to: usize,
    /// The name as typed.
    pub text: String,
    /// Why it is asked.
    pub why: ChoiceReason,
    /// Who may be meant, heads of households first.
    pub candidates: Vec<Candidate>,
    /// How many more may be meant than are listed.
    #[ts(type = "number")]
    pub more: usize,
}

/// Why a name is not clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceReason {
    /// Several people bear it.
    SameName,
    /// The letters fit several.
    Letters,
    /// Nobody bears it, but it sounds like somebody's.
    SoundsAlike,
}

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Candidate {
    /// The person.
    pub id: Id,
    /// 姓名.
    pub name: String,
    /// Where and in whose household: 木楼屯 · 石大山家.
    pub note: String,
}

/// What stayed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rest {
    /// The field that keeps it.
    pub field: String,
    /// The field's name.
    pub label: String,
    /// The text.
    pub text: String,
}

/// Reads a line. `me` is the member of the team who types, where that is known.
pub fn read(asked: &Asked, vocabulary: &Vocabulary, today: NaiveDate, me: Option<Id>) -> Result<Reading> {
    let line = Line::of(&asked.line);
    let spots = recognise(&line, vocabulary, today);
    let mut scene = Scene::new(&line, &spots, vocabulary, asked, me);
    let kind = asked.kind.filter(|kind| KINDS.contains(kind)).or_else(|| scene.kind());
    let draft = match kind {
        Some(Kind::Visit) => Some(serde_json::to_value(visit::fill(&mut scene))?),
        Some(Kind::Activity) => Some(serde_json::to_value(activity::fill(&mut scene))?),
        Some(Kind::Application) => Some(serde_json::to_value(application::fill(&mut scene))?),
        Some(Kind::Issue) => Some(serde_json::to_value(issue::fill(&mut scene))?),
        _ => {
            scene.tell_what_is_known();
            None
        }
    };
    Ok(scene.into_reading(kind, draft))
}

/// The kinds of record that a line can become.
const KINDS: &[Kind] = &[Kind::Visit, Kind::Activity, Kind::Application, Kind::Issue];

/// Days before names, names and words before numbers: 潘七 is no count, and 3月5日 no two numbers.
fn recognise(line: &Line, vocabulary: &Vocabulary, today: NaiveDate) -> Spots {
    let mut spots = Spots::none(line);
    days::find(line, today, &mut spots, |at| vocabulary.people.longest_at(line, at).0);
    vocabulary.find(line, &mut spots);
    counts::find(line, &vocabulary.terms.units, &mut spots);
    spots
}
