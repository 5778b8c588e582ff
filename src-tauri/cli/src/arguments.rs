//! What the command line takes.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use zhucun_core::archive::{ArchiveKind, Retention};
use zhucun_core::report::form::IdFormat;
use zhucun_core::value::{Masking, Period};
use zhucun_export::ExportFormat;

use crate::import::ImportArguments;

/// 驻村记命令行：台账与半年报告。
#[derive(Debug, Parser)]
#[command(name = "zhucun", version, about = "驻村记命令行：台账与半年报告", long_about = None)]
pub struct Arguments {
    /// 以 JSON 输出结果
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 新建台账
    New {
        /// 台账文件（.zcj）
        ledger: PathBuf,
        /// 工作队名称
        #[arg(long, default_value = "驻村工作队")]
        team: String,
        /// 县
        #[arg(long, default_value = "")]
        county: String,
        /// 乡镇
        #[arg(long, default_value = "未填乡镇")]
        township: String,
        /// 村，可多次
        #[arg(long = "village")]
        villages: Vec<String>,
        /// 队员，可多次；第一名记为第一书记
        #[arg(long = "member")]
        members: Vec<String>,
    },
    /// 建立示例台账（虚构数据，2026年上半年）
    Sample {
        /// 台账文件（.zcj）
        ledger: PathBuf,
    },
    /// 修改加密台账的口令：新口令取自环境变量 ZHUCUN_NEW_PASSPHRASE
    #[command(after_help = "加密的台账用环境变量 ZHUCUN_PASSPHRASE（口令）或 ZHUCUN_RECOVERY_KEY（恢复密钥）打开")]
    Passphrase {
        /// 台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
        /// 同时换一把新的恢复密钥，旧的作废
        #[arg(long)]
        new_recovery_key: bool,
    },
    /// 备份台账：写到文件夹，落盘、重新打开核对后才算数
    Backup {
        /// 台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
        /// 备份到的文件夹；不写则放在台账旁边的“台账名.备份”
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// 用备份恢复台账；恢复前的台账也先备份，恢复那一份就是撤销
    Restore {
        /// 备份文件（.zcj）
        backup: PathBuf,
        /// 台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
    },
    /// 移交：把整本台账写成一个加密的移交文件，旁边放移交清单（PDF）
    #[command(
        name = "hand-over",
        after_help = "交接码由程序生成，只显示这一次；设了环境变量 ZHUCUN_HANDOVER_CODE，就用它作双方约定的口令"
    )]
    HandOver {
        /// 台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
        /// 移交文件和清单放到的文件夹
        #[arg(long)]
        out: PathBuf,
    },
    /// 接收移交：用移交文件建立自己的台账
    #[command(
        name = "take-over",
        after_help = "交接码（或约定的口令）取自环境变量 ZHUCUN_HANDOVER_CODE，新台账的口令取自 ZHUCUN_NEW_PASSPHRASE"
    )]
    TakeOver {
        /// 移交文件（.zcjy）
        file: PathBuf,
        /// 新台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
    },
    /// 年度归档：一年的签发报告、台账、照片和归档文件目录，放进一个文件夹
    Archive(ArchiveArguments),
    /// 检查台账：文件、记录、变更记录、照片和搜索索引是否完好、是否对得上
    #[command(after_help = "退出码：0 完好，1 有问题，3 台账打不开")]
    Check {
        /// 台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
        /// 修复不会丢内容的问题（修复前先备份），其余的说明原因
        #[arg(long)]
        repair: bool,
    },
    /// 从表格导入记录
    Import(ImportArguments),
    /// 搜索：姓名、住址、走访内容、项目、补贴等，可用拼音首字母；号码只显示一部分
    Search {
        /// 要找的字、拼音或号码
        query: String,
        /// 台账文件（.zcj）
        #[arg(long)]
        ledger: PathBuf,
        /// 最多列出几条
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// 列出报告期的全部数字及其依据的记录
    Figures {
        #[command(flatten)]
        scope: ScopeArguments,
    },
    /// 编制半年报告并导出
    Report {
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        kind: KindArguments,
        /// 导出格式，以逗号分隔
        #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Format::Docx, Format::Pdf, Format::Xlsx])]
        format: Vec<Format>,
        /// 核对稿：每个数字带编号，附数字核对表
        #[arg(long)]
        review: bool,
        /// 照片册：报告期内的照片，每张注明时间、地点、人物、事件
        #[arg(long)]
        photos: bool,
        /// 导出到的文件夹
        #[arg(long)]
        out: PathBuf,
    },
    /// 数字核对：列出报告中的错误和提醒
    Audit {
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        kind: KindArguments,
    },
    /// 核对签发稿：列出今天会有变化的数字和原因
    Verify {
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        kind: KindArguments,
    },
    /// 填乡镇自己的表（.docx 或 .xlsx，占位符写在双花括号里）
    Fill(FillArguments),
    /// 列出表里可用的全部占位符和今天的值
    Placeholders {
        #[command(flatten)]
        scope: ScopeArguments,
        /// 脱敏方式：internal 内部、township 报乡镇、public 公示
        #[arg(long, value_parser = parse_masking, default_value = "township")]
        masking: Masking,
    },
    /// 存一份起步表
    Starter {
        /// 存成的文件（.docx 或 .xlsx）
        out: PathBuf,
    },
}

