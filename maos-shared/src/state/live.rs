//! Which workspaces somebody may still work in, by what the sessions know.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::agents::{Stage, fact, list, read_json};
use super::process::Process;
use super::{Session, State};

/// Whether somebody may still work in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Its session is over.
    Over,
    /// The client of its session runs, so its agent does, or may be resumed.
    Live,
}

/// What counts of a workspace's fact here.
#[derive(Deserialize)]
struct Place {
    path: PathBuf,
}

impl State {
    /// Returns the folders that sessions know, of their agents and their own,
    /// each with whether it is in use. One that no session knows is not there.
    /// `idle` is after how long without a change a session is over whose client
    /// is not known. Lists folders: for jobs and people.
    ///
    /// # Errors
    /// What the system says, or a damaged file: then it is not known which
    /// folder is meant.
    pub fn folders_in_use(&self, idle: Duration) -> io::Result<BTreeMap<PathBuf, Use>> {
        let mut folders = BTreeMap::new();
        for session in self.all_sessions()? {
            let is_live = session.is_live(idle)?;
            let found = if is_live { Use::Live } else { Use::Over };
            for folder in session.folders()? {
                let known = folders.entry(folder).or_insert(found);
                *known = found.max(*known);
            }
        }
        Ok(folders)
    }
}

impl Session {
    /// Returns whether the session may still do something: its client runs.
    /// Where that is not known, it has not ended and changed within `idle`.
    /// That it ended is not enough: after `/clear` its agents work on.
    ///
    /// # Errors
    /// What the system says, or a damaged file.
    pub fn is_live(&self, idle: Duration) -> io::Result<bool> {
        let clients = self.clients()?;
        if !clients.is_empty() {
            return Ok(clients.iter().any(Process::runs));
        }
        if self.ended()?.is_some() {
            return Ok(false);
        }
        Ok(self.idle_for()? < idle)
    }

    /// Returns how long nothing has changed in the session's folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn idle_for(&self) -> io::Result<Duration> {
        let mut idle = age(self, self.dir())?;
        for entry in fs::read_dir(self.dir())? {
            idle = idle.min(age(self, &entry?.path())?);
        }
        Ok(idle)
    }

    /// Returns every client that is known to have worked in the session.
    fn clients(&self) -> io::Result<Vec<Process>> {
        let mut pids = Vec::new();
        let client = self.client()?;
        if client.is_none() {
            pids.extend(self.began()?.and_then(|fact| fact.client_pid));
        }
        for stage in Stage::ALL {
            let agents = self.agents(stage)?.into_iter();
            pids.extend(agents.filter_map(|agent| agent.client_pid));
        }
        let numbered = pids.into_iter().map(|pid| Process { pid, began: None });
        Ok(client.into_iter().chain(numbered).collect())
    }

    /// Returns the folders of the session's agents, and the one it began in.
    fn folders(&self) -> io::Result<Vec<PathBuf>> {
        let mut folders: Vec<PathBuf> = self.began()?.map(|fact| fact.cwd).into_iter().collect();
        let agents = list(&self.dir().join("agents"))?.into_iter();
        let facts = agents.map(|agent| agent.join(fact::WORKSPACE));
        for fact in facts.chain(list(&self.dir().join("unclaimed"))?) {
            folders.extend(read_json::<Place>(&fact)?.map(|place| place.path));
        }
        Ok(folders)
    }
}

fn age(session: &Session, path: &Path) -> io::Result<Duration> {
    let changed = match fs::symlink_metadata(path) {
        // Moved or taken since it was listed: a change just now.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Duration::ZERO),
        found => found?.modified()?,
    };
    Ok(session.now().duration_since(changed).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::agents::Agent;
    use crate::state::atomic;
    use crate::state::sessions::{SessionEnd, SessionFact};
    use std::time::SystemTime;

    const HOUR: Duration = Duration::from_secs(60 * 60);
    /// A number that no process has.
    const NOBODY: u32 = 1 << 30;

    /// A session that began in `/p`, with an agent in the workspace `/w`.
    fn session(dir: &Path, client_pid: Option<u32>) -> (State, Session) {
        let state = State::at(dir.join(".maos"), SystemTime::now());
        let session = state.session("s");
        let fact = SessionFact {
            session_id: "s".to_owned(),
            started: "T1".to_owned(),
            source: "startup".to_owned(),
            cwd: PathBuf::from("/p"),
            client_pid,
        };
        session.begin(&fact).unwrap();
        let place = serde_json::json!({"path": "/w", "branch": "b", "base": "c"});
        session.record("a1", fact::WORKSPACE, &place).unwrap();
        (state, session)
    }

    fn in_use(state: &State, folder: &str) -> Option<Use> {
        let folders = state.folders_in_use(HOUR).unwrap();
        folders.get(Path::new(folder)).copied()
    }

    #[test]
    fn while_its_client_runs_a_session_is_live_even_when_it_ended() {
        let dir = tempfile::tempdir().unwrap();
        let (state, session) = session(dir.path(), Some(std::process::id()));
        let end = SessionEnd {
            ended: "T2".to_owned(),
            reason: "clear".to_owned(),
        };
        session.end(&end).unwrap();
        assert_eq!(in_use(&state, "/w"), Some(Use::Live));
        assert_eq!(in_use(&state, "/p"), Some(Use::Live));
        assert_eq!(in_use(&state, "/other"), None);
    }

    #[test]
    fn with_a_client_that_is_gone_it_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let (state, session) = session(dir.path(), Some(NOBODY));
        assert_eq!(in_use(&state, "/w"), Some(Use::Over));
        let agent = Agent {
            agent_id: "a1".to_owned(),
            agent_type: "coder".to_owned(),
            registered: "T1".to_owned(),
            client_pid: Some(std::process::id()),
        };
        session.bring(&agent, Stage::Completed).unwrap();
        assert_eq!(in_use(&state, "/w"), Some(Use::Live), "it was resumed");
    }

    #[test]
    fn without_a_known_client_it_is_over_with_its_end_or_after_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let (state, session) = session(dir.path(), None);
        assert_eq!(in_use(&state, "/w"), Some(Use::Live));
        let later = State::at(state.root().to_owned(), state.now() + 2 * HOUR);
        assert_eq!(in_use(&later, "/w"), Some(Use::Over));
        let end = SessionEnd {
            ended: "T2".to_owned(),
            reason: "logout".to_owned(),
        };
        session.end(&end).unwrap();
        assert_eq!(in_use(&state, "/w"), Some(Use::Over));
    }

    #[test]
    fn of_two_sessions_that_know_a_folder_the_live_one_counts() {
        let dir = tempfile::tempdir().unwrap();
        let (state, _) = session(dir.path(), Some(NOBODY));
        let other = state.session("t");
        let place = serde_json::json!({"path": "/w"});
        other.offer("w", &place).unwrap();
        assert_eq!(in_use(&state, "/w"), Some(Use::Live));
    }

    #[test]
    fn a_damaged_fact_is_told_since_it_may_name_any_folder() {
        let dir = tempfile::tempdir().unwrap();
        let (state, session) = session(dir.path(), Some(NOBODY));
        let fact = session.dir().join("agents/a1").join(fact::WORKSPACE);
        atomic::replace(&fact, b"{").unwrap();
        let error = state.folders_in_use(HOUR).unwrap_err().to_string();
        assert!(error.contains("workspace.json is damaged"), "{error}");
    }
}
