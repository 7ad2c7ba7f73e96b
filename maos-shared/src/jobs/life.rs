//! A job from its begin to its end, in its own process.

use std::io;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{dup2_stderr, dup2_stdout, getpgrp, getpid};

use super::folder::{End, Folder, How, Ordered, Running};
use super::offspring::{self, Offspring};
use super::turn::Ticket;
use super::{Order, Task};
use crate::config::limits::JOBS_AT_ONCE;
use crate::config::{Environment, FILE, Settings};
use crate::journal::rfc3339;
use crate::state::State;
use crate::state::lock::Lock;

/// What a job's process has.
#[derive(Debug)]
pub(super) struct Life {
    record: Record,
    /// Says that it is alive, until it ends.
    _alive: Lock,
    ticket: Ticket,
    deadline: Duration,
    state: State,
    /// The session that it ends with, unless its task names others.
    session: Option<String>,
}

/// Where a job's end is written down, by what clock.
#[derive(Clone, Debug)]
struct Record {
    folder: Folder,
    clock: Clock,
}

/// The wall time that state uses, going on from when the job was ordered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    ordered: SystemTime,
    since: Instant,
}

impl Life {
    /// Puts the job on disk, and its stdout and stderr into its log. `None` when
    /// another one does the same.
    pub(super) fn begin(
        state: &State,
        order: &Order<'_>,
        clock: Clock,
        deadline: Duration,
    ) -> io::Result<Option<Self>> {
        let jobs = state.jobs()?;
        let Some(ticket) = Ticket::ask(&jobs, order)? else {
            return Ok(None);
        };
        let rules = order.kind.rules();
        let session = order.session.filter(|_| !rules.outlives_session);
        let ordered = Ordered {
            kind: rules.name.to_owned(),
            about: order.about.to_owned(),
            session: session.map(ToOwned::to_owned),
            at: rfc3339(state.now()),
            pid: getpid().as_raw(),
            group: getpgrp().as_raw(),
        };
        let (folder, alive, log) = Folder::make(&jobs, &ordered)?;
        dup2_stdout(&log)?;
        dup2_stderr(&log)?;
        let record = Record { folder, clock };
        Ok(Some(Self {
            record,
            _alive: alive,
            ticket,
            deadline,
            state: state.clone(),
            session: session.map(ToOwned::to_owned),
        }))
    }

    /// Waits for the job's turn, does its work within the deadline and writes
    /// down how that ended. The process must end after it.
    ///
    /// Whoever waits is left alone by the end of a session, since others may have
    /// left work to it. Whether anybody still wants it is looked for behind the
    /// writing down of who does, so either this or who ends the session's jobs
    /// sees the other.
    pub(super) fn live(self, mut task: impl Task) {
        let record = self.record;
        task.settle();
        let _turn = match self.ticket.wait(places(), task.alone_with().as_deref()) {
            Ok(turn) => turn,
            Err(how) => return record.end(how, String::new()),
        };
        let since = record.clock.now();
        let sessions = match task.take() {
            Ok(sessions) => sessions.unwrap_or_else(|| self.session.into_iter().collect()),
            Err(error) => return record.end(How::Failed, error.to_string()),
        };
        let running = Running { since, sessions };
        told(record.folder.write_running(&running));
        if running.is_unwanted(&self.state) {
            return record.end(How::Stopped, String::new());
        }
        offspring::adopt();
        record.clone().watch(self.deadline);
        match task.work() {
            Ok(text) => record.end(How::Done, text),
            Err(text) => record.end(How::Failed, text),
        }
        // No program that the work has forgotten outlives the job. What has left
        // its group did so to stay, as the server of a compiler's cache does.
        end_group();
    }
}

/// Ends this process and all of its group.
fn end_group() {
    // Nothing is left to do about it where that fails.
    let _ = killpg(getpgrp(), Signal::SIGKILL);
}

impl Record {
    /// Kills this process and all that it has started at the deadline.
    fn watch(self, deadline: Duration) {
        let watch = move || {
            thread::sleep(deadline);
            let text = format!("it did not end within {} s", deadline.as_secs());
            self.end(How::TooSlow, text);
            Offspring::of(getpid().as_raw().unsigned_abs()).kill();
            end_group();
        };
        // Without a thread to spare the work has no deadline, but is done.
        told(thread::Builder::new().spawn(watch).map(drop));
    }

    fn end(&self, how: How, text: String) {
        let at = Some(self.clock.now());
        told(self.folder.end(&End { how, at, text }));
    }
}

impl Clock {
    /// Returns the clock that shows the state's time now.
    pub(super) fn of(state: &State) -> Self {
        Self {
            ordered: state.now(),
            since: Instant::now(),
        }
    }

    fn now(&self) -> String {
        rfc3339(self.ordered + self.since.elapsed())
    }
}

/// Returns how many jobs may run at once. A file that cannot be read is told
/// at the begin of the session.
fn places() -> usize {
    let folder = Environment::read().client_settings();
    let settings = folder.and_then(|folder| Settings::load(&folder.join(FILE)).ok().flatten());
    settings
        .and_then(|settings| settings.jobs.max)
        .unwrap_or(JOBS_AT_ONCE)
}

/// Reports what could not be written: the job goes on without it.
fn told(result: io::Result<()>) {
    if let Err(error) = result {
        log::warn!("job: {error}");
    }
}
