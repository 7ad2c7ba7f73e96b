//! Worktrees that were registered for a spare or a workspace and that nobody was
//! given, since whoever made them was killed.

use super::create::MAKING;
use super::git::{Checkout, Git};
use super::registry::{self, Entry};
use super::{Error, name, open, spares};
use crate::config::limits::STATE_FILE_BYTES;
use crate::state::atomic;
use crate::state::lock::Lock;
use std::io;
use std::path::{Path, PathBuf};

/// Where worktrees can be taken out of the way.
pub(super) struct Unfinished<'a> {
    pub(super) common_dir: &'a Path,
    /// The folder of workspaces.
    pub(super) worktrees: &'a Path,
    /// A checkout that git is started in.
    pub(super) from: &'a Checkout,
}

impl Unfinished<'_> {
    /// Makes git forget a worktree that nobody was given, and moves its folder
    /// to `aside`, unless somebody is at work on it; returns whether it did. The
    /// lock on creations must be held.
    pub(super) fn set_aside(&self, entry: &Entry, aside: &Path) -> Result<bool, Error> {
        let Some(_making) = making(entry)? else {
            return Ok(false);
        };
        let now = Entry::read(entry.git_dir.clone());
        // It became a workspace a moment ago.
        if now.marker.is_some() || !now.is_unfinished(registry::REASON) {
            return Ok(false);
        }
        self.forget_branch(&now)?;
        // Whatever else lies there now is not touched.
        if let Some(checkout) = place(&now, self.worktrees).ok().flatten() {
            let folder = checkout.folder;
            atomic::rename(&folder, aside).map_err(Error::io("move away", folder))?;
        }
        registry::discard(self.common_dir, &now.git_dir)
            .map_err(Error::io("unregister", &now.git_dir))?;
        Ok(true)
    }

    /// Returns a place for what is set aside, which the next keeping of spares
    /// deletes.
    pub(super) fn place_aside(&self) -> PathBuf {
        atomic::temporary_name(&self.worktrees.join("x"))
    }

    /// Deletes the branch that a worktree was given by somebody who was killed, if
    /// it is still where it was made and nobody else has it checked out.
    fn forget_branch(&self, entry: &Entry) -> Result<(), Error> {
        let Some(branch) = branch(&entry.git_dir) else {
            return Ok(());
        };
        let reference = format!("refs/heads/{branch}");
        let Some(made_at) = spares::base_of_taken(&entry.git_dir)
            .or_else(|| only_commit(self.common_dir, &reference))
        else {
            return Ok(());
        };
        let mut others = registry::read(self.common_dir)
            .map_err(Error::io("list the worktrees of", self.common_dir))?;
        others.retain(|other| other.git_dir != entry.git_dir);
        let others = others.iter().map(|other| &*other.git_dir);
        let is_in_use = others
            .chain([self.common_dir])
            .any(|git_dir| self::branch(git_dir).as_ref() == Some(&branch));
        if !is_in_use {
            // Where it has moved, it stays.
            let delete = ["update-ref", "-d", &reference, &made_at];
            let _ = Git::writing(self.from).run(&delete);
        }
        Ok(())
    }
}

/// Returns the commit that a branch was made at, where its reflog says that it
/// never moved since: one line, `old new who when<tab>why`.
fn only_commit(common_dir: &Path, reference: &str) -> Option<String> {
    let log = atomic::read(&common_dir.join("logs").join(reference), STATE_FILE_BYTES).ok()?;
    let log = String::from_utf8_lossy(&log);
    let mut lines = log.lines();
    let (Some(first), None) = (lines.next(), lines.next()) else {
        return None;
    };
    first.split(' ').nth(1).map(str::to_owned)
}

/// Returns the branch of ours that is checked out, without `refs/heads/`.
fn branch(git_dir: &Path) -> Option<String> {
    let head = atomic::read(&git_dir.join("HEAD"), STATE_FILE_BYTES).ok()?;
    let head = String::from_utf8(head).ok()?;
    let branch = head.trim_end().strip_prefix("ref: refs/heads/")?;
    name::is_ours(branch).then(|| branch.to_owned())
}

/// Takes the lock that says that somebody is at work; nothing while somebody is.
pub(super) fn making(entry: &Entry) -> Result<Option<Lock>, Error> {
    let path = entry.git_dir.join(MAKING);
    match Lock::try_acquire(&path) {
        // It was discarded a moment ago.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        locked => locked.map_err(Error::io("lock", path)),
    }
}

/// Returns the checkout of such a worktree, if it lies directly in the folder of workspaces
/// and is what git has registered.
pub(super) fn place(entry: &Entry, worktrees: &Path) -> Result<Option<Checkout>, Error> {
    let folder = entry.folder.as_ref();
    let Some(folder) = folder.filter(|folder| folder.parent() == Some(worktrees)) else {
        return Ok(None);
    };
    let checkout = open(folder)?.map(|(_, checkout)| checkout);
    let is_same = |checkout: &Checkout| {
        checkout.git_dir.canonicalize().ok() == entry.git_dir.canonicalize().ok()
    };
    Ok(checkout.filter(is_same))
}
