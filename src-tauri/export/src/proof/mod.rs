//! 脱敏复核: a finished file is read again, as anybody could read it, and searched for what its masking profile hides. Pictures
//! are not read.

mod numbers;
mod package;
mod pdf;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::report::hidden::{Hidden, finder_of};
use zhucun_core::value::{mask_bank_number, mask_id_number, mask_name, mask_phone};

use crate::ExportError;
use numbers::NumberKind;

/// Something that should have been masked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct Leak {
    /// Where in the file: `正文`, `第3页`, `工作表“走访台账”`, `文件属性`.
    pub place: String,
    /// 身份证号, 电话号码, 银行卡号, 姓名 or 号码.
    pub what: String,
    /// What was found, masked: the report of a leak is none itself.
    pub shown: String,
}

/// A piece of a file's text. Line breaks part what does not belong together.
pub(crate) struct Piece {
    pub place: String,
    pub text: String,
    /// Whether its lines are those of a page, so that a number may go on in the next one.
    pub is_wrapped: bool,
}

/// The text of a finished file in the order in which a reader finds it, a piece a line.
pub fn text_of_file(extension: &str, bytes: &[u8]) -> Result<String, ExportError> {
    Ok(pieces(extension, bytes)?.into_iter().map(|piece| piece.text).collect::<Vec<_>>().join("\n"))
}

/// Digits of a number that is looked for although a line's end parts it.
const LONG: usize = 11;

/// Searches finished files.
pub struct Prover {
    hidden: Hidden,
    names: Option<AhoCorasick>,
    /// How many of the patterns are names; the others are public words.
    name_count: usize,
    /// How many digits the hidden numbers have.
    lengths: BTreeSet<usize>,
    /// Numbers that may stand: those that a form brought itself.
    allowed: BTreeSet<String>,
}

impl Prover {
    /// For what a profile hides.
    pub fn of(hidden: Hidden) -> Self {
        let patterns: Vec<&str> = hidden.names.keys().chain(&hidden.public_words).map(String::as_str).collect();
        let name_count = hidden.names.len();
        let names = finder_of(&patterns);
        let names = names.filter(|_| name_count > 0);
        let lengths = hidden.numbers.iter().map(String::len).collect();
        Prover { names, name_count, lengths, allowed: BTreeSet::new(), hidden }
    }

    /// Leaves alone what a form held before anything was filled in: the township's own telephone, say.
    pub fn allowing(mut self, form: &[u8], extension: &str) -> Result<Self, ExportError> {
        for piece in pieces(extension, form)? {
            self.allowed.extend(numbers::found(&piece.text).map(|(_, number)| number));
        }
        Ok(self)
    }

    /// Whether anything is searched for at all.
    pub fn is_idle(&self) -> bool {
        !self.hidden.by_shape
    }

    /// Refuses a file that shows what it must not.
    pub fn prove(&self, extension: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let leaks = self.leaks(extension, bytes)?;
        if leaks.is_empty() { Ok(()) } else { Err(ExportError::Unmasked(leaks)) }
    }

    /// What a file shows that it must not; each once a place.
    pub fn leaks(&self, extension: &str, bytes: &[u8]) -> Result<Vec<Leak>, ExportError> {
        if self.is_idle() {
            return Ok(Vec::new());
        }
        let mut leaks = BTreeSet::new();
        for piece in pieces(extension, bytes)? {
            self.numbers_in(&piece, &mut leaks);
            self.names_in(&piece, &mut leaks);
        }
        Ok(leaks.into_iter().collect())
    }

