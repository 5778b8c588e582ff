//! The template language: minijinja, strict, with a bounded amount of work, and functions for figures and clerks' sentences.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value;

use crate::figures::Figures;

/// Private-use characters that mark a figure in rendered text: start, key, end of key, text, end.
pub(crate) const FIGURE_START: char = '\u{E000}';
pub(crate) const KEY_END: char = '\u{E001}';
pub(crate) const FIGURE_END: char = '\u{E002}';

/// Enough for a township's lists, and an end to a template that loops.
const FUEL: u64 = 50_000_000;

/// Printed form and bare number of each figure; what sentences can ask for.
struct Printed(HashMap<String, (String, i64)>);

impl Printed {
    fn of(figures: &Figures) -> Self {
        let printed = figures.all().iter().map(|figure| (figure.key.clone(), (figure.in_words(), figure.value.number())));
        Printed(printed.collect())
    }

    fn marked(&self, key: &str) -> Result<String, Error> {
        match self.0.get(key) {
            Some((text, _)) => Ok(format!("{FIGURE_START}{key}{KEY_END}{text}{FIGURE_END}")),
            None => Err(Error::new(ErrorKind::InvalidOperation, format!("没有名为“{key}”的数字"))),
        }
    }

    fn number(&self, key: &str) -> i64 {
        self.0.get(key).map_or(0, |(_, number)| *number)
    }

    fn say(&self, pattern: &str, keys: &[String]) -> Result<String, Error> {
        if keys.first().is_none_or(|key| self.number(key) == 0) {
            return Ok(String::new());
        }
        let mut text = pattern.to_owned();
        for key in keys {
            text = text.replacen("{}", &self.marked(key)?, 1);
        }
        Ok(text)
    }
}

pub(super) fn render(source: &str, facts: Value, figures: &Figures) -> Result<String, String> {
    let printed = Arc::new(Printed::of(figures));
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
        .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|error| in_words(&error))?);
    let figure = Arc::clone(&printed);
    environment.add_function("f", move |key: String| figure.marked(&key));
    let number = Arc::clone(&printed);
    environment.add_function("n", move |key: String| number.number(&key));
    environment.add_function("say", move |pattern: String, keys: Rest<String>| printed.say(&pattern, &keys));
    add_joiners(&mut environment);
    environment.add_filter("stop", |text: String| stopped(&text));
    environment.add_filter("bare", |text: String| bare(&text).to_owned());
    environment.render_str(source, minijinja::value::Serde(cleaned(facts))).map_err(|error| in_words(&error))
}

fn add_joiners(environment: &mut Environment<'_>) {
    environment.add_function("sentence", |parts: Vec<String>| {
        let joined = told(&parts).join("，");
        if joined.is_empty() { joined } else { stopped(&joined) }
    });
    environment.add_function("items", |parts: Vec<String>| told(&parts).join("、"));
    environment.add_function("clauses", |parts: Vec<String>| told(&parts).join("；"));
    environment.add_function("points", |parts: Vec<String>| points(&told(&parts)));
}

fn told(parts: &[String]) -> Vec<&str> {
    parts.iter().map(String::as_str).filter(|part| !part.trim().is_empty()).collect()
}

/// 一是甲；二是乙。 — a single point needs no number.
fn points(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [only] => stopped(only),
        _ => {
            let numbered = parts.iter().zip(1..).map(|(part, n)| format!("{}是{}", chinese_number(n), bare(part)));
            stopped(&numbered.collect::<Vec<_>>().join("；"))
        }
    }
}

fn bare(text: &str) -> &str {
    text.trim().trim_end_matches(['。', '；', '，', '、', ';', ',', '.'])
}

fn stopped(text: &str) -> String {
    match bare(text) {
        "" => String::new(),
        bare if bare.ends_with(['！', '？', '!', '?']) => bare.to_owned(),
        bare => format!("{bare}。"),
    }
}

/// 1–99 as 一, 十, 十一, 二十, 九十九.
pub(crate) fn chinese_number(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: usize| DIGITS.get(d).copied().unwrap_or_default();
    match (n / 10, n % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens @ 2..=9, ones) => format!("{}十{}", digit(tens), digit(ones)),
        _ => n.to_string(),
    }
}

/// Records' text must not look like structure: no line breaks, no marks of ours.
fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let kept = text.chars().filter(|c| !matches!(*c, FIGURE_START | KEY_END | FIGURE_END));
            Value::String(kept.map(|c| if c == '\n' || c == '\r' || c == '\t' { ' ' } else { c }).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(cleaned).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(key, value)| (key, cleaned(value))).collect()),
        other => other,
    }
}

fn in_words(error: &Error) -> String {
    let place = error.line().map_or_else(String::new, |line| format!("第{line}行："));
    let what = match error.kind() {
        ErrorKind::UndefinedError => "用到了没有定义的内容",
        ErrorKind::SyntaxError => "写法有误",
        ErrorKind::UnknownFunction | ErrorKind::UnknownFilter => "用到了没有的函数",
        ErrorKind::OutOfFuel => "循环太多，已停止",
        _ => "无法成文",
    };
    let detail = error.detail().map_or_else(String::new, |detail| format!("（{detail}）"));
    format!("{place}{what}{detail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn worded(source: &str) -> Result<String, String> {
        render(source, json!({ "title": "甲。\n乙" }), &Figures::default())
    }

    #[test]
    fn nothing_is_said_of_what_did_not_happen() {
        assert_eq!(worded("{{ sentence([say('走访{}', 'none'), '']) }}").as_deref(), Ok(""));
        assert_eq!(worded("{{ points([]) }}").as_deref(), Ok(""));
    }

    #[test]
    fn points_are_numbered_only_where_there_are_several() {
        assert_eq!(worded("{{ points(['缺水。']) }}").as_deref(), Ok("缺水。"));
        assert_eq!(worded("{{ points(['缺水。', '', '缺电']) }}").as_deref(), Ok("一是缺水；二是缺电。"));
    }

    #[test]
    fn records_text_cannot_start_a_line() {
        assert_eq!(worded("{{ title }}").as_deref(), Ok("甲。 乙"));
    }

    #[test]
    fn faults_say_the_line() {
        assert_eq!(worded("\n{{ f('no.such') }}"), Err("第2行：无法成文（没有名为“no.such”的数字）".to_owned()));
        assert!(worded("{{ nothing.here }}").is_err_and(|m| m.starts_with("第1行：用到了没有定义的内容")));
        assert!(
            worded("{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}")
                .is_err_and(|m| m.contains("循环太多"))
        );
    }

    #[test]
    fn chinese_numbers_count_headings() {
        assert_eq!([1, 10, 11, 20, 35].map(chinese_number), ["一", "十", "十一", "二十", "三十五"]);
    }
}
