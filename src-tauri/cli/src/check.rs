//! `zhucun check`: looks through a ledger, and mends what can be mended.

use std::path::Path;

use serde_json::json;
use zhucun_core::storage::{CheckFinding, CheckRepair};

use crate::fault::Fault;
use crate::secret::open;

/// Findings that are left answer 1.
pub fn check(as_json: bool, ledger: &Path, repair: bool) -> Result<(), Fault> {
    let mut ledger = open(ledger)?;
    let mut go_on = |_: usize, _: usize| true;
    let found = ledger.check(&mut go_on)?;
    let thumbnail = |picture: &[u8]| zhucun_media::prepare(picture).ok().map(|photo| photo.thumbnail);
    let repaired = if repair { Some(ledger.repair(&thumbnail, &mut go_on)?) } else { None };
    let left = repaired.as_ref().map_or(&found.findings, |repaired| &repaired.left);
    let is_sound = left.is_empty();
    if as_json {
        println!("{}", json!({ "sound": is_sound, "check": found, "repair": repaired }));
    } else {
        println!("已检查{}条记录、{}张照片", found.records, found.pictures);
        match &repaired {
            Some(repaired) => tell_repair(repaired),
            None => tell("", left),
        }
        if is_sound {
            println!("台账完好");
        }
    }
    if is_sound { Ok(()) } else { Err(Fault::Findings) }
}

fn tell_repair(repaired: &CheckRepair) {
    if let Some(copy) = &repaired.copy {
        println!("修复前的台账存为 {}", copy.display());
    }
    tell("已修复：", &repaired.mended);
    tell("没有修复：", &repaired.left);
}

fn tell(lead: &str, findings: &[CheckFinding]) {
    findings.iter().for_each(|finding| println!("{lead}{}", finding.message));
}
