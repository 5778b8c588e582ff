//! The search on real ledger files: equal to a scan, and always abreast of the records.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rusqlite::functions::FunctionFlags;

use super::*;
use crate::error::Result;
use crate::records::household::Household;
use crate::records::issue::{Issue, IssueStatus};
use crate::records::plan::Plan;
use crate::records::visit::{Visit, VisitHousehold};
use crate::records::{Record, RecordRef};
use crate::sample::create_sample;
use crate::setup::{NewLedger, NewMember, NewVillage, create_ledger};
use crate::storage::{Ledger, Lookup, Op, Tx};
use crate::value::{Id, Spelled, typed_letters};
use crate::world::FixedWorld;

/// A ledger gone with the test.
struct Desk {
    ledger: Ledger,
    _folder: tempfile::TempDir,
}

/// A new ledger with a household in it.
fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let new = NewLedger {
        team: "云岭乡石门村驻村工作队".into(),
        township: "云岭乡".into(),
        villages: vec![NewVillage { name: "石门村".into(), hamlets: vec!["上屯".into()] }],
        members: vec![NewMember { name: "韦明".into(), role: "first_secretary".into() }],
        ..NewLedger::default()
    };
    let world = Box::new(FixedWorld::on("2026-06-30".parse().unwrap()));
    let ledger = create_ledger(&folder.path().join("石门村.zcj"), world, &new).unwrap();
    let mut desk = Desk { ledger, _folder: folder };
    desk.add::<Household>(|household| {
        named(household, "石老三");
        household.hamlet = "上屯".into();
    });
    desk
}

impl Desk {
    /// All that is found, kind by kind.
    fn all(&self, text: &str) -> Vec<Hit> {
        let search = Search { limit: u32::MAX, count_to: u32::MAX, ..Search::all(text) };
        let found = self.ledger.store().search(&search).unwrap();
        for group in &found.groups {
            assert_eq!(size(&group.hits), group.total, "{text}");
        }
        found.groups.into_iter().flat_map(|group| group.hits).collect()
    }

    fn ids(&self, text: &str) -> BTreeSet<Id> {
        self.all(text).into_iter().map(|hit| hit.id).collect()
    }

    fn add<R: Record>(&mut self, change: impl FnOnce(&mut R)) -> Id {
        self.ledger.transact(Op::Add(R::KIND), |tx| add(tx, change)).unwrap().value
    }

    /// What the index holds: rows, and how often each word.
    fn index(&self) -> (Vec<[String; 4]>, Vec<(String, i64)>) {
        let connection = self.ledger.store().connection;
        let sql = "SELECT record_id, names, texts, numbers FROM search_text ORDER BY record_id";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])).unwrap();
        let rows = rows.map(|row| row.unwrap()).collect();
        connection
            .execute_batch("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'search_gram', 'row')")
            .unwrap();
        let mut statement = connection.prepare("SELECT term, doc FROM temp.vocabulary ORDER BY term").unwrap();
        let words = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        (rows, words.map(|word| word.unwrap()).collect())
    }

    fn assert_abreast(&mut self, after: &str) {
        let kept = self.index();
        index::rebuild(self.ledger.store()).unwrap();
        assert!(kept == self.index(), "the index differs from one made anew after {after}");
    }
}

fn size(hits: &[Hit]) -> u32 {
    u32::try_from(hits.len()).unwrap()
}

fn add<R: Record>(tx: &mut Tx<'_>, change: impl FnOnce(&mut R)) -> Result<Id> {
    let today = tx.world().today();
    let mut draft = R::blank(**tx, today)?;
    change(&mut draft);
    tx.add(draft, &[])
}

fn named(household: &mut Household, name: &str) {
    household.members.iter_mut().for_each(|member| member.name = name.to_owned());
}

#[test]
fn a_person_is_found_by_characters_by_letters_and_by_number() {
    let mut desk = desk();
    let id = desk.add::<Household>(|household| {
        named(household, "单长庆");
        household.hamlet = "弄重屯".into();
        household.phone = "13812345678".into();
    });
    for text in [
        "单",
        "长庆",
        "单长庆",
        "shanzhangqing",
        "dcq",
        "Shan Chang",
        "szq",
        "nongchong",
        "nzt",
        "13812345678",
        "138 1234",
        "3456",
    ] {
        let hit = desk.all(text).into_iter().find(|hit| hit.id == id);
        assert!(hit.is_some(), "{text}");
    }
    for text in ["单庆", "shanqing", "nonglong", "345", "13812345679", ""] {
        assert!(!desk.ids(text).contains(&id), "{text}");
    }
    let hit = desk.all("dcq").into_iter().find(|hit| hit.id == id).unwrap();
    assert_eq!(
        (hit.title.as_str(), hit.label.as_str(), hit.snippet),
        ("单长庆", "家庭成员", vec![SnippetPiece { text: "单长庆".into(), found: true }])
    );
}

