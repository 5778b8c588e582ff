//! Numbers typed by hand: `unlinked` where no figure backs them, R5 where they contradict one, R12 where they are vaguer.

use std::collections::BTreeMap;

use super::Subject;
use super::finding::{AuditFix, AuditSeverity, Draft, Findings};
use super::text::{TextBlock, Texts, Told, exact};
use crate::figures::Figure;
use crate::prose::{Mention, Relation, preceded};

pub(super) fn check(subject: &Subject<'_>, texts: &Texts, findings: &mut Findings) {
    let index = Index::of(subject, texts);
    for block in &texts.blocks {
        beside_figures(subject, block, findings);
        if block.edited {
            typed(&index, texts, block, findings);
        }
    }
    against_each_other(&index, texts, findings);
}

/// Only one block, while it is being written.
pub(super) fn check_block(subject: &Subject<'_>, texts: &Texts, key: &str, findings: &mut Findings) {
    let index = Index::of(subject, texts);
    if let Some(block) = texts.block(key) {
        typed(&index, texts, block, findings);
    }
}

/// The figures by unit, with the words that go with them.
struct Index<'f> {
    by_unit: BTreeMap<String, Vec<Known<'f>>>,
}

struct Known<'f> {
    figure: &'f Figure,
    value: i128,
    /// The phrases before it in composed text.
    phrases: Vec<&'f str>,
    /// Whether the report tells it.
    told: bool,
}

impl<'f> Index<'f> {
    fn of(subject: &Subject<'f>, texts: &'f Texts) -> Self {
        let mut by_unit: BTreeMap<String, Vec<Known<'f>>> = BTreeMap::new();
        for figure in subject.figures.all() {
            let (value, unit) = exact(figure);
            let phrases = texts.phrases.get(&figure.key);
            let told = phrases.is_some();
            let phrases = phrases.into_iter().flatten().map(String::as_str).filter(|phrase| !phrase.is_empty()).collect();
            by_unit.entry(unit).or_default().push(Known { figure, value, phrases, told });
        }
        Index { by_unit }
    }

    fn of_unit(&self, unit: &str) -> &[Known<'f>] {
        self.by_unit.get(unit).map_or(&[], Vec::as_slice)
    }

    /// The one figure that the program tells with the same words; nothing where several are.
    fn same_words(&self, mention: &Mention) -> Option<&Known<'f>> {
        let phrase = words_before(mention);
        if phrase.chars().count() < 3 {
            return None;
        }
        let mut same = self.of_unit(&mention.quantity.unit).iter().filter(|known| known.phrases.contains(&phrase));
        let first = same.next()?;
        same.next().is_none().then_some(first)
    }
}

/// Who acts is not what is counted.
fn words_before(mention: &Mention) -> &str {
    let mut words = mention.before.as_str();
    while let Some(rest) =
        ["工作队", "驻村工作队", "我们", "队员们", "全村", "先后", "入户"].iter().find_map(|w| words.strip_prefix(w))
    {
        words = rest;
    }
    words
}

/// Speaks of another time than the period, or of what is only meant to be.
fn elsewhere(block: &TextBlock, mention: &Mention) -> bool {
    let sentence = block.sentence(mention.from);
    block.ahead
        || ["去年", "上年", "同期", "计划", "目标", "预计", "力争", "争取", "拟", "往年", "明年"]
            .iter()
            .any(|word| sentence.contains(word))
}

fn link(block: &TextBlock, from: usize, to: usize, figure: &Figure) -> AuditFix {
    AuditFix::Link {
        block: block.key.clone(),
        from,
        to,
        figure: figure.key.clone(),
        label: figure.label.clone(),
        text: figure.in_words(),
    }
}

