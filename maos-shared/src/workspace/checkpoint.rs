//! Committing what an agent left.

use super::git::{Checkout, Git, GitError};
use super::marker::Marker;
use super::status::{self, Change};
use super::{Error, commit, ignored, open, rescue, standing, submodules};
use crate::state::agents::{Left, Why};
use std::path::Path;

/// How often a commit is tried when `HEAD` has moved meanwhile.
const ATTEMPTS: u32 = 3;

/// What a checkpoint did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The new commit; nothing when there was nothing to commit.
    pub commit: Option<String>,
    /// What stays in the folder, uncommitted.
    pub left: Vec<Left>,
}

/// Commits everything that an agent left in the workspace at `path`, on the branch
/// that was made for it, or that the agent has made since. Any other branch is
/// somebody else's and stays where it is, also where the agent has checked it out:
/// the commit is on no branch then.
///
/// Untracked files are committed too, ignored ones are not, nor is any path
/// (relative to the workspace) for which `keep_out` is true: that stays as it
/// is in the folder, and as it was in the commit. Repositories inside the
/// workspace stay as well; git could only note that they are there. No hook
/// runs, nothing is signed, and a user who has not configured a name gets one.
/// A commit on no branch is kept by a reference in `refs/maos/rescue/`, and commits
/// in submodules by one in the main checkout's.
///
/// A file that cannot be read, or whose filter fails, stays as well, and all others are
/// committed.
///
/// Safe at any kill: the branch, or `HEAD` off it, moves in one step of git's. What is
/// kept by references comes after that; until then the worktree's own `HEAD` and its
/// submodules hold it, and the next checkpoint, or a removal, keeps it.
///
/// Where a merge, rebase or conflict is unfinished, or the index stays locked,
/// nothing of the workspace is touched; its files as they are become a commit
/// in `refs/maos/rescue/`, which the error names. Blocks while git works.
///
/// # Errors
/// When `path` is not a workspace, in the two cases above, and with git's own
/// reason. In no case is a file changed.
pub fn checkpoint(
    path: &Path,
    message: &str,
    keep_out: &dyn Fn(&Path) -> bool,
) -> Result<Checkpoint, Error> {
    let Some((project, checkout)) = open(path)? else {
        return Err(Error::NotWorkspace(path.into()));
    };
    let changes = status::changes(&checkout)?;
    let (out, kept): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.is_repository || keep_out(&change.path));
    let excluded: Vec<&Path> = out.iter().map(|change| &*change.path).collect();
    let unfinished = status::operation(&checkout.git_dir, &changes);
    let mut is_whole = true;
    let commit = match unfinished {
        _ if kept.is_empty() => None,
        Some(operation) => return Err(keep_unfinished(&checkout, operation, message, &excluded)),
        None => match stage(&checkout, &kept, &out, &excluded) {
            Err(error) if error.is_contention() => {
                return Err(keep_locked(&checkout, message, &excluded));
            }
            staged => {
                is_whole = staged?;
                advance(&checkout, message, standing::may_move_branch(&checkout)?)?
            }
        },
    };
    rescue::keep_detached(&checkout)?;
    if let Some(common_dir) = &project.git_common_dir {
        submodules::keep(&checkout, common_dir)?;
    }
    let left = changes.iter();
    let mut left: Vec<Left> = left
        .filter_map(|change| left_of(change, keep_out))
        .collect();
    if !is_whole {
        left.extend(not_added(&checkout, &left)?);
    }
    if let Some(common_dir) = &project.git_common_dir {
        left.extend(stashed(&checkout, common_dir)?);
    }
    if changes.is_empty() && commit.is_none() && is_unchanged(&checkout)? {
        left.extend(ignored::own(&checkout)?.into_iter().map(|path| Left {
            path,
            why: Why::Ignored,
        }));
    }
    Ok(Checkpoint { commit, left })
}

/// Returns what was stashed on the branch that was made for the workspace.
fn stashed(checkout: &Checkout, common_dir: &Path) -> Result<Vec<Left>, Error> {
    // Where git keeps logs in files, a stash has one.
    let is_there = |name: &str| common_dir.join(name).symlink_metadata().is_ok();
    if !is_there("logs/refs/stash") && !is_there("reftable") {
        return Ok(Vec::new());
    }
    let list = ["stash", "list", "--format=%gd %gs"];
    let list = Git::reading(checkout).without_index().line(&list)?;
    let Some(marker) = load(checkout)?.filter(|_| !list.is_empty()) else {
        return Ok(Vec::new());
    };
    let on_it = |text: &str| {
        // `WIP on branch: …`, or `On branch: …` with words of the agent's.
        let rest = text.strip_prefix("WIP on ").or(text.strip_prefix("On "));
        rest.and_then(|rest| rest.split_once(':'))
            .is_some_and(|(branch, _)| branch == marker.branch)
    };
    let entries = list.lines().filter_map(|line| line.split_once(' '));
    let own = entries.filter(|(_, text)| on_it(text));
    Ok(own
        .map(|(name, _)| Left {
            path: name.to_owned(),
            why: Why::Stash,
        })
        .collect())
}

