//! Photos in the ledger: kept beside their records, taken back, thrown away and restored with them, handed over by name.

use serde_json::json;
use zhucun_core::album::{AlbumRequest, album};
use zhucun_core::records::attachment::{Added, Attachment, MOST, NewPicture, PictureSize, fingerprint};
use zhucun_core::records::{Kind, RecordRef, SaveRequest};
use zhucun_core::search::Search;
use zhucun_core::storage::{Ledger, ListQuery};
use zhucun_core::value::Id;

use crate::desk::{Desk, found, world};

/// A picture whose bytes are its name, over and over; the ledger does not look inside.
fn picture(name: &str) -> (String, Vec<u8>) {
    (format!("{name}.jpg"), name.as_bytes().repeat(1000))
}

fn try_add(desk: &mut Desk, batch: &str, owner: RecordRef, name: &str, day: Option<&str>) -> zhucun_core::Result<Added> {
    let (file_name, bytes) = picture(name);
    let new = NewPicture {
        file_name: &file_name,
        source_sha256: &fingerprint(name.as_bytes()),
        picture: &bytes,
        thumbnail: name.as_bytes(),
        media_type: "image/jpeg",
        width: 1920,
        height: 1080,
        taken_on: day.map(|day| day.parse().unwrap()),
        taken_at: "14:05".into(),
    };
    Ok(desk.ledger.add_picture(batch_id(batch), owner, &new)?.value)
}

fn batch_id(name: &str) -> Id {
    let digits: String = fingerprint(name.as_bytes()).chars().take(12).collect();
    Id::parse(&format!("00000000-0000-4000-8000-{digits}")).unwrap()
}

fn add(desk: &mut Desk, batch: &str, owner: RecordRef, name: &str, day: Option<&str>) -> Id {
    match try_add(desk, batch, owner, name, day).unwrap() {
        Added::New(id) => id,
        Added::Known(id) => panic!("{name} is known as {id}"),
    }
}

fn visit(desk: &mut Desk, day: &str) -> RecordRef {
    RecordRef { kind: Kind::Visit, id: desk.add(Kind::Visit, |visit| visit["day"] = json!(day)) }
}

fn of(desk: &Desk, owner: RecordRef) -> Vec<String> {
    let photos = Attachment::of(desk.ledger.store(), owner).unwrap();
    photos.into_iter().map(|photo| photo.draft.file_name).collect()
}

fn change(desk: &mut Desk, id: Id, change: impl FnOnce(&mut serde_json::Value)) {
    desk.change(Kind::Attachment, id, change).unwrap();
}

#[test]
fn a_photo_keeps_its_picture_through_bin_undo_and_reopening() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let id = add(&mut desk, "一", owner, "屋顶", Some("2026-03-05"));
    change(&mut desk, id, |photo| photo["title"] = json!("石老三家屋顶漏雨"));
    let kept = |ledger: &Ledger| ledger.store().picture(id, PictureSize::Full).unwrap();
    assert_eq!(kept(&desk.ledger), Some(picture("屋顶").1));
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Attachment, id }]).unwrap();
    assert!(of(&desk, owner).is_empty());
    assert_eq!(desk.ledger.store().bin().unwrap()[0].title, "石老三家屋顶漏雨");
    assert_eq!(kept(&desk.ledger), Some(picture("屋顶").1), "as long as the record exists, so does its picture");
    desk.ledger.undo().unwrap();
    desk.ledger.undo().unwrap();
    desk.ledger.undo().unwrap();
    assert!(of(&desk, owner).is_empty(), "adding it is taken back too");
    desk.ledger.redo().unwrap();
    assert_eq!(of(&desk, owner), ["屋顶.jpg"]);
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let ledger = Ledger::open(&path, world()).unwrap();
    assert_eq!(kept(&ledger), Some(picture("屋顶").1));
    assert_eq!(ledger.store().history(Kind::Attachment, id).unwrap().len(), 7);
}

