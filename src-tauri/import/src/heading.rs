//! Headings: how they are compared, and the unit that a heading names.

use unicode_normalization::UnicodeNormalization;

/// A unit named in a heading or a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MoneyUnit {
    /// 元.
    Yuan,
    /// 万元.
    Wan,
}

/// A heading as it is compared: one width, no white space, no marks of a required column, no colon.
pub fn fold_heading(text: &str) -> String {
    // Numbers and plain letters, of which data is full, fold to themselves.
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()) {
        return text.to_owned();
    }
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '*' | ':' | '\u{200b}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .map(|c| {
            if matches!(c, '[' | '【' | '〔') {
                '('
            } else if matches!(c, ']' | '】' | '〕') {
                ')'
            } else {
                c
            }
        })
        .collect::<String>()
        .replace("(必填)", "")
        .replace("(选填)", "")
}

/// A folded heading without its last bracket: `务工时间(月)` → `务工时间`.
pub fn without_bracket(folded: &str) -> Option<String> {
    let open = folded.rfind('(')?;
    let close = folded.get(open..)?.find(')')? + open;
    let kept = format!("{}{}", folded.get(..open)?, folded.get(close + 1..)?);
    (!kept.is_empty()).then_some(kept)
}

/// The money unit that a folded heading, or a line such as 单位:万元 above the table, names.
pub fn money_unit(folded: &str) -> Option<MoneyUnit> {
    if folded.contains("万元") {
        return Some(MoneyUnit::Wan);
    }
    let is_yuan = folded.contains("(元)") || folded.contains("单位元") || folded.contains("(元/") || folded.ends_with('元');
    is_yuan.then_some(MoneyUnit::Yuan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_compare_without_width_space_and_marks() {
        assert_eq!(fold_heading(" 户主\n姓　名＊："), "户主姓名");
        assert_eq!(fold_heading("务工时间（月）"), "务工时间(月)");
        assert_eq!(fold_heading("姓名（必填）"), "姓名");
        assert_eq!(without_bracket("务工时间(月)").as_deref(), Some("务工时间"));
        assert_eq!(without_bracket("易返贫致贫户(监测对象)类型").as_deref(), Some("易返贫致贫户类型"));
        assert_eq!(without_bracket("(元)"), None);
        assert_eq!(without_bracket("姓名"), None);
    }

    #[test]
    fn units_of_money_are_read_from_the_heading() {
        for (heading, unit) in [
            ("总投资（万元）", Some(MoneyUnit::Wan)),
            ("补助金额(元)", Some(MoneyUnit::Yuan)),
            ("单位：万元", Some(MoneyUnit::Wan)),
            ("单位：元", Some(MoneyUnit::Yuan)),
            ("标准（元/人）", Some(MoneyUnit::Yuan)),
            ("总投资", None),
        ] {
            assert_eq!(money_unit(&fold_heading(heading)), unit, "{heading}");
        }
    }
}
