//! Measures the search on a large invented ledger against `LIKE '%…%'` on the same file, in the same run, and checks that both
//! find the same. Run by `scripts/bench-search`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a measurement may fail")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use zhucun_core::records::household::{Household, Member};
use zhucun_core::records::visit::{Visit, VisitHousehold};
use zhucun_core::records::{Kind, Record};
use zhucun_core::search::Search;
use zhucun_core::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use zhucun_core::storage::{Ledger, Op};
use zhucun_core::value::{Id, Spelled, typed_letters};
use zhucun_core::world::FixedWorld;

const BATCH: usize = 10_000;
const SURNAMES: &str = "韦石潘蒙覃罗莫陆黄梁卢李王张刘陈杨赵周吴徐孙胡朱高林何郭马单曾解仇区盖任华翟";
const GIVEN: &str = "建山有田秀英桂花志强晓燕国栋树林春梅子轩雨桐海德胜老三长庆重阳乐行美兰玉金明文小妹大福生荣光华军丽芳娟红霞";
const TEXTS: [&str; 4] = [
    include_str!("../../src-tauri/core/src/sample/data/visits.txt"),
    include_str!("../../src-tauri/core/src/sample/data/issues.txt"),
    include_str!("../../src-tauri/core/src/sample/data/activities.txt"),
    include_str!("../../src-tauri/core/src/sample/data/plans.txt"),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("usage: bench-search LEDGER HOUSEHOLDS NOTES");
    let mut number = || arguments.next().and_then(|text| text.parse().ok()).expect("usage: bench-search LEDGER HOUSEHOLDS NOTES");
    let (households, notes) = (number(), number());
    let path = Path::new(&path);
    if !path.exists() {
        make(path, households, notes);
    }
    let start = Instant::now();
    let ledger = Ledger::open(path, world()).unwrap();
    println!("opened in {:.3} s", start.elapsed().as_secs_f64());
    compare(&ledger, path);
}

fn world() -> Box<FixedWorld> {
    Box::new(FixedWorld::on(today()))
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).unwrap()
}

/// A small generator of numbers, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len());
        &of[at]
    }
}

fn phrases() -> Vec<String> {
    let ends = |c: char| "，。；、：\n|@#（） ".contains(c) || c.is_ascii();
    let mut found: Vec<String> = TEXTS.iter().flat_map(|text| text.split(ends)).map(str::to_owned).collect();
    found.retain(|phrase| (3..=14).contains(&phrase.chars().count()));
    found.sort_unstable();
    found.dedup();
    found
}

fn name(dice: &mut Dice, surnames: &[char], given: &[char]) -> String {
    let mut name = dice.one(surnames).to_string();
    (0..=dice.below(2)).for_each(|_| name.push(*dice.one(given)));
    name
}

/// About 40 characters: phrases of the sample, names, amounts, and now and then a character that is rare.
fn note(dice: &mut Dice, phrases: &[String], surnames: &[char], given: &[char]) -> String {
    let mut note = String::new();
    for _ in 0..3 + dice.below(4) {
        // A few phrases are said all the time, most seldom.
        let at = dice.below(phrases.len()) * dice.below(phrases.len()) / phrases.len();
        note.push_str(&phrases[at]);
        note.push('，');
    }
    match dice.below(8) {
        0 => note.push_str(&format!("{}说补助{}元", name(dice, surnames, given), 100 * (1 + dice.below(90)))),
        1 => note.push_str(&format!("{}月{}日再来", 1 + dice.below(12), 1 + dice.below(28))),
        2 => note.push(char::from_u32(0x4e00 + u32::try_from(dice.below(20_000)).unwrap()).unwrap()),
        _ => {}
    }
    note
}

fn make(path: &Path, households: usize, notes: usize) {
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let phrases = phrases();
    let mut dice = Dice(7);
    let new = NewLedger {
        team: "青坪乡驻村工作队".into(),
        township: "青坪乡".into(),
        villages: vec![NewVillage { name: "石门村".into(), hamlets: vec!["上屯".into()] }],
        members: vec![NewMember { name: "罗启明".into(), role: "first_secretary".into() }],
        ..NewLedger::default()
    };
    let mut ledger = create_ledger(path, world(), &new).unwrap();
    let start = Instant::now();
    let mut homes: Vec<Id> = Vec::new();
    for batch in 0..households.div_ceil(BATCH) {
        let done = ledger.transact(Op::Import(Kind::Household), |tx| {
            let blank = Household::blank(**tx, today())?;
            let batch = (batch * BATCH)..((batch + 1) * BATCH).min(households);
            batch
                .map(|nth| tx.add(household(&mut dice, &blank, nth, &surnames, &given), &[]))
                .collect::<zhucun_core::Result<Vec<_>>>()
        });
        homes.extend(done.unwrap().value);
    }
    println!("{households} households in {:.1} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    for batch in 0..notes.div_ceil(BATCH) {
        let done = ledger.transact(Op::Import(Kind::Visit), |tx| {
            let blank = Visit::blank(**tx, today())?;
            for nth in (batch * BATCH)..((batch + 1) * BATCH).min(notes) {
                let days = u64::try_from((notes - 1 - nth) * 3650 / notes).unwrap();
                let visit = Visit {
                    day: today().checked_sub_days(Days::new(days)).unwrap(),
                    content: note(&mut dice, &phrases, &surnames, &given),
                    household_ids: vec![VisitHousehold { household_id: *dice.one(&homes) }],
                    ..blank.clone()
                };
                tx.add(visit, &[])?;
            }
            Ok(())
        });
        done.unwrap();
    }
    println!("{notes} notes in {:.1} s", start.elapsed().as_secs_f64());
}