#[test]
fn numbers_are_shown_masked_and_not_found_while_they_are_locked() {
    let mut desk = desk();
    let id = desk.add::<Household>(|household| {
        named(household, "潘七");
        household.members[0].id_number = "11010519491231002X".into();
        household.members[0].bank_number = "6222 0212 3456 7890".into();
    });
    for (text, shown) in [("1949 1231 002x", "110105********002X"), ("62220212", "***************7890")] {
        let hit = desk.all(text).into_iter().find(|hit| hit.id == id).unwrap();
        assert_eq!(hit.snippet_text(), shown);
        assert!(hit.label.starts_with("潘七　"), "whose number it is");
    }
    let locked = Search { numbers: false, ..Search::all("19491231") };
    assert_eq!(desk.ledger.store().search(&locked).unwrap(), Found::default());
}

#[test]
fn what_was_found_stands_marked_among_its_words() {
    let mut desk = desk();
    let household = desk.all("屯")[0].id;
    let text = format!("{}屋面\n渗水Ａ区，{}", "走".repeat(30), "访".repeat(60));
    let id = desk.add::<Visit>(|visit| {
        visit.household_ids = vec![VisitHousehold { household_id: household }];
        visit.content = text.clone();
    });
    let hit = desk.all("渗水a").into_iter().find(|hit| hit.id == id).unwrap();
    let pieces: Vec<_> = hit.snippet.iter().map(|piece| (piece.text.as_str(), piece.found)).collect();
    let before = format!("…{}屋面 ", "走".repeat(9));
    assert_eq!(pieces[..2], [(before.as_str(), false), ("渗水Ａ", true)]);
    assert!(pieces[2].0.starts_with("区，访") && pieces[2].0.ends_with('…'));
    assert_eq!((hit.label.as_str(), hit.day.as_deref()), ("走访内容", Some("2026-06-30")));
}

#[test]
fn the_order_is_people_first_then_what_is_open_then_the_latest() {
    let mut desk = desk();
    let issue = |title: &'static str, done: bool, day: &'static str| {
        move |issue: &mut Issue| {
            issue.title = title.into();
            issue.raised_on = day.parse().unwrap();
            if done {
                issue.status = IssueStatus::Solved;
                issue.solved_on = Some("2026-06-29".parse().unwrap());
            }
        }
    };
    let solved = desk.add(issue("龘桥漏水", true, "2026-06-03"));
    let old = desk.add(issue("龘桥漏水", false, "2026-05-01"));
    let new = desk.add(issue("龘桥漏水", false, "2026-06-01"));
    let lives = desk.add::<Household>(|household| {
        named(household, "石三");
        household.address = "龘桥2号".into();
    });
    let called = desk.add::<Household>(|household| named(household, "龘桥"));
    let later = desk.add::<Household>(|household| {
        named(household, "石四");
        household.address = "龘桥3号".into();
    });
    let found: Vec<Id> = desk.all("龘桥").into_iter().map(|hit| hit.id).collect();
    assert_eq!(found, [called, later, lives, new, old, solved]);
}

#[test]
fn a_page_follows_the_one_before_and_counting_stops_in_time() {
    let mut desk = desk();
    for nth in 0..7 {
        desk.add::<Plan>(|plan| {
            plan.title = format!("龘水渠{nth}");
            plan.due_on = Some("2026-12-01".parse().unwrap());
        });
    }
    let page = |offset, limit, count_to| {
        let search = Search { limit, count_to, ..Search::of("龘", Kind::Plan, offset) };
        let group = desk.ledger.store().search(&search).unwrap().groups.remove(0);
        let titles: Vec<String> = group.hits.iter().map(|hit| hit.title.replace("龘水渠", "")).collect();
        (titles.concat(), group.total, group.more)
    };
    assert_eq!(page(0, 3, 100), ("654".into(), 7, false));
    assert_eq!(page(3, 3, 100), ("321".into(), 7, false));
    assert_eq!(page(0, 3, 5), ("654".into(), 5, true));
    assert_eq!(page(5, 9, 5), ("10".into(), 7, false));
    let first = desk.ledger.store().search(&Search::all("龘")).unwrap();
    assert_eq!((first.groups[0].hits.len(), first.groups[0].total), (5, 7));
}

