//! Puts a text into every text field of a new record of each kind, as typed: through the door that the window uses. A field that
//! refuses it says so and keeps what it had; everything else must store it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use zhucun_core::records::attachment::{Added, NewPicture};
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::storage::{Kept, Ledger, ListQuery};
use zhucun_core::value::{Id, normalise};
use zhucun_core::{Error, Finding};

use super::shape::{Shape, Shapes, at, set};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Kinds in an order in which each finds what it refers to.
const ORDER: [(Kind, &str); 18] = [
    (Kind::Village, "Village"),
    (Kind::SupportUnit, "SupportUnit"),
    (Kind::TeamMember, "TeamMember"),
    (Kind::DictionaryItem, "DictionaryItem"),
    (Kind::Household, "Household"),
    (Kind::Programme, "Programme"),
    (Kind::Visit, "Visit"),
    (Kind::Issue, "Issue"),
    (Kind::Project, "Project"),
    (Kind::Application, "Application"),
    (Kind::Activity, "Activity"),
    (Kind::Plan, "Plan"),
    (Kind::Indicator, "Indicator"),
    (Kind::Attendance, "Attendance"),
    (Kind::Outline, "UserOutline"),
    (Kind::Report, "Report"),
    (Kind::Attachment, "Attachment"),
    (Kind::Team, "Team"),
];

/// A record with the text in it.
#[derive(Debug)]
pub struct Planted {
    /// Which.
    pub record: RecordRef,
    /// Number of the text.
    pub payload: usize,
    /// Paths of the fields that stored it.
    pub stored: Vec<String>,
    /// Paths of those that refused it, with the finding.
    pub refused: Vec<(String, Finding)>,
}

/// A record to copy, with the paths of its texts.
struct Bed {
    draft: Value,
    /// Ids in it by which others refer to it or its parts, and where they stand in a stored draft; "" is the record itself.
    ids: Vec<(String, String)>,
    texts: Vec<String>,
    /// Lists that nothing made up fits into.
    unfilled: Vec<String>,
}

/// A ledger to plant in, and what of each kind is copied.
pub struct Garden<'l> {
    ledger: &'l mut Ledger,
    beds: BTreeMap<Kind, Bed>,
    picture: Vec<u8>,
}

impl<'l> Garden<'l> {
    /// Prepares the kinds: `ledger` and `scratch` are two copies of the sample, the second to try things in; `picture` is a photo.
    pub fn lay(ledger: &'l mut Ledger, scratch: &mut Ledger, bindings: &Path, picture: Vec<u8>) -> Result<Self> {
        let shapes = Shapes::read(bindings)?;
        let mut garden = Garden { ledger, beds: BTreeMap::new(), picture };
        // Before anything is tried in it, the scratch holds the same records as the ledger.
        let models = models(scratch)?;
        let photo = photo(scratch, &json!({ "owner_id": models.get(&Kind::Visit) }), &garden.picture, (0, "屋顶.jpg"))?;
        let models = models.into_iter().chain([(Kind::Attachment, photo)]).collect();
        let drafts: BTreeMap<Kind, Value> =
            ORDER.iter().map(|(kind, _)| Ok((*kind, model_draft(scratch, *kind, &models)?))).collect::<Result<_>>()?;
        for (kind, name) in ORDER {
            let draft = drafts.get(&kind).cloned().ok_or("no draft")?;
            let bed = bed(scratch, kind, &shapes.of(name)?, (draft, &models)).map_err(|error| format!("{kind:?}: {error}"))?;
            garden.beds.insert(kind, bed);
        }
        Ok(garden)
    }

    /// Paths of all text fields, as `kind path`.
    pub fn texts(&self) -> Vec<String> {
        self.beds.iter().flat_map(|(kind, bed)| bed.texts.iter().map(|text| format!("{} {text}", kind.word()))).collect()
    }

    /// Lists into which nothing could be put.
    pub fn unfilled(&self) -> Vec<String> {
        self.beds.iter().flat_map(|(kind, bed)| bed.unfilled.iter().map(|list| format!("{} {list}", kind.word()))).collect()
    }

