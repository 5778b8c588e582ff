//! Failures as the window gets them: the core's and the export's under one roof.

use serde::Serialize;
use zhucun_core::{Error, Failure};
use zhucun_export::ExportError;
use zhucun_export::form::FormError;

/// A refused command.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Refusal(Failure);

/// Result of a command.
pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// A refusal of the shell itself.
    pub fn of(code: &str, message: impl Into<String>) -> Self {
        Refusal(Failure { code: code.to_owned(), message: message.into(), findings: Vec::new() })
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal(error.into())
    }
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        Refusal::of(&format!("export_{}", error.code()), error.to_string())
    }
}

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        Refusal::of(error.code(), error.to_string())
    }
}
