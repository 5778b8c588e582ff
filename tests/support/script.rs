//! A day's work that is the same each time, step by step, so that every state a fault may leave is known beforehand.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::{Value, json};
use zhucun_core::records::attachment::NewPicture;
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger_with};
use zhucun_core::storage::{
    BackupReason, Cost, Ledger, ListQuery, Passphrase, Protection, Secret, backup_folder, backups, carry,
};
use zhucun_core::value::{Id, IdNumber};
use zhucun_core::world::{FixedWorld, World};
use zhucun_core::{Error, Result};
use zhucun_import::mapping::guess_as;
use zhucun_import::run::{Request, commit};
use zhucun_import::workbook::{Cell, Sheet, SheetRow};

/// What opens the encrypted ledger of the script.
const PASSPHRASE: &str = "木桶里有三只蓝色的猫";

/// What is done in one step, and what it is called.
pub struct Step {
    /// Its name.
    pub name: &'static str,
    work: fn(&mut Session) -> Result<()>,
}

/// The steps, in order. Each is one change of the ledger, or none.
pub const STEPS: &[Step] = &[
    Step { name: "save", work: |session| session.add(Kind::Plan, |plan| plan["title"] = json!("修好水渠")).map(drop) },
    Step { name: "save a household", work: household },
    Step { name: "import", work: import },
    Step { name: "add a photo", work: photo },
    Step { name: "backup", work: |session| session.ledger.backup(BackupReason::Asked).map(drop) },
    Step { name: "change", work: change },
    Step { name: "open a report", work: |session| session.ledger.open_report("2026H1", "work-team").map(drop) },
    Step { name: "finalise", work: finalise },
    Step { name: "delete", work: delete },
    Step { name: "draft", work: |session| session.ledger.put_draft("visit:new", "{\"content\":\"写到一半\"}") },
    Step { name: "restore", work: restore },
    Step {
        name: "save after the restore",
        work: |session| session.add(Kind::Plan, |plan| plan["title"] = json!("再修一段")).map(drop),
    },
    Step { name: "backup when closing", work: |session| session.ledger.backup_if_changed(BackupReason::Close).map(drop) },
    Step { name: "carry to a stick", work: carry_copy },
];

/// The clock stands still within a step and goes on by a minute to the next; ids count up within a step.
struct StepWorld {
    /// Which step, and how many were begun, so that one that failed makes the same ids when it is done again.
    step: Arc<[AtomicU64; 2]>,
    of_run: u64,
    made: u64,
}

impl StepWorld {
    fn start() -> DateTime<FixedOffset> {
        FixedWorld::on(chrono::NaiveDate::from_ymd_opt(2026, 6, 20).unwrap_or_default()).now()
    }
}

impl World for StepWorld {
    fn now(&self) -> DateTime<FixedOffset> {
        let minutes = i64::try_from(self.step[0].load(Ordering::Relaxed) % 0x100).unwrap_or(0);
        Self::start() + TimeDelta::minutes(minutes)
    }

    fn new_id(&mut self) -> Id {
        let [step, run] = self.step.each_ref().map(|each| each.load(Ordering::Relaxed));
        if self.of_run != run {
            (self.of_run, self.made) = (run, 0);
        }
        self.made += 1;
        Id::parse(&format!("0190{step:04x}-0000-7000-8000-{:012x}", self.made)).unwrap_or_default()
    }

    fn device(&self) -> &str {
        "script"
    }
}

/// The ledger of the script, open for its steps.
pub struct Session {
    /// The ledger.
    pub ledger: Ledger,
    step: Arc<[AtomicU64; 2]>,
}

/// The ledger's file in a folder.
pub fn path_in(folder: &Path) -> PathBuf {
    folder.join("石门村.zcj")
}

fn secret(encrypted: bool) -> Option<Secret> {
    if encrypted { Secret::passphrase(PASSPHRASE) } else { None }
}

fn world(step: &Arc<[AtomicU64; 2]>) -> Box<StepWorld> {
    Box::new(StepWorld { step: Arc::clone(step), of_run: 0, made: 0 })
}

impl Session {
    /// Makes the ledger in which the script begins.
    pub fn begin(folder: &Path, encrypted: bool) -> Result<Self> {
        let new = NewLedger {
            team: "云岭乡石门村驻村工作队".into(),
            township: "云岭乡".into(),
            villages: vec![NewVillage { name: "石门村".into(), hamlets: vec!["上屯".into()] }],
            members: vec![NewMember { name: "韦明".into(), role: "first_secretary".into() }],
            ..NewLedger::default()
        };
        let protection = match Passphrase::new(PASSPHRASE).filter(|_| encrypted) {
            Some(passphrase) => Some(Protection { cost: Cost::LEAST, ..Protection::new(passphrase)? }),
            None => None,
        };
        // Before the first step, so that no id is made twice.
        let step = Arc::new([AtomicU64::new(0xff00), AtomicU64::new(0)]);
        let ledger = create_ledger_with(&path_in(folder), world(&step), &new, protection.as_ref())?;
        let session = Session { ledger, step };
        session.begin_step(0);
        Ok(session)
    }

    fn begin_step(&self, step: u64) {
        self.step[0].store(step, Ordering::Relaxed);
        self.step[1].fetch_add(1, Ordering::Relaxed);
    }

    /// Opens the ledger before a step.
    pub fn open(folder: &Path, step: usize, encrypted: bool) -> Result<Self> {
        let step = Arc::new([AtomicU64::new(step as u64), AtomicU64::new(1)]);
        let ledger = Ledger::open_with(&path_in(folder), world(&step), secret(encrypted).as_ref())?;
        Ok(Session { ledger, step })
    }

