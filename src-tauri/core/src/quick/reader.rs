//! Reads lines of an open ledger. What the ledger knows is kept between lines, and read again when it has changed.

use chrono::NaiveDate;

use super::{Asked, Reading, Vocabulary, read};
use crate::error::Result;
use crate::records::Kind;
use crate::storage::{Ledger, Mark};

/// Kinds of which [`Vocabulary`] keeps something besides people.
const TERMS: &[Kind] = &[Kind::DictionaryItem, Kind::Programme, Kind::Village, Kind::TeamMember, Kind::Project];

/// Reads lines, with the vocabulary of the ledger it was last asked about.
#[derive(Default)]
pub struct Reader {
    known: Option<Known>,
}

struct Known {
    today: NaiveDate,
    people: Mark,
    terms: Mark,
    vocabulary: Vocabulary,
}

impl Reader {
    /// Reads a line in the words of a ledger as it is now.
    pub fn read(&mut self, ledger: &Ledger, asked: &Asked) -> Result<Reading> {
        let today = ledger.today();
        read(asked, self.vocabulary(ledger, today)?, today, ledger.member())
    }

    fn vocabulary(&mut self, ledger: &Ledger, today: NaiveDate) -> Result<&Vocabulary> {
        let (people, terms) = (ledger.mark(&[Kind::Household]), ledger.mark(TERMS));
        let vocabulary = match self.known.take() {
            Some(mut known) => {
                let changed = (known.people != people, known.terms != terms || known.today != today);
                ledger.read(|store| known.vocabulary.refresh(store, today, changed.0, changed.1))?;
                known.vocabulary
            }
            None => ledger.read(|store| Vocabulary::load(store, today))?,
        };
        Ok(&self.known.insert(Known { today, people, terms, vocabulary }).vocabulary)
    }
}
