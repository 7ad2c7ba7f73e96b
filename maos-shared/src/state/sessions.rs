//! How a session began and how it ended, a file each:
//!
//! ```text
//! session.json   written once, when the session begins
//! client.json    the client that has it, where that is another than began it
//! ended.json     written when it ends, gone when it goes on after that
//! ```
//!
//! Why this is safe: each file appears whole, and what the first says never
//! changes. A kill between the calls of [`Session::begin`] leaves a session with
//! the client before, or one that looks ended, until its next event of that kind;
//! nothing is lost. Of two that begin one session at once the slower goes on with
//! what the other began.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::agents::read_json;
use super::atomic;
use super::layout::Session;
use super::process::Process;

/// How the session began.
const BEGAN: &str = "session.json";
/// The client that has it.
const CLIENT: &str = "client.json";
/// How it ended.
const ENDED: &str = "ended.json";

/// What is known of a session from its begin on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFact {
    /// The client's id.
    pub session_id: String,
    /// RFC 3339.
    pub started: String,
    /// `startup`, `resume`, `clear`, `compact` or `fork`.
    pub source: String,
    /// The folder it began in.
    pub cwd: PathBuf,
    /// The client that began it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Process>,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnd {
    /// RFC 3339.
    pub ended: String,
    /// The client's word for why, such as `clear` or `logout`.
    pub reason: String,
}

impl Session {
    /// Writes down how the session begins. One that goes on (after a resume, a
    /// compaction) keeps its first begin, and has not ended any more; no file is
    /// made where the client is still the same.
    ///
    /// # Errors
    /// What the system says, or when a file is damaged.
    pub fn begin(&self, fact: &SessionFact) -> io::Result<()> {
        let dir = self.make("")?;
        let began = dir.join(BEGAN);
        if !begins_at(&began, fact)? {
            // A session whose client is not known lives as long as it changes.
            atomic::touch(&began)?;
            self.has_client(fact.client.as_ref())?;
        }
        match fs::remove_file(dir.join(ENDED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn has_client(&self, client: Option<&Process>) -> io::Result<()> {
        if client.is_none() || self.client()?.as_ref() == client {
            return Ok(());
        }
        let bytes = serde_json::to_vec(&client).map_err(io::Error::from)?;
        atomic::replace(&self.dir().join(CLIENT), &bytes)
    }

    /// Writes down how the session ended.
    ///
    /// # Errors
    /// What the system says.
    pub fn end(&self, end: &SessionEnd) -> io::Result<()> {
        let dir = self.make("")?;
        let bytes = serde_json::to_vec(end).map_err(io::Error::from)?;
        atomic::replace(&dir.join(ENDED), &bytes)
    }

    /// Returns how the session began; `None` when nobody saw that.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn began(&self) -> io::Result<Option<SessionFact>> {
        read_json(&self.dir().join(BEGAN))
    }

    /// Returns the client that began the session, or went on with it last.
    ///
    /// # Errors
    /// When a file is damaged.
    pub fn client(&self) -> io::Result<Option<Process>> {
        match read_json(&self.dir().join(CLIENT))? {
            Some(client) => Ok(Some(client)),
            None => Ok(self.began()?.and_then(|fact| fact.client)),
        }
    }

    /// Returns how the session ended; `None` while it goes on.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn ended(&self) -> io::Result<Option<SessionEnd>> {
        read_json(&self.dir().join(ENDED))
    }

    /// Returns whether the session has ended; one of which that cannot be told goes
    /// on.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended().is_ok_and(|end| end.is_some())
    }
}

/// Writes down how a session begins, unless that has been written before; returns
/// whether it had not.
fn begins_at(began: &Path, fact: &SessionFact) -> io::Result<bool> {
    if fs::symlink_metadata(began).is_ok() {
        return Ok(false);
    }
    let bytes = serde_json::to_vec(fact).map_err(io::Error::from)?;
    match atomic::write_new(began, &bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use std::time::SystemTime;

    fn fact(source: &str, started: &str) -> SessionFact {
        SessionFact {
            session_id: "s".to_owned(),
            started: started.to_owned(),
            source: source.to_owned(),
            cwd: PathBuf::from("/p"),
            client: None,
        }
    }

    #[test]
    fn an_end_keeps_the_begin_and_a_resume_takes_the_end_back() {
        let dir = tempfile::tempdir().unwrap();
        let session = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH).session("s");
        assert_eq!(session.began().unwrap(), None);
        session.begin(&fact("startup", "T1")).unwrap();
        assert_eq!(session.ended().unwrap(), None);
        let end = SessionEnd {
            ended: "T2".to_owned(),
            reason: "logout".to_owned(),
        };
        session.end(&end).unwrap();
        session.end(&end).unwrap();
        assert_eq!(session.began().unwrap(), Some(fact("startup", "T1")));
        assert_eq!(session.ended().unwrap(), Some(end));
        session.begin(&fact("resume", "T3")).unwrap();
        assert_eq!(session.began().unwrap(), Some(fact("startup", "T1")));
        assert_eq!(session.ended().unwrap(), None);
    }

    #[test]
    fn the_client_is_the_last_that_went_on_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let session = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH).session("s");
        let other = session.dir().join(CLIENT);
        for (pid, source, is_another) in [
            (7, "startup", false),
            (7, "compact", false),
            (8, "resume", true),
            (7, "resume", true),
        ] {
            let client = Process::of(pid);
            let mut fact = fact(source, "T");
            fact.client = Some(client);
            session.begin(&fact).unwrap();
            assert_eq!(session.client().unwrap(), Some(client), "{pid} {source}");
            assert_eq!(other.exists(), is_another, "{pid} {source}");
        }
        session.begin(&fact("compact", "T")).unwrap();
        assert_eq!(session.client().unwrap().unwrap().pid, 7, "not known now");
    }
}
