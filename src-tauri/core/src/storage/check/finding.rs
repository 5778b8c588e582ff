//! What a check can find, in words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::records::Kind;
use crate::value::Id;

/// What was found; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckCode {
    /// A page of the file is damaged.
    PageDamaged,
    /// A part of the file cannot be read.
    Unreadable,
    /// A table is missing or was changed.
    TableChanged,
    /// A record cannot be read.
    RecordUnreadable,
    /// A record of the change log is not in its table.
    RecordMissing,
    /// A record is not as the change log left it.
    LogDiffers,
    /// A record of which the change log knows nothing.
    LogMissing,
    /// Something refers to what is not there.
    ReferenceBroken,
    /// A value that the table does not allow.
    ValueRefused,
    /// A photo's content is missing.
    PictureMissing,
    /// A photo's content is not what was added.
    PictureDamaged,
    /// What was frozen of a finalised report is missing or changed.
    FrozenDamaged,
    /// A table, trigger or view that is none of ours.
    ForeignTable,
    /// A record that breaks a hard rule.
    RuleBroken,
    /// The clock stands before the last operation.
    ClockBehind,
    /// A database index is missing or does not fit its table.
    IndexDamaged,
    /// The search index does not fit the records.
    SearchIndex,
    /// Names kept for finding duplicates do not fit the people.
    NameKeys,
    /// A small picture is missing.
    ThumbnailMissing,
    /// A file that a cut-off backup or restore left.
    FileLeftOver,
    /// A draft whose record is gone.
    DraftLeftOver,
}

/// What is to be done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckRemedy {
    /// The program can mend it without loss.
    Repair,
    /// The user opens the records and corrects them.
    Edit,
    /// Only a backup has what is missing.
    Restore,
    /// Nothing must be done; it is told.
    Told,
}

impl CheckCode {
    /// What is to be done about it.
    pub fn remedy(self) -> CheckRemedy {
        match self {
            CheckCode::IndexDamaged
            | CheckCode::SearchIndex
            | CheckCode::NameKeys
            | CheckCode::ThumbnailMissing
            | CheckCode::FileLeftOver => CheckRemedy::Repair,
            CheckCode::RuleBroken | CheckCode::LogDiffers | CheckCode::LogMissing => CheckRemedy::Edit,
            CheckCode::ClockBehind | CheckCode::DraftLeftOver => CheckRemedy::Told,
            _ => CheckRemedy::Restore,
        }
    }

    /// In words: what is wrong, how often, and what to do.
    fn words(self, kind: Option<Kind>, count: usize, detail: &str) -> String {
        let label = kind.map_or("记录", Kind::label);
        match self {
            CheckCode::PageDamaged => {
                format!("台账文件有{count}处损坏，可能是磁盘出错或拷贝中断。请用最近的完好备份恢复")
            }
            CheckCode::Unreadable if kind.is_some() => format!("一部分{label}读不出来。请用最近的完好备份恢复"),
            CheckCode::Unreadable => format!("台账有{count}个部分读不出来。请用最近的完好备份恢复"),
            CheckCode::TableChanged => format!("台账的表“{detail}”缺失或被改动过。请用最近的完好备份恢复"),
            CheckCode::RecordUnreadable => format!("{count}条{label}读不出来。请用最近的完好备份恢复"),
            CheckCode::RecordMissing => {
                format!("{count}条{label}在变更记录里有、台账里没有，可能被别的程序删过。请用备份恢复")
            }
            CheckCode::LogDiffers => {
                format!("{count}条{label}与变更记录对不上，可能被别的程序改过。请打开核对，或用备份恢复")
            }
            CheckCode::LogMissing => format!("{count}条{label}没有变更记录，来历不明。请打开核对"),
            CheckCode::ReferenceBroken => format!("“{detail}”里有{count}处指向不存在的记录。请用最近的完好备份恢复"),
            CheckCode::ValueRefused => format!("“{detail}”里有不允许的内容，可能被别的程序改过。请用最近的完好备份恢复"),
            CheckCode::PictureMissing => format!("{count}张照片的内容缺失。请用备份恢复，或重新添加这些照片"),
            CheckCode::PictureDamaged => format!("{count}张照片的内容与添加时不一致，已损坏。请用备份恢复，或重新添加这些照片"),
            CheckCode::FrozenDamaged => format!("{count}份签发稿的内容缺失或与指纹不符。请用签发之后的备份核对"),
            CheckCode::ForeignTable => {
                format!("台账里多出“{detail}”，不是驻村记建的。请用最近的完好备份恢复，不要再用别的程序打开台账")
            }
            CheckCode::RuleBroken => format!("{count}条{label}不合规则：{detail}"),
            CheckCode::ClockBehind => "台账最后一次操作的时间晚于现在，电脑的时钟可能被拨回。请校准时钟".to_owned(),
            CheckCode::IndexDamaged => format!("表的索引有{count}处不对，查找可能不全。可以修复，记录不受影响"),
            CheckCode::SearchIndex if count > 1 => {
                format!("搜索索引与{count}条{label}对不上，搜索可能不全。可以修复，记录不受影响")
            }
            CheckCode::SearchIndex => "搜索索引与记录对不上，搜索可能不全。可以修复，记录不受影响".to_owned(),
            CheckCode::NameKeys => format!("{count}户另存的姓名与成员对不上，查重和列表可能不对。可以修复，记录不受影响"),
            CheckCode::ThumbnailMissing => format!("{count}张照片的缩略图缺失或损坏。可以从照片重新生成"),
            CheckCode::FileLeftOver => format!("台账旁边有{count}个中断的备份或恢复留下的文件。可以清理，台账不受影响"),
            CheckCode::DraftLeftOver => {
                format!("{count}份没写完的草稿，原来的{label}已删除或不存在。草稿还留着，没有改动")
            }
        }
    }
}

/// Most records that a finding names.
const NAMED: usize = 50;

/// One sort of thing that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckFinding {
    /// What it is.
    pub code: CheckCode,
    /// The kind of record it is about, where there is one.
    pub kind: Option<Kind>,
    /// How often.
    #[ts(type = "number")]
    pub count: usize,
    /// The records, the first fifty of them.
    pub ids: Vec<Id>,
    /// What is wrong and what to do, in Chinese; names no person.
    pub message: String,
    /// What is to be done.
    pub remedy: CheckRemedy,
}

impl CheckFinding {
    pub(super) fn new(code: CheckCode, kind: Option<Kind>) -> Self {
        CheckFinding { code, kind, count: 0, ids: Vec::new(), message: String::new(), remedy: code.remedy() }
    }

    pub(super) fn add(&mut self, id: Option<Id>) {
        self.count += 1;
        self.ids.extend(id.filter(|_| self.ids.len() < NAMED));
    }

    pub(super) fn word(&mut self, detail: &str) {
        self.message = self.code.words(self.kind, self.count, detail);
    }
}
