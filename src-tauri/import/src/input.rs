//! From cells to values, as people fill in sheets: dates in five shapes, numbers with units, digits of any width.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use zhucun_core::value::{Half, ParseDecimalError, Period, half_width, parse_decimal};

use crate::heading::MoneyUnit;
use crate::workbook::Cell;

/// Why a cell cannot be taken. `code` is stable; the message says what to do and never repeats the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable name of the case.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// A fault.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Fault { code, message: message.into() }
    }
}

type Read<T> = Result<T, Fault>;

/// From here on a number in a cell has lost digits: Excel keeps fifteen.
const FIFTEEN_DIGITS: f64 = 1e15;

/// A cell as text; empty for nothing.
pub fn text(cell: &Cell) -> Read<Cow<'_, str>> {
    match cell {
        Cell::Empty => Ok(Cow::Borrowed("")),
        Cell::Text(text) => Ok(Cow::Borrowed(text.trim())),
        Cell::Number(number) => Ok(Cow::Owned(plain(*number))),
        Cell::DateTime(moment) if moment.time() == chrono::NaiveTime::MIN => Ok(Cow::Owned(moment.date().to_string())),
        Cell::DateTime(moment) => Ok(Cow::Owned(moment.format("%Y-%m-%d %H:%M").to_string())),
        Cell::Bool(value) => Ok(Cow::Borrowed(if *value { "是" } else { "否" })),
        Cell::Error(_) => Err(Fault::new("formula_error", "这一格是公式错误，请在表格里改正")),
    }
}

/// A number without trailing zeros and without the noise of binary fractions.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < FIFTEEN_DIGITS {
        return format!("{number:.0}");
    }
    let shown = format!("{number:.8}");
    let shown = shown.trim_end_matches('0').trim_end_matches('.');
    if shown.is_empty() || shown == "-" { "0".to_owned() } else { shown.to_owned() }
}

/// A name: no white space between Chinese characters, half-width letters, one kind of middle dot.
pub fn name(cell: &Cell) -> Read<String> {
    let text = text(cell)?;
    let folded = half_width(&text);
    let chinese = |c: char| !c.is_ascii() && !c.is_whitespace();
    let is_chinese = folded.chars().any(chinese);
    Ok(folded
        .chars()
        .filter(|c| !(is_chinese && c.is_whitespace()))
        .map(|c| if matches!(c, '•' | '・' | '‧' | '∙' | '⋅' | '．') { '·' } else { c })
        .collect())
}

/// Digits that name something: 户编号, 电话, 账号. Half-width, without white space; refused where Excel lost digits.
pub fn number_text(cell: &Cell) -> Read<String> {
    let damaged = || Fault::new("number_damaged", "这一格的数字超过15位，已被Excel改坏。请把该列设为文本格式，重新填写后再导入");
    if matches!(cell, Cell::Number(number) if number.abs() >= FIFTEEN_DIGITS) {
        return Err(damaged());
    }
    let text: String = half_width(&text(cell)?).chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_start_matches('\'').to_owned();
    if is_scientific(&text) { Err(damaged()) } else { Ok(text) }
}

/// 身份证号, half-width and upper case; refused with advice where Excel damaged it.
pub fn id_number(cell: &Cell) -> Read<String> {
    let damaged = || {
        Fault::new(
            "id_damaged",
            "身份证号已被Excel改坏（超过15位的数字末尾会变成000）。请把该列设为文本格式，或从系统里按文本重新导出",
        )
    };
    if matches!(cell, Cell::Number(number) if number.abs() >= FIFTEEN_DIGITS) {
        return Err(damaged());
    }
    let text = text(cell)?;
    let number = zhucun_core::value::IdNumber::tidy(text.trim_start_matches(['\'', '‘', '’', '`']));
    if is_scientific(&number) {
        return Err(damaged());
    }
    Ok(if matches!(number.as_str(), "无" | "-" | "—" | "/") { String::new() } else { number })
}

/// `1.1E+17`.
fn is_scientific(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let Some((mantissa, exponent)) = upper.split_once("E+").or_else(|| upper.split_once('E')) else { return false };
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '.');
    digits(mantissa) && mantissa.contains(|c: char| c.is_ascii_digit()) && digits(exponent)
}

