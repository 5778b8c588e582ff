//! 年度归档: a year's reports, ledgers and photos in one folder with their catalogue; whole, or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use zhucun_core::archive::{Archive, ArchiveCount, ArchiveKind, ArchiveRequest, Retention};
use zhucun_core::records::attachment::{NewPicture, PictureSize};
use zhucun_core::records::household::Household;
use zhucun_core::records::report::ReportMasking;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::report::{self, year_ledgers};
use zhucun_core::sample::create_sample;
use zhucun_core::storage::Ledger;
use zhucun_core::value::Masking;
use zhucun_export::{ExportError, Fonts, WrittenArchive, text_of_file, write_archive};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The sample with a finalised report and two photos of the year, the second a scan of a paper.
fn at_work(folder: &Path) -> Ledger {
    let mut ledger = create_sample(&folder.join("示例.zcj")).unwrap();
    let household = ledger.store().list_ids(Kind::Household, &Default::default()).unwrap()[0];
    for (at, title) in ["屋顶", "身份证"].into_iter().enumerate() {
        let bytes = [b"\xff\xd8\xff".as_slice(), &[u8::try_from(at).unwrap(); 900]].concat();
        let new = NewPicture {
            file_name: title,
            source_sha256: "",
            picture: &bytes,
            thumbnail: &bytes[..100],
            media_type: "image/jpeg",
            width: 40,
            height: 30,
            taken_on: Some(day("2026-03-05")),
            taken_at: String::new(),
        };
        ledger.add_picture(household, RecordRef { kind: Kind::Household, id: household }, &new).unwrap();
    }
    let scan = ledger.store().list_ids(Kind::Attachment, &Default::default()).unwrap()[0];
    let mut draft = ledger.get_json(Kind::Attachment, scan).unwrap()["draft"].clone();
    draft["category"] = "paper".into();
    let request =
        zhucun_core::records::SaveRequest { kind: Kind::Attachment, id: Some(scan), version: None, draft, keep: vec![] };
    ledger.save_json(request).unwrap();
    let report = ledger.open_report("2026H1", "work-team").unwrap().id;
    ledger.finalise_report(report).unwrap();
    ledger.open_report("2026H1", "township").unwrap();
    ledger
}

fn loaded(ledger: &Ledger, request: ArchiveRequest) -> Archive {
    ledger.read(|store| Archive::load(store, request, ledger.today(), &|bytes, _| Some(bytes.to_vec()))).unwrap()
}

fn written(ledger: &Ledger, archive: &Archive, out: &Path) -> Result<WrittenArchive, ExportError> {
    let mut picture = |photo: &zhucun_core::album::AlbumPhoto| Ok(ledger.store().picture(photo.id, PictureSize::Full).unwrap());
    write_archive::<ExportError>(archive, &Fonts::discover(&[]), out, &mut picture, &mut |_, _| true)
}

