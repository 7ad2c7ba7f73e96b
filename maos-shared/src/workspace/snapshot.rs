//! A checkout as it is now, as a commit: what an agent starts from.
//!
//! The commit is built with a copy of the index. The checkout's own index, its
//! files, branches, stash and reflogs stay byte for byte as they are.

use super::commit::{add_these, add_what_can_be, unstage};
use super::git::{Checkout, Git, GitError};
use super::index::Index;
use super::status::{self, Change, Submodules};
use super::{Error, is_owned};
use crate::guard::is_secret_file;
use std::collections::BTreeSet;
use std::path::Path;

/// Who makes snapshots: they are nobody's work.
const AUTHOR: &str = "MAOS <maos@localhost>";
/// What a snapshot's message says.
const MESSAGE: &str = "maos: the checkout with its uncommitted changes\n";

/// A checkout's files at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// The commit that holds the files: the checked out one where they are
    /// clean, else a new one on top of it that is on no branch.
    pub(super) commit: String,
    /// The commit's tree.
    pub(super) tree: String,
    /// The checked out commit; nothing on a branch without one.
    pub(super) head: Option<String>,
}

/// Returns a checkout as it is: its commit, with every change that is not
/// committed and every untracked file that is not ignored. Where the index and
/// the files differ, the files count, also in the middle of a merge.
///
/// Files of secrets are as the commit has them, or not there. So are files that
/// git was told not to look at (`assume-unchanged`, a sparse checkout), and any
/// that cannot be read, with a warning. Submodules are at the commit that they
/// have checked out; other repositories inside are left out. The same files on
/// the same commit are the same snapshot. No hook runs, nothing is signed, no
/// identity is needed. Blocks while git looks at the files.
///
/// Safe at any kill: what was made by then is unreachable objects, and a copy of
/// the index that a later snapshot deletes.
///
/// # Errors
/// When git fails.
pub(super) fn of(checkout: &Checkout) -> Result<Snapshot, Error> {
    // The first call refuses a repository that belongs to another user.
    let git = Git::searching(&checkout.folder);
    let status = status::look(git, Submodules::Commits)?;
    let gone = removed_from_index(&status.changes);
    let changes = status.changes.iter();
    let changes = changes.filter(|change| !gone.contains(&&*change.path));
    let (out, kept): (Vec<_>, Vec<_>) = changes.partition(|change| {
        let path = &*change.path;
        // The folder of workspaces does not ignore itself from its first moment.
        change.is_repository || is_secret_file(path) || is_owned(path)
    });
    let before = status.head.as_deref().map(|head| stamp(checkout, head));
    let before = before.transpose()?;
    let is_clean = kept.is_empty() && gone.is_empty();
    let tree = match (&before, is_clean) {
        (Some(before), true) => before.tree.clone(),
        _ => gather(checkout, &kept, &out)?,
    };
    let commit = match (&before, status.head.clone()) {
        (Some(before), Some(head)) if before.tree == tree => head,
        (before, head) => store(checkout, &tree, head.as_deref(), before.as_ref())?,
    };
    Ok(Snapshot {
        commit,
        tree,
        head: status.head,
    })
}

/// Returns the paths that the index has no more and git now ignores: the file that may
/// be there is the person's own. One that git does not ignore is told of twice.
fn removed_from_index(changes: &[Change]) -> BTreeSet<&Path> {
    let untracked: BTreeSet<&Path> = changes
        .iter()
        .filter(|change| !change.is_staged)
        .map(|change| &*change.path)
        .collect();
    let gone = changes.iter().filter(|change| change.is_removed);
    let gone = gone.map(|change| &*change.path);
    gone.filter(|path| !untracked.contains(path)).collect()
}

/// Returns the tree of the files that are `kept`.
fn gather(checkout: &Checkout, kept: &[&Change], out: &[&Change]) -> Result<String, Error> {
    let index = Index::copy(checkout)?;
    let staged = out.iter().filter(|change| change.is_staged);
    let staged: Vec<&Path> = staged.map(|change| &*change.path).collect();
    unstage(index.git(checkout), &staged)?;

    match add_these(index.git(checkout), &paths(kept)) {
        Err(GitError::Failed { .. }) => add_the_rest(checkout, &index, kept, out)?,
        added => added?,
    }
    Ok(index.git(checkout).line(&["write-tree"])?)
}

/// Adds what can be added where not all can.
fn add_the_rest(
    checkout: &Checkout,
    index: &Index,
    kept: &[&Change],
    out: &[&Change],
) -> Result<(), Error> {
    let git = || index.git(checkout);
    let left = add_what_can_be(checkout, &git, &paths(kept), &paths(out))?;
    if let Some(error) = left {
        log::warn!(
            "files of {:?} are missing in the workspace: {error}",
            checkout.folder
        );
    }
    Ok(())
}

fn paths<'a>(changes: &[&'a Change]) -> Vec<&'a Path> {
    changes.iter().map(|change| &*change.path).collect()
}

/// What a snapshot takes from the commit below it.
struct Stamp {
    tree: String,
    /// The committer's time, seconds since 1970.
    time: String,
}

fn stamp(checkout: &Checkout, commit: &str) -> Result<Stamp, GitError> {
    let show = [
        "log",
        "-1",
        "--no-show-signature",
        "--format=%T %ct",
        commit,
        "--",
    ];
    let line = Git::reading(checkout).line(&show)?;
    let (tree, time) = line.split_once(' ').unwrap_or((&line, "0"));
    Ok(Stamp {
        tree: tree.to_owned(),
        time: time.to_owned(),
    })
}

/// Writes the commit of a tree. It has the time of the commit below it, so that
/// the same files are the same commit, for all agents that start from them.
fn store(
    checkout: &Checkout,
    tree: &str,
    head: Option<&str>,
    before: Option<&Stamp>,
) -> Result<String, GitError> {
    let time = before.map_or("0", |before| &before.time);
    let parent = head.map(|head| format!("parent {head}\n"));
    let parent = parent.unwrap_or_default();
    let text = format!(
        "tree {tree}\n{parent}author {AUTHOR} {time} +0000\ncommitter {AUTHOR} {time} +0000\n\n{MESSAGE}"
    );
    let write = ["hash-object", "-t", "commit", "-w", "--stdin"];
    Git::writing(checkout).input(text).line(&write)
}

#[cfg(test)]
mod tests;
