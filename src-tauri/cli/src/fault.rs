//! What went wrong, for people and for scripts, with the exit code.

use std::process::ExitCode;

use zhucun_core::{Error, Failure};
use zhucun_export::ExportError;
use zhucun_export::form::FormError;
use zhucun_import::error::ReadError;

use crate::printed::print_line;

/// Why a command failed.
pub enum Fault {
    Core(Error),
    Export(ExportError),
    Form(FormError),
    Read(ReadError),
    /// Everything was said already; only the exit code is left.
    Findings,
    /// The same, of a ledger that does not open.
    Unopened,
    /// A village or other name that the ledger does not hold.
    Usage(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Core(error)
    }
}

impl From<ExportError> for Fault {
    fn from(error: ExportError) -> Self {
        Fault::Export(error)
    }
}

impl From<FormError> for Fault {
    fn from(error: FormError) -> Self {
        Fault::Form(error)
    }
}

impl Fault {
    /// Prints the fault and gives its exit code.
    pub fn report(self, json: bool) -> ExitCode {
        match self {
            Fault::Findings => return ExitCode::from(1),
            Fault::Unopened => return ExitCode::from(3),
            _ => {}
        }
        let (failure, code) = self.failure();
        if json {
            print_line!("{}", serde_json::json!({ "error": failure }));
        } else {
            eprintln!("{}", failure.message);
            for finding in &failure.findings {
                eprintln!("  {}：{}", finding.field, finding.message);
            }
        }
        ExitCode::from(code)
    }

    fn failure(self) -> (Failure, u8) {
        match self {
            Fault::Core(error) => {
                let code = if error.is_about_ledger() { 3 } else { 1 };
                (error.into(), code)
            }
            // As the window calls them.
            Fault::Export(error) => (coded(&format!("export_{}", error.code()), error.to_string()), 1),
            Fault::Form(error) => (coded(error.code(), error.to_string()), 1),
            Fault::Read(error) => (coded(error.code(), error.to_string()), 1),
            Fault::Findings | Fault::Unopened => (coded("findings", String::new()), 1),
            Fault::Usage(message) => (coded("usage", message), 2),
        }
    }
}

fn coded(code: &str, message: String) -> Failure {
    Failure { code: code.to_owned(), message, findings: Vec::new() }
}
