//! What is about to be done to the files of a checkout, written down before the
//! first of them is touched.
//!
//! ```text
//! <git dir>/maos-return.lock          held by whoever applies, or looks after one that was killed
//! <git dir>/maos-return/new/<path>    the files as they are to be
//! <git dir>/maos-return/old/<number>  the files that were replaced or deleted
//! <git dir>/maos-return/intent.json   there while the checkout is neither as it was nor as it is to be
//! <git dir>/maos-return/done.json     the same file, renamed: the checkout is as it is to be
//! ```

use super::files::{Folder, Seen};
use crate::config::limits::INTENT_BYTES;
use crate::state::agents::Returned;
use crate::state::atomic;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const FOLDER: &str = "maos-return";
const INTENT: &str = "intent.json";
const DONE: &str = "done.json";

/// Whose work it is, so that whoever finishes after a kill can say that it has
/// come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The folder of the project's state.
    pub state: PathBuf,
    /// The session's id.
    pub session: String,
    /// The agent's id.
    pub agent: String,
}

/// A change of some files, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Intent {
    /// Whose work it is.
    pub(super) ticket: Ticket,
    /// What is to be recorded when it is done.
    pub(super) returned: Returned,
    /// The files, in the order in which they are changed.
    pub(super) steps: Vec<Step>,
}

/// The change of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    /// Its path from the root of the checkout; of any bytes.
    path: OsString,
    /// What is there before; nothing where it is added.
    pub(super) old: Option<Seen>,
    /// What is there afterwards; nothing where it is deleted.
    pub(super) new: Option<Seen>,
    /// How many folders above it are made for it.
    pub(super) folders: usize,
}

impl Step {
    pub(super) fn new(path: &Path, old: Option<Seen>, new: Option<Seen>, folders: usize) -> Self {
        Self {
            path: path.into(),
            old,
            new,
            folders,
        }
    }

    pub(super) fn path(&self) -> &Path {
        Path::new(&self.path)
    }
}

/// The folder of one change, in the git directory of the checkout: on the same
/// file system as its files, wherever that is usual, and out of every commit.
#[derive(Debug)]
pub(super) struct Desk {
    folder: PathBuf,
}

impl Desk {
    pub(super) fn of(git_dir: &Path) -> Self {
        Self {
            folder: git_dir.join(FOLDER),
        }
    }

    /// Returns whether there is anything: a change is under way, or was killed.
    pub(super) fn is_used(&self) -> bool {
        self.folder.symlink_metadata().is_ok()
    }

    /// Makes the folder, which must be absent, and those in it.
    pub(super) fn make(&self) -> io::Result<()> {
        let above = self.folder.parent().unwrap_or(Path::new("/"));
        for relative in ["new", "old"] {
            atomic::ensure_dir(above, &Path::new(FOLDER).join(relative))?;
        }
        Ok(())
    }

    /// Returns the path of a file in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Opens one of its folders.
    pub(super) fn open(&self, name: &str) -> io::Result<Folder> {
        Folder::open(&self.folder.join(name))
    }

    /// Writes the intent. From here on a kill leaves something to undo.
    pub(super) fn write(&self, intent: &Intent) -> io::Result<()> {
        let bytes = serde_json::to_vec(intent).map_err(io::Error::other)?;
        if bytes.len() > INTENT_BYTES {
            return Err(io::Error::other("too many files with too long names"));
        }
        atomic::write_new(&self.folder.join(INTENT), &bytes)
    }

    /// Makes the change final, in one step.
    pub(super) fn settle(&self) -> io::Result<()> {
        atomic::rename(&self.folder.join(INTENT), &self.folder.join(DONE))
    }

    /// Returns the change that is under way, or nothing.
    pub(super) fn intent(&self) -> io::Result<Option<Intent>> {
        self.read(INTENT)
    }

    /// Returns the change that is final, or nothing.
    pub(super) fn done(&self) -> io::Result<Option<Intent>> {
        self.read(DONE)
    }

    fn read(&self, name: &str) -> io::Result<Option<Intent>> {
        let bytes = match atomic::read(&self.folder.join(name), INTENT_BYTES) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes?,
        };
        let intent = serde_json::from_slice(&bytes);
        intent.map(Some).map_err(|error| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is damaged ({error})", self.folder.join(name).display()),
            )
        })
    }

    /// Takes the intent away, once nothing is left to undo.
    pub(super) fn drop_intent(&self) -> io::Result<()> {
        fs::remove_file(self.folder.join(INTENT))
    }

    /// Removes the folder. What stays is removed by the next change.
    pub(super) fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
