//! What one program of a session leaves for another, which comes later and
//! does not know more than a name.
//!
//! ```text
//! unclaimed/<folder>.json    a workspace whose agent is not known yet
//! notes/<name>.json          a text for whoever asks for it first
//! ```
//!
//! Why this is safe: a file appears whole, and it is taken by one rename or one
//! removal, so by one program only. A kill before that leaves it in place.

use std::fs;
use std::io;

use serde::Serialize;

use super::agents::read_json;
use super::layout::Session;
use super::{SafeName, atomic};

const UNCLAIMED: &str = "unclaimed";
const NOTES: &str = "notes";

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

    /// Leaves a text under `name`, in place of an older one.
    ///
    /// # Errors
    /// What the system says.
    pub fn leave_note(&self, name: &str, text: &str) -> io::Result<()> {
        self.leave(NOTES, name, &text)
    }

    /// Takes the text that was left under `name` away, and returns it.
    ///
    /// # Errors
    /// What the system says, or when the file is damaged.
    pub fn take_note(&self, name: &str) -> io::Result<Option<String>> {
        let note = self.dir().join(NOTES).join(file_name(name));
        let Some(text) = read_json(&note)? else {
            return Ok(None);
        };
        match fs::remove_file(&note) {
            Ok(()) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn leave<T: Serialize>(&self, place: &str, name: &str, value: &T) -> io::Result<()> {
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

    #[test]
    fn a_note_is_taken_once() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        assert_eq!(session.take_note("../n").unwrap(), None);
        session.leave_note("../n", "older").unwrap();
        session.leave_note("../n", "text\n").unwrap();
        assert_eq!(
            session.take_note("../n").unwrap().as_deref(),
            Some("text\n")
        );
        assert_eq!(session.take_note("../n").unwrap(), None);
    }
}
