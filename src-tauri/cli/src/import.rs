//! `zhucun import`: a workbook into a ledger, from scripts and for the township's office.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zhucun_core::records::Kind;
use zhucun_core::storage::{BackupReason, Ledger};
use zhucun_import::error::ReadError;
use zhucun_import::mapping::{Guess, MappingFile};
use zhucun_import::outcome::{Outcome, RowStatus};
use zhucun_import::run::{Request, commit, preview};
use zhucun_import::table::{Table, apply_file, remember};
use zhucun_import::vocabulary::Vocabulary;

use crate::fault::Fault;
use crate::printed::print_line;
use crate::secret::open;

/// What to import, and how.
#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// 记录种类：households 农户、visits 走访、applications 申报、projects 项目、activities 工作纪实、indicators 指标
    #[arg(value_parser = parse_kind)]
    pub kind: Kind,
    /// 表格文件（.xlsx .xls .ods .csv）
    pub file: PathBuf,
    /// 台账文件（.zcj）
    #[arg(long)]
    pub ledger: PathBuf,
    /// 工作表名称；不填则自动选择
    #[arg(long)]
    pub sheet: Option<String>,
    /// 列对应文件（.toml）
    #[arg(long)]
    pub mapping: Option<PathBuf>,
    /// 只预演，不写入台账
    #[arg(long)]
    pub dry_run: bool,
    /// 把未导入的行标在表格副本上，存为这个文件（.xlsx）
    #[arg(long)]
    pub errors: Option<PathBuf>,
}

fn parse_kind(word: &str) -> Result<Kind, String> {
    let kinds = zhucun_import::fields::KINDS;
    let known = || kinds.iter().map(|(_, word)| *word).collect::<Vec<_>>().join("、");
    kinds.iter().find(|(_, each)| *each == word).map(|(kind, _)| *kind).ok_or_else(|| format!("记录种类应为 {} 之一", known()))
}

/// Runs the command; answers whether every row came in.
pub fn import(as_json: bool, arguments: &ImportArguments) -> Result<bool, Fault> {
    let file = arguments.mapping.as_deref().map(read_mapping).transpose()?;
    let mut ledger = open(&arguments.ledger)?;
    let table = Table::open(&arguments.file, &mut |_| true)?;
    let sheet = match &arguments.sheet {
        Some(name) => table.sheet(name).map_err(|_| Fault::Usage(format!("表格里没有“{name}”这个工作表")))?.name.clone(),
        None => table.best_sheet(Some(arguments.kind)).ok_or_else(not_understood)?.name.clone(),
    };
    let guess = guess(&ledger, &table, &sheet, arguments.kind, file.as_ref())?;
    let request = Request {
        kind: arguments.kind,
        mapping: guess.mapping.clone(),
        fixes: Default::default(),
        answers: Default::default(),
        source: table.name.clone(),
    };
    let rows = table.sheet(&sheet)?;
    if !arguments.dry_run
        && let Err(error) = ledger.backup_if_changed(BackupReason::Import)
    {
        eprintln!("导入前没有备份成功：{error}");
    }
    let outcome = if arguments.dry_run {
        preview(&mut ledger, rows, &request, &mut |_, _| true)?
    } else {
        let done = commit(&mut ledger, rows, &request, &mut |_, _| true)?.value;
        remember(&mut ledger, &guess)?;
        done
    };
    if let Some(path) = &arguments.errors {
        let copy = table.marked_copy(&sheet, request.mapping.last_row, &outcome)?;
        zhucun_export::write_file(path, &copy)?;
    }
    tell(as_json, arguments.dry_run, &outcome);
    Ok(outcome.error == 0)
}

fn not_understood() -> Fault {
    Fault::Usage("看不出表格里有这一类记录的表头。请核对记录种类，或用 --sheet、--mapping 指明".to_owned())
}

fn guess(ledger: &Ledger, table: &Table, sheet: &str, kind: Kind, file: Option<&MappingFile>) -> Result<Guess, Fault> {
    let head = file.and_then(|file| file.head.map(|first| (first, file.head_last.unwrap_or(first))));
    let mut guess = table.guess(ledger.store(), sheet, Some(kind), head)?.ok_or_else(not_understood)?;
    if let Some(file) = file {
        let vocabulary = Vocabulary::load(ledger.store(), ledger.today())?;
        apply_file(&mut guess, file, &vocabulary).map_err(Fault::Usage)?;
    }
    Ok(guess)
}

fn read_mapping(path: &Path) -> Result<MappingFile, Fault> {
    let text = std::fs::read_to_string(path).map_err(|_| Fault::Usage("读不了列对应文件".to_owned()))?;
    zhucun_import::mapping::parse_file(&text).map_err(|message| Fault::Usage(format!("列对应文件有误：{message}")))
}

fn tell(as_json: bool, dry_run: bool, outcome: &Outcome) {
    if as_json {
        print_line!("{}", json_of(outcome));
        return;
    }
    let verb = if dry_run { "预演" } else { "导入" };
    print_line!(
        "{verb}：新增{}行，修改{}行，不变{}行，未导入{}行，需核对{}行",
        outcome.new,
        outcome.changed,
        outcome.unchanged,
        outcome.error,
        outcome.warning
    );
    for row in outcome.rows.iter().filter(|row| row.status == RowStatus::Error) {
        for issue in &row.issues {
            print_line!("第{}行 {} {}", row.row, issue.heading, issue.message);
        }
    }
}

/// Every issue of every row; `severity` tells those that kept a row out from those to look at.
fn json_of(outcome: &Outcome) -> Value {
    let issues = outcome.rows.iter().flat_map(|row| {
        row.issues.iter().map(|issue| {
            json!({ "row": row.row, "column": issue.heading, "code": issue.code, "message": issue.message, "severity": issue.severity })
        })
    });
    json!({
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "error": outcome.error,
        "warning": outcome.warning,
        "rows": issues.collect::<Vec<_>>(),
    })
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        Fault::Read(error)
    }
}
