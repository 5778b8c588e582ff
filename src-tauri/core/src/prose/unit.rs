//! Measure words: what follows a number and makes it a count, and what makes it none.

use super::starts_with;

/// Longer ones first where one begins another.
const UNITS: &[&str] = &[
    "个百分点",
    "平方公里",
    "平方米",
    "立方米",
    "户次",
    "人次",
    "场次",
    "人天",
    "公里",
    "千米",
    "公斤",
    "千克",
    "公顷",
    "厘米",
    "毫米",
    "学时",
    "课时",
    "户",
    "人",
    "名",
    "位",
    "口",
    "个",
    "件",
    "次",
    "场",
    "期",
    "篇",
    "处",
    "条",
    "项",
    "份",
    "本",
    "册",
    "张",
    "幅",
    "天",
    "座",
    "栋",
    "幢",
    "间",
    "套",
    "台",
    "辆",
    "盏",
    "头",
    "只",
    "羽",
    "株",
    "棵",
    "对",
    "批",
    "轮",
    "类",
    "种",
    "笔",
    "宗",
    "起",
    "例",
    "封",
    "段",
    "块",
    "车",
    "桶",
    "袋",
    "箱",
    "家",
    "村",
    "屯",
    "倍",
    "亩",
    "吨",
    "斤",
    "米",
    "元",
    "％",
    "%",
];

/// Behind these a number is a date, a length of time, a rank or a name.
const NOT_COUNTED: &[&str] = &[
    "个月",
    "个半月",
    "个季度",
    "个小时",
    "个星期",
    "个工作日",
    "年",
    "月",
    "日",
    "号",
    "时",
    "点",
    "分",
    "秒",
    "岁",
    "季度",
    "周",
    "小时",
    "级",
    "届",
    "度",
    "组",
    "队",
    "班",
    "社",
    "路",
    "线",
    "楼",
    "层",
    "款",
    "章",
    "编",
    "纵",
    "横",
    "周岁",
    "世纪",
    "人制",
    "次会议",
    "次全会",
    "条例",
    "件套",
    "本账",
    "张网",
    "条心",
    "家子",
    "起来",
    "对一",
    "对接",
    "位一体",
    "本通",
];

/// The unit at a place, with what lies behind it.
pub(super) fn at(chars: &[char], at: usize) -> Option<(String, usize)> {
    if starts_with(chars, at, "个人") && !starts_with(chars, at, "个人次") {
        return Some(("个人".to_owned(), at + 2));
    }
    let unit = UNITS.iter().find(|unit| starts_with(chars, at, unit))?;
    Some(((*unit).to_owned(), at + unit.chars().count()))
}

/// Whether what follows makes the number no count.
pub(super) fn is_not_counted(chars: &[char], at: usize) -> bool {
    NOT_COUNTED.iter().any(|word| starts_with(chars, at, word))
}

/// One name for units that count the same: 名, 位 and 个人 are 人; 万元 is told by its base 元.
pub fn canonical(unit: &str) -> String {
    let base = unit.trim_start_matches(['万', '亿', '千']);
    let base = if base.is_empty() { unit } else { base };
    match base {
        "名" | "位" | "个人" | "口" => "人",
        "场次" => "场",
        "％" => "%",
        "千米" => "公里",
        "千克" => "公斤",
        other => other,
    }
    .to_owned()
}
