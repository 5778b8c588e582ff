//! A record's state as the change log keeps it: what is empty is not written, since most fields of most records are. What is
//! not there is empty again when it is read.

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value};

use crate::error::Result;

/// A record's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Snapshot<D> {
    pub draft: D,
    pub deleted: bool,
}

/// A state as a line of the log, of a draft's JSON as `serde_json` writes it. Fields of the draft and of its parts that are empty
/// are left out; what lies deeper stays as it is. An import writes many thousands of them: the text is gone through once, and
/// no value is made of it.
pub(super) fn written(draft: &str, deleted: bool) -> String {
    let mut line = String::with_capacity(draft.len() + 32);
    line.push_str(r#"{"draft":"#);
    let start = line.len();
    if without_empty(draft, true, &mut line).is_none() {
        line.truncate(start);
        line.push_str(draft);
    }
    line.push_str(if deleted { r#","deleted":true}"# } else { r#","deleted":false}"# });
    line
}

/// Writes an object without its empty fields, and the objects of its lists in the same way where they are its parts; answers
/// with what follows it. Nothing where it is no object.
fn without_empty<'j>(object: &'j str, has_parts: bool, line: &mut String) -> Option<&'j str> {
    let mut rest = object.strip_prefix('{')?;
    line.push('{');
    let mut is_first = true;
    while !rest.starts_with('}') {
        let (field, value) = split_value(rest.strip_prefix(',').unwrap_or(rest))?;
        let value = value.strip_prefix(':')?;
        if let Some(after) = ["null", r#""""#, "[]"].iter().find_map(|empty| value.strip_prefix(empty)) {
            rest = after;
            continue;
        }
        if !std::mem::take(&mut is_first) {
            line.push(',');
        }
        line.push_str(field);
        line.push(':');
        rest = if has_parts && value.starts_with("[{") {
            parts(value, line)?
        } else {
            let (value, after) = split_value(value)?;
            line.push_str(value);
            after
        };
    }
    line.push('}');
    rest.get(1..)
}

fn parts<'j>(list: &'j str, line: &mut String) -> Option<&'j str> {
    let mut rest = list;
    while !rest.starts_with(']') {
        line.push_str(rest.get(..1)?);
        rest = without_empty(rest.get(1..)?, false, line)?;
    }
    line.push(']');
    rest.get(1..)
}

/// A value, and what follows it.
fn split_value(json: &str) -> Option<(&str, &str)> {
    let bytes = json.as_bytes();
    let (mut at, mut depth) = (0, 0usize);
    loop {
        match bytes.get(at)? {
            b'"' => at = end_of_text(bytes, at)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            // A number or a word ends where the next field or the end of the object begins.
            b',' | b'}' | b']' if depth == 0 => return json.split_at_checked(at),
            _ => {
                at += 1;
                continue;
            }
        }
        at += 1;
        if depth == 0 {
            return json.split_at_checked(at);
        }
    }
}

/// The place of the quotation mark that ends a text.
fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Reads a line of the log. Lines of older schemas have every field that there was then.
pub(super) fn read<D: DeserializeOwned>(line: &str) -> Result<Snapshot<D>> {
    let Snapshot { draft, deleted } = serde_json::from_str::<Snapshot<Value>>(line)?;
    Ok(Snapshot { draft: D::deserialize(Field::There(draft))?, deleted })
}

/// The content of a line of the log with all its fields; as it lies there, where today's program cannot make a record of it.
pub(super) fn content<D: DeserializeOwned + Serialize>(line: &str) -> Result<Value> {
    match read::<D>(line) {
        Ok(snapshot) => Ok(serde_json::to_value(snapshot.draft)?),
        Err(_) => Ok(serde_json::from_str::<Snapshot<Value>>(line)?.draft),
    }
}

/// A value as it is read; one that is not there is taken for what is empty of its type.
enum Field {
    There(Value),
    Missing,
}

