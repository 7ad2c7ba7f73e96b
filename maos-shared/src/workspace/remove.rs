//! Removing a workspace without losing anything.
//!
//! First everything that is on no branch is kept by a reference, then the
//! folder is renamed away, then git forgets it, and last its branch goes, if
//! nothing was ever committed on it. A removal that was killed goes on where it
//! was when it is asked for again.

use super::git::{Checkout, Git, GitError};
use super::marker::Settled;
use super::registry::{self, Entry};
use super::{Error, create, name, open, rescue, status, submodules};
use crate::project::Project;
use crate::state::atomic;
use std::io;
use std::path::{Path, PathBuf};

/// What a removal kept, and what is left to delete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// The workspace's branch, when it has commits of its own and so was kept;
    /// without `refs/heads/`.
    pub branch: Option<String>,
    /// The reference that keeps what was on no branch.
    pub rescue: Option<String>,
    /// The folder to delete, at leisure; nothing when git deleted it already,
    /// because the trash is on another file system.
    pub trash: Option<PathBuf>,
}

/// A branch whose work is elsewhere, as it was when that was looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checked<'a> {
    /// The branch's commit.
    pub(super) commit: &'a str,
    /// It is kept by a reference, since what is elsewhere may be changed.
    pub(super) keep: bool,
}

/// Removes the workspace whose root is `path`.
///
/// It must be a linked worktree of the project's repository, directly in its
/// folder of workspaces, with this program's marker. Uncommitted and untracked
/// files, a detached `HEAD` and commits that were left behind are kept under
/// `refs/maos/rescue/`; ignored files go with the folder. A branch with commits is kept as it is. The folder moves
/// into `trash`, which must exist; deleting it there is the caller's. The
/// current folder may lie inside. To remove one that is gone already does
/// nothing. Blocks while git works.
///
/// Killed at any moment, it is finished by the next call; only when git has
/// forgotten the worktree by then, an unchanged branch stays.
///
/// # Errors
/// When the folder is not such a workspace, is locked by somebody else, or holds
/// a repository of its own; with git's or the system's reason. Until the folder has moved, nothing has
/// changed but the reference.
pub fn remove(project: &Project, path: &Path, trash: &Path) -> Result<Removal, Error> {
    remove_checked(project, path, trash, None)
}

/// As [`remove`], and the branch goes if it is still where it was `checked`.
///
/// # Errors
/// As [`remove`].
pub(super) fn remove_checked(
    project: &Project,
    path: &Path,
    trash: &Path,
    checked: Option<Checked<'_>>,
) -> Result<Removal, Error> {
    let Some(common_dir) = &project.git_common_dir else {
        return Err(Error::NoGit(project.checkout.clone()));
    };
    let refuse = |problem| Error::NotOurs {
        path: path.into(),
        problem,
    };
    let folder =
        place(project, path).ok_or_else(|| refuse("it is not in the folder of workspaces"))?;
    let _lock = create::lock(common_dir)?;
    let entries =
        registry::read(common_dir).map_err(Error::io("list the worktrees of", common_dir))?;
    let mine = |entry: &&Entry| entry.folder.as_ref() == Some(&folder);
    let exists = folder.symlink_metadata().is_ok();
    let entry = match entries.iter().find(mine) {
        Some(entry) => entry,
        None if exists => return Err(refuse("git has no worktree registered there")),
        None => return Ok(Removal::default()),
    };
    let marker = entry.marker.as_ref();
    let marker = marker.ok_or_else(|| refuse("it does not have the marker of MAOS"))?;
    if entry.is_locked_by_another() {
        return Err(refuse(
            "somebody has locked it; `git worktree list --verbose` shows why, \
             `git worktree unlock` lets it go",
        ));
    }
    let begun =
        Settled::load(&entry.git_dir).map_err(Error::io("read the note of removal of", &folder))?;
    let settled = match begun {
        Some(begun) if !exists => begun,
        _ if !exists => {
            return Err(refuse(
                "it is gone; `git worktree repair` finds it if it was moved",
            ));
        }
        _ => {
            check(&entries, entry, &folder, common_dir)?;
            let kept = checked.filter(|checked| checked.keep && checked.commit != marker.base);
            settle(entry, &folder, trash, kept.map(|kept| kept.commit))?
        }
    };
    let checkout = Checkout {
        git_dir: common_dir.clone(),
        folder: project.main.clone(),
    };
    let moved = match exists {
        true => take_away(&checkout, &folder, &settled.trash)?,
        false => true,
    };
    forget(common_dir, entry)?;
    let elsewhere = [Some(&*marker.base), checked.map(|checked| checked.commit)];
    let is_kept = !drop_branch(&checkout, &marker.branch, &elsewhere)?;
    Ok(Removal {
        branch: is_kept.then(|| marker.branch.clone()),
        rescue: settled.rescue,
        trash: moved.then_some(settled.trash),
    })
}

/// Returns the real path of a folder directly in the folder of workspaces. It
/// need not exist.
fn place(project: &Project, path: &Path) -> Option<PathBuf> {
    let worktrees = project.worktrees_dir();
    let above = path.parent()?.canonicalize().ok()?;
    let name = path.file_name()?;
    let is_link = path
        .symlink_metadata()
        .is_ok_and(|found| found.is_symlink());
    (above == worktrees && !is_link).then(|| worktrees.join(name))
}

