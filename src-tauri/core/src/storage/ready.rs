//! A draft made ready to be stored, as far as that needs no ledger: tidied, its texts in their kept form, written out as JSON. Of
//! many records this can be done beside the storing of others.

use super::snapshot;
use crate::error::Result;
use crate::records::Record;
use crate::value::{Id, is_kept_form, is_plain, normalise};

/// A draft that is tidied and in its kept form.
pub struct Ready<R> {
    draft: R,
    length: usize,
    snapshot: String,
}

impl<R: Record> Ready<R> {
    /// Makes a draft ready; parts that have none yet get their ids. Nearly all texts are in their kept form already, and seeing
    /// that is cheaper than taking the draft apart; where one is not, what tidying looks at may have changed.
    pub fn of(mut draft: R, new_id: &mut dyn FnMut() -> Id) -> Result<Self> {
        draft.tidy(new_id);
        let json = serde_json::to_string(&draft)?;
        if is_kept_json(&json) {
            return Ok(Ready::kept(draft, &json));
        }
        let mut content = serde_json::to_value(draft)?;
        normalise_all(&mut content);
        let mut draft: R = serde_json::from_value(content)?;
        draft.tidy(new_id);
        let json = serde_json::to_string(&draft)?;
        Ok(Ready::kept(draft, &json))
    }

    fn kept(draft: R, json: &str) -> Self {
        Ready { draft, length: json.len(), snapshot: snapshot::written(json, false) }
    }

    /// The draft.
    pub fn draft(&self) -> &R {
        &self.draft
    }

    /// How long the draft is as JSON, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The draft as the change log keeps it.
    pub(super) fn snapshot(&self) -> &str {
        &self.snapshot
    }

    /// The draft by itself.
    pub fn into_draft(self) -> R {
        self.draft
    }
}

/// Whether every text in compact JSON is surely in its kept form. White space beside a quotation mark may be that of a text's
/// edge, since nothing else in compact JSON has any; an escape may be a control character.
fn is_kept_json(json: &str) -> bool {
    let bytes = json.as_bytes();
    let (mut at, mut all_plain) = (0, true);
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'"' if bytes.get(at + 1) == Some(&b' ') || at > 0 && bytes.get(at - 1) == Some(&b' ') => return false,
            b'\\' if !matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => return false,
            b'\\' => 2,
            b' '..=b'~' => 1,
            // U+5000 to U+9FFF: Chinese characters of three bytes, all of them plain.
            0xe5..=0xe9 => 3,
            _ => {
                let (before, rest) = json.split_at_checked(at).unwrap_or_default();
                let Some(c) = rest.chars().next() else { return false };
                if c.is_whitespace()
                    && (before.ends_with('"') || rest.get(c.len_utf8()..).is_some_and(|rest| rest.starts_with('"')))
                {
                    return false;
                }
                all_plain &= is_plain(c);
                c.len_utf8()
            }
        };
    }
    all_plain || is_kept_form(json)
}

/// Brings every text of a draft to its kept form.
fn normalise_all(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) if !is_kept_form(text) => *text = normalise(text),
        Value::Array(items) => items.iter_mut().for_each(normalise_all),
        Value::Object(fields) => fields.values_mut().for_each(normalise_all),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_surely_kept_is_kept(texts in proptest::collection::vec("[ 　\\t\\n\r\u{0}\u{7f}\"\\\\a石é e\u{301}\u{ac00}\u{1100}\u{1161}：]{0,6}", 0..4)) {
            let json = serde_json::to_string(&texts).unwrap();
            prop_assert!(!is_kept_json(&json) || texts.iter().all(|text| is_kept_form(text)), "{json}");
        }
    }

    #[test]
    fn ordinary_records_are_surely_kept() {
        let json =
            r#"{"name":"石老三","id_number":"11010519491231002X","note":"他说\"漏雨\"，已报乡镇","members":[],"fen":null}"#;
        assert!(is_kept_json(json), "or the shorter way is never taken");
        for odd in [" 石", "石 ", "e\u{301}", "\u{301}", "a\u{0}b", "a\r"] {
            assert!(!is_kept_json(&serde_json::to_string(odd).unwrap()), "{odd:?}");
        }
    }
}
