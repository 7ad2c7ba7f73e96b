//! When a job's turn comes.
//!
//! ```text
//! .maos/jobs/.turns/<kind>-<about>.waiting   locked by the one that waits
//! .maos/jobs/.turns/<kind>-<about>.running   locked by the one that runs
//! .maos/jobs/.turns/place-<n>                locked by a job that runs
//! ```
//!
//! Why this is safe: every lock is the system's, freed with the process that
//! holds it. The one that waits gives its lock up only when it has the one of
//! those that run, so at no moment does a job of that key hold neither.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::Order;
use super::folder::How;
use super::kind::{Rules, Turn};
use crate::config::limits::JOB_TURN_WAIT;
use crate::state::agents::list;
use crate::state::lock::Lock;
use crate::state::{SafeName, atomic};

const TURNS: &str = ".turns";
/// First pause between two looks at whether it is one's turn; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
/// Longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// A place in the queue.
#[derive(Debug)]
pub(super) struct Ticket {
    turns: PathBuf,
    key: String,
    rules: Rules,
    waiting: Lock,
}

/// A job's turn, for as long as it is kept.
#[derive(Debug)]
pub(super) struct Taken {
    _running: Lock,
    _beside: [Option<Lock>; 2],
}

impl Ticket {
    /// Asks for a place in the queue; `None` when another job does the same.
    pub(super) fn ask(jobs: &Path, order: &Order<'_>) -> io::Result<Option<Self>> {
        let rules = order.kind.rules();
        let turns = atomic::ensure_dir(jobs, Path::new(TURNS))?;
        let key = format!("{}-{}", rules.name, SafeName::new(order.about));
        let Some(waiting) = Lock::try_acquire(&turns.join(format!("{key}.waiting")))? else {
            return Ok(None);
        };
        let ticket = Self {
            turns,
            key,
            rules,
            waiting,
        };
        let wanted = rules.turn != Turn::Once || !Lock::is_held(&ticket.running())?;
        Ok(wanted.then_some(ticket))
    }

    /// Waits until it is the job's turn: at most `places` jobs run, where those of
    /// its kind take a place, and nobody has the lock `alone`. Blocks for ten
    /// minutes at most, and no longer than the project's state is there.
    pub(super) fn wait(&self, places: usize, alone: Option<&Path>) -> Result<Taken, How> {
        let deadline = Instant::now() + JOB_TURN_WAIT;
        let mut running = None;
        let mut pause = FIRST_PAUSE;
        loop {
            running = running.or_else(|| lock(&self.running()));
            if running.is_some()
                && let Some(beside) = self.beside(places, alone)
                && let Some(running) = running.take()
            {
                self.waiting.free();
                return Ok(Taken {
                    _running: running,
                    _beside: beside,
                });
            }
            if Instant::now() >= deadline || !self.turns.exists() {
                return Err(How::NoTurn);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Takes what the job needs beside the turn of its key, if all of it is free.
    fn beside(&self, places: usize, alone: Option<&Path>) -> Option<[Option<Lock>; 2]> {
        let place = match self.rules.takes_place {
            true => Some(self.place(places)?),
            false => None,
        };
        let alone = match alone {
            Some(path) => Some(lock(path)?),
            None => None,
        };
        Some([place, alone])
    }

    /// Takes one of the places of those that run, if one is free.
    fn place(&self, places: usize) -> Option<Lock> {
        (0..places.max(1)).find_map(|n| lock(&self.turns.join(format!("place-{n}"))))
    }

    fn running(&self) -> PathBuf {
        self.turns.join(format!("{}.running", self.key))
    }
}

/// Removes what is left of turns that nobody has. Safe beside jobs that begin:
/// who holds a lock may remove its file ([`Lock::try_acquire`]).
pub(super) fn sweep(jobs: &Path) -> io::Result<()> {
    for path in list(&jobs.join(TURNS))? {
        if let Some(_held) = Lock::try_acquire(&path)? {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Takes a lock that is free. One that cannot be taken at all is not free.
fn lock(path: &Path) -> Option<Lock> {
    Lock::try_acquire(path).unwrap_or_else(|error| {
        log::warn!("{error}");
        None
    })
}
