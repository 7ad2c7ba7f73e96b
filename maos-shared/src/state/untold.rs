//! Agents whose work the main agent has not been told of:
//!
//! ```text
//! untold/<agent>.json    its id
//! ```
//!
//! It says where to look; what was told is a fact of the agent (`told.json`), so that
//! one more is looked at and not told again. Why none is missing: it is written behind
//! the result, and removed before the result is looked at once more.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::agents::{list, read_json};
use super::layout::Session;
use super::{SafeName, atomic};

const FOLDER: &str = "untold";

impl Session {
    /// Keeps that the main agent is to be told of the work of the agent `id`, whose
    /// result is written down.
    ///
    /// # Errors
    /// What the system says.
    pub fn is_to_be_told_of(&self, id: &str) -> io::Result<()> {
        self.make(FOLDER)?;
        let path = self.untold_file(id);
        if fs::symlink_metadata(&path).is_ok() {
            return Ok(());
        }
        let bytes = serde_json::to_vec(id).map_err(io::Error::from)?;
        atomic::replace(&path, &bytes)
    }

    /// Keeps that it has been told of all that the agent has done: `is_all` looks
    /// whether it has.
    ///
    /// # Errors
    /// What the system says.
    pub fn has_been_told_of(&self, id: &str, is_all: impl FnOnce() -> bool) -> io::Result<()> {
        match fs::remove_file(self.untold_file(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // It may have stopped once more meanwhile.
        match is_all() {
            true => Ok(()),
            false => self.is_to_be_told_of(id),
        }
    }

    /// Returns the agents that it is to be told of, sorted by id. Lists a folder, where
    /// there are any.
    ///
    /// # Errors
    /// What the system says.
    pub fn untold(&self) -> io::Result<Vec<String>> {
        let mut ids = Vec::new();
        for path in list(&self.dir().join(FOLDER))? {
            // What cannot be read is `maos status`'s to tell.
            ids.extend(read_json::<String>(&path).ok().flatten());
        }
        ids.sort();
        Ok(ids)
    }

    fn untold_file(&self, id: &str) -> PathBuf {
        self.dir()
            .join(FOLDER)
            .join(format!("{}.json", SafeName::new(id)))
    }
}

#[cfg(test)]
mod tests {
    use crate::state::State;
    use std::time::SystemTime;

    #[test]
    fn an_agent_is_to_be_told_of_until_all_has_been_told() {
        let dir = tempfile::tempdir().unwrap();
        let session = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH).session("s");
        assert_eq!(session.untold().unwrap(), [""; 0]);
        for id in ["../b", "a", "a"] {
            session.is_to_be_told_of(id).unwrap();
        }
        assert_eq!(session.untold().unwrap(), ["../b", "a"]);
        session.has_been_told_of("../b", || true).unwrap();
        session.has_been_told_of("c", || true).unwrap();
        session.has_been_told_of("a", || false).unwrap();
        assert_eq!(session.untold().unwrap(), ["a"]);
    }
}