/// Checks that the folder is the worktree that git has registered, and that no
/// other repository or worktree would go with it.
fn check(entries: &[Entry], entry: &Entry, folder: &Path, common_dir: &Path) -> Result<(), Error> {
    let refuse = |problem| Error::NotOurs {
        path: folder.into(),
        problem,
    };
    let (project, checkout) = open(folder)?.ok_or_else(|| refuse("it is no worktree any more"))?;
    let same = project.git_common_dir.as_deref() == Some(common_dir)
        && checkout.git_dir.canonicalize().ok() == entry.git_dir.canonicalize().ok();
    if !same {
        return Err(refuse("it belongs to another repository"));
    }
    let is_inside = |other: &&Entry| other.lies_in(folder) && other.git_dir != entry.git_dir;
    let nested = entries.iter().find(is_inside);
    let nested = nested.and_then(|other| other.folder.as_ref()?.strip_prefix(folder).ok());
    let modules = checkout.git_dir.join("modules");
    let is_nothing_inside = submodules::hold_nothing(&checkout, common_dir)?;
    let changes = status::changes(&checkout)?;
    let repository = changes.iter().find(|change| change.is_repository);
    let inner = nested
        .map(Path::to_owned)
        .or_else(|| repository.map(|change| change.path.clone()))
        .or_else(|| (!is_nothing_inside).then_some(modules));
    match inner {
        Some(inner) => Err(Error::InnerRepository {
            path: folder.into(),
            inner,
        }),
        None => Ok(()),
    }
}

/// Keeps what is on no branch, and the commit `kept`, and notes where the folder
/// will go.
fn settle(
    entry: &Entry,
    folder: &Path,
    trash: &Path,
    kept: Option<&str>,
) -> Result<Settled, Error> {
    let checkout = Checkout {
        git_dir: entry.git_dir.clone(),
        folder: folder.into(),
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let message = format!("rescue of the workspace {name}\n");
    let rescue = match rescue::snapshot(&checkout, &message, &[])? {
        Some(commit) => Some(rescue::keep(&checkout, &commit)?.1),
        None => rescue::keep_detached(&checkout)?,
    };
    let left_behind = match &entry.marker {
        Some(marker) => rescue::keep_left_behind(&checkout, &marker.base)?,
        None => None,
    };
    let kept = kept.map(|commit| rescue::keep(&checkout, commit));
    let kept = kept.transpose()?.map(|(_, reference)| reference);
    let settled = Settled {
        trash: place_in(trash, folder),
        rescue: rescue.or(left_behind).or(kept),
    };
    settled
        .write(&entry.git_dir)
        .map_err(Error::io("note the removal of", folder))?;
    Ok(settled)
}

/// Returns where a folder goes in the trash: a name that nothing has there.
pub(super) fn place_in(trash: &Path, folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let unique = atomic::temporary_name(&trash.join("x"));
    let unique = unique.file_name().unwrap_or_default().to_string_lossy();
    trash.join(format!("{name}{}", unique.replace(".tmp", "")))
}

/// Moves the folder into the trash. Where that is on another file system, git
/// deletes the folder, and the answer is false.
fn take_away(checkout: &Checkout, folder: &Path, trash: &Path) -> Result<bool, Error> {
    match atomic::rename(folder, trash) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            create::delete(checkout, folder)?;
            Ok(false)
        }
        Err(error) => Err(Error::io("move away", folder)(error)),
    }
}

/// Makes git forget a worktree whose folder is gone.
fn forget(common_dir: &Path, entry: &Entry) -> Result<(), Error> {
    match registry::discard(common_dir, &entry.git_dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("unregister", &entry.git_dir)(error))
        }
        _ => Ok(()),
    }
}

/// Deletes the workspace's branch if it is at one of the commits that are
/// elsewhere and nobody else has it checked out, and the one that a renaming made
/// of it and was killed then. Returns whether the branch is gone.
fn drop_branch(
    checkout: &Checkout,
    branch: &str,
    elsewhere: &[Option<&str>],
) -> Result<bool, GitError> {
    let reference = format!("refs/heads/{branch}");
    let renamed = name::renames_of(branch).map(|branch| format!("refs/heads/{branch}"));
    let format = "--format=%(refname) %(objectname) %(worktreepath)";
    let mut list = vec!["for-each-ref", format, &reference];
    list.extend(renamed.as_deref());
    let found = Git::reading(checkout).run(&list)?;
    let found = String::from_utf8_lossy(&found);
    let mut is_gone = true;
    for (name, at) in found.lines().filter_map(|line| line.split_once(' ')) {
        // With a worktree behind it, it is none of them. Whoever moves it at this
        // moment keeps it.
        let at = at.trim_end();
        let delete = ["update-ref", "-d", name, at];
        let is_dropped =
            elsewhere.contains(&Some(at)) && Git::writing(checkout).run(&delete).is_ok();
        is_gone &= is_dropped || name != reference;
    }
    Ok(is_gone)
}

#[cfg(test)]
mod tests;
