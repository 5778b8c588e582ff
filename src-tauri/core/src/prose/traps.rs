//! What looks like a count and is none: dates, document numbers, ordinals, numbering, names in quotation marks, set phrases.

use super::numeral::{is_arabic, is_chinese, is_digit};
use super::{ends_sentence, is_han, starts_with};

/// Set phrases, policies, festivals and hotlines that have numbers in them.
const PHRASES: &[&str] = &[
    "三会一课",
    "两不愁三保障",
    "两不愁",
    "三保障",
    "十一有一低于",
    "一户一策",
    "一户一档",
    "一户一宅",
    "一卡通",
    "一折通",
    "一卡（折）通",
    "一村一品",
    "一事一议",
    "一村一策",
    "四议两公开",
    "三农",
    "五保户",
    "五保",
    "四好农村路",
    "一对一",
    "一帮一",
    "一把手",
    "一肩挑",
    "一站式",
    "一窗",
    "一线",
    "一定",
    "一些",
    "一般",
    "一直",
    "一起",
    "一致",
    "一方面",
    "一系列",
    "一体",
    "一批",
    "一律",
    "一并",
    "一同",
    "一次性",
    "一步",
    "一时",
    "一度",
    "一手",
    "一家",
    "一带",
    "一名",
    "一个",
    "一旦",
    "一切",
    "一样",
    "一面",
    "一流",
    "一道",
    "一心",
    "一揽子",
    "一盘棋",
    "一产",
    "二产",
    "三产",
    "一二三产业",
    "三资",
    "三务",
    "三变",
    "三下乡",
    "三乱",
    "三留守",
    "三支一扶",
    "三分之",
    "二分之",
    "四分之",
    "五分之",
    "四个意识",
    "四个自信",
    "两个维护",
    "两个确立",
    "四个全面",
    "五位一体",
    "五个一",
    "三个一",
    "六个一",
    "四风",
    "三严三实",
    "两学一做",
    "八项规定",
    "六项纪律",
    "十三五",
    "十四五",
    "十五五",
    "二十大",
    "二十届",
    "十九大",
    "三中全会",
    "四中全会",
    "千村示范",
    "万村整治",
    "千万工程",
    "百千万工程",
    "千家万户",
    "千方百计",
    "万众",
    "万家",
    "三江",
    "三伏",
    "三秋",
    "四季",
    "四邻",
    "六一",
    "七一",
    "八一",
    "三八",
    "五一",
    "五四",
    "十一黄金周",
    "国庆",
    "两会",
    "两委",
    "两山",
    "两新",
    "两癌",
    "两免一补",
    "两后生",
    "双十一",
    "五星",
    "六尺巷",
    "九年义务",
    "四级联动",
    "三级联动",
    "两级",
    "三级",
    "四级",
    "五级",
    "三位一体",
    "五大振兴",
    "五个振兴",
    "三番五次",
    "七上八下",
    "十里八乡",
    "五谷",
    "五金",
    "零距离",
    "零容忍",
    "零报告",
    "张三",
    "李四",
    "王五",
    "赵六",
    "老三",
    "老四",
    "老五",
    "老六",
    "老七",
    "老八",
    "老九",
    "老二",
    "老大",
    "阿三",
    "三好",
    "四史",
    "五老",
    "六大员",
    "两代表一委员",
    "三新",
    "四新",
    "四下基层",
    "三项制度",
    "12345",
    "12315",
    "12348",
    "12316",
    "12388",
    "3·15",
    "5·12",
];

/// For each character whether it belongs to something that is no count.
pub(super) fn masked(chars: &[char]) -> Vec<bool> {
    let mut mask = Mask { chars, hidden: vec![false; chars.len()] };
    mask.quotes();
    mask.phrases();
    for at in 0..chars.len() {
        mask.document_number(at);
        mask.ordinal(at);
        mask.numbering(at);
        mask.date(at);
        mask.code(at);
    }
    mask.hidden
}

struct Mask<'c> {
    chars: &'c [char],
    hidden: Vec<bool>,
}

