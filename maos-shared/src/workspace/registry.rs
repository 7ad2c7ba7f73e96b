//! The worktrees that git has registered in a repository, read from its files:
//! one folder each in `worktrees` of the common git directory.

use super::marker::Marker;
use crate::state::atomic;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How the reasons begin with which this program locks its worktrees.
pub(super) const REASON: &str = "maos ";
/// The most that is read of one of git's small files, bytes.
const LIMIT: usize = 16 * 1024;

/// One registered worktree.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its git directory.
    pub(super) git_dir: PathBuf,
    /// Its root, whether or not that exists; nothing when git had not yet
    /// written it down.
    pub(super) folder: Option<PathBuf>,
    /// The marker, when this program made it and finished it.
    pub(super) marker: Option<Marker>,
}

/// Returns the worktrees that are registered in a repository.
///
/// # Errors
/// When the folder of worktrees cannot be listed.
pub(super) fn read(common_dir: &Path) -> io::Result<Vec<Entry>> {
    let entries = match fs::read_dir(common_dir.join("worktrees")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries
        .map(|entry| entry.map(|entry| Entry::read(entry.path())))
        .collect()
}

/// Takes away what a killed creation left of a registration. Half of one is
/// enough to make every `git worktree` in the repository fail ("failed to read
/// commondir"). Only what is certainly dead goes: locked with a reason of this
/// program's, not finished, and unusable for git. The lock on creations must
/// be held, so that none is still at work.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn sweep(common_dir: &Path, entries: &mut Vec<Entry>) -> io::Result<()> {
    let (dead, alive) = entries.drain(..).partition(Entry::is_dead_half);
    *entries = alive;
    let dead: Vec<Entry> = dead;
    for entry in dead {
        discard(common_dir, &entry.git_dir)?;
    }
    Ok(())
}

/// Takes a worktree's git directory out of the registry at once, and then
/// deletes it. Git itself deletes it file by file, and whoever lists the
/// worktrees meanwhile finds half of one.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn discard(common_dir: &Path, git_dir: &Path) -> io::Result<()> {
    let aside = atomic::temporary_name(&common_dir.join("worktree"));
    atomic::rename(git_dir, &aside)?;
    // Out of the registry it harms nobody.
    let _ = fs::remove_dir_all(&aside);
    Ok(())
}

impl Entry {
    fn read(git_dir: PathBuf) -> Self {
        Self {
            folder: folder(&git_dir),
            // A damaged marker is no proof of anything.
            marker: Marker::load(&git_dir).ok().flatten(),
            git_dir,
        }
    }

    /// Returns whether the worktree lies at `folder` or below it.
    pub(super) fn lies_in(&self, folder: &Path) -> bool {
        self.folder
            .as_ref()
            .is_some_and(|at| at.starts_with(folder))
    }

    fn is_dead_half(&self) -> bool {
        let has = |name| text(&self.git_dir.join(name)).is_some();
        let usable = has("gitdir") && has("commondir") && has("HEAD");
        !usable && self.marker.is_none() && self.is_locked_by_us()
    }

    fn is_locked_by_us(&self) -> bool {
        let reason = text(&self.git_dir.join("locked"));
        reason.is_some_and(|reason| reason.starts_with(REASON.as_bytes()))
    }
}

/// Returns the root that a worktree's `gitdir` file tells.
fn folder(git_dir: &Path) -> Option<PathBuf> {
    let text = text(&git_dir.join("gitdir"))?;
    let file = git_dir.join(OsStr::from_bytes(&text));
    let folder = file.parent()?;
    Some(folder.canonicalize().unwrap_or_else(|_| folder.into()))
}

/// Returns what one of git's small files holds, unless it holds nothing.
fn text(file: &Path) -> Option<Vec<u8>> {
    let text = atomic::read(file, LIMIT).ok()?;
    let text = text.trim_ascii_end();
    (!text.is_empty()).then(|| text.to_vec())
}
