//! Which workspaces somebody may still work in, by what the sessions know.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

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

/// What the sessions know of all folders.
#[derive(Debug, Default)]
pub struct Places {
    /// Those that are known.
    pub known: BTreeMap<PathBuf, Place>,
    /// What could not be read: a folder that is not known may be meant by it.
    pub troubles: Vec<io::Error>,
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
    /// When the folder of the sessions cannot be listed. What cannot be read of one
    /// session is told in the answer; it may be at work.
    pub fn places(&self, idle: Duration) -> io::Result<Places> {
        let mut places = Places::default();
        let sessions = self.all_sessions()?.into_iter();
        for session in sessions.filter(Session::is_folder) {
            let in_use = match session.is_live(idle) {
                Ok(false) => Use::Over,
                Ok(true) => Use::Live,
                Err(error) => {
                    places.troubles.push(error);
                    Use::Live
                }
            };
            for (folder, returned) in session.folders(&mut places.troubles) {
                let place = Place { in_use, returned };
                let known = places.known.entry(folder).or_insert_with(|| place.clone());
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
    /// Where that is not known, or cannot be seen from here, it has not ended and
    /// changed within `idle`.
    /// That it ended is not enough: after `/clear` its agents work on.
    ///
    /// # Errors
    /// What the system says, or a damaged file.
    pub fn is_live(&self, idle: Duration) -> io::Result<bool> {
        let clients = self.clients()?;
        let (seen, unseen): (Vec<Process>, Vec<Process>) =
            clients.into_iter().partition(Process::is_seen);
        if seen.iter().any(Process::runs) {
            return Ok(true);
        }
        if unseen.is_empty() && !seen.is_empty() {
            return Ok(false);
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
        let mut clients: Vec<_> = self.client()?.into_iter().collect();
        for stage in Stage::ALL {
            let agents = self.agents(stage)?.into_iter();
            clients.extend(agents.filter_map(|agent| agent.client));
        }
        Ok(clients)
    }

    /// Returns the folders of the session's agents, each with the commit that has
    /// come back from there, and the one that the session began in. What cannot be
    /// read is added to `troubles`.
    fn folders(&self, troubles: &mut Vec<io::Error>) -> Vec<(PathBuf, Option<String>)> {
        fn read<T: DeserializeOwned>(path: &Path, troubles: &mut Vec<io::Error>) -> Option<T> {
            let read = read_json(path);
            read.map_err(|error| troubles.push(error)).ok().flatten()
        }
        let below = |name: &str, troubles: &mut Vec<io::Error>| {
            let listed = list(&self.dir().join(name));
            listed
                .map_err(|error| troubles.push(error))
                .unwrap_or_default()
        };
        let began = self.began().map_err(|error| troubles.push(error));
        let began = began.ok().flatten().map(|fact| (fact.cwd, None));
        let mut folders: Vec<_> = began.into_iter().collect();
        for facts in below("agents", troubles) {
            if let Some(own) = read::<Workspace>(&facts.join(fact::WORKSPACE), troubles) {
                let returned = read::<Returned>(&facts.join(fact::RETURNED), troubles);
                folders.push((own.path, returned.map(|returned| returned.commit)));
            }
        }
        for offered in below("unclaimed", troubles) {
            let own = read::<Workspace>(&offered, troubles);
            folders.extend(own.map(|own| (own.path, None)));
        }
        folders
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
        places
            .known
            .get(Path::new(folder))
            .map(|place| place.in_use)
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
            client: Some(Process::of(std::process::id())),
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
    fn a_damaged_fact_is_told_since_it_may_name_any_folder_and_the_rest_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let (state, session) = session(dir.path(), Some(NOBODY));
        let fact = session.dir().join("agents/a1").join(fact::WORKSPACE);
        atomic::replace(&fact, b"{").unwrap();
        atomic::write_new(&state.sessions().join("stray"), b"x").unwrap();
        let other = state.session("t");
        let place = serde_json::json!({"path": "/other"});
        other.offer("other", &place).unwrap();
        atomic::replace(&other.dir().join("client.json"), b"{").unwrap();
        let places = state.places(HOUR).unwrap();
        let told: Vec<_> = places.troubles.iter().map(ToString::to_string).collect();
        for (told, name) in told.iter().zip(["workspace.json", "client.json"]) {
            assert!(told.contains(&format!("{name} is damaged")), "{told}");
        }
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(places.known[Path::new("/p")].in_use, Use::Over);
        let other = &places.known[Path::new("/other")];
        assert_eq!(other.in_use, Use::Live, "nobody can tell that it is not");
    }
}
