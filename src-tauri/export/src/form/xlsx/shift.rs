//! Rows that move: where a row of the form stands once other rows are repeated or left out, and references that follow.

/// Neighbouring rows that are written so many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::form) struct Block {
    pub from: u32,
    pub to: u32,
    pub copies: u32,
}

impl Block {
    fn length(self) -> u32 {
        self.to - self.from + 1
    }

    pub(in crate::form) fn holds(self, row: u32) -> bool {
        (self.from..=self.to).contains(&row)
    }
}

/// The moves of a sheet's rows.
#[derive(Debug, Clone, Default)]
pub(in crate::form) struct Shift {
    /// Blocks that are not written exactly once, from above.
    pub blocks: Vec<Block>,
}

impl Shift {
    /// Whether anything moves.
    pub(in crate::form) fn moves(&self) -> bool {
        self.blocks.iter().any(|block| block.copies != 1)
    }

    /// The block that holds a row.
    pub(in crate::form) fn block(&self, row: u32) -> Option<Block> {
        self.blocks.iter().copied().find(|block| block.holds(row))
    }

    /// Where a row of a copy stands.
    pub(in crate::form) fn copy(&self, row: u32, copy: u32) -> u32 {
        let before = self.blocks.iter().filter(|block| block.to < row);
        let moved: i64 = before.map(|block| i64::from(block.length()) * (i64::from(block.copies) - 1)).sum();
        let within = self.block(row).map_or(0, |block| block.length() * copy);
        u32::try_from((i64::from(row) + moved + i64::from(within)).max(1)).unwrap_or(u32::MAX)
    }

    /// Where a row stands first.
    pub(in crate::form) fn first(&self, row: u32) -> u32 {
        match self.block(row) {
            // What is gone points at what has taken its place.
            Some(block) if block.copies == 0 => self.copy(block.from, 0),
            _ => self.copy(row, 0),
        }
    }

    /// Where a row stands last.
    pub(in crate::form) fn last(&self, row: u32) -> u32 {
        match self.block(row) {
            Some(block) if block.copies == 0 => self.copy(block.from, 0).saturating_sub(1).max(1),
            Some(block) => self.copy(row, block.copies - 1),
            None => self.copy(row, 0),
        }
    }

    /// An area such as `A5:C9`, moved and grown.
    pub(in crate::form) fn area(&self, area: &str) -> Option<String> {
        let (from, to) = area.split_once(':').unwrap_or((area, area));
        let (from, to) = (Reference::parse(from)?, Reference::parse(to)?);
        let (first, last) = (self.first(from.row), self.last(to.row));
        if last < first {
            return None;
        }
        let (from, to) = (Reference { row: first, ..from }, Reference { row: last, ..to });
        let same = from.row == to.row && from.column == to.column && !area.contains(':');
        Some(if same && first == last { from.print() } else { format!("{}:{}", from.print(), to.print()) })
    }

    /// Several areas with spaces between them.
    pub(in crate::form) fn areas(&self, areas: &str) -> String {
        let moved: Vec<String> = areas.split_whitespace().filter_map(|area| self.area(area)).collect();
        if moved.is_empty() { areas.to_owned() } else { moved.join(" ") }
    }
}

/// A reference to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::form) struct Reference {
    pub column: u32,
    pub row: u32,
    /// Whether the column stands fast: `$A`.
    pub fixed_column: bool,
    /// Whether the row stands fast: `A$1`.
    pub fixed_row: bool,
}

/// Rows of a sheet; what is beyond is no reference.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

impl Reference {
    /// Reads `A5` or `$A$5`.
    pub(in crate::form) fn parse(text: &str) -> Option<Self> {
        let (fixed_column, rest) = text.strip_prefix('$').map_or((false, text), |rest| (true, rest));
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, rest) = rest.split_at_checked(letters)?;
        let (fixed_row, digits) = rest.strip_prefix('$').map_or((false, rest), |rest| (true, rest));
        if letters.is_empty() || letters.len() > 3 || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let column = letters.bytes().fold(0u32, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
        let row = digits.parse().ok().filter(|row| (1..=MOST_ROWS).contains(row))?;
        (column <= MOST_COLUMNS).then_some(Reference { column, row, fixed_column, fixed_row })
    }

    /// `A5` or `$A$5`.
    pub(in crate::form) fn print(self) -> String {
        let fixed = |is: bool| if is { "$" } else { "" };
        format!("{}{}{}{}", fixed(self.fixed_column), column_name(self.column), fixed(self.fixed_row), self.row)
    }
}

/// 1 → `A`, 27 → `AA`.
pub(in crate::form) fn column_name(column: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), column);
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_below_a_repeated_row_move_down_and_areas_over_it_grow() {
        let shift = Shift { blocks: vec![Block { from: 5, to: 5, copies: 10 }, Block { from: 8, to: 8, copies: 0 }] };
        assert_eq!((shift.first(4), shift.first(5), shift.last(5), shift.first(6), shift.first(9)), (4, 5, 14, 15, 17));
        assert_eq!(shift.area("A5:C5").as_deref(), Some("A5:C14"));
        assert_eq!(shift.area("$B$2:$B$7").as_deref(), Some("$B$2:$B$16"));
        assert_eq!(shift.area("B9").as_deref(), Some("B17"));
        assert_eq!(shift.area("A8:C8"), None, "what is gone has no area");
        assert_eq!(shift.areas("A5 B9"), "A5:A14 B17");
    }

    proptest! {
        #[test]
        fn references_read_as_they_are_printed(column in 1u32..=16_384, row in 1u32..=1_048_576, fixed_column: bool, fixed_row: bool) {
            let reference = Reference { column, row, fixed_column, fixed_row };
            prop_assert_eq!(Reference::parse(&reference.print()), Some(reference));
        }
    }
}
