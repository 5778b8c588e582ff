//! The commands, each a few calls of the core.

use std::path::Path;

use serde_json::json;
use zhucun_core::figures::{Figure, FigureValue, Figures, Gathered, Scope, previous_figures};
use zhucun_core::records::report::{Report, ReportMasking, ReportVillage};
use zhucun_core::records::village::Village;
use zhucun_core::report;
use zhucun_core::report::hidden::Hidden;
use zhucun_core::search::{Hit, Search};
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use zhucun_core::storage::{Ledger, Store};
use zhucun_core::value::{Id, Masking};
use zhucun_export::{Existing, ExportError, ExportFormat, Fonts, Prover, write_report};

use crate::arguments::{Arguments, Command, Format, ScopeArguments};
use crate::fault::Fault;
use crate::world::SystemWorld;

/// Runs one command.
pub fn run(arguments: Arguments) -> Result<(), Fault> {
    let json = arguments.json;
    match arguments.command {
        Command::New { ledger, team, county, township, villages, members } => {
            let new = new_ledger(team, county, township, villages, members);
            create_ledger(&ledger, Box::new(SystemWorld), &new)?;
            say(json, &json!({ "ledger": ledger }), &format!("已新建台账 {}", ledger.display()));
            Ok(())
        }
        Command::Sample { ledger } => {
            zhucun_core::sample::create_sample(&ledger)?;
            say(json, &json!({ "ledger": ledger }), &format!("已建立示例台账 {}", ledger.display()));
            Ok(())
        }
        Command::Import(arguments) => {
            if crate::import::import(json, &arguments)? {
                Ok(())
            } else {
                Err(Fault::Findings)
            }
        }
        Command::Search { query, ledger, limit } => search(json, &ledger, &query, limit),
        Command::Figures { scope } => figures(json, &scope),
        Command::Report { scope, template, masking, format, review, out } => {
            export(json, &scope, &template, masking, &Wanted { formats: &format, review, out: &out })
        }
        Command::Fill(arguments) => crate::forms::fill(json, &arguments),
        Command::Placeholders { scope, masking } => crate::forms::placeholders(json, &scope, masking),
        Command::Starter { out } => crate::forms::starter(json, &out),
    }
}

