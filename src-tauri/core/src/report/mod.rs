//! The report: figures and outline composed into a document.

pub mod document;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::figures::Figure;
use crate::storage::RecordTitle;
use document::Document;

/// A compiled report.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// The document.
    pub document: Document,
    /// Every figure that the document shows, and all others of its period.
    pub figures: Vec<Figure>,
}

/// A figure with the records behind it, as the window shows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureView {
    /// Stable name.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// As printed, unit included.
    pub text: String,
    /// What is counted and how.
    pub definition: String,
    /// The records behind it, in order.
    pub records: Vec<RecordTitle>,
}

/// A report template to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateInfo {
    /// Name, such as `work-team`.
    pub name: String,
    /// Chinese title.
    pub title: String,
}
