//! The worktrees that git has registered in a repository, read from its files:
//! one folder each in `worktrees` of the common git directory.

use super::marker::Marker;
use crate::project::Project;
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
    /// There is a marker, perhaps a damaged one.
    is_marked: bool,
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

/// Returns the folders of the worktrees that git has registered in a project,
/// whether or not they are there. Git's files are read; none is started.
///
/// # Errors
/// When the folder of worktrees cannot be listed.
pub fn registered(project: &Project) -> io::Result<Vec<PathBuf>> {
    let Some(common_dir) = &project.git_common_dir else {
        return Ok(Vec::new());
    };
    let entries = read(common_dir)?.into_iter();
    Ok(entries.filter_map(|entry| entry.folder).collect())
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
    /// Reads what lies in a worktree's git directory now.
    pub(super) fn read(git_dir: PathBuf) -> Self {
        let marker = Marker::load(&git_dir);
        Self {
            folder: folder(&git_dir),
            is_marked: !matches!(marker, Ok(None)),
            // A damaged marker is no proof of anything.
            marker: marker.ok().flatten(),
            git_dir,
        }
    }

    /// Returns whether the worktree lies at `folder` or below it.
    pub(super) fn lies_in(&self, folder: &Path) -> bool {
        self.folder
            .as_ref()
            .is_some_and(|at| at.starts_with(folder))
    }

    /// Returns whether a creation of ours registered it, for a reason that begins
    /// like this, and has not finished it, or not yet. A damaged marker was
    /// written at the end of one.
    pub(super) fn is_unfinished(&self, reason: &str) -> bool {
        !self.is_marked && self.is_locked_for(reason)
    }

    /// Returns whether somebody else has locked it: a person who wants to keep
    /// it.
    pub(super) fn is_locked_by_another(&self) -> bool {
        let is_locked = self.git_dir.join("locked").symlink_metadata().is_ok();
        is_locked && !self.is_locked_for(REASON)
    }

    fn is_dead_half(&self) -> bool {
        let has = |name| text(&self.git_dir.join(name)).is_some();
        let usable = has("gitdir") && has("commondir") && has("HEAD");
        !usable && self.is_unfinished(REASON)
    }

    fn is_locked_for(&self, reason: &str) -> bool {
        let Some(mut found) = text(&self.git_dir.join("locked")) else {
            return false;
        };
        // A reason may end where a longer one would go on.
        found.push(b' ');
        found.starts_with(reason.as_bytes())
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

#[cfg(test)]
mod tests;
