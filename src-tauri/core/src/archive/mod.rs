//! 年度归档: which documents of a year are filed, what they are called and how long they are kept. After 村级档案管理办法 and the
//! catalogue of DA/T 22-2015 (归档文件整理规则), as far as it is known here; what a county rules otherwise can be changed before
//! the export.

mod catalogue;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use catalogue::{ArchiveEntry, catalogue};

use crate::album::{AlbumPhoto, archive_name};
use crate::error::Result;
use crate::records::attachment::PictureSize;
use crate::records::report::{Report, ReportMasking};
use crate::records::team::Team;
use crate::report::document::Document;
use crate::report::hidden::Hidden;
use crate::report::{self, Turn, year_ledgers, year_photos};
use crate::storage::{Store, Stored};
use crate::value::Period;

/// What is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveKind {
    /// 签发的报告.
    Report,
    /// 走访台账.
    Visits,
    /// 花名册.
    Roster,
    /// 补贴申报汇总表.
    Subsidies,
    /// 项目台账.
    Projects,
    /// 问题台账.
    Issues,
    /// 活动统计表.
    Activities,
    /// 照片.
    Photos,
}

/// 保管期限.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// 永久.
    Permanent,
    /// 30年.
    Thirty,
    /// 10年.
    Ten,
}

impl ArchiveKind {
    /// All of them, in the order of the catalogue.
    pub const ALL: [ArchiveKind; 8] = [
        ArchiveKind::Report,
        ArchiveKind::Visits,
        ArchiveKind::Roster,
        ArchiveKind::Subsidies,
        ArchiveKind::Projects,
        ArchiveKind::Issues,
        ArchiveKind::Activities,
        ArchiveKind::Photos,
    ];

    /// Its name in commands.
    pub fn word(self) -> &'static str {
        match self {
            ArchiveKind::Report => "report",
            ArchiveKind::Visits => "visits",
            ArchiveKind::Roster => "roster",
            ArchiveKind::Subsidies => "subsidies",
            ArchiveKind::Projects => "projects",
            ArchiveKind::Issues => "issues",
            ArchiveKind::Activities => "activities",
            ArchiveKind::Photos => "photos",
        }
    }

    /// The ledger's title, as annexes call it.
    fn of_ledger(title: &str) -> Option<ArchiveKind> {
        Some(match title {
            "走访台账" => ArchiveKind::Visits,
            "脱贫户监测户花名册" => ArchiveKind::Roster,
            "补贴申报汇总表" => ArchiveKind::Subsidies,
            "项目台账" => ArchiveKind::Projects,
            "问题台账" => ArchiveKind::Issues,
            "活动统计表" => ArchiveKind::Activities,
            _ => return None,
        })
    }

    /// How long it is kept unless somebody says otherwise: what proves rights and money longer than what tells of daily work.
    pub fn usual(self) -> Retention {
        match self {
            ArchiveKind::Report | ArchiveKind::Roster => Retention::Permanent,
            ArchiveKind::Subsidies | ArchiveKind::Projects | ArchiveKind::Photos => Retention::Thirty,
            ArchiveKind::Visits | ArchiveKind::Issues | ArchiveKind::Activities => Retention::Ten,
        }
    }
}

impl Retention {
    /// As the catalogue prints it.
    pub fn label(self) -> &'static str {
        match self {
            Retention::Permanent => "永久",
            Retention::Thirty => "30年",
            Retention::Ten => "10年",
        }
    }

    /// In an archive number.
    fn code(self) -> &'static str {
        match self {
            Retention::Permanent => "Y",
            Retention::Thirty => "D30",
            Retention::Ten => "D10",
        }
    }

    /// Reads 永久, 30年 or 10年, also their codes.
    pub fn parse(text: &str) -> Option<Self> {
        [Retention::Permanent, Retention::Thirty, Retention::Ten]
            .into_iter()
            .find(|class| class.label() == text || class.code().eq_ignore_ascii_case(text))
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ArchiveRequest {
    /// 年度.
    pub year: i32,
    /// 脱敏方式 of ledgers and photos' titles; finalised reports are as they were finalised.
    pub masking: ReportMasking,
    /// 全宗号, which the archive gives out; empty where there is none yet.
    pub fonds: String,
    /// 保管期限 by kind; what is missing has the usual one.
    pub retention: BTreeMap<ArchiveKind, Retention>,
}

impl ArchiveRequest {
    /// A year as it is filed usually: masked as for the township.
    pub fn of(year: i32) -> Self {
        ArchiveRequest { year, masking: ReportMasking::Township, fonds: String::new(), retention: BTreeMap::new() }
    }

    /// How long a kind is kept.
    pub fn retention_of(&self, kind: ArchiveKind) -> Retention {
        self.retention.get(&kind).copied().unwrap_or_else(|| kind.usual())
    }
}

/// A finalised report that is filed.
#[derive(Debug)]
pub struct ArchivedReport {
    /// Its frozen pages, with their pictures.
    pub document: Document,
    /// Its own profile.
    pub masking: ReportMasking,
    /// What that profile hides.
    pub hidden: Hidden,
    /// Whether a later finalised report revises it.
    pub is_revised: bool,
}

/// Everything that is filed of a year but the pictures' bytes.
#[derive(Debug)]
pub struct Archive {
    /// What was asked for.
    pub request: ArchiveRequest,
    /// 工作队.
    pub team: String,
    /// Last day that counts: today, or the year's end.
    pub until: NaiveDate,
    /// 报告.
    pub reports: Vec<ArchivedReport>,
    /// 台账.
    pub ledgers: Vec<(ArchiveKind, Document)>,
    /// 照片.
    pub photos: Vec<AlbumPhoto>,
    /// What ledgers must not show.
    pub hidden: Hidden,
}

/// What a year has to be filed, before anything is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ArchiveCount {
    /// 签发的报告.
    #[ts(type = "number")]
    pub reports: usize,
    /// Reports of the year that are not finalised, and are not filed.
    #[ts(type = "number")]
    pub open_reports: usize,
    /// 照片.
    #[ts(type = "number")]
    pub photos: usize,
    /// Their size in bytes.
    #[ts(type = "number")]
    pub photo_bytes: u64,
}

