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
use std::time::Duration;

use serde::Serialize;

use super::agents::read_json;
use super::layout::Session;
use super::lock::Lock;
use super::{SafeName, atomic};

const UNCLAIMED: &str = "unclaimed";
const NOTES: &str = "notes";
/// How long adding to a note waits for another process; each takes microseconds.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// Returns the name of the note for an agent, or for the main agent, which is
/// delivered with the next tool call.
#[must_use]
pub fn note_for(agent: Option<&str>) -> String {
    agent.map_or_else(|| "to-main".to_owned(), |id| format!("to-agent-{id}"))
}

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

    /// Adds a paragraph to the text under `name`, which may be there or not. One
    /// at a time does so, since each takes the text away and leaves it with more;
    /// a kill in between loses what was left, never another's file.
    ///
    /// # Errors
    /// What the system says. Blocks while others do the same, two seconds at most.
    pub fn add_to_note(&self, name: &str, text: &str) -> io::Result<()> {
        let folder = self.make(NOTES)?;
        let _lock = Lock::acquire(&folder.join(".lock"), LOCK_WAIT)?;
        let text = match self.take_note(name)? {
            Some(before) => format!("{before}\n\n{text}"),
            None => text.to_owned(),
        };
        self.leave_note(name, &text)
    }

    /// Takes the text that was left under `name` away, and returns it. Where
    /// there is none, that costs one call of the system.
    ///
    /// # Errors
    /// What the system says, or when the file is damaged.
    pub fn take_note(&self, name: &str) -> io::Result<Option<String>> {
        let note = self.dir().join(NOTES).join(file_name(name));
        let taken = atomic::temporary_name(&note);
        match atomic::rename(&note, &taken) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            moved => moved?,
        }
        let text = read_json(&taken)?;
        fs::remove_file(&taken)?;
        Ok(text)
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

    #[test]
    fn many_add_to_a_note_and_nothing_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        std::thread::scope(|scope| {
            for n in 0..8 {
                let session = &session;
                scope.spawn(move || session.add_to_note("n", &format!("<{n}>")).unwrap());
            }
        });
        let text = session.take_note("n").unwrap().unwrap();
        for n in 0..8 {
            assert!(text.contains(&format!("<{n}>")), "{text}");
        }
    }
}
