//! What a job has started, also what has left its process group.
//!
//! On Linux a job adopts what its programs leave behind, so that all of it
//! descends from the job for as long as that lives, whatever sessions and groups
//! it makes. Other systems do not tell whose an orphan was: there a program that
//! leaves its group lives on.

use std::collections::BTreeMap;
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
pub(super) struct Offspring(BTreeMap<u32, Process>);

impl Offspring {
    /// Returns those of the process `pid`. Reads a file of each process of the
    /// machine.
    pub(super) fn of(pid: u32) -> Self {
        let mut offspring = Self(BTreeMap::new());
        offspring.add_children(&|parent| parent == pid);
        offspring
    }

    /// Returns the process `pid` with those that descend from it.
    pub(super) fn with(pid: u32) -> Self {
        let mut offspring = Self(BTreeMap::from([(pid, Process::of(pid))]));
        offspring.add_children(&|_| false);
        offspring
    }

    /// Kills them, and what they start meanwhile. Blocks until they have ended, a
    /// second at most.
    pub(super) fn kill(mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // What one has started that was known is known before it is killed.
            let known: Vec<u32> = self.0.keys().copied().collect();
            self.add_children(&|parent| known.binary_search(&parent).is_ok());
            self.0.retain(|_, process| process.runs());
            if self.0.is_empty() || Instant::now() > deadline {
                return;
            }
            for pid in self.0.keys().filter_map(|pid| i32::try_from(*pid).ok()) {
                // It may have ended by itself, or be another user's.
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            thread::sleep(PAUSE);
        }
    }

    /// Adds the children of those parents, their children, and so on.
    fn add_children(&mut self, is_parent: &dyn Fn(u32) -> bool) {
        let all = parents();
        loop {
            let before = self.0.len();
            for (pid, parent) in &all {
                if (is_parent(*parent) || self.0.contains_key(parent)) && !self.0.contains_key(pid)
                {
                    self.0.insert(*pid, Process::of(*pid));
                }
            }
            if self.0.len() == before {
                return;
            }
        }
    }
}
