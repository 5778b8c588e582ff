//! Heads and rows as they come.

use super::*;
use crate::workbook::Merge;

/// A sheet from lines of cells between bars; an empty line is a blank row.
pub(crate) fn sheet(lines: &[&str]) -> Sheet {
    let cell = |text: &str| match text.trim() {
        "" => Cell::Empty,
        number if number.parse::<f64>().is_ok() && !number.starts_with('0') && number.len() < 16 => {
            Cell::Number(number.parse().unwrap())
        }
        text => Cell::Text(text.trim_start_matches('\'').into()),
    };
    let rows = (1..)
        .zip(lines)
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| SheetRow { number, cells: line.split('|').map(cell).collect() });
    Sheet { name: "表1".to_owned(), rows: rows.collect(), ..Sheet::default() }
}

fn fields_of(guess: &Guess) -> Vec<&str> {
    guess.mapping.columns.iter().map(|column| column.field.as_deref().unwrap_or("-")).collect()
}

#[test]
fn the_head_is_found_below_titles_and_notes() {
    let sheet = sheet(&[
        "石门村2026年上半年走访登记表",
        "填表单位：石门村驻村工作队||单位：元",
        "序号|走访日期|户主姓名|方式|走访内容|走访人|备用",
        "1|2026-01-05|石老三|入户|宣传防火|罗启明|",
        "",
        "合计|||||1户",
        "填表人：罗启明",
    ]);
    let guess = guess(&sheet).unwrap();
    assert_eq!(guess.kind, Kind::Visit);
    assert_eq!((guess.mapping.first_row, guess.mapping.last_row, guess.mapping.year), (3, 3, Some(2026)));
    assert_eq!(fields_of(&guess), ["-", "day", "households", "mode", "content", "visitors", "-"]);
    assert!(guess.mapping.columns[0].derived && !guess.mapping.columns[6].derived);
    let rows: Vec<u32> = data_rows(&sheet, &guess.mapping).map(|row| row.number).collect();
    assert_eq!(rows, [4], "the sum, the blank row and the signature are no data");
}

#[test]
fn a_head_of_two_rows_is_joined_and_its_unit_found() {
    let mut sheet = sheet(&[
        "项目台账",
        "序号|项目名称|资金（万元）|||时间||备注",
        "||总投资|到位|拨付|开工时间|完工时间|",
        "1|2|3|4|5|6|7|8",
        "1|上屯护栏|4.2|4.2|4.2|2026.3.1|2026.4.20|",
    ]);
    let merge = |first_row, first_column, last_row, last_column| Merge { first_row, first_column, last_row, last_column };
    sheet.merges = vec![merge(2, 2, 2, 4), merge(2, 5, 2, 6), merge(2, 0, 3, 0), merge(2, 1, 3, 1), merge(2, 7, 3, 7)];
    let guess = guess(&sheet).unwrap();
    assert_eq!(guess.kind, Kind::Project);
    assert_eq!((guess.mapping.first_row, guess.mapping.last_row), (2, 3));
    assert_eq!(fields_of(&guess), ["-", "name", "budget", "arrived", "appropriated", "actual.started", "actual.completed", "-"]);
    let units: Vec<_> = guess.mapping.columns.iter().filter_map(|column| column.unit).collect();
    assert_eq!(units, [MoneyUnit::Wan; 3], "the unit above the three columns holds for each");
    assert_eq!(data_rows(&sheet, &guess.mapping).count(), 1, "the row of column numbers is no data");
}

#[test]
fn each_kind_is_known_by_its_headings() {
    for (kind, head) in [
        (Kind::Household, "户编号|人编号|姓名|证件号码|与户主关系|民族|户类型|务工时间（月）|人均纯收入"),
        (Kind::Household, "序号|户主|身份证号|家庭人口|户类型|电话|组"),
        (Kind::Household, "姓名|证件号码|户类型|监测对象类别|是否已务工|开始时间|结束时间|就业渠道|所属行业|务工企业名称"),
        (Kind::Visit, "日期|户主|方式|走访内容|走访人"),
        (Kind::Application, "序号|姓名|身份证号|补贴项目|申报金额（元）|申报日期|状态"),
        (Kind::Project, "项目名称|建设内容|总投资（万元）|实施单位|开工时间|完工时间|进度"),
        (Kind::Activity, "时间|地点|活动名称|类型|参加人次|内容"),
        (Kind::Indicator, "类别|指标|单位|计划|实际|期间|基数"),
    ] {
        let sheet = sheet(&[head]);
        assert_eq!(guess(&sheet).map(|guess| guess.kind), Some(kind), "{head}");
    }
    assert_eq!(guess(&sheet(&["甲|乙|丙"])), None);
}

#[test]
fn what_was_chosen_is_remembered_by_the_headings() {
    let sheet = sheet(&["日期|走访哪家|方式|走访内容|走访人"]);
    let mut first = guess_as(&sheet, Kind::Visit).unwrap().mapping;
    assert_eq!(first.columns[1].field, None);
    first.columns[1].field = Some("households".to_owned());
    let mut again = guess_as(&sheet, Kind::Visit).unwrap().mapping;
    assert_eq!(again.fingerprint(Kind::Visit), first.fingerprint(Kind::Visit));
    again.apply_kept(&first.to_keep());
    assert_eq!(again, first);
}
