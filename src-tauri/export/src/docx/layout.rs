//! The figures of GB/T 9704-2012 in Word's units: twips (1/20 pt, 1440 an inch) and half points.

/// Short side of A4, 210 mm, in twips.
pub(super) const PAPER_SHORT: u32 = 11906;
/// Long side of A4, 297 mm, in twips.
pub(super) const PAPER_LONG: u32 = 16838;
/// Top margin (天头), 37 mm, in twips.
pub(super) const TOP: u32 = 2098;
/// Bottom margin, 35 mm, in twips.
pub(super) const BOTTOM: u32 = 1984;
/// Left margin (订口), 28 mm, in twips.
pub(crate) const LEFT: u32 = 1587;
/// Right margin, 26 mm, in twips.
pub(crate) const RIGHT: u32 = 1474;
/// Width of the type area (版心), 156 mm, in twips.
pub(crate) const TYPE_WIDTH: u32 = PAPER_SHORT - LEFT - RIGHT;
/// Height of the type area, 225 mm, in twips.
pub(crate) const TYPE_HEIGHT: u32 = PAPER_LONG - TOP - BOTTOM;
/// Exact line pitch in twips, 28.95 pt: 22 lines a page.
pub(super) const LINE: u32 = 579;
/// Character pitch in twips: 28 characters a line.
pub(super) const CHAR: u32 = TYPE_WIDTH / 28;
/// What 三号 letters stand closer together, in twips: 28 × (320 − 5) = 8820, so that 28 fill a line. Done on the letters
/// and not by a negative `w:charSpace` of the grid, which LibreOffice misreads (17 characters a line).
pub(super) const TIGHTER: i32 = -5;
/// Distance of the footer from the paper's edge in twips: 28 mm (35 mm margin less the 7 mm of the standard) less the
/// height of the number.
pub(super) const FOOTER: u32 = BOTTOM - mm(7) - NUMBER;
/// Height of the page number's line and width of one of its characters, 14 pt, in twips.
pub(super) const NUMBER: u32 = 280;

/// 二号 (22 pt), in half points.
pub(super) const SIZE_2: u32 = 44;
/// 三号 (16 pt), in half points.
pub(super) const SIZE_3: u32 = 32;
/// 四号 (14 pt), in half points.
pub(crate) const SIZE_4: u32 = 28;
/// 小四 (12 pt), in half points.
pub(crate) const SIZE_SMALL_4: u32 = 24;
/// 五号 (10.5 pt), in half points.
pub(crate) const SIZE_5: u32 = 21;

/// Millimetres in twips, rounded down.
const fn mm(millimetres: u32) -> u32 {
    millimetres * 14400 / 254
}

/// The fonts of the standard, as Windows and WPS name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// 仿宋: body.
    FangSong,
    /// 黑体: first headings, heads of tables.
    Hei,
    /// 楷体: second headings.
    Kai,
    /// 小标宋: titles.
    XiaoBiaoSong,
    /// 宋体: page numbers.
    Song,
}

impl Face {
    /// Every face, in the order of the font table.
    pub(super) const ALL: [Face; 5] = [Face::FangSong, Face::Hei, Face::Kai, Face::XiaoBiaoSong, Face::Song];

    /// The font's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Face::FangSong => "仿宋_GB2312",
            Face::Hei => "黑体",
            Face::Kai => "楷体_GB2312",
            Face::XiaoBiaoSong => "方正小标宋简体",
            Face::Song => "宋体",
        }
    }

    /// What stands in where the font is not installed.
    pub(super) fn stand_in(self) -> &'static str {
        match self {
            Face::FangSong => "仿宋",
            Face::Hei => "SimHei",
            Face::Kai => "楷体",
            Face::XiaoBiaoSong => "宋体",
            Face::Song => "SimSun",
        }
    }

    /// Word's font family class.
    pub(super) fn family(self) -> &'static str {
        match self {
            Face::FangSong | Face::Kai => "modern",
            Face::Hei | Face::XiaoBiaoSong | Face::Song => "auto",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_fills_the_type_area() {
        assert_eq!((TYPE_WIDTH, TYPE_HEIGHT), (8845, 12756));
        assert_eq!(TYPE_HEIGHT / LINE, 22);
        let pitch = i64::from(SIZE_3) * 10 + i64::from(TIGHTER);
        assert_eq!(i64::from(TYPE_WIDTH) / pitch, 28);
        assert!((1290..1320).contains(&FOOTER), "about 23 mm, is {FOOTER}");
    }
}
