//! Committing what an agent left.

use super::git::{Checkout, Git, GitError};
use super::status::{self, Change};
use super::{Error, commit, open, rescue};
use std::path::Path;

/// How often a commit is tried when `HEAD` has moved meanwhile.
const ATTEMPTS: u32 = 3;

/// Commits everything that an agent left in the workspace at `path`, on
/// whatever branch it is on, and returns the commit; nothing when there was
/// nothing to commit.
///
/// Untracked files are committed too, ignored ones are not, nor is any path
/// (relative to the workspace) for which `keep_out` is true: that stays as it
/// is in the folder, and as it was in the commit. Repositories inside the
/// workspace stay as well; git could only note that they are there. No hook
/// runs, nothing is signed, and a user who has not configured a name gets one.
/// A commit on no branch is kept by a reference in `refs/maos/rescue/`.
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
) -> Result<Option<String>, Error> {
    let Some((_, checkout)) = open(path)? else {
        return Err(Error::NotWorkspace(path.into()));
    };
    let changes = status::changes(&checkout)?;
    let (out, kept): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.is_repository || keep_out(&change.path));
    let excluded: Vec<&Path> = out.iter().map(|change| &*change.path).collect();
    let unfinished = status::operation(&checkout.git_dir, &changes);
    let commit = match unfinished {
        _ if kept.is_empty() => None,
        Some(operation) => return Err(keep_unfinished(&checkout, operation, message, &excluded)),
        None => match stage(&checkout, &out, &excluded) {
            Err(error) if error.is_contention() => {
                return Err(keep_locked(&checkout, message, &excluded));
            }
            staged => {
                staged?;
                advance(&checkout, message)?
            }
        },
    };
    rescue::keep_detached(&checkout)?;
    Ok(commit)
}

/// Brings the index to what is to be committed, waiting while another process
/// has it locked.
fn stage(checkout: &Checkout, out: &[&Change], excluded: &[&Path]) -> Result<(), GitError> {
    commit::add_all(Git::writing(checkout).patient(), excluded)?;
    let staged = out.iter().filter(|change| change.is_staged);
    let staged: Vec<&Path> = staged.map(|change| &*change.path).collect();
    commit::unstage(Git::writing(checkout).patient(), &staged)
}

/// Commits the index, if it differs from the commit that is checked out, and
/// moves the branch on. Where somebody else has moved it meanwhile, such as the
/// git of a checkpoint that was killed, it looks again.
fn advance(checkout: &Checkout, message: &str) -> Result<Option<String>, GitError> {
    let mut attempt = 1;
    loop {
        match try_advance(checkout, message) {
            Err(error) if error.says("but expected") && attempt < ATTEMPTS => attempt += 1,
            ended => return ended,
        }
    }
}

fn try_advance(checkout: &Checkout, message: &str) -> Result<Option<String>, GitError> {
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
    let update = [
        "update-ref",
        "-m",
        "maos: checkpoint",
        "HEAD",
        &commit,
        &old,
    ];
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