#[test]
fn what_comes_in_one_go_is_taken_back_in_one_go() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    for number in 0..20 {
        add(&mut desk, "一", owner, &format!("甲{number}"), None);
    }
    assert_eq!(desk.ledger.undo_state().undo.unwrap(), "新增照片（20项）");
    add(&mut desk, "二", owner, "乙", None);
    assert_eq!(desk.ledger.undo_state().undo.unwrap(), "新增照片");
    desk.ledger.undo().unwrap();
    assert_eq!(of(&desk, owner).len(), 20, "another batch is another step");
    desk.ledger.undo().unwrap();
    assert_eq!(of(&desk, owner).len(), 0);
    desk.ledger.redo().unwrap();
    assert_eq!(of(&desk, owner).len(), 20);
    // What is done in between parts the batch: undo never takes back more than it says.
    add(&mut desk, "三", owner, "丙", None);
    desk.add(Kind::Plan, |_| {});
    add(&mut desk, "三", owner, "丁", None);
    desk.ledger.undo().unwrap();
    assert_eq!((of(&desk, owner).len(), desk.total(Kind::Plan)), (21, 1));
}

#[test]
fn the_same_photo_is_kept_once_by_a_record() {
    let mut desk = Desk::new();
    let (owner, other) = (visit(&mut desk, "2026-03-05"), visit(&mut desk, "2026-03-06"));
    let id = add(&mut desk, "一", owner, "屋顶", None);
    let steps = desk.ledger.undo_state();
    assert_eq!(try_add(&mut desk, "二", owner, "屋顶", None).unwrap(), Added::Known(id));
    assert_eq!(desk.ledger.undo_state(), steps, "nothing happened, so there is nothing to undo");
    add(&mut desk, "三", other, "屋顶", None);
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Attachment, id }]).unwrap();
    assert_ne!(try_add(&mut desk, "四", owner, "屋顶", None).unwrap(), Added::Known(id), "what was thrown away is wanted again");
}

#[test]
fn photos_go_to_the_bin_with_their_record_and_come_back_with_it() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let thrown = add(&mut desk, "一", owner, "糊了", None);
    add(&mut desk, "一", owner, "屋顶", None);
    add(&mut desk, "一", owner, "院子", None);
    desk.ledger.delete_records(&[RecordRef { kind: Kind::Attachment, id: thrown }]).unwrap();
    let done = desk.ledger.delete_records(&[owner]).unwrap();
    assert!(done.changed.contains(&Kind::Attachment), "screens that show photos read again");
    assert_eq!(desk.total(Kind::Attachment), 0);
    let bin: Vec<_> = desk.ledger.store().bin().unwrap().into_iter().map(|entry| entry.kind).collect();
    assert_eq!(bin.len(), 2, "the visit, and the photo thrown away before; not every photo of it: {bin:?}");
    desk.ledger.restore_records(&[owner]).unwrap();
    assert_eq!(of(&desk, owner), ["屋顶.jpg", "院子.jpg"], "what was thrown away by itself stays away");
    desk.ledger.undo().unwrap();
    desk.ledger.undo().unwrap();
    assert_eq!(of(&desk, owner), ["屋顶.jpg", "院子.jpg"], "deleting was taken back as one");
    desk.ledger.redo().unwrap();
    let alone = desk.ledger.restore_records(&[RecordRef { kind: Kind::Attachment, id: thrown }]).unwrap_err();
    assert_eq!(found(alone.findings()), ["dead_reference at owner_id"], "a photo does not come back before its record");
}

#[test]
fn a_photo_belongs_to_a_living_record_and_stays_what_it_is() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let nobody = RecordRef { kind: Kind::Visit, id: Id::default() };
    let refused = |result: zhucun_core::Result<Added>| found(result.unwrap_err().findings());
    assert_eq!(refused(try_add(&mut desk, "一", nobody, "屋顶", None)), ["dead_reference at owner_id"]);
    let category = desk.ledger.store().list(Kind::DictionaryItem, &ListQuery::default()).unwrap().rows[0].id;
    let word = RecordRef { kind: Kind::DictionaryItem, id: category };
    assert_eq!(refused(try_add(&mut desk, "一", word, "屋顶", None)), ["dead_reference at owner_id"]);
    let draft = desk.ledger.blank_json(Kind::Attachment).unwrap();
    let request = SaveRequest { kind: Kind::Attachment, id: None, version: None, draft, keep: vec![] };
    let without = found(desk.ledger.save_json(request).unwrap_err().findings());
    assert!(without.contains(&"no_picture at sha256".to_owned()), "{without:?}");
    let id = add(&mut desk, "一", owner, "屋顶", None);
    let other = visit(&mut desk, "2026-03-06");
    for (field, value) in [("sha256", json!("0".repeat(64))), ("width", json!(7)), ("owner_id", json!(other.id))] {
        let error = desk.change(Kind::Attachment, id, |photo| photo[field] = value).unwrap_err();
        assert_eq!(found(error.findings()), [format!("picture_fixed at {field}")]);
    }
    let wrong = desk.change(Kind::Attachment, id, |photo| photo["taken_at"] = json!("下午")).unwrap_err();
    assert_eq!(found(wrong.findings()), ["time_shape at taken_at"]);
    change(&mut desk, id, |photo| photo["turned"] = json!(5));
    assert_eq!(desk.ledger.get_json(Kind::Attachment, id).unwrap()["draft"]["turned"], 1);
}

