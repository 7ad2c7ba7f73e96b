//! What a job has started, also what has left its process group, for when it is
//! killed.
//!
//! On Linux a job adopts what its programs leave behind, so that all of it
//! descends from the job for as long as that lives, whatever sessions and groups
//! it makes. Other systems do not tell whose an orphan was: there a program that
//! leaves its group lives on.

use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::state::process::{Process, parents};

/// How long is waited for the end of what was killed.
const PATIENCE: Duration = Duration::from_secs(1);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(2);

/// Lets this process become the parent of what its programs leave behind, where
/// the system can do that.
pub(super) fn adopt() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_child_subreaper(true) {
        log::warn!("job: {error}");
    }
}

/// The processes that descend from one.
#[derive(Debug)]
pub(super) struct Offspring(Vec<Process>);

impl Offspring {
    /// Returns those of the process `pid`. Reads a file of each process of the
    /// machine.
    pub(super) fn of(pid: u32) -> Self {
        let mut offspring = Self(Vec::new());
        offspring.add_children(&[pid]);
        offspring
    }

    /// Returns the process `pid` with those that descend from it.
    pub(super) fn with(pid: u32) -> Self {
        let mut offspring = Self::of(pid);
        offspring.0.push(Process::of(pid));
        offspring
    }

    /// Kills them, and what they start meanwhile. Blocks until they have ended, a
    /// second at most.
    pub(super) fn kill(mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // What one has started is known before that one is killed.
            self.add_children(&[]);
            self.0.retain(Process::runs);
            if self.0.is_empty() || Instant::now() > deadline {
                return;
            }
            for pid in self.0.iter().filter_map(|it| i32::try_from(it.pid).ok()) {
                // It may have ended by itself, or be another user's.
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            thread::sleep(PAUSE);
        }
    }

    /// Adds the children of those that are known and of `others`, their children,
    /// and so on.
    fn add_children(&mut self, others: &[u32]) {
        let all = parents();
        loop {
            let is_known = |pid: &u32| self.0.iter().any(|it| it.pid == *pid);
            let is_child = |(_, parent): &&(u32, u32)| others.contains(parent) || is_known(parent);
            let children = all.iter().filter(is_child).map(|(pid, _)| *pid);
            let new: Vec<u32> = children.filter(|pid| !is_known(pid)).collect();
            if new.is_empty() {
                return;
            }
            self.0.extend(new.into_iter().map(Process::of));
        }
    }
}
