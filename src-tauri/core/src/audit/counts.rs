//! R6 As many items as are announced: 8个方面 followed by nine, and 一是…二是…四是.

use super::finding::{AuditSeverity, Draft, Findings};
use super::text::{TextBlock, Texts};
use crate::outline::chinese_number;
use crate::prose::{ends_sentence, number_at, starts_with};

pub(super) fn check(texts: &Texts, findings: &mut Findings) {
    for (at, block) in texts.blocks.iter().enumerate() {
        let marks = marks(block);
        gap(block, &marks, findings);
        if block.heading {
            continue;
        }
        for announced in announced(block) {
            let following = texts.blocks.get(at + 1..).unwrap_or_default();
            let Some(found) = items(block, &announced, &marks, following) else { continue };
            if !found.fits(announced.count) {
                report(block, &announced, &found, findings);
            }
        }
    }
}

/// 8个方面, with its place.
struct Announced {
    from: usize,
    to: usize,
    count: usize,
}

/// The items that were found: at least and at most so many, since 甲和乙 may be one or two.
struct Found {
    least: usize,
    most: usize,
    /// Numbered items leave no doubt.
    numbered: bool,
}

impl Found {
    fn numbered(count: usize) -> Self {
        Found { least: count, most: count, numbered: true }
    }

    fn fits(&self, count: usize) -> bool {
        (self.least..=self.most).contains(&count)
    }
}

/// What can be announced by each measure word.
const NOUNS: &[(&str, &[&str])] = &[
    (
        "个",
        &[
            "方面",
            "问题",
            "环节",
            "重点",
            "短板",
            "层面",
            "步骤",
            "阶段",
            "部分",
            "坚持",
            "抓手",
            "关键",
            "维度",
            "渠道",
            "突出问题",
        ],
    ),
    ("项", &["工作", "任务", "措施", "举措", "要求", "内容", "制度", "机制", "重点", "建议", "职责"]),
    ("条", &["措施", "举措", "意见", "建议", "要求", "经验", "途径"]),
    ("点", &["意见", "建议", "要求", "体会", "做法", "打算", "措施", "经验"]),
    ("类", &["问题", "情况", "人员", "人群", "对象", "风险"]),
    ("大", &["方面", "任务", "问题", "行动", "举措", "重点"]),
];

fn announced(block: &TextBlock) -> Vec<Announced> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < block.chars.len() {
        let Some((count, to)) = number_at(&block.chars, at) else {
            at += 1;
            continue;
        };
        let noun = NOUNS.iter().filter(|(measure, _)| starts_with(&block.chars, to, measure)).find_map(|(measure, nouns)| {
            let behind = to + measure.chars().count();
            nouns.iter().find(|noun| starts_with(&block.chars, behind, noun)).map(|noun| behind + noun.chars().count())
        });
        let ranked = at.checked_sub(1).and_then(|at| block.chars.get(at)).is_some_and(|c| "第前后余多".contains(*c));
        if let Some(end) = noun.filter(|_| !ranked && (2..=30).contains(&count)) {
            found.push(Announced { from: at, to: end, count });
        }
        at = to.max(at + 1);
    }
    found
}

/// 一是, 二是 … with their places.
fn marks(block: &TextBlock) -> Vec<(usize, usize)> {
    let begins = |at: usize| {
        at.checked_sub(1).and_then(|at| block.chars.get(at)).is_none_or(|c| ends_sentence(*c) || "；：，、 :;".contains(*c))
    };
    let at_place =
        |at: usize| (1..=20).find(|n| starts_with(&block.chars, at, &format!("{}是", chinese_number(*n)))).map(|n| (at, n));
    (0..block.chars.len()).filter(|at| begins(*at)).filter_map(at_place).collect()
}

/// R6: 一是, 二是 are told through without a gap.
fn gap(block: &TextBlock, marks: &[(usize, usize)], findings: &mut Findings) {
    let mut last = 0;
    for (at, number) in marks {
        if *number != last + 1 && *number != 1 {
            let (expected, written) = (chinese_number(last + 1), chinese_number(*number));
            findings.add(
                Draft::new("R6", AuditSeverity::Warning, block.place(*at, at + written.chars().count() + 1))
                    .quote(format!("{written}是"))
                    .says(format!("这里应是“{expected}是”，写成了“{written}是”"), "序号应连续，可能漏了一项或编错了号"),
            );
        }
        last = *number;
    }
}