#[test]
fn a_camera_that_lives_in_the_future_says_nothing_of_the_day() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let id = add(&mut desk, "一", owner, "屋顶", Some("2031-01-01"));
    let photo = desk.ledger.get_json(Kind::Attachment, id).unwrap();
    assert_eq!((&photo["draft"]["taken_on"], &photo["draft"]["taken_at"]), (&json!(null), &json!("")));
    let id = add(&mut desk, "一", owner, "院子", Some("2026-03-04"));
    assert_eq!(desk.ledger.get_json(Kind::Attachment, id).unwrap()["draft"]["taken_at"], "14:05");
}

#[test]
fn photos_are_put_in_order_as_one_step() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let ids = ["甲", "乙", "丙"].map(|name| add(&mut desk, "一", owner, name, None));
    desk.ledger.order_pictures(owner, &[ids[2], ids[0]]).unwrap();
    assert_eq!(of(&desk, owner), ["丙.jpg", "甲.jpg", "乙.jpg"]);
    desk.ledger.undo().unwrap();
    assert_eq!(of(&desk, owner), ["甲.jpg", "乙.jpg", "丙.jpg"]);
}

#[test]
fn the_change_log_holds_no_pixels_and_the_file_grows_by_the_pictures_alone() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let size = |desk: &Desk| std::fs::metadata(desk.path()).unwrap().len();
    let noise: Vec<u8> = (0..400_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let before = size(&desk);
    for number in 0..10 {
        let source = format!("源{number}");
        let new = NewPicture {
            file_name: "大图.jpg",
            source_sha256: &fingerprint(source.as_bytes()),
            picture: &[&noise[..], source.as_bytes()].concat(),
            thumbnail: &noise[..8000],
            media_type: "image/jpeg",
            width: 1920,
            height: 1080,
            taken_on: None,
            taken_at: String::new(),
        };
        let Added::New(id) = desk.ledger.add_picture(batch_id("一"), owner, &new).unwrap().value else { panic!("new") };
        for title in ["一稿", "二稿", "三稿"] {
            change(&mut desk, id, |photo| photo["title"] = json!(title));
        }
    }
    // The change log checks itself by being small: forty versions of ten pictures are ten pictures.
    let path = desk.path();
    let Desk { ledger, folder: _folder, .. } = desk;
    drop(ledger);
    let grown = std::fs::metadata(&path).unwrap().len() - before;
    assert!(grown < 10 * 1_608_000 * 11 / 10, "{grown}");
}

#[test]
fn a_record_takes_only_so_many_photos() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let id = add(&mut desk, "一", owner, "最后一个位置", None);
    change(&mut desk, id, |photo| photo["position"] = json!(MOST * 2));
    let next = add(&mut desk, "一", owner, "再一张", None);
    assert_eq!(desk.ledger.get_json(Kind::Attachment, next).unwrap()["draft"]["position"], json!(MOST * 2 + 1));
    let too_large = NewPicture {
        file_name: "大.jpg",
        source_sha256: "",
        picture: &vec![1; 25 << 20],
        thumbnail: b"1",
        media_type: "image/jpeg",
        width: 1,
        height: 1,
        taken_on: None,
        taken_at: String::new(),
    };
    assert_eq!(desk.ledger.add_picture(batch_id("一"), owner, &too_large).unwrap_err().code(), "bad_input");
}