    /// A record of every kind with the text in every field that takes it.
    pub fn plant(&mut self, payload: usize, text: &str) -> Result<Vec<Planted>> {
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        let mut planted = Vec::new();
        for (kind, _) in ORDER {
            let bed = self.beds.get(&kind).ok_or("no bed")?;
            let mut draft = bed.draft.clone();
            rename(&mut draft, &ids);
            let known = match kind {
                Kind::Team => Some(first(self.ledger, kind)?),
                Kind::Attachment => Some(photo(self.ledger, &draft, &self.picture, (payload, text))?),
                _ => None,
            };
            if let Some(id) = known {
                draft = self.ledger.get_json(kind, id)?["draft"].clone();
            }
            if kind == Kind::Application {
                follow_programme(self.ledger, &mut draft)?;
            }
            let one =
                fill(self.ledger, kind, known, draft, bed, (payload, text)).map_err(|error| format!("{kind:?}: {error}"))?;
            let stored = self.ledger.get_json(kind, one.record.id)?["draft"].clone();
            for (old, path) in &bed.ids {
                let new = if path.is_empty() { json!(one.record.id) } else { at(&stored, path).cloned().unwrap_or_default() };
                ids.insert(old.clone(), new.as_str().unwrap_or_default().to_owned());
            }
            check_stored(&one, &stored, &normalise(text))?;
            planted.push(one);
        }
        Ok(planted)
    }
}

/// What was stored is the kept form of what was typed, where it was stored at all.
fn check_stored(planted: &Planted, stored: &Value, kept: &str) -> Result<()> {
    for path in &planted.stored {
        let found = at(stored, path).and_then(Value::as_str).unwrap_or_default();
        // Lists drop what is empty, so that the next moves up.
        if found != kept && !kept.is_empty() {
            return Err(format!("{:?} {path}: stored {found:?} for {kept:?}", planted.record.kind).into());
        }
    }
    Ok(())
}

fn first(ledger: &Ledger, kind: Kind) -> Result<Id> {
    Ok(ledger.store().list(kind, &ListQuery::default())?.rows.first().ok_or("no record")?.id)
}

/// Every id that a record of the sample has becomes that of the record planted in its stead.
fn rename(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = ids.get(text.as_str()) {
                *text = new.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, ids)),
        _ => {}
    }
}

/// The step of an application is one of its programme's, whose names were changed.
fn follow_programme(ledger: &Ledger, draft: &mut Value) -> Result<()> {
    let id = Id::parse(draft["programme_id"].as_str().unwrap_or_default()).ok_or("no programme")?;
    let programme = ledger.get_json(Kind::Programme, id)?["draft"].clone();
    draft["step"] = programme["steps"][0]["name"].clone();
    draft["stage"] = programme["steps"][0]["stage"].clone();
    draft["term"] = programme["terms"].get(0).cloned().unwrap_or(json!(""));
    Ok(())
}

/// A photo of the draft's owner; its file is called as the text says, as far as files can.
fn photo(ledger: &mut Ledger, draft: &Value, picture: &[u8], (nth, name): (usize, &str)) -> Result<Id> {
    let owner = Id::parse(draft["owner_id"].as_str().unwrap_or_default()).ok_or("no owner")?;
    let new = NewPicture {
        file_name: &name.chars().take(200).collect::<String>(),
        source_sha256: &format!("{nth:064}"),
        picture,
        thumbnail: picture,
        media_type: "image/jpeg",
        width: 64,
        height: 48,
        taken_on: None,
        taken_at: String::new(),
    };
    let batch = Id::parse(&format!("00000000-0000-4000-8000-{nth:012}")).ok_or("no batch")?;
    match ledger.add_picture(batch, RecordRef { kind: Kind::Visit, id: owner }, &new)?.value {
        Added::New(id) | Added::Known(id) => Ok(id),
    }
}

/// Of each kind the record that is copied; an application, its household and programme, and a visit to that household fit together.
fn models(scratch: &Ledger) -> Result<BTreeMap<Kind, Id>> {
    let mut models = BTreeMap::new();
    for (kind, _) in ORDER {
        if let Ok(id) = first(scratch, kind) {
            models.insert(kind, id);
        }
    }
    let application = scratch.get_json(Kind::Application, first(scratch, Kind::Application)?)?["draft"].clone();
    for (kind, field) in [(Kind::Programme, "programme_id"), (Kind::Household, "household_id")] {
        models.insert(kind, Id::parse(application[field].as_str().unwrap_or_default()).ok_or("no reference")?);
    }
    Ok(models)
}

