//! The system's own dialogs for files and folders.

use std::path::{Path, PathBuf};

use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager};
use zhucun_core::storage::HAND_OVER_ENDING;

use crate::error::Answer;
use crate::shell_error::ShellError;

const WORKBOOK: (&str, &[&str]) = ("表格", &["xlsx", "xls", "ods", "csv", "txt", "XLSX", "XLS", "CSV"]);
const PHOTO: (&str, &[&str]) =
    ("照片", &["jpg", "jpeg", "png", "webp", "heic", "heif", "JPG", "JPEG", "PNG", "WEBP", "HEIC", "HEIF"]);
const FORM: (&str, &[&str]) = ("Word或Excel表", &["docx", "xlsx", "doc", "xls", "DOCX", "XLSX", "DOC", "XLS"]);
const LEDGER: (&str, &[&str]) = ("驻村记台账", &["zcj"]);
/// Extension of report templates as files.
pub const OUTLINE_EXTENSION: &str = "zcjm";
const OUTLINE: (&str, &[&str]) = ("驻村记报告模板", &[OUTLINE_EXTENSION]);

/// Asks for a ledger to open.
pub async fn ledger_to_open(app: AppHandle, folder: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("打开台账").add_filter(LEDGER.0, LEDGER.1).set_directory(existing(&folder));
        Box::pin(async move { dialog.pick_file().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// Asks where a new ledger shall lie.
pub async fn ledger_to_create(app: AppHandle, suggested: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let name = suggested.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = existing(suggested.parent().unwrap_or(Path::new(".")));
        let dialog = window.set_title("台账保存在").add_filter(LEDGER.0, LEDGER.1).set_directory(folder).set_file_name(name);
        Box::pin(async move { dialog.save_file().await.map(|file| with_extension(file.path(), "zcj")) })
    });
    picked.await
}

/// Asks for a workbook to import.
pub async fn workbook(app: AppHandle, folder: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("选择要导入的表格").add_filter(WORKBOOK.0, WORKBOOK.1).set_directory(existing(&folder));
        Box::pin(async move { dialog.pick_file().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// Asks for photos, several at once. Other files can be shown too: what is no photo is told so with its reason.
pub async fn photos(app: AppHandle) -> Answer<Vec<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("选择照片").add_filter(PHOTO.0, PHOTO.1).add_filter("所有文件", &["*"]);
        Box::pin(async move {
            let files = dialog.pick_files().await?;
            Some(files.iter().map(|file| file.path().to_owned()).collect())
        })
    });
    Ok(picked.await?.unwrap_or_default())
}

/// Asks for a report template to bring in.
pub async fn outline_to_read(app: AppHandle, folder: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("导入报告模板").add_filter(OUTLINE.0, OUTLINE.1).set_directory(existing(&folder));
        Box::pin(async move { dialog.pick_file().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// Asks where a report template shall be written.
pub async fn outline_to_write(app: AppHandle, folder: PathBuf, title: String) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("导出报告模板").add_filter(OUTLINE.0, OUTLINE.1).set_directory(existing(&folder));
        let dialog = dialog.set_file_name(format!("{}.{OUTLINE_EXTENSION}", title.replace(['/', '\\', ':'], " ")));
        Box::pin(async move { dialog.save_file().await.map(|file| with_extension(file.path(), OUTLINE_EXTENSION)) })
    });
    picked.await
}

/// Asks for a folder to export to.
pub async fn folder(app: AppHandle, start: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("导出到文件夹").set_directory(existing(&start));
        Box::pin(async move { dialog.pick_folder().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// Asks where a recovery key or a hand-over code shall be saved: as a page to print or as a text.
pub async fn secret_place(app: AppHandle, title: &'static str, suggested: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let name = suggested.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = existing(suggested.parent().unwrap_or(Path::new(".")));
        let dialog = window.set_title(title).add_filter("PDF，可打印", &["pdf"]).add_filter("文本", &["txt"]);
        let dialog = dialog.set_directory(folder).set_file_name(name);
        Box::pin(async move {
            let path = dialog.save_file().await?.path().to_owned();
            let is_text = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
            Some(if is_text { path } else { with_extension(&path, "pdf") })
        })
    });
    picked.await
}

/// Asks where 诊断信息 shall be saved.
pub async fn diagnostics_place(app: AppHandle, suggested: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let name = suggested.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = existing(suggested.parent().unwrap_or(Path::new(".")));
        let dialog = window.set_title("诊断信息保存在").add_filter("文本", &["txt"]).set_directory(folder).set_file_name(name);
        Box::pin(async move { dialog.save_file().await.map(|file| with_extension(file.path(), "txt")) })
    });
    picked.await
}

/// Asks for a second place for copies.
pub async fn backup_place(app: AppHandle, start: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("备份另存到").set_directory(existing(&start));
        Box::pin(async move { dialog.pick_folder().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// Asks for a copy to bring back.
pub async fn backup_to_read(app: AppHandle, folder: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("选择备份文件").add_filter("驻村记备份", LEDGER.1).set_directory(existing(&folder));
        Box::pin(async move { dialog.pick_file().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// Asks for a hand-over file.
pub async fn hand_over_to_read(app: AppHandle, folder: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("选择移交文件").add_filter("驻村记移交文件", &[HAND_OVER_ENDING]);
        let dialog = dialog.set_directory(existing(&folder));
        Box::pin(async move { dialog.pick_file().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

type Picking<T> = std::pin::Pin<Box<dyn std::future::Future<Output = Option<T>> + Send>>;

/// Dialogs are made on the main thread (GTK and macOS insist) and awaited off it, so that the window keeps painting.
async fn on_main_thread<T: 'static>(
    app: &AppHandle,
    ask: impl FnOnce(AsyncFileDialog) -> Picking<T> + Send + 'static,
) -> Answer<Option<T>> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let window = app.get_webview_window("main");
    let made = app.run_on_main_thread(move || {
        let mut dialog = AsyncFileDialog::new();
        if let Some(window) = &window {
            dialog = dialog.set_parent(window);
        }
        // Only a command that gave up waiting is not there to receive.
        let _ = sender.send(ask(dialog));
    });
    made.map_err(|_| ShellError::Dialog)?;
    let picking = receiver.recv().map_err(|_| ShellError::Dialog)?;
    Ok(picking.await)
}

/// Asks for a form of the township's.
pub async fn form(app: AppHandle, folder: PathBuf) -> Answer<Option<PathBuf>> {
    let picked = on_main_thread(&app, move |window| {
        let dialog = window.set_title("选择乡镇发的表").add_filter(FORM.0, FORM.1).set_directory(existing(&folder));
        Box::pin(async move { dialog.pick_file().await.map(|file| file.path().to_owned()) })
    });
    picked.await
}

/// The folder, or the nearest one above it that exists.
fn existing(folder: &Path) -> PathBuf {
    folder.ancestors().find(|folder| folder.is_dir()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn with_extension(path: &Path, wanted: &str) -> PathBuf {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted)) {
        return path.to_owned();
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(wanted);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_always_gets_its_extension() {
        assert_eq!(with_extension(Path::new("夹/石门村2.0"), "zcj"), Path::new("夹/石门村2.0.zcj"));
        assert_eq!(with_extension(Path::new("夹/石门村.ZCJ"), "zcj"), Path::new("夹/石门村.ZCJ"));
    }
}
