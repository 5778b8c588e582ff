//! What the commands say. Whoever reads may have had enough (`zhucun search … | head`): that is no fault. A disk that takes no
//! more is one, and is told at the end.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

static IS_LOST: AtomicBool = AtomicBool::new(false);

/// A line of the answer, as `println!` takes it.
macro_rules! print_line {
    ($($text:tt)*) => { $crate::printed::line(format_args!($($text)*)) };
}
pub(crate) use print_line;

/// Says a line.
pub fn line(text: Arguments<'_>) {
    note(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Whether everything was said, as far as anybody wanted to hear it.
pub fn all_said() -> bool {
    note(std::io::stdout().lock().flush());
    !IS_LOST.load(Ordering::Relaxed)
}

fn note(said: std::io::Result<()>) {
    if said.is_err_and(|error| error.kind() != ErrorKind::BrokenPipe) {
        IS_LOST.store(true, Ordering::Relaxed);
    }
}
