//! `zhucun audit` and `zhucun verify`: the report's numbers held against each other and against the records.

use serde_json::{Value, json};
use zhucun_core::audit::{AuditFinding, AuditSeverity, open_counts};
use zhucun_core::report;

use crate::arguments::{KindArguments, ScopeArguments};
use crate::commands;
use crate::fault::Fault;
use crate::printed::print_line;
use crate::secret::open;

/// Lists what the audit finds; errors and unanswered warnings make the exit code 1.
pub fn audit(as_json: bool, arguments: &ScopeArguments, kind: &KindArguments) -> Result<(), Fault> {
    let ledger = open(&arguments.ledger)?;
    let stored = commands::report(ledger.store(), arguments, kind)?;
    let findings = ledger.read(|store| report::audit(store, &stored))?;
    let (errors, warnings) = open_counts(&findings);
    if as_json {
        let list: Vec<Value> = findings.iter().map(finding_json).collect();
        let fingerprint = Some(&stored.draft.fingerprint).filter(|fingerprint| !fingerprint.is_empty());
        print_line!("{}", json!({ "errors": errors, "warnings": warnings, "findings": list, "fingerprint": fingerprint }));
    } else {
        findings.iter().for_each(tell);
        print_line!("{errors}处错误，{warnings}条提醒");
    }
    if errors + warnings == 0 { Ok(()) } else { Err(Fault::Findings) }
}

fn finding_json(finding: &AuditFinding) -> Value {
    json!({
        "id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity,
        "place": finding.place,
        "place_text": finding.place_text,
        "quote": finding.quote,
        "message": finding.message,
        "reason": finding.reason,
        "records": finding.records,
        "fix": finding.fix,
        "offers": finding.offers,
        "acknowledged": finding.acknowledged,
    })
}

fn tell(finding: &AuditFinding) {
    let grave = match finding.severity {
        AuditSeverity::Error => "错误",
        AuditSeverity::Warning if finding.acknowledged.is_some() => "已核对",
        AuditSeverity::Warning => "提醒",
        AuditSeverity::Hint => "提示",
    };
    print_line!("{grave}\t{}\t{}：{}（{}）", finding.rule, finding.place_text, finding.message, finding.reason);
}

/// Lists the figures of a finalised report that would differ today.
pub fn verify(as_json: bool, arguments: &ScopeArguments, kind: &KindArguments) -> Result<(), Fault> {
    let ledger = open(&arguments.ledger)?;
    let stored = commands::report(ledger.store(), arguments, kind)?;
    let verification = ledger.read(|store| report::verify(store, &stored))?;
    if as_json {
        let told = json!({
            "fingerprint": stored.draft.fingerprint,
            "finalised_on": verification.finalised_on,
            "same": verification.same,
            "differences": verification.differences,
        });
        print_line!("{told}");
    } else {
        print_line!("指纹 {}，{}个数字未变", stored.draft.fingerprint, verification.same);
        for each in &verification.differences {
            let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "无".to_owned());
            let causes: Vec<&str> = each.causes.iter().map(|cause| cause.title.title.as_str()).collect();
            print_line!(
                "{}\t{}→{}\t{}",
                each.figure.label,
                side(&each.figure.before),
                side(&each.figure.after),
                causes.join("、")
            );
        }
    }
    if verification.differences.is_empty() { Ok(()) } else { Err(Fault::Findings) }
}
