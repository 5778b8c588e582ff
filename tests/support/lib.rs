//! What the tests outside one crate share.

pub mod bindings;
pub mod data_dictionary;
pub mod faults;
pub mod hostile;
pub mod script;
pub mod state;
