//! 导出登记 and 诊断信息: what left the ledger, and what helps to find a fault without telling of anybody.

use std::path::PathBuf;

use tauri::{AppHandle, State};
use zhucun_core::records::report::ReportMasking;
use zhucun_core::storage::{ExportEntry, Ledger, SCHEMA_VERSION, backup_folder, backups};
use zhucun_export::ExportError;

use crate::dialogs;
use crate::error::{Answer, last_codes};
use crate::state::Shell;
use crate::whereabouts::{judge, mounts};

/// What leaves the ledger is noted before it leaves; an export that fails takes its note back. Why it failed is what the user
/// must hear, also where the note cannot be taken back.
pub(super) fn noted<T>(
    shell: &Shell,
    (what, title, masking, formats): (&str, &str, ReportMasking, &str),
    write: impl FnOnce() -> std::result::Result<T, ExportError>,
) -> Answer<T> {
    let number = shell.with(|ledger| Ok(ledger.note_export(what, title, masking, formats)?))?;
    Ok(write().inspect_err(|_| drop(shell.with(|ledger| Ok(ledger.forget_export(number)?))))?)
}

#[tauri::command(async)]
pub fn export_list(shell: State<'_, Shell>) -> Answer<Vec<ExportEntry>> {
    shell.with(|ledger| Ok(ledger.store().exports()?))
}

/// The text that would be saved, for the user to look at first.
#[tauri::command(async)]
pub fn diagnostics(shell: State<'_, Shell>) -> Answer<String> {
    shell.with(|ledger| Ok(written(ledger)))
}

#[tauri::command]
pub async fn diagnostics_save(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<PathBuf>> {
    let start = shell.places.documents.join("驻村记诊断信息.txt");
    let Some(path) = dialogs::diagnostics_place(app, start).await? else { return Ok(None) };
    let text = shell.with(|ledger| Ok(written(ledger)))?;
    zhucun_export::write_file(&path, text.as_bytes())?;
    shell.note_exported([path.clone()]);
    Ok(Some(path))
}

/// Versions, sizes and codes; no name, no text, no path.
fn written(ledger: &Ledger) -> String {
    let yes = |is: bool| if is { "是" } else { "否" };
    let pages = ledger.check_pages().map_or_else(|error| error.code().to_owned(), |()| "完好".to_owned());
    let counts = ledger.counts().map_or_else(
        |error| error.code().to_owned(),
        |counts| {
            format!(
                "农户{} 成员{} 走访{} 申报{} 项目{} 操作{}",
                counts.households, counts.people, counts.visits, counts.applications, counts.projects, counts.last_operation
            )
        },
    );
    let size = std::fs::metadata(ledger.path()).map_or(0, |about| about.len());
    let copies = backups(&backup_folder(ledger.path())).map_or(0, |copies| copies.len());
    let place = judge(ledger.path(), &mounts()).map_or_else(|| "本机".to_owned(), |place| format!("{place:?}"));
    let codes = last_codes();
    let lines = [
        ("程序", format!("驻村记 {}", env!("CARGO_PKG_VERSION"))),
        ("系统", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("台账格式", SCHEMA_VERSION.to_string()),
        ("加密", yes(ledger.is_encrypted()).to_owned()),
        ("示例台账", yes(ledger.store().is_sample().unwrap_or_default()).to_owned()),
        ("大小", format!("{size}字节")),
        ("位置", place),
        ("条数", counts),
        ("文件检查", pages),
        ("备份", format!("{copies}份")),
        ("最近的提示", if codes.is_empty() { "无".to_owned() } else { codes.join(" ") }),
    ];
    lines.iter().map(|(label, text)| format!("{label}：{text}\r\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemWorld;

    #[test]
    fn diagnostics_tell_of_the_ledger_and_of_nobody_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("云岭乡石门村.zcj");
        drop(zhucun_core::sample::create_sample(&path).unwrap());
        let ledger = Ledger::open(&path, Box::new(SystemWorld::of("pc-000000000000".to_owned()))).unwrap();
        let text = written(&ledger);
        assert!(text.contains("文件检查：完好") && text.contains(&format!("台账格式：{SCHEMA_VERSION}")), "{text}");
        let people = ledger.store().all::<zhucun_core::records::household::Household>().unwrap();
        let names = people.iter().flat_map(|household| &household.draft.members).map(|member| member.name.as_str());
        assert!(names.clone().count() > 20, "there are people to tell of");
        for word in names.chain(["石门", "云岭", "zcj", "pc-0000"]).filter(|word| !word.is_empty()) {
            assert!(!text.contains(word), "“{word}” in {text}");
        }
    }
}
