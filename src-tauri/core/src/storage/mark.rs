//! Marks by which to see whether records of some kinds have changed since something was read from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::records::Kind;

/// The state of some kinds of record in one open ledger: equal to a later one as long as none of them has changed.
#[derive(Debug, Clone)]
pub struct Mark(Vec<Arc<()>>);

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

/// One token a kind, a new one with each change. Who keeps a token keeps it from being mistaken for a later one.
#[derive(Debug)]
pub(super) struct Marks {
    opened: Arc<()>,
    changed: BTreeMap<Kind, Arc<()>>,
}

impl Marks {
    pub(super) fn new() -> Self {
        Marks { opened: Arc::new(()), changed: BTreeMap::new() }
    }

    pub(super) fn change(&mut self, kinds: &BTreeSet<Kind>) {
        for kind in kinds {
            self.changed.insert(*kind, Arc::new(()));
        }
    }

    pub(super) fn of(&self, kinds: &[Kind]) -> Mark {
        Mark(kinds.iter().map(|kind| Arc::clone(self.changed.get(kind).unwrap_or(&self.opened))).collect())
    }
}
