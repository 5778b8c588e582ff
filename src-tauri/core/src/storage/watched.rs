//! Long work of SQLite's own, in one statement: how far it is is seen from the file that it writes, and it can be stopped.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::{Error, Result};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Does work on a connection that writes a copy of its database into a file. `progress` is told how many bytes of how many
/// are there, and answers whether to go on.
pub(super) fn watched<T>(
    connection: &Connection,
    fresh: &Path,
    progress: &mut (dyn FnMut(u64, u64) -> bool + Send),
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let pages: u64 =
        connection.query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| {
            row.get::<_, i64>(0).map(|bytes| u64::try_from(bytes).unwrap_or(0))
        })?;
    if !progress(0, pages) {
        return Err(Error::Cancelled);
    }
    let stop = connection.get_interrupt_handle();
    thread::scope(|scope| {
        let (finished, is_finished) = channel::<()>();
        let watch = scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = is_finished.recv_timeout(LOOK) {
                let there = std::fs::metadata(fresh).map_or(0, |about| about.len());
                if !progress(there, pages) {
                    stop.interrupt();
                    return false;
                }
            }
            true
        });
        let done = work();
        drop(finished);
        let went_on = watch.join().unwrap_or(true);
        if went_on { done } else { Err(Error::Cancelled) }
    })
}
