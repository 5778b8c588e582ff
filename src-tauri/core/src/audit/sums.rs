//! The arithmetic of sentences: R1 parts and whole, R2 其中, R3 households and persons, R4 per cents.

use super::finding::{AuditFix, AuditSeverity, Draft, Findings};
use super::text::{TextBlock, Texts, Told};
use crate::prose::{ONE, Quantity, Relation, starts_with};

pub(super) fn check(texts: &Texts, findings: &mut Findings) {
    for block in &texts.blocks {
        for at in 0..block.told.len() {
            part_of_whole(block, at, findings);
            households_and_persons(block, at, findings);
            rate(block, at, findings);
            share(texts, block, at, findings);
            bracketed(block, at, findings);
            added_up(block, at, findings);
        }
        listed_parts(block, findings);
    }
}

/// Whether nobody but the program wrote these numbers: figures are held together where they are counted.
fn all_figures(told: &[&Told]) -> bool {
    told.iter().all(|told| told.figure.is_some())
}

fn severity(told: &[&Told], gravest: AuditSeverity) -> AuditSeverity {
    if told.iter().any(|told| told.mention.approximate) { AuditSeverity::Hint } else { gravest }
}

/// Where the last 其中 before a place stands in its sentence.
fn among(block: &TextBlock, before: usize) -> Option<usize> {
    let sentence = block.chars.iter().take(before).rposition(|c| crate::prose::ends_sentence(*c)).map_or(0, |at| at + 1);
    (sentence..before).rev().find(|at| starts_with(&block.chars, *at, "其中"))
}

/// Counts of the same unit before 其中, in its sentence; in the sentence before where 其中 begins one.
fn wholes<'b>(block: &'b TextBlock, at: usize, part: &Told) -> (Vec<&'b Told>, bool) {
    let Some(word) = among(block, part.mention.from) else { return (Vec::new(), false) };
    let sentence = part.mention.sentence;
    let alike = |told: &&Told| told.mention.quantity.unit == part.mention.quantity.unit && told.mention.to <= word;
    let before = || block.told.iter().take(at).filter(alike);
    let same: Vec<_> = before().filter(|told| told.mention.sentence == sentence).collect();
    if !same.is_empty() || block.told.iter().any(|t| t.mention.sentence == sentence && t.mention.to <= word) {
        return (same, true);
    }
    (before().filter(|told| told.mention.sentence + 1 == sentence).collect(), false)
}

/// R2: what stands behind 其中 is not more than any whole before it.
fn part_of_whole(block: &TextBlock, at: usize, findings: &mut Findings) {
    let Some(part) = block.told.get(at).filter(|told| told.mention.relation == Relation::Part) else { return };
    let (wholes, same_sentence) = wholes(block, at, part);
    let Some(nearest) = wholes.last() else { return };
    let more = wholes.iter().all(|whole| part.mention.quantity.value > whole.mention.quantity.value);
    if !more || all_figures(&[part, nearest]) {
        return;
    }
    let gravest = if same_sentence { AuditSeverity::Error } else { AuditSeverity::Warning };
    let (part_words, whole_words) = (block.words_of(part), block.words_of(nearest));
    findings.add(
        Draft::new("R2", severity(&[part, nearest], gravest), block.place(part.mention.from, part.mention.to))
            .quote(&part_words)
            .says(format!("其中{}{part_words}，多于前面的{whole_words}", part.mention.before), "“其中”的一部分不能多于全部"),
    );
}

/// R1: several parts behind one 其中 do not add up to more than the whole, nor fall short of it by a little.
fn listed_parts(block: &TextBlock, findings: &mut Findings) {
    let mut at = 0;
    while let Some(first) = block.told.get(at) {
        let word = among(block, first.mention.from).filter(|_| first.mention.relation == Relation::Part);
        let Some(word) = word else {
            at += 1;
            continue;
        };
        let unit = &first.mention.quantity.unit;
        let ours = |told: &&Told| among(block, told.mention.from) == Some(word) && told.mention.relation == Relation::Part;
        let group: Vec<&Told> = block.told.iter().skip(at).take_while(ours).collect();
        let parts: Vec<&Told> = group.iter().copied().take_while(|told| told.mention.quantity.unit == *unit).collect();
        let (wholes, same_sentence) = wholes(block, at, first);
        at += group.len().max(1);
        if same_sentence && parts.len() == group.len() {
            compare(block, &wholes, &parts, AuditSeverity::Warning, findings);
        }
    }
}

/// R1: 95处（初中21、小学74）.
fn bracketed(block: &TextBlock, at: usize, findings: &mut Findings) {
    let Some(whole) = block.told.get(at) else { return };
    if !matches!(block.chars.get(whole.mention.to), Some('（' | '(')) {
        return;
    }
    let inside = block.chars.iter().skip(whole.mention.to).position(|c| matches!(c, '）' | ')'));
    let Some(end) = inside.map(|length| whole.mention.to + length) else { return };
    let unit = &whole.mention.quantity.unit;
    let inner: Vec<&Told> = block.told.iter().skip(at + 1).take_while(|told| told.mention.to <= end).collect();
    let bare = !inner.is_empty() && inner.iter().all(|told| told.mention.quantity.unit.is_empty());
    let alike = inner.iter().all(|told| told.mention.quantity.unit.is_empty() || told.mention.quantity.unit == *unit);
    let plain = inner.iter().all(|told| told.mention.relation != Relation::Part);
    if alike && plain {
        let gravest = if bare { AuditSeverity::Error } else { AuditSeverity::Warning };
        compare(block, &[whole], &inner, gravest, findings);
    }
}

