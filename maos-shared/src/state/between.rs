//! What one program of a session leaves for another, which comes later and
//! does not know more than a name.
//!
//! ```text
//! unclaimed/<folder>.json    a workspace whose agent is not known yet
//! notes/<name>/<n>.json      texts for whoever asks for them first
//! ```
//!
//! Why this is safe: a file appears whole, and it is taken by one rename, a note
//! with its whole folder, so by one program only. Who leaves a text in a folder
//! that was just taken finds no place for it there and makes the folder anew. A
//! kill before the rename leaves everything in place; one behind it loses what
//! the killed program was about to tell, which `maos status` tells as well.

use std::fs;
use std::io;

use serde::Serialize;

use super::agents::read_json;
use super::layout::Session;
use super::{SafeName, atomic};

const UNCLAIMED: &str = "unclaimed";
const NOTES: &str = "notes";
/// The text of a note that a newer one replaces.
const ONLY: &str = "note";
/// How often the folder of a note is made anew for a text.
const TRIES: usize = 100;

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

    /// Leaves a text under `name`, in place of an older one that was left so.
    ///
    /// # Errors
    /// What the system says.
    pub fn leave_note(&self, name: &str, text: &str) -> io::Result<()> {
        self.leave_in_note(name, ONLY, text)
    }

    /// Adds a paragraph to what was left under `name`, if anything was.
    ///
    /// # Errors
    /// What the system says.
    pub fn add_to_note(&self, name: &str, text: &str) -> io::Result<()> {
        self.leave_in_note(name, &atomic::unique(), text)
    }

    fn leave_in_note(&self, name: &str, paragraph: &str, text: &str) -> io::Result<()> {
        let place = format!("{NOTES}/{}", SafeName::new(name));
        let mut tries = 0;
        loop {
            match self.leave(&place, paragraph, &text) {
                // Taken since its folder was made.
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {
                    tries += 1;
                }
                left => return left,
            }
        }
    }

    /// Takes what was left under `name` away, and returns it, a paragraph for
    /// each text, the oldest first. Where there is none, that costs one call of
    /// the system.
    ///
    /// # Errors
    /// What the system says, or when a file is damaged.
    pub fn take_note(&self, name: &str) -> io::Result<Option<String>> {
        let note = self.dir().join(NOTES).join(SafeName::new(name).to_string());
        let taken = atomic::temporary_name(&note);
        match atomic::rename(&note, &taken) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            moved => moved?,
        }
        let mut paragraphs = Vec::new();
        // Who had found the folder before it was taken may leave a text there yet,
        // until it is gone.
        for _ in 0..TRIES {
            for entry in fs::read_dir(&taken)? {
                let file = entry?.path();
                if file.extension().is_some_and(|end| end == "json") {
                    let left = fs::symlink_metadata(&file)?.modified()?;
                    let text = read_json::<String>(&file)?;
                    paragraphs.extend(text.map(|text| (left, file.clone(), text)));
                }
                let _ = fs::remove_file(&file);
            }
            if fs::remove_dir(&taken).is_ok() {
                break;
            }
        }
        crate::order::sort_by(&mut paragraphs, &Ord::cmp);
        let texts: Vec<String> = paragraphs.into_iter().map(|(.., text)| text).collect();
        Ok((!texts.is_empty()).then(|| texts.join("\n\n")))
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
    fn many_add_to_a_note_that_is_taken_meanwhile_and_nothing_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path());
        let mut texts = String::new();
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|n| {
                    let session = &session;
                    let add = move |k| session.add_to_note("n", &format!("<{n}.{k}>"));
                    scope.spawn(move || (0..50).try_for_each(add).unwrap())
                })
                .collect();
            while !writers.iter().all(|writer| writer.is_finished()) {
                texts += &session.take_note("n").unwrap().unwrap_or_default();
            }
        });
        texts += &session.take_note("n").unwrap().unwrap_or_default();
        for (n, k) in (0..8).flat_map(|n| (0..50).map(move |k| (n, k))) {
            let times = texts.matches(&format!("<{n}.{k}>")).count();
            assert_eq!(times, 1, "<{n}.{k}>");
        }
    }
}
