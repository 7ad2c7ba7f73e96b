//! A job from its begin to its end, in its own process.

use std::io;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{dup2_stderr, dup2_stdout, getpgrp, getpid};

use super::Order;
use super::folder::{End, Folder, How, Ordered, Running};
use super::turn::Ticket;
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
    /// another one does the same, or the session that it would end with is over:
    /// its end is looked for behind the putting, so either this or who ends the
    /// session's jobs sees the other.
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
        ticket.give_to(&folder.id())?;
        dup2_stdout(&log)?;
        dup2_stderr(&log)?;
        let record = Record { folder, clock };
        let is_over = |session| {
            state
                .session(session)
                .ended()
                .is_ok_and(|end| end.is_some())
        };
        if session.is_some_and(is_over) {
            record.end(How::Stopped, String::new());
            return Ok(None);
        }
        Ok(Some(Self {
            record,
            _alive: alive,
            ticket,
            deadline,
        }))
    }

    /// Waits for the job's turn, does its work within the deadline and writes
    /// down how that ended. The process must end after it.
    pub(super) fn live(self, work: impl FnOnce() -> Result<String, String>) {
        let record = self.record;
        let _turn = match self.ticket.wait(&record.folder.id(), places()) {
            Ok(turn) => turn,
            Err(how) => return record.end(how, String::new()),
        };
        let since = record.clock.now();
        told(record.folder.write_running(&Running { since }));
        record.clone().watch(self.deadline);
        match work() {
            Ok(text) => record.end(How::Done, text),
            Err(text) => record.end(How::Failed, text),
        }
        // No program that the work has left behind outlives the job.
        let _ = killpg(getpgrp(), Signal::SIGKILL);
    }
}

impl Record {
    /// Kills this process and all of its group at the deadline.
    fn watch(self, deadline: Duration) {
        let watch = move || {
            thread::sleep(deadline);
            let text = format!("it did not end within {} s", deadline.as_secs());
            self.end(How::TooSlow, text);
            // Nothing is left to do about it where that fails.
            let _ = killpg(getpgrp(), Signal::SIGKILL);
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
