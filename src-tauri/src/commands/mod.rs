//! The command table of docs/commands.md. Each command is a few calls of the core.

mod files;
mod forms;
pub(crate) mod import;
mod ledgers;
pub(crate) mod lists;
pub(crate) mod quick;
mod records;
mod reports;

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
        reports::home,
        reports::templates,
        reports::report_open,
        reports::report_view,
        reports::report_figure,
        reports::report_figures,
        reports::report_figure_trend,
        reports::report_export,
        forms::choose_form,
        forms::form_list,
        forms::form_add,
        forms::form_add_content,
        forms::form_change,
        forms::form_drop,
        forms::form_inspect,
        forms::form_fill,
        forms::form_starter,
        forms::form_placeholders,
    ]
}
