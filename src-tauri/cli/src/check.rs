//! `zhucun check`: looks through a ledger, mends what can be mended, and names the copy to go back to where that is needed.

use std::path::Path;

use serde_json::json;
use zhucun_core::storage::{
    Backup, BackupCounts, CheckFinding, CheckRemedy, CheckRepair, CheckReport, Ledger, latest_good_backup,
};
use zhucun_core::{Error, Failure};

use crate::fault::Fault;
use crate::printed::print_line;
use crate::secret::{open, secret};

/// Findings that are left answer 1, a ledger that does not open 3.
pub fn check(as_json: bool, path: &Path, repair: bool) -> Result<(), Fault> {
    let mut ledger = match open(path) {
        Ok(ledger) => ledger,
        Err(Fault::Core(error @ (Error::LedgerDamaged | Error::NotALedger | Error::LedgerMissing))) => {
            return Err(unopened(as_json, path, error));
        }
        Err(fault) => return Err(fault),
    };
    let (found, repaired) = look(&mut ledger, repair)?;
    let left = repaired.as_ref().map_or(&found.findings, |repaired| &repaired.left);
    let is_lost = left.iter().any(|finding| finding.remedy == CheckRemedy::Restore);
    let backup = if is_lost { good_backup(path) } else { None };
    if as_json {
        let good = backup.as_ref().map(|(backup, counts)| json!({ "backup": backup, "counts": counts }));
        print_line!("{}", json!({ "sound": left.is_empty(), "check": found, "repair": repaired, "good_backup": good }));
    } else {
        print_line!("已检查{}条记录、{}张照片", found.records, found.pictures);
        match &repaired {
            Some(repaired) => tell_repair(repaired),
            None => tell("", left),
        }
        if left.is_empty() {
            print_line!("台账完好");
        } else if is_lost {
            print_line!("{}", named(backup.as_ref()));
        }
    }
    if left.is_empty() { Ok(()) } else { Err(Fault::Findings) }
}

fn look(ledger: &mut Ledger, repair: bool) -> Result<(CheckReport, Option<CheckRepair>), Fault> {
    let mut go_on = |_: usize, _: usize| true;
    let found = ledger.check(&mut go_on)?;
    let thumbnail = |picture: &[u8]| zhucun_media::prepare(picture).ok().map(|photo| photo.thumbnail);
    let repaired = if repair { Some(ledger.repair(&thumbnail, &mut go_on)?) } else { None };
    Ok((found, repaired))
}

/// What does not open is told together with the copy that does.
fn unopened(as_json: bool, path: &Path, error: Error) -> Fault {
    let backup = good_backup(path);
    if as_json {
        let good = backup.as_ref().map(|(backup, counts)| json!({ "backup": backup, "counts": counts }));
        print_line!("{}", json!({ "sound": false, "error": Failure::from(error), "good_backup": good }));
    } else {
        eprintln!("{error}\n{}", named(backup.as_ref()));
    }
    Fault::Unopened
}

/// Nothing where there is none, and where the copies cannot be opened with what is known.
fn good_backup(path: &Path) -> Option<(Backup, BackupCounts)> {
    let secret = secret().ok()?;
    latest_good_backup(path, secret.as_ref()).ok()?
}

fn named(backup: Option<&(Backup, BackupCounts)>) -> String {
    match backup {
        Some((backup, counts)) => {
            let at = backup.at.format("%Y-%m-%d %H:%M");
            format!(
                "最近的完好备份：{}（{at}，{}户{}人、走访{}条）",
                backup.path.display(),
                counts.households,
                counts.people,
                counts.visits
            )
        }
        None => "台账旁边没有找到完好的备份".to_owned(),
    }
}

fn tell_repair(repaired: &CheckRepair) {
    if let Some(copy) = &repaired.copy {
        print_line!("修复前的台账存为 {}", copy.display());
    }
    tell("已修复：", &repaired.mended);
    tell("没有修复：", &repaired.left);
}

fn tell(lead: &str, findings: &[CheckFinding]) {
    findings.iter().for_each(|finding| print_line!("{lead}{}", finding.message));
}
