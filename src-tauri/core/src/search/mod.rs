//! 搜索: finds records by any run of characters in what they say, by the letters of a name (拼音), and by the digits of a number.
//!
//! What is found is exact: a record is found by a text when one of its searched fields holds that text, as `LIKE '%text%'`
//! would say, with both sides [folded](fold::fold) (ASCII letters in lower case, full-width forms as half-width). Letters also
//! find names as [`crate::value::Spelled::holds`] says. Four digits and more also find numbers that are shown masked.
//!
//! - [`Searched`]: what a record says of itself, given by its own file in [`crate::records::Record::search`]. A kind enters
//!   with that method and a place in [`ORDER`]; [`VERSION`] then goes up by one, and every ledger makes its index anew.
//! - [`grams`]: the words of the index: single characters, pairs of neighbours, letters of names, runs of four digits.
//! - [`index`]: the tables, written in the transaction that changes the record. [`find`]: asking them. [`hit`]: what is shown.

mod find;
mod fold;
mod grams;
mod hit;
mod index;
mod letters;
mod searched;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use find::names_by_letters;
pub use find::{Found, FoundGroup, Search};
pub use hit::{Hit, SnippetPiece};
pub(crate) use index::{Indexed, TABLES, bring_up_to_date, optimise, prepare, rebuild, record};
pub use searched::Searched;
pub(crate) use verify::{knows, strays, words_agree};

use crate::records::Kind;

/// The kinds that are searched, in the order in which what is found is shown: people first, then what is open, then the rest.
pub const ORDER: &[Kind] = &[
    Kind::Household,
    Kind::Village,
    Kind::TeamMember,
    Kind::SupportUnit,
    Kind::Issue,
    Kind::Project,
    Kind::Programme,
    Kind::Application,
    Kind::Activity,
    Kind::Visit,
    Kind::Plan,
    Kind::Indicator,
    Kind::Attachment,
];

/// Version of what is indexed and how. A ledger whose index is of another version is indexed anew when it is opened.
const VERSION: u32 = 3;