/// Every file below a folder, by its place there.
fn files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let found = zhucun_tests::faults::model::files(folder).into_iter();
    found.map(|path| (path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"), path)).collect()
}

#[test]
fn a_year_is_filed_with_reports_ledgers_photos_and_a_catalogue_of_them() {
    let (here, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = at_work(here.path());
    let request = ArchiveRequest {
        fonds: "Z109".into(),
        retention: BTreeMap::from([(ArchiveKind::Visits, Retention::Permanent)]),
        ..ArchiveRequest::of(2026)
    };
    let count = ledger.read(|store| ArchiveCount::load(store, &request)).unwrap();
    assert_eq!((count.reports, count.open_reports, count.photos), (1, 1, 1), "a scan of a paper stays inside");
    let archive = loaded(&ledger, request);
    let made = written(&ledger, &archive, out.path()).unwrap();
    assert_eq!((made.reports, made.ledgers, made.photos), (1, 6, 1));
    assert_eq!(made.folder, out.path().join("归档-2026-青坪乡石门村驻村工作队"));
    let files = files(&made.folder);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    for wanted in [
        "归档文件目录.pdf",
        "归档文件目录.xlsx",
        "台账/2026-台账-001-走访台账.xlsx",
        "台账/2026-台账-002-脱贫户监测户花名册.xlsx",
        "台账/2026-台账-006-活动统计表.xlsx",
        "报告/2026-报告-001-青坪乡石门村驻村工作队2026年上半年工作总结.pdf",
    ] {
        assert!(names.contains(&wanted), "{wanted} in {names:?}");
    }
    assert_eq!(names.iter().filter(|name| name.starts_with("照片/2026-农户-")).count(), 1, "{names:?}");
    for name in names.iter().flat_map(|name| name.split('/')) {
        assert!(!name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) && name.chars().count() < 90, "{name}");
        assert!(!name.ends_with(['.', ' ']), "{name}");
    }
    // The report is, byte for byte, what its export writes.
    let report = ledger.store().all::<zhucun_core::records::report::Report>().unwrap();
    let frozen = report.iter().find(|report| report.draft.is_finalised()).unwrap();
    let mut document = report::open(ledger.store(), frozen).unwrap().document;
    report::with_pictures(ledger.store(), &mut document, PictureSize::Full, &|bytes, _| Some(bytes.to_vec())).unwrap();
    let exported = zhucun_export::pdf(&document, &Fonts::discover(&[])).unwrap();
    let filed = files.iter().find(|(name, _)| name.starts_with("报告/")).unwrap().1;
    assert!(fs::read(filed).unwrap() == exported);
    let text = text_of_file("xlsx", &fs::read(&files["归档文件目录.xlsx"]).unwrap()).unwrap();
    for wanted in ["Z109-WS·2026-Y-0001", "Z109-WS·2026-Y-0002", "Z109-ZP·2026-D30-0001", "20260305", "保管期限", "永久"]
    {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    let printed = text_of_file("pdf", &fs::read(&files["归档文件目录.pdf"]).unwrap()).unwrap();
    assert!(printed.contains("2026年度归档文件目录"), "{printed}");
}

#[test]
fn a_years_ledgers_hold_both_halves_and_hide_what_the_profile_hides() {
    let here = tempfile::tempdir().unwrap();
    let ledger = at_work(here.path());
    let rows = |year: i32, until: &str| -> usize {
        let ledgers = year_ledgers(ledger.store(), year, Masking::Township, day(until)).unwrap();
        ledgers.iter().find(|(title, _)| *title == "走访台账").map_or(0, |(_, document)| document.annexes[0].table.rows.len())
    };
    let visits = |from: &str, to: &str| {
        let filters = [("from", from), ("to", to)].map(|(key, day)| (key.to_owned(), day.to_owned()));
        ledger.store().list_total(Kind::Visit, &filters.into()).unwrap() as usize
    };
    assert_eq!(rows(2026, "2026-12-31"), visits("2026-01-01", "2026-12-31"));
    assert_eq!(rows(2026, "2026-02-28"), visits("2026-01-01", "2026-02-28"), "up to a day");
    assert_eq!(rows(2025, "2025-12-31"), visits("2025-01-01", "2025-12-31"));
    assert!(year_ledgers(ledger.store(), 99_999, Masking::Township, day("2026-12-31")).is_err());

    let shown = |masking: ReportMasking| {
        let out = tempfile::tempdir().unwrap();
        let archive = loaded(&ledger, ArchiveRequest { masking, ..ArchiveRequest::of(2026) });
        let made = written(&ledger, &archive, out.path()).unwrap();
        let files = files(&made.folder);
        let texts = files.iter().filter(|(name, _)| name.ends_with("xlsx"));
        let text: String = texts.map(|(_, path)| text_of_file("xlsx", &fs::read(path).unwrap()).unwrap()).collect();
        (text, made.photos)
    };
    let (masked, photos) = shown(ReportMasking::Township);
    let (open, with_papers) = shown(ReportMasking::Internal);
    assert_eq!((photos, with_papers), (1, 2));
    let people = ledger.store().all::<Household>().unwrap();
    let numbers: Vec<String> =
        people.iter().flat_map(|household| &household.draft.members).map(|member| member.id_number.clone()).collect();
    let numbers: Vec<&String> = numbers.iter().filter(|number| number.len() == 18).collect();
    assert!(numbers.iter().any(|number| open.contains(number.as_str())), "unmasked where that was chosen");
    assert!(numbers.iter().all(|number| !masked.contains(number.as_str())));
}

#[test]
fn what_is_stopped_or_fails_leaves_nothing_and_a_folder_in_the_way_stays() {
    let (here, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = at_work(here.path());
    let archive = loaded(&ledger, ArchiveRequest::of(2026));
    let left = || fs::read_dir(out.path()).unwrap().count();
    for until in 0..=archive.total() {
        let mut steps = 0;
        let stopped =
            write_archive::<ExportError>(&archive, &Fonts::discover(&[]), out.path(), &mut |_| Ok(None), &mut |done, total| {
                assert!(done <= total);
                steps += 1;
                steps <= until
            });
        assert!(matches!(stopped, Err(ExportError::Cancelled)), "stopped after {until}");
        assert_eq!(left(), 0, "stopped after {until}");
    }
    let failed = write_archive::<ExportError>(
        &archive,
        &Fonts::discover(&[]),
        out.path(),
        &mut |_| Err(ExportError::DiskFull),
        &mut |_, _| true,
    );
    assert!(matches!(failed, Err(ExportError::DiskFull)) && left() == 0);
    let gone = out.path().join("没有");
    assert_eq!(written(&ledger, &archive, &gone).unwrap_err().code(), "folder_missing");
    let first = written(&ledger, &archive, out.path()).unwrap();
    fs::write(first.folder.join("自己加的.txt"), "留着").unwrap();
    let second = written(&ledger, &archive, out.path()).unwrap();
    assert!(second.folder.ends_with("归档-2026-青坪乡石门村驻村工作队（2）"), "{}", second.folder.display());
    assert_eq!(fs::read(first.folder.join("自己加的.txt")).unwrap(), "留着".as_bytes());
    // A photo that the ledger has lost is told, and keeps nothing back.
    let lost = write_archive::<ExportError>(&archive, &Fonts::discover(&[]), out.path(), &mut |_| Ok(None), &mut |_, _| true);
    let lost = lost.unwrap();
    assert!(lost.photos == 0 && lost.notes[0].contains("1张照片"), "{:?}", lost.notes);
}
