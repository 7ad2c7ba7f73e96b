//! Slow work in processes that no hook waits for.
//!
//! [`start`] is the one way to do something detached: it runs a closure in a
//! process of its own, with a log, a deadline for its whole process group and a
//! result, at most a few at once, visible in `maos jobs`. What holds for a kind
//! of job is a row in `kind.rs`.

mod detach;
mod folder;
mod kind;
mod life;
mod list;
mod program;
mod turn;

pub use folder::{End, How};
pub use kind::{Kind, Turn};
pub use list::{Job, Status, end_with_session, list, stop, sweep};
pub use program::{Output, Program};

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use crate::journal::rfc3339;
use crate::state::State;
use folder::{Folder, Ordered};
use life::{Clock, Life};
use turn::Ticket;

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// What for.
    pub kind: Kind,
    /// What it works on, such as a workspace's name: jobs of one kind about the
    /// same thing run one after the other.
    pub about: &'a str,
    /// The session that it is for. Where jobs of its kind are of no use after
    /// that, it is ended with it.
    pub session: Option<&'a str>,
}

/// Starts a job and returns its id as soon as that is on its way; `None` when
/// another one does the same (see [`Turn`]). `work` runs in another process,
/// after the caller's may have ended: it must own what it needs, and no open
/// file. What it returns is the result's text; what it writes to stdout and
/// stderr is in the log.
///
/// Safe at any kill: the job is on disk before its process is, and one whose
/// process never came counts as died.
///
/// # Errors
/// When the state cannot be written or the system refuses a process. Blocks for
/// two forks and a few small files, about a millisecond.
pub fn start(
    state: &State,
    order: &Order<'_>,
    work: impl FnOnce() -> Result<String, String>,
) -> io::Result<Option<String>> {
    start_within(state, order, order.kind.rules().deadline, work)
}

/// Starts the job that deletes what lies in the trash.
///
/// # Errors
/// As [`start`].
pub fn empty_trash(state: &State) -> io::Result<()> {
    let order = Order {
        kind: Kind::Trash,
        about: "",
        session: None,
    };
    let trash = state.clone();
    let work = move || match trash.empty_trash() {
        Ok(deleted) => Ok(format!("{deleted} deleted")),
        Err(error) => Err(error.to_string()),
    };
    start(state, &order, work).map(drop)
}

/// As [`start`], with a deadline of its own in place of the kind's.
///
/// # Errors
/// As [`start`].
pub fn start_within(
    state: &State,
    order: &Order<'_>,
    deadline: Duration,
    work: impl FnOnce() -> Result<String, String>,
) -> io::Result<Option<String>> {
    let jobs = state.jobs()?;
    let Some(ticket) = Ticket::ask(&jobs, order)? else {
        return Ok(None);
    };
    let rules = order.kind.rules();
    let ordered = Ordered {
        kind: rules.name.to_owned(),
        about: order.about.to_owned(),
        session: order
            .session
            .filter(|_| !rules.outlives_session)
            .map(ToOwned::to_owned),
        at: rfc3339(state.now()),
    };
    let (folder, alive, log) = Folder::make(&jobs, &ordered)?;
    let id = folder.id();
    ticket.give_to(&id)?;
    let life = Life {
        folder,
        clock: Clock::of(state),
        deadline,
    };
    let mut kept = vec![alive.as_fd()];
    kept.extend(ticket.lock().map(AsFd::as_fd));
    detach::detached(&log, &kept, rules.is_nice, || life.live(&ticket, work))?;
    Ok(Some(id))
}

#[cfg(test)]
mod tests;
