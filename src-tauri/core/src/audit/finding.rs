//! What an audit finds: where, what, why, the records, and what mends it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use super::text::Texts;
use crate::records::RecordRef;
use crate::report::document::Document;

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AuditFinding {
    /// The same as long as rule, place, quote and values are; what an acknowledgement is kept under.
    pub id: String,
    /// `R1` to `R13`, `stale` or `unlinked`.
    pub rule: String,
    /// How grave it is.
    pub severity: AuditSeverity,
    /// Where it is.
    pub place: AuditPlace,
    /// Where it is, in words.
    pub place_text: String,
    /// The words or the cell that it is about.
    pub quote: String,
    /// What is wrong.
    pub message: String,
    /// Why it is thought to be wrong.
    pub reason: String,
    /// The records behind it.
    pub records: Vec<RecordRef>,
    /// What mends it.
    pub fix: Option<AuditFix>,
    /// Figures that a number typed by hand may stand for; the likeliest first.
    pub offers: Vec<AuditFix>,
    /// The reason with which the user has let it stand.
    pub acknowledged: Option<String>,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditSeverity {
    /// 错误: the report cannot be finalised.
    Error,
    /// 提醒: to be mended or answered with a reason.
    Warning,
    /// 提示: good to know.
    Hint,
}

/// Where a finding is. Characters are counted within the block's text, a heading's number included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AuditPlace {
    /// A piece of a block of the text.
    Block {
        /// Key of the block.
        block: String,
        /// First character.
        from: usize,
        /// Behind the last one.
        to: usize,
    },
    /// A cell of a table inside the text.
    TextCell {
        /// Key of the block.
        block: String,
        /// Row from 0; nothing for the 合计 row.
        row: Option<usize>,
        /// Column from 0.
        column: usize,
    },
    /// A cell of an annex.
    Cell {
        /// Number of the annex.
        annex: u32,
        /// Row from 0; nothing for the 合计 row.
        row: Option<usize>,
        /// Column from 0.
        column: usize,
    },
    /// An annex as a whole.
    Annex {
        /// Number of the annex.
        annex: u32,
    },
    /// A figure, wherever it stands.
    Figure {
        /// Its key.
        key: String,
    },
    /// The records that feed the report.
    Records,
}

/// What mends a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AuditFix {
    /// The typed number becomes a figure.
    Link {
        /// Key of the block.
        block: String,
        /// First character that is replaced.
        from: usize,
        /// Behind the last one.
        to: usize,
        /// Key of the figure.
        figure: String,
        /// Its Chinese name.
        label: String,
        /// As it will be printed.
        text: String,
    },
    /// Other words in place of these.
    Replace {
        /// Key of the block.
        block: String,
        /// First character that is replaced.
        from: usize,
        /// Behind the last one.
        to: usize,
        /// The right words.
        text: String,
    },
    /// The record is wrong, not the text.
    Open {
        /// The record.
        record: RecordRef,
    },
}

/// A finding as a rule states it.
pub(super) struct Draft {
    pub rule: &'static str,
    pub severity: AuditSeverity,
    pub place: AuditPlace,
    pub quote: String,
    pub message: String,
    pub reason: String,
    pub records: Vec<RecordRef>,
    pub fix: Option<AuditFix>,
    pub offers: Vec<AuditFix>,
}

impl Draft {
    pub fn new(rule: &'static str, severity: AuditSeverity, place: AuditPlace) -> Self {
        let (quote, message, reason) = (String::new(), String::new(), String::new());
        Draft { rule, severity, place, quote, message, reason, records: Vec::new(), fix: None, offers: Vec::new() }
    }

    pub fn quote(mut self, quote: impl Into<String>) -> Self {
        self.quote = quote.into();
        self
    }

    pub fn says(mut self, message: impl Into<String>, reason: impl Into<String>) -> Self {
        self.message = message.into();
        self.reason = reason.into();
        self
    }

    pub fn records(mut self, records: &[RecordRef]) -> Self {
        self.records = records.to_vec();
        self
    }

    pub fn fix(mut self, fix: Option<AuditFix>) -> Self {
        self.fix = fix;
        self
    }
}

/// Collects what the rules find.
#[derive(Default)]
pub(super) struct Findings(Vec<Draft>);

impl Findings {
    pub fn add(&mut self, draft: Draft) {
        self.0.push(draft);
    }

    /// The findings in the order in which they are shown.
    pub fn into_list(self, document: &Document, texts: &Texts) -> Vec<AuditFinding> {
        let mut list: Vec<(usize, AuditFinding)> = self
            .0
            .into_iter()
            .map(|draft| {
                let id = id_of(&draft);
                let Draft { rule, severity, place, quote, message, reason, records, fix, offers } = draft;
                let order = texts.order_of(&place);
                let place_text = texts.in_words(document, &place);
                let rule = rule.to_owned();
                let finding = AuditFinding {
                    id,
                    rule,
                    severity,
                    place,
                    place_text,
                    quote,
                    message,
                    reason,
                    records,
                    fix,
                    offers,
                    acknowledged: None,
                };
                (order, finding)
            })
            .collect();
        list.sort_by(|(a_order, a), (b_order, b)| {
            (a.severity, a_order, &a.place, &a.rule).cmp(&(b.severity, b_order, &b.place, &b.rule))
        });
        list.dedup_by(|(_, a), (_, b)| a.id == b.id);
        list.into_iter().map(|(_, finding)| finding).collect()
    }
}

/// Positions are no part of it: a sentence typed before the finding must not bring an answered warning back.
fn id_of(draft: &Draft) -> String {
    let place = match &draft.place {
        AuditPlace::Block { block, .. } => format!("block {block}"),
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    let mut hash = Sha256::new();
    for part in [draft.rule, &place, &draft.quote, &draft.message] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    crate::report::hex(&hash.finalize())[..16].to_owned()
}

/// The beginning of a text, as a quote.
pub(super) fn start_of(text: &str) -> String {
    let start: String = text.chars().take(24).collect();
    if start == text { start } else { format!("{start}…") }
}

impl Findings {
    /// Whether an error covers a character.
    pub fn has_error_at(&self, key: &str, at: usize) -> bool {
        self.0.iter().any(|draft| {
            draft.severity == AuditSeverity::Error
                && matches!(&draft.place, AuditPlace::Block { block, from, to } if block == key && *from <= at && at < *to)
        })
    }
}

#[cfg(test)]
impl Findings {
    /// The rules that objected.
    pub fn rules(&self) -> Vec<&'static str> {
        self.0.iter().map(|draft| draft.rule).collect()
    }
}
