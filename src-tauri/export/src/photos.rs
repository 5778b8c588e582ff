//! Sizes of the 照片册: how many pictures a page holds, and how large each is, the same in every rendering.

use zhucun_core::report::document::Picture;

/// How the pictures of an annex stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// Side by side.
    pub columns: u32,
    /// Most width of a picture, in twips.
    width: u32,
    /// Most height of a picture, in twips.
    height: u32,
}

/// Twips in a millimetre, times ten.
const MM: u32 = 567;

impl Grid {
    /// Four a page; up to two stand one under the other, and are larger.
    pub(crate) fn of(photos: usize) -> Self {
        let (columns, width, height) = if photos <= 2 { (1, 130, 73) } else { (2, 74, 73) };
        Grid { columns, width: width * MM / 10, height: height * MM / 10 }
    }
}

impl Grid {
    /// In the text: one alone is larger, more stand two by two.
    pub(crate) fn in_text(photos: usize) -> Self {
        let (columns, width, height) = if photos <= 1 { (1, 110, 82) } else { (2, 74, 56) };
        Grid { columns, width: width * MM / 10, height: height * MM / 10 }
    }
}

/// Width and height of a picture in twips: as large as its place allows, never turned out of shape.
pub(crate) fn sized(picture: &Picture, grid: Grid) -> (u32, u32) {
    let (width, height) = (u64::from(picture.width.max(1)), u64::from(picture.height.max(1)));
    let by_width = u64::from(grid.width) * height / width;
    let (w, h) = if by_width <= u64::from(grid.height) {
        (u64::from(grid.width), by_width)
    } else {
        (u64::from(grid.height) * width / height, u64::from(grid.height))
    };
    let twips = |length: u64| u32::try_from(length).unwrap_or(grid.width).max(1);
    (twips(w), twips(h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_keep_their_shape_within_their_place() {
        let picture = |width, height| Picture { width, height, ..Picture::default() };
        let grid = Grid::of(4);
        for (width, height) in [(1920, 1080), (1080, 1920), (10, 5000), (0, 0)] {
            let (w, h) = sized(&picture(width, height), grid);
            assert!(w <= grid.width && h <= grid.height && w > 0 && h > 0, "{width}×{height}: {w}×{h}");
        }
        let (w, h) = sized(&picture(1600, 900), grid);
        assert!((i64::from(w) * 9 - i64::from(h) * 16).abs() < 32);
    }
}
