//! Locking by itself: after a while in which nobody touched the window, and when the machine has slept. Where the system tells of
//! sleep beforehand (`logind`), it is locked before; the clock sees what nobody told.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tauri::{AppHandle, Manager};

use crate::settings;
use crate::state::Shell;

const TICK: Duration = Duration::from_secs(5);
/// The clock on the wall ran on for so much longer than the machine worked: it slept. Setting the clock forward looks the
/// same, and locks too.
const SLEPT: Duration = Duration::from_secs(20);
/// The page gets so long to keep what is being typed before the ledger is closed under it.
const PATIENCE: Duration = Duration::from_secs(3);

/// When the window was touched last.
pub struct Watch(Mutex<Instant>);

impl Default for Watch {
    fn default() -> Self {
        Watch(Mutex::new(Instant::now()))
    }
}

impl Watch {
    /// Somebody is there.
    pub fn touched(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn quiet(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// Whether the window is to be locked.
fn is_due(quiet: Duration, limit: Option<Duration>, worked: Duration, wall: Duration) -> bool {
    limit.is_some_and(|limit| quiet >= limit) || wall > worked + SLEPT
}

/// Looks every few seconds, as long as the program runs.
pub fn start(app: AppHandle) {
    std::thread::spawn(move || {
        loop {
            let (worked, wall) = (Instant::now(), SystemTime::now());
            std::thread::sleep(TICK);
            // A clock set back says nothing of sleep.
            let wall = wall.elapsed().unwrap_or_default();
            let shell = app.state::<Shell>();
            let minutes = settings::read(&shell.places.config).idle_minutes;
            let limit = (minutes > 0).then(|| Duration::from_secs(u64::from(minutes) * 60));
            if is_due(app.state::<Watch>().quiet(), limit, worked.elapsed(), wall) {
                lock(&app);
            }
        }
    });
}

/// The page keeps its drafts and locks; one that does not answer is locked all the same. Where nothing can be locked, nothing is.
pub fn lock(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if !shell.can_lock() {
        return;
    }
    let page = app.get_webview_window("main");
    let tell = |script: &str| page.as_ref().is_some_and(|page| page.eval(script).is_ok());
    tell("window.dispatchEvent(new Event('zhucun-lock'))");
    let asked = Instant::now();
    while shell.can_lock() {
        if asked.elapsed() > PATIENCE {
            crate::commands::lock::lock_now(app);
            tell("location.reload()");
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_MINUTES: Duration = Duration::from_secs(600);

    #[test]
    fn a_window_that_nobody_touched_is_locked_after_the_time_that_is_set_and_never_where_none_is() {
        let (short, long) = (TEN_MINUTES - TICK, TEN_MINUTES);
        assert!(!is_due(short, Some(TEN_MINUTES), TICK, TICK));
        assert!(is_due(long, Some(TEN_MINUTES), TICK, TICK));
        assert!(!is_due(long, None, TICK, TICK));
    }

    #[test]
    fn a_gap_in_the_wall_clock_is_sleep_and_a_slow_machine_is_not() {
        assert!(is_due(TICK, None, TICK, TEN_MINUTES), "the lid was closed for ten minutes");
        assert!(!is_due(TICK, None, TEN_MINUTES, TEN_MINUTES), "the thread just came late");
    }
}
