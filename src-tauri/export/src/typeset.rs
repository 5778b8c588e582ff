//! Setting the document in pages with typst. The document enters as data and never as markup.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use zhucun_core::report::document::{Align, Annex, Block, Cell, Document, Photo, Run, Table, annex_list_lines};

use crate::columns::{FEW_COLUMNS, row_height, widths};
use crate::docx::{SIZE_5, SIZE_SMALL_4, TYPE_HEIGHT, TYPE_WIDTH};
use crate::error::ExportError;
use crate::fonts::{Families, Fonts, shown_in};
use crate::page_numbers::numbered;
use crate::photos::{Grid, sized};
use crate::preview::MarkTarget;
use crate::printable::printable;
use crate::row_lines::LetterWidths;

const TEMPLATE: &str = include_str!("report.typ");

/// A document in pages, with what its marks point at.
pub(crate) struct Typeset {
    pub pages: PagedDocument,
    /// By the numbers that links of the form `zc:N` carry.
    pub targets: Vec<MarkTarget>,
    /// What the typesetter found odd. Never a reason to leave a user without the report, so only tests look.
    #[cfg(test)]
    pub warnings: Vec<String>,
}

/// Sets the document; with `marks`, figures and blocks become links of the form `zc:BLOCK:TARGET` for the preview.
pub(crate) fn typeset(document: &Document, fonts: &Fonts, marks: bool) -> Result<Typeset, ExportError> {
    let mut targets = Targets { all: Vec::new(), are_pointed_at: marks };
    let mut input = Input::of(document, fonts.families()?, marks, &mut targets);
    input.tables().for_each(|table| table.find_row_lines(fonts.letter_widths()));
    set(&input, targets, document, fonts)
}

fn set(input: &Input, targets: Targets, document: &Document, fonts: &Fonts) -> Result<Typeset, ExportError> {
    let world = ReportWorld::new(fonts, input, document)?;
    // Before, not after: whoever waits for the pages need not wait for this too.
    comemo_evict();
    let warned = typst::compile::<PagedDocument>(&world);
    let pages = warned
        .output
        .map_err(|errors| ExportError::Typeset(errors.first().map_or_else(String::new, |error| error.message.to_string())))?;
    let pages = numbered(&pages);
    #[cfg(test)]
    let warnings = warned.warnings.iter().map(|warning| warning.message.to_string()).collect();
    Ok(Typeset {
        pages,
        targets: targets.all,
        #[cfg(test)]
        warnings,
    })
}

/// Typst remembers what it laid out; what the last few reports did not use is let go.
fn comemo_evict() {
    typst::comemo::evict(5);
}

#[derive(Default)]
struct Targets {
    all: Vec<MarkTarget>,
    /// Whether anybody points at the pages; where nobody does, cells of tables are texts and no more.
    are_pointed_at: bool,
}

impl Targets {
    fn add(&mut self, target: MarkTarget) -> usize {
        self.all.push(target);
        self.all.len() - 1
    }
}

/// What `report.typ` reads.
#[derive(Serialize)]
struct Input {
    marks: bool,
    fonts: Families,
    heading: String,
    author: String,
    keywords: Vec<String>,
    title: Vec<String>,
    blocks: Vec<InputBlock>,
    annexes: Vec<InputAnnex>,
}

#[derive(Serialize)]
struct InputBlock {
    kind: &'static str,
    level: u8,
    mark: usize,
    runs: Vec<InputPiece>,
    lines: Vec<String>,
    table: Option<InputTable>,
    photos: Vec<InputPhoto>,
    photo_columns: u32,
}

/// A piece of a paragraph: a text alone, or what more there is to it.
#[derive(Serialize)]
#[serde(untagged)]
enum InputPiece {
    Text(String),
    Rich(InputRun),
}

#[derive(Serialize)]
struct InputRun {
    text: String,
    /// Whether it stays on one line.
    boxed: bool,
    /// What must not begin a line and stood at the beginning of the next run; see `report.typ`.
    tail: String,
    mark: Option<usize>,
    /// 核对稿: the small raised number behind it.
    note: Option<u32>,
}

#[derive(Serialize)]
struct InputAnnex {
    number: u32,
    title: String,
    landscape: bool,
    mark: usize,
    table: InputTable,
    photos: Vec<InputPhoto>,
    /// Pictures side by side.
    photo_columns: u32,
}

#[derive(Serialize)]
struct InputPhoto {
    /// Empty where the picture cannot be read: its place stays.
    file: String,
    caption: String,
    /// In twips.
    width: u32,
    height: u32,
    mark: Option<usize>,
}

