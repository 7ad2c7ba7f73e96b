//! What a job does.

use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// What a job does, step by step, all of it in the job's own process.
pub trait Task {
    /// Keeps what is to be done, before the job asks whether another one does
    /// the same: that one must see it.
    ///
    /// # Errors
    /// What the system says; then there is no job.
    fn record(&self) -> io::Result<()> {
        Ok(())
    }

    /// Waits until there is no more to come. Others see that this job waits, and
    /// leave what they have to it.
    fn settle(&self) {}

    /// Returns the lock that the job holds while it works, beside its turn, of
    /// what is there once for all projects. Waiting for it is waiting for the
    /// turn.
    fn alone_with(&self) -> Option<PathBuf> {
        None
    }

    /// Takes what is to be done, now that its turn has come, and returns the
    /// sessions that want it. `None`: the one that ordered the job.
    ///
    /// # Errors
    /// What the system says; then the job has failed.
    fn take(&mut self) -> io::Result<Option<Vec<String>>> {
        Ok(None)
    }

    /// Does the work and returns what there is to say of it.
    ///
    /// # Errors
    /// Why it could not be done, in one line.
    fn work(self) -> Result<String, String>;
}

impl<W: FnOnce() -> Result<String, String>> Task for W {
    fn work(self) -> Result<String, String> {
        self()
    }
}

/// Blocks until what `count` returns has not changed for `quiet`, but for
/// `longest` at most (and `quiet`, once).
pub fn await_quiet(quiet: Duration, longest: Duration, count: impl Fn() -> usize) {
    let begun = Instant::now();
    let mut before = count();
    loop {
        thread::sleep(quiet);
        let now = count();
        if now == before || begun.elapsed() >= longest {
            return;
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_burst_is_waited_for_until_it_is_quiet_or_too_long() {
        let quiet = Duration::from_millis(1);
        let looks = Cell::new(0);
        // Something new until the fifth look.
        let count = || {
            looks.set(looks.get() + 1);
            looks.get().min(5)
        };
        await_quiet(quiet, Duration::from_secs(60), count);
        assert_eq!(looks.get(), 6);

        looks.set(0);
        let count = || {
            looks.set(looks.get() + 1);
            looks.get()
        };
        await_quiet(quiet, Duration::ZERO, count);
        assert_eq!(looks.get(), 2, "it never becomes quiet");
    }
}
