//! 乡镇自己的表 kept in the ledger: the file with how it wants its numbers, so that it is filled again next period. Like a draft
//! it is nobody's statement, so it lies outside the change log.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ledger::Ledger;
use super::store::Store;
use crate::error::{Error, Result};
use crate::records::report::ReportMasking;
use crate::report::form::{FormKind, IdFormat};
use crate::value::{Id, normalise};

pub(super) const TABLES: &str = "
CREATE TABLE form (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind TEXT NOT NULL CHECK (kind IN ('docx', 'xlsx')),
    id_format TEXT NOT NULL CHECK (id_format IN ('text', 'spaced', 'masked')),
    masking TEXT NOT NULL CHECK (masking IN ('internal', 'township', 'public')),
    content BLOB NOT NULL,
    added_at TEXT NOT NULL,
    used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Largest form that is kept, in bytes.
const LARGEST: usize = 50 << 20;

/// How a form is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormSettings {
    /// Its name, as the list shows it.
    pub name: String,
    /// 身份证号写法.
    pub id_format: IdFormat,
    /// 脱敏方式.
    pub masking: ReportMasking,
}

/// A kept form, without its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeptForm {
    /// Its id.
    pub id: Id,
    /// Word or Excel.
    pub kind: FormKind,
    /// How it is filled.
    pub settings: FormSettings,
    /// When it was added, RFC 3339.
    pub added_at: String,
    /// When it was filled last; the same as `added_at` before that.
    pub used_at: String,
}

impl Ledger {
    /// Keeps a form.
    pub fn add_form(&mut self, name: &str, kind: FormKind, content: &[u8]) -> Result<KeptForm> {
        if content.len() > LARGEST {
            return Err(Error::BadInput("表格文件过大".to_owned()));
        }
        let now = self.now().to_rfc3339();
        let settings = FormSettings { name: short(name), id_format: IdFormat::Text, masking: ReportMasking::Township };
        let form = KeptForm { id: self.new_id(), kind, settings, added_at: now.clone(), used_at: now };
        let sql = "INSERT INTO form (id, name, kind, id_format, masking, content, added_at, used_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
        let settings = &form.settings;
        let values = params![form.id, settings.name, kind, settings.id_format, settings.masking, content, form.added_at];
        self.writable()?.prepare_cached(sql)?.execute(values)?;
        Ok(form)
    }

    /// Changes how a form is filled.
    pub fn change_form(&mut self, id: Id, settings: &FormSettings) -> Result<()> {
        let sql = "UPDATE form SET name = ?2, id_format = ?3, masking = ?4 WHERE id = ?1";
        let values = params![id, short(&settings.name), settings.id_format, settings.masking];
        self.writable()?.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Notes that a form was filled.
    pub fn form_was_used(&mut self, id: Id) -> Result<()> {
        let now = self.now().to_rfc3339();
        self.writable()?.prepare_cached("UPDATE form SET used_at = ?2 WHERE id = ?1")?.execute(params![id, now])?;
        Ok(())
    }

    /// Forgets a form. The file that it came from is the user's own and stays.
    pub fn drop_form(&mut self, id: Id) -> Result<()> {
        self.writable()?.prepare_cached("DELETE FROM form WHERE id = ?1")?.execute([id])?;
        Ok(())
    }
}

fn short(name: &str) -> String {
    let name: String = normalise(name).chars().take(100).collect();
    if name.is_empty() { "未命名的表".to_owned() } else { name }
}

impl Store<'_> {
    /// The kept forms, the one used last first.
    pub fn forms(self) -> Result<Vec<KeptForm>> {
        let sql = "SELECT id, kind, name, id_format, masking, added_at, used_at FROM form ORDER BY used_at DESC, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let forms = statement.query_map([], |row| {
            Ok(KeptForm {
                id: row.get(0)?,
                kind: row.get(1)?,
                settings: FormSettings { name: row.get(2)?, id_format: row.get(3)?, masking: row.get(4)? },
                added_at: row.get(5)?,
                used_at: row.get(6)?,
            })
        })?;
        Ok(forms.collect::<rusqlite::Result<_>>()?)
    }

    /// A kept form with its file.
    pub fn form(self, id: Id) -> Result<(KeptForm, Vec<u8>)> {
        let gone = || Error::BadInput("这张表已不在台账里，请重新添加".to_owned());
        let form = self.forms()?.into_iter().find(|form| form.id == id).ok_or_else(gone)?;
        let sql = "SELECT content FROM form WHERE id = ?1";
        let content = self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok((form, content.ok_or_else(gone)?))
    }
}