#[derive(Serialize)]
struct InputTable {
    unit: Option<String>,
    heads: Vec<String>,
    /// In twips; the pages use their proportions.
    widths: Vec<u32>,
    /// Of the letters, in points.
    size: f64,
    aligns: Vec<&'static str>,
    /// Row after row.
    cells: Vec<InputCell>,
    /// Whether all cells are texts and nothing more: they need no look at each.
    plain: bool,
    /// Of each row, how many lines it is high; 0 where that is not certain.
    lines: Vec<u32>,
    total: Option<Vec<InputRun>>,
}

/// A cell: its text alone, or what more there is to it.
#[derive(Serialize)]
#[serde(untagged)]
enum InputCell {
    Text(String),
    Rich {
        #[serde(flatten)]
        run: InputRun,
        /// Of a row that is too tall to be kept on one page.
        tall: bool,
    },
}

impl Input {
    fn of(document: &Document, fonts: Families, marks: bool, targets: &mut Targets) -> Self {
        let printed = document.annexes.iter().filter(|annex| annex.printed);
        let mut photos = 0;
        Input {
            marks,
            fonts,
            heading: printable(&document.properties.title),
            author: printable(&document.properties.author),
            keywords: document.properties.fingerprint.iter().map(|hex| format!("签发指纹 SHA-256 {hex}")).collect(),
            title: document.title.iter().map(|line| printable(line)).collect(),
            blocks: document.blocks.iter().map(|block| InputBlock::of(block, &mut photos, targets)).collect(),
            annexes: printed.map(|annex| InputAnnex::of(annex, &mut photos, targets)).collect(),
        }
    }

    fn tables(&mut self) -> impl Iterator<Item = &mut InputTable> {
        let in_text = self.blocks.iter_mut().filter_map(|block| block.table.as_mut());
        in_text.chain(self.annexes.iter_mut().map(|annex| &mut annex.table))
    }
}

impl InputBlock {
    fn of(block: &Block, seen: &mut usize, targets: &mut Targets) -> Self {
        let mark = targets.add(MarkTarget::Block(block.key().to_owned()));
        let (runs, lines, photos) = (Vec::new(), Vec::new(), Vec::new());
        let empty = InputBlock { kind: "", level: 0, mark, runs, lines, table: None, photos, photo_columns: 1 };
        match block {
            Block::Addressee { text, .. } => InputBlock { kind: "addressee", lines: vec![printable(text)], ..empty },
            Block::Heading { level, runs, .. } => {
                InputBlock { kind: "heading", level: *level, runs: input_pieces(runs, targets), ..empty }
            }
            Block::Paragraph { runs, .. } => InputBlock { kind: "paragraph", runs: input_pieces(runs, targets), ..empty },
            Block::Table { title, table, .. } => InputBlock {
                kind: "table",
                lines: title.iter().map(|title| printable(title)).collect(),
                table: Some(InputTable::of(table, false, targets)),
                ..empty
            },
            Block::Photos { photos, .. } => {
                let grid = Grid::in_text(photos.len());
                let photos = input_photos(photos, grid, seen, targets);
                InputBlock { kind: "photos", photos, photo_columns: grid.columns, ..empty }
            }
            Block::AnnexList { items, .. } => InputBlock {
                kind: "annexes",
                lines: annex_list_lines(items).iter().map(|line| printable(line)).collect(),
                ..empty
            },
            Block::SignOff { name, date, .. } => {
                InputBlock { kind: "sign_off", lines: vec![printable(name), printable(date)], ..empty }
            }
        }
    }
}

/// Runs as they are printed: where nobody points, texts that lie beside each other are one.
fn input_pieces(runs: &[Run], targets: &mut Targets) -> Vec<InputPiece> {
    let mut pieces: Vec<InputPiece> = Vec::new();
    for run in input_runs(runs, targets) {
        let is_plain = !targets.are_pointed_at && !run.boxed && run.tail.is_empty() && run.note.is_none();
        match pieces.last_mut() {
            Some(InputPiece::Text(before)) if is_plain => before.push_str(&run.text),
            _ if is_plain => pieces.push(InputPiece::Text(run.text)),
            _ => pieces.push(InputPiece::Rich(run)),
        }
    }
    pieces
}

/// Longest figure that is kept on one line, in characters.
const LONGEST_BOX: usize = 14;

