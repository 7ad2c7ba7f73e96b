//! The agents of a session. An agent's state is the folder that its file lies
//! in:
//!
//! ```text
//! pending_agents/<agent>.json     registered, no workspace yet
//! active_agents/<agent>.json      has a workspace
//! completed_agents/<agent>.json   has stopped; may be resumed
//! agents/<agent>/workspace.json   what became known of it, a file each:
//!                launch.json      written once, or replaced whole
//!                result.json
//!                told.json
//!                returned.json, held.json
//! ```
//!
//! Why this is safe: a file appears whole, a transition is one rename, and
//! whoever places or moves a stage file holds the session's lock, which the
//! system frees when a process dies. So an agent is never in two states, and a
//! kill leaves it in the state before or after the one call. Facts are written
//! before the transition that rests on them; a kill in between leaves an agent
//! whose next hook finds the fact and takes the step.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::layout::Session;
use super::lock::Lock;
use super::process::Process;
use super::{SafeName, atomic};
use crate::config::limits::STATE_FILE_BYTES;
use crate::journal::rfc3339;

/// How long a transition waits for another process's; each takes microseconds.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// The journal of transitions.
const LIFECYCLE: &str = "agent_lifecycle.jsonl";

/// Where an agent is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Registered, no workspace yet.
    Pending,
    /// Has a workspace.
    Active,
    /// Has stopped; a message may resume it.
    Completed,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Active, Self::Completed];

    const fn folder(self) -> &'static str {
        match self {
            Self::Pending => "pending_agents",
            Self::Active => "active_agents",
            Self::Completed => "completed_agents",
        }
    }
}

/// An agent as it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The client's id.
    pub agent_id: String,
    /// The agent's type, such as `general-purpose`.
    pub agent_type: String,
    /// RFC 3339.
    pub registered: String,
    /// The client's process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Process>,
}

/// A fact: what the agent was launched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The main thread's words.
    pub description: String,
    /// The agent's type as asked for.
    pub agent_type: String,
}

/// A fact: what an agent had done when it last stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The branch that holds the work.
    pub branch: String,
    /// The branch's last commit.
    pub commit: String,
    /// Commits since the base.
    pub commits: usize,
    /// Files that differ from the base, relative to the repository's root.
    pub files: Vec<String>,
    /// What stays in its workspace since it is never committed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Work that could not be committed, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// Something in an agent's workspace that no commit takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Its path, relative to the workspace.
    pub path: String,
    /// Why.
    pub why: Why,
}

/// Why something is not committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It may hold secrets.
    Secret,
    /// It is a repository of its own, of which git only notes that it is there.
    Repository,
    /// It is a submodule in which something is not committed.
    Submodule,
    /// It is in the stash.
    Stash,
    /// Git ignores it.
    Ignored,
    /// It cannot be read, or a program that git asks about it fails.
    Unreadable,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret => "it may hold secrets",
            Self::Repository => "a repository of its own",
            Self::Stash => "in the stash, which all worktrees share",
            Self::Ignored => "git ignores it",
            Self::Unreadable => "git cannot read it",
            Self::Submodule => "a submodule with changes that are not committed in it",
        })
    }
}

/// A fact: up to which commit an agent's work has come back to the checkout that
/// it started from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The commit of the agent's branch. Only what comes after it is new.
    pub commit: String,
    /// The checkout that it came to.
    pub into: PathBuf,
    /// The commit there that holds it; nothing where it came as uncommitted
    /// changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<String>,
    /// The files that changed there, relative to its root.
    pub files: Vec<String>,
    /// Files that the agent changed and that are as they were there, since a program
    /// that the person merges with kept them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// The reference that keeps what was not committed there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
}

/// A fact: why an agent's newest work has not come back by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The commit of the agent's branch that was to come back.
    pub commit: String,
    /// In one sentence.
    pub reason: String,
    /// The files that stand in the way.
    pub files: Vec<String>,
    /// They conflict with what is there.
    #[serde(default)]
    pub is_conflict: bool,
}

/// The file names of the facts.
pub mod fact {
    /// The agent's [`crate::workspace::Workspace`].
    pub const WORKSPACE: &str = "workspace.json";
    /// [`super::Launch`].
    pub const LAUNCH: &str = "launch.json";
    /// [`super::Outcome`].
    pub const RESULT: &str = "result.json";
    /// The commit up to which its launcher has been told of its work, a text.
    pub const TOLD: &str = "told.json";
    /// [`super::Returned`].
    pub const RETURNED: &str = "returned.json";
    /// [`super::Held`].
    pub const HELD: &str = "held.json";
}

#[derive(Serialize)]
struct Step<'a> {
    time: String,
    agent: &'a str,
    agent_type: &'a str,
    from: Option<Stage>,
    to: Stage,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_us: Option<u128>,
}

