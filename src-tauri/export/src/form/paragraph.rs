//! One paragraph as a little program: what is copied as it stands, where placeholders begin, and what of the text they take
//! away. Word cuts a text into runs wherever it likes, so placeholders are looked for in the paragraph's whole text; the value
//! goes into the run in which the placeholder begins and so has its letters.

use super::error::FormError;
use super::tag::{self, Tag};
use super::tree::{Tree, escape, unescape};

/// What the elements of a kind of part are called.
#[derive(Debug, Clone)]
pub(super) struct Vocabulary {
    /// A paragraph.
    pub paragraph: String,
    /// A run.
    pub run: String,
    /// The letters' properties, first in a run.
    pub properties: String,
    /// The text.
    pub text: String,
    /// Tabs and line breaks.
    pub breaks: Vec<String>,
    /// What holds paragraphs of its own.
    pub nested: Vec<String>,
    /// What holds text that is not printed.
    pub skipped: Vec<String>,
    /// What a line break within a value is written as; nothing where the text holds it itself.
    pub line_break: Option<String>,
}

impl Vocabulary {
    /// Of Word, whose elements begin with a prefix.
    pub(super) fn word(prefix: &str) -> Self {
        let name = |local: &str| format!("{prefix}{local}");
        Vocabulary {
            paragraph: name("p"),
            run: name("r"),
            properties: name("rPr"),
            text: name("t"),
            breaks: vec![name("tab"), name("br"), name("cr")],
            nested: vec![name("txbxContent")],
            skipped: vec![name("pPr"), name("del"), name("moveFrom")],
            line_break: Some(name("br")),
        }
    }

    /// Of the texts of a workbook.
    pub(super) fn sheet(prefix: &str) -> Self {
        let name = |local: &str| format!("{prefix}{local}");
        Vocabulary {
            paragraph: name("si"),
            run: name("r"),
            properties: name("rPr"),
            text: name("t"),
            breaks: Vec::new(),
            nested: Vec::new(),
            skipped: vec![name("rPh")],
            line_break: None,
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    /// A piece of the part's text as it stands.
    Copy(usize, usize),
    /// Structure that was not there, such as `xml:space`.
    Structure(&'static str),
    /// Text, escaped.
    Text(String),
    /// A tab or line break, as it stands.
    Break(usize, usize),
    /// A placeholder, by its number.
    Tag(usize),
    /// An element with paragraphs of its own.
    Nested(usize),
}

/// A placeholder in its place.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub tag: Tag,
    /// As it was written.
    pub written: String,
    /// The text element in which it begins.
    pub element: usize,
    /// Whether a per cent sign follows.
    pub percent_follows: bool,
    /// Its step.
    pub op: usize,
}

/// A paragraph with placeholders.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    pub ops: Vec<Op>,
    pub tags: Vec<Placed>,
    /// Whether there is text or a picture beside the placeholders.
    pub has_more: bool,
    /// Whether there is something that stays even without text.
    pub keeps: bool,
    /// What begins and does not end.
    pub unclosed: Vec<String>,
    /// Paragraphs within.
    pub nested: Vec<usize>,
}

/// A piece of the paragraph's text.
struct Piece {
    element: usize,
    /// Its characters; a break has one.
    letters: Vec<char>,
    is_break: bool,
}

impl Paragraph {
    /// Reads a paragraph; nothing where it has neither placeholders nor paragraphs within.
    pub(super) fn read(tree: &Tree, paragraph: usize, words: &Vocabulary) -> Result<Option<Self>, FormError> {
        let (pieces, nested) = pieces(tree, paragraph, words)?;
        let letters: Vec<char> = pieces.iter().flat_map(|piece| piece.letters.iter().copied()).collect();
        let mut unclosed = Vec::new();
        let found = tag::find(&letters, &mut |at| unclosed.push(letters.iter().skip(at).take(12).collect()));
        if found.is_empty() && nested.is_empty() && unclosed.is_empty() {
            return Ok(None);
        }
        // What stands between a beginning and an end may have to go, so none of it is copied unseen.
        let all = found.iter().any(|found| !matches!(found.tag, Tag::Value(..) | Tag::Wrong(_)));
        let mut reading = Reading { tree, out: Paragraph { unclosed, ..Paragraph::default() }, cursor: 0, at: 0, all };
        reading.cursor = tree.elements.get(paragraph).map_or(0, |element| element.start);
        let mut nested_left = nested.iter().copied().peekable();
        for piece in &pieces {
            let start = tree.elements.get(piece.element).map_or(0, |element| element.start);
            while let Some(inner) = nested_left.next_if(|inner| tree.elements.get(*inner).is_some_and(|e| e.start < start)) {
                reading.nested(inner);
            }
            reading.piece(piece, &letters, &found);
        }
        nested_left.for_each(|inner| reading.nested(inner));
        let end = tree.elements.get(paragraph).map_or(0, |element| element.end);
        reading.copy_to(end);
        let mut out = reading.out;
        let in_tag = |at: usize| found.iter().any(|found| (found.from..found.to).contains(&at));
        let has_text = letters.iter().enumerate().any(|(at, c)| !c.is_whitespace() && !in_tag(at));
        out.keeps = !nested.is_empty() || has_picture(tree, paragraph);
        out.has_more = has_text || out.keeps;
        out.nested = nested;
        Ok(Some(out))
    }

