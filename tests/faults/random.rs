//! Whatever is done can be taken back, all of it, and done again.

use serde_json::{Value, json};
use zhucun_core::records::attachment::NewPicture;
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::value::Id;
use zhucun_core::{Error, Result};
use zhucun_tests::faults::Dice;
use zhucun_tests::state::content;

use crate::bench::{assert_sound, rounds, told};

/// The kinds of the sample of which a note or title can be changed at will, and where it stands.
const TEXTS: [(Kind, &str); 7] = [
    (Kind::Household, "note"),
    (Kind::Visit, "content"),
    (Kind::Project, "name"),
    (Kind::Activity, "title"),
    (Kind::Plan, "title"),
    (Kind::Issue, "title"),
    (Kind::TeamMember, "note"),
];

fn any(ledger: &Ledger, kind: Kind, dice: &mut Dice) -> Option<Id> {
    let ids = ledger.store().list_ids(kind, &ListQuery::default()).unwrap();
    ids.get(usize::try_from(dice.below(ids.len() as u64)).unwrap()).copied()
}

fn save(ledger: &mut Ledger, kind: Kind, id: Option<Id>, change: impl FnOnce(&mut Value)) -> Result<Id> {
    let mut draft = match id {
        Some(id) => ledger.get_json(kind, id)?["draft"].clone(),
        None => ledger.blank_json(kind)?,
    };
    change(&mut draft);
    Ok(ledger.save_json(SaveRequest { kind, id, version: None, draft, keep: vec![] })?.id)
}

/// Something a user may do. What the rules refuse was not done.
fn something(ledger: &mut Ledger, dice: &mut Dice, nth: u64) -> Result<()> {
    match dice.below(10) {
        0 => save(ledger, Kind::Plan, None, |plan| plan["title"] = json!(format!("计划{nth}"))).map(drop),
        1 | 2 => {
            let household = any(ledger, Kind::Household, dice);
            let problem = if dice.below(2) == 0 { "屋顶漏雨" } else { "" };
            save(ledger, Kind::Visit, None, |visit| {
                visit["household_ids"] = json!([household]);
                visit["content"] = json!(format!("查看水管，第{nth}次"));
                visit["problem"] = json!(problem);
            })
            .map(drop)
        }
        3 => save(ledger, Kind::Household, None, |h| h["members"][0]["name"] = json!(format!("潘{nth}"))).map(drop),
        4 => {
            let owner = RecordRef { kind: Kind::Visit, id: any(ledger, Kind::Visit, dice).ok_or(Error::NotFound(Kind::Visit))? };
            let picture = format!("{}{nth}", "\u{fffd}照片".repeat(20)).into_bytes();
            let new = NewPicture {
                file_name: "照片.jpg",
                source_sha256: "",
                picture: &picture,
                thumbnail: b"\xff\xd8\xff",
                media_type: "image/jpeg",
                width: 40,
                height: 30,
                taken_on: None,
                taken_at: String::new(),
            };
            let batch = Id::parse(&format!("00000000-0000-7000-8000-{nth:012x}")).unwrap();
            ledger.add_picture(batch, owner, &new).map(drop)
        }
        5 => {
            let kind = TEXTS[dice.below(TEXTS.len() as u64) as usize].0;
            let records: Vec<RecordRef> =
                (0..=dice.below(3)).filter_map(|_| any(ledger, kind, dice)).map(|id| RecordRef { kind, id }).collect();
            ledger.delete_records(&records).map(drop)
        }
        6 => {
            let bin = ledger.store().bin()?;
            match bin.get(dice.below(bin.len() as u64) as usize) {
                Some(entry) => ledger.restore_records(&[RecordRef { kind: entry.kind, id: entry.id }]).map(drop),
                None => Ok(()),
            }
        }
        _ => {
            let (kind, field) = TEXTS[dice.below(TEXTS.len() as u64) as usize];
            let id = any(ledger, kind, dice).ok_or(Error::NotFound(kind))?;
            save(ledger, kind, Some(id), |draft| draft[field] = json!(format!("改过{nth}"))).map(drop)
        }
    }
}

fn back(ledger: &mut Ledger, steps: u64) -> u64 {
    (0..steps).take_while(|_| undone(ledger.undo())).count() as u64
}

fn forth(ledger: &mut Ledger, steps: u64) -> u64 {
    (0..steps).take_while(|_| undone(ledger.redo())).count() as u64
}

fn undone(outcome: Result<zhucun_core::storage::Done<String>>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(Error::NothingTo(_)) => false,
        Err(error) => panic!("an operation cannot be taken back or done again: {error:?}"),
    }
}

#[test]
fn whatever_was_done_is_taken_back_and_done_again() {
    let operations = rounds(150, 10_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("示例.zcj");
    drop(create_sample(&path).unwrap());
    let mut ledger = Ledger::open(&path, crate::bench::world()).unwrap();
    let first = content(&ledger).unwrap();
    let mut dice = Dice::new(10_000);
    let (mut done, mut refused, mut nth) = (0, 0, 0);
    while done < operations {
        nth += 1;
        match something(&mut ledger, &mut dice, nth) {
            Ok(()) => done += 1,
            Err(Error::Refused(_) | Error::NeedsReason(_) | Error::InUse { .. } | Error::NotFound(_)) => refused += 1,
            Err(error) => panic!("operation {nth}: {error:?}"),
        }
        // Now and then some steps back and forth in between.
        if dice.below(40) == 0 {
            let before = content(&ledger).unwrap();
            let steps = back(&mut ledger, dice.below(12));
            assert_eq!(forth(&mut ledger, steps), steps);
            assert!(content(&ledger).unwrap() == before, "operation {nth}: {steps} steps back and forth");
        }
    }
    let last = content(&ledger).unwrap();
    assert!(first != last);
    let steps = back(&mut ledger, u64::MAX);
    assert!(steps > operations / 2, "{steps} steps of {operations} operations");
    assert!(content(&ledger).unwrap() == first, "all taken back, the ledger is as it was first");
    assert_sound(&ledger, "taken back");
    assert_eq!(forth(&mut ledger, u64::MAX), steps);
    assert!(content(&ledger).unwrap() == last, "all done again, the ledger is as it was last");
    assert_sound(&ledger, "done again");
    told(&format!(
        "{operations} random operations, {steps} of which changed something, {refused} more were refused by the rules"
    ));
}