impl Mask<'_> {
    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.char(at))
    }

    fn hide(&mut self, from: usize, to: usize) {
        self.hidden.iter_mut().take(to).skip(from).for_each(|hidden| *hidden = true);
    }

    /// Behind the run of characters from a place that fulfil a condition.
    fn run(&self, from: usize, is: impl Fn(char) -> bool) -> usize {
        from + self.chars.iter().skip(from).take_while(|c| is(**c)).count()
    }

    /// Titles, and short texts in quotation marks: “三会一课”, “5+2”.
    fn quotes(&mut self) {
        const SHORT: usize = 14;
        for (open, close, any_length) in
            [('《', '》', true), ('〈', '〉', true), ('“', '”', false), ('‘', '’', false), ('「', '」', false)]
        {
            let mut at = 0;
            while let Some(from) = self.chars.iter().skip(at).position(|c| *c == open).map(|found| at + found) {
                let Some(length) = self.chars.iter().skip(from).position(|c| *c == close) else { break };
                if any_length || length <= SHORT {
                    self.hide(from, from + length);
                }
                at = from + length + 1;
            }
        }
    }

    fn phrases(&mut self) {
        for at in 0..self.chars.len() {
            if !self.char(at).is_some_and(|c| is_digit(c) || "双国老阿小张李王赵万".contains(c)) {
                continue;
            }
            for phrase in PHRASES {
                if starts_with(self.chars, at, phrase) {
                    self.hide(at, at + phrase.chars().count());
                }
            }
        }
    }

    /// 〔2026〕3号, [2026]3号, 第3号.
    fn document_number(&mut self, at: usize) {
        if !matches!(self.char(at), Some('〔' | '[' | '［')) {
            return;
        }
        let year = self.run(at + 1, is_arabic);
        if year > at + 1 && matches!(self.char(year), Some('〕' | ']' | '］')) {
            let to = self.run(year + 1, is_digit);
            self.hide(at, to + 1);
        }
    }

    /// 第三季度, 第1名, 第2批: the number and the word it ranks.
    fn ordinal(&mut self, at: usize) {
        if self.char(at) == Some('第') {
            let to = self.run(at + 1, |c| is_digit(c) || "万亿-－—至到、和".contains(c));
            if to > at + 1 {
                self.hide(at, to + 1);
            }
        }
    }

    /// 一是, 二要; and 1. 1、 （1） （一） 一、 where a sentence begins.
    fn numbering(&mut self, at: usize) {
        let to = self.run(at, is_chinese);
        if to > at && self.begins_clause(at) && matches!(self.char(to), Some('是' | '要')) {
            self.hide(at, to);
        }
        if matches!(self.char(at), Some('（' | '(')) {
            let to = self.run(at + 1, is_digit);
            if to > at + 1 && matches!(self.char(to), Some('）' | ')')) {
                self.hide(at, to);
            }
        } else if self.begins_sentence(at) {
            let to = self.run(at, is_digit);
            let stop = matches!(self.char(to), Some('.' | '．' | '、' | ')' | '）')) && !self.char(to + 1).is_some_and(is_arabic);
            if to > at && stop {
                self.hide(at, to);
            }
        }
    }

    fn begins_sentence(&self, at: usize) -> bool {
        self.before(at).is_none_or(|c| ends_sentence(c) || matches!(c, '；' | '：' | ' ' | '\u{3000}'))
    }

    fn begins_clause(&self, at: usize) -> bool {
        self.begins_sentence(at) || self.before(at).is_some_and(|c| "，、,（(“".contains(c))
    }

    /// 2026年6月30日, 二〇二六年, 6月, 2026-6-30, 2021—2025年, 20世纪90年代.
    fn date(&mut self, at: usize) {
        if self.before(at).is_some_and(is_digit) {
            return;
        }
        let to = self.run(at, is_digit);
        if to == at {
            return;
        }
        let mut end = to;
        let mut parts = 1;
        while matches!(self.char(end), Some('-' | '—' | '－' | '.' | '/' | '至' | '～'))
            && self.char(end + 1).is_some_and(is_arabic)
        {
            end = self.run(end + 1, is_arabic);
            parts += 1;
        }
        let is_year = |from: usize, to: usize| to - from == 4 && self.char(from).is_some_and(|c| "12一二１２".contains(c));
        if parts >= 3 || (parts == 2 && is_year(at, to) && self.char(to) != Some('.')) {
            self.hide(at, end);
        }
        if matches!(self.char(end), Some('年' | '月' | '日' | '号')) {
            self.hide(at, end + 1);
        }
    }

    /// Numbers that name something: G357, A4, COVID-19, telephone and ID numbers, 1:2.
    fn code(&mut self, at: usize) {
        if !self.char(at).is_some_and(is_arabic) || self.before(at).is_some_and(is_arabic) {
            return;
        }
        let to = self.run(at, is_arabic);
        let lettered = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '#' | '№' | '＃');
        let joined = |c: char| matches!(c, '-' | '+' | '×' | '*' | ':' | '∶' | '/');
        let before = self.before(at);
        let ratio =
            self.char(to).is_some_and(|c| matches!(c, ':' | '∶' | '/' | '×' | '*')) && self.char(to + 1).is_some_and(is_arabic);
        let second = before.is_some_and(joined)
            && at.checked_sub(2).and_then(|at| self.char(at)).is_some_and(|c| is_arabic(c) || lettered(c));
        let is_range = before.is_some_and(|c| c == '-') && at.checked_sub(2).and_then(|at| self.char(at)).is_some_and(is_arabic);
        let long = to - at >= 7 && !self.char(to).is_some_and(|c| is_han(c) || c == '.');
        if before.is_some_and(lettered) || self.char(to).is_some_and(lettered) || ratio || (second && !is_range) || long {
            self.hide(at, to);
        }
    }
}
