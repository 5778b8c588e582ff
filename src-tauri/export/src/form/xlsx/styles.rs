//! What a cell's style says of its numbers: a date, a share, or text. A value keeps the form's style, so it is written as that
//! style can show it.

use crate::form::error::FormError;
use crate::form::tree::{Tree, attribute};

/// What a style shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::form) enum Shown {
    /// Numbers as they are.
    Number,
    /// Days.
    Day,
    /// Per cent.
    Percent,
    /// Text, whatever is in it.
    Text,
}

/// Of each style of the workbook: what it shows, and whether its text goes on in further lines.
pub(in crate::form) struct Styles(Vec<(Shown, bool)>);

impl Styles {
    /// Reads `styles.xml`; without one every number is a number.
    pub(in crate::form) fn read(text: Option<&str>) -> Result<Self, FormError> {
        let Some(text) = text else { return Ok(Styles(Vec::new())) };
        let tree = Tree::read(text)?;
        let local = |element: usize| tree.name(element).rsplit(':').next().unwrap_or_default();
        let mut codes: Vec<(u32, String)> = Vec::new();
        let mut shown = Vec::new();
        for element in 0..tree.elements.len() {
            let number = |name: &str| attribute(tree.start_tag(element), name).and_then(|id| id.parse::<u32>().ok());
            match local(element) {
                "numFmt" => {
                    codes.extend(number("numFmtId").zip(attribute(tree.start_tag(element), "formatCode")));
                }
                "cellXfs" => {
                    for xf in tree.children(element) {
                        let id = attribute(tree.start_tag(xf), "numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
                        let code = codes.iter().find(|(known, _)| *known == id).map(|(_, code)| code.as_str());
                        let wraps = tree.children(xf).any(|inner| {
                            attribute(tree.start_tag(inner), "wrapText").is_some_and(|wraps| wraps == "1" || wraps == "true")
                        });
                        shown.push((shown_by(id, code), wraps));
                    }
                }
                _ => {}
            }
        }
        Ok(Styles(shown))
    }

    /// By a cell's `s`.
    pub(in crate::form) fn shown(&self, style: Option<&str>) -> Shown {
        self.of(style).0
    }

    /// Whether a cell's text goes on in further lines.
    pub(in crate::form) fn wraps(&self, style: Option<&str>) -> bool {
        self.of(style).1
    }

    fn of(&self, style: Option<&str>) -> (Shown, bool) {
        let at = style.and_then(|style| style.parse::<usize>().ok()).unwrap_or(0);
        self.0.get(at).copied().unwrap_or((Shown::Number, false))
    }
}

fn shown_by(id: u32, code: Option<&str>) -> Shown {
    match (id, code) {
        (_, Some(code)) => shown_by_code(code),
        (9 | 10, None) => Shown::Percent,
        (14..=22 | 27..=36 | 45..=47 | 50..=58, None) => Shown::Day,
        (49, None) => Shown::Text,
        _ => Shown::Number,
    }
}

fn shown_by_code(code: &str) -> Shown {
    let (mut bare, mut quoted, mut bracketed, mut escaped) = (String::new(), false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            _ => bare.push(c.to_ascii_lowercase()),
        }
    }
    if bare.contains('%') {
        Shown::Percent
    } else if bare.trim() == "@" {
        Shown::Text
    } else if bare.contains(['y', 'd']) || bare.contains("mm") || bare.contains("h:") {
        Shown::Day
    } else {
        Shown::Number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_known_by_its_code() {
        for (code, shown) in [
            ("yyyy\"年\"m\"月\"d\"日\";@", Shown::Day),
            ("0.00%", Shown::Percent),
            ("@", Shown::Text),
            ("#,##0.00\"d元\"", Shown::Number),
            ("[Red]0.0_d", Shown::Number),
            ("General", Shown::Number),
        ] {
            assert_eq!(shown_by_code(code), shown, "{code}");
        }
        assert_eq!((shown_by(14, None), shown_by(49, None), shown_by(3, None)), (Shown::Day, Shown::Text, Shown::Number));
    }
}