#[test]
fn photos_are_found_by_their_captions() {
    let mut desk = Desk::new();
    let owner = visit(&mut desk, "2026-03-05");
    let id = add(&mut desk, "一", owner, "IMG_0001", Some("2026-03-05"));
    change(&mut desk, id, |photo| {
        photo["title"] = json!("屋顶漏雨");
        photo["people"] = json!("石老三、韦明");
        photo["place"] = json!("上屯");
    });
    for text in ["漏雨", "韦明", "上屯", "IMG_0001"] {
        let query = ListQuery { text: text.into(), ..ListQuery::default() };
        assert_eq!(desk.ledger.store().list(Kind::Attachment, &query).unwrap().total, 1, "{text}");
    }
    for text in ["屋顶漏", "wdl", "韦明"] {
        let found = desk.ledger.store().search(&Search::all(text)).unwrap();
        let kinds: Vec<_> = found.groups.iter().map(|group| group.kind).collect();
        assert!(kinds.contains(&Kind::Attachment), "{text}: {kinds:?}");
    }
    desk.ledger.delete_records(&[owner]).unwrap();
    assert!(desk.ledger.store().search(&Search::all("屋顶漏")).unwrap().groups.is_empty(), "gone with its visit");
    desk.ledger.undo().unwrap();
    let title = desk.ledger.store().titles(&[RecordRef { kind: Kind::Attachment, id }]).unwrap().remove(0);
    assert_eq!((title.title, title.note, title.day), ("屋顶漏雨".into(), "上屯 石老三、韦明".into(), Some("2026-03-05".into())));
}

#[test]
fn exported_photos_are_named_by_year_category_number_and_title() {
    let mut desk = Desk::new();
    let (first, second) = (visit(&mut desk, "2026-03-05"), visit(&mut desk, "2025-12-01"));
    let meeting = RecordRef { kind: Kind::Activity, id: desk.add(Kind::Activity, |_| {}) };
    let roof = add(&mut desk, "一", first, "屋顶", Some("2026-03-05"));
    change(&mut desk, roof, |photo| photo["title"] = json!("石老三家屋顶漏雨"));
    add(&mut desk, "一", first, "院子", None);
    add(&mut desk, "一", first, "早先", Some("2026-01-02"));
    add(&mut desk, "一", second, "去年", None);
    let notice = add(&mut desk, "一", meeting, "公示栏", None);
    change(&mut desk, notice, |photo| {
        photo["category"] = json!("notice");
        photo["turned"] = json!(1);
    });
    let names = |request: AlbumRequest| -> Vec<String> {
        album(desk.ledger.store(), &request).unwrap().into_iter().map(|photo| photo.name).collect()
    };
    assert_eq!(
        names(AlbumRequest::default()),
        [
            "2025-走访-001-走访石老三",
            "2026-公示公告-001-村民代表会议",
            "2026-走访-001-走访石老三",
            "2026-走访-002-石老三家屋顶漏雨",
            "2026-走访-003-走访石老三",
        ]
    );
    let spring = AlbumRequest { from: "2026-02-01".parse().ok(), kinds: vec![Kind::Visit], ..AlbumRequest::default() };
    assert_eq!(names(spring), ["2026-走访-002-石老三家屋顶漏雨", "2026-走访-003-走访石老三"], "called as in the whole");
    let one = AlbumRequest { id: Some(roof), ..AlbumRequest::default() };
    assert_eq!(names(one), ["2026-走访-002-石老三家屋顶漏雨"]);
    let photos = album(desk.ledger.store(), &AlbumRequest { owner: Some(meeting), ..AlbumRequest::default() }).unwrap();
    assert_eq!((photos[0].turned, photos[0].event.as_str()), (1, "村民代表会议"));

    let folder = tempfile::tempdir().unwrap();
    let made = zhucun_export::album_folder(folder.path(), "照片").unwrap();
    assert_eq!(zhucun_export::album_folder(folder.path(), "照片").unwrap().file_name().unwrap(), "照片（2）");
    let index =
        zhucun_export::album_index(&photos.iter().map(|photo| (photo, format!("{}.jpg", photo.name))).collect::<Vec<_>>());
    let path = zhucun_export::write_new(&made, "目录", "xlsx", &index.unwrap()).unwrap();
    let table = zhucun_import::table::Table::open(&path, &mut |_| true).unwrap();
    let row = table.sheet("目录").unwrap().row(2).unwrap();
    assert!(format!("{row:?}").contains("2026-公示公告-001-村民代表会议.jpg"), "{row:?}");
}