fn household(dice: &mut Dice, blank: &Household, nth: usize, surnames: &[char], given: &[char]) -> Household {
    let mut person = 4 * nth;
    let members = ["head", "spouse", "son", "mother"].map(|relation| {
        let mut member = Member::named(name(dice, surnames, given), relation);
        member.id_number = id_number(person);
        person += 1;
        member.phone = format!("13{:09}", dice.below(1_000_000_000));
        member.bank_number = format!("62220212{:011}", dice.below(1_000_000_000));
        member
    });
    let hamlet = *dice.one(&["上屯", "下屯", "弄重屯", "龙泉屯", "那林屯", "石板寨", "大湾组"]);
    Household {
        hamlet: hamlet.to_owned(),
        ext_no: format!("990101{nth:06}"),
        address: format!("石门村{hamlet}{}号", nth + 1),
        members: members.to_vec(),
        ..blank.clone()
    }
}

/// A number that belongs to nobody (region 990101), with its check digit.
fn id_number(person: usize) -> String {
    let born = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + Days::new(u64::try_from(person % 20_000).unwrap());
    let body = format!("990101{}{:03}", born.format("%Y%m%d"), person / 20_000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap();
    format!("{body}{check}")
}

/// Queries of every sort, some taken from the notes themselves.
fn queries(peer: &Connection) -> Vec<(&'static str, String)> {
    let mut queries: Vec<(&str, String)> = Vec::new();
    let mut add = |sort, texts: &str| queries.extend(texts.split(' ').map(|text| (sort, text.to_owned())));
    add("1 character, common", "户 水 人 的 ，");
    add("1 character, rare", "鑫 瓴 瞢 籴");
    add("1 character, absent", "䶮");
    add("2 characters", "走访 屋面 低保 没有 石老");
    add("2 characters, absent", "水走 屋户");
    add("3 characters", "石老三 补助6 务工补");
    add("3 characters, absent", "走访屋 月水再");
    add("digits", "600 1月2 138 2026");
    add("number", "13812 19760315 02125550 990101195");
    add("letters", "l sl sls zh mp");
    add("spelling", "shilaosan weijianguo liuxm lvb nve");
    add("other readings", "shanxm dancq zengzhongy longquan");
    let content = |nth: i64| -> Vec<char> {
        let sql = "SELECT content FROM visit WHERE rowid = ?1";
        let text: String = peer.query_row(sql, [nth], |row| row.get(0)).unwrap();
        text.chars().collect()
    };
    let notes: i64 = peer.query_row("SELECT max(rowid) FROM visit", [], |row| row.get(0)).unwrap();
    for (sort, length, times) in
        [("4 characters", 4, 3), ("6 characters", 6, 2), ("10 characters", 10, 3), ("20 characters", 20, 2)]
    {
        for time in 1..=times {
            let text = content(notes * time / (times + 2));
            queries.push((sort, text.iter().skip(3).take(length).collect()));
        }
    }
    // Two halves of different notes: every pair is known but the one in the middle.
    for time in 1..=3 {
        let (one, two) = (content(notes * time / 7), content(notes * time / 5));
        queries.push(("two halves", one.iter().take(4).chain(two.iter().take(4)).collect()));
    }
    // Pairs that often stand together, in another order.
    queries.push(("boilerplate", "没有困难没有".to_owned()));
    queries
}

fn connect(path: &Path) -> Connection {
    let peer = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let spells = |context: &mut rusqlite::functions::Context<'_>| {
        let (name, letters) = (context.get_raw(0).as_str()?, context.get_raw(1).as_str()?);
        Ok(Spelled::of(name).holds(letters))
    };
    peer.create_scalar_function("spells", 2, flags, spells).unwrap();
    peer
}

