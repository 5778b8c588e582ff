//! 移交和接收移交: the hand-over file with its list on this side, a ledger of its own on the other.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Serialize;
use tauri::{AppHandle, State};
use zhucun_core::Error;
use zhucun_core::handover::HandOverContents;
use zhucun_core::records::report::ReportMasking;
use zhucun_core::storage::{
    Cost, HandOverCode, HandOverFile, HandOverSecret, HandedOver, Ledger, Protection, take_over as taken_over,
};
use zhucun_export::{hand_over_list, hand_over_place};

use super::ledgers::{LedgerInfo, Made};
use super::lists::ListDesk;
use super::protection::passphrase_of;
use super::secret_page::write_secret_page;
use crate::dialogs;
use crate::error::Answer;
use crate::places::make_folder_of;
use crate::state::Shell;
use crate::tries::Tries;

/// The draft under which a code waits; the window drops it.
const WAITING_CODE: &str = "handover:code";

/// What came of handing over.
#[derive(Debug, Serialize)]
pub struct HandOverDone {
    #[serde(flatten)]
    made: HandedOver,
    /// 交接码, told this once; null where a passphrase was agreed on.
    code: Option<String>,
    /// 移交清单; null where it could not be written.
    list: Option<PathBuf>,
    /// Why it could not.
    note: Option<String>,
}

/// What anybody may know of a hand-over file.
#[derive(Debug, Serialize)]
pub struct HandOverLook {
    by_code: bool,
    made_on: NaiveDate,
}

#[tauri::command(async)]
pub fn hand_over_contents(shell: State<'_, Shell>) -> Answer<HandOverContents> {
    shell.with(|ledger| Ok(HandOverContents::load(ledger.store(), ledger.today())?))
}

