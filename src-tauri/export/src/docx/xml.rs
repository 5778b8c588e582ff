//! Emits well-formed XML: balanced elements, escaped text, no character that XML 1.0 forbids (section 2.2, Char).

use std::fmt::{Display, Write};

use crate::printable::is_printable;

/// An XML document being written.
pub(super) struct Xml {
    out: String,
}

/// Attributes of an element, in the order they are written.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// An empty document with its declaration.
    pub(super) fn new() -> Self {
        Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned() }
    }

    /// An element with content.
    pub(super) fn element(&mut self, name: &str, attributes: Attributes, content: impl FnOnce(&mut Xml)) {
        self.tag(name, attributes, ">");
        content(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes) {
        self.tag(name, attributes, "/>");
    }

    /// An element that says one thing in its `w:val`.
    pub(super) fn value(&mut self, name: &str, value: impl Display) {
        self.empty(name, &[("w:val", &value.to_string())]);
    }

    /// An element with text; outer spaces are kept.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let spaced = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
        let attributes: Attributes = if spaced { &[("xml:space", "preserve")] } else { &[] };
        self.element(name, attributes, |xml| xml.characters(text));
    }

    /// Text inside the element that is open.
    pub(super) fn characters(&mut self, text: &str) {
        self.escape(text);
    }

    /// The document as bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    fn tag(&mut self, name: &str, attributes: Attributes, end: &str) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            let _ = write!(self.out, " {attribute}=\"");
            self.escape(value);
            self.out.push('"');
        }
        self.out.push_str(end);
    }

    fn escape(&mut self, text: &str) {
        for c in text.chars().filter(|c| is_printable(*c) || matches!(c, '\t' | '\n')) {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                _ => self.out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let mut xml = Xml::new();
        xml.text("w:t", " <b>&\"\0\u{FFFE}😀");
        let text = String::from_utf8(xml.into_bytes()).unwrap();
        assert!(text.ends_with("<w:t xml:space=\"preserve\"> &lt;b&gt;&amp;&quot;😀</w:t>"), "{text}");
    }
}
