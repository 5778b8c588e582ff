//! Reading beside the ledger, on a connection of its own: a long count, for which nobody waits who types or looks at lists. It
//! ends when the ledger closes or lets go of its file; both wait until it has.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::list_ahead::STEPS;
use super::store::Store;
use crate::error::{Error, Result};

/// A reader beside the ledger. It holds the ledger's file, and its key, until it is dropped.
pub struct Aside {
    /// Closed before the seat is free.
    connection: Connection,
    seat: Seat,
}

impl Aside {
    /// Reads several things of one moment; [`Error::Cancelled`] where the ledger was closed meanwhile.
    pub fn read<T>(&self, work: impl FnOnce(Store<'_>) -> Result<T>) -> Result<T> {
        let read = Store::at_one_moment(&self.connection, None, work);
        read.map_err(|error| if self.seat.0.is_ended() { Error::Cancelled } else { error })
    }
}

/// The readers beside one ledger. Dropped, it ends them and waits until they are gone.
#[derive(Default)]
pub(super) struct Readers(Arc<Room>);

impl Readers {
    /// Lets a reader in.
    pub(super) fn admit(&self, mut connection: Connection) -> Result<Aside> {
        let room = self.0.clone();
        connection.progress_handler(STEPS, Some(move || room.is_ended()))?;
        *self.0.inside() += 1;
        Ok(Aside { connection, seat: Seat(self.0.clone()) })
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
        let mut inside = self.0.inside();
        while *inside > 0 {
            inside = self.0.left.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[derive(Default)]
struct Room {
    inside: Mutex<u32>,
    left: Condvar,
    ended: AtomicBool,
}

impl Room {
    fn inside(&self) -> MutexGuard<'_, u32> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

struct Seat(Arc<Room>);

impl Drop for Seat {
    fn drop(&mut self) {
        *self.0.inside() -= 1;
        self.0.left.notify_all();
    }
}