    fn numbers_in(&self, piece: &Piece, leaks: &mut BTreeSet<Leak>) {
        let mut add = |what: &str, shown: String| {
            leaks.insert(Leak { place: piece.place.clone(), what: what.to_owned(), shown });
        };
        for (kind, number) in numbers::found(&piece.text) {
            if self.allowed.contains(&number) {
                continue;
            }
            match kind {
                NumberKind::Id => add("身份证号", mask_id_number(&number)),
                NumberKind::Phone => add("电话号码", mask_phone(&number)),
                NumberKind::Card => add("银行卡号", mask_bank_number(&number)),
                NumberKind::Other => {
                    if self.known_in(&number, 1).next().is_some() {
                        add("号码", mask_bank_number(&number));
                    }
                }
            }
        }
        // A number that a page's line cuts in two is looked for among those of the ledger.
        if piece.is_wrapped {
            let joined = numbers::digits_of(&piece.text);
            for known in self.known_in(&joined, LONG).filter(|known| !self.allowed.contains(*known)) {
                add("号码", mask_bank_number(known));
            }
        }
    }

    /// The hidden numbers of at least so many digits that stand in some digits. Of a township there are a hundred thousand of
    /// them, but only of a few lengths; so it is the digits that are gone through.
    fn known_in<'t>(&self, digits: &'t str, least: usize) -> impl Iterator<Item = &'t str> {
        let windows = move |length: usize| (0..digits.len()).filter_map(move |from| digits.get(from..from + length));
        self.lengths
            .range(least..)
            .flat_map(move |length| windows(*length))
            .filter(|window| self.hidden.numbers.contains(*window))
    }

    fn names_in(&self, piece: &Piece, leaks: &mut BTreeSet<Leak>) {
        let Some(names) = &self.names else { return };
        for found in names.find_iter(&piece.text).filter(|found| found.pattern().as_usize() < self.name_count) {
            let name = piece.text.get(found.range()).unwrap_or_default();
            leaks.insert(Leak { place: piece.place.clone(), what: "姓名".to_owned(), shown: mask_name(name) });
        }
    }
}

/// A prover that files need only once they are made: what it must know of the ledger can be read meanwhile.
#[derive(Default)]
pub struct LateProver(OnceLock<Option<Prover>>);

impl LateProver {
    /// Reads the prover and lets those go on that wait; without one there will be no file.
    pub fn bring<E>(&self, read: impl FnOnce() -> Result<Prover, E>) -> Result<(), E> {
        // Also where reading panics: nobody else would ever let them go on.
        let _no_prover = OnDrop(|| drop(self.0.set(None)));
        let _ = self.0.set(Some(read()?));
        Ok(())
    }

    /// The prover, waited for.
    pub(crate) fn wait(&self) -> Result<&Prover, ExportError> {
        self.0.wait().as_ref().ok_or_else(|| ExportError::Typeset("nothing to prove the file by".to_owned()))
    }
}

/// Runs at the end of its scope, whichever way that is left.
pub(crate) struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl From<Prover> for LateProver {
    fn from(prover: Prover) -> Self {
        LateProver(OnceLock::from(Some(prover)))
    }
}

/// Everything that a file says, piece by piece.
fn pieces(extension: &str, bytes: &[u8]) -> Result<Vec<Piece>, ExportError> {
    let unreadable = |_| ExportError::Typeset("the finished file cannot be read".to_owned());
    match extension {
        "pdf" => pdf::pieces(bytes),
        _ => package::pieces(bytes).map_err(unreadable),
    }
}

/// What a finished file shows that it must not, for scripts that check what was exported before.
pub fn leaks_of_file(hidden: Hidden, extension: &str, bytes: &[u8]) -> Result<Vec<Leak>, ExportError> {
    Prover::of(hidden).leaks(extension, bytes)
}

#[cfg(test)]
mod tests {
    use zhucun_core::report::document::{Block, Cell, Document, Run};

    use super::*;
    use crate::fixture;

    const ID: &str = "11010519491231002X";

    fn hidden() -> Hidden {
        Hidden {
            numbers: ["0771-7654321", "990101197001013312"].map(|number| number.replace('-', "")).into(),
            names: [("韦小妹".to_owned(), "韦某".to_owned()), ("石门".to_owned(), "石*".to_owned())].into(),
            public_words: ["石门村".to_owned()].into(),
            by_shape: true,
        }
    }