#[test]
fn the_index_goes_with_every_change_and_its_undoing() {
    let mut desk = desk();
    desk.assert_abreast("the first page");
    let household = desk.all("屯")[0].id;
    let id = desk.add::<Visit>(|visit| {
        visit.household_ids = vec![VisitHousehold { household_id: household }];
        visit.content = "龘龘屋面渗水".into();
    });
    assert_eq!(desk.ids("龘龘"), BTreeSet::from([id]));
    let change = |desk: &mut Desk, to: &dyn Fn(&mut Visit)| {
        let mut visit = desk.ledger.store().get::<Visit>(id).unwrap();
        to(&mut visit.draft);
        desk.ledger.transact(Op::Change(Kind::Visit), |tx| tx.change(id, visit.meta.version, visit.draft, &[])).unwrap();
    };
    change(&mut desk, &|visit| visit.content = "靐靐屋面已修".into());
    assert_eq!((desk.ids("龘"), desk.ids("靐屋")), (BTreeSet::new(), BTreeSet::from([id])));
    change(&mut desk, &|visit| visit.day = "2026-01-09".parse().unwrap());
    desk.assert_abreast("another day");
    let record = [RecordRef { kind: Kind::Visit, id }];
    desk.ledger.delete_records(&record).unwrap();
    assert!(desk.ids("靐").is_empty(), "what lies in the bin is not found");
    desk.ledger.undo().unwrap();
    assert_eq!(desk.ids("靐").len(), 1);
    desk.ledger.redo().unwrap();
    desk.ledger.restore_records(&record).unwrap();
    assert_eq!(desk.ids("靐").len(), 1);
    desk.assert_abreast("bin and back");
    while desk.ledger.undo_state().undo.is_some() {
        desk.ledger.undo().unwrap();
    }
    assert!(desk.ids("靐").is_empty() && desk.ids("龘").is_empty());
    desk.assert_abreast("undoing everything");
}

#[test]
fn what_was_only_rehearsed_or_failed_is_not_found() {
    let mut desk = desk();
    let plan = |title: &'static str| move |plan: &mut Plan| plan.title = title.into();
    desk.ledger.rehearse(|tx| add(tx, plan("龘一"))).unwrap();
    let done = desk.ledger.transact(Op::Add(Kind::Plan), |tx| {
        add(tx, plan("龘二"))?;
        let failed = tx.attempt(|tx| {
            add(tx, plan("龘三"))?;
            add(tx, plan(""))
        });
        assert!(failed.is_err());
        Ok(())
    });
    done.unwrap();
    let found = desk.all("龘");
    assert_eq!(found.iter().map(|hit| hit.title.as_str()).collect::<Vec<_>>(), ["龘二"]);
    desk.assert_abreast("a part that failed");
}

#[test]
fn thousands_of_one_day_have_their_places() {
    let mut desk = desk();
    let household = desk.all("屯")[0].id;
    let visit = |visit: &mut Visit| {
        visit.household_ids = vec![VisitHousehold { household_id: household }];
        visit.content = "龘".into();
    };
    let many = desk.ledger.transact(Op::Import(Kind::Visit), |tx| (0..1100).try_for_each(|_| add(tx, visit).map(drop)));
    many.unwrap();
    desk.add(visit);
    desk.add::<Visit>(|next| {
        visit(next);
        next.day = "2026-06-29".parse().unwrap();
    });
    assert_eq!(desk.ids("龘").len(), 1102);
    desk.assert_abreast("a full day");
}

#[test]
fn a_ledger_without_index_or_with_another_has_its_own_after_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("示例.zcj");
    let ledger = create_sample(&path).unwrap();
    let mut desk = Desk { ledger, _folder: folder };
    let whole = desk.index();
    assert!(whole.0.len() > 200);
    for damage in ["DELETE FROM search_state", "UPDATE search_state SET version = '0'"] {
        let connection = desk.ledger.store().connection;
        connection.execute_batch("DELETE FROM search_text").unwrap();
        connection.execute_batch(damage).unwrap();
        let Desk { ledger, _folder } = desk;
        drop(ledger);
        desk = Desk { ledger: Ledger::open(&path, Box::new(FixedWorld::on("2026-06-30".parse().unwrap()))).unwrap(), _folder };
        assert!(desk.index() == whole, "{damage}");
    }
}

