//! What a workspace's commits changed.

use super::git::Git;
use super::{Error, commit, open};
use std::path::Path;

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

/// Returns what the workspace at `path` has that the commit `base` has not.
/// Files that are not committed do not count. Blocks while git works.
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
    let range = format!("{base}..{commit}");
    let count = git().line(&["rev-list", "--count", "--end-of-options", &range, "--"])?;
    let diff = [
        "diff-tree",
        "-r",
        "-z",
        "--name-only",
        "--no-renames",
        "--end-of-options",
    ];
    let diff = [&diff[..], &[base, &commit, "--"]].concat();
    let names = git().run(&diff)?;
    let mut files: Vec<String> = names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    files.sort();
    Ok(Changes {
        branch,
        commit,
        commits: count.parse().unwrap_or_default(),
        files,
    })
}

#[cfg(test)]
mod tests;