fn input_runs(runs: &[Run], targets: &mut Targets) -> Vec<InputRun> {
    let mut input: Vec<InputRun> = Vec::new();
    for run in runs {
        let mut text = printable(&run.text);
        let mark = run.figure.clone().map(|key| targets.add(MarkTarget::Figure(key)));
        if let Some(before) = input.last_mut().filter(|before| before.mark.is_some() && mark.is_none()) {
            let rest = text.trim_start_matches(NEVER_FIRST).to_owned();
            text.truncate(text.len() - rest.len());
            before.tail = std::mem::replace(&mut text, rest);
        }
        let boxed = mark.is_some() && text.chars().count() <= LONGEST_BOX;
        input.push(InputRun { text, boxed, tail: String::new(), mark, note: run.note });
    }
    input
}

/// Pictures for a grid; `seen` counts those of the whole document, whose files are named so.
fn input_photos(photos: &[Photo], grid: Grid, seen: &mut usize, targets: &mut Targets) -> Vec<InputPhoto> {
    let one = |photo: &Photo| {
        let (width, height) = sized(&photo.picture, grid);
        let mark = photo.record.map(|record| targets.add(MarkTarget::Record(record)));
        *seen += 1;
        let file = if photo.picture.bytes.is_empty() { String::new() } else { format!("/{}", photo_file(*seen - 1)) };
        InputPhoto { file, caption: printable(&photo.caption_text()), width, height, mark }
    };
    photos.iter().map(one).collect()
}

/// Punctuation that the rules for breaking lines part from an object before it, such as a figure in its box.
const NEVER_FIRST: [char; 2] = ['；', '：'];

impl InputAnnex {
    fn of(annex: &Annex, photos: &mut usize, targets: &mut Targets) -> Self {
        let mark = targets.add(MarkTarget::Block(format!("annex.{}", annex.number)));
        let grid = Grid::of(annex.photos.len());
        InputAnnex {
            photos: input_photos(&annex.photos, grid, photos, targets),
            photo_columns: grid.columns,
            number: annex.number,
            title: printable(&annex.title),
            landscape: annex.landscape,
            mark,
            table: InputTable::of(&annex.table, annex.landscape, targets),
        }
    }
}

impl InputTable {
    fn of(table: &Table, landscape: bool, targets: &mut Targets) -> Self {
        let (width, height) = if landscape { (TYPE_HEIGHT, TYPE_WIDTH) } else { (TYPE_WIDTH, TYPE_HEIGHT) };
        let size = if table.columns.len() <= FEW_COLUMNS { SIZE_SMALL_4 } else { SIZE_5 };
        let widths = widths(table, width, size);
        // Half a page, since the estimate knows nothing of wide letters and of what breaks where.
        let mut cells = Vec::new();
        let are_pointed_at = targets.are_pointed_at;
        for row in &table.rows {
            let tall = row_height(row, &widths, size) > height / 2;
            cells.extend(row.iter().map(|cell| match input_cell(cell, targets) {
                InputRun { text, mark: None, note: None, .. } if !tall && !are_pointed_at => InputCell::Text(text),
                run => InputCell::Rich { run, tall },
            }));
        }
        let total = |cells: &Vec<Cell>| cells.iter().map(|cell| input_cell(cell, targets)).collect();
        InputTable {
            unit: table.unit.as_deref().map(printable),
            heads: table.columns.iter().map(|column| printable(&column.title)).collect(),
            widths,
            size: f64::from(size) / 2.0,
            aligns: table.columns.iter().map(|column| align(column.align)).collect(),
            lines: Vec::new(),
            plain: cells.iter().all(|cell| matches!(cell, InputCell::Text(_))),
            cells,
            total: table.total.as_ref().map(total),
        }
    }

    /// Finds out of how many rows the height is certain.
    fn find_row_lines(&mut self, letters: &LetterWidths) {
        let lines = |(cell, width): (&InputCell, &u32)| match cell {
            InputCell::Rich { run: InputRun { note: Some(_), .. }, .. } | InputCell::Rich { tall: true, .. } => None,
            cell => letters.lines(cell.text(), self.size, f64::from(*width) / 20.0),
        };
        let of_row =
            |row: &[InputCell]| row.iter().zip(&self.widths).map(lines).try_fold(0, |most, lines| Some(lines?.max(most)));
        self.lines = self.cells.chunks(self.heads.len().max(1)).map(|row| of_row(row).unwrap_or(0)).collect();
    }
}

