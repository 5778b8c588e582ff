//! What the core asks of the world around it: the time, new ids, and which device it runs on.
//! The core itself reads no clock and draws no random number, so that the same input gives the same output.

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::value::Id;

/// The surroundings of an open ledger.
pub trait World: Send {
    /// The present moment, with the local offset.
    fn now(&self) -> DateTime<FixedOffset>;

    /// A fresh UUIDv7.
    fn new_id(&mut self) -> Id;

    /// Name of this device, written beside every change; tells two laptops apart when their ledgers are merged.
    fn device(&self) -> &str;

    /// Today's civil date.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// A world without chance: the clock stands on a day, ids count up. For samples and tests.
#[derive(Debug, Clone)]
pub struct FixedWorld {
    now: DateTime<FixedOffset>,
    next: u64,
}

impl FixedWorld {
    /// Stands still at noon of a day, China Standard Time.
    pub fn on(day: NaiveDate) -> Self {
        let noon = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
        let offset = FixedOffset::east_opt(8 * 3600);
        FixedWorld { now: offset.map_or_else(|| noon.into(), |offset| noon.with_timezone(&offset) - offset_span()), next: 0 }
    }
}

fn offset_span() -> chrono::TimeDelta {
    chrono::TimeDelta::hours(8)
}

impl World for FixedWorld {
    fn now(&self) -> DateTime<FixedOffset> {
        self.now
    }

    fn new_id(&mut self) -> Id {
        self.next += 1;
        let millis = self.now.timestamp_millis().unsigned_abs();
        let bytes = self.next.to_be_bytes();
        let mut random = [0u8; 10];
        random[2..].copy_from_slice(&bytes);
        Id::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    fn device(&self) -> &str {
        "fixed"
    }
}
