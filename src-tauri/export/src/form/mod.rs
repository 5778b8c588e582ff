//! 乡镇自己的表: a Word or Excel form with placeholders, filled from the ledger. Everything of the file but the text of its
//! placeholders goes over as it is. What can be written between braces is told in [`tag`].

mod docx;
mod error;
mod package;
mod paragraph;
mod plan;
mod report;
mod scope;
mod starter;
mod tag;
#[cfg(test)]
mod tests;
mod tree;
mod xlsx;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
pub use zhucun_core::report::form::FormKind;
use zhucun_core::report::form::{FormValues, IdFormat};

pub use error::FormError;
use package::Package;
use report::Findings;
pub use report::{FormFinding, FormUse};
use scope::Scope;
pub use starter::starter;

/// What a form holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormReport {
    /// Word or Excel.
    pub kind: FormKind,
    /// What was understood, in the order of the form.
    pub uses: Vec<FormUse>,
    /// What was not.
    pub findings: Vec<FormFinding>,
}

impl FormReport {
    /// Whether placeholders stay in the file.
    pub fn has_open(&self) -> bool {
        self.findings.iter().any(|finding| finding.code != "note")
    }
}

/// A filled form.
#[derive(Debug, Clone)]
pub struct Filled {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it holds.
    pub report: FormReport,
}

/// Which kind of form a file is; an error says why it is none.
pub fn form_kind(bytes: &[u8]) -> Result<FormKind, FormError> {
    Package::open(bytes).map(|package| package.kind)
}

/// Fills a form; the same form and values give the same bytes.
pub fn fill_form(bytes: &[u8], values: &FormValues, id_format: IdFormat) -> Result<Filled, FormError> {
    let package = Package::open(bytes)?;
    let scope = Scope::of(values, id_format);
    let mut findings = Findings::default();
    let changed = match package.kind {
        FormKind::Docx => docx::fill(&package, &scope, &mut findings)?,
        FormKind::Xlsx => xlsx::fill(&package, &scope, &mut findings)?,
    };
    if scope.is_spent() {
        return Err(FormError::TooLarge("清单套清单，要写出的内容太多"));
    }
    let bytes = package.with(&changed)?;
    Ok(Filled { bytes, report: FormReport { kind: package.kind, uses: findings.uses, findings: findings.findings } })
}
