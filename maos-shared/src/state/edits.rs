//! Which files agents have edited and nobody has looked at yet.
//!
//! ```text
//! .maos/edits/<checkout>/<name that no other has>.json
//! ```
//!
//! Why this is safe: a record appears whole, and none takes the place of another,
//! so that it does not matter in which order they come. It is taken by one rename,
//! so by one job only. A kill behind the rename loses the check of that edit, and
//! nothing else.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::agents::{list, read_json};
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
        let below = Path::new("edits").join(digits(checkout.as_os_str().as_bytes()));
        let folder = self.make(&below)?;
        let bytes = serde_json::to_vec(edit)?;
        atomic::replace(&folder.join(format!("{}.json", atomic::unique())), &bytes)
    }

    /// Takes every edit in `checkout`. Damaged records are gone afterwards as well.
    /// Lists a folder.
    ///
    /// # Errors
    /// What the system says about the folder.
    pub fn take_edits(&self, checkout: &Path) -> io::Result<Vec<Edit>> {
        let below = digits(checkout.as_os_str().as_bytes());
        let folder = self.root().join("edits").join(below);
        let mut edits = Vec::new();
        for path in list(&folder)? {
            let taken = atomic::temporary_name(&path);
            match atomic::rename(&path, &taken) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            }
            let edit = read_json::<Edit>(&taken);
            fs::remove_file(&taken)?;
            match edit {
                Ok(edit) => edits.extend(edit),
                Err(error) => log::warn!("edit: {error}"),
            }
        }
        Ok(edits)
    }
}

impl Session {
    /// Returns whether `agent` may be sent back to work for its errors: that is
    /// so for one caller, once. A kill behind it leaves the agent unharmed.
    ///
    /// # Errors
    /// What the system says.
    pub fn may_send_back(&self, agent: &str) -> io::Result<bool> {
        let own = self.make(&format!("agents/{}", SafeName::new(agent)))?;
        match atomic::write_new(&own.join("sent_back.json"), b"true") {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn digits(bytes: &[u8]) -> String {
    let mut hash = sha256_hex(bytes);
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