/// What one would write without an index: households and visits, the first fifty or all.
fn peer_ids(peer: &Connection, typed: &str, limit: &str) -> BTreeSet<Id> {
    let numbers = typed.len() >= 4 && typed.bytes().all(|b| b.is_ascii_digit());
    let letters = typed_letters(typed);
    let mut person = "m.name LIKE ?1 OR m.employer LIKE ?1 OR m.school LIKE ?1".to_owned();
    let mut own = "r.address LIKE ?1 OR r.hamlet LIKE ?1 OR r.ext_no LIKE ?1 OR r.note LIKE ?1 OR r.helper LIKE ?1".to_owned();
    let mut params = vec![format!("%{typed}%")];
    if numbers {
        person.push_str(" OR m.id_number LIKE ?1 OR m.phone LIKE ?1 OR m.bank_number LIKE ?1");
        own.push_str(" OR r.phone LIKE ?1");
    }
    if let Some(letters) = letters {
        params.push(letters);
        person.push_str(" OR spells(m.name, ?2)");
        own.push_str(" OR spells(r.hamlet, ?2)");
    }
    let households = format!(
        "SELECT r.id FROM household r WHERE r.deleted_at IS NULL AND ({own} OR EXISTS
         (SELECT 1 FROM member m WHERE m.household_id = r.id AND ({person}))) ORDER BY r.id DESC {limit}"
    );
    let visits = format!(
        "SELECT r.id FROM visit r WHERE r.deleted_at IS NULL AND (r.content LIKE ?1 OR r.problem LIKE ?1 OR r.gift LIKE ?1
         OR r.next_action LIKE ?1 OR r.unreached_reason LIKE ?1) ORDER BY r.day DESC {limit}"
    );
    let ask = |sql: &str, params: &[String]| -> Vec<Id> {
        let mut statement = peer.prepare(sql).unwrap();
        statement.query_map(params_from_iter(params), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    ask(&households, &params).into_iter().chain(ask(&visits, &params[..1])).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed().as_secs_f64() * 1000.0, value)
}

/// Median and best of fifteen.
fn times<T>(mut work: impl FnMut() -> T) -> (f64, f64) {
    let mut times: Vec<f64> = (0..15).map(|_| timed(&mut work).0).collect();
    (median(&mut times), times[0])
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn compare(ledger: &Ledger, path: &Path) {
    let peer = connect(path);
    let store = ledger.store();
    let (mut ours, mut bests, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    println!(
        "{:<22} {:<14} {:>9} {:>9} {:>9} {:>10} {:>8}",
        "query", "", "first ms", "median ms", "best ms", "LIKE ms", "records"
    );
    for (sort, text) in queries(&peer) {
        let (first, _) = timed(|| store.search(&Search::all(&text)).unwrap());
        let again = times(|| store.search(&Search::all(&text)).unwrap());
        let page = [Kind::Household, Kind::Visit].map(|kind| times(|| store.search(&Search::of(&text, kind, 0)).unwrap()));
        let middle = again.0.max(page[0].0).max(page[1].0);
        let best = again.1.max(page[0].1).max(page[1].1);
        let (like, _) = timed(|| peer_ids(&peer, &text, "LIMIT 50"));
        let all = |kind| Search { count_to: u32::MAX, ..Search::of(&text, kind, 0) };
        let found = [Kind::Household, Kind::Visit].map(|kind| store.search_ids(&all(kind)).unwrap());
        let found: BTreeSet<Id> = found.into_iter().flatten().collect();
        let expected = peer_ids(&peer, &text, "");
        assert!(found == expected, "{text}: {} found, {} by LIKE", found.len(), expected.len());
        println!("{sort:<22} {text:<14} {first:>9.2} {middle:>9.2} {best:>9.2} {like:>10.1} {:>8}", found.len());
        ours.push(middle);
        bests.push(best);
        theirs.push(like);
    }
    let most = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    let (count, slowest, slowest_best) = (ours.len(), most(&ours), most(&bests));
    let (ours, bests, theirs) = (median(&mut ours), median(&mut bests), median(&mut theirs));
    println!("{count} queries, all sets equal. Medians of 15: median {ours:.2} ms, slowest {slowest:.2} ms.");
    println!("Best of 15 (on a busy machine nearer to the work itself): median {bests:.2} ms, slowest {slowest_best:.2} ms.");
    println!("LIKE: median {theirs:.1} ms, {:.0} × the medians.", theirs / ours);
    for (what, sql) in [
        ("text", "SELECT sum(pgsize) FROM dbstat WHERE name IN ('search_text', 'sqlite_autoindex_search_text_1')"),
        ("words", "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_gram%'"),
        ("all", "SELECT sum(pgsize) FROM dbstat"),
    ] {
        match peer.query_row(sql, [], |row| row.get::<_, i64>(0)) {
            Ok(bytes) => println!("{what}: {bytes} bytes"),
            Err(error) => println!("{what}: {error}"),
        }
    }
    let segments: i64 = peer.query_row("SELECT count(DISTINCT segid) FROM search_gram_idx", [], |row| row.get(0)).unwrap();
    println!("segments: {segments}");
}
