//! What an earlier MAOS, written in Python, has left in `.maos` is taken over,
//! once for a project:
//!
//! ```text
//! pending_agents.json, agents.json       lists of agents, of a session or of all
//! sessions/<session>/session.json        with other fields
//! sessions/<session>/<stage>_agents/     the same folders, with other fields
//! sessions/<session>/file_locks/, …      of no use: whoever held them is gone
//! ```
//!
//! Agents keep their stage. Their sessions count as ended: no client of that time
//! runs any more. What was there before is kept as it was, below `.maos/legacy/`
//! at the same place. What is damaged is told and stays where it is.
//!
//! Why this is safe: one process at a time does it, by a lock that the system
//! frees. A file is copied to the backup, whole, before its place gets something
//! new, or is renamed to there in one step, behind all that is made of it; an
//! agent that is registered already is not registered again. So a kill leaves a
//! part done, and the next time takes the rest. The file that says that it is all
//! done comes last.

mod entries;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::agents::{Agent, Stage, list, read_json};
use super::lock::Lock;
use super::sessions::SessionEnd;
use super::{Session, State, atomic};
use crate::config::limits::STATE_FILE_BYTES;
use crate::journal::rfc3339;
use entries::{Entry, agents_of, session_of};

/// What holds lists of agents, in a session or beside all.
const LISTS: [&str; 2] = ["pending_agents.json", "agents.json"];
/// What is of no use any more in a session.
const USELESS: [&str; 4] = [
    "file_locks",
    "locks.json",
    "progress.json",
    "cleanup_log.json",
];
/// Journals whose lines have other fields now.
const JOURNALS: [&str; 2] = ["agent_lifecycle.jsonl", "file_locks.jsonl"];
/// The session of agents that do not say theirs.
const NO_SESSION: &str = "legacy";
/// The client's word for how such a session ended.
const REASON: &str = "taken over";

/// What was taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// How many agents.
    pub agents: usize,
    /// What was left as it is, and why, a line each.
    pub left: Vec<String>,
}

impl State {
    /// Takes over what an earlier MAOS left; nothing where that was done before,
    /// or another process is at it. One look at the file system once it is done.
    ///
    /// # Errors
    /// When the state cannot be read or written; the next time goes on.
    pub fn take_over(&self) -> io::Result<TakenOver> {
        let mut work = Work {
            state: self,
            done: TakenOver::default(),
        };
        if fs::symlink_metadata(self.taken_over()).is_ok() {
            return Ok(work.done);
        }
        self.prepare()?;
        let Some(_lock) = Lock::try_acquire(&self.taking_over())? else {
            return Ok(work.done);
        };
        for session in self.all_sessions()? {
            // One that cannot be read stands in the way of no other.
            if let Err(error) = work.session(&session) {
                work.leave(error.to_string());
            }
        }
        for name in LISTS {
            work.list(&self.root().join(name), None)?;
        }
        work.put_away(&self.root().join("active_session.json"))?;
        let when = serde_json::to_vec(&rfc3339(self.now()))?;
        atomic::replace(&self.taken_over(), &when)?;
        Ok(work.done)
    }
}

/// The taking over of one project.
struct Work<'a> {
    state: &'a State,
    done: TakenOver,
}