#[test]
fn a_damaged_index_does_not_keep_a_record_from_being_saved() {
    let mut desk = desk();
    desk.ledger.store().connection.execute_batch("UPDATE search_gram_data SET block = x'00' WHERE id > 10").unwrap();
    let household = desk.ledger.store().all::<Household>().unwrap().remove(0);
    let (id, version) = (household.id, household.meta.version);
    let draft = Household { note: "龘龘".into(), ..household.draft };
    let steps = |desk: &Desk| desk.ledger.store().history(Kind::Household, id).unwrap().len();
    let before = steps(&desk);
    desk.ledger.transact(Op::Change(Kind::Household), |tx| tx.change(id, version, draft, &[])).unwrap();
    assert_eq!(steps(&desk), before + 1, "what is written beside the index is written once, also where that had to begin anew");
    index::rebuild(desk.ledger.store()).unwrap();
    assert_eq!(desk.ids("龘龘"), BTreeSet::from([id]));
    desk.ledger.undo().unwrap();
    assert!(desk.ids("龘龘").is_empty());
}

#[test]
fn pickers_and_lists_find_people_by_letters() {
    let mut desk = desk();
    let id = desk.add::<Household>(|household| named(household, "单长庆"));
    for text in ["scq", "danzhang", "长庆"] {
        let lookup = Lookup { text: text.into(), ..Lookup::default() };
        let found = desk.ledger.store().look_up(Kind::Household, &lookup).unwrap();
        assert_eq!(found.iter().map(|title| title.id).collect::<Vec<_>>(), [id], "{text}");
        let query = crate::storage::ListQuery { text: text.into(), ..Default::default() };
        assert_eq!(desk.ledger.store().list(Kind::Household, &query).unwrap().total, 1, "{text}");
    }
}

/// Households, visits and plans of random texts.
fn desk_of(texts: &[[String; 4]]) -> Desk {
    let mut desk = desk();
    let filled = desk.ledger.transact(Op::Import(Kind::Plan), |tx| {
        for [name, first, second, third] in texts {
            let household = add::<Household>(tx, |household| {
                named(household, &format!("潘{name}"));
                household.address.clone_from(first);
                household.note.clone_from(second);
            })?;
            add::<Visit>(tx, |visit| {
                visit.household_ids = vec![VisitHousehold { household_id: household }];
                visit.content.clone_from(second);
                visit.next_action.clone_from(third);
            })?;
            add::<Plan>(tx, |plan| {
                plan.title = format!("修{first}");
                plan.text.clone_from(third);
            })?;
        }
        Ok(())
    });
    filled.unwrap();
    desk
}

/// What SQL's LIKE finds in the records' own tables, both sides folded.
fn like(desk: &Desk, typed: &str) -> BTreeSet<Id> {
    let connection = desk.ledger.store().connection;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let folded = |context: &mut rusqlite::functions::Context<'_>| {
        let mut folded = String::new();
        fold::push_folded(&mut folded, context.get_raw(0).as_str()?);
        Ok(folded)
    };
    connection.create_scalar_function("folded", 1, flags, folded).unwrap();
    let folded = fold::fold(typed).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    if folded.is_empty() {
        return BTreeSet::new();
    }
    let fields = [
        (
            "household r LEFT JOIN member m ON m.household_id = r.id",
            "r.address r.note r.hamlet r.ext_no r.helper r.helper_unit m.name m.ext_no m.school m.employer",
        ),
        ("visit r", "r.content r.problem r.next_action r.gift r.unreached_reason"),
        ("plan r", "r.title r.text r.target"),
    ];
    let mut found = BTreeSet::new();
    for (from, fields) in fields {
        let any: Vec<String> = fields.split(' ').map(|field| format!("folded({field}) LIKE ?1 ESCAPE '\\'")).collect();
        let sql = format!("SELECT r.id FROM {from} WHERE r.deleted_at IS NULL AND ({})", any.join(" OR "));
        let mut statement = connection.prepare(&sql).unwrap();
        let ids = statement.query_map([format!("%{folded}%")], |row| row.get(0)).unwrap();
        found.extend(ids.map(|id: rusqlite::Result<Id>| id.unwrap()));
    }
    found
}

