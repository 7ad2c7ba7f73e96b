//! What was changed in a workspace.

use super::git::{Git, GitError};
use super::status::{self, Submodules};
use super::{Error, commit, merge, open};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// The work in a workspace, as far as it is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The branch that is checked out, without `refs/heads/`; nothing when
    /// `HEAD` is detached.
    pub branch: Option<String>,
    /// The commit that is checked out.
    pub commit: String,
    /// How many commits it has that the base has not.
    pub commits: usize,
    /// The files that differ from the base, relative to the repository, sorted.
    /// Bytes that are no UTF-8 are replaced.
    pub files: Vec<String>,
}

/// Returns what the workspace at `path` has that the commit `base` has not, or what
/// of that its history still goes back to (`merge/origin.rs`). Files that are not
/// committed do not count. Blocks while git works.
///
/// # Errors
/// When `path` is not a workspace, or git does not know `base`.
pub fn changes(path: &Path, base: &str) -> Result<Changes, Error> {
    let Some((_, checkout)) = open(path)? else {
        return Err(Error::NotWorkspace(path.into()));
    };
    let git = || Git::reading(&checkout);
    let commit = commit::head(&checkout)?;
    let commit = commit.ok_or_else(|| Error::NoCommit(checkout.folder.clone()))?;
    let branch = git().find(&["symbolic-ref", "-q", "--short", "HEAD"])?;
    let base = merge::start(&checkout, base, &commit)?;
    let range = format!("{base}..{commit}");
    let count = git().line(&["rev-list", "--count", "--end-of-options", &range, "--"])?;
    let files = files_between(git(), &base, &commit)?;
    Ok(Changes {
        branch,
        commit,
        commits: count.parse().unwrap_or_default(),
        files,
    })
}

/// What a workspace has that its base has not, committed or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// The files that its commits changed, as in [`Changes`].
    pub committed: Vec<String>,
    /// The files that a checkpoint would commit now, sorted.
    pub uncommitted: Vec<String>,
}

impl Touched {
    /// Returns the files not committed here that the other has touched too.
    #[must_use]
    pub fn shared_uncommitted(&self, other: &Self) -> Vec<String> {
        let is_shared = |file: &&String| {
            let mut files = other.committed.iter().chain(&other.uncommitted);
            files.any(|one| one == *file)
        };
        self.uncommitted.iter().filter(is_shared).cloned().collect()
    }

    /// Returns every file once, sorted.
    #[must_use]
    pub fn files(self) -> Vec<String> {
        let files: BTreeSet<String> = self.committed.into_iter().chain(self.uncommitted).collect();
        files.into_iter().collect()
    }
}

/// Returns which files the workspace at `path` has otherwise than the commit
/// `base`, as [`changes`] takes it, also those that are not committed, but for those that a checkpoint
/// leaves out (`keep_out`, other repositories). Starts git once, or some times where
/// it has committed, and blocks while it works; each look at the files takes `limit` at most.
///
/// # Errors
/// When `path` is not a workspace, git does not know `base`, or takes too long.
pub fn touched(
    path: &Path,
    base: &str,
    keep_out: &dyn Fn(&Path) -> bool,
    limit: Duration,
) -> Result<Touched, Error> {
    let Some((_, checkout)) = open(path)? else {
        return Err(Error::NotWorkspace(path.into()));
    };
    let git = || Git::reading(&checkout).within(limit);
    let status = status::look(git(), Submodules::All)?;
    let committed = match &status.head {
        Some(head) if head != base => {
            files_between(git(), &merge::start(&checkout, base, head)?, head)?
        }
        _ => Vec::new(),
    };
    let kept = status.changes.iter();
    let kept = kept.filter(|change| !change.is_repository && !keep_out(&change.path));
    let mut uncommitted: Vec<String> = kept
        .map(|change| change.path.to_string_lossy().into_owned())
        .collect();
    uncommitted.sort();
    Ok(Touched {
        committed,
        uncommitted,
    })
}

/// Returns the files that differ between two commits, sorted.
pub(super) fn files_between(git: Git, base: &str, commit: &str) -> Result<Vec<String>, GitError> {
    let diff = [
        "diff-tree",
        "-r",
        "-z",
        "--name-only",
        "--no-renames",
        "--end-of-options",
        base,
        commit,
        "--",
    ];
    let names = git.run(&diff)?;
    let mut files: Vec<String> = names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