impl Session {
    /// Returns the agent's stage; `None` when it was never registered. At most
    /// three looks at the file system.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<Stage> {
        Stage::ALL
            .into_iter()
            .find(|stage| self.stage_is(id, *stage))
    }

    /// Returns whether the agent is in this stage. One look at the file system.
    #[must_use]
    pub fn stage_is(&self, id: &str, stage: Stage) -> bool {
        fs::symlink_metadata(self.stage_file(stage, id)).is_ok()
    }

    /// Keeps that the agent is at work now; returns whether it is active. One call.
    ///
    /// # Errors
    /// What the system says.
    pub fn is_at_work(&self, id: &str) -> io::Result<bool> {
        atomic::touch(&self.stage_file(Stage::Active, id))
    }

    /// Brings the agent to `stage`, registering it when it is new. To bring an
    /// agent where it is already does nothing.
    ///
    /// # Errors
    /// What the system says about the state's folders. Blocks while another
    /// process moves an agent of this session, two seconds at most.
    pub fn bring(&self, agent: &Agent, stage: Stage) -> io::Result<()> {
        let folder = self.make(stage.folder())?;
        let _lock = Lock::acquire(&self.dir().join(".lock"), LOCK_WAIT)?;
        let from = self.stage(&agent.agent_id);
        let target = folder.join(file_name(&agent.agent_id));
        match from {
            Some(current) if current == stage => return Ok(()),
            Some(current) => atomic::rename(&self.stage_file(current, &agent.agent_id), &target)?,
            // With the lock, nobody else registers it.
            None => atomic::replace(&target, &json(agent)?)?,
        }
        let step = Step {
            time: rfc3339(self.now()),
            agent: &agent.agent_id,
            agent_type: &agent.agent_type,
            from,
            to: stage,
            duration_us: self.hook_us(),
        };
        let mut line = json(&step)?;
        line.push(b'\n');
        atomic::append(&self.dir().join(LIFECYCLE), &line)
    }

    /// Forgets an agent that is pending, with its facts; one that is no longer
    /// pending stays. Killed in between, its facts are there without it, which
    /// says nothing of any agent.
    ///
    /// # Errors
    /// As [`Session::bring`].
    pub(super) fn forget(&self, id: &str) -> io::Result<()> {
        let _lock = Lock::acquire(&self.dir().join(".lock"), LOCK_WAIT)?;
        if self.stage(id) != Some(Stage::Pending) {
            return Ok(());
        }
        fs::remove_file(self.stage_file(Stage::Pending, id))?;
        let facts = self.dir().join("agents").join(SafeName::new(id).as_str());
        match fs::remove_dir_all(facts) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Returns the agents in `stage`, sorted by id; damaged files are passed
    /// over with a warning under `MAOS_LOG`. Lists a folder: not for hooks on
    /// the hot path.
    ///
    /// # Errors
    /// What the system says about the folder; none when it is absent.
    pub fn agents(&self, stage: Stage) -> io::Result<Vec<Agent>> {
        let mut agents = Vec::new();
        for path in list(&self.dir().join(stage.folder()))? {
            match read_json::<Agent>(&path) {
                Ok(Some(agent)) => agents.push(agent),
                Ok(None) => {}
                Err(error) => log::warn!("{error}"),
            }
        }
        crate::order::sort_by(&mut agents, &|a, b| a.agent_id.cmp(&b.agent_id));
        Ok(agents)
    }

    /// Returns every agent of the session, as [`Session::agents`].
    ///
    /// # Errors
    /// As there.
    pub fn all_agents(&self) -> io::Result<Vec<Agent>> {
        let stages: io::Result<Vec<_>> = Stage::ALL
            .map(|stage| self.agents(stage))
            .into_iter()
            .collect();
        Ok(stages?.into_iter().flatten().collect())
    }

    /// Returns the agent's registration.
    ///
    /// # Errors
    /// When its file is damaged.
    pub fn agent(&self, id: &str) -> io::Result<Option<Agent>> {
        match self.stage(id) {
            Some(stage) => read_json(&self.stage_file(stage, id)),
            None => Ok(None),
        }
    }

    /// Writes a fact about the agent, whole, in place of an older one.
    ///
    /// # Errors
    /// What the system says.
    pub fn record<T: Serialize>(&self, id: &str, name: &str, fact: &T) -> io::Result<()> {
        let folder = self.make(&format!("agents/{}", SafeName::new(id)))?;
        atomic::replace(&folder.join(name), &json(fact)?)
    }

    /// Returns a fact about the agent; one file is read.
    ///
    /// # Errors
    /// When the file is damaged; the text names it.
    pub fn fact<T: DeserializeOwned>(&self, id: &str, name: &str) -> io::Result<Option<T>> {
        read_json(
            &self
                .dir()
                .join("agents")
                .join(SafeName::new(id).as_str())
                .join(name),
        )
    }

    /// Returns a fact about the agent that work goes on without: one that is damaged
    /// counts as absent, with a warning under `MAOS_LOG`.
    #[must_use]
    pub fn fact_if_whole<T: DeserializeOwned>(&self, id: &str, name: &str) -> Option<T> {
        self.fact(id, name).unwrap_or_else(|error| {
            log::warn!("{error}");
            None
        })
    }

    /// Returns when a fact about the agent was written; `None` when it is not
    /// there.
    ///
    /// # Errors
    /// What the system says.
    pub fn fact_written(&self, id: &str, name: &str) -> io::Result<Option<SystemTime>> {
        let own = self.dir().join("agents").join(SafeName::new(id).as_str());
        match fs::symlink_metadata(own.join(name)) {
            Ok(found) => found.modified().map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn stage_folder(&self, stage: Stage) -> PathBuf {
        self.dir().join(stage.folder())
    }

    pub(super) fn stage_file(&self, stage: Stage, id: &str) -> PathBuf {
        self.dir().join(stage.folder()).join(file_name(id))
    }
}

/// Reads a state file; `None` when it is absent.
///
/// # Errors
/// When it cannot be read or is not what it should be; it is left as it is.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    let bytes = match atomic::read(path, STATE_FILE_BYTES) {
        Ok(bytes) => bytes,
        // Nothing is where a file stands in the place of a folder.
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => return Ok(None),
        Err(error) => return Err(error),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} is damaged ({error}); move it away", path.display()),
        )
    })
}

