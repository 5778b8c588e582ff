//! 签发: a report's text and figures are frozen, with the versions of the records behind them, under a SHA-256 fingerprint.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::desk;
use super::document::Document;
use crate::audit::open_counts;
use crate::error::{Error, Result};
use crate::figures::Figure;
use crate::records::report::Report;
use crate::records::team_member::TeamMember;
use crate::records::{Kind, RecordRef};
use crate::storage::{Done, Ledger, Op, Store, Stored};
use crate::value::Id;

/// What is frozen. The order of its fields is part of the fingerprint: its JSON text, exactly as serde writes it, is hashed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Frozen {
    /// The report.
    pub report: Id,
    /// Its document, without fingerprint.
    pub document: Document,
    /// Every figure of its period, with the ids of the records behind it.
    pub figures: Vec<Figure>,
    /// The records behind them, in order, with the version that was counted.
    pub records: Vec<FrozenRecord>,
}

/// A record as it was counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FrozenRecord {
    pub kind: Kind,
    pub id: Id,
    pub version: i64,
}

impl FrozenRecord {
    pub fn record(&self) -> RecordRef {
        RecordRef { kind: self.kind, id: self.id }
    }
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn fingerprint_of(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes()))
}

/// What was frozen of a finalised report, proved by its fingerprint; and the log's last operation then.
pub(super) fn load(store: Store<'_>, report: &Stored<Report>) -> Result<(Frozen, i64)> {
    let fingerprint = &report.draft.fingerprint;
    let kept = store.frozen(fingerprint, report.id)?.ok_or(Error::FrozenDamaged)?;
    if fingerprint_of(&kept.content) != *fingerprint {
        return Err(Error::FrozenDamaged);
    }
    let mut frozen: Frozen = serde_json::from_str(&kept.content).map_err(|_| Error::FrozenDamaged)?;
    frozen.document.properties.fingerprint = Some(fingerprint.clone());
    Ok((frozen, kept.seq))
}

impl Ledger {
    /// 签发: freezes a draft. Errors of the audit refuse it. Can be undone in the same session, as any operation.
    pub fn finalise_report(&mut self, id: Id) -> Result<Done<String>> {
        let report = self.store().get::<Report>(id)?;
        if report.draft.is_finalised() {
            return Err(Error::NotNow("这份报告已经签发"));
        }
        let (errors, _) = open_counts(&self.read(|store| desk::audit(store, &report))?);
        if errors > 0 {
            return Err(Error::AuditErrors(errors));
        }
        let content = self.read(|store| frozen(store, &report))?;
        let fingerprint = fingerprint_of(&content);
        let member = self.member().map(|member| self.store().get::<TeamMember>(member)).transpose()?;
        let finalised = Report {
            finalised_on: Some(self.today()),
            finalised_by: member.map(|member| member.draft.name).unwrap_or_default(),
            fingerprint: fingerprint.clone(),
            ..report.draft
        };
        let version = report.meta.version;
        self.transact(Op::Finalise, |tx| {
            tx.freeze(id, &fingerprint, &content)?;
            tx.change(id, version, finalised, &[])?;
            Ok(fingerprint)
        })
    }

    /// 另起修订稿: a new draft with the settings and the hand-written text of a finalised report.
    pub fn revise_report(&mut self, id: Id) -> Result<Done<Id>> {
        let report = self.store().get::<Report>(id)?;
        if !report.draft.is_finalised() {
            return Err(Error::NotNow("只有签发稿才需要另起修订稿，草稿可以直接改"));
        }
        let draft = Report {
            finalised_on: None,
            finalised_by: String::new(),
            fingerprint: String::new(),
            revises: Some(id),
            ..report.draft
        };
        self.transact(Op::Revise, |tx| tx.add(draft, &[]))
    }
}

/// The canonical JSON of what is frozen.
fn frozen(store: Store<'_>, report: &Stored<Report>) -> Result<String> {
    let compiled = super::compile(store, &report.draft)?;
    let figures = compiled.figures.all().to_vec();
    let behind: BTreeSet<RecordRef> = figures.iter().flat_map(|figure| figure.records.iter().copied()).collect();
    let behind: Vec<RecordRef> = behind.into_iter().collect();
    let versions = store.versions(&behind)?;
    let records = behind.iter().map(|record| FrozenRecord {
        kind: record.kind,
        id: record.id,
        version: versions.get(record).copied().unwrap_or_default(),
    });
    let frozen = Frozen { report: report.id, document: compiled.document, figures, records: records.collect() };
    Ok(serde_json::to_string(&frozen)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_sha_256_of_the_text() {
        assert_eq!(fingerprint_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
