//! Hostile text in every text field of every kind of record. What the fields are is read from the types of the window, so that a
//! new field is taken along by itself.

pub mod payloads;
pub mod plant;
pub mod shape;

pub use payloads::{Payload, payloads};
pub use plant::{Garden, Planted};