impl InputCell {
    fn text(&self) -> &str {
        let (InputCell::Text(text) | InputCell::Rich { run: InputRun { text, .. }, .. }) = self;
        text
    }
}

fn input_cell(cell: &Cell, targets: &mut Targets) -> InputRun {
    let target = match (&cell.figure, &cell.record) {
        (Some(key), _) => Some(MarkTarget::Figure(key.clone())),
        (None, Some(record)) => Some(MarkTarget::Record(*record)),
        (None, None) => None,
    };
    let mark = target.filter(|_| targets.are_pointed_at).map(|target| targets.add(target));
    InputRun { text: printable(&cell.text()), boxed: false, tail: String::new(), mark, note: cell.note }
}

fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

/// Name under which the typesetter sees a picture.
fn photo_file(number: usize) -> String {
    format!("photo{number}")
}

/// What setting pages needs whatever the document: read once, while nobody waits for it.
pub(crate) struct Setter {
    library: LazyHash<Library>,
    template: Source,
}

impl Setter {
    pub fn new() -> Self {
        let library = LazyHash::new(Library::default());
        // Asked for its fingerprint now, it remembers it.
        typst::utils::hash128(&library);
        Setter { library, template: Source::detached(TEMPLATE) }
    }
}

/// The files that typst sees, the fonts, and the report's own day.
struct ReportWorld<'f> {
    setter: &'f Setter,
    fonts: &'f FontStore,
    data: FileId,
    json: Bytes,
    photos: Vec<(FileId, Bytes)>,
    today: NaiveDate,
}

impl<'f> ReportWorld<'f> {
    fn new(fonts: &'f Fonts, input: &Input, document: &Document) -> Result<Self, ExportError> {
        let photos = document
            .photos()
            .enumerate()
            .map(|(number, photo)| Ok((file(&photo_file(number))?, Bytes::new(Arc::clone(&photo.picture.bytes)))));
        let json = serde_json::to_string(input).map_err(|error| ExportError::Typeset(error.to_string()))?;
        let store = fonts.for_text(&json);
        let json = shown_in(store, json);
        Ok(ReportWorld {
            setter: fonts.setter(),
            fonts: store,
            data: file("document.json")?,
            json: Bytes::new(json),
            photos: photos.collect::<Result<_, ExportError>>()?,
            today: document.properties.created,
        })
    }

    fn date(&self) -> Option<Datetime> {
        let month = u8::try_from(self.today.month()).ok()?;
        let day = u8::try_from(self.today.day()).ok()?;
        Datetime::from_ymd(self.today.year(), month, day)
    }
}