    /// Does a step.
    pub fn run(&mut self, step: usize) -> Result<()> {
        self.begin_step(step as u64);
        STEPS.get(step).map_or(Err(Error::NothingTo("继续")), |step| (step.work)(self))
    }

    fn add(&mut self, kind: Kind, fill: impl FnOnce(&mut Value)) -> Result<Id> {
        let mut draft = self.ledger.blank_json(kind)?;
        fill(&mut draft);
        Ok(self.ledger.save_json(SaveRequest { kind, id: None, version: None, draft, keep: vec![] })?.id)
    }

    /// One more plan, whatever step it is: whether the ledger still takes records.
    pub fn go_on(&mut self) -> Result<Id> {
        self.begin_step(self.step[0].load(Ordering::Relaxed) + 0x100);
        self.add(Kind::Plan, |plan| plan["title"] = json!("接着写"))
    }

    fn first(&self, kind: Kind) -> Result<Id> {
        let page = self.ledger.store().list(kind, &ListQuery::default())?;
        page.rows.first().map(|row| row.id).ok_or(Error::NotFound(kind))
    }
}

fn household(session: &mut Session) -> Result<()> {
    session.add(Kind::Household, |household| {
        household["members"][0]["name"] = json!("石老三");
        household["note"] = json!("房子在坡上，雨天路滑。".repeat(40));
    })?;
    Ok(())
}

/// Forty persons of twenty households, in one go.
fn import(session: &mut Session) -> Result<()> {
    let heading = "户编号|人编号|姓名|证件号码|与户主关系|户类型|自然村".to_owned();
    let person = |nth: u32| {
        let (household, relation) = (1000 + nth / 2, if nth.is_multiple_of(2) { "户主" } else { "配偶" });
        let number = IdNumber::complete(&format!("99010119{:02}0312{nth:03}", 50 + nth));
        // No two of one name, about whom the import would ask.
        let name = char::from_u32(0x4e09 + nth * 7).unwrap_or('某');
        format!("{household}|{}|潘{name}|{number}|{relation}|脱贫户|上屯", 9000 + nth)
    };
    let lines: Vec<String> = std::iter::once(heading).chain((0..40).map(person)).collect();
    let cells = |line: &String| line.split('|').map(|cell| Cell::Text(cell.into())).collect();
    let rows = (1..).zip(&lines).map(|(number, line)| SheetRow { number, cells: cells(line) }).collect();
    let sheet = Sheet { name: "花名册".to_owned(), rows, ..Sheet::default() };
    let mapping = guess_as(&sheet, Kind::Household).map(|guess| guess.mapping).ok_or(Error::NotFound(Kind::Household))?;
    let request = Request {
        kind: Kind::Household,
        mapping,
        fixes: Default::default(),
        answers: Default::default(),
        source: "花名册.xlsx".to_owned(),
    };
    let outcome = commit(&mut session.ledger, &sheet, &request, &mut |_, _| true)?.value;
    // A script whose import brings nothing in would test nothing.
    if outcome.new < 40 { Err(Error::BadInput(format!("{outcome:?}"))) } else { Ok(()) }
}

fn photo(session: &mut Session) -> Result<()> {
    let owner = RecordRef { kind: Kind::Household, id: session.first(Kind::Household)? };
    let picture: Vec<u8> = b"\xff\xd8\xff".iter().copied().chain((0..60_000u32).map(|at| (at % 251) as u8)).collect();
    let new = NewPicture {
        file_name: "屋顶.jpg",
        source_sha256: "",
        picture: &picture,
        thumbnail: picture.get(..900).unwrap_or_default(),
        media_type: "image/jpeg",
        width: 1920,
        height: 1080,
        taken_on: None,
        taken_at: String::new(),
    };
    session.ledger.add_picture(owner.id, owner, &new)?;
    Ok(())
}

fn change(session: &mut Session) -> Result<()> {
    let id = session.first(Kind::Household)?;
    let mut draft = session.ledger.get_json(Kind::Household, id)?["draft"].clone();
    draft["note"] = json!("已搬到新房。");
    session.ledger.save_json(SaveRequest { kind: Kind::Household, id: Some(id), version: None, draft, keep: vec![] })?;
    Ok(())
}

fn finalise(session: &mut Session) -> Result<()> {
    let report = session.first(Kind::Report)?;
    session.ledger.finalise_report(report).map(drop)
}

fn delete(session: &mut Session) -> Result<()> {
    let id = session.first(Kind::Plan)?;
    session.ledger.delete_records(&[RecordRef { kind: Kind::Plan, id }]).map(drop)
}

/// Back to the copy that was asked for.
fn restore(session: &mut Session) -> Result<()> {
    let made = backups(&backup_folder(session.ledger.path()))?;
    let copy = made.into_iter().find(|copy| copy.reason == BackupReason::Asked).ok_or(Error::BackupDamaged)?;
    session.ledger.restore(&copy.path).map(drop)
}

/// Where the script's copies are carried to.
pub fn stick_in(folder: &Path) -> PathBuf {
    folder.join("U盘")
}

fn carry_copy(session: &mut Session) -> Result<()> {
    let made = backups(&backup_folder(session.ledger.path()))?;
    let folder = session.ledger.path().parent().map(stick_in).ok_or(Error::LedgerMissing)?;
    carry(made.first().ok_or(Error::BackupDamaged)?, &folder).map(drop)
}
