//! The document's text as the rules read it: block by block, with the counts of its sentences and the figures behind them.

use std::collections::BTreeMap;

use super::Subject;
use super::finding::AuditPlace;
use crate::figures::{Figure, FigureValue};
use crate::prose::{self, Mention, ONE, canonical_unit, ends_sentence};
use crate::report::document::{Block, Document, Run, text_of};

/// Words of plans, in whose sentences nothing is told as done.
pub(super) const TO_COME: &[&str] = &["计划", "预计", "力争", "争取", "确保", "拟", "将", "下半年", "明年", "目标"];

/// A count of the text, and the figure that prints it.
pub(super) struct Told {
    pub mention: Mention,
    pub figure: Option<String>,
}

/// One heading or paragraph.
pub(super) struct TextBlock {
    pub key: String,
    pub edited: bool,
    pub heading: bool,
    pub text: String,
    pub chars: Vec<char>,
    /// Figures of the text: from, to, key.
    pub figures: Vec<(usize, usize, String)>,
    pub told: Vec<Told>,
    /// Under a heading such as 下半年工作计划: it speaks of days to come.
    pub ahead: bool,
    where_in_words: String,
}

impl TextBlock {
    /// A piece of the text.
    pub fn piece(&self, from: usize, to: usize) -> String {
        self.chars.iter().take(to).skip(from).collect()
    }

    /// The place of a piece.
    pub fn place(&self, from: usize, to: usize) -> AuditPlace {
        AuditPlace::Block { block: self.key.clone(), from, to }
    }

    /// A count as written.
    pub fn words_of(&self, told: &Told) -> String {
        self.piece(told.mention.from, told.mention.to)
    }

    /// The sentence that a place lies in, without its end.
    pub fn sentence(&self, at: usize) -> String {
        self.chars.iter().skip(self.sentence_start(at)).take_while(|c| !ends_sentence(**c)).collect()
    }

    /// Where the sentence begins that a place lies in.
    pub fn sentence_start(&self, at: usize) -> usize {
        self.chars.iter().take(at).rposition(|c| ends_sentence(*c)).map_or(0, |at| at + 1)
    }

    fn of(key: &str, runs: &[Run], edited: bool, heading: bool) -> Self {
        let text = text_of(runs);
        let mut figures = Vec::new();
        let mut at = 0;
        for run in runs {
            let to = at + run.text.chars().count();
            if let Some(key) = &run.figure {
                figures.push((at, to, key.clone()));
            }
            at = to;
        }
        let told = prose::read(&text).into_iter().map(|mention| {
            let behind = figures.iter().find(|(from, to, _)| *from < mention.to && mention.from < *to);
            Told { figure: behind.map(|(_, _, key)| key.clone()), mention }
        });
        let told = told.collect();
        let chars = text.chars().collect();
        let where_in_words = String::new();
        TextBlock { key: key.to_owned(), edited, heading, text, chars, figures, told, ahead: false, where_in_words }
    }
}

/// All of it.
pub(super) struct Texts {
    pub blocks: Vec<TextBlock>,
    /// What the program writes before each figure: key → phrases.
    pub phrases: BTreeMap<String, Vec<String>>,
    /// Counts of composed text that no figure prints: they stand in the records.
    pub recorded: BTreeMap<String, Vec<(i128, String)>>,
}

