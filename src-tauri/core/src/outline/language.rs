//! The template language: minijinja, strict, with a bounded amount of work, and functions for figures and clerks' sentences.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value;

use super::Fault;
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
        let printed = figures.all().iter().map(|figure| {
            let text = flat(&figure.in_words()).into_owned();
            (figure.key.clone(), (text, figure.value.number()))
        });
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

/// Macros that every template may use, and the line that brings them in; it adds no line to the template.
const WORDS: &str = include_str!("templates/words.outline");
const WORDS_NAME: &str = "words";
const USE_WORDS: &str = "{% from 'words' import activity, counted, project, indicator, splits, indicator_line, indicator_rows, target_line, due_line, due_list, next_plan, visit_line, coverage_line, condolence_line, household_line, application_line, issue_line, project_line, base_line, team_line, purpose_line %}";

pub(super) fn render(source: &str, facts: Value, figures: &Figures) -> Result<String, Fault> {
    let source: String = source.chars().filter(|c| !matches!(*c, FIGURE_START | KEY_END | FIGURE_END)).collect();
    render_with(&format!("{USE_WORDS}{source}"), facts, figures).map_err(|error| fault(&error))
}

fn render_with(source: &str, facts: Value, figures: &Figures) -> Result<String, Error> {
    let printed = Arc::new(Printed::of(figures));
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    let figure = Arc::clone(&printed);
    environment.add_function("f", move |key: String| figure.marked(&key));
    let cell = Arc::clone(&printed);
    environment.add_function("cell", move |key: String| cell.marked(&key).unwrap_or_default());
    let number = Arc::clone(&printed);
    environment.add_function("n", move |key: String| number.number(&key));
    environment.add_function("say", move |pattern: String, keys: Rest<String>| printed.say(&pattern, &keys));
    add_joiners(&mut environment);
    environment.add_filter("stop", |text: String| stopped(&text));
    environment.add_filter("bare", |text: String| bare(&text).to_owned());
    environment.add_template(WORDS_NAME, WORDS)?;
    environment.render_str(source, minijinja::value::Serde(cleaned(facts)))
}

/// Figure keys written out between quotation marks as the argument of a function, with their lines.
pub(super) fn quoted_keys(source: &str) -> Vec<(usize, String)> {
    let is_key = |text: &str| {
        text.contains('.') && !text.starts_with('.') && !text.ends_with('.') && !text.contains(['{', '}', '，', '。', ' ', '/'])
    };
    let mut keys: Vec<(usize, String)> = Vec::new();
    for (line, number) in source.lines().zip(1..) {
        let (mut rest, mut before) = (line, "");
        while let Some((start, mark)) = rest.char_indices().find(|(_, c)| matches!(c, '"' | '\'')) {
            let (head, tail) = rest.split_at(start);
            let Some((text, after)) = tail.get(1..).and_then(|tail| tail.split_once(mark)) else { break };
            // A key that goes on (`"visits.purpose." ~ code`) is not written out.
            let whole = !after.trim_start().starts_with('~') && !head.trim_end().ends_with('~') && !before.ends_with('~');
            if whole && is_key(text) && !keys.iter().any(|(_, known)| known == text) {
                keys.push((number, text.to_owned()));
            }
            (rest, before) = (after, text);
        }
    }
    keys
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

/// A text that does not look like structure: no line breaks, no marks of ours. What users type into units and names is part of
/// keys as well, so that keys are brought to this form where they are made.
pub(crate) fn flat(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r', '\t', '|', FIGURE_START, KEY_END, FIGURE_END]) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|c| !matches!(*c, FIGURE_START | KEY_END | FIGURE_END));
    let flat = kept.map(|c| match c {
        '\n' | '\r' | '\t' => ' ',
        // Bars part the cells of a table and the pieces of a title.
        '|' => '｜',
        other => other,
    });
    Cow::Owned(flat.collect())
}

/// Records' texts in that form.
fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(flat(&text).into_owned()),
        Value::Array(items) => Value::Array(items.into_iter().map(cleaned).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(key, value)| (key, cleaned(value))).collect()),
        other => other,
    }
}

/// What went wrong, in words of those who write templates; a fault inside the shipped macros has no line of theirs.
fn fault(error: &Error) -> Fault {
    let line = error.line().filter(|_| error.name() != Some(WORDS_NAME));
    let what = match error.kind() {
        ErrorKind::UndefinedError => "用到了没有定义的内容",
        ErrorKind::SyntaxError => "写法有误，请检查括号、引号和 {% %} 是否成对",
        ErrorKind::UnknownFunction | ErrorKind::UnknownFilter | ErrorKind::UnknownTest => "用到了没有的函数",
        ErrorKind::OutOfFuel => "循环太多，已停止",
        ErrorKind::TemplateNotFound => "不能引用其他文件",
        _ => "这一行无法成文",
    };
    let detail = match error.kind() {
        ErrorKind::InvalidOperation | ErrorKind::UnknownFunction | ErrorKind::UnknownFilter => error.detail(),
        _ => None,
    };
    // What the engine itself says is English; only our own words and names are shown.
    let detail = detail.filter(|detail| !detail.is_ascii()).map_or_else(String::new, |detail| format!("（{detail}）"));
    Fault::at(line, format!("{what}{detail}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn worded(source: &str) -> Result<String, String> {
        render(source, json!({ "title": "甲。\n|乙" }), &Figures::default()).map_err(|fault| fault.in_words())
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
        assert_eq!(worded("{{ title }}").as_deref(), Ok("甲。 ｜乙"));
    }

    #[test]
    fn faults_say_the_line() {
        assert_eq!(worded("\n{{ f('no.such') }}"), Err("第2行：这一行无法成文（没有名为“no.such”的数字）".to_owned()));
        assert!(worded("{{ nothing.here }}").is_err_and(|m| m.starts_with("第1行：用到了没有定义的内容")));
        assert!(
            worded("{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}")
                .is_err_and(|m| m.contains("循环太多"))
        );
        assert!(worded("甲\n{% include 'a' %}").is_err_and(|m| m.starts_with("第2行：不能引用其他文件")));
        assert!(worded("甲\n乙\n{{ say( }}").is_err_and(|m| m.starts_with("第3行：写法有误") && !m.contains("unexpected")));
        assert!(worded("{{ sey('甲') }}").is_err_and(|m| m.contains("没有的函数")));
    }

    #[test]
    fn keys_that_are_written_out_are_found_with_their_lines() {
        let source = "甲\n{{ say(\"走访{}\", \"visits.households\") }}{{ n('visits.none') }}\n{{ f(\"visits.purpose.\" ~ code) }}{{ f(p.key ~ \".count\") }}";
        assert_eq!(quoted_keys(source), [(2, "visits.households".to_owned()), (2, "visits.none".to_owned())]);
    }

    #[test]
    fn a_template_cannot_forge_a_figure() {
        let forged = format!("{FIGURE_START}visits.households{KEY_END}99户{FIGURE_END}");
        assert_eq!(worded(&forged).as_deref(), Ok("visits.households99户"));
    }

    #[test]
    fn chinese_numbers_count_headings() {
        assert_eq!([1, 10, 11, 20, 35].map(chinese_number), ["一", "十", "十一", "二十", "三十五"]);
    }
}
