//! Column widths of a table, the same in every rendering: shares as the table wants them, but nothing torn apart.

use zhucun_core::report::document::{Cell, CellValue, Table};

/// Space left and right of a cell's text in twips, 1 mm.
pub(crate) const PADDING: u32 = 57;
/// Up to this many columns a table is set in 小四 instead of 五号.
pub(crate) const FEW_COLUMNS: usize = 6;
/// Least width of a column's text in half characters.
const LEAST: u32 = 4;
/// Words up to this length are not cut, in half characters: 监测对象, 第三组.
const SHORT: u32 = 10;
/// Most that a column is granted beyond its share, in half characters: an identity number is 18.
const MOST: u32 = 20;

/// Column widths in twips that add up to `width`, for letters of `size` half points: shares as the table wants them, but no figure, date or number is cut
/// apart as long as there is room for all.
pub(crate) fn widths(table: &Table, width: u32, size: u32) -> Vec<u32> {
    let mut least: Vec<u32> = (0..table.columns.len()).map(|column| least_width(table, column, size)).collect();
    let needed = least.iter().sum::<u32>().max(1);
    if needed > width {
        least = least.iter().map(|least| part(width, *least, needed)).collect();
    }
    let shares: Vec<u32> = table.columns.iter().map(|column| column.width.clamp(1, 10_000)).collect();
    let mut fixed = vec![false; shares.len()];
    // Columns whose share is too small get what they need; the others divide what is left, until all are content.
    loop {
        let (room, all) = remaining(width, &least, &shares, &fixed);
        let short = (0..shares.len()).find(|column| !fixed[*column] && part(room, shares[*column], all) < least[*column]);
        match short {
            Some(column) => fixed[column] = true,
            None => return divided(width, &least, &shares, &fixed),
        }
    }
}

/// What the columns that are not fixed have to divide, and the sum of their shares.
fn remaining(width: u32, least: &[u32], shares: &[u32], fixed: &[bool]) -> (u32, u32) {
    let taken: u32 = least.iter().zip(fixed).filter(|(_, fixed)| **fixed).map(|(least, _)| least).sum();
    let all: u32 = shares.iter().zip(fixed).filter(|(_, fixed)| !**fixed).map(|(share, _)| share).sum();
    (width.saturating_sub(taken), all.max(1))
}

/// The widths, once it is clear which columns are fixed; the last takes what rounding leaves.
fn divided(width: u32, least: &[u32], shares: &[u32], fixed: &[bool]) -> Vec<u32> {
    let (room, all) = remaining(width, least, shares, fixed);
    let one = |column: usize| if fixed[column] { least[column] } else { part(room, shares[column], all) };
    let mut widths: Vec<u32> = (0..shares.len()).map(one).collect();
    let rest = width.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

/// `share` of `all` of a width, rounded down.
fn part(width: u32, share: u32, all: u32) -> u32 {
    u32::try_from(u64::from(width) * u64::from(share) / u64::from(all)).unwrap_or(width)
}

/// What a column needs in twips: its longest figure, date or run of Latin letters, and half its head.
fn least_width(table: &Table, column: usize, size: u32) -> u32 {
    let cells = table.rows.iter().chain(&table.total).filter_map(|cells| cells.get(column)).map(unbreakable);
    let head = table.columns.get(column).map_or(0, |column| halves(&column.title).div_ceil(4) * 2);
    let most = cells.chain([head, LEAST]).max().unwrap_or(LEAST).min(MOST);
    // A half character is 5 twips per half point; Latin letters of some fonts are a tenth wider.
    most * size * 11 / 2 + 2 * PADDING
}

/// Width of the longest part of a cell that must not be cut, in half characters: figures, dates and short words whole,
/// with room for fonts whose per cent sign is wide.
fn unbreakable(cell: &Cell) -> u32 {
    match &cell.value {
        CellValue::Empty => 0,
        CellValue::Text(text) if halves(text) <= SHORT => halves(text),
        CellValue::Text(text) => text.split(|c: char| !c.is_ascii_graphic()).map(halves).max().unwrap_or(0),
        CellValue::Count(_) | CellValue::Money(_) | CellValue::Day(_) => halves(&cell.text()),
        CellValue::Percent(_) => halves(&cell.text()) + 1,
    }
}

/// About how high a row is with letters of `size` half points, in twips.
pub(crate) fn row_height(cells: &[Cell], widths: &[u32], size: u32) -> u32 {
    let lines = |(cell, width): (&Cell, &u32)| halves(&cell.text()) * size * 5 / width.saturating_sub(2 * PADDING).max(1) + 1;
    cells.iter().zip(widths).map(lines).max().unwrap_or(0) * size * 27 / 2
}

/// Width of a text in half characters: Chinese characters count two.
pub(crate) fn halves(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn widths_fill_the_type_area_and_figures_fit() {
        for annex in fixture::document().annexes {
            for width in [8845, 12756] {
                let widths = widths(&annex.table, width, 21);
                assert_eq!(widths.iter().sum::<u32>(), width);
            }
            let widths = widths(&annex.table, 12756, 21);
            let wide_enough = |column: usize| widths[column] >= least_width(&annex.table, column, 21);
            assert!((0..widths.len()).all(wide_enough), "{widths:?}");
        }
    }

    #[test]
    fn shares_are_kept_where_there_is_room() {
        let mut table = fixture::document().annexes.remove(2).table;
        table.columns[1].width = 4;
        assert_eq!(widths(&table, 10_000, 21), [2000, 8000]);
        table.columns.clear();
        assert!(widths(&table, 10_000, 21).is_empty());
    }
}