fn file(name: &str) -> Result<FileId, ExportError> {
    let path = VirtualPath::new(name).map_err(|_| ExportError::Typeset(format!("路径{name}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.setter.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.setter.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.setter.template.id() { Ok(self.setter.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let photo = || self.photos.iter().find(|(photo, _)| *photo == id).map(|(_, bytes)| bytes.clone());
        if id == self.data { Ok(self.json.clone()) } else { photo().ok_or(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.date()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture;

    fn pages(document: &Document) -> usize {
        let typeset = typeset(document, fixture::fonts(), true).unwrap();
        assert!(typeset.warnings.is_empty(), "{:?}", typeset.warnings);
        typeset.pages.pages().len()
    }

    #[test]
    fn whatever_is_in_it_a_document_is_set_without_a_warning() {
        assert!(pages(&fixture::document()) > 5);
        let mut document = fixture::document();
        document.title.push("（征求意见稿）".to_owned());
        document.annexes.iter_mut().for_each(|annex| annex.table.rows.clear());
        pages(&document);
        document.title.clear();
        document.blocks = vec![Block::AnnexList { key: "annexes".to_owned(), items: Vec::new() }];
        document.annexes.iter_mut().for_each(|annex| annex.table.columns.clear());
        pages(&document);
        document.annexes.clear();
        document.blocks.clear();
        assert_eq!(pages(&document), 1);
    }

    #[test]
    fn three_hundred_rows_are_set_over_many_pages() {
        let mut document = fixture::document();
        document.annexes.truncate(1);
        let before = pages(&document);
        let rows = &mut document.annexes[0].table.rows;
        *rows = rows.iter().cycle().take(300).cloned().collect();
        assert!(pages(&document) > before + 5);
    }

    #[test]
    fn a_row_taller_than_a_page_goes_on_overleaf() {
        let mut document = fixture::document();
        document.annexes.truncate(1);
        document.annexes[0].table.rows.truncate(1);
        let before = pages(&document);
        document.annexes[0].table.rows[0][6] = Cell::text_of("走访".repeat(1500));
        assert!(pages(&document) > before + 3);
    }

    #[test]
    fn pictures_stand_four_a_page_or_two() {
        let mut document = fixture::document();
        document.annexes.clear();
        let before = pages(&document);
        for (photos, more) in [(1, 1), (2, 1), (4, 1), (5, 2), (12, 3)] {
            document.annexes = vec![fixture::album(photos)];
            assert_eq!(pages(&document) - before, more, "{photos} pictures");
        }
        document.title.clear();
        document.blocks.clear();
        document.annexes = vec![Annex { number: 0, ..fixture::album(8) }];
        assert_eq!(pages(&document), 2, "an album alone begins on the first page");
    }

    #[test]
    fn photos_stand_in_the_text_also_where_a_picture_is_lost() {
        let mut document = fixture::document();
        document.annexes.clear();
        let before = pages(&document);
        let photos = |count| Block::Photos { key: format!("own.{count}"), photos: fixture::album(count).photos };
        document.blocks.splice(3..3, [1, 2, 3, 4].map(photos));
        assert!(pages(&document) > before);
        if let Some(Block::Photos { photos, .. }) = document.blocks.get_mut(3) {
            photos[0].picture = Default::default();
        }
        pages(&document);
        let preview = crate::preview(&document, fixture::fonts()).unwrap();
        let is_marked = |key: &str| {
            preview.pages.iter().flat_map(|page| &page.marks).any(|mark| mark.target == MarkTarget::Block(key.to_owned()))
        };
        assert!(["own.1", "own.2", "own.4"].into_iter().all(is_marked), "they can be moved like any block");
    }

    #[test]
    fn punctuation_that_never_begins_a_line_goes_with_the_figure_before_it() {
        let runs = [Run::figure("3户", "a"), Run::text("；其中"), Run::figure("1户", "b"), Run::figure("：2人", "c")];
        let input = input_runs(&runs, &mut Targets::default());
        let set: Vec<_> = input.iter().map(|run| (run.text.as_str(), run.tail.as_str())).collect();
        assert_eq!(set, [("3户", "；"), ("其中", ""), ("1户", ""), ("：2人", "")]);
    }

    /// The pages as drawings, and of how many rows the height was known; measured, all rows are set as if it were not.
    fn drawn(document: &Document, marks: bool, measured: bool) -> (usize, Vec<String>) {
        let fonts = fixture::fonts();
        let mut targets = Targets { all: Vec::new(), are_pointed_at: marks };
        let mut input = Input::of(document, fonts.families().unwrap(), marks, &mut targets);
        input.tables().filter(|_| !measured).for_each(|table| table.find_row_lines(fonts.letter_widths()));
        let known = input.tables().flat_map(|table| &table.lines).filter(|lines| **lines > 0).count();
        let set = set(&input, targets, document, fonts).unwrap();
        (known, set.pages.pages().iter().map(|page| typst_svg::svg(page, &Default::default())).collect())
    }

    /// What stands in a cell: short and long, with and without what makes its lines uncertain.
    fn cell() -> impl Strategy<Value = Cell> {
        let certain = prop_oneof![
            2 => Just(String::new()),
            6 => "[一-龥]{1,14}",
            3 => "[0-9]{1,10}",
            3 => "[一-龥]{1,9}[0-9]{1,4}[一-龥]{1,9}",
            3 => "[一-龥]{1,9}[，。、；（《][一-龥]{1,9}[，。）？]?",
        ];
        prop_oneof![8 => certain, 1 => "[一-龥0-9，。（）]{1,20}", 1 => "[ -~]{1,12}"].prop_map(Cell::text_of)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rows_of_a_known_height_are_set_as_if_they_were_measured(cells in prop::collection::vec(cell(), 240), marks: bool) {
            let mut document = fixture::document();
            let mut cells = cells.into_iter();
            for annex in &mut document.annexes {
                let columns = annex.table.columns.len();
                annex.table.rows = (0..6).map(|_| cells.by_ref().take(columns).collect()).collect();
                annex.table.rows.retain(|row| row.len() == columns);
                annex.table.rows.extend((0..20).map(|number| vec![Cell::text_of(number.to_string()); columns]));
            }
            let ((known, certain), (_, measured)) = (drawn(&document, marks, false), drawn(&document, marks, true));
            prop_assert!(known >= 20 && certain == measured, "{known}");
        }
    }
}
