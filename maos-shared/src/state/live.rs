//! Which workspaces somebody may still work in, by what the sessions know.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::agents::{Returned, Stage, fact, list, read_json};
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

/// What the sessions know of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether somebody may still work there.
    pub in_use: Use,
    /// The commit up to which the work there has come back to the checkout that
    /// it started from.
    pub returned: Option<String>,
}

/// What counts of a workspace's fact here.
#[derive(Deserialize)]
struct Workspace {
    path: PathBuf,
}

impl State {
    /// Returns what the sessions know of folders: of their agents' and of those
    /// that they began in. One that no session knows is not there. `idle` is
    /// after how long without a change a session is over whose client is not
    /// known. Lists folders: for jobs and people.
    ///
    /// # Errors
    /// What the system says, or a damaged file: then it is not known which
    /// folder is meant.
    pub fn places(&self, idle: Duration) -> io::Result<BTreeMap<PathBuf, Place>> {
        let mut places = BTreeMap::new();
        for session in self.all_sessions()? {
            let is_live = session.is_live(idle)?;
            let in_use = if is_live { Use::Live } else { Use::Over };
            for (folder, returned) in session.folders()? {
                let place = Place { in_use, returned };
                let known = places.entry(folder).or_insert_with(|| place.clone());
                known.in_use = known.in_use.max(in_use);
                known.returned = place.returned.or(known.returned.take());
            }
        }
        Ok(places)
    }
}

impl State {
    /// Returns the agent that works in `folder`: one of another session whose client
    /// runs, or one of the session `asking` that has not stopped. The session's own
    /// agent `agent` may leave the folder that it is in. Lists folders.
    ///
    /// # Errors
    /// As [`State::places`].
    pub fn at_work_in(
        &self,
        folder: &Path,
        asking: &Session,
        agent: Option<&str>,
        idle: Duration,
    ) -> io::Result<Option<String>> {
        for session in self.all_sessions()? {
            let is_own = session.dir() == asking.dir();
            for known in session.all_agents()? {
                let id = known.agent_id;
                let own = session.fact::<Workspace>(&id, fact::WORKSPACE)?;
                let is_there = own.is_some_and(|own| own.path == folder);
                let is_open = !is_own || session.stage(&id) == Some(Stage::Active);
                let leaves = is_own && agent == Some(&*id);
                if is_there && is_open && !leaves && session.is_live(idle)? {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
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
        let state = State::at(self.dir().to_path_buf(), self.now());
        let mut idle = state.age(self.dir())?;
        for entry in fs::read_dir(self.dir())? {
            idle = idle.min(state.age(&entry?.path())?);
        }
        Ok(idle)
    }

    /// Returns every client that is known to have worked in the session.
    fn clients(&self) -> io::Result<Vec<Process>> {
        let mut pids = Vec::new();
        let client = self.client()?;
        for stage in Stage::ALL {
            let agents = self.agents(stage)?.into_iter();
            pids.extend(agents.filter_map(|agent| agent.client_pid));
        }
        let numbered = pids.into_iter().map(|pid| Process { pid, began: None });
        Ok(client.into_iter().chain(numbered).collect())
    }

    /// Returns the folders of the session's agents, each with the commit that has
    /// come back from there, and the one that the session began in.
    fn folders(&self) -> io::Result<Vec<(PathBuf, Option<String>)>> {
        let began = self.began()?.map(|fact| (fact.cwd, None));
        let mut folders: Vec<_> = began.into_iter().collect();
        for facts in list(&self.dir().join("agents"))? {
            if let Some(own) = read_json::<Workspace>(&facts.join(fact::WORKSPACE))? {
                let returned = read_json::<Returned>(&facts.join(fact::RETURNED))?;
                folders.push((own.path, returned.map(|returned| returned.commit)));
            }
        }
        for offered in list(&self.dir().join("unclaimed"))? {
            let own = read_json::<Workspace>(&offered)?;
            folders.extend(own.map(|own| (own.path, None)));
        }
        Ok(folders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::agents::Agent;
    use crate::state::atomic;
    use crate::state::sessions::{SessionEnd, SessionFact};
    use std::path::Path;
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
            client: client_pid.map(Process::of),
        };
        session.begin(&fact).unwrap();
        let place = serde_json::json!({"path": "/w", "branch": "b", "base": "c"});
        session.record("a1", fact::WORKSPACE, &place).unwrap();
        (state, session)
    }

    fn in_use(state: &State, folder: &str) -> Option<Use> {
        let places = state.places(HOUR).unwrap();
        places.get(Path::new(folder)).map(|place| place.in_use)
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
        let error = state.places(HOUR).unwrap_err().to_string();
        assert!(error.contains("workspace.json is damaged"), "{error}");
    }
}