impl Field {
    fn or(self, empty: impl Into<Value>) -> Value {
        match self {
            Field::There(value) => value,
            Field::Missing => empty.into(),
        }
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for Field {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// One way to read a type, with what is empty of it.
macro_rules! or_empty {
    ($($method:ident: $empty:expr,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> serde_json::Result<V::Value> {
            self.or($empty).$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Field {
    type Error = serde_json::Error;

    or_empty! {
        deserialize_any: Value::Null,
        deserialize_bool: false,
        deserialize_i64: 0,
        deserialize_u64: 0,
        deserialize_str: "",
        deserialize_string: "",
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> serde_json::Result<V::Value> {
        match self {
            Field::Missing | Field::There(Value::Null) => visitor.visit_none(),
            there => visitor.visit_some(there),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> serde_json::Result<V::Value> {
        match self.or(Vec::<Value>::new()) {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Field::There))),
            other => other.deserialize_seq(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> serde_json::Result<V::Value> {
        match self.or(Map::new()) {
            Value::Object(there) => {
                let missing: Vec<&str> = fields.iter().copied().filter(|field| !there.contains_key(*field)).collect();
                let missing = missing.into_iter().map(|field| (field.to_owned(), Field::Missing));
                let there = there.into_iter().map(|(field, value)| (field, Field::There(value)));
                visitor.visit_map(MapDeserializer::new(there.chain(missing)))
            }
            other => other.deserialize_struct(name, fields, visitor),
        }
    }

    /// The first word of our enums is the one that stands where nothing was said.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> serde_json::Result<V::Value> {
        match self {
            Field::There(value) => value.deserialize_enum(name, words, visitor),
            Field::Missing => visitor.visit_enum(StrDeserializer::new(words.first().copied().unwrap_or_default())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> serde_json::Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::records::household::{Household, HouseholdIncome, HouseholdRisk, HouseholdType, HousingLevel, Member};
    use crate::records::indicator::{BaseKind, Indicator};
    use crate::storage::TextList;
    use crate::value::{Fen, Id, Sex};

    fn member(text: String, yes: Option<bool>, number: Option<i64>) -> Member {
        Member {
            id: number.map(|_| Id::default()),
            sex: yes.map(|yes| if yes { Sex::Male } else { Sex::Female }),
            health: TextList(vec![text.clone(); usize::from(yes.is_some())]),
            insured_medical: yes,
            work_months: number,
            work_income: number.map(Fen),
            school: text.clone(),
            ..Member::named(text, "head")
        }
    }

    fn household(text: String, yes: Option<bool>, number: Option<i64>, members: Vec<Member>) -> Household {
        Household {
            village_id: Id::default(),
            hamlet: text.clone(),
            ext_no: String::new(),
            address: text.clone(),
            phone: text.clone(),
            poverty_exit_year: number,
            identified_on: number.and_then(|_| "2026-03-05".parse().ok()),
            risk_cleared_on: None,
            clear_mode: text.clone(),
            helper_id: yes.map(|_| Id::default()),
            helper: String::new(),
            helper_unit: text.clone(),
            housing_level: if yes == Some(true) { HousingLevel::C } else { HousingLevel::Unknown },
            water_safe: yes,
            toilet: None,
            road: yes,
            power: None,
            broadcast: yes,
            sensitive: yes.unwrap_or_default(),
            note: text.clone(),
            types: vec![HouseholdType { code: text.clone(), from_day: None, to_day: None }],
            risks: vec![HouseholdRisk { code: text }; usize::from(yes.is_some())],
            incomes: number.map(|_| HouseholdIncome::of(2025)).into_iter().collect(),
            members,
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            texts in proptest::collection::vec("[石老三\"\\\\]{0,3}", 3), yes: Option<bool>, number in proptest::option::of(0..3i64), deleted: bool
        ) {
            let [one, two, three] = texts.try_into().unwrap();
            let members = vec![member(one, yes, number), member(two, None, number), member(three.clone(), yes, None)];
            let draft = household(three, yes, number, members);
            let line = written(&serde_json::to_string(&draft).unwrap(), deleted);
            prop_assert_eq!(read::<Household>(&line).unwrap(), Snapshot { draft: draft.clone(), deleted });
            prop_assert_eq!(content::<Household>(&line).unwrap(), serde_json::to_value(&draft).unwrap());
            // As lines of older schemas stand in the log.
            let whole = json!({ "draft": draft, "deleted": deleted }).to_string();
            prop_assert_eq!(read::<Household>(&whole).unwrap().draft, draft);
        }
    }

    #[test]
    fn nothing_empty_is_written() {
        let draft = household(String::new(), None, None, vec![Member::named("石老三", "head")]);
        let line = written(&serde_json::to_string(&draft).unwrap(), false);
        let village = Id::default();
        let members = r#"[{"name":"石老三","relation":"head"}]"#;
        let draft = format!(r#"{{"village_id":"{village}","sensitive":false,"types":[{{}}],"members":{members}}}"#);
        assert_eq!(line, format!(r#"{{"draft":{draft},"deleted":false}}"#));
    }

    #[test]
    fn what_lies_deeper_than_a_part_stays() {
        let draft = json!({ "own": [{ "block": "", "content": { "runs": [{ "text": "" }], "title": "" } }], "map": { "a": "" } });
        let line: Value = serde_json::from_str(&written(&draft.to_string(), false)).unwrap();
        let kept = json!({ "own": [{ "content": { "runs": [{ "text": "" }], "title": "" } }], "map": { "a": "" } });
        assert_eq!(line["draft"], kept);
    }

    #[test]
    fn any_json_stays_json() {
        for (draft, kept) in [
            (r#"{"a":-1.5e3,"b":true,"c":"\\","d":"\"","e":{"f":null,"g":[{"h":""}]}}"#, None),
            (r#"{"a":null,"b":"","c":[]}"#, Some("{}")),
            (
                r#"{"a":[1,null],"b":[[{"c":null}]],"d":[{"e":"}]","f":[]},{}],"g":null}"#,
                Some(r#"{"a":[1,null],"b":[[{"c":null}]],"d":[{"e":"}]"},{}]}"#),
            ),
            ("null", None),
            ("[]", None),
            ("{", None),
        ] {
            let kept = kept.unwrap_or(draft);
            assert_eq!(written(draft, true), format!(r#"{{"draft":{kept},"deleted":true}}"#));
        }
    }

    #[test]
    fn a_word_that_came_later_is_the_first_of_its_kind() {
        let line = r#"{"draft":{"category":"产业","name":"茶园面积","unit":"亩","period":"2026H1"},"deleted":false}"#;
        let indicator = read::<Indicator>(line).unwrap().draft;
        assert_eq!((indicator.base_kind, indicator.actual), (BaseKind::default(), None));
    }

    #[test]
    fn a_line_that_no_record_can_be_made_of_is_told_as_it_lies() {
        let line = r#"{"draft":{"planned":"many"},"deleted":false}"#;
        assert!(read::<Indicator>(line).is_err());
        assert_eq!(content::<Indicator>(line).unwrap(), json!({ "planned": "many" }));
        assert!(content::<Indicator>("石老三").is_err());
    }
}
