//! When a job's turn comes.
//!
//! ```text
//! .maos/jobs/.turns/<kind>-<about>.waiting   locked by the one that waits
//! .maos/jobs/.turns/<kind>-<about>.running   locked by the one that runs
//! .maos/jobs/.turns/<kind>-<about>.newest    the id of the newest order
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
use super::kind::Turn;
use crate::config::limits::{JOB_TURN_WAIT, STATE_FILE_BYTES};
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
    turn: Turn,
    waiting: Option<Lock>,
}

/// A job's turn, for as long as it is kept.
#[derive(Debug)]
pub(super) struct Taken {
    _running: Option<Lock>,
    _place: Lock,
}

impl Ticket {
    /// Asks for a place in the queue; `None` when another job does the same.
    pub(super) fn ask(jobs: &Path, order: &Order<'_>) -> io::Result<Option<Self>> {
        let turn = order.kind.rules().turn;
        let mut ticket = Self {
            turns: atomic::ensure_dir(jobs, Path::new(TURNS))?,
            key: format!("{}-{}", order.kind.name(), SafeName::new(order.about)),
            turn,
            waiting: None,
        };
        if turn == Turn::Newest {
            return Ok(Some(ticket));
        }
        ticket.waiting = Lock::try_acquire(&ticket.file("waiting"))?;
        let is_ours = ticket.waiting.is_some();
        let wanted = is_ours && (turn != Turn::Once || !Lock::is_held(&ticket.file("running"))?);
        Ok(wanted.then_some(ticket))
    }

    /// Says which job has this place: of jobs that replace each other, the last
    /// one to say so is the newest.
    pub(super) fn give_to(&self, id: &str) -> io::Result<()> {
        match self.turn {
            Turn::Newest => atomic::replace(&self.file("newest"), id.as_bytes()),
            Turn::Once | Turn::OneWaits => Ok(()),
        }
    }

    /// Waits until it is the turn of the job `id`, and at most `places` jobs
    /// run; blocks for ten minutes at most.
    pub(super) fn wait(&self, id: &str, places: usize) -> Result<Taken, How> {
        let deadline = Instant::now() + JOB_TURN_WAIT;
        let mut running = None;
        let mut pause = FIRST_PAUSE;
        loop {
            if self.is_replaced(id) {
                return Err(How::Replaced);
            }
            running = running.or_else(|| lock(&self.file("running")));
            if running.is_some()
                && let Some(place) = self.place(places)
            {
                if let Some(waiting) = &self.waiting {
                    waiting.free();
                }
                return Ok(Taken {
                    _running: running,
                    _place: place,
                });
            }
            if Instant::now() >= deadline {
                return Err(How::NoTurn);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Takes one of the places of those that run, if one is free.
    fn place(&self, places: usize) -> Option<Lock> {
        (0..places.max(1)).find_map(|n| lock(&self.turns.join(format!("place-{n}"))))
    }

    /// Returns whether a newer job has this place.
    fn is_replaced(&self, id: &str) -> bool {
        self.turn == Turn::Newest
            && atomic::read(&self.file("newest"), STATE_FILE_BYTES)
                .is_ok_and(|newest| newest != id.as_bytes())
    }

    fn file(&self, what: &str) -> PathBuf {
        self.turns.join(format!("{}.{what}", self.key))
    }
}

/// Removes what is left of turns that nobody has. Safe beside jobs that begin:
/// who holds a lock may remove its file ([`Lock::try_acquire`]).
pub(super) fn sweep(jobs: &Path) -> io::Result<()> {
    for path in list(&jobs.join(TURNS))? {
        // The newest order of a kind is a text, and there is one for each kind.
        let is_lock = path.extension().is_none_or(|what| what != "newest");
        if is_lock && let Some(_held) = Lock::try_acquire(&path)? {
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
