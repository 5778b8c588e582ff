//! 问题: raised in the period, done with, and still open on the last day that counts.

use super::gathered::refs;
use super::{Figures, Gathered};
use crate::records::issue::{Issue, IssueStatus};
use crate::storage::Stored;

pub(super) fn count(gathered: &Gathered, figures: &mut Figures) {
    let scope = &gathered.scope;
    let raised: Vec<_> = gathered.issues.iter().filter(|issue| scope.holds(issue.draft.raised_on)).collect();
    let done: Vec<_> = raised.iter().copied().filter(|issue| is_done(gathered, issue)).collect();
    let definition = "提出日期在报告期内的诉求和问题件数。";
    figures.records("issues.raised", "收集问题件数", "件", definition, refs(raised.iter().copied()));
    let definition = "报告期内提出、截止日前已解决或已销号的件数。";
    figures.records("issues.done", "办结件数", "件", definition, refs(done.iter().copied()));
    let closed = raised.iter().copied().filter(|issue| issue.draft.closed_on.is_some_and(|day| day <= scope.until()));
    figures.records("issues.closed", "销号件数", "件", "报告期内提出、截止日前已销号的件数。", refs(closed));
    let (part, base) = (done.len(), raised.len());
    figures.percent(
        "issues.rate",
        "办结率",
        i64::try_from(part).unwrap_or(0),
        i64::try_from(base).unwrap_or(0),
        "办结件数占收集问题件数的比例。",
        refs(raised.iter().copied()),
    );
    let open: Vec<_> = gathered.issues.iter().filter(|issue| is_open(gathered, issue)).collect();
    figures.records("issues.open", "未办结件数", "件", "截止日尚未解决的件数，含以前提出的。", refs(open.iter().copied()));
    let overdue = open.iter().copied().filter(|issue| issue.draft.due_on.is_some_and(|due| due < scope.until()));
    let definition = "截止日尚未解决、办理期限已过的件数，含以前提出的。";
    figures.records("issues.overdue", "超期未办结件数", "件", definition, refs(overdue));
    let of_households = open.into_iter().filter(|issue| issue.draft.household_id.is_some());
    let definition = "截止日尚未解决、由农户反映的件数，含以前提出的。";
    figures.records("issues.open_household", "农户问题未办结件数", "件", definition, refs(of_households));
}

/// Solved or closed out by the last day that counts.
fn is_done(gathered: &Gathered, issue: &Stored<Issue>) -> bool {
    issue.draft.solved_on.is_some_and(|day| day <= gathered.scope.until())
}

/// Neither done by the last day that counts, nor given up.
pub(crate) fn is_open(gathered: &Gathered, issue: &Stored<Issue>) -> bool {
    !is_done(gathered, issue) && issue.draft.status != IssueStatus::Unsolvable
}
