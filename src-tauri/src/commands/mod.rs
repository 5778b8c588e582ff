//! The command table of docs/commands.md. Each command is a few calls of the core.

mod files;
pub(crate) mod import;
mod ledgers;
pub(crate) mod lists;
pub(crate) mod photos;
pub(crate) mod quick;
mod records;
mod reports;
mod twins;

use tauri::Wry;
use tauri::ipc::Invoke;

/// All commands of the window.
pub fn table() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        ledgers::start_info,
        ledgers::ledger_create,
        ledgers::ledger_open,
        ledgers::sample_open,
        ledgers::member_choose,
        ledgers::ledger_close,
        files::choose_ledger_to_open,
        files::choose_ledger_to_create,
        files::choose_folder,
        files::open_path,
        files::reveal_path,
        records::record_blank,
        records::record_get,
        records::record_save,
        records::record_list,
        records::record_lookup,
        records::search,
        records::record_titles,
        records::record_delete,
        records::record_restore,
        records::record_history,
        records::bin_list,
        records::dictionaries,
        records::undo,
        records::redo,
        records::undo_state,
        records::draft_all,
        records::draft_put,
        records::draft_drop,
        quick::quick_read,
        lists::record_ids,
        lists::record_rows,
        lists::column_values,
        lists::saved_lists,
        lists::saved_list_save,
        lists::saved_list_drop,
        lists::batch_choices,
        lists::batch_preview,
        lists::batch_commit,
        lists::list_export,
        lists::list_progress,
        lists::list_cancel,
        import::choose_workbook,
        import::import_open,
        import::import_content,
        import::import_sheet,
        import::import_preview,
        import::import_commit,
        import::import_rows,
        import::import_marked_copy,
        import::import_progress,
        import::import_cancel,
        import::import_close,
        twins::twins_like,
        twins::twins_pairs,
        twins::twins_count,
        twins::twins_dismiss,
        twins::twins_compare,
        twins::twins_preview,
        twins::twins_merge,
        photos::choose_photos,
        photos::photo_prepare,
        photos::photo_forget,
        photos::attachment_add,
        photos::attachment_list,
        photos::attachment_picture,
        photos::attachment_order,
        photos::album_count,
        photos::album_export,
        photos::photo_progress,
        photos::photo_cancel,
        reports::home,
        reports::templates,
        reports::report_open,
        reports::report_view,
        reports::report_figure,
        reports::report_figures,
        reports::report_figure_trend,
        reports::report_export,
    ]
}
