//! `zhucun fill`, `placeholders`, `starter`: the township's own forms, from scripts.

use std::path::Path;

use serde_json::json;
use zhucun_core::report;
use zhucun_core::report::form::{FormValues, PlaceholderKind};
use zhucun_core::report::hidden::Hidden;
use zhucun_core::storage::Ledger;
use zhucun_core::value::Masking;
use zhucun_export::form::{FormKind, fill_form, starter as starter_form};
use zhucun_export::{ExportError, Prover, write_file};

use crate::arguments::{FillArguments, KindArguments, ScopeArguments};
use crate::commands::{proved, report as report_of, say};
use crate::fault::Fault;
use crate::secret::open;
use crate::world::SystemWorld;

/// Fills a form. What is not understood stays in the file, marked, and the exit code says so.
pub fn fill(as_json: bool, arguments: &FillArguments) -> Result<(), Fault> {
    let form = std::fs::read(&arguments.form).map_err(ExportError::from)?;
    let mut ledger = open(&arguments.scope.ledger)?;
    let (values, hidden, masking) = read(&ledger, &arguments.scope, arguments.masking)?;
    let filled = fill_form(&form, &values, arguments.id_format)?;
    let extension = filled.report.kind.extension();
    let prover = Prover::of(hidden).allowing(&form, extension)?;
    prover.prove(extension, &filled.bytes)?;
    write_file(&arguments.out, &filled.bytes)?;
    let title = arguments.form.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    ledger.note_export("form", &title, masking, extension)?;
    let unmasked = (!prover.is_idle()).then_some(0);
    let findings = &filled.report.findings;
    let answer = json!({ "path": arguments.out, "uses": filled.report.uses, "findings": findings, "unmasked": unmasked });
    let told = findings.iter().map(|finding| format!("{}：{}　{}", finding.place, finding.written, finding.message));
    let lines: Vec<String> = told.chain([arguments.out.display().to_string(), proved(masking.into()).to_owned()]).collect();
    say(as_json, &answer, &lines.join("\n"));
    if filled.report.has_open() { Err(Fault::Findings) } else { Ok(()) }
}

/// Lists what can be written between the braces.
pub fn placeholders(as_json: bool, arguments: &ScopeArguments, masking: Masking) -> Result<(), Fault> {
    let ledger = open(&arguments.ledger)?;
    let (values, ..) = read(&ledger, arguments, masking)?;
    let placeholders = values.placeholders();
    let lines = placeholders.iter().map(|placeholder| match placeholder.kind {
        PlaceholderKind::List => format!("{{{{{}}}}}\t{}", placeholder.columns.join("}} {{"), placeholder.text),
        _ => format!("{{{{{}}}}}\t{}\t{}", placeholder.name, placeholder.key, placeholder.with_unit),
    });
    let lines: Vec<String> = lines.collect();
    say(as_json, &json!(placeholders), &lines.join("\n"));
    Ok(())
}

/// Saves a form to begin with.
pub fn starter(as_json: bool, out: &Path) -> Result<(), Fault> {
    let extension = out.extension().unwrap_or_default().to_string_lossy();
    let kind = FormKind::parse(&extension).ok_or_else(|| Fault::Usage("起步表应存为 .docx 或 .xlsx".to_owned()))?;
    let today = zhucun_core::world::World::today(&SystemWorld);
    write_file(out, &starter_form(kind, today)?)?;
    say(as_json, &json!({ "path": out }), &out.display().to_string());
    Ok(())
}

type Read = (FormValues, Hidden, zhucun_core::records::report::ReportMasking);

fn read(ledger: &Ledger, arguments: &ScopeArguments, masking: Masking) -> Result<Read, Fault> {
    let today = ledger.today();
    // A form counts as the report of the period does: the same cut-off day, the same villages.
    let report = report_of(ledger.store(), arguments, &KindArguments::of_masking(masking))?.draft;
    let read = ledger.read(|store| {
        let values = FormValues::load(store, &report, today)?;
        Ok((values, Hidden::load(store, masking, report::scope_of(&report)?.until())?))
    });
    let (values, hidden) = read?;
    Ok((values, hidden, report.masking))
}
