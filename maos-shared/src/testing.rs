//! What tests of several modules need.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// Returns whether a work takes a time that grows with the length of its input,
/// which `input` makes for a length. What counts is the processor's time for
/// this thread, so that a busy machine hardly matters; where it does, another
/// try does not meet it again.
pub(crate) fn grows_linearly<I>(
    length: usize,
    input: impl Fn(usize) -> I,
    work: impl Fn(&I),
) -> bool {
    const TRIES: usize = 5;
    const FACTOR: usize = 8;
    // Three times the factor is far from its square.
    const MOST: u32 = 8 * 3;
    let (short, long) = (input(length), input(length * FACTOR));
    (0..TRIES).any(|_| time(|| work(&long)) < time(|| work(&short)) * MOST)
}

/// Returns the processor's time for a work on this thread.
fn time(work: impl FnOnce()) -> Duration {
    let now = || {
        let clock = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
        Duration::from(clock.expect("the clock of this thread"))
    };
    let start = now();
    work();
    now().saturating_sub(start)
}