fn typed(index: &Index<'_>, texts: &Texts, block: &TextBlock, findings: &mut Findings) {
    for told in block.told.iter().filter(|told| told.figure.is_none()) {
        let mention = &told.mention;
        if mention.quantity.unit.is_empty() || mention.each || is_recorded(texts, block, told) {
            continue;
        }
        // 其中监测对象3户 counts those of something else.
        let is_part = mention.relation == Relation::Part;
        let contradicted = index.same_words(mention).filter(|_| !is_part && !elsewhere(block, mention));
        match contradicted {
            Some(known) if mention.approximate && !known.figure.approximate => vague(block, told, known, findings),
            Some(known) if !mention.quantity.rounds_from(known.value) => contradicts(block, told, known, findings),
            _ => unlinked(index, block, told, findings),
        }
    }
}

/// The program writes the same number here, from a record's own words: 距乡政府18公里.
fn is_recorded(texts: &Texts, block: &TextBlock, told: &Told) -> bool {
    let quantity = &told.mention.quantity;
    let recorded = texts.recorded.get(&block.key);
    recorded.is_some_and(|list| list.iter().any(|(value, unit)| *value == quantity.value && *unit == quantity.unit))
}

/// R5: the same words, another number.
fn contradicts(block: &TextBlock, told: &Told, known: &Known<'_>, findings: &mut Findings) {
    let (from, to) = (told.mention.from, told.mention.to);
    if findings.has_error_at(&block.key, from) {
        return;
    }
    let written = block.words_of(told);
    let figure = known.figure;
    findings.add(
        Draft::new("R5", AuditSeverity::Warning, block.place(from, to))
            .quote(format!("{}{written}", told.mention.before))
            .says(format!("手写的是{written}，“{}”按台账为{}", figure.label, figure.in_words()), figure.definition.clone())
            .records(&figure.records)
            .fix(Some(link(block, from, to, figure))),
    );
}

const ABOUT: &[&str] = &["约", "近", "将近", "大约", "超过", "逾", "不少于", "至少"];

/// R12: 约 and 余 only where the records say so.
fn vague(block: &TextBlock, told: &Told, known: &Known<'_>, findings: &mut Findings) {
    let mut from = told.mention.from;
    if let Some(word) = ABOUT.iter().filter(|word| preceded(&block.chars, from, &[word])).max_by_key(|word| word.len()) {
        from -= word.chars().count();
    }
    let (to, figure) = (told.mention.to, known.figure);
    let written = block.piece(from, to);
    findings.add(
        Draft::new("R12", AuditSeverity::Warning, block.place(from, to))
            .quote(format!("{}{written}", told.mention.before))
            .says(format!("“{written}”是约数，台账有准确数{}", figure.in_words()), "只有记录里登记为约数的，才写“余”“多”“约”")
            .records(&figure.records)
            .fix(Some(link(block, from, to, figure))),
    );
}

/// R12: 58户左右, where 58户 is an exact figure.
fn beside_figures(subject: &Subject<'_>, block: &TextBlock, findings: &mut Findings) {
    for (from, to, key) in &block.figures {
        let exact = subject.figures.get(key).is_some_and(|figure| !figure.approximate && figure.value.number() != 0);
        let about = ABOUT.iter().find(|word| preceded(&block.chars, *from, &[word]));
        let behind = ["左右", "上下", "余", "以上"].iter().find(|word| crate::prose::starts_with(&block.chars, *to, word));
        if !exact || (about.is_none() && behind.is_none()) || !block.edited {
            continue;
        }
        let start = from - about.map_or(0, |word| word.chars().count());
        let end = to + behind.map_or(0, |word| word.chars().count());
        let written = block.piece(start, end);
        let fix = subject.figures.get(key).map(|figure| link(block, start, end, figure));
        findings.add(
            Draft::new("R12", AuditSeverity::Warning, block.place(start, end))
                .quote(&written)
                .says(format!("“{written}”写成了约数，台账是准确数"), "只有记录里登记为约数的，才写“余”“多”“约”")
                .fix(fix),
        );
    }
}

/// Most offers for one number.
const OFFERS: usize = 5;

