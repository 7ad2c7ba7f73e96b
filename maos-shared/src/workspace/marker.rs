//! The mark of this program on a worktree that it made: a file in the
//! worktree's git directory, where no commit and no clean-up of files reaches
//! it. It appears when the workspace is ready, so a worktree without it was
//! never handed out.

use crate::config::limits::STATE_FILE_BYTES;
use crate::state::atomic;
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

/// The marker's name.
const FILE: &str = "maos.json";
/// The name of the note that a removal has begun.
const REMOVAL: &str = "maos-removal.json";

/// What a marker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// The agent that it was made for; none for a worktree with a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) agent: Option<String>,
    /// The branch that was made for it.
    pub(super) branch: String,
    /// The commit that it started from.
    pub(super) base: String,
    /// The root of the checkout that it started from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<PathBuf>,
    /// When it was ready, RFC 3339.
    pub(super) created: String,
}

/// What a removal has settled before the folder goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Settled {
    /// Where the folder goes.
    pub(super) trash: PathBuf,
    /// The reference that keeps what was not on a branch.
    pub(super) rescue: Option<String>,
}

impl Marker {
    /// Returns the marker in a worktree's git directory, or nothing.
    ///
    /// # Errors
    /// When it cannot be read, or is not what this program writes.
    pub(super) fn load(git_dir: &Path) -> io::Result<Option<Self>> {
        let Some(marker) = load::<Self>(&git_dir.join(FILE))? else {
            return Ok(None);
        };
        let is_commit = matches!(marker.base.len(), 40 | 64)
            && marker.base.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_commit && super::name::is_ours(&marker.branch) {
            true => Ok(Some(marker)),
            false => Err(damaged()),
        }
    }

    /// Returns whether there is a marker, of whatever content.
    pub(super) fn is_in(git_dir: &Path) -> bool {
        git_dir.join(FILE).symlink_metadata().is_ok()
    }

    /// Returns when the marker was written, or written anew, and what else the system
    /// knows of it.
    pub(super) fn written(git_dir: &Path) -> io::Result<Metadata> {
        git_dir.join(FILE).symlink_metadata()
    }

    /// Writes the marker of a workspace that has none.
    pub(super) fn write(&self, git_dir: &Path) -> io::Result<()> {
        atomic::write_new(&git_dir.join(FILE), &bytes(self)?)
    }

    /// Replaces the marker.
    pub(super) fn replace(&self, git_dir: &Path) -> io::Result<()> {
        atomic::replace(&git_dir.join(FILE), &bytes(self)?)
    }
}

impl Settled {
    /// Returns what an earlier removal settled, or nothing when none began.
    ///
    /// # Errors
    /// When the note cannot be read.
    pub(super) fn load(git_dir: &Path) -> io::Result<Option<Self>> {
        load(&git_dir.join(REMOVAL))
    }

    /// Writes the note.
    pub(super) fn write(&self, git_dir: &Path) -> io::Result<()> {
        atomic::replace(&git_dir.join(REMOVAL), &bytes(self)?)
    }
}

fn load<T: for<'a> Deserialize<'a>>(file: &Path) -> io::Result<Option<T>> {
    match atomic::read(file, STATE_FILE_BYTES) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| damaged()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn bytes(value: &impl Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::other)
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "it is damaged; keep what is in the worktree, then have git remove it",
    )
}
