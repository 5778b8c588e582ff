//! Formulas whose rows move: references follow; what sums the repeated row sums all its copies.

use std::collections::HashMap;

use super::shift::{Block, Reference, Shift};

/// The moves that a formula sees.
pub(in crate::form) struct Moves<'s> {
    /// Of every sheet, by name in lower case.
    pub sheets: &'s HashMap<String, Shift>,
    /// The sheet on which the formula stands; nothing for one of the whole workbook.
    pub own: Option<&'s str>,
    /// The copy of a repeated block in which it stands.
    pub copy: Option<(Block, u32)>,
}

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'f> {
    /// A word: reference, name, function, number.
    Word(&'f str),
    /// Anything else, as it stands.
    Other(&'f str),
    /// A sheet's name with its mark of exclamation.
    Sheet(&'f str, String),
}

fn tokens(formula: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut rest) = (Vec::new(), formula);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => quoted(rest, first),
            '[' => bracketed(rest),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        let is_sheet = rest.starts_with('!') && (is_word(first) || first == '\'');
        if is_sheet {
            let name = piece.trim_matches('\'').replace("''", "'").to_lowercase();
            let whole = formula.get(formula.len() - rest.len() - piece.len()..formula.len() - rest.len() + 1).unwrap_or(piece);
            tokens.push(Token::Sheet(whole, name));
            rest = rest.get(1..).unwrap_or_default();
        } else if is_word(first) {
            tokens.push(Token::Word(piece));
        } else {
            tokens.push(Token::Other(piece));
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
}

/// Length of a quoted piece; a doubled quote stands for itself.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    loop {
        let Some(end) = text.get(at..).and_then(|rest| rest.find(quote)) else { return text.len() };
        at += end + 1;
        if !text.get(at..).is_some_and(|rest| rest.starts_with(quote)) {
            return at;
        }
        at += 1;
    }
}

/// Length of a piece in square brackets: a column of a table, or another workbook.
fn bracketed(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

impl Moves<'_> {
    /// The formula with its references moved.
    pub(in crate::form) fn adjust(&self, formula: &str) -> String {
        let tokens = tokens(formula);
        let mut out = String::with_capacity(formula.len() + 8);
        let mut sheet: Option<&str> = self.own;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                Token::Sheet(written, name) => {
                    out.push_str(written);
                    let is_foreign = at > 0 && matches!(tokens.get(at - 1), Some(Token::Other(piece)) if piece.ends_with(']'));
                    sheet = if is_foreign || name.contains('[') { None } else { Some(name.as_str()) };
                    at += 1;
                    continue;
                }
                Token::Word(word) => at += self.reference(&tokens, at, word, sheet, &mut out),
                Token::Other(piece) => {
                    out.push_str(piece);
                    at += 1;
                }
            }
            sheet = self.own;
        }
        out
    }

    /// Writes a word, moved if it is a reference; answers how many tokens it was.
    fn reference(&self, tokens: &[Token<'_>], at: usize, word: &str, sheet: Option<&str>, out: &mut String) -> usize {
        let is_function = matches!(tokens.get(at + 1), Some(Token::Other("(")));
        let shift = sheet.and_then(|sheet| self.sheets.get(sheet)).filter(|_| !is_function);
        let Some(shift) = shift else {
            out.push_str(word);
            return 1;
        };
        let own = self.copy.filter(|_| sheet == self.own);
        let second = match (tokens.get(at + 1), tokens.get(at + 2)) {
            (Some(Token::Other(":")), Some(Token::Word(second))) => Some(*second),
            _ => None,
        };
        if let Some(second) = second {
            if let Some(area) = self.area(shift, own, word, second) {
                out.push_str(&area);
                return 3;
            }
        } else if let Some(reference) = Reference::parse(word) {
            let alone = is_argument(tokens, at);
            out.push_str(&self.single(shift, own, reference, alone));
            return 1;
        }
        out.push_str(word);
        1
    }

    fn area(&self, shift: &Shift, own: Option<(Block, u32)>, from: &str, to: &str) -> Option<String> {
        if let (Ok(first), Ok(last)) = (from.trim_matches('$').parse::<u32>(), to.trim_matches('$').parse::<u32>()) {
            let fixed = |text: &str| if text.starts_with('$') { "$" } else { "" };
            return Some(format!("{}{}:{}{}", fixed(from), shift.first(first), fixed(to), shift.last(last)));
        }
        let (from, to) = (Reference::parse(from)?, Reference::parse(to)?);
        let (first, last) = match own {
            Some((block, copy)) if block.holds(from.row) && block.holds(to.row) => {
                (shift.copy(from.row, copy), shift.copy(to.row, copy))
            }
            _ => (shift.first(from.row), shift.last(to.row)),
        };
        if last < first {
            return Some("#REF!".to_owned());
        }
        let (from, to) = (Reference { row: first, ..from }, Reference { row: last, ..to });
        Some(format!("{}:{}", from.print(), to.print()))
    }

    fn single(&self, shift: &Shift, own: Option<(Block, u32)>, reference: Reference, alone: bool) -> String {
        if let Some((block, copy)) = own
            && block.holds(reference.row)
        {
            return Reference { row: shift.copy(reference.row, copy), ..reference }.print();
        }
        let (first, last) = (shift.first(reference.row), shift.last(reference.row));
        let one = Reference { row: first, ..reference };
        if last < first {
            return "#REF!".to_owned();
        }
        if alone && last > first {
            return format!("{}:{}", one.print(), Reference { row: last, ..reference }.print());
        }
        one.print()
    }
}

