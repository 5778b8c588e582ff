//! The ledger file: opening, locking, migrating, reading and changing it.

mod aside;
mod backup;
mod check;
mod column;
mod condition;
mod connect;
mod convert;
mod disk;
mod draft;
mod erase;
mod export_log;
mod form;
mod frozen;
mod handover;
mod history;
mod import_mapping;
mod judged;
mod key;
mod ledger;
mod list;
mod list_ahead;
mod list_memory;
mod list_read;
mod list_source;
mod lock;
mod mark;
mod migration;
mod numbers;
mod op;
mod place;
mod purge;
mod ready;
mod rows;
mod saved_list;
mod second_place;
mod secret;
mod snapshot;
mod store;
mod strength;
mod tx;
mod undo;
mod waiting_photo;
mod watched;

pub use aside::Aside;
pub use backup::{Backup, BackupCounts, BackupReason, backup_folder, backups, restore_over};
pub use check::{CheckCode, CheckFinding, CheckProgress, CheckRemedy, CheckRepair, CheckReport, MakeThumbnail};
pub use condition::{ColumnCondition, ColumnTest, ColumnType, ColumnValue, ColumnValues, WhenDay};
pub use convert::{Converted, drop_plain_backups, recover_key_file};
#[doc(hidden)]
pub use disk::{Disk, use_disk};
pub use draft::Draft;
pub use erase::{ERASED, Erased};
pub use export_log::ExportEntry;
pub use form::{FormSettings, KeptForm};
pub use frozen::{FigureMark, FrozenContent};
pub use handover::{HAND_OVER_ENDING, HandOverFile, HandOverProgress, HandedOver, OpenedHandOver, take_over};
pub use history::{ChangedField, HistoryEntry, LoggedChange, UndoState};
pub use import_mapping::ImportMapping;
pub use judged::{Judged, copies_of, judge, latest_good_backup};
#[doc(hidden)]
pub use key::page_key;
pub use key::{Cost, Protection, key_path};
pub(crate) use ledger::remove_made;
pub use ledger::{Ledger, is_encrypted};
pub use list::{
    Covers, ListCell, ListColumn, ListFilter, ListNumbers, ListPage, ListQuery, ListRow, ListSpec, ListTable, Lookup, Preset,
    PresetValue, RecordTitle, Referrer, Sort,
};
pub use mark::Mark;
pub use migration::SCHEMA_VERSION;
pub use numbers::NumbersOf;
pub use op::{Done, Op};
pub use ready::Ready;
pub use rows::{Cells, Child, Loaded, Row, TextList};
pub(crate) use rows::{columns, mark, replace_children, text_enum, value_of};
pub use saved_list::{ListView, NamedList};
pub use second_place::carry;
pub use secret::{HandOverCode, HandOverSecret, Passphrase, RecoveryKey, Secret};
pub(crate) use store::envelope;
pub use store::{BinEntry, Meta, Store, Stored};
pub use strength::Strength;
pub use tx::{Kept, Tx};
pub use waiting_photo::{WaitingPhoto, WaitingPicture};