/// R1: 上屯20户、下屯30户，共50户.
fn added_up(block: &TextBlock, at: usize, findings: &mut Findings) {
    let Some(whole) = block.told.get(at).filter(|told| told.mention.relation == Relation::Whole) else { return };
    if !whole.mention.before.is_empty() {
        return;
    }
    let alike = |told: &&Told| {
        told.mention.sentence == whole.mention.sentence
            && told.mention.quantity.unit == whole.mention.quantity.unit
            && told.mention.relation == Relation::Plain
            && !told.mention.each
    };
    let before: Vec<&Told> = block.told.iter().take(at).collect();
    let mut parts: Vec<&Told> = before.into_iter().rev().take_while(|told| alike(told)).collect();
    parts.reverse();
    let total: i128 = parts.iter().map(|told| told.mention.quantity.value).sum();
    if parts.len() >= 2 && total != whole.mention.quantity.value && !all_figures(&parts) {
        let gravest = severity(&[parts.as_slice(), &[whole]].concat(), AuditSeverity::Error);
        report_sum(block, whole, &parts, total, gravest, findings);
    }
}

/// Objects where the parts are more than every whole, or fall short of the nearest by less than the least part and a tenth.
fn compare(block: &TextBlock, wholes: &[&Told], parts: &[&Told], gravest: AuditSeverity, findings: &mut Findings) {
    let Some(nearest) = wholes.last() else { return };
    let total: i128 = parts.iter().map(|told| told.mention.quantity.value).sum();
    let fits = wholes.iter().any(|whole| whole.mention.quantity.value == total);
    let everything: Vec<&Told> = parts.iter().chain([nearest]).copied().collect();
    if parts.len() < 2 || fits || all_figures(&everything) || parts.iter().any(|part| part.mention.each) {
        return;
    }
    let value = nearest.mention.quantity.value;
    let least = parts.iter().map(|told| told.mention.quantity.value).min().unwrap_or(0);
    let short = value - total;
    let exceeds = wholes.iter().all(|whole| total > whole.mention.quantity.value);
    let says_more = block.piece(nearest.mention.to, parts.last().map_or(0, |last| last.mention.to + 2)).contains('等');
    let falls_short = short > 0 && short < least && short * 10 <= value && !says_more;
    // Bare numbers in a bracket are meant as the whole of it.
    let whole_list = gravest == AuditSeverity::Error;
    if exceeds || falls_short || whole_list {
        report_sum(block, nearest, parts, total, severity(&everything, gravest), findings);
    }
}

fn report_sum(block: &TextBlock, whole: &Told, parts: &[&Told], total: i128, severity: AuditSeverity, findings: &mut Findings) {
    let numbers: Vec<String> = parts.iter().map(|told| block.words_of(told)).collect();
    let (from, to) = ends(whole, parts);
    let written = block.words_of(whole);
    let scaled = in_unit(total, &whole.mention.unit, &whole.mention.quantity);
    findings.add(
        Draft::new("R1", severity, block.place(from, to))
            .quote(block.piece(from, to))
            .says(format!("{}相加为{scaled}，与{written}不符", numbers.join("＋")), "各部分之和应等于总数，请核对是哪一个写错了"),
    );
}

fn ends(whole: &Told, parts: &[&Told]) -> (usize, usize) {
    let all = || parts.iter().chain([&whole]);
    let from = all().map(|told| told.mention.from).min().unwrap_or(0);
    (from, all().map(|told| told.mention.to).max().unwrap_or(0))
}

/// A value as it would be written in a unit, such as 12.5万元.
fn in_unit(value: i128, unit: &str, like: &Quantity) -> String {
    let scale = if unit.starts_with('万') && like.unit != unit { 10_000 } else { 1 };
    let hundredths = value * 100 / (ONE * scale);
    let number = crate::value::Fen(i64::try_from(hundredths).unwrap_or(i64::MAX)).two_decimals();
    format!("{}{unit}", number.trim_end_matches('0').trim_end_matches('.'))
}

/// R3: 38户180人 — households are not more than the persons told right beside them.
fn households_and_persons(block: &TextBlock, at: usize, findings: &mut Findings) {
    let (Some(first), Some(second)) = (block.told.get(at), block.told.get(at + 1)) else { return };
    let between = block.piece(first.mention.to, second.mention.from);
    let units = (first.mention.quantity.unit.as_str(), second.mention.quantity.unit.as_str());
    let (households, persons) = match units {
        ("户", "人") => (first, second),
        ("人", "户") if between == "（" => (second, first),
        _ => return,
    };
    let beside = between.is_empty() || between == "（";
    if beside && households.mention.quantity.value > persons.mention.quantity.value && !all_figures(&[first, second]) {
        let (from, to) = (first.mention.from, second.mention.to);
        findings.add(
            Draft::new("R3", severity(&[first, second], AuditSeverity::Warning), block.place(from, to))
                .quote(block.piece(from, to))
                .says("户数多于人数", "一户至少有一人，请核对户数和人数是否写反或写错"),
        );
    }
}

