//! What a draft is made of, read from the window's types (`ui/src/bindings`): which leaves are texts, which lists hold what.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// A type of the window.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A text, or what is written as one: a day, a code, an id.
    Text,
    /// A record's id.
    Id,
    /// A number, a yes or no, a choice, with a value that fits.
    Other(Value),
    /// That or nothing.
    Maybe(Box<Shape>),
    /// A list.
    List(Box<Shape>),
    /// Fields; those marked with `?` may be missing.
    Fields(Vec<(String, Shape)>),
}

/// The types by name.
pub struct Shapes(BTreeMap<String, String>);

/// What a text of a made-up part is at first: it reads as a day as well.
const SOME_TEXT: &str = "2026-03-05";

impl Shapes {
    /// Reads the generated files.
    pub fn read(bindings: &Path) -> Result<Self, Box<dyn Error>> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(bindings)? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, fs::read_to_string(&path)?);
        }
        Ok(Shapes(files))
    }

    /// The shape of a named type.
    pub fn of(&self, name: &str) -> Result<Shape, Box<dyn Error>> {
        let file = self.0.get(name).ok_or_else(|| format!("no type {name}"))?;
        let (_, body) = file.split_once("export type ").and_then(|(_, rest)| rest.split_once(" = ")).ok_or("no type in it")?;
        let body = body.trim().trim_end_matches(';');
        if let Some(word) = body.strip_prefix('"') {
            return Ok(Shape::Other(json!(word.split('"').next().unwrap_or_default())));
        }
        self.read_kind(body)
    }

    /// The fields between braces, one a line among their comments.
    fn read_fields(&self, body: &str) -> Result<Shape, Box<dyn Error>> {
        let mut fields = Vec::new();
        for line in body.lines() {
            if line.starts_with([' ', '*', '/']) {
                continue;
            }
            let Some((name, kind)) = line.split_once(": ") else { continue };
            let shape = self.read_kind(kind.trim_end_matches(['}', ';']).trim_end_matches([',', ' ']))?;
            match name.strip_suffix('?') {
                Some(name) => fields.push((name.to_owned(), Shape::Maybe(Box::new(shape)))),
                None => fields.push((name.to_owned(), shape)),
            }
        }
        if fields.is_empty() { Err(format!("no fields in {body}").into()) } else { Ok(Shape::Fields(fields)) }
    }

    fn read_kind(&self, kind: &str) -> Result<Shape, Box<dyn Error>> {
        if let Some(kind) = kind.strip_suffix(" | null") {
            return Ok(Shape::Maybe(Box::new(self.read_kind(kind)?)));
        }
        if let Some(item) = kind.strip_prefix("Array<").and_then(|rest| rest.strip_suffix('>')) {
            return Ok(Shape::List(Box::new(self.read_kind(item)?)));
        }
        if kind.starts_with('{') {
            return self.read_fields(kind);
        }
        match kind {
            "string" => Ok(Shape::Text),
            "number" => Ok(Shape::Other(json!(1))),
            "boolean" => Ok(Shape::Other(json!(false))),
            "Id" => Ok(Shape::Id),
            name => self.of(name),
        }
    }
}

impl Shape {
    /// Something of this shape; ids are those of nothing.
    fn made_up(&self) -> Value {
        match self {
            Shape::Text => json!(SOME_TEXT),
            Shape::Id => json!("00000000-0000-0000-0000-000000000000"),
            Shape::Other(value) => value.clone(),
            Shape::Maybe(_) => Value::Null,
            Shape::List(item) => json!([item.made_up()]),
            Shape::Fields(fields) => {
                let made = fields.iter().map(|(name, shape)| (name.clone(), shape.made_up()));
                Value::Object(made.collect::<Map<_, _>>())
            }
        }
    }

    /// Puts a made-up part into every list that is empty; answers with the paths of these lists.
    pub fn complete(&self, value: &mut Value, path: &str, made: &mut Vec<String>) {
        match (self, value) {
            (Shape::List(item), Value::Array(items)) if items.is_empty() => {
                items.push(item.made_up());
                made.push(path.to_owned());
            }
            (Shape::List(item), Value::Array(items)) => {
                items.iter_mut().enumerate().for_each(|(at, value)| item.complete(value, &below(path, &at.to_string()), made));
            }
            (Shape::Fields(fields), Value::Object(values)) => {
                for (name, shape) in fields {
                    if let Some(value) = values.get_mut(name) {
                        shape.complete(value, &below(path, name), made);
                    }
                }
            }
            _ => {}
        }
    }

    /// The paths of the leaves that are written as text, also of those that say nothing yet.
    pub fn texts(&self, value: &Value, path: &str, found: &mut Vec<String>) {
        match (self, value) {
            (Shape::Text, _) => found.push(path.to_owned()),
            (Shape::Maybe(shape), _) => shape.texts(value, path, found),
            (Shape::List(item), Value::Array(items)) => {
                items.iter().enumerate().for_each(|(at, value)| item.texts(value, &below(path, &at.to_string()), found));
            }
            (Shape::Fields(fields), Value::Object(values)) => {
                for (name, shape) in fields {
                    shape.texts(values.get(name).unwrap_or(&Value::Null), &below(path, name), found);
                }
            }
            _ => {}
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The value at a path of findings, such as `members.2.name`.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.pointer(&format!("/{}", path.replace('.', "/")))
}

/// Sets it; a field that is not there yet is added.
pub fn set(value: &mut Value, path: &str, to: Value) {
    if let Some(found) = value.pointer_mut(&format!("/{}", path.replace('.', "/"))) {
        *found = to;
    } else if let Some((parent, name)) = path.rsplit_once('.')
        && let Some(Value::Object(fields)) = value.pointer_mut(&format!("/{}", parent.replace('.', "/")))
    {
        fields.insert(name.to_owned(), to);
    }
}
