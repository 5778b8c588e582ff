//! The commands, each a few calls of the core.

use std::path::Path;

use serde_json::json;
use zhucun_core::figures::{Figure, FigureValue, Figures, Gathered, PerVillage, Scope, previous_figures};
use zhucun_core::records::attachment::PictureSize;
use zhucun_core::records::report::{Report, ReportMasking, ReportVillage};
use zhucun_core::records::team_member::TeamMember;
use zhucun_core::records::village::Village;
use zhucun_core::report::document::Document;
use zhucun_core::report::hidden::Hidden;
use zhucun_core::report::{self, TemplateInfo};
use zhucun_core::search::{Hit, Search};
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger_with};
use zhucun_core::storage::{Ledger, Store, Stored};
use zhucun_core::value::{Id, Masking};
use zhucun_core::{Error, outline};
use zhucun_export::{Existing, ExportError, ExportFormat, Fonts, LateProver, Prover, ReportParts, write_report};

use crate::arguments::{Arguments, Command, Format, KindArguments, ScopeArguments};
use crate::fault::Fault;
use crate::printed::print_line;
use crate::secret::{self, open};
use crate::world::SystemWorld;

/// Runs one command.
pub fn run(arguments: Arguments) -> Result<(), Fault> {
    let json = arguments.json;
    match arguments.command {
        Command::New { ledger, team, county, township, villages, members } => {
            let new = new_ledger(team, county, township, villages, members);
            let protection = secret::protection()?;
            create_ledger_with(&ledger, Box::new(SystemWorld), &new, protection.as_ref())?;
            secret::tell_made(json, "已新建台账", &ledger, protection.as_ref());
            Ok(())
        }
        Command::Sample { ledger } => {
            let protection = secret::protection()?;
            zhucun_core::sample::create_sample_with(&ledger, protection.as_ref())?;
            secret::tell_made(json, "已建立示例台账", &ledger, protection.as_ref());
            Ok(())
        }
        Command::Passphrase { ledger, new_recovery_key } => secret::passphrase(json, &ledger, new_recovery_key),
        Command::Backup { ledger, out } => crate::backup::backup(json, &ledger, out.as_deref()),
        Command::Restore { backup, ledger } => crate::backup::restore(json, &backup, &ledger),
        Command::HandOver { ledger, out } => crate::handover::hand_over(json, &ledger, &out),
        Command::TakeOver { file, ledger } => crate::handover::take(json, &file, &ledger),
        Command::Archive(arguments) => crate::archive::archive(json, arguments),
        Command::Check { ledger, repair } => crate::check::check(json, &ledger, repair),
        Command::Import(arguments) => {
            if crate::import::import(json, &arguments)? {
                Ok(())
            } else {
                Err(Fault::Findings)
            }
        }
        Command::Search { query, ledger, limit } => search(json, &ledger, &query, limit),
        Command::Figures { scope } => figures(json, &scope),
        Command::Audit { scope, kind } => crate::audit::audit(json, &scope, &kind),
        Command::Verify { scope, kind } => crate::audit::verify(json, &scope, &kind),
        Command::Report { scope, kind, format, review, photos, out } => {
            export(json, &scope, &kind, &Wanted { formats: &format, review, photos, out: &out })
        }
        Command::Fill(arguments) => crate::forms::fill(json, &arguments),
        Command::Placeholders { scope, masking } => crate::forms::placeholders(json, &scope, masking),
        Command::Starter { out } => crate::forms::starter(json, &out),
    }
}

pub fn say(json: bool, value: &serde_json::Value, text: &str) {
    if json { print_line!("{value}") } else { print_line!("{text}") }
}

fn new_ledger(team: String, county: String, township: String, villages: Vec<String>, members: Vec<String>) -> NewLedger {
    let villages = villages.into_iter().map(|name| NewVillage { name, hamlets: Vec::new() });
    let members = members.into_iter().enumerate().map(|(at, name)| {
        let role = if at == 0 { "first_secretary" } else { "member" };
        NewMember { name, role: role.to_owned() }
    });
    NewLedger { team, county, township, villages: villages.collect(), members: members.collect(), ..NewLedger::default() }
}

/// Not finding anything is an answer like any other.
fn search(json: bool, ledger: &Path, query: &str, limit: u32) -> Result<(), Fault> {
    let ledger = open(ledger)?;
    let search = Search { limit, count_to: u32::MAX, ..Search::all(query) };
    let groups = ledger.read(|store| store.search(&search))?.groups;
    let total: u32 = groups.iter().map(|group| group.total).sum();
    let hits: Vec<Hit> = groups.into_iter().flat_map(|group| group.hits).take(limit as usize).collect();
    if json {
        let hits: Vec<_> = hits.iter().map(hit_json).collect();
        print_line!("{}", json!({ "query": query, "hits": hits, "total": total }));
        return Ok(());
    }
    for hit in &hits {
        let day = hit.day.as_deref().unwrap_or_default();
        print_line!("{}\t{}\t{}\t{}：{}", hit.kind.label(), hit.title, day, hit.label, hit.snippet_text());
    }
    match total {
        0 => print_line!("没有找到“{query}”"),
        total if total as usize > hits.len() => print_line!("共{total}条，列出{}条", hits.len()),
        total => print_line!("共{total}条"),
    }
    Ok(())
}

