//! The import itself: every row prepared, checked by the core's rules and stored, all in one transaction. The preview is
//! the same work, taken back; so what it shows is what the commit does.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zhucun_core::beside::beside;
use zhucun_core::records::household::Household;
use zhucun_core::records::{Kind, Record};
use zhucun_core::storage::{Done, Kept, Ledger, Op, Tx};
use zhucun_core::value::{Id, normalise};
use zhucun_core::{Error, Finding, Result, Severity};

use crate::alike::{self, Words};
use crate::build::group::{self, Group, PreparedHousehold};
use crate::build::household;
use crate::build::{self, Context, Reading, draft_of, object, text_hash};
use crate::compare::changes;
use crate::directory::Directory;
use crate::fields::{Fields, fields};
use crate::input::{self, Fault};
use crate::mapping::{Mapping, data_rows};
use crate::outcome::{Outcome, RowOutcome, RowStatus};
use crate::row::{Draft, Row};
use crate::vocabulary::Vocabulary;
use crate::workbook::Sheet;

/// What is to be imported, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ImportRequest")]
pub struct Request {
    /// What the rows are.
    pub kind: Kind,
    /// How the columns are read.
    pub mapping: Mapping,
    /// Cells that the user corrected in the preview: by row number and column.
    #[serde(default)]
    pub fixes: BTreeMap<u32, BTreeMap<u32, String>>,
    /// Which household is meant, by row number, where the user was asked.
    #[serde(default)]
    pub answers: BTreeMap<u32, Id>,
    /// Where the records come from: the file's name.
    pub source: String,
}

/// Told how many rows of how many are done; answers whether to go on.
pub type Progress<'p> = &'p mut dyn FnMut(usize, usize) -> bool;

/// What an import would do; the ledger stays as it is.
pub fn preview(ledger: &mut Ledger, sheet: &Sheet, request: &Request, progress: Progress<'_>) -> Result<Outcome> {
    ledger.rehearse(|tx| run(tx, sheet, request, progress))
}

/// Imports: one transaction, one step of undo. Rows in error are left out.
pub fn commit(ledger: &mut Ledger, sheet: &Sheet, request: &Request, progress: Progress<'_>) -> Result<Done<Outcome>> {
    ledger.transact(Op::Import(request.kind), |tx| run(tx, sheet, request, progress))
}

/// How many rows are done between two calls of the progress.
const STRIDE: usize = 64;

struct Import<'i, 's> {
    request: &'i Request,
    fields: &'static Fields,
    vocabulary: &'i Vocabulary,
    directory: Directory,
    blank: Draft,
    blank_household: Household,
    texts: HashSet<u64>,
    claimed: HashSet<Id>,
    created: HashSet<Id>,
    rows: Vec<Row<'s>>,
    outcomes: Vec<RowOutcome>,
}

fn run(tx: &mut Tx<'_>, sheet: &Sheet, request: &Request, progress: Progress<'_>) -> Result<Outcome> {
    let Some(fields) = fields(request.kind) else {
        return Err(Error::BadInput("这一类记录不能从表格导入".to_owned()));
    };
    tx.set_source(format!("import:{}", request.source));
    let today = tx.world().today();
    let columns = request.mapping.filled(fields);
    let vocabulary = Vocabulary::load(**tx, today)?;
    let rows = data_rows(sheet, &request.mapping).map(|row| {
        let mut prepared = Row::new(row, &columns, request.fixes.get(&row.number));
        prepared.answer = request.answers.get(&row.number).copied();
        prepared
    });
    let mut import = Import {
        request,
        fields,
        vocabulary: &vocabulary,
        directory: Directory::load(**tx)?,
        blank: object(tx.blank_json(request.kind)?),
        blank_household: Household::blank(**tx, today)?,
        texts: HashSet::new(),
        claimed: HashSet::new(),
        created: HashSet::new(),
        rows: rows.collect(),
        outcomes: Vec::new(),
    };
    let content =
        |row: &Row<'_>| row.cell("content").and_then(|cell| input::text(cell).ok()).map(|text| text_hash(&normalise(&text)));
    import.texts = import.rows.iter().filter_map(content).collect();
    match request.kind {
        Kind::Household => import.households(tx, progress)?,
        _ => import.rows(tx, progress)?,
    }
    Ok(Outcome::of(import.outcomes))
}

