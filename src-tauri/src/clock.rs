//! The real world for an open ledger: the machine's clock, fresh ids, this laptop's name.

use chrono::{DateTime, FixedOffset, Local, NaiveDate};
use uuid::Uuid;
use zhucun_core::value::Id;
use zhucun_core::world::World;

/// The machine's clock and this laptop.
#[derive(Debug, Clone)]
pub struct SystemWorld {
    device: String,
    pinned: Option<NaiveDate>,
}

impl SystemWorld {
    /// The world of this laptop. `ZHUCUN_TODAY` sets the civil date, for tests that must not depend on the day they run.
    pub fn of(device: String) -> Self {
        let pinned = std::env::var("ZHUCUN_TODAY").ok().and_then(|day| day.parse().ok());
        SystemWorld { device, pinned }
    }

    /// The same with a civil date that stands still: the sample's records end on one day, and the window must agree.
    pub fn pinned_on(self, day: NaiveDate) -> Self {
        SystemWorld { pinned: Some(day), ..self }
    }
}

impl World for SystemWorld {
    fn now(&self) -> DateTime<FixedOffset> {
        Local::now().fixed_offset()
    }

    fn new_id(&mut self) -> Id {
        Id::new(Uuid::now_v7())
    }

    fn device(&self) -> &str {
        &self.device
    }

    fn today(&self) -> NaiveDate {
        self.pinned.unwrap_or_else(|| self.now().date_naive())
    }
}