impl Work<'_> {
    /// Takes over what is in a session's folder, if anything.
    fn session(&mut self, session: &Session) -> io::Result<()> {
        atomic::check_dir(session.dir())?;
        let began = session.dir().join("session.json");
        let old = self.read(&began).and_then(|bytes| session_of(&bytes));
        if old.is_some() {
            // Before the file by which such a session is known.
            for journal in JOURNALS.map(|name| session.dir().join(name)) {
                // Behind a kill, a new one may be in its place.
                if fs::symlink_metadata(self.backup(&journal)).is_err() {
                    self.put_away(&journal)?;
                }
            }
        }
        for name in USELESS {
            self.put_away(&session.dir().join(name))?;
        }
        self.stages(session)?;
        for name in LISTS {
            self.list(&session.dir().join(name), Some(session))?;
        }
        if let Some(fact) = old {
            self.end(session)?;
            self.convert(&began, &fact)?;
        }
        Ok(())
    }

    /// Gives the agents in the folders of stages the fields that they have now.
    /// One that a kill left in two folders is where it had come to.
    fn stages(&mut self, session: &Session) -> io::Result<()> {
        let mut seen = BTreeSet::new();
        for stage in [Stage::Completed, Stage::Active, Stage::Pending] {
            for path in list(&session.stage_folder(stage))? {
                if let Ok(Some(agent)) = read_json::<Agent>(&path) {
                    seen.insert(agent.agent_id);
                    continue;
                }
                let Some(bytes) = self.read(&path) else {
                    continue;
                };
                let Some(Entry { agent, .. }) = Entry::parse(&bytes) else {
                    self.leave(format!("{} is damaged", path.display()));
                    continue;
                };
                if !seen.insert(agent.agent_id.clone()) {
                    self.put_away(&path)?;
                    continue;
                }
                let place = session.stage_file(stage, &agent.agent_id);
                if place == path {
                    self.convert(&path, &agent)?;
                } else {
                    session.bring(&agent, stage)?;
                    self.put_away(&path)?;
                }
                self.done.agents += 1;
            }
        }
        Ok(())
    }

    /// Registers the agents of a list, in `session` or in the one that they name.
    fn list(&mut self, path: &Path, session: Option<&Session>) -> io::Result<()> {
        let Some(bytes) = self.read(path) else {
            return Ok(());
        };
        let (entries, odd) = match agents_of(&bytes) {
            Ok(found) => found,
            Err(problem) => {
                self.leave(format!("{}: {problem}", path.display()));
                return Ok(());
            }
        };
        for entry in entries {
            let named = entry.session.as_deref().unwrap_or(NO_SESSION);
            let named = || self.state.session(named);
            let session = session.cloned().unwrap_or_else(named);
            if session.stage(&entry.agent.agent_id).is_some() {
                continue;
            }
            let is_new = fs::symlink_metadata(session.dir()).is_err();
            session.bring(&entry.agent, entry.stage)?;
            if is_new {
                self.end(&session)?;
            }
            self.done.agents += 1;
        }
        if odd > 0 {
            let kept = self.backup(path);
            self.leave(format!("{odd} entries of {} are no agents", kept.display()));
        }
        self.put_away(path)
    }

    /// The session of a client that has ended long ago, unless that is known.
    fn end(&self, session: &Session) -> io::Result<()> {
        if session.ended().is_ok_and(|end| end.is_some()) {
            return Ok(());
        }
        session.end(&SessionEnd {
            ended: rfc3339(self.state.now()),
            reason: REASON.to_owned(),
        })
    }

    /// Returns what is in a file; nothing where there is none. One that cannot be
    /// read is told.
    fn read(&mut self, path: &Path) -> Option<Vec<u8>> {
        match atomic::read(path, STATE_FILE_BYTES) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    self.leave(error.to_string());
                }
                None
            }
        }
    }

    fn leave(&mut self, why: String) {
        self.done.left.push(why);
    }

    /// Keeps a file as it is, and puts `now` in its place.
    fn convert(&self, path: &Path, now: &impl Serialize) -> io::Result<()> {
        let kept = self.make_backup(path)?;
        let bytes = atomic::read(path, STATE_FILE_BYTES)?;
        match atomic::write_new(&kept, &bytes) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        atomic::replace(path, &serde_json::to_vec(now)?)
    }

    /// Moves a file or a folder to the backup, if it is there.
    fn put_away(&self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path).is_err() {
            return Ok(());
        }
        let kept = self.make_backup(path)?;
        // One of that name is there already, from an earlier time: both stay.
        let kept = match fs::symlink_metadata(&kept).is_ok() {
            true => kept.with_file_name(format!(
                "{}.{}",
                kept.file_name().unwrap_or_default().to_string_lossy(),
                atomic::unique()
            )),
            false => kept,
        };
        atomic::rename(path, &kept)
    }

    /// Returns where a file of the state is kept.
    fn backup(&self, path: &Path) -> PathBuf {
        let below = path.strip_prefix(self.state.root()).unwrap_or(path);
        self.state.legacy().join(below)
    }

    /// As [`Work::backup`]; the folder is made.
    fn make_backup(&self, path: &Path) -> io::Result<PathBuf> {
        let kept = self.backup(path);
        let root = self.state.root();
        if let Some(folder) = kept.parent().and_then(|it| it.strip_prefix(root).ok()) {
            atomic::ensure_dir(root, folder)?;
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests;
