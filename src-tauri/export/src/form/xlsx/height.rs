//! Heights of rows whose texts take more lines than the form's had. Not every program fits a row to its text by itself.

use crate::form::tree::{Tree, attribute};

/// Height of a line in points, for the letters that forms use.
const LINE: f64 = 16.0;
/// Highest row of Excel, in points.
const HIGHEST: f64 = 409.0;
/// Width of a column that says none, in digits.
const USUAL: f64 = 8.43;

/// Widths of a sheet's columns, in digits.
pub(in crate::form) struct Widths {
    columns: Vec<(u32, u32, f64)>,
    usual: f64,
}

impl Widths {
    /// Reads `cols`.
    pub(in crate::form) fn read(tree: &Tree<'_>) -> Self {
        let mut widths = Widths { columns: Vec::new(), usual: USUAL };
        for element in 0..tree.elements.len() {
            let tag = tree.start_tag(element);
            let number = |name: &str| attribute(tag, name).and_then(|number| number.parse::<f64>().ok());
            match tree.name(element).rsplit(':').next() {
                Some("sheetFormatPr") => widths.usual = number("defaultColWidth").unwrap_or(USUAL),
                Some("col") => {
                    let whole = |name: &str| attribute(tag, name).and_then(|number| number.parse::<u32>().ok());
                    if let (Some(from), Some(to), Some(width)) = (whole("min"), whole("max"), number("width")) {
                        widths.columns.push((from, to, width));
                    }
                }
                Some("sheetData") => break,
                _ => {}
            }
        }
        widths
    }

    /// Lines that a text takes in a column.
    pub(in crate::form) fn lines(&self, column: u32, text: &str) -> u32 {
        let found = self.columns.iter().find(|(from, to, _)| (*from..=*to).contains(&column));
        let width = found.map_or(self.usual, |(.., width)| *width).max(3.0) - 1.0;
        let digits = |line: &str| line.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>();
        text.split('\n').map(|line| (1..200).find(|lines| f64::from(*lines) * width >= digits(line)).unwrap_or(200)).sum()
    }
}

/// Height of a row with so many lines; nothing where one line is all.
pub(in crate::form) fn height(lines: u32) -> Option<String> {
    (lines > 1).then(|| format!("{}", (f64::from(lines) * LINE).min(HIGHEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_as_many_lines_as_its_column_asks() {
        let text = "<worksheet><cols><col min=\"2\" max=\"3\" width=\"11\"/></cols><sheetData/></worksheet>";
        let widths = Widths::read(&Tree::read(text).unwrap());
        assert_eq!([widths.lines(2, "一二三四五"), widths.lines(3, "一二三四五六"), widths.lines(1, "12345678901")], [1, 2, 2]);
        assert_eq!(widths.lines(2, "一\n二"), 2);
        assert_eq!((height(1), height(2).as_deref(), height(100).as_deref()), (None, Some("32"), Some("409")));
    }
}