impl Import<'_, '_> {
    fn rows(&mut self, tx: &mut Tx<'_>, progress: Progress<'_>) -> Result<()> {
        let total = self.rows.len();
        for (at, row) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            if at % STRIDE == 0 && !progress(at, total) {
                return Err(Error::Cancelled);
            }
            let outcome = self.row(tx, row)?;
            self.outcomes.push(outcome);
        }
        progress(total, total);
        Ok(())
    }

    fn row(&mut self, tx: &mut Tx<'_>, mut row: Row<'_>) -> Result<RowOutcome> {
        let kind = self.request.kind;
        let prepared = build::prepare(tx, kind, &mut row, &self.context())?;
        let Some(prepared) = prepared.filter(|_| !row.is_refused()) else {
            return Ok(outcome(row, RowStatus::Error, None, Vec::new()));
        };
        let save = |tx: &mut Tx<'_>, keep: &[Kept]| tx.save_fields(kind, prepared.known, &prepared.draft, keep);
        Ok(match self.store(tx, prepared.known.is_some(), save)? {
            Stored::Refused(findings) => {
                findings.iter().for_each(|finding| row.finding(finding));
                outcome(row, RowStatus::Error, None, Vec::new())
            }
            Stored::Done { id, status, warnings } => {
                warnings.iter().for_each(|finding| row.finding(finding));
                self.claimed.insert(id);
                let changed = match status {
                    RowStatus::Changed => changes(&prepared.before, &prepared.draft, "", self.fields, self.vocabulary),
                    _ => Vec::new(),
                };
                outcome(row, status, Some(id), changed)
            }
        })
    }

    fn context(&self) -> Context<'_> {
        Context {
            vocabulary: self.vocabulary,
            directory: &self.directory,
            mapping: &self.request.mapping,
            blank: &self.blank,
            texts: &self.texts,
            claimed: &self.claimed,
        }
    }

    /// Stores a draft. Soft findings are kept with the file as the reason, and shown as warnings.
    fn store(&self, tx: &mut Tx<'_>, is_known: bool, save: impl Fn(&mut Tx<'_>, &[Kept]) -> Result<Id>) -> Result<Stored> {
        let before = tx.change_count();
        let mut warnings = Vec::new();
        let kind = self.request.kind;
        let saved = match tx.attempt_saving(kind, |tx| save(tx, &[])) {
            Err(Error::NeedsReason(findings)) => {
                let reason = format!("按导入的表格“{}”登记", self.request.source);
                let keep =
                    |finding: &Finding| Kept { code: finding.code.clone(), field: finding.field.clone(), reason: reason.clone() };
                let keep: Vec<Kept> = findings.iter().map(keep).collect();
                warnings = findings;
                tx.attempt_saving(kind, |tx| save(tx, &keep))
            }
            other => other,
        };
        match saved {
            Ok(id) => {
                let status = match (is_known, tx.change_count() > before) {
                    (false, _) => RowStatus::New,
                    (true, true) => RowStatus::Changed,
                    (true, false) => RowStatus::Unchanged,
                };
                Ok(Stored::Done { id, status, warnings })
            }
            Err(Error::Refused(findings)) => Ok(Stored::Refused(findings)),
            Err(Error::BadInput(_)) => Ok(Stored::Refused(vec![Finding {
                severity: Severity::Hard,
                code: "bad_input".to_owned(),
                field: String::new(),
                message: "这一行的内容无法识别，请核对各列的对应".to_owned(),
                about: None,
            }])),
            Err(error) => Err(error),
        }
    }

    fn households(&mut self, tx: &mut Tx<'_>, progress: Progress<'_>) -> Result<()> {
        let total = self.rows.len();
        let mut rows = std::mem::take(&mut self.rows);
        let (vocabulary, mapping) = (self.vocabulary, &self.request.mapping);
        let groups = group::together(&mut rows, mapping, &|row| row.village(mapping, vocabulary));
        let groups = group::apart(&mut rows, groups);
        let mut rows: Vec<Option<Row<'_>>> = rows.into_iter().map(Some).collect();
        let (blank, reading) = (self.blank_household.clone(), Reading { vocabulary, mapping });
        // A row is one person at most.
        let ids: Vec<Id> = rows.iter().map(|_| tx.world().new_id()).collect();
        let mut ids = ids.into_iter();
        let laid = move || {
            groups.into_iter().map(move |group| {
                let members = group.into_iter().filter_map(|at| rows.get_mut(at).and_then(Option::take));
                Group::ahead(members.collect(), &blank, reading, &mut || ids.next().unwrap_or_default())
            })
        };
        beside(laid, |groups| {
            let mut done = 0;
            for (at, group) in groups.enumerate() {
                if at % STRIDE == 0 && !progress(done, total) {
                    return Err(Error::Cancelled);
                }
                done += group.rows.len();
                self.household(tx, group)?;
            }
            progress(total, total);
            Ok(())
        })
    }

    /// One household. A person whose row the rules refuse is left out, and the rest is tried again; without its head
    /// nothing of the household comes in.
    fn household(&mut self, tx: &mut Tx<'_>, mut group: Group<'_>) -> Result<()> {
        loop {
            let prepared = group.prepare(tx, &self.blank_household, &self.context())?;
            let was_refused = group.rows.iter().filter(|row| row.is_refused()).count();
            let Some(prepared) = prepared else {
                self.refuse(group.rows);
                return Ok(());
            };
            let members = &prepared.members;
            if members.iter().any(Option::is_none) || members.len() + was_refused != group.rows.len() {
                // Rows that turned out wrong while they were laid are left out, and the others laid anew.
                continue;
            }
            let save = |tx: &mut Tx<'_>, keep: &[Kept]| tx.save_ready(prepared.known, &prepared.ready, keep);
            match self.store(tx, prepared.known.is_some(), save)? {
                Stored::Refused(findings) => {
                    let findings = findings.into_iter().map(|finding| alike::told_where(**tx, finding));
                    let findings = findings.collect::<Result<Vec<_>>>()?;
                    if !attribute(&mut group.rows, members, &findings) {
                        self.refuse(group.rows);
                        return Ok(());
                    }
                }
                Stored::Done { id, status, warnings } => {
                    self.look_around(tx, &mut group.rows, &prepared, id)?;
                    self.accept(group.rows, &prepared, id, status, &warnings)?;
                    self.directory.insert(prepared.listed.under(id));
                    return Ok(());
                }
            }
        }
    }

    /// Lays beside the rows what the ledger has that looks like them, where nothing proved which household they are about.
    fn look_around(&mut self, tx: &Tx<'_>, group: &mut [Row<'_>], prepared: &PreparedHousehold, id: Id) -> Result<()> {
        let Some(row) = group::speaker(group) else { return Ok(()) };
        let words = Words { fields: self.fields, vocabulary: self.vocabulary };
        if let Some(before) = &prepared.before {
            if prepared.is_by_name && !row.is_apart {
                row.alikes = vec![alike::by_name(id, before, row.who().household())];
            }
            return Ok(());
        }
        let (alikes, is_twice) = alike::of_new(tx, (id, &prepared.face), &prepared.draft, &self.created, &words)?;
        self.created.insert(id);
        let key = if row.cell("member.name").is_some() { "member.name" } else { "head_name" };
        if !alikes.is_empty() && row.answer.is_none() {
            row.warn(key, "looks_alike", "和台账里已有的一户很像，请核对是不是同一户");
        } else if is_twice && row.answer.is_none() {
            row.warn(key, "alike_in_sheet", "表格里另有一户很像，请核对是不是填了两次");
        }
        row.alikes = alikes;
        Ok(())
    }

    fn refuse(&mut self, group: Vec<Row<'_>>) {
        for mut row in group {
            if !row.is_refused() {
                row.fault("", &Fault::new("household_refused", "本户其他行有误，本户先不导入，请改正后再导入"));
            }
            self.outcomes.push(outcome(row, RowStatus::Error, None, Vec::new()));
        }
    }

    fn accept(
        &mut self,
        group: Vec<Row<'_>>,
        prepared: &PreparedHousehold,
        id: Id,
        status: RowStatus,
        warnings: &[Finding],
    ) -> Result<()> {
        let mut places = prepared.members.iter();
        let compared = prepared.before.as_ref().filter(|_| status == RowStatus::Changed);
        let (before, after) = match compared {
            Some(before) => (draft_of(before)?, draft_of(&prepared.draft)?),
            None => Default::default(),
        };
        let household_changes = changes(&before, &after, "", self.fields, self.vocabulary);
        let (before, after) = (household::members_of(&before), household::members_of(&after));
        let mut is_first = true;
        for mut row in group {
            if row.is_refused() {
                self.outcomes.push(outcome(row, RowStatus::Error, None, Vec::new()));
                continue;
            }
            let place = places.next().copied().flatten();
            let mine = |finding: &&Finding| match (finding.field.strip_prefix("members."), place) {
                (Some(rest), Some(place)) => rest.split('.').next() == Some(place.to_string().as_str()),
                (Some(_), None) => false,
                (None, _) => is_first,
            };
            warnings.iter().filter(mine).for_each(|finding| row.finding(finding));
            let mut changed = if is_first { household_changes.clone() } else { Vec::new() };
            let known = place.and_then(|place| before.get(place));
            let own = match (place.and_then(|place| after.get(place)), known) {
                (Some(after), Some(before)) => {
                    changed.extend(changes(before, after, "member.", self.fields, self.vocabulary));
                    if changed.is_empty() { RowStatus::Unchanged } else { RowStatus::Changed }
                }
                _ => RowStatus::New,
            };
            let own = match status {
                RowStatus::New => RowStatus::New,
                // Laid over what is there and brought to its kept form, it is the same.
                RowStatus::Unchanged => RowStatus::Unchanged,
                _ => own,
            };
            is_first = false;
            let changed = if own == RowStatus::Changed { changed } else { Vec::new() };
            self.outcomes.push(outcome(row, own, Some(id), changed));
        }
        Ok(())
    }
}

