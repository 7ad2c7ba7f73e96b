//! How a session began and how it ended, a file each:
//!
//! ```text
//! session.json   written once, when the session begins
//! client.json    the process of the client that has it; replaced when it goes on
//! ended.json     written when it ends, gone when it goes on after that
//! ```
//!
//! Why this is safe: each file appears whole. A kill between the two calls of
//! [`Session::begin`] leaves a session that looks ended until its next event of
//! that kind; nothing is lost.

use std::fs;
use std::io;
use std::path::PathBuf;

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
    /// The process id of the client that began it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_pid: Option<u32>,
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
    /// compaction) keeps its first begin, and has not ended any more.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(&self, fact: &SessionFact) -> io::Result<()> {
        let dir = self.make("")?;
        let bytes = serde_json::to_vec(fact).map_err(io::Error::from)?;
        match atomic::write_new(&dir.join(BEGAN), &bytes) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        if let Some(pid) = fact.client_pid {
            let client = serde_json::to_vec(&Process::of(pid)).map_err(io::Error::from)?;
            atomic::replace(&dir.join(CLIENT), &client)?;
        }
        match fs::remove_file(dir.join(ENDED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
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
    /// When the file is damaged.
    pub fn client(&self) -> io::Result<Option<Process>> {
        read_json(&self.dir().join(CLIENT))
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
            client_pid: None,
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
}
