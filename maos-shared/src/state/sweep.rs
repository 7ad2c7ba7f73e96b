//! Removing state that is past its time: never what is live, and never a record
//! of work that still lies in a workspace.
//!
//! Why this is safe: what goes is renamed into the trash whole, or is one file.
//! A hook that needs a folder makes it again. Killed in between, the next
//! clean-up goes on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::agents::{Agent, Stage, fact, list, read_json};
use super::atomic::{self, TEMPORARY};
use super::{Session, State};
use crate::config::limits::{HALF_WRITTEN_AGE, SESSION_TTL};

/// How deep folders of state lie in each other.
const DEPTH: usize = 6;

/// What was removed: of which kind, and which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swept {
    /// `session`, `agent`, `lease`, …
    pub what: &'static str,
    /// Its name.
    pub name: String,
}

impl Swept {
    pub(super) fn of(what: &'static str, path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self {
            what,
            name: name.into_owned(),
        }
    }
}

impl State {
    /// Removes what is past its time: sessions and agents that are over and have
    /// no workspace left, leases and reservations of the dead, what killed processes left half
    /// written. `ttl` is how long it is kept after its last
    /// change. Lists folders: for jobs and people.
    ///
    /// # Errors
    /// What the system says first; all else is removed nevertheless.
    pub fn sweep(&self, ttl: Duration) -> (Vec<Swept>, io::Result<()>) {
        let mut swept = Vec::new();
        let mut trouble = self.sweep_sessions(ttl, &mut swept);
        let parts = [
            self.sweep_leases(),
            self.sweep_reservations(),
            self.sweep_half_written(),
        ];
        for part in parts {
            match part {
                Ok(more) => swept.extend(more),
                Err(error) => trouble = trouble.and(Err(error)),
            }
        }
        (swept, trouble)
    }

    fn sweep_sessions(&self, ttl: Duration, swept: &mut Vec<Swept>) -> io::Result<()> {
        let mut trouble = Ok(());
        let sessions = self.all_sessions()?.into_iter();
        for session in sessions.filter(Session::is_folder) {
            // What is damaged in one is no reason to keep the others.
            trouble = trouble.and(self.sweep_session(&session, ttl, swept));
        }
        trouble
    }

    fn sweep_session(
        &self,
        session: &Session,
        ttl: Duration,
        swept: &mut Vec<Swept>,
    ) -> io::Result<()> {
        if session.is_live(ttl)? || session.idle_for()? < ttl {
            return Ok(());
        }
        let has_agents = session.has_agents()?;
        let is_old = !has_agents || session.idle_for()? >= SESSION_TTL;
        if is_old && !session.has_workspace()? {
            self.discard(session.dir())?;
            swept.push(Swept::of("session", session.dir()));
        } else {
            swept.extend(self.sweep_pending(session)?);
        }
        Ok(())
    }

    /// Agents that were registered and never got a workspace leave nothing to
    /// tell of.
    fn sweep_pending(&self, session: &Session) -> io::Result<Vec<Swept>> {
        let mut swept = Vec::new();
        for Agent { agent_id, .. } in session.agents(Stage::Pending)? {
            if session
                .fact::<Workspace>(&agent_id, fact::WORKSPACE)?
                .is_none()
            {
                session.forget(&agent_id)?;
                let what = "agent";
                swept.push(Swept {
                    what,
                    name: agent_id,
                });
            }
        }
        Ok(swept)
    }

    /// What a killed process left under a temporary name, in any folder.
    fn sweep_half_written(&self) -> io::Result<Vec<Swept>> {
        let mut swept = Vec::new();
        let mut folders = vec![(self.root().to_path_buf(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in entries(&folder)? {
                let path = entry.path();
                let is_folder = entry.file_type()?.is_dir();
                let name = entry.file_name();
                if name.as_encoded_bytes().starts_with(TEMPORARY.as_bytes()) {
                    if self.age(&path)? >= HALF_WRITTEN_AGE {
                        self.discard(&path)?;
                        swept.push(Swept::of("half-written", &path));
                    }
                } else if is_folder && depth < DEPTH && name != "trash" {
                    folders.push((path, depth + 1));
                }
            }
        }
        Ok(swept)
    }

    /// Moves something into the trash.
    ///
    /// # Errors
    /// What the system says; none when it is gone.
    pub fn discard(&self, path: &Path) -> io::Result<()> {
        let trash = self.trash()?;
        let unique = atomic::temporary_name(&trash.join("x"));
        absent_is_fine(atomic::rename(path, &unique))
    }

    /// Returns how long something has not changed.
    ///
    /// # Errors
    /// What the system says; what is gone has changed just now.
    pub fn age(&self, path: &Path) -> io::Result<Duration> {
        let changed = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Duration::ZERO),
            found => found?.modified()?,
        };
        Ok(self.now().duration_since(changed).unwrap_or_default())
    }
}

/// What counts of a workspace's fact here.
#[derive(Deserialize)]
struct Workspace {
    path: PathBuf,
}

impl Session {
    fn has_agents(&self) -> io::Result<bool> {
        for stage in Stage::ALL {
            if !self.agents(stage)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(!list(&self.dir().join("agents"))?.is_empty())
    }

    /// Returns whether a workspace of the session is still there.
    fn has_workspace(&self) -> io::Result<bool> {
        let agents = list(&self.dir().join("agents"))?.into_iter();
        let facts = agents.map(|agent| agent.join(fact::WORKSPACE));
        for fact in facts.chain(list(&self.dir().join("unclaimed"))?) {
            let own = read_json::<Workspace>(&fact)?;
            if own.is_some_and(|own| own.path.symlink_metadata().is_ok()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.collect(),
    }
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests;