/// A day. A month stands for its first day. `year` is meant where the cell names none.
pub fn day(cell: &Cell, year: Option<i32>) -> Read<Option<NaiveDate>> {
    let wrong = || Fault::new("date_shape", "看不懂这个日期，请写成2026-06-05这样");
    match cell {
        Cell::Empty => Ok(None),
        Cell::DateTime(moment) => Ok(Some(moment.date())),
        Cell::Number(number) => day_of_number(*number).map(Some).ok_or_else(wrong),
        Cell::Bool(_) => Err(wrong()),
        Cell::Text(_) | Cell::Error(_) => {
            let typed = text(cell)?;
            let typed = half_width(&typed);
            let text: String = without_time(typed.trim()).chars().filter(|c| !c.is_whitespace()).collect();
            if text.is_empty() || matches!(text.as_str(), "-" | "—" | "/" | "无") {
                return Ok(None);
            }
            day_of_text(&text, year)?.map(Some).ok_or_else(wrong)
        }
    }
}

/// 20260605, 202606, or the serial number of Excel (1 = 1900-01-01, with its leap day that never was).
fn day_of_number(number: f64) -> Option<NaiveDate> {
    let whole = number.trunc();
    if !(1.0..1e8).contains(&whole) {
        return None;
    }
    // The value lies between 1 and 10⁸, so nothing is cut.
    #[allow(clippy::cast_possible_truncation)]
    let whole = whole as i64;
    match whole {
        // 1927 to 2173 as serial numbers; below are years and small counts, which are no dates.
        10_000..=99_999 => NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::Duration::days(whole)),
        100_000.. => day_of_digits(&whole.to_string()),
        _ => decimal_month(number),
    }
}

/// `2026.06` typed as a number.
fn decimal_month(number: f64) -> Option<NaiveDate> {
    let text = format!("{number:.2}");
    let (year, month) = text.split_once('.')?;
    let year: i32 = year.parse().ok()?;
    (1900..=2100).contains(&year).then(|| NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1)).flatten()
}

fn day_of_digits(digits: &str) -> Option<NaiveDate> {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let year = i32::try_from(part(0, 4)?).ok()?;
    if !(1900..=2100).contains(&year) {
        return None;
    }
    match digits.len() {
        8 => NaiveDate::from_ymd_opt(year, part(4, 6)?, part(6, 8)?),
        6 => NaiveDate::from_ymd_opt(year, part(4, 6)?, 1),
        _ => None,
    }
}

/// Without a time of day behind the date.
fn without_time(text: &str) -> &str {
    match text.split_once(char::is_whitespace) {
        Some((day, rest)) if rest.contains(':') => day,
        _ => text,
    }
}

