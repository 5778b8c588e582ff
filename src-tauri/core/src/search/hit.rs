//! A found record as it is shown: how it is called, and the words around the place that was found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::find::Asked;
use super::fold::{fold_number, push_folded};
use super::searched::{Field, FieldSort, Searched};
use crate::error::Result;
use crate::records::{Kind, Record, RecordRef, for_each_kind};
use crate::storage::{Store, value_of};
use crate::value::{Id, Spelled, cover_numbers};

/// A found record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hit {
    /// The kind.
    pub kind: Kind,
    /// The record.
    pub id: Id,
    /// Its name in one line.
    pub title: String,
    /// What stands smaller beside it.
    pub note: String,
    /// Its day.
    pub day: Option<String>,
    /// Key of the field in which it was found.
    pub field: String,
    /// That field's Chinese name, with the person whom it tells of where that is not clear.
    pub label: String,
    /// The words around the place.
    pub snippet: Vec<SnippetPiece>,
}

impl Hit {
    /// The words around the place as one text.
    pub fn snippet_text(&self) -> String {
        self.snippet.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// A part of a snippet: what was found, or what stands around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnippetPiece {
    /// The words.
    pub text: String,
    /// Whether this is what was found.
    pub found: bool,
}

/// Characters shown before what was found, and altogether.
const BEFORE: usize = 12;
const LENGTH: usize = 48;

impl Store<'_> {
    /// What is shown of the records at some places, in their order.
    pub(super) fn hits(self, asked: &Asked, kind: Kind, places: &[i64]) -> Result<Vec<Hit>> {
        let mut statement = self.connection.prepare_cached("SELECT record_id FROM search_text WHERE place = ?1")?;
        let ids = places.iter().map(|place| statement.query_row([place], |row| row.get(0)));
        let ids = ids.collect::<rusqlite::Result<Vec<Id>>>()?;
        for_each_kind!(kind, R => self.hits_of::<R>(asked, &ids))
    }

    fn hits_of<R: Record>(self, asked: &Asked, ids: &[Id]) -> Result<Vec<Hit>> {
        let references: Vec<RecordRef> = ids.iter().map(|id| RecordRef { kind: R::KIND, id: *id }).collect();
        let titles = self.titles(&references)?;
        let records = self.load::<R>("r.id IN (SELECT value FROM json_each(?1))", &[value_of(&serde_json::to_string(ids)?)])?;
        let mut hits = Vec::new();
        for title in titles {
            let Some(record) = records.iter().find(|record| record.id == title.id) else { continue };
            let mut searched = Searched::default();
            record.draft.search(&mut searched);
            let Some((field, snippet)) = searched.shown(asked) else { continue };
            hits.push(Hit {
                kind: R::KIND,
                id: title.id,
                title: title.title,
                note: title.note,
                day: title.day,
                field: field.key.to_owned(),
                label: if field.whose.is_empty() { field.label.to_owned() } else { format!("{}　{}", field.whose, field.label) },
                snippet,
            });
        }
        Ok(hits)
    }
}

impl<'r> Searched<'r> {
    /// The field that is shown, with the words around what was found: the text as typed before what only its letters or
    /// digits say.
    fn shown(&self, asked: &Asked) -> Option<(&Field<'r>, Vec<SnippetPiece>)> {
        let of = |ways: fn(&Asked, &Field<'_>) -> Option<Vec<SnippetPiece>>| {
            self.fields.iter().find_map(|field| Some((field, ways(asked, field)?)))
        };
        of(by_text).or_else(|| of(by_letters)).or_else(|| of(by_number))
    }
}

fn folded(field: &Field<'_>) -> String {
    let mut folded = String::with_capacity(field.text.len());
    push_folded(&mut folded, field.text);
    folded
}

fn by_text(asked: &Asked, field: &Field<'_>) -> Option<Vec<SnippetPiece>> {
    if matches!(field.sort, FieldSort::Number(_)) {
        return None;
    }
    let folded = folded(field);
    let at = folded.find(&asked.text)?;
    let from = folded.get(..at)?.chars().count();
    Some(pieces(field.text, from, from + asked.text.chars().count()))
}

fn by_letters(asked: &Asked, field: &Field<'_>) -> Option<Vec<SnippetPiece>> {
    let letters = asked.letters.as_deref().filter(|_| matches!(field.sort, FieldSort::Name))?;
    let (from, to) = Spelled::of(&folded(field)).find(letters)?;
    Some(pieces(field.text, from, to))
}

fn by_number(asked: &Asked, field: &Field<'_>) -> Option<Vec<SnippetPiece>> {
    let FieldSort::Number(mask) = field.sort else { return None };
    let holds = fold_number(field.text).contains(asked.digits.as_deref()?);
    holds.then(|| vec![SnippetPiece { text: mask(field.text), found: true }])
}

/// The characters from `from` to `to` with those around them.
/// Numbers that somebody wrote into the text are covered, also where they are what was found.
fn pieces(text: &str, from: usize, to: usize) -> Vec<SnippetPiece> {
    let characters: Vec<char> = cover_numbers(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let start = if characters.len() <= LENGTH { 0 } else { from.saturating_sub(BEFORE) };
    let end = (start + LENGTH).max(to).min(characters.len());
    let part = |from: usize, to: usize| characters.get(from..to).unwrap_or_default().iter().collect::<String>();
    let before = format!("{}{}", if start > 0 { "…" } else { "" }, part(start, from));
    let after = format!("{}{}", part(to, end), if end < characters.len() { "…" } else { "" });
    let pieces = [(before, false), (part(from, to), true), (after, false)];
    pieces.into_iter().filter(|(text, _)| !text.is_empty()).map(|(text, found)| SnippetPiece { text, found }).collect()
}