/// Whether a reference is the whole argument of a function that sums: `SUM(C5)` over a repeated row means all its copies.
fn is_argument(tokens: &[Token<'_>], at: usize) -> bool {
    const SUMMING: [&str; 8] = ["SUM", "COUNT", "COUNTA", "AVERAGE", "MAX", "MIN", "PRODUCT", "SUBTOTAL"];
    let with_sheet = at > 0 && matches!(tokens.get(at - 1), Some(Token::Sheet(..)));
    let before = at.checked_sub(if with_sheet { 2 } else { 1 });
    let is = |token: Option<&Token<'_>>, marks: &[&str]| matches!(token, Some(Token::Other(piece)) if marks.contains(piece));
    let begins = is(before.and_then(|before| tokens.get(before)), &["(", ","]);
    let ends = is(tokens.get(at + 1), &[")", ","]);
    let function = tokens.get(..before.unwrap_or(0)).unwrap_or_default().iter().rev().find_map(|token| match token {
        Token::Word(word) if SUMMING.iter().any(|name| name.eq_ignore_ascii_case(word)) => Some(true),
        Token::Word(word) if Reference::parse(word).is_none() => Some(false),
        _ => None,
    });
    begins && ends && function == Some(true)
}

/// A shared formula as one of its other cells has it: relative references moved by so many rows and columns.
pub(in crate::form) fn translated(formula: &str, rows: i64, columns: i64) -> String {
    let tokens = tokens(formula);
    let mut out = String::with_capacity(formula.len());
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sheet(written, _) | Token::Other(written) => out.push_str(written),
            Token::Word(word) => {
                let is_function = matches!(tokens.get(at + 1), Some(Token::Other("(")));
                match Reference::parse(word).filter(|_| !is_function) {
                    Some(reference) => {
                        let moved = |number: u32, by: i64, fixed: bool| {
                            if fixed {
                                Some(number)
                            } else {
                                u32::try_from(i64::from(number) + by).ok().filter(|number| *number > 0)
                            }
                        };
                        let row = moved(reference.row, rows, reference.fixed_row);
                        let column = moved(reference.column, columns, reference.fixed_column);
                        match (row, column) {
                            (Some(row), Some(column)) => out.push_str(&Reference { row, column, ..reference }.print()),
                            _ => out.push_str("#REF!"),
                        }
                    }
                    None => out.push_str(word),
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adjusted(formula: &str, copy: Option<u32>) -> String {
        let block = Block { from: 5, to: 5, copies: 3 };
        let sheets = HashMap::from([("表 一".to_owned(), Shift { blocks: vec![block] })]);
        let moves = Moves { sheets: &sheets, own: Some("表 一"), copy: copy.map(|copy| (block, copy)) };
        moves.adjust(formula)
    }

    #[test]
    fn references_below_move_and_sums_over_the_repeated_row_grow() {
        assert_eq!(adjusted("SUM(C5:C5)+D6", None), "SUM(C5:C7)+D8");
        assert_eq!(adjusted("SUM(C5)", None), "SUM(C5:C7)");
        assert_eq!(adjusted("IF(C5>0,C5,\"C6\")", None), "IF(C5>0,C5,\"C6\")");
        assert_eq!(adjusted("SUM($C$4:$C$6)", None), "SUM($C$4:$C$8)");
        assert_eq!(adjusted("SUM('表 一'!C5,'别的'!C6,Table1[列6])", None), "SUM('表 一'!C5:C7,'别的'!C6,Table1[列6])");
        assert_eq!(adjusted("5:6", None), "5:8");
        assert_eq!(adjusted("LOG10(A6)+[1]Sheet1!A6", None), "LOG10(A8)+[1]Sheet1!A6");
    }

    #[test]
    fn a_formula_within_the_row_stays_in_its_row() {
        assert_eq!(adjusted("B5*C5+D6+D4", Some(2)), "B7*C7+D8+D4");
        assert_eq!(adjusted("SUM(B5:D5)", Some(1)), "SUM(B6:D6)");
    }

    #[test]
    fn shared_formulas_are_written_out() {
        assert_eq!(translated("B5*$C$1+B$2", 2, 1), "C7*$C$1+C$2");
        assert_eq!(translated("A1", -1, 0), "#REF!");
    }
}