    /// The only placeholder of a text that holds nothing else.
    pub(super) fn only_tag(&self) -> Option<&Placed> {
        match self.tags.as_slice() {
            [only] if !self.has_more && self.unclosed.is_empty() => Some(only),
            _ => None,
        }
    }
}

/// Pictures, fields and the like stay, so the paragraph that holds them stays too.
fn has_picture(tree: &Tree, paragraph: usize) -> bool {
    const KEPT: [&str; 6] = ["drawing", "pict", "object", "sectPr", "fldChar", "fldSimple"];
    tree.within(paragraph).any(|element| {
        let name = tree.name(element);
        KEPT.contains(&name.rsplit(':').next().unwrap_or(name))
    })
}

fn pieces(tree: &Tree, paragraph: usize, words: &Vocabulary) -> Result<(Vec<Piece>, Vec<usize>), FormError> {
    let (mut pieces, mut nested) = (Vec::new(), Vec::new());
    let range = tree.within(paragraph);
    let (mut at, last) = (*range.start(), *range.end());
    while at <= last {
        let name = tree.name(at);
        let is = |names: &[String]| names.iter().any(|each| each == name);
        if is(&words.nested) || name == words.paragraph {
            nested.push(at);
        }
        if is(&words.nested) || name == words.paragraph || is(&words.skipped) {
            at = tree.elements.get(at).map_or(at, |element| element.last) + 1;
            continue;
        }
        if name == words.text {
            pieces.push(Piece { element: at, letters: unescape(tree.inner(at))?.chars().collect(), is_break: false });
        } else if is(&words.breaks) {
            pieces.push(Piece { element: at, letters: vec!['\t'], is_break: true });
        }
        at += 1;
    }
    Ok((pieces, nested))
}

struct Reading<'t> {
    tree: &'t Tree<'t>,
    out: Paragraph,
    /// Up to where the part's text was taken over.
    cursor: usize,
    /// Number of the next character.
    at: usize,
    /// Whether every text is a step of its own.
    all: bool,
}

impl Reading<'_> {
    fn copy_to(&mut self, to: usize) {
        if to > self.cursor {
            self.out.ops.push(Op::Copy(self.cursor, to));
        }
        self.cursor = self.cursor.max(to);
    }

    fn nested(&mut self, element: usize) {
        let Some(found) = self.tree.elements.get(element) else { return };
        self.copy_to(found.start);
        self.out.ops.push(Op::Nested(element));
        self.cursor = found.end;
    }

    fn piece(&mut self, piece: &Piece, letters: &[char], found: &[tag::Found]) {
        let (from, to) = (self.at, self.at + piece.letters.len());
        self.at = to;
        let Some(element) = self.tree.elements.get(piece.element) else { return };
        let touching: Vec<(usize, &tag::Found)> =
            found.iter().enumerate().filter(|(_, found)| found.from < to && from < found.to).collect();
        if touching.is_empty() && !self.all {
            return;
        }
        self.copy_to(element.start);
        if piece.is_break {
            // A tab or line break within a placeholder goes with it.
            if touching.is_empty() {
                self.out.ops.push(Op::Break(element.start, element.end));
            }
            self.cursor = element.end;
            return;
        }
        self.preserve_spaces(piece.element);
        let mut at = from;
        for (number, found) in touching {
            if found.from >= from {
                self.text(letters, at, found.from);
                self.tag(number, found, letters, piece.element);
            }
            at = found.to;
        }
        self.text(letters, at, to);
        self.cursor = element.close_start;
    }

    /// The start tag of a text that changes: spaces at its ends are part of it.
    fn preserve_spaces(&mut self, element: usize) {
        let Some(found) = self.tree.elements.get(element) else { return };
        if self.tree.start_tag(element).contains("xml:space") {
            self.copy_to(found.open_end);
        } else {
            self.copy_to(found.name_end);
            self.out.ops.push(Op::Structure(" xml:space=\"preserve\""));
            self.copy_to(found.open_end);
        }
    }

    fn text(&mut self, letters: &[char], from: usize, to: usize) {
        if from < to {
            let text: String = letters.get(from..to).unwrap_or_default().iter().collect();
            self.out.ops.push(Op::Text(escape(&text)));
        }
    }

    fn tag(&mut self, number: usize, found: &tag::Found, letters: &[char], element: usize) {
        let next = letters.iter().skip(found.to).find(|c| !c.is_whitespace());
        debug_assert_eq!(number, self.out.tags.len());
        self.out.tags.push(Placed {
            tag: found.tag.clone(),
            written: letters.get(found.from..found.to).unwrap_or_default().iter().collect(),
            element,
            percent_follows: next.is_some_and(|c| matches!(c, '%' | '％')),
            op: self.out.ops.len(),
        });
        self.out.ops.push(Op::Tag(number));
    }
}