fn hit_json(hit: &Hit) -> serde_json::Value {
    json!({
        "kind": hit.kind,
        "id": hit.id,
        "title": hit.title,
        "field": hit.field,
        "snippet": hit.snippet_text(),
        "day": hit.day,
    })
}

fn figures(json: bool, arguments: &ScopeArguments) -> Result<(), Fault> {
    let ledger = open(&arguments.ledger)?;
    let village_ids = villages(ledger.store(), &arguments.villages)?;
    let cutoff = arguments.cutoff.unwrap_or(arguments.period.last_day());
    let scope = Scope { cutoff, village_ids, ..Scope::of(arguments.period) };
    let gathered = ledger.read(|store| Gathered::load(store, scope.clone()))?;
    let figures = Figures::count(&gathered);
    if json {
        let before = ledger.read(|store| previous_figures(store, &scope))?;
        let per_village = PerVillage::count(&gathered);
        let all = figures.all().iter().map(|figure| {
            let mut line = figure_json(figure);
            // The same period of last year, where the ledger holds work of that time.
            let previous = before.as_ref().and_then(|(_, figures)| figures.get(&figure.key)).map(|found| value_json(found).0);
            line["previous"] = previous.unwrap_or(serde_json::Value::Null);
            let part = |(_, name, part): (_, &str, &Figure)| {
                json!({ "village": name, "value": value_json(part).0, "records": part.records })
            };
            line["villages"] = per_village.of(figure).map(part).collect();
            line
        });
        print_line!("{}", all.collect::<serde_json::Value>());
    } else {
        for figure in figures.all() {
            print_line!("{}\t{}\t{}", figure.key, figure.label, figure.in_words());
        }
    }
    Ok(())
}

fn figure_json(figure: &Figure) -> serde_json::Value {
    let (value, unit) = value_json(figure);
    json!({
        "key": figure.key,
        "label": figure.label,
        "value": value,
        "unit": unit,
        "text": figure.in_words(),
        "approximate": figure.approximate,
        "definition": figure.definition,
        "records": figure.records,
    })
}

/// The value counts the unit; money is in 元, exact to the 分.
fn value_json(figure: &Figure) -> (serde_json::Value, &str) {
    let decimal = |hundredths: i64| -> serde_json::Value {
        if hundredths % 100 == 0 { (hundredths / 100).into() } else { (hundredths as f64 / 100.0).into() }
    };
    match figure.value {
        FigureValue::Count(count) => (count.into(), figure.unit.as_str()),
        FigureValue::Money(fen) => (decimal(fen.0), "元"),
        FigureValue::Percent(basis_points) => (decimal(basis_points), "%"),
        FigureValue::Hundredths(hundredths) => (decimal(hundredths), figure.unit.as_str()),
    }
}

/// The files that are asked for.
struct Wanted<'a> {
    formats: &'a [Format],
    review: bool,
    photos: bool,
    out: &'a Path,
}

fn export(json: bool, arguments: &ScopeArguments, kind: &KindArguments, wanted: &Wanted<'_>) -> Result<(), Fault> {
    // The fonts are looked for while the records are counted.
    let fonts = std::thread::spawn(|| Fonts::discover(&[]));
    let mut ledger = open(&arguments.ledger)?;
    let report = report(ledger.store(), arguments, kind)?;
    let masking = Masking::from(report.draft.masking);
    let mut compiled = ledger.read(|store| report::open(store, &report))?;
    let album = wanted.photos.then(|| album(&ledger, &report.draft, &compiled.document)).transpose()?;
    if wanted.review {
        compiled.document = report::for_review(ledger.store(), &compiled, masking)?;
    }
    ledger.read(|store| report::with_pictures(store, &mut compiled.document, PictureSize::Full, &turn))?;
    std::fs::create_dir_all(wanted.out).map_err(ExportError::from)?;
    let formats: Vec<ExportFormat> = wanted.formats.iter().map(|format| (*format).into()).collect();
    let names = formats.iter().map(|format| format.extension()).collect::<Vec<_>>().join(",");
    let what = if wanted.review { "review" } else { "report" };
    // While the pages are set, the ledger is asked what they must not show, and what leaves it is noted before it leaves; an
    // export that fails takes its note back.
    let (title, prover) = (&compiled.document.properties.title, &LateProver::default());
    let report = &report.draft;
    let (written, noted) = std::thread::scope(|scope| {
        let noting = scope.spawn(move || {
            prover.bring(|| hidden(&ledger, report).map(Prover::of))?;
            ledger.note_export(what, title, report.masking, &names)
        });
        let fonts = fonts.join().unwrap_or_else(|_| Fonts::discover(&[]));
        let parts = ReportParts { document: &compiled.document, album: album.as_ref().map(Option::as_ref), formats: &formats };
        let written = write_report(parts, &fonts, wanted.out, Existing::Replace, prover);
        (written, noting.join())
    });
    let noted = noted.map_err(|_| Error::Io(std::io::Error::other("noting an export")))??;
    let written = match written {
        Ok(written) => written,
        Err(error) => {
            // Why it failed is what the user must hear, also where the note cannot be taken back.
            let _ = open(&arguments.ledger).map(|mut ledger| ledger.forget_export(noted));
            return Err(error.into());
        }
    };
    let notes: Vec<&String> = compiled.notes.iter().chain(&written.notes).collect();
    for note in notes.iter().filter(|_| !json) {
        eprintln!("{note}");
    }
    let files = &written.files;
    let paths = files.iter().map(|file| file.path.display().to_string()).collect::<Vec<_>>().join("\n");
    let unmasked = (masking != Masking::Internal).then_some(0);
    let properties = &compiled.document.properties;
    let answer = json!({
        "title": properties.title, "files": files, "notes": notes, "unmasked": unmasked, "fingerprint": properties.fingerprint
    });
    say(json, &answer, &format!("{paths}\n{}", proved(masking)));
    Ok(())
}