/// Returns whether the workspace is at the commit that it started from.
fn is_unchanged(checkout: &Checkout) -> Result<bool, Error> {
    let marker = load(checkout)?;
    let head = commit::head(checkout)?;
    Ok(marker.is_some_and(|marker| Some(&marker.base) == head.as_ref()))
}

fn load(checkout: &Checkout) -> Result<Option<Marker>, Error> {
    Marker::load(&checkout.git_dir).map_err(Error::io("read the marker of", &checkout.folder))
}

/// Returns what could not be added, besides what is known to be left.
fn not_added(checkout: &Checkout, left: &[Left]) -> Result<Vec<Left>, GitError> {
    let changes = status::changes(checkout)?;
    let changes = changes.iter().map(|change| change.path.to_string_lossy());
    let is_new = |path: &std::borrow::Cow<'_, str>| left.iter().all(|one| one.path != *path);
    let more = changes.filter(is_new).map(|path| Left {
        path: path.into_owned(),
        why: Why::Unreadable,
    });
    Ok(more.collect())
}

/// Returns what of a change no commit takes.
fn left_of(change: &Change, keep_out: &dyn Fn(&Path) -> bool) -> Option<Left> {
    let why = if change.is_repository {
        Why::Repository
    } else if keep_out(&change.path) {
        Why::Secret
    } else if change.is_open_inside {
        Why::Submodule
    } else {
        return None;
    };
    let path = change.path.to_string_lossy().into_owned();
    Some(Left { path, why })
}

/// Brings the index to what is to be committed, waiting while another process
/// has it locked. Returns whether it has all of that.
fn stage(
    checkout: &Checkout,
    kept: &[&Change],
    out: &[&Change],
    excluded: &[&Path],
) -> Result<bool, GitError> {
    let git = || Git::writing(checkout).patient();
    let is_whole = match commit::add_all(git(), excluded) {
        Err(error @ GitError::Failed { .. }) if !error.is_contention() => {
            let paths: Vec<&Path> = kept.iter().map(|change| &*change.path).collect();
            commit::add_what_can_be(checkout, &git, &paths, excluded)?.is_none()
        }
        added => added.map(|()| true)?,
    };
    let staged = out.iter().filter(|change| change.is_staged);
    let staged: Vec<&Path> = staged.map(|change| &*change.path).collect();
    commit::unstage(git(), &staged)?;
    Ok(is_whole)
}

/// Commits the index, if it differs from the commit that is checked out, and
/// moves the branch on, or `HEAD` off it. Where somebody else has moved it meanwhile, such as the
/// git of a checkpoint that was killed, it looks again.
fn advance(
    checkout: &Checkout,
    message: &str,
    moves_branch: bool,
) -> Result<Option<String>, GitError> {
    let mut attempt = 1;
    loop {
        match try_advance(checkout, message, moves_branch) {
            Err(error) if error.says("but expected") && attempt < ATTEMPTS => attempt += 1,
            ended => return ended,
        }
    }
}

fn try_advance(
    checkout: &Checkout,
    message: &str,
    moves_branch: bool,
) -> Result<Option<String>, GitError> {
    let head = commit::head(checkout)?;
    let tree = Git::writing(checkout).line(&["write-tree"])?;
    let before = head
        .as_ref()
        .map(|head| commit::tree(checkout, head))
        .transpose()?;
    if before.as_ref() == Some(&tree) {
        return Ok(None);
    }
    let parents: Vec<String> = head.iter().cloned().collect();
    let commit = commit::commit(checkout, &tree, &parents, message)?;
    let old = head.unwrap_or_else(|| "0".repeat(commit.len()));
    let mut update = vec!["update-ref", "-m", "maos: checkpoint"];
    if !moves_branch {
        update.push("--no-deref");
    }
    update.extend(["HEAD", &commit, &old]);
    Git::writing(checkout).patient().run(&update)?;
    Ok(Some(commit))
}

/// Keeps the files of a workspace where an operation is unfinished.
fn keep_unfinished(
    checkout: &Checkout,
    operation: &'static str,
    message: &str,
    excluded: &[&Path],
) -> Error {
    match keep_all(checkout, message, excluded) {
        Ok((commit, kept)) => Error::Unfinished {
            path: checkout.folder.clone(),
            operation,
            commit,
            kept,
        },
        Err(error) => error,
    }
}

/// Keeps the files of a workspace whose index stays locked.
fn keep_locked(checkout: &Checkout, message: &str, excluded: &[&Path]) -> Error {
    match keep_all(checkout, message, excluded) {
        Ok((commit, kept)) => Error::IndexLocked {
            path: checkout.folder.clone(),
            git_dir: checkout.git_dir.clone(),
            commit,
            kept,
        },
        Err(error) => error,
    }
}

/// Returns the commit that holds the files, and the reference that keeps it.
fn keep_all(
    checkout: &Checkout,
    message: &str,
    excluded: &[&Path],
) -> Result<(String, String), Error> {
    let commit = match rescue::snapshot(checkout, message, excluded)? {
        Some(commit) => commit,
        None => commit::head(checkout)?.unwrap_or_default(),
    };
    Ok(rescue::keep(checkout, &commit)?)
}

#[cfg(test)]
mod tests;
