//! The machine's fonts, and which of them takes which part of a page.

use std::path::PathBuf;
use std::sync::Arc;

use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst_kit::fonts::FontStore;

use crate::error::ExportError;

/// The fonts of the machine; scanned once, cheap to clone.
#[derive(Clone)]
pub struct Fonts {
    store: Arc<FontStore>,
}

/// The family for each part of the page (GB/T 9704-2012), by exact name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Families {
    /// 仿宋: body.
    pub body: String,
    /// 小标宋: title. The stand-in is a bold 宋.
    pub title: String,
    /// Whether the title's family is heavy by itself.
    pub title_is_heavy: bool,
    /// 黑体: headings of level 1, table heads, 附件.
    pub hei: String,
    /// 楷体: headings of level 2.
    pub kai: String,
    /// 宋体: page numbers.
    pub song: String,
}

const SONG_STAND_INS: [&str; 4] = ["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN"];
const TITLE: [&str; 4] = ["方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"];
const BODY: [&str; 5] = ["仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong"];
const SONG: [&str; 4] = ["宋体", "SimSun", "NSimSun", "STSong"];
const HEI: [&str; 6] = ["黑体", "SimHei", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"];
const KAI: [&str; 7] = ["楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "LXGW WenKai", "霞鹜文楷"];

impl Fonts {
    /// Scans the machine's font folders, and further ones.
    pub fn discover(extra: &[PathBuf]) -> Self {
        let mut store = FontStore::new();
        for folder in extra {
            store.extend(typst_kit::fonts::scan(folder));
        }
        store.extend(typst_kit::fonts::system());
        Fonts { store: Arc::new(store) }
    }

    /// The families to print with: the official ones where the machine has them, else free ones of the same kind.
    pub(crate) fn families(&self) -> Result<Families, ExportError> {
        let song = self.first(&SONG).or_else(|| self.first(&SONG_STAND_INS));
        let body = self.first(&BODY).or_else(|| song.clone()).ok_or(ExportError::FontMissing)?;
        let song = song.unwrap_or_else(|| body.clone());
        let heavy = self.first(&TITLE);
        Ok(Families {
            title_is_heavy: heavy.is_some(),
            title: heavy.unwrap_or_else(|| song.clone()),
            hei: self.first(&HEI).unwrap_or_else(|| song.clone()),
            kai: self.first(&KAI).unwrap_or_else(|| body.clone()),
            song,
            body,
        })
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        let book = self.store.book();
        names.iter().find(|name| book.contains_family(&name.to_lowercase())).map(|name| (*name).to_owned())
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }
}