/// Which kind of report.
#[derive(Debug, clap::Args)]
pub struct KindArguments {
    /// 模板：work-team、personal、kickoff、township、revitalization、thematic，或自定义模板的名称
    #[arg(long, default_value = "work-team")]
    pub template: String,
    /// 写哪名队员（个人小结）
    #[arg(long)]
    pub member: Option<String>,
    /// 写什么专题，几个词用、分开（专题汇报）
    #[arg(long)]
    pub topic: Option<String>,
    /// 脱敏方式：internal 内部、township 报乡镇、public 公示；不填按模板
    #[arg(long, value_parser = parse_masking)]
    pub masking: Option<Masking>,
}

impl KindArguments {
    /// The team's half-year report under a masking: whose figures a form is filled with.
    pub fn of_masking(masking: Masking) -> Self {
        KindArguments { template: "work-team".to_owned(), member: None, topic: None, masking: Some(masking) }
    }
}

/// Which year is filed, and how.
#[derive(Debug, clap::Args)]
pub struct ArchiveArguments {
    /// 台账文件（.zcj）
    #[arg(long)]
    pub ledger: PathBuf,
    /// 年度
    #[arg(long)]
    pub year: i32,
    /// 归档文件夹建在这个文件夹里
    #[arg(long)]
    pub out: PathBuf,
    /// 台账和照片题名的脱敏方式：internal 内部、township 报乡镇、public 公示
    #[arg(long, value_parser = parse_masking, default_value = "township")]
    pub masking: Masking,
    /// 全宗号，写在档号前面
    #[arg(long, default_value = "")]
    pub fonds: String,
    /// 保管期限，如 visits=30年,photos=永久；类别有 report、visits、roster、subsidies、projects、issues、activities、photos
    #[arg(long, value_delimiter = ',', value_parser = parse_retention)]
    pub retention: Vec<(ArchiveKind, Retention)>,
}

/// Which form is filled, and how.
#[derive(Debug, clap::Args)]
pub struct FillArguments {
    /// 表格文件（.docx 或 .xlsx）
    pub form: PathBuf,
    #[command(flatten)]
    pub scope: ScopeArguments,
    /// 填好的表存为这个文件
    #[arg(long)]
    pub out: PathBuf,
    /// 脱敏方式：internal 内部、township 报乡镇、public 公示
    #[arg(long, value_parser = parse_masking, default_value = "township")]
    pub masking: Masking,
    /// 身份证号写法：text 完整、spaced 分段、masked 脱敏
    #[arg(long, value_parser = parse_id_format, default_value = "text")]
    pub id_format: IdFormat,
}

/// Which part of which ledger.
#[derive(Debug, clap::Args)]
pub struct ScopeArguments {
    /// 台账文件（.zcj）
    #[arg(long)]
    pub ledger: PathBuf,
    /// 报告期，如 2026H1
    #[arg(long, value_parser = parse_period)]
    pub period: Period,
    /// 数据截止日期，如 2026-06-20；不填为期末
    #[arg(long)]
    pub cutoff: Option<NaiveDate>,
    /// 只统计这些村，可多次
    #[arg(long = "village")]
    pub villages: Vec<String>,
}

/// 导出格式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Docx,
    Pdf,
    Xlsx,
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Docx => ExportFormat::Docx,
            Format::Pdf => ExportFormat::Pdf,
            Format::Xlsx => ExportFormat::Xlsx,
        }
    }
}

fn parse_period(text: &str) -> Result<Period, String> {
    Period::try_from(text.to_owned())
}

fn parse_retention(text: &str) -> Result<(ArchiveKind, Retention), String> {
    let wrong = || "保管期限应写成“类别=期限”，期限为 永久、30年 或 10年".to_owned();
    let (kind, class) = text.split_once('=').ok_or_else(wrong)?;
    let kind = ArchiveKind::ALL.into_iter().find(|each| each.word() == kind.trim()).ok_or_else(wrong)?;
    Ok((kind, Retention::parse(class.trim()).ok_or_else(wrong)?))
}

fn parse_id_format(text: &str) -> Result<IdFormat, String> {
    IdFormat::parse(text).ok_or_else(|| "身份证号写法应为 text、spaced 或 masked".to_owned())
}

fn parse_masking(text: &str) -> Result<Masking, String> {
    Masking::parse(text).ok_or_else(|| "脱敏方式应为 internal、township 或 public".to_owned())
}
