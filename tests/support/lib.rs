//! What the tests outside one crate share.

pub mod bindings;
