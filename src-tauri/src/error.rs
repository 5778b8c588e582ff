//! Failures as the window gets them: the core's and the export's under one roof. The codes of the last ones are kept for
//! 诊断信息; their texts, which may name files, are not.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use zhucun_core::{Error, Failure};
use zhucun_export::ExportError;
use zhucun_export::form::FormError;
use zhucun_import::error::ReadError;
use zhucun_media::MediaError;

use crate::shell_error::ShellError;

/// A refused command.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Refusal(Failure);

/// Result of a command.
pub type Answer<T> = Result<T, Refusal>;

/// As many codes are kept.
const LAST: usize = 20;
static CODES: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// The codes of the last refusals, the latest last.
pub fn last_codes() -> Vec<String> {
    CODES.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

fn note(code: &str) {
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    codes.push_back(code.to_owned());
    if codes.len() > LAST {
        codes.pop_front();
    }
}

impl Refusal {
    /// Its text alone.
    pub fn into_message(self) -> String {
        self.0.message
    }

    /// A refusal by its code, with text that names no file of the system's and no library.
    fn of(code: &str, message: impl Into<String>) -> Self {
        note(code);
        Refusal(Failure { code: code.to_owned(), message: message.into(), findings: Vec::new() })
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        note(error.code());
        Refusal(error.into())
    }
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        Refusal::of(&format!("export_{}", error.code()), error.to_string())
    }
}

impl From<ShellError> for Refusal {
    fn from(error: ShellError) -> Self {
        Refusal::of(error.code(), error.to_string())
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        Refusal::of(error.code(), error.to_string())
    }
}

impl From<MediaError> for Refusal {
    fn from(error: MediaError) -> Self {
        Refusal::of(error.code(), error.to_string())
    }
}

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        Refusal::of(error.code(), error.to_string())
    }
}