enum Stored {
    Done { id: Id, status: RowStatus, warnings: Vec<Finding> },
    Refused(Vec<Finding>),
}

fn outcome(row: Row<'_>, status: RowStatus, record: Option<Id>, changes: Vec<crate::outcome::FieldChange>) -> RowOutcome {
    let can_be_new = !row.issues.iter().any(|issue| matches!(issue.code.as_str(), "duplicate_person" | "duplicate_household"));
    let Row { number, issues, candidates, alikes, .. } = row;
    RowOutcome { row: number, status, record, issues, changes, candidates, alikes, can_be_new }
}

/// Notes findings at the rows of their persons. Answers whether the household can be tried again without those rows: not
/// where the finding is the household's, or nobody new is refused.
fn attribute(group: &mut [Row<'_>], members: &[Option<usize>], findings: &[Finding]) -> bool {
    let open: Vec<usize> = (0..group.len()).filter(|at| group.get(*at).is_some_and(|row| !row.is_refused())).collect();
    let row_of = |place: usize| members.iter().position(|member| *member == Some(place)).and_then(|at| open.get(at).copied());
    let mut can_go_on = true;
    for finding in findings {
        let place =
            finding.field.strip_prefix("members.").and_then(|rest| rest.split('.').next()).and_then(|place| place.parse().ok());
        let at = place.and_then(row_of);
        can_go_on &= at.is_some();
        if let Some(row) = at.or_else(|| open.first().copied()).and_then(|at| group.get_mut(at)) {
            row.finding(finding);
            row.alikes.extend(finding.about.filter(|about| about.kind == Kind::Household).map(alike::registered));
        }
    }
    can_go_on && group.iter().any(|row| !row.is_refused())
}
