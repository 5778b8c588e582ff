//! `zhucun hand-over` and `zhucun take-over`.

use std::path::Path;

use serde_json::json;
use zhucun_core::handover::HandOverContents;
use zhucun_core::records::report::ReportMasking;
use zhucun_core::storage::{Cost, HandOverCode, HandOverFile, HandOverSecret, take_over};
use zhucun_export::{ExportError, Fonts, hand_over_list, hand_over_place};

use crate::commands::say;
use crate::fault::Fault;
use crate::secret::{self, HANDOVER_CODE, open};
use crate::world::SystemWorld;

/// Writes the hand-over file and its list. The code is told this once and kept nowhere.
pub fn hand_over(as_json: bool, ledger: &Path, out: &Path) -> Result<(), Fault> {
    let mut ledger = open(ledger)?;
    let (secret, printed) = match secret::hand_over_code() {
        Some(agreed) => (HandOverSecret::Passphrase(agreed), None),
        None => {
            let code = HandOverCode::random()?;
            let printed = code.printed();
            (HandOverSecret::Code(code), Some(printed))
        }
    };
    let contents = HandOverContents::load(ledger.store(), ledger.today())?;
    std::fs::create_dir_all(out).map_err(ExportError::from)?;
    let place = hand_over_place(out, &contents)?;
    // Noted before it leaves, so that the next team finds it in the log as well; what fails takes its note back.
    let noted = ledger.note_export("handover", "整本台账移交", ReportMasking::Internal, "zcjy,pdf")?;
    let made = match ledger.hand_over(&place, &contents, &secret, Cost::USUAL, &mut |_, _| true) {
        Ok(made) => made,
        Err(error) => {
            ledger.forget_export(noted)?;
            return Err(error.into());
        }
    };
    let list = hand_over_list(&contents, &made, printed.is_some(), &Fonts::discover(&[]));
    let mut text = format!("已移交并读回核对：{}\n校验值（SHA-256）：{}", made.path.display(), made.sha256);
    match &list {
        Ok(list) => text.push_str(&format!("\n移交清单：{}", list.display())),
        // The file is whole and handed over; only the paper is missing.
        Err(error) => text.push_str(&format!("\n移交清单没有写成：{error}")),
    }
    let printed = printed.as_ref().map(|printed| printed.as_str());
    match printed {
        Some(printed) => text.push_str(&format!("\n交接码只显示这一次，请当面告诉接收人，不要和文件放在一起：\n{printed}")),
        None => text.push_str("\n用约定的口令打开"),
    }
    let note = list.as_ref().err().map(ToString::to_string);
    let answer = json!({
        "file": made.path, "size": made.size, "sha256": made.sha256, "code": printed,
        "list": list.ok(), "contents": contents, "notes": note.into_iter().collect::<Vec<_>>(),
    });
    say(as_json, &answer, &text);
    Ok(())
}

/// Makes a ledger out of a hand-over file.
pub fn take(as_json: bool, file: &Path, ledger: &Path) -> Result<(), Fault> {
    let looked = HandOverFile::look(file)?;
    let code = secret::hand_over_code();
    let code = code.ok_or_else(|| Fault::Usage(format!("请把交接码（或约定的口令）放在环境变量 {HANDOVER_CODE} 中")))?;
    let protection = secret::new_protection()?;
    let opened = looked.open(code.text())?;
    let taken = take_over(&opened, ledger, &protection, Box::new(SystemWorld), &mut |_, _| true)?;
    let counts = taken.counts()?;
    let printed = protection.recovery.printed();
    let text = format!(
        "已接收：{}（{}户{}人、走访{}条、申报{}条、项目{}个）\n台账已用新口令加密。恢复密钥只显示这一次，请抄好收好：\n{}",
        ledger.display(),
        counts.households,
        counts.people,
        counts.visits,
        counts.applications,
        counts.projects,
        printed.as_str()
    );
    let answer = json!({
        "ledger": ledger, "recovery_key": printed.as_str(), "counts": counts, "contents": opened.contents(),
    });
    say(as_json, &answer, &text);
    Ok(())
}