/// The per cent that a part of a base is, rounded as finely as another one is written.
fn share_of(part: i128, base: i128, like: &Quantity) -> Option<i128> {
    if base <= 0 {
        return None;
    }
    let exact = part * 100 * ONE / base;
    let grain = like.grain.max(1);
    Some((exact + grain / 2) / grain * grain)
}

fn agrees(rate: &Told, part: &Told, base: &Told) -> bool {
    let (part, base) = (part.mention.quantity.value, base.mention.quantity.value);
    // 66.6% and 66.7% of 2/3 are both seen; cutting off instead of rounding is no mistake worth a fuss.
    share_of(part, base, &rate.mention.quantity)
        .is_some_and(|share| (share - rate.mention.quantity.value).abs() <= rate.mention.quantity.grain)
}

/// R4: 收集12件，办结8件，办结率66.67%.
fn rate(block: &TextBlock, at: usize, findings: &mut Findings) {
    let Some(rate) = block.told.get(at).filter(|told| told.mention.relation == Relation::Rate) else { return };
    let Some(name) = rate.mention.before.strip_suffix('率').filter(|name| !name.is_empty()) else { return };
    let before: Vec<&Told> = block.told.iter().take(at).filter(|told| told.mention.sentence == rate.mention.sentence).collect();
    let Some(part) =
        before.iter().rev().find(|told| shares_a_word(&told.mention.before, name) && told.mention.quantity.unit != "%")
    else {
        return;
    };
    let bases: Vec<&&Told> = before
        .iter()
        .filter(|told| told.mention.quantity.unit == part.mention.quantity.unit && told.mention.from < part.mention.from)
        .collect();
    let (Some(base), true) = (bases.last(), bases.iter().all(|base| !agrees(rate, part, base))) else { return };
    if all_figures(&[rate, part, base]) || part.mention.quantity.value > base.mention.quantity.value {
        return;
    }
    let gravest = if bases.len() == 1 { AuditSeverity::Error } else { AuditSeverity::Warning };
    report_percent(block, rate, part, base, gravest, findings);
}

fn shares_a_word(phrase: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let phrase: Vec<char> = phrase.chars().collect();
    let tail = name.get(name.len().saturating_sub(2)..).unwrap_or_default();
    tail.len() == 2 && phrase.windows(2).any(|pair| pair == tail)
}

/// R4: 脱贫户38户，占总户数的11.84% — the base may stand anywhere in the report.
fn share(texts: &Texts, block: &TextBlock, at: usize, findings: &mut Findings) {
    let Some(share) = block.told.get(at).filter(|told| told.mention.relation == Relation::Share) else { return };
    let Some((_, name)) = share.mention.before.rsplit_once('占') else { return };
    let name = name.trim_end_matches(['的', '比', '例']);
    let Some(part) =
        block.told.iter().take(at).rev().find(|told| {
            told.mention.sentence == share.mention.sentence && told.mention.quantity.unit != "%" && !told.mention.each
        })
    else {
        return;
    };
    if name.chars().count() < 2 {
        return;
    }
    let everywhere = texts.blocks.iter().flat_map(|block| &block.told);
    let bases: Vec<&Told> = everywhere
        .filter(|told| told.mention.quantity.unit == part.mention.quantity.unit && told.mention.before.ends_with(name))
        .collect();
    let Some(base) = bases.first() else { return };
    if bases.iter().all(|base| !agrees(share, part, base)) && !all_figures(&[share, part, base]) {
        report_percent(block, share, part, base, AuditSeverity::Warning, findings);
    }
}

fn report_percent(block: &TextBlock, rate: &Told, part: &Told, base: &Told, gravest: AuditSeverity, findings: &mut Findings) {
    let written = block.words_of(rate);
    let (part_value, base_value) = (part.mention.quantity.value / ONE, base.mention.quantity.value / ONE);
    let right = share_of(part.mention.quantity.value, base.mention.quantity.value, &rate.mention.quantity).unwrap_or(0);
    let right = crate::value::print_percent(i64::try_from(right * 100 / ONE).unwrap_or(0));
    let (from, to) = (rate.mention.from, rate.mention.to);
    let fix = AuditFix::Replace { block: block.key.clone(), from, to, text: right.clone() };
    let typed = rate.figure.is_none() && !block.heading;
    findings.add(
        Draft::new("R4", severity(&[rate, part, base], gravest), block.place(from, to))
            .quote(&written)
            .says(
                format!("{}写的是{written}，按{part_value}÷{base_value}应为{right}", rate.mention.before),
                "百分比应由文中的两个数得出",
            )
            .fix(typed.then_some(fix)),
    );
}
