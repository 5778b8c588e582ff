//! The machine's fonts, and which of them takes which part of a page.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use fontdb::{Database, FaceInfo, Source, Style, Weight};
use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use typst_kit::fonts::{FontSource, FontStore};

use crate::error::ExportError;
use crate::row_lines::LetterWidths;
use crate::typeset::Setter;

/// The fonts of the machine; scanned once, cheap to clone.
#[derive(Clone)]
pub struct Fonts(Arc<Machine>);

struct Machine {
    faces: Database,
    families: Option<Families>,
    /// The faces that a report is set in.
    chosen: FontStore,
    /// Every face, for characters that the chosen ones lack; rarely needed, and slow to read.
    all: OnceLock<FontStore>,
    /// Of the body's family.
    widths: LetterWidths,
    setter: Setter,
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
        let mut faces = Database::new();
        extra.iter().for_each(|folder| faces.load_fonts_dir(folder));
        faces.load_system_fonts();
        Fonts::of(faces)
    }

    /// The faces of a machine, and those among them to print with.
    pub(crate) fn of(faces: Database) -> Self {
        let families = Families::of(&faces);
        let chosen = families.as_ref().map_or_else(FontStore::new, |families| loaded(&faces, families));
        let widths = LetterWidths::of(&chosen, families.as_ref().map_or("", |families| &families.body));
        Fonts(Arc::new(Machine { faces, families, chosen, all: OnceLock::new(), widths, setter: Setter::new() }))
    }

    /// How wide the letters of tables are.
    pub(crate) fn letter_widths(&self) -> &LetterWidths {
        &self.0.widths
    }

    /// What sets pages in them.
    pub(crate) fn setter(&self) -> &Setter {
        &self.0.setter
    }

    /// The families to print with: the official ones where the machine has them, else free ones of the same kind.
    pub(crate) fn families(&self) -> Result<Families, ExportError> {
        self.0.families.clone().ok_or(ExportError::FontMissing)
    }

    /// Fonts in which the text can be set: the chosen ones, or all where a character asks for another.
    pub(crate) fn for_text(&self, text: &str) -> &FontStore {
        let letters: BTreeSet<char> = text.chars().filter(|letter| !letter.is_control()).collect();
        let chosen = &self.0.chosen;
        let known = |letter: &char| infos(chosen).any(|info| info.coverage.contains(u32::from(*letter)));
        if letters.iter().all(known) { chosen } else { self.0.all.get_or_init(|| listed(&self.0.faces)) }
    }
}

/// A text in which whatever none of the fonts can show stands as an empty box: PDF/A takes no character without a glyph, and a
/// single emoji must not cost the user the report. Marks that no font has together with their letter go.
pub(crate) fn shown_in(store: &FontStore, text: String) -> String {
    let asked: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii() && !c.is_whitespace() && *c != '\u{200B}').collect();
    let has = |info: &FontInfo, c: char| info.coverage.contains(u32::from(c));
    let missing: BTreeSet<char> = asked.iter().copied().filter(|c| !infos(store).any(|info| has(info, *c))).collect();
    if missing.is_empty() && !asked.iter().copied().any(is_mark) {
        return text;
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text.chars().peekable());
    while let Some(letter) = rest.next() {
        let mut cluster = vec![letter];
        while let Some(mark) = rest.next_if(|c| is_mark(*c)) {
            cluster.push(mark);
        }
        let together = cluster.len() == 1 || infos(store).any(|info| cluster.iter().all(|c| has(info, *c)));
        match (missing.contains(&letter), together) {
            (true, _) if is_mark(letter) => {}
            (true, _) => shown.push('□'),
            (false, true) => shown.extend(cluster),
            (false, false) => shown.push(letter),
        }
    }
    shown
}

/// What is set together with the character before it: accents, selectors of a shape, joiners.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{200C}' | '\u{200D}')
        || matches!(c, '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
        || matches!(c, '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0100}'..='\u{E01EF}')
}

/// What each part of the page is set in by the standard, and the names under which machines know that font.
const PARTS: [(&str, &[&str]); 5] = [
    ("小标宋", &TITLE),
    ("仿宋", &BODY),
    ("黑体", &["黑体", "SimHei"]),
    ("楷体", &["楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"]),
    ("宋体", &SONG),
];

impl Fonts {
    /// What to tell about fonts that stand in for those of the standard; nothing where the machine has them all.
    pub fn stand_ins(&self) -> Option<String> {
        let families = self.0.families.as_ref()?;
        let missing: Vec<&str> = PARTS
            .iter()
            .filter(|(_, names)| names.iter().all(|name| family(&self.0.faces, name).is_none()))
            .map(|(part, _)| *part)
            .collect();
        let used: BTreeSet<&str> =
            [&families.title, &families.body, &families.hei, &families.kai, &families.song].map(String::as_str).into();
        let used = used.into_iter().collect::<Vec<_>>().join("、");
        (!missing.is_empty()).then(|| {
            format!(
                "这台电脑没有{}，打印稿（PDF）用“{used}”代替，字宽相同；文字稿（DOCX）里写的仍是规定的字体",
                missing.join("、")
            )
        })
    }
}