pub fn say(json: bool, value: &serde_json::Value, text: &str) {
    if json { println!("{value}") } else { println!("{text}") }
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
    let ledger = Ledger::open(ledger, Box::new(SystemWorld))?;
    let search = Search { limit, count_to: u32::MAX, ..Search::all(query) };
    let groups = ledger.read(|store| store.search(&search))?.groups;
    let total: u32 = groups.iter().map(|group| group.total).sum();
    let hits: Vec<Hit> = groups.into_iter().flat_map(|group| group.hits).take(limit as usize).collect();
    if json {
        let hits: Vec<_> = hits.iter().map(hit_json).collect();
        println!("{}", json!({ "query": query, "hits": hits, "total": total }));
        return Ok(());
    }
    for hit in &hits {
        let day = hit.day.as_deref().unwrap_or_default();
        println!("{}\t{}\t{}\t{}：{}", hit.kind.label(), hit.title, day, hit.label, hit.snippet_text());
    }
    match total {
        0 => println!("没有找到“{query}”"),
        total if total as usize > hits.len() => println!("共{total}条，列出{}条", hits.len()),
        total => println!("共{total}条"),
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
    let ledger = Ledger::open(&arguments.ledger, Box::new(SystemWorld))?;
    let village_ids = villages(ledger.store(), &arguments.villages)?;
    let cutoff = arguments.cutoff.unwrap_or(arguments.period.last_day());
    let scope = Scope { period: arguments.period, cutoff, village_ids, since: None };
    let gathered = ledger.read(|store| Gathered::load(store, scope.clone()))?;
    let figures = Figures::count(&gathered);
    if json {
        let before = ledger.read(|store| previous_figures(store, &scope))?;
        let all = figures.all().iter().map(|figure| {
            let mut line = figure_json(figure);
            // The same period of last year, where the ledger holds work of that time.
            let previous = before.as_ref().and_then(|(_, figures)| figures.get(&figure.key)).map(|found| value_json(found).0);
            line["previous"] = previous.unwrap_or(serde_json::Value::Null);
            line
        });
        println!("{}", all.collect::<serde_json::Value>());
    } else {
        for figure in figures.all() {
            println!("{}\t{}\t{}", figure.key, figure.label, figure.in_words());
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
    out: &'a Path,
}

fn export(json: bool, arguments: &ScopeArguments, template: &str, masking: Masking, wanted: &Wanted<'_>) -> Result<(), Fault> {
    // The fonts are looked for while the records are counted.
    let fonts = std::thread::spawn(|| Fonts::discover(&[]));
    let mut ledger = Ledger::open(&arguments.ledger, Box::new(SystemWorld))?;
    let report = report(ledger.store(), arguments, template, masking)?;
    let (mut compiled, prover) = ledger.read(|store| {
        let compiled = report::compile(store, &report)?;
        let hidden = Hidden::load(store, masking, report::scope_of(&report)?.until())?;
        Ok((compiled, Prover::of(hidden)))
    })?;
    if wanted.review {
        compiled.document = report::for_review(ledger.store(), &compiled, masking)?;
    }
    std::fs::create_dir_all(wanted.out).map_err(ExportError::from)?;
    let fonts = fonts.join().unwrap_or_else(|_| Fonts::discover(&[]));
    let formats: Vec<ExportFormat> = wanted.formats.iter().map(|format| (*format).into()).collect();
    let written = write_report(&compiled.document, &fonts, wanted.out, &formats, Existing::Replace, &prover)?;
    let names = formats.iter().map(|format| format.extension()).collect::<Vec<_>>().join(",");
    let what = if wanted.review { "review" } else { "report" };
    ledger.note_export(what, &compiled.document.properties.title, report.masking, &names)?;
    let notes: Vec<&String> = compiled.notes.iter().chain(&written.notes).collect();
    for note in notes.iter().filter(|_| !json) {
        eprintln!("{note}");
    }
    let files = &written.files;
    let paths = files.iter().map(|file| file.path.display().to_string()).collect::<Vec<_>>().join("\n");
    let unmasked = (!prover.is_idle()).then_some(0);
    let title = &compiled.document.properties.title;
    let answer = json!({ "title": title, "files": files, "notes": notes, "unmasked": unmasked });
    say(json, &answer, &format!("{paths}\n{}", proved(&prover)));
    Ok(())
}

/// What was found in the finished files, in words.
pub fn proved(prover: &Prover) -> &'static str {
    if prover.is_idle() { "内部使用，未脱敏，请妥善保管" } else { "已复核导出的文件：0 处未脱敏" }
}

/// The report that the window keeps for the period if there is one, so that hand-written text is in it; else a fresh one.
pub fn report(store: Store<'_>, arguments: &ScopeArguments, template: &str, masking: Masking) -> Result<Report, Fault> {
    let cutoff = arguments.cutoff.unwrap_or(arguments.period.last_day());
    let kept = Report::latest(store, arguments.period, template)?.map(|stored| stored.draft);
    let report = kept.unwrap_or_else(|| Report::of(arguments.period, cutoff, template));
    let cutoff = arguments.cutoff.unwrap_or(report.cutoff);
    let masking = match masking {
        Masking::Internal => ReportMasking::Internal,
        Masking::Township => ReportMasking::Township,
        Masking::Public => ReportMasking::Public,
    };
    let village_ids = match arguments.villages.as_slice() {
        [] => report.village_ids.clone(),
        names => villages(store, names)?.into_iter().map(|village_id| ReportVillage { village_id }).collect(),
    };
    Ok(Report { cutoff, masking, village_ids, ..report })
}

fn villages(store: Store<'_>, names: &[String]) -> Result<Vec<Id>, Fault> {
    let known = store.all::<Village>()?;
    let find = |name: &String| {
        let village = known.iter().find(|village| village.draft.name == *name);
        village.map(|village| village.id).ok_or_else(|| Fault::Usage(format!("台账中没有“{name}”这个村")))
    };
    names.iter().map(find).collect()
}
