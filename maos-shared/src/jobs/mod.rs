//! Slow work in processes that no hook waits for.
//!
//! [`start`] is the one way to do something detached: it does a task in a
//! process of its own, with a log, a deadline for all that it starts and a
//! result, at most a few at once, visible in `maos jobs`. What holds for a kind
//! of job is a row in `kind.rs`.

mod detach;
mod folder;
mod kind;
mod life;
mod list;
mod offspring;
mod program;
mod task;
mod turn;

pub use folder::{End, How};
pub use kind::{Kind, Turn};
pub use list::{Job, Status, end_with_session, list, stop, sweep};
pub use program::{Output, Program};
pub use task::{Task, await_quiet};

use std::io;
use std::time::Duration;

use crate::state::State;
use life::{Clock, Life};

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

/// Starts a job: returns as soon as its process is on its way, which is before
/// anything of it is on disk, so that who starts one is as fast as who does not.
/// The task is done in that process, after the caller's may have ended: it must
/// own what it needs, and no open file. It is not done when another job does the
/// same (see [`Turn`]). What it returns is the result's text; what it writes to
/// stdout and stderr is in the log.
///
/// Safe at any kill: a job is on disk whole before it asks for its turn, and one
/// whose process is gone by then counts as died. One that is killed before that
/// has done nothing, and whoever orders the next of its kind orders all of it.
///
/// # Errors
/// When the system refuses a process. That the state cannot be written is told
/// by whatever else the caller writes there. Blocks for two forks, some hundred
/// microseconds.
pub fn start(state: &State, order: &Order<'_>, task: impl Task) -> io::Result<()> {
    start_within(state, order, order.kind.rules().deadline, task)
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
    start(state, &order, work)
}

/// As [`start`], with a deadline of its own in place of the kind's.
///
/// # Errors
/// As [`start`].
pub fn start_within(
    state: &State,
    order: &Order<'_>,
    deadline: Duration,
    task: impl Task,
) -> io::Result<()> {
    let clock = Clock::of(state);
    let is_nice = order.kind.rules().is_nice;
    detach::detached(is_nice, || {
        let recorded = task.record();
        let begun = recorded.and_then(|()| Life::begin(state, order, clock, deadline));
        match begun {
            Ok(Some(life)) => life.live(task),
            // Another job does the same.
            Ok(None) => {}
            Err(error) => log::warn!("job: {error}"),
        }
    })
}

#[cfg(test)]
mod tests;