impl Families {
    fn of(faces: &Database) -> Option<Self> {
        let first = |names: &[&str]| names.iter().find_map(|name| family(faces, name));
        let song = first(&SONG).or_else(|| first(&SONG_STAND_INS));
        let body = first(&BODY).or_else(|| song.clone())?;
        let song = song.unwrap_or_else(|| body.clone());
        let heavy = first(&TITLE);
        Some(Families {
            title_is_heavy: heavy.is_some(),
            title: heavy.unwrap_or_else(|| song.clone()),
            hei: first(&HEI).unwrap_or_else(|| song.clone()),
            kai: first(&KAI).unwrap_or_else(|| body.clone()),
            song,
            body,
        })
    }

    /// Whether a report is set in the face: the families upright and of normal weight, the title's stand-in bold.
    fn uses(&self, face: &FaceInfo) -> bool {
        let is = |name: &String| face.families.iter().any(|(known, _)| known == name);
        let normal = [&self.title, &self.body, &self.hei, &self.kai, &self.song].into_iter().any(is);
        let bold = !self.title_is_heavy && is(&self.title);
        face.style == Style::Normal && ((normal && face.weight == Weight::NORMAL) || (bold && face.weight == Weight::BOLD))
    }
}

/// The name under which the typesetter knows a family, whatever language it is asked for in.
fn family(faces: &Database, name: &str) -> Option<String> {
    let face = faces.faces().find(|face| face.families.iter().any(|(known, _)| known == name))?;
    face.families.first().map(|(first, _)| first.clone())
}

/// The faces that reports are set in, ready: what a face can show is read but once.
fn loaded(faces: &Database, families: &Families) -> FontStore {
    let mut store = FontStore::new();
    let wanted = faces.faces().filter(|face| families.uses(face)).filter_map(MappedFont::of);
    for font in wanted.filter_map(|face| face.load()) {
        let info = font.info().clone();
        store.push((font, info));
    }
    store
}

/// Every face, each to be loaded when a character asks for it.
fn listed(faces: &Database) -> FontStore {
    let mut store = FontStore::new();
    for face in faces.faces() {
        let info = faces.with_face_data(face.id, FontInfo::new).flatten();
        if let Some((font, info)) = MappedFont::of(face).zip(info) {
            store.push((font, info));
        }
    }
    store
}

fn infos(store: &FontStore) -> impl Iterator<Item = &FontInfo> {
    (0..).map_while(|index| store.book().info(index))
}

/// A font file read where it lies.
struct MappedFont {
    path: PathBuf,
    index: u32,
}

impl MappedFont {
    fn of(face: &FaceInfo) -> Option<Self> {
        match &face.source {
            Source::File(path) | Source::SharedFile(path, _) => Some(MappedFont { path: path.clone(), index: face.index }),
            Source::Binary(_) => None,
        }
    }
}

impl FontSource for MappedFont {
    fn load(&self) -> Option<Font> {
        let file = File::open(&self.path).ok()?;
        let meta = file.metadata().ok()?;
        let identity = format!("{}\n{}\n{:?}", self.path.display(), meta.len(), meta.modified().ok());
        // Copying a collection of 27 MB takes longer than setting a report in it.
        // SAFETY: installed fonts are replaced, not written in place, so the mapped bytes stay as they are.
        #[allow(unsafe_code)]
        let content = unsafe { memmap2::Mmap::map(&file) }.ok()?;
        let is_named = Arc::new(AtomicBool::new(false));
        let bytes = Bytes::new(NamedBytes { content, identity, is_named: Arc::clone(&is_named) });
        // Asked for its fingerprint now, the typesetter remembers it and never asks again.
        typst::utils::hash128(&bytes);
        is_named.store(true, Ordering::Release);
        Font::new(bytes, self.index)
    }
}

/// A font file that tells its path, size and time until it has been fingerprinted, and its content from then on.
///
/// The typesetter tells fonts apart by a fingerprint of all their bytes, which are tens of megabytes: reading them once
/// takes as long as setting the report. Which file it is says as much.
struct NamedBytes {
    content: memmap2::Mmap,
    identity: String,
    is_named: Arc<AtomicBool>,
}

impl AsRef<[u8]> for NamedBytes {
    fn as_ref(&self) -> &[u8] {
        if self.is_named.load(Ordering::Acquire) { &self.content } else { self.identity.as_bytes() }
    }
}
