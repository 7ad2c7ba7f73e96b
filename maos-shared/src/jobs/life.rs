//! A job from its begin to its end, in its own process.

use std::io;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{getpgrp, getpid};

use super::folder::{End, Folder, How, Process, Running};
use super::turn::Ticket;
use crate::config::limits::JOBS_AT_ONCE;
use crate::config::{Environment, FILE, Settings};
use crate::journal::rfc3339;
use crate::state::State;

/// What a job's process knows.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) folder: Folder,
    pub(super) clock: Clock,
    pub(super) deadline: Duration,
}

/// The wall time that state uses, going on from when the job was ordered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    ordered: SystemTime,
    since: Instant,
}

impl Life {
    /// Waits for the job's turn, does its work within the deadline and writes
    /// down how that ended. The process must end after it.
    pub(super) fn live(self, ticket: &Ticket, work: impl FnOnce() -> Result<String, String>) {
        let process = Process {
            pid: getpid().as_raw(),
            group: getpgrp().as_raw(),
        };
        told(self.folder.write_process(process));
        let _turn = match ticket.wait(&self.folder.id(), places()) {
            Ok(turn) => turn,
            Err(how) => return self.end(how, String::new()),
        };
        let since = self.clock.now();
        told(self.folder.write_running(&Running { since }));
        self.clone().watch();
        match work() {
            Ok(text) => self.end(How::Done, text),
            Err(text) => self.end(How::Failed, text),
        }
        // No program that the work has left behind outlives the job.
        let _ = killpg(getpgrp(), Signal::SIGKILL);
    }

    /// Kills this process and all of its group at the deadline.
    fn watch(self) {
        let watch = move || {
            thread::sleep(self.deadline);
            let text = format!("it did not end within {} s", self.deadline.as_secs());
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