#[test]
fn photos_of_a_household_that_was_entered_twice_follow_it() {
    use zhucun_core::records::twins::compare::{Choice, Side};
    use zhucun_core::records::twins::merge::MergeRequest;
    let mut desk = Desk::new();
    let second = desk.add(Kind::Household, |draft| draft["members"][0]["name"] = json!("石 老三"));
    let photo = add(&mut desk, "一", RecordRef { kind: Kind::Household, id: second }, "IMG_0001", Some("2026-03-05"));
    let side = |id| Side { id: Some(id), ..Side::default() };
    let kept = desk.household;
    let request = MergeRequest {
        left: side(kept),
        right: side(second),
        keep: Choice::Left,
        choices: Default::default(),
        discard: Vec::new(),
        kept: Vec::new(),
    };
    desk.ledger.merge_households(&request).unwrap();
    let owner = |desk: &Desk| desk.ledger.get_json(Kind::Attachment, photo).unwrap()["draft"]["owner_id"].clone();
    assert_eq!(owner(&desk), json!(kept));
    desk.ledger.undo().unwrap();
    assert_eq!(owner(&desk), json!(second));
}

#[test]
fn a_photo_waits_for_its_record_also_when_the_ledger_is_opened_again() {
    let desk = Desk::new();
    let path = desk.path();
    let Desk { mut ledger, folder: _folder, household, .. } = desk;
    let (file_name, bytes) = picture("屋顶");
    let new = NewPicture {
        file_name: &file_name,
        source_sha256: &fingerprint(b"source"),
        picture: &bytes,
        thumbnail: b"small",
        media_type: "image/jpeg",
        width: 1920,
        height: 1080,
        taken_on: "2026-03-05".parse().ok(),
        taken_at: "14:05".into(),
    };
    ledger.forget_undo();
    let token = ledger.keep_waiting(Kind::Visit, &new).unwrap();
    let other = ledger.keep_waiting(Kind::Issue, &new).unwrap();
    assert_eq!(ledger.undo_state().undo, None, "nothing was done yet");
    drop(ledger);

    let mut ledger = Ledger::open(&path, world()).unwrap();
    let waiting = ledger.store().waiting_photos().unwrap();
    let told: Vec<_> = waiting.iter().map(|photo| (photo.token, photo.kind, photo.thumbnail.as_slice())).collect();
    assert_eq!(told, [(token, Kind::Visit, b"small".as_slice()), (other, Kind::Issue, b"small".as_slice())]);
    let kept = ledger.store().waiting_picture(token).unwrap().unwrap();
    let owner = RecordRef { kind: Kind::Household, id: household };
    let nobody = RecordRef { kind: Kind::Visit, id: token };
    assert!(ledger.add_waiting(token, nobody, token).is_err());
    assert_eq!(ledger.store().waiting_picture(token).unwrap().as_ref(), Some(&kept), "what could not be added goes on waiting");
    let Added::New(id) = ledger.add_waiting(token, owner, token).unwrap().unwrap().value else { panic!("it is new") };
    assert!(ledger.add_waiting(token, owner, token).unwrap().is_none(), "it is added once");
    assert_eq!(ledger.store().picture(id, PictureSize::Full).unwrap(), Some(bytes));
    let photo = ledger.store().get::<Attachment>(id).unwrap().draft;
    assert_eq!((photo.file_name.as_str(), photo.taken_at.as_str(), photo.width), ("屋顶.jpg", "14:05", 1920));
    assert!(ledger.store().waiting_picture(token).unwrap().is_none());
    assert_eq!(ledger.store().waiting_photos().unwrap().len(), 1);
    // The record has this one: it waits no longer, and is not there twice.
    let known = ledger.add_waiting(other, owner, other).unwrap().unwrap();
    assert_eq!((known.value, ledger.store().waiting_photos().unwrap().len()), (Added::Known(id), 0));
    let photos = Attachment::of(ledger.store(), owner).unwrap().len();
    drop(ledger);
    let mut ledger = Ledger::open(&path, world()).unwrap();
    assert_eq!((Attachment::of(ledger.store(), owner).unwrap().len(), photos), (1, 1));
    ledger.drop_waiting(&[token]).unwrap();
}