fn model_draft(scratch: &Ledger, kind: Kind, models: &BTreeMap<Kind, Id>) -> Result<Value> {
    let mut draft = match models.get(&kind) {
        Some(id) => scratch.get_json(kind, *id)?["draft"].clone(),
        None => scratch.blank_json(kind)?,
    };
    adapt(scratch, kind, &mut draft, models)?;
    Ok(draft)
}

/// Prepares a kind: a record of the sample, or an empty form, with something in each list.
fn bed(scratch: &mut Ledger, kind: Kind, shape: &Shape, (mut draft, models): (Value, &BTreeMap<Kind, Id>)) -> Result<Bed> {
    let known = models.get(&kind).copied();
    let mut ids: Vec<(String, String)> = known.iter().map(|id| (id.to_string(), String::new())).collect();
    for (nth, member) in draft.get_mut("members").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        if let Some(id) = member["id"].take().as_str() {
            ids.push((id.to_owned(), format!("members.{nth}.id")));
        }
    }
    shorten(&mut draft);
    let mut made = Vec::new();
    shape.complete(&mut draft, "", &mut made);
    let changes = matches!(kind, Kind::Team | Kind::Attachment).then_some(known).flatten();
    let unfilled = settle(scratch, kind, changes, &mut draft, made)?;
    let mut texts = Vec::new();
    shape.texts(&draft, "", &mut texts);
    texts.retain(|path| {
        let mut probe = draft.clone();
        set(&mut probe, path, json!("文字"));
        !matches!(save(scratch, kind, changes, &probe, &[]), Err(Error::BadInput(_)))
    });
    Ok(Bed { draft, ids, texts, unfilled })
}

/// The key of a block that the user added.
const OWN_KEY: &str = "own.00000000-0000-4000-8000-000000000001";

/// What a copy must not share with the record it is of.
fn adapt(scratch: &Ledger, kind: Kind, draft: &mut Value, models: &BTreeMap<Kind, Id>) -> Result<()> {
    let model = |kind: Kind| json!(models.get(&kind));
    match kind {
        Kind::Application => {
            for field in ["amount_applied", "amount_approved", "amount_paid", "applied_on", "approved_on", "paid_on"] {
                draft[field] = Value::Null;
            }
            draft["year"] = json!(2019);
            follow_programme(scratch, draft)?;
        }
        Kind::Visit => draft["household_ids"] = json!([model(Kind::Household)]),
        Kind::Issue => draft["household_id"] = model(Kind::Household),
        Kind::Attendance => {
            draft["team_member_id"] = model(Kind::TeamMember);
            draft["month"] = json!("2020-02");
        }
        Kind::Report => {
            draft["village_ids"] = json!([model(Kind::Village)]);
            let run = json!([{ "text": "文字" }]);
            draft["edits"] = json!([{ "block": "visits.overview", "runs": run, "base": "" }]);
            draft["own"] =
                json!([{ "block": OWN_KEY, "kind": "paragraph", "level": 0, "runs": run, "photos": [], "source": "" }]);
        }
        _ => {}
    }
    Ok(())
}

