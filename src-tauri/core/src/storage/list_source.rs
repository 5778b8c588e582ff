//! What a list's SQL draws on: read from the SQL itself, so that no record file has to say it a second time.

use std::collections::BTreeSet;

use crate::records::Kind;

/// One table of a list's `from`, with the name it goes by.
struct Joined<'s> {
    table: &'s str,
    alias: &'s str,
    /// The join as written.
    sql: &'s str,
}

const JOINS: [&str; 2] = ["LEFT JOIN ", "JOIN "];

/// The part of a list's `from` that some expressions need. Joins of a list never add or drop rows, so that one which
/// nothing refers to may be left out.
pub(super) fn needed_from(from: &str, expressions: &[&str]) -> String {
    let (own, joins) = parts(from);
    let mut kept = Vec::new();
    let mut sql: String = expressions.join(" ");
    for join in joins.into_iter().rev() {
        if refers_to(&sql, join.alias) {
            sql.push(' ');
            sql.push_str(join.sql);
            kept.push(join.sql);
        }
    }
    kept.push(own.sql);
    kept.reverse();
    kept.join(" ")
}

/// The kinds whose records an expression of a list reads, beside the list's own.
pub(super) fn kinds_behind(from: &str, expression: &str) -> BTreeSet<Kind> {
    let (own, joins) = parts(from);
    let needed = needed_from(from, &[expression]);
    let tables = joins.iter().filter(|join| refers_to(&needed, join.alias)).map(|join| join.table);
    let named = words(expression).filter(|(_, before)| *before != '.').map(|(word, _)| word);
    tables.chain(named).filter_map(kind_of_table).filter(|kind| kind.table() != own.table).collect()
}

/// Whether an expression of a kind's list reads other records of the same kind, so that one record's change is another's.
pub(super) fn reads_others_of(own: Kind, expression: &str) -> bool {
    words(expression).any(|(word, before)| before != '.' && word == own.table())
}

/// The terms of an order, each with whether it runs downwards.
pub(super) fn order_terms(order: &'static str) -> Vec<(&'static str, bool)> {
    let mut terms = Vec::new();
    let (mut depth, mut from) = (0i32, 0);
    for (at, c) in order.char_indices().chain([(order.len(), ',')]) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                let term = order[from..at].trim();
                terms.push(term.strip_suffix(" DESC").map_or((term, false), |sql| (sql, true)));
                from = at + 1;
            }
            _ => {}
        }
    }
    terms
}

fn parts(from: &str) -> (Joined<'_>, Vec<Joined<'_>>) {
    let mut starts = vec![0];
    let mut at = 0;
    while let Some((position, length)) = next_join(&from[at..]) {
        starts.push(at + position);
        at += position + length;
    }
    let ends = starts.iter().skip(1).copied().chain([from.len()]);
    let mut joined = starts.iter().zip(ends).map(|(start, end)| joined(from[*start..end].trim()));
    let own = joined.next().unwrap_or_else(joined_nothing);
    (own, joined.collect())
}

fn next_join(sql: &str) -> Option<(usize, usize)> {
    JOINS.iter().filter_map(|join| sql.find(join).map(|at| (at, join.len()))).min()
}

fn joined(sql: &str) -> Joined<'_> {
    let tables = JOINS.iter().find_map(|join| sql.strip_prefix(join)).unwrap_or(sql);
    let mut words = tables.split_whitespace();
    Joined { table: words.next().unwrap_or_default(), alias: words.next().unwrap_or_default(), sql }
}

fn joined_nothing<'s>() -> Joined<'s> {
    Joined { table: "", alias: "", sql: "" }
}

fn refers_to(sql: &str, alias: &str) -> bool {
    let named = |at: usize| !sql[..at].ends_with(|c: char| is_word(c) || c == '.');
    sql.match_indices(&format!("{alias}.")).any(|(at, _)| named(at))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The words of an expression, each with the character before it.
fn words(sql: &str) -> impl Iterator<Item = (&str, char)> {
    sql.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).map(|word| {
        let at = word.as_ptr() as usize - sql.as_ptr() as usize;
        (word, sql[..at].chars().next_back().unwrap_or(' '))
    })
}

/// The kind whose records or parts a table holds.
fn kind_of_table(table: &str) -> Option<Kind> {
    let own = |kind: &&Kind| kind.table() == table || table.strip_prefix(kind.table()).is_some_and(|rest| rest.starts_with('_'));
    let found = Kind::ALL.iter().filter(own).max_by_key(|kind| kind.table().len()).copied();
    found.or_else(|| (table == "member").then_some(Kind::Household))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{Record, for_each_kind};

    const FROM: &str = "issue r LEFT JOIN team_member t ON t.id = r.owner_id LEFT JOIN village v ON v.id = r.village_id
               LEFT JOIN member h ON h.household_id = r.household_id AND h.relation = 'head'";

    #[test]
    fn joins_that_nothing_refers_to_are_left_out() {
        assert_eq!(needed_from(FROM, &["r.title"]), "issue r");
        assert_eq!(needed_from(FROM, &["coalesce(t.name, r.owner)"]), "issue r LEFT JOIN team_member t ON t.id = r.owner_id");
        let chained = "application r JOIN household g ON g.id = r.household_id JOIN village v ON v.id = g.village_id";
        assert_eq!(needed_from(chained, &["v.name"]), chained, "what a join needs stays with it");
    }

    #[test]
    fn the_kinds_behind_an_expression_are_read_from_it() {
        let kinds = |expression: &str| kinds_behind(FROM, expression).into_iter().collect::<Vec<_>>();
        assert_eq!(kinds("r.visit_id"), []);
        assert_eq!(kinds("h.name"), [Kind::Household]);
        assert_eq!(kinds("coalesce(t.name, r.owner)"), [Kind::TeamMember]);
        let visited = "(SELECT max(s.day) FROM visit_household x JOIN visit s ON s.id = x.visit_id WHERE x.household_id = r.id)";
        assert_eq!(kinds(visited), [Kind::Visit]);
        assert!(reads_others_of(Kind::Plan, "EXISTS (SELECT 1 FROM plan n WHERE n.carried_from = r.id)"));
        assert!(!reads_others_of(Kind::Plan, "r.plan_year || n.plan"));
        assert_eq!(kinds("(SELECT d.label FROM dictionary_item d WHERE d.code = r.role)"), [Kind::DictionaryItem]);
    }

    #[test]
    fn an_order_is_taken_apart() {
        assert_eq!(order_terms("v.name, r.hamlet, h.name"), [("v.name", false), ("r.hamlet", false), ("h.name", false)]);
        assert_eq!(order_terms("coalesce(r.applied_on, r.updated_at) DESC"), [("coalesce(r.applied_on, r.updated_at)", true)]);
        for kind in Kind::ALL {
            let terms = order_terms(for_each_kind!(*kind, R => R::LIST.order));
            assert!((1..=4).contains(&terms.len()), "{kind:?}: lists are put in order by up to four terms");
        }
    }
}