/// The households, visits and plans that are found; those found by letters or numbers alone are left out on wish.
fn found(desk: &Desk, typed: &str, by_text: bool) -> BTreeSet<Id> {
    let hits = desk.all(typed).into_iter().filter(|hit| matches!(hit.kind, Kind::Household | Kind::Visit | Kind::Plan));
    let folded = fold::fold(typed);
    let holds = |hit: &Hit| {
        let mut text = String::new();
        fold::push_folded(&mut text, &hit.snippet_text());
        text.contains(&folded)
    };
    hits.filter(|hit| !by_text || holds(hit)).map(|hit| hit.id).collect()
}

/// Few characters, so that texts and queries meet.
fn mixed(how_many: &str) -> impl Strategy<Value = String> + use<> {
    proptest::string::string_regex(&format!("[村走访漏水AaＡbZ1１２3%_ \\\\'\"，,。．.\\-😀𠮷é]{how_many}")).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_is_what_like_finds(
        texts in proptest::collection::vec(proptest::array::uniform4(mixed("{0,12}")), 1..12),
        queries in proptest::collection::vec(mixed("{1,5}"), 30),
    ) {
        let desk = desk_of(&texts);
        let parts = texts.iter().flatten().flat_map(|text| {
            let characters: Vec<char> = text.chars().collect();
            (0..characters.len()).map(|at| characters[at..].iter().take(at % 6 + 1).collect::<String>()).collect::<Vec<_>>()
        });
        for query in queries.iter().cloned().chain(parts.take(60)) {
            prop_assert_eq!(found(&desk, &query, true), like(&desk, &query), "{:?}", query);
        }
    }

    #[test]
    fn letters_find_the_names_that_they_spell(
        names in proptest::collection::vec("[单曾解重长行乐石老三覃区朝A-Ci 𠮷·一-龥]{1,4}", 1..30),
        picks in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..4, proptest::collection::vec((0usize..8, 0usize..3), 4)), 20),
        random in proptest::collection::vec("[a-z]{1,4}|[zcs]h[aeiou]|[lnjx]v", 20),
    ) {
        let mut desk = desk();
        let filled = desk.ledger.transact(Op::Import(Kind::Household), |tx| names.iter().filter(|name| !name.trim().is_empty())
            .try_for_each(|name| add::<Household>(tx, |household| named(household, name)).map(drop)));
        filled.unwrap();
        let spelled = picks.iter().map(|(name, skip, ways)| {
            let name: Vec<char> = name.get(&names).chars().filter(|c| !c.is_whitespace()).collect();
            name.iter().skip(*skip % name.len().max(1)).zip(ways).map(|(c, (reading, length))| {
                let all = crate::value::readings(*c);
                let reading = all.get(reading % all.len().max(1)).cloned().unwrap_or_else(|| c.to_lowercase().to_string());
                reading.chars().take(if *length == 0 { 1 } else { length * 3 }).collect::<String>()
            }).collect::<String>()
        });
        let households = desk.ledger.store().all::<Household>().unwrap();
        for letters in spelled.chain(random) {
            let Some(typed) = typed_letters(&letters) else { continue };
            let holds = |text: &str| {
                let mut folded = String::new();
                fold::push_folded(&mut folded, text);
                folded.contains(&fold::fold(&letters)) || Spelled::of(&folded).holds(&typed)
            };
            let expected: BTreeSet<Id> = households.iter().filter(|household| {
                let draft = &household.draft;
                let texts = [&draft.address, &draft.note, &draft.ext_no];
                let names = draft.members.iter().map(|member| &member.name).chain([&draft.hamlet, &draft.helper, &draft.helper_unit]);
                let mut names = names;
                names.any(|name| holds(name)) || texts.iter().any(|text| text.to_lowercase().contains(&letters))
            }).map(|household| household.id).collect();
            let search = Search { limit: u32::MAX, count_to: u32::MAX, ..Search::of(&letters, Kind::Household, 0) };
            let found = desk.ledger.store().search(&search).unwrap();
            let found: BTreeSet<Id> = found.groups.into_iter().flat_map(|group| group.hits).map(|hit| hit.id).collect();
            prop_assert_eq!(found, expected, "{}", letters);
        }
    }
}