/// `unlinked` 未挂接: no figure stands behind it, so nobody can prove it and it will not follow the records.
fn unlinked(index: &Index<'_>, block: &TextBlock, told: &Told, findings: &mut Findings) {
    let mention = &told.mention;
    let (from, to) = (mention.from, mention.to);
    let context = format!("{}{}", mention.before, mention.after);
    let fits = index
        .of_unit(&mention.quantity.unit)
        .iter()
        .filter(|known| mention.quantity.rounds_from(known.value) && known.value != 0);
    let mut offers: Vec<(usize, &Known<'_>)> = fits.map(|known| (kinship(&context, known), known)).collect();
    offers.sort_by_key(|(kinship, known)| (std::cmp::Reverse(*kinship), !known.told));
    let related = offers.first().is_some_and(|(kinship, _)| *kinship > 0);
    // Half as near as the nearest is chance: every figure of households shares 农户 with every other.
    let nearest = offers.first().map_or(0, |(kinship, _)| *kinship);
    offers.retain(|(kinship, known)| if related { kinship * 2 >= nearest } else { known.told });
    offers.truncate(OFFERS);
    let written = block.words_of(told);
    let severity = if related && !elsewhere(block, mention) { AuditSeverity::Warning } else { AuditSeverity::Hint };
    let reason = if offers.is_empty() {
        "台账里没有相同的数字，请自己核实；以后记录变化，它不会跟着变"
    } else {
        "挂接以后，它随记录变化，点开能看到依据"
    };
    let mut draft = Draft::new("unlinked", severity, block.place(from, to))
        .quote(format!("{}{written}", mention.before))
        .says(format!("“{written}”是手写的，未挂接"), reason);
    draft.offers = offers.into_iter().map(|(_, known)| link(block, from, to, known.figure)).collect();
    draft.fix = if related { draft.offers.first().cloned() } else { None };
    findings.add(draft);
}

/// How many pairs of characters a text has in common with a figure's name and the words told with it.
fn kinship(context: &str, known: &Known<'_>) -> usize {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let ours = pairs(context);
    let names = std::iter::once(known.figure.label.as_str()).chain(known.phrases.iter().copied());
    names.map(|name| pairs(name).iter().filter(|pair| ours.contains(pair)).count()).max().unwrap_or(0)
}

/// R5: two numbers typed by hand with the same words.
fn against_each_other(index: &Index<'_>, texts: &Texts, findings: &mut Findings) {
    let mut first: BTreeMap<(String, String), (&TextBlock, &Told)> = BTreeMap::new();
    for block in texts.blocks.iter().filter(|block| block.edited && !block.key.starts_with("project.")) {
        for told in block.told.iter().filter(|told| told.figure.is_none()) {
            let mention = &told.mention;
            let phrase = if words_before(mention).chars().count() >= 4 { words_before(mention) } else { mention.after.as_str() };
            let shared = index.of_unit(&mention.quantity.unit).iter().filter(|known| known.phrases.contains(&phrase)).count();
            if phrase.chars().count() < 4 || mention.each || mention.approximate || shared > 1 || elsewhere(block, mention) {
                continue;
            }
            let key = (phrase.to_owned(), mention.quantity.unit.clone());
            let Some((other, before)) = first.get(&key) else {
                first.insert(key, (block, told));
                continue;
            };
            let same = mention.quantity.rounds_from(before.mention.quantity.value)
                || before.mention.quantity.rounds_from(mention.quantity.value);
            if !same && !findings.has_error_at(&block.key, mention.from) {
                let (here, there) = (block.words_of(told), other.words_of(before));
                findings.add(
                    Draft::new("R5", AuditSeverity::Warning, block.place(mention.from, mention.to))
                        .quote(format!("{phrase}{here}"))
                        .says(format!("“{phrase}”这里是{here}，前面写的是{there}"), "同一件事在全文只能有一个数"),
                );
            }
        }
    }
}