/// What a report must not show.
fn hidden(ledger: &Ledger, report: &Report) -> zhucun_core::Result<Hidden> {
    let until = report::scope_of(report)?.until();
    ledger.read(|store| Hidden::load(store, report.masking.into(), until))
}

/// A kept picture as it is to be seen.
pub fn turn(bytes: &[u8], quarters: u8) -> Option<Vec<u8>> {
    zhucun_media::turned(bytes, quarters).ok()
}

/// 照片册 of the report's period, if there is a picture.
fn album(ledger: &Ledger, report: &Report, document: &Document) -> Result<Option<Document>, Fault> {
    Ok(ledger.read(|store| report::album_of(store, report, &document.properties, &turn))?)
}

/// What was found in the finished files, in words.
pub fn proved(masking: Masking) -> &'static str {
    if masking == Masking::Internal {
        "内部使用，未脱敏，请妥善保管"
    } else {
        "已复核导出的文件：0 处未脱敏"
    }
}

/// The report that the window keeps for the period if there is one, so that hand-written text is in it; else a fresh one.
/// A finalised one is taken as it was frozen, unless something else is asked for.
pub(crate) fn report(store: Store<'_>, arguments: &ScopeArguments, kind: &KindArguments) -> Result<Stored<Report>, Fault> {
    let info = template(store, &kind.template)?;
    let cutoff = arguments.cutoff.unwrap_or(arguments.period.last_day());
    let kept = Report::latest(store, arguments.period, &info.name)?;
    let fresh = || Report { masking: info.masking, ..Report::of(arguments.period, cutoff, &info.name) };
    let mut stored = kept.unwrap_or_else(|| Stored::unsaved(fresh()));
    let before = stored.draft.clone();
    let draft = &mut stored.draft;
    draft.cutoff = arguments.cutoff.unwrap_or(draft.cutoff);
    draft.masking = kind.masking.map_or(draft.masking, stored_masking);
    if let Some(name) = kind.member.as_deref() {
        draft.member_id = Some(member(store, name)?);
    }
    if let Some(topic) = &kind.topic {
        draft.topic.clone_from(topic);
    }
    if !arguments.villages.is_empty() {
        let ids = villages(store, &arguments.villages)?;
        draft.village_ids = ids.into_iter().map(|village_id| ReportVillage { village_id }).collect();
    }
    if stored.draft != before {
        stored.draft = Report { finalised_on: None, fingerprint: String::new(), ..stored.draft };
    }
    Ok(stored)
}

/// A profile as records keep it.
pub fn stored_masking(masking: Masking) -> ReportMasking {
    match masking {
        Masking::Internal => ReportMasking::Internal,
        Masking::Township => ReportMasking::Township,
        Masking::Public => ReportMasking::Public,
    }
}

/// A template by its name, or one of the user's own by its title.
fn template(store: Store<'_>, name: &str) -> Result<TemplateInfo, Fault> {
    let known = outline::all(store)?;
    let listed = || {
        let line = |info: &TemplateInfo| if info.own { info.title.clone() } else { format!("{}（{}）", info.name, info.title) };
        known.iter().map(line).collect::<Vec<_>>().join("、")
    };
    let found = known.iter().find(|info| info.name == name || info.title == name);
    found.cloned().ok_or_else(|| Fault::Usage(format!("没有“{name}”这个模板。可用的有：{}", listed())))
}

fn member(store: Store<'_>, name: &str) -> Result<Id, Fault> {
    let known = store.all::<TeamMember>()?;
    let found = known.iter().find(|member| member.draft.name == name);
    found.map(|member| member.id).ok_or_else(|| Fault::Usage(format!("台账中没有“{name}”这名队员。请核对姓名")))
}

fn villages(store: Store<'_>, names: &[String]) -> Result<Vec<Id>, Fault> {
    let known = store.all::<Village>()?;
    let find = |name: &String| {
        let village = known.iter().find(|village| village.draft.name == *name);
        village.map(|village| village.id).ok_or_else(|| Fault::Usage(format!("台账中没有“{name}”这个村。请核对名称")))
    };
    names.iter().map(find).collect()
}
