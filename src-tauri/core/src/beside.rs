//! Two things at once, where one makes what the other uses.

use std::sync::mpsc;

/// How many are handed over at a time: to wake the other thread for each would cost more than most of them do.
const BATCH: usize = 64;
/// How many batches may wait.
const AHEAD: usize = 2;

/// Makes one thing after the other in a thread of its own while others are used. Where the use ends early, so does the making.
pub fn beside<I: Iterator<Item: Send>, R>(
    made: impl FnOnce() -> I + Send,
    usage: impl FnOnce(&mut dyn Iterator<Item = I::Item>) -> R,
) -> R {
    std::thread::scope(|scope| {
        let (send, ready) = mpsc::sync_channel(AHEAD);
        scope.spawn(move || {
            let mut made = made().peekable();
            while made.peek().is_some() && send.send(made.by_ref().take(BATCH).collect::<Vec<_>>()).is_ok() {}
        });
        usage(&mut ready.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_comes_in_order_and_nothing_is_made_for_nobody() {
        let all: Vec<usize> = beside(|| 0..1000, |ready| ready.collect());
        assert!(all.into_iter().eq(0..1000));
        let endless = || std::iter::successors(Some(0), |last| Some(last + 1));
        assert_eq!(beside(endless, |ready| ready.nth(70)), Some(70), "and the thread ends");
        assert_eq!(beside(std::iter::empty::<usize>, |ready| ready.count()), 0);
    }
}
