//! The elements of a part with their places in its text, so that what is not changed is copied as it stands.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::error::FormError;

/// Deeper than any form nests; what draws pages recurses.
const DEEPEST: usize = 200;

/// One element; all places are bytes of the text.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// Of `<`.
    pub start: usize,
    /// Behind the name.
    pub name_end: usize,
    /// Behind the start tag.
    pub open_end: usize,
    /// Of the end tag; the same as `end` where there is none.
    pub close_start: usize,
    /// Behind the end tag.
    pub end: usize,
    /// The element around it; its own number for the outermost.
    pub parent: usize,
    /// The last element within it; its own number where there is none.
    pub last: usize,
}

/// A part's elements in document order.
pub(super) struct Tree<'t> {
    pub text: &'t str,
    pub elements: Vec<Element>,
}

impl<'t> Tree<'t> {
    /// Reads a part.
    pub(super) fn read(text: &'t str) -> Result<Self, FormError> {
        let mut reader = Reader::from_str(text);
        let (mut elements, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut start = 0;
        loop {
            let event = reader.read_event().map_err(|_| FormError::Damaged)?;
            let end = usize::try_from(reader.buffer_position()).map_err(|_| FormError::Damaged)?;
            match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let number = elements.len();
                    let is_empty = text.get(..end).is_some_and(|before| before.ends_with("/>"));
                    elements.push(Element {
                        start,
                        name_end: start + 1 + tag.name().as_ref().len(),
                        open_end: end,
                        close_start: end,
                        end,
                        parent: open.last().copied().unwrap_or(number),
                        last: number,
                    });
                    if !is_empty {
                        open.push(number);
                    }
                    if open.len() > DEEPEST {
                        return Err(FormError::TooLarge("嵌套太深"));
                    }
                }
                Event::End(_) => {
                    let last = elements.len().saturating_sub(1);
                    let element = open.pop().and_then(|number| elements.get_mut(number)).ok_or(FormError::Damaged)?;
                    (element.close_start, element.end, element.last) = (start, end, last);
                }
                Event::DocType(_) => return Err(FormError::Unsafe),
                Event::Eof if open.is_empty() && !elements.is_empty() => return Ok(Tree { text, elements }),
                Event::Eof => return Err(FormError::Damaged),
                _ => {}
            }
            start = end;
        }
    }

    /// An element's name with its prefix.
    pub(super) fn name(&self, element: usize) -> &'t str {
        self.elements.get(element).map_or("", |element| self.slice(element.start + 1, element.name_end))
    }

    /// A piece of the text.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The text of an element with its tags.
    pub(super) fn whole(&self, element: usize) -> &'t str {
        self.elements.get(element).map_or("", |element| self.slice(element.start, element.end))
    }

    /// The start tag.
    pub(super) fn start_tag(&self, element: usize) -> &'t str {
        self.elements.get(element).map_or("", |element| self.slice(element.start, element.open_end))
    }

    /// What stands between the tags.
    pub(super) fn inner(&self, element: usize) -> &'t str {
        self.elements.get(element).map_or("", |element| self.slice(element.open_end, element.close_start))
    }

    /// The elements directly within one.
    pub(super) fn children(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        let last = self.elements.get(element).map_or(0, |element| element.last);
        let mut next = element + 1;
        std::iter::from_fn(move || {
            let child = next;
            next = self.elements.get(child).filter(|_| child <= last)?.last + 1;
            Some(child)
        })
    }

    /// All elements within one, in document order.
    pub(super) fn within(&self, element: usize) -> std::ops::RangeInclusive<usize> {
        element + 1..=self.elements.get(element).map_or(0, |element| element.last)
    }

    /// The elements around one, from the inside out.
    pub(super) fn around(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = element;
        std::iter::from_fn(move || {
            let parent = self.elements.get(at)?.parent;
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
    }
}

/// An attribute of a start tag, unescaped.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = attribute_span(tag, name)?;
    let raw = tag.get(found.0..found.1)?;
    quick_xml::escape::unescape(raw).ok().map(|text| text.into_owned())
}

/// Where an attribute's value stands in its start tag.
pub(super) fn attribute_span(tag: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let at = from + tag.get(from..)?.find(name)?;
        let before = tag.get(..at)?.chars().next_back()?;
        let rest = tag.get(at + name.len()..)?;
        let after = rest.trim_start();
        if before.is_whitespace()
            && let Some(value) = after.strip_prefix('=').map(str::trim_start)
            && let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\''))
        {
            let start = tag.len() - value.len() + 1;
            return value.get(1..)?.find(quote).map(|length| (start, start + length));
        }
        from = at + name.len();
    }
}

/// Text as XML holds it: escaped, without what XML 1.0 forbids.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars().filter(|c| crate::printable::is_printable(*c) || matches!(c, '\t' | '\n')) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// The characters that XML text stands for; CDATA sections are text as well.
pub(super) fn unescape(raw: &str) -> Result<String, FormError> {
    if !raw.contains(['&', '<']) {
        return Ok(raw.to_owned());
    }
    let (mut text, mut rest) = (String::new(), raw);
    while let Some((before, after)) = rest.split_once("<![CDATA[") {
        let (inside, after) = after.split_once("]]>").ok_or(FormError::Damaged)?;
        text.push_str(&plain(before)?);
        text.push_str(inside);
        rest = after;
    }
    text.push_str(&plain(rest)?);
    Ok(text)
}

fn plain(raw: &str) -> Result<String, FormError> {
    quick_xml::escape::unescape(raw).map(|text| text.into_owned()).map_err(|_| FormError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_their_places() {
        let tree = Tree::read("<?xml version=\"1.0\"?><a><b x='1'/>文<c><d>y</d></c></a>").unwrap();
        let names: Vec<_> = (0..4).map(|at| tree.name(at)).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(tree.around(3).collect::<Vec<_>>(), [2, 0]);
        assert_eq!((tree.whole(1), tree.inner(2)), ("<b x='1'/>", "<d>y</d>"));
        assert_eq!(attribute("<c r=\"A1\" s = '3' xr=\"9\"/>", "s").as_deref(), Some("3"));
        assert_eq!(attribute("<c xr=\"9\"/>", "r"), None);
    }

    #[test]
    fn what_is_broken_or_unsafe_is_refused() {
        for (text, error) in [
            ("<a><b></a>", FormError::Damaged),
            ("<a>", FormError::Damaged),
            ("", FormError::Damaged),
            ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", FormError::Unsafe),
        ] {
            assert_eq!(Tree::read(text).err(), Some(error), "{text}");
        }
        assert!(Tree::read(&("<a>".repeat(300) + &"</a>".repeat(300))).is_err());
        assert_eq!(unescape("甲&amp;<![CDATA[<乙>]]>").unwrap(), "甲&<乙>");
        assert!(unescape("&unknown;").is_err());
    }
}