fn day_of_text(text: &str, year: Option<i32>) -> Read<Option<NaiveDate>> {
    // The weekday, in brackets or not, says nothing of the date.
    let text = text.split(['T', '(', '（', '星', '周']).next().unwrap_or(text);
    if text.chars().all(|c| c.is_ascii_digit()) {
        if let (5, Ok(serial)) = (text.len(), text.parse::<f64>()) {
            return Ok(day_of_number(serial));
        }
        return Ok(day_of_digits(text));
    }
    let unified: String = text
        .trim_end_matches(['日', '号', '.', '/', '-'])
        .chars()
        .map(|c| if matches!(c, '年' | '月' | '.' | '/' | '-' | '。' | '、' | '－' | '—') { '-' } else { c })
        .collect();
    let has_year_word = text.contains('年');
    let parts: Vec<&str> = unified.trim_end_matches('-').split('-').filter(|part| !part.is_empty()).collect();
    let numbers: Option<Vec<u32>> =
        parts.iter().map(|part| if part.chars().all(|c| c.is_ascii_digit()) { part.parse().ok() } else { None }).collect();
    let Some(numbers) = numbers else { return Ok(None) };
    let full_year = |short: u32| if short < 100 { 2000 + short } else { short };
    let made = |year: u32, month: u32, day: u32| {
        let year = i32::try_from(year).ok().filter(|year| (1900..=2100).contains(year))?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    Ok(match numbers.as_slice() {
        [year, month, day] if *year >= 1000 || *year < 100 => made(full_year(*year), *month, *day),
        [year, month] if *year >= 1000 => made(*year, *month, 1),
        [year, month] if has_year_word && *year < 100 => made(full_year(*year), *month, 1),
        [month, day] => match year {
            Some(year) => NaiveDate::from_ymd_opt(year, *month, *day),
            None => return Err(Fault::new("year_missing", "日期没有写年份，请在导入设置里选择年份，或在表格里补上")),
        },
        _ => None,
    })
}

/// A year: 2019, 2019年, or that of a day.
pub fn year(cell: &Cell) -> Read<Option<i64>> {
    let wrong = || Fault::new("year_shape", "看不懂这个年度，请写成2026这样");
    let typed = match cell {
        Cell::DateTime(moment) => return Ok(Some(i64::from(moment.year()))),
        other => text(other)?,
    };
    let text: String = half_width(&typed).chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.trim_end_matches(['度', '年']);
    let year = digits.get(..4).and_then(|year| year.parse::<i64>().ok()).filter(|year| (1900..=2100).contains(year));
    let rest_is_month = digits.len() == 4 || day(&Cell::Text(text.as_str().into()), None).is_ok_and(|day| day.is_some());
    year.filter(|_| rest_is_month).map(Some).ok_or_else(wrong)
}

/// A half-year: 2026H1, 2026年上半年, or any month of it. A whole year is not one half.
pub fn period(cell: &Cell) -> Read<Option<Period>> {
    let typed = text(cell)?;
    let text: String = half_width(&typed).chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(period) = Period::parse(&text.replacen('年', "", 1)).or_else(|| Period::parse(&text)) {
        return Ok(Some(period));
    }
    let day = if text.len() == 4 { None } else { day(cell, None).ok().flatten() };
    let of_day = |day: NaiveDate| Period::new(day.year(), if day.month() <= 6 { Half::First } else { Half::Second });
    day.and_then(of_day).map(Some).ok_or_else(|| Fault::new("period_shape", "请写明是哪个半年，例如2026年上半年"))
}

/// A number with at most `places` decimals, times 10 to that power. Units behind it are passed over.
pub fn decimal(cell: &Cell, places: u32) -> Read<Option<i64>> {
    let text = text(cell)?;
    let text = half_width(&text);
    let text = text.trim().trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.');
    if text.is_empty() {
        return if is_blank(cell) { Ok(None) } else { Err(Fault::new("number_shape", "这里应填数字，请核对")) };
    }
    let text = rounded(cell, text, places);
    match parse_decimal(&text, places) {
        Ok(value) => Ok(Some(value)),
        Err(ParseDecimalError::Decimals) => Err(Fault::new("number_decimals", format!("最多{places}位小数，请核对"))),
        Err(_) => Err(Fault::new("number_shape", "这里应填数字，请核对")),
    }
}

/// A computed cell carries more digits than anybody wrote; the sheet shows it rounded, and so do we.
fn rounded<'t>(cell: &Cell, text: &'t str, places: u32) -> Cow<'t, str> {
    match cell {
        Cell::Number(number) if number.fract() != 0.0 && number.abs() < 1e12 => {
            let exact = format!("{number:.*}", places as usize);
            let same = exact.parse::<f64>().is_ok_and(|back| (back - number).abs() <= number.abs() * 1e-12);
            if same { Cow::Owned(exact) } else { Cow::Borrowed(text) }
        }
        _ => Cow::Borrowed(text),
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().chars().all(|c| matches!(c, '-' | '—' | '－' | '/' | '无' | '／')),
        _ => false,
    }
}

/// A whole number.
pub fn count(cell: &Cell) -> Read<Option<i64>> {
    match decimal(cell, 0) {
        Err(fault) if fault.code == "number_decimals" => Err(Fault::new("number_decimals", "这里应填整数，请核对")),
        other => other,
    }
}

/// Money in 分. The cell's own unit goes before the heading's; without any, `fallback` holds, and without that it is asked.
pub fn money(cell: &Cell, heading: Option<MoneyUnit>) -> Read<Option<i64>> {
    let typed: String = half_width(&text(cell)?).chars().filter(|c| !c.is_whitespace()).collect();
    let typed = typed.trim_start_matches(['¥', '￥']);
    let (digits, own) = if let Some(rest) = typed.strip_suffix("万元").or_else(|| typed.strip_suffix('万')) {
        (rest, Some(MoneyUnit::Wan))
    } else if let Some(rest) = typed.strip_suffix('元').or_else(|| typed.strip_suffix('块')) {
        (rest, Some(MoneyUnit::Yuan))
    } else {
        (typed, None)
    };
    if is_blank(cell) {
        return Ok(None);
    }
    let unit = own.or(heading).ok_or_else(|| Fault::new("unit_missing", "不知道这一列是元还是万元，请在“列对应”里选择单位"))?;
    let places = if unit == MoneyUnit::Wan { 6 } else { 2 };
    match parse_decimal(&rounded(cell, digits, places), places) {
        Ok(fen) => Ok(Some(fen)),
        Err(ParseDecimalError::Decimals) => Err(Fault::new("money_decimals", "金额精确到分，请核对小数位数")),
        Err(_) => Err(Fault::new("money_shape", "这里应填金额数字，请核对")),
    }
}