/// One part of each list is enough, but a household's people may be referred to.
fn shorten(draft: &mut Value) {
    match draft {
        Value::Array(items) => {
            items.truncate(if items.first().is_some_and(|item| item.get("relation").is_some()) { 8 } else { 1 });
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Makes a draft one that can be stored; answers with the lists that had to stay empty.
fn settle(scratch: &mut Ledger, kind: Kind, id: Option<Id>, draft: &mut Value, mut made: Vec<String>) -> Result<Vec<String>> {
    let mut unfilled = Vec::new();
    let mut tries: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..60 {
        match save(scratch, kind, id, draft, &[]) {
            Ok(_) => return Ok(unfilled),
            Err(Error::BadInput(why)) => {
                let helps = |list: &String, scratch: &mut Ledger| {
                    let mut without = draft.clone();
                    set(&mut without, list, json!([]));
                    !matches!(save(scratch, kind, id, &without, &[]), Err(Error::BadInput(_)))
                };
                let culprit = (0..made.len()).find(|nth| made.get(*nth).is_some_and(|list| helps(list, scratch)));
                let nth = culprit.or(made.len().checked_sub(1)).ok_or_else(|| format!("a draft is not understood: {why}"))?;
                let list = made.remove(nth);
                set(draft, &list, json!([]));
                unfilled.push(list);
            }
            Err(Error::Refused(findings)) => {
                for finding in findings {
                    let tried = tries.entry(finding.field.clone()).or_default();
                    *tried += 1;
                    let text = at(draft, &finding.field).and_then(Value::as_str).map(str::to_owned);
                    let made_in = made.iter().position(|list| finding.field.starts_with(list.as_str()));
                    match (*tried, text, made_in) {
                        (1, Some(text), None) => set(draft, &finding.field, json!(format!("{text}1"))),
                        (1 | 2, Some(_), _) => set(draft, &finding.field, json!("")),
                        (_, _, Some(nth)) => {
                            let list = made.remove(nth);
                            set(draft, &list, json!([]));
                            unfilled.push(list);
                        }
                        _ => return Err(format!("{finding:?}").into()),
                    }
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err("does not settle".into())
}

/// Saves, with a reason for whatever asks for one.
fn save(ledger: &mut Ledger, kind: Kind, id: Option<Id>, draft: &Value, keep: &[Kept]) -> zhucun_core::Result<Id> {
    let version = id.map(|id| ledger.get_json(kind, id)).transpose()?.and_then(|stored| stored["version"].as_i64());
    let request = SaveRequest { kind, id, version, draft: draft.clone(), keep: keep.to_vec() };
    match ledger.save_json(request) {
        Err(Error::NeedsReason(findings)) if keep.is_empty() => {
            let kept = |finding: Finding| Kept { code: finding.code, field: finding.field, reason: "试验".into() };
            save(ledger, kind, id, draft, &findings.into_iter().map(kept).collect::<Vec<_>>())
        }
        saved => Ok(saved?.id),
    }
}

/// Types the text into every field; what is refused is typed anew with something that fits.
fn fill(
    ledger: &mut Ledger,
    kind: Kind,
    id: Option<Id>,
    mut draft: Value,
    bed: &Bed,
    (payload, text): (usize, &str),
) -> Result<Planted> {
    let before = draft.clone();
    let mut tries: BTreeMap<&str, usize> = bed.texts.iter().map(|path| (path.as_str(), 0)).collect();
    bed.texts.iter().for_each(|path| set(&mut draft, path, json!(text)));
    let mut refused: BTreeMap<String, Finding> = BTreeMap::new();
    for _ in 0..12 {
        let findings = match save(ledger, kind, id, &draft, &[]) {
            Ok(id) => {
                let stored = tries.iter().filter(|(_, tried)| **tried == 0).map(|(path, _)| (*path).to_owned()).collect();
                let record = RecordRef { kind, id };
                return Ok(Planted { record, payload, stored, refused: refused.into_iter().collect() });
            }
            Err(Error::Refused(findings)) => findings,
            Err(error) => return Err(format!("{error:?} instead of a finding on a field").into()),
        };
        // What is found of a list as a whole mostly follows from what is found of a text in it.
        let exact = findings.iter().any(|finding| tries.contains_key(finding.field.as_str()));
        let mut moved = false;
        for finding in &findings {
            let under = |path: &&str| *path == finding.field || !exact && path.starts_with(&format!("{}.", finding.field));
            let paths: Vec<&str> = tries.keys().copied().filter(under).collect();
            for path in paths {
                moved = true;
                let tried = tries.entry(path).or_default();
                *tried += 1;
                let was = at(&before, path).cloned().unwrap_or_default();
                let numbered = json!(format!("{}{payload}", was.as_str().unwrap_or_default()));
                let next = [was, json!(""), numbered].into_iter().nth(*tried - 1);
                set(&mut draft, path, next.ok_or_else(|| format!("nothing fits: {finding:?}"))?);
                refused.entry(path.to_owned()).or_insert_with(|| finding.clone());
            }
        }
        // A day may be asked for because of a text; with the text that goes as well.
        if !moved {
            return Err(format!("findings on no text: {findings:?}").into());
        }
    }
    Err("does not come to an end".into())
}
