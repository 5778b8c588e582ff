//! The TypeScript types of everything that crosses between core and window. Written by `cargo run -p zhucun-tests --bin bindings`;
//! a test fails when the committed files are stale.

use std::path::Path;

use ts_rs::{Config, ExportError, TS};
use zhucun_core::audit::AuditFinding;
use zhucun_core::home::{Home, HomeProgress};
use zhucun_core::outline;
use zhucun_core::quick::{Asked, Reading};
use zhucun_core::records::{self, Kind, RecordRef, SaveRequest, Saved};
use zhucun_core::report::{self, FigureLine, FigureView, OutlineTrial, TemplateInfo, document::Document};
use zhucun_core::search::Found;
use zhucun_core::setup::NewLedger;
use zhucun_core::storage::{
    Backup, BackupCounts, BinEntry, CheckRepair, CheckReport, ColumnValues, Draft, HistoryEntry, ListPage, ListQuery, Lookup,
    NamedList, RecordTitle, Stored, UndoState,
};
use zhucun_core::value::Period;
use zhucun_core::{
    Failure,
    figures::{Figure, FigureTrend, VillageFigure},
};

/// Writes all types below a folder.
pub fn write_to(folder: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_out_dir(folder).with_large_int("number");
    macro_rules! write {
        ($($type:ty),* $(,)?) => { $(<$type>::export_all(&config)?;)* };
    }
    write!(
        records::activity::Activity,
        records::application::Application,
        records::attachment::Attachment,
        records::attendance::Attendance,
        records::dictionary_item::DictionaryItem,
        records::household::Household,
        records::indicator::Indicator,
        records::issue::Issue,
        records::outline::UserOutline,
        records::plan::Plan,
        records::plan::CarriedOver,
        records::programme::Programme,
        records::project::Project,
        records::report::Report,
        records::support_unit::SupportUnit,
        records::team::Team,
        records::team_member::TeamMember,
        records::village::Village,
        records::visit::Visit,
        Stored<records::visit::Visit>,
        records::twins::LookAlike,
        records::twins::Pairs,
        records::twins::compare::Comparison,
        records::twins::merge::MergeRequest,
        records::twins::merge::MergePreview,
        records::twins::merge::MergeDone,
        Kind,
        RecordRef,
        SaveRequest,
        Saved,
        ListQuery,
        ListPage,
        Lookup,
        ColumnValues,
        NamedList,
        records::batch::BatchField,
        records::batch::BatchOutcome,
        records::batch::BatchRequest,
        zhucun_export::ListSheet,
        RecordTitle,
        Found,
        BinEntry,
        CheckReport,
        CheckRepair,
        HistoryEntry,
        UndoState,
        Draft,
        Backup,
        zhucun_core::storage::Erased,
        BackupCounts,
        Home,
        HomeProgress,
        Asked,
        Reading,
        zhucun_export::Preview,
        NewLedger,
        Period,
        Failure,
        Figure,
        FigureView,
        FigureLine,
        FigureTrend,
        VillageFigure,
        TemplateInfo,
        OutlineTrial,
        outline::SectionChange,
        Document,
        zhucun_core::album::AlbumRequest,
        zhucun_core::archive::ArchiveRequest,
        zhucun_core::archive::ArchiveCount,
        zhucun_media::Note,
        AuditFinding,
        report::Arrangement,
        report::BlockHandle,
        report::LeftOut,
        report::FigureChange,
        report::PhotoChoice,
        report::Verification,
        report::Comparison,
        zhucun_core::report::form::Placeholder,
        zhucun_core::storage::KeptForm,
        zhucun_core::storage::ExportEntry,
        zhucun_core::storage::NumbersOf,
        zhucun_core::storage::HandedOver,
        zhucun_core::handover::HandOverContents,
        zhucun_export::Leak,
        zhucun_export::form::FormReport,
        zhucun_import::fields::FieldChoice,
        zhucun_import::mapping::Guess,
        zhucun_import::outcome::Outcome,
        zhucun_import::run::Request,
        zhucun_import::table::SheetInfo,
    );
    Ok(())
}