/// Per cent in basis points. A fraction from a cell shown as per cent (0.85) and a number (85) are told apart by `%`
/// and by size: 1 and below is a fraction.
pub fn progress(cell: &Cell) -> Read<Option<i64>> {
    if let Cell::Number(number) = cell
        && (0.0..=1.0).contains(number)
    {
        return decimal(&Cell::Number(number * 100.0), 2);
    }
    let typed = text(cell)?;
    if matches!(typed.as_ref(), "已完工" | "完工" | "已完成" | "完成" | "已竣工") {
        return Ok(Some(10_000));
    }
    if matches!(typed.as_ref(), "未开工" | "未启动") {
        return Ok(Some(0));
    }
    decimal(cell, 2)
}

/// The entries of a cell that names several: 、，,;／ and line breaks part them; spaces do where every part is a name.
pub fn entries(text: &str) -> Vec<String> {
    let parted: Vec<&str> =
        text.split(['、', '，', ',', ';', '；', '/', '／', '\n', '|']).map(str::trim).filter(|e| !e.is_empty()).collect();
    let by_space = |entry: &&str| {
        let words: Vec<&str> = entry.split_whitespace().collect();
        let names = words.len() > 1 && words.iter().all(|word| (2..=4).contains(&word.chars().count()));
        if names { words.into_iter().map(str::to_owned).collect() } else { vec![(*entry).to_owned()] }
    };
    parted.iter().flat_map(by_space).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn dates_in_every_shape_of_the_sheets() {
        let expected = NaiveDate::from_ymd_opt(2026, 6, 5);
        for cell in [
            t("2026-06-05"),
            t("2026/6/5"),
            t("2026.6.5"),
            t("2026年6月5日"),
            t("20260605"),
            t("２０２６．６．５"),
            t("2026-06-05 00:00:00"),
            t("26.6.5"),
            t("2026年6月5号"),
            t("2026 . 6 . 5"),
            t("46178"),
            Cell::Number(46178.0),
            Cell::Number(20_260_605.0),
            t("2026.6.5（星期五）"),
            t("2026-06-05 9:30"),
            t("6月5日"),
            t("6.5"),
        ] {
            assert_eq!(day(&cell, Some(2026)), Ok(expected), "{cell:?}");
        }
        let month = NaiveDate::from_ymd_opt(2026, 6, 1);
        for cell in [t("202606"), t("2026年6月"), t("2026.06"), t("2026-6"), Cell::Number(202_606.0), Cell::Number(2026.06)] {
            assert_eq!(day(&cell, None), Ok(month), "{cell:?}");
        }
        assert_eq!(day(&Cell::Empty, None), Ok(None));
        assert_eq!(day(&t("6.5"), None).map_err(|fault| fault.code), Err("year_missing"));
        for cell in
            [t("2026-02-30"), t("上周"), t("2026"), Cell::Number(5.0), Cell::Number(-3.0), Cell::Number(f64::NAN), t("1.2.3.4")]
        {
            assert_eq!(day(&cell, None).map_err(|fault| fault.code), Err("date_shape"), "{cell:?}");
        }
    }

    #[test]
    fn money_by_its_unit_to_the_fen() {
        use MoneyUnit::{Wan, Yuan};
        for (cell, unit, fen) in [
            (t("1,500"), Some(Yuan), 150_000),
            (t("１５００元"), None, 150_000),
            (t("1.5万元"), Some(Yuan), 1_500_000),
            (t("2万"), None, 2_000_000),
            (Cell::Number(13.27), Some(Wan), 13_270_000),
            (Cell::Number(0.1 + 0.2), Some(Yuan), 30),
            (Cell::Number(12.3456), Some(Wan), 12_345_600),
            (t("¥300.50"), Some(Yuan), 30_050),
            (Cell::Number(9.876_543), Some(Wan), 9_876_543),
        ] {
            assert_eq!(money(&cell, unit), Ok(Some(fen)), "{cell:?}");
        }
        let code = |cell: &Cell, unit| money(cell, unit).map_err(|fault| fault.code);
        assert_eq!(code(&t("15"), None), Err("unit_missing"));
        assert_eq!(code(&t("十五"), Some(Yuan)), Err("money_shape"));
        assert_eq!(code(&t("1.234"), Some(Yuan)), Err("money_decimals"));
        assert_eq!(code(&Cell::Number(1.234), Some(Yuan)), Err("money_decimals"));
        assert_eq!(code(&t("—"), None), Ok(None));
    }

    #[test]
    fn id_numbers_are_repaired_or_refused() {
        assert_eq!(id_number(&t("１１０１０５ 19491231 002x")), Ok("11010519491231002X".to_owned()));
        assert_eq!(id_number(&t("'11010519491231002X")), Ok("11010519491231002X".to_owned()));
        for cell in [Cell::Number(110_105_194_912_310_000.0), t("1.10105E+17"), t("1.1e17")] {
            assert_eq!(id_number(&cell).map_err(|fault| fault.code), Err("id_damaged"), "{cell:?}");
        }
        assert_eq!(number_text(&Cell::Number(13_912_345_678.0)), Ok("13912345678".to_owned()));
        assert_eq!(number_text(&t("139 1234 5678")), Ok("13912345678".to_owned()));
        assert_eq!(number_text(&Cell::Number(6.217e18)).map_err(|fault| fault.code), Err("number_damaged"));
    }

    #[test]
    fn names_lose_their_blanks_and_keep_their_dots() {
        assert_eq!(name(&t("石 老　三")), Ok("石老三".to_owned()));
        assert_eq!(name(&t("阿依古丽•买买提")), Ok("阿依古丽·买买提".to_owned()));
        assert_eq!(name(&t("John Smith")), Ok("John Smith".to_owned()));
        assert_eq!(entries("石老三、潘七，韦小妹"), ["石老三", "潘七", "韦小妹"]);
        assert_eq!(entries("石老三 潘七"), ["石老三", "潘七"]);
        assert_eq!(entries("宣传防火 并核对收入情况"), ["宣传防火 并核对收入情况"]);
    }

    #[test]
    fn years_halves_and_per_cent() {
        for cell in [t("2019"), t("2019年"), t("2019年度"), Cell::Number(2019.0), t("201906"), t("2019-06")] {
            assert_eq!(year(&cell), Ok(Some(2019)), "{cell:?}");
        }
        assert!(year(&t("去年")).is_err() && year(&t("20191399")).is_err());
        for cell in [t("2026H1"), t("2026年上半年"), t("2026年6月"), t("202603"), t("2026-06-30")] {
            assert_eq!(period(&cell).map(|p| p.map(|p| p.to_string())), Ok(Some("2026H1".to_owned())), "{cell:?}");
        }
        assert!(period(&t("2026年")).is_err() && period(&t("2026")).is_err());
        for (cell, points) in
            [(t("85%"), 8500), (Cell::Number(0.85), 8500), (Cell::Number(85.0), 8500), (t("100"), 10_000), (t("已完工"), 10_000)]
        {
            assert_eq!(progress(&cell), Ok(Some(points)), "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_cell_is_read_or_refused(text in "\\PC{0,24}", number in proptest::num::f64::ANY) {
            for cell in [t(&text), Cell::Number(number)] {
                let _ = (super::text(&cell), name(&cell), number_text(&cell), id_number(&cell), day(&cell, Some(2026)), year(&cell));
                let _ = (period(&cell), decimal(&cell, 2), count(&cell), money(&cell, None), progress(&cell));
            }
            let _ = entries(&text);
        }

        #[test]
        fn a_day_written_in_any_shape_is_that_day(serial in 20_000i64..60_000, shape in 0usize..6) {
            let day_meant = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap() + chrono::Duration::days(serial);
            let pattern = ["%Y-%m-%d", "%Y.%-m.%-d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y%m%d", "%Y-%m-%d 00:00:00"][shape];
            proptest::prop_assert_eq!(day(&t(&day_meant.format(pattern).to_string()), None), Ok(Some(day_meant)));
            #[allow(clippy::cast_precision_loss)]
            let number = Cell::Number(serial as f64);
            proptest::prop_assert_eq!(day(&number, None), Ok(Some(day_meant)));
        }
    }
}