impl Texts {
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut texts = Texts { blocks: Vec::new(), phrases: BTreeMap::new(), recorded: BTreeMap::new() };
        let (mut heading, mut ahead, mut number) = ("开头".to_owned(), false, 0);
        for block in &subject.document.blocks {
            let mut read = match block {
                Block::Heading { key, runs, .. } => TextBlock::of(key, runs, subject.report.is_by_hand(key), true),
                Block::Paragraph { key, runs, edited } => TextBlock::of(key, runs, *edited, false),
                _ => continue,
            };
            if read.heading {
                heading = format!("“{}”", read.text);
                ahead = ["计划", "打算", "安排", "下一步", "下步"].iter().any(|word| read.text.contains(word));
                number = 0;
                read.where_in_words = heading.clone();
            } else {
                number += 1;
                read.where_in_words = format!("{heading}第{number}段");
            }
            read.ahead = ahead || read.key.starts_with("plan.");
            texts.blocks.push(read);
        }
        texts.learn(subject);
        texts
    }

    /// The same with other words in one block, as they stand in an editor.
    pub fn with_block(subject: &Subject<'_>, key: &str, runs: &[Run]) -> Self {
        let mut texts = Texts::of(subject);
        match texts.blocks.iter_mut().find(|block| block.key == key) {
            Some(block) => {
                let read = TextBlock::of(key, runs, true, block.heading);
                *block = TextBlock { ahead: block.ahead, where_in_words: std::mem::take(&mut block.where_in_words), ..read };
            }
            None => texts.blocks.push(TextBlock::of(key, runs, true, false)),
        }
        texts
    }

    /// What the program itself writes, hand-written blocks as they would be.
    fn learn(&mut self, subject: &Subject<'_>) {
        let replaced = subject.replaced.iter().map(|(key, runs)| TextBlock::of(key, runs, false, false)).collect::<Vec<_>>();
        let composed = self.blocks.iter().filter(|block| !block.edited).chain(&replaced);
        for block in composed {
            for told in &block.told {
                match &told.figure {
                    Some(key) => {
                        let phrases = self.phrases.entry(key.clone()).or_default();
                        if !phrases.contains(&told.mention.before) {
                            phrases.push(told.mention.before.clone());
                        }
                    }
                    None => {
                        let quantity = &told.mention.quantity;
                        self.recorded.entry(block.key.clone()).or_default().push((quantity.value, quantity.unit.clone()));
                    }
                }
            }
        }
    }

    /// A block by key.
    pub fn block(&self, key: &str) -> Option<&TextBlock> {
        self.blocks.iter().find(|block| block.key == key)
    }

    /// Where a place comes in reading order.
    pub fn order_of(&self, place: &AuditPlace) -> usize {
        const BEHIND_THE_TEXT: usize = 1 << 20;
        match place {
            AuditPlace::Block { block, .. } | AuditPlace::TextCell { block, .. } => {
                self.blocks.iter().position(|each| each.key == *block).unwrap_or(BEHIND_THE_TEXT)
            }
            AuditPlace::Cell { annex, .. } | AuditPlace::Annex { annex } => BEHIND_THE_TEXT + *annex as usize,
            AuditPlace::Figure { .. } | AuditPlace::Records => BEHIND_THE_TEXT << 1,
        }
    }

    /// A place in words.
    pub fn in_words(&self, document: &Document, place: &AuditPlace) -> String {
        let column_of = |table: &crate::report::document::Table, row: &Option<usize>, column: &usize| {
            let title = table.columns.get(*column).map_or("", |column| column.title.as_str());
            row.map_or_else(|| format!("合计行“{title}”"), |row| format!("第{}行“{title}”", row + 1))
        };
        let annex_of = |number: &u32| document.annexes.iter().find(|annex| annex.number == *number);
        match place {
            AuditPlace::Block { block, .. } => {
                self.block(block).map_or_else(|| "正文".to_owned(), |block| block.where_in_words.clone())
            }
            AuditPlace::TextCell { block, row, column } => {
                let table = document.blocks.iter().find_map(|each| match each {
                    Block::Table { key, table, .. } if key == block => Some(table),
                    _ => None,
                });
                table.map_or_else(|| "正文表格".to_owned(), |table| format!("正文表格{}", column_of(table, row, column)))
            }
            AuditPlace::Cell { annex, row, column } => annex_of(annex).map_or_else(String::new, |annex| {
                format!("附件{}《{}》{}", annex.number, annex.title, column_of(&annex.table, row, column))
            }),
            AuditPlace::Annex { annex } => {
                annex_of(annex).map_or_else(String::new, |annex| format!("附件{}《{}》", annex.number, annex.title))
            }
            AuditPlace::Figure { key } => {
                let told = self.blocks.iter().find(|block| block.figures.iter().any(|(.., figure)| figure == key));
                told.map_or_else(|| "全文数字".to_owned(), |block| block.where_in_words.clone())
            }
            AuditPlace::Records => "台账记录".to_owned(),
        }
    }
}

/// A figure's value in the measure of [`prose::Quantity`], with its unit.
pub(super) fn exact(figure: &Figure) -> (i128, String) {
    match figure.value {
        FigureValue::Count(count) => (i128::from(count) * ONE, canonical_unit(&figure.unit)),
        FigureValue::Money(fen) => (i128::from(fen.0) * (ONE / 100), "元".to_owned()),
        FigureValue::Percent(basis_points) => (i128::from(basis_points) * (ONE / 100), "%".to_owned()),
        FigureValue::Hundredths(hundredths) => (i128::from(hundredths) * (ONE / 100), canonical_unit(&figure.unit)),
    }
}

#[cfg(test)]
impl Texts {
    /// No text at all.
    pub fn empty() -> Self {
        Texts { blocks: Vec::new(), phrases: BTreeMap::new(), recorded: BTreeMap::new() }
    }

    /// One paragraph written by hand and nothing else.
    pub fn of_text(key: &str, text: &str) -> Self {
        let block = TextBlock::of(key, &[Run::text(text)], true, false);
        Texts { blocks: vec![block], phrases: BTreeMap::new(), recorded: BTreeMap::new() }
    }
}
