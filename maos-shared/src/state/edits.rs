//! Which files agents have edited and nobody has looked at yet, in a queue for
//! each checkout ([`super::queue`]), and what agents know of such files.
//!
//! ```text
//! .maos/edits/<checkout>/<name that no other has>.json
//! .maos/sessions/<session>/known/<agent>/<checkout>.json
//! ```
//!
//! What an agent knows is replaced as a whole, by the one job at a time that
//! checks the checkout.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::agents::read_json;
use super::{SafeName, Session, State, atomic, sha256_hex};

/// How many hexadecimal digits of a hash tell names apart.
const DIGITS: usize = 24;

/// An edit of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The file, absolute and real.
    pub file: PathBuf,
    /// The session of whoever edited it.
    pub session: String,
    /// The agent; absent for the main thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// How the file was when the edit was done.
    pub stamp: Stamp,
    /// When the lease on the file was used last before that.
    pub leased: Option<SystemTime>,
}

/// What tells whether a file is still what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// Returns the stamp of the regular file at `path`; a link is none.
    ///
    /// # Errors
    /// When there is no such file, and what the system says.
    pub fn of(path: &Path) -> io::Result<Self> {
        let found = fs::symlink_metadata(path)?;
        if !found.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Ok(Self {
            device: found.dev(),
            inode: found.ino(),
            bytes: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }

    /// Returns when the file was last changed, as the file system says: seconds
    /// and nanoseconds.
    #[must_use]
    pub const fn changed(&self) -> (i64, i64) {
        self.changed
    }

    /// Returns how long the file is, in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl State {
    /// Keeps an edit in `checkout` until it is taken.
    ///
    /// # Errors
    /// What the system says.
    pub fn record_edit(&self, checkout: &Path, edit: &Edit) -> io::Result<()> {
        self.enqueue(&queue_of(checkout), edit)
    }

    /// Returns how many edits in `checkout` wait to be taken. Lists a folder.
    #[must_use]
    pub fn edits_waiting(&self, checkout: &Path) -> usize {
        self.queued(&queue_of(checkout))
    }

    /// Takes every edit in `checkout`. Lists a folder.
    ///
    /// # Errors
    /// What the system says about the folder.
    pub fn take_edits(&self, checkout: &Path) -> io::Result<Vec<Edit>> {
        self.dequeue(&queue_of(checkout))
    }
}

/// Returns the place of the queue of edits in `checkout`.
fn queue_of(checkout: &Path) -> PathBuf {
    Path::new("edits").join(digits(checkout))
}

impl Session {
    /// Returns whether `agent` may be sent back to work for its errors: that is
    /// so for one caller, once. A kill behind it leaves the agent unharmed.
    ///
    /// # Errors
    /// What the system says.
    pub fn may_send_back(&self, agent: &str) -> io::Result<bool> {
        let own = self.make(&format!("agents/{}", SafeName::new(agent)))?;
        is_first(&own.join("sent_back.json"))
    }

    /// Returns whether the session may be told that it lacks `program`: that is so
    /// for one caller, once.
    ///
    /// # Errors
    /// What the system says.
    pub fn may_tell_of_missing(&self, program: &str) -> io::Result<bool> {
        let own = self.make("missing")?;
        is_first(&own.join(format!("{}.json", SafeName::new(program))))
    }

    /// Returns what `agent`, or the main thread, knows of the files in `checkout`.
    ///
    /// # Errors
    /// What the system says, or when the file is damaged.
    pub fn known<T: DeserializeOwned>(
        &self,
        agent: Option<&str>,
        checkout: &Path,
    ) -> io::Result<Vec<T>> {
        let known = self.dir().join(known_by(agent));
        Ok(read_json(&known.join(format!("{}.json", digits(checkout))))?.unwrap_or_default())
    }

    /// Keeps what `agent` knows of the files in `checkout`, in the place of what it
    /// knew before.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep_known<T: Serialize>(
        &self,
        agent: Option<&str>,
        checkout: &Path,
        known: &[T],
    ) -> io::Result<()> {
        let folder = self.make(&known_by(agent))?;
        let bytes = serde_json::to_vec(known)?;
        atomic::replace(&folder.join(format!("{}.json", digits(checkout))), &bytes)
    }
}

fn known_by(agent: Option<&str>) -> String {
    // An agent's folder has its id in its name, so none is the main thread's.
    match agent {
        Some(agent) => format!("known/of-{}", SafeName::new(agent)),
        None => "known/main".to_owned(),
    }
}

/// Returns whether the caller is the first one to ask for `mark`.
fn is_first(mark: &Path) -> io::Result<bool> {
    match atomic::write_new(mark, b"true") {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn digits(path: &Path) -> String {
    let mut hash = sha256_hex(path.as_os_str().as_bytes());
    hash.truncate(DIGITS);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edit_is_taken_once() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let file = dir.path().join("a.rs");
        let edit = |agent: Option<&str>, text: &[u8]| {
            atomic::replace(&file, text).unwrap();
            let edit = Edit {
                file: file.clone(),
                session: "s".to_owned(),
                agent: agent.map(ToOwned::to_owned),
                stamp: Stamp::of(&file).unwrap(),
                leased: Some(SystemTime::UNIX_EPOCH),
            };
            state.record_edit(dir.path(), &edit).unwrap();
            edit
        };
        let edits = [edit(None, b"1"), edit(None, b"22"), edit(Some("a"), b"333")];
        assert!(state.take_edits(&dir.path().join("b")).unwrap().is_empty());
        let mut taken = state.take_edits(dir.path()).unwrap();
        taken.sort_by_key(|edit| edit.stamp.bytes());
        assert_eq!(taken, edits);
        assert!(state.take_edits(dir.path()).unwrap().is_empty());
    }

    #[test]
    fn what_an_agent_knows_of_a_checkout_is_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let (session, checkout) = (state.session("s"), dir.path());
        let known = |agent, checkout| session.known::<u8>(agent, checkout).unwrap();
        session.keep_known(Some("main"), checkout, &[1]).unwrap();
        session.keep_known(Some("main"), checkout, &[2, 3]).unwrap();
        session.keep_known(None, checkout, &[4]).unwrap();
        assert_eq!(known(Some("main"), checkout), [2, 3]);
        assert_eq!(known(None, checkout), [4]);
        assert!(known(None, &checkout.join("b")).is_empty());
        assert!(session.may_tell_of_missing("rustfmt").unwrap());
        assert!(!session.may_tell_of_missing("rustfmt").unwrap());
    }

    #[test]
    fn a_stamp_tells_another_file_and_another_content() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.rs");
        atomic::replace(&file, b"1").unwrap();
        let stamp = Stamp::of(&file).unwrap();
        assert_eq!(Stamp::of(&file).unwrap(), stamp);
        atomic::replace(&file, b"2").unwrap();
        assert_ne!(Stamp::of(&file).unwrap(), stamp);
        std::os::unix::fs::symlink(&file, dir.path().join("link")).unwrap();
        assert!(Stamp::of(&dir.path().join("link")).is_err());
    }
}
