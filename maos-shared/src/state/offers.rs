//! A workspace whose agent is not known yet:
//!
//! ```text
//! unclaimed/<folder>.json    for the agent that claims it first
//! ```
//!
//! Why this is safe: the file appears whole, and it is claimed by one rename, so by
//! one agent only. A kill before the rename leaves it where it was.

use std::fs;
use std::io;

use serde::Serialize;

use super::layout::Session;
use super::{SafeName, atomic};

const UNCLAIMED: &str = "unclaimed";

impl Session {
    /// Keeps the fact of a workspace until its agent is known. `folder` is the
    /// workspace's name.
    ///
    /// # Errors
    /// What the system says.
    pub fn offer<T: Serialize>(&self, folder: &str, fact: &T) -> io::Result<()> {
        self.leave(UNCLAIMED, folder, fact)
    }

    /// Makes the fact of the workspace `folder` one of `agent`, if no other
    /// agent has it; returns whether it did.
    ///
    /// # Errors
    /// What the system says.
    pub fn claim(&self, folder: &str, agent: &str, fact: &str) -> io::Result<bool> {
        let offered = self.dir().join(UNCLAIMED).join(file_name(folder));
        if fs::symlink_metadata(&offered).is_err() {
            return Ok(false);
        }
        let own = self.make(&format!("agents/{}", SafeName::new(agent)))?;
        match atomic::rename(&offered, &own.join(fact)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn leave<T: Serialize>(&self, place: &str, name: &str, value: &T) -> io::Result<()> {
        let folder = self.make(place)?;
        let bytes = serde_json::to_vec(value).map_err(io::Error::from)?;
        atomic::replace(&folder.join(file_name(name)), &bytes)
    }
}

fn file_name(name: &str) -> String {
    format!("{}.json", SafeName::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use crate::state::agents::fact;
    use std::path::Path;
    use std::time::SystemTime;

    fn session(dir: &Path) -> Session {
        State::at(dir.join(".maos"), SystemTime::UNIX_EPOCH).session("s")
    }

    #[test]
    fn a_workspace_is_claimed_by_one_agent() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let claim = |agent| session.claim("w", agent, fact::WORKSPACE).unwrap();
        assert!(!claim("a1"), "nothing is offered yet");
        session.offer("w", &"the workspace").unwrap();
        assert!(claim("a1"));
        assert!(!claim("a2"));
        let fact: Option<String> = session.fact("a1", fact::WORKSPACE).unwrap();
        assert_eq!(fact.as_deref(), Some("the workspace"));
    }
}
