//! The session's own file: written when the session begins, replaced whole
//! when it goes on.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::agents::read_json;
use super::atomic;
use super::layout::Session;

/// What is known of a session.
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
    /// The client's process id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_pid: Option<u32>,
    /// RFC 3339, once the session ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

impl Session {
    /// Writes the session's file in place of an older one.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(&self, fact: &SessionFact) -> io::Result<()> {
        let dir = self.make("")?;
        let bytes = serde_json::to_vec(fact).map_err(io::Error::from)?;
        atomic::replace(&dir.join("session.json"), &bytes)
    }

    /// Returns the session's file; `None` when the session never began here.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn load(&self) -> io::Result<Option<SessionFact>> {
        read_json(&self.dir().join("session.json"))
    }
}
