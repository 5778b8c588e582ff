//! The clock and the ids of a command-line run.

use chrono::{DateTime, FixedOffset, Local};
use uuid::Uuid;
use zhucun_core::value::Id;
use zhucun_core::world::World;

/// The real world; changes made here are marked `cli`.
pub struct SystemWorld;

impl World for SystemWorld {
    fn now(&self) -> DateTime<FixedOffset> {
        Local::now().fixed_offset()
    }

    fn new_id(&mut self) -> Id {
        Id::new(Uuid::now_v7())
    }

    fn device(&self) -> &str {
        "cli"
    }
}