fn items(block: &TextBlock, announced: &Announced, marks: &[(usize, usize)], following: &[TextBlock]) -> Option<Found> {
    let behind: Vec<&(usize, usize)> = marks.iter().filter(|(at, _)| *at >= announced.to).collect();
    if behind.first().is_some_and(|(_, first)| *first == 1) {
        let run = behind.iter().enumerate().take_while(|(at, (_, number))| *at == 0 || *number != 1).count();
        return Some(Found::numbered(run));
    }
    let colon = block.chars.iter().skip(announced.to).take(10).position(|c| matches!(c, '：' | ':'));
    let no_end = |until: usize| !block.chars.iter().take(until).skip(announced.to).any(|c| ends_sentence(*c) || *c == '，');
    if let Some(start) = colon.map(|length| announced.to + length + 1).filter(|start| no_end(*start)) {
        let body: String = block.chars.iter().skip(start).take_while(|c| !ends_sentence(**c)).collect();
        return if body.trim().is_empty() { numbered_blocks(following) } else { listed(&body) };
    }
    let ends_here = block.chars.len() <= announced.to + 4;
    if ends_here && let Some(found) = numbered_blocks(following) {
        return Some(found);
    }
    before(block, announced)
}

/// Paragraphs that begin with 1. 2. … right below.
fn numbered_blocks(following: &[TextBlock]) -> Option<Found> {
    let number_of = |block: &TextBlock| {
        let text = block.text.trim_start_matches(['（', '(']);
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let stop = text.chars().nth(digits.len()).is_some_and(|c| ".．、）)".contains(c));
        digits.parse::<usize>().ok().filter(|_| stop)
    };
    let count = following.iter().zip(1..).take_while(|(block, wanted)| number_of(block) == Some(*wanted)).count();
    (count >= 2).then(|| Found::numbered(count))
}

/// 甲、乙和丙 behind a colon, parted by ； where there are some.
fn listed(body: &str) -> Option<Found> {
    let parts = split(body, '；');
    let parts = if parts.len() > 1 { parts } else { split(body, '、') };
    if parts.len() < 2 || body.contains('等') {
        return None;
    }
    Some(counted(&parts))
}

fn counted(parts: &[String]) -> Found {
    let joined = parts.last().is_some_and(|last| ["和", "及", "与"].iter().any(|word| last.contains(word)));
    Found { least: parts.len(), most: parts.len() + usize::from(joined), numbered: false }
}

/// 人口、产业、党建等8个方面: with 等 there may be more than are named.
fn before(block: &TextBlock, announced: &Announced) -> Option<Found> {
    let start =
        block.chars.iter().take(announced.from).rposition(|c| ends_sentence(*c) || "，；：".contains(*c)).map_or(0, |at| at + 1);
    let body = block.piece(start, announced.from);
    let open = body.ends_with('等');
    let parts = split(body.trim_end_matches('等'), '、');
    if parts.len() < 3 {
        return None;
    }
    let found = counted(&parts);
    Some(Found { most: if open { usize::MAX } else { found.most }, ..found })
}

/// Split outside brackets and quotation marks.
fn split(text: &str, mark: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '（' | '(' | '“' | '《' => depth += 1,
            '）' | ')' | '”' | '》' => depth -= 1,
            _ => {}
        }
        if c == mark && depth <= 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn report(block: &TextBlock, announced: &Announced, found: &Found, findings: &mut Findings) {
    let severity = if found.numbered { AuditSeverity::Error } else { AuditSeverity::Warning };
    let written = block.piece(announced.from, announced.to);
    let message = format!("写的是“{written}”，列出的有{}项", found.least);
    findings.add(
        Draft::new("R6", severity, block.place(announced.from, announced.to))
            .quote(written)
            .says(message, "写明的项数应与列出的项数一致"),
    );
}