    fn clean_document() -> Document {
        let mut document = fixture::document();
        document
            .blocks
            .push(paragraph("石门村有158户，电话138****5678，证号110105********002X，金额13500.00元，公式3.1415926535898。"));
        document
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { key: text.to_owned(), runs: vec![Run::text(text)], edited: false }
    }

    fn leaks(document: &Document) -> [Vec<Leak>; 3] {
        let prover = Prover::of(hidden());
        let files = [
            ("docx", crate::docx(document).unwrap()),
            ("pdf", crate::pdf(document, fixture::fonts()).unwrap()),
            ("xlsx", crate::xlsx(document).unwrap()),
        ];
        files.map(|(extension, bytes)| prover.leaks(extension, &bytes).unwrap())
    }

    #[test]
    fn who_waits_for_a_prover_goes_on_whatever_became_of_it() {
        let brought = |read: fn() -> Result<Prover, &'static str>| {
            let late = LateProver::default();
            std::thread::scope(|scope| {
                let waiting = scope.spawn(|| late.wait().is_ok());
                let bringing = scope.spawn(|| late.bring(read)).join();
                (waiting.join().unwrap(), bringing.ok())
            })
        };
        assert_eq!(brought(|| Ok(Prover::of(hidden()))), (true, Some(Ok(()))));
        assert_eq!(brought(|| Err("no ledger")), (false, Some(Err("no ledger"))));
        assert_eq!(brought(|| panic!("as a fault of the program would")), (false, None));
    }

    #[test]
    fn a_masked_report_has_no_leak_in_any_format() {
        assert_eq!(leaks(&clean_document()), [Vec::new(), Vec::new(), Vec::new()]);
    }

    #[test]
    fn what_is_planted_is_found_in_every_format_whatever_its_shape() {
        for (text, what) in [
            (ID, "身份证号"),
            ("110105 19491231 002x", "身份证号"),
            ("１１０１０５１９４９１２３１００２Ｘ", "身份证号"),
            ("电话138 1234 5678。", "电话号码"),
            ("13812345678", "电话号码"),
            ("卡号6222 0212 3456 7890 128", "银行卡号"),
            ("固话0771-7654321", "号码"),
            ("看望韦小妹", "姓名"),
            ("石门家", "姓名"),
        ] {
            let mut document = clean_document();
            document.blocks.insert(3, paragraph(text));
            let [docx, pdf, _] = leaks(&document);
            let mut document = clean_document();
            document.annexes[1].table.rows[2][1] = Cell::text_of(text);
            let [_, _, xlsx] = leaks(&document);
            for (format, found) in [("docx", docx), ("pdf", pdf), ("xlsx", xlsx)] {
                assert!(found.iter().any(|leak| leak.what == what), "{text} in {format}: {found:?}");
                assert!(found.iter().all(|leak| leak.shown.contains('*') || leak.what == "姓名"), "{found:?}");
            }
        }
    }

    #[test]
    fn properties_are_searched_and_a_number_cut_by_a_line_is_found() {
        let mut document = clean_document();
        document.properties.title = format!("总结{ID}");
        let found = leaks(&document);
        assert!(found.iter().all(|leaks| leaks.iter().any(|leak| leak.place == "文件属性")), "{found:?}");
        let mut document = clean_document();
        let long = "字".repeat(19);
        document.blocks.insert(2, paragraph(&format!("{long}990101197001013312")));
        let [docx, pdf, _] = leaks(&document);
        assert!(!docx.is_empty() && !pdf.is_empty(), "{docx:?} {pdf:?}");
    }

    #[test]
    fn an_internal_export_is_not_searched_and_a_forms_own_numbers_may_stay() {
        let bytes = crate::docx(&{
            let mut document = clean_document();
            document.blocks.push(paragraph("联系电话13812345678"));
            document
        })
        .unwrap();
        assert!(Prover::of(Hidden::default()).leaks("docx", &bytes).unwrap().is_empty());
        let prover = Prover::of(hidden()).allowing(&bytes, "docx").unwrap();
        assert!(prover.leaks("docx", &bytes).unwrap().is_empty());
    }
}
