//! Prints how long lists of a large ledger take in the core: the first page by kind, filter and order. `scripts/bench-lists` runs it.

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use zhucun_core::records::{Kind, RecordRef};
use zhucun_core::sample::{Scale, TODAY, create_scaled};
use zhucun_core::storage::{ColumnCondition, ColumnTest, Ledger, ListQuery, Sort};
use zhucun_core::world::FixedWorld;

type Failable<T> = Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 3;

fn main() -> Failable<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(rows)) = (arguments.next(), arguments.next().and_then(|rows| rows.parse().ok())) else {
        return Err("usage: list-times LEDGER ROWS".into());
    };
    let path = Path::new(&path);
    if !path.exists() {
        make(path, rows)?;
    }
    for kind in [Kind::Household, Kind::Visit, Kind::Application, Kind::Issue] {
        prepared(path, kind.label(), &[kind], &|ledger| ledger.prepare_list(kind))?;
    }
    let likely = [Kind::Household, Kind::Visit, Kind::Application];
    prepared(path, "while the home page stands", &likely, &Ledger::prepare_likely_lists)?;
    println!("\n| list | asked | at once ms | prepared ms | after a change ms | another page ms | rows |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (kind, questions) in questions() {
        for (name, query) in questions {
            measure(path, kind, &name, &query)?;
        }
    }
    Ok(())
}

/// Records that are typed in as everywhere; the rest are copies of them.
const TYPED: u32 = 1000;

/// The tables that hold the records of the lists measured, and the columns with their ids.
const COPIED: &[(&str, &[&str])] = &[
    ("household", &["id"]),
    ("household_type", &["household_id"]),
    ("household_income", &["household_id"]),
    ("member", &["household_id", "id"]),
    ("visit", &["id", "contact_id"]),
    ("visit_household", &["visit_id", "household_id"]),
    ("visit_visitor", &["visit_id"]),
    ("visit_purpose", &["visit_id"]),
    ("application", &["id", "household_id", "member_id"]),
    ("application_step", &["application_id"]),
    ("issue", &["id", "household_id", "visit_id"]),
];

/// Texts that differ from record to record.
const OWN_TEXTS: &[(&str, &str)] = &[("household", "ext_no"), ("household", "address"), ("visit", "content"), ("issue", "title")];

