//! The command line as scripts use it: what it writes, what it answers, and its exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn zhucun(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhucun")).args(arguments).output().unwrap()
}

fn json(arguments: &[&str]) -> (Value, i32) {
    let output = zhucun(&[arguments, &["--json"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?} wrote no JSON: {error}: {text}"));
    (value, output.status.code().unwrap())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A folder with a sample ledger in it.
struct Place {
    folder: tempfile::TempDir,
    ledger: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("示例.zcj").to_str().unwrap().to_owned();
        assert!(zhucun(&["sample", &ledger]).status.success());
        Place { folder, ledger }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

#[test]
fn new_makes_a_ledger_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("石门村.zcj").to_str().unwrap().to_owned();
    let arguments =
        ["new", &path, "--team", "石门村驻村工作队", "--township", "云岭乡", "--village", "石门村", "--member", "韦明"];
    let (value, code) = json(&arguments);
    assert_eq!((code, value["ledger"].as_str()), (0, Some(path.as_str())));
    let (value, code) = json(&arguments);
    assert_eq!((code, value["error"]["code"].as_str()), (3, Some("ledger_exists")));
    let plain = zhucun(&["figures", "--ledger", &path, "--period", "2026H1"]);
    assert!(plain.status.success() && said(&plain).contains("village.count"));
}

#[test]
fn figures_come_with_their_definition_and_records() {
    let place = Place::new();
    let (value, code) = json(&["figures", "--ledger", &place.ledger, "--period", "2026H1"]);
    assert_eq!(code, 0);
    let figure = |key: &str| value.as_array().unwrap().iter().find(|figure| figure["key"] == key).unwrap().clone();
    let households = figure("visits.condolence.before_spring_festival.households");
    assert_eq!((households["value"].as_i64(), households["unit"].as_str()), (Some(11), Some("户")));
    assert!(!households["records"].as_array().unwrap().is_empty());
    assert_eq!(figure("applications.yulu.persons")["value"], 9);
    assert_eq!(figure("applications.yulu.amount_applied")["value"], 13500);
    assert!(figure("coverage.rate")["definition"].as_str().unwrap().ends_with('。'));
    assert_eq!(figure("visits.households")["villages"], serde_json::json!([]), "of a single village nothing is told twice");
}

#[test]
fn figures_are_told_of_each_village() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("两村.zcj").to_str().unwrap().to_owned();
    let team = ["--team", "驻村工作队", "--township", "云岭乡", "--member", "韦明"];
    let villages = ["--village", "石门村", "--village", "木楼村"];
    let (_, code) = json(&[["new", &path].as_slice(), &team, &villages].concat());
    assert_eq!(code, 0);
    let (value, code) = json(&["figures", "--ledger", &path, "--period", "2026H1"]);
    assert_eq!(code, 0);
    let households = value.as_array().unwrap().iter().find(|figure| figure["key"] == "visits.households").unwrap();
    let part = |village: &str| serde_json::json!({ "village": village, "value": 0, "records": [] });
    assert_eq!(households["villages"], serde_json::json!([part("石门村"), part("木楼村")]));
}

#[test]
fn a_report_is_written_in_three_formats_and_again_over_them_with_the_same_bytes() {
    let place = Place::new();
    let out = place.path("导出");
    let arguments = ["report", "--ledger", &place.ledger, "--period", "2026H1", "--out", &out];
    let (value, code) = json(&arguments);
    assert_eq!(code, 0);
    let files: Vec<PathBuf> =
        value["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().into()).collect();
    let read = || files.iter().map(|file| fs::read(file).unwrap()).collect::<Vec<_>>();
    let first = read();
    assert_eq!(files.iter().map(|file| file.extension().unwrap().to_str().unwrap()).collect::<Vec<_>>(), ["docx", "pdf", "xlsx"]);
    assert!(first[0].starts_with(b"PK") && first[1].starts_with(b"%PDF-") && first[2].starts_with(b"PK"));
    assert!(zhucun(&arguments).status.success());
    assert!(first == read(), "the same records give the same bytes");
}

#[test]
fn only_the_asked_format_is_written() {
    let place = Place::new();
    let out = place.path("导出");
    let output = zhucun(&["report", "--ledger", &place.ledger, "--period", "2026H1", "--format", "pdf", "--out", &out]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
}

#[test]
fn an_export_that_cannot_be_written_says_so_and_answers_1() {
    let place = Place::new();
    fs::write(place.path("不是文件夹"), "").unwrap();
    let (value, code) =
        json(&["report", "--ledger", &place.ledger, "--period", "2026H1", "--out", &(place.path("不是文件夹") + "/里面")]);
    assert_eq!(code, 1);
    assert!(value["error"]["message"].as_str().unwrap().contains("文件夹"), "{value}");
}

#[test]
fn every_template_makes_a_report_and_a_wrong_name_answers_2_with_the_list() {
    let place = Place::new();
    let report = |more: &[&str]| {
        let out = place.path("导出");
        let base = ["report", "--ledger", &place.ledger, "--period", "2026H1", "--format", "docx", "--out", &out];
        json(&[&base[..], more].concat())
    };
    for (more, title) in [
        (&["--template", "personal", "--member", "潘志成"][..], "潘志成2026年上半年驻村工作小结"),
        (&["--template", "kickoff"], "青坪乡石门村驻村工作队开局工作情况汇报"),
        (&["--template", "township"], "青坪乡2026年上半年驻村帮扶工作情况汇报"),
        (&["--template", "revitalization"], "石门村2026年上半年推进乡村振兴工作情况汇报"),
        (&["--template", "thematic", "--topic", "教育"], "石门村2026年上半年教育工作情况汇报"),
    ] {
        let (value, code) = report(more);
        assert_eq!((code, value["title"].as_str()), (0, Some(title)), "{more:?}");
    }
    let (value, code) = report(&["--template", "weekly"]);
    let message = value["error"]["message"].as_str().unwrap();
    assert!(code == 2 && message.contains("personal（个人半年小结）"), "{message}");
    assert_eq!(report(&["--template", "personal", "--member", "没有这人"]).1, 2);
}

#[test]
fn wrong_usage_answers_2() {
    let place = Place::new();
    for arguments in [
        &["nonsense"][..],
        &["figures", "--ledger", &place.ledger, "--period", "2026Q1"],
        &["figures", "--ledger", &place.ledger, "--period", "2026H1", "--village", "没有这个村"],
        &["report", "--ledger", &place.ledger, "--period", "2026H1", "--format", "odt", "--out", "x"],
    ] {
        let output = zhucun(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(!said(&output).is_empty());
    }
}

#[test]
fn a_ledger_that_cannot_be_opened_answers_3() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("不是台账.zcj");
    fs::write(&path, "hello").unwrap();
    for (path, code) in [(path.as_path(), "not_a_ledger"), (Path::new("/没有/这个.zcj"), "ledger_missing")] {
        let (value, exit) = json(&["figures", "--ledger", path.to_str().unwrap(), "--period", "2026H1"]);
        assert_eq!((exit, value["error"]["code"].as_str()), (3, Some(code)));
    }
    assert_eq!(fs::read(&path).unwrap(), b"hello");
}

fn workbook(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/import").join(name);
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_import_counts_its_rows_and_names_the_bad_ones() {
    let place = Place::new();
    let file = workbook("visits.xlsx");
    let arguments = ["import", "visits", &file, "--ledger", &place.ledger];
    let (dry, code) = json(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!((code, &dry["new"], &dry["error"]), (1, &13.into(), &2.into()));
    let errors = place.path("退回.xlsx");
    let (first, code) = json(&[&arguments[..], &["--errors", &errors]].concat());
    assert_eq!(code, 1, "rows were left out");
    assert_eq!([&first["new"], &first["changed"], &first["unchanged"], &first["error"], &first["warning"]], [13, 0, 0, 2, 2]);
    let bad: Vec<_> = first["rows"].as_array().unwrap().iter().filter(|row| row["severity"] == "hard").collect();
    assert_eq!(bad.len(), 2);
    assert_eq!(
        [&bad[0]["row"], &bad[0]["column"], &bad[0]["code"]],
        [&Value::from(19), &"户主姓名".into(), &"household_unknown".into()]
    );
    assert!(bad.iter().all(|row| !row["message"].as_str().unwrap().is_empty()));
    assert!(fs::read(&errors).unwrap().starts_with(b"PK"));
    let (again, _) = json(&arguments);
    assert_eq!([&again["new"], &again["changed"], &again["unchanged"]], [0, 0, 13], "the dry run stored nothing, the import all");
}

#[test]
fn an_import_takes_a_mapping_and_refuses_what_is_no_table() {
    let place = Place::new();
    let file = place.path("走访.csv");
    fs::write(&file, "哪天,哪家,怎么去的,干了啥\n2026-03-05,潘建山,入户,看望老人\n").unwrap();
    let mapping = place.path("列.toml");
    let arguments = ["import", "visits", &file, "--ledger", &place.ledger, "--mapping", &mapping];
    fs::write(&mapping, "head = 1\n[headings]\n\"哪天\" = \"day\"\n\"哪家\" = \"households\"\n\"怎么去的\" = \"mode\"\n\"干了啥\" = \"content\"\n").unwrap();
    let (done, code) = json(&arguments);
    assert_eq!((code, &done["new"]), (0, &1.into()), "{done}");
    fs::write(&mapping, "head = 1\n[headings]\n\"哪月\" = \"day\"\n").unwrap();
    assert_eq!(json(&arguments).1, 2, "a heading that the sheet lacks");
    let (refused, code) = json(&["import", "visits", &place.ledger, "--ledger", &place.ledger]);
    assert_eq!((code, refused["error"]["code"].as_str()), (1, Some("file_not_a_table")), "a ledger is no table");
    let (refused, code) = json(&["import", "visits", &file, "--ledger", &place.path("没有.zcj")]);
    assert_eq!((code, refused["error"]["code"].as_str()), (3, Some("ledger_missing")));
    assert_eq!(zhucun(&["import", "dogs", &file, "--ledger", &place.ledger]).status.code(), Some(2));
}

#[test]
fn a_search_lists_what_it_found_with_numbers_masked() {
    let place = Place::new();
    let search = |query: &str, limit: &str| json(&["search", "--ledger", &place.ledger, query, "--limit", limit]);
    let (found, code) = search("石老三", "50");
    let hit = &found["hits"][0];
    assert_eq!(
        (code, &found["query"], &hit["kind"], &hit["title"]),
        (0, &"石老三".into(), &"household".into(), &"石老三".into())
    );
    let keys: Vec<&str> = hit.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["day", "field", "id", "kind", "snippet", "title"]);
    let (by_letters, _) = search("sls", "50");
    assert!(by_letters["hits"].as_array().unwrap().iter().any(|found| found["id"] == hit["id"]), "{by_letters}");
    let (some, _) = search("屯", "3");
    assert_eq!(some["hits"].as_array().unwrap().len(), 3);
    assert!(some["total"].as_u64().unwrap() > 50);
    let (none, code) = search("没有这样的东西%_", "50");
    assert_eq!((code, &none["hits"], &none["total"]), (0, &Value::Array(vec![]), &0.into()));
    let plain = zhucun(&["search", "--ledger", &place.ledger, "99010119"]);
    let text = said(&plain);
    assert!(plain.status.success() && text.contains("　证件号码：990101********"), "{text}");
    assert_eq!(json(&["search", "--ledger", &place.path("没有.zcj"), "石"]).1, 3);
}

#[test]
fn an_audit_lists_its_findings_under_stable_keys() {
    let place = Place::new();
    let arguments = ["audit", "--ledger", &place.ledger, "--period", "2026H1"];
    let (value, code) = json(&arguments);
    assert_eq!((code, &value["errors"], &value["warnings"]), (1, &0.into(), &1.into()), "{value}");
    assert_eq!(value["fingerprint"], Value::Null);
    let finding = value["findings"].as_array().unwrap().iter().find(|finding| finding["severity"] == "warning").unwrap();
    for key in ["rule", "severity", "place", "quote", "message", "reason", "records", "fix"] {
        assert!(finding.get(key).is_some(), "{key} is missing in {finding}");
    }
    assert_eq!((finding["rule"].as_str(), finding["place"]["type"].as_str()), (Some("R10"), Some("figure")));
    let plain = zhucun(&arguments);
    assert!(said(&plain).contains("主题党日") && said(&plain).contains("0处错误，1条提醒"));
    let (value, code) = json(&["audit", "--ledger", &place.ledger, "--period", "2024H1"]);
    assert_eq!((code, value["findings"].as_array().map(Vec::len)), (0, Some(0)), "{value}");
}

#[test]
fn a_draft_cannot_be_verified() {
    let place = Place::new();
    let (value, code) = json(&["verify", "--ledger", &place.ledger, "--period", "2026H1"]);
    assert_eq!((code, value["error"]["code"].as_str()), (1, Some("not_now")));
}

#[test]
fn a_form_is_filled_and_what_is_not_known_makes_the_exit_code_one() {
    let place = Place::new();
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/forms");
    let form = |name: &str| forms.join(name).to_str().unwrap().to_owned();
    let fill = |name: &str, out: &str, more: &[&str]| {
        let (form, out) = (form(name), place.path(out));
        let arguments = ["fill", &form, "--ledger", &place.ledger, "--period", "2026H1", "--out", &out];
        json(&[&arguments[..], more].concat())
    };
    let (value, code) = fill("半年情况表.docx", "填好.docx", &[]);
    assert_eq!((code, value["unmasked"].as_i64(), value["findings"].as_array().map(Vec::len)), (0, Some(0), Some(0)));
    let first = fs::read(place.path("填好.docx")).unwrap();
    fill("半年情况表.docx", "填好.docx", &[]);
    assert!(fs::read(place.path("填好.docx")).unwrap() == first, "the same form and ledger give the same bytes");
    let (value, code) = fill("有误的表.docx", "有误.docx", &["--masking", "public"]);
    assert_eq!((code, value["findings"][0]["place"].as_str()), (1, Some("第1段")));
    assert!(value["findings"][0]["nearest"].as_array().unwrap().iter().any(|name| name == "走访户次"));
    assert!(Path::new(&place.path("有误.docx")).exists(), "it is written all the same, with the place marked");
    let (value, code) = fill("走访登记表.xlsx", "登记.xlsx", &["--masking", "internal", "--id-format", "spaced"]);
    assert_eq!((code, value["unmasked"].as_i64()), (0, None));
    let (value, code) = fill("make.py", "不是表.docx", &[]);
    assert_eq!((code, value["error"]["code"].as_str()), (1, Some("form_other")));
}

#[test]
fn placeholders_are_listed_and_a_starter_form_is_one() {
    let place = Place::new();
    let (value, code) = json(&["placeholders", "--ledger", &place.ledger, "--period", "2026H1"]);
    let named = |name: &str| value.as_array().unwrap().iter().find(|each| each["name"] == name).unwrap().clone();
    assert_eq!((code, named("走访户次")["key"].as_str()), (0, Some("visits.household_times")));
    assert!(named("走访台账")["columns"].as_array().unwrap().iter().any(|column| column == "走访台账.户主"));
    for name in ["起步.docx", "起步.xlsx"] {
        let (starter, out) = (place.path(name), place.path("填好.bin"));
        assert!(zhucun(&["starter", &starter]).status.success());
        let filled = zhucun(&["fill", &starter, "--ledger", &place.ledger, "--period", "2026H1", "--out", &out]);
        assert!(filled.status.success() && said(&filled).contains("0 处未脱敏"), "{}", said(&filled));
    }
    assert_eq!(zhucun(&["starter", &place.path("起步.txt")]).status.code(), Some(2));
}

#[test]
fn the_review_copy_is_a_file_of_its_own() {
    let place = Place::new();
    let out = place.path("导出");
    let (value, code) =
        json(&["report", "--ledger", &place.ledger, "--period", "2026H1", "--review", "--format", "docx,pdf", "--out", &out]);
    assert_eq!((code, value["unmasked"].as_i64()), (0, Some(0)));
    assert!(value["files"].as_array().unwrap().iter().all(|file| file["path"].as_str().unwrap().contains("（核对稿）")));
}

/// Runs with secrets in the environment; answers with what was written and the exit code.
fn with_secrets(secrets: &[(&str, &str)], arguments: &[&str]) -> (Value, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhucun"));
    let output = command.args(arguments).arg("--json").envs(secrets.iter().copied()).output().unwrap();
    let text = said(&output);
    for (_, secret) in secrets {
        assert!(!text.contains(secret), "a secret was written: {text}");
    }
    (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
}

#[test]
fn a_passphrase_in_the_environment_makes_and_opens_an_encrypted_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("石门村.zcj");
    let ledger = path.to_str().unwrap();
    let (old, new) = ("木桶里有三只蓝色的猫", "雨停了再去上屯");
    let (made, code) = with_secrets(&[("ZHUCUN_PASSPHRASE", old)], &["new", ledger, "--village", "石门村"]);
    assert_eq!((code, &made["encrypted"]), (0, &Value::Bool(true)));
    let recovery = made["recovery_key"].as_str().unwrap();
    assert!(!fs::read(&path).unwrap().starts_with(b"SQLite"));

    let search = ["search", "石门", "--ledger", ledger];
    let refused = |secrets: &[(&str, &str)]| {
        let (answer, code) = with_secrets(secrets, &search);
        (answer["error"]["code"].as_str().unwrap().to_owned(), code)
    };
    assert_eq!(refused(&[]), ("passphrase_needed".to_owned(), 3));
    assert_eq!(refused(&[("ZHUCUN_PASSPHRASE", new)]), ("passphrase_wrong".to_owned(), 3));
    assert_eq!(refused(&[("ZHUCUN_RECOVERY_KEY", "ABC")]), ("recovery_key_mistyped".to_owned(), 3));
    let (found, code) = with_secrets(&[("ZHUCUN_PASSPHRASE", old)], &search);
    assert_eq!((code, &found["total"]), (0, &Value::from(1)));

    let change = ["passphrase", "--ledger", ledger];
    assert_eq!(with_secrets(&[("ZHUCUN_NEW_PASSPHRASE", new)], &change).1, 3);
    assert_eq!(with_secrets(&[("ZHUCUN_PASSPHRASE", old)], &change).1, 2, "no new passphrase was given");
    assert_eq!(with_secrets(&[("ZHUCUN_RECOVERY_KEY", recovery), ("ZHUCUN_NEW_PASSPHRASE", new)], &change).1, 0);
    assert_eq!(refused(&[("ZHUCUN_PASSPHRASE", old)]).0, "passphrase_wrong");
    assert_eq!(with_secrets(&[("ZHUCUN_PASSPHRASE", new)], &search).1, 0);
}

#[test]
fn a_ledger_is_plain_without_a_passphrase() {
    let place = Place::new();
    let (refused, code) = with_secrets(
        &[("ZHUCUN_PASSPHRASE", "随便"), ("ZHUCUN_NEW_PASSPHRASE", "也随便")],
        &["passphrase", "--ledger", &place.ledger],
    );
    assert_eq!((refused["error"]["code"].as_str(), code), (Some("not_encrypted"), 1));
}

#[test]
fn check_answers_0_for_a_sound_ledger_1_for_findings_and_3_for_what_does_not_open() {
    let place = Place::new();
    let check = |more: &[&str]| json(&[&["check", "--ledger", &place.ledger][..], more].concat());
    let (value, code) = check(&[]);
    assert_eq!((code, &value["sound"]), (0, &Value::Bool(true)), "{value}");
    fs::write(Path::new(&place.ledger).with_extension("zcj.restored"), "半截").unwrap();
    let (value, code) = check(&[]);
    let found = &value["check"]["findings"][0];
    assert_eq!((code, found["code"].as_str(), found["remedy"].as_str()), (1, Some("file_left_over"), Some("repair")));
    assert!(said(&zhucun(&["check", "--ledger", &place.ledger])).contains("中断的备份或恢复留下的文件"));
    let (value, code) = check(&["--repair"]);
    assert_eq!((code, value["repair"]["mended"][0]["code"].as_str()), (0, Some("file_left_over")), "{value}");
    assert!(Path::new(value["repair"]["copy"].as_str().unwrap()).is_file(), "a copy was made before");
    assert_eq!(check(&["--repair"]).1, 0, "nothing is left to mend");
    let (made, _) = json(&["backup", "--ledger", &place.ledger]);
    fs::write(&place.ledger, "不是台账").unwrap();
    let (value, code) = check(&[]);
    assert_eq!((code, value["error"]["code"].as_str()), (3, Some("not_a_ledger")));
    assert_eq!(value["good_backup"]["backup"]["path"], made["backup"]["path"], "the copy to go back to is named");
    let told = said(&zhucun(&["check", "--ledger", &place.ledger]));
    assert!(told.contains("最近的完好备份") && told.contains("户"), "{told}");
}

#[test]
fn a_ledger_is_handed_over_and_taken_over_under_the_next_teams_passphrase() {
    let place = Place::new();
    let out = place.path("移交");
    let (made, code) = json(&["hand-over", "--ledger", &place.ledger, "--out", &out]);
    let (file, secret) = (made["file"].as_str().unwrap(), made["code"].as_str().unwrap());
    assert_eq!((code, made["sha256"].as_str().map(str::len), secret.len()), (0, Some(64), 23), "{made}");
    assert!(made["contents"]["counts"].as_array().unwrap().len() > 5);
    let list = made["list"].as_str().map(fs::read);
    assert!(made["notes"][0].is_string() || list.is_some_and(|list| list.unwrap().starts_with(b"%PDF")), "{made}");
    let taken = place.path("接收.zcj");
    let take = ["take-over", file, "--ledger", &taken];
    let refused = |secrets: &[(&str, &str)]| {
        let (answer, code) = with_secrets(secrets, &take);
        (answer["error"]["code"].as_str().unwrap_or_default().to_owned(), code)
    };
    let new = ("ZHUCUN_NEW_PASSPHRASE", "雨停了再去上屯");
    assert_eq!(refused(&[new]), ("usage".to_owned(), 2), "no code was given");
    assert_eq!(refused(&[("ZHUCUN_HANDOVER_CODE", secret)]), ("usage".to_owned(), 2), "no passphrase was given");
    assert_eq!(refused(&[new, ("ZHUCUN_HANDOVER_CODE", "ABC")]), ("hand_over_code_mistyped".to_owned(), 1));
    assert!(!Path::new(&taken).exists());
    let (answer, code) = with_secrets(&[new, ("ZHUCUN_HANDOVER_CODE", secret)], &take);
    assert_eq!((code, answer["recovery_key"].as_str().map(str::len)), (0, Some(35)), "{answer}");
    let search = ["search", "石门", "--ledger", &taken];
    assert_eq!(with_secrets(&[("ZHUCUN_PASSPHRASE", new.1)], &search).1, 0);
    assert_eq!(with_secrets(&[("ZHUCUN_PASSPHRASE", secret)], &search).1, 3);
    let (again, code) =
        with_secrets(&[("ZHUCUN_HANDOVER_CODE", "约好的话")], &["hand-over", "--ledger", &place.ledger, "--out", &out]);
    assert_eq!((code, &again["code"]), (0, &Value::Null), "a passphrase that was agreed on is not told again");
    assert_ne!(again["file"], made["file"], "the first file stays");
    assert_eq!(refused(&[new, ("ZHUCUN_HANDOVER_CODE", secret)]).0, "ledger_exists");
}

#[test]
fn a_year_is_filed_into_a_folder_of_its_own() {
    let place = Place::new();
    let out = place.path("归档");
    let archive =
        |more: &[&str]| json(&[&["archive", "--ledger", &place.ledger, "--year", "2026", "--out", &out][..], more].concat());
    let (made, code) = archive(&["--retention", "visits=永久,photos=D10", "--fonds", "Z109"]);
    assert_eq!((code, made["ledgers"].as_u64(), made["reports"].as_u64()), (0, Some(6), Some(0)), "{made}");
    let folder = Path::new(made["folder"].as_str().unwrap());
    assert!(folder.join("归档文件目录.xlsx").is_file() && folder.join("归档文件目录.pdf").is_file());
    assert_eq!(fs::read_dir(folder.join("台账")).unwrap().count(), 6);
    let (again, _) = archive(&[]);
    assert_ne!(again["folder"], made["folder"], "a folder in the way keeps its content");
    for wrong in ["visits=5年", "走访=永久", "永久"] {
        assert_eq!(
            zhucun(&["archive", "--ledger", &place.ledger, "--year", "2026", "--out", &out, "--retention", wrong]).status.code(),
            Some(2)
        );
    }
}

/// `zhucun search … | head`: whoever reads may have had enough.
#[test]
fn a_reader_that_goes_away_is_no_fault_and_a_full_disk_is() {
    let place = Place::new();
    let figures = |to: std::process::Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhucun"));
        command.args(["figures", "--ledger", &place.ledger, "--period", "2026H1"]).stdout(to);
        command.stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let mut child = figures(std::process::Stdio::piped());
    drop(child.stdout.take());
    let left = child.wait_with_output().unwrap();
    assert_eq!((left.status.code(), said_wrong(&left)), (Some(0), String::new()));
    if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
        let left = figures(full.into()).wait_with_output().unwrap();
        assert_eq!(left.status.code(), Some(1));
        assert!(said_wrong(&left).contains("没有写完"), "{}", said_wrong(&left));
    }
}

fn said_wrong(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