impl ArchiveCount {
    /// Counts a year's.
    pub fn load(store: Store<'_>, request: &ArchiveRequest) -> Result<Self> {
        let (done, open): (Vec<_>, Vec<_>) =
            reports_of(store, request.year)?.into_iter().partition(|report| report.draft.is_finalised());
        let photos = year_photos(store, request.year, request.masking.into())?;
        Ok(ArchiveCount {
            reports: done.len(),
            open_reports: open.len(),
            photos: photos.len(),
            photo_bytes: photos.iter().map(|photo| photo.bytes).sum(),
        })
    }
}

impl Archive {
    /// Gathers a year's documents. `turn` turns a kept picture clockwise by quarters.
    pub fn load(store: Store<'_>, request: ArchiveRequest, today: NaiveDate, turn: Turn<'_>) -> Result<Self> {
        let until = today.min(NaiveDate::from_ymd_opt(request.year, 12, 31).unwrap_or(today));
        let masking = request.masking.into();
        let ledgers = year_ledgers(store, request.year, masking, until)?.into_iter();
        let mut ledgers: Vec<(ArchiveKind, Document)> =
            ledgers.filter_map(|(title, document)| Some((ArchiveKind::of_ledger(title)?, document))).collect();
        ledgers.sort_by_key(|(kind, _)| *kind);
        Ok(Archive {
            team: store.all::<Team>()?.into_iter().next().map(|team| team.draft.name).unwrap_or_default(),
            reports: finalised(store, request.year, turn)?,
            photos: year_photos(store, request.year, masking)?,
            hidden: Hidden::load(store, masking, until)?,
            ledgers,
            until,
            request,
        })
    }

    /// Name of the folder: `归档-2026-石门村驻村工作队`.
    pub fn folder(&self) -> String {
        format!("归档-{}-{}", self.request.year, self.team)
    }

    /// How many documents are written.
    pub fn total(&self) -> usize {
        self.reports.len() + self.ledgers.len() + self.photos.len()
    }

    /// File name of a report or ledger without its ending: 年度-类别-序号-题名.
    pub fn name(&self, category: &str, number: usize, title: &str) -> String {
        let year = self.request.year;
        let own = title.strip_prefix(&format!("{year}年")).unwrap_or(title);
        archive_name(year, category, u32::try_from(number).unwrap_or(0), own)
    }
}

/// The reports of a year, the first half before the second.
fn reports_of(store: Store<'_>, year: i32) -> Result<Vec<Stored<Report>>> {
    let mut reports = store.all::<Report>()?;
    reports.retain(|report| Period::parse(&report.draft.period).is_some_and(|period| period.year() == year));
    reports.sort_by(|a, b| (&a.draft.period, a.draft.finalised_on, a.id).cmp(&(&b.draft.period, b.draft.finalised_on, b.id)));
    Ok(reports)
}

fn finalised(store: Store<'_>, year: i32, turn: Turn<'_>) -> Result<Vec<ArchivedReport>> {
    let reports: Vec<_> = reports_of(store, year)?.into_iter().filter(|report| report.draft.is_finalised()).collect();
    let revised: BTreeSet<_> = reports.iter().filter_map(|report| report.draft.revises).collect();
    let mut archived = Vec::new();
    for report in &reports {
        let mut document = report::open(store, report)?.document;
        report::with_pictures(store, &mut document, PictureSize::Full, turn)?;
        let (masking, until) = (report.draft.masking, report::scope_of(&report.draft)?.until());
        let hidden = Hidden::load(store, masking.into(), until)?;
        archived.push(ArchivedReport { document, masking, hidden, is_revised: revised.contains(&report.id) });
    }
    Ok(archived)
}

/// The year that is filed next: in the first half of a year the one before.
pub fn year_to_file(today: NaiveDate) -> i32 {
    if today.month() <= 3 { today.year() - 1 } else { today.year() }
}