/// A ledger of so many households, visits and applications.
fn make(path: &Path, rows: u32) -> Failable<()> {
    let typed = usize::try_from(TYPED)?;
    drop(create_scaled(path, Scale { villages: 1, households: typed, visits: typed, applications: typed, projects: 20 })?);
    let connection = Connection::open(path)?;
    connection.execute_batch("BEGIN")?;
    for (table, ids) in COPIED {
        let mut statement = connection.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
        let columns = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let copied = columns.iter().map(|column| {
            if ids.contains(&column.as_str()) {
                format!("printf('%04x', n.value) || substr(t.{column}, 5)")
            } else if OWN_TEXTS.contains(&(*table, column.as_str())) {
                format!("t.{column} || printf('%04x', n.value) || t.rowid")
            } else if column == "id_number" {
                // Belongs to one person.
                "''".to_owned()
            } else {
                format!("t.{column}")
            }
        });
        let (copied, columns) = (copied.collect::<Vec<_>>().join(", "), columns.join(", "));
        let numbers =
            "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?1) SELECT value FROM n)";
        // The copies are read from what was typed, which alone has the ids of the present.
        let sql = format!("CREATE TEMP TABLE copy AS SELECT {copied} FROM {table} t CROSS JOIN {numbers} n");
        connection.execute(&sql, [rows / TYPED - 1])?;
        connection.execute_batch(&format!("INSERT INTO {table} ({columns}) SELECT * FROM copy; DROP TABLE copy"))?;
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

fn open(path: &Path) -> Failable<Ledger> {
    Ok(Ledger::open(path, Box::new(FixedWorld::on(TODAY)))?)
}

/// What it takes until all of some lists is read ahead, in processor time of the whole program, what memory their columns take,
/// and how long a save takes meanwhile, by the clock and so at best: it waits for the disk.
fn prepared(path: &Path, name: &str, kinds: &[Kind], begin: &dyn Fn(&Ledger)) -> Failable<()> {
    let kind = kinds[0];
    let mut times = Vec::new();
    let mut bytes: usize = 0;
    for _ in 0..ROUNDS {
        let ledger = open(path)?;
        let start = spent_by_all()?;
        begin(&ledger);
        bytes = kinds.iter().map(|kind| ledger.finish_list(*kind)).sum();
        times.push((spent_by_all()? - start) * 1000.0);
    }
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let mut ledger = open(path)?;
        let id = ledger.store().list(kind, &ListQuery { limit: 1, ..ListQuery::default() })?.rows[0].id;
        touch(&mut ledger, kind, id)?;
        let start = Instant::now();
        touch(&mut ledger, kind, id)?;
        alone.push(start.elapsed().as_secs_f64() * 1000.0);
        begin(&ledger);
        let start = Instant::now();
        touch(&mut ledger, kind, id)?;
        beside.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    println!(
        "{name}: read ahead in {:.0} ms, {:.1} MiB; two saves {:.1} ms alone, {:.1} ms while it is read",
        median(times),
        bytes as f64 / 1_048_576.0,
        alone.into_iter().fold(f64::MAX, f64::min),
        beside.into_iter().fold(f64::MAX, f64::min)
    );
    Ok(())
}

/// At once: the first question to a ledger that was just opened. Prepared: the same once all was read ahead. After a
/// change: one record of the kind was changed since the same question was asked last.
fn measure(path: &Path, kind: Kind, name: &str, query: &ListQuery) -> Failable<()> {
    let time = |ledger: &Ledger, query: &ListQuery| -> Failable<(f64, u32)> {
        let start = spent()?;
        let page = ledger.store().list(kind, query)?;
        Ok(((spent()? - start) * 1000.0, page.total))
    };
    let [mut cold, mut ready, mut changed, mut again] = [const { Vec::new() }; 4];
    let mut total = 0;
    for _ in 0..ROUNDS {
        let ledger = open(path)?;
        let first = time(&ledger, query)?;
        cold.push(first.0);
        drop(ledger);
        let mut ledger = open(path)?;
        ledger.prepare_list(kind);
        ledger.finish_list(kind);
        let second = time(&ledger, query)?;
        if first.1 != second.1 {
            return Err(format!("{name}: {} rows at once, {} prepared", first.1, second.1).into());
        }
        ready.push(second.0);
        // The memory that scrolling fills.
        time(&ledger, &ListQuery { offset: 50_000, ..query.clone() })?;
        let everything = ListQuery { limit: 1, ..ListQuery::default() };
        let id = ledger.store().list(kind, &everything)?.rows[0].id;
        ledger.delete_records(&[RecordRef { kind, id }]).or_else(|_| ledger.restore_records(&[RecordRef { kind, id }]))?;
        if ledger.undo().is_err() {
            touch(&mut ledger, kind, id)?;
        }
        changed.push(time(&ledger, query)?.0);
        let (ms, rows) = time(&ledger, &ListQuery { offset: 400, ..query.clone() })?;
        again.push(ms);
        total = rows;
    }
    let label = kind.label();
    let [cold, ready, changed, again] = [cold, ready, changed, again].map(median);
    println!("| {label} | {name} | {cold:.1} | {ready:.1} | {changed:.1} | {again:.1} | {total} |");
    Ok(())
}

/// A change of a record that others refer to, and back.
fn touch(ledger: &mut Ledger, kind: Kind, id: zhucun_core::value::Id) -> Failable<()> {
    let mut draft = ledger.get_json(kind, id)?["draft"].clone();
    let before = draft.clone();
    let text = ["note", "content", "title"].into_iter().find(|text| draft[*text].is_string()).ok_or("no text")?;
    draft[text] = "量一量".into();
    for draft in [draft, before] {
        ledger.save_json(zhucun_core::records::SaveRequest { kind, id: Some(id), version: None, draft, keep: vec![] })?;
    }
    Ok(())
}

/// Seconds that all threads have had of a processor, in steps of 10 ms.
fn spent_by_all() -> Failable<f64> {
    let told = std::fs::read_to_string("/proc/self/stat")?;
    let ticks = told.rsplit(')').next().ok_or("no time told")?.split_whitespace().skip(11).take(2);
    Ok(ticks.map(str::parse::<u64>).sum::<Result<u64, _>>()? as f64 / 100.0)
}

/// Seconds that this thread has had of a processor: other programs do not count, nor does the disk.
fn spent() -> Failable<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(told.split_whitespace().next().ok_or("no time told")?.parse::<u64>()? as f64 / 1e9)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn questions() -> Vec<(Kind, Vec<(String, ListQuery)>)> {
    let plain = || ("—".to_owned(), ListQuery::default());
    let sorted = |column: &str, descending: bool| {
        let sort = Some(Sort { column: column.to_owned(), descending });
        (format!("by {column}"), ListQuery { sort, ..ListQuery::default() })
    };
    let asked = |column: &str, test: ColumnTest| {
        let conditions = vec![ColumnCondition { column: column.to_owned(), test }];
        (format!("{column} filtered"), ListQuery { conditions, ..ListQuery::default() })
    };
    let filtered = |filters: &[(&str, &str)]| {
        let named = filters.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(" + ");
        let filters = filters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        (named, ListQuery { filters, ..ListQuery::default() })
    };
    let text = |text: &str| (format!("search {text}"), ListQuery { text: text.to_owned(), ..ListQuery::default() });
    let contains = |text: &str| ColumnTest::Contains { text: text.to_owned() };
    let one_of = |value: &str| ColumnTest::OneOf { values: vec![value.to_owned()] };
    let days = || ColumnTest::Days { from: "2026-03-01".parse().ok(), to: "2026-03-31".parse().ok() };
    let combined = |mut query: ListQuery, column: &str| {
        query.sort = Some(Sort { column: column.to_owned(), descending: true });
        query
    };
    vec![
        (
            Kind::Household,
            vec![
                plain(),
                sorted("head", false),
                sorted("types", true),
                sorted("persons", true),
                sorted("last_visit", true),
                sorted("updated_at", true),
                asked("address", contains("1234")),
                asked("types", one_of("脱贫户")),
                asked("last_visit", days()),
                filtered(&[("monitored", "1"), ("not_visited_since", "2026-06-01")]),
                filtered(&[("phone_missing", "1")]),
                text("石"),
                ("types filtered, by last_visit".to_owned(), combined(asked("types", one_of("脱贫户")).1, "last_visit")),
            ],
        ),
        (
            Kind::Visit,
            vec![
                plain(),
                sorted("day", false),
                sorted("households", false),
                sorted("household_count", true),
                sorted("purposes", false),
                sorted("visitors", true),
                sorted("content", false),
                asked("content", contains("医保")),
                asked("households", contains("石")),
                asked("mode", one_of("phone")),
                asked("day", days()),
                filtered(&[("from", "2026-06-01"), ("to", "2026-06-30")]),
                filtered(&[("purpose", "handbook")]),
                text("医保"),
                ("mode filtered, by households".to_owned(), combined(asked("mode", one_of("phone")).1, "households")),
            ],
        ),
        (
            Kind::Application,
            vec![
                plain(),
                sorted("applicant", false),
                sorted("programme", true),
                sorted("amount_paid", true),
                asked("amount_applied", ColumnTest::Numbers { from: Some(1), to: Some(100_000) }),
                asked("batch", contains("2")),
                asked("paid_on", days()),
                filtered(&[("needs_papers", "1")]),
                text("石"),
            ],
        ),
        (Kind::Issue, vec![plain(), sorted("household", false), filtered(&[("not_closed", "1")])]),
    ]
}
