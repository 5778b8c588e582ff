//! Where things lie on this machine: the user's documents and the program's own settings.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};
use uuid::Uuid;

/// The folders of this machine.
#[derive(Debug, Clone)]
pub struct Places {
    /// The user's documents.
    pub documents: PathBuf,
    /// The program's settings.
    pub config: PathBuf,
}

impl Places {
    /// Asks the system. `ZHUCUN_DOCUMENTS` and `ZHUCUN_CONFIG` override it, for tests and for programs on a stick.
    pub fn find(app: &AppHandle) -> Self {
        let path = app.path();
        let home = || path.home_dir().unwrap_or_else(|_| PathBuf::from("."));
        let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Places {
            documents: from("ZHUCUN_DOCUMENTS").or_else(|| path.document_dir().ok()).unwrap_or_else(home),
            config: from("ZHUCUN_CONFIG").or_else(|| path.app_config_dir().ok()).unwrap_or_else(home),
        }
    }

    /// Folder of ledgers and reports.
    pub fn ledgers(&self) -> PathBuf {
        self.documents.join("驻村记")
    }

    /// Path for a new ledger, before it has a name.
    pub fn suggested(&self) -> PathBuf {
        self.ledgers().join("驻村台账.zcj")
    }

    /// Path of the sample ledger.
    pub fn sample(&self) -> PathBuf {
        self.ledgers().join("示例台账.zcj")
    }

    /// This laptop's name in the change log: drawn once, says nothing about its owner.
    pub fn device(&self) -> String {
        let file = self.config.join("device");
        let known = std::fs::read_to_string(&file).ok().map(|name| name.trim().to_owned());
        known.filter(|name| is_device(name)).unwrap_or_else(|| {
            let name = format!("pc-{}", &Uuid::new_v4().simple().to_string()[..12]);
            // A laptop that cannot keep its name gets a new one next time; nothing depends on it but the log's wording.
            let _ = std::fs::create_dir_all(&self.config).and_then(|()| std::fs::write(&file, &name));
            name
        })
    }
}

fn is_device(name: &str) -> bool {
    name.len() == 15 && name.starts_with("pc-") && name[3..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Makes the folder that a file will lie in.
pub fn make_folder_of(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)
}