/// Hands the open ledger over into a folder; `agreed` is a passphrase in place of a code of the program's.
#[tauri::command(async)]
pub fn hand_over(
    desk: State<'_, ListDesk>,
    shell: State<'_, Shell>,
    folder: PathBuf,
    agreed: Option<String>,
) -> Answer<HandOverDone> {
    desk.begin();
    let (secret, code) = match agreed {
        Some(agreed) => (HandOverSecret::Passphrase(passphrase_of(&agreed)?), None),
        None => {
            let code = HandOverCode::random()?;
            let printed = code.printed().to_string();
            (HandOverSecret::Code(code), Some(printed))
        }
    };
    let done = shell.with(|ledger| {
        let contents = HandOverContents::load(ledger.store(), ledger.today())?;
        let place = hand_over_place(&folder, &contents)?;
        // Noted before it leaves, so that the next team finds it in the log as well; what fails takes its note back.
        let noted = ledger.note_export("handover", "整本台账移交", ReportMasking::Internal, "zcjy,pdf")?;
        let made = ledger.hand_over(&place, &contents, &secret, Cost::USUAL, &mut |done, total| desk.step(done, total));
        let made = match made {
            Ok(made) => made,
            Err(error) => {
                ledger.forget_export(noted)?;
                return Err(error.into());
            }
        };
        // The file is whole and handed over; a paper that cannot be written must not hide its code.
        let (list, note) = match hand_over_list(&contents, &made, code.is_some(), shell.fonts()) {
            Ok(list) => (Some(list), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let done = HandOverDone { made, code, list, note };
        keep_until_noted(ledger, &done);
        Ok(done)
    })?;
    shell.note_exported([done.made.path.clone()].into_iter().chain(done.list.clone()));
    Ok(done)
}

/// A window that is locked while the code stands on it shows it again when it is unlocked, until somebody says that it is noted:
/// it waits in the ledger itself, since whoever opens that has all that the code would open. A plain ledger keeps no secrets.
fn keep_until_noted(ledger: &mut Ledger, done: &HandOverDone) {
    if let Ok(content) = serde_json::to_string(done)
        && done.code.is_some()
        && ledger.is_encrypted()
    {
        // What cannot be kept still stands on the screen.
        let _ = ledger.put_draft(WAITING_CODE, &content);
    }
}

/// Saves a hand-over code where the user says: a page to print, or a text.
#[tauri::command]
pub async fn hand_over_code_save(
    app: AppHandle,
    shell: State<'_, Shell>,
    file: PathBuf,
    code: String,
) -> Answer<Option<PathBuf>> {
    let start = shell.places.documents.join("移交交接码.pdf");
    let Some(path) = dialogs::secret_place(app, "交接码保存在", start).await? else { return Ok(None) };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let lines = [
        format!("移交文件：{name}"),
        format!("交接码：{code}"),
        "接收人在驻村记首页点“接收移交的台账”，选移交文件，照上面输入交接码，再设自己的口令。大小写、空格和短横都不影响。"
            .to_owned(),
        "有这张纸和移交文件，就能看到台账的全部内容。请当面交给接收人，不要和文件放在一起，不要拍照发送。接收完就销毁。"
            .to_owned(),
    ];
    write_secret_page(&shell, &path, "驻村记移交交接码", &lines)?;
    Ok(Some(path))
}

#[tauri::command]
pub async fn choose_hand_over(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    dialogs::hand_over_to_read(app, shell.places.documents.clone()).await
}

#[tauri::command(async)]
pub fn hand_over_look(path: PathBuf) -> Answer<HandOverLook> {
    let file = HandOverFile::look(&path)?;
    Ok(HandOverLook { by_code: file.is_opened_by_code(), made_on: file.made_on() })
}

/// 移交清单 of a file, for whoever knows what opens it.
#[tauri::command(async)]
pub fn hand_over_open(tries: State<'_, Tries>, path: PathBuf, code: String) -> Answer<HandOverContents> {
    tries.attempt(&path, || Ok(HandOverFile::look(&path)?.open(&code)?.contents().clone()))
}

/// Makes a ledger out of a hand-over file under the new team's own passphrase, and opens it.
#[tauri::command(async)]
pub fn take_over(
    desk: State<'_, ListDesk>,
    shell: State<'_, Shell>,
    tries: State<'_, Tries>,
    path: PathBuf,
    code: String,
    ledger: PathBuf,
    passphrase: String,
) -> Answer<Made> {
    desk.begin();
    let protection = Protection::new(passphrase_of(&passphrase)?)?;
    let opened = tries.attempt(&path, || HandOverFile::look(&path)?.open(&code))?;
    make_folder_of(&ledger).map_err(Error::from)?;
    let to = std::path::absolute(&ledger).unwrap_or(ledger);
    let world = Box::new(shell.world());
    let taken = taken_over(&opened, &to, &protection, world, &mut |done, total| desk.step(done, total))?;
    shell.take(taken);
    Ok(Made::encrypted(LedgerInfo::of_open(&shell)?, protection.recovery.printed().to_string()))
}

#[cfg(test)]
mod tests {
    use zhucun_core::setup::{NewLedger, NewMember, create_ledger};
    use zhucun_core::storage::Passphrase;

    use super::*;
    use crate::places::Places;

    #[test]
    fn the_only_member_of_the_old_team_is_not_taken_for_the_one_who_types() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().to_owned();
        let shell = Shell::new(Places { documents: here.clone(), config: here.clone() });
        let members = vec![NewMember { name: "韦明".to_owned(), role: String::new() }];
        let new = NewLedger { team: "石门村工作队".into(), township: "云岭乡".into(), members, ..NewLedger::default() };
        shell.take(create_ledger(&here.join("旧.zcj"), Box::new(shell.world()), &new).unwrap());
        let typing = |shell: &Shell| shell.with(|ledger| Ok(ledger.member())).unwrap();
        assert!(typing(&shell).is_some(), "who else");
        let secret = HandOverSecret::Passphrase(Passphrase::new("约好的话").unwrap());
        let file = here.join("移交.zcjy");
        shell
            .with(|ledger| {
                let contents = HandOverContents::load(ledger.store(), ledger.today())?;
                Ok(ledger.hand_over(&file, &contents, &secret, Cost::LEAST, &mut |_, _| true)?)
            })
            .unwrap();
        let opened = HandOverFile::look(&file).unwrap().open("约好的话").unwrap();
        let own = Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new("自己的口令").unwrap()).unwrap() };
        shell.take(taken_over(&opened, &here.join("新.zcj"), &own, Box::new(shell.world()), &mut |_, _| true).unwrap());
        assert_eq!(typing(&shell), None);
        assert!(LedgerInfo::of_open(&shell).is_ok_and(|info| serde_json::to_value(info).unwrap()["taken_over"].is_string()));
    }

    #[test]
    fn a_code_waits_in_an_encrypted_ledger_and_never_in_a_plain_one() {
        let folder = tempfile::tempdir().unwrap();
        let world = || Box::new(crate::clock::SystemWorld::of("电脑".to_owned()));
        let new = NewLedger { team: "石门村工作队".into(), township: "云岭乡".into(), ..NewLedger::default() };
        let mut ledger = create_ledger(&folder.path().join("旧.zcj"), world(), &new).unwrap();
        let made = HandedOver { path: "移交.zcjy".into(), size: 1, sha256: String::new() };
        let done =
            |code: Option<&str>| HandOverDone { made: made.clone(), code: code.map(str::to_owned), list: None, note: None };
        let waiting =
            |ledger: &Ledger| ledger.store().drafts().unwrap().into_iter().map(|draft| draft.content).collect::<String>();
        keep_until_noted(&mut ledger, &done(Some("ABCDE")));
        assert_eq!(waiting(&ledger), "");
        let protection =
            Protection { cost: Cost::LEAST, ..Protection::new(Passphrase::new("自己的口令").unwrap()).unwrap() };
        ledger.encrypt(&protection).unwrap();
        keep_until_noted(&mut ledger, &done(None));
        assert_eq!(waiting(&ledger), "", "an agreed passphrase is kept nowhere");
        keep_until_noted(&mut ledger, &done(Some("ABCDE")));
        assert!(waiting(&ledger).contains("ABCDE"));
    }

    #[test]
    fn a_hand_over_code_is_saved_as_a_text_with_the_files_name() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let shell = Shell::new(Places { documents: here.to_owned(), config: here.to_owned() });
        let lines = ["移交文件：移交.zcjy".to_owned(), "交接码：ABCDE-FGHJK".to_owned()];
        write_secret_page(&shell, &here.join("交接码.txt"), "驻村记移交交接码", &lines).unwrap();
        let text = std::fs::read_to_string(here.join("交接码.txt")).unwrap();
        assert!(text.contains("交接码：ABCDE-FGHJK") && text.contains("移交.zcjy"));
    }
}