/// Returns the state files of a folder; none when it is absent.
///
/// # Errors
/// What the system says.
pub fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry?;
        // A dot marks a file that is still being written, or was never finished.
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    crate::order::sort_by(&mut paths, &PathBuf::cmp);
    Ok(paths)
}

fn file_name(id: &str) -> String {
    format!("{}.json", SafeName::new(id))
}

fn json<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use std::time::SystemTime;

    fn agent(id: &str) -> Agent {
        Agent {
            agent_id: id.to_owned(),
            agent_type: "general-purpose".to_owned(),
            registered: "2026-01-01T00:00:00.000Z".to_owned(),
            client: None,
        }
    }

    fn session(dir: &Path) -> Session {
        State::at(dir.join(".maos"), SystemTime::UNIX_EPOCH).session("s-1")
    }

    #[test]
    fn an_agent_is_in_one_folder_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let agent = agent("a1");
        let life = [
            Stage::Pending,
            Stage::Pending,
            Stage::Active,
            Stage::Completed,
            Stage::Active,
        ];
        for stage in life {
            session.bring(&agent, stage).unwrap();
            assert_eq!(session.stage("a1"), Some(stage));
            let places: Vec<_> = Stage::ALL
                .iter()
                .filter(|stage| !session.agents(**stage).unwrap().is_empty())
                .collect();
            assert_eq!(places, [&stage]);
        }
        let journal = fs::read_to_string(session.dir().join(LIFECYCLE)).unwrap();
        assert_eq!(
            journal.lines().count(),
            4,
            "one line a transition\n{journal}"
        );
        assert!(journal.starts_with(r#"{"time":"1970-01-01T00:00:00.000Z","agent":"a1""#));
    }

    #[test]
    fn many_at_once_leave_one_registration() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        std::thread::scope(|scope| {
            for n in 0..8 {
                let session = &session;
                scope.spawn(move || {
                    let stage = [Stage::Pending, Stage::Active][n % 2];
                    session.bring(&agent("a1"), stage).unwrap();
                });
            }
        });
        let found: usize = Stage::ALL
            .iter()
            .map(|stage| session.agents(*stage).unwrap().len())
            .sum();
        assert_eq!(found, 1);
    }

    #[test]
    fn facts_are_read_back_and_damage_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        assert_eq!(session.fact::<Launch>("a1", fact::LAUNCH).unwrap(), None);
        let launch = Launch {
            description: "do \"it\"\n".to_owned(),
            agent_type: "x".to_owned(),
        };
        session.record("a1", fact::LAUNCH, &launch).unwrap();
        assert_eq!(session.fact("a1", fact::LAUNCH).unwrap(), Some(launch));
        atomic::replace(&session.dir().join("agents/a1/launch.json"), b"{").unwrap();
        let error = session.fact::<Launch>("a1", fact::LAUNCH).unwrap_err();
        assert!(
            error.to_string().contains("launch.json is damaged"),
            "{error}"
        );
    }
}
